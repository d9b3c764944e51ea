"""Benchmark of transcription against the recognisers it builds on. Run by ``make bench-transcribe``.

    python -m bench.bench_transcribe [--full] [--fresh] [--rounds N] [--only WORD ...] [--report]

Measures speed, WER, word times and memory, and the encoder alone as a yardstick. Every row runs in its own process, and
results are kept under .cache/bench/results by the version of the code: a stopped run resumes. ``--fresh`` deletes the
results of this version, ``--only`` runs the rows whose name contains all these words, ``--report`` only prints existing
results. Fails if a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Sequence

from bench.bench_report import print_bars, print_table
from bench.first_words import measure_first_words
from bench.kept_results import ENCODER, RESULTS, Row, code_version
from bench.kill_and_resume import run_trials
from bench.larger_models import print_larger_models
from bench.make_clips_without_speech import make_clips
from bench.materials import CACHE, INTERVIEWS, TIMED, WITHOUT_SPEECH, load_material, real_materials
from bench.processor import describe_processor
from bench.systems import AIRQUOTE, AIRQUOTE_OPENAI, BATCHED, COMMAND, FASTER_WHISPER, OPENAI_WHISPER
from bench.yardstick import print_yardsticks

from pipeline.models.weights import list_models

TINY, BASE = "tiny.en", "base"
IN_PROCESS = (AIRQUOTE, BATCHED, FASTER_WHISPER, OPENAI_WHISPER, AIRQUOTE_OPENAI)
PLAIN_REAL = ("voice_notes-en", "librivox_words-en")
KILLS, FULL_KILLS = 8, 25


def plan_rounds(full: bool, rounds: int) -> Iterator[tuple[Row, int]]:
    """Yield rows in running order with the number of runs each must have by then; the systems alternate."""
    real = real_materials()
    plain = ["interview-10min", *(name for name in real if name in PLAIN_REAL)]
    has_base = not explain_missing(BASE)
    for number in range(1, rounds + 1):
        for material in plain:
            for system in order_systems(material, number):
                yield Row(material, system, TINY), number
        yield Row("interview-10min", COMMAND, TINY), number
    for system in (AIRQUOTE, AIRQUOTE_OPENAI):
        yield Row(WITHOUT_SPEECH, system, TINY), 1
    yield Row("interview-60min", AIRQUOTE, TINY), 1
    if has_base:
        for material in plain:
            if material in TIMED:
                for system in order_systems(material, 1):
                    yield Row(material, system, BASE), 1
    if not full:
        return
    english = [name for name in real if name.endswith("-en") and name not in PLAIN_REAL]
    for material in (*english, "interview-60min"):
        for system in IN_PROCESS:
            yield Row(material, system, TINY), 1
    if has_base:
        for number in range(1, rounds + 1):
            for material in ("interview-10min", *real):
                for system in order_systems(material, number):
                    yield Row(material, system, BASE), number if material in TIMED else 1
    yield Row("interview-300min", AIRQUOTE, TINY), 1


def order_systems(material: str, number: int) -> tuple[str, ...]:
    """Return the systems in the order of a round: every second one backwards, so that none always comes after another.

    The encoder alone is timed where speed is judged, next to airquote.
    """
    systems = (ENCODER, *IN_PROCESS) if material in TIMED else IN_PROCESS
    return systems if number % 2 else systems[::-1]


def explain_missing(model: str) -> str:
    """Return why a model is left out: its weights are not on this machine. Empty if they are."""
    listing = next(listing for listing in list_models() if listing.name == model)
    if listing.place is not None:
        return ""
    return f"{model} is left out, its weights are not on this machine: {listing.install or 'it can be downloaded'}"


def make_interviews(full: bool) -> None:
    """Make the interviews that are missing; only this needs the voices."""
    for name, minutes in INTERVIEWS.items():
        if (full or minutes <= 60) and not (CACHE / f"{name}.json").exists():
            from bench.make_long_interview import make_interview

            print(f"making {name}", file=sys.stderr, flush=True)
            make_interview(minutes)


def print_processors(rows: Sequence[Row]) -> None:
    """Print what the kept runs were measured on; this machine's processor if they do not tell."""
    told = {run["processor"] for row in rows for run in row.runs() if "processor" in run}
    for processor in sorted(told) or [describe_processor()]:
        print(f"processor: {processor}")


def main() -> None:
    """Run missing rows, print the table and the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", default=bool(os.environ.get("FULL")))
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--report", action="store_true")
    asked = parser.parse_args()
    version = code_version()
    if asked.fresh:
        shutil.rmtree(RESULTS / version, ignore_errors=True)
    if not asked.report:
        make_interviews(asked.full)
        make_clips()
    rows: dict[Row, None] = {}
    failed: list[str] = []
    for row, wanted in plan_rounds(asked.full, asked.rounds):
        rows[row] = None
        name = f"{row.material} {row.system} {row.model}"
        if asked.report or not load_material(row.material) or not all(word in name for word in asked.only):
            continue
        if len(row.runs()) < wanted:
            print(f"running {name}", file=sys.stderr, flush=True)
            failed += [] if row.run() else [name]
    if not asked.report and not asked.only:
        measure_first_words()
        run_trials(FULL_KILLS if asked.full else KILLS)
    print(f"code {version}, {os.cpu_count()} threads; kept in {RESULTS / version}")
    print_processors(list(rows))
    if missing := explain_missing(BASE):
        print(missing)
    scores = print_table(list(rows))
    print_yardsticks(scores)
    print_larger_models(scores)
    met = print_bars(scores)
    for name in failed:
        print(f"FAILED: {name}")
    sys.exit(0 if met and not failed else 1)


if __name__ == "__main__":
    main()
