"""WebVTT (.vtt, https://www.w3.org/TR/webvtt1/): cues with voices, as written by Whisper and on the web."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from index.formats.cues import CueCollector, MalformedError, TranscriptFile, spread_cues
from index.formats.subtitles.timestamps import cue_settings, format_clock, is_timing, parse_timing
from index.formats.word_split import one_line, split_lines, with_leading_space, writable
from index.language.language_codes import stated_language
from index.transcript import Cue, Transcript

_SIGNATURE = re.compile(r"WEBVTT(?![^ \t\r\n])")
_LANGUAGE = re.compile(r"language\s*:(.*)", re.IGNORECASE)
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?!\S)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>]*)>")
_TAG = re.compile(
    r"</?(?:(?:[cibus]|ruby|rt)(?:\.[^<>]*)?|(?:v|lang|font)(?:[.\s][^<>]*)?)>|<[0-9][0-9:.]*>", re.IGNORECASE
)
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,32};")
_ARROW = re.compile(r"(?<!-)-{2,}>")


def is_vtt(text: str) -> bool:
    """Whether a file begins with WebVTT's signature."""
    return _SIGNATURE.match(text) is not None


def read_vtt(text: str) -> TranscriptFile:
    """Read a WebVTT file, with its voices as speakers.

    A cue with several voices is split into one for each turn. Raises MalformedError for a file without signature.
    """
    lines = split_lines(text)
    if not is_vtt(text):
        raise MalformedError("line 1", f"expected WEBVTT, found {lines[0][:60]!r}")
    row, language = 1, None
    while row < len(lines) and lines[row].strip() and "-->" not in lines[row]:
        named = _LANGUAGE.match(lines[row])
        language = stated_language(named[1]) if named else language
        row += 1
    collected = CueCollector()
    while row < len(lines):
        timing = _timing_row(lines, row)
        if timing is None:
            row = _block_end(lines, row) if _COMMENT.match(lines[row]) else row + 1
            continue
        identifier = lines[row].strip() if timing > row else None
        row = _block_end(lines, timing + 1)
        payload = "\n".join(lines[timing + 1 : row]).strip()
        with collected.leaving_out(payload):
            span = parse_timing(lines[timing], timing + 1)
            first, *others = _read_cue(*span, one_line(payload))
            kept = payload if payload != first.text.strip() or others else None
            first = replace(first, payload=kept, identifier=identifier, settings=cue_settings(lines[timing]))
            collected.cues += [first, *others]
    return collected.file("vtt", language)


def _timing_row(lines: list[str], row: int) -> int | None:
    """Return the row of a cue's times: ``row`` or, below an identifier, the next one; None for any other block."""
    if "-->" in lines[row]:
        return row
    below = row + 1 < len(lines) and "-->" in lines[row + 1]
    return row + 1 if below and lines[row].strip() and not _COMMENT.match(lines[row]) else None


def _block_end(lines: list[str], row: int) -> int:
    """Return the row at which a block ends: a blank line, the next cue's times, or the end of the file."""
    while row < len(lines) and lines[row].strip() and not is_timing(lines[row]):
        row += 1
    return row


def _read_cue(start: float, end: float, payload: str) -> list[Cue]:
    """Return the cue or, if voices change in it, one for each part, in proportion to the parts' lengths."""
    before, *tagged = _VOICE.split(payload)
    voices = [_name(name) for name in tagged[::2]]
    if len(set(voices)) < 2:
        return [Cue(start, end, _plain_text(payload), voices[0] if voices else None)]
    parts = [(None, _plain_text(before)), *zip(voices, map(_plain_text, tagged[1::2]), strict=True)]
    return spread_cues([(speaker, text) for speaker, text in parts if text.strip()] or [(None, "")], start, end)


def _name(tag: str) -> str | None:
    return " ".join(_unescape(tag).split()) or None


def _plain_text(payload: str) -> str:
    return with_leading_space(_unescape(_TAG.sub("", payload)))


def _unescape(text: str) -> str:
    """Return text with character references decoded; a bare ``&``, as in Whisper's own files, stays."""
    return one_line(writable(_ENTITY.sub(lambda entity: html.unescape(entity[0]), text)))


def write_vtt(transcript: Transcript) -> str:
    """Write WebVTT as Whisper's WriteVTT does, one cue for each segment, but escaped and with speakers as voices."""
    blocks = ["WEBVTT\n\n"]
    for segment in transcript.segments:
        said = _escape(one_line(writable(transcript.segment_text(segment))))
        if said:
            voice = " ".join(writable(segment.speaker or "").split())
            said = f"<v {_escape(voice)}>{said}" if voice else said
            span = transcript.segment_span(segment)
            start, end = (format_clock(time, hours=False, mark=".") for time in (span.start, span.end))
            blocks.append(f"{start} --> {end}\n{said}\n\n")
    return "".join(blocks)


def _escape(text: str) -> str:
    return html.escape(_ARROW.sub("->", text), quote=False)
