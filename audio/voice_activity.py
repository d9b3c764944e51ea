"""Where somebody speaks: Silero's voice activity model over a stream of sound, in memory that does not grow with
it.

The model is the ONNX file that faster-whisper carries, run directly: faster-whisper's own wrapper takes the whole
sound at once and forgets its state between calls, and importing it loads CTranslate2.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio.errors import ModelError
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span

MODEL_FILE = "silero_vad_v6.onnx"

# The model's own numbers (snakers4/silero-vad, utils_vad.py, OnnxWrapper): at 16 kHz it looks at 512 samples (32
# ms) and the last 64 before them, and carries an LSTM's two states of 128 numbers.
FRAME = 512
CONTEXT = 64
STATE = (1, 1, 128)
FRAME_SECONDS = FRAME / SAMPLE_RATE

# Frames given to the model at once (8 s). Always the same number, so that the sums inside the model, and with
# them the last bits of its answers, do not depend on how the sound came in.
BATCH = 256

# Speech begins at the first probability and ends below the second (Silero's defaults, get_speech_timestamps).
THRESHOLD = 0.5
END_THRESHOLD = 0.35
# Seconds. A pause shorter than the first does not part two regions (Silero's default). Speech shorter than the
# second is none: Silero's default of 0.25 s loses a "yeah" in a telephone call; 0.1 s finds it, and still nothing
# in 195 s of music, noise and silence.
MIN_PAUSE = 0.1
MIN_SPEECH = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """What was found: the ``regions`` in which somebody speaks, the ``duration`` of all sound in seconds, and per
    frame of 32 ms the ``probabilities`` of speech and the ``levels`` (RMS, full scale at 1.0), both float32,
    (frames,)."""

    regions: tuple[Span, ...]
    duration: float
    probabilities: NDArray[np.float32]
    levels: NDArray[np.float32]


class SpeechDetector:
    """Takes sound block by block and says at the end where speech is; the cuts between blocks make no
    difference.
    """

    def __init__(self) -> None:
        self._session = _load_session()
        self._h = np.zeros(STATE, np.float32)
        self._c = np.zeros(STATE, np.float32)
        self._context = np.zeros(CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._count = 0
        self._probabilities: list[NDArray[np.float32]] = []
        self._levels: list[NDArray[np.float32]] = []

    def feed(self, block: Samples) -> None:
        """Listens to the next block: float32, (samples,), 16 kHz."""
        self._count += len(block)
        sound = np.concatenate([self._rest, block])
        whole = len(sound) - len(sound) % (BATCH * FRAME)
        for start in range(0, whole, BATCH * FRAME):
            self._run(sound[start : start + BATCH * FRAME])
        self._rest = sound[whole:].copy()

    def finish(self) -> Speech:
        """Everything found in what was fed. The detector is used up."""
        if len(self._rest):
            self._run(np.pad(self._rest, (0, BATCH * FRAME - len(self._rest))))
        frames = -(-self._count // FRAME)
        probabilities = np.concatenate([np.zeros(0, np.float32), *self._probabilities])[:frames]
        levels = np.concatenate([np.zeros(0, np.float32), *self._levels])[:frames]
        duration = self._count / SAMPLE_RATE
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


def detect_speech(blocks: Iterable[Samples]) -> Speech:
    """Where speech is in a stream of blocks, as ``decode_audio`` gives them."""
    detector = SpeechDetector()
    for block in blocks:
        detector.feed(block)
    return detector.finish()


def find_regions(probabilities: NDArray[np.float32], duration: float) -> tuple[Span, ...]:
    """Spans of speech, in order and apart, from probabilities (frames,); none reaches beyond ``duration``
    seconds.
    """
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
    """The model on one thread: it is a small recurrent net, which more threads only slow down."""
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
    raise ModelError(
        f"Silero's voice activity model ({MODEL_FILE}) is not in the installed faster-whisper package.",
        "Install it again: pip install --force-reinstall 'faster-whisper>=1.2.1'.",
    )
