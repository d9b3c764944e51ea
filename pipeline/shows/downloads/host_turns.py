"""One request at a time to a host, several hosts at once; a host that asks for it is left alone for a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from audio.errors import try_again
from pipeline.errors import BusyServerError
from pipeline.shows.downloads.patience import CourierClock, clock_time

LONGEST_WAIT = 60.0
"""Seconds that are waited for a host that asked to be left alone; for more, its requests are refused at once."""


class Turns:
    """The hosts of one run; ``now`` returns the time in seconds, from any beginning."""

    def __init__(self, clock: CourierClock, now: Callable[[], float]) -> None:
        self._clock = clock
        self._now = now
        self._guard = Lock()
        self._turns: defaultdict[str, Lock] = defaultdict(Lock)
        self._rests: dict[str, float] = {}

    @contextmanager
    def take(self, host: str) -> Iterator[None]:
        """Context manager: have the turn at a host, when the others had theirs and it has rested.

        Raises BusyServerError if it wants to rest for longer than LONGEST_WAIT.
        """
        with self._guard:
            turn = self._turns[host]
        with turn:
            self._wait_for_rest(host)
            yield

    def rest(self, host: str, seconds: float) -> None:
        """Leave a host alone for some seconds; to be called by the one who has the turn."""
        self._rests[host] = self._now() + seconds

    def _wait_for_rest(self, host: str) -> None:
        left = self._rests.get(host, 0.0) - self._now()
        if left > LONGEST_WAIT:
            now = self._clock.date()
            until = clock_time(now + left, now)
            advice = try_again(f"Try again after {until}.")
            raise BusyServerError(f"{host} asks to be left alone until {until}.", advice, where=host)
        if left > 0:
            self._clock.sleep(left)
