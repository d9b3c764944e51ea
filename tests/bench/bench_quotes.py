"""Benchmark of locating and verifying quotations, on real podcasts if present (docs/quotation-benchmark.md).

    python -m bench.bench_quotes [--each N] [--elsewhere N] [--rates RATE ...] [--fill] [--listen]

Run by ``make bench-quotes``. Quotations come from held-out shows, not used for tuning; other shows fill the library up
to a thousand episodes. Libraries are kept under .cache/bench; ``--fill`` only makes them. Fails if a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bench.bench_report import Bars
from bench.kept_results import bench_environment
from bench.materials import CACHE, ROOT
from bench.quotes_damage import DamagedWord, SoundAlikes, damage_words, leave_whole
from bench.quotes_made import FROM_ELSEWHERE, MAKERS, Made, make_elsewhere, make_quotations
from bench.quotes_materials import Talk, fill_library, load_talks
from bench.quotes_scoring import Speech, Tally, score_match

from index.fulltext.maintenance import OpenIndex, open_index
from index.language.common_words import COMMON_WORDS
from index.language.tokens import tokenize
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.verification.locate import Locator
from index.verification.verdicts import Verdict, verify_quotation

REPORTED_SHOWS = ("podcast", "practicalai", "shipit", "made up too")  # the others were used for tuning
EPISODES, DAMAGED_EPISODES = 1000, 200
ELSEWHERE_EPISODES = 60
LOCATED = {0.0: 99.9, 0.05: 99.5, 0.1: 99.0, 0.2: 97.0}  # WER -> % of quotations
EXACT = {0.0: 99.5, 0.1: 95.0}
AS_MADE, FALSE_ALARMS = 98.0, 0.5  # %
ARTICLE, WARM_SECONDS, PROCESS_SECONDS = 20, 3.0, 5.0
SEED = 20260101


class Material:
    """The episodes of one run: in the library, quoted or not, and outside it."""

    def __init__(self, rate: float) -> None:
        reported = list(load_talks(REPORTED_SHOWS))
        others = [talk for talk in load_talks() if talk.show not in REPORTED_SHOWS]
        random.Random(SEED).shuffle(reported)
        apart = min(ELSEWHERE_EPISODES, len(reported) // 5)
        self.rate = rate
        self.elsewhere, inside = reported[:apart], reported[apart:]
        size = DAMAGED_EPISODES if rate else EPISODES
        self.quoted = range(min(size, len(inside)))
        talks = [*inside, *others][:size]
        self._alikes = SoundAlikes(_vocabulary(talks)) if rate else None
        # The recognised words of all episodes, ten million, do not fit into memory.
        self.speech = Speech(talks, lru_cache(maxsize=100)(self._recognise))
        self.library = (
            CACHE / f"quotes-{'real' if os.environ.get('AIRQUOTE_BENCH_DATA') else 'made-up'}-{rate:g}-{size}"
        )

    def _recognise(self, number: int) -> list[DamagedWord]:
        talk = self.speech.talks[number]
        if self._alikes is None:
            return leave_whole(talk.words)
        return damage_words(talk.words, self.rate, self._alikes, random.Random(f"{SEED} {talk.name}"))

    def fill(self) -> None:
        """Make the library, or resume making it."""
        fill_library(self.library, self.speech.talks, self.speech.recognise)

    def content_words(self) -> list[str]:
        """Return content words to use as substitutions."""
        said = {word for number in list(self.quoted)[:60] for word in self.speech.talks[number].words}
        return sorted({word for word in said if re.fullmatch("[a-z]{4,}", word)} - COMMON_WORDS["en"])

    def quotations(self, each: int) -> list[Made]:
        """Return ``each`` quotations of every kind."""
        words = self.content_words()
        return [
            made for how in MAKERS for made in make_quotations(self.speech.talks, self.quoted, how, each, SEED, words)
        ]


def _vocabulary(talks: Sequence[Talk]) -> set[str]:
    return {token for talk in talks for word in set(talk.words) for token in tokenize(word)}


def judge(text: str, opened: OpenIndex) -> Verdict:
    """Return the verdict on one text."""
    return verify_quotation(Quotation(text, (text,), 0, len(text)), opened)


def measure_places(material: Material, quotations: Sequence[Made]) -> dict[str, Tally]:
    """Locate each quotation; tally places, and verdicts at WER 0."""
    tallies = {how: Tally() for how in MAKERS}
    with Store.open(material.library) as store, open_index(store) as opened:
        for made in quotations:
            with store.snapshot():
                matches = Locator(made.text, opened).locate(1)
            if not score_match(tallies[made.how], made, matches[0] if matches else None, material.speech):
                print(f"not located, {material.rate:.0%}, {made.how}: {made.text}", file=sys.stderr)
            if material.rate == 0:
                verdict = judge(made.text, opened)
                tallies[made.how].kinds[verdict.kind] += 1
                tallies[made.how].as_made += verdict.kind in made.kinds
                if verdict.kind not in made.kinds:
                    print(f"{verdict.kind}, {made.how}: {made.text} | {verdict.reason}", file=sys.stderr)
    return tallies


def measure_elsewhere(material: Material, count: int) -> Counter[str]:
    """Count the verdicts on quotations that do not occur in the library."""
    texts = [
        f" {' '.join(token for word in talk.words for token in tokenize(word))} " for talk in material.speech.talks
    ]
    kinds: Counter[str] = Counter()
    with Store.open(material.library) as store, open_index(store) as opened:
        for made in make_elsewhere(material.elsewhere, count, SEED, texts):
            verdict = judge(made.text, opened)
            kinds[verdict.kind] += 1
            if verdict.kind not in FROM_ELSEWHERE:
                print(f"{verdict.kind}, from elsewhere: {made.text} | {verdict.reason}", file=sys.stderr)
    return kinds


def measure_article(material: Material, texts: Sequence[str]) -> tuple[float, float]:
    """Return the seconds for twenty quotations, warm and in a new process."""
    with Store.open(material.library) as store, open_index(store) as opened:
        for text in texts[:3]:
            judge(text, opened)
        began = time.perf_counter()
        for text in texts:
            judge(text, opened)
        warm = time.perf_counter() - began
    command = [sys.executable, "-m", "bench.bench_quotes", "--article", str(material.library)]
    began = time.perf_counter()
    subprocess.run(command, input="\n".join(texts), text=True, env=bench_environment(), cwd=ROOT, check=True)
    return warm, time.perf_counter() - began


def judge_article(library: Path) -> None:
    """Judge quotations from standard input, one a line: the job of the new process."""
    with Store.open(library) as store, open_index(store) as opened:
        for text in sys.stdin.read().splitlines():
            judge(text, opened)


def print_tallies(rate: float, tallies: dict[str, Tally]) -> None:
    """Print the table of one word error rate."""
    print(f"\nWord error rate {rate:.0%}\n")
    print("| quoted | quotations | located, % | exact span, % | verdict as made, % | verdicts |\n|" + " --- |" * 6)
    for how, tally in tallies.items():
        share = [f"{100 * part / max(1, tally.made):.1f}" for part in (tally.located, tally.exact, tally.as_made)]
        kinds = ", ".join(f"{kind} {count}" for kind, count in tally.kinds.most_common())
        verdicts = [share[2], kinds] if tally.kinds else ["", ""]
        exact = "" if how == "two places spliced" else share[1]
        print(f"| {how} | {tally.made} | {share[0]} | {exact} | {verdicts[0]} | {verdicts[1]} |", flush=True)


def percent(part: int, whole: int) -> float:
    """Return ``part`` as a percentage of ``whole``."""
    return 100 * part / max(1, whole)


def main() -> None:
    """Make missing libraries, measure, print the tables and the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=120)
    parser.add_argument("--elsewhere", type=int, default=600)
    parser.add_argument("--rates", type=float, nargs="*", default=list(LOCATED))
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--article", type=Path)
    asked = parser.parse_args()
    if asked.article:
        judge_article(asked.article)
        return
    results: dict[float, dict[str, Tally]] = {}
    elsewhere: Counter[str] = Counter()
    warm = process = 0.0
    for rate in asked.rates:
        material = Material(rate)
        material.fill()
        if asked.fill:
            continue
        quotations = material.quotations(asked.each)
        results[rate] = measure_places(material, quotations)
        print_tallies(rate, results[rate])
        if rate == 0:
            elsewhere = measure_elsewhere(material, asked.elsewhere)
            print(f"\nFrom elsewhere: {', '.join(f'{kind} {count}' for kind, count in elsewhere.most_common())}")
            step = max(1, len(quotations) // (ARTICLE - 3))
            texts = [made.text for made in quotations[::step]][: ARTICLE - 3]
            texts += [" ".join(talk.words[100:115]) for talk in material.elsewhere[:3]]
            warm, process = measure_article(material, texts)
    if not asked.fill:
        sys.exit(0 if print_bars(results, elsewhere, warm, process) else 1)


def print_bars(results: dict[float, dict[str, Tally]], elsewhere: Counter[str], warm: float, process: float) -> bool:
    """Print the measurements with their bars; return whether all are met."""
    bars = Bars()
    print("\n| what | measured | bar | |\n| --- | --- | --- | --- |")
    for rate, tallies in results.items():
        made = sum(tally.made for tally in tallies.values())
        bars.least(
            f"located, WER {rate:.0%}, %", percent(sum(t.located for t in tallies.values()), made), LOCATED[rate]
        )
    for rate, bar in EXACT.items():
        if rate not in results:
            continue
        whole = [tally for how, tally in results[rate].items() if how != "two places spliced"]
        bars.least(
            f"exact span, WER {rate:.0%}, %", percent(sum(t.exact for t in whole), sum(t.made for t in whole)), bar
        )
    if 0.0 not in results:
        return bars.met
    changed = ("a content word changed", "a negation dropped", "a number changed")
    verbatim = sum(results[0.0][how].kinds["verbatim"] for how in changed)
    bars.most("changed word, negation or number called verbatim", verbatim, 0)
    wrong = sum(count for kind, count in elsewhere.items() if kind not in FROM_ELSEWHERE)
    bars.most("from elsewhere, but called otherwise, %", percent(wrong, elsewhere.total()), FALSE_ALARMS)
    tallies = results[0.0]
    made = sum(tally.made for tally in tallies.values())
    bars.least("verdict as made, %", percent(sum(t.as_made for t in tallies.values()), made), AS_MADE)
    bars.most(f"{ARTICLE} quotations, warm, s", warm, WARM_SECONDS)
    bars.most(f"{ARTICLE} quotations, whole process, s", process, PROCESS_SECONDS)
    return bars.met


if __name__ == "__main__":
    if "--listen" in sys.argv:
        from bench import quotes_listen  # needs the voices

        quotes_listen.main(sys.argv[1:])
    else:
        main()
