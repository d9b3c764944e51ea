"""A show, speaker, language or date that no episode has is answered alike by all commands, with what there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import airquote
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_episode, add_spoken

from audio.errors import UsageError
from index.storage.store import Store
from pipeline.episodes.unknown_names import NAMED, find_shows, name_nearest

SHOWS = ["News", "News Daily", "Fail Better", *(f"Harbour {number}" for number in range(12))]


@pytest.fixture(scope="module")
def shows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A library with an episode of each show, spoken by a person who is named as the show, and an article."""
    folder = tmp_path_factory.mktemp("shows")
    with Store.open(folder, create=True) as store:
        for number, show in enumerate(SHOWS):
            add_spoken(
                store, f"talk {number}", [(f"Ann {show}", "the ferry left at noon today")], show=show,
                published=f"2023-{number % 12 + 1:02}",
            )  # fmt: skip
    (folder / "article.txt").write_text("“The ferry left at noon today,” said Ann.")
    yield folder


def answers(shows: Path, *options: str, only: tuple[str, ...] = ()) -> dict[str, str]:
    """What each command that takes these options says on stderr; they must refuse them."""
    lines = {
        "search": ("ferry",), "count": ("ferry", "--count"), "facets": ("ferry", "--facets", "show"),
        "trend": ("ferry",), "locate": ("the ferry left at noon today",), "verify": (str(shows / "article.txt"),),
        "list": (), "show": (), "export": ("-o", str(shows.parent / "out")), "remove": ("--yes",),
    }  # fmt: skip
    said = {}
    for name, arguments in lines.items():
        if not only or name in only:
            command = name if name not in ("count", "facets") else "search"
            run = airquote(command, *arguments, *options, "--library", shows)
            assert (run.code, run.out) == (2, ""), name
            said[name] = run.err.splitlines()[-1]  # above it the first command tells of building the index
    return said


FINDING = ("search", "count", "facets", "trend", "locate", "verify")


def test_a_show_that_does_not_exist_is_answered_alike_by_all_commands(shows: Path) -> None:
    said = answers(shows, "--show", "fial beter")
    assert len(set(said.values())) == 1, said
    (answer,) = set(said.values())
    assert "No show here is called 'fial beter'. There are Fail Better, " in answer
    assert answer.endswith(f"and {len(SHOWS) - NAMED} others.")


def test_a_speaker_who_does_not_exist_is_answered_alike(shows: Path) -> None:
    (answer,) = set(answers(shows, "--speaker", "Ann Newz", only=FINDING).values())
    assert "Nobody who speaks here is called 'ann newz'. There are Ann News, " in answer
    (narrowed,) = set(answers(shows, "--speaker", "Bob", "--show", "Fail Better", only=FINDING).values())
    assert "There is Ann Fail Better." in narrowed
    (nothing,) = set(answers(shows, "--speaker", "...", only=FINDING).values())
    assert "The speaker '...' has no letter or digit" in nothing


def test_dates_that_no_episode_has_or_that_are_none_are_answered_alike(shows: Path) -> None:
    (answer,) = set(answers(shows, "--since", "2030").values())
    assert "No episode was published from 2030-01-01 on. Their dates are 2023-01 to 2023-12." in answer
    (earlier,) = set(answers(shows, "--until", "1990").values())
    assert "No episode was published until 1990-12-31." in earlier
    (two,) = set(answers(shows, "--since", "2023..2024-04").values())
    assert "since: '2023..2024-04' is a range: write its one end, such as 2023 or 2023-05" in two
    (malformed,) = set(answers(shows, "--since", "last week").values())
    assert "since: 'last week' is not a date: write 2024, 2024-05 or 2024-05-31" in malformed
    (reversed_days,) = set(answers(shows, "--since", "2024", "--until", "2023").values())
    assert "until: 2023 lies before 2024." in reversed_days


def test_an_episode_that_does_not_exist_is_answered_alike(shows: Path) -> None:
    said = answers(shows, "--episode", "tlak 3", only=FINDING)
    assert len(set(said.values())) == 1, said
    (answer,) = set(said.values())
    assert "There is no episode 'tlak 3' in the library. Do you mean talk-" in answer
    (other,) = set(answers(shows, "--episode", "talk-1", "--show", "Fail Better", only=FINDING).values())
    assert "The episode talk-1 is not part of the show 'Fail Better'." in other


def test_a_language_that_no_transcript_has_is_named_with_those_there_are(shows: Path) -> None:
    (answer,) = set(answers(shows, "--lang", "Welsh", only=("search", "count", "facets", "trend")).values())
    assert "No transcript here is in the language 'cy'. There is en." in answer
    (unknown,) = set(answers(shows, "--lang", "??", only=("search", "trend")).values())
    assert "'??' is not a language" in unknown


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("news", {"News"}), ("NEWS daily", {"News Daily"}), ("daily", {"News Daily"}), ("better", {"Fail Better"}),
        ("harbour", set(SHOWS[3:])), ("harbour 1", {"Harbour 1"}),
    ],
)  # fmt: skip
def test_a_show_is_named_whole_or_by_words_of_it_in_all_commands(shows: Path, asked: str, found: set[str]) -> None:
    for line in (("search", "ferry", "--limit", "0"), ("list",), ("trend", "ferry", "--per", "show")):
        run = airquote(*line, "--show", asked, "--library", shows, "--json")
        assert {one["show"] for one in run.answers} == found, line
    counted = airquote("search", "ferry", "--count", "--show", asked, "--library", shows, "--json").answer
    assert counted["episodes"] == len(found)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("show:nosuch ferry", "No show here is called 'nosuch'. There are Fail Better, "),
        ("ferry speaker:(bob OR eve)", "Nobody who speaks here is called 'eve'. There are "),
        ("lang:de ferry", "No transcript here is in the language 'de'. There is en."),
        ("episode:tlak ferry", "There is no episode 'tlak' in the library."),
        ("date:2030.. ferry", "No episode was published from 2030-01-01"),
    ],
)
def test_a_field_that_no_episode_satisfies_is_told_where_nothing_is_found(shows: Path, query: str, said: str) -> None:
    for command in ("search", "trend"):
        run = airquote(command, query, "--library", shows)
        assert (run.code, run.out) == (1, "")
        assert said in run.err


def test_an_empty_library_has_no_shows(library: Path) -> None:
    Store.open(library, create=True).close()
    assert airquote("search", "ferry").code == 1
    assert airquote("search", "ferry", "--speaker", "bob", "--lang", "en").code == 1
    with Store.open(library) as store:
        add_episode(store, "talk")
    assert "No episode has a show." in airquote("search", "ferry", "--show", "news").err


@given(st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=30, unique=True), st.text(max_size=9))
def test_the_name_itself_is_the_nearest_and_all_are_counted(names: list[str], asked: str) -> None:
    listed = name_nearest(names[0], names)
    assert len(names) > NAMED or all(name in listed for name in names)
    assert listed.endswith("s") or len(names) <= NAMED + 1 or f"{len(names) - NAMED} others" in listed
    assert name_nearest(asked, names) == name_nearest(asked, names[::-1])


def test_names_without_letters_are_refused() -> None:
    with pytest.raises(UsageError, match="no letter or digit"):
        find_shows(["News"], "...")
