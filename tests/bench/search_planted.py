"""Statements of the library as misremembered: a word dropped or misheard, another order, a number in other words."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import jellyfish
from bench.search_corpus import Corpus

from index.language.numbers.number_readings import Number
from index.language.tokens import tokenize

SEED = 6_174
STATEMENTS = 200
LENGTHS = range(6, 13)
OTHER_NOTATION = "another notation"
NOTATIONS = 60
"""Statements with a number in another notation, beside the others."""
CHANGES = ("one word dropped", "one word misheard", "another order")
_RESPELLINGS = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("k", "ck"), ("ee", "ea"), ("ea", "ee"), ("ie", "y"), ("y", "ie"),
    ("i", "e"), ("e", "i"), ("o", "a"), ("a", "e"), ("u", "o"), ("ll", "l"), ("l", "ll"), ("n", "nn"), ("tt", "t"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """A statement as queried, and every place where it is spoken: episode, first and last word.

    ``fuzzy`` is whether it is searched for with ``--fuzzy``; ``show`` is the one that it was drawn from.
    """

    change: str
    said: tuple[str, ...]
    asked: tuple[str, ...]
    places: frozenset[tuple[str, int, int]]
    fuzzy: bool = True
    show: str = ""


def plant_statements(corpus: Corpus) -> list[Planted]:
    """Choose 200 sentences of 6 to 12 words, each with one change, and 60 of which a number is written otherwise.

    Deterministic for a library.
    """
    chance = random.Random(SEED)
    alike = _words_that_sound_alike(corpus)
    changes: dict[str, Callable[[list[str]], list[str] | None]] = {
        CHANGES[0]: lambda said: _drop(said, chance),
        CHANGES[1]: lambda said: _mishear(said, chance, alike),
        CHANGES[2]: lambda said: _reorder(said, chance),
    }
    planted = []
    for number, said in enumerate(islice(_sentences(corpus, chance), STATEMENTS * 2)):
        change = CHANGES[number % len(CHANGES)]
        asked = changes[change](list(said))
        if asked is not None and asked != list(said):
            planted.append(Planted(change, said, tuple(asked), places_of(corpus, said)))
    return [*planted[:STATEMENTS], *islice(_rewritten(corpus, chance), NOTATIONS)]


def _rewritten(corpus: Corpus, chance: random.Random) -> Iterator[Planted]:
    """Yield sentences with a number in another notation that the library has for it: 25 for twenty-five."""
    notations: dict[Number, set[str]] = defaultdict(set)
    numbers = [(spoken, number) for spoken in corpus.episodes for number in spoken.numbers]
    for spoken, number in numbers:
        notations[number.number].add(spoken.written(number).lower())
    chance.shuffle(numbers)
    for spoken, number in numbers:
        written = spoken.written(number).lower()
        others = sorted(one for one in notations[number.number] if tokenize(one) != tokenize(written))
        row = bisect_right(spoken.segments, spoken.owners[number.first], key=lambda segment: segment.first) - 1
        segment = spoken.segments[row]
        said = spoken.tokens_of(segment.first, segment.last)
        if others and len(said) in LENGTHS and spoken.owners[number.last] <= segment.last:
            start = bisect_left(spoken.owners, segment.first)
            asked = [*spoken.tokens[start : number.first], chance.choice(others)]
            asked += said[number.last + 1 - start :]
            yield Planted(OTHER_NOTATION, said, tuple(asked), places_of(corpus, said))


def _sentences(corpus: Corpus, chance: random.Random) -> Iterator[tuple[str, ...]]:
    weights = [len(spoken.segments) for spoken in corpus.episodes]
    while True:
        spoken = chance.choices(corpus.episodes, weights)[0]
        segment = chance.choice(spoken.segments)
        tokens = spoken.tokens_of(segment.first, segment.last)
        if len(tokens) in LENGTHS:
            yield tokens


def places_of(corpus: Corpus, said: tuple[str, ...]) -> frozenset[tuple[str, int, int]]:
    """Return every place where a statement is spoken."""
    return frozenset(
        (spoken.episode.id, spoken.owners[start], spoken.owners[start + len(said) - 1])
        for spoken in corpus.episodes
        for start in spoken.scan(said)
    )


def _drop(said: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(said))
    return said[:at] + said[at + 1 :]


def _reorder(said: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(2, len(said) - 1)
    return said[at:] + said[:at]


def _mishear(said: list[str], chance: random.Random, alike: dict[str, list[str]]) -> list[str] | None:
    """Replace one word by a sound-alike of the library or, if there is none, by another spelling."""
    for at in chance.sample(range(len(said)), len(said)):
        word = said[at]
        alternatives = [other for other in alike.get(_sound(word), ()) if other != word and other[0] == word[0]]
        alternatives = alternatives or _respelt(word)
        if len(word) >= 4 and alternatives:
            return [*said[:at], chance.choice(alternatives), *said[at + 1 :]]
    return None


def _respelt(word: str) -> list[str]:
    """Return other spellings with the same sound code."""
    spellings = {
        word[:at] + new + word[at + len(old) :]
        for old, new in _RESPELLINGS
        for at in range(1, len(word))
        if word.startswith(old, at)
    }
    return sorted(spelling for spelling in spellings - {word} if _sound(spelling) == _sound(word))


def _words_that_sound_alike(corpus: Corpus) -> dict[str, list[str]]:
    """Return words of the library by sound code, those within two edits of another with the same code."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    for word, count in sorted(corpus.counts.items()):
        if count >= 2 and len(word) >= 4 and _sound(word):
            by_sound[_sound(word)].append(word)
    return {
        sound: [word for word in words if any(0 < _distance(word, other) <= 2 for other in words)]
        for sound, words in by_sound.items()
        if len(words) > 1
    }


def _distance(first: str, second: str) -> int:
    return jellyfish.damerau_levenshtein_distance(first, second)


def _sound(word: str) -> str:
    return jellyfish.metaphone(word) if word.isascii() and word.isalpha() else ""
