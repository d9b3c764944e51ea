"""Benchmark of names that people say: how many that are suggested are right, and how many voices get theirs.

    python -m bench.voices_introductions [--episodes N] [--fit]

Turns of real podcasts (AIRQUOTE_BENCH_DATA) with the names of who speaks hidden. The phrases were chosen, and the
weights of the clues fitted, on the shows TUNING; the others are reported. ``--fit`` prints the weights that fit. A name
is right if it can be that of the speaker by the rules for attributions; "Greg" is not "Gregg".
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from audio.voices.voice_turns import Voice
from index.verification.name_comparison import Likeness, compare_names
from pipeline.voices.recognition.introductions import NamedVoice, SpokenTurn, find_introductions
from pipeline.voices.recognition.suggestions import CLUES, IN_TALK, LEAST_LIKELY, Candidate, choose_names

TUNING = ("friends", "podcast", "shipit")
REPORTED = ("afk", "bigtent", "jsparty", "news", "practicalai", "rfc")
MAIN_SHARE = 0.05  # of the words of an episode, from which on a speaker counts
SEED = 20260201


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said of names in an episode, who each voice is, and which of them say enough to count."""

    introduced: Sequence[NamedVoice]
    speakers: Mapping[str, str]
    main: frozenset[str]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=120, help="of each show")
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    if arguments.fit:
        talks = list(read_talks(TUNING, arguments.episodes))
        for clue, weight in zip((*CLUES, "bias"), fit_weights(talks), strict=True):
            print(f"{clue}: {weight:.2f}")
    for name, shows in (("tuning", TUNING), ("reported", REPORTED)):
        report(name, list(read_talks(shows, arguments.episodes)))


def report(name: str, talks: Sequence[Talk]) -> None:
    """Print how many suggested names are right, and how many of the main voices have a right one."""
    print(f"\n{name}: {len(talks)} episodes\n\n| least likelihood | right | main voices named |\n| --- | --- | --- |")
    for least in (0.5, 0.7, LEAST_LIKELY, 0.9, 0.95):
        right = suggested = named = 0
        for talk in talks:
            voices = [Voice(int(number), 60.0, None) for number in talk.speakers]
            candidates = [Candidate(one) for one in dict.fromkeys(one.name for one in talk.introduced)]
            for one in choose_names(voices, candidates, talk.introduced, least):
                suggested += 1
                if is_right(one.name, talk.speakers[str(one.voice)]):
                    right += 1
                    named += str(one.voice) in talk.main
        main = sum(len(talk.main) for talk in talks)
        print(
            f"| {least} | {right} of {suggested}: {100 * right / max(suggested, 1):.1f} %"
            f" | {named} of {main}: {100 * named / max(main, 1):.1f} % |"
        )


def is_right(name: str, speaker: str) -> bool:
    """Whether a name can be that of a speaker."""
    return compare_names(speaker, name) >= Likeness.weak


def read_talks(shows: Sequence[str], episodes: int) -> Iterator[Talk]:
    """Yield some episodes of these shows."""
    folder = Path(
        os.environ.get("AIRQUOTE_BENCH_DATA") or sys.exit("AIRQUOTE_BENCH_DATA must name a folder of podcasts.")
    )
    for show in shows:
        with lzma.open(folder / "podcasts" / f"{show}.jsonl.xz", "rt", encoding="utf-8") as lines:
            rows = list(lines)
        for row in random.Random(SEED).sample(rows, min(episodes, len(rows))):
            yield _read_talk(json.loads(row)["turns"])


def _read_talk(turns: Sequence[Mapping[str, str]]) -> Talk:
    numbers: dict[str, str] = {}
    words: Counter[str] = Counter()
    spoken = []
    for turn in turns:
        number = numbers.setdefault(turn["speaker"], str(len(numbers) + 1))
        words[number] += len(turn["text"].split())
        spoken.append(SpokenTurn(number, turn["text"]))
    speakers = {number: speaker for speaker, number in numbers.items()}
    main = {one for one, count in words.items() if count >= MAIN_SHARE * words.total() and " " in speakers[one]}
    return Talk(find_introductions(spoken), speakers, frozenset(main))


def fit_weights(talks: Sequence[Talk]) -> NDArray[np.float64]:
    """Return the weight of each clue and the logarithm of the odds without any, by maximum likelihood."""
    counts = [
        np.array([[math.log1p(one.clues[clue]) for clue in CLUES] for one in talk.introduced]).reshape(-1, len(CLUES))
        for talk in talks
    ]
    right = [
        np.array([is_right(one.name, talk.speakers[one.voice]) for one in talk.introduced], bool) for talk in talks
    ]

    def loss(weights: NDArray[np.float64]) -> float:
        total = 0.05 * float((weights**2).sum())
        for talk, rows, hits in zip(talks, counts, right, strict=True):
            if len(rows):
                likely = np.clip(_share(np.exp(rows @ weights[:-1] + weights[-1]), talk.introduced), 1e-9, 1 - 1e-9)
                total -= float(np.log(np.where(hits, likely, 1 - likely)).sum())
        return total

    start = np.array([*CLUES.values(), math.log(IN_TALK / (1 - IN_TALK))])
    return np.asarray(minimize(loss, start, method="L-BFGS-B").x)


def _share(odds: NDArray[np.float64], introduced: Sequence[NamedVoice]) -> NDArray[np.float64]:
    """Return the likelihood of each pair, against all of the same voice or the same name."""
    of_voice: dict[str, float] = defaultdict(float)
    of_name: dict[str, float] = defaultdict(float)
    for ratio, one in zip(odds, introduced, strict=True):
        of_voice[one.voice] += ratio
        of_name[one.name] += ratio
    others = [of_voice[one.voice] + of_name[one.name] for one in introduced]
    return np.asarray(odds / (1 + np.array(others) - odds))


if __name__ == "__main__":
    main()
