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

Frames = NDArray[np.int64]
"""Numbers of frames in order, (frames,)."""

REGION_FRAMES = 296
REGION = REGION_FRAMES * FRAME  # samples: about 5 s, half a window
FRAMES_BEFORE = (WINDOW_FRAMES - REGION_FRAMES) // 2
BEFORE = FRAMES_BEFORE * FRAME + (RECEPTIVE_FIELD - FRAME) // 2  # samples of a window before its region

# Speech of a local voice is cut at its pauses, and what remains longer than 1.5 s into stretches of about that length:
# where the segmentation misses a change of speaker, as between two women on the phone, they fall into one stretch less
# often. If each stretch got its true speaker, 0.4 % of the speech of six composed podcasts and of eleven half minutes
# of meetings would be another's; without cuts at pauses 0.7 and 1.6 %, with stretches of 2.5 s 0.8 and 0.8 %.
STRETCH_FRAMES = round(1.5 / FRAME_SECONDS)
PAUSE_FRAMES = round(0.15 / FRAME_SECONDS)

LEAST_FRAMES = round(0.5 / FRAME_SECONDS)
"""A shorter stretch is joined to its neighbour; if it has none, its vector only chooses among the voices found."""

LONGEST_PAUSE = round(0.3 / FRAME_SECONDS)
"""Frames. Turns of a voice with shorter pauses between them are one turn."""


@dataclass(frozen=True, slots=True)
class _Region:
    """The stretches of the local voices in a region; each has a number, and is taken to be of one voice.

    ``alone`` is the number of frames in which each is the only one, (stretches,). ``runs`` are the frames in which it
    speaks, int32, (runs, 3): its number, the first frame and the one after the last. ``vectors`` are float16,
    (stretches, 192), since ten hours have 23,000 of them.
    """

    alone: NDArray[np.int64]
    runs: NDArray[np.int32]
    vectors: NDArray[np.float16]


class Diarizer:
    """Streaming diarization: feed blocks of any size, then finish; the result does not depend on the block sizes."""

    def __init__(self, segmentation: Path, embedding: Path, count: VoiceCount | None = None) -> None:
        self._segmenter = Segmenter(segmentation)
        self._embedder = Embedder(embedding)
        self._count = count or VoiceCount()
        self._samples = 0
        self._sound = np.zeros(BEFORE, np.float32)
        self._processed = 0  # regions
        self._stretches = 0
        self._regions: list[_Region] = []

    def feed(self, block: Samples) -> None:
        """Process the next block: float32, (samples,), 16 kHz."""
        self._samples += len(block)
        sound = np.concatenate([self._sound, block])
        while len(sound) >= WINDOW:
            self._process_window(sound[:WINDOW])
            sound = sound[REGION:]
        self._sound = sound.copy()

    def finish(self) -> Diarization:
        """Return the result for everything fed; the diarizer cannot be reused."""
        while self._processed * REGION < self._samples:
            self._process_window(np.pad(self._sound, (0, WINDOW - len(self._sound))))
            self._sound = self._sound[REGION:]
        return self._assemble() if self._regions else Diarization((), ())

    def _process_window(self, window: Samples) -> None:
        activity = self._segmenter.segment(window)[FRAMES_BEFORE : FRAMES_BEFORE + REGION_FRAMES]
        first = self._processed * REGION_FRAMES
        activity[max(-(-self._samples // FRAME) - first, 0) :] = False  # after the end of the sound
        self._processed += 1
        stretches = list(_divide(activity))
        if not stretches:
            return
        solo = activity.sum(axis=1) == 1
        pools = [_as_steps(frames, solo) for frames in stretches]
        vectors = self._embedder.embed(window[BEFORE : BEFORE + REGION], pools)
        runs = [
            (number, *run) for number, frames in enumerate(stretches, self._stretches) for run in _find_runs(frames)
        ]
        self._regions.append(
            _Region(
                np.array([solo[frames].sum() for frames in stretches]),
                np.array(runs, np.int32) + np.array([0, first, first], np.int32),
                vectors.astype(np.float16),
            )
        )
        self._stretches += len(stretches)

    def _assemble(self) -> Diarization:
        vectors = np.vstack([region.vectors for region in self._regions]).astype(np.float32)
        seconds = np.concatenate([region.alone for region in self._regions]) * FRAME_SECONDS
        telling = seconds >= LEAST_FRAMES * FRAME_SECONDS
        if not telling.any():
            telling[np.argmax(seconds)] = True
        labels = np.full(len(vectors), -1)
        labels[telling] = cluster_vectors(vectors[telling], seconds[telling], self._count)
        centroids = _average(vectors[telling], seconds[telling], labels[telling])
        for region in self._regions:
            _choose_voices(region.runs, vectors, labels, centroids)
        runs = np.concatenate([region.runs for region in self._regions])
        return _number_voices(runs, labels, centroids, self._samples / SAMPLE_RATE)


def _divide(activity: Activity) -> Iterator[Frames]:
    """The stretches of each local voice of a region: the frames in which it speaks, counted from the region's start."""
    solo = activity.sum(axis=1) == 1
    for local in range(LOCAL_VOICES):
        for frames in _cut_at_pauses(np.flatnonzero(activity[:, local]), solo):
            yield from np.array_split(frames, max(1, round(int(solo[frames].sum()) / STRETCH_FRAMES)))


def _cut_at_pauses(frames: Frames, solo: NDArray[np.bool_]) -> list[Frames]:
    """The frames of a local voice between its pauses, joined where either side is short."""
    found: list[Frames] = []
    for part in np.split(frames, np.flatnonzero(np.diff(frames) > PAUSE_FRAMES) + 1):
        if found and min(solo[part].sum(), solo[found[-1]].sum()) < LEAST_FRAMES:
            found[-1] = np.concatenate([found[-1], part])
        elif len(part):
            found.append(part)
    return found


def _as_steps(frames: Frames, solo: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The steps of the embedding model in which a voice speaks alone; all in which it speaks if it never is alone."""
    chosen = np.zeros(REGION_FRAMES, np.bool_)
    chosen[frames[solo[frames]] if solo[frames].any() else frames] = True
    steps = np.arange(REGION // STEP_SAMPLES) * STEP_SAMPLES + STEP_CENTRE
    return chosen[steps // FRAME]


def _find_runs(frames: Frames) -> Iterator[tuple[int, int]]:
    """The first frame of each run of consecutive ones, and the one after its last."""
    for run in np.split(frames, np.flatnonzero(np.diff(frames) > 1) + 1):
        yield int(run[0]), int(run[-1]) + 1


def _average(
    vectors: NDArray[np.float32], seconds: NDArray[np.float64], labels: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The mean vector of each voice, weighted by seconds and of length 1: float32, (voices, 192)."""
    weights = np.maximum(seconds, FRAME_SECONDS) * (labels == np.arange(labels.max() + 1)[:, None])
    sums = weights @ vectors
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), np.float32)


def _choose_voices(
    runs: NDArray[np.int32], vectors: NDArray[np.float32], labels: NDArray[np.int64], centroids: NDArray[np.float32]
) -> None:
    """Give each stretch of a region without a voice (-1) the most similar one, rather one that is silent meanwhile."""
    for stretch in np.unique(runs[labels[runs[:, 0]] < 0, 0]):
        similar = centroids @ vectors[stretch]
        for _, start, end in runs[runs[:, 0] == stretch]:
            meanwhile = labels[runs[(runs[:, 1] < end) & (runs[:, 2] > start), 0]]
            similar[meanwhile[meanwhile >= 0]] -= 2  # less than any cosine
        labels[stretch] = np.argmax(similar)


def _number_voices(
    runs: NDArray[np.int32], labels: NDArray[np.int64], centroids: NDArray[np.float32], duration: float
) -> Diarization:
    """Turns and voices, which are numbered in the order in which they first speak."""
    of_voices = [runs[labels[runs[:, 0]] == label, 1:] for label in range(len(centroids))]
    order = sorted(range(len(centroids)), key=lambda label: int(of_voices[label][:, 0].min()))
    turns: list[Turn] = []
    voices: list[Voice] = []
    for number, label in enumerate(order, 1):
        spans = [(start * FRAME_SECONDS, min(end * FRAME_SECONDS, duration)) for start, end in _join(of_voices[label])]
        turns += [Turn(start, end, number) for start, end in spans]
        voices.append(Voice(number, sum(end - start for start, end in spans), centroids[label]))
    return Diarization(tuple(voices), tuple(sorted(turns, key=lambda turn: (turn.start, turn.voice))))


def _join(runs: NDArray[np.int32]) -> list[tuple[int, int]]:
    """Runs of one voice in order, joined where only a short pause, or none, is between them."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(runs.tolist()):
        if joined and start - joined[-1][1] < LONGEST_PAUSE:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined
