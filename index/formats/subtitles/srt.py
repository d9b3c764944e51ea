"""SubRip (.srt): numbered cues, as written by Whisper and by other tools."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.formats.cues import CueCollector, MalformedError, TranscriptFile
from index.formats.spoken.speaker_names import write_speakers
from index.formats.spoken.spoken_cues import cues_to_write
from index.formats.subtitles.cue_markup import plain_text, quote_plain_text
from index.formats.subtitles.timestamps import format_clock, has_arrow, is_timing, parse_timing
from index.formats.word_split import clean_texts, split_lines, trim_lines, without_blank_ends, writable
from index.transcript import Cue, Transcript

_ARROW = re.compile(r"(?<!-)-{2,}>")


def has_timings(text: str) -> bool:
    """Whether a text has a line of two times."""
    return has_arrow(text) and any(map(is_timing, split_lines(text)))


def read_srt(text: str) -> TranscriptFile:
    """Read an SRT file; names of speakers are left in the texts.

    Numbers may be missing or be names, a cue may contain blank lines, and none need stand between cues. Raises
    MalformedError, with the line, where there is no cue.
    """
    lines = split_lines(text)
    timings = [row for row, line in enumerate(lines) if has_arrow(line) and _heads_cue(lines, row)]
    if not timings:
        raise MalformedError("line 1", "expected a cue (00:00:01,000 --> 00:00:02,500), found none")
    heads = _find_heads(lines, timings)
    for row in range(heads[0]):
        if lines[row].strip():
            raise MalformedError(f"line {row + 1}", f"expected a cue number, found {lines[row].strip()[:60]!r}")
    collected = CueCollector()
    bodies = zip(timings, [*heads[1:], len(lines)], strict=True)
    payloads = [without_blank_ends(lines[row + 1 : following]) for row, following in bodies]
    for row, payload, said in zip(timings, payloads, clean_texts(list(map(plain_text, payloads))), strict=True):
        with collected.leaving_out(said):
            span = parse_timing(lines[row], row + 1, collected)
            collected.cues.append(Cue(*span, said, payload=payload if payload != said.strip() else None))
    return collected.file("srt")


def _heads_cue(lines: list[str], row: int) -> bool:
    """Whether a line with an arrow holds a cue's times: it parses, or stands where only times are allowed."""
    if is_timing(lines[row]):
        return True
    return "-->" in lines[row] and (row == 0 or not lines[row - 1].strip() or _is_number(lines[row - 1]))


def _find_heads(lines: list[str], timings: list[int]) -> list[int]:
    """Return the row at which each cue begins: that of its number or name, or of its times."""
    named = [_stands_alone(lines, row - 1) and not _is_number(lines[row - 1]) for row in timings]
    names = sum(named) > len(timings) / 2
    heads: list[int] = []
    for row, with_name in zip(timings, named, strict=True):
        above = row - 1
        while above >= 0 and not lines[above].strip() and row - above <= _MOST_BLANK:
            above -= 1
        number = above >= 0 and _is_number(lines[above])
        # Behind a blank line it may be the text of the cue before: then it is not the next number.
        counted = number and (above == row - 1 or int(lines[above]) == len(heads) + 1)
        heads.append(above if counted else row - 1 if with_name and names else row)
    return heads


_MOST_BLANK = 3
"""Blank lines between the number of a cue and its times, where a program ended its lines twice."""


def _stands_alone(lines: list[str], row: int) -> bool:
    return row >= 0 and bool(lines[row].strip()) and (row == 0 or not lines[row - 1].strip())


def _is_number(line: str) -> bool:
    stripped = line.strip()
    return stripped.isascii() and stripped.isdigit() and len(stripped) < _MOST_DIGITS


_MOST_DIGITS = 20


def write_srt(transcript: Transcript) -> str:
    """Write SRT as Whisper's WriteSRT does, one cue for each segment, but with speaker names if all are known.

    An import is written with its own cues, verbatim if it was SRT.
    """
    return write_srt_cues(cues_to_write(transcript, "srt"))


def write_srt_cues(cues: Sequence[Cue]) -> str:
    """Write cues as SRT: those with a payload verbatim, others with names where speakers change."""
    cues = [cue for cue in cues if cue.payload is not None or _srt_text(cue.text)]
    payloads = [cue.payload for cue in cues if cue.payload is not None]
    texts = payloads or write_speakers([(cue.speaker, _srt_text(cue.text)) for cue in cues])
    blocks: list[str] = []
    for cue, text in zip(cues, texts, strict=True):
        start, end = (format_clock(time, hours=True, mark=",") for time in (cue.start, cue.end))
        blocks.append(f"{len(blocks) + 1}\n{start} --> {end}\n{text}\n\n")
    return "".join(blocks)


def _srt_text(text: str) -> str:
    """Return ``text`` with nothing that would be read as a cue's times or as markup."""
    lines = quote_plain_text(_ARROW.sub("->", trim_lines(writable(text)))).split("\n")
    return "\n".join(re.sub("[>→]", "›", line) if is_timing(line) else line for line in lines)
