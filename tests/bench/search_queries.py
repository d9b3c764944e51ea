"""The queries of the search benchmark, drawn from the library; deterministic for a library."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from bench.search_corpus import Corpus, Spoken

from index.language.common_words import common_words
from index.language.numbers.number_readings import NumberReading
from index.language.tokens import tokenize

SEED = 1_789
COMMON_RANKS = 100
PHRASE_LENGTHS = range(2, 9)
NUMBERS = {
    "rare word": 30,
    "common word": 30,
    "two words": 40,
    "three words": 30,
    "common phrase": 63,
    "rare phrase": 37,
    "prefix": 20,
    "fuzzy": 20,
    "filtered": 30,
    "number": 20,
    "number phrase": 20,
}
"""340 in all; of the phrases of common words, nine of each length."""

OTHER_KINDS = {
    "either": "{0} OR {1}",
    "not": "{0} {1} NOT {2}",
    "minus": "({0} OR {1}) -{2}",
    "phrase and word": '"{3}" {0}',
    "phrase not": '{0} -"{3}"',
    "within": '"{0} {1}"~8',
    "wildcard": "{4}*{5} {0}",
    "one letter": "{4}?{6}",
    "edit distance 2": "{7}~2",
    "sounds": "sounds:{7}",
    "near": "near({0}, {1}, 20s)",
    "near a phrase": 'near("{3}", {0}, 1m)',
    "speaker": 'speaker:"{8}" {0}',
    "show or date": '(show:"{9}" OR date:{11}) {0} {1}',
    "not the show": '{0} {1} NOT show:"{9}"',
    "title": "title:{10} {0}",
    "number within": '"{12} {0}"~8',
    "near a number": 'near("{12}", {0}, 20s)',
    "word or number": '{0} OR "{12}"',
    "not the number": '{0} NOT "{12}"',
}
"""Placeholders: three words near one place, a phrase there, a long word's beginning, ending and remainder, that word,
the speaker, the show, the first word of the title, the year, and the next number."""

PHRASE_KINDS = ("common phrase", "rare phrase")
NUMBER_KINDS = ("number", "number phrase")
"""The kinds that the other engines do not support: they know tokens, not numbers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query in airquote's syntax, and its parts for the other engines."""

    kind: str
    text: str
    tokens: tuple[str, ...]
    show: str | None = None
    year: int | None = None
    is_phrase: bool = field(default=False)


def choose_queries(corpus: Corpus) -> list[Asked]:
    """Choose the 340 queries, by kind."""
    makers = _makers(_Draw(corpus, random.Random(SEED)))
    return [asked for kind, number in NUMBERS.items() for asked in _different(makers[kind](), number)]


def draw_queries(corpus: Corpus, number: int) -> list[Asked]:
    """Draw so many queries of these kinds, as often as each is among the 340, in random order; some of them twice."""
    chance = random.Random(SEED + 2)
    makers = {kind: make() for kind, make in _makers(_Draw(corpus, chance)).items()}
    kinds = chance.choices(list(NUMBERS), list(NUMBERS.values()), k=number)
    return [next(makers[kind]) for kind in kinds]


def _makers(draw: _Draw) -> dict[str, Callable[[], Iterator[Asked]]]:
    return {
        "rare word": draw.rare_words,
        "common word": draw.common_words,
        "two words": lambda: draw.near_words("two words", 2),
        "three words": lambda: draw.near_words("three words", 3),
        "common phrase": draw.common_phrases,
        "rare phrase": draw.rare_phrases,
        "prefix": draw.prefixes,
        "fuzzy": draw.misspelt,
        "filtered": draw.filtered,
        "number": draw.numbers,
        "number phrase": draw.number_phrases,
    }


def choose_others(corpus: Corpus) -> list[Asked]:
    """Choose queries of the kinds that only airquote supports, for checking results, not speed."""
    draw = _Draw(corpus, random.Random(SEED + 1))
    return [asked for kind in OTHER_KINDS for asked in _different(draw.other(kind), 10)]


def _different(drawn: Iterator[Asked], number: int) -> list[Asked]:
    return list(islice(dict.fromkeys(islice(drawn, 20 * number)), number))


class _Draw:
    """Draws queries from random places of the library."""

    def __init__(self, corpus: Corpus, chance: random.Random) -> None:
        self._corpus = corpus
        self._chance = chance
        self._counts = corpus.counts
        self._weights = [len(spoken.tokens) for spoken in corpus.episodes]

    def rare_words(self) -> Iterator[Asked]:
        """Yield words with a frequency of 2 to 20."""
        rare = sorted(token for token, count in self._counts.items() if 2 <= count <= 20)
        while True:
            token = self._chance.choice(rare)
            yield Asked("rare word", token, (token,))

    def common_words(self) -> Iterator[Asked]:
        """Yield words from the hundred most frequent."""
        common = [token for token, _ in self._counts.most_common(COMMON_RANKS)]
        while True:
            token = self._chance.choice(common)
            yield Asked("common word", token, (token,))

    def near_words(self, kind: str, number: int) -> Iterator[Asked]:
        """Yield words from within thirty tokens, common or not."""
        while True:
            tokens = self._within(30, number)
            yield Asked(kind, " ".join(tokens), tokens)

    def common_phrases(self) -> Iterator[Asked]:
        """Yield phrases of very common words, of 2 to 8 words in turn."""
        while True:
            for length in PHRASE_LENGTHS:
                yield self._phrase("common phrase", length, lambda run, common: all(token in common for token in run))

    def rare_phrases(self) -> Iterator[Asked]:
        """Yield phrases of 2 to 8 words in turn, with a word of frequency 50 at most."""
        while True:
            for length in PHRASE_LENGTHS:
                yield self._phrase(
                    "rare phrase", length, lambda run, _: any(self._counts[token] <= 50 for token in run)
                )

    def prefixes(self) -> Iterator[Asked]:
        """Yield the first four to six letters of longer words."""
        while True:
            token = self._long_word(8)
            beginning = token[: self._chance.randint(4, 6)]
            yield Asked("prefix", f"{beginning}*", (beginning,))

    def misspelt(self) -> Iterator[Asked]:
        """Yield words with a frequency of at least 5, with one substitution after the first letter."""
        while True:
            token = self._long_word(6)
            at = self._chance.randrange(1, len(token))
            letter = self._chance.choice("abcdefghijklmnopqrstuvwxyz".replace(token[at], ""))
            wrong = token[:at] + letter + token[at + 1 :]
            yield Asked("fuzzy", f"{wrong}~", (wrong,))

    def filtered(self) -> Iterator[Asked]:
        """Yield one or two words, filtered by their show or year."""
        while True:
            spoken = self._spoken()
            tokens = self._within(30, self._chance.randint(1, 2), spoken)
            about = spoken.episode
            if self._chance.random() < 0.5 and about.show:
                yield Asked("filtered", f'show:"{about.show}" {" ".join(tokens)}', tokens, show=about.show)
            elif about.published:
                year = int(about.published[:4])
                yield Asked("filtered", f"date:{year} {' '.join(tokens)}", tokens, year=year)

    def numbers(self) -> Iterator[Asked]:
        """Yield numbers, as they are written somewhere."""
        while True:
            spoken, number = self._number()
            written = spoken.written(number)
            yield Asked("number", written, tokenize(written))

    def number_phrases(self) -> Iterator[Asked]:
        """Yield phrases of a number and up to three words on either side."""
        while True:
            spoken, number = self._number()
            before, after = self._chance.randint(0, 3), self._chance.randint(1, 3)
            words = (
                spoken.tokens[max(0, number.first - before) : number.first],
                spoken.tokens[number.last + 1 :][:after],
            )
            phrase = " ".join([*words[0], spoken.written(number), *words[1]])
            yield Asked("number phrase", f'"{phrase}"', tokenize(phrase))

    def other(self, kind: str) -> Iterator[Asked]:
        """Yield queries of a kind that only airquote supports, each about one place."""
        while True:
            spoken = self._spoken()
            at = self._chance.randrange(max(1, len(spoken.tokens) - 30))
            around = spoken.tokens[at : at + 30]
            words = sorted({token for token in around if _is_plain(token)})
            if len(words) < 3:
                continue
            chosen = self._chance.sample(words, 3)
            phrase = " ".join(around[: self._chance.randint(2, 3)])
            long = self._long_word(7)
            cut = self._chance.randint(3, 4)
            row = bisect_right(spoken.segments, spoken.owners[at], key=lambda segment: segment.first) - 1
            speaker = (spoken.segments[row].speaker or "nobody").replace('"', "")
            about = spoken.episode
            title = tokenize(about.title)[0]
            parts = (*chosen, phrase, long[:cut], long[-2:], long[cut + 1 :], long, speaker, about.show, title)
            following = next((number for number in spoken.numbers if number.first >= at), None)
            written = spoken.written(following) if following else "100"
            text = OTHER_KINDS[kind].format(*parts, (about.published or "")[:4], written)
            yield Asked(kind, text, tuple(chosen))

    def _spoken(self) -> Spoken:
        return self._chance.choices(self._corpus.episodes, self._weights)[0]

    def _number(self) -> tuple[Spoken, NumberReading]:
        while True:
            spoken = self._spoken()
            if spoken.numbers:
                return spoken, self._chance.choice(spoken.numbers)

    def _within(self, reach: int, number: int, spoken: Spoken | None = None) -> tuple[str, ...]:
        while True:
            tokens = (spoken or self._spoken()).tokens
            start = self._chance.randrange(max(1, len(tokens) - reach))
            plain = sorted({token for token in tokens[start : start + reach] if _is_plain(token)})
            if len(plain) >= number:
                return tuple(self._chance.sample(plain, number))

    def _phrase(self, kind: str, length: int, fits: Callable[[list[str], frozenset[str]], bool]) -> Asked:
        while True:
            spoken = self._spoken()
            start = self._chance.randrange(max(1, len(spoken.tokens) - length))
            run = spoken.tokens[start : start + length]
            if len(run) == length and fits(run, common_words(spoken.language)):
                return Asked(kind, f'"{" ".join(run)}"', tuple(run), is_phrase=True)

    def _long_word(self, letters: int) -> str:
        while True:
            (token,) = self._within(30, 1)
            if len(token) >= letters and self._counts[token] >= 5:
                return token


def _is_plain(token: str) -> bool:
    """Whether a word needs no quoting in any query syntax: ASCII letters only."""
    return token.isascii() and token.isalpha()
