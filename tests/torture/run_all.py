"""Run all parts of the torture, and print a table with the processor: ``make torture``, at most 20 minutes.

python -m torture.run_all [PART...]
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from fake_cluster import run_cluster
from offered_shows import offer_all_kinds
from torture import crowd, damage, full_disk, fuzz_media, fuzz_texts, kills, sizes, slow_texts
from torture.result import Result


def run_kills(workspace: Path) -> Iterator[Result]:
    """Kill every command at 60 of its steps, one on a cluster at 25; one that follows a show has a server of that."""
    for command in kills.COMMANDS.values():
        yield _kill(command, workspace)
    with offer_all_kinds() as show:
        yield _kill(kills.FOLLOW, workspace, feed=show.feed)
    with run_cluster() as cluster:
        cluster.add()
        yield _kill(kills.ON_CLUSTER, workspace, 25, cluster=f"ray://{cluster.place.address}")


def _kill(
    command: kills.Command, workspace: Path, each: int = 60, feed: str | None = None, cluster: str | None = None
) -> Result:
    trials = list(kills.try_kills(command, workspace / command.name, each, feed=feed, cluster=cluster))
    wrong = [trial for trial in trials if trial.differing]
    remark = f"{wrong[0]}" if wrong else f"of {trials[0].steps} steps"
    return Result("kill -9", command.name, len(trials), len(wrong), remark)


def run_fuzzed_media(_: Path) -> Iterator[Result]:
    """Damage the headers of media files for two minutes."""
    for row in fuzz_media.run(seconds=120):
        remark = row.other[0] if row.other else f"{row.sound} gave sound, {row.refused} were refused"
        yield Result("damaged media", row.format, row.tries, len(row.other), remark)


def run_sizes(workspace: Path) -> Iterator[Result]:
    """Measure commands on large libraries."""
    for row in sizes.run(workspace):
        remark = f"{row.seconds:.2f} s; operations for a quarter of it: 1 / {row.operations:.2f}"
        yield Result("sizes", f"{row.what}, {row.size}", 1, int(row.operations > slow_texts.MOST_GROWTH), remark)


def run_slow_texts(_: Path) -> Iterator[Result]:
    """Read long texts that invite quadratic time."""
    for reader, rows in groupby(slow_texts.measure(), key=lambda row: row.reader):
        measured = list(rows)
        wrong = [row for row in measured if row.growth > slow_texts.MOST_GROWTH]
        slowest = max(measured, key=lambda row: row.seconds)
        growth = max(row.growth for row in measured)
        remark = (
            f"operations for four times as many characters {growth:.1f} times at most; the slowest of "
            f"{slowest.characters} characters, {slowest.text!r} repeated, {slowest.seconds:.1f} s"
        )
        yield Result("slow texts", reader, len(measured), len(wrong), remark)


PARTS: dict[str, Callable[[Path], Iterator[Result]]] = {
    "kills": run_kills,
    "crowd": lambda workspace: crowd.run(workspace, rounds=8),
    "full-disk": full_disk.run,
    "damage": lambda workspace: damage.run(workspace, tries=500),
    "texts": lambda workspace: fuzz_texts.run(workspace, seconds=8),
    "media": run_fuzzed_media,
    "slow-texts": run_slow_texts,
    "sizes": run_sizes,
}


def main() -> int:
    """Run the parts that are named, or all, and return 1 if anything went wrong."""
    began, wrong = time.monotonic(), 0
    print(f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| part | what | tries | wrong | |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        for name in sys.argv[1:] or PARTS:
            workspace = Path(folder, name)
            workspace.mkdir(exist_ok=True)
            for result in PARTS[name](workspace):
                wrong += result.wrong
                remark = " ".join(result.remark.split()).replace("|", "\\|")[:200]
                print(f"| {result.part} | {result.what} | {result.tries} | {result.wrong} | {remark} |", flush=True)
    print(f"\n{wrong} went wrong in {(time.monotonic() - began) / 60:.0f} minutes.")
    return 1 if wrong else 0


def processor() -> str:
    """Return the name of this machine's processor."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    sys.exit(main())
