"""Plain text: lines without times (.txt), and lines with whole milliseconds in columns (.tsv)."""

from __future__ import annotations

import re

from index.formats.cues import CueCollector, MalformedError, TranscriptFile, checked_span
from index.formats.spoken.spoken_cues import cues_to_write
from index.formats.word_split import one_line, split_lines, with_leading_space, writable
from index.transcript import Cue, Transcript

_HEADER = "start\tend\ttext"
_ROW = re.compile(r"([0-9]{1,12})\t([0-9]{1,12})\t(.*)", re.DOTALL)


def is_tsv(text: str) -> bool:
    """Whether a file begins with the header of Whisper's TSV."""
    return split_lines(text[: len(_HEADER) + 1])[0] == _HEADER


def read_tsv(text: str) -> TranscriptFile:
    """Read Whisper's TSV."""
    collected = CueCollector()
    for number, line in enumerate(split_lines(text)[1:], start=2):
        if line.strip():
            with collected.leaving_out(line):
                collected.cues.append(_read_row(line, f"line {number}"))
    return collected.file("tsv")


def _read_row(line: str, place: str) -> Cue:
    row = _ROW.fullmatch(line)
    if row is None:
        raise MalformedError(place, f"expected start, end and text between tabs, found {line[:60]!r}")
    span = checked_span(int(row[1]) / 1000, int(row[2]) / 1000, place)
    said = one_line(writable(row[3]))
    return Cue(*span, with_leading_space(said), payload=row[3] if row[3] != said else None)


def write_tsv(transcript: Transcript) -> str:
    """Write start and end in milliseconds and text, one line for each cue or segment, as Whisper's WriteTSV does."""
    rows = [_HEADER]
    for cue in cues_to_write(transcript, "tsv"):
        said = one_line(writable(cue.text)).replace("\t", " ") if cue.payload is None else cue.payload
        if said or cue.payload is not None:
            rows.append(f"{round(1000 * cue.start)}\t{round(1000 * cue.end)}\t{said}")
    return "\n".join(rows) + "\n"


def write_txt(transcript: Transcript) -> str:
    """Write one line for each segment, as Whisper's WriteTXT does."""
    lines = (one_line(writable(transcript.segment_text(segment))) for segment in transcript.segments)
    return "".join(f"{line}\n" for line in lines if line)
