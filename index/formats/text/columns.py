"""Tables with a header (.csv, .tsv): start, end, speaker and text, in any order and under many names."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.formats.column_names import UNIT, column_kind
from index.formats.cues import CueCollector, MalformedError, TranscriptFile, checked_span
from index.formats.text.spreadsheet import cell_text
from index.formats.word_split import clean_texts, split_lines, writable
from index.formats.written_times import checked_start, end_at_next, parse_written_time, seconds_per_unit
from index.transcript import Cue

_FRAMES = re.compile(r"([0-9]{1,3}:[0-9]{1,2}:[0-9]{1,2})[:;]([0-9]{2})")
_RATES = (24, 25, 30, 50, 60)
_SEPARATORS = ",;\t|"
_MOST_LINES_BEFORE = 10


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    separator: str
    columns: Mapping[str, int]
    milliseconds: bool


def is_table(text: str) -> bool:
    """Whether a text has a header that names a start and a text."""
    return _find_header(text) is not None


def read_table(text: str) -> TranscriptFile:
    """Read a table. Whole numbers without a unit are seconds or milliseconds, whichever speech is possible in."""
    header = _find_header(text)
    if header is None:
        raise MalformedError("line 1", "expected a header with a start and a text")
    collected = CueCollector()
    rows = list(_read_rows(text, header, collected))
    unit = 0.001 if header.milliseconds else _find_unit([values for _, values in rows])
    rate = _find_frame_rate([values for _, values in rows], collected, header)
    for place, values in rows:
        with collected.leaving_out(values.get("text", "")):
            collected.cues.append(_read_cue(values, place, unit, rate))
    end_at_next(collected)
    texts = clean_texts([cue.text for cue in collected.cues])
    collected.cues = [replace(cue, text=said) for cue, said in zip(collected.cues, texts, strict=True)]
    return collected.file("csv")


def _find_header(text: str) -> _Header | None:
    if text.lstrip().startswith(("{", "[")):
        return None
    for row, line in enumerate(split_lines(text[:20_000])[:_MOST_LINES_BEFORE]):
        for separator in _SEPARATORS:
            names = [name.strip().strip('"').strip() for name in line.split(separator)]
            columns: dict[str, int] = {}
            for place, name in enumerate(names):
                kind = column_kind(name)
                if kind is not None:
                    columns.setdefault(kind, place)
            if {"start", "text"} <= columns.keys():
                unit = UNIT.search(names[columns["start"]])
                return _Header(row, separator, columns, bool(unit and unit[1].lower().startswith("m")))
    return None


def _read_rows(text: str, header: _Header, collected: CueCollector) -> Iterator[tuple[str, dict[str, str]]]:
    lines = split_lines(text)[header.row + 1 :]
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=header.separator)
    while True:
        place = f"line {header.row + 2 + reader.line_num}"
        try:
            fields = next(reader, None)
        except csv.Error as error:
            collected.left_out(place, f"not a row of the table: {error}", "")
            continue
        if fields is None:
            return
        if not any(map(str.strip, fields)):
            continue
        if len(fields) <= max(header.columns["start"], header.columns["text"]):
            collected.left_out(place, f"expected {max(header.columns.values()) + 1} fields", " ".join(fields))
            continue
        if header.columns["text"] == max(header.columns.values()) and header.separator != "\t":
            # A text in the last column that was not quoted has its separators in it.
            joined = header.separator.join(fields[header.columns["text"] :]) if _unquoted(header, fields) else ""
            fields = [*fields[: header.columns["text"]], joined or fields[header.columns["text"]]]
        yield place, {kind: fields[at] for kind, at in header.columns.items() if at < len(fields)}


def _unquoted(header: _Header, fields: Sequence[str]) -> bool:
    return len(fields) > header.columns["text"] + 1 and all(field for field in fields[header.columns["text"] + 1 :])


def _find_unit(rows: Sequence[Mapping[str, str]]) -> float:
    starts = [_number(values.get("start", "")) for values in rows]
    ends = [_number(values.get("end", "")) for values in rows]
    known = [(start, end) for start, end in zip(starts, ends, strict=True) if start is not None]
    return seconds_per_unit([start for start, _ in known], [start if end is None else end for start, end in known])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _find_frame_rate(rows: Sequence[Mapping[str, str]], collected: CueCollector, header: _Header) -> int:
    """Return the least usual rate above all frame numbers of the times, for times such as 00:00:01:12."""
    frames = [int(found[2]) for values in rows if (found := _FRAMES.fullmatch(values.get("start", "").strip()))]
    rate = next((rate for rate in _RATES if rate > max(frames, default=0)), 100)
    if frames:
        collected.repaired(
            f"line {header.row + 2}", f"its frames were read as {rate} a second", rows[0].get("text", "")
        )
    return rate


def _read_cue(values: Mapping[str, str], place: str, unit: float, rate: int) -> Cue:
    start = checked_start(_read_time(values["start"], place, unit, rate), place)
    end = math.nan
    if values.get("end", "").strip():
        end = _read_time(values["end"], place, unit, rate)
    elif values.get("duration", "").strip():
        end = start + _read_time(values["duration"], place, unit, rate)
    if not math.isnan(end):
        checked_span(start, end, place)
    speaker = cell_text(writable(values.get("speaker", "").strip())) or None
    return Cue(start, end, cell_text(writable(values["text"])), speaker)


def _read_time(text: str, place: str, unit: float, rate: int) -> float:
    text = text.strip().lstrip("'")
    if found := _FRAMES.fullmatch(text):
        return parse_written_time(found[1], place) + int(found[2]) / rate
    value = parse_written_time(text, place)
    return round(value * unit, 6) if text.isdigit() or ("." in text and _number(text) is not None) else value
