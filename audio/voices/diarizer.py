"""Diarization of a stream of sound: who speaks when.

Windows of ten seconds overlap by half; the inner half of each is its region, and the regions tile the sound. In each
region the segmentation tells which local voices speak, and the embedding what each sounds like, from the frames in
which it speaks alone. The vectors of all regions are then clustered, which makes local voices those of the recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE, Samples
from audio.voices.clustering import cluster_vectors
from audio.voices.embedding import STEP_CENTRE, STEP_SAMPLES, Embedder
from audio.voices.segmentation import (
    FRAME,
    FRAME_SECONDS,
    LOCAL_VOICES,
    RECEPTIVE_FIELD,
    WINDOW,
    WINDOW_FRAMES,
    Activity,
    Segmenter,
)
from audio.voices.turns import Diarization, Turn, Voice, VoiceCount

REGION_FRAMES = 296
REGION = REGION_FRAMES * FRAME  # samples: about 5 s, half a window
FRAMES_BEFORE = (WINDOW_FRAMES - REGION_FRAMES) // 2
BEFORE = FRAMES_BEFORE * FRAME + (RECEPTIVE_FIELD - FRAME) // 2  # samples of a window before its region

STRETCH_FRAMES = round(2.5 / FRAME_SECONDS)
"""Speech of a local voice is divided into stretches of about so many frames, each of which has a vector."""

LEAST_FRAMES = round(0.5 / FRAME_SECONDS)
"""Vectors of less speech take no part in the clustering: they only choose among the voices that it finds."""

LONGEST_PAUSE = 0.3
"""Seconds. Turns of a voice with shorter pauses between them are one turn."""


@dataclass(frozen=True, slots=True)
class _LocalStretch:
    """Frames of a local voice, in order, that are taken to be of one voice; ``alone`` of them tell what it sounds like.

    ``region`` and ``local`` identify the local voice. ``frames`` are those in which it speaks, counted from the start.
    """

    region: int
    local: int
    alone: int
    frames: NDArray[np.int64]


class Diarizer:
    """Streaming diarization: feed blocks of any size, then finish; the result does not depend on the block sizes."""

    def __init__(self, segmentation: Path, embedding: Path, count: VoiceCount | None = None) -> None:
        self._segmenter = Segmenter(segmentation)
        self._embedder = Embedder(embedding)
        self._count = count or VoiceCount()
        self._samples = 0
        self._sound = np.zeros(BEFORE, np.float32)
        self._regions = 0
        self._stretches: list[_LocalStretch] = []
        self._vectors: list[NDArray[np.float32]] = []

    def feed(self, block: Samples) -> None:
        """Process the next block: float32, (samples,), 16 kHz."""
        self._samples += len(block)
        self._sound = np.concatenate([self._sound, block])
        while len(self._sound) >= WINDOW:
            self._process_window(self._sound[:WINDOW])
            self._sound = self._sound[REGION:].copy()

    def finish(self) -> Diarization:
        """Return the result for everything fed; the diarizer cannot be reused."""
        while self._regions * REGION < self._samples:
            self._process_window(np.pad(self._sound[:WINDOW], (0, max(WINDOW - len(self._sound), 0))))
            self._sound = self._sound[REGION:]
        if not self._stretches:
            return Diarization((), ())
        return self._assemble(np.vstack(self._vectors))

    def _process_window(self, window: Samples) -> None:
        activity = self._segmenter.segment(window)[FRAMES_BEFORE : FRAMES_BEFORE + REGION_FRAMES]
        stretches = list(_divide(activity, self._regions))
        if stretches:
            pools = [_as_steps(activity, stretch) for stretch in stretches]
            self._vectors.append(self._embedder.embed(window[BEFORE : BEFORE + REGION], pools))
            first = self._regions * REGION_FRAMES
            self._stretches += [
                _LocalStretch(one.region, one.local, one.alone, one.frames + first) for one in stretches
            ]
        self._regions += 1

    def _assemble(self, vectors: NDArray[np.float32]) -> Diarization:
        seconds = np.array([stretch.alone * FRAME_SECONDS for stretch in self._stretches])
        telling = seconds >= LEAST_FRAMES * FRAME_SECONDS
        if not telling.any():
            telling[np.argmax(seconds)] = True
        labels = np.zeros(len(vectors), np.int64)
        labels[telling] = cluster_vectors(vectors[telling], seconds[telling], self._count)
        weighted = vectors * seconds[:, None]
        sums = np.stack([weighted[telling & (labels == one)].sum(axis=0) for one in range(labels.max() + 1)])
        centroids = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        labels[~telling] = np.argmax(vectors[~telling] @ centroids.T, axis=1)
        speaking = np.zeros((self._regions * REGION_FRAMES, len(centroids)), np.bool_)
        for stretch, label in zip(self._stretches, labels.tolist(), strict=True):
            speaking[stretch.frames, label] = True
        return _number_voices(speaking, centroids, self._samples / SAMPLE_RATE)


def _divide(activity: Activity, region: int) -> Iterator[_LocalStretch]:
    """The stretches of each local voice of a region, whose frames are counted from the region's start."""
    alone = activity.sum(axis=1) == 1
    for local in range(LOCAL_VOICES):
        frames = np.flatnonzero(activity[:, local])
        if not len(frames):
            continue
        parts = max(1, round(int(alone[frames].sum()) / STRETCH_FRAMES))
        for part in np.array_split(frames, parts):
            yield _LocalStretch(region, local, int(alone[part].sum()), part)


def _as_steps(activity: Activity, stretch: _LocalStretch) -> NDArray[np.bool_]:
    """The steps of the embedding model in which a voice speaks alone; all in which it speaks if it never is alone."""
    frames = stretch.frames
    used = frames[activity[frames].sum(axis=1) == 1] if stretch.alone else frames
    chosen = np.zeros(REGION_FRAMES, np.bool_)
    chosen[used] = True
    steps = np.arange(REGION // STEP_SAMPLES) * STEP_SAMPLES + STEP_CENTRE
    return chosen[steps // FRAME]


def _number_voices(speaking: NDArray[np.bool_], centroids: NDArray[np.float32], duration: float) -> Diarization:
    """Turns and voices of frames (frames, voices), numbered in the order in which the voices first speak."""
    order = np.argsort(np.argmax(speaking, axis=0), kind="stable")
    turns: list[Turn] = []
    voices: list[Voice] = []
    for number, label in enumerate(order.tolist(), 1):
        own = [Turn(start, end, number) for start, end in _find_runs(speaking[:, label], duration)]
        turns += own
        seconds = sum(turn.end - turn.start for turn in own)
        voices.append(Voice(number, seconds, centroids[label]))
    return Diarization(tuple(voices), tuple(sorted(turns, key=lambda turn: (turn.start, turn.voice))))


def _find_runs(speaking: NDArray[np.bool_], duration: float) -> Iterator[tuple[float, float]]:
    """Start and end in seconds of each run of frames, with short pauses filled."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], speaking, [False]])))
    borders = changes.reshape(-1, 2) * FRAME_SECONDS
    if not len(borders):
        return
    apart = borders[1:, 0] - borders[:-1, 1] >= LONGEST_PAUSE
    starts = borders[np.concatenate([[True], apart]), 0]
    ends = np.minimum(borders[np.concatenate([apart, [True]]), 1], duration)
    yield from zip(starts.tolist(), ends.tolist(), strict=True)
