"""The places of the last search, saved in the library's folder, so that later commands can refer to hits by number."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from audio.atomic_write import write_atomically
from audio.errors import UsageError, correct_input
from audio.regular_file import open_regular_file
from pipeline.answers import Place
from pipeline.errors import SEARCH_FIRST, SEARCH_OTHERWISE

LAST_SEARCH = "last-search.json"


def save_places(directory: Path, places: Sequence[Place], first: int = 1) -> bool:
    """Save places, numbered from ``first``. Return whether it was possible: the folder may be read-only."""
    kept = [{"episode": place.episode, "start": place.start, "end": place.end} for place in places]
    try:
        with write_atomically(directory / LAST_SEARCH) as unfinished:
            unfinished.write_text(json.dumps({"first": first, "places": kept}), encoding="utf-8")
    except OSError:
        return False
    return True


def load_place(directory: Path, number: int) -> Place:
    """Return the place with this number. Raises UsageError if no search is saved or it has no such number."""
    try:
        with open_regular_file(directory / LAST_SEARCH) as file:
            saved = json.load(file)
        first, places = int(saved["first"]), [_read_place(place) for place in saved["places"]]
    except (OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
        raise UsageError("There are no hits of an earlier search.", SEARCH_FIRST) from None
    if not places:
        raise UsageError("The last search found nothing.", SEARCH_OTHERWISE)
    last = first + len(places) - 1
    if not first <= number <= last:
        raise UsageError(
            f"There is no hit {number}.", correct_input(f"The last search returned hits {first} to {last}.")
        )
    return places[number - first]


def _read_place(saved: dict[str, Any]) -> Place:
    episode, start, end = saved["episode"], saved["start"], saved["end"]
    if not isinstance(episode, str):
        raise TypeError("the id of an episode is not text")
    return Place(episode, float(start), float(end))


def rename_places(directory: Path, old: str, new: str) -> None:
    """Let the saved places of an episode have its new id."""
    with suppress(OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
        with open_regular_file(directory / LAST_SEARCH) as file:
            saved = json.load(file)
        places = [_read_place(place) for place in saved["places"]]
        renamed = [replace(place, episode=new) if place.episode == old else place for place in places]
        save_places(directory, renamed, int(saved["first"]))


def forget_places(directory: Path) -> None:
    """Delete the saved places, which may refer to an episode that was removed."""
    with suppress(OSError):
        (directory / LAST_SEARCH).unlink()
