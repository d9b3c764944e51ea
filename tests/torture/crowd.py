"""Many processes at once on one library: import, transcribe, remove and search, then everything is there once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from processes import start_apart
from torture.kills import OPTIONS, make_inputs, open_with_fake_engine
from torture.result import Result

from audio.errors import AirquoteError
from index.fulltext.maintenance import check_index, update_index
from index.storage.store import Store

PROCESSES = 6
EXPECTED = ("There is no episode", "is being transcribed or removed", "There is no library")
"""Errors that follow from what other processes did before."""


def work(folder: Path, inputs: Path, seed: int) -> None:
    """Do twelve things in an order drawn at random, as one of many processes."""
    dice = random.Random(seed)
    files = sorted(inputs.glob("*.srt"))
    sounds = sorted(inputs.glob("*.wav"))
    with open_with_fake_engine(folder, create=True) as library:
        for _ in range(12):
            try:
                match dice.choice(("import", "import with sound", "transcribe", "search", "list", "remove")):
                    case "import":
                        library.import_transcripts(dice.sample(files, 3))
                    case "import with sound":
                        library.import_transcripts([dice.choice(files)], audio=dice.choice(sounds))
                    case "transcribe":
                        library.transcribe(dice.sample(sounds, 2), OPTIONS)
                    case "search":
                        library.search("ferry OR storm OR bar*")
                    case "list":
                        library.episodes()
                    case "remove":
                        library.remove("secret")
            except AirquoteError as error:
                if not any(part in str(error) for part in EXPECTED):
                    raise


def run(workspace: Path, rounds: int, seed: int = 0) -> Iterator[Result]:
    """Yield the result of ``rounds`` rounds, each in a new library."""
    workspace.mkdir(exist_ok=True)
    inputs = make_inputs(workspace / "inputs")
    wrong = []
    for number in range(rounds):
        folder = workspace / str(number)
        waiting = [start_apart(work, folder, inputs, seed * 1000 + number * 100 + one) for one in range(PROCESSES)]
        codes = [wait() for wait in waiting]
        faults = [f"exit codes {codes}"] if any(codes) else []
        finish_all(folder, inputs)
        faults += find_faults(folder, len(list(inputs.glob("*.srt"))))
        wrong += [f"round {number}: {fault}" for fault in faults[:1]]
    remark = wrong[0] if wrong else f"{PROCESSES} processes, each 12 commands"
    yield Result("crowd", "processes on one library", rounds, len(wrong), remark)


def finish_all(folder: Path, inputs: Path) -> None:
    """Import everything once more, so that all is expected to be there."""
    with open_with_fake_engine(folder, create=True) as library:
        library.import_transcripts(sorted(inputs.glob("*.srt")))


def find_faults(folder: Path, transcripts: int) -> list[str]:
    """Return what is wrong in the library: damage, an import that is missing or there twice, words that are missing."""
    with Store.open(folder) as store:
        update_index(store)
        episodes = store.episodes()
        imported = [
            Path(one.source).name for one in episodes if one.state == "imported" and one.source.endswith(".srt")
        ]
        faults = [*store.check(), *check_index(store)]
        faults += [f"{one.id} is {one.state}" for one in episodes if one.state not in ("imported", "transcribed")]
        if len(imported) != len(set(imported)) or len(imported) != transcripts:
            faults.append(f"imported: {sorted(imported)}")
        if store.removals():
            faults.append("a removal is not finished")
    return faults
