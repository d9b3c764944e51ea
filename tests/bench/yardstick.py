"""The yardstick of the transcription benchmark, from its kept runs: the time of the Whisper encoder alone."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.kept_results import ENCODER, Row
from bench.scoring import Score
from bench.systems import AIRQUOTE

COLUMNS = (
    "| encoder alone | windows at a time | s a window | CPU s a window | × the fastest "
    "| largest difference from PyTorch | relative error |"
)


@dataclass(frozen=True, slots=True)
class EncoderTime:
    """A library's times for a window with so many ``workers``, and how its output differs from PyTorch's."""

    library: str
    workers: int
    seconds: float
    cpu_seconds: float
    largest: float | None
    relative: float | None


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What the fastest encoder takes for the speech of a material, in seconds; medians of the runs.

    ``fewest_windows`` are those that ``speech_seconds`` fill; ``planned_windows`` are those of airquote's plan.
    """

    seconds: float
    cpu_seconds: float
    speech_seconds: float
    fewest_windows: int
    planned_windows: int
    fastest: tuple[str, ...]  # of each run
    times: tuple[EncoderTime, ...]
    absent: tuple[str, ...]

    @property
    def window_seconds(self) -> float:
        """Of the fastest encoder, for one window."""
        return self.seconds / self.fewest_windows


def load_yardstick(material: str, model: str) -> Yardstick | None:
    """Return the yardstick of a material and model, None if it was never measured."""
    return summarize_runs(Row(material, ENCODER, model).runs())


def summarize_runs(runs: Sequence[Mapping[str, Any]]) -> Yardstick | None:
    """Return the medians of the kept runs of a yardstick, None if there are none."""
    if not runs:
        return None
    last = runs[-1]
    grouped: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for run in runs:
        for one in run["encoders"]:
            grouped.setdefault((one["library"], one["workers"]), []).append(one)
    times = [
        EncoderTime(
            library,
            workers,
            statistics.median(one["seconds"] for one in group),
            statistics.median(one["cpu_seconds"] for one in group),
            group[-1].get("largest"),
            group[-1].get("relative"),
        )
        for (library, workers), group in grouped.items()
    ]
    return Yardstick(
        statistics.median(run["seconds"] for run in runs),
        statistics.median(run["cpu_seconds"] for run in runs),
        last["speech_seconds"],
        last["fewest_windows"],
        last["planned_windows"],
        tuple(f"{run['fastest']['library']}, {run['fastest']['workers']} at a time" for run in runs),
        tuple(times),
        tuple(last["absent"]),
    )


def multiples(yardstick: Yardstick, airquote: Score) -> tuple[float, float | None]:
    """Return airquote's total as a multiple of the yardstick: wall time, and CPU time where it was measured."""
    used = airquote.cpu_seconds
    return airquote.seconds / yardstick.seconds, used / yardstick.cpu_seconds if used is not None else None


def print_yardsticks(scores: Mapping[Row, Score]) -> None:
    """Print the encoder's times and airquote's multiple of them, for the materials and models of the scores."""
    for material, model in dict.fromkeys((row.material, row.model) for row in scores):
        yardstick = load_yardstick(material, model)
        if yardstick is None:
            continue
        print(f"\nYardstick: {material}, {model}\n\n{COLUMNS}\n|{' --- |' * 7}")
        fastest = min(one.seconds for one in yardstick.times)
        for one in yardstick.times:
            differs = [f"{value:.2g}" if value is not None else "" for value in (one.largest, one.relative)]
            cells = [one.library, str(one.workers), f"{one.seconds:.3f}", f"{one.cpu_seconds:.3f}"]
            print(f"| {' | '.join([*cells, f'{one.seconds / fastest:.2f}', *differs])} |")
        if yardstick.absent:
            print(f"\nleft out: {'; '.join(yardstick.absent)}")
        print(
            f"\n{yardstick.speech_seconds:.0f} s of speech fill {yardstick.fewest_windows} windows (airquote plans "
            f"{yardstick.planned_windows}); fastest: {'; '.join(dict.fromkeys(yardstick.fastest))}: "
            f"{yardstick.seconds:.1f} s, {yardstick.cpu_seconds:.1f} CPU s"
        )
        airquote = scores.get(Row(material, AIRQUOTE, model))
        if airquote:
            wall, used = multiples(yardstick, airquote)
            told = f", {airquote.cpu_seconds:.1f} CPU s: {used:.2f} times" if used is not None else ""
            print(f"airquote's total: {airquote.seconds:.1f} s: {wall:.2f} times{told}")
