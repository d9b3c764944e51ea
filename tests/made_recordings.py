"""Recordings with several tracks and channels, made with PyAV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from audio_samples import make_bursts
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from audio.decode import decode_audio
from audio.recording.chapters import Chapter
from audio.samples import SAMPLE_RATE

SECONDS = 5
LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "quad", 6: "5.1", 8: "7.1"}


def make_tone(frequency: float, seconds: float = SECONDS, rate: int = SAMPLE_RATE) -> NDArray[np.int16]:
    """A steady tone, int16, (samples,)."""
    times = np.arange(round(seconds * rate)) / rate
    return np.asarray(np.rint(8000 * np.sin(2 * np.pi * frequency * times)), np.int16)


def write_tracks(
    path: Path,
    tracks: Sequence[NDArray[np.int16]],
    *,
    codec: str = "aac",
    rate: int = SAMPLE_RATE,
    dispositions: Mapping[int, Disposition] | None = None,
    starts: Sequence[float] = (),
    video: bool = False,
    tags: Mapping[str, str] | None = None,
    track_tags: Mapping[str, str] | None = None,
    layout: str | None = None,
    container: Mapping[str, str] | None = None,
    chapters: Sequence[Chapter] = (),
) -> Path:
    """Write ``tracks``, each (samples,) or (samples, channels), as tracks from 1 that begin at ``starts`` seconds."""
    with av.open(str(path), "w", options=dict(container or {})) as file:
        file.metadata.update(tags or {})
        file.set_chapters([_describe(number, one) for number, one in enumerate(chapters)])
        picture = _add_picture(file) if video else None
        streams: list[AudioStream] = []
        for number, samples in enumerate(tracks, start=1):
            channels = 1 if samples.ndim == 1 else samples.shape[1]
            stream = file.add_stream(codec, rate=rate, layout=layout or LAYOUTS[channels])
            assert isinstance(stream, AudioStream)
            stream.metadata.update(track_tags or {})
            if dispositions is not None:
                stream.disposition = dispositions.get(number, Disposition(0))
            streams.append(stream)
        seconds = max((start for start in starts), default=0.0) + max(len(track) for track in tracks) / rate
        if picture is not None:
            for _ in range(round(seconds * 10)):
                file.mux(picture.encode(VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))))
            file.mux(picture.encode())
        for number, (stream, samples) in enumerate(zip(streams, tracks, strict=True)):
            frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=stream.layout.name)
            frame.sample_rate = rate
            frame.pts = round(starts[number] * rate) if starts else 0
            for packet in (*stream.encode(frame), *stream.encode()):
                file.mux(packet)
    return path


def _describe(number: int, chapter: Chapter) -> Any:
    start = round(1000 * chapter.start)
    metadata = {"title": chapter.title}
    return {"id": number, "start": start, "end": start + 1000, "time_base": Fraction(1, 1000), "metadata": metadata}


def _add_picture(file: Any) -> VideoStream:
    picture = file.add_stream("mpeg4", rate=10)
    assert isinstance(picture, VideoStream)
    picture.width, picture.height = 64, 48
    return picture


def bursts(seed: int, seconds: float = SECONDS, rate: int = SAMPLE_RATE) -> NDArray[np.int16]:
    """Noise in syllables, which the fake detector takes for speech."""
    return make_bursts(seconds, rate, seed)


def silence(seconds: float = SECONDS, rate: int = SAMPLE_RATE) -> NDArray[np.int16]:
    """Silence, int16, (samples,)."""
    return np.zeros(round(seconds * rate), np.int16)


def spoken(path: Path, first: float, seconds: float) -> NDArray[np.int16]:
    """Part of a recording of speech: int16, (samples,), at 16 kHz."""
    whole = np.concatenate(list(decode_audio(path)))
    part = whole[round(first * SAMPLE_RATE) : round((first + seconds) * SAMPLE_RATE)]
    return np.asarray(np.rint(part * 32767), np.int16)
