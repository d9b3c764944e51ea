"""What a command reads does not grow with the length of an episode or the number of episodes: counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from libraries import add_text

from index.storage.store import Store
from pipeline.answers import Place
from pipeline.library import Library

VM_STEPS = 100
"""Instructions of SQLite's virtual machine that are counted as one."""


@dataclass(slots=True)
class Effort:
    """What a piece of work took: calls of Python functions, and hundreds of instructions in the library's file."""

    calls: int = 0
    steps: int = 0


def count_effort(library: Library, work: Callable[[], object]) -> Effort:
    """Do some work on a library, and count what it takes."""
    effort = Effort()

    def count_step() -> None:
        effort.steps += 1

    def count_call(_frame: FrameType, event: str, _argument: Any) -> None:
        effort.calls += event == "call"

    connection = library._store._connection
    connection.set_progress_handler(count_step, VM_STEPS)
    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(None)
        connection.set_progress_handler(None, VM_STEPS)
    return effort


def make_text(words: int) -> str:
    """Sentences of as many words; every hundredth is a rare one."""
    return " ".join("quince" if number % 100 == 50 else f"w{number % 997}" for number in range(words))


@pytest.mark.parametrize("question", ["at", "words", "place"])
def test_a_lookup_takes_the_same_in_an_episode_of_four_times_the_length(tmp_path: Path, question: str) -> None:
    def ask(length: int) -> Effort:
        with Store.open(tmp_path / str(length), create=True) as store:
            add_text(store, "talk", make_text(length))
        time = length * 0.35 / 2
        with Library.open(tmp_path / str(length)) as library:
            asked = {
                "at": lambda: library.at("talk", [time], 2, 2),
                "words": lambda: library.words(Place("talk", time, time + 5)),
                "place": lambda: library.place("talk", time, time + 5),
            }[question]
            asked()  # what is imported and opened by the first call is not counted
            return count_effort(library, asked)

    short, long = ask(8_000), ask(32_000)
    # A binary search over rows of 512 words takes two more steps, each some 30 calls.
    assert long.calls <= short.calls + 200
    assert long.steps <= short.steps + 10
