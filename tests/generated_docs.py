"""The generated documentation: README's commands, the modules, the Python reference, the rows, the manual page.

Run as a program it writes them; tests/test_docs.py fails if they differ from what it would write.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import airquote
from generated_schema import JSON, SCHEMA, row_reference, schema_text
from typer.main import get_command

from pipeline.cli.help_pages import all_commands
from pipeline.cli.main import app
from pipeline.cli.manual import write_manual

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PYTHON = ROOT / "docs" / "python.md"
MANUAL = ROOT / "docs" / "airquote.1"
LAYERS = ("audio", "index", "pipeline")


def command_table() -> str:
    """A row for each command: how it is called, its help, and its options."""
    rows = ["| command | what it does |", "|---|---|"]
    for name, command in all_commands(get_command(app)).items():
        arguments = " ".join(
            parameter.metavar if parameter.required else f"[{parameter.metavar}]"
            for parameter in command.params
            if parameter.param_type_name == "argument"
        )
        options = ", ".join(
            f"`{max(parameter.opts, key=len)}`"
            for parameter in command.params
            if parameter.param_type_name == "option"
            and parameter.name not in ("library", "as_json", "as_csv", "as_tsv", "_verbose")
        )
        call = f"airquote {name} {arguments}".strip().replace("|", "\\|")
        rows.append(f"| `{call}` | {command.help} {f'Options: {options}.' if options else ''} |".replace("  |", " |"))
    return "\n".join(rows)


def manual_page() -> str:
    """The manual page of the whole program."""
    command = get_command(app)
    return write_manual(command.context_class(command, info_name="airquote", help_option_names=["-h", "--help"]))


def module_list() -> str:
    """A table for each room of each layer: every module with the first sentence of its docstring."""
    parts = []
    rooms = [room for layer in LAYERS for room in sorted((ROOT / layer).rglob("__init__.py"))]
    for room in rooms:
        modules = sorted(path for path in room.parent.glob("*.py") if path.stem[0] != "_")
        parts.append(f"### `{room.parent.relative_to(ROOT)}/`: {_first_sentence(room)}\n")
        if modules:
            parts.append("| module | what it holds |\n|---|---|")
            parts += [f"| `{path.name}` | {_first_sentence(path)} |".replace("|)", ")") for path in modules]
            parts.append("")
    return "\n".join(parts).rstrip()


def python_reference() -> str:
    """What a Python program uses, by docstrings: the facade's methods, the values in their order there, the errors."""
    names = {name: getattr(airquote, name) for name in airquote.__all__}
    errors = {name: one for name, one in names.items() if inspect.isclass(one) and issubclass(one, Exception)}
    functions = {name: one for name, one in names.items() if inspect.isfunction(one)}
    values = {name: one for name, one in names.items() if name not in (*errors, *functions, "Library")}
    example = re.findall(r"```python\n.*?```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    parts = [inspect.getdoc(airquote) or "", *example, "## Library", inspect.getdoc(airquote.Library) or ""]
    for heading, methods in library_methods().items():
        parts += [f"### {heading}", *(_describe_function("####", f"Library.{name}", one) for name, one in methods)]
    parts += ["## Functions", *(_describe_function("###", name, one) for name, one in functions.items())]
    parts += ["## Values", "In the order in which the methods above name them. Times are seconds."]
    parts += [_describe_value(name, values[name]) for name in _in_order_of_use(values)]
    parts += ["## Errors", "Each with its base class in brackets; the first is the base class of all."]
    parts += [f"**{name}** ({one.__bases__[0].__name__}): {inspect.getdoc(one)}" for name, one in errors.items()]
    return re.sub(r"(?<!`)``(?!`)", "`", "\n\n".join(parts))


def types_of_value(value: Any) -> dict[str, str]:
    """The type of each field and property of a value, as it is written; of a type alias, its definition."""
    if not inspect.isclass(value):
        return {"": re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(value))}
    shown = {field.name: str(field.type) for field in fields(value)} if is_dataclass(value) else {}
    return shown | {name: _returned(one) for name, one in vars(value).items() if isinstance(one, property)}


def types_of_method(function: Any) -> list[str]:
    """The types of its parameters and of what it returns, as they are written."""
    return list(_function_of(function).__annotations__.values())


def library_methods() -> dict[str, list[tuple[str, Any]]]:
    """The public methods of the library, by its families of verbs, which their docstrings name."""
    *families, opening = airquote.Library.__mro__[1:-1]
    return {
        (inspect.getdoc(one) or "").rstrip("."): [(name, verb) for name, verb in vars(one).items() if name[0] != "_"]
        for one in (opening, *families)
    }


def _in_order_of_use(values: dict[str, Any]) -> list[str]:
    """The names of the values: as methods take and return them, each followed by the values that it is made of."""
    ordered: list[str] = []

    def add(types: Iterable[str]) -> None:
        for name in re.findall(r"\w+", " ".join(types)):
            if name in values and name not in ordered:
                ordered.append(name)
                add(types_of_value(values[name]).values())

    for methods in library_methods().values():
        for _, method in methods:
            add(types_of_method(method))
    return [*ordered, *(name for name in values if name not in ordered)]


def _function_of(method: Any) -> Any:
    return inspect.unwrap(getattr(method, "__func__", method))


def _returned(one: property) -> str:
    return str(one.fget.__annotations__["return"])


class _Verbatim:
    """Shown in a signature as this text, without the quotation marks of a string."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _describe_function(level: str, name: str, method: Any) -> str:
    signature = inspect.signature(_function_of(method))
    parameters = [
        one.replace(annotation=_Verbatim(one.annotation), default=_default(one.default))
        for one in signature.parameters.values()
        if one.name not in ("self", "cls")
    ]
    returned = f" -> {signature.return_annotation}"
    call = f"{name}({', '.join(map(str, parameters))}){returned}"
    if len(call) > 100:
        shown = [str(one) for one in parameters]
        first_named = next((n for n, one in enumerate(parameters) if one.kind is one.KEYWORD_ONLY), None)
        if first_named is not None:
            shown.insert(first_named, "*")
        call = "\n".join([f"{name}(", *(f"    {one}," for one in shown), f"){returned}"])
    elif any(one.kind is one.KEYWORD_ONLY for one in parameters):
        call = f"{name}{inspect.Signature(parameters)}{returned}"
    return f"{level} {name}\n\n```\n{call}\n```\n\n{inspect.getdoc(method)}"


def _default(value: Any) -> Any:
    if is_dataclass(value):
        return _Verbatim(f"{type(value).__name__}()")
    return _Verbatim(value.__name__) if inspect.isfunction(value) else value


def _describe_value(name: str, value: Any) -> str:
    if not inspect.isclass(value):
        text = _docstring_after(name)
        return f"### {name}\n\n```\n{name} = {types_of_value(value)['']}\n```" + (f"\n\n{text}" if text else "")
    text = f"### {name}\n\n{inspect.getdoc(value)}"
    if is_dataclass(value):
        text += "\n\n| field | type |\n|---|---|\n" + "\n".join(map(_field_row, fields(value)))
    properties = [
        f"`{key}` (`{_returned(one)}`): {inspect.getdoc(one)}"
        for key, one in vars(value).items()
        if isinstance(one, property) and key not in _INTERNAL and is_dataclass(value)
    ]
    return "\n\n".join([text, *properties])


_INTERNAL = {"asked", "recipe", "is_resolved", "answer"}
"""Properties with which airquote stores, resolves and prints values; a program does not need them."""


def _field_row(field: Any) -> str:
    default = "" if field.default is MISSING else f" = {_default(field.default)!r}"
    return f"| `{field.name}` | `{field.type}{default}` |".replace(" | ", " \\| ").replace("` \\| `", "` | `")


def _docstring_after(name: str) -> str:
    """The string after the definition of a type alias."""
    for module in (path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))):
        body = ast.parse(module.read_text(encoding="utf-8")).body
        for statement, following in pairwise(body):
            defined = isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name
            if defined and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                return inspect.cleandoc(str(following.value.value))
    return ""


def _first_sentence(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(text.split("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")
    return re.split(r"(?<=[.?!])\s+(?=[A-Z])", paragraph)[0].rstrip(".")


def with_generated_part(text: str, name: str, content: str) -> str:
    """Replace what is between the marks of that name in ``text``."""
    begin, end = f"<!-- generated: {name} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the marks {begin} and {end} are not both present")
    return f"{before}{begin}\n{content}\n{end}{after}"


@cache
def expected_documents() -> dict[Path, str]:
    """Each document with generated parts, with their current content."""
    return {
        README: with_generated_part(README.read_text(encoding="utf-8"), "commands", command_table()),
        ARCHITECTURE: with_generated_part(ARCHITECTURE.read_text(encoding="utf-8"), "modules", module_list()),
        PYTHON: f"# airquote from Python\n\n{python_reference()}\n",
        MANUAL: manual_page(),
        JSON: with_generated_part(JSON.read_text(encoding="utf-8"), "rows", row_reference()),
        SCHEMA: schema_text(),
    }


if __name__ == "__main__":
    for path, text in expected_documents().items():
        path.write_text(text, encoding="utf-8")
