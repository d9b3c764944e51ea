"""The schema of what commands print with --json: made of the types of their rows, and of the names in docs/json.md."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import quote

import airquote
import typer

from pipeline.cli.help_pages import all_commands
from pipeline.cli.main import app
from pipeline.result_json import shown_fields

ROOT = Path(__file__).resolve().parent.parent
JSON = ROOT / "docs" / "json.md"
SCHEMA = ROOT / "docs" / "json.schema.json"
PAGES = {"help", "completion"}
"""Commands that print a text, and no rows."""
COMMANDS: dict[str, Any] = {
    name: command for name, command in all_commands(typer.main.get_command(app)).items() if name not in PAGES
}
EXPORTED = {name: getattr(airquote, name) for name in airquote.__all__}
"""Types that row types name and import for type checkers alone."""
SCALARS = {str: "string", float: "number", int: "integer", bool: "boolean", NoneType: "null"}
WORDS = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false", "null": "null"}


@dataclass(frozen=True, slots=True)
class NamedField:
    """What a name of docs/json.md means wherever it stands, and its unit."""

    unit: str
    meaning: str


def named_fields() -> dict[str, NamedField]:
    """The table of names in docs/json.md."""
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\| ([^|]*) \|$", JSON.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: NamedField(unit.strip(), meaning) for name, unit, meaning in rows}


def kinds_of_rows() -> dict[str, tuple[Any, ...]]:
    """The types of the rows of each command that prints any."""
    return {name: command.callback.kinds for name, command in COMMANDS.items() if hasattr(command.callback, "kinds")}


def row_types() -> list[Any]:
    """The types of rows, each followed by the types of the objects in it."""
    found: list[Any] = []

    def add(kind: Any) -> None:
        if kind not in found:
            found.append(kind)
            for annotation in types_of_fields(kind).values():
                for inner in filter(is_dataclass, _plain_types(annotation)):
                    add(inner)

    for kinds in kinds_of_rows().values():
        for kind in kinds:
            add(kind)
    return found


def types_of_fields(kind: Any) -> dict[str, Any]:
    """The types of the fields of a row, or of an object in one, that are in its JSON."""
    hints = get_type_hints(kind, localns=EXPORTED)
    return {field.name: hints[field.name] for field in shown_fields(kind)}


def row_schema() -> dict[str, Any]:
    """The JSON Schema of a line of any command; ``$defs`` has one for each command and each type too."""
    names = named_fields()
    kinds = kinds_of_rows()
    commands = {name: {"anyOf": [_reference(kind) for kind in kinds[name]]} for name in sorted(kinds)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of airquote COMMAND --json",
        "anyOf": [{"$ref": f"#/$defs/{quote(name)}"} for name in commands],
        "$defs": commands | {kind.__name__: _object_schema(kind, names) for kind in row_types()},
    }


def schema_text() -> str:
    """The file of the schema."""
    return json.dumps(row_schema(), indent=2, ensure_ascii=False) + "\n"


def row_reference() -> str:
    """The tables of docs/json.md: the rows of each command, and the fields of each type."""
    names = named_fields()
    lines = ["| command | rows |", "|---|---|"]
    lines += [f"| `{name}` | {', '.join(map(_link, kinds))} |" for name, kinds in sorted(kinds_of_rows().items())]
    for kind in row_types():
        told = (inspect.getdoc(kind) or "").split("\n\n")[0].replace("``", "`").replace("None", "null")
        lines += ["", f"### {kind.__name__}", "", told, "", "| name | type | unit | meaning |", "|---|---|---|---|"]
        lines += [
            f"| `{name}` | {_describe(one)} | {names[name].unit} | {names[name].meaning} |".replace("  ", " ")
            for name, one in types_of_fields(kind).items()
        ]
    return "\n".join(lines)


def _object_schema(kind: Any, names: dict[str, NamedField]) -> dict[str, Any]:
    types = types_of_fields(kind)
    return {
        "type": "object",
        "properties": {name: _type_schema(one) | _told(names[name]) for name, one in types.items()},
        "required": list(types),
        "additionalProperties": False,
    }


def _told(name: NamedField) -> dict[str, str]:
    return {"description": f"{name.meaning} ({name.unit})" if name.unit else name.meaning}


def _type_schema(annotation: Any) -> dict[str, Any]:
    others, may_be_null = without_none(annotation)
    (one,) = others
    if get_origin(one) is Literal:
        return {"enum": [*get_args(one), *([None] if may_be_null else [])]}
    if is_dataclass(one):
        return {"anyOf": [_reference(one), {"type": "null"}]} if may_be_null else _reference(one)
    schema: dict[str, Any] = (
        {"type": "array", "items": _type_schema(get_args(one)[0])}
        if get_origin(one) is tuple
        else {"type": SCALARS[one]}
    )
    return schema | {"type": [schema["type"], "null"]} if may_be_null else schema


def _describe(annotation: Any) -> str:
    others, may_be_null = without_none(annotation)
    (one,) = others
    if get_origin(one) is Literal:
        told = ", ".join(f'"{value}"' for value in get_args(one))
    elif is_dataclass(one):
        told = _link(one)
    elif get_origin(one) is tuple:
        told = f"list of {_describe(get_args(one)[0])}"
    else:
        told = WORDS[SCALARS[one]]
    return f"{told}, or null" if may_be_null else told


def without_none(annotation: Any) -> tuple[Sequence[Any], bool]:
    """The alternatives of a type apart from None, and whether None is one."""
    if get_origin(annotation) in (tuple, Literal):
        return [annotation], False
    given = get_args(annotation) or [annotation]
    return [one for one in given if one is not NoneType], NoneType in given


def _plain_types(annotation: Any) -> Iterator[Any]:
    inner = [] if get_origin(annotation) is Literal else get_args(annotation)
    if not inner:
        yield annotation
    for one in inner:
        yield from _plain_types(one)


def _reference(kind: Any) -> dict[str, str]:
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _link(kind: Any) -> str:
    return f"[{kind.__name__}](#{kind.__name__.lower()})"
