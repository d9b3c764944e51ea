"""Folders: what holds sound is taken whatever its ending; what is left out is counted, and named with -v."""

from __future__ import annotations

import logging
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import airquote, make_speech, transcribe
from hypothesis import given
from hypothesis import strategies as st
from made_recordings import write_tracks

import audio.recording.sniffing
from audio.errors import UsageError
from audio.recording.sniffing import holds_sound
from pipeline.batch.sources import MEDIA_ENDINGS, OTHER_ENDINGS, find_media

# ending, how it is written, codec
DISGUISES = {
    "talk.mpga": (".mp3", "libmp3lame"),
    "ring.m4r": (".m4a", "aac"),
    "memo.qta": (".mov", "aac"),
    "none": (".flac", "flac"),
    "note.bin": (".ogg", "libopus"),
    "old.mp3.bak": (".mp3", "libmp3lame"),
    "a.part": (".wav", "pcm_s16le"),
    "b.aax": (".m4a", "aac"),
    "clip.x": (".mkv", "aac"),
    "tape.snd": (".au", "pcm_s16be"),
    "UPPER.MPGA": (".mp3", "libmp3lame"),
    "c.ec3": (".ts", "ac3"),
    "d.dat": (".aiff", "pcm_s16be"),
}


def write(name: str, folder: Path, seed: int = 0) -> Path:
    ending, codec = DISGUISES[name]
    rate = 48000 if codec in ("libopus", "ac3") else 16000
    sound = make_speech(1, seed).repeat(rate // 16000)
    return write_tracks(folder / f"made{ending}", [sound], codec=codec, rate=rate).rename(folder / name)


@pytest.mark.parametrize("name", DISGUISES)
def test_what_holds_sound_is_taken_whatever_its_ending(name: str, tmp_path: Path) -> None:
    path = write(name, tmp_path)
    assert find_media([str(tmp_path)]).files == [path]
    assert holds_sound(path)


def test_dsd_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.dsf"
    block = bytes([0b01101001]) * 4096
    data = b"data" + (12 + len(block)).to_bytes(8, "little") + block
    form = b"fmt " + (52).to_bytes(8, "little") + b"".join(
        number.to_bytes(size, "little")
        for number, size in ((1, 4), (0, 4), (1, 4), (1, 4), (2822400, 4), (1, 4), (32768, 8), (4096, 4), (0, 4))
    )  # fmt: skip
    path.write_bytes(
        b"DSD " + (28).to_bytes(8, "little") + (28 + 52 + len(data)).to_bytes(8, "little") + bytes(8) + form + data
    )
    assert holds_sound(path)
    assert find_media([str(tmp_path)]).files == [path]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with sound and much else."""
    folder = tmp_path / "mixed"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "a.mp3").write_bytes(b"x")
    write("talk.mpga", folder)
    write("none", folder / "deep" / "er", seed=1)
    (folder / "._talk.mp3").write_bytes(b"x")
    (folder / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    (folder / "notes.txt").write_text("hello")
    (folder / "README").write_text("Grüße aus dem Hafen\n" * 500)
    (folder / "cyrillic").write_bytes("Привет, это заметки. abc def ghi jkl mno pqr stu".encode("cp1251"))
    (folder / "wide").write_bytes("Hello".encode("utf-16") * 300)
    (folder / "empty").touch()
    (folder / "random.bin").write_bytes(bytes(range(256)) * 100)
    with zipfile.ZipFile(folder / "archive", "w") as archive:
        archive.write(folder / "talk.mpga", "talk.mp3")
    (folder / "dangling").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.mp3")
    os.mkfifo(folder / "pipe")
    return folder


def test_what_is_left_out_is_said_with_its_reason(mixed: Path) -> None:
    found = find_media([str(mixed)])
    assert found.files == [mixed / "deep/er/none", mixed / "talk.mpga"]
    assert {one.path.name: one.reason for one in found.left_out} == {
        ".git": "hidden", "._talk.mp3": "hidden", "cover.jpg": "text, pictures and the like",
        "notes.txt": "text, pictures and the like", "README": "no sound in it", "cyrillic": "no sound in it",
        "wide": "no sound in it", "empty": "no sound in it", "random.bin": "no sound in it",
        "archive": "no sound in it",
        "dangling": "no sound in it", "pipe": "not a file", "pipe.mp3": "not a file",
    }  # fmt: skip


@pytest.fixture
def logger_as_it_was() -> Iterator[None]:
    """``-v`` adds a handler to the logger: take it off again."""
    logger = logging.getLogger("airquote")
    handlers, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


@pytest.mark.usefixtures("engine", "logger_as_it_was")
def test_what_is_left_out_is_counted_and_named_with_v(mixed: Path) -> None:
    run = transcribe(mixed)
    assert run.code == 0
    assert "Left out of the folders: 13 (" in run.err
    assert "hidden: 2" in run.err
    assert "cover.jpg" not in run.err
    run = transcribe(mixed, "-v")
    assert "cover.jpg (text, pictures and the like)" in run.err
    assert len(run.answers) == 2
    shutil.rmtree(mixed / "deep")
    for path in mixed.iterdir():
        if path.is_file() and path.name != "talk.mpga":
            path.unlink()
    assert "hidden" in transcribe(mixed).err


def test_nothing_is_said_where_nothing_is_left_out(tmp_path: Path, engine: object) -> None:  # noqa: ARG001
    write("talk.mpga", tmp_path)
    assert "Left out" not in transcribe(tmp_path / "talk.mpga").err


def test_a_folder_without_sound_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    run = airquote("transcribe", tmp_path)
    assert run.code == 2
    assert "no media files" in run.err
    with pytest.raises(UsageError):
        find_media([str(tmp_path)])


def test_a_name_that_tells_is_believed_without_opening_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text("x")
        (tmp_path / f"{number}.mp3").write_text("x")
        (tmp_path / f"{number}.jpg").write_text("x")
    write("talk.mpga", tmp_path)

    def refuse(path: Path) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(audio.recording.sniffing, "open_regular_file", refuse)
    assert len(find_media([str(tmp_path)]).files) == 31


def test_text_is_told_by_its_first_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(audio.recording.sniffing, "probe_media", refuse)
    for text in ("Grüße", "日本語のメモ" * 2000, "a" * 5000, "ä" * 5000, "\ufeffhello"):
        (tmp_path / "notes").write_text(text, encoding="utf-8")
        assert not holds_sound(tmp_path / "notes")


def test_no_ending_is_of_both_kinds() -> None:
    assert not MEDIA_ENDINGS & OTHER_ENDINGS
    assert {ending for ending in MEDIA_ENDINGS | OTHER_ENDINGS if ending != ending.lower()} == set()


@given(st.binary(max_size=6000))
def test_no_bytes_break_the_look_at_a_file(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes"
    path.write_bytes(data)
    assert holds_sound(path) in (True, False)
