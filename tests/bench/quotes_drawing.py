"""Draw places of speech, and make quotations of them, each with its kind and the expected verdicts."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bench.quotes_materials import Talk

from index.language.common_words import COMMON_WORDS
from index.language.tokens import tokenize

SHORTEST, LONGEST = 6, 25  # words
MOST_TRIES = 400  # draws of an episode and a place for one quotation
SUBSTITUTE_EPISODES = 60  # episodes from which words and names to substitute are taken
LEAST_NAMED = 3  # times that a word is written as a name inside a sentence, before it counts as one

NUMBER_WORDS = frozenset({
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty",
    "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion",
    "trillion",
})  # fmt: skip
_UNITS = frozenset({
    "point", "percent", "dollars", "dollar", "cents", "euros", "pounds", "oh", "zero", "half", "and", "am",
    "pm", "a.m", "p.m", "o'clock", "k", "th", "st", "nd", "rd",
})  # fmt: skip

Places = tuple[tuple[int, int], ...]
"""The first and last word of each place that is quoted, both included."""

Quoted = tuple[str, Places]
"""The text of a quotation and its places."""


HIDES = re.compile(r"n['’]t$|^(?:not|no|never|nothing|nobody|none|nor|neither|nowhere|without|cannot|hardly|barely)$")
"""A word, without its marks, whose omission hides a negation."""


@dataclass(frozen=True, slots=True)
class Substitutes:
    """Words to put in the place of others: content words, and names."""

    content: Sequence[str]
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Draw:
    """A drawn place: the words ``first`` to ``last`` of ``talk``, both included."""

    talk: Talk
    first: int
    last: int
    choose: random.Random
    substitutes: Substitutes

    @property
    def within_turn(self) -> bool:
        """Whether one speaker says all of it."""
        return self.talk.turns[self.first] == self.talk.turns[self.last]

    @property
    def places(self) -> Places:
        """The one place that was drawn."""
        return ((self.first, self.last),)

    def text(self, first: int | None = None, last: int | None = None) -> str:
        """Return the words as they are, of the whole place or of a part of it."""
        first, last = self.first if first is None else first, self.last if last is None else last
        return " ".join(self.talk.words[first : last + 1])

    def with_word(self, place: int, other: str) -> str:
        """Return the text with ``other`` (or nothing, if empty) in the place of one word."""
        words = list(self.talk.words[self.first : self.last + 1])
        words[place - self.first] = other
        return " ".join(filter(None, words))


Maker = Callable[[Draw], Quoted | None]


@dataclass(frozen=True, slots=True)
class Made:
    """A quotation, its kind, its places in an episode, and the expected verdicts."""

    text: str
    how: str
    talk: int
    places: Places
    kinds: frozenset[str]


def make_quotations(
    talks: Sequence[Talk],
    numbers: Sequence[int],
    how: str,
    maker: Maker,
    kinds: Collection[str],
    count: int,
    seed: int,
    substitutes: Substitutes,
) -> list[Made]:
    """Make up to ``count`` different quotations of the talks of these numbers; a smaller count gives the first ones."""
    choose = random.Random(f"{seed} {how}")
    made: dict[str, Made] = {}
    for _ in range(count * MOST_TRIES):
        if len(made) == count:
            break
        number = choose.choice(numbers)
        talk = talks[number]
        length = choose.randint(SHORTEST, LONGEST)
        if len(talk.words) < 4 * LONGEST:
            continue
        first = choose.randrange(1, len(talk.words) - 3 * LONGEST)
        if choose.random() < 0.6:
            first = sentence_start(talk, first)
        if any(is_inside_number(talk, border) for border in (first, first + length)):
            continue
        if HIDES.search(_plain(talk.words[first + length])):
            continue  # "I think people are", where "not" follows, is not what was said
        quoted = maker(Draw(talk, first, first + length - 1, choose, substitutes))
        if quoted and len(tokenize(quoted[0])) >= SHORTEST and quoted[1][-1][1] < len(talk.words):
            made.setdefault(quoted[0], Made(quoted[0], how, number, quoted[1], frozenset(kinds)))
    return list(made.values())


def collect_substitutes(talks: Sequence[Talk]) -> Substitutes:
    """Collect content words and names from the first talks."""
    said: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for talk in talks[:SUBSTITUTE_EPISODES]:
        said.update(talk.words)
        named.update(
            word.rstrip(",.?!")
            for before, word in zip(talk.words, talk.words[1:], strict=False)
            if re.fullmatch(r"[A-Z][A-Za-z]{2,}[,.?!]?", word) and before[-1].isalnum()
        )
    content = {word for word in said if re.fullmatch("[a-z]{4,}", word)} - COMMON_WORDS["en"] - NUMBER_WORDS
    names = {
        word for word, count in named.items()
        if count >= LEAST_NAMED and not said[word.lower()] and word.lower() not in COMMON_WORDS["en"]
    }  # fmt: skip
    return Substitutes(sorted(content), sorted(names))


def sentence_start(talk: Talk, first: int) -> int:
    """Return the start of the next sentence, or ``first`` if it is too far."""
    return next((n + 1 for n in range(first, first + LONGEST) if talk.words[n].endswith((".", "?", "!"))), first)


def is_inside_number(talk: Talk, border: int) -> bool:
    """Whether a border before this word may cut a number in two: 235 | thousand, twenty | five, 8 | a.m."""
    before, after = (_plain(talk.words[number]) for number in (border - 1, border))
    return _is_numeric(before) and (_is_numeric(after) or after in _UNITS)


def _plain(word: str) -> str:
    return word.lower().strip(".,;:!?\"'()…-–—")


def _is_numeric(plain: str) -> bool:
    return any(map(str.isdigit, plain)) or any(part in NUMBER_WORDS for part in plain.split("-"))


def is_near_number(talk: Talk, place: int) -> bool:
    """Whether the word before or after a place belongs to a number, so that the word at the place may too."""
    return any(_is_numeric(_plain(talk.words[number])) for number in (place - 1, place + 1))
