"""The generated parts of the documentation: README's table of commands, the architecture's list of modules.

Run as a program it writes them; tests/test_docs.py fails if they differ from what it would write.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from typer.main import get_command

from pipeline.cli.main import app

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
LAYERS = ("audio", "index", "pipeline")


def command_table() -> str:
    """A row for each command: how it is called, and the first sentence of its help."""
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
            if parameter.param_type_name == "option" and parameter.name not in ("library", "as_json")
        )
        call = f"airquote {name} {arguments}".strip().replace("|", "\\|")
        rows.append(f"| `{call}` | {command.help} {f'Options: {options}.' if options else ''} |".replace("  |", " |"))
    return "\n".join(rows)


def module_list() -> str:
    """A table for each room of each layer: every module with the first sentence of its docstring."""
    parts = []
    rooms = [room for layer in LAYERS for room in sorted((ROOT / layer).rglob("__init__.py"))]
    for room in rooms:
        modules = sorted(room.parent.glob("*.py"))
        parts.append(f"### `{room.parent.relative_to(ROOT)}/`: {_first_sentence(room)}\n")
        parts.append("| module | what it holds |\n|---|---|")
        parts += [
            f"| `{path.name}` | {_first_sentence(path)} |".replace("|)", ")") for path in modules if path.stem[0] != "_"
        ]
        parts.append("")
    return "\n".join(parts).rstrip()


def _first_sentence(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(text.split("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")
    return re.split(r"(?<=[.?!])\s+(?=[A-Z])", paragraph)[0].rstrip(".")


def with_generated_part(text: str, name: str, content: str) -> str:
    """``text`` with what stands between the marks of that name replaced."""
    begin, end = f"<!-- generated: {name} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the marks {begin} and {end} are not both there")
    return f"{before}{begin}\n{content}\n{end}{after}"


def expected_documents() -> dict[Path, str]:
    """Each document with generated parts, as it should be."""
    return {
        README: with_generated_part(README.read_text(encoding="utf-8"), "commands", command_table()),
        ARCHITECTURE: with_generated_part(ARCHITECTURE.read_text(encoding="utf-8"), "modules", module_list()),
    }


if __name__ == "__main__":
    for path, text in expected_documents().items():
        path.write_text(text, encoding="utf-8")
