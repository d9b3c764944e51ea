"""The places of the last search, and the samples of the voices that were listed last, saved in the library's folder.

So later commands can refer to hits and voices by number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from audio.atomic_write import write_atomically
from audio.errors import UsageError, correct_input
from audio.regular_file import open_regular_file
from pipeline.answers import Place
from pipeline.errors import LIST_VOICES_FIRST, SEARCH_FIRST, SEARCH_OTHERWISE

LAST_SEARCH = "last-search.json"
LAST_VOICES = "last-voices.json"
_UNREADABLE = (OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError)


def save_places(directory: Path, places: Sequence[Place], first: int = 1) -> bool:
    """Save places, numbered from ``first``. Return whether it was possible: the folder may be read-only."""
    return _save(directory / LAST_SEARCH, {"first": first, "places": [_write_place(place) for place in places]})


def save_samples(directory: Path, samples: Mapping[int, Place]) -> bool:
    """Save the samples of voices by their numbers likewise."""
    return _save(directory / LAST_VOICES, {number: _write_place(place) for number, place in samples.items()})


def _save(file: Path, content: object) -> bool:
    try:
        with write_atomically(file) as unfinished:
            unfinished.write_text(json.dumps(content), encoding="utf-8")
    except OSError:
        return False
    return True


def load_place(directory: Path, number: int) -> Place:
    """Return the place with this number. Raises UsageError if no search is saved or it has no such number."""
    try:
        with open_regular_file(directory / LAST_SEARCH) as file:
            saved = json.load(file)
        first, places = int(saved["first"]), [_read_place(place) for place in saved["places"]]
    except _UNREADABLE:
        raise UsageError("There are no hits of an earlier search.", SEARCH_FIRST) from None
    if not places:
        raise UsageError("The last search found nothing.", SEARCH_OTHERWISE)
    last = first + len(places) - 1
    if not first <= number <= last:
        raise UsageError(
            f"There is no hit {number}.", correct_input(f"The last search returned hits {first} to {last}.")
        )
    return places[number - first]


def load_sample(directory: Path, number: int) -> Place:
    """Return the sample of the voice with this number. Raises UsageError if no listing is saved or it had none."""
    try:
        samples = _load_samples(directory)
    except _UNREADABLE:
        raise UsageError("No voices were listed yet.", LIST_VOICES_FIRST) from None
    if number not in samples:
        listed = ", ".join(map(str, samples))
        raise UsageError(
            f"There is no sample of a voice {number} in the last list.",
            correct_input(f"There are samples of {listed}.") if listed else LIST_VOICES_FIRST,
        )
    return samples[number]


def _load_samples(directory: Path) -> dict[int, Place]:
    with open_regular_file(directory / LAST_VOICES) as file:
        return {int(number): _read_place(place) for number, place in dict(json.load(file)).items()}


def _write_place(place: Place) -> dict[str, Any]:
    return {"episode": place.episode, "start": place.start, "end": place.end}


def _read_place(saved: dict[str, Any]) -> Place:
    episode, start, end = saved["episode"], saved["start"], saved["end"]
    if not isinstance(episode, str):
        raise TypeError("the id of an episode is not text")
    return Place(episode, float(start), float(end))


def rename_places(directory: Path, old: str, new: str) -> None:
    """Let the saved places and samples of an episode have its new id."""

    def rename(place: Place) -> Place:
        return replace(place, episode=new) if place.episode == old else place

    with suppress(*_UNREADABLE):
        with open_regular_file(directory / LAST_SEARCH) as file:
            saved = json.load(file)
        places = [_read_place(place) for place in saved["places"]]
        save_places(directory, list(map(rename, places)), int(saved["first"]))
    with suppress(*_UNREADABLE):
        save_samples(directory, {number: rename(place) for number, place in _load_samples(directory).items()})


def forget_places(directory: Path) -> None:
    """Delete the saved places and samples, which may refer to an episode that was removed."""
    for name in (LAST_SEARCH, LAST_VOICES):
        with suppress(OSError):
            (directory / name).unlink()
