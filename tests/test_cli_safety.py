"""Guarantees: recordings are never changed, numbers refer to the hits shown, losses are reported."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from audio_samples import write_as
from fake_engine import ENGINE, airquote, make_speech, speak, transcribe

from index.storage.store import STORE_NAME

pytestmark = pytest.mark.usefixtures("engine")

CUES = "1\n00:00:01,000 --> 00:00:03,000\nThe ferry left.\n\n2\n00:00:04,000 --> 00:00:06,000\nIt came back.\n"


@pytest.mark.parametrize("command", [("clip", "talk", 3, 4), ("export", "talk", "-f", "txt")])
def test_a_recording_in_the_library_is_never_written_over(command: tuple[object, ...], recorded_talk: Path) -> None:
    before = recorded_talk.read_bytes()
    link = recorded_talk.with_name("link.wav")
    link.symlink_to(recorded_talk)
    for target in (recorded_talk, link, recorded_talk.parent / "." / recorded_talk.name):
        run = airquote(*command, "-o", target, "--overwrite")
        assert run.code == 2
        assert "is the recording of talk." in run.err
    assert recorded_talk.read_bytes() == before


@pytest.mark.parametrize("command", [("clip", "talk", 3, 4), ("export", "talk", "-f", "txt")])
@pytest.mark.usefixtures("recorded_talk")
def test_nothing_is_written_into_the_library_itself(command: tuple[object, ...], library: Path) -> None:
    run = airquote(*command, "-o", library / STORE_NAME, "--overwrite")
    assert run.code == 2
    assert "inside the library's folder" in run.err
    assert len(airquote("list", "--json").answers) == 1


@pytest.mark.usefixtures("recorded_talk")
def test_hits_that_cannot_be_remembered_are_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    word = airquote("show", "talk", "--json").answers[0]["text"].split()[0]
    assert "play N" in airquote("search", word).err
    monkeypatch.setattr("pipeline.facade.open_library.save_places", lambda *_: False)
    run = airquote("search", word)
    assert run.code == 0
    assert "cannot refer to these hits" in run.err


@pytest.mark.usefixtures("recorded_talk")
def test_only_the_words_that_were_asked_for_are_marked(library: Path) -> None:
    file = library.parent / "words.srt"
    file.write_text(CUES)
    airquote("import", file)
    assert "The **ferry** left. It came **back.**" in airquote("search", "ferry back").out
    assert "The **ferry left. It came** back." in airquote("search", '"ferry left it came"').out


def test_a_pipe_is_neither_waited_for_nor_taken_for_a_recording(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    speak(folder / "a.wav", 1)
    os.mkfifo(folder / "pipe.mp3")
    assert [answer["status"] for answer in transcribe(folder).answers] == ["done"]
    run = transcribe(folder / "pipe.mp3")
    assert run.code == 3
    assert "not a regular file" in run.answer["reason"]


@pytest.mark.parametrize(("name", "code"), [("English", 0), ("EN", 0), ("en-GB", 0), ("klingon", 2), ("1", 2)])
def test_a_language_may_be_written_as_people_do(name: str, code: int, tmp_path: Path) -> None:
    run = transcribe(speak(tmp_path / "talk.wav", 1), "--language", name)
    assert run.code == code
    refusal = f"{name!r} is not a language. Write its code or its English name, such as de or German."
    assert (refusal in run.err) == (code == 2)


def test_doctor_notices_a_recording_that_changed(recorded_talk: Path) -> None:
    assert airquote("doctor").code == 0
    with recorded_talk.open("ab") as file:
        file.write(b"more")
    run = airquote("doctor", "--json")
    assert run.code == 4
    (fault,) = [finding for finding in run.answers if not finding["ok"]]
    assert str(recorded_talk) in fault["detail"]


def test_an_ogg_file_without_its_end_is_cut_off(tmp_path: Path) -> None:
    whole = write_as("opus", tmp_path, make_speech(4))
    assert transcribe(whole).code == 0
    cut = tmp_path / "cut.opus"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    run = transcribe(cut)
    assert run.code == 3
    assert "its end is missing" in run.answer["reason"]
    assert transcribe(cut, "--partial").code == 0


@pytest.mark.parametrize("empty", [True, False])
@pytest.mark.usefixtures("recorded_talk")
def test_a_library_that_was_lost_is_not_taken_for_a_new_one(empty: bool, library: Path) -> None:
    shutil.copy(library / STORE_NAME, library.parent / "backup")
    for file in library.glob(f"{STORE_NAME}*"):
        file.unlink()
    if empty:
        (library / STORE_NAME).touch()
    for command in ("list", "doctor", "search x"):
        run = airquote(*command.split())
        assert run.code == 4
        assert "missing or empty" in run.err + run.out
    shutil.move(library.parent / "backup", library / STORE_NAME)
    assert airquote("list").code == 0


@pytest.mark.parametrize(("source", "said"), [("", "empty name"), ("ftp://example.org/a.mp3", "Download it first")])
def test_what_names_no_file_is_wrong_usage(source: str, said: str, tmp_path: Path) -> None:
    run = airquote("transcribe", *ENGINE, source, speak(tmp_path / "talk.wav", 1))
    assert run.code == 2
    assert said in run.err
    assert run.out == ""


def test_an_import_can_be_tied_to_its_sound_and_renamed_later(tmp_path: Path) -> None:
    file = tmp_path / "words.srt"
    file.write_text(CUES)
    airquote("import", file)
    refused = airquote("clip", "words", 1, 2, "-o", tmp_path / "clip.wav")
    assert refused.code == 3
    assert "--audio" in refused.err
    sound = speak(tmp_path / "sound.wav", 2)
    again = airquote("import", file, "--audio", sound, "--title", "Ferries", "--json")
    assert again.answer["status"] == "skipped"
    assert again.answer["reason"] == f"already imported; title: words → Ferries; recording: - → {sound}"
    (row,) = airquote("list", "--json").answers
    assert (row["title"], row["media"]) == ("Ferries", str(sound))
    assert airquote("clip", "words", 1, 2, "-o", tmp_path / "clip.wav").code == 0


@pytest.mark.usefixtures("recorded_talk")
def test_a_clip_that_ends_past_the_end_is_refused(tmp_path: Path) -> None:
    run = airquote("clip", "talk", 1, "1:00:00", "-o", tmp_path / "clip.wav")
    assert run.code == 2
    assert "past the end" in run.err
    assert not (tmp_path / "clip.wav").exists()


@pytest.mark.usefixtures("recorded_talk")
def test_an_export_follows_the_ending_of_its_file(tmp_path: Path) -> None:
    assert airquote("export", "talk", "-o", tmp_path / "talk.vtt").code == 0
    assert (tmp_path / "talk.vtt").read_text().startswith("WEBVTT")
