"""The benchmark of voices: who speaks when, against the ground truth and against others with the same two networks.

    python -m bench.bench_voices --materials "phone call" meetings --systems airquote

Prints the tables of docs/voices-benchmark.md. Results are kept in .cache/bench by the code that they depend on.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.bench_report import Bars
from bench.kept_results import RESULTS, code_version, keep
from bench.voices_hours import report_hours
from bench.voices_materials import (
    ALL,
    HALF_A,
    HALF_B,
    HOURS,
    MATERIALS,
    MEETINGS,
    ONE,
    PHONE,
    Recording,
    load_recordings,
)
from bench.voices_names import report_names
from bench.voices_scoring import DiarizationScore, count_wrong_words, score_turns
from bench.voices_systems import AIRQUOTE, LOCAL_SPEAKERS, SHERPA, run_system, turns_of

from audio.voices.voice_turns import Diarization
from index.language.sentences import split_sentences
from pipeline.voices.word_voices import assign_voices

SCORING = ("effects", "materials", "podcasts", "readers", "scoring", "systems")
SCORED_CODE = (
    *(f"tests/bench/voices_{part}.py" for part in SCORING),
    "tests/bench/bench_voices.py", "pipeline/voices/word_voices.py", "constraints.txt",
)  # fmt: skip
MEASURED_CODE = ("audio/voices/*.py", *SCORED_CODE)
OTHERS_CODE = (
    "audio/voices/segmentation.py", "audio/voices/embedding.py", "audio/voices/features.py",
    "tests/bench/voices_sherpa.py", *SCORED_CODE,
)  # fmt: skip
NAMES, COST = "names across files", "cost of hours"
PARTS = (*MATERIALS, NAMES, COST)
SYSTEMS = (AIRQUOTE, LOCAL_SPEAKERS, SHERPA)
COMPOSED = (HALF_A, HALF_B, ALL)
CONFUSION, WRONG_WORDS, PHONE_CONFUSION, MEETING_CONFUSION, MEETING_ERROR = 1.5, 2.0, 1.0, 3.0, 18.0  # percent
HOUR_SECONDS = 120.0  # CPU


@dataclass(frozen=True, slots=True)
class Result:
    """The scores of a system on one recording; ``wrong_words`` of those whose speaker is known."""

    name: str
    speakers: int
    voices: int
    score: DiarizationScore
    wrong_words: int
    words: int
    duration: float
    seconds: float

    @property
    def counted_right(self) -> bool:
        """Whether the number of voices is right."""
        return self.speakers == self.voices


def measure(system: str, recording: Recording) -> Result:
    """Run a system on a recording and score what it found; or return the result that is kept."""
    code = MEASURED_CODE if system == AIRQUOTE else OTHERS_CODE
    kept = RESULTS / "voices" / code_version(code) / system / f"{recording.name}.json"
    if kept.exists():
        row = json.loads(kept.read_text(encoding="utf-8"))
        return Result(**{**row, "score": DiarizationScore(**row["score"])})
    run = run_system(system, recording.media)
    result = Result(
        recording.name,
        recording.speakers,
        len(run.found.voices),
        score_turns(recording.turns, turns_of(run.found)),
        _wrong_words(recording, run.found),
        len(recording.words),
        recording.turns[-1].end,
        run.seconds,
    )
    keep(kept, asdict(result))
    return result


def _wrong_words(recording: Recording, found: Diarization) -> int:
    if not recording.words:
        return 0
    segments = assign_voices(recording.words, split_sentences(recording.words, "en"), found)
    speakers = [segment.speaker for segment in segments for _ in range(segment.first, segment.last + 1)]
    return count_wrong_words(recording.spoken, speakers)


def sum_up(results: Sequence[Result]) -> DiarizationScore:
    """Return the score of all recordings together."""
    return sum((result.score for result in results), DiarizationScore())


def share_of_words(results: Sequence[Result]) -> float:
    """Return how many words have the wrong speaker, in percent of those whose speaker is known."""
    return 100 * sum(result.wrong_words for result in results) / max(sum(result.words for result in results), 1)


def seconds_an_hour(results: Sequence[Result]) -> float:
    """Return the CPU seconds that an hour of these recordings took."""
    return 3600 * sum(result.seconds for result in results) / sum(result.duration for result in results)


def print_table(material: str, rows: dict[str, list[Result]]) -> None:
    """Print one line for each system."""
    print(f"\n{material}, {len(next(iter(rows.values())))} files\n")
    print("| system | DER, % | missed | made up | confused | voices right | words wrong, % | CPU s an hour |")
    print(f"|{' --- |' * 8}")
    for system, results in rows.items():
        score = sum_up(results)
        parts = (score.missed, score.made_up, score.confused)
        cells = [f"{score.error_rate:.1f}", *(f"{100 * part / score.spoken:.2f}" for part in parts)]
        cells.append(f"{sum(result.counted_right for result in results)} of {len(results)}")
        cells.append(f"{share_of_words(results):.2f}" if any(result.words for result in results) else "")
        cells.append(f"{seconds_an_hour(results):.0f}")
        print(f"| {system} | {' | '.join(cells)} |", flush=True)


def check_bars(bars: Bars, found: dict[str, list[Result]]) -> None:
    """Check the scores of our own results."""
    for material, results in found.items():
        score, miscounted = sum_up(results), sum(not result.counted_right for result in results)
        if material in COMPOSED:
            bars.most(f"{material}: confusion, %", score.confusion, CONFUSION)
            bars.most(f"{material}: words with the wrong speaker, %", share_of_words(results), WRONG_WORDS)
        if material in (*COMPOSED, ONE, HOURS):
            bars.most(f"{material}: files with another number of voices", miscounted, 0)
        if material == PHONE:
            bars.most(f"{material}: confusion, %", score.confusion, PHONE_CONFUSION)
        if material == MEETINGS:
            bars.most(f"{material}: confusion, %", score.confusion, MEETING_CONFUSION)
            bars.most(f"{material}: DER, %", score.error_rate, MEETING_ERROR)
        if material == HOURS:
            bars.most(f"{material}: CPU seconds for an hour", seconds_an_hour(results), HOUR_SECONDS)


def main() -> None:
    """Measure the chosen materials with the chosen systems."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--materials", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    asked = parser.parse_args()
    print(f"Processor: {_processor()}")
    own: dict[str, list[Result]] = {}
    for material in asked.materials:
        if material in MATERIALS:
            own |= report_material(material, asked.systems)
    bars = Bars()
    print("\n| what | measured | bar | |\n| --- | --- | --- | --- |")
    check_bars(bars, own)
    if NAMES in asked.materials:
        report_names(bars)
    if COST in asked.materials:
        hours = own.get(HOURS) or [measure(AIRQUOTE, recording) for recording in load_recordings(HOURS)]
        report_hours(bars, seconds_an_hour(hours))
    raise SystemExit(0 if bars.met else 1)


def report_material(material: str, systems: Sequence[str]) -> dict[str, list[Result]]:
    """Print the table of a material and what was miscounted; return our own results, if measured, by material."""
    recordings = load_recordings(material)
    rows = {system: [measure(system, recording) for recording in recordings] for system in systems}
    print_table(material, rows)
    for result in rows.get(AIRQUOTE, []):
        if not result.counted_right:
            print(f"\n{result.name}: {result.voices} voices, not {result.speakers}")
    return {material: rows[AIRQUOTE]} if AIRQUOTE in rows else {}


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text(encoding="utf-8").splitlines() if cpus.exists() else []
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


if __name__ == "__main__":
    main()
