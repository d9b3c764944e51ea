"""In-memory cache of a library's tokens and episode metadata, kept between searches.

Transcript numbers are never reused, so cached tokens stay valid; the list of transcripts is reread after every change
of the store.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from index.language.tokens import stem_token, tokenize, tokenize_words
from index.storage.store import Store
from index.storage.word_codec import CHUNK_WORDS
from index.transcript import Episode

KEPT_CHUNKS = 8_192
"""Size limit of the cache in chunks of 512 words: four million words, at about 8 KB a chunk."""


@dataclass(frozen=True, slots=True)
class SearchedTranscript:
    """A transcript as search needs it: its episode, language and number of words.

    ``newest`` and ``oldest`` are its ranks by date, then by id; undated episodes rank last in both.
    """

    number: int
    episode: Episode
    language: str | None
    words: int
    title: frozenset[str]
    """The stems of the episode's title."""
    newest: int
    oldest: int


class TokenCache:
    """A library's transcripts as of the last ``refresh``, and their tokens."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version: tuple[int, int] | None = None
        self._speakers: dict[int, set[str]] | None = None
        self._chunks: OrderedDict[tuple[int, int], tuple[list[str], array[int]]] = OrderedDict()
        self.transcripts: dict[int, SearchedTranscript] = {}
        """All transcripts, by number."""

    def refresh(self) -> None:
        """Reread the list of transcripts if the store has changed. To be called at the start of each search."""
        version = self._store.version()
        if version != self._version:
            self.transcripts, self._speakers = _read_transcripts(self._store), None
            self._version = version

    @property
    def speakers(self) -> dict[int, set[str]]:
        """The named speakers of each transcript."""
        if self._speakers is None:
            self._speakers = defaultdict(set)
            for number, speaker in self._store.speakers():
                self._speakers[number].add(speaker)
        return self._speakers

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

    def _chunk(self, transcript: int, chunk: int) -> tuple[list[str], array[int]]:
        chunks, key = self._chunks, (transcript, chunk)
        if key in chunks:
            chunks.move_to_end(key)
            return chunks[key]
        first = chunk * CHUNK_WORDS
        tokens, numbers = tokenize_words(self._store.texts(transcript, first, first + CHUNK_WORDS - 1))
        read = chunks[key] = tokens, array("i", (first + number for number in numbers))
        if len(chunks) > KEPT_CHUNKS:
            chunks.popitem(last=False)
        return read


def _read_transcripts(store: Store) -> dict[int, SearchedTranscript]:
    facts = store.all_facts()
    episodes = [episode for episode in store.episodes() if episode.id in facts]
    # Sorting is stable, also in reverse: equal dates stay ordered by id.
    by_id = sorted(episodes, key=lambda episode: episode.id)
    newest = sorted(by_id, key=lambda episode: episode.published or "", reverse=True)
    oldest = sorted(by_id, key=lambda episode: (episode.published is None, episode.published or ""))
    old_places = {episode.id: place for place, episode in enumerate(oldest)}
    transcripts = {}
    for place, episode in enumerate(newest):
        known = facts[episode.id]
        title = frozenset(stem_token(token, known.language) for token in tokenize(episode.title))
        transcripts[known.number] = SearchedTranscript(
            known.number, episode, known.language, known.words, title, place, old_places[episode.id]
        )
    return transcripts
