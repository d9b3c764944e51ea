"""Benchmark of locating and verifying quotations, on real podcasts if present (docs/quotation-benchmark.md).

    python -m bench.bench_quotes [PART ...] [--each N] [--rates RATE ...] [--processes N] [--fill] [--listen]

Run by ``make bench-quotes``. Quotations come from held-out shows, not used for tuning; other shows fill the library up
to a thousand episodes. Libraries and answers are kept under .cache/bench, so that a stopped run resumes; ``--fill``
only makes the libraries. Fails if a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import pages
from bench import quotes_calibration, quotes_speakers
from bench.bench_report import Bars
from bench.quotes_articles import ShortArticle, make_short_articles
from bench.quotes_drawing import Made, collect_substitutes
from bench.quotes_judging import PROCESSES, Judged, ask, judge_all
from bench.quotes_kinds import (
    CHANGED,
    ELSEWHERE,
    KINDS,
    REWRITTEN,
    SPLICED,
    UNCHANGED,
    make_elsewhere,
    make_kind,
    without_said,
)
from bench.quotes_libraries import SEED, Material
from bench.quotes_materials import Talk
from bench.quotes_scoring import score_place
from bench.quotes_speed import measure_article
from bench.quotes_spoken import SpokenTokens

from index.fulltext.maintenance import open_index
from index.language.tokens import find_token_runs, tokenize
from index.storage.store import Store

EACH = 5000
RATES = {0.0: 99.9, 0.1: 99.5, 0.2: 99.0}  # WER -> % of quotations that are located, at least
EXACT = {0.0: 99.5, 0.1: 95.0}
SHORT_SHARE, SPEAKER_SHARE, CALIBRATION_SHARE = 0.2, 0.2, 0.04
UNCHANGED_VERBATIM, UNCHANGED_ALTERED, REWRITTEN_VERBATIM, CHANGED_ALTERED = 99.5, 0.1, 98.0, 97.0  # %
AS_MADE, ELSEWHERE_FOUND, SHORT_PLACED, NOTICED, FALSE_ALARMS = 98.5, 0.2, 95.0, 99.0, 0.5  # %
PAGES_RIGHT, PAGES_WRONG = 95.0, 1.0  # %
QUOTATIONS, WARM_SECONDS, PROCESS_SECONDS = 20, 2.0, 3.5


@dataclass(slots=True)
class Tally:
    """Counts for one kind of quotation."""

    made: int = 0
    located: int = 0
    exact: int = 0
    as_made: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def share(self, *kinds: str) -> float:
        """Return the percentage of these verdicts."""
        return percent(sum(self.kinds[kind] for kind in kinds), self.made)


class Run:
    """One run of the benchmark: what was asked for, its libraries, and the bars."""

    def __init__(self, each: int, rates: Sequence[float], processes: int) -> None:
        self.each, self.rates, self.processes = each, rates, processes
        self.bars = Bars()
        self.measured: list[tuple[Callable[[str, float, float], None], str, float, float]] = []

    @cached_property
    def whole(self) -> Material:
        """The material without damage, in a library that is filled and indexed."""
        return open_material(0.0)

    @cached_property
    def spoken(self) -> SpokenTokens:
        """What the undamaged library says."""
        return SpokenTokens(self.whole.speech.talks)

    def number(self, share: float) -> int:
        """Return how many to make, as a share of those of each changed kind."""
        return max(1, round(self.each * share))

    def most(self, what: str, value: float, bar: float) -> None:
        """Note a measurement that is at most ``bar``."""
        self.measured.append((self.bars.most, what, value, bar))

    def least(self, what: str, value: float, bar: float) -> None:
        """Note a measurement that is at least ``bar``."""
        self.measured.append((self.bars.least, what, value, bar))

    def print_bars(self) -> bool:
        """Print the measurements with their bars; return whether all are met."""
        print("\n| what | measured | bar | |\n| --- | --- | --- | --- |")
        for check, what, value, bar in self.measured:
            check(what, value, bar)
        return self.bars.met


@cache
def open_material(rate: float) -> Material:
    """Return the material of one word error rate, its library filled."""
    material = Material(rate)
    material.fill()
    return material


def make_all(run: Run, material: Material, kinds: Sequence[str], share: float | None = None) -> list[Made]:
    """Make quotations of these kinds: of each its own share, or the same."""
    talks = material.speech.talks
    substitutes = collect_substitutes([talks[number] for number in material.quoted])
    return [
        made
        for how in kinds
        for made in make_kind(
            how, talks, material.quoted, run.number(KINDS[how].share if share is None else share), SEED, substitutes
        )
    ]


def measure_kinds(run: Run) -> None:
    """Judge quotations of every kind against a thousand episodes without damage."""
    made = list(without_said(make_all(run, run.whole, list(KINDS)), run.spoken))
    made += make_elsewhere(run.whole.elsewhere, run.each, SEED, run.spoken)
    answers = judge_all("kinds", run.whole.library, [ask(one.text) for one in made], processes=run.processes)
    tallies = {how: Tally() for how in (*KINDS, ELSEWHERE)}
    for one, (judged,) in zip(made, answers, strict=True):
        tally = tallies[one.how]
        tally.made += 1
        tally.kinds[judged.kind] += 1
        tally.as_made += judged.kind in one.kinds
        if judged.kind not in one.kinds:
            print(f"{judged.kind}, {one.how}: {one.text} | {judged.reason}", file=sys.stderr)
    print("\nVerdicts, without damage\n\n| quoted | quotations | as made, % | verdicts |\n|" + " --- |" * 4)
    for how, tally in tallies.items():
        print(f"| {how} | {tally.made} | {percent(tally.as_made, tally.made):.2f} | {name_counts(tally.kinds)} |")
    for how in CHANGED:
        counts = tallies[how].kinds
        run.most(
            f"{how}: called verbatim or cleaned, of {tallies[how].made}", counts["verbatim"] + counts["cleaned"], 0
        )
    unchanged, changed = _join(tallies, UNCHANGED), _join(tallies, CHANGED)
    run.least(f"unchanged, {unchanged.made}: verbatim, %", unchanged.share("verbatim"), UNCHANGED_VERBATIM)
    run.most("unchanged: altered, %", unchanged.share("altered"), UNCHANGED_ALTERED)
    rewritten = tallies[REWRITTEN]
    run.least(f"{REWRITTEN}, {rewritten.made}: verbatim, %", rewritten.share("verbatim"), REWRITTEN_VERBATIM)
    run.least(f"changed, {changed.made}: altered, %", changed.share("altered"), CHANGED_ALTERED)
    shares = [percent(tallies[how].as_made, tallies[how].made) for how in tallies]
    run.least("as made, mean of all kinds, %", sum(shares) / len(shares), AS_MADE)
    elsewhere = tallies[ELSEWHERE]
    found = 100 - elsewhere.share("not found")
    run.most(f"{ELSEWHERE}, {elsewhere.made}: called anything but not found, %", found, ELSEWHERE_FOUND)


def measure_places(run: Run) -> None:
    """Locate quotations of every kind at each word error rate."""
    for rate in run.rates:
        material = open_material(rate)
        made = make_all(run, material, list(KINDS), 1 / len(KINDS))
        answers = judge_all(
            f"places at {rate:.0%}", material.library, [ask(one.text) for one in made], "locate", run.processes
        )
        tallies = {how: Tally() for how in KINDS}
        for one, (judged,) in sorted(zip(made, answers, strict=True), key=lambda pair: pair[0].talk):
            right, exact = score_place(one, judged.places[0] if judged.places else judged.closest, material.speech)
            tally = tallies[one.how]
            tally.made, tally.located, tally.exact = tally.made + 1, tally.located + right, tally.exact + exact
            if not right:
                print(f"not located at {rate:.0%}, {one.how}: {one.text}", file=sys.stderr)
        print(
            f"\nPlaces, word error rate {rate:.0%}\n\n| quoted | quotations | located, % | exact span, % |\n|"
            + " --- |" * 4
        )
        for how, tally in tallies.items():
            exact_share = "" if how == SPLICED else f"{percent(tally.exact, tally.made):.1f}"
            print(f"| {how} | {tally.made} | {percent(tally.located, tally.made):.1f} | {exact_share} |")
        everything, whole = _join(tallies, list(KINDS)), _join(tallies, [how for how in KINDS if how != SPLICED])
        run.least(
            f"located, WER {rate:.0%}, {everything.made}, %", percent(everything.located, everything.made), RATES[rate]
        )
        if rate in EXACT:
            run.least(f"exact span, WER {rate:.0%}, %", percent(whole.exact, whole.made), EXACT[rate])


def measure_short(run: Run) -> None:
    """Judge quotations of three to five words inside articles whose other quotations are placed."""
    talks = run.whole.speech.talks
    articles = make_short_articles(talks, run.whole.quoted, run.number(SHORT_SHARE), SEED)
    answers = judge_all("short", run.whole.library, [one.asked for one in articles], processes=run.processes)
    short = [(one, answer[number]) for one, answer in zip(articles, answers, strict=True) for number in one.short]
    placed = sum(_is_in(judged, one, talks, run.whole.speech.numbers) for one, judged in short)
    kinds = Counter(judged.kind for _, judged in short)
    print(f"\nShort quotations, {len(short)}: {name_counts(kinds)}.")
    run.least(f"short, in an article, {len(short)}: in the right episode, %", percent(placed, len(short)), SHORT_PLACED)


def measure_speakers(run: Run) -> None:
    """Judge quotations attributed to who says them and to somebody else, in many ways of writing names."""
    inside = [run.whole.speech.talks[number] for number in run.whole.quoted]
    talks = [talk for talk in inside if talk.show in quotes_speakers.REPORTED_SHOWS]
    count = run.number(SPEAKER_SHARE)
    with Store.open(run.whole.library) as store, open_index(store) as opened:
        tally = quotes_speakers.measure_speakers(talks, opened, count)
    run.least(f"wrong speaker, {tally.wrong}: noticed, %", percent(tally.noticed, tally.wrong), NOTICED)
    run.most(f"right speaker, {tally.right}: called wrong, %", percent(tally.alarms, tally.right), FALSE_ALARMS)


def measure_pages(run: Run) -> None:
    """Compare the speakers that are read from the saved pages with the truth beside them."""
    extraction, attribution = pages.measure_extraction(), pages.measure_attribution()
    found, missing, outside = extraction
    print(f"\nSaved pages: {found} of {found + missing} quotations found, and {outside} outside the articles.")
    total = sum(attribution)
    run.least(f"speakers on saved pages, {total}: right, %", percent(attribution.right, total), PAGES_RIGHT)
    run.most("speakers on saved pages: wrong, %", percent(attribution.wrong, total), PAGES_WRONG)


def measure_calibration(run: Run) -> None:
    """Hold the confidence of verdicts against the share of right ones, at every word error rate."""
    cases = []
    for rate in run.rates:
        each = run.number(CALIBRATION_SHARE)
        cases += quotes_calibration.collect_cases(
            f"calibration at {rate:.0%}", open_material(rate), each, run.processes
        )
    for what, value, bar, side in quotes_calibration.measure(cases):
        (run.most if side == "most" else run.least)(what, value, bar)


def measure_time(run: Run) -> None:
    """Time twenty quotations of every kind, warm and as a whole process."""
    made = make_all(run, run.whole, list(KINDS), QUOTATIONS / run.each)
    texts = [one.text for one in made[:: len(made) // (QUOTATIONS - 3)]][: QUOTATIONS - 3]
    texts += [" ".join(talk.words[100:115]) for talk in run.whole.elsewhere[:3]]
    warm, process = measure_article(run.whole.library, texts)
    run.most(f"{QUOTATIONS} quotations, warm, s", warm, WARM_SECONDS)
    run.most(f"{QUOTATIONS} quotations, whole process, s", process, PROCESS_SECONDS)


PARTS: dict[str, Callable[[Run], None]] = {
    "kinds": measure_kinds,
    "places": measure_places,
    "short": measure_short,
    "speakers": measure_speakers,
    "pages": measure_pages,
    "time": measure_time,
    "calibration": measure_calibration,
}


def percent(part: float, whole: float) -> float:
    """Return ``part`` as a percentage of ``whole``."""
    return 100 * part / max(1, whole)


def name_counts(counts: Counter[str]) -> str:
    """Return counts as text, the most frequent first."""
    return ", ".join(f"{kind} {count}" for kind, count in counts.most_common())


def _join(tallies: dict[str, Tally], kinds: Sequence[str]) -> Tally:
    joined = Tally()
    for how in kinds:
        tally = tallies[how]
        joined.made += tally.made
        joined.located += tally.located
        joined.exact += tally.exact
        joined.kinds.update(tally.kinds)
    return joined


def _is_in(judged: Judged, article: ShortArticle, talks: Sequence[Talk], numbers: Mapping[str, int]) -> bool:
    """Whether a quotation is placed in the episode of its article, or in one that says all of the article too."""
    if not judged.places:
        return False
    number = numbers[judged.places[0].episode]
    if number == article.talk:
        return True
    said = tokenize(" ".join(talks[number].words))
    return all(find_token_runs(said, tokenize(text)) for text, _ in article.asked.quotations)


def main() -> None:
    """Make missing libraries, measure, print the tables and the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; by default all")
    parser.add_argument(
        "--each", type=int, default=EACH, help="quotations of each changed kind; the others in proportion"
    )
    parser.add_argument("--rates", type=float, nargs="*", choices=list(RATES), default=list(RATES))
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--fill", action="store_true")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if asked.fill:
        for rate in asked.rates:
            Material(rate).fill()
        return
    run = Run(asked.each, asked.rates, asked.processes)
    for part in asked.parts or PARTS:
        PARTS[part](run)
    sys.exit(0 if run.print_bars() else 1)


if __name__ == "__main__":
    if "--listen" in sys.argv:
        from bench import quotes_listen  # needs the voices

        quotes_listen.main(sys.argv[1:])
    else:
        main()
