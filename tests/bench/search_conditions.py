"""Reference implementation of conditions: which words satisfy a show, a speaker, a date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bench.search_corpus import Corpus, Spoken

from audio.recording.chapters import Chapter
from index.language.tokens import tokenize
from index.notes import EpisodeNotes
from index.query.tree import AllOf, AnyOf, Filter, Query


@dataclass(frozen=True, slots=True)
class Bound:
    """Conditions that every word of a leaf's place must satisfy, and those that none may satisfy."""

    required: tuple[Query, ...] = ()
    refused: tuple[Query, ...] = ()

    def under(self, required: Sequence[Query], refused: Sequence[Query]) -> Bound:
        """Return these conditions and more."""
        return Bound((*self.required, *required), (*self.refused, *refused))


class Conditions:
    """Evaluates conditions on the words of a library's episodes."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._ids = {spoken.episode.id for spoken in corpus.episodes}
        self._counted: dict[tuple[Query, int], list[int]] = {}

    def allow(self, number: int, first: int, last: int, bound: Bound) -> bool:
        """Whether words ``first`` to ``last`` of an episode satisfy ``bound``."""
        return all(self._count(one, number, first, last) == last - first + 1 for one in bound.required) and all(
            self._count(one, number, first, last) == 0 for one in bound.refused
        )

    def _count(self, condition: Query, number: int, first: int, last: int) -> int:
        """Return how many of the words satisfy a condition."""
        key = (condition, number)
        if key not in self._counted:
            satisfied = self._words(condition, number)
            self._counted[key] = list(accumulate(satisfied, initial=0))
        counted = self._counted[key]
        return counted[last + 1] - counted[first]

    def _words(self, condition: Query, number: int) -> list[bool]:
        """Return for each word of an episode whether it satisfies a condition."""
        spoken = self._corpus.episodes[number]
        count = spoken.segments[-1].last + 1 if spoken.segments else 0
        match condition:
            case AllOf(children, excluded):
                each = [self._words(child, number) for child in children]
                none = [self._words(child, number) for child in excluded]
                return [all(one[at] for one in each) and not any(one[at] for one in none) for at in range(count)]
            case AnyOf(children):
                each = [self._words(child, number) for child in children]
                return [any(one[at] for one in each) for at in range(count)]
            case Filter("speaker", values):
                return [
                    _holds(segment.speaker, values)
                    for segment in spoken.segments
                    for _ in range(segment.first, segment.last + 1)
                ]
            case Filter("chapter", values):
                return [_holds(_chapter_at(spoken.chapters, start), values) for start in self._corpus.times(number)[0]]
            case Filter(field, values):
                return [self._is_of(field, values, spoken)] * count
            case _:
                raise NotImplementedError(f"{condition} is not a condition")

    def _is_of(self, field: str, values: tuple[str, ...], spoken: Spoken) -> bool:
        """Whether an episode satisfies a filter on whole episodes."""
        about = spoken.episode
        asked: dict[str, Callable[[], bool]] = {
            "show": lambda: _holds(about.show, values),
            "title": lambda: _holds(about.title, values),
            "episode": lambda: about.id == values[0] if values[0] in self._ids else about.id.startswith(values[0]),
            "notes": lambda: any(_holds(part, values) for part in _parts_of(spoken.notes)),
            "lang": lambda: spoken.language == values[0],
            "date": lambda: about.published is not None and values[0] <= about.published[:10] <= values[1],
        }
        return asked[field]()


def _chapter_at(chapters: Sequence[Chapter], time: float) -> str | None:
    title = None
    for chapter in chapters:
        if chapter.start <= time:
            title = chapter.title
    return title


def _parts_of(notes: EpisodeNotes | None) -> list[str | None]:
    if notes is None:
        return []
    return [notes.notes, *(one.name for one in notes.people), *(one.title for one in notes.soundbites)]


def _holds(name: str | None, tokens: tuple[str, ...]) -> bool:
    """Whether the tokens are consecutive in a name."""
    named = tokenize(name or "")
    return any(named[at : at + len(tokens)] == tokens for at in range(len(named) - len(tokens) + 1))
