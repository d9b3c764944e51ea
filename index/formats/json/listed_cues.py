"""Read JSON with a list of cues under many names: of Otter, Trint, Sonix, YouTube and of programs of one's own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from index.formats.column_names import column_kind
from index.formats.cues import CueCollector, TranscriptFile, checked_span
from index.formats.json.json_fields import Fields, number, optional_text
from index.formats.json.spoken_items import Item, SpokenItem, collect_items, fields_of, label, objects, time_of
from index.formats.word_split import clean_texts
from index.formats.written_times import checked_start, end_at_next, seconds_per_unit
from index.language.language_codes import stated_language
from index.transcript import Cue

_MOST_DEEP = 4


def is_youtube_events(document: Any) -> bool:
    """Whether a document has YouTube's ``events`` with ``segs`` (json3)."""
    return any("tStartMs" in event for event in objects(fields_of(document).get("events"))[:20])


def read_youtube_events(document: Any) -> TranscriptFile:
    """Read YouTube's captions: events with pieces of text, each with its offset in milliseconds."""
    collected = CueCollector()
    events = [(row, event) for row, event in enumerate(objects(document["events"])) if objects(event.get("segs"))]
    starts = [time_of(event.get("tStartMs")) / 1000 for _, event in events]
    for (row, event), start, following in zip(events, starts, [*starts[1:], math.inf], strict=False):
        pieces = objects(event.get("segs"))
        said = "".join(optional_text(piece.get("utf8")) for piece in pieces)
        end = min(start + time_of(event.get("dDurationMs", 0)) / 1000, max(start, following))
        if said.strip() and len(pieces) > 1:
            offsets = [start + (number(piece.get("tOffsetMs", 0)) or 0) / 1000 for piece in pieces]
            items = [
                SpokenItem(optional_text(piece.get("utf8")).strip(), begin, max(begin, until))
                for piece, begin, until in zip(pieces, offsets, [*offsets[1:], end], strict=True)
            ]
            collect_items(((f"events[{row}]", item) for item in items), collected)
        elif said.strip():
            with collected.leaving_out(said):
                collected.cues.append(Cue(*checked_span(start, end, f"events[{row}]"), clean_texts([said])[0]))
    return collected.file("youtube-json")


def has_listed_cues(document: Any) -> bool:
    """Whether a document holds a list of objects with a start and a text, under any of the usual names."""
    return _find_list(document) is not None


def has_listed_durations(document: Any) -> bool:
    """Whether a list has starts that are written as clock times, or lengths instead of ends; Whisper's has neither."""
    found = _find_list(document)
    if found is None:
        return False
    _, items, keys = found
    start = items[0][keys["start"]]
    clock = isinstance(start, str) and math.isfinite(time_of(start))
    return clock or ("duration" in keys and "end" not in keys)


def read_listed_cues(document: Any) -> TranscriptFile:
    """Read the objects of the list. Whole numbers are seconds or milliseconds, whichever speech is possible in."""
    place, rows, keys = _find_list(document) or ("", [], {})
    collected = CueCollector()
    units = seconds_per_unit(*_numbers(rows, keys)) if "ms" not in keys["start"].lower()[-2:] else 0.001
    for row, fields in enumerate(rows):
        said = optional_text(fields.get(keys["text"]))
        with collected.leaving_out(said):
            collected.cues.append(_read_cue(fields, keys, f"{place}[{row}]", said, units))
    end_at_next(collected)
    texts = clean_texts([cue.text for cue in collected.cues])
    collected.cues = [replace(cue, text=text) for cue, text in zip(collected.cues, texts, strict=True)]
    language = fields_of(document).get("language")
    return collected.file("listed-json", stated_language(language))


def _find_list(document: Any) -> tuple[str, list[Item], dict[str, str]] | None:
    for place, items in _lists(document, "", 0):
        keys: dict[str, str] = {}
        for name in items[0]:
            if (kind := column_kind(name)) is not None:
                keys.setdefault(kind, name)
        if {"start", "text"} <= keys.keys() and isinstance(items[0][keys["text"]], str):
            return place, items, keys
    return None


def _lists(value: Any, place: str, depth: int) -> Iterator[tuple[str, list[Item]]]:
    if isinstance(value, list):
        if items := objects(value):
            yield place or "the list", items
    elif isinstance(value, dict) and depth < _MOST_DEEP:
        for key, inner in value.items():
            yield from _lists(inner, f"{place}.{key}" if place else str(key), depth + 1)


def _numbers(rows: list[Item], keys: dict[str, str]) -> tuple[list[float], list[float]]:
    starts = [number(row.get(keys["start"])) for row in rows]
    ends = [number(row.get(keys.get("end", ""))) for row in rows]
    known = [(a, b) for a, b in zip(starts, ends, strict=True) if a is not None and math.isfinite(a)]
    return [a for a, _ in known], [b if b is not None and math.isfinite(b) else a for a, b in known]


def _read_cue(fields: Item, keys: dict[str, str], place: str, said: str, unit: float) -> Cue:
    Fields(fields, place).text(keys["text"])
    start = checked_start(_time(fields, keys["start"], unit), f"{place}.{keys['start']}")
    end = math.nan
    if "end" in keys and fields.get(keys["end"]) is not None:
        end = _time(fields, keys["end"], unit)
        checked_span(start, end, place)
    elif "duration" in keys and fields.get(keys["duration"]) is not None:
        end = start + _time(fields, keys["duration"], unit)
        checked_span(start, end, place)
    speaker = fields.get(keys.get("speaker", ""))
    return Cue(start, end, said, label(fields_of(speaker).get("name", speaker) if speaker is not None else None))


def _time(fields: Item, key: str, unit: float) -> float:
    value = fields.get(key)
    return time_of(value) * (unit if number(value) is not None else 1.0)
