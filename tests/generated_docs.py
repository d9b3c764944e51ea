"""The generated parts of the documentation: README's commands, the architecture's modules, the Python reference.

Run as a program it writes them; tests/test_docs.py fails if they differ from what it would write.
"""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import airquote
from typer.main import get_command

from pipeline.cli.main import app

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PYTHON = ROOT / "docs" / "python.md"
LAYERS = ("audio", "index", "pipeline")


def command_table() -> str:
    """A row for each command: how it is called, its help, and its options."""
    rows = ["| command | what it does |", "|---|---|"]
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        arguments = " ".join(
            parameter.metavar if parameter.required else f"[{parameter.metavar}]"
            for parameter in command.params
            if parameter.param_type_name == "argument"
        )
        options = ", ".join(
            f"`{max(parameter.opts, key=len)}`"
            for parameter in command.params
            if parameter.param_type_name == "option" and parameter.name not in ("library", "as_json", "_verbose")
        )
        call = f"airquote {name} {arguments}".strip().replace("|", "\\|")
        rows.append(f"| `{call}` | {command.help} {f'Options: {options}.' if options else ''} |".replace("  |", " |"))
    return "\n".join(rows)


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
    """What a Python program uses, by docstrings: the facade's methods, the values, the functions and the errors."""
    names = {name: getattr(airquote, name) for name in airquote.__all__}
    classes = {name: one for name, one in names.items() if inspect.isclass(one)}
    errors = {name: one for name, one in classes.items() if issubclass(one, Exception)}
    values = {name: one for name, one in classes.items() if name not in errors and name != "Library"}
    others = {name: one for name, one in names.items() if name not in classes}
    parts = [inspect.getdoc(airquote) or "", "## Library", inspect.getdoc(airquote.Library) or ""]
    parts += [
        _describe_function(f"Library.{name}", one) for name, one in vars(airquote.Library).items() if name[0] != "_"
    ]
    parts += ["## Values", *(_describe_class(name, one) for name, one in values.items())]
    parts += ["## Functions and types", *(_describe_other(name, one) for name, one in others.items())]
    parts += [
        "## Errors",
        *(f"**{name}** ({one.__bases__[0].__name__}): {inspect.getdoc(one)}" for name, one in errors.items()),
    ]
    return "\n\n".join(parts).replace("``", "`")


def _describe_function(name: str, function: Any) -> str:
    if isinstance(function, property):
        return f"### `{name}`\n\n{inspect.getdoc(function)}"
    function = inspect.unwrap(getattr(function, "__func__", function))
    signature = re.sub(r"^\((?:self|cls)(?:, )?", "(", str(inspect.signature(function)).replace("'", ""))
    signature = re.sub(r"<function [^>]*>|\w+\([^()]*=[^()]*\)(?=[,)])", "...", signature)  # values that say nothing
    return f"### `{name.removesuffix('.__init__')}{signature}`\n\n{inspect.getdoc(function)}"


def _describe_class(name: str, value: Any) -> str:
    text = f"### `{name}`\n\n{inspect.getdoc(value)}"
    if is_dataclass(value):
        rows = [f"| `{field.name}` | `{str(field.type).replace('|', chr(92) + '|')}` |" for field in fields(value)]
        text += "\n\n" + "\n".join(["| field | type |", "|---|---|", *rows])
    return text


def _describe_other(name: str, value: Any) -> str:
    if inspect.isfunction(value):
        return _describe_function(name, value)
    shown = re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(value))
    return f"### `{name}`\n\n`{shown}`"


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


def expected_documents() -> dict[Path, str]:
    """Each document with generated parts, with their current content."""
    return {
        README: with_generated_part(README.read_text(encoding="utf-8"), "commands", command_table()),
        ARCHITECTURE: with_generated_part(ARCHITECTURE.read_text(encoding="utf-8"), "modules", module_list()),
        PYTHON: f"# airquote from Python\n\n{python_reference()}\n",
    }


if __name__ == "__main__":
    for path, text in expected_documents().items():
        path.write_text(text, encoding="utf-8")
