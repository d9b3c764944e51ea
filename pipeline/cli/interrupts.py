"""Ctrl-C and SIGTERM: the first asks the batch to stop after the current windows, the second stops at once.

Python runs a signal handler only between two bytecode instructions, and a model may decode a group of windows for a
minute in between. So each signal wakes a thread as it arrives (``signal.set_wakeup_fd``): it prints what happens, and
after a second signal it ends the process if the main thread does not.
"""

from __future__ import annotations

import _thread
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.cli.printing import say

STOPPED = 130
"""The exit code of a program that was ended by Ctrl-C: 128 plus the number of SIGINT."""

GRACE_SECONDS = 1.0
"""For an orderly end of the main thread after a second signal; inside a model it cannot end."""

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM") if hasattr(signal, name))


class Stop:
    """Whether the batch has been asked to stop: call it to find out."""

    def __init__(self) -> None:
        self.signals = 0
        self._over = threading.Event()

    def __call__(self) -> bool:
        return self.signals > 0

    def watch(self, wakeups: socket.socket) -> None:
        """Count the signals until the other end of the socket is closed; runs in its own thread."""
        while data := wakeups.recv(64):
            for _ in (number for number in data if number in _SIGNALS):
                self._count()

    def _count(self) -> None:
        self.signals += 1
        if self.signals == 1:
            say("Stopping when the current windows are saved; Ctrl-C again stops at once.")
        elif self.signals == 2:
            _thread.interrupt_main()
            threading.Thread(target=self._end, daemon=True).start()

    def _end(self) -> None:
        if self._over.wait(GRACE_SECONDS):
            return
        if sys.stderr.isatty():
            sys.stderr.write("\x1b[?25h")  # show the cursor, which a bar hides
        say(STOPPED_TEXT)
        sys.stdout.flush()
        for worker in multiprocessing.active_children():
            worker.kill()
        os._exit(STOPPED)

    def handle(self, *_: object) -> None:
        """Handle a signal in the main thread."""
        if self.signals > 1:
            raise KeyboardInterrupt

    def end(self) -> None:
        """Tell the thread that the batch has ended."""
        self._over.set()


STOPPED_TEXT = "Stopped. What was finished is saved; the same command resumes from there."


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Let SIGINT and SIGTERM ask the batch to stop instead of aborting it. For the main thread."""
    stop = Stop()
    ours, wakeups = socket.socketpair()
    ours.setblocking(False)
    thread = threading.Thread(target=stop.watch, args=(wakeups,), daemon=True)
    thread.start()
    before = {number: signal.signal(number, stop.handle) for number in _SIGNALS}
    waker = signal.set_wakeup_fd(ours.fileno(), warn_on_full_buffer=False)
    try:
        yield stop
    finally:
        stop.end()
        signal.set_wakeup_fd(waker)
        for number, handler in before.items():
            signal.signal(number, handler)
        ours.close()
        thread.join()
        wakeups.close()
