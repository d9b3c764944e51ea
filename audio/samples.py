"""The format in which sound is analysed: mono float32 samples at 16 kHz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16000
"""Hz, as Whisper and Silero expect."""

WINDOW_SAMPLES = 30 * SAMPLE_RATE
"""What Whisper's encoder takes at once (openai-whisper, audio.py, CHUNK_LENGTH)."""

Samples = NDArray[np.float32]
"""Mono sound at 16 kHz, float32, (samples,), full scale at 1.0."""
