"""Import and export of transcripts, through the command line."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_engine import ROOT, FakeEngine, airquote, speak, states, transcribe
from processes import start_apart

from index.formats.cues import TranscriptFile
from index.formats.reading import parse_file
from index.fulltext.maintenance import Progress, update_index
from index.storage.store import Store
from pipeline.library import Library

SRT = """1
00:00:03,000 --> 00:00:04,500
We never stopped.

2
00:00:07,500 --> 00:00:09,000
There is more to come.
"""
VTT = "WEBVTT\n\n" + SRT.replace(",", ".").replace("1\n", "", 1).replace("\n2\n", "\n")
WHISPER = {
    "text": " We never stopped. There is more to come.",
    "language": "en",
    "segments": [
        {"id": 0, "start": 3.0, "end": 4.5, "text": " We never stopped."},
        {"id": 1, "start": 7.5, "end": 9.0, "text": " There is more to come."},
    ],
}
FILES = {"a.srt": SRT, "a.vtt": VTT, "a.json": json.dumps(WHISPER)}


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A transcript of two sentences in one of the formats."""
    path = tmp_path / str(request.param)
    path.write_text(FILES[path.name], encoding="utf-8")
    return path


def test_an_import_is_searchable_at_once_and_marked_as_interpolated(file: Path) -> None:
    imported = airquote("import", file, "--json")
    assert imported.code == 0
    assert imported.answer == {"source": str(file), "episode": "a", "status": "done", "reason": None}
    found = airquote("search", '"stopped there is"', "--json")
    assert (found.answer["start"], found.answer["end"]) == pytest.approx((4.0, 8.1), abs=0.5)
    (row,) = airquote("list", "--json").answers
    assert (row["state"], row["engine"], row["media"], row["duration"]) == ("imported", "import", None, None)
    assert row["language"] == "en"
    shown = airquote("show", "a", "--json").answers
    assert [(line["start"], line["end"], line["text"]) for line in shown] == [
        (3.0, 4.5, "We never stopped."),
        (7.5, 9.0, "There is more to come."),
    ], "cues stay segments"
    from pipeline.settings import load_settings

    with Store.open(load_settings({}).library) as store:
        facts = store.facts("a")
    assert facts is not None
    assert facts.timing == "interpolated"


def test_the_same_file_again_is_skipped(file: Path, tmp_path: Path) -> None:
    airquote("import", file)
    again = airquote("import", file, "--json")
    assert again.code == 0
    assert again.answer == {"source": str(file), "episode": "a", "status": "skipped", "reason": "already imported"}
    copy = tmp_path / "copy"
    copy.write_bytes(file.read_bytes())
    assert airquote("import", copy, "--json").answer["status"] == "skipped"
    assert len(airquote("list", "--json").answers) == 1


def test_a_transcript_tied_to_its_sound_can_be_heard(file: Path, tmp_path: Path) -> None:
    sound = speak(tmp_path / "talk.wav", 2)
    data = sound.read_bytes()
    assert airquote("import", file, "--audio", sound, "--title", "The Talk", "--show", "A Show").code == 0
    (row,) = airquote("list", "--json").answers
    assert (row["episode"], row["title"], row["show"]) == ("the-talk", "The Talk", "A Show")
    assert (row["media"], row["duration"]) == (str(sound), 12.0)
    airquote("search", "more")
    assert airquote("clip", 1, "-o", tmp_path / "more.wav").code == 0
    assert airquote("at", "the-talk", "12.5").code == 2
    assert sound.read_bytes() == data


def test_an_import_has_the_date_that_it_is_given_and_gets_it_later(file: Path) -> None:
    assert airquote("import", file, "--date", "2024-05-31").code == 0
    assert airquote("list", "--json").answer["published"] == "2024-05-31"
    again = airquote("import", file, "--date", "2024-06-01", "--json")
    assert (again.code, again.answer["status"]) == (0, "skipped")
    assert again.answer["reason"] == "already imported; date: 2024-05-31 → 2024-06-01"
    assert airquote("import", file, "--json").answer["reason"] == "already imported"
    assert airquote("list", "--json").answer["published"] == "2024-06-01"


def test_a_known_file_says_what_an_import_changes_of_its_episode(file: Path) -> None:
    assert airquote("import", file, "--show", "Harbour").code == 0
    again = airquote("import", file, "--title", "The Talk", "--show", "Tides", "--language", "de", "--json")
    assert again.code == 0
    assert again.answer["reason"] == "already imported; show: Harbour → Tides; title: a → The Talk; language: en → de"
    (row,) = airquote("list", "--json").answers
    assert (row["title"], row["show"], row["language"]) == ("The Talk", "Tides", "de")
    same = airquote("import", file, "--title", "The Talk", "--show", "Tides", "--language", "de", "--json")
    assert same.answer["reason"] == "already imported"


def test_a_file_that_changed_since_it_was_imported_replaces_and_doubles_nothing(file: Path) -> None:
    airquote("import", file, "--title", "The Talk")
    file.write_text(file.read_text(encoding="utf-8").replace("more", "less"), encoding="utf-8")
    again = airquote("import", file, "--title", "Another", "--json")
    assert (again.code, again.answer["status"], again.answer["episode"]) == (0, "skipped", "the-talk")
    assert again.answer["reason"].startswith("imported before as the-talk, and changed since; --force ")
    assert [row["title"] for row in airquote("list", "--json").answers] == ["The Talk"]
    assert airquote("search", "more").code == 0
    assert airquote("search", "less").code == 1


def test_force_imports_a_changed_file_anew_and_keeps_what_was_edited(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    file.write_text(SRT.replace("We never", "SPEAKER_1: We never"), encoding="utf-8")
    airquote("import", file, "--show", "Harbour")
    assert airquote("edit", "talk", "--speaker", "1=Ann Lee", "--title", "Mended").code == 0
    file.write_text(file.read_text(encoding="utf-8").replace("stopped", "halted"), encoding="utf-8")
    forced = airquote("import", file, "--force", "--title", "Talk", "--json")
    assert (forced.code, forced.answer["status"], forced.answer["episode"]) == (0, "done", "talk")
    assert forced.answer["reason"] == "transcript replaced; title edited by hand, so kept"
    (row,) = airquote("list", "--json").answers
    assert (row["title"], row["show"]) == ("Mended", "Harbour")
    found = airquote("search", "halted", "--json").answer
    assert (found["episode"], found["speaker"]) == ("talk", "Ann Lee")
    assert airquote("search", "stopped").code == 1
    assert airquote("import", file, "--json").answer["reason"] == "already imported"


def test_files_of_one_name_in_two_folders_are_two_episodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, word in (("one", "stopped"), ("two", "began")):
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        Path("talk.srt").write_text(SRT.replace("stopped", word), encoding="utf-8")
        assert airquote("import", "talk.srt", "--json").answer["status"] == "done"
    assert len(airquote("list", "--json").answers) == 2


def test_force_replaces_the_transcript_that_a_recording_has(file: Path, recorded_talk: Path) -> None:
    refused = airquote("import", file, "--audio", recorded_talk)
    assert (refused.code, "--force" in refused.out) == (3, True)
    forced = airquote("import", file, "--audio", recorded_talk, "--force", "--json").answer
    assert (forced["status"], forced["episode"]) == ("done", "talk")
    assert "transcript replaced" in forced["reason"]
    assert [row["engine"] for row in airquote("list", "--json").answers] == ["import"]


@pytest.mark.parametrize("date", ["yesterday", "2024-13-01", "2023-02-29", "31.5.2024", "", "2024-00", "20"])
def test_a_date_that_is_none_is_wrong_usage_and_imports_nothing(date: str, file: Path, library: Path) -> None:
    run = airquote("import", file, "--date", date)
    assert (run.code, run.out) == (2, "")
    assert repr(date) in run.err
    assert not library.exists()


def test_a_batch_of_imports_is_indexed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    updates: list[object] = []

    def update(store: Store, progress: Progress) -> None:
        updates.append(progress)
        update_index(store, progress)

    monkeypatch.setattr("index.fulltext.maintenance.update_index", update)
    files = [tmp_path / f"{name}.srt" for name in ("one", "two", "three")]
    for path in files:
        path.write_text(SRT.replace("stopped", path.stem), encoding="utf-8")
    assert airquote("import", *files).code == 0
    assert len(updates) == 1
    for path in files:
        assert airquote("search", path.stem, "--json").answer["episode"] == path.stem


def test_an_import_without_sound_cannot_be_heard_and_says_why(file: Path, tmp_path: Path) -> None:
    airquote("import", file)
    for command in (("play", "a", 1), ("clip", "a", 1, 2, "-o", tmp_path / "x.wav")):
        run = airquote(*command)
        assert (run.code, run.out) == (3, "")
        assert "without a recording" in run.err
        assert "--audio" in run.err
    assert airquote("at", "a", "8").code == 0
    assert airquote("at", "a", "10").code == 2, "past its last word"
    assert airquote("remove", "a").code == 0
    assert airquote("search", "more").code == 1


def test_sound_that_has_a_transcript_already_is_not_imported_over(
    file: Path, tmp_path: Path, engine: FakeEngine
) -> None:
    engine.answers.extend(["first words."])
    sound = speak(tmp_path / "talk.wav", 1)
    transcribe(sound)
    run = airquote("import", file, "--audio", sound, "--json")
    assert run.code == 3
    assert run.answer["status"] == "failed"
    assert "To replace its transcript, add --force." in run.answer["reason"]
    assert airquote("search", "first").code == 0


def test_a_file_that_cannot_be_read_does_not_stop_the_others(file: Path, tmp_path: Path) -> None:
    bad = {"empty.srt": b"", "noise.json": b"{", "sound.vtt": b"RIFF\0\0\0\0WAVE", "page.srt": b"<html></html>"}
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    missing = tmp_path / "missing.srt"
    run = airquote("import", *(tmp_path / name for name in bad), missing, file, "--json")
    assert run.code == 3
    assert [answer["status"] for answer in run.answers] == ["failed"] * 5 + ["done"]
    for answer in run.answers[:-1]:
        assert answer["episode"] is None
        assert answer["source"] in answer["reason"]
    assert len(airquote("list", "--json").answers) == 1


def import_apart(folder: Path, file: Path) -> None:
    with Library.open(folder, create=True) as library:
        (outcome,) = library.import_transcripts([file])
    assert outcome.status in ("done", "skipped")


def test_simultaneous_imports_of_a_file_make_one_episode(file: Path, tmp_path: Path) -> None:
    for attempt in range(3):
        folder = tmp_path / f"library {attempt}"
        waiting = [start_apart(import_apart, folder, file) for _ in range(3)]
        assert [wait() for wait in waiting] == [0, 0, 0]
        with Store.open(folder) as store:
            assert [(episode.id, episode.state) for episode in store.episodes()] == [("a", "imported")]


def test_an_import_that_fails_leaves_nothing(file: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("index.storage.codecs.word_codec.encode_words", raise_full)
        assert airquote("import", file).code == 4
    with Store.open(library) as store:
        assert store.episodes() == []
    assert airquote("import", file, "--json").answer["episode"] == "a"


def raise_full(*_: object) -> bytes:
    raise sqlite3.OperationalError("database or disk is full")


def test_the_sound_that_is_being_transcribed_is_not_tied_meanwhile(
    file: Path, tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    sound = speak(tmp_path / "talk.wav", 8)
    runs = []
    engine.before = lambda call: (
        runs.append(airquote("import", file, "--audio", sound, "--json")) if call == 1 else None
    )
    assert transcribe(sound).answer["status"] == "done"
    (run,) = runs
    assert (run.code, run.answer["status"], run.answer["episode"]) == (0, "skipped", None)
    assert "another airquote" in run.answer["reason"]
    assert states(library) == ["transcribed"]


def test_files_of_one_name_have_the_same_ids_in_every_library(tmp_path: Path) -> None:
    ids = []
    for folder in ("one", "two"):
        for number in range(3):
            talk = tmp_path / str(number) / "talk.srt"
            talk.parent.mkdir(exist_ok=True)
            talk.write_text(SRT.replace("winter", f"{number}").replace("more", f"more {number}"), encoding="utf-8")
            ids.append(airquote("import", talk, "--json", "--library", tmp_path / folder).answer["episode"])
    assert ids[:3] == ids[3:]
    assert len(set(ids)) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_transcript_is_read_once(tmp_path: Path, library: Path) -> None:
    """A second reading of a pipe gives nothing, so that two transcripts from pipes would be taken for the same."""
    for number, text in enumerate((SRT, SRT.replace("more", "less"))):
        pipe = tmp_path / f"pipe {number}"
        os.mkfifo(pipe)
        writer = threading.Thread(target=pipe.write_text, args=(text,))
        writer.start()
        assert airquote("import", pipe, "--json").answer["status"] == "done"
        writer.join()
    assert states(library) == ["imported", "imported"]


@pytest.mark.parametrize("fault", [MemoryError, TypeError])
def test_a_fault_of_any_kind_in_one_file_does_not_stop_the_others(
    fault: type[Exception], file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = Path(shutil.copy(file, tmp_path / "bad.srt"))
    monkeypatch.setattr("pipeline.import_export.parse_file", _raise_for(bad, fault("odd")))
    run = airquote("import", bad, file, "--json")
    assert run.code == 3
    assert [answer["status"] for answer in run.answers] == ["failed", "done"]
    assert str(bad) in run.answers[0]["reason"]
    assert fault.__name__ in run.answers[0]["reason"]
    assert "Traceback" not in run.err


def _raise_for(bad: Path, error: Exception) -> Callable[..., TranscriptFile]:
    def parse(data: bytes, path: Path, encoding: str | None, *, untimed: bool) -> TranscriptFile:
        if path == bad:
            raise error
        return parse_file(data, path, encoding, untimed=untimed)

    return parse


@pytest.mark.parametrize("option", ["--audio", "--title"])
def test_sound_and_title_are_for_one_file(option: str, file: Path) -> None:
    run = airquote("import", file, file, option, "x")
    assert (run.code, run.out) == (2, "")
    assert option in run.err


def test_sound_that_is_none_fails_the_import(file: Path, tmp_path: Path) -> None:
    run = airquote("import", file, "--audio", tmp_path / "missing.mp3", "--json")
    assert run.code == 3
    assert "missing.mp3" in run.answer["reason"]
    assert airquote("list", "--json").answers == []


@pytest.mark.parametrize("format", ["json", "srt", "vtt"])
def test_export_import_export_gives_the_same_file(format: str, tmp_path: Path, engine: FakeEngine) -> None:
    engine.answers.extend(
        ["We never stopped. Not once.", '¿Por qué? Because "it" <was> & is --> more.', "It's 3.5 °C."]
    )
    transcribe(speak(tmp_path / "talk.wav", 3))
    first, second = tmp_path / f"first.{format}", tmp_path / f"second.{format}"
    assert airquote("export", "talk", "-f", format, "-o", first).code == 0
    imported = airquote("import", first, "--json", "--library", tmp_path / "other").answer
    assert imported["status"] == "done"
    assert (
        airquote("export", imported["episode"], "-f", format, "-o", second, "--library", tmp_path / "other").code == 0
    )
    assert second.read_bytes() == first.read_bytes()
    assert "stopped" in first.read_text(encoding="utf-8")


@pytest.mark.parametrize("format", ["json", "srt", "vtt", "txt", "tsv"])
def test_an_export_is_the_same_on_stdout_in_a_file_and_in_a_folder(format: str, file: Path, tmp_path: Path) -> None:
    airquote("import", file)
    folder = tmp_path / "out"
    folder.mkdir()
    printed = airquote("export", "a", "-f", format)
    assert (printed.code, printed.err) == (0, "")
    assert airquote("export", "a", "-f", format, "-o", tmp_path / "one").out.strip() == str(tmp_path / "one")
    assert airquote("export", "a", "-f", format, "-o", folder, "--json").answer == {
        "episode": "a", "format": format, "file": str(folder / f"a.{format}"), "document": None,
    }  # fmt: skip
    assert airquote("export", "a", "-f", format, "--json").answer["document"] == printed.out
    assert (tmp_path / "one").read_text(encoding="utf-8") == printed.out
    assert [path.name for path in folder.iterdir()] == [f"a.{format}"]
    assert (folder / f"a.{format}").read_text(encoding="utf-8") == printed.out


def test_an_export_never_replaces_a_file_unasked(file: Path, tmp_path: Path) -> None:
    airquote("import", file)
    target = tmp_path / "mine.txt"
    target.write_text("mine")
    refused = airquote("export", "a", "-o", target)
    assert (refused.code, refused.out) == (2, "")
    assert target.read_text() == "mine"
    assert airquote("export", "a", "-o", target, "--overwrite").code == 0
    assert "more to come" in target.read_text()
    assert airquote("export", "a", "-o", tmp_path / "no" / "folder.txt").code == 2
    assert airquote("export", "a", "-f", "pdf").code == 2


def test_a_transcript_without_words_is_imported_and_marked(tmp_path: Path) -> None:
    file = tmp_path / "silence.json"
    file.write_text(json.dumps({"text": "", "language": "en", "segments": []}))
    run = airquote("import", file, "--json")
    assert run.code == 0
    assert (run.answer["status"], run.answer["reason"]) == ("done", "no words in it")


BAD_CUE = SRT + "\n3\n00:00:10,500 --> 00:00:10,100\nNobody resigned.\n"


def test_a_bad_cue_is_named_by_import_and_export_and_refused_on_demand(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    file.write_text(BAD_CUE)
    refused = airquote("import", file, "--strict")
    assert refused.code == 3
    assert "line 10: expected an end after the start" in refused.err + refused.out
    assert "--strict" in refused.err + refused.out
    assert airquote("list", "--json").answers == []
    done = airquote("import", file, "--json")
    assert (done.code, done.answer["status"]) == (0, "done")
    assert done.answer["reason"] == "1 left out (line 10: expected an end after the start, found 10.5 to 10.1)"
    for run in (done, airquote("export", "talk", "-f", "srt")):
        assert "line 10: expected an end after the start" in run.err
        assert "Nobody resigned." in run.err
        assert "Nobody resigned." not in run.out
    assert airquote("search", '"more to come"').code == 0


def test_an_encoding_that_is_unsure_is_named_or_refused(tmp_path: Path) -> None:
    unsure = tmp_path / "unsure.srt"
    unsure.write_bytes(as_srt("Да").encode("cp1251"))
    refused = airquote("import", unsure)
    assert (refused.code, "--encoding" in refused.out + refused.err) == (3, True)
    assert airquote("import", unsure, "--encoding", "cp1251").code == 0
    assert "Да" in airquote("show", "unsure").out
    unknown = airquote("import", unsure, "--encoding", "klingon")
    assert (unknown.code, "klingon" in unknown.err) == (2, True)


def as_srt(said: str) -> str:
    return f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n"


@pytest.mark.weights
def test_text_without_times_gets_those_of_its_recording(tmp_path: Path) -> None:
    data = ROOT / "tests" / "data"
    spoken = json.loads((data / "interview.json").read_text(encoding="utf-8"))["utterances"]
    text = tmp_path / "talk.txt"
    text.write_text("\n\n".join(f"{one['speaker']}: {one['text']}" for one in spoken), encoding="utf-8")
    refused = airquote("import", text)
    assert (refused.code, "--align" in refused.out + refused.err) == (3, True)
    assert airquote("import", text, "--align", "--audio", data / "interview.mp3", "--model", "tiny.en").code == 0
    first = json.loads(airquote("at", "talk", spoken[2]["start"] + 0.5, "--json").out.splitlines()[0])
    assert spoken[2]["text"].startswith(first["text"].strip())


def test_a_changed_recording_of_an_import_can_be_imported_anew(file: Path, tmp_path: Path) -> None:
    sound = speak(tmp_path / "talk.wav", 2)
    assert airquote("import", file, "--audio", sound).code == 0
    speak(sound, 3, seed=1)
    refused = airquote("clip", "a", 1, 2, "-o", tmp_path / "clip.wav")
    assert refused.code == 3
    assert f"airquote import {file} --audio {sound} --force" in refused.err.replace("\n", " ")
    again = airquote("import", file, "--audio", sound)
    assert (again.code, "To replace it, add --force." in again.out.replace("\n", " ")) == (3, True)
    assert airquote("import", file, "--audio", sound, "--force").code == 0
    assert airquote("clip", "a", 1, 2, "-o", tmp_path / "clip.wav").code == 0
    assert airquote("list", "--json").answer["duration"] > 12.0


def test_a_failure_names_its_file_once_and_all_that_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.srt"
    cue = "{}\n00:00:{:02},000 --> 00:00:01,000\nNobody resigned.\n\n"
    bad.write_text(SRT + "\n" + cue.format(3, 20) + cue.format(4, 30))
    missing = tmp_path / "missing.srt"
    run = airquote("import", missing)
    assert (run.code, run.out.count(str(missing))) == (3, 1)
    refused = airquote("import", bad, "--strict", "--json").answer["reason"]
    assert refused.count("expected an end after the start") == 2
