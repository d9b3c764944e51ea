"""Write RTTM (NIST, Rich Transcription evaluation plan): who speaks when, as programs for diarization exchange it.

A line has ten fields with spaces between them: SPEAKER, the file, the channel, onset, duration, <NA>, <NA>, the name,
<NA>, <NA>.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.formats.word_split import writable

_BETWEEN = re.compile(r"[\s<>;]+")
"""What no name in a field may hold: white space ends it, <NA> is none, and two semicolons begin a comment."""


@dataclass(frozen=True, slots=True, order=True)
class SpeakerTurn:
    """A time range in seconds in which a speaker speaks. Those of different speakers may overlap."""

    start: float
    end: float
    speaker: str


def write_rttm(turns: Iterable[SpeakerTurn], file: str) -> str:
    """Return a line for each turn, by start; turns of one speaker that touch or overlap are one.

    ``file`` names the recording in each line. Names have ``_`` for spaces, and stay those of as many people.
    """
    joined = _join(turns)
    names = _name_fields(turn.speaker for turn in joined)
    lines = (
        f"SPEAKER {_field(file)} 1 {turn.start:.3f} {turn.end - turn.start:.3f} <NA> <NA> {turn.speaker} <NA> <NA>\n"
        for turn in sorted(replace(turn, speaker=names[turn.speaker]) for turn in joined)
    )
    return "".join(lines)


def _join(turns: Iterable[SpeakerTurn]) -> list[SpeakerTurn]:
    """Return the turns by start, in whole milliseconds, without empty ones; those of one speaker do not touch."""
    joined: list[SpeakerTurn] = []
    last: dict[str, int] = {}
    rounded = (SpeakerTurn(round(turn.start, 3), round(turn.end, 3), turn.speaker) for turn in turns)
    for turn in sorted(turn for turn in rounded if turn.end > turn.start):
        before = last.get(turn.speaker)
        if before is not None and joined[before].end >= turn.start:
            joined[before] = replace(joined[before], end=max(joined[before].end, turn.end))
        else:
            last[turn.speaker] = len(joined)
            joined.append(turn)
    return joined


def _name_fields(speakers: Iterable[str]) -> dict[str, str]:
    """Return what stands for each speaker, which differs where they do: Ann_Lee, and Ann_Lee_2 for another."""
    fields: dict[str, str] = {}
    for speaker in dict.fromkeys(speakers):
        field, number = _field(speaker), 1
        taken = set(fields.values())
        while (name := field if number == 1 else f"{field}_{number}") in taken:
            number += 1
        fields[speaker] = name
    return fields


def _field(text: str) -> str:
    return _BETWEEN.sub("_", writable(text).strip()) or "_"
