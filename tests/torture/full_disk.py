"""Run commands on a disk with little room, and again when there is room: the library of an uninterrupted run.

Everything must be readable with any room, with and without the log of a killed writer. The disks are small file systems
of their own: one in memory, and where the system can make one, one with blocks smaller than a page of memory, on which
writing to shared memory kills a process (SIGBUS) instead of failing.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from fake_engine import airquote
from processes import run_apart
from torture.kills import COMMANDS, describe_library, make_inputs, make_library, open_with_fake_engine
from torture.result import Result

from audio.errors import AirquoteError
from index.storage.store import STORE_NAME, Store

ROOMS = (0, 8, 16, 32, 64, 96, 127, 128, 132, 144, 160, 176, 192, 224, 256, 320, 384, 512, 768)
"""KiB left on the disk."""
READ_ROOMS = (0, 1, 4, 8, 10, 12, 16, 20, 24, 32, 34, 48, 64, 127, 128, 160)
LOGS = ("no log", "a log", "a log alone")
REFUSED = 77
"""The exit code of a command that refused to do its work, with a message."""
READ = (
    ("list",), ("show", "old"), ("at", "old", "3"), ("words", "old", "2", "5"), ("search", "ferry"),
    ("search", "ferry", "--count"), ("locate", "the old ferry left the harbour"), ("export", "old", "-f", "srt"),
)  # fmt: skip

MAKERS: dict[str, Sequence[str]] = {
    "in memory": ("mount -t tmpfs -o size=8m tmpfs {mount}",),
    "blocks of 1 KiB": (
        "truncate -s 8M {image}",
        "mkfs.ext4 -q -F -b 1024 -m 0 -O ^has_journal {image}",
        "mount -o loop {image} {mount}",
    ),
}


def run(workspace: Path, rooms: Sequence[int] = ROOMS, read_rooms: Sequence[int] = READ_ROOMS) -> Iterator[Result]:
    """Yield a result for reading, and one for each command, on each kind of disk that can be mounted here."""
    workspace.mkdir(exist_ok=True)
    inputs = make_inputs(workspace / "inputs")
    base = make_library(workspace / "base", inputs)
    for disk, commands in MAKERS.items():
        with _mounted(workspace, commands) as mount:
            if mount is None:
                yield Result("full disk", disk, 0, 0, "skipped: it cannot be mounted here")
                continue
            yield _read_all(base, mount, disk, read_rooms)
            for name in COMMANDS:
                yield _run_command(name, base, inputs, mount, disk, rooms)


@contextmanager
def _mounted(workspace: Path, commands: Sequence[str]) -> Iterator[Path | None]:
    mount, image = workspace / "disk", workspace / "image"
    mount.mkdir(exist_ok=True)
    try:
        for command in commands:
            words = [word.format(mount=mount, image=image) for word in command.split()]
            subprocess.run(words, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        yield None
        return
    try:
        yield mount
    finally:
        subprocess.run(["umount", str(mount)], check=True, capture_output=True)


def _leave_room(mount: Path, kib: int) -> None:
    """Fill the disk until it refuses more, and free this much of it."""
    filler = mount / "filler"
    with filler.open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(bytes(4096))
        with suppress(OSError):
            os.fsync(file.fileno())
        os.ftruncate(file.fileno(), max(0, os.fstat(file.fileno()).st_size - kib * 1024))
        os.fsync(file.fileno())


def _empty(mount: Path) -> None:
    for path in mount.iterdir():
        if path.name != "lost+found":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


# Reading


def _change_a_title_and_be_killed(folder: Path) -> None:
    with Store.open(folder) as store:
        episode = store.resolve_episode("old")
        store.update_episode(replace(episode, title="The title in the log"))
        os.kill(os.getpid(), signal.SIGKILL)


def _read(folder: Path) -> list[tuple[int, str]]:
    runs = [airquote(*command, "--json", "--library", folder) for command in READ]
    return [(run.code, run.out or run.err) for run in runs]


def _read_apart(folder: Path, expected: list[tuple[int, str]]) -> None:
    for command, one, other in zip(READ, _read(folder), expected, strict=True):
        assert one == other, (command, one)
    checked = airquote("doctor", "--no-repair", "--library", folder)
    assert "Traceback" not in checked.err


def _read_all(base: Path, mount: Path, disk: str, rooms: Sequence[int]) -> Result:
    wrong = []
    for log in LOGS:
        left = shutil.copytree(base, mount.parent / f"{log}, {disk}")
        if log != "no log":
            assert run_apart(_change_a_title_and_be_killed, left) == -signal.SIGKILL
        if log == "a log alone":
            (left / f"{STORE_NAME}-shm").unlink()
        expected = _read(shutil.copytree(left, mount.parent / f"{log}, {disk}, read"))
        for room in rooms:
            folder = shutil.copytree(left, mount / "library")
            _leave_room(mount, room)
            code = run_apart(_read_apart, folder, expected)
            if code != 0:
                wrong.append(f"{room} KiB, {log}: exit code {code}")
            _empty(mount)
    return Result("full disk", f"reading, {disk}", len(LOGS) * len(rooms), len(wrong), wrong[0] if wrong else "")


# Writing


def _try_command(name: str, folder: Path, inputs: Path) -> None:
    try:
        with open_with_fake_engine(folder) as library:
            COMMANDS[name].run(library, inputs)
    except AirquoteError as error:
        assert error.way_out is not None, error
        os._exit(REFUSED)


def _run_command(name: str, base: Path, inputs: Path, mount: Path, disk: str, rooms: Sequence[int]) -> Result:
    whole = shutil.copytree(base, mount.parent / f"whole {name} {disk}")
    assert run_apart(_try_command, name, whole, inputs) == 0
    expected, wrong, refused = describe_library(whole), [], 0
    for room in rooms:
        folder = shutil.copytree(base, mount / "library")
        _leave_room(mount, room)
        code = run_apart(_try_command, name, folder, inputs)
        refused += code == REFUSED
        (mount / "filler").unlink()
        again = run_apart(_try_command, name, folder, inputs)
        found = describe_library(folder)
        differing = [part for part in expected if found[part] != expected[part]]
        if code not in (0, REFUSED) or again != 0 or differing:
            wrong.append(f"{room} KiB: exit codes {code} and {again}, different: {', '.join(differing) or 'nothing'}")
        _empty(mount)
    remark = wrong[0] if wrong else f"refused {refused} times"
    return Result("full disk", f"{name}, {disk}", len(rooms), len(wrong), remark)
