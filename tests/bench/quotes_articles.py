"""Make articles with long and short quotations of one episode."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bench.quotes_judging import Asked
from bench.quotes_materials import Talk

from index.language.common_words import COMMON_WORDS
from index.language.tokens import tokenize

LONG_ONES, SHORT_ONES = 4, 3  # in an article
LONG, SHORT = (10, 20), (3, 5)  # words


@dataclass(frozen=True, slots=True)
class ShortArticle:
    """An article of one episode; ``short`` are the numbers of its short quotations."""

    talk: int
    asked: Asked
    short: tuple[int, ...]


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
