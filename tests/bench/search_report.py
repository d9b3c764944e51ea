"""The tables of the search benchmark, and its bars."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.bench_report import Bars
from bench.scoring import percentile_95
from bench.search_answers import Answers
from bench.search_build import Built
from bench.search_competitors import FTS5, WHOOSH
from bench.search_counts import Counted
from bench.search_materials import Imported
from bench.search_queries import PHRASE_KINDS
from bench.search_recall import Recall
from bench.search_speed import AIRQUOTE, AddedHour, Timed
from bench.search_writings import TUNED_SHOWS

MEDIAN, P95, WORST = 15, 120, 400  # ms, of all queries
WHOOSH_RATIO = 8  # times as fast, phrases of common words
FTS5_RATIO = 3  # times its median at most, all phrases
PROCESS_SECONDS, HOUR_SECONDS = 0.6, 1.0
BUILD_MS, BUILD_MB = 8, 1000  # a passage; at its peak
ALL = "all"
INDEX_KB = 1  # a passage
RECALL = 0.95
RECALL_KIND, RECALL_ALL = 0.95, 0.97  # of statements in a changed writing: of each kind, and of all
COUNT_ERROR = 0.25  # of the exact number of hits


@dataclass(slots=True)
class SearchReport:
    """The measurements on one library; parts not measured are empty."""

    code: str
    imported: Imported
    built: Built
    times: dict[str, list[Timed]] = field(default_factory=dict)
    answers: list[Answers] = field(default_factory=list)
    recall: list[Recall] = field(default_factory=list)
    writings: list[Recall] = field(default_factory=list)
    counts: list[Counted] = field(default_factory=list)
    processes: list[Timed] = field(default_factory=list)
    hour: AddedHour | None = None

    def print(self) -> bool:
        """Print the tables and the bars; return whether all bars are met."""
        facts = self.imported
        kind = "real podcasts" if facts.real else "text made by the bench"
        print(
            f"{self.code}; {kind}: {facts.episodes} episodes, {facts.words:,} words, {self.built.passages:,} passages"
        )
        if self.times:
            self._print_times()
        if self.answers:
            self._print_answers()
        if self.recall:
            self._print_recall()
        if self.writings:
            self._print_writings()
        if self.counts:
            self._print_counts()
        self._print_size()
        return self._print_bars()

    def _print_times(self) -> None:
        print(
            "\n| queries | number | airquote: median, p95, worst, ms | SQLite FTS5: median, ms | airquote's time by it "
            "| Whoosh with positions: median, ms | its time by airquote's |\n|" + " --- |" * 7
        )
        for kind in [*dict.fromkeys(timed.kind for timed in self.times[AIRQUOTE]), ALL]:
            own, sqlite, whoosh = (self._milliseconds(name, kind) for name in (AIRQUOTE, FTS5, WHOOSH))
            median = statistics.median(own)
            cells = [f"{median:.1f}, {percentile_95(own):.1f}, {max(own):.1f}", "", "", "", ""]
            if sqlite:
                cells[1:3] = [f"{statistics.median(sqlite):.1f}", f"{median / statistics.median(sqlite):.1f}"]
            if whoosh:
                cells[3:5] = [f"{statistics.median(whoosh):.1f}", f"{statistics.median(whoosh) / median:.1f}"]
            print(f"| {kind} | {len(own)} | {' | '.join(cells)} |")

    def _milliseconds(self, system: str, *kinds: str) -> list[float]:
        return [1000 * timed.seconds for timed in self.times.get(system, []) if timed.kind in kinds or ALL in kinds]

    def _print_answers(self) -> None:
        print("\n| answers | queries | places | the same set | missing | too many |\n|" + " --- |" * 6)
        for kind in dict.fromkeys(one.kind for one in self.answers):
            ours = [one for one in self.answers if one.kind == kind]
            numbers = (len(ours), sum(o.places for o in ours), sum(o.same for o in ours))
            wrong = (sum(o.missing for o in ours), sum(o.surplus for o in ours))
            print(f"| {kind} | {' | '.join(map(str, (*numbers, *wrong)))} |")
        for one in [one for one in self.answers if not one.same][:10]:
            print(f"  differs: {one.kind}: {one.text}: {one.missing} missing, {one.surplus} too many; {one.example}")

    def _print_recall(self) -> None:
        print("\n| planted statements, fuzzy | number | first | among the first three | median, ms |\n|" + " --- |" * 5)
        for change in [*dict.fromkeys(one.change for one in self.recall), ALL]:
            ours = [one for one in self.recall if change in (one.change, ALL)]
            first, three = (sum(one.rank is not None and one.rank <= best for one in ours) for best in (1, 3))
            median = 1000 * statistics.median(one.seconds for one in ours)
            print(f"| {change} | {len(ours)} | {first} | {three} | {median:.1f} |")

    def _print_writings(self) -> None:
        print(
            "\n| statements in a changed writing | number | first | among the first three | of the shows not tuned on: "
            "number | among the first three | median, ms |\n|" + " --- |" * 7
        )
        for change in [*dict.fromkeys(one.change for one in self.writings), ALL]:
            ours = [one for one in self.writings if change in (one.change, ALL)]
            others = [one for one in ours if one.show not in TUNED_SHOWS]
            median = 1000 * statistics.median(one.seconds for one in ours)
            shares = f"{_share(ours, 1):.1%} | {_share(ours, 3):.1%} | {len(others)} | {_share(others, 3):.1%}"
            print(f"| {change} | {len(ours)} | {shares} | {median:.1f} |")

    def _print_counts(self) -> None:
        print(
            "\n| numbers of hits | queries | told exactly | of the others: median error | worst "
            "| beyond the error stated |\n|" + " --- |" * 6
        )
        for kind in [*dict.fromkeys(one.kind for one in self.counts), ALL]:
            ours = [one for one in self.counts if kind in (one.kind, ALL)]
            errors = [one.error for one in ours if not one.exact]
            beyond = sum(one.error > one.stated for one in ours)
            cells = (f"{statistics.median(errors):.1%}", f"{max(errors):.1%}") if errors else ("", "")
            print(f"| {kind} | {len(ours)} | {len(ours) - len(errors)} | {' | '.join(cells)} | {beyond} |")

    def _print_size(self) -> None:
        print("\n| part of the index | bytes a passage |\n| --- | --- |")
        for part, size in self.built.parts.items():
            print(f"| {part} | {size / self.built.passages:.1f} |")

    def _print_bars(self) -> bool:
        bars = Bars()
        print("\n| what | measured | bar | |\n| --- | --- | --- | --- |")
        if self.answers:
            self._judge_answers(bars)
        if self.times:
            self._judge_times(bars)
        if self.processes:
            process = statistics.median(timed.seconds for timed in self.processes)
            bars.most("airquote search, whole process, median s", process, PROCESS_SECONDS)
        if self.hour:
            bars.most("adding an hour, s", self.hour.seconds, HOUR_SECONDS)
        passages = self.built.passages
        bars.most("building, ms a passage", 1000 * self.built.seconds / passages, BUILD_MS)
        bars.most("building, peak MB", self.built.megabytes, BUILD_MB)
        bars.most("index on disk, KB a passage", self.built.index_bytes / 1000 / passages, INDEX_KB)
        if self.writings:
            for change in dict.fromkeys(one.change for one in self.writings):
                ours = [one for one in self.writings if one.change == change]
                bars.least(f"{change}: among the first three, of {len(ours)}", _share(ours, 3), RECALL_KIND)
            everything = f"all changed writings: among the first three, of {len(self.writings)}"
            bars.least(everything, _share(self.writings, 3), RECALL_ALL)
        if self.counts:
            bars.most("numbers of hits: worst error", max(one.error for one in self.counts), COUNT_ERROR)
        if self.recall:
            found = sum(one.rank is not None and one.rank <= 3 for one in self.recall)
            share = found / len(self.recall)
            bars.least(f"planted statements among the first three, of {len(self.recall)}", share, RECALL)
        return bars.met

    def _judge_answers(self, bars: Bars) -> None:
        phrases = [one for one in self.answers if one.kind in PHRASE_KINDS]
        others = [one for one in self.answers if one.kind not in PHRASE_KINDS]
        for what, answers in (("exact phrases", phrases), ("every other kind", others)):
            bars.most(f"{what}: of {len(answers)} queries, answered otherwise", sum(not one.same for one in answers), 0)

    def _judge_times(self, bars: Bars) -> None:
        own = self._milliseconds(AIRQUOTE, ALL)
        bars.most("ten best hits, warm: median ms", statistics.median(own), MEDIAN)
        bars.most("ten best hits, warm: p95 ms", percentile_95(own), P95)
        bars.most("ten best hits, warm: worst ms", max(own), WORST)
        common = [self._median(name, "common phrase") for name in (AIRQUOTE, WHOOSH)]
        bars.least("phrases of common words: times as fast as Whoosh", common[1] / common[0], WHOOSH_RATIO)
        phrases = [self._median(name, *PHRASE_KINDS) for name in (AIRQUOTE, FTS5)]
        bars.most("phrases: median by that of SQLite FTS5", phrases[0] / phrases[1], FTS5_RATIO)

    def _median(self, system: str, *kinds: str) -> float:
        return statistics.median(self._milliseconds(system, *kinds))


def _share(recalled: Sequence[Recall], best: int) -> float:
    """Return the share of statements that are among the best hits; 0 without any."""
    return sum(one.rank is not None and one.rank <= best for one in recalled) / max(1, len(recalled))
