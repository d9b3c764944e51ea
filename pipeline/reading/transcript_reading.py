"""Read the transcript of an episode, and all that a page shows beside it, as of one moment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, pairwise

from index.speaker_labels import is_unnamed
from index.storage.store import Store
from index.storage.transcript_reader import TranscriptFacts
from index.transcript import Episode, Segment, Word
from pipeline.descriptions.episode_descriptions import NumberedPlace
from pipeline.descriptions.reading_notes import describe_episode
from pipeline.episodes.correcting import list_corrections
from pipeline.errors import SoundNotHereError
from pipeline.hearing.recordings import check_kept
from pipeline.imported.word_origin import find_origin
from pipeline.lookup import find_transcript
from pipeline.reading.episode_transcript import (
    EpisodeSpeaker,
    EpisodeTranscript,
    RecurringPassage,
    SentenceColumns,
    SoundPlace,
    TitledSpan,
    WordColumns,
)
from pipeline.voices.episode_speech import number_labels


def read_transcript(store: Store, name: str) -> EpisodeTranscript:
    """Return the transcript of an episode with all that a page shows beside it.

    Raises EpisodeError for an episode that is unknown or not transcribed yet.
    """
    with store.snapshot():
        episode, facts = find_transcript(store, name)
        described = describe_episode(store, episode, store.numbers().get(episode.id), count(1))
        origin, is_kept = find_origin(facts), store.published(episode.id) is not None
        words, segments = store.words(facts.number, 0, facts.words - 1), store.labelled_segments(facts.number)
        speakers = tuple(_list_speakers(store, episode.id, facts, segments))
        places = {speaker.label: place for place, speaker in enumerate(speakers)}
        return EpisodeTranscript(
            episode=episode.id,
            title=episode.title,
            show=episode.show,
            published=episode.published,
            number=described.number,
            duration=episode.duration,
            state=episode.state,
            language=facts.language,
            origin=origin.kind,
            rests_on=origin.description,
            timing=facts.timing,
            publisher_kept=is_kept,
            comparable=is_kept and origin.kind != "publisher",
            sound=_find_sound(store, episode),
            offset=store.sound(episode.id).offset,
            address=episode.address,
            page=described.page,
            people=described.people,
            description=described.text,
            words=_word_columns(words),
            sentences=SentenceColumns(
                tuple(one.last + 1 - one.first for one in segments),
                tuple(places.get(one.speaker or "") for one in segments),
                {number: one.flags for number, one in enumerate(segments) if one.flags},
            ),
            speakers=speakers,
            chapters=_titled(described.chapter_places),
            soundbites=_titled(described.soundbites),
            gaps=facts.gaps,
            repeats=tuple(_count_repeats(store, facts)),
            corrections=tuple(list_corrections(store, episode.id)),
        )


def _word_columns(words: Sequence[Word]) -> WordColumns:
    starts = [round(word.start * 1000) for word in words]
    return WordColumns(
        tuple(word.text for word in words),
        tuple(now - before for before, now in pairwise([0, *starts])),
        tuple(round(word.end * 1000) - start for word, start in zip(words, starts, strict=True)),
        tuple(None if word.probability is None else round(100 * word.probability) for word in words),
        {number: word.heard for number, word in enumerate(words) if word.heard is not None},
        tuple(number for number, word in enumerate(words) if not word.spoken),
    )


def _list_speakers(
    store: Store, episode_id: str, facts: TranscriptFacts, segments: Iterable[Segment]
) -> Iterator[EpisodeSpeaker]:
    names = store.speaker_names(facts.number)
    labels = number_labels((one.speaker for one in segments), store.voices_of(episode_id))
    for number, label in labels.items():
        is_named = label in names or not is_unnamed(label)
        yield EpisodeSpeaker(number, label, names.get(label, label), is_named)


def _titled(places: Iterable[NumberedPlace]) -> tuple[TitledSpan, ...]:
    return tuple(TitledSpan(one.start, one.end, one.title) for one in places)


def _count_repeats(store: Store, facts: TranscriptFacts) -> Iterator[RecurringPassage]:
    repeats = store.repeats(facts.number)
    others = {family: store.other_episodes(family) for family in {one.family for one in repeats}}
    return (RecurringPassage(one.first, one.last, others[one.family]) for one in repeats)


def _find_sound(store: Store, episode: Episode) -> SoundPlace:
    """Tell where the sound of an episode is, without reading it: whether it is the same file is checked when it is
    played."""
    try:
        check_kept(episode, store.directory)
    except SoundNotHereError:
        return "elsewhere"
    if episode.media is None:
        return "none"
    return "here" if os.path.lexists(episode.media) else "missing"
