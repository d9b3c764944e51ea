"""SubViewer as YouTube writes it (.sbv): ``0:00:01.000,0:00:03.000`` above the lines of a cue."""

from __future__ import annotations

import re

from index.formats.cues import CueCollector, MalformedError, TranscriptFile, checked_span
from index.formats.subtitles.cue_markup import plain_text
from index.formats.word_split import clean_texts, split_lines, without_blank_ends
from index.formats.written_times import parse_written_time
from index.transcript import Cue

_TIMING = re.compile(r"\s*(-?[0-9]{1,6}:[0-9]{1,2}:[0-9]{1,2}[.][0-9]{1,9}),(-?[0-9:.]{5,24})\s*")
_MOST_LINES_BEFORE = 50


def is_sbv(text: str) -> bool:
    """Whether a text has such times at its beginning."""
    return any(_TIMING.fullmatch(line) for line in split_lines(text[:10_000])[:_MOST_LINES_BEFORE])


def read_sbv(text: str) -> TranscriptFile:
    """Read an SBV file."""
    lines = split_lines(text)
    timings = [row for row, line in enumerate(lines) if _TIMING.fullmatch(line)]
    bodies = zip(timings, [*timings[1:], len(lines)], strict=True)
    payloads = [without_blank_ends(lines[row + 1 : following]) for row, following in bodies]
    texts = clean_texts([plain_text(payload.replace("[br]", "\n")) for payload in payloads])
    collected = CueCollector()
    for row, payload, said in zip(timings, payloads, texts, strict=True):
        with collected.leaving_out(said):
            place = f"line {row + 1}"
            found = _TIMING.fullmatch(lines[row])
            if found is None:
                raise MalformedError(place, f"expected two times, found {lines[row]!r}")
            span = checked_span(parse_written_time(found[1], place), parse_written_time(found[2], place), place)
            collected.cues.append(Cue(*span, said, payload=payload if payload != said.strip() else None))
    return collected.file("sbv")
