"""All tokens of a library in memory: for drawing queries and for the reference implementation."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path

from audio.recording.chapters import Chapter
from index.fulltext.passages import OVERLAP_TOKENS, PASSAGE_TOKENS
from index.language.capitals import tokenize_spoken
from index.language.numbers.number_readings import NumberReading, read_numbers
from index.notes import EpisodeNotes
from index.storage.store import Store
from index.transcript import Episode, Segment

_MARKS = re.compile(r"[\"“”()*?~]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Spoken:
    """An episode: its tokens, the word number of each, its sentences, and its words as they are written."""

    episode: Episode
    language: str | None
    tokens: list[str]
    owners: list[int]
    segments: list[Segment]
    texts: list[str] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    notes: EpisodeNotes | None = None

    @cached_property
    def numbers(self) -> list[NumberReading]:
        """The numbers in all its words, read at once, but those that take too many tokens to be found."""
        read = read_numbers(self.texts, self.language)
        return [one for one in read if one.last - one.first < min(30, 4 + 2 * len(_DIGIT.findall(one.number.key)))]

    def written(self, number: NumberReading) -> str:
        """Return a number as it is written, without what would be more than text in a query."""
        first, last = number.first, number.last
        if (
            self.owners[first - 1 : first] == [self.owners[first]]
            or self.owners[last] in self.owners[last + 1 : last + 2]
        ):
            return " ".join(self.tokens[first : last + 1])  # a part of a word, as in two-minute
        words = self.texts[self.owners[first] : self.owners[last] + 1]
        return _MARKS.sub("", " ".join(word.strip() for word in words)).strip(" .,;:!-–—…'")

    @cached_property
    def line(self) -> str:
        """All tokens, each with a space before and after it, for string scans."""
        return f" {' '.join(self.tokens)} "

    @cached_property
    def offsets(self) -> list[int]:
        """The position in ``line`` of the space before each token."""
        return list(accumulate((len(token) + 1 for token in self.tokens[:-1]), initial=0))

    def scan(self, phrase: tuple[str, ...]) -> Iterator[int]:
        """Yield every token at which the phrase begins."""
        wanted = f" {' '.join(phrase)} "
        at = self.line.find(wanted)
        while at >= 0:
            yield bisect_right(self.offsets, at) - 1
            at = self.line.find(wanted, at + 1)

    def tokens_of(self, first: int, last: int) -> tuple[str, ...]:
        """Return the tokens of words ``first`` to ``last``, both included."""
        return tuple(self.tokens[bisect_left(self.owners, first) : bisect_right(self.owners, last)])

    def passages(self) -> Iterator[tuple[int, int]]:
        """Yield first and last token of each passage: 150 tokens, 30 shared with the next, whole words at both ends."""
        start, count = 0, len(self.tokens)
        while start < count:
            end = min(start + PASSAGE_TOKENS, count)
            first, last = start, end - 1
            while first > 0 and self.owners[first - 1] == self.owners[first]:
                first -= 1
            while last + 1 < count and self.owners[last + 1] == self.owners[last]:
                last += 1
            yield first, last
            if end == count:
                return
            start += PASSAGE_TOKENS - OVERLAP_TOKENS


@dataclass(frozen=True)
class Corpus:
    """All episodes of a library."""

    episodes: tuple[Spoken, ...]
    library: Path | None = None

    @cache  # noqa: B019 - a benchmark has one corpus for its whole run
    def times(self, number: int) -> tuple[array[float], array[float]]:
        """Return the start and end times of an episode's words, in seconds."""
        assert self.library is not None
        with Store.open(self.library) as store:
            facts = store.facts(self.episodes[number].episode.id)
            assert facts is not None
            words = store.words(facts.number, 0, facts.words - 1)
        return array("d", (word.start for word in words)), array("d", (word.end for word in words))

    def __hash__(self) -> int:
        return id(self)

    @cached_property
    def counts(self) -> Counter[str]:
        """The frequency of each token."""
        counts: Counter[str] = Counter()
        for spoken in self.episodes:
            counts.update(spoken.tokens)
        return counts


def load_corpus(library: Path, most: int | None = None) -> Corpus:
    """Load all words of a library from its store, or those of so many of its episodes."""
    episodes = []
    shared: dict[str, str] = {}
    with Store.open(library) as store:
        listed = store.episodes()
        for episode in listed if most is None else listed[:: max(1, len(listed) // most)][:most]:
            facts = store.facts(episode.id)
            if facts is None:
                continue
            texts = store.texts(facts.number, 0, facts.words - 1)
            tokens, owners = tokenize_spoken(texts, facts.language)
            tokens, texts = ([shared.setdefault(text, text) for text in listed] for listed in (tokens, texts))
            segments = store.segments(facts.number, 0, facts.words - 1)
            described = store.chapters(episode.id), store.notes(episode.id)
            episodes.append(Spoken(episode, facts.language, tokens, owners, segments, texts, *described))
    return Corpus(tuple(episodes), library)
