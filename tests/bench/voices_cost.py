"""What it costs to tell voices apart: CPU seconds for an hour of sound on one core, and peak memory by length.

    PYTHONPATH=.:tests .venv/bin/python -m bench.voices_cost FILE --hours 1
    PYTHONPATH=.:tests .venv/bin/python -m bench.voices_cost FILE --hours 10 --once

FILE is repeated until the hours are full. With --once each window of it is processed once, and its results are taken
again wherever it repeats: memory grows with the hours all the same, and ten hours take minutes. --result FILE writes
what was measured as JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from bench.transcribe_one import peak_megabytes

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE, Samples
from audio.voices.clustering import find_voices
from audio.voices.diarizer import REGION, Diarizer
from audio.voices.embedding import Embedder
from audio.voices.features import compute_features
from audio.voices.segmentation import Segmenter
from pipeline.models.voice_weights import find_voice_models

BLOCK = 30 * SAMPLE_RATE

spent: defaultdict[str, float] = defaultdict(float)
"""CPU seconds by part."""


def measured(part: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """``work`` that adds the CPU seconds that it takes to those of a part."""

    def run(*arguments: Any, **options: Any) -> Any:
        began = time.process_time()
        try:
            return work(*arguments, **options)
        finally:
            spent[part] += time.process_time() - began

    return run


def remembered(work: Callable[..., Any]) -> Callable[..., Any]:
    """A method of a model whose answers are kept by the sound, its first argument, and by how many pools follow."""
    answers: dict[tuple[int, int], Any] = {}

    def run(model: Any, sound: Samples, *rest: Any) -> Any:
        key = hash(sound.tobytes()), sum(map(len, rest))
        if key not in answers:
            answers[key] = work(model, sound, *rest)
        return answers[key].copy()

    return run


def repeat(file: Path, hours: float) -> Iterator[Samples]:
    """Blocks of a file's sound, cut to whole regions so that windows repeat, until the hours are full."""
    sound = np.concatenate(list(decode_audio(file)))
    sound = sound[: len(sound) // REGION * REGION]
    left = round(hours * 3600 * SAMPLE_RATE)
    while left > 0:
        part = sound[:left]
        yield from (part[start : start + BLOCK] for start in range(0, len(part), BLOCK))
        left -= len(part)


def main() -> None:
    """Parse the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--once", action="store_true", help="process each window of the file once")
    parser.add_argument("--result", type=Path, help="write what was measured to this file")
    options = parser.parse_args()
    segment, embed = measured("segmentation", Segmenter.segment), measured("features and embedding", Embedder.embed)
    if options.once:
        segment, embed = remembered(segment), remembered(embed)
    with (
        patch.object(Segmenter, "segment", segment),
        patch.object(Embedder, "embed", embed),
        patch("audio.voices.embedding.compute_features", measured("of which features", compute_features)),
        patch("audio.voices.diarizer.find_voices", measured("clustering", find_voices)),
    ):
        measured_costs = diarize(options.file, options.hours)
    if options.result:
        options.result.write_text(json.dumps(measured_costs), encoding="utf-8")


def diarize(file: Path, hours: float) -> dict[str, float]:
    """Diarize so many hours of a file, print what it cost, and return it."""
    files = find_voice_models()
    began = time.process_time()
    diarizer = Diarizer(files.segmentation, files.embedding)
    for block in repeat(file, hours):
        diarizer.feed(block)
    before = peak_megabytes()
    found = diarizer.finish()
    total = (time.process_time() - began) / hours
    parts = ", ".join(f"{part} {seconds / hours:.1f}" for part, seconds in spent.items())
    print(f"{hours:g} h: {len(found.voices)} voices, {total:.1f} CPU seconds an hour ({parts})")
    print(f"peak memory {before:.0f} MB before clustering, {peak_megabytes():.0f} MB at the end")
    return {"voices": len(found.voices), "megabytes": peak_megabytes(), "clustering": spent["clustering"] / hours}


if __name__ == "__main__":
    main()
