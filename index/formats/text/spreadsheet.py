"""Comma-separated values (RFC 4180) for spreadsheets, in which no text is taken for a formula."""

from __future__ import annotations

import csv
from io import StringIO

from index.formats.spoken.spoken_cues import cues_to_write
from index.formats.word_split import one_line, writable
from index.transcript import Transcript

HEADER = ("start", "end", "speaker", "text")

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""What a cell with a formula begins with (OWASP, "CSV Injection"); the wide forms in Japanese versions."""


def text_cell(text: str) -> str:
    """Return a text as a cell: with an apostrophe before it if a spreadsheet would calculate it.

    A spreadsheet does not show that apostrophe. A text that begins with apostrophes and would be read as such a cell
    gets one more, so that ``cell_text`` always returns the text.
    """
    return f"'{text}" if _is_formula(text) else text


def cell_text(cell: str) -> str:
    """Return the text of a cell that ``text_cell`` made."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(text: str) -> bool:
    """Whether a text is a formula after apostrophes, and after spaces, which some programs strip when they import."""
    return text.lstrip("' ").startswith(_FORMULA_STARTS)


def write_csv(transcript: Transcript) -> str:
    """Write a header and a row for each cue or sentence: start and end in seconds, speaker, text."""
    table = StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(HEADER)
    for cue in cues_to_write(transcript, "csv"):
        said = _line(cue.text) if cue.payload is None else cue.payload
        times = f"{cue.start:.3f}", f"{cue.end:.3f}"
        rows.writerow((*times, text_cell(_line(cue.speaker or "")), text_cell(writable(said))))
    return table.getvalue()


def _line(text: str) -> str:
    return one_line(writable(text))
