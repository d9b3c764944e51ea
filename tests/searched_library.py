"""A library for tests of the search page: two shows over half a year, four speakers, and what is hostile in it."""

from __future__ import annotations

from pathlib import Path

from libraries import add_episode, add_spoken

from index.storage.store import Store

ATTACK = "<img src=x onerror=trapped=1>"
FERRIES = 30
"""Hits of `ferry`."""
ADDRESS = "https://example.org/boat-1"


def make_searched_library(folder: Path) -> Path:
    """Make the library; each episode of `Harbour News` holds the ferry nine times, one of `Night Boat` three times."""
    with Store.open(folder, create=True) as store:
        for month in (1, 2, 3):
            turns = [
                (speaker, f"The ferry to the island left number {n} late because of the storm.")
                for n, speaker in enumerate(["Ann Lee", "Bob Marsh", "Ann Lee"] * 3)
            ]
            media = str(folder / f"harbour-{month}.wav")  # a file that is not there: only its place counts
            add_spoken(
                store, f"Harbour {month}", turns, show="Harbour News", published=f"2023-0{month}-05", media=media
            )
        boat = [
            ("Cleo Fox", f"A ferry at night, said the captain, is a quiet place {word}.") for word in ("a", "b", "c")
        ]
        add_spoken(store, "Boat 1", boat, show="Night Boat", published="2023-06-01")
        store.save_address("boat-1", ADDRESS)
        hostile = [("Dan", f"Nobody {ATTACK} wanted the lighthouse {ATTACK} gone.")]
        add_spoken(store, f"Boat {ATTACK}", hostile, show=f"Night {ATTACK}", published="2023-06-08")
        add_episode(store, "Lost ferry", show="Night Boat", published="2023-06-15")
    return folder
