"""Place words of a text between two matched ones, where text and recognised words differ.

Words that were misheard are spread over what was recognised there, those not recognised over the speech. Words for
which the sound has no room are missing: they get no time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import attrgetter

from rapidfuzz.distance import LCSseq, Levenshtein

from audio.timecode import Span
from pipeline.alignment.timed_tokens import LONG_PAUSE, TimedToken, spread_evenly

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
EQUAL = 1.0
"""Seconds of pause that a kept word which was recognised there is worth."""
EVIDENCE = 0.3
"""Share of more than a few words that must be recognised beside a long hole for all of them to be there."""
NEAR = 2
"""Recognised words beside as many of the text among which these are looked for."""
AWAY = 0.2
"""Seconds of pause that one token more or less costs; numbers have other tokens when they are written as figures."""
SLACK = 0.8
"""Seconds by which words may take longer than the speech that is left for them, and no more than that: the times of a
file are rough."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Tokens between two matched ones: numbers ``first`` to ``last`` (exclusive) of the ``text``, ``heard_first`` to
    ``heard_last`` of the ``sound``, and the ``hole`` between the two matched ones, in seconds."""

    text: Sequence[TimedToken]
    first: int
    last: int
    sound: Sequence[TimedToken]
    heard_first: int
    heard_last: int
    hole: Span

    @property
    def tokens(self) -> Sequence[TimedToken]:
        """Those of the text."""
        return self.text[self.first : self.last]

    @property
    def heard(self) -> Sequence[TimedToken]:
        """Those of the sound."""
        return self.sound[self.heard_first : self.heard_last]

    @property
    def count(self) -> int:
        """How many those of the text are."""
        return self.last - self.first


def place_gap(gap: Gap, speech: Sequence[Span]) -> list[Span | None]:
    """Return times for the tokens of the text in a gap, None for those that are missing in the sound."""
    too_long = gap.hole.duration > (ROOM if gap.heard else LONG_PAUSE) + SLOWEST * gap.count
    if too_long and gap.count < SENTENCE and (kept := _keep_near(gap)) is not None:
        return kept
    fits = gap.count < SENTENCE and not too_long and gap.hole.duration >= FASTEST * gap.count
    if gap.count < FEW_WORDS or fits or _looks_alike(gap):
        return _spread_over_words(gap)
    spoken = _within(speech, gap.hole)
    seconds = sum(span.duration for span in spoken)
    free = seconds - sum(token.end - token.start for token in gap.heard)
    if len(gap.heard) < gap.count / 3 and free >= FASTEST * gap.count:
        return _spread(gap.tokens, spoken, gap.hole)  # somebody speaks there, and was not understood
    if len(gap.heard) < SENTENCE:
        return _keep_spoken(gap, seconds)
    return [None] * gap.count


def _looks_alike(gap: Gap) -> bool:
    """Whether the text of a gap is what was recognised in it, with errors."""
    if not gap.heard or not 0.5 <= gap.count / len(gap.heard) <= 2.0:
        return False
    text, heard = (" ".join(token.text for token in tokens) for tokens in (gap.tokens, gap.heard))
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


def _spread_over_words(gap: Gap) -> list[Span | None]:
    """Spread the text over what was recognised: word for word if these are as many, else by lengths."""
    words, heard = (
        [list(tokens) for _, tokens in groupby(tokens, key=attrgetter("word"))] for tokens in (gap.tokens, gap.heard)
    )
    if len(words) != len(heard):
        return _spread(gap.tokens, gap.heard, gap.hole)
    pairs = zip(words, heard, strict=True)
    return [span for word, one in pairs for span in _spread(word, one, gap.hole)]


def _spread(tokens: Sequence[TimedToken], over: Sequence[TimedToken] | Sequence[Span], hole: Span) -> list[Span | None]:
    """Spread tokens over recognised ones or regions of speech, by lengths; without any over the whole hole."""
    pieces = [
        (one.start, one.end, float(len(one.text)) if isinstance(one, TimedToken) else one.duration) for one in over
    ]
    times = spread_evenly(tokens, pieces or [(hole.start, hole.end, 1.0)])
    return [Span(start, max(start, end)) for start, end in times]


def _keep_near(gap: Gap) -> list[Span | None] | None:
    """Place a few words at the borders of a long hole: after the word before it or before the word after it.

    They are divided where most speaks for borders of something inserted: pauses and ends of sentences in the text and
    in the sound, and words that were recognised beside them. None for more than a few words of which too few were.
    """
    texts, heard = [token.text for token in gap.tokens], [token.text for token in gap.heard]
    best = (float("-inf"), 0, 0)
    for left in range(gap.count + 1):
        right = gap.count - left
        near = LCSseq.similarity(texts[:left], heard[: left + NEAR])
        near += LCSseq.similarity(texts[left:], heard[max(0, len(heard) - right - NEAR) :]) if right else 0
        borders = parts_before(gap.text, gap.first + left)
        borders += _most_parts(gap, gap.heard_first + left) + _most_parts(gap, gap.heard_last - right)
        best = max(best, (borders + EQUAL * near, left, near))
    _, left, near = best
    if gap.count >= FEW_WORDS and near < EVIDENCE * gap.count:
        return None
    return _place_at_borders(gap, left, gap.count - left)


def _most_parts(gap: Gap, near: int) -> float:
    """Return the most that speaks for a border before one of the recognised tokens ``near`` a number."""
    numbers = range(max(gap.heard_first, near - NEAR), min(gap.heard_last, near + NEAR) + 1)
    return max(parts_before(gap.sound, number) - AWAY * abs(number - near) for number in numbers)


def _keep_spoken(gap: Gap, seconds: float) -> list[Span | None]:
    """Keep as many words at the borders of a missing stretch as the ``seconds`` of speech there explain.

    Of the ways to divide these, the one is taken for whose borders most speaks.
    """
    heard = [token.text for token in gap.heard]
    most = seconds + min(SLACK, seconds)
    lasts = [0.0, *accumulate(token.end - token.start for token in gap.tokens)]
    best = (float("-inf"), 0, 0)
    for left in range(bisect_right(lasts, most)):
        for right in range(gap.count - left):
            kept = lasts[left] + lasts[-1] - lasts[gap.count - right]
            if kept > most:
                break
            texts = [token.text for token in (*gap.tokens[:left], *gap.tokens[gap.count - right :])]
            score = parts_before(gap.text, gap.first + left) + parts_before(gap.text, gap.last - right)
            score += EQUAL * LCSseq.similarity(texts, heard) - abs(seconds - kept)
            best = max(best, (score, left, right))
    return _place_at_borders(gap, *best[1:])


def _place_at_borders(gap: Gap, left: int, right: int) -> list[Span | None]:
    """Return times for the first and the last tokens of a gap, at the borders of its hole, and None for the others.

    They last as the file states, and begin and end with what was recognised there.
    """
    times: list[Span | None] = [None] * gap.count
    now = gap.heard[0].start if gap.heard else gap.hole.start
    for number in range(left):
        times[number] = Span(now, now + gap.tokens[number].end - gap.tokens[number].start)
        now += gap.tokens[number].end - gap.tokens[number].start
    now = gap.heard[-1].end if gap.heard else gap.hole.end
    for number in range(1, right + 1):
        start = max(0.0, now - gap.tokens[-number].end + gap.tokens[-number].start)
        times[-number] = Span(start, now)
        now = start
    return times


def parts_before(tokens: Sequence[TimedToken], number: int) -> float:
    """Return how much speaks for a border before a token, in seconds of a pause; both ends are borders anyway."""
    return tokens[number - 1].parts_from(tokens[number]) if 0 < number < len(tokens) else LONG_PAUSE
