"""Place the words of a text on the time line of a sound, by the words that were recognised in it.

Words that both have in common take the times that were heard. What lies between them is placed by what is known of the
gap: words that were misheard, or not heard where somebody speaks, are spread over the sound there; words for which the
sound has no room are missing. Sound between two words of the text that belongs to neither was inserted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from audio.timecode import Span
from index.transcript import Word, span_of
from pipeline.alignment.timed_tokens import TimedToken, spread_evenly, time_tokens
from pipeline.alignment.token_matching import TokenRun, match_tokens

FASTEST = 0.1
"""Seconds of speech a word needs at least: the fastest speakers say six or seven words a second, and hurry some."""
FEW_WORDS = 6
"""Fewer words of the text are never called missing: recognisers leave out small words, and write numbers otherwise."""
ROOM = 3.0
"""Seconds for which words between two others may be spread without a look at where in them they lie."""
SLOWEST = 0.7
"""Seconds a word may take in such a place besides: slow speech with its pauses."""
SENTENCE = 15
"""Fewer words are taken to be what is said where they would stand, if they take about that long: they are misheard, or
numbers."""
ALIKE = 0.55
"""Similarity of letters (normalised Levenshtein) from which recognised words are the text, badly heard.

Sentences of podcasts that have nothing to do with each other have 0.2 to 0.35.
"""
SHOWN_WORDS = 6
"""Of a missing stretch."""
STRETCH = 5.0
"""Seconds of sound that must be inserted to be named; shorter ones are laughter, repetitions, and errors of times."""


@dataclass(frozen=True, slots=True)
class Inserted:
    """A stretch of the sound that the text does not have."""

    span: Span


@dataclass(frozen=True, slots=True)
class Missing:
    """A stretch of the text that the sound does not have: its ``span`` by the file's own times, the second ``at`` which
    it would be in the sound, and its words."""

    span: Span
    at: float
    words: int
    begins: str


@dataclass(frozen=True, slots=True)
class Placement:
    """The words of a text with their times in the sound, None for those that are missing there, and the stretches.

    ``matched`` is the share of the words of the text, or of the sound if that has fewer, that both have in common.
    """

    times: tuple[Span | None, ...]
    inserted: tuple[Inserted, ...]
    missing: tuple[Missing, ...]
    matched: float


@dataclass(frozen=True, slots=True)
class _Gap:
    """Tokens between two matched ones, of the text and of the sound, and the ``hole`` between those two there."""

    text: Sequence[TimedToken]
    heard: Sequence[TimedToken]
    hole: Span


def place_words(words: Sequence[Word], heard: Sequence[Word], speech: Sequence[Span], duration: float) -> Placement:
    """Place ``words`` of a text, with the times that its file states, by the words ``heard`` in a sound.

    ``speech`` are the regions in which somebody speaks, ``duration`` that of the sound in seconds.
    """
    text, sound = time_tokens(words), time_tokens(heard)
    runs = match_tokens([t.text for t in text], [t.text for t in sound], lambda number: _pause_before(sound, number))
    times: list[Span | None] = [None] * len(text)
    for run in runs:
        for offset in range(run.length):
            token = sound[run.heard + offset]
            times[run.text + offset] = Span(token.start, token.end)
    borders = [TokenRun(0, 0, 0), *runs, TokenRun(len(text), len(sound), 0)]
    for before, after in pairwise(borders):
        if after.text > before.text_end:  # tokens of the text that were not matched
            hole = _hole(sound, before.heard_end, after.heard, duration)
            gap = _Gap(text[before.text_end : after.text], sound[before.heard_end : after.heard], hole)
            times[before.text_end : after.text] = _place_gap(gap, text, before.text_end, speech, duration)
    shorter = min(len(text), len(sound))
    matched = sum(run.length for run in runs) / shorter if shorter else 0.0
    placed = _ordered(_times_of_words(len(words), text, times))
    inserted, missing = _find_stretches(words, placed, heard, duration)
    return Placement(tuple(placed), tuple(inserted), tuple(missing), matched)


def _pause_before(sound: Sequence[TimedToken], number: int) -> float:
    if not 0 < number < len(sound):
        return 0.0
    return sound[number].start - sound[number - 1].end


def _hole(sound: Sequence[TimedToken], first: int, last: int, duration: float) -> Span:
    """Return the time between the tokens before number ``first`` and at ``last``."""
    start = sound[first - 1].end if first else 0.0
    end = sound[last].start if last < len(sound) else duration
    return Span(start, max(start, end))


# What lies between matched words


def _place_gap(
    gap: _Gap, text: Sequence[TimedToken], first: int, speech: Sequence[Span], duration: float
) -> list[Span | None]:
    """Return times for the text of a gap, whose tokens are those of the ``text`` from number ``first`` on."""
    count = len(gap.text)
    too_long = gap.hole.duration > ROOM + SLOWEST * count
    if count < FEW_WORDS and too_long:
        return _keep_near(gap, text, first, duration)
    fits = count < SENTENCE and not too_long and gap.hole.duration >= FASTEST * count
    if count < FEW_WORDS or fits or _looks_alike(gap):
        return _spread(gap.text, gap.heard, gap.hole)
    spoken = _within(speech, gap.hole)
    free = sum(span.duration for span in spoken) - sum(token.end - token.start for token in gap.heard)
    if len(gap.heard) < count / 3 and free >= FASTEST * count:
        return _spread(gap.text, spoken, gap.hole)  # somebody speaks there, and was not understood
    return [None] * count


def _looks_alike(gap: _Gap) -> bool:
    """Whether the text of a gap is what was recognised in it, with errors."""
    if not gap.heard or not 0.5 <= len(gap.text) / len(gap.heard) <= 2.0:
        return False
    text, heard = (" ".join(token.text for token in tokens) for tokens in (gap.text, gap.heard))
    return Levenshtein.normalized_similarity(text, heard) >= ALIKE


def _within(spans: Sequence[Span], hole: Span) -> list[Span]:
    """Return the parts of some spans, in order, that lie in a hole."""
    first = bisect_right(spans, hole.start, key=lambda span: span.end)
    parts = []
    for span in spans[first:]:
        if span.start >= hole.end:
            break
        parts.append(Span(max(span.start, hole.start), min(span.end, hole.end)))
    return parts


def _spread(text: Sequence[TimedToken], over: Sequence[TimedToken] | Sequence[Span], hole: Span) -> list[Span | None]:
    """Spread text over recognised words or regions of speech, in proportion to lengths; without any, over the hole."""
    pieces = [
        (one.start, one.end, float(len(one.text)) if isinstance(one, TimedToken) else one.duration) for one in over
    ]
    times = spread_evenly(text, pieces or [(hole.start, hole.end, 1.0)])
    return [Span(start, max(start, end)) for start, end in times]


def _keep_near(gap: _Gap, text: Sequence[TimedToken], first: int, duration: float) -> list[Span | None]:
    """Place a few words at the borders of a long hole: after the word before it or before the word after it.

    They are divided where the file states the longest pause between them, since what was inserted stands in a pause.
    """
    last = first + len(gap.text)
    if gap.hole.start <= 0.0:
        split = 0
    elif gap.hole.end >= duration:
        split = len(gap.text)
    else:
        split = max(range(len(gap.text) + 1), key=lambda n: text[first + n].start - text[first + n - 1].end)
    times: list[Span | None] = []
    now = gap.hole.start
    for token in text[first : first + split]:
        times.append(Span(now, now + token.end - token.start))
        now += token.end - token.start
    now = gap.hole.end - sum(token.end - token.start for token in text[first + split : last])
    for token in text[first + split : last]:
        times.append(Span(now, now + token.end - token.start))
        now += token.end - token.start
    return times


def _times_of_words(count: int, tokens: Sequence[TimedToken], times: Sequence[Span | None]) -> list[Span | None]:
    """Return the time of each of ``count`` words from those of its tokens; a word without any joins the one before."""
    of_words: list[Span | None] = [None] * count
    has_tokens = [False] * count
    for token, span in zip(tokens, times, strict=True):
        has_tokens[token.word] = True
        known = of_words[token.word]
        if span is not None:
            of_words[token.word] = known.union(span) if known else span
    for number in range(1, count):
        before = of_words[number - 1]
        if not has_tokens[number] and before is not None:
            of_words[number] = Span(before.end, before.end)
    return of_words


def _ordered(times: Sequence[Span | None]) -> list[Span | None]:
    """Return the times with starts that never go back, and ends that do not reach over the next start."""
    ordered: list[Span | None] = []
    reached = 0.0
    for span in times:
        if span is not None:
            reached = max(reached, span.start)
            span = Span(reached, max(reached, span.end))
        ordered.append(span)
    following = float("inf")
    for number in range(len(ordered) - 1, -1, -1):
        span = ordered[number]
        if span is not None:
            ordered[number] = Span(span.start, max(span.start, min(span.end, following)))
            following = span.start
    return ordered


# Stretches


def _find_stretches(
    words: Sequence[Word], times: Sequence[Span | None], heard: Sequence[Word], duration: float
) -> tuple[list[Inserted], list[Missing]]:
    """Find the stretches between placed words: by their pauses in the sound, and those that the file states."""
    inserted: list[Inserted] = []
    missing: list[Missing] = []
    placed = [(number, span) for number, span in enumerate(times) if span is not None]
    ends = [(-1, Span(0.0, 0.0)), *placed, (len(words), Span(duration, duration))]
    for (before, left), (after, right) in pairwise(ends):
        hole = Span(left.end, max(left.end, right.start))
        lost = words[before + 1 : after]
        if not lost and hole.duration < STRETCH:
            continue
        stated = _stated_hole(words, before, after, hole)
        spoken = [word for word in heard if hole.start <= word.start and word.end <= hole.end]
        pauses = stated.duration
        if lost:
            said = span_of(lost)
            length = said.duration if spoken else max(said.duration, stated.duration - hole.duration)
            missing.append(Missing(_locate(stated, length, said), hole.start, len(lost), _begin(lost)))
            pauses -= missing[-1].span.duration
        added = hole.duration - pauses
        if len(spoken) >= FEW_WORDS and span_of(spoken).duration >= STRETCH:
            inserted.append(Inserted(_locate(hole, added, span_of(spoken))))
        elif added >= STRETCH:
            inserted.append(Inserted(_locate(hole, added, None)))
    return inserted, missing


def _stated_hole(words: Sequence[Word], before: int, after: int, hole: Span) -> Span:
    """Return the time that a file states between two words; after the last one, as much as the sound has."""
    start = words[before].end if before >= 0 else 0.0
    if after < len(words):
        return Span(start, max(start, words[after].start))
    end = max((word.end for word in words[before + 1 :]), default=start)
    return Span(start, max(end, start + hole.duration))


def _locate(hole: Span, length: float, inner: Span | None) -> Span:
    """Return where in a hole a stretch of this length is that holds an inner one: in the middle of what is possible."""
    length = min(hole.duration, max(length, inner.duration if inner else 0.0))
    first, last = hole.start, hole.end - length
    if inner is not None:
        first, last = max(first, inner.end - length), min(last, inner.start)
    start = min(max(hole.start, (first + last) / 2), hole.end - length)
    return Span(start, start + length)


def _begin(words: Sequence[Word]) -> str:
    """Return the first words of a stretch, by which a person finds it."""
    return "".join(word.text for word in words[:SHOWN_WORDS]).strip()
