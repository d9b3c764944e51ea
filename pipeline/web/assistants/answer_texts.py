"""Answers as short texts, for assistants that are shown no structured content."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from audio.timecode import format_time
from pipeline.printable import clean_text
from pipeline.web.assistants.tool_answers import MOST_CHARACTERS, ToolAnswer, shorten

Row = Mapping[str, Any]
_MOST_WORDS = 10
"""Of doubtful words that are listed."""


def write_answer(tool: str, answer: ToolAnswer) -> str:
    """Return an answer of a tool as text: results with their citations and links, then what is missing."""
    lines = [line for row in answer.results for line in _WRITERS[tool](row)]
    lines += [f"Citation: {_cite(one)}" for one in answer.citations]
    lines += [*answer.notes, *answer.suggestions]
    if answer.not_searched:
        lines.append(f"Not searched, because there is no transcript yet: {', '.join(answer.not_searched)}")
    if answer.next_offset is not None:
        shown = f"{answer.offset + 1} to {answer.next_offset} of {answer.total}"
        lines.append(f"These are {shown}. Ask again with offset {answer.next_offset} for the next.")
    return shorten("\n".join(map(clean_text, lines)), MOST_CHARACTERS)


def _write_hit(row: Row) -> Iterator[str]:
    speakers = f" ({', '.join(row['speakers'])})" if row["speakers"] else ""
    where = "" if row["found_in"] == "speech" else f"{row['found_in']}: "
    yield f"{row['n']}. {where}“{row['context']}”{speakers}"
    yield f"   {_cite(row)} | {_place(row)}"
    yield from _doubts(row)


def _write_moment(row: Row) -> Iterator[str]:
    yield from map(_timed, row["before"])
    if row["text"] is None:
        yield f"> {format_time(row['time'])} ({'speech here, no text' if row['gap'] else 'no speech here'})"
    else:
        yield f"> {_timed(row)}"
    yield from map(_timed, row["after"])
    yield from _doubts(row)


def _write_sentence(row: Row) -> Iterator[str]:
    flags = f" [{', '.join(row['flags'])}]" if row["flags"] else ""
    yield f"{_timed(row)}{flags}"


def _write_verdict(row: Row) -> Iterator[str]:
    attributed = f" attributed to {row['attributed']}" if row["attributed"] else ""
    if row["kind"] is None:
        yield f"passed over: “{row['quotation']}”{attributed}: {row['reason']}"
        return
    misattributed = "misattributed, " if row["misattributed"] else ""
    yield f"{misattributed}{row['kind']} ({row['certainty']}): “{row['quotation']}”{attributed}"
    if row["said"] is not None:
        yield f"   said{_by(row['speaker'])}: “{row['said']}”"
        yield f"   {_cite(row)} | {_place(row)}"
    if lead := row["closest"]:
        yield f"   the closest, a lead and not a finding{_by(lead['speaker'])}: “{lead['said']}” | {_place(lead)}"
    yield f"   {row['reason']}"
    if row["rests_on"]:
        yield f"   rests on: {row['rests_on']}"
    if row["publisher"]:
        yield f"   {row['publisher']}"
    if row["doubtful"]:
        yield f"   recognised with low confidence: {', '.join(row['doubtful'][:_MOST_WORDS])}"
    yield from _doubts(row)


def _write_episode(row: Row) -> Iterator[str]:
    length = None if row["duration"] is None else format_time(row["duration"], 0)
    facts = (row["episode"], row["title"], row["show"], row["published"], length, row["state"], row["language"])
    yield " | ".join(fact for fact in facts if fact)


def _write_show(row: Row) -> Iterator[str]:
    failed = f" | {row['reason']}" if row["reason"] else ""
    yield f"{row['show']} | {row['episodes']} of {row['items']} episodes in the library{failed}"


def _write_voice(row: Row) -> Iterator[str]:
    length = format_time(row["seconds"], 0)
    if "voice" not in row:
        yield f"{row['speaker'] or 'voices without a name'} | {row['episodes']} episodes | {length}"
        return
    likely = f" | may be {row['suggested']} (likelihood {row['likelihood']})" if row["suggested"] else ""
    yield f"voice {row['voice']}: {row['speaker']} | {length}{likely}"


def _write_citation(row: Row) -> Iterator[str]:
    yield from row["citation"].split("\n")
    yield from [row["link"]] if row["link"] else []


def _write_naming(row: Row) -> Iterator[str]:
    for voice in row["voices"]:
        yield from _write_voice(voice)


def _write_edit(row: Row) -> Iterator[str]:
    for change in row["changes"]:
        yield f"{row['episode']}: {change['field']} was {change['old']!r}, is {change['new']!r}"
    if not row["changes"]:
        yield f"{row['episode']}: nothing was changed"


def _timed(sentence: Row) -> str:
    speaker = f"{sentence['speaker']}: " if sentence["speaker"] else ""
    return f"[{format_time(sentence['start'])}] {speaker}{sentence['text'] or '(speech here, no text)'}"


def _cite(row: Row) -> str:
    return f"{row['citation']} | {row['link']}" if row["link"] else str(row["citation"])


def _place(row: Row) -> str:
    return f"episode {row['episode']}, {row['start']} to {row['end']} s"


def _by(speaker: str | None) -> str:
    return f" by {speaker}" if speaker else ""


def _doubts(row: Row) -> Iterator[str]:
    """What makes a place less sure."""
    if row["overlap"]:
        yield "   several speak at once there"
    if row.get("origin") == "publisher" and "rests_on" not in row:
        yield "   these words are the publisher's, not checked against the sound"
    if row.get("repeat") is not None:
        yield f"   recurs in {row['repeat']} other episodes"


_WRITERS: Mapping[str, Callable[[Row], Iterator[str]]] = MappingProxyType(
    {
        "search": _write_hit,
        "read_around": _write_moment,
        "read_episode": _write_sentence,
        "locate_quotation": _write_verdict,
        "verify_article": _write_verdict,
        "cite": _write_citation,
        "list_episodes": _write_episode,
        "list_shows": _write_show,
        "list_voices": _write_voice,
        "name_voice": _write_naming,
        "edit_episode": _write_edit,
    }
)
"""How the results of each tool are written."""
