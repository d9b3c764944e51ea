"""A command that is killed at any step and run again gives the library of an uninterrupted run."""

from __future__ import annotations

from pathlib import Path

import pytest
from torture.kills import COMMANDS, try_kills

KILLS, KILLS_OF_VOICES = 9, 25
"""Kills of each command; ``make torture`` kills each at every step."""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_command_is_completed_by_the_same_command(command: str, tmp_path: Path) -> None:
    kills = KILLS_OF_VOICES if command == "voices" else KILLS
    trials = list(try_kills(COMMANDS[command], tmp_path, kills))
    assert len(trials) == kills
    assert [trial for trial in trials if trial.differing] == []
