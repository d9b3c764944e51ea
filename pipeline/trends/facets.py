"""Count the hits of a query by the values of facets: by show, year, speaker and others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

from audio.errors import UsageError, correct_input
from index.fulltext.maintenance import OpenIndex
from index.query.periods import period_of
from index.query.tree import is_about_descriptions
from index.search.described import Description, find_descriptions
from index.search.hit_speakers import find_hit_speakers
from index.search.searcher import Hit, search
from index.speaker_labels import is_unnamed
from index.storage.store import Store
from pipeline.answers import FACETS, FacetCounts, FacetValue
from pipeline.searching import SearchRequest, explain_nothing, write_for


def check_facets(facets: Collection[str]) -> None:
    """Raise UsageError for an unknown facet."""
    for facet in facets:
        if facet not in FACETS:
            raise UsageError(
                f"There is no facet {facet!r}.", correct_input(f"Choose some of {', '.join(FACETS)}."), where=facet
            )


def count_facets(request: SearchRequest, facets: Collection[str], index: OpenIndex) -> FacetCounts:
    """Count the hits of a query for the most frequent values of each facet, at most the limit of its options."""
    query, notes = write_for(index, request)
    hits: Sequence[Hit | Description]
    if is_about_descriptions(query):
        hits = find_descriptions(query, index)
    else:
        hits = search(query, index, limit=None, count=True, repeats=request.options.repeats, timed=False).hits
    told = list(notes)
    values: list[FacetValue] = []
    for facet in facets:
        read = _facet_reader(facet, index.store)
        valued = [(hit.episode.id, read(hit)) for hit in hits]
        counts = Counter(value for _, value in valued)
        without = counts.pop(None, 0)
        if facet == "speaker":
            told += _take_unnamed(counts, valued)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0] or ""))
        values += [FacetValue(facet, value or "", number) for value, number in ranked[: request.options.limit]]
        if len(ranked) > (request.options.limit or len(ranked)):
            told.append(f"The {request.options.limit} most frequent of {len(ranked)} values of {facet}.")
        if without:
            told.append(f"Without a known {facet}: {without} of {len(hits)} hits.")
    return FacetCounts(tuple(values), len(hits), () if hits else explain_nothing(request, index), tuple(told))


def _take_unnamed(counts: Counter[str | None], valued: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    """Take voices without names out of the ``counts`` of speakers if they are of several episodes, with a note.

    ``valued`` are the episode and the speaker of each hit: Voice 1 of another episode is somebody else.
    """
    unnamed = [(episode, speaker) for episode, speaker in valued if speaker is not None and is_unnamed(speaker)]
    episodes = {episode for episode, _ in unnamed}
    if len(episodes) > 1:
        for _, speaker in unnamed:
            counts.pop(speaker, None)
        yield (
            f"By voices that have no name: {len(unnamed)} of {len(valued)} hits, by {len({*unnamed})} voices of"
            f" {len(episodes)} episodes."
        )


def _facet_reader(facet: str, store: Store) -> Callable[[Hit | Description], str | None]:
    """Return a function that reads the value of a facet from a hit, None where it is not known."""
    facts = cache(store.facts)

    def speaker(hit: Hit | Description) -> str | None:
        known = facts(hit.episode.id)
        if known is None or isinstance(hit, Description):
            return None
        return find_hit_speakers(hit, store.segments(known.number, hit.first, hit.last)).most

    def language(hit: Hit | Description) -> str | None:
        known = facts(hit.episode.id)
        return known.language if known else None

    readers: dict[str, Callable[[Hit | Description], str | None]] = {
        "show": lambda hit: hit.episode.show,
        "episode": lambda hit: hit.episode.id,
        "year": lambda hit: period_of(hit.episode.published, "year"),
        "month": lambda hit: period_of(hit.episode.published, "month"),
        "language": language,
        "speaker": speaker,
    }
    return readers[facet]
