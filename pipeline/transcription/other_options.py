"""Tell which options a transcript was made with, where others are asked for now."""

from __future__ import annotations

import json
from contextlib import suppress

from index.storage.transcript_reader import TranscriptFacts
from pipeline.transcription.options import TranscriptionOptions

IMPORTED = "import"
"""The engine of transcripts that were imported."""

_ABSENT = {
    "language": "no language named", "prompt": "no prompt", "glossary": "no glossary", "track": "no track named",
    "channels": "channels mix", "verbatim": "not verbatim",
}  # fmt: skip
"""The options that a transcript's settings hold if they were given, in order, and what to say where they were not."""

_LONG = {"prompt", "glossary"}
"""Options whose values are too long to be said."""


def describe_other_options(facts: TranscriptFacts, options: TranscriptionOptions) -> list[str]:
    """Return those options of a transcript that differ from ``options``, such as "model small" and "glossary".

    Of an import there are none. Options are unknown where its settings are damaged.
    """
    if facts.engine == IMPORTED:
        return []
    made = {"engine": (facts.engine, options.engine.name), "model": (facts.model, options.engine.model)}
    differing = [f"{name} {value}" for name, (value, now) in made.items() if value != now]
    asked = _read_asked(facts.settings)
    if asked is None:
        return [*differing, "others unknown"]
    now = options.asked
    return differing + [
        _describe(name, asked.get(name), now.get(name)) for name in _ABSENT if asked.get(name) != now.get(name)
    ]


def _read_asked(settings: str) -> dict[str, object] | None:
    with suppress(ValueError, TypeError, LookupError, RecursionError):  # the library may come from a stranger
        asked = json.loads(settings)["asked"]
        return asked if isinstance(asked, dict) else None
    return None


def _describe(name: str, made: object, now: object) -> str:
    if made is None:
        return _ABSENT[name]
    if name in _LONG:
        return name if now is None else f"another {name}"
    return name if made is True else f"{name} {made}"
