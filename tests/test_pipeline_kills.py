"""A command that is killed at any step and run again gives the library of an uninterrupted run."""

from __future__ import annotations

from pathlib import Path

import pytest
from torture.kills import COMMANDS, try_kills

KILLS = 9
"""Kills of each command; ``make torture`` kills each at every step."""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_command_is_completed_by_the_same_command(command: str, tmp_path: Path) -> None:
    trials = list(try_kills(COMMANDS[command], tmp_path, KILLS))
    assert len(trials) == KILLS
    assert [trial for trial in trials if trial.differing] == []
