"""List the episodes of a selection, and read their sentences or gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from audio.errors import UsageError, correct_input
from index.storage.recurring.repeat_marks import repeat_at
from index.storage.store import Store
from index.transcript import Segment
from pipeline.answers import EpisodeSentences, ListedEpisode
from pipeline.episodes.chosen_episodes import EpisodeSelection, select_episodes
from pipeline.lookup import chapter_at, find_transcript, list_episodes, list_gaps, list_sentences, load_transcript

NOT_TRANSCRIBED = "it is not transcribed yet"
"""Why an episode of a pattern, a show or a time is passed over; one that is named is an error."""


ORDERS: Mapping[str, tuple[Callable[[ListedEpisode], Any], bool]] = MappingProxyType(
    {
        "show": (lambda one: (one.show is None, one.show or "", one.published or ""), False),
        "date": (lambda one: one.published or "", True),
        "length": (lambda one: one.duration or 0.0, True),
        "title": (lambda one: one.title.casefold(), False),
        "episode": (lambda one: one.episode, False),
    }
)
"""The orders of episodes: what they are sorted by, and whether the greatest is first. What is not known is last."""


def list_selected(store: Store, selection: EpisodeSelection, sort: str | None = None) -> list[ListedEpisode]:
    """Return the chosen episodes, transcribed or not, in their order or one of ORDERS.

    Raises as ``select_episodes`` does, and UsageError for an unknown ``sort``.
    """
    if sort is not None and sort not in ORDERS:
        advice = correct_input(f"Choose one of {', '.join(ORDERS)}.")
        raise UsageError(f"{sort!r} is not an order of episodes.", advice, where=sort)
    with store.snapshot():
        found = list_episodes(store, lambda episodes: select_episodes(episodes, selection))
    if sort is None:
        return found
    key, greatest_first = ORDERS[sort]
    return sorted(found, key=key, reverse=greatest_first)


def read_sentences(store: Store, name: str, *, repeats: bool = True) -> EpisodeSentences:
    """Return the transcript of an episode, sentence by sentence, with or without the ``repeats``.

    Raises as ``find_transcript`` does.
    """
    with store.snapshot():
        episode, transcript = load_transcript(store, name)
        chapters, notes = store.chapters(episode.id), store.notes(episode.id)
        counts = _count_repeats(store, episode.id, transcript.segments)
        sentences = [
            replace(sentence, repeat=count, chapter=chapter_at(chapters, (sentence.start + sentence.end) / 2))
            for sentence, count in zip(list_sentences(episode.id, transcript), counts, strict=True)
            if repeats or count is None
        ]
        return EpisodeSentences(episode.id, sentences, tuple(chapters), notes.people if notes else ())


def _count_repeats(store: Store, episode_id: str, segments: Iterable[Segment]) -> list[int | None]:
    """Return for each sentence in how many other episodes its passage recurs, None if it does not."""
    facts = store.facts(episode_id)
    repeats = store.repeats(facts.number) if facts else []
    families = [repeat_at(repeats, one.first, one.last) for one in segments]
    others = {family: store.other_episodes(family) for family in {*families} if family is not None}
    return [None if family is None else others[family] for family in families]


def read_gaps(store: Store, name: str) -> EpisodeSentences:
    """Return the spans of an episode that have speech without words. Raises as ``find_transcript`` does."""
    episode, facts = find_transcript(store, name)
    return EpisodeSentences(episode.id, list_gaps(episode.id, facts))


def read_selected(
    store: Store, selection: EpisodeSelection, *, gaps: bool, repeats: bool
) -> Iterator[EpisodeSentences]:
    """Yield the sentences, with or without the ``repeats``, or the gaps, of each chosen episode.

    Raises as ``select_episodes`` does and, for an episode that is named, as ``find_transcript``.
    """
    chosen = select_episodes(store.episodes(), selection)
    transcribed = set(store.transcripts().values())
    read = partial(read_gaps, store) if gaps else partial(read_sentences, store, repeats=repeats)
    return (
        read(one.id)
        if one.id in transcribed or selection.is_by_name
        else EpisodeSentences(one.id, [], reason=NOT_TRANSCRIBED)
        for one in chosen
    )
