"""The documentation is up to date: the generated parts, and the files that the rest names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from generated_docs import ARCHITECTURE, PYTHON, README, ROOT, expected_documents


@pytest.mark.parametrize("path", [README, ARCHITECTURE, PYTHON], ids=lambda path: path.name)
def test_generated_parts_are_what_would_be_generated_now(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == expected_documents()[path], "run: make docs"


def test_every_command_of_the_readme_exists() -> None:
    from typer.main import get_command

    from pipeline.cli.main import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"^\$ airquote ([a-z]+)", README.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert named and named <= known


def test_the_readme_does_not_deny_what_a_command_does() -> None:
    text = README.read_text(encoding="utf-8")
    (missing,) = re.findall(r"^## What it does not do yet\n(.*?)^## ", text, flags=re.MULTILINE | re.DOTALL)
    done = {"verify": "quotation", "locate": "word for word", "clip": "sound file", "import": "subtitle"}
    assert [command for command, subject in done.items() if subject in missing] == []


def test_the_readme_and_the_makefile_give_the_environment_one_size() -> None:
    stated = [re.findall(r"about ([\d.]+) GB", (ROOT / name).read_text("utf-8")) for name in ("README.md", "Makefile")]
    assert len(stated[0]) == 1
    assert stated[0] == stated[1]
