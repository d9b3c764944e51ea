"""Check the tables and rows of a library's SQLite files: they may come from a stranger, and are only data.

The tables must be exactly those that airquote makes: a trigger, a view, a default or an index on an expression would
compute something when the library is read or written. The rows must hold values of the kinds that airquote writes.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import get_args

import regex

from index.transcript import State, Timing

_EPISODE_ID = regex.compile(r"[\p{L}\p{N}\p{M}_][\p{L}\p{N}\p{M}_ .-]{0,199}")
"""Files are named by it, so it has no separator of folders and does not begin with a dot."""
_ADDRESS = regex.compile(r"https?://[^\s\p{C}]+")
_MOST_ITEMS = 2**53
"""A feed has fewer, however often it is read: those that follow still have positions that fit into the file."""
_MOST_VOICES = 10**9
_SHA256 = regex.compile(r"[0-9a-f]{64}")

Columns = Mapping[str, Callable[[object], object]]
"""What a value of each column can be."""
Tables = frozenset[tuple[str, str, str, str]]
"""What a file is made of: kind, name, table and statement of each table, index, view and trigger."""


def distrust(connection: sqlite3.Connection) -> None:
    """Forbid what a file defines to call functions that have effects; check pages as they are read."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def read_tables(connection: sqlite3.Connection) -> Tables:
    """Return what a file is made of; spaces in its statements do not count."""
    rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
    return frozenset((kind, name, table, " ".join(str(sql).split())) for kind, name, table, sql in rows)


def check_tables(connection: sqlite3.Connection, expected: Tables) -> None:
    """Raise ValueError if a file has other tables, indexes, views or triggers than ``expected``, or lacks one."""
    found = read_tables(connection)
    for kind, name, *_ in sorted(found - expected):
        raise ValueError(f"it has the {kind} {name!r}, which airquote did not make so")
    for kind, name, *_ in sorted(expected - found):
        raise ValueError(f"it lacks the {kind} {name!r}")


def check_row(row: Sequence[object], columns: Columns) -> None:
    """Raise ValueError if a value is not of the kind of its column, as airquote writes it."""
    for value, (name, fits) in zip(row, columns.items(), strict=True):
        if not fits(value):
            raise ValueError(f"its {name} cannot be {value!r:.60}")


def check_types(values: Collection[object], *types: type) -> None:
    """Raise ValueError unless all values are of one of these types: quicker than ``check_row`` for many rows."""
    for other in {*map(type, values)}.difference(types):
        raise ValueError(f"it has a value of the type {other.__name__}")


def check_storable(texts: Iterable[str]) -> None:
    """Raise ValueError unless SQLite can store these texts, read from JSON, which can escape half a character."""
    "".join(texts).encode()


def check_cover(ranges: Sequence[tuple[int, int]], first: int, last: int) -> None:
    """Raise ValueError unless these ranges follow each other and hold all the words ``first`` to ``last``."""
    ends = [first - 1, *(end for _, end in ranges)]
    follow = all(begin == end + 1 for (begin, _), end in zip(ranges[1:], ends[1:], strict=False))
    if first <= last and not (ranges and follow and ranges[0][0] <= first and ends[-1] >= last):
        raise ValueError(f"the sentences do not cover the words {first} to {last}")


def check_length(items: Sequence[object], expected: int) -> None:
    """Raise ValueError unless there are as many words as were asked for."""
    if len(items) != max(0, expected):
        raise ValueError(f"there are {len(items)} of {max(0, expected)} words")


def is_address(text: str) -> bool:
    """Whether a text is an address on the web: another, such as javascript:, could run something in a page."""
    return _ADDRESS.fullmatch(text) is not None


def is_header(value: object) -> bool:
    """Whether a value is a text that can be sent in the header of a request, or none."""
    return value is None or (isinstance(value, str) and value.isascii() and value.isprintable())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_optional_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_optional_address(value: object) -> bool:
    return value is None or (isinstance(value, str) and is_address(value))


def _is_place(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value


def _is_number(value: object) -> bool:
    return isinstance(value, int) and value >= 0


def _is_voice(value: object) -> bool:
    return isinstance(value, int) and 0 < value < _MOST_VOICES


def _is_packed(value: object) -> bool:
    return isinstance(value, bytes)


def _is_optional_packed(value: object) -> bool:
    return value is None or isinstance(value, bytes)


def _is_position(value: object) -> bool:
    return isinstance(value, int) and abs(value) < _MOST_ITEMS


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value >= 0


def _are_spans(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(span, list) and len(span) == 2 and all(map(_is_time, span)) for span in value
    )


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_bit(value: object) -> bool:
    return value in (0, 1)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _are_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, list) for row in value)


EPISODE_COLUMNS: Columns = {
    "id": lambda value: isinstance(value, str) and _EPISODE_ID.fullmatch(value),
    "show": _is_optional_text,
    "title": _is_text,
    "date": _is_optional_text,
    "source": _is_place,
    "recording": lambda value: value is None or _is_place(value),
    "SHA-256": lambda value: value is None or (isinstance(value, str) and _SHA256.fullmatch(value)),
    "duration": lambda value: value is None or _is_time(value),
    "address": _is_optional_address,
    "state": get_args(State).__contains__,
}
TRANSCRIPT_COLUMNS: Columns = {
    "number": _is_number,
    "language": _is_optional_text,
    "engine": _is_text,
    "model": _is_text,
    "settings": _is_text,
    "timing": get_args(Timing).__contains__,
    "gaps": _are_spans,
    "number of words": _is_number,
}
LISTED_COLUMNS = dict.fromkeys(("language", "engine", "model", "settings"), _is_optional_text)
SEARCHED_COLUMNS = {name: TRANSCRIPT_COLUMNS[name] for name in ("language", "number of words")}
UNMARKED_COLUMNS: Columns = {name: TRANSCRIPT_COLUMNS[name] for name in ("number", "number of words", "language")} | {
    "show": _is_optional_text
}
REPEAT_COLUMNS: Columns = {"first word": _is_number, "last word": _is_number, "family": _is_number}
PUBLISHED_COLUMNS: Columns = {
    "address": lambda value: isinstance(value, str) and is_address(value),
    "type": _is_optional_text,
    "language": _is_optional_text,
    "content": lambda value: isinstance(value, bytes),
}
CHECK_COLUMNS: Columns = {
    "address": PUBLISHED_COLUMNS["address"],
    "SHA-256": lambda value: isinstance(value, str) and _SHA256.fullmatch(value),
    "entity tag": is_header,
    "modification time": is_header,
    "fault": _is_optional_text,
}
SHOW_COLUMNS: Columns = {
    "number": _is_number,
    "title": _is_text,
    "address": _is_place,
    "feed": _is_text,
    "choices": _is_text,
    "entity tag": is_header,
    "modification time": is_header,
    "time of the last check": _is_optional_text,
    "fault": _is_optional_text,
    "end": _is_bit,
}
ITEM_COLUMNS: Columns = {
    "show": _is_number,
    "identity": _is_text,
    "content": _is_text,
    "sound": lambda value: value is None or (isinstance(value, str) and is_address(value)),
    "date": _is_optional_text,
    "position": _is_position,
    "episode": _is_optional_text,
    "removal": _is_bit,
}
FINDING_COLUMNS: Columns = {"settings": _is_text, "turns": _is_packed}
VOICE_COLUMNS: Columns = {"number": _is_voice, "length": _is_time, "vector": _is_optional_packed}
PROFILE_COLUMNS: Columns = {"name": _is_text, "episode": _is_text, **VOICE_COLUMNS, "vector": _is_packed}
CHANGE_COLUMNS: Columns = {"number": _is_number, "content": _is_text, "turns": _is_optional_packed}
CHANGED_COLUMNS: Columns = {
    "kind": _is_text,
    "added": _is_list,
    "removed": _is_list,
    "names": lambda value: isinstance(value, dict),
    "edited": _is_flag,
    "settings": _is_optional_text,
}
CORRECTION_COLUMNS: Columns = {
    "number": _is_number,
    "first word": lambda value: value is None or _is_number(value),
    "heard words": _is_packed,
    "words": _is_packed,
    "successor": lambda value: value is None or _is_number(value),
}
CHAPTER_COLUMNS: Columns = {"start": _is_time, "title": _is_text}
NOTES_COLUMNS: Columns = {
    "notes": _is_text,
    "people": _are_rows,
    "soundbites": _are_rows,
    "chapters": _are_rows,
    "page": _is_optional_address,
    "season": _is_optional_text,
}
PERSON_COLUMNS: Columns = {"name": _is_text, "role": _is_text}
SOUNDBITE_COLUMNS: Columns = {"start": _is_time, "duration": _is_time, "title": _is_optional_text}
SEGMENT_COLUMNS: Columns = {
    "first word": _is_number,
    "last word": _is_number,
    "speaker": _is_optional_text,
    "flags": _are_texts,
}
"""What a value of each column can be; gaps and flags as they are read from JSON."""

CUE_COLUMNS: Columns = {
    "start": _is_number,
    "end": _is_number,
    "text": _is_text,
    "speaker": _is_optional_text,
    "turn": _is_flag,
    "payload": _is_optional_text,
    "identifier": _is_optional_text,
    "settings": _is_optional_text,
    "continued": _is_flag,
    "words": _are_rows,
}
WORD_COLUMNS: Columns = {
    "text": _is_text,
    "start": _is_number,
    "end": _is_number,
    "probability": lambda value: value is None or (isinstance(value, float | int) and 0 <= value <= 1),
}
FLAW_COLUMNS: Columns = {"place": _is_text, "problem": _is_text, "text": _is_text, "left out": _is_flag}
"""The same for the values of a cue, its words and a flaw, as they are read from JSON; times in milliseconds."""
