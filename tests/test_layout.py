"""Rules of the layout: few modules in a room, unique file names, a docstring for each room and module."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from generated_docs import LAYERS, ROOT

MODULES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]
ROOMS = sorted({path.parent for path in MODULES if path.name == "__init__.py"})
COMMANDS = ROOT / "pipeline" / "cli"
"""One file per command, named like the command."""
IMPORT_NAME = ROOT / "pipeline" / "python" / "airquote"
"""The package that Python programs import; its docstring introduces the reference."""
NAMES_OF_MANY_ROOMS = {"__init__.py", "errors.py"}
"""File names that several rooms may have: each layer has its branch of the error tree."""
MOST_MODULES = 15
MOST_LINES = 450
"""More than the 400 lines from which a file probably has two concerns."""


def name_of(path: Path) -> str:
    """A path relative to the root."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_says_what_it_holds_and_is_not_endless(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert text.startswith('"""')
    assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("room", [room for room in ROOMS if room != IMPORT_NAME], ids=name_of)
def test_a_room_says_in_one_sentence_what_it_is_for(room: Path) -> None:
    told = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert told is not None
    assert re.fullmatch(r"[A-Z].*[^.?!]\.", told), "one line that ends with a full stop"
    assert not re.search(r"[.?!]\s+[A-Z]", told), "one sentence"


@pytest.mark.parametrize("room", [room for room in ROOMS if room != COMMANDS], ids=name_of)
def test_a_room_holds_few_modules(room: Path) -> None:
    modules = [path.name for path in room.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES, sorted(modules)


def test_every_module_stands_in_a_room() -> None:
    assert {path.parent for path in MODULES} == set(ROOMS)


def test_no_file_name_stands_twice() -> None:
    counts = Counter(path.name for path in MODULES if path.parent != COMMANDS)
    assert {name for name, count in counts.items() if count > 1} <= NAMES_OF_MANY_ROOMS


def test_a_class_name_stands_for_one_thing() -> None:
    classes = Counter(
        node.name.lstrip("_")
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    assert len(classes) > 100
    assert [name for name, times in classes.items() if times > 1] == []
