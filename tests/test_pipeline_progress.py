"""The progress of a file: said from its first seconds on, never backwards, and complete at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_samples import write_wav
from fake_engine import FakeEngine, make_speech, states

from audio.packets import read_packets
from audio.samples import SAMPLE_RATE
from pipeline.engines.choose import EngineSpec
from pipeline.library import Library
from pipeline.progress import FileAdvanced, FileClosed, FileScanned, FileStarted, ProgressEvent
from pipeline.transcription.options import TranscriptionOptions

SILENT = 120
"""Seconds of silence at the end of these files."""
OPTIONS = TranscriptionOptions(EngineSpec("faster-whisper", "tiny.en", "cpu"))


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of three utterances and two minutes of silence, decoded in blocks of two seconds."""
    monkeypatch.setattr("audio.decode.BLOCK_SECONDS", 2.0)
    sound = np.concatenate([make_speech(3), np.zeros(SILENT * SAMPLE_RATE, np.int16)])
    return write_wav(tmp_path / "talk.wav", sound, SAMPLE_RATE)


def duration_of(sound: Path) -> float:
    return (sound.stat().st_size - 44) / 2 / SAMPLE_RATE


@pytest.mark.usefixtures("engine")
def test_progress_is_said_from_the_first_seconds_on(
    recording: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packets = 0
    at_first: list[int] = []

    def count_packets(*arguments: Any) -> Iterator[Any]:
        nonlocal packets
        for packet in read_packets(*arguments):
            packets += 1
            yield packet

    def note(event: ProgressEvent) -> None:
        if isinstance(event, FileScanned):
            at_first.append(packets)

    monkeypatch.setattr("audio.decode.read_packets", count_packets)
    with Library.open(library, create=True, progress=note) as opened:
        opened.transcribe([recording], OPTIONS)
    # The file is decoded once for its plan and once for its windows; some blocks ahead of what is scanned.
    assert 0 < at_first[0] < packets / 4


@pytest.mark.usefixtures("engine")
def test_progress_never_goes_back_and_ends_complete(recording: Path, library: Path) -> None:
    events: list[ProgressEvent] = []
    with Library.open(library, create=True, progress=events.append) as opened:
        opened.transcribe([recording], OPTIONS)
    scanned = [event.reached for event in events if isinstance(event, FileScanned)]
    advanced = [event.reached for event in events if isinstance(event, FileAdvanced)]
    duration: Any = pytest.approx(duration_of(recording))
    assert scanned == sorted(scanned)
    assert advanced == sorted(advanced)
    assert (scanned[-1], advanced[-1]) == (duration, duration)
    kinds = [type(event) for event in events]
    assert kinds.index(FileStarted) < kinds.index(FileScanned) < kinds.index(FileAdvanced) < kinds.index(FileClosed)


def test_a_batch_can_be_stopped_while_speech_is_sought(recording: Path, library: Path, engine: FakeEngine) -> None:
    scanned: list[ProgressEvent] = []

    def note(event: ProgressEvent) -> None:
        if isinstance(event, FileScanned):
            scanned.append(event)

    with Library.open(library, create=True, progress=note) as opened:
        assert opened.transcribe([recording], OPTIONS, stopped=lambda: len(scanned) == 3) == []
        assert len(scanned) == 3
        assert engine.calls == 0
        assert states(library) == []
        (outcome,) = opened.transcribe([recording], OPTIONS)
    assert outcome.status == "done"
    assert states(library) == ["transcribed"]
