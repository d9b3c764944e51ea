"""``airquote relink``: recordings that were moved are found by what is in them, and linked again."""

from __future__ import annotations

import os
import shutil
import string
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fake_engine import FakeEngine, airquote, speak, transcribe
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import add_episode

from audio.media import hash_file
from index.storage.store import Store
from pipeline.episodes.episode_changes import Relinked
from pipeline.episodes.relinking import relink_recordings
from pipeline.progress import FilesCompared

pytestmark = pytest.mark.usefixtures("engine")

LONG_AGO = 1_600_000_000


def record(store: Store, path: Path, content: bytes, *, size_known: bool = True) -> str:
    """Make a file the recording of a new episode, and return the episode's id."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (LONG_AGO, LONG_AGO))
    sha256, status = hash_file(path), path.stat()
    episode = add_episode(store, path.stem, media=str(path), sha256=sha256)
    if size_known:
        store.remember_file(str(path), status.st_size, status.st_mtime_ns, sha256)
    return episode.id


def media_of(store: Store, episode: str) -> str | None:
    found = store.episode(episode)
    assert found is not None
    return found.media


def statuses(relinked: Relinked) -> dict[str, str]:
    return {one.episode: one.whereabouts for one in relinked.episodes}


@settings(max_examples=30)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=5),
    known=st.booleans(),
    fates=st.lists(st.sampled_from(("stays", "moved", "renamed", "gone")), min_size=5, max_size=5),
)
def test_every_recording_that_is_anywhere_is_found_and_no_other(
    sizes: Sequence[int], known: bool, fates: Sequence[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("podcasts")
    with Store.open(folder / "library", create=True) as store:
        names = string.ascii_lowercase[: len(sizes)]
        ids = {
            name: record(store, folder / "old" / f"{name}.mp3", name.encode() * size, size_known=known)
            for name, size in zip(names, sizes, strict=True)
        }
        places: dict[str, Path | None] = {}
        for name, fate in zip(names, fates, strict=False):
            file = folder / "old" / f"{name}.mp3"
            target = {"moved": folder / "new" / "deep" / file.name, "renamed": folder / "new" / f"{name}{name}.MP3"}
            places[name] = {"stays": file, "gone": None}.get(fate) or target.get(fate)
            if fate in target:
                target[fate].parent.mkdir(parents=True, exist_ok=True)
                file.rename(target[fate])
            elif fate == "gone":
                file.unlink()
        (folder / "new").mkdir(exist_ok=True)
        (folder / "new" / "other.mp3").write_bytes(b"zz")
        tried = relink_recordings(store, [folder / "new"], dry_run=True)
        assert {media_of(store, one) for one in ids.values()} == {str(folder / "old" / f"{n}.mp3") for n in names}
        assert relink_recordings(store, [folder / "new"]).episodes == tried.episodes
        for name, episode in ids.items():
            assert media_of(store, episode) == str(places[name] or folder / "old" / f"{name}.mp3")
        lost = {ids[name] for name, place in places.items() if place is None}
        assert statuses(relink_recordings(store, [folder / "new"])) == dict.fromkeys(lost, "missing")


def test_only_files_of_the_right_size_are_read(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    episode = record(store, tmp_path / "old" / "a.mp3", b"aaaa")
    (tmp_path / "old").rename(tmp_path / "new")
    for length in range(1, 9):
        (tmp_path / "new" / f"{length}.mp3").write_bytes(b"b" * length)
    read: list[str] = []

    def read_file(path: Path) -> str:
        read.append(path.name)
        return hash_file(path)

    monkeypatch.setattr("pipeline.episodes.relinking.hash_file", read_file)
    relinked = relink_recordings(store, [tmp_path / "new"])
    assert sorted(read) == ["4.mp3", "a.mp3"]
    assert (relinked.files, relinked.hashed, relinked.in_place) == (9, 2, 0)
    assert media_of(store, episode) == str(tmp_path / "new" / "a.mp3")
    monkeypatch.setattr("pipeline.episodes.relinking.hash_file", lambda _: pytest.fail("nothing is lost any more"))
    assert relink_recordings(store, [tmp_path / "new"]).episodes == ()


def test_of_several_copies_the_one_with_its_name_is_taken_else_none(store: Store, tmp_path: Path) -> None:
    named, other = record(store, tmp_path / "a.mp3", b"aaaa"), record(store, tmp_path / "b.mp3", b"bbbbb")
    for source in ("a", "b"):
        for copy in ("1", "2"):
            shutil.copy(tmp_path / f"{source}.mp3", tmp_path / f"{source}{copy}.mp3")
    (tmp_path / "in").mkdir()
    (tmp_path / "a.mp3").rename(tmp_path / "in" / "a.mp3")
    (tmp_path / "b.mp3").unlink()
    relinked = relink_recordings(store, [tmp_path])
    assert statuses(relinked) == {named: "found", other: "ambiguous"}
    assert media_of(store, named) == str(tmp_path / "in" / "a.mp3")
    assert media_of(store, other) == str(tmp_path / "b.mp3")
    (ambiguous,) = [one for one in relinked.episodes if one.episode == other]
    assert sorted(ambiguous.candidates) == [str(tmp_path / f"b{copy}.mp3") for copy in "12"]
    (tmp_path / "b1.mp3").unlink()
    assert statuses(relink_recordings(store, [tmp_path])) == {other: "found"}


def test_a_link_to_a_recording_is_no_second_copy(store: Store, tmp_path: Path) -> None:
    episode = record(store, tmp_path / "old" / "a.mp3", b"aaaa")
    (tmp_path / "old" / "a.mp3").rename(tmp_path / "b.mp3")
    (tmp_path / "c.mp3").symlink_to(tmp_path / "b.mp3")
    assert statuses(relink_recordings(store, [tmp_path])) == {episode: "found"}


def replace_content(file: Path) -> None:
    file.write_bytes(b"another recording")


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("act", [Path.unlink, replace_content, make_folder])
def test_without_a_folder_it_looks_where_recordings_are_or_were(
    act: Callable[[Path], None], store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "old" / "a.mp3"
    episode = record(store, file, b"aaaa")
    record(store, tmp_path / "other" / "b.mp3", b"bb")
    shutil.copy(file, tmp_path / "other" / "renamed.mp3")
    act(file)
    relinked = relink_recordings(store, [])
    assert (statuses(relinked), relinked.in_place) == ({episode: "found"}, 1)
    assert media_of(store, episode) == str(tmp_path / "other" / "renamed.mp3")


def test_the_command_links_a_folder_that_was_moved_and_says_what_is_left(tmp_path: Path, store: Store) -> None:
    files = [speak(tmp_path / "old" / f"{name}.wav", 1, seed) for seed, name in enumerate("abc")]
    assert transcribe(*files).code == 0
    assert airquote("relink").code == 0
    (tmp_path / "old").rename(tmp_path / "new")
    refused = airquote("clip", "a", 1, 2, "-o", tmp_path / "x.wav")
    assert (refused.code, "airquote relink" in refused.err) == (3, True)
    (tmp_path / "new" / "c.wav").unlink()
    run = airquote("relink", tmp_path / "new", "--json")
    assert run.code == 3
    assert [(one["episode"], one["whereabouts"], one["media"]) for one in run.answers] == [
        ("a", "found", str(tmp_path / "new" / "a.wav")),
        ("b", "found", str(tmp_path / "new" / "b.wav")),
        ("c", "missing", None),
    ]
    assert airquote("clip", "a", 1, 2, "-o", tmp_path / "x.wav").code == 0
    left = airquote("relink", tmp_path / "new")
    assert left.out == f"missing    c  was {tmp_path / 'old' / 'c.wav'}\n"
    assert "2 in place, 0 linked again, 1 not" in left.err
    assert store.check() == []


@pytest.mark.usefixtures("store")
def test_a_folder_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    run = airquote("relink", tmp_path / "none")
    assert (run.code, "There is no folder" in run.err) == (2, True)


def test_an_import_knows_the_size_of_its_recording(tmp_path: Path, store: Store) -> None:
    (tmp_path / "words.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nThe ferry left.\n")
    sound = speak(tmp_path / "talk.wav", 1)
    os.utime(sound, (LONG_AGO, LONG_AGO))
    assert airquote("import", tmp_path / "words.srt", "--audio", sound).code == 0
    assert list(store.file_sizes().values()) == [sound.stat().st_size]


def test_a_recording_that_was_just_written_is_known_by_its_size(tmp_path: Path) -> None:
    sound = speak(tmp_path / "talk.wav", 1)
    cues = tmp_path / "talk.srt"
    cues.write_text("1\n00:00:01,000 --> 00:00:02,000\nMore to come.\n")
    assert airquote("import", cues, "--audio", sound).code == 0
    sound.rename(tmp_path / "moved.wav")
    for seed in range(3):
        speak(tmp_path / f"other{seed}.wav", 2, seed=seed)
    run = airquote("relink", tmp_path)
    assert run.code == 0
    assert "looked at 4 files, read 1." in run.err


def test_another_file_at_the_place_of_a_recording_is_no_missing_one(tmp_path: Path, engine: FakeEngine) -> None:
    engine.answers.append("More to come.")
    sound = speak(tmp_path / "talk.wav", 1)
    transcribe(sound)
    speak(sound, 2, seed=1)
    run = airquote("relink", tmp_path)
    assert (run.code, run.out.split()[0]) == (3, "changed")
    assert airquote("relink", tmp_path, "--json").answer["whereabouts"] == "changed"
    sound.unlink()
    assert airquote("relink", tmp_path, "--json").answer["whereabouts"] == "missing"


def test_an_empty_name_is_no_folder_to_look_in() -> None:
    run = airquote("relink", "")
    assert (run.code, "It is an empty name." in run.err) == (2, True)


def test_relink_reports_the_files_that_it_compares(tmp_path: Path) -> None:
    with Store.open(tmp_path / "library", create=True) as store:
        record(store, tmp_path / "old" / "a.mp3", b"a")
        (tmp_path / "old" / "a.mp3").rename(tmp_path / "old" / "b.mp3")
        events: list[object] = []
        relink_recordings(store, [tmp_path / "old"], progress=events.append)
        assert events == [FilesCompared(1)]
