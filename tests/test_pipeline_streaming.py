"""The engine begins while the file is still scanned for speech, and what it saves then is worth as much as later."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from audio_samples import FORMATS, detect_speech, make_bursts, write_as
from fake_engine import (
    ENGINE,
    GROUP_WINDOWS,
    FakeDetector,
    FakeEngine,
    finish,
    make_speech,
    speak,
    start,
    states,
    stored,
    transcribe,
    write_driver,
)
from made_recordings import write_tracks
from measuring import INTERVIEW

from audio.decode import decode_audio
from audio.headers import seems_cut_off
from audio.media import open_media
from audio.recording.sound_choice import FIRST_SOUND, SoundChoice
from audio.recording.tracks import choose_track
from audio.samples import SAMPLE_RATE, WINDOW_SAMPLES, Samples
from audio.seeking.sampled_speech import sample_speech
from audio.voice_activity import SpeechDetector
from index.storage.store import Store
from pipeline.transcription.surveying import scanning

WINDOWS = 9
HELD_AT = 15
"""Blocks of two seconds: the first two groups are known by then, and no third."""
PATIENCE = 120.0
"""Seconds after which a scan that should have been let go fails its test."""


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Until it is set, no scan goes on after HELD_AT blocks."""
    gate = Event()

    def held(*arguments: Any, **named: Any) -> Iterator[Samples]:
        for number, block in enumerate(decode_audio(*arguments, **named)):
            if number == HELD_AT:
                assert gate.wait(PATIENCE)
            yield block

    monkeypatch.setattr("audio.decode.BLOCK_SECONDS", 2.0)
    monkeypatch.setattr("pipeline.transcription.surveying.scanning.decode_audio", held)
    return gate


def saved_plan(library: Path) -> dict[str, Any]:
    """The plan of the only draft of a library."""
    with Store.open(library) as store:
        ((plan,),) = store._rows("SELECT plan FROM drafts")
    return dict(json.loads(plan))


def open_at(gate: Event, engine: FakeEngine, number: int, fault: Exception | None = None) -> None:
    """Let the scan go on at the engine's call of this number, which raises ``fault`` if there is one."""

    def before(call: int) -> None:
        if call == number:
            gate.set()
            if fault is not None:
                raise fault

    engine.before = before


def test_words_are_saved_before_the_file_is_scanned_to_its_end(
    tmp_path: Path, library: Path, engine: FakeEngine, gate: Event
) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    seen: list[dict[str, Any]] = []

    def before(call: int) -> None:
        if call == 1:
            seen.append(saved_plan(library))
            gate.set()

    engine.before = before
    assert transcribe(file).answer["status"] == "done"
    assert seen[0]["complete"] is False
    assert GROUP_WINDOWS <= len(seen[0]["windows"]) < WINDOWS
    assert seen[0]["duration"] == pytest.approx(3.0 + 4.5 * WINDOWS), "as its header states"
    assert transcribe(file, "--library", tmp_path / "whole").code == 0
    assert stored(library) == stored(tmp_path / "whole")


@pytest.mark.parametrize("groups", [0, 1])
def test_a_run_that_fails_amid_the_scan_goes_on_and_ends_the_same(
    groups: int, tmp_path: Path, library: Path, engine: FakeEngine, gate: Event
) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    open_at(gate, engine, groups, RuntimeError("the model broke"))
    assert transcribe(file).code == 3
    assert states(library) == ["transcribing"]
    assert saved_plan(library)["complete"] is False
    engine.asked.clear()
    assert transcribe(file).answer["status"] == "done"
    rest = list(engine.asked)
    engine.asked.clear()
    assert transcribe(file, "--library", tmp_path / "whole").code == 0
    assert rest == engine.asked[groups * GROUP_WINDOWS :], "only what was missing is asked for"
    assert stored(library) == stored(tmp_path / "whole")


@pytest.mark.parametrize("groups", [0, 1])
def test_a_process_that_is_killed_amid_the_scan_goes_on_and_ends_the_same(
    groups: int, tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    setup = f"""
    import audio.decode, pipeline.transcription.surveying.scanning as scanning
    audio.decode.BLOCK_SECONDS = 2.0
    def held(*arguments, **named):
        for number, block in enumerate(audio.decode.decode_audio(*arguments, **named)):
            while number == {HELD_AT}:
                time.sleep(1)
            yield block
    scanning.decode_audio = held
    def kill(call):
        if call == {groups}:
            os.kill(os.getpid(), signal.SIGKILL)
    engine.before = kill
    """
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", setup)
    assert finish(start(driver, "transcribe", *ENGINE, file)).code == -signal.SIGKILL
    assert saved_plan(library)["complete"] is False
    assert transcribe(file).answer["status"] == "done"
    rest = list(engine.asked)
    engine.asked.clear()
    assert transcribe(file, "--library", tmp_path / "whole").code == 0
    assert rest == engine.asked[groups * GROUP_WINDOWS :]
    assert stored(library) == stored(tmp_path / "whole")


def test_what_was_saved_of_other_windows_is_not_mixed_in(
    tmp_path: Path, library: Path, engine: FakeEngine, gate: Event
) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    open_at(gate, engine, 1, RuntimeError("the model broke"))
    assert transcribe(file).code == 3
    plan = saved_plan(library)
    plan["windows"][0][0][0] += 0.1
    with Store.open(library) as store, store.transaction():
        store._connection.execute("UPDATE drafts SET plan = ?", (json.dumps(plan),))
    engine.asked.clear()
    assert transcribe(file).answer["status"] == "done"
    assert len(engine.asked) == WINDOWS
    assert transcribe(file, "--library", tmp_path / "whole").code == 0
    assert stored(library) == stored(tmp_path / "whole")


def test_a_file_that_proves_cut_off_keeps_its_words_for_partial(
    tmp_path: Path, library: Path, engine: FakeEngine, gate: Event
) -> None:
    file = write_tracks(tmp_path / "talk.flac", [make_speech(2 * WINDOWS)], codec="flac")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    open_at(gate, engine, 1)
    refused = transcribe(file)
    assert refused.code == 3
    assert "--partial" in refused.answer["reason"]
    assert states(library) == ["transcribing"]
    assert transcribe(file, "--partial").answer["status"] == "done"
    asked = list(engine.asked)
    engine.asked.clear()
    assert transcribe(file, "--partial", "--library", tmp_path / "whole").code == 0
    assert asked == engine.asked, "nothing was decoded twice"
    assert stored(library) == stored(tmp_path / "whole")


def test_a_mix_that_loses_speech_is_given_up_for_another(
    tmp_path: Path, library: Path, engine: FakeEngine, gate: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.set()
    assert transcribe(speak(tmp_path / "alone.wav", WINDOWS), "--library", tmp_path / "alone").code == 0
    alone = list(engine.asked)
    engine.asked.clear()
    gate.clear()
    silent = np.zeros_like(make_speech(WINDOWS))
    file = write_tracks(tmp_path / "talk.flac", [np.stack([make_speech(WINDOWS), silent], axis=1)], codec="flac")
    monkeypatch.setattr(
        "pipeline.transcription.surveying.scanning.settle_sound", lambda *_: SoundChoice(None, (1.0, 0.0))
    )
    open_at(gate, engine, engine.calls + 1)
    assert transcribe(file).answer["status"] == "done"
    assert len(engine.asked) > WINDOWS, "it had begun"
    assert engine.asked[-WINDOWS:] == alone
    assert stored(library)[1].words == stored(tmp_path / "alone")[1].words
    with Store.open(library) as store:
        assert store.sound(stored(library)[0]).weights == (1.0, 0.0)


@pytest.mark.parametrize("kept", [0.0, 7.0, 3600.0])
@pytest.mark.usefixtures("engine")
def test_the_sound_that_a_scan_hands_over_is_that_of_the_file(
    kept: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audio.decode.BLOCK_SECONDS", 2.0)
    monkeypatch.setattr(scanning, "KEPT_SOUND", kept)
    decoded: list[object] = []

    def counted(*arguments: Any, **named: Any) -> Iterator[Samples]:
        decoded.append(arguments)
        return decode_audio(*arguments, **named)

    monkeypatch.setattr(scanning, "decode_audio", counted)
    file = speak(tmp_path / "talk.wav", WINDOWS)
    with closing(scanning.Scan(file, choose_track(file, None, SpeechDetector), partial=False, pause_at=1)) as scan:
        blocks = scan.blocks()
        first = next(blocks)
        list(scan.wait())
        sound = np.concatenate([first, *blocks])
    assert np.array_equal(sound, np.concatenate(list(decode_audio(file))))
    assert len(decoded) == (1 if kept > len(sound) / SAMPLE_RATE else 2), "short files are decoded once"


@pytest.mark.usefixtures("engine")
def test_nothing_waits_for_the_sound_of_a_scan_that_is_closed(tmp_path: Path, gate: Event) -> None:
    file = speak(tmp_path / "talk.wav", WINDOWS)
    scan = scanning.Scan(file, choose_track(file, None, SpeechDetector), partial=False, pause_at=WINDOWS)
    with ThreadPoolExecutor(1) as reader:
        rest = reader.submit(list, scan.blocks())
        list(scan.wait(2))
        gate.set()
        scan.close()
        assert len(rest.result(PATIENCE)) <= HELD_AT + 1


def test_the_language_is_heard_at_places_of_the_file_that_are_sought(
    tmp_path: Path, library: Path, engine: FakeEngine, gate: Event
) -> None:
    engine.multilingual = True
    open_at(gate, engine, 0)
    assert transcribe(speak(tmp_path / "talk.wav", WINDOWS), "--model", "base").answer["status"] == "done"
    assert stored(library)[1].language == "es"


@pytest.mark.parametrize("found", [[], None])
@pytest.mark.usefixtures("engine")
def test_the_scan_is_waited_for_where_no_place_can_be_sought(
    found: list[Samples] | None, tmp_path: Path, library: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.multilingual = True
    monkeypatch.setattr("audio.seeking.sampled_speech.MOST_OFF", -1.0)
    if found is not None:
        monkeypatch.setattr("pipeline.transcription.transcribe.sample_speech", lambda *_: found)
    assert transcribe(speak(tmp_path / "talk.wav", WINDOWS), "--model", "base").answer["status"] == "done"
    assert stored(library)[1].language == "es"


def test_speech_is_sampled_all_over_a_recording() -> None:
    samples = sample_speech(INTERVIEW, FIRST_SOUND, 5, SpeechDetector)
    assert len(samples) >= 3
    assert all(0 < len(one) <= WINDOW_SAMPLES for one in samples)
    assert all(detect_speech([one]).regions for one in samples)
    assert len({one.tobytes() for one in samples}) == len(samples), "each from another place"


def test_nothing_is_sampled_from_what_is_not_sound(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"no sound" * 100)
    assert sample_speech(tmp_path / "a.mp3", FIRST_SOUND, 5, FakeDetector) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["mp3-cbr", "mp3-vbr", "m4a", "opus", "wav"])
def test_a_header_that_states_more_bytes_is_seen(name: str, tmp_path: Path) -> None:
    sound = make_bursts(8)
    if name == "wav":
        path = speak(tmp_path / "talk.wav", 2)
    else:
        assert name in FORMATS
        path = write_as(name, tmp_path, sound)
    with open_media(path) as (container, _):
        kind = container.format.name
    assert not seems_cut_off(path, kind)
    path.write_bytes(path.read_bytes()[:-2000])
    assert seems_cut_off(path, kind)
