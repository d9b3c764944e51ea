"""Work done in processes of their own, some of which kill themselves."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["hypothesis", "index.search", "index.upkeep", "pytest"])


def start_apart(work: Callable[..., None], *arguments: Any) -> Callable[[], int | None]:
    """Starts ``work`` in a process of its own; gives what waits for its end and tells its exit code."""
    process = PROCESSES.Process(target=work, args=arguments)
    process.start()

    def wait() -> int | None:
        process.join(60)
        code = process.exitcode
        process.close()
        return code

    return wait


def run_apart(work: Callable[..., None], *arguments: Any) -> int | None:
    """The exit code of ``work`` done in a process of its own."""
    return start_apart(work, *arguments)()


def kill_this_process(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
