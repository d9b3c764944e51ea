"""Times as people and programs write them, and the ends of cues in layouts that state only starts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.formats.cues import MAX_SECONDS, CueCollector, MalformedError
from index.transcript import Cue

_CLOCK = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,3}):([0-9]{1,2})(?:[.,]([0-9]{1,12}))?")
_NUMBER = re.compile(r"([0-9]{1,15}(?:[.,][0-9]{0,15})?|[.,][0-9]{1,15})(ms|msec|s|sec|seconds?|m|min|h)?")
_PERIOD = re.compile(r"PT(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9}(?:[.,][0-9]{1,9})?)S)?")
_UNITS = {"ms": 0.001, "msec": 0.001, "m": 60.0, "min": 60.0, "h": 3600.0}
LETTERS_PER_SECOND = 15.0
"""The speed of speech, for the end of a last cue: English podcasts have 13 to 17 letters a second."""

_LEAST_SECONDS = 1.0


def parse_written_time(text: str, place: str) -> float:
    """Parse ``1:02:03.5``, ``62.5``, ``62.5s``, ``500ms`` or ``PT1M2.5S`` to seconds.

    Raises MalformedError for anything else.
    """
    text = text.strip()
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, whole = (int(field or 0) for field in clock.groups()[:3])
        if whole < 60 and (minutes < 60 or not clock[1]):
            return hours * 3600 + minutes * 60 + whole + float(f"0.{clock[4] or 0}")
    elif number := _NUMBER.fullmatch(text):
        return float(number[1].replace(",", ".")) * _UNITS.get(number[2] or "s", 1.0)
    elif (period := _PERIOD.fullmatch(text)) and any(period.groups()):
        parts = [float((field or "0").replace(",", ".")) for field in period.groups()]
        return parts[0] * 3600 + parts[1] * 60 + parts[2]
    raise MalformedError(place, f"expected a time, found {text[:40]!r}")


def end_at_next(collected: CueCollector) -> None:
    """Give cues without an end (not a number) that of the next start; the last one lasts as long as it takes to say.

    Cues without text only say where the one before ends, and are left out. Cues are expected in order of time.
    """
    cues = collected.cues
    starts = sorted({cue.start for cue in cues})
    following = dict(zip(starts, [*starts[1:], math.inf], strict=False))
    collected.cues = [
        replace(cue, end=min(following[cue.start], _spoken_until(cue, following[cue.start])))
        if math.isnan(cue.end)
        else cue
        for cue in cues
        if cue.text.strip()
    ]


def _spoken_until(cue: Cue, following: float) -> float:
    if math.isfinite(following):
        return following
    return cue.start + max(_LEAST_SECONDS, len(cue.text.strip()) / LETTERS_PER_SECOND)


def checked_start(seconds: float, place: str) -> float:
    """Return a start in seconds; raises MalformedError if it is negative, not finite or above MAX_SECONDS."""
    if not math.isfinite(seconds) or not 0 <= seconds <= MAX_SECONDS:
        raise MalformedError(place, f"expected a time between 0 and {MAX_SECONDS} seconds, found {seconds}")
    return seconds


def seconds_per_unit(times: Sequence[float], ends: Sequence[float]) -> float:
    """Return 0.001 if whole numbers without a unit can only be milliseconds, else 1.

    No cue lasts 100 seconds in the middle of a transcript, and none a tenth of a second.
    """
    if any(not time.is_integer() for time in (*times, *ends)):
        return 1.0
    ordered = sorted(times)
    lengths = [end - start for start, end in zip(times, ends, strict=False) if end > start] or [
        after - before for before, after in pairwise(ordered) if after > before
    ]
    return 0.001 if lengths and sorted(lengths)[len(lengths) // 2] >= 100 else 1.0
