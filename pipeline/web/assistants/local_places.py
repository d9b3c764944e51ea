"""Keep places on this machine out of answers: an assistant passes what it reads to others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import MappingProxyType
from typing import Any, TypeVar

from audio.errors import AirquoteError

T = TypeVar("T")

_PLACES = frozenset({"link", "media"})
"""Fields that hold an address of the web or a place on this machine."""

_KEYS = frozenset({"feed"})
"""Fields that are never told: the address of a feed that is paid for is the key to it."""

_START = r"(?<![^\s'\"(])(?:file://|[A-Za-z]:[\\/]|~?/(?=\S))"
_PATH = re.compile(_START + r"[^\s'\")]*[\\/]")
"""A path in a sentence up to the name of the file."""

_PATH_AT_END = re.compile(_START + r"[^\n]*[\\/]")
"""One whose folders may have spaces in their names, where no other path or address follows."""

_TOLD: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {"reason": _PATH, "model": _PATH_AT_END, "rests_on": _PATH_AT_END}
)
"""Fields in airquote's own words, which may name a file; what was said or written is not touched."""


def without_places(result: T) -> T:
    """Return a result without places on this machine: null for a link or a path, names of files in sentences."""
    changes: dict[str, Any] = {}
    for field in fields(result):  # type: ignore[arg-type]
        value = getattr(result, field.name)
        if field.name in _KEYS or (field.name in _PLACES and isinstance(value, str) and not is_on_web(value)):
            changes[field.name] = None
        elif isinstance(value, str) and field.name in _TOLD:
            changes[field.name] = _TOLD[field.name].sub("", value)
    return replace(result, **changes) if changes else result  # type: ignore[type-var]


def is_on_web(address: str) -> bool:
    """Whether others can follow an address."""
    return address.startswith(("http://", "https://"))


def without_folders(text: str) -> str:
    """Return a sentence in which paths are shortened to the names of the files."""
    return _PATH.sub("", text)


def explain_error(error: AirquoteError, library: Path) -> str:
    """Return what happened and what to do, without the places of files."""
    advice = error.way_out.advice if error.way_out else ""
    facts: Mapping[str, str] = error.way_out.facts if error.way_out else {}
    text = error.with_advice(advice)
    for place in sorted({str(library), str(error.where), *facts.values()}, key=len, reverse=True):
        if _is_path(place):
            text = text.replace(place, Path(place).name)
    return without_folders(text)


def _is_path(text: str) -> bool:
    return PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()
