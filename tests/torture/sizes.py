"""Large libraries: seconds and operations of the commands on an episode of ten hours, 100,000 cues, 10,000 episodes."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from libraries import make_transcript
from test_sizes import Effort, count_effort

from index.fulltext.maintenance import update_index
from index.storage.store import Store
from index.transcript import Episode
from pipeline.library import Library

ROOT = Path(__file__).parents[2]
TRIES = 5
COMMANDS = ("search", "search of a common word", "at", "list")
VOCABULARY = 20_000
QUINCES = 12
"""How often the word of the first search is in a library of any size: more hits than it shows."""
SECONDS_A_WORD = 0.36


@dataclass(frozen=True, slots=True)
class Measured:
    """A row of the table: median seconds of a whole process, and the ratio of operations from a quarter of the size.

    ``operations`` compares calls of Python functions, and instructions of SQLite, in a process that is warm.
    """

    what: str
    size: str
    seconds: float
    operations: float


@dataclass(frozen=True, slots=True)
class _Size:
    """A library to build: its name, the whole ``number`` of what grows, and a function that builds it with a number."""

    name: str
    number: int
    build: Callable[[Path, int], None]


def run(workspace: Path) -> Iterator[Measured]:
    """Yield the rows for the three libraries, each of which is built at its size and at a quarter of it."""
    for size in SIZES:
        numbers = (size.number // 4, size.number)
        folders = [workspace / f"{size.name} {number}".replace(" ", "-") for number in numbers]
        for folder, number in zip(folders, numbers, strict=True):
            size.build(folder, number)
        for command in COMMANDS:
            small, large = (_effort(folder, command) for folder in folders)
            ratio = (large.calls + large.steps) / max(1, small.calls + small.steps)
            yield Measured(command, f"{size.number} {size.name}", _median_seconds(folders[1], command), ratio)


def _words(count: int, quinces: int = QUINCES) -> list[str]:
    """Words whose frequencies are those of a language, by Zipf's law, and so many times ``quince``."""
    dice = random.Random(count)
    drawn = dice.choices(range(VOCABULARY), [1 / (rank + 3) for rank in range(VOCABULARY)], k=count)
    return [
        "quince" if number % 50 == 10 and number < 50 * quinces else f"w{word}" for number, word in enumerate(drawn)
    ]


def _build_words(folder: Path, count: int) -> None:
    """One episode of so many words in sentences."""
    with Store.open(folder, create=True) as store:
        _add(store, "talk", " ".join(_words(count)))
        update_index(store)


def _build_cues(folder: Path, count: int) -> None:
    """One episode of so many cues of a word, imported from SRT."""
    folder.mkdir(parents=True)
    file = folder.with_suffix(".srt")
    with file.open("w", encoding="utf-8") as cues:
        for number, word in enumerate(_words(count)):
            start = number * SECONDS_A_WORD
            cues.write(f"{number + 1}\n{_clock(start)} --> {_clock(start + 0.3)}\n{word}\n\n")
    with Library.open(folder, create=True) as library:
        library.import_transcripts([file], title="talk")


def _build_episodes(folder: Path, count: int) -> None:
    """So many episodes of 200 words."""
    with Store.open(folder, create=True) as store, store.transaction():
        for number in range(count):
            _add(
                store,
                "talk" if number == 0 else f"talk {number}",
                " ".join(_words(200 + number % 100, number < QUINCES)),
            )
    with Store.open(folder) as store:
        update_index(store)


def _add(store: Store, title: str, text: str) -> None:
    name = title.replace(" ", "-")
    episode = store.add_episode(Episode(name, "Show", title, "2024-05-31", f"{name}.mp3", "registered"))
    store.save_transcript(episode.id, make_transcript(text))


def _clock(seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.gmtime(seconds)) + f",{round(seconds * 1000) % 1000:03}"


SIZES = (
    _Size("words in one episode", 100_000, _build_words),
    _Size("cues in one episode", 100_000, _build_cues),
    _Size("episodes", 10_000, _build_episodes),
)


def _effort(folder: Path, command: str) -> Effort:
    def ask(library: Library) -> object:
        match command:
            case "search":
                return library.search("quince")
            case "search of a common word":
                return library.search("w1")
            case "at":
                return library.at("talk", [20.0])
            case _:
                return library.episodes()

    with Library.open(folder) as library:
        ask(library)
    with Library.open(folder) as library:
        return count_effort(library, lambda: ask(library))


def _median_seconds(folder: Path, command: str) -> float:
    """The median time of a whole process, start included."""
    words: Sequence[str] = {
        "search": ("search", "quince"),
        "search of a common word": ("search", "w1"),
        "at": ("at", "talk", "20"),
    }.get(command, ("list",))
    taken = []
    for _ in range(TRIES):
        began = time.perf_counter()
        program = [sys.executable, "-m", "pipeline.cli.main", *words, "--library", str(folder)]
        subprocess.run(program, cwd=ROOT, capture_output=True, check=True)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
