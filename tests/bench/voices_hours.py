"""What hours of sound cost: memory of one hour and of ten, and the share of diarization in the CPU of transcription.

    python -m bench.voices_hours tiny.en FILE RESULT

transcribes a file and writes the CPU seconds that it took. ``report_hours`` runs each measurement as a command of its
own, whose result is kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.bench_report import Bars
from bench.kept_results import MEASURED_CODE as TRANSCRIPTION_CODE
from bench.kept_results import RESULTS, bench_environment, code_version, keep
from bench.materials import ROOT
from bench.systems import AIRQUOTE, load_system
from bench.transcribe_one import THREADS
from bench.voices_podcasts import load_podcast

DIARIZATION_CODE = ("audio/voices/*.py", "tests/bench/voices_cost.py", "constraints.txt")
FILE = "all-8"
"""The podcast that is repeated and transcribed: eight minutes, eight voices."""

MODELS = ("tiny.en", "base")
HOURS = (1, 10)
MEMORY_RATIO = 1.1


def report_hours(bars: Bars, seconds: float) -> None:
    """Check the voices and memory of one hour and of ten; print the share of ``seconds``, CPU of diarizing an hour."""
    podcast = load_podcast(FILE)
    file, readers = str(podcast.media), len(podcast.readers)
    costs = {}
    for hours in HOURS:
        command = ["bench.voices_cost", file, "--hours", str(hours), "--once", "--result"]
        costs[hours] = cost = _measure(f"{FILE}-{hours}h", DIARIZATION_CODE, command)
        bars.most(f"{FILE} repeated for {hours} h: voices too many or few", abs(cost["voices"] - readers), 0)
    one, ten = (costs[hours]["megabytes"] for hours in HOURS)
    bars.most(f"peak memory of ten hours ({ten:.0f} MB) against one ({one:.0f} MB)", ten / one, MEMORY_RATIO)
    for model in MODELS:
        took = _measure(f"{FILE}-{model}", TRANSCRIPTION_CODE, ["bench.voices_hours", model, file])
        of_an_hour = 3600 * took["seconds"] / podcast.turns[-1].end
        share = 100 * seconds / of_an_hour
        what = f"diarization {seconds:.0f} s, transcription by {model} {of_an_hour:.0f} s"
        print(f"| CPU of an hour: {what}; share, % | {share:.0f} | | |", flush=True)


def _measure(name: str, code: tuple[str, ...], command: Sequence[str]) -> dict[str, float]:
    """Return the result of a command that writes it to a file, which is its last argument; or the one kept."""
    kept = RESULTS / "voices" / code_version(code) / f"{name}.json"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "result.json"
            asked = [sys.executable, "-m", *command, str(result)]
            subprocess.run(asked, check=True, env=bench_environment(), cwd=ROOT, stdout=subprocess.DEVNULL)
            keep(kept, json.loads(result.read_text(encoding="utf-8")))
    measured: dict[str, float] = json.loads(kept.read_text(encoding="utf-8"))
    return measured


def main() -> None:
    """Transcribe a file and write the CPU seconds, its weights loaded before."""
    model, file, result = sys.argv[1:]
    transcribe = load_system(AIRQUOTE, model, THREADS)
    began = time.process_time()
    transcribe(Path(file), "en")
    Path(result).write_text(json.dumps({"seconds": time.process_time() - began}), encoding="utf-8")


if __name__ == "__main__":
    main()
