"""What a transcript says at a time, and between two times."""

from __future__ import annotations

from index.transcript import Segment, Transcript, Word
from pipeline.answers import Moment, SpokenWord, TimedText, TimedWord


def moment_at(episode: str, transcript: Transcript, time: float, before: int, after: int) -> Moment:
    """What is said at ``time`` (seconds), with so many sentences before and after.

    Where nobody speaks, these are the sentences on both sides of the pause.
    """
    spans = [transcript.segment_span(segment) for segment in transcript.segments]
    gap = any(gap.start <= time < gap.end for gap in transcript.gaps)
    current = None if gap else next((n for n, span in enumerate(spans) if span.start <= time < span.end), None)
    first = current if current is not None else sum(span.start <= time for span in spans)
    behind = first + 1 if current is not None else first
    sentence = _timed(transcript, transcript.segments[current]) if current is not None else None
    words: tuple[Word, ...] = ()
    if current is not None:
        segment = transcript.segments[current]
        words = transcript.words[segment.first : segment.last + 1]
    word = next((word for word in words if word.start <= time < word.end), None)
    return Moment(
        episode=episode,
        time=time,
        start=sentence.start if sentence else None,
        end=sentence.end if sentence else None,
        text=sentence.text if sentence else None,
        word=word.text.strip() if word else None,
        words=tuple(TimedWord(word.text.strip(), word.start, word.end, word.probability, word.heard) for word in words),
        before=tuple(_timed(transcript, segment) for segment in transcript.segments[max(0, first - before) : first]),
        after=tuple(_timed(transcript, segment) for segment in transcript.segments[behind : behind + after]),
        gap=gap,
    )


def words_between(episode: str, transcript: Transcript, start: float, end: float) -> list[SpokenWord]:
    """Every word of which some part is spoken from ``start`` to ``end`` (seconds)."""
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
        # A word without length is spoken at its start.
        if word.start < end and (word.end > start or word.start >= start)
    ]


def _timed(transcript: Transcript, segment: Segment) -> TimedText:
    span = transcript.segment_span(segment)
    return TimedText(span.start, span.end, transcript.segment_text(segment).strip())
