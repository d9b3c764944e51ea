"""Benchmark of listening: what the sound makes of true and of altered quotations (docs/listening.md).

    python -m bench.bench_quotes --listen [--model MODEL] [--listener MODEL] [--episodes N] [--each N] [--fitted]

Made speech of podcast text, and real speech of known text beside it. Figures are of shows and recordings that no
constant was chosen on; ``--fitted`` prints those of the others, for choosing constants. Speech, transcripts and scores
are kept in .cache/bench/listen, so that it takes seconds to print them again.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from bench.bench_report import Bars
from bench.listen_cases import ALTERED, TRUE
from bench.listen_scores import ENGINE, Made, ScoredCase, score_episode, transcribe
from bench.listen_speech import EPISODES, make_disfluent_episodes, make_episodes
from bench.materials import load_material

from pipeline.engines.base import Engine
from pipeline.engines.choose import load_engine
from pipeline.transcription.options import EngineSpec
from pipeline.verification.listening import join_sounds

DISFLUENT_EPISODES = 2
REAL = ("voice_notes-en", "address-en", "phone_call-en", "fleurs-en", "librivox_words-en")
WRONG, RIGHT = ("altered", "paraphrase", "not found"), ("verbatim", "cleaned")
STILL_WRONG = {"tiny.en": 40.0, "base": 30.0}  # % of those without listening, by model
MOST_UNTOLD = 5.0  # % of the altered ones that may be called "cannot tell"
SECONDS_A_DIFFERENCE, SECONDS_AN_ARTICLE, ARTICLE = 1.0, 30.0, 20
CURVE = tuple(step / 2 for step in range(-12, 25))
PASSAGE_WORDS = 40  # of real speech, whose texts are cut into passages


def judge(scored: ScoredCase) -> str:
    """Return the verdict after listening."""
    if not scored.fits:
        return scored.kind
    verdicts = {"fits quotation": "verbatim", "undecided": "cannot tell", "fits transcript": scored.kind}
    return verdicts[join_sounds([fit.sound for fit in scored.fits])]


def count(cases: Iterable[ScoredCase], verdict: Callable[[ScoredCase], str]) -> Counter[str]:
    """Count verdicts."""
    return Counter(map(verdict, cases))


def print_verdicts(title: str, cases: Sequence[ScoredCase]) -> None:
    """Print the verdicts on each kind of quotation, without listening and with it."""
    print(f"\n{title}\n\n| quoted | quotations | asked | without listening | with listening |\n|" + " --- |" * 5)
    for how in dict.fromkeys(case.case.how for case in cases):
        some = [case for case in cases if case.case.how == how]
        asked = sum(bool(case.fits) for case in some)
        listed = [
            ", ".join(f"{kind} {number}" for kind, number in count(some, verdict).most_common())
            for verdict in (lambda case: case.kind, judge)
        ]
        print(f"| {how} | {len(some)} | {asked} | {listed[0]} | {listed[1]} |")


def print_curve(cases: Sequence[ScoredCase]) -> None:
    """Print the share of true and of altered quotations below each margin, of those whose sound was asked."""
    print("\n| smaller margin of the worst run below | true, % | " + " | ".join(f"{how}, %" for how in ALTERED) + " |")
    print("|" + " --- |" * (len(ALTERED) + 2))
    worst = {
        how: [max(min(fit.margins) for fit in case.fits) for case in cases if case.case.how == how and case.fits]
        for how in (TRUE, *ALTERED)
    }
    for bar in CURVE:
        shares = (100 * sum(score < bar for score in scores) / max(1, len(scores)) for scores in worst.values())
        print(f"| {bar:g} | " + " | ".join(f"{share:.1f}" for share in shares) + " |")
    print(f"| quotations | {' | '.join(str(len(scores)) for scores in worst.values())} |")


def print_bars(model: str, cases: Sequence[ScoredCase]) -> bool:
    """Print the measurements with their bars; return whether all are met."""
    bars = Bars()
    print("\n| what | measured | bar | |\n| --- | --- | --- | --- |")
    true = [case for case in cases if case.case.how == TRUE]
    altered = [case for case in cases if case.case.how in ALTERED]
    before, after = (sum(count(true, verdict)[kind] for kind in WRONG) for verdict in (lambda case: case.kind, judge))
    what = f"{model}: true ones called {', '.join(WRONG)}, % of the {before} without listening"
    bars.most(what, 100 * after / max(1, before), STILL_WRONG.get(model, STILL_WRONG["base"]))
    kinds = count(altered, judge)
    bars.most(f"{model}: altered ones of {len(altered)} called verbatim", sum(kinds[kind] for kind in RIGHT), 0)
    untold = [
        sum(judge(case) == "cannot tell" != case.kind for case in some) / len(some)
        for some in ([case for case in altered if case.case.how == how] for how in ALTERED)
        if some
    ]
    what = f"{model}: altered ones called cannot tell by listening, %, mean of the kinds"
    bars.most(what, 100 * sum(untold) / max(1, len(untold)), MOST_UNTOLD)
    asked = [case for case in cases if case.fits]
    seconds = sum(case.seconds for case in asked)
    runs = sum(len(case.fits) for case in asked)
    bars.most(f"{model}: processor seconds a difference, of {runs}", seconds / max(1, runs), SECONDS_A_DIFFERENCE)
    what = f"{model}: processor seconds for {ARTICLE} quotations that differ"
    bars.most(what, ARTICLE * seconds / max(1, len(asked)), SECONDS_AN_ARTICLE)
    return bars.met


def print_bias(cases: Sequence[ScoredCase]) -> None:
    """Print what becomes of quotations where something unexpected was said, as it was said and as one expects it."""
    print_verdicts("Speech with an unexpected word, quoted as it was said, and with the expected word", cases)
    biases = [fit.bias for case in cases for fit in case.fits]
    expected = sum(bias < 0 for bias in biases)
    print(f"\nThe model expects the quoted words more, on silence, in {expected} of {len(biases)} runs.")


def real_recordings() -> Iterator[Made]:
    """Yield real speech of known text, cut into passages."""
    for name in REAL:
        for recording in load_material(name):
            words = recording.text.split()
            passages = tuple(
                " ".join(words[first : first + PASSAGE_WORDS]) for first in range(0, len(words), PASSAGE_WORDS)
            )
            yield Made(recording.media, passages)


def main(arguments: Sequence[str]) -> None:
    """Make what is missing, and print tables and bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listen", action="store_true")
    parser.add_argument("--model", default="tiny.en")
    parser.add_argument("--listener", help="the model that is asked, by default the same")
    parser.add_argument("--episodes", type=int, default=EPISODES)
    parser.add_argument("--each", type=int, default=40, help="alterations of each kind in an episode")
    parser.add_argument("--fitted", action="store_true")
    asked = parser.parse_args(arguments)
    engine = load_engine(EngineSpec(ENGINE, asked.listener or asked.model, "cpu"))
    spoken = list(make_episodes(not asked.fitted, asked.episodes))
    made = score_all(asked.model, [Made(one.media, one.passages) for one in spoken], engine, asked.each)
    print_verdicts(f"Made speech, {len(spoken)} episodes, transcribed with {asked.model}", made)
    print_curve(made)
    if asked.fitted:
        return
    real = score_all(asked.model, list(real_recordings()), engine, asked.each)
    print_verdicts(f"Real speech, transcribed with {asked.model}", real)
    print_curve(real)
    odd = list(make_disfluent_episodes(DISFLUENT_EPISODES))
    print_bias(score_all(asked.model, [Made(one.media, one.passages, one.expected) for one in odd], engine, asked.each))
    sys.exit(0 if print_bars(asked.model, made) else 1)


def score_all(model: str, made: Sequence[Made], engine: Engine, each: int) -> list[ScoredCase]:
    """Return the scored cases of recordings, which are transcribed first."""
    library = transcribe([one.media for one in made], model)
    return [case for one in made for case in score_episode(library, one, engine, each)]
