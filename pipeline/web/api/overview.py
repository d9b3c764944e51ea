"""What the library holds, in a few numbers, and its newest episodes: what one sees before one asks for anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from pipeline.answers import ListedEpisode
from pipeline.library import Library
from pipeline.web.dependencies import Answers
from pipeline.web.description.answer_schemas import schema_of
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(tags=["library"])

NEWEST = 6
"""Episodes that are named."""


@dataclass(frozen=True, slots=True)
class LibraryOverview:
    """Numbers of a library: its ``episodes``, those ``searched`` because they have a transcript, and their seconds.

    ``first`` and ``last`` are the dates of the oldest and the newest; ``shows`` and ``languages`` those that have most
    episodes first. ``newest`` are the newest of the searched ones.
    """

    episodes: int
    searched: int
    seconds: float
    first: str | None
    last: str | None
    shows: tuple[str, ...]
    languages: tuple[str, ...]
    newest: tuple[ListedEpisode, ...]


@router.get("/overview", response_model=schema_of(LibraryOverview))
async def overview(answers: Answers) -> JsonAnswer:
    """Tell what the library holds."""
    found = await answers.ask(survey_library)
    told: dict[str, Any] = {name: getattr(found, name) for name in LibraryOverview.__slots__}
    return JsonAnswer(told)


def survey_library(library: Library) -> LibraryOverview:
    """Return the numbers of a library."""
    episodes = library.episodes(sort="date")
    searched = [one for one in episodes if one.origin is not None]
    dates = sorted(one.published for one in episodes if one.published)
    return LibraryOverview(
        episodes=len(episodes),
        searched=len(searched),
        seconds=sum(one.duration or 0 for one in searched),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        shows=_by_frequency(one.show for one in episodes),
        languages=_by_frequency(one.language for one in searched),
        newest=tuple(searched[:NEWEST]),
    )


def _by_frequency(values: Any) -> tuple[str, ...]:
    return tuple(value for value, _ in Counter(filter(None, values)).most_common())
