"""Run functions in processes of their own, some of which kill themselves."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from itertools import count
from multiprocessing import forkserver
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["preloaded"])
TESTS = str(Path(__file__).parent)


def start_apart(work: Callable[..., None], *arguments: Any) -> Callable[[], int | None]:
    """Start ``work`` in a process of its own; return a function that waits for its end and returns its exit code."""
    prepare_processes()
    process = PROCESSES.Process(target=work, args=arguments)
    process.start()

    def wait() -> int | None:
        process.join(60)
        if process.is_alive():
            process.kill()
            pytest.fail("the process was still running after 60 s")
        code = process.exitcode
        process.close()
        return code

    return wait


def prepare_processes() -> None:
    """Start the server that forks the processes, unless it runs."""
    with mock.patch.dict(os.environ, PYTHONPATH=TESTS):  # Python 3.11 and 3.12 do not tell the server sys.path
        forkserver.ensure_running()


def run_apart(work: Callable[..., None], *arguments: Any) -> int | None:
    """Run ``work`` in a process of its own and return its exit code."""
    return start_apart(work, *arguments)()


def kill_this_process(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def patch_and_die(monkeypatch: pytest.MonkeyPatch, target: str, after: bool, call: int = 0) -> None:
    """Make this process kill itself before or after a ``call`` of ``target``, from 0."""
    if not after and call == 0:
        monkeypatch.setattr(target, kill_this_process)
        return
    module, _, name = target.rpartition(".")
    owner, _, inner = module.rpartition(".")
    imported = __import__(owner if inner[0].isupper() else module, fromlist=["x"])
    holder = getattr(imported, inner) if inner[0].isupper() else imported
    original = getattr(holder, name)

    calls = count()

    def work_and_die(*arguments: Any, **named: Any) -> Any:
        last = next(calls) == call
        if last and not after:
            kill_this_process()
        answer = original(*arguments, **named)
        if last:
            kill_this_process()
        return answer

    monkeypatch.setattr(holder, name, work_and_die)
