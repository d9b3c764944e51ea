"""Libraries of the quotation benchmark: which episodes are quoted, which only fill it, and which stay outside."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from bench.materials import CACHE
from bench.quotes_damage import DamagedWord, SoundAlikes, add_probabilities, damage_words, leave_whole
from bench.quotes_materials import Talk, fill_library, load_talks
from bench.quotes_scoring import Speech

from index.language.tokens import tokenize

Half = Literal["reported", "tuned"]

TUNED_SHOWS = ("jsparty", "friends", "news", "afk", "bigtent", "made up")
"""Constants are tuned on half of the episodes of these shows; the other half fills the library that is reported."""

REPORTED_SHOWS = ("podcast", "practicalai", "shipit", "rfc", "made up too")

EPISODES, DAMAGED_EPISODES, TUNED_EPISODES = 1000, 200, 100
ELSEWHERE_EPISODES = 60
WITHOUT_PROBABILITIES = 5  # one damaged episode of so many
SEED = 20260101


class Material:
    """The episodes of one library: in it, quoted or not, and outside it; recognised at one word error rate."""

    def __init__(self, rate: float, half: Half = "reported") -> None:
        quoted, fillers = _split_episodes(half)
        apart = min(ELSEWHERE_EPISODES, len(quoted) // 5)
        size = TUNED_EPISODES if half == "tuned" else DAMAGED_EPISODES if rate else EPISODES
        talks = [*quoted[apart:], *fillers][:size]
        self.rate = rate
        self.elsewhere = quoted[:apart]
        self.quoted = range(min(size, len(quoted) - apart))
        self._alikes = SoundAlikes(_vocabulary(talks)) if rate else None
        # The recognised words of all episodes, ten million, do not fit into memory.
        self.speech = Speech(talks, lru_cache(maxsize=100)(self._recognise))
        source = "real" if os.environ.get("AIRQUOTE_BENCH_DATA") else "made-up"
        self.library = CACHE / f"quotes-{source}-{half}-{rate:g}-{size}"

    def _recognise(self, number: int) -> list[DamagedWord]:
        """Return the words of an episode as recognised."""
        talk = self.speech.talks[number]
        if self._alikes is None:
            return leave_whole(talk.words)
        choose = random.Random(f"{SEED} {talk.name}")
        recognised = damage_words(talk.words, self.rate, self._alikes, choose)
        # Four of five episodes as if a model had recognised them; the rest as if imported, without probabilities.
        return add_probabilities(recognised, talk.words, choose) if number % WITHOUT_PROBABILITIES else recognised

    def fill(self) -> None:
        """Make the library, or resume making it."""
        fill_library(self.library, self.speech.talks, self.speech.recognise)


def _split_episodes(half: Half) -> tuple[list[Talk], list[Talk]]:
    """Return the episodes to quote, shuffled, and those that only fill the library."""
    tuned = list(load_talks(TUNED_SHOWS))
    random.Random(SEED).shuffle(tuned)
    if half == "tuned":
        return tuned[::2], []
    reported = list(load_talks(REPORTED_SHOWS))
    random.Random(SEED).shuffle(reported)
    return reported, tuned[1::2]


def _vocabulary(talks: Sequence[Talk]) -> set[str]:
    return {token for talk in talks for word in set(talk.words) for token in tokenize(word)}
