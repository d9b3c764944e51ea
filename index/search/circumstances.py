"""The circumstances in which words are said, which differ within an episode: by whom, and in which chapter."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from index.fulltext.token_cache import SearchedTranscript
from index.query.tree import Filter, Query, parts_of
from index.storage.store import Store


class Said(NamedTuple):
    """Who says a word, and the title of the chapter that it is in; None where that is unknown, or is not asked for."""

    speaker: str | None = None
    chapter: str | None = None


class CircumstanceReader:
    """Reads of words of the library what one query asks for: their speakers, their chapters, both or nothing."""

    def __init__(self, store: Store, query: Query) -> None:
        fields = {part.field for part in parts_of(query) if isinstance(part, Filter)}
        self._store = store
        self._by_speaker, self._by_chapter = "speaker" in fields, "chapter" in fields
        self._chapters: dict[str, tuple[list[float], list[str | None]]] = {}
        self.is_needed = self._by_speaker or self._by_chapter
        """Whether the query asks for any circumstances."""

    def read(self, searched: SearchedTranscript, first: int, last: int) -> list[Said]:
        """Return the circumstances of words ``first`` to ``last``, both included."""
        nothing: list[str | None] = [None] * (last + 1 - first)
        speakers = self._speakers(searched, first, last) if self._by_speaker else nothing
        chapters = self._titles(searched, first, last) if self._by_chapter else nothing
        return list(map(Said, speakers, chapters))

    def _speakers(self, searched: SearchedTranscript, first: int, last: int) -> Sequence[str | None]:
        speakers: dict[int, str | None] = {}
        for segment in self._store.segments(searched.number, first, last):
            speakers |= dict.fromkeys(range(segment.first, segment.last + 1), segment.speaker)
        return [speakers[word] for word in range(first, last + 1)]

    def _titles(self, searched: SearchedTranscript, first: int, last: int) -> Sequence[str | None]:
        episode = searched.episode.id
        if episode not in self._chapters:
            chapters = sorted(self._store.chapters(episode), key=lambda chapter: chapter.start)
            self._chapters[episode] = [one.start for one in chapters], [None, *(one.title for one in chapters)]
        starts, titles = self._chapters[episode]
        return [titles[bisect_right(starts, start)] for start, _ in self._store.times(searched.number, first, last)]
