"""Words of a speech service, each with its times: cut into cues at sentences, pauses and changes of speaker."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.formats.cues import CueCollector, MalformedError, checked_span
from index.formats.json.json_fields import number, optional_text
from index.formats.text_times import TimedPiece, time_text
from index.formats.word_split import with_leading_space, writable
from index.formats.written_times import parse_written_time
from index.transcript import Cue

_SENTENCE_ENDS = tuple(".?!…。？！")
_PAUSE = 2.0
"""Seconds without words that end a cue: a service keeps whole answers together, and other layouts show cues."""

_DECIMALS = 6
"""Of seconds, so that sums and products of decimal fractions are these again."""

_MOST_WORDS = 60
Item = dict[str, object]


@dataclass(frozen=True, slots=True)
class SpokenItem:
    """A word with the punctuation behind it; its times are seconds, or not numbers where the service states none."""

    text: str
    start: float
    end: float
    probability: float | None = None
    speaker: str | None = None


def collect_items(items: Iterable[tuple[str, SpokenItem]], collected: CueCollector) -> None:
    """Add cues with these words, given with their places in the document, in the order of time.

    A word without a valid time keeps its place in the text, and is named.
    """
    for run in _cut(items):
        text = "".join(with_leading_space(item.text) for _, item in run)
        pieces = []
        for place, item in run:
            try:
                start, end = checked_span(round(item.start, _DECIMALS), round(item.end, _DECIMALS), place)
                pieces.append(TimedPiece(item.text, start, end, item.probability))
            except MalformedError as error:
                collected.repaired(place, error.problem, item.text)
        with collected.leaving_out(text):
            if not pieces:
                raise MalformedError(run[0][0], "expected times, found none")
            start, end = min(piece.start for piece in pieces), max(piece.end for piece in pieces)
            measured = all(len(piece.text.split()) == 1 for piece in pieces)
            words = time_text(text, pieces, start, end) if measured else ()
            collected.cues.append(Cue(start, end, text, run[0][1].speaker, words))


def _cut(items: Iterable[tuple[str, SpokenItem]]) -> Iterator[list[tuple[str, SpokenItem]]]:
    run: list[tuple[str, SpokenItem]] = []
    for place, item in items:
        if not item.text.strip():
            continue
        before = run[-1][1] if run else None
        if before is not None and (
            before.speaker != item.speaker
            or before.text.rstrip("\"'”’»)").endswith(_SENTENCE_ENDS)
            or item.start - max(before.start, before.end) > _PAUSE
            or len(run) >= _MOST_WORDS
        ):
            yield run
            run = []
        run.append((place, item))
    if run:
        yield run


def time_of(value: object) -> float:
    """Return a time of a service as seconds: a number, "1.5", "1.5s", or seconds and nanos; else not a number."""
    if isinstance(value, dict):
        whole, nanos = number_in(value.get("seconds", 0)), number_in(value.get("nanos", 0))
        return whole + nanos / 1e9
    if isinstance(value, str):
        try:
            return parse_written_time(value, "")
        except MalformedError:
            return math.nan
    known = number(value)
    return math.nan if known is None else known


def number_in(value: object) -> float:
    """Return a number, also one that is written as text; else not a number."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return math.nan
    known = number(value)
    return math.nan if known is None else known


def objects(value: object) -> list[Item]:
    """Return the objects of a list; no others."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def fields_of(value: object) -> Item:
    """Return an object, empty if it is none."""
    return value if isinstance(value, dict) else {}


def label(value: object, prefix: str = "Speaker") -> str | None:
    """Return a speaker's name; a number or a letter becomes "Speaker 1"."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return f"{prefix} {value}"
    name = writable(optional_text(value)).strip()
    return (f"{prefix} {name}" if len(name) == 1 else name) or None
