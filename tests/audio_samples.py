"""Synthetic sound, and files of it in every format, made with numpy and PyAV."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from audio.samples import Samples
from audio.voice_activity import Speech, SpeechDetector

RATE = 44100

# AAC draws its substituted noise from all that was decoded before: without that noise, a clip can be
# compared sample for sample.
AAC = {"aac_pns": "0"}

# ending, codec, codec options, container options, rate, channels, video
FORMATS: dict[str, tuple[str, str, dict[str, str], dict[str, str], int, int, bool]] = {
    "flac": (".flac", "flac", {}, {}, RATE, 1, False),
    "mp3-cbr": (".mp3", "libmp3lame", {"b": "96000"}, {}, RATE, 1, False),
    "mp3-cbr-headerless": (".mp3", "libmp3lame", {"b": "96000"}, {"write_xing": "0"}, RATE, 1, False),
    "mp3-vbr": (".mp3", "libmp3lame", {"flags": "+qscale", "global_quality": "472"}, {}, RATE, 1, False),
    "mp3-vbr-headerless": (
        ".mp3",
        "libmp3lame",
        {"flags": "+qscale", "global_quality": "472"},
        {"write_xing": "0"},
        RATE,
        1,
        False,
    ),
    "mp3-22k-headerless": (".mp3", "libmp3lame", {"b": "48000"}, {"write_xing": "0"}, 22050, 1, False),
    "m4a": (".m4a", "aac", AAC, {}, RATE, 1, False),
    "opus": (".opus", "libopus", {}, {}, 48000, 1, False),
    "mka": (".mka", "libopus", {}, {}, 48000, 1, False),
    "flac-stereo": (".flac", "flac", {}, {}, RATE, 2, False),
    "mp4-video": (".mp4", "aac", AAC, {}, RATE, 1, True),
}


def make_bursts(seconds: float, rate: int = RATE, seed: int = 0) -> NDArray[np.int16]:
    """Noise in syllables of varying loudness, int16, (samples,): its 100 to 3000 Hz survive every codec, and it
    correlates sharply."""
    count = round(seconds * rate)
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.normal(size=count))
    frequencies = np.fft.rfftfreq(count, 1 / rate)
    spectrum[(frequencies < 100) | (frequencies > 3000)] = 0
    noise = np.fft.irfft(spectrum, count)
    syllables = np.repeat(rng.uniform(0, 1, round(seconds * 5) + 1) ** 2, rate // 5)
    sound = noise * syllables[:count]
    return np.asarray(np.rint(sound / np.abs(sound).max() * 20000), dtype=np.int16)


def write_wav(path: Path, samples: NDArray[Any], rate: int = RATE) -> Path:
    """``samples``: int16 or int32, (samples,) or (samples, channels)."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(samples.itemsize)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def write_as(name: str, folder: Path, samples: NDArray[np.int16]) -> Path:
    """The mono ``samples`` at 44.1 kHz as one of FORMATS."""
    ending, codec, codec_options, container_options, rate, channels, video = FORMATS[name]
    path = folder / f"{name}{ending}"
    layout = "mono" if channels == 1 else "stereo"
    with av.open(str(path), "w", options=container_options) as container:
        # Before the sound's track, for PyAV resamples to what an encoder wants only once that is opened.
        picture = container.add_stream("mpeg4", rate=10) if video else None
        stream = container.add_stream(codec, rate=rate, options=codec_options, layout=layout)
        assert isinstance(stream, AudioStream)
        if picture is not None:
            assert isinstance(picture, VideoStream)
            picture.width, picture.height = 64, 48
            for number in range(round(len(samples) / RATE * 10)):
                still = np.full((48, 64, 3), number % 250, np.uint8)
                container.mux(picture.encode(VideoFrame.from_ndarray(still)))
            container.mux(picture.encode())
        interleaved = np.repeat(samples[:, np.newaxis], channels, axis=1).reshape(1, -1)
        frame = AudioFrame.from_ndarray(interleaved, format="s16", layout=layout)
        frame.sample_rate = RATE
        frame.pts = 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def detect_speech(blocks: Iterable[Samples]) -> Speech:
    """Detect speech in a stream of blocks, as ``decode_audio`` yields them."""
    detector = SpeechDetector()
    for block in blocks:
        detector.feed(block)
    return detector.finish()
