"""What `import` takes: folders, of which all transcripts are taken, and standard input; and `locate -`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from fake_engine import airquote

from index.formats import reading
from index.formats.writing import write_transcript
from index.transcript import Segment, Transcript, Word
from pipeline.batch.transcript_files import find_transcripts
from pipeline.library import Library

SRT = "1\n00:00:01,000 --> 00:00:02,000\nThe ferry left.\n"


class Bytes(io.BytesIO):
    """Standard input with these bytes."""

    name = "<stdin>"


def give(monkeypatch: pytest.MonkeyPatch, data: bytes | str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Bytes(data.encode() if isinstance(data, str) else data)))


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder as people have them: transcripts beside recordings, pictures, notes and other text."""
    folder = tmp_path / "shelf"
    words = tuple(Word(text, at, at + 0.5, 0.9) for at, text in enumerate((" The", " storm", " came.")))
    spoken = Transcript("en", "x", "x", "{}", "aligned", words, (Segment(0, 2),))
    for name, content in {
        "talk.srt": SRT,
        "deep/er/night.VTT": "WEBVTT\n\n00:01.000 --> 00:02.000\nNobody knows.\n",
        "notes.txt": "Call Ann about the ferry.\n",
        "README.md": "# Shelf\n\nAll talks.\n",
        "package.json": '{"name": "shelf", "version": 3}',
        "times.txt": "[00:00:01] The tide is in.\n[00:00:04] It is out.\n",
        "prices.csv": "item,price\nbread,3\n",
        "talk.mp3": "no sound",
        "cover.jpg": "no picture",
        ".hidden.srt": SRT,
        ".git/config.srt": SRT,
        **{f"storm.{kind}": write_transcript(spoken, kind) for kind in ("json", "srt", "vtt", "tsv", "txt")},
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


TAKEN = ["deep/er/night.VTT", "storm.json", "talk.srt", "times.txt"]
LEFT_OUT = {
    ".git": "hidden",
    ".hidden.srt": "hidden",
    "README.md": "not a transcript",
    "cover.jpg": "not a transcript",
    "notes.txt": "not a transcript",
    "package.json": "not a transcript",
    "prices.csv": "not a transcript",
    "storm.srt": "another format of a transcript",
    "storm.tsv": "another format of a transcript",
    "storm.txt": "not a transcript",
    "storm.vtt": "another format of a transcript",
    "talk.mp3": "recordings",
}


def test_all_transcripts_of_a_folder_are_imported_and_the_rest_is_told(
    shelf: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = airquote("import", shelf, "--show", "Harbor", "--json")
    assert run.code == 0
    assert [Path(one["source"]).relative_to(shelf).as_posix() for one in run.answers] == TAKEN
    assert {one["status"] for one in run.answers} == {"done"}
    counts = "another format of a transcript: 3, hidden: 2, not a transcript: 6, recordings: 1"
    assert f"Left out of the folders: 12 ({counts}); -v names them." in run.err
    with caplog.at_level("INFO", "airquote"):
        again = airquote("import", shelf, "--json")
    assert all(f"left out: {shelf / name} ({reason})" in caplog.text for name, reason in LEFT_OUT.items())
    assert {one["status"] for one in again.answers} == {"skipped"}


def test_each_is_taken_or_left_out_for_a_reason(shelf: Path) -> None:
    found = find_transcripts([shelf])
    assert {one.path.relative_to(shelf).as_posix(): one.reason for one in found.left_out} == LEFT_OUT
    assert found.files == [shelf / name for name in TAKEN]
    named = shelf / "notes.txt"
    assert find_transcripts([named, shelf]).files == [named, *found.files], "what is named is never left out"


def test_a_bad_transcript_in_a_folder_fails_alone(shelf: Path) -> None:
    (shelf / "bad.srt").write_text("no cues")
    run = airquote("import", shelf, "--json")
    assert run.code == 3
    failed = [one["source"] for one in run.answers if one["status"] == "failed"]
    assert failed == [str(shelf / "bad.srt")]
    assert len(run.answers) == len(TAKEN) + 1


@pytest.mark.parametrize("option", [("--title", "x"), ("--audio", "talk.mp3")])
def test_what_is_for_one_file_is_not_for_a_folder(option: tuple[str, ...], shelf: Path) -> None:
    run = airquote("import", shelf, *option)
    assert (run.code, run.out) == (2, "")
    assert "is for one file, not for 4" in run.err


def test_a_folder_without_transcripts_is_said(tmp_path: Path, library: Path) -> None:
    (tmp_path / "empty").mkdir()
    run = airquote("import", tmp_path / "empty")
    assert (run.code, "There are no transcripts in the folder" in run.err) == (2, True)
    assert not library.exists()


@pytest.mark.parametrize(
    ("content", "arguments", "episode", "sentence"),
    [
        (SRT, (), "standard-input", "The ferry left."),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nNobody knows.\n", ("--title", "Late Talk"), "late-talk", "Nobody knows."),
        ('{"segments": [{"start": 1, "end": 2, "text": " So."}]}', ("--title", "x"), "x", "So."),
        (SRT.replace("ferry", "café").encode("cp1252"), ("--encoding", "cp1252"), "standard-input", "The café left."),
    ],
)
def test_a_transcript_on_standard_input_is_imported(
    content: bytes | str, arguments: tuple[str, ...], episode: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, content)
    run = airquote("import", "-", *arguments, "--json")
    assert run.answer == {"source": "standard input", "episode": episode, "status": "done", "reason": None}
    assert [one["text"] for one in airquote("show", episode, "--json").answers] == [sentence]
    give(monkeypatch, content)
    assert airquote("import", "-", *arguments, "--json").answer["status"] == "skipped"


def test_standard_input_that_is_no_transcript_or_endless_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MAX_BYTES", 100_000)
    for content, told in {
        b"": "the file is empty",
        b"My diary.\n": "text without times",
        b"\x89PNG\r\n\x1a\n\0\0": "not text",
        b"1\n00:00:01,000 --> 00:00:02,000\n" + b"word " * 30_000: "too long",
    }.items():
        give(monkeypatch, content)
        run = airquote("import", "-", "--json")
        assert (run.code, run.answer["status"]) == (3, "failed")
        assert run.answer["reason"].startswith("standard input cannot be read as a transcript")
        assert told in run.answer["reason"]


def test_an_open_stream_is_imported_from_python(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    file.write_text(SRT)
    with Library.open(tmp_path / "library", create=True) as library, file.open("rb") as stream:
        outcomes = library.import_transcripts([stream, io.BytesIO(SRT.replace("ferry", "tide").encode())])
        assert [(one.source, one.status) for one in outcomes] == [(str(file), "done"), ("a stream", "done")]
        assert [one.episode for one in library.episodes()] == ["a-stream", "talk"]


def test_a_quotation_on_standard_input_is_located(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "talk.srt").write_text(SRT)
    airquote("import", tmp_path / "talk.srt")
    give(monkeypatch, b"\xef\xbb\xbfThe ferry\nleft.\n")
    assert airquote("locate", "-", "--json").answer["kind"] == "verbatim"
    for data, told in {
        b"x" * 70_000: "longer than 64 KB",
        b"\xffa": "not UTF-8 text: byte 0",
        b" \n": "no letter",
    }.items():
        give(monkeypatch, data)
        run = airquote("locate", "-")
        assert (run.code, run.out) == (2, "")
        assert told in run.err
