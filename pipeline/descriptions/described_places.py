"""Titles, chapters and notes that a search found, as statements with what matches in them marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from audio.timecode import Span
from index.fulltext.maintenance import OpenIndex
from index.language.tokens import find_token_runs, tokenize_words
from index.query.tree import AllOf, AnyOf, Filter, Query, describing_filters
from index.search.described import SCORES, Description, find_descriptions
from index.storage.store import Store
from pipeline.answers import FoundStatement, SearchAnswer, SearchOptions
from pipeline.citing.citations import cite_span
from pipeline.citing.styles import cite_plain
from pipeline.lookup import end_of

_AROUND = 120
"""Characters of notes that are shown before and after what matches: about two lines of a terminal."""

_MOST_MENTIONED = 8
"""The most words of a query that are looked for in what publishers write, where they were not said."""

_Marks = tuple[tuple[int, int], ...]


def answer_with_descriptions(query: Query, options: SearchOptions, index: OpenIndex) -> SearchAnswer:
    """Return the titles, chapters and notes that a query asks for, in order."""
    places = found = find_descriptions(query, index, options.sort)
    if options.by_episode:
        places = list({one.episode.id: one for one in reversed(found)}.values())[::-1]
    asked, first = list(describing_filters(query)), options.offset
    shown = places[first:] if options.limit is None else places[first : first + options.limit]
    statements = [
        _describe(number, one, len(found), asked, index.store) for number, one in enumerate(shown, start=first + 1)
    ]
    return SearchAnswer(statements, len(found), exact=True, error=0.0, notes=())


def mention_descriptions(words: Sequence[str], index: OpenIndex) -> Iterator[str]:
    """Yield in how many titles, chapters and notes publishers wrote all of some words, and the queries for them."""
    if not 0 < len(words) <= _MOST_MENTIONED:
        return
    asked = tuple(AllOf(tuple(Filter(kind, (word.lower(),)) for word in words)) for kind in SCORES)
    written = words[0] if len(words) == 1 else f"({' '.join(words)})"
    for kind, count in Counter(one.kind for one in find_descriptions(AnyOf(asked), index)).items():
        yield f"It was not said there, but it is written: {kind}:{written} finds {count}."


def _describe(number: int, found: Description, total: int, asked: Iterable[Filter], store: Store) -> FoundStatement:
    wanted = [one.values for one in asked if one.field == found.kind]
    context, marks = _best_excerpt(_texts(found, store), wanted)
    span = span_of_description(found, store)
    episode = found.episode
    cited = cite_span(episode, span.start, span.end, None, store.sound(episode.id).offset)
    begin, end = marks[0] if marks else (0, len(context))
    return FoundStatement(
        n=number,
        episode=episode.id,
        title=episode.title,
        show=episode.show,
        published=episode.published,
        speaker=None,
        start=cited.start,
        end=cited.end,
        text=context[begin:end],
        context=context,
        score=SCORES[found.kind],
        citation=cite_plain(cited),
        link=cited.link,
        total=total,
        total_exact=True,
        total_error=0.0,
        marks=marks,
        found_in=found.kind,
        chapter=found.chapter.title if found.chapter else None,
    )


def span_of_description(found: Description, store: Store) -> Span:
    """Return the time range of a chapter, or of the episode whose title or notes were found."""
    starts = [one.start for one in store.chapters(found.episode.id)] if found.chapter else []
    end = min((one for one in starts if one > found.start), default=end_of(store, found.episode) or found.start)
    return Span(found.start, max(found.start, end))


def _texts(found: Description, store: Store) -> Iterator[str]:
    """Yield the texts in which a search looks: for notes also the names of people and the titles of soundbites."""
    if found.chapter is not None:
        yield found.chapter.title
    elif found.kind == "title":
        yield found.episode.title
    elif notes := store.notes(found.episode.id):
        yield notes.notes
        yield from (f"{person.role}: {person.name}" for person in notes.people)
        yield from filter(None, (bite.title for bite in notes.soundbites))


def _best_excerpt(texts: Iterable[str], wanted: Sequence[Sequence[str]]) -> tuple[str, _Marks]:
    """Return the first text with anything that is wanted, cut to what is around it, and where that stands in it."""
    excerpts = (_excerpt(" ".join(text.split()), wanted) for text in texts)
    return next((one for one in excerpts if one[1]), ("", ()))


def _excerpt(text: str, wanted: Sequence[Sequence[str]]) -> tuple[str, _Marks]:
    marks = _find_marks(text, wanted)
    if not marks:
        return text, ()
    begin = text.rfind(" ", 0, max(0, marks[0][0] - _AROUND)) + 1
    end = text.find(" ", marks[0][1] + _AROUND)
    end = len(text) if end < 0 else end
    before, after = "… " * (begin > 0), " …" * (end < len(text))
    moved = tuple((first - begin + len(before), last - begin + len(before)) for first, last in marks if last <= end)
    return f"{before}{text[begin:end]}{after}", moved


def _find_marks(text: str, wanted: Sequence[Sequence[str]]) -> _Marks:
    """Return the ranges of characters of a text in which wanted tokens stand in a row, without overlaps."""
    words = text.split(" ")
    ends = list(accumulate((len(word) + 1 for word in words), initial=-1))
    tokens, owners = tokenize_words(words)
    found = sorted(
        (ends[owners[at]] + 1, ends[owners[at + len(run) - 1] + 1])
        for run in wanted
        for at in find_token_runs(tokens, run)
    )
    marks: list[tuple[int, int]] = []
    for begin, end in found:
        if not marks or begin >= marks[-1][1]:
            marks.append((begin, end))
    return tuple(marks)
