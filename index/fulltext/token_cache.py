"""In-memory cache of a library's tokens and episode metadata, kept between searches.

Each is read when it is needed first: a search reads only the episodes and words of the passages that it verifies.
Transcript numbers are never reused, so cached tokens stay valid; metadata is reread after every change of the store.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.fulltext.passages import find_numbers
from index.language.capitals import SENTENCE_REACH, hold_capitals, tokenize_spoken
from index.language.numbers.number_readings import LONGEST_RUN, NumberReading
from index.language.tokens import tokenize_words
from index.storage.codecs.word_codec import CHUNK_WORDS
from index.storage.recurring.repeat_marks import RepeatedWords, repeat_at
from index.storage.store import Store
from index.transcript import Episode

KEPT_CHUNKS = 8_192
"""Size limit of the cache in chunks of 512 words: four million words, at about 8 KB a chunk."""
KEPT_READ = 20_000
"""The most passages whose numbers are kept: those of 2.4 million words."""


@dataclass(frozen=True, slots=True)
class SearchedTranscript:
    """A transcript as search needs it: its episode, language and number of words."""

    number: int
    episode: Episode
    language: str | None
    words: int


class TokenCache:
    """The transcripts that were read since the library last changed, and tokens of their words."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version: tuple[int, int] | None = None
        self._transcripts: dict[int, SearchedTranscript | None] = {}
        self._ranks: dict[bool, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        self._repeats: dict[int, list[RepeatedWords]] = {}
        self._conditions: list[tuple[int, str, str | None, str | None, str | None]] | None = None
        self._words: dict[int, int] | None = None
        self._chunks: OrderedDict[tuple[int, int], tuple[list[str], array[int]]] = OrderedDict()
        self._numbers: OrderedDict[tuple[int, int, int], list[NumberReading]] = OrderedDict()

    def refresh(self) -> None:
        """Forget the transcripts if the store has changed. To be called at the start of each search."""
        version = self._store.version()
        if version != self._version:
            self._transcripts, self._ranks, self._repeats, self._conditions, self._words = {}, {}, {}, None, None
            self._version = version

    def transcript(self, number: int) -> SearchedTranscript | None:
        """Return the transcript with this number, None if it does not exist."""
        if number not in self._transcripts:
            found = self._store.searched(number)
            self._transcripts[number] = SearchedTranscript(number, *found) if found else None
        return self._transcripts[number]

    def repeat_at(self, transcript: int, first: int, last: int) -> int | None:
        """Return the family of the passage that recurs and holds half of these words or more, None if none does."""
        if transcript not in self._repeats:
            self._repeats[transcript] = self._store.repeats(transcript)
        return repeat_at(self._repeats[transcript], first, last)

    @property
    def conditions(self) -> list[tuple[int, str, str | None, str | None, str | None]]:
        """Number, episode id, show, date and language of every transcript."""
        if self._conditions is None:
            self._conditions = self._store.conditions()
        return self._conditions

    @property
    def word_counts(self) -> dict[int, int]:
        """The number of words of every transcript."""
        if self._words is None:
            self._words = self._store.word_counts()
        return self._words

    def noted_episodes(self, tokens: Sequence[str]) -> list[str]:
        """Return the ids of the episodes in whose notes these tokens stand in a row."""
        return self._store.noted_episodes(tokens)

    def chaptered_episodes(self, tokens: Sequence[str]) -> dict[str, set[str]]:
        """Return the titles of chapters in which these tokens stand in a row, by the ids of their episodes."""
        return {
            episode: {chapter.title for chapter in chapters}
            for episode, chapters in self._store.chapters_named(tokens).items()
        }

    def ranks(self, transcripts: NDArray[np.int64], *, oldest_first: bool) -> NDArray[np.int64]:
        """Return the rank of each transcript by date, then by id: its place in the order, -1 if it does not exist.

        Undated episodes rank last in both orders.
        """
        if oldest_first not in self._ranks:
            ordered = np.array(self._store.numbers_by_date(oldest_first=oldest_first), dtype=np.int64)
            ranks = np.argsort(ordered)
            self._ranks[oldest_first] = ordered[ranks], ranks
        numbers, ranks = self._ranks[oldest_first]
        if not len(numbers):
            return np.full(len(transcripts), -1)
        # Passages of a transcript mostly follow each other.
        begins = np.flatnonzero(np.append(True, transcripts[1:] != transcripts[:-1])[: len(transcripts)])
        owners = transcripts[begins]
        places = np.minimum(np.searchsorted(numbers, owners), len(numbers) - 1)
        found = np.where(numbers[places] == owners, ranks[places], -1)
        return np.repeat(found, np.diff(np.append(begins, len(transcripts))))

    def tokens(self, transcript: int, first: int, last: int) -> tuple[list[str], Sequence[int]]:
        """Return the tokens of words ``first`` to ``last``, both included, and the word number of each token."""
        tokens: list[str] = []
        owners: array[int] = array("i")
        for chunk in range(first // CHUNK_WORDS, last // CHUNK_WORDS + 1):
            found, numbers = self._chunk(transcript, chunk)
            begin = bisect_left(numbers, first) if chunk * CHUNK_WORDS < first else 0
            end = bisect_right(numbers, last) if (chunk + 1) * CHUNK_WORDS > last else len(found)
            tokens += found[begin:end]
            owners += numbers[begin:end]
        return tokens, owners

    def numbers(self, searched: SearchedTranscript, first: int, last: int) -> list[NumberReading]:
        """Return the numbers that share a token with words ``first`` to ``last``, both included.

        Tokens are counted from the first of word ``first``, so that a number that begins before it has a negative one.
        """
        kept, key = self._numbers, (searched.number, first, last)
        if key not in kept:
            kept[key] = self._read_numbers(searched, first, last)
            if len(kept) > KEPT_READ:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return kept[key]

    def _read_numbers(self, searched: SearchedTranscript, first: int, last: int) -> list[NumberReading]:
        begin = max(0, first - LONGEST_RUN)
        texts = self._store.spoken_texts(searched.number, begin, min(last + LONGEST_RUN, searched.words - 1))
        before, inside = (
            len(tokenize_words(part)[0]) for part in (texts[: first - begin], texts[first - begin : last + 1 - begin])
        )
        return [
            NumberReading(reading.number, reading.first - before, reading.last - before)
            for reading in find_numbers(texts, searched.language)
            if before <= reading.last and reading.first < before + inside
        ]

    def _chunk(self, transcript: int, chunk: int) -> tuple[list[str], array[int]]:
        chunks, key = self._chunks, (transcript, chunk)
        if key in chunks:
            chunks.move_to_end(key)
            return chunks[key]
        first = chunk * CHUNK_WORDS
        tokens, numbers = self._tokenize(transcript, first, first + CHUNK_WORDS - 1)
        read = chunks[key] = tokens, array("i", map(first.__add__, numbers))
        if len(chunks) > KEPT_CHUNKS:
            chunks.popitem(last=False)
        return read

    def _tokenize(self, transcript: int, first: int, last: int) -> tuple[list[str], list[int]]:
        """Return the tokens of words ``first`` to ``last``, and the word of each, counted from the first."""
        texts = self._store.spoken_texts(transcript, first, last)
        searched = self.transcript(transcript)
        if searched is None or not hold_capitals(texts):
            return tokenize_words(texts)
        begin = max(0, first - SENTENCE_REACH)
        around = self._store.spoken_texts(transcript, begin, min(last + SENTENCE_REACH, searched.words - 1))
        return tokenize_spoken(around, searched.language, range(first - begin, first - begin + len(texts)))
