"""Labels of voices in transcripts: ``Voice 1`` is the speaker of its sentences until somebody gives it a name."""

from __future__ import annotations

import re

_LABEL = re.compile(r"Voice ([1-9][0-9]{0,8})")


def label_of(number: int) -> str:
    """Return the label of a voice by its number, from 1: its sentences have it as their speaker."""
    return f"Voice {number}"


def number_of(label: str | None) -> int | None:
    """Return the number of the voice that has this label, None for any other speaker."""
    labelled = _LABEL.fullmatch(label) if label else None
    return int(labelled[1]) if labelled else None
