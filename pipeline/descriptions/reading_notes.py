"""Read what publishers write of the episodes of a selection, and number its places, so that they can be played."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, pairwise

from audio.recording.chapters import Chapter
from index.notes import EpisodeNotes, Soundbite
from index.storage.store import Store
from index.transcript import Episode
from pipeline.descriptions.episode_descriptions import DescribedEpisodes, EpisodeDescription, NumberedPlace
from pipeline.episodes.chosen_episodes import EpisodeSelection, select_episodes
from pipeline.lookup import end_of


def read_descriptions(store: Store, selection: EpisodeSelection) -> DescribedEpisodes:
    """Return what is known of the chosen episodes.

    Raises as ``select_episodes`` does.
    """
    with store.snapshot():
        numbers, episode_numbers = count(1), store.numbers()
        chosen = select_episodes(store.episodes(), selection)
        found = tuple(describe_episode(store, one, episode_numbers.get(one.id), numbers) for one in chosen)
    return DescribedEpisodes(found)


def describe_episode(store: Store, episode: Episode, number: str | None, numbers: Iterator[int]) -> EpisodeDescription:
    """Return what is known of an episode, its own ``number`` included; its places get the next of the ``numbers``."""
    notes = store.notes(episode.id) or EpisodeNotes()
    chapters = _number_chapters(store.chapters(episode.id), end_of(store, episode), numbers)
    return EpisodeDescription(
        episode=episode.id,
        title=episode.title,
        show=episode.show,
        published=episode.published,
        season=notes.season,
        number=number,
        page=notes.page,
        people=notes.people,
        text=notes.notes,
        chapter_places=tuple(chapters),
        soundbites=tuple(_number_soundbites(notes.soundbites, store.sound(episode.id).offset, numbers)),
    )


def _number_chapters(chapters: Sequence[Chapter], end: float | None, numbers: Iterator[int]) -> Iterator[NumberedPlace]:
    starts = [*(one.start for one in chapters), end or 0.0]
    for chapter, (start, following) in zip(chapters, pairwise(starts), strict=True):
        yield NumberedPlace(next(numbers), start, max(start, following), chapter.title)


def _number_soundbites(
    soundbites: Iterable[Soundbite], offset: float, numbers: Iterator[int]
) -> Iterator[NumberedPlace]:
    """Yield soundbites on the time line of the sound, at whose first sample players show ``offset`` seconds."""
    for bite in soundbites:
        start, end = (round(max(0.0, seconds - offset), 3) for seconds in (bite.start, bite.start + bite.duration))
        yield NumberedPlace(next(numbers), start, end, bite.title)
