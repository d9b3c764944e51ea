"""Whose words a transcript holds: a model's, the publisher's, or those of a file that was imported."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from audio.timecode import format_time
from index.storage.transcript_reader import TranscriptFacts
from index.transcript import WordsFrom

IMPORTED = "import"
"""The engine of a transcript that was imported."""

PUBLISHER = "publisher"
"""The setting of an imported transcript that names its publisher."""

SPREAD = "spread"
"""The setting of a transcript without any times: the seconds over which its words were spread."""

TRANSLATED = "translated_from"
"""The setting of a publisher's transcript that is a translation: the language of the episode, a code."""


@dataclass(frozen=True, slots=True)
class WordOrigin:
    """Whose words a transcript holds, and ``description``, in words for a reader: what a verdict rests on."""

    kind: WordsFrom
    description: str


def find_origin(facts: TranscriptFacts) -> WordOrigin:
    """Return whose words a transcript holds."""
    kind = origin_of(facts.engine, facts.settings)
    if kind == "model":
        return WordOrigin(kind, f"Whisper {facts.model}")
    settings = _read(facts.settings)
    if kind == "publisher":
        named = str(settings[PUBLISHER]).strip()
        words = f"the publisher's transcript ({named})" if named else "the publisher's transcript"
        if isinstance(spoken := settings.get(TRANSLATED), str):
            words += f", a translation from {spoken}"
    else:
        words = "an imported file"
    return WordOrigin(kind, f"{words}, {_describe_check(settings)}")


def origin_of(engine: str, settings: str) -> WordsFrom:
    """Return whose words a transcript of this engine, with these settings, holds."""
    if engine != IMPORTED:
        return "model"
    return "publisher" if publisher_of(settings) is not None else "file"


def publisher_of(settings: str) -> str | None:
    """Return the publisher that the settings of an import name, None if they name none."""
    named = _read(settings).get(PUBLISHER)
    return named if isinstance(named, str) else None


def spread_over(settings: str) -> float | None:
    """Return the seconds over which the words of a transcript without times were spread, None for one with times."""
    seconds = _read(settings).get(SPREAD)
    return float(seconds) if isinstance(seconds, int | float) else None


def file_of(settings: str) -> str | None:
    """Return the SHA-256 of the file that a transcript was imported from, None if its settings name none."""
    digest = _read(settings).get("file_sha256")
    return digest if isinstance(digest, str) else None


def is_aligned(settings: str) -> bool:
    """Whether the times of an imported transcript were taken from what a model heard."""
    return isinstance(_read(settings).get("aligned"), dict)


def _describe_check(settings: dict[str, Any]) -> str:
    aligned = settings.get("aligned")
    if isinstance(aligned, dict) and isinstance(aligned.get("model"), str):
        return f"its times aligned with the sound by {aligned['model']}, its words not checked"
    seconds = settings.get(SPREAD)
    if isinstance(seconds, int | float):
        return f"not checked against the sound, its times guessed over {format_time(float(seconds))}"
    return "not checked against the sound"


def _read(settings: str) -> dict[str, Any]:
    """Return settings, which are a JSON object; none for other text, as a library of a stranger may have it."""
    try:
        fields: Any = json.loads(settings)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
