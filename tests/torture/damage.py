"""Damage the files of a library at random, and run commands on it: a clear error or the right answer, never another.

Of the database the words and times are compared, which have a checksum in each row; a changed letter in a title cannot
be noticed. An index whose files changed is rebuilt, and gives the same answer; if their times did not change, it may
miss places until ``doctor`` reads all of it, but invents none.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fake_engine import Run, airquote
from torture.kills import make_inputs, make_library
from torture.result import Result

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("search", "ferry", "--limit", "100"),
    ("search", '"the old ferry"'),
    ("search", "harbor", "--fuzzy"),
    ("at", "old", "3"),
    ("words", "old", "2", "5"),
    ("show", "old"),
    ("export", "old", "--format", "srt"),
    ("list",),
    ("locate", "the old ferry left the harbour"),
    ("doctor", "--no-repair"),
)
KINDS = ("flip", "cut", "zeros", "noise", "swap")


def run(workspace: Path, tries: int, seed: int = 0) -> Iterator[Result]:
    """Yield a result for the database and one for the index, of ``tries`` damaged copies each."""
    workspace.mkdir(exist_ok=True)
    library = make_library(workspace / "library", make_inputs(workspace / "inputs"))
    right = {command: _run(command, library) for command in COMMANDS}
    for part in ("database", "index"):
        dice, wrong, answered = random.Random(f"{part} {seed}"), [], 0
        for attempt in range(tries):
            copy = shutil.copytree(library, workspace / "copy")
            files = [copy / "airquote.db"] if part == "database" else _files(copy / "index")
            file, kind = dice.choice(files), dice.choice(KINDS)
            kept_times = part == "database" or dice.random() < 0.5
            damage_file(file, kind, dice, kept_times)
            command = COMMANDS[attempt % len(COMMANDS)]
            found = _run(command, copy)
            answered += found.code in (0, 1)
            fault = judge(found, right[command], whole=not kept_times)
            if fault:
                wrong.append(f"{file.name}, {kind}, attempt {attempt}: {' '.join(command)}: {fault}")
            shutil.rmtree(copy)
        yield Result("damage", part, tries, len(wrong), wrong[0] if wrong else f"{answered} answered, the rest refused")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def _run(command: tuple[str, ...], library: Path) -> Run:
    return airquote(*command, "--json", "--library", library)


def damage_file(file: Path, kind: str, dice: random.Random, kept_times: bool) -> None:
    """Change a file as a disk does, which keeps its times, or as a program does."""
    status = file.stat()
    data = bytearray(file.read_bytes())
    place = dice.randrange(len(data))
    length = dice.choice((1, 16, 4096))
    match kind:
        case "flip":
            data[place] ^= 1 << dice.randrange(8)
        case "cut":
            del data[place:]
        case "zeros":
            data[place : place + length] = bytes(len(data[place : place + length]))
        case "noise":
            data[place : place + length] = dice.randbytes(len(data[place : place + length]))
        case "swap":
            half = len(data) // 2
            data[:half], data[half : 2 * half] = data[half : 2 * half], data[:half]
    file.write_bytes(data)
    if kept_times:
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def judge(found: Run, right: Run, *, whole: bool) -> str | None:
    """Return what is wrong with an answer from a damaged library, None if nothing is.

    ``whole``: it must be the answer of the undamaged one; else it may lack some of it, or refuse.
    """
    if "Traceback" in found.err or found.code not in (0, 1, 2, 3, 4):
        return f"exit code {found.code}: {found.err[-300:]}"
    if whole and not right.answers[0].get("check"):  # doctor reports the damage
        return None if found.code == right.code and _spoken(found) == _spoken(right) else "another answer"
    if found.code > 1:
        return None if found.err.strip() or found.out.strip() else "no reason given"
    extra = [one for one in _spoken(found) if one not in _spoken(right)]
    return f"not in the undamaged library: {extra[0]}" if extra else None


def _spoken(run: Run) -> list[Any]:
    """What an answer says was spoken, and when."""
    answers: list[dict[str, Any]] = [json.loads(line) for line in run.out.splitlines() if line.startswith("{")]
    return [
        [one.get(key) for key in ("start", "end", "text", "said")] for one in answers if "start" in one or "text" in one
    ]
