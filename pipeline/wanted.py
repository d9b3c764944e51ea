"""What is wanted of a search beside its query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search.searcher import Sort

FACETS = ("show", "year", "speaker")
"""What hits can be counted by."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a search beside its query. ``limit`` None is all; ``context`` is in sentences.

    ``show``, ``episode``, ``speaker`` and ``lang`` narrow it as the query's fields do, ``since`` and ``until`` as
    both ends of ``date:``. ``fuzzy`` looks for misspelt and misheard words too.
    """

    limit: int | None = 10
    offset: int = 0
    context: int = 0
    sort: Sort = "score"
    by_episode: bool = False
    fuzzy: bool = False
    show: str | None = None
    episode: str | None = None
    speaker: str | None = None
    since: str | None = None
    until: str | None = None
    lang: str | None = None
