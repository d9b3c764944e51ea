"""Two windows that both heard the moment at which speech was cut between them, joined on the words."""

from __future__ import annotations

from collections.abc import Sequence

from audio.timecode import Span
from index.transcript import Word
from pipeline.transcription.quality import SHORTEST_GAP, fold

SEAM_WORDS = 20
"""More than anybody says in the two seconds that two windows share."""

AGREED_SECONDS = 0.4
"""So far apart the two windows may hear the middle of one word; its times are no surer near a window's edge."""


def find_seam(before: Sequence[Word], after: Sequence[Word], overlap: Span) -> tuple[int, int]:
    """How many words of the one window to keep, and the number of the first to keep of the other.

    Times are the file's. Where both heard the same word, the seam lies behind it: at the one nearest to the middle of
    the ``overlap``, which is farthest from both windows' edges. Where they agree on none, it lies in the middle.
    """
    middle = (overlap.start + overlap.end) / 2
    first = len(before)
    while first and before[first - 1].end > overlap.start:
        first -= 1
    shared = next((number for number, word in enumerate(after) if word.start >= overlap.end), len(after))
    agreed = [
        # A word said twice is told from its neighbour by the time, so that counts most.
        (10 * abs(_middle(one) - _middle(other)) + abs(_middle(one) + _middle(other) - 2 * middle), number, match)
        for number, one in enumerate(before[first:], start=first)
        for match, other in enumerate(after[:shared])
        if fold(one.text) == fold(other.text) and abs(_middle(one) - _middle(other)) <= AGREED_SECONDS
    ]
    if agreed:
        _, number, match = min(agreed)
        return number + 1, match + 1
    kept = next((n for n in range(first, len(before)) if _middle(before[n]) >= middle), len(before))
    return kept, next((n for n, word in enumerate(after) if _middle(word) >= middle), len(after))


def trim_gaps(notes: Sequence[tuple[str, Span]], overlap: Span, words: Sequence[Word]) -> list[tuple[str, Span]]:
    """The notes, with stretches without text cut back to before and behind the ``overlap`` if words came to lie there
    from the other window; what is then too short to note is left out."""
    if not any(word.start < overlap.end and overlap.start < word.end for word in words):
        return list(notes)
    trimmed: list[tuple[str, Span]] = []
    for kind, span in notes:
        if kind != "no text" or not span.overlaps(overlap):
            trimmed.append((kind, span))
            continue
        before = Span(span.start, max(span.start, overlap.start))
        behind = Span(min(span.end, overlap.end), span.end)
        trimmed += [(kind, left) for left in (before, behind) if left.duration >= SHORTEST_GAP]
    return trimmed


def _middle(word: Word) -> float:
    return (word.start + word.end) / 2
