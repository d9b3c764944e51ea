"""Cite a place of a library."""

from __future__ import annotations

from dataclasses import replace

from index.storage.store import Store
from pipeline.answers import Placed
from pipeline.citing.citations import Citation, cite_span
from pipeline.citing.styles import check_style, format_citation
from pipeline.lookup import check_span, check_time, read_moment


def cite_place(store: Store, place: Placed, style: str) -> Citation:
    """Return a citation of a place, with who speaks where it begins.

    Raises UsageError for an unknown style, EpisodeError for an unknown episode, TimeError for an invalid time.
    """
    check_style(style)
    check_span(place)
    with store.snapshot():
        episode = store.resolve_episode(place.episode)
        check_time(store, episode, place.end)
        speaker, offset = find_speaker(store, episode.id, place.start), store.sound(episode.id).offset
    cited = cite_span(episode, place.start, place.end, speaker, offset)
    return replace(cited, style=style, citation=format_citation(cited, style))


def find_speaker(store: Store, episode_id: str, time: float) -> str | None:
    """Return who speaks in an episode at a time, None if that is not known."""
    facts = store.facts(episode_id)
    segments = read_moment(store, facts, time, 0, 0) if facts is not None and facts.words else None
    if segments is None:
        return None
    spans = ((one.speaker, segments.segment_span(one)) for one in segments.segments)
    return next((speaker for speaker, span in spans if span.start <= time < span.end), None)
