"""Voice activity detection: Silero's model over a stream of sound.

The ONNX file shipped with faster-whisper is run directly: faster-whisper's own wrapper needs the whole sound at once,
keeps no state between calls, and importing it loads CTranslate2.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio.errors import MachineError, reinstall
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span

MODEL_FILE = "silero_vad_v6.onnx"

# Dimensions of the model (snakers4/silero-vad, utils_vad.py, OnnxWrapper): at 16 kHz, frames of 512 samples (32 ms)
# with 64 samples of left context, and an LSTM's two states of 128 numbers.
FRAME = 512
CONTEXT = 64
STATE = (1, 1, 128)
FRAME_SECONDS = FRAME / SAMPLE_RATE

# Frames a batch (8 s). Always the same number, so that floating point sums in the model, and with them the last bits of
# its output, do not depend on the block size of the input.
BATCH = 256

# Probability at which speech starts, and below which it ends (Silero's defaults, get_speech_timestamps).
THRESHOLD = 0.5
END_THRESHOLD = 0.35
# Seconds. Shorter pauses do not separate two regions (Silero's default). Shorter regions are dropped: Silero's default
# of 0.25 s loses a "yeah" in a telephone call; 0.1 s finds it, and still nothing in 195 s of music, noise and silence.
MIN_PAUSE = 0.1
MIN_SPEECH = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Result of the detection: ``regions`` of speech, ``duration`` of all sound in seconds, and for each frame of 32 ms
    the ``probabilities`` of speech and the ``levels`` (RMS, full scale at 1.0), both float32, (frames,)."""

    regions: tuple[Span, ...]
    duration: float
    probabilities: NDArray[np.float32]
    levels: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SpeechPart:
    """Result of the detection for the next frames of a stream: the ``regions`` that end there, and for each frame the
    ``probabilities`` and ``levels``, see Speech. No later region begins before ``settled`` seconds."""

    regions: tuple[Span, ...]
    probabilities: NDArray[np.float32]
    levels: NDArray[np.float32]
    settled: float


class SpeechStream:
    """Streaming detector: feed blocks of any size, then end; all parts together do not depend on the block sizes.

    It keeps nothing of what it has returned.
    """

    def __init__(self) -> None:
        self._session = _load_session()
        self._h = np.zeros(STATE, np.float32)
        self._c = np.zeros(STATE, np.float32)
        self._context = np.zeros(CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._finder = RegionFinder()
        self.samples = 0
        """How many samples were fed."""

    @property
    def duration(self) -> float:
        """Seconds that were fed."""
        return self.samples / SAMPLE_RATE

    def feed(self, block: Samples) -> SpeechPart:
        """Process the next block: float32, (samples,), 16 kHz. What does not fill a batch of frames waits."""
        self.samples += len(block)
        sound = np.concatenate([self._rest, block])
        whole = len(sound) - len(sound) % (BATCH * FRAME)
        batches = [self._run(sound[start : start + BATCH * FRAME]) for start in range(0, whole, BATCH * FRAME)]
        self._rest = sound[whole:].copy()
        probabilities, levels = _join_frames(batches)
        regions = self._finder.feed(probabilities)
        return SpeechPart(regions, probabilities, levels, self._finder.settled)

    def end(self) -> SpeechPart:
        """Return the last part; the stream cannot be used any more."""
        batches = [self._run(np.pad(self._rest, (0, BATCH * FRAME - len(self._rest))))] if len(self._rest) else []
        left = -(-len(self._rest) // FRAME)
        probabilities, levels = (values[:left] for values in _join_frames(batches))
        regions = (*self._finder.feed(probabilities), *self._finder.end(self.duration))
        return SpeechPart(regions, probabilities, levels, self.duration)

    def _run(self, sound: Samples) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the probabilities and levels of one batch of frames."""
        frames = sound.reshape(BATCH, FRAME)
        contexts = np.vstack([self._context, frames[:-1, -CONTEXT:]])
        probabilities, self._h, self._c = self._session.run(
            None, {"input": np.hstack([contexts, frames]), "h": self._h, "c": self._c}
        )
        self._context = frames[-1, -CONTEXT:].copy()
        return probabilities, np.sqrt(np.mean(frames * frames, axis=1))


class SpeechDetector:
    """Detector for a whole recording: feed blocks of any size, then finish; their sizes make no difference."""

    def __init__(self) -> None:
        self._stream = SpeechStream()
        self._parts: list[SpeechPart] = []

    @property
    def samples(self) -> int:
        """How many samples were fed."""
        return self._stream.samples

    def feed(self, block: Samples) -> None:
        """Process the next block: float32, (samples,), 16 kHz."""
        self._parts.append(self._stream.feed(block))

    def finish(self) -> Speech:
        """Return the result for everything fed; the detector cannot be reused."""
        self._parts.append(self._stream.end())
        regions = tuple(region for part in self._parts for region in part.regions)
        probabilities, levels = _join_frames([(part.probabilities, part.levels) for part in self._parts])
        return Speech(regions, self._stream.duration, probabilities, levels)


def _join_frames(
    parts: Sequence[tuple[NDArray[np.float32], NDArray[np.float32]]],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the probabilities and the levels of all parts."""
    none = np.zeros(0, np.float32)
    return np.concatenate([none, *(one for one, _ in parts)]), np.concatenate([none, *(one for _, one in parts)])


class RegionFinder:
    """Finds spans of speech in a stream of probabilities, each as soon as it has ended."""

    def __init__(self) -> None:
        self._frame = 0
        self._start = self._pause = -1

    @property
    def settled(self) -> float:
        """Seconds before which no later region begins: the start of the one that goes on, or all that was fed."""
        return (self._frame if self._start < 0 else self._start) * FRAME_SECONDS

    def feed(self, probabilities: NDArray[np.float32]) -> tuple[Span, ...]:
        """Return the regions that end within the next frames, from their probabilities: float32, (frames,)."""
        regions: list[Span] = []
        start, pause = self._start, self._pause
        for frame, probability in enumerate(probabilities.tolist(), self._frame):
            if start < 0:
                start = frame if probability >= THRESHOLD else -1
                continue
            if probability >= THRESHOLD:
                pause = -1
            elif probability < END_THRESHOLD and pause < 0:
                pause = frame
            if pause >= 0 and frame * FRAME_SECONDS - pause * FRAME_SECONDS >= MIN_PAUSE:
                regions += _region(start, pause)
                start = pause = -1
        self._frame += len(probabilities)
        self._start, self._pause = start, pause
        return tuple(regions)

    def end(self, duration: float) -> tuple[Span, ...]:
        """Return the region that goes on, if any, clipped at ``duration`` seconds."""
        if self._start < 0:
            return ()
        pause = self._pause if self._pause >= 0 else self._frame
        return tuple(Span(span.start, min(span.end, duration)) for span in _region(self._start, pause))


def _region(start: int, pause: int) -> list[Span]:
    """Return the region from a frame up to its pause; none if it is too short."""
    if (pause - start) * FRAME_SECONDS < MIN_SPEECH:
        return []
    return [Span(start * FRAME_SECONDS, pause * FRAME_SECONDS)]


def find_regions(probabilities: NDArray[np.float32], duration: float) -> tuple[Span, ...]:
    """Return ordered, disjoint spans of speech from probabilities (frames,), clipped at ``duration`` seconds."""
    finder = RegionFinder()
    return (*finder.feed(probabilities), *finder.end(duration))


def _load_session() -> Any:
    """Load the model for one thread; more threads only slow down such a small recurrent network."""
    import onnxruntime

    package = importlib.util.find_spec("faster_whisper")
    for folder in (package.submodule_search_locations or ()) if package else ():
        model = Path(folder) / "assets" / MODEL_FILE
        if model.is_file():
            options = onnxruntime.SessionOptions()
            options.inter_op_num_threads = 1
            options.intra_op_num_threads = 1
            options.log_severity_level = 4
            return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    raise MachineError(
        f"Silero's voice activity model ({MODEL_FILE}) is not in the installed faster-whisper package.",
        reinstall("faster-whisper>=1.2.1"),
    )
