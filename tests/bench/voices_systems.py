"""The ways to tell voices apart that are compared, with the same two networks: each from a file to turns."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from bench.voices_podcasts import SpokenTurn
from bench.voices_sherpa import write_models
from scipy.cluster.hierarchy import fcluster, linkage

from audio.decode import decode_audio
from audio.samples import Samples
from audio.voices.diarizer import BEFORE, FRAMES_BEFORE, REGION, STEP_FRAMES, Diarizer
from audio.voices.embedding import Embedder
from audio.voices.pieces import REGION_FRAMES
from audio.voices.segmentation import FRAME_SECONDS, LOCAL_VOICES, WINDOW, Segmenter
from audio.voices.voice_turns import Diarization, Voice, VoiceTurn
from pipeline.models.voice_weights import find_voice_models

AIRQUOTE, LOCAL_SPEAKERS, SHERPA = "airquote", "centroids of local speakers", "sherpa-onnx"
CENTROID_DISTANCE = 0.7045655
"""Euclidean, between vectors of length 1: speaker-diarization-3.1 of pyannote.audio, config.yaml."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a system found in a file, and the CPU seconds that it took."""

    found: Diarization
    seconds: float


def run_system(system: str, media: Path) -> Run:
    """Run a system on a file; its models are loaded before the clock starts."""
    diarize = _load_systems()[system]
    began = time.process_time()
    found = diarize(media)
    return Run(found, time.process_time() - began)


def turns_of(found: Diarization) -> list[SpokenTurn]:
    """Return the turns that were found, as scores take them."""
    return [SpokenTurn(str(turn.voice), turn.start, turn.end) for turn in found.turns]


@cache
def _load_systems() -> dict[str, Callable[[Path], Diarization]]:
    return {AIRQUOTE: _diarize, LOCAL_SPEAKERS: _cluster_local_speakers, SHERPA: _run_sherpa}


def _diarize(media: Path) -> Diarization:
    files = find_voice_models()
    diarizer = Diarizer(files.segmentation, files.embedding)
    for block in decode_audio(media):
        diarizer.feed(block)
    return diarizer.finish()


def _cluster_local_speakers(media: Path) -> Diarization:
    """One vector for each local speaker of a window, joined by the distances of centroids, as pyannote.audio does."""
    files = find_voice_models()
    segmenter, embedder = Segmenter(files.segmentation), Embedder(files.embedding)
    sound = _read(media)
    padded = np.pad(sound, (BEFORE, WINDOW))
    spoken: list[tuple[int, Any]] = []
    vectors: list[Any] = []
    for number in range(-(-len(sound) // REGION)):
        window = padded[number * REGION : number * REGION + WINDOW]
        activity = segmenter.segment(window)[FRAMES_BEFORE : FRAMES_BEFORE + REGION_FRAMES]
        single = activity.sum(axis=1) == 1
        for local in range(LOCAL_VOICES):
            speaking = activity[:, local]
            if speaking.any():
                heard = speaking & single if (speaking & single).any() else speaking
                vectors.append(embedder.embed(window[BEFORE : BEFORE + REGION], [heard[STEP_FRAMES]])[0])
                spoken.append((number * REGION_FRAMES, speaking))
    if not vectors:
        return Diarization((), ())
    labels = [1]
    if len(vectors) > 1:
        labels = fcluster(linkage(np.stack(vectors), "centroid"), CENTROID_DISTANCE, "distance").tolist()
    turns = [
        VoiceTurn((first + int(start)) * FRAME_SECONDS, (first + int(end)) * FRAME_SECONDS, label)
        for label, (first, speaking) in zip(labels, spoken, strict=True)
        for start, end in np.flatnonzero(np.diff(np.concatenate([[False], speaking, [False]]))).reshape(-1, 2)
    ]
    return _assemble(turns)


@cache
def _sherpa() -> Any:
    import sherpa_onnx

    folder = Path(tempfile.mkdtemp(prefix="sherpa-"))
    segmentation, embedding = write_models(find_voice_models(), folder)
    config = sherpa_onnx.OfflineSpeakerDiarizationConfig(
        segmentation=sherpa_onnx.OfflineSpeakerSegmentationModelConfig(
            pyannote=sherpa_onnx.OfflineSpeakerSegmentationPyannoteModelConfig(model=str(segmentation))
        ),
        embedding=sherpa_onnx.SpeakerEmbeddingExtractorConfig(model=str(embedding)),
        clustering=sherpa_onnx.FastClusteringConfig(num_clusters=-1, threshold=0.5),
        min_duration_on=0.3,
        min_duration_off=0.5,
    )
    return sherpa_onnx.OfflineSpeakerDiarization(config)


def _run_sherpa(media: Path) -> Diarization:
    result = _sherpa().process(_read(media)).sort_by_start_time()
    return _assemble([VoiceTurn(one.start, one.end, one.speaker + 1) for one in result])


def _read(media: Path) -> Samples:
    return np.concatenate(list(decode_audio(media)))


def _assemble(turns: list[VoiceTurn]) -> Diarization:
    numbers = sorted({turn.voice for turn in turns})
    seconds = {number: sum(turn.span.duration for turn in turns if turn.voice == number) for number in numbers}
    voices = tuple(Voice(number, seconds[number], None) for number in numbers)
    return Diarization(voices, tuple(sorted(turns, key=lambda turn: turn.start)))
