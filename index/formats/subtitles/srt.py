"""SubRip (.srt): numbered cues, as written by Whisper and by other tools."""

from __future__ import annotations

import re

from index.formats.cues import CueCollector, MalformedError, TranscriptFile
from index.formats.spoken.speaker_names import write_speakers
from index.formats.spoken.spoken_cues import cues_to_write
from index.formats.subtitles.timestamps import format_clock, is_timing, parse_timing
from index.formats.word_split import clean_texts, one_line, split_lines, without_blank_ends, writable
from index.transcript import Cue, Transcript

_TAG = re.compile(r"<(/?(?:[ibus]|font(?:\s[^<>]*)?)>)", re.IGNORECASE)
_POSITION = re.compile(r"\{(\\[^{}]*\})")
_ARROW = re.compile(r"(?<!-)-{2,}>")


def has_timings(text: str) -> bool:
    """Whether a text may be SRT."""
    return "-->" in text


def read_srt(text: str) -> TranscriptFile:
    """Read an SRT file; names of speakers are left in the texts.

    Numbers may be missing, and a cue may contain blank lines. Raises MalformedError, with the line, where there is no
    cue.
    """
    lines = split_lines(text)
    timings = [row for row, line in enumerate(lines) if "-->" in line and _heads_cue(lines, row)]
    if not timings:
        raise MalformedError("line 1", "expected a cue (00:00:01,000 --> 00:00:02,500), found none")
    for row in range(timings[0]):
        if lines[row].strip() and not _is_number(lines[row]):
            raise MalformedError(f"line {row + 1}", f"expected a cue number, found {lines[row].strip()[:60]!r}")
    collected = CueCollector()
    payloads = []
    for row, following in zip(timings, [*timings[1:], None], strict=True):
        body = lines[row + 1 : following]
        if following is not None and body and _is_number(body[-1]):
            body.pop()  # the number of the next cue
        payloads.append(without_blank_ends(body))
    for row, payload, said in zip(timings, payloads, clean_texts(list(map(_plain_text, payloads))), strict=True):
        with collected.leaving_out(said):
            span = parse_timing(lines[row], row + 1)
            collected.cues.append(Cue(*span, said, payload=payload if payload != said.strip() else None))
    return collected.file("srt")


def _plain_text(payload: str) -> str:
    return _POSITION.sub("", _TAG.sub("", writable(payload)))


def _heads_cue(lines: list[str], row: int) -> bool:
    """Whether a line with an arrow holds a cue's times: it parses, or stands where only times are allowed."""
    return is_timing(lines[row]) or row == 0 or not lines[row - 1].strip() or _is_number(lines[row - 1])


def _is_number(line: str) -> bool:
    stripped = line.strip()
    return stripped.isascii() and stripped.isdigit()


def write_srt(transcript: Transcript) -> str:
    """Write SRT as Whisper's WriteSRT does, one cue for each segment, but with speaker names if all are known.

    An import is written with its own cues, verbatim if it was SRT.
    """
    cues = [cue for cue in cues_to_write(transcript, "srt") if cue.payload is not None or _srt_text(cue.text)]
    payloads = [cue.payload for cue in cues if cue.payload is not None]
    texts = payloads or write_speakers([(cue.speaker, _srt_text(cue.text)) for cue in cues])
    blocks: list[str] = []
    for cue, text in zip(cues, texts, strict=True):
        start, end = (format_clock(time, hours=True, mark=",") for time in (cue.start, cue.end))
        blocks.append(f"{len(blocks) + 1}\n{start} --> {end}\n{text}\n\n")
    return "".join(blocks)


def _srt_text(text: str) -> str:
    """Return ``text`` on one line, with nothing that would be read as a cue's times or as markup.

    SRT cannot escape a ``<i>`` or ``{\\an8}`` that is part of the text: its bracket becomes a look-alike.
    """
    line = _ARROW.sub("->", one_line(writable(text)))
    return _POSITION.sub(r"❴\1", _TAG.sub(r"‹\1", line))
