"""Ctrl-C and SIGTERM: the current windows are saved, the same command resumes, and a second signal stops at once."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from fake_engine import (
    ENGINE,
    GROUP_WINDOWS,
    FakeEngine,
    finish,
    speak,
    start,
    states,
    stored,
    transcribe,
    write_driver,
)

pytestmark = [
    pytest.mark.usefixtures("engine"),
    pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows has other signals"),
]

WINDOWS = 8


def slow_driver(folder: Path, seconds: float) -> Path:
    """An engine that takes long for a group, blocks Python's signal handlers as a model does, and reports its start."""
    setup = f"""
    import ctypes
    def wait(call):
        Path({str(folder)!r}, f"begun-{{os.getpid()}}-{{call}}").touch()
        end = time.monotonic() + {seconds}
        while time.monotonic() < end:
            ctypes.CDLL(None).usleep(int((end - time.monotonic()) * 1e6) + 1)
        Path({str(folder)!r}, f"ended-{{os.getpid()}}-{{call}}").touch()
    engine.before = wait
    """
    return write_driver(folder / "driver.py", folder / "log", setup)


def wait_for(folder: Path, process: subprocess.Popen[str], pattern: str, count: int = 1) -> None:
    while len(list(folder.glob(pattern))) < count:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_group_in_hand_is_saved_and_the_same_command_goes_on(
    number: signal.Signals, tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    files = [speak(tmp_path / "a.wav", WINDOWS), speak(tmp_path / "b.wav", 2, seed=1)]
    transcribe(*files, "--library", tmp_path / "whole")
    windows = list(engine.asked)
    process = start(slow_driver(tmp_path, 0.5), "transcribe", *ENGINE, "--json", *files)
    wait_for(tmp_path, process, "begun-*-1")
    process.send_signal(number)
    run = finish(process)
    assert run.code == 130, run.err
    assert "Ctrl-C again stops at once" in run.err
    assert "the same command resumes from there" in run.err
    assert "Traceback" not in run.err
    assert run.out == ""
    assert len((tmp_path / "log").read_text().splitlines()) == 2 * GROUP_WINDOWS, "it did not begin another"
    assert states(library) == ["transcribing"]
    engine.asked.clear()
    assert [answer["status"] for answer in transcribe(*files).answers] == ["done", "done"]
    assert engine.asked == windows[2 * GROUP_WINDOWS :]
    assert stored(library) == stored(tmp_path / "whole")


def test_a_second_signal_stops_at_once_and_loses_nothing_that_was_saved(
    tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    files = [speak(tmp_path / "a.wav", 1, seed=1), speak(tmp_path / "b.wav", WINDOWS)]
    process = start(slow_driver(tmp_path, 1.0), "transcribe", *ENGINE, "--json", *files)
    wait_for(tmp_path, process, "begun-*-2")
    driver = slow_driver(tmp_path, 60.0)
    process.kill()
    finish(process)
    process = start(driver, "transcribe", *ENGINE, "--json", *files)
    wait_for(tmp_path, process, "begun-*-0", 2)
    ended = set(tmp_path.glob("ended-*"))
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    run = finish(process)
    assert set(tmp_path.glob("ended-*")) == ended, "it did not wait for the group in hand"
    assert run.code == 130, run.err
    assert "the same command resumes from there" in run.err
    assert transcribe(*files).code == 0
    assert len(engine.asked) == WINDOWS - GROUP_WINDOWS
    assert states(library) == ["transcribed"] * 2


def test_a_second_signal_between_two_instructions_ends_in_order(tmp_path: Path) -> None:
    setup = f"""
    def wait(call):
        Path({str(tmp_path)!r}, "begun").touch()
        end = time.monotonic() + 60
        while time.monotonic() < end:
            time.sleep(0.05)
    engine.before = wait
    """
    bad = tmp_path / "bad.mp3"
    bad.write_bytes(b"")
    file = speak(tmp_path / "a.wav", 4)
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", setup)
    process = start(driver, "transcribe", *ENGINE, "--json", bad, file)
    wait_for(tmp_path, process, "begun")
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    run = finish(process)
    assert run.code == 130
    assert [answer["status"] for answer in run.answers] == ["failed"], "the outcomes of the files are printed"


def test_every_process_saves_what_it_has_in_hand(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    files = [speak(tmp_path / f"{name}.wav", WINDOWS, seed) for seed, name in enumerate("abc")]
    driver = slow_driver(tmp_path, 1.0)
    process = start(driver, "transcribe", *ENGINE, "--json", "--jobs", 2, *files)
    wait_for(tmp_path, process, "begun-*-0", 2)
    # To the whole group, as a terminal and a service manager do.
    for child in (*_children(process.pid), process.pid):
        subprocess.run(["kill", "-INT", str(child)], check=False)
    run = finish(process)
    assert run.code == 130, run.err
    assert run.out == "", "no file is called failed for that"
    assert "Traceback" not in run.err
    assert states(library) == ["transcribing"] * 2
    assert transcribe(*files).code == 0
    # Of each of two files, the group in hand was saved.
    assert len(engine.asked) == 3 * WINDOWS - 2 * GROUP_WINDOWS


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]
