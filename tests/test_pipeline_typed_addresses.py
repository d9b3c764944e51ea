"""Transcribe addresses: of sound, of feeds, and what is said of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import ENGINE, FakeEngine, Run, airquote, speak
from misbehaving_server import status
from offered_shows import OfferedShow, offer_shows
from test_pipeline_updates import media_of

from index.storage.store import Store

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def offered() -> Iterator[OfferedShow]:
    """A show with three items."""
    with offer_shows() as (show,):
        yield show


def transcribe(*arguments: object) -> Run:
    return airquote("transcribe", *ENGINE, "--allow-private", "--json", *arguments)


def address_of(offered: OfferedShow, number: int) -> str:
    return offered.server.address(f"{offered.path}/{offered.items[number].name}.wav")


def test_the_sound_at_an_address_is_downloaded_and_transcribed(offered: OfferedShow, library: Path) -> None:
    run = transcribe(address_of(offered, 0))
    assert (run.code, run.answer["status"]) == (0, "done"), run.err
    with Store.open(library) as store:
        (episode,) = store.episodes()
    assert (episode.title, episode.show, episode.address) == ("episode-3", None, address_of(offered, 0))
    assert [str(file) for file in media_of(library)] == [episode.media] == [run.answer["source"]]
    asked = len(offered.asked("wav"))
    assert transcribe(address_of(offered, 0)).answer["status"] == "skipped"
    assert len(offered.asked("wav")) == asked


def test_details_are_those_that_are_given(offered: OfferedShow, library: Path) -> None:
    run = transcribe(address_of(offered, 0), "--title", "The roof", "--show", "Fail Better", "--date", "2020-02-02")
    assert run.code == 0, run.err
    with Store.open(library) as store:
        (episode,) = store.episodes()
    assert (episode.title, episode.show, episode.published) == ("The roof", "Fail Better", "2020-02-02")


def test_the_items_of_a_feed_are_transcribed_without_a_subscription(offered: OfferedShow, library: Path) -> None:
    run = transcribe(offered.feed, "--latest", 2)
    assert run.code == 0, run.err
    assert [answer["status"] for answer in run.answers] == ["done", "done"]
    with Store.open(library) as store:
        assert store.shows() == []
        assert [(one.title, one.show, one.published) for one in store.episodes()] == [
            ("Episode 2", "Night Boat", "2024-05-02"), ("Episode 3", "Night Boat", "2024-05-03"),
        ]  # fmt: skip
    assert [answer["status"] for answer in transcribe(offered.feed, "--latest", 2).answers] == ["skipped"] * 2
    assert len(transcribe(offered.feed, "--latest", 0, "--match", "1").answers) == 1
    none = transcribe(offered.feed, "--match", "nothing")
    assert none.code == 3
    assert "None of the 3 episodes" in none.answer["reason"]


@pytest.mark.parametrize("choices", [(), ("--no-audio",)])
def test_the_address_of_an_episode_that_is_known_leaves_what_its_feed_says(
    choices: tuple[str, ...], offered: OfferedShow, library: Path
) -> None:
    """Its title, show, date, notes, people and address stay; one without sound here gets its words, and no double."""
    one = offered.items[0]
    one.notes, one.people = "About the ferry.", ("Ann Lee",)
    airquote("subscribe", offered.offer(), "--allow-private", "--latest", 1)
    assert airquote("update", *ENGINE, "--allow-private", *choices).code == 0
    with Store.open(library) as store:
        (before,) = store.episodes()
        notes = store.notes(before.id)
    run = transcribe(address_of(offered, 0))
    assert (run.code, run.answer["episode"]) == (0, before.id), run.err
    with Store.open(library) as store:
        (after,) = store.episodes()
        assert store.notes(after.id) == notes
        assert store.facts(after.id) is not None
    for field in ("title", "show", "published", "address"):
        assert getattr(after, field) == getattr(before, field)


def test_an_episode_keeps_what_its_feed_said_after_the_end_of_the_subscription(
    offered: OfferedShow, library: Path
) -> None:
    one = offered.items[0]
    one.notes, one.people = "About the ferry.", ("Ann Lee",)
    airquote("subscribe", offered.offer(), "--allow-private", "--latest", 1, "--no-audio")
    airquote("update", *ENGINE, "--allow-private")
    airquote("unsubscribe", "Night Boat")
    with Store.open(library) as store:
        (before,) = store.episodes()
        notes = store.notes(before.id)
    assert notes is not None
    run = airquote("download", before.id, "--transcribe", *ENGINE, "--allow-private")
    assert run.code == 0, run.err
    with Store.open(library) as store:
        assert store.facts(before.id) is not None
        assert store.notes(before.id) == notes


def test_files_and_addresses_go_together_and_one_that_fails_stops_none(offered: OfferedShow, tmp_path: Path) -> None:
    page = offered.server.address("/page")
    offered.server.behaviours["/page"] = [status(200, b"<!doctype html><html><body>Hello</body></html>")]
    file = speak(tmp_path / "mine.wav", 1, seed=50)
    run = transcribe(page, file, offered.server.address("/nothing.mp3"), address_of(offered, 1))
    assert run.code == 3
    found = {Path(answer["source"]).name.partition("-")[0]: answer["status"] for answer in run.answers}
    assert found == {"page": "failed", "nothing.mp3": "failed", "mine.wav": "done", "episode": "done"}
    assert "web page" in next(one["reason"] for one in run.answers if one["source"] == page)


def test_addresses_and_files_are_counted_together(offered: OfferedShow, tmp_path: Path) -> None:
    file = speak(tmp_path / "mine.wav", 1, seed=50)
    missing, there = offered.server.address("/nothing.mp3"), address_of(offered, 1)
    lines = airquote("transcribe", *ENGINE, file, missing, there).err.splitlines()
    assert [line.partition(" ")[0] for line in lines if line.startswith("[")] == [
        "[1/1]", "[1/1]", "[2/2]", "[3/3]", "[3/3]",
    ]  # fmt: skip


def test_private_addresses_need_to_be_allowed_where_a_feed_names_them(offered: OfferedShow) -> None:
    run = airquote("transcribe", *ENGINE, "--json", offered.feed)
    assert run.code == 3
    assert all(answer["status"] == "failed" for answer in run.answers)
    assert "--allow-private" in airquote("transcribe", *ENGINE, offered.feed).out.replace("\n", " ")
    assert airquote("transcribe", *ENGINE, address_of(offered, 0)).code == 0, "a typed address may be private"


def test_no_password_is_shown_or_stored(offered: OfferedShow, library: Path, engine: FakeEngine) -> None:
    address = address_of(offered, 0).replace("http://", "http://ann:secret@")
    run = transcribe(address, offered.server.address("/nothing.mp3", credentials="ann:secret@"))
    assert run.code == 3
    assert "secret" not in run.out + run.err
    with Store.open(library) as store:
        assert "secret" not in repr(store.episodes())
    assert len(engine.asked) == 2


def test_one_title_and_one_date_are_for_one(offered: OfferedShow) -> None:
    first, second = address_of(offered, 0), address_of(offered, 1)
    assert transcribe(first, second, "--title", "x").code == 2
    assert transcribe(first, second, "--date", "2020", "--date", "2021").code == 2
    assert transcribe("ftp://127.0.0.1/x.mp3").code == 2


@pytest.mark.parametrize(
    ("choices", "code"), [((), 2), (("--latest", 2), 2), (("--latest", 1), 0), (("--match", "1"), 0)]
)
def test_a_title_is_for_one_item_of_a_feed(choices: tuple[object, ...], code: int, offered: OfferedShow) -> None:
    run = transcribe(offered.feed, "--title", "The roof", *choices)
    assert run.code == code, run.err
    titles = [row["title"] for row in airquote("list", "--json").answers]
    assert titles == ([] if code else ["The roof"])
    assert (f"of the feed {offered.feed}" in run.err) == bool(code)


def test_an_address_of_sound_that_the_user_has_leaves_no_copy(
    offered: OfferedShow, library: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine.wav"
    file.write_bytes(offered.items[0].sound or b"")
    assert airquote("transcribe", *ENGINE, file).code == 0
    assert transcribe(address_of(offered, 0)).answer["status"] == "skipped"
    assert file.exists()
    assert media_of(library) == []


def test_an_address_of_sound_that_was_downloaded_by_another_leaves_no_copy(offered: OfferedShow, library: Path) -> None:
    airquote("subscribe", offered.offer(), "--allow-private", "--latest", 1)
    assert airquote("update", *ENGINE, "--allow-private").code == 0
    (kept,) = media_of(library)
    assert transcribe(address_of(offered, 0)).answer["status"] == "skipped"
    assert media_of(library) == [kept]


def test_an_address_of_sound_that_is_not_kept_leaves_no_file_that_is_no_episodes(
    offered: OfferedShow, library: Path
) -> None:
    airquote("subscribe", offered.offer(), "--allow-private", "--latest", 1, "--keep-audio", "never")
    assert airquote("update", *ENGINE, "--allow-private").code == 0
    assert transcribe(address_of(offered, 0)).answer["status"] == "skipped"
    with Store.open(library) as store:
        (episode,) = store.episodes()
    assert [str(file) for file in media_of(library)] in ([], [episode.media])


@pytest.mark.parametrize("where", ["missing.wav", "feed.xml"])
def test_an_address_without_sound_leaves_no_folder(where: str, offered: OfferedShow, library: Path) -> None:
    address = offered.server.address(f"{offered.path}/{where}")
    transcribe(address, "--match", "nothing")
    assert list((library / "media").glob("*")) == []
