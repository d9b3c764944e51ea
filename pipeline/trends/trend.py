"""The values of a trend: how often queries were said in each month or year."""

from __future__ import annotations

from dataclasses import dataclass

from audio.errors import WayOut
from index.query.periods import Period

WORDS_OF_RATE = 10_000
"""Relative numbers are hits in this many words: about an hour of talk."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How often one query was said in one period, in one show where shows are compared (None: it has no name).

    ``period`` is YYYY-MM or YYYY; None for the episodes whose month or year is not known. ``hits`` are in ``episodes``
    of the ``searched_episodes``, which have ``searched_words``: those of the speaker and the shows asked for.
    ``per_10000_words`` is None for a period in which nothing was searched.
    """

    query: str
    show: str | None
    period: str | None
    hits: int
    episodes: int
    searched_episodes: int
    searched_words: int
    per_10000_words: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Points of each query (and show), in the order of time: from the first period to the last, the empty ones too.

    A point without a period follows, if there are episodes without a date; ``undated_episodes`` is their number.
    ``missing`` are the queries that nobody said, each with suggestions; ``notes`` are warnings.
    """

    by: Period
    points: tuple[TrendPoint, ...]
    undated_episodes: int
    missing: tuple[tuple[str, tuple[WayOut, ...]], ...] = ()
    notes: tuple[str, ...] = ()
