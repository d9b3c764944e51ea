"""SubStation Alpha (.ass, .ssa): events in fields that a ``Format:`` line names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.formats.cues import CueCollector, MalformedError, TranscriptFile, checked_span
from index.formats.text_times import TimedPiece, time_text
from index.formats.word_split import clean_texts, flat_text, split_lines, writable
from index.formats.written_times import parse_written_time
from index.transcript import Cue

_SECTION = re.compile(r"\s*\[(Script Info|V4\+? Styles|Events)\]\s*", re.IGNORECASE)
_FIELDS = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
"""The usual fields of an event, for a file without a Format line."""

_CODES = re.compile(r"\{([^{}]*)\}")
_BREAK = re.compile(r"\\([Nnh])")
_DRAWING = re.compile(r"\\p([0-9]{1,2})")
_KARAOKE = re.compile(r"\\[kK][fo]?([0-9]{1,6})")
_MOST_LINES_BEFORE = 200


def is_substation(text: str) -> bool:
    """Whether a text has a section or an event of SubStation Alpha at its beginning."""
    lines = split_lines(text[:20_000])[:_MOST_LINES_BEFORE]
    return any(_SECTION.fullmatch(line) or line.startswith("Dialogue:") for line in lines)


def read_substation(text: str) -> TranscriptFile:
    """Read the dialogue of a file; comments and drawings say nothing. Karaoke gives the times of words."""
    collected = CueCollector()
    fields = _FIELDS
    for number, line in enumerate(split_lines(text), start=1):
        kind, _, rest = line.partition(":")
        if kind.strip().lower() == "format" and "text" in rest.lower() and "start" in rest.lower():
            fields = [name.strip().lower() for name in rest.split(",")]
        elif kind.strip().lower() == "dialogue":
            with collected.leaving_out(rest):
                collected.cues.append(_read_event(rest, fields, f"line {number}"))
    return collected.file("substation")


def _read_event(rest: str, fields: list[str], place: str) -> Cue:
    values = dict(zip(fields, rest.split(",", len(fields) - 1), strict=False))
    if "text" not in values:
        raise MalformedError(place, f"expected {len(fields)} fields, found {rest.strip()[:60]!r}")
    start, end = (parse_written_time(values.get(key, ""), place) for key in ("start", "end"))
    start, end = checked_span(start, end, place)
    payload = values["text"]
    spoken = _read_text(payload, start)
    said = clean_texts([spoken.text])[0]
    speaker = writable(values.get("name", values.get("actor", "")).strip()) or None
    words = time_text(flat_text(said), spoken.pieces, start, end)
    return Cue(start, end, said, speaker, words, payload=payload if payload != said.strip() else None)


@dataclass(slots=True)
class _SpokenText:
    text: str = ""
    pieces: list[TimedPiece] = field(default_factory=list)


def _read_text(payload: str, start: float) -> _SpokenText:
    """Return a text without codes, and its syllables with times if it has \\\\k codes (hundredths of a second)."""
    spoken = _SpokenText()
    drawing, at, length = False, start, None
    before, *coded = _CODES.split(payload)
    for codes, said in zip(["", *coded[::2]], [before, *coded[1::2]], strict=True):
        if drawn := _DRAWING.search(codes):
            drawing = int(drawn[1]) > 0
        for syllable in _KARAOKE.findall(codes):
            at, length = at + (length or 0), int(syllable) / 100
        text = "" if drawing else _BREAK.sub(lambda found: " " if found[1] == "h" else "\n", said)
        spoken.text += writable(text)
        if length is not None and text:
            spoken.pieces.append(TimedPiece(text, at, at + length))
    return spoken
