"""The tables of the benchmark of the page, and its bars."""

from __future__ import annotations

import os
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.bench_report import Bars
from bench.web_load import percentiles

P95 = 150  # ms, of searches
USABLE, LONGEST_TASK, SOUND = 1000, 50, 300  # ms
NODES = 5000
PAGE, TRANSCRIPT = 150, 1000  # KB, compressed
GROWTH = 1.1  # of the memory that the server does not share with files
LOADS = {"search": "searches alone", "counts": "with counts"}


@dataclass(frozen=True, slots=True)
class WebReport:
    """The results of the parts that were measured."""

    parts: Mapping[str, Any]

    def print(self) -> bool:
        """Print the tables and the bars; return whether all bars are met."""
        loads = ", ".join(f"{part} {found['load_before']:.1f}" for part, found in self.parts.items())
        print(f"{name_processor()}, {os.cpu_count()} threads; load of the machine before each part: {loads}")
        self._print_loads()
        for part in ("site", "sound"):
            if part in self.parts:
                print(f"\n{self.parts[part]['printed']}")
        return self._print_bars()

    def _print_loads(self) -> None:
        print(
            "\n| people | queries | p50, p95, p99, ms | asked before: p50 | counts answered, given up | their p50, p95 "
            "| processor: server, generator, % of one | failed |\n|" + " --- |" * 8
        )
        for part, name in LOADS.items():
            if part in self.parts:
                print(f"| {self.parts[part]['people']}, {name} | {' | '.join(load_cells(self.parts[part]))} |")

    def _print_bars(self) -> bool:
        bars = Bars()
        print("\n| what | measured | bar | |\n| --- | --- | --- | --- |")
        self._judge_server(bars)
        if "reading" in self.parts:
            judge_reading(bars, self.parts["reading"])
        for part, what in (("site", "the published site: bars missed"), ("sound", "exact sound: bars missed")):
            if part in self.parts:
                bars.most(what, int(not self.parts[part]["met"]), 0)
        return bars.met

    def _judge_server(self, bars: Bars) -> None:
        for part, name in LOADS.items():
            if part in self.parts:
                found = self.parts[part]
                bars.most(f"{found['people']} people, {name}: p95 ms", percentiles(found["search"])[1], P95)
                bars.most(f"{found['people']} people, {name}: failed", found["failed"], 0)
        if "memory" in self.parts:
            found = self.parts["memory"]
            for kind in ("anonymous", "resident"):
                early, late = found["early"][kind], found["late"][kind]
                what = f"{found['requests']} requests, {kind} memory: {early:.0f} MB, then {late:.0f}: times"
                bars.most(what, late / early, GROWTH)
        if "start" in self.parts:
            found = self.parts["start"]
            print(f"| from start to the printed address, median s | {statistics.median(found['starts']):.2f} | | |")
            print(f"| the first search then, median ms | {statistics.median(found['firsts']):.0f} | | |")


def load_cells(found: Mapping[str, Any]) -> list[str]:
    """Return the printed cells of what people measured."""
    seconds = found["seconds"]
    shares = [f"{100 * found[name] / seconds:.0f}" for name in ("server_seconds", "generator_seconds")]
    return [
        f"{len(found['search']) + len(found['repeated'])}",
        ", ".join(f"{value:.0f}" for value in percentiles(found["search"])),
        f"{statistics.median(found['repeated']):.0f}" if found["repeated"] else "",
        f"{len(found['counts'])}, {found['counts_left']}",
        ", ".join(f"{value:.0f}" for value in percentiles(found["counts"])[:2]) if found["counts"] else "",
        ", ".join(shares),
        str(found["failed"]),
    ]


def judge_reading(bars: Bars, found: Mapping[str, Any]) -> None:
    """Check the page of the three-hour transcript, and what pages weigh."""
    scrolled = found["scrolled"]
    bars.most("three hours: usable after, median ms", statistics.median(found["opened"]), USABLE)
    bars.most(f"scrolling, {scrolled['tasks']} tasks: the longest, ms", max(scrolled["longest"]), LONGEST_TASK)
    bars.most("nodes in the document at most", scrolled["nodes"], NODES)
    bars.most(f"click to sound, {len(found['sound'])} words: median ms", statistics.median(found["sound"]), SOUND)
    bars.most("click to sound: the longest, ms", max(found["sound"]), SOUND)
    for path, size in found["pages"].items():
        bars.most(f"{path}: page, scripts, styles, icons, KB", size, PAGE)
    bars.most("words of three hours, KB", found["transcript"], TRANSCRIPT)


def name_processor() -> str:
    """Return the name of the processor, as Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "a processor")
