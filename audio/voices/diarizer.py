"""Diarization of a stream of sound: who speaks when.

Windows of ten seconds overlap by half; the inner half of each is its region, and the regions tile the sound. In each
region the segmentation tells which local voices speak, and the embedding what each sounds like in pieces of half a
second. The vectors of all regions are then clustered, and each piece is one of the voices found so.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE, Samples
from audio.voices.clustering import Centroids, find_voices
from audio.voices.embedding import STEP_CENTRE, STEP_SAMPLES, Embedder
from audio.voices.packed_vectors import PackedVectors
from audio.voices.piece_labels import give_each_a_piece, label_pieces
from audio.voices.pieces import REGION_FRAMES, RegionSpeech, cut_pieces, describe_region, find_runs
from audio.voices.segmentation import FRAME, FRAME_SECONDS, RECEPTIVE_FIELD, WINDOW, WINDOW_FRAMES, Segmenter
from audio.voices.voice_turns import Diarization, Voice, VoiceCount, VoiceTurn

REGION = REGION_FRAMES * FRAME  # samples: about 5 s, half a window
FRAMES_BEFORE = (WINDOW_FRAMES - REGION_FRAMES) // 2
BEFORE = FRAMES_BEFORE * FRAME + (RECEPTIVE_FIELD - FRAME) // 2  # samples of a window before its region

TELLING_FRAMES = round(1.0 / FRAME_SECONDS)
"""Vectors of less speech take no part in the clustering: they only choose among the voices that it finds."""

LONGEST_PAUSE = 0.3
"""Seconds. Turns of a voice with shorter pauses between them are one turn."""

STEP_FRAMES = (np.arange(REGION // STEP_SAMPLES) * STEP_SAMPLES + STEP_CENTRE) // FRAME
"""The frame of the segmentation at each step of the embedding model."""


class Diarizer:
    """Streaming diarization: feed blocks of any size, then finish; the result does not depend on the block sizes."""

    def __init__(self, segmentation: Path, embedding: Path, count: VoiceCount | None = None) -> None:
        self._segmenter = Segmenter(segmentation)
        self._embedder = Embedder(embedding)
        self._count = count or VoiceCount()
        self._samples = 0
        self._sound = np.zeros(BEFORE, np.float32)
        self._regions = 0
        self._speech: list[RegionSpeech] = []

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
        while self._regions * REGION < self._samples:
            self._process_window(np.pad(self._sound, (0, WINDOW - len(self._sound))))
            self._sound = self._sound[REGION:]
        if not self._speech:
            return Diarization((), ())
        return self._assemble()

    def _process_window(self, window: Samples) -> None:
        activity = self._segmenter.segment(window)[FRAMES_BEFORE : FRAMES_BEFORE + REGION_FRAMES]
        activity[max(-(-self._samples // FRAME) - self._regions * REGION_FRAMES, 0) :] = (
            False  # after the end of the sound
        )
        pieces = list(cut_pieces(activity))
        if pieces:
            vectors = self._embedder.embed(
                window[BEFORE : BEFORE + REGION], [piece.heard[STEP_FRAMES] for piece in pieces]
            )
            self._speech.append(describe_region(self._regions, activity, pieces, vectors))
        self._regions += 1

    def _assemble(self) -> Diarization:
        vectors, seconds, places = self._telling_vectors()
        centroids = find_voices(vectors, seconds, self._count, places)
        labels = [label_pieces(region, centroids) for region in self._speech]
        if self._count.fewest:
            give_each_a_piece(self._speech, labels, centroids)
        runs: dict[int, list[tuple[int, int]]] = {}
        for region, chosen in zip(self._speech, labels, strict=True):
            for voice, start, end in find_runs(region, chosen):
                runs.setdefault(voice, []).append((start, end))
        return _number_voices(runs, centroids, self._samples / SAMPLE_RATE)

    def _telling_vectors(self) -> tuple[PackedVectors, NDArray[np.float64], NDArray[np.int64]]:
        """The vectors of pieces in which enough is heard of one voice, how much, and where; the best where none has."""
        alone = np.concatenate([region.alone for region in self._speech])
        least = min(TELLING_FRAMES, int(alone.max()))
        telling = [region.alone >= least for region in self._speech]
        vectors = PackedVectors([region.packed_vectors for region in self._speech], telling)
        seconds = [region.seconds[chosen] for region, chosen in zip(self._speech, telling, strict=True)]
        places = [region.places[chosen] for region, chosen in zip(self._speech, telling, strict=True)]
        return vectors, np.concatenate(seconds), np.concatenate(places)


def _number_voices(runs: Mapping[int, list[tuple[int, int]]], centroids: Centroids, duration: float) -> Diarization:
    """Turns and voices from runs of frames by voice, numbered in the order in which the voices first speak."""
    turns: list[VoiceTurn] = []
    voices: list[Voice] = []
    for number, label in enumerate(sorted(runs, key=lambda label: min(runs[label])), 1):
        own = [VoiceTurn(start, end, number) for start, end in _join_runs(runs[label], duration)]
        turns += own
        voices.append(Voice(number, sum(turn.end - turn.start for turn in own), centroids[label]))
    return Diarization(tuple(voices), tuple(sorted(turns, key=lambda turn: (turn.start, turn.voice))))


def _join_runs(runs: list[tuple[int, int]], duration: float) -> list[tuple[float, float]]:
    """Start and end in seconds of runs of frames, those joined with short pauses between them."""
    joined: list[tuple[float, float]] = []
    for first, last in sorted(runs):
        start, end = first * FRAME_SECONDS, min(last * FRAME_SECONDS, duration)
        if joined and start - joined[-1][1] < LONGEST_PAUSE:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        elif start < end:
            joined.append((start, end))
    return joined
