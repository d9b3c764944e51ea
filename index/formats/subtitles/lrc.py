"""Lyrics (.lrc), which whisper.cpp writes too: a start before each line, ``[01:02.34]text``, or before each word."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise

from index.formats.cues import CueCollector, TranscriptFile
from index.formats.subtitles.cue_markup import plain_text
from index.formats.text_times import TimedPiece, time_text
from index.formats.word_split import clean_texts, flat_text, split_lines
from index.formats.written_times import checked_start, end_at_next, parse_written_time
from index.language.language_codes import stated_language
from index.transcript import Cue

_STAMP = re.compile(r"\[([0-9]{1,4}:[0-9]{1,2}(?:[.:][0-9]{1,3})?)\]\s?")
_WORD_STAMP = re.compile(r"<([0-9]{1,4}:[0-9]{1,2}(?:[.:][0-9]{1,3})?)>")
_TAG = re.compile(r"\[(?:#|([A-Za-z]{2,10})\s?:(.*)\]\s*|.*)", re.DOTALL)
_TAGS = frozenset(
    {"ti", "ar", "al", "au", "lr", "by", "re", "ve", "tool", "length", "offset", "la", "key", "tag", "id"}
)
_MOST_LINES_BEFORE = 50
_ENOUGH_STAMPED = 0.8


def is_lrc(text: str) -> bool:
    """Whether nearly all lines begin with ``[01:02.34]``, with hundredths, or if the file has tags, without."""
    lines = [line for line in split_lines(text[:10_000])[:_MOST_LINES_BEFORE] if line.strip()]
    tags = sum(_tag(line) is not None for line in lines)
    stamps = [found[1] for line in lines if (found := _STAMP.match(line))]
    exact = sum("." in stamp for stamp in stamps)
    return bool(stamps) and len(stamps) + tags >= _ENOUGH_STAMPED * len(lines) and (tags > 0 or exact == len(stamps))


def read_lrc(text: str) -> TranscriptFile:
    """Read lyrics; a line ends where the next begins, and a line without text only ends the one before it."""
    collected = CueCollector()
    offset, language = 0.0, None
    for number, line in enumerate(split_lines(text), start=1):
        place = f"line {number}"
        tag = _tag(line)
        if tag and tag[0] == "offset":
            with collected.leaving_out(line):
                offset = float(tag[1].strip()) / 1000 if re.fullmatch(r"[+-]?[0-9]{1,9}", tag[1].strip()) else 0.0
        elif tag and tag[0] == "la":
            language = stated_language(tag[1].strip())
        stamps, said = _split_stamps(line)
        if not stamps and not tag and line.strip():
            collected.left_out(place, "expected a time such as [01:02.34] before a text", line)
        for stamp in stamps:
            with collected.leaving_out(said):
                collected.cues.append(Cue(_seconds(stamp, place), math.nan, said))
    collected.cues.sort(key=lambda cue: cue.start)
    # A positive offset shows lines earlier.
    collected.cues = [replace(cue, start=max(0.0, cue.start - offset)) for cue in collected.cues]
    end_at_next(collected)
    texts = clean_texts([plain_text(_WORD_STAMP.sub("", cue.text)) for cue in collected.cues])
    collected.cues = [
        replace(cue, text=said, words=time_text(flat_text(said), _read_pieces(cue, offset), cue.start, cue.end))
        for cue, said in zip(collected.cues, texts, strict=True)
    ]
    return collected.file("lrc", language)


def _tag(line: str) -> tuple[str, str] | None:
    found = _TAG.fullmatch(line) if line.startswith("[") else None
    return (found[1].lower(), found[2]) if found and found[1] and found[1].lower() in _TAGS else None


def _split_stamps(line: str) -> tuple[list[str], str]:
    stamps = []
    while found := _STAMP.match(line):
        stamps.append(found[1])
        line = line[found.end() :]
    return stamps, line


def _seconds(stamp: str, place: str) -> float:
    minutes, _, rest = stamp.partition(":")
    return checked_start(parse_written_time(f"{minutes}:{rest.replace(':', '.')}", place), place)


def _read_pieces(cue: Cue, offset: float) -> list[TimedPiece]:
    before, *stamped = _WORD_STAMP.split(cue.text)
    if not stamped:
        return []
    times = [min(cue.end, max(cue.start, _seconds(stamp, "") - offset)) for stamp in stamped[::2]]
    pieces = [TimedPiece(before, cue.start, times[0])] if before.strip() else []
    spans = pairwise([*times, max(cue.end, times[-1])])
    return pieces + [TimedPiece(said, a, max(a, b)) for said, (a, b) in zip(stamped[1::2], spans, strict=True)]
