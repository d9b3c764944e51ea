"""The words of a JSON segment: measured times, interpolation of missing ones, and spelling as in the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from index.formats.cues import MAX_SECONDS, spread_words
from index.formats.json.json_fields import number, optional_text, probability
from index.formats.word_split import split_words, with_leading_space
from index.transcript import Cue, Word

Item = dict[str, Any]


def measured_share(segments: Iterable[Sequence[Item]]) -> float:
    """Return the share of words with measured times; a segment without words counts as one word without."""
    measured = total = 0
    for items in segments:
        total += max(1, len(items))
        measured += sum(_times(item) is not None for item in items)
    return measured / total if total else 1.0


def time_words(cue: Cue, items: Sequence[Item], spaced: bool) -> tuple[Word, ...]:
    """Return the words of one segment with times in seconds, interpolated between neighbours where missing.

    ``spaced`` means that the segment's text is verbatim, with its own leading space.
    """
    texts = _spellings(cue.text, [optional_text(item.get("word", item.get("text"))) for item in items], spaced)
    if texts is None:
        return spread_words(split_words(cue.text), cue.start, cue.end)
    words: list[Word] = []
    row = 0
    while row < len(items):
        times = _times(items[row])
        if times is not None:
            words.append(Word(texts[row], *times, _score(items[row])))
            row += 1
            continue
        following = next((n for n in range(row, len(items)) if _times(items[n]) is not None), len(items))
        start = words[-1].end if words else cue.start
        upcoming = _times(items[following]) if following < len(items) else None
        end = upcoming[0] if upcoming else cue.end
        words.extend(spread_words(texts[row:following], min(start, end), end))
        row = following
    return tuple(words)


def _times(item: Item) -> tuple[float, float] | None:
    start, end = number(item.get("start")), number(item.get("end"))
    if start is None or end is None or not (0 <= start <= MAX_SECONDS and 0 <= end <= MAX_SECONDS):
        return None
    return start, max(start, end)


def _score(item: Item) -> float | None:
    """Return a word's probability: ``score`` in WhisperX, ``confidence`` in whisper-timestamped."""
    return probability(item.get("probability", item.get("score", item.get("confidence"))))


def _spellings(text: str, words: list[str], spaced: bool) -> list[str] | None:
    """Return the words as spelt in ``text``, so that joined they equal it; None if they do not match it."""
    joined = "".join(words)
    if joined == text:
        return words
    if not spaced and joined.strip() == text.strip():
        return [with_leading_space(words[0]), *words[1:]]
    spelt, done = [], 0
    for word in words:
        at = text.find(word.strip(), done)
        if at < 0:
            return None
        spelt.append(text[done : at + len(word.strip())])
        done = at + len(word.strip())
    if spelt:
        spelt[-1] += text[done:]
    return spelt or None
