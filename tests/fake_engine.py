"""Run airquote with an engine and a diarizer that have no model, in this process or in another one.

The fake engine returns words that follow from the samples alone, or queued answers. Windows are two seconds long and
groups two windows, so that a few seconds of sound make several groups.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import random
import subprocess
import sys
import textwrap
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from audio_samples import write_wav
from fake_voices import FakeVoices, find_bursts, install_voices
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE
from audio.timecode import Span
from audio.voice_activity import FRAME, Speech, SpeechPart
from index.storage.store import Store
from index.transcript import Transcript, Word
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, TextScore, WindowText, check_language

ROOT = Path(__file__).parent.parent
MODEL = "tiny.en"
ENGINE = ("--engine", "faster-whisper", "--device", "cpu", "--model", MODEL)
WINDOW_SECONDS = 2.0
GROUP_WINDOWS = 2
SECONDS_A_WORD = 0.25
SPEECH_SECONDS = 1.5
PAUSE_SECONDS = 3.0
SPOKEN = ("We never stopped.", "There is more to come.", "It begins this winter.")
VOCABULARY = tuple(
    f"{first}{last}" for first in ("bar", "cor", "del", "fin", "gam", "hol", "jun", "kel") for last in ("ano", "ito")
)


@dataclass(slots=True)
class FakeEngine:
    """See pipeline.engines.base.Engine. ``asked`` collects a fingerprint of every window to decode."""

    name: str = "faster-whisper"
    model: str = MODEL
    device: str = "cpu"
    multilingual: bool = False
    batch_size: int = 4
    files_at_once: int = 1
    answers: deque[str] = field(default_factory=deque)
    before: Callable[[int], None] = lambda _: None
    """Called with the number of the call, from 0, before windows are decoded: may raise, wait or kill."""
    log: Path | None = None
    asked: list[int] = field(default_factory=list)
    decodings: list[DecodingOptions] = field(default_factory=list)
    prompts: list[str | None] = field(default_factory=list)
    calls: int = 0
    score: Callable[[NDArray[np.float32], str], float] = lambda _, text: -float(len(text))
    """The log-probability of a text in a window."""
    scored: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str | int | float]:
        return {"fake": 1}

    def detect_language(self, windows: Sequence[NDArray[np.float32]]) -> str:
        return "es" if windows else "en"

    def transcribe_windows(
        self, windows: Sequence[NDArray[np.float32]], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        self.prompts.append(decoding.prompt)
        number = self.calls
        self.calls += 1
        self.before(number)
        for window in windows:
            self.asked.append(fingerprint(window))
            if self.log is not None:
                with self.log.open("a") as log:
                    log.write(f"{os.getpid()} {self.asked[-1]}\n")
        return [self._decode(window, language) for window in windows]

    def score_texts(
        self, windows: Sequence[NDArray[np.float32]], texts: Sequence[Sequence[str]], language: str
    ) -> list[list[TextScore]]:
        check_language(self.model, self.multilingual, language, known=True)
        self.scored += [
            (fingerprint(window), tuple(of_window)) for window, of_window in zip(windows, texts, strict=True)
        ]
        return [
            [TextScore((self.score(window, text),)) for text in of_window]
            for window, of_window in zip(windows, texts, strict=True)
        ]

    def _decode(self, window: NDArray[np.float32], language: str) -> WindowText:
        seconds = len(window) / SAMPLE_RATE
        if self.answers:
            texts = self.answers.popleft().split()
        else:
            chance = random.Random(fingerprint(window))
            texts = [chance.choice(VOCABULARY) for _ in range(max(1, int(seconds / SECONDS_A_WORD)))]
            texts[-1] += "."
        step = seconds / max(1, len(texts))
        words = tuple(Word(f" {text}", n * step, (n + 1) * step, 0.5) for n, text in enumerate(texts))
        return WindowText(words, language, -0.1, 1.0, 0.0, 0.0)


def fingerprint(window: NDArray[np.float32]) -> int:
    """Return a checksum of the samples of a window, the same whatever file they came from."""
    return zlib.crc32(np.rint(window * 32767).astype(np.int16).tobytes())


class FakeDetector:
    """Replaces audio.voice_activity.SpeechDetector: whatever is not silent is speech."""

    def __init__(self) -> None:
        self._blocks = [np.zeros(0, np.float32)]

    @property
    def samples(self) -> int:
        return sum(map(len, self._blocks))

    def feed(self, block: NDArray[np.float32]) -> None:
        self._blocks.append(block)

    def finish(self) -> Speech:
        return _find_sound(np.concatenate(self._blocks))


class FakeStream:
    """Replaces audio.voice_activity.SpeechStream likewise."""

    def __init__(self) -> None:
        self._sound = np.zeros(0, np.float32)
        self._frames, self._regions = 0, 0

    @property
    def duration(self) -> float:
        return len(self._sound) / SAMPLE_RATE

    def feed(self, block: NDArray[np.float32]) -> SpeechPart:
        self._sound = np.concatenate([self._sound, block])
        tenths = len(self._sound) // (SAMPLE_RATE // 10)
        bursts = find_bursts(self._sound[: tenths * (SAMPLE_RATE // 10)])
        begun = [start for start, end in bursts if end == tenths / 10]
        ended = [Span(start, end) for start, end in bursts if end < tenths / 10]
        return self._part(ended, len(self._sound) // FRAME, min([*begun, tenths / 10]))

    def end(self) -> SpeechPart:
        return self._part(list(_find_sound(self._sound).regions), -(-len(self._sound) // FRAME), self.duration)

    def _part(self, regions: list[Span], frames: int, settled: float) -> SpeechPart:
        new, level = regions[self._regions :], np.zeros(frames - self._frames, np.float32)
        self._regions, self._frames = len(regions), frames
        return SpeechPart(tuple(new), level, level, settled)


def _find_sound(sound: NDArray[np.float32]) -> Speech:
    seconds = len(sound) / SAMPLE_RATE
    regions = tuple(Span(start, min(end, seconds)) for start, end in find_bursts(sound))
    level = np.zeros(-(-len(sound) // FRAME), np.float32)
    return Speech(regions, seconds, level, level)


def install(patch: pytest.MonkeyPatch, engine: FakeEngine) -> FakeEngine:
    """Replace engine, voice activity detection and window lengths by the fakes."""
    patch.setattr("pipeline.batch.running.executor.load_engine", lambda *_, **__: engine)
    patch.setattr("pipeline.batch.running.executor.find_weights", lambda *_: None)
    patch.setattr("pipeline.transcription.transcribe.SpeechDetector", FakeDetector)
    patch.setattr("pipeline.transcription.surveying.channel_speech.SpeechDetector", FakeDetector)
    patch.setattr("pipeline.transcription.surveying.scanning.SpeechDetector", FakeDetector)
    patch.setattr("pipeline.transcription.surveying.scanning.SpeechStream", FakeStream)
    patch.setattr("audio.windows.WINDOW_SAMPLES", round(WINDOW_SECONDS * SAMPLE_RATE))
    patch.setattr("audio.windows.EARLIEST_END", round(WINDOW_SECONDS * SAMPLE_RATE) * 2 // 3)
    patch.setattr("audio.windows.OVERLAP", SAMPLE_RATE // 10)
    patch.setattr("audio.windows.PAD", 0)
    patch.setattr("pipeline.transcription.plan.GROUP_WINDOWS", GROUP_WINDOWS)
    install_voices(patch, FakeVoices(voices=0))  # a test that is about voices installs others
    return engine


def speak(path: Path, utterances: int, seed: int = 0) -> Path:
    """Write a 16 kHz WAV file of ``utterances`` bursts of noise, each one window and followed by silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_wav(path, make_speech(utterances, seed), SAMPLE_RATE)


def make_speech(utterances: int, seed: int = 0) -> NDArray[np.int16]:
    """Return the sound of such a file: int16, (samples,), at 16 kHz."""
    chance = np.random.default_rng(seed)
    burst, pause = round(SPEECH_SECONDS * SAMPLE_RATE), round(PAUSE_SECONDS * SAMPLE_RATE)
    parts = [np.zeros(pause, np.int16)]
    for _ in range(utterances):
        parts += [chance.integers(4000, 9000, burst).astype(np.int16), np.zeros(pause, np.int16)]
    return np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class Run:
    """The result of one airquote command."""

    code: int
    out: str
    err: str

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout, one per line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def answer(self) -> dict[str, Any]:
        """The only JSON object on stdout."""
        (answer,) = self.answers
        return answer


class Terminal(io.StringIO):
    """A stream that poses as a terminal."""

    def isatty(self) -> bool:
        return True


def airquote(*arguments: object, terminal: bool = False) -> Run:
    """Run one command in this process, as ``main`` does."""
    from pipeline.cli.main import main

    out, err = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    with (
        mock.patch.object(sys, "argv", ["airquote", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        logger = logging.getLogger("airquote")
        level, handlers = logger.level, [*logger.handlers]
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        finally:  # what -v sets is for one command: the next has another stream
            logger.setLevel(level)
            logger.handlers = handlers
    return Run(code, out.getvalue(), err.getvalue())


def transcribe(*arguments: object) -> Run:
    """Transcribe with the fake engine and JSON output."""
    return airquote("transcribe", *ENGINE, "--json", *arguments)


def stored(library: Path, number: int = 0) -> tuple[str, Transcript]:
    """The id and transcript of an episode of a library."""
    with Store.open(library) as store:
        episode = store.episodes()[number]
        transcript = store.transcript(episode.id)
    assert transcript is not None
    return episode.id, transcript


def states(library: Path) -> list[str]:
    """The state of every episode of a library."""
    with Store.open(library) as store:
        return [episode.state for episode in store.episodes()]


def raise_at(number: int) -> Callable[[int], None]:
    """Return a hook for ``FakeEngine.before`` that raises at the call of this number."""

    def stop(call: int) -> None:
        if call == number:
            raise RuntimeError("stop")

    return stop


_DRIVER = """\
import os, signal, sys, time
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
import pytest
from fake_engine import FakeEngine, install
engine = FakeEngine(log=Path({log!r}))
{setup}
install(pytest.MonkeyPatch(), engine)
if __name__ == "__main__":
    from pipeline.cli.main import main
    main()
"""


def write_driver(path: Path, log: Path, setup: str = "") -> Path:
    """Write a program that runs airquote with a fake ``engine``, which ``setup`` may change, also in workers."""
    text = _DRIVER.format(tests=str(ROOT / "tests"), root=str(ROOT), log=str(log), setup=textwrap.dedent(setup))
    path.write_text(text, encoding="utf-8")
    return path


def allow_file_size(limit: int) -> str:
    """Return code for the ``setup`` of ``write_driver`` that limits files to ``limit`` bytes, as on a full disk."""
    return f"""\
import resource
if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
"""


def start(program: Path | None, *arguments: object, folder: Path = ROOT) -> subprocess.Popen[str]:
    """Start airquote, or a driver program, in a process of its own with ``folder`` as working directory."""
    begin = [str(program)] if program else ["-m", "pipeline.cli.main"]
    command = [sys.executable, *begin, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process: subprocess.Popen[str]) -> Run:
    """Wait for a process of ``start``, and return its result."""
    with process:
        out, err = process.communicate()
    return Run(process.returncode, out, err)
