"""Schemas of answers for the description of the API: made of the types of the results, with the keys that they have."""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, create_model

from audio.errors import WayOut
from pipeline.result_json import types_of_fields


class ErrorAnswer(BaseModel):
    """What went wrong, and what to do about it."""

    error: str
    way_out: str | None


class Suggestion(BaseModel):
    """A way out: its kind, for programs, advice as a sentence, and the names that it is about."""

    kind: str
    advice: str
    facts: dict[str, str]


@cache
def schema_of(result: Any) -> Any:
    """Return a type with the keys and values that a result of this type has in JSON."""
    if result is WayOut:
        return str
    if is_dataclass(result):
        return _schema_of_dataclass(result)
    inner = get_args(result)
    if not inner or get_origin(result) is Literal:
        return result
    of_inner = tuple(one if one is Ellipsis else schema_of(one) for one in inner)
    if get_origin(result) in (Union, UnionType):
        return Union[of_inner]  # noqa: UP007 - its members are known at run time only
    return get_origin(result)[of_inner]


def keys(name: str, **values: Any) -> type[BaseModel]:
    """Return a schema of this name with these keys, of the types of results."""
    fields: Any = {key: (schema_of(value), ...) for key, value in values.items()}
    return create_model(name, **fields)


def _schema_of_dataclass(result: Any) -> type[BaseModel]:
    fields: Any = {name: (schema_of(kind), ...) for name, kind in types_of_fields(result).items()}
    return create_model(result.__name__, __doc__=result.__doc__, **fields)
