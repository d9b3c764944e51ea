"""The JSON in which the library keeps what feeds say, choices for shows, and jobs: written and read by its types.

A library may come from a stranger: what is read has the types of the values and addresses on the web, or is refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from index.errors import RESTORE_OR_CHOOSE_OTHER_LIBRARY, LibraryError
from index.storage.untrusted import is_address

T = TypeVar("T")
_ENDS_OF_ADDRESSES = ("address", "page")
"""How the names of fields end that are addresses on the web."""


def write_value(value: object) -> str:
    """Return a value, a frozen dataclass, as JSON, without the fields that are as by default."""
    return json.dumps(_to_plain(value), ensure_ascii=False, separators=(",", ":"))


def read_value(kind: type[T], text: str, library: Path, what: str = "a show") -> T:
    """Return the value of this kind that ``write_value`` wrote for a library.

    Raises LibraryError for a text that it does not write; ``what`` it is of.
    """
    try:
        text.encode()  # half a surrogate pair cannot be printed or sent
        value: T = _reader(cast("Any", kind))(json.loads(text))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        message = f"What is stored of {what} in {library} is damaged: {error}."
        raise LibraryError(message, RESTORE_OR_CHOOSE_OTHER_LIBRARY, where=library) from error
    return value


def _to_plain(value: object) -> object:
    if is_dataclass(value):
        stated = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: _to_plain(content) for one, content in stated if content != one.default}
    return [_to_plain(one) for one in value] if isinstance(value, tuple) else value


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what makes a value of this type from JSON. It raises an exception for JSON of another."""
    if isinstance(kind, type) and is_dataclass(kind):
        readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        return lambda content: kind(**{name: _checked(name, readers[name](one)) for name, one in content.items()})
    if get_origin(kind) is tuple:
        item = _reader(get_args(kind)[0])
        return lambda content: tuple(item(one) for one in _checked_type(content, list))
    return lambda content: _checked_type(content, kind)


def _checked(name: str, value: Any) -> Any:
    if name.endswith(_ENDS_OF_ADDRESSES) and value is not None and not is_address(value):
        raise ValueError(f"{value!r:.60} is not an address")
    if isinstance(value, str):
        value.encode()
    return value


def _checked_type(value: Any, kind: Any) -> Any:
    if not _fits(value, kind):
        raise ValueError(f"it has {value!r:.60}")
    return value


def _fits(value: object, kind: Any) -> bool:
    match get_origin(kind):
        case None if kind is float:
            return type(value) in (int, float) and math.isfinite(value) and value >= 0  # type: ignore[arg-type,operator]
        case None:
            return type(value) is kind and (kind is not int or value >= 0)  # type: ignore[operator]
        case origin if origin is Literal:
            return value in get_args(kind)
        case _:
            return any(_fits(value, one) for one in get_args(kind))
