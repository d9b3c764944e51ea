"""Several episodes at once: by names, patterns, show and dates; the same in every command that takes them."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest
from fake_engine import FakeEngine, Terminal, airquote, speak, transcribe
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_episode, add_text, make_library
from processes import kill_this_process, patch_and_die, run_apart

from audio.errors import AirquoteError, UsageError
from index.errors import EpisodeError
from index.storage.store import Store
from index.transcript import Episode
from pipeline.episodes.chosen_episodes import EpisodeSelection, is_pattern, select_episodes
from pipeline.library import Library

SELECTIONS: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "by name": (("harbor-one",), ["harbor-one"]),
    "in the order of the names, once": (("other", "harbor-one", "other"), ["other", "harbor-one"]),
    "by a pattern": (("harbor-*",), ["harbor-one", "harbor-two"]),
    "by a pattern of titles": (("*TWÓ",), ["harbor-two"]),
    "by one letter": (("othe?",), ["other"]),
    "by a title that looks like a pattern": (("Why? [live]",), ["why-live"]),
    "by show": (("--show", "the harbór"), ["harbor-one", "harbor-two"]),
    "since": (("--since", "2024"), ["other", "harbor-two"]),
    "until": (("--until", "2023-12"), ["harbor-one"]),
    "by all of these": (("*o*", "--show", "The Harbor", "--since", "2023", "--until", "2024-05"), ["harbor-one"]),
}


@pytest.fixture
def four(library: Path) -> Path:
    """A library of four episodes, two of one show."""
    with make_library(library, []) as store:
        add_text(store, "Harbor one", "the ferry left", show="The Harbor", published="2023-05-31")
        add_text(store, "Harbor two", "the ferry came back", show="The Harbor", published="2024-06-01")
        add_text(store, "Other", "a storm came", show="Late", published="2025")
        add_text(store, "Why? [live]", "nobody knows")
    return library


pytestmark = pytest.mark.usefixtures("four")


def remaining() -> list[str]:
    return [one["episode"] for one in airquote("list", "--json").answers]


@pytest.mark.parametrize("case", SELECTIONS)
def test_the_commands_take_the_same_episodes(case: str, tmp_path: Path) -> None:
    arguments, expected = SELECTIONS[case]
    assert [one["episode"] for one in airquote("list", *arguments, "--json").answers] == expected
    shown = [one["episode"] for one in airquote("show", *arguments, "--json").answers]
    assert list(dict.fromkeys(shown)) == expected
    if case != "by name":  # which would be printed
        run = airquote("export", *arguments, "-o", tmp_path / "out", "--json")
        assert [one["episode"] for one in run.answers if one["status"] == "done"] == expected
    before = remaining()
    assert [one["episode"] for one in airquote("remove", *arguments, "--dry-run", "--json").answers] == expected
    assert remaining() == before
    gone = airquote("remove", *arguments, "--yes", "--json")
    assert [one["episode"] for one in gone.answers] == expected
    assert remaining() == [name for name in before if name not in expected]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nosuch*",), "No episode fits 'nosuch*'. There are harbor-one, harbor-two, other and why-live."),
        (("harbor-one", "nosuch"), "There is no episode 'nosuch'"),
        (("--show", "nosuch"), "No show here is called 'nosuch'. There are Late and The Harbor."),
        (("other", "--show", "The Harbor"), "The episode other is not part of the show 'The Harbor'."),
        (("o*", "why*", "--show", "The Harbor"), "None of these episodes is part of the show 'The Harbor'."),
        (("--since", "2026"), "Their dates are 2023-05-31 to 2025."),
        (("--since", "spring"), "since: 'spring' is not a date"),
    ],
)
@pytest.mark.parametrize("command", ["list", "show", "remove", "export"])
def test_what_fits_nothing_is_an_error_that_names_what_there_is(
    command: str, arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    more = ("-o", tmp_path / "out") if command == "export" else ()
    before = remaining()
    run = airquote(command, *arguments, *more)
    if command == "export" and arguments == ("harbor-one", "nosuch"):
        assert (run.code, told in run.out) == (3, True), "one that is named fails for itself"
        return
    assert (run.code, run.out) == (2, "")
    assert told in run.err
    assert remaining() == before


@given(st.lists(st.text("ab-*?[]", max_size=6), max_size=3), st.lists(st.text("ab-", min_size=1, max_size=5)))
def test_a_selection_is_an_error_or_episodes_each_once(names: list[str], ids: list[str]) -> None:
    episodes = [Episode(one, None, one.upper(), None, "x", "registered") for one in dict.fromkeys(ids)]
    try:
        chosen = select_episodes(episodes, EpisodeSelection(tuple(names)))
    except AirquoteError as error:
        assert isinstance(error, EpisodeError)
        return
    assert len({one.id for one in chosen}) == len(chosen)
    assert all(one in episodes for one in chosen)
    if names and not any(map(is_pattern, names)):
        assert 0 < len(chosen) <= len(names)


def test_what_is_not_transcribed_is_an_error_where_it_is_named_and_told_where_it_is_not(four: Path) -> None:
    with Store.open(four) as store:
        add_episode(store, "Harbor three")
    assert airquote("show", "harbor-three").code == 2
    run = airquote("show", "harbor-*")
    assert (run.code, run.err) == (0, "harbor-three: it is not transcribed yet\n")
    assert run.out.splitlines()[0] == "harbor-one"
    assert "harbor-two" in run.out.splitlines()


def test_one_episode_is_shown_without_its_name() -> None:
    assert airquote("show", "other").out.strip() == "0:00.0  a storm came"


@pytest.mark.parametrize("command", ["show", "remove", "export"])
def test_without_any_condition_no_episode_is_meant(command: str) -> None:
    run = airquote(command)
    assert (run.code, run.out, len(remaining())) == (2, "", 4)
    assert "'*' is every episode" in run.err


def test_several_are_not_removed_unasked() -> None:
    run = airquote("remove", "harbor-*")
    assert (run.code, run.out, len(remaining())) == (2, "", 4)
    assert "--dry-run" in run.err
    assert "--yes" in run.err
    assert airquote("remove", "oth*").code == 2, "a pattern may fit another one than was thought of"
    assert airquote("remove", "other").code == 0, "a script removes the one that it names"


@pytest.mark.parametrize(("answer", "code", "left"), [("y\n", 0, 2), ("n\n", 1, 4), ("\n", 1, 4), ("", 1, 4)])
def test_a_person_is_asked(answer: str, code: int, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    run = airquote("remove", "harbor-*", terminal=True)
    assert (run.code, len(remaining())) == (code, left)
    assert "harbor-one" in run.err
    assert "Remove these 2 episodes from the library?" in run.err
    assert ("Nothing was removed." in run.err) == (code == 1)


def test_what_comes_while_a_person_is_asked_is_not_removed(four: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def confirm(*_: object, **__: object) -> bool:
        with Store.open(four) as store:
            add_text(store, "Harbor three", "another ferry")
        return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("typer.confirm", confirm)
    assert airquote("remove", "harbor-*", terminal=True).code == 0
    assert remaining() == ["other", "harbor-three", "why-live"]


def test_all_or_none_are_removed(tmp_path: Path, engine: FakeEngine) -> None:
    """One is being transcribed, so the others stay too."""
    talk = speak(tmp_path / "talk.wav", 3)
    tried: list[int] = []

    def remove_all(_: int) -> None:
        tried.append(airquote("remove", "*", "--yes").code)

    engine.before = remove_all
    assert transcribe(talk).code == 0
    assert set(tried) == {2}
    assert len(remaining()) == 5


def remove_and_be_killed(folder: Path, target: str, after: bool) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, Library.open(folder) as library:
        patch_and_die(monkeypatch, target, after)
        library.remove_all(EpisodeSelection(("harbor-*",)))


def die_within_the_transaction(folder: Path) -> None:
    done: list[str] = []
    remove = Store.remove_episode

    def remove_one(store: Store, episode: str, *, with_sound: bool) -> None:
        remove(store, episode, with_sound=with_sound)
        done.append(episode)
        if len(done) == 2:
            kill_this_process()

    with pytest.MonkeyPatch.context() as monkeypatch, Library.open(folder) as library:
        monkeypatch.setattr(Store, "remove_episode", remove_one)
        library.remove_all(EpisodeSelection(("harbor-*",)))


def test_a_killed_removal_of_several_has_removed_none_or_is_finished(four: Path) -> None:
    assert run_apart(die_within_the_transaction, four) == -signal.SIGKILL
    assert len(remaining()) == 4
    assert run_apart(remove_and_be_killed, four, "pipeline.batch.removal.update_index", False) == -signal.SIGKILL
    assert remaining() == ["other", "why-live"]
    with Library.open(four) as library:
        assert [one.episode for one in library.remove_all(EpisodeSelection(("harbor-*",)))] == [
            "harbor-one",
            "harbor-two",
        ]
    with Store.open(four) as store:
        assert store.removals() == []


def test_a_killed_removal_of_a_show_is_finished_by_the_same_request(four: Path) -> None:
    assert run_apart(remove_and_be_killed, four, "pipeline.batch.removal.update_index", False) == -signal.SIGKILL
    with Library.open(four) as library, pytest.raises(UsageError, match="No show here is called"):
        library.remove_all(EpisodeSelection(show="The Harbor"))
    with Store.open(four) as store:
        assert store.removals() == []
