"""Run one system on one material in a separate process, to measure its memory.

    python -m bench.transcribe_one interview-10min airquote tiny.en run.json

The weights are loaded before the clock starts. Writes seconds, CPU seconds (user and system, of all threads), peak
memory, the processor, and the words of each recording.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from bench.materials import load_material
from bench.processor import cpu_seconds, describe_processor
from bench.systems import load_batch

THREADS = os.cpu_count() or 1


def peak_megabytes() -> float:
    """Return the peak memory of this process, in MB (10^6 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss of a new process starts at that of its parent
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main() -> None:
    """Transcribe every recording of a material and write the result."""
    material, system, model, result = sys.argv[1:]
    recordings = load_material(material)
    transcribe = load_batch(system, model, THREADS)
    began, used = time.perf_counter(), cpu_seconds()
    transcripts = transcribe([recording.media for recording in recordings], recordings[0].language)
    seconds, used = time.perf_counter() - began, cpu_seconds() - used
    words = [[[word.text, word.start, word.end, word.probability] for word in transcript] for transcript in transcripts]
    measured = {
        "seconds": seconds,
        "cpu_seconds": used,
        "megabytes": peak_megabytes(),
        "threads": THREADS,
        "processor": describe_processor(),
        "words": words,
    }
    Path(result).write_text(json.dumps(measured, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
