"""Advertisements planted into episodes: with word errors, cut at either end, and in another reader's wording."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path

from bench.quotes_materials import Talk, load_talks

ADVERTISEMENTS = 20
EPISODES = (2, 200)
WORDS = (50, 250)  # 20 to 90 s
WORD_ERRORS = 0.15
CUT = 0.15  # of the words at either end, of every other copy
REREAD = 3  # one advertisement of so many is read by two readers
_REPLACED, _ADDED = 0.15, 0.04  # words that another reader says differently, and adds
_DRAWN_FROM = 100  # episodes
_WRITTEN = Path(__file__).with_name("advertisements.txt")
_FILLERS = ("really", "just", "you know", "actually", "so", "well", "right", "honestly", "of course", "now")
_SENTENCE = re.compile(r"(?<=[.?!]) ")

_SYNONYMS = """
    episode show|brought presented|makers producers|small little|tired exhausted|reason cause|every each|trial test|
    love like|money cash|use enter|get receive|free complimentary|order purchase|company business|running managing|
    spending wasting|month year|team staff|on in|answers picks|odd strange|switched moved|most many|done finished|
    listeners audience|tell talk|drinking having|morning day|still always|surprised delighted|arrives comes|
    ship send|choose pick|brew make|pay give|above over|whenever anytime|want like|half fifty|visit see|
    show podcast|want need|person human|within in|know understand|start begin|included inside|try test|
    question thing|last recently|read study|nobody no-one|wrote made|plain simple|examples cases|answer reply|
    price cost|once immediately|photo picture|paid settled|families households|already today|find work|save keep|
    possible doable|proof example|spend take|lessons courses|teachers people|things sentences|languages tongues|
    sponsor partner|fresh new|quick fast|never not|customers clients|software code|lost wasted|bug fault|
    records remembers|joined put|picture view|install add|about roughly|costs takes|spoke talked|found discovered|
    mention name|weighs is|comes slides|ride take|looking feeling|door house|ever once|stolen gone|book reserve|
    hear get|early before|conversation talk|publish put|costs is|pays covers|cannot can't|everybody everyone|
    thank thanks|break pause|post publish|fit match|top front|charge control|decision choice|hire recruit|
    average balance|nothing free|spring year|open start|single one|weekend week|ticket fare|see view|people folks|
    think believe|going about|kind sort|lot bunch|big large|good nice|great wonderful|look check|way manner|
    make build|got have|say tell|yeah yes|maybe perhaps|thing matter|problem issue|different other|new fresh|
    talk speak"""


@dataclass(slots=True)
class PlantedEpisode:
    """The words of an episode with advertisements in it, and the ranges (first, after last) of these."""

    words: list[str]
    planted: list[tuple[int, int, int]] = field(default_factory=list)
    """First word, the one after the last, and the number of the advertisement."""


def plant(talks: Sequence[Talk], elsewhere: Sequence[str], seed: int) -> list[PlantedEpisode]:
    """Return these episodes with 20 advertisements, each in 2 to 200 of them, in places that are drawn."""
    choose = random.Random(seed)
    episodes = [PlantedEpisode(list(talk.words)) for talk in talks]
    places: list[list[tuple[int, int, list[str]]]] = [[] for _ in talks]
    strangers = sorted({word for talk in talks[:20] for word in talk.words})
    for number, text in enumerate(_advertisements(elsewhere, choose)):
        readings = [text, reread(text, choose)] if number % REREAD == 0 else [text]
        for turn, chosen in enumerate(choose.sample(range(len(talks)), _episodes_of(number, len(talks)))):
            copy = damage(readings[turn % len(readings)].split(), choose, strangers)
            places[chosen].append((choose.randrange(len(episodes[chosen].words) + 1), number, copy))
    for episode, copies in zip(episodes, places, strict=True):
        for at, number, copy in sorted(copies, reverse=True):
            episode.words[at:at] = copy
            # Those that were put in before lie behind it.
            moved = [(first + len(copy), end + len(copy), other) for first, end, other in episode.planted]
            episode.planted = [(at, at + len(copy), number), *moved]
    return episodes


def _episodes_of(number: int, episodes: int) -> int:
    """Return in how many episodes an advertisement is: from 2 to 200, in steps of equal ratio."""
    fewest, most = EPISODES
    most = min(most, episodes)
    return round(fewest * math.exp(math.log(most / fewest) * number / (ADVERTISEMENTS - 1)))


def _advertisements(elsewhere: Sequence[str], choose: random.Random) -> list[str]:
    written = _WRITTEN.read_text(encoding="utf-8").strip().split("\n\n")
    chosen = [*written, *choose.sample(list(elsewhere), ADVERTISEMENTS - len(written))]
    choose.shuffle(chosen)
    return chosen


def passages_elsewhere(shows: Sequence[str], seed: int) -> list[str]:
    """Return passages of the length of advertisements from episodes of other shows, each from another episode."""
    choose = random.Random(seed)
    passages = []
    for talk in islice(load_talks(shows), _DRAWN_FROM):
        length = choose.randint(*WORDS)
        first = choose.randrange(max(1, len(talk.words) - length))
        passages.append(" ".join(talk.words[first : first + length]))
    return passages


def damage(words: Sequence[str], choose: random.Random, strangers: Sequence[str]) -> list[str]:
    """Return a copy, as recognised: cut at either end or not, with 0 to 15 % of word errors."""
    first, last = (choose.randrange(1 + int(CUT * len(words))) if choose.random() < 0.5 else 0 for _ in range(2))
    rate = choose.uniform(0, WORD_ERRORS)
    copy: list[str] = []
    for word in words[first : len(words) - last]:
        kind = choose.random() / rate if rate else 1.0
        if kind >= 1:
            copy.append(word)
        elif kind < 0.6:
            copy.append(choose.choice(strangers))
        elif kind < 0.8:
            copy += [word, choose.choice(strangers)]
    return copy


def reread(text: str, choose: random.Random) -> str:
    """Return a text in the words of another reader: other words, more of them, sentences in another order."""
    sentences = _SENTENCE.split(text)
    for place in range(0, len(sentences) - 1, 3):
        if choose.random() < 0.5:
            sentences[place : place + 2] = reversed(sentences[place : place + 2])
    said: list[str] = []
    for word in " ".join(sentences).split():
        bare = word.strip(".,?!").lower()
        if choose.random() < _ADDED:
            said.append(choose.choice(_FILLERS))
        if choose.random() < _REPLACED:
            other = _synonyms().get(bare, "")
            said += [other] if other else []  # else it is left out
        else:
            said.append(word)
    return " ".join(said)


@cache
def _synonyms() -> dict[str, str]:
    pairs = [pair.split() for pair in _SYNONYMS.split("|")]
    return {word: other for pair in pairs for word, other in (pair, pair[::-1])}
