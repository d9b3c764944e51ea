"""Timestamp lookup: an episode's transcript, what it says at a time, and between two times."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from audio.errors import TimeError, UsageError, WayOut, correct_input
from audio.recording.chapters import Chapter
from audio.timecode import LONGEST_SECONDS, format_time
from index.errors import EpisodeError
from index.storage.store import Store
from index.storage.transcript_reader import TranscriptFacts
from index.storage.untrusted import is_address
from index.transcript import OVERLAP, Episode, Segment, Transcript, Word
from pipeline.answers import ListedEpisode, Moment, Placed, ShownSentence, SpokenWord, TimedText, TimedWord
from pipeline.errors import check_number, resume_transcription, transcribe_download
from pipeline.imported.word_origin import origin_of

PRINTED_SECONDS = 0.05
"""Times are printed to a tenth of a second, so a printed end may be past the real one by this much."""


def list_episodes(store: Store, choose: Callable[[Sequence[Episode]], Iterable[Episode]]) -> list[ListedEpisode]:
    """Return the episodes that ``choose`` returns of all, with the language, engine and model of their transcripts."""
    numbers, chapters, kept = store.numbers(), store.all_chapters(), store.published_addresses()
    people, named = store.people(), store.named_speakers()
    rows = {row[0].id: row for row in store.listed()}
    chosen = choose([episode for episode, *_ in rows.values()])
    return [
        ListedEpisode(
            episode=episode.id,
            title=episode.title,
            show=episode.show,
            published=episode.published,
            media=episode.media,
            duration=episode.duration,
            language=language,
            engine=engine,
            model=model,
            state=episode.state,
            number=numbers.get(episode.id),
            chapters=tuple(chapters.get(episode.id, ())),
            origin=origin_of(engine, settings or "") if engine is not None else None,
            publisher_kept=episode.id in kept,
            people=people.get(episode.id, ()),
            named_speakers=named.get(episode.id, ()),
        )
        for episode, language, engine, model, settings in (rows[one.id] for one in chosen)
    ]


def find_transcript(store: Store, name: str) -> tuple[Episode, TranscriptFacts]:
    """Return an episode and the metadata of its transcript.

    Raises EpisodeError if it is unknown or has no transcript yet.
    """
    episode = store.resolve_episode(name)
    facts = store.facts(episode.id)
    if facts is None:
        raise EpisodeError(
            f"The episode {episode.id} is not transcribed yet.",
            get_words(episode, store.directory),
            where=episode.id,
        )
    return episode, facts


def get_words(episode: Episode, library: Path) -> WayOut:
    """Return how to transcribe an episode that has no words: its recording, or what is downloaded first."""
    if episode.media is None and is_address(episode.source):
        return transcribe_download(episode.id, library)
    return resume_transcription(episode.media or episode.source, library)


def load_transcript(store: Store, name: str) -> tuple[Episode, Transcript]:
    """Return an episode and its whole transcript. Raises as ``find_transcript`` does."""
    with store.snapshot():
        episode, _ = find_transcript(store, name)
        transcript = store.transcript(episode.id)
    assert transcript is not None
    return episode, transcript


def read_moment(store: Store, facts: TranscriptFacts, time: float, before: int, after: int) -> Transcript:
    """Return the part of a transcript from which ``moment_at`` answers as from the whole of it.

    It has one more sentence on either side, since a pause or a gap has none of its own.
    """
    gap = any(gap.start <= time < gap.end for gap in facts.gaps)
    word = store.words_started(facts, time) if gap else store.words_ended(facts, time)
    before, after = (min(max(number, 0), facts.words) + 1 for number in (before, after))
    return store.excerpt(facts, store.segments_around(facts.number, word, before, after))


def read_words(store: Store, facts: TranscriptFacts, start: float, end: float) -> Transcript:
    """Return the part of a transcript from which ``words_between`` answers as from the whole of it."""
    first = min(store.words_ended(facts, start), store.words_started(facts, math.nextafter(start, -math.inf)))
    return store.excerpt(facts, store.segments(facts.number, first, store.words_started(facts, end) - 1))


def check_time(store: Store, episode: Episode, time: float) -> None:
    """Raise TimeError for an invalid time, or one past the end of an episode (of its last word without a recording)."""
    check_seconds(time)
    end = end_of(store, episode)
    if end is not None and time > end + PRINTED_SECONDS:
        raise TimeError(
            f"{format_time(time)} is past the end: {episode.id} is {format_time(end)} long.", where=episode.id
        )


def end_of(store: Store, episode: Episode) -> float | None:
    """Return the end of an episode in seconds, of its last word without a recording, None if it has neither."""
    if episode.duration is not None:
        return episode.duration
    facts = store.facts(episode.id)
    last = store.words(facts.number, facts.words - 1, facts.words - 1) if facts and facts.words else []
    return last[-1].end if last else None


def check_seconds(seconds: float) -> None:
    """Raise TimeError for a time or duration that is negative, longer than any recording, or not a number."""
    if not 0 <= seconds <= LONGEST_SECONDS:
        printable = isinstance(seconds, float) or abs(seconds) <= LONGEST_SECONDS  # a longer integer may be any length
        shown = f"{seconds:.6g}" if printable else "A whole number of many digits"
        raise TimeError(
            f"{shown} is not a valid number of seconds.",
            correct_input(f"Give a number from 0 to {LONGEST_SECONDS:.0f}."),
            where=shown,
        )


def check_words(facts: TranscriptFacts, first: int, last: int) -> None:
    """Raise UsageError unless a transcript has the words ``first`` to ``last``."""
    if not 0 <= first <= last < facts.words:
        raise UsageError(
            f"There are no words {first} to {last}: the transcript has {facts.words}.",
            correct_input(f"Give numbers from 0 to {max(0, facts.words - 1)}, the first one first."),
            where=str(first),
        )


def check_span(place: Placed) -> None:
    """Raise TimeError for a place with invalid times, or one that ends before it starts."""
    check_seconds(place.start)
    check_seconds(place.end)
    if place.end < place.start:
        raise TimeError(f"{format_time(place.end)} is before {format_time(place.start)}.", correct_input("Swap them."))


def list_sentences(episode: str, transcript: Transcript) -> list[ShownSentence]:
    """Return the sentences of a transcript of an ``episode``."""
    shown, origin = [], origin_of(transcript.engine, transcript.settings)
    for segment in transcript.segments:
        timed = _timed(transcript, segment)
        words = transcript.words[segment.first : segment.last + 1]
        heard = tuple(word.heard for word in words if word.heard is not None)
        shown.append(
            ShownSentence(
                episode, timed.start, timed.end, timed.text, segment.speaker, segment.flags, heard, origin=origin
            )
        )
    return shown


def list_gaps(episode: str, facts: TranscriptFacts) -> list[ShownSentence]:
    """Return the gaps of a transcript of an ``episode``: speech without words, and sound that could not be decoded."""
    origin = origin_of(facts.engine, facts.settings)
    return [ShownSentence(episode, gap.start, gap.end, None, None, (), origin=origin) for gap in facts.gaps]


def moments_at(store: Store, name: str, times: Sequence[float], before: int, after: int) -> list[Moment]:
    """Return what is said in an episode at each of ``times``; see ``Library.at``."""
    with store.snapshot():
        episode, facts = find_transcript(store, name)
        for time in times:
            check_time(store, episode, time)
        chapters = store.chapters(episode.id)
        return [
            replace(
                moment_at(episode.id, read_moment(store, facts, time, before, after), time, before, after),
                chapter=chapter_at(chapters, time),
            )
            for time in times
        ]


def chapter_at(chapters: Sequence[Chapter], time: float) -> str | None:
    """Return the title of the chapter that a time is in, None before the first."""
    return next((chapter.title for chapter in reversed(chapters) if chapter.start <= time), None)


def moment_at(episode: str, transcript: Transcript, time: float, before: int, after: int) -> Moment:
    """Return what is said at ``time`` (seconds), with ``before`` and ``after`` sentences of context.

    In a pause these are the sentences on both sides of it. Raises UsageError for a number below zero.
    """
    check_number("number of sentences before", before)
    check_number("number of sentences after", after)
    spans = [transcript.segment_span(segment) for segment in transcript.segments]
    gap = any(gap.start <= time < gap.end for gap in transcript.gaps)
    current = None if gap else next((n for n, span in enumerate(spans) if span.start <= time < span.end), None)
    first = current if current is not None else sum(span.start <= time for span in spans)
    following = first + 1 if current is not None else first
    sentence = _timed(transcript, transcript.segments[current]) if current is not None else None
    words: tuple[Word, ...] = ()
    overlap = False
    if current is not None:
        segment = transcript.segments[current]
        overlap = OVERLAP in segment.flags
        words = transcript.words[segment.first : segment.last + 1]
    word = next((word for word in words if word.start <= time < word.end), None)
    return Moment(
        episode=episode,
        time=time,
        start=sentence.start if sentence else None,
        end=sentence.end if sentence else None,
        text=sentence.text if sentence else None,
        word=word.text.strip() if word else None,
        speaker=sentence.speaker if sentence else None,
        words=tuple(TimedWord(word.text.strip(), word.start, word.end, word.probability, word.heard) for word in words),
        before=tuple(_timed(transcript, segment) for segment in transcript.segments[max(0, first - before) : first]),
        after=tuple(_timed(transcript, segment) for segment in transcript.segments[following : following + after]),
        gap=gap,
        origin=origin_of(transcript.engine, transcript.settings),
        overlap=overlap,
    )


def words_of(store: Store, place: Placed) -> list[SpokenWord]:
    """Return every word of a place; see ``Library.words``."""
    with store.snapshot():
        episode, facts = find_transcript(store, place.episode)
        check_time(store, episode, place.start)
        check_span(place)
        return words_between(episode.id, read_words(store, facts, place.start, place.end), place.start, place.end)


def words_between(episode: str, transcript: Transcript, start: float, end: float) -> list[SpokenWord]:
    """Return every word that overlaps the span from ``start`` to ``end`` (seconds)."""
    return [
        SpokenWord(
            episode=episode,
            text=word.text.strip(),
            start=word.start,
            end=word.end,
            probability=word.probability,
            heard=word.heard,
            speaker=segment.speaker,
        )
        for segment in transcript.segments
        for word in transcript.words[segment.first : segment.last + 1]
        # A word of zero duration is spoken at its start.
        if word.start < end and (word.end > start or word.start >= start)
    ]


def _timed(transcript: Transcript, segment: Segment) -> TimedText:
    span = transcript.segment_span(segment)
    return TimedText(span.start, span.end, transcript.segment_text(segment).strip(), segment.speaker)
