"""Make articles: of one episode with long and short quotations, and with speakers that are right or wrong."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bench.quotes_judging import Asked
from bench.quotes_materials import Talk
from bench.quotes_spoken import SpokenTokens

from index.language.common_words import COMMON_WORDS
from index.language.tokens import tokenize

LONG_ONES, SHORT_ONES = 4, 3  # in an article
LONG, SHORT = (10, 20), (3, 5)  # words
SAID_LEAST = 8  # words of a quotation with a speaker
LAST_NAME_SHARE, SAME_EPISODE_SHARE = 0.4, 0.75

_PERSON = re.compile(r"[A-Z]\w+(?: [A-Z]\.?)?(?: [A-Z]['’\w-]+){1,2}")


@dataclass(frozen=True, slots=True)
class ShortArticle:
    """An article of one episode; ``short`` are the numbers of its short quotations."""

    talk: int
    asked: Asked
    short: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Attributed:
    """A quotation with a speaker, and whether that is who says it."""

    talk: int
    asked: Asked
    right: bool


def make_short_articles(talks: Sequence[Talk], numbers: Sequence[int], count: int, seed: int) -> list[ShortArticle]:
    """Make articles until they hold ``count`` short quotations."""
    choose = random.Random(f"{seed} short")
    articles: list[ShortArticle] = []
    while len(articles) * SHORT_ONES < count:
        number = choose.choice(numbers)
        talk = talks[number]
        if len(talk.words) < 2000:
            continue
        long = [_draw(talk, choose, *LONG, within_sentence=False) for _ in range(LONG_ONES)]
        short = [_draw(talk, choose, *SHORT, within_sentence=True) for _ in range(SHORT_ONES)]
        mixed = [*long[:2], *short, *long[2:]]
        asked = Asked(tuple((text, None) for text in mixed))
        articles.append(ShortArticle(number, asked, tuple(range(2, 2 + SHORT_ONES))))
    return articles


def make_attributed(
    talks: Sequence[Talk], numbers: Sequence[int], spoken: SpokenTokens, count: int, seed: int, right: bool
) -> list[Attributed]:
    """Make quotations attributed to who says them, or to another person; nobody else says the same words."""
    choose = random.Random(f"{seed} speaker {right}")
    made: list[Attributed] = []
    everybody = sorted({name for number in numbers for name in talks[number].speakers if _is_person(name)})
    while len(made) < count:
        number = choose.choice(numbers)
        talk = talks[number]
        first = choose.randrange(1, max(2, len(talk.words) - LONG[1]))
        length = choose.randint(SAID_LEAST, LONG[1])
        if first + length > len(talk.words) or talk.turns[first] != talk.turns[first + length - 1]:
            continue
        speaker, text = talk.speakers[first], " ".join(talk.words[first : first + length])
        if not _is_person(speaker) or len(tokenize(text)) < SAID_LEAST or spoken.count(text) != 1:
            continue
        name: str | None = speaker
        if not right:
            here = sorted({other for other in talk.speakers if _is_person(other)})
            name = _choose_other(speaker, here if choose.random() < SAME_EPISODE_SHARE else everybody, choose)
        if name:
            written = name.split()[-1] if choose.random() < LAST_NAME_SHARE else name
            made.append(Attributed(number, Asked(((text, written),)), right))
    return made


def _choose_other(speaker: str, others: Sequence[str], choose: random.Random) -> str | None:
    """Return a person who shares no name with the speaker."""
    own = set(speaker.casefold().split())
    strangers = [other for other in others if own.isdisjoint(other.casefold().split())]
    return choose.choice(strangers) if strangers else None


def _is_person(name: str) -> bool:
    return _PERSON.fullmatch(name) is not None


def _draw(talk: Talk, choose: random.Random, least: int, most: int, within_sentence: bool) -> str:
    """Return words of one turn, at least one of them a content word; with ``within_sentence``, of one sentence."""
    while True:
        first, length = choose.randrange(1, len(talk.words) - most), choose.randint(least, most)
        words = talk.words[first : first + length]
        text = " ".join(words)
        crosses = within_sentence and any(re.search(r"[.?!,:;\"]$|--", word) for word in words[:-1])
        content = any(token not in COMMON_WORDS["en"] for token in tokenize(text))
        one_turn = talk.turns[first] == talk.turns[first + length - 1]
        if one_turn and content and not crosses and len(tokenize(text)) >= least:
            return text
