"""Transcription on a CUDA device against the recognisers it builds on: ``python -m bench.bench_gpu tiny.en``.

All systems are loaded in one process, hear the sample once to warm up, and then take turns. Seconds are from file to
words, decoding and voice activity detection on the CPU included, weights loaded before. Materials are those of
``make bench-transcribe``, which makes the interviews.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from bench.materials import ROOT, Recording, load_material
from bench.systems import AIRQUOTE, AIRQUOTE_OPENAI, BATCHED, FASTER_WHISPER, OPENAI_WHISPER, SYSTEMS, load_system
from measuring import normalized_words
from rapidfuzz.distance import Levenshtein

from index.transcript import Word

SAMPLE = ROOT / "tests" / "data" / "interview.mp3"
ORDER = (AIRQUOTE, BATCHED, AIRQUOTE_OPENAI, OPENAI_WHISPER, FASTER_WHISPER)
MATERIALS = ("interview-10min", "voice_notes-en", "interview-60min")
QUICK = (AIRQUOTE, BATCHED)
"""The systems that hear the hour too."""


@dataclass(slots=True)
class Runs:
    """The runs of a system on a material: seconds of each, and the share of words that are wrong."""

    seconds: list[float] = field(default_factory=list)
    wrong: float = 0.0


def count_wrong(recordings: list[Recording], transcripts: list[list[Word]]) -> float:
    """Return the word error rate over all recordings, in percent."""
    wrong = total = 0
    for recording, words in zip(recordings, transcripts, strict=True):
        true = normalized_words(recording.text)
        wrong += Levenshtein.distance(true, normalized_words("".join(word.text for word in words)))
        total += len(true)
    return 100 * wrong / total


def main() -> None:
    """Run all systems in turns and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--materials", nargs="*", default=MATERIALS)
    asked = parser.parse_args()
    threads = os.cpu_count() or 1
    systems = {name: load_system(name, asked.model, threads, asked.device) for name in ORDER}
    for transcribe in systems.values():
        transcribe(Path(SAMPLE), "en")
    runs: dict[tuple[str, str], Runs] = {}
    for material in asked.materials:
        recordings = load_material(material)
        for _ in range(asked.rounds if recordings else 0):
            for name in QUICK if material == "interview-60min" else ORDER:
                began = time.perf_counter()
                transcripts = [systems[name](recording.media, recording.language) for recording in recordings]
                run = runs.setdefault((material, name), Runs())
                run.seconds.append(time.perf_counter() - began)
                run.wrong = count_wrong(recordings, transcripts)
                print(f"{material} {name} {run.seconds[-1]:.2f} s", flush=True)
    card = torch.cuda.get_device_name() if asked.device == "cuda" else "no GPU"
    print(f"\n{card}, {threads} threads, {asked.model}, {asked.rounds} rounds, medians\n")
    print("| material | system | seconds | times real time | WER % |\n|---|---|---|---|---|")
    for (material, name), run in runs.items():
        median, duration = statistics.median(run.seconds), sum(one.duration for one in load_material(material))
        print(f"| {material} | {SYSTEMS[name]} | {median:.2f} | {duration / median:.0f} | {run.wrong:.2f} |")


if __name__ == "__main__":
    main()
