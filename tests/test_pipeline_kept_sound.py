"""Sound that is not kept: what is removed, what stays, and how it comes again."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import ENGINE, FakeEngine, airquote
from offered_shows import CUES, OfferedShow, make_sound, offer_shows
from test_pipeline_updates import media_of, statuses, subscribe, update

from index.storage.store import Store

pytestmark = pytest.mark.usefixtures("engine")

ALLOWED = "--allow-private"


@pytest.fixture
def offered() -> Iterator[OfferedShow]:
    """A show with three items."""
    with offer_shows() as (show,):
        yield show


@pytest.fixture(autouse=True)
def player(monkeypatch: pytest.MonkeyPatch) -> None:
    """A player that plays nothing."""
    monkeypatch.setenv("AIRQUOTE_PLAYER", "true")


def media_titles(library: Path) -> list[str]:
    return [path.stem.rpartition("-")[0] for path in media_of(library)]


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ("never", []), ("1", ["episode-3"]), ("2", ["episode-2", "episode-3"]), ("always", None), ("30d", None),
        ("0", []),
    ],
)  # fmt: skip
def test_sound_is_kept_as_long_as_it_is_wanted(
    keep: str, kept: list[str] | None, offered: OfferedShow, library: Path
) -> None:
    subscribe(offered, "--keep-audio", keep)
    assert set(statuses(update()).values()) == {"done"}
    assert media_titles(library) == (["episode-1", "episode-2", "episode-3"] if kept is None else kept)
    assert {row["state"] for row in airquote("list", "--json").answers} == {"transcribed"}
    assert update() == [], "what was removed is not downloaded again"


def test_sound_is_as_old_as_its_download(offered: OfferedShow, library: Path) -> None:
    subscribe(offered, "--keep-audio", "30d")
    update()
    old, recent = media_of(library)[:2]
    os.utime(old, (time.time() - 31 * 86400,) * 2)
    os.utime(recent, (time.time() - 29 * 86400,) * 2)
    update()
    assert not old.exists()
    assert recent.exists()


def test_the_choice_of_the_command_counts_before_the_remembered_one(offered: OfferedShow, library: Path) -> None:
    subscribe(offered)
    update()
    assert len(media_of(library)) == 3
    update("--keep-audio", "1")
    assert media_titles(library) == ["episode-3"]


def test_sound_without_words_is_kept_until_it_has_them(offered: OfferedShow, engine: FakeEngine, library: Path) -> None:
    subscribe(offered, "--keep-audio", "never", "--latest", 1)

    def fail(_: int) -> None:
        raise RuntimeError("stop")

    engine.before = fail
    update(code=3)
    assert len(media_of(library)) == 1
    engine.before = lambda _: None
    update()
    assert media_of(library) == []


def test_a_file_of_the_user_is_never_removed(offered: OfferedShow, tmp_path: Path) -> None:
    file = tmp_path / "mine.wav"
    file.write_bytes(offered.items[0].sound or b"")
    assert airquote("transcribe", *ENGINE, file).code == 0
    subscribe(offered, "--keep-audio", "never")
    update()
    assert file.exists()
    with Store.open(Path(os.environ["AIRQUOTE_LIBRARY"])) as store:
        assert store.resolve_episode("mine").media == str(file)


@pytest.mark.parametrize(("keep", "kept"), [("always", ["episode-1"]), ("never", [])])
def test_sound_of_two_shows_is_one_file_and_stays_while_one_keeps_it(keep: str, kept: list[str], library: Path) -> None:
    with offer_shows(("Night Boat", "Best Of"), 1) as (first, second):
        subscribe(first)
        update()
        airquote("subscribe", first.feed, ALLOWED, "--keep-audio", keep)
        subscribe(second, "--keep-audio", "never")
        (answer,) = update()
        assert answer["status"] == "skipped"
        assert media_titles(library) == kept
        assert airquote("play", "episode-1", 3, ALLOWED).code == 0


def test_a_download_of_sound_that_the_user_has_is_not_left(offered: OfferedShow, library: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.wav"
    file.write_bytes(offered.items[0].sound or b"")
    assert airquote("transcribe", *ENGINE, file).code == 0
    subscribe(offered, "--latest", 1)
    (answer,) = update()
    assert (answer["media"], media_of(library), file.exists()) == (str(file), [], True)


def test_a_library_under_another_path_loses_no_sound(
    offered: OfferedShow, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(offered, "--latest", 1)
    update()
    (tmp_path / "moved").symlink_to(library)
    monkeypatch.setenv("AIRQUOTE_LIBRARY", str(tmp_path / "moved"))
    airquote("unsubscribe", "night")
    with Store.open(library) as store:
        store.update_episode(replace(store.episodes()[0], title="Another"))  # so that its item is not known
    subscribe(offered, "--latest", 1)
    update()
    assert len(media_of(library)) == 1


def test_nothing_is_removed_where_a_link_leads_out_of_the_library(
    offered: OfferedShow, library: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    library.mkdir()
    (library / "media").symlink_to(elsewhere)
    subscribe(offered, "--keep-audio", "never", "--latest", 1)
    run = airquote("update", *ENGINE, ALLOWED)
    assert run.code == 0
    assert f"writes into {elsewhere} and removes nothing there" in " ".join(run.err.split())
    assert "stays" in airquote("remove", "episode-3").out
    assert len([path for path in elsewhere.rglob("*") if path.is_file()]) == 1


def test_an_episode_without_its_sound_is_found_and_says_how_to_get_it(offered: OfferedShow, tmp_path: Path) -> None:
    subscribe(offered, "--keep-audio", "never", "--latest", 1)
    update()
    text = airquote("show", "episode-3", "--json").answers[0]["text"]
    word = text.split()[0]
    assert airquote("search", word).code == 0
    assert airquote("list").code == 0
    moment = airquote("at", "episode-3", 4)
    assert moment.code == 0
    assert "airquote download episode-3" in moment.err
    clip = airquote("clip", "episode-3", 3, 4, "-o", tmp_path / "clip.wav")
    assert clip.code == 3
    assert "--allow-private" in clip.err, "it is asked for, and may not be"
    assert airquote("relink", "--json").answers == [], "nothing is lost"
    doctor = airquote("doctor", "--json")
    assert all(one["ok"] for one in doctor.answers if one["check"] == "media")


def test_play_downloads_the_sound_again(offered: OfferedShow, library: Path) -> None:
    subscribe(offered, "--keep-audio", "never", "--latest", 1)
    update()
    assert airquote("play", "episode-3", 3, ALLOWED).code == 0
    assert media_titles(library) == ["episode-3"]
    assert airquote("play", "episode-3", 3).code == 0, "now it is here"


@pytest.mark.parametrize("options", [("--keep-audio", "never"), ("--no-audio", "--transcripts", "publisher")])
def test_sound_comes_again_after_the_end_of_a_subscription(options: tuple[str, ...], offered: OfferedShow) -> None:
    offered.items[0].transcript = CUES
    subscribe(offered, "--latest", 1, *options)
    update()
    assert airquote("unsubscribe", "night").code == 0
    assert airquote("play", "episode-3", 1, ALLOWED).code == 0


@pytest.mark.parametrize("command", [("play", "episode-3", 3), ("download", "episode-3")])
def test_sound_comes_again_where_the_library_has_lost_the_show(
    command: tuple[object, ...], offered: OfferedShow, library: Path
) -> None:
    subscribe(offered, "--keep-audio", "never", "--latest", 1)
    update()
    with closing(sqlite3.connect(library / "airquote.db")) as connection:
        connection.execute("UPDATE feed_items SET show = 77")
        connection.commit()
    run = airquote(*command, ALLOWED)
    assert run.code == 0, run.err
    assert media_titles(library) == ["episode-3"]


def test_play_says_so_where_the_sound_cannot_be_had(offered: OfferedShow) -> None:
    subscribe(offered, "--keep-audio", "never", "--latest", 1)
    update()
    offered.break_sound(offered.items[0])
    run = airquote("play", "episode-3", 3, ALLOWED)
    assert run.code == 3
    assert "404" in run.err


def test_download_brings_the_sound_of_chosen_episodes(offered: OfferedShow, library: Path) -> None:
    subscribe(offered, "--keep-audio", "never")
    update()
    run = airquote("download", "episode-*", "--since", "2024-05-02", ALLOWED, "--json")
    assert run.code == 0, run.err
    assert statuses(run.answers) == {"Episode 2": "done", "Episode 3": "done"}
    assert media_titles(library) == ["episode-2", "episode-3"]
    again = airquote("download", "episode-2", ALLOWED, "--json").answer
    assert (again["status"], again["reason"]) == ("skipped", "its sound is here")
    assert airquote("download").code == 2


def test_other_sound_at_the_address_is_not_taken_for_what_was_transcribed(
    offered: OfferedShow, library: Path, engine: FakeEngine
) -> None:
    subscribe(offered, "--keep-audio", "never", "--latest", 1)
    update()
    offered.items[0].sound = make_sound(99, 3)
    offered.offer()
    for command in (("download", "episode-3"), ("play", "episode-3", 3)):
        run = airquote(*command, ALLOWED)
        assert run.code == 3
        assert "airquote download episode-3 --transcribe" in f"{run.out} {run.err}".replace("\n", " ")
        assert media_of(library) == []
    asked = len(engine.asked)
    run = airquote("download", "episode-3", *ENGINE, ALLOWED, "--transcribe", "--json")
    assert (run.code, run.answer["status"], run.answer["episode"]) == (0, "done", "episode-3")
    assert len(engine.asked) == asked + 3
    assert airquote("play", "episode-3", 3).code == 0


def test_words_of_the_publisher_get_sound_and_then_ones_own_words(offered: OfferedShow, library: Path) -> None:
    offered.items[0].transcript = CUES
    subscribe(offered, "--no-audio", "--transcripts", "publisher", "--latest", 1)
    update()
    assert airquote("play", "episode-3", 1, ALLOWED).code == 0
    with Store.open(library) as store:
        (episode,) = store.episodes()
        assert episode.state == "imported"
        assert episode.sha256 is not None
    assert airquote("download", "episode-3", *ENGINE, ALLOWED, "--transcribe").code == 0
    with Store.open(library) as store:
        assert store.episodes()[0].state == "transcribed"


def test_an_episode_without_sound_and_words_gets_both(offered: OfferedShow, library: Path) -> None:
    subscribe(offered, "--no-audio", "--latest", 2)
    update()
    assert airquote("download", "episode-3", ALLOWED).code == 0
    assert airquote("download", "episode-2", *ENGINE, ALLOWED, "--transcribe").code == 0
    states = {row["episode"]: row["state"] for row in airquote("list", "--json").answers}
    assert states == {"episode-3": "registered", "episode-2": "transcribed"}
    assert statuses(update("--audio")) == {"Episode 3": "done"}
    assert len(media_of(library)) == 2


def test_an_episode_of_no_known_address_cannot_be_downloaded(tmp_path: Path) -> None:
    cues = tmp_path / "cues.vtt"
    cues.write_text(CUES)
    airquote("import", cues)
    run = airquote("download", "cues", ALLOWED)
    assert run.code == 3
    assert "No address is known" in run.out + run.err


def test_removing_an_episode_names_no_file_that_is_not_kept(offered: OfferedShow) -> None:
    subscribe(offered, "--keep-audio", "1")
    update()
    assert "The file" not in airquote("remove", "episode-2").out
    assert "stays" in airquote("remove", "episode-3", "--keep-audio").out


def test_downloaded_sound_is_removed_with_its_episode(offered: OfferedShow, library: Path) -> None:
    subscribe(offered)
    update()
    files = media_of(library)
    assert "would be removed" in airquote("remove", "episode-1", "--dry-run").out
    assert media_of(library) == files
    assert "is removed" in airquote("remove", "episode-1").out
    kept = airquote("remove", "episode-2", "--keep-audio", "--json").answer
    assert kept["sound_removed"] is False
    assert media_of(library) == files[1:]
    assert airquote("remove", "episode-3", "--json").answer["sound_removed"] is True
    assert media_of(library) == [files[1]]
    files[1].unlink()
    assert update() == [], "what was removed does not come again"


def test_nothing_that_the_user_brought_is_removed_with_an_episode(library: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.wav"
    own.write_bytes(make_sound(1))
    linked = library / "media" / "night-boat" / "linked.wav"
    linked.parent.mkdir(parents=True)
    linked.symlink_to(own)
    assert airquote("transcribe", *ENGINE, linked).code == 0
    (row,) = airquote("list", "--json").answers
    run = airquote("remove", row["episode"])
    assert "stays" in run.out, run
    assert linked.is_symlink()
    assert own.exists()


def test_an_episode_that_fails_keeps_its_download_for_the_next_update(
    offered: OfferedShow, library: Path, engine: FakeEngine
) -> None:
    def fail(_: int) -> None:
        raise RuntimeError("stop")

    engine.before = fail
    address = offered.server.address(f"{offered.path}/{offered.items[0].name}.wav")
    assert airquote("transcribe", *ENGINE, ALLOWED, address).code == 3
    assert len(media_of(library)) == 1
    engine.before = lambda _: None
    asked = len(offered.asked("wav"))
    assert airquote("transcribe", *ENGINE, ALLOWED, address).code == 0
    assert len(offered.asked("wav")) == asked


def test_clip_downloads_the_sound_again(offered: OfferedShow, library: Path, tmp_path: Path) -> None:
    subscribe(offered, "--keep-audio", "never", "--latest", 1)
    update()
    clip = tmp_path / "clip.wav"
    assert airquote("clip", "episode-3", 1, ALLOWED).code == 2, "no end is given"
    assert media_of(library) == []
    run = airquote("clip", "episode-3", 1, 2, "-o", clip, ALLOWED)
    assert run.code == 0, run.err
    assert clip.exists()
    assert media_titles(library) == ["episode-3"]
