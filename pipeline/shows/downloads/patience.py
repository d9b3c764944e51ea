"""How long to wait before a server is asked again: back-off with jitter, and what Retry-After asks for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.errors import AddressError, BusyServerError

FIRST_WAIT = 1.0
"""Seconds before the second attempt; each further wait is twice as long."""
ATTEMPTS = 5
"""Attempts in a row without gaining a byte: with four waits of 15 seconds in all."""
MOST_ATTEMPTS = 100
"""Attempts in all: a connection that is cut ten times is common, one that is cut after every few bytes is hopeless."""
MOST_SECONDS = 120.0
"""No further attempt is made when one errand has taken so long without gaining a byte."""
LONGEST_REST = 24 * 3600.0
"""Seconds: what a server asks for beyond it is a mistake."""


@dataclass(frozen=True, slots=True)
class CourierClock:
    """The functions that ``sleep`` and tell the ``date`` in seconds since 1970, and ``jitter`` from 0 to 1."""

    sleep: Callable[[float], object] = time.sleep
    date: Callable[[], float] = time.time
    jitter: Callable[[], float] = random.random


class Patience:
    """The attempts of one errand; ``now`` returns the time in seconds, from any beginning."""

    def __init__(self, clock: CourierClock, now: Callable[[], float]) -> None:
        self._clock = clock
        self._now = now
        self._began = now()
        self._in_a_row = 0
        self._in_all = 0

    def wait_after(self, error: AddressError, gained: bool = False) -> None:
        """Wait until the next attempt after one that failed with ``error``; ``gained`` is whether it brought bytes.

        Raises ``error`` if it would be there the next time too, or enough attempts were made.
        """
        if gained:
            self._began, self._in_a_row = self._now(), 0
        self._in_a_row += 1
        self._in_all += 1
        wait = FIRST_WAIT * 2.0 ** (self._in_a_row - 1) * (0.5 + self._clock.jitter())
        over = self._in_a_row >= ATTEMPTS or self._in_all >= MOST_ATTEMPTS
        if over or not _may_pass(error) or self._now() + wait - self._began > MOST_SECONDS:
            raise error
        self._clock.sleep(wait)


def _may_pass(error: AddressError) -> bool:
    """Whether the same request may succeed soon; not where the server said when."""
    passing = error.way_out is not None and error.way_out.kind == "try_again"
    return passing and not isinstance(error, BusyServerError)


def read_retry_after(text: str | None, server_date: str | None, date: float) -> float | None:
    """Return the seconds that a Retry-After header asks for, None if it says nothing that can be read.

    A date is taken by the clock of the server where it tells it (``server_date``), else by ``date``.
    """
    if text is None:
        return None
    if text.strip().isascii() and text.strip().isdigit():
        seconds = float(text.strip()[:9])
    else:
        until, told = _read_date(text), _read_date(server_date)
        if until is None:
            return None
        seconds = until - (told if told is not None else date)
    return min(max(seconds, 0.0), LONGEST_REST)


def _read_date(text: str | None) -> float | None:
    try:
        read = parsedate_to_datetime(text or "")
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def clock_time(date: float, now: float) -> str:
    """Return a date in seconds since 1970 as the local time, for a message: 17:30, with its day unless that is now."""
    then, today = (datetime.fromtimestamp(one, UTC).astimezone() for one in (date, now))
    return f"{then:%H:%M}" if then.date() == today.date() else f"{then:%Y-%m-%d %H:%M}"
