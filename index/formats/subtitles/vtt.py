"""WebVTT (.vtt, https://www.w3.org/TR/webvtt1/): cues with voices, as written by Whisper and on the web."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from index.formats.cues import CueCollector, MalformedError, TranscriptFile, spread_cues
from index.formats.spoken.spoken_cues import cues_to_write
from index.formats.subtitles.cue_markup import ESCAPED_TWICE, OVERRIDE, break_lines, unescape
from index.formats.subtitles.timestamps import cue_settings, format_clock, is_timing, parse_clock, parse_timing
from index.formats.text_times import TimedPiece, time_text
from index.formats.word_split import (
    clean_texts,
    flat_text,
    split_lines,
    trim_lines,
    with_leading_space,
    without_blank_ends,
    writable,
)
from index.language.language_codes import stated_language
from index.transcript import Cue, Transcript

_SIGNATURE = re.compile(r"\s{0,20}WEBVTT(?![^ \t\r\n])", re.IGNORECASE)
_LANGUAGE = re.compile(r"language\s*:(.*)", re.IGNORECASE)
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?!\S)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>]*)>")
_TAG = re.compile(
    r"</?(?:(?:[cibusp]|ruby|rt|span|em|strong)(?:\.[^<>]*)?|(?:v|lang|font|span|p)(?:[.\s][^<>]*)?)>|<[0-9][0-9:.]*>",
    re.IGNORECASE,
)
_STAMP = re.compile(r"<((?:[0-9]{1,6}:)?[0-9]{1,2}:[0-9]{1,2}[.][0-9]{1,9})>")
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
    row, language = next(n for n, line in enumerate(lines) if line.strip()) + 1, None
    while row < len(lines) and lines[row].strip() and "-->" not in lines[row]:
        named = _LANGUAGE.match(lines[row])
        language = stated_language(named[1]) if named else language
        row += 1
    collected = CueCollector()
    blocks = list(_find_blocks(lines, row))
    texts = clean_texts([_plain_text(block.payload) for block in blocks])
    for block, said in zip(blocks, texts, strict=True):
        with collected.leaving_out(said):
            start, end = parse_timing(lines[block.timing], block.timing + 1, collected)
            first, *others = _read_cue(start, end, block.payload, said)
            kept = block.payload if block.payload != first.text.strip() or others else None
            settings = cue_settings(lines[block.timing])
            first = replace(first, payload=kept, identifier=block.identifier, settings=settings)
            collected.cues += [first, *others]
    return collected.file("vtt", language)


@dataclass(frozen=True, slots=True)
class _Block:
    """A cue: the row of its times, its identifier and its text with tags."""

    timing: int
    identifier: str | None
    payload: str


def _find_blocks(lines: list[str], row: int) -> Iterator[_Block]:
    while row < len(lines):
        timing = _timing_row(lines, row)
        if timing is None:
            row = _block_end(lines, row) if _COMMENT.match(lines[row]) else row + 1
            continue
        identifier = lines[row].strip() if timing > row else None
        row = _block_end(lines, _body_start(lines, timing + 1))
        yield _Block(timing, identifier, without_blank_ends(lines[timing + 1 : row]))


def _timing_row(lines: list[str], row: int) -> int | None:
    """Return the row of a cue's times: ``row`` or, below an identifier, the next one; None for any other block."""
    if _heads_cue(lines[row]):
        return row
    below = row + 1 < len(lines) and _heads_cue(lines[row + 1])
    return row + 1 if below and lines[row].strip() and not _COMMENT.match(lines[row]) else None


def _heads_cue(line: str) -> bool:
    return "-->" in line or is_timing(line)


def _body_start(lines: list[str], row: int) -> int:
    """Return the row at which a cue's text begins: behind blank lines too, if no other block begins there."""
    below = row
    while below < len(lines) and not lines[below].strip():
        below += 1
    if below == len(lines) or _timing_row(lines, below) is not None or _COMMENT.match(lines[below]):
        return row
    return below


def _block_end(lines: list[str], row: int) -> int:
    """Return the row at which a block ends: an empty line, the next cue's times, or the end of the file.

    A line of spaces is part of a cue (YouTube writes them), unless the next cue follows.
    """
    while row < len(lines) and lines[row] and not is_timing(lines[row]):
        if lines[row].isspace() and row + 1 < len(lines) and _timing_row(lines, row + 1) is not None:
            break
        row += 1
    return row


def _read_cue(start: float, end: float, payload: str, said: str) -> list[Cue]:
    """Return the cue or, if voices change in it, one for each part, in proportion to the parts' lengths."""
    before, *tagged = _VOICE.split(payload)
    voices = [_name(name) for name in tagged[::2]]
    if len(set(voices)) < 2:
        words = time_text(flat_text(said), _read_pieces(start, end, payload), start, end)
        return [Cue(start, end, said, voices[0] if voices else None, words)]
    parts = [(None, _plain_text(before)), *zip(voices, map(_plain_text, tagged[1::2]), strict=True)]
    spoken = [(speaker, with_leading_space(trim_lines(text))) for speaker, text in parts if text.strip()]
    return spread_cues(spoken or [(None, "")], start, end)


def _read_pieces(start: float, end: float, payload: str) -> list[TimedPiece]:
    """Return what stands between time stamps such as <00:00:00.400>; no pieces without stamps.

    Lines before the first stamp's line are the ones that stayed on the screen: their words have no length.
    """
    before, *stamped = _STAMP.split(payload)
    if not stamped:
        return []
    above, _, line = before.rpartition("\n")
    times = [start, *(min(end, max(start, parse_clock(stamp))) for stamp in stamped[::2]), end]
    pieces = [TimedPiece(_plain_text(above), start, start)]
    for text, (begin, until) in zip([line, *stamped[1::2]], pairwise(times), strict=True):
        pieces.append(TimedPiece(_plain_text(text), begin, max(begin, until)))
    return pieces


def _name(tag: str) -> str | None:
    return " ".join(unescape(tag).split()) or None


def _plain_text(payload: str) -> str:
    return unescape(OVERRIDE.sub("", _TAG.sub("", break_lines(payload))))


def write_vtt(transcript: Transcript) -> str:
    """Write WebVTT as Whisper's WriteVTT does, one cue for each segment, but escaped and with speakers as voices.

    An import is written with its own cues, verbatim if it was WebVTT.
    """
    return write_vtt_cues(cues_to_write(transcript, "vtt"))


def write_vtt_cues(cues: Iterable[Cue]) -> str:
    """Write cues as WebVTT: those with a payload verbatim, others escaped and with their speakers as voices."""
    blocks = ["WEBVTT\n\n"]
    for cue in cues:
        start, end = (format_clock(time, hours=False, mark=".") for time in (cue.start, cue.end))
        if cue.payload is not None:
            head = f"{cue.identifier}\n" if cue.identifier else ""
            settings = f" {cue.settings}" if cue.settings else ""
            blocks.append(f"{head}{start} --> {end}{settings}\n{cue.payload}\n\n")
        elif said := voiced_text(cue.text, cue.speaker):
            blocks.append(f"{start} --> {end}\n{said}\n\n")
    return "".join(blocks)


def voiced_text(text: str, speaker: str | None) -> str:
    """Return a text of WebVTT, escaped and with its speaker as voice; empty if there is no text."""
    said = _escape(trim_lines(writable(text)))
    voice = " ".join(writable(speaker or "").split())
    return f"<v {_escape(voice)}>{said}" if voice and said else said


def _escape(text: str) -> str:
    escaped = ESCAPED_TWICE.sub(lambda found: f"&#38;{found[0][5:]}", html.escape(_ARROW.sub("->", text), quote=False))
    return escaped.replace("\\", "&#92;").replace("{", "&#123;")
