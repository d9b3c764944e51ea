"""The batch: no file is transcribed twice, and a bad file neither stops the others nor counts as done."""

from __future__ import annotations

import logging
import pkgutil
import shutil
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from audio_samples import write_wav
from fake_engine import (
    ENGINE,
    MODEL,
    FakeEngine,
    Run,
    airquote,
    finish,
    make_speech,
    raise_at,
    speak,
    start,
    states,
    stored,
    transcribe,
    write_driver,
)

from audio.errors import make_room
from audio.samples import SAMPLE_RATE
from index.errors import LibraryError
from index.storage.store import Store
from pipeline.engines.choose import EngineSpec
from pipeline.library import Library
from pipeline.progress import FileClosed, ProgressEvent
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Plan

pytestmark = pytest.mark.usefixtures("engine")


def outcomes(run: Run) -> dict[str, str]:
    return {Path(answer["source"]).name: answer["status"] for answer in run.answers}


def test_what_is_done_is_skipped(tmp_path: Path, engine: FakeEngine) -> None:
    file = speak(tmp_path / "talk.wav", 3)
    first, second = transcribe(file), transcribe(file)
    assert first.answer == {"source": str(file), "episode": "talk", "status": "done", "reason": None}
    assert second.answer == {
        "source": str(file),
        "episode": "talk",
        "status": "skipped",
        "reason": "already transcribed",
    }
    assert first.code == second.code == 0
    assert len(engine.asked) == 3


def test_the_log_of_a_file_contains_only_what_is_known(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = speak(tmp_path / "talk.wav", 2)
    empty = tmp_path / "x.mp3"
    empty.touch()
    with caplog.at_level(logging.INFO, "airquote.batch"):
        (reason,) = [answer["reason"] for answer in transcribe(file, empty).answers if answer["reason"]]
    assert caplog.messages == [f"{file}: done, episode talk", f"{empty}: failed, {reason}"]


def test_a_file_that_moved_is_linked_again(tmp_path: Path) -> None:
    file = speak(tmp_path / "talk.wav", 2)
    transcribe(file)
    moved = file.rename(tmp_path / "elsewhere.wav")
    refused = airquote("clip", "talk", 1, 2, "-o", tmp_path / "clip.wav")
    assert refused.code == 3
    assert str(file) in refused.err
    assert "airquote relink" in refused.err
    assert transcribe(moved).answer["status"] == "skipped"
    assert airquote("clip", "talk", 1, 2, "-o", tmp_path / "clip.wav").code == 0
    assert [row["media"] for row in airquote("list", "--json").answers] == [str(moved)]


def test_a_file_that_moved_while_another_took_its_place_is_linked_again(tmp_path: Path) -> None:
    file = speak(tmp_path / "talk.wav", 2)
    transcribe(file)
    moved = file.rename(tmp_path / "elsewhere.wav")
    speak(file, 3, seed=1)
    transcribe(moved)
    assert airquote("clip", "talk", 1, 2, "-o", tmp_path / "clip.wav").code == 0


def test_a_file_that_changed_is_another_episode(tmp_path: Path) -> None:
    file = speak(tmp_path / "talk.wav", 2)
    transcribe(file)
    speak(file, 3, seed=1)
    other = transcribe(file).answer
    assert other["status"] == "done"
    assert other["episode"] != "talk"
    for command in (("play", "talk", 1), ("clip", "talk", 1, 2, "-o", tmp_path / "clip.wav")):
        refused = airquote(*command)
        assert refused.code == 3
        assert refused.out == ""
        assert str(file) in refused.err
        assert "no longer the file" in refused.err
    assert not (tmp_path / "clip.wav").exists()
    assert airquote("clip", other["episode"], 1, 2, "-o", tmp_path / "clip.wav").code == 0


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_file_twice_and_a_copy_of_it_are_transcribed_once(jobs: int, tmp_path: Path) -> None:
    file = speak(tmp_path / "in" / "talk.wav", 3)
    shutil.copy(file, tmp_path / "in" / "copy of talk.wav")
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log")
    run = finish(start(driver, "transcribe", *ENGINE, "--json", "--jobs", jobs, tmp_path / "in", file, file))
    assert run.code == 0, run.err
    assert sorted(answer["status"] for answer in run.answers) == ["done", "skipped"]
    assert len({answer["episode"] for answer in run.answers}) == 1
    assert "another airquote" not in run.out
    assert len((tmp_path / "log").read_text().splitlines()) == 3


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    speak(folder / "a.wav", 2, seed=1)
    (folder / "b.mp3").write_bytes(b"")
    (folder / "c.mp3").write_text("<!doctype html><p>Not found</p>" * 50)
    speak(folder / "d.wav", 2, seed=2)
    run = transcribe(folder, tmp_path / "missing.mp3")
    assert run.code == 3
    assert outcomes(run) == {
        "a.wav": "done", "b.mp3": "failed", "c.mp3": "failed", "d.wav": "done", "missing.mp3": "failed",
    }  # fmt: skip
    for answer in run.answers:
        assert (answer["reason"] is None) == (answer["status"] == "done")
        assert answer["status"] == "done" or answer["source"] in answer["reason"]
    assert [row["state"] for row in airquote("list", "--json").answers] == ["transcribed"] * 2


def test_what_was_done_before_the_machine_gave_up_is_told(tmp_path: Path, engine: FakeEngine) -> None:
    def give_up(call: int) -> None:
        if call == 1:
            raise LibraryError("The disk is full.", make_room("Make room."))

    engine.before = give_up
    run = transcribe(speak(tmp_path / "a.wav", 2, seed=1), speak(tmp_path / "b.wav", 2, seed=2))
    assert run.code == 4
    assert outcomes(run) == {"a.wav": "done"}
    assert "The disk is full. Make room." in run.err


def test_only_a_bad_file_is_a_failure_too(tmp_path: Path) -> None:
    (tmp_path / "b.mp3").write_bytes(b"")
    assert transcribe(tmp_path / "b.mp3").code == 3


def test_an_engine_that_breaks_on_one_file_goes_on_with_the_next(tmp_path: Path, engine: FakeEngine) -> None:
    files = [speak(tmp_path / f"{name}.wav", 2, seed) for seed, name in enumerate("abc")]
    engine.before = raise_at(1)
    run = transcribe(*files)
    assert run.code == 3
    assert outcomes(run) == {"a.wav": "done", "b.wav": "failed", "c.wav": "done"}
    assert "RuntimeError('stop')" in run.answers[1]["reason"]


@pytest.mark.parametrize("fault", [RuntimeError, MemoryError, UnicodeDecodeError])
@pytest.mark.parametrize(
    "place",
    [
        "pipeline.batch.batch.probe_media",
        "pipeline.batch.batch.hash_file",
        "pipeline.batch.batch.name_episode",
        "pipeline.batch.file_in_progress.assemble_transcript",
        "pipeline.transcription.surveying.scanning.decode_audio",
    ],
)
def test_a_fault_of_any_kind_in_one_file_is_the_failure_of_that_file(
    place: str,
    fault: type[Exception],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    files = [speak(tmp_path / f"{name}.wav", 1, seed) for seed, name in enumerate("abc")]
    real, calls = pkgutil.resolve_name(place), count()
    error = fault("utf-8", b"x", 0, 1, "odd") if fault is UnicodeDecodeError else fault("odd")

    def break_once(first: Any, *rest: Any, **named: Any) -> Any:
        if first in (files[1], "b") or (isinstance(first, Plan) and next(calls) == 1):
            raise error
        return real(first, *rest, **named)

    monkeypatch.setattr(place, break_once)
    run = transcribe(*files)
    assert run.code == 3, run.err
    assert outcomes(run) == {"a.wav": "done", "b.wav": "failed", "c.wav": "done"}
    assert "Traceback" not in run.err + run.out
    (failed,) = [answer for answer in run.answers if answer["status"] == "failed"]
    assert str(files[1]) in failed["reason"]
    assert "odd" in failed["reason"]
    assert ("memory" in failed["reason"]) == (fault is MemoryError)
    assert any(record.exc_info and record.exc_info[0] is fault for record in caplog.records), (
        "the log has the traceback"
    )


@pytest.mark.parametrize(
    "place", ["pipeline.batch.batch.probe_media", "pipeline.batch.file_in_progress.assemble_transcript"]
)
def test_what_every_file_would_meet_still_ends_the_batch(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise LibraryError("The disk is full.", make_room("Make room."))

    monkeypatch.setattr(place, stop)
    run = transcribe(speak(tmp_path / "a.wav", 1, seed=1), speak(tmp_path / "b.wav", 1, seed=2))
    assert (run.code, run.out) == (4, "")
    assert "The disk is full. Make room." in run.err


def test_a_worker_process_that_dies_costs_only_its_file(tmp_path: Path) -> None:
    files = [speak(tmp_path / f"{name}.wav", 3, seed) for seed, name in enumerate("abcd")]
    setup = f"""
    from fake_engine import fingerprint
    decode = engine._decode
    def die_once(window, language):
        try:
            Path({str(tmp_path / "died")!r}).touch(exist_ok=False)
        except FileExistsError:
            return decode(window, language)
        os.kill(os.getpid(), signal.SIGKILL)
    class Dying(FakeEngine):
        _decode = staticmethod(die_once)
    engine = Dying(log=engine.log)
    """
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", setup)
    run = finish(start(driver, "transcribe", *ENGINE, "--json", "--jobs", 2, *files))
    assert run.code == 3, run.err
    assert sorted(outcomes(run).values()) == ["done", "done", "done", "failed"]
    (failed,) = [answer for answer in run.answers if answer["status"] == "failed"]
    assert "died" in failed["reason"]
    again = finish(start(driver, "transcribe", *ENGINE, "--json", "--jobs", 2, *files))
    assert again.code == 0, again.err
    assert sorted(outcomes(again).values()) == ["done", "skipped", "skipped", "skipped"]


def test_a_worker_that_died_before_its_first_file_fails_that_file(tmp_path: Path) -> None:
    files = [speak(tmp_path / f"{name}.wav", 1, seed) for seed, name in enumerate("ab")]
    setup = """
    if __name__ != "__main__":
        os._exit(9)
    """
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", setup)
    run = finish(start(driver, "transcribe", *ENGINE, "--json", "--jobs", 2, *files))
    assert run.code == 3, run.err
    assert outcomes(run) == {"a.wav": "failed", "b.wav": "failed"}


def test_a_worker_that_died_with_nothing_to_do_fails_only_the_next_file(tmp_path: Path) -> None:
    files = [speak(tmp_path / f"{name}.wav", 1, seed) for seed, name in enumerate("abc")]
    setup = """
    from pipeline.batch.running.executor import _Worker
    take = _Worker.take
    def die_idle(worker, work):
        if work.media.name == "c.wav":
            worker._process.kill()
            worker._process.join()
        take(worker, work)
    _Worker.take = die_idle
    """
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", setup)
    run = finish(start(driver, "transcribe", *ENGINE, "--json", "--jobs", 2, *files))
    assert run.code == 3, run.err
    assert outcomes(run) == {"a.wav": "done", "b.wav": "done", "c.wav": "failed"}


def test_two_runs_on_one_library_transcribe_every_file_once(tmp_path: Path, library: Path) -> None:
    files = [speak(tmp_path / "in" / f"{number}.wav", 3, number) for number in range(6)]
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", "engine.before = lambda _: time.sleep(0.05)\n")
    processes = [start(driver, "transcribe", *ENGINE, "--json", tmp_path / "in") for _ in range(2)]
    runs = [finish(process) for process in processes]
    assert [run.code for run in runs] == [0, 0], [run.err for run in runs]
    done = [name for run in runs for name, status in outcomes(run).items() if status == "done"]
    assert sorted(done) == sorted(file.name for file in files)
    asked = [line.split()[1] for line in (tmp_path / "log").read_text().splitlines()]
    assert len(asked) == len(set(asked)) == 18
    assert states(library) == ["transcribed"] * 6
    with Store.open(library) as store:
        assert store.check() == []


def test_an_episode_is_not_removed_while_another_process_transcribes_it(tmp_path: Path, library: Path) -> None:
    file = speak(tmp_path / "talk.wav", 4)
    flag, begun = tmp_path / "go", tmp_path / "begun"
    setup = f"""
    def wait(_):
        Path({str(begun)!r}).touch()
        while not Path({str(flag)!r}).exists():
            time.sleep(0.02)
    engine.before = wait
    """
    process = start(write_driver(tmp_path / "driver.py", tmp_path / "log", setup), "transcribe", *ENGINE, file)
    while not begun.exists() and process.poll() is None:
        pass
    refused = airquote("remove", "talk")
    flag.touch()
    assert finish(process).code == 0
    assert refused.code == 2
    assert "being transcribed" in refused.err
    assert states(library) == ["transcribed"]
    assert airquote("remove", "talk").code == 0


def test_a_file_without_speech_is_done_and_marked(tmp_path: Path, library: Path) -> None:
    file = write_wav(tmp_path / "silence.wav", make_speech(0), SAMPLE_RATE)
    run = transcribe(file)
    assert run.code == 0
    assert run.answer["status"] == "done"
    assert run.answer["reason"] == "no speech in it"
    assert stored(library)[1].words == ()
    assert transcribe(file).answer["status"] == "skipped"
    shown = airquote("show", "silence")
    assert shown.code == 0
    assert shown.out == ""
    assert "no speech" in shown.err
    assert airquote("at", "silence", 1, "--json").answer["text"] is None


def test_a_cut_off_file_fails_unless_it_is_taken_for_what_is_there(tmp_path: Path) -> None:
    sample = Path(__file__).parent / "data" / "interview.mp3"
    data = sample.read_bytes()
    file = tmp_path / "cut.mp3"
    file.write_bytes(data[: len(data) // 4])
    refused = transcribe(file)
    assert refused.code == 3
    assert str(file) in refused.answer["reason"]
    assert "--partial" in refused.answer["reason"]
    assert airquote("list", "--json").answers == [], "nothing came of it, so nothing stays of it"
    taken = transcribe(file, "--partial")
    assert taken.code == 0
    assert taken.answer["status"] == "done"
    (row,) = airquote("list", "--json").answers
    assert 20 < row["duration"] < 80


def test_a_file_that_changes_meanwhile_is_not_called_done(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    file = speak(tmp_path / "growing.wav", 4)

    def grow(call: int) -> None:
        if call == 1:
            speak(file, 5, seed=3)

    engine.before = grow
    run = transcribe(file)
    assert run.code == 3
    assert "changed" in run.answer["reason"]
    assert states(library) == []
    engine.before = lambda _: None
    assert transcribe(file).answer["status"] == "done"


def test_show_and_title_are_kept_and_may_be_changed_later(tmp_path: Path) -> None:
    file = speak(tmp_path / "talk.wav", 1)
    transcribe(file, "--show", "Fail Better", "--title", "More to come")
    (row,) = airquote("list", "--json").answers
    assert (row["episode"], row["show"], row["title"]) == ("more-to-come", "Fail Better", "More to come")
    transcribe(file, "--title", "Another")
    (renamed,) = airquote("list", "--json").answers
    assert renamed == {**row, "title": "Another"}


def test_folders_are_searched_in_order_without_hidden_files(tmp_path: Path) -> None:
    for seed, name in enumerate(("b/2.wav", "b/1.WAV", "a.wav", "._a.wav", ".trash/c.wav")):
        speak(tmp_path / "in" / name, 1, seed)
    run = transcribe(tmp_path / "in")
    assert [Path(answer["source"]).name for answer in run.answers] == ["a.wav", "1.WAV", "2.wav"]


def test_an_import_is_somebodys_own_transcript_and_is_kept(tmp_path: Path, library: Path) -> None:
    file = speak(tmp_path / "talk.wav", 2)
    cues = tmp_path / "talk.srt"
    cues.write_text("1\n00:00:03,000 --> 00:00:04,500\nOur own words.\n")
    assert airquote("import", cues, "--audio", file).code == 0
    assert transcribe(file).answer["status"] == "skipped"
    assert stored(library)[1].engine == "import"
    assert transcribe(file, "--force").answer["status"] == "done"
    assert stored(library)[1].engine == "faster-whisper"


def test_a_progress_callback_that_fails_when_a_file_is_closed_ends_the_batch(tmp_path: Path, library: Path) -> None:
    def fail(event: ProgressEvent) -> None:
        if isinstance(event, FileClosed):
            raise ZeroDivisionError

    options = TranscriptionOptions(EngineSpec("faster-whisper", MODEL, "cpu"))
    with Library.open(library, create=True, progress=fail) as opened, pytest.raises(ZeroDivisionError):
        opened.transcribe([speak(tmp_path / "talk.wav", 2)], options)
