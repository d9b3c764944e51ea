"""What a command reads does not grow with the length of an episode or the number of episodes: counted, not timed."""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from libraries import add_text

from index.fulltext.maintenance import update_index
from index.storage.store import Store
from pipeline.answers import Place, SearchOptions
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

    def count_call(frame: FrameType, event: str, _argument: Any) -> None:
        effort.calls += event == "call" and frame.f_code is not count_step.__code__

    connection = library._store._connection
    connection.set_progress_handler(count_step, VM_STEPS)
    gc.disable()  # what it collects, of other tests too, calls functions
    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
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
            questions: dict[str, Callable[[], object]] = {
                "at": lambda: library.at("talk", [time], 2, 2),
                "words": lambda: library.words(Place("talk", time, time + 5)),
                "place": lambda: library.place("talk", time, time + 5),
            }
            questions[question]()  # what is imported and opened by the first call is not counted
            return count_effort(library, questions[question])

    short, long = ask(8_000), ask(32_000)
    # A binary search over rows of 512 words takes two more steps, each some 30 calls.
    assert long.calls <= short.calls + 200
    assert long.steps <= short.steps + 10


def search_effort(folder: Path, query: str, options: SearchOptions) -> Effort:
    """What a search takes in a process that has imported everything, with opening store and index."""
    with Library.open(folder) as library:
        library.search(query, options)
    with Library.open(folder) as library:
        return count_effort(library, lambda: library.search(query, options))


def make_episodes(folder: Path, episodes: int) -> Path:
    """A library of short episodes, of which twelve have the word quince and four are of the show ``Fruit``."""
    with Store.open(folder, create=True) as store:
        for number in range(episodes):
            rare = "quince" if number < 12 else "apple"
            add_text(
                store, f"talk {number} of {rare}s", f"here is {rare} number {number} " * 10,
                show="Fruit" if number < 4 else "News", published=f"2020-01-{number % 28 + 1:02}",
            )  # fmt: skip
        update_index(store)
    return folder


@pytest.fixture(scope="module")
def small_and_large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Libraries of 40 and of 160 episodes, whose transcripts have the same numbers in every run: they order draws."""
    folder = tmp_path_factory.mktemp("sizes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.storage.store.secrets.randbits", random.Random(4).getrandbits)
        return make_episodes(folder / "small", 40), make_episodes(folder / "large", 160)


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("quince", SearchOptions()),
        ("quince", SearchOptions(sort="date", context=2)),
        ("quince show:fruit", SearchOptions()),
        ("quince title:quinces", SearchOptions(limit=None)),
        ("quince", SearchOptions(since="2020-01-02", episode="talk-2-of-quinces")),
        ("nonesuch", SearchOptions()),
        ("here", SearchOptions(sort="date")),  # in every episode
    ],
)
def test_a_search_takes_the_same_among_four_times_as_many_episodes(
    small_and_large: tuple[Path, Path], query: str, options: SearchOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Hits are counted up to a number of passages, and estimated from a number of draws; here from few.
    monkeypatch.setattr("index.search.searcher.COUNTED_PASSAGES", 12)
    monkeypatch.setattr("index.search.searcher.MOST_DRAWN", 8)
    monkeypatch.setattr("index.search.estimates._BATCH", 8)
    small, large = (search_effort(folder, query, options) for folder in small_and_large)
    # A few calls more are for the segments of the index, whose number is that of an index of this size. Each episode is
    # looked at once where dates are asked for, to say if none has such a date, and where nothing is found, to say if a
    # title, a chapter or notes have it: 0.2 to 0.5 s of 10,000.
    looked_at = 20 if options.since else 55 if query == "nonesuch" else 0
    assert large.calls <= small.calls + 60 + 120 * looked_at
    # Numbers, dates and titles are read of every episode, by SQLite alone.
    read = 120 if options.since else 160 if query == "nonesuch" else 80
    assert large.steps * VM_STEPS <= small.steps * VM_STEPS + 120 * read


LONG_PHRASE = " ".join(f"p{number}" for number in range(40))
"""More words than two passages share, said once."""


@pytest.fixture(scope="module")
def short_and_long(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Libraries of one episode, of 24,000 and of 96,000 words; twelve of them are quinces, in the first half."""
    folder = tmp_path_factory.mktemp("lengths")
    for length in (24_000, 96_000):
        words = [f"w{number % 997}" for number in range(length)]
        for number in range(12):
            words[number * 1_000] = "quince"
        words[500:540] = LONG_PHRASE.split()
        with Store.open(folder / str(length), create=True) as store:
            add_text(store, "talk", " ".join(words))
            update_index(store)
    return folder / "24000", folder / "96000"


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("quince", SearchOptions(context=3)),
        ("quince w1 w2", SearchOptions(limit=None)),
        ("quinze", SearchOptions(fuzzy=True)),
        (f'"{LONG_PHRASE}"', SearchOptions()),
    ],
)
def test_a_search_takes_the_same_in_an_episode_of_four_times_the_length(
    short_and_long: tuple[Path, Path], query: str, options: SearchOptions
) -> None:
    short, long = (search_effort(folder, query, options) for folder in short_and_long)
    assert long.calls <= 1.5 * short.calls
    assert long.steps <= short.steps + 10


def test_many_hits_of_a_long_episode_are_read_with_their_sentences_alone(short_and_long: tuple[Path, Path]) -> None:
    short, long = (search_effort(folder, "w7", SearchOptions(limit=24)) for folder in short_and_long)
    assert long.steps <= 2 * short.steps


def test_a_list_of_four_times_as_many_episodes_takes_four_times_as_much(small_and_large: tuple[Path, Path]) -> None:
    efforts = []
    for folder in small_and_large:
        with Library.open(folder) as library:
            library.episodes()
            efforts.append(count_effort(library, library.episodes))
    # Some twenty calls and sixty instructions an episode: its row of the table, with each value checked.
    assert efforts[1].calls <= efforts[0].calls + 120 * 24
    assert efforts[1].steps * VM_STEPS <= efforts[0].steps * VM_STEPS + 120 * 120
