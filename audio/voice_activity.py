"""Voice activity detection: Silero's model over a stream of sound.

The ONNX file shipped with faster-whisper is run directly: faster-whisper's own wrapper needs the whole sound at once,
keeps no state between calls, and importing it loads CTranslate2.
"""

from __future__ import annotations

import importlib.util
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


class SpeechDetector:
    """Streaming detector: feed blocks of any size, then finish; the result does not depend on the block sizes."""

    def __init__(self) -> None:
        self._session = _load_session()
        self._h = np.zeros(STATE, np.float32)
        self._c = np.zeros(STATE, np.float32)
        self._context = np.zeros(CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)
        self.samples = 0
        """How many samples were fed."""
        self._probabilities: list[NDArray[np.float32]] = []
        self._levels: list[NDArray[np.float32]] = []

    def feed(self, block: Samples) -> None:
        """Process the next block: float32, (samples,), 16 kHz."""
        self.samples += len(block)
        sound = np.concatenate([self._rest, block])
        whole = len(sound) - len(sound) % (BATCH * FRAME)
        for start in range(0, whole, BATCH * FRAME):
            self._run(sound[start : start + BATCH * FRAME])
        self._rest = sound[whole:].copy()

    def finish(self) -> Speech:
        """Return the result for everything fed; the detector cannot be reused."""
        if len(self._rest):
            self._run(np.pad(self._rest, (0, BATCH * FRAME - len(self._rest))))
        frames = -(-self.samples // FRAME)
        probabilities = np.concatenate([np.zeros(0, np.float32), *self._probabilities])[:frames]
        levels = np.concatenate([np.zeros(0, np.float32), *self._levels])[:frames]
        duration = self.samples / SAMPLE_RATE
        return Speech(find_regions(probabilities, duration), duration, probabilities, levels)

    def _run(self, sound: Samples) -> None:
        frames = sound.reshape(BATCH, FRAME)
        contexts = np.vstack([self._context, frames[:-1, -CONTEXT:]])
        probabilities, self._h, self._c = self._session.run(
            None, {"input": np.hstack([contexts, frames]), "h": self._h, "c": self._c}
        )
        self._context = frames[-1, -CONTEXT:].copy()
        self._probabilities.append(probabilities)
        self._levels.append(np.sqrt(np.mean(frames * frames, axis=1)))


def find_regions(probabilities: NDArray[np.float32], duration: float) -> tuple[Span, ...]:
    """Return ordered, disjoint spans of speech from probabilities (frames,), clipped at ``duration`` seconds."""
    regions: list[Span] = []
    start = pause = -1
    for frame, probability in enumerate([*probabilities.tolist(), 0.0]):
        at = frame * FRAME_SECONDS
        if start < 0:
            start = frame if probability >= THRESHOLD else -1
            continue
        if probability >= THRESHOLD:
            pause = -1
        elif probability < END_THRESHOLD and pause < 0:
            pause = frame
        last = frame == len(probabilities)
        if pause >= 0 and (last or at - pause * FRAME_SECONDS >= MIN_PAUSE):
            if (pause - start) * FRAME_SECONDS >= MIN_SPEECH:
                regions.append(Span(start * FRAME_SECONDS, min(pause * FRAME_SECONDS, duration)))
            start = pause = -1
    return tuple(regions)


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
