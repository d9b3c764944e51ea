"""Benchmark of search in large libraries, by Whoosh and by Tantivy. Run by ``make bench-scale``.

    python -m bench.bench_scale_search [--full] [--fresh] [--rounds N] [--as-they-are] [--report] [--growth]

At 130,000 passages both indexes are measured and their answers compared; at 1.3 million, and with ``--full`` at 5
million, Tantivy's. The libraries (bench/scale_library.py) and results are kept in .cache/bench. ``--as-they-are``
measures libraries whose making is not done, ``--report`` only prints existing results, ``--growth`` prints what grows
with a library. Fails if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.bench_report import Bars
from bench.kept_results import RESULTS, bench_environment, code_version
from bench.materials import ROOT
from bench.scale_library import copy_library, grow_library, library_folder, read_grown
from bench.scoring import percentile_95

from index.storage.library_defaults import IndexKind

SEARCH_CODE = ("index/**/*.py", "constraints.txt")
SMALL, LARGE, HUGE = 130_000, 1_300_000, 5_000_000
MEDIANS, P95S = {SMALL: 5, LARGE: 10, HUGE: 20}, {SMALL: 30, LARGE: 80, HUGE: 200}  # ms, of Tantivy
VERIFY_SECONDS, PRIVATE_MB = 3.0, 600  # at LARGE
BUILD_SECONDS, DISK_GB = 3_600, 20  # for store and index of LARGE
_COLUMNS = (
    "| passages | index | queries | median, ms | p95, ms | worst, ms | verify of 20, s | opened in, s | private, MB "
    "| words written in, s | indexed in, s | store, MB | index, MB |"
)


def main() -> None:
    """Make and measure what is missing, print the tables and the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", default=bool(os.environ.get("FULL")))
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--as-they-are", action="store_true")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--growth", action="store_true")
    asked = parser.parse_args()
    kept = RESULTS / code_version(SEARCH_CODE) / "scale"
    if asked.fresh:
        shutil.rmtree(kept, ignore_errors=True)
    wanted: list[tuple[int, IndexKind]] = [(SMALL, "tantivy"), (SMALL, "whoosh"), (LARGE, "tantivy")]
    wanted += [(HUGE, "tantivy")] if asked.full else []
    for passages, kind in wanted:
        if not asked.report and not (asked.as_they_are and read_grown(library_folder(passages, kind))):
            if kind == "whoosh":
                copy_library(passages, "tantivy", kind)
            grow_library(passages, kind)
        if not asked.report and not result_file(kept, passages, kind).exists():
            measure(passages, kind, kept, asked.rounds)
    found = {
        (passages, kind): json.loads(result_file(kept, passages, kind).read_text(encoding="utf-8"))
        for passages, kind in wanted
        if result_file(kept, passages, kind).exists()
    }
    print(f"code {code_version(SEARCH_CODE)}, {os.cpu_count()} threads")
    print_times(found)
    if asked.growth:
        print_growth(found)
    sys.exit(0 if print_bars(found) else 1)


def result_file(kept: Path, passages: int, kind: IndexKind) -> Path:
    """Return the file of the measurements of a library."""
    return kept / f"{passages}-{kind}.json"


def measure(passages: int, kind: IndexKind, kept: Path, rounds: int) -> None:
    """Measure a library in a process of its own, whose memory is then that of a search process."""
    print(f"bench-scale: {passages} passages, {kind}", file=sys.stderr, flush=True)
    kept.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "bench.scale_measuring", str(library_folder(passages, kind) / "library"),
        str(result_file(kept, passages, kind)), str(rounds),
    ]  # fmt: skip
    subprocess.run(command, env=bench_environment(), cwd=ROOT, check=True)


def print_times(found: dict[tuple[int, IndexKind], dict[str, Any]]) -> None:
    """Print a row for each library, then the times by kind of query."""
    print(f"\n{_COLUMNS}\n|{' --- |' * (_COLUMNS.count('|') - 1)}")
    for (passages, kind), measured in found.items():
        times = [1000 * one["seconds"] for one in measured["times"]]
        grown = read_grown(library_folder(passages, kind))
        built = (
            (grown.store_seconds, grown.index_seconds, grown.store_bytes / 1e6, grown.index_bytes / 1e6)
            if grown
            else (0, 0, 0, 0)
        )
        cells = [
            f"{measured['passages']:,}", kind, str(len(times)), f"{statistics.median(times):.1f}",
            f"{percentile_95(times):.1f}", f"{max(times):.0f}", f"{measured['verify_seconds']:.2f}",
            f"{measured['open_seconds']:.2f}", f"{measured['private_megabytes']:.0f}", *(f"{one:.0f}" for one in built),
        ]  # fmt: skip
        print(f"| {' | '.join(cells)} |")
    print(f"\n| queries | {' | '.join(f'{passages:,}, {kind}: median, p95, ms' for passages, kind in found)} |")
    print(f"| --- |{' --- |' * len(found)}")
    for asked in dict.fromkeys(one["kind"] for measured in found.values() for one in measured["times"]):
        cells = []
        for measured in found.values():
            times = [1000 * one["seconds"] for one in measured["times"] if one["kind"] == asked]
            cells.append(f"{statistics.median(times):.1f}, {percentile_95(times):.1f}" if times else "")
        print(f"| {asked} | {' | '.join(cells)} |")


def print_growth(found: dict[tuple[int, IndexKind], dict[str, Any]]) -> None:
    """Print the times of what reads all of a library."""
    heads = [f"{one['passages']:,} passages, {kind}" for (_, kind), one in found.items()]
    print(f"\n| what | {' | '.join(heads)} |")
    print(f"| --- |{' --- |' * len(found)}")
    for what in dict.fromkeys(what for measured in found.values() for what in measured["growth"]):
        cells = [f"{measured['growth'].get(what, float('nan')):.3g} s" for measured in found.values()]
        print(f"| {what} | {' | '.join(cells)} |")


def print_bars(found: dict[tuple[int, IndexKind], dict[str, Any]]) -> bool:
    """Print the bars; return whether all are met."""
    bars = Bars()
    print("\n| bar | measured | wanted | |\n| --- | --- | --- | --- |")
    for (passages, kind), measured in found.items():
        times = [1000 * one["seconds"] for one in measured["times"]]
        if kind == "tantivy":
            bars.most(f"{measured['passages']:,} passages: median, ms", statistics.median(times), MEDIANS[passages])
            bars.most(f"{measured['passages']:,} passages: p95, ms", percentile_95(times), P95S[passages])
        if passages == LARGE:
            bars.most("verify of 20 quotations, s", measured["verify_seconds"], VERIFY_SECONDS)
            bars.most("private memory of a search process, MB", measured["private_megabytes"], PRIVATE_MB)
            grown = read_grown(library_folder(passages, kind))
            if grown:
                bars.most("store and index written in, s", grown.store_seconds + grown.index_seconds, BUILD_SECONDS)
                bars.most("store and index, GB", (grown.store_bytes + grown.index_bytes) / 1e9, DISK_GB)
    if {(SMALL, "whoosh"), (SMALL, "tantivy")} <= found.keys():
        one, other = found[SMALL, "whoosh"]["answers"], found[SMALL, "tantivy"]["answers"]
        differing = [text for text in one if one[text] != other.get(text)]
        bars.most(f"of {len(one)} queries, those with other hits, counts or order", len(differing), 0)
        for text in differing[:10]:
            print(f"{text}: {one[text]} by Whoosh, {other.get(text)} by Tantivy", file=sys.stderr)
    return bars.met


if __name__ == "__main__":
    main()
