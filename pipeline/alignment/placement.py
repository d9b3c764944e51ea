"""Place the words of a text on the time line of a sound, by the words that were recognised in it.

Words that both have in common take the times that were heard; those between them are placed gap by gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from audio.timecode import Span
from index.transcript import Word
from pipeline.alignment.gap_placing import Gap, parts_before, place_gap
from pipeline.alignment.stretches import Inserted, Missing, find_stretches
from pipeline.alignment.timed_tokens import TimedToken, time_tokens
from pipeline.alignment.token_matching import TokenRun, match_tokens


@dataclass(frozen=True, slots=True)
class Placement:
    """The words of a text with their times in the sound, None for those that are missing there, and the stretches.

    ``matched`` is the share of the words of the text, or of the sound if that has fewer, that both have in common.
    """

    times: tuple[Span | None, ...]
    inserted: tuple[Inserted, ...]
    missing: tuple[Missing, ...]
    matched: float


def place_words(words: Sequence[Word], heard: Sequence[Word], speech: Sequence[Span], duration: float) -> Placement:
    """Place ``words`` of a text, with the times that its file states, by the words ``heard`` in a sound.

    ``speech`` are the regions in which somebody speaks, ``duration`` that of the sound in seconds.
    """
    text, sound = time_tokens(words), time_tokens(heard)
    runs = match_tokens(
        [token.text for token in text], [token.text for token in sound],
        partial(parts_before, text), partial(parts_before, sound),
    )  # fmt: skip
    times: list[Span | None] = [None] * len(text)
    for run in runs:
        for offset in range(run.length):
            token = sound[run.heard + offset]
            times[run.text + offset] = Span(token.start, token.end)
    borders = [TokenRun(0, 0, 0), *runs, TokenRun(len(text), len(sound), 0)]
    for before, after in pairwise(borders):
        if after.text > before.text_end:  # tokens of the text that were not matched
            hole = _hole(sound, before.heard_end, after.heard, duration)
            gap = Gap(text, before.text_end, after.text, sound, before.heard_end, after.heard, hole)
            times[before.text_end : after.text] = place_gap(gap, speech)
    shorter = min(len(text), len(sound))
    matched = sum(run.length for run in runs) / shorter if shorter else 0.0
    placed = _ordered(_times_of_words(len(words), text, times))
    inserted, missing = find_stretches(words, placed, heard, duration)
    return Placement(tuple(placed), tuple(inserted), tuple(missing), matched)


def _hole(sound: Sequence[TimedToken], first: int, last: int, duration: float) -> Span:
    """Return the time between the tokens before number ``first`` and at ``last``."""
    start = sound[first - 1].end if first else 0.0
    end = sound[last].start if last < len(sound) else duration
    return Span(start, max(start, end))


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
