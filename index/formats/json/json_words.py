"""The words of JSON transcripts: measured times, interpolation of missing ones, and spelling as in the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from index.formats.cues import MAX_SECONDS
from index.formats.json.json_fields import number, optional_text, probability
from index.formats.text_times import TimedPiece, Times, fill_in, time_text
from index.formats.word_split import with_leading_space
from index.transcript import Cue, Word

Item = dict[str, Any]


def measured_share(segments: Iterable[Sequence[Item]]) -> float:
    """Return the share of words with measured times; a segment without words counts as one word without."""
    measured = total = 0
    for items in segments:
        total += max(1, len(items))
        measured += sum(read_times(item) is not None for item in items)
    return measured / total if total else 1.0


def time_words(cue: Cue, items: Sequence[Item], spaced: bool) -> tuple[Word, ...]:
    """Return the words of one segment with times in seconds, interpolated between neighbours where missing.

    Returns none if the items are not the words of the cue. ``spaced`` means that the cue's text is verbatim, with its
    own leading space.
    """
    texts = [item_text(item) for item in items]
    joined = "".join(texts)
    if joined == cue.text or (texts and not spaced and joined.strip() == cue.text.strip()):
        spelt = texts if joined == cue.text else [with_leading_space(texts[0]), *texts[1:]]
        return tuple(fill_in(spelt, [read_times(item) for item in items], cue.start, cue.end))
    return time_text(cue.text, read_pieces(items), cue.start, cue.end)


def read_pieces(items: Sequence[Item]) -> list[TimedPiece]:
    """Return the items that have times."""
    return [TimedPiece(item_text(item), *times) for item in items if (times := read_times(item)) is not None]


def item_text(item: Item) -> str:
    """Return the text of an item."""
    return optional_text(item.get("word", item.get("text")))


def read_times(item: Item) -> Times | None:
    """Return the times and the probability of an item: ``score`` in WhisperX, ``confidence`` in whisper-timestamped."""
    start, end = number(item.get("start")), number(item.get("end"))
    if start is None or end is None or not (0 <= start <= MAX_SECONDS and 0 <= end <= MAX_SECONDS):
        return None
    return start, max(start, end), probability(item.get("probability", item.get("score", item.get("confidence"))))
