"""Items of feeds: listed with what is there of each, and taken by the names under which they are listed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_engine import ENGINE, FakeEngine, airquote
from offered_shows import CUES, OfferedItem, OfferedShow, make_sound, offer_shows
from test_pipeline_updates import media_of, statuses, subscribe, update

from index.errors import EpisodeError
from index.storage.episode_names import resolve_name
from index.storage.store import Store
from index.transcript import Episode
from pipeline.batch.locks import lock_source

pytestmark = pytest.mark.usefixtures("engine")

ALLOWED = "--allow-private"


@pytest.fixture
def offered() -> Iterator[OfferedShow]:
    """A show with three items."""
    with offer_shows() as (show,):
        yield show


def items_of(*options: object) -> dict[str, dict[str, Any]]:
    """The rows of a listing of items, by title."""
    return {row["title"]: row for row in airquote("shows", *options, "--json").answers}


def test_the_items_of_a_show_are_listed_with_what_is_there_of_each(offered: OfferedShow) -> None:
    offered.items[2].transcript = CUES
    offered.items.append(OfferedItem("Words alone", "2024-04-01", None, CUES))
    subscribe(offered, "--latest", 1)
    update()
    update("--match", "Words", "--latest", 0, "--transcripts", "publisher")
    rows = items_of("night")
    assert list(rows) == [item.title for item in offered.items]
    assert [row["item"] for row in rows.values()] == [f"night-boat/{number}" for number in (4, 3, 2, 1)]
    assert [(row["sound_state"], row["origin"], row["transcript_state"], row["episode"]) for row in rows.values()] == [
        ("here", "model", None, "episode-3"),
        ("offered", None, None, None),
        ("offered", None, "offered", None),
        (None, "publisher", "kept", "words-alone"),
    ]
    airquote("remove", "episode-3")
    assert items_of("night")["Episode 3"]["removed"] is True
    table = airquote("shows", "night").out
    assert all(row["item"] in table for row in rows.values())
    assert "(removed)" in table


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--latest", 2), ["Episode 3", "Episode 2"]), (("--match", "sode 1"), ["Episode 1"]),
        (("--since", "2024-05-02"), ["Episode 3", "Episode 2"]), (("night", "--latest", 0), None),
    ],
)  # fmt: skip
def test_options_choose_among_the_items(
    options: tuple[object, ...], expected: list[str] | None, offered: OfferedShow
) -> None:
    subscribe(offered)
    assert list(items_of(*options)) == (expected or [item.title for item in offered.items])


def test_what_lists_nothing_says_so(offered: OfferedShow) -> None:
    subscribe(offered)
    assert airquote("shows", "--match", "nothing").code == 1
    assert airquote("shows", "day").code == 2
    assert airquote("shows", "night", "--opml", "-").code == 2
    assert airquote("shows", "--latest", "-1").code == 2


def test_names_of_items_stay_when_their_feed_gets_and_drops_others(offered: OfferedShow) -> None:
    subscribe(offered)
    before = {title: row["item"] for title, row in items_of("night").items()}
    offered.items = [OfferedItem("Late", "2024-06-01", make_sound(9)), *offered.items[:1]]
    offered.offer()
    update("--match", "nothing")
    after = {title: row["item"] for title, row in items_of("night").items()}
    assert after == before | {"Late": "night-boat/4"}


def test_shows_whose_names_are_alike_have_items_of_different_names() -> None:
    with offer_shows(("Night Boat", "Night: Boat!", "Day Boat"), 1) as shows:
        for show in shows:
            subscribe(show)
        names = [row["item"] for row in airquote("shows", "--latest", 0, "--json").answers]
        assert len({*names}) == 3
        assert "day-boat/1" in names
        for name in names:
            assert len(update(name, "--dry-run")) == 1


@pytest.mark.parametrize("name", ["night-boat/1", "Episode 1", "episode 1", "NIGHT-BOAT/1"])
def test_an_item_is_taken_by_the_name_that_is_listed_or_its_title(
    name: str, offered: OfferedShow, library: Path
) -> None:
    subscribe(offered, "--latest", 1)
    run = airquote("download", name, *ENGINE, ALLOWED, "--transcribe", "--json")
    assert (run.code, statuses(run.answers)) == (0, {"Episode 1": "done"}), run.err
    (row,) = airquote("list", "--json").answers
    assert (row["episode"], row["state"], row["show"]) == ("episode-1", "transcribed", "Night Boat")
    assert len(media_of(library)) == 1
    assert items_of("night")["Episode 1"]["episode"] == "episode-1"
    again = airquote("download", name, ALLOWED, "--json").answer
    assert (again["status"], again["reason"]) == ("skipped", "its sound is here")


def test_an_item_is_downloaded_without_words_of_its_own(offered: OfferedShow, engine: FakeEngine) -> None:
    subscribe(offered)
    run = airquote("download", "night-boat/2", ALLOWED, "--json")
    assert (run.code, statuses(run.answers)) == (0, {"Episode 2": "done"}), run.err
    assert run.answer["reason"] == "it has no words yet"
    assert engine.asked == []
    assert items_of("--match", "Episode 2")["Episode 2"]["sound_state"] == "here"
    assert statuses(update("--latest", 2)) == {"Episode 3": "done", "Episode 2": "done"}


def test_items_are_taken_by_patterns_where_no_episode_fits(offered: OfferedShow) -> None:
    subscribe(offered)
    run = airquote("download", "night-boat/[12]", ALLOWED, "--json")
    assert statuses(run.answers) == {"Episode 1": "done", "Episode 2": "done"}


def test_what_the_line_below_the_list_says_gets_an_item(offered: OfferedShow) -> None:
    subscribe(offered)
    (said,) = (line for line in airquote("shows", "night").err.splitlines() if "airquote download" in line)
    assert airquote(*shlex.split(said.partition("airquote ")[2]), *ENGINE, ALLOWED).code == 0
    assert [row["state"] for row in airquote("list", "--json").answers] == ["transcribed"]


def test_an_update_takes_the_item_that_is_named_whatever_is_chosen(offered: OfferedShow) -> None:
    subscribe(offered, "--latest", 1)
    assert statuses(update("Episode 1")) == {"Episode 1": "done"}
    assert update("night-boat/1")[0]["reason"] == "it is in the library"
    airquote("remove", "episode-1")
    assert statuses(update("night-boat/1")) == {"Episode 1": "done"}, "it is named, so it is wanted again"
    assert statuses(update("night-boat/2", "night")) == {"Episode 3": "done"}, "the show goes before its items"


@pytest.mark.parametrize("command", ["download", "update"])
def test_a_name_that_no_item_has_is_told_with_the_nearest(command: str, offered: OfferedShow) -> None:
    subscribe(offered)
    run = airquote(command, "nightboat/2", ALLOWED)
    assert run.code == 2
    assert "Do you mean night-boat/2" in run.err
    offered.items[0].title = offered.items[1].title
    offered.items[0].guid = "another"
    offered.offer()
    update("--match", "nothing")
    several = airquote(command, "Episode 2", ALLOWED)
    assert several.code == 2
    assert "night-boat/2 (Episode 2)" in several.err


def test_an_item_without_sound_is_not_downloaded(offered: OfferedShow) -> None:
    offered.items.append(OfferedItem("Words alone", "2024-04-01", None, CUES))
    subscribe(offered)
    answer = airquote("download", "Words alone", ALLOWED, "--json").answer
    assert answer["status"] == "skipped"
    assert airquote("list", "--json").answers == []


def test_an_item_of_a_show_that_is_being_updated_is_not_made_twice(offered: OfferedShow, library: Path) -> None:
    subscribe(offered)
    with Store.open(library) as store:
        (show,) = store.shows()
    with lock_source(library, f"show-{show.number}"):
        answer = airquote("download", "Episode 1", ALLOWED, "--json").answer
    assert (answer["status"], answer["reason"]) == ("skipped", "another airquote is updating it")


def test_an_episode_goes_before_an_item_that_is_named_alike() -> None:
    made = Episode("the-roof", None, "The roof", None, "", "registered")
    offered = [
        Episode(name, "Night Boat", title, None, "", "registered")
        for name, title in (("night-boat/1", "The roof"), ("night-boat/2", "The-r"), ("night-boat/3", "Another"))
    ]
    assert resolve_name("the roof", [made], offered) == made
    assert resolve_name("the-roof", [made], offered) == made
    assert resolve_name("the-r", [made], offered) == offered[1], "a title that is typed in full goes before a prefix"
    assert resolve_name("another", [made], offered) == offered[2]
    with pytest.raises(EpisodeError, match="could be any of"):
        resolve_name("night-boat", [made], offered)


# Episodes that were made without sound


def test_episodes_made_without_sound_get_theirs_once_it_is_wanted(offered: OfferedShow, library: Path) -> None:
    offered.items[0].transcript = CUES
    subscribe(offered, "--no-audio", "--transcripts", "publisher")
    update()
    assert (media_of(library), update()) == ([], [])
    airquote("subscribe", offered.feed, ALLOWED, "--audio")
    planned = update("--dry-run")
    assert statuses(planned) == dict.fromkeys(("Episode 1", "Episode 2", "Episode 3"), "planned")
    assert set(statuses(update()).values()) == {"done"}
    states = {row["episode"]: row["state"] for row in airquote("list", "--json").answers}
    assert states == {"episode-3": "imported", "episode-2": "transcribed", "episode-1": "transcribed"}
    assert len(media_of(library)) == 3
    assert update() == []


@pytest.mark.parametrize(("keep", "count"), [("never", 0), ("1", 1), ("always", 2)])
def test_no_sound_is_fetched_that_would_not_be_kept(keep: str, count: int, offered: OfferedShow, library: Path) -> None:
    for item in offered.items[:2]:
        item.transcript = CUES
    subscribe(offered, "--no-audio", "--transcripts", "publisher", "--latest", 2)
    update()
    airquote("subscribe", offered.feed, ALLOWED, "--audio", "--keep-audio", keep)
    assert len(update()) == count
    assert len(media_of(library)) == count
    assert update() == []


def test_an_import_of_the_user_gets_no_sound_by_an_update(offered: OfferedShow, library: Path, tmp_path: Path) -> None:
    cues = tmp_path / "Episode 3.vtt"
    cues.write_text(CUES)
    airquote("import", cues, "--show", "Night Boat", "--date", "2024-05-03")
    subscribe(offered, "--latest", 1)
    assert items_of("night")["Episode 3"]["origin"] == "file"
    assert update() == []
    assert media_of(library) == []
