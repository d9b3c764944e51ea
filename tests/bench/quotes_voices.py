"""Benchmark of attributions in transcribed sound: some voices are named, words and voices are told apart with errors.

    python -m bench.quotes_voices [--count N] [--episodes N] [--wrong SHARE] [--split SHARE]

Speakers are the labels of real podcasts (AIRQUOTE_BENCH_DATA), of which half get their names and the others stay
voices without one. ``--wrong`` is the share of words that have the voice of a neighbouring turn, ``--split`` that of
voices that were taken for two from some word on. Prints how often a right and a wrong attribution are called
misattributed, and how often they would be if words of a voice without a name counted as somebody else's where the
person quoted is another voice of the episode.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bench.materials import CACHE
from bench.quotes_damage import leave_whole
from bench.quotes_materials import Talk, fill_library, load_talks
from bench.quotes_speakers import (
    FAMOUS,
    LONGEST,
    MOST_TRIES,
    REPORTED_SHOWS,
    SEED,
    SHORTEST,
    are_different,
    is_full_name,
)

from index.fulltext.maintenance import OpenIndex, open_index
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.verification.verdicts import Verdict, verify_quotation

NAMED, LONGEST_SHIFT = 0.5, 8


def hear_voices(talk: Talk, wrong: float, split: float, choose: random.Random) -> Talk:
    """Return a talk with the labels of voices that were told apart with errors, half of them named."""
    numbers = {speaker: f"Voice {number}" for number, speaker in enumerate(dict.fromkeys(talk.speakers), start=1)}
    labels = {
        speaker: speaker if is_full_name(speaker) and choose.random() < NAMED else label
        for speaker, label in numbers.items()
    }
    heard = [labels[speaker] for speaker in talk.speakers]
    more = len(numbers)
    for speaker in numbers:
        if choose.random() < split:
            more += 1
            begin = choose.randrange(len(heard))
            for word in range(begin, len(heard)):
                heard[word] = f"Voice {more}" if talk.speakers[word] == speaker else heard[word]
    changes = [word for word, (before, now) in enumerate(pairwise(talk.turns), start=1) if before != now]
    todo = int(wrong * len(heard))
    while todo > 0 and changes:
        border, length = choose.choice(changes), choose.randint(1, LONGEST_SHIFT)
        first, label = (border - length, heard[border]) if choose.random() < 0.5 else (border, heard[border - 1])
        span = range(max(0, first), min(len(heard), first + length))
        heard[span.start : span.stop] = [label] * len(span)
        todo -= len(span)
    turns = [0]
    for (before, now), (turn, next_turn) in zip(pairwise(heard), pairwise(talk.turns), strict=True):
        turns.append(turns[-1] + (before != now or turn != next_turn))
    return replace(talk, speakers=tuple(heard), turns=tuple(turns))


def measure_voices(talks: Sequence[Talk], heard: Sequence[Talk], opened: OpenIndex, count: int) -> Counter[str]:
    """Judge ``count`` quotations with the person who says them, and with another one whom the episode has by name."""
    choose = random.Random(SEED)
    tally: Counter[str] = Counter()
    for _ in range(MOST_TRIES * count):
        if tally["right"] >= count:
            break
        number = choose.randrange(len(talks))
        talk, names = talks[number], {name for name in heard[number].speakers if is_full_name(name)}
        first = choose.randrange(len(talk.words))
        last = first + choose.randint(SHORTEST, LONGEST) - 1
        if last >= len(talk.words) or talk.turns[first] != talk.turns[last]:
            continue
        speaker = talk.speakers[first]
        others = sorted(name for name in names if are_different(name, speaker)) or list(FAMOUS)
        if speaker in names:
            _judge(tally, "right", " ".join(talk.words[first : last + 1]), speaker, opened)
            _judge(tally, "wrong, named voice", " ".join(talk.words[first : last + 1]), choose.choice(others), opened)
        else:
            text = " ".join(talk.words[first : last + 1])
            _judge(tally, "wrong, voice without a name", text, choose.choice(others), opened)
    return tally


def _judge(tally: Counter[str], kind: str, text: str, attributed: str, opened: OpenIndex) -> None:
    verdict = verify_quotation(Quotation(text, (text,), 0, len(text), attributed), opened)
    tally[kind] += 1
    tally[f"{kind}: misattributed"] += verdict.misattributed is True
    tally[f"{kind}: told as another voice"] += _is_told(verdict)


def _is_told(verdict: Verdict) -> bool:
    return "is another voice of this episode" in verdict.reason


def main() -> None:
    """Make a library of the shows, measure, print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--episodes", type=int, default=60)
    parser.add_argument("--wrong", type=float, default=0.02)
    parser.add_argument("--split", type=float, default=0.05)
    asked = parser.parse_args()
    talks = list(load_talks(REPORTED_SHOWS))
    random.Random(SEED).shuffle(talks)
    talks = talks[: asked.episodes]
    choose = random.Random(SEED)
    heard = [hear_voices(talk, asked.wrong, asked.split, choose) for talk in talks]
    library = CACHE / f"voices-{asked.episodes}-{asked.wrong}-{asked.split}"
    fill_library(library, heard, lambda number: leave_whole(heard[number].words))
    with Store.open(library) as store, open_index(store) as opened:
        tally = measure_voices(talks, heard, opened, asked.count)
    for kind in ("right", "wrong, named voice", "wrong, voice without a name"):
        total = max(1, tally[kind])
        called, told = tally[f"{kind}: misattributed"], tally[f"{kind}: told as another voice"]
        shares = f"{100 * called / total:.1f} % misattributed, {100 * told / total:.1f} % told as another voice"
        print(f"{kind}, {tally[kind]}: {shares}")


if __name__ == "__main__":
    main()
