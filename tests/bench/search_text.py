"""Synthetic text with the statistics that search depends on, used if there are no real transcripts.

Words are drawn by the Zipf-Mandelbrot law from 20,000: the commonest are English function words, the others are built
of syllables, with several inflected forms each for stemming. Half of the text are recurring phrases, as in speech.
600,000 words of real podcasts have 17,000 word types and 144,000 types of common grams among 543,000; the same amount
of this text has 16,000, and 147,000 among 535,000.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, count, product

from index.language.common_words import COMMON_WORDS

WORDS = 20_000
PHRASES = 3_000
EPISODE_WORDS = 10_000
SHIFT, EXPONENT = 2.7, 1.2  # Mandelbrot's shift for English; Zipf's exponent
PHRASE_SHARE = 0.15  # of what is drawn
_NUMBERS = (
    "25", "twenty-five", "100", "a hundred", "40,000", "forty thousand", "$5", "five dollars", "10%", "ten percent",
    "2019", "twenty nineteen", "4-5", "four to five", "8:30 a.m.", "1.0", "3rd", "third", "'90s", "nineties",
)  # fmt: skip
_NUMBER_SHARE = 0.1  # of sentences
_ENDINGS = ("", "s", "ed", "ing")
_ONSETS = ("b", "br", "c", "ch", "d", "f", "g", "h", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w")
_VOWELS = ("a", "e", "i", "o", "u", "ea", "oo")
_CODAS = ("", "n", "r", "l", "m", "nd", "ck")


@dataclass(frozen=True, slots=True)
class Turns:
    """An episode as a sequence of turns: speaker and text."""

    title: str
    show: str
    published: str
    turns: tuple[tuple[str, str], ...]


def make_episodes(seed: int) -> Iterator[Turns]:
    """Yield episodes of 10,000 words from four shows, endlessly; deterministic for a seed."""
    chance = random.Random(seed)
    # All seeds share one vocabulary, so that an added hour resembles the rest.
    vocabulary = list(_vocabulary(random.Random(0)))
    weights = list(accumulate(1 / (rank + SHIFT) ** EXPONENT for rank in range(1, WORDS + 1)))
    phrases = [
        random.Random(f"phrase {number}").choices(vocabulary, cum_weights=weights, k=2 + number % 7)
        for number in range(PHRASES)
    ]
    often = list(accumulate(1 / rank for rank in range(1, PHRASES + 1)))
    figures = random.Random(f"numbers {seed}")  # of its own: the other words are those of earlier versions
    for number in count():
        turns = []
        words = 0
        while words < EPISODE_WORDS:
            said: list[str] = []
            for _ in range(chance.randint(1, 6)):
                sentence: list[str] = []
                while len(sentence) < 6 or chance.random() < 0.9:
                    if chance.random() < PHRASE_SHARE:
                        sentence += chance.choices(phrases, cum_weights=often)[0]
                    else:
                        sentence += chance.choices(vocabulary, cum_weights=weights)
                if figures.random() < _NUMBER_SHARE:
                    sentence.insert(figures.randrange(1, len(sentence)), figures.choice(_NUMBERS))
                said.append(f"{' '.join(sentence).capitalize()}.")
                words += len(sentence)
            turns.append((f"Speaker {chance.randint(1, 3)}", " ".join(said)))
        show, week = number % 4, number // 4
        day = f"{2012 + week // 48 % 12}-{week // 4 % 12 + 1:02}-{week % 4 * 7 + 1:02}"
        yield Turns(f"made {number}", f"show {'abcd'[show]}", day, tuple(turns))


def _vocabulary(chance: random.Random) -> Iterator[str]:
    """Yield the words, most frequent first."""
    common = sorted(COMMON_WORDS["en"])
    chance.shuffle(common)
    yield from common
    syllables = ["".join(parts) for parts in product(_ONSETS, _VOWELS, _CODAS)]
    made: set[str] = set(common)
    rest: list[str] = []
    while len(common) + len(rest) < WORDS:
        stem = "".join(chance.choices(syllables, k=chance.randint(1, 3)))
        forms = [f"{stem}{ending}" for ending in _ENDINGS if f"{stem}{ending}" not in made]
        made.update(forms)
        rest += forms
    chance.shuffle(rest)
    yield from rest[: WORDS - len(common)]
