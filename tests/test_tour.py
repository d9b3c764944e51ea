"""The tour: what a newcomer sees in terminals of 60 and 80 columns, held as text that somebody has read."""

from __future__ import annotations

import difflib
import sys

import pytest
import typer
from rich.cells import cell_len
from tour import WIDTHS, file_of, lines_of_tour, record

from pipeline.cli.main import app

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")

WITHOUT_TOUR = {"transcribe", "doctor", "models", "completion", "serve", "mcp"}
"""Commands that need a model, tell of this machine, or serve until they are stopped."""


@pytest.mark.parametrize("columns", WIDTHS)
def test_a_terminal_shows_what_was_read_and_kept(columns: int) -> None:
    kept = file_of(columns).read_text(encoding="utf-8")
    shown = record(columns)
    changes = difflib.unified_diff(kept.splitlines(), shown.splitlines(), "kept", "shown", lineterm="", n=2)
    assert kept == shown, "\n".join(["read the changes, then: make tour", *changes])


@pytest.mark.parametrize("columns", WIDTHS)
def test_nothing_in_the_tour_is_wider_than_the_terminal_but_what_is_never_broken(columns: int) -> None:
    shown = file_of(columns).read_text(encoding="utf-8")
    exported = shown.partition("$ airquote export the-ferry -f srt\n")[2].partition("$ airquote ")[0].splitlines()
    for line in shown.splitlines():
        whole = line.startswith(("$ ", "airquote ")) or "/" in line or "-->" in line
        in_a_file = line in exported
        assert cell_len(line) <= columns or whole or in_a_file, line


def test_the_tour_has_forty_commands_and_each_of_the_help() -> None:
    assert len(lines_of_tour()) >= 40
    used = {line.split()[1] for line in lines_of_tour() if " " in line}
    assert set(typer.main.get_command(app).commands) - used <= WITHOUT_TOUR  # type: ignore[attr-defined]
