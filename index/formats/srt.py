"""SubRip (.srt): numbered cues, as Whisper writes them and as the world's tools do."""

from __future__ import annotations

import re

from index.formats.clock import format_clock, is_timing, parse_timing
from index.formats.cues import Cue, MalformedError, cues_to_transcript
from index.formats.spacing import one_line, split_lines, with_leading_space, writable
from index.transcript import Transcript

_TAG = re.compile(r"<(/?(?:[ibus]|font(?:\s[^<>]*)?)>)", re.IGNORECASE)
_POSITION = re.compile(r"\{(\\[^{}]*\})")
_ARROW = re.compile(r"-{2,}>")


def read_srt(text: str) -> Transcript:
    """The transcript in an SRT file. Numbers may be missing, and blank lines may stand inside a cue.

    Raises MalformedError, with the line, where there is no cue or a cue's times do not parse.
    """
    lines = split_lines(text)
    timings = [row for row, line in enumerate(lines) if "-->" in line and _heads_cue(lines, row)]
    if not timings:
        raise MalformedError("line 1", "expected a cue (00:00:01,000 --> 00:00:02,500), found none")
    for row in range(timings[0]):
        if lines[row].strip() and not _is_number(lines[row]):
            raise MalformedError(f"line {row + 1}", f"expected a cue number, found {lines[row].strip()[:60]!r}")
    cues = []
    for row, following in zip(timings, [*timings[1:], None], strict=True):
        start, end = parse_timing(lines[row], row + 1)
        body = lines[row + 1 : following]
        if following is not None and body and _is_number(body[-1]):
            body.pop()  # the next cue's number
        said = one_line(_POSITION.sub("", _TAG.sub("", writable("\n".join(body)))))
        cues.append(Cue(start, end, with_leading_space(said)))
    return cues_to_transcript(cues, model="srt", language=None)


def _heads_cue(lines: list[str], row: int) -> bool:
    """A line with an arrow begins a cue if it is one, or stands where only a cue's times can stand."""
    return is_timing(lines[row]) or row == 0 or not lines[row - 1].strip() or _is_number(lines[row - 1])


def _is_number(line: str) -> bool:
    stripped = line.strip()
    return stripped.isascii() and stripped.isdigit()


def write_srt(transcript: Transcript) -> str:
    """SRT as Whisper's WriteSRT writes it, one cue a segment."""
    blocks: list[str] = []
    for segment in transcript.segments:
        said = _srt_text(transcript.segment_text(segment))
        if said:
            span = transcript.segment_span(segment)
            start, end = (format_clock(time, hours=True, mark=",") for time in (span.start, span.end))
            blocks.append(f"{len(blocks) + 1}\n{start} --> {end}\n{said}\n\n")
    return "".join(blocks)


def _srt_text(text: str) -> str:
    """``text`` on one line, with nothing that a reader would take for a cue's times or for markup.

    SRT cannot escape a ``<i>`` or ``{\\an8}`` that is meant as text: its bracket becomes a look-alike.
    """
    line = _ARROW.sub("->", one_line(writable(text)))
    return _POSITION.sub(r"❴\1", _TAG.sub(r"‹\1", line))
