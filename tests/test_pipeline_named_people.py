"""Names of people in what feeds say of episodes: of what looks like one, what is none is left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.notes import Person
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.named_people import glossary_of

EXAMPLES = Path(__file__).parent / "data" / "show_notes.jsonl"
"""Descriptions of episodes, of the kinds that feeds have, with the names of people in them. Words and rules were chosen
with half of them, which is ``tuned``."""


def names_in(title: str = "", notes: str = "", people: tuple[str, ...] = ()) -> list[str]:
    stated = tuple(Person(name, "guest") for name in people)
    return glossary_of(Feed("Show"), FeedItem("1", title, notes=notes, people=stated))


@pytest.mark.parametrize(
    ("notes", "names"),
    [
        ("How to break up with Fast Fashion, and interviews with Michael Saylor.", ["Michael Saylor"]),
        ("Louisa May Alcott's Little Women.", ["Louisa May Alcott"]),
        ("Maria inherits the crumbling mansion Milton Magna from Anne Welles.", ["Anne Welles"]),
        ("The last Maeve Binchy-cast, by Dan Smith.", ["Dan Smith"]),
        ("Tom Cruise Screaming Trailer, Bridget Jones Diary and David Smith", ["David Smith"]),
        ("Austin Texas, April Fools, Grace Period, Hope Springs.", []),
        ("A talk with Rose McGowan.", ["Rose McGowan"]),
        ("Podland: Tom Rossi Steve Jobs", ["Tom Rossi", "Steve Jobs"]),
        ("A talk with Sizzling Paul Hudson.", ["Paul Hudson"]),
    ],
)
def test_titles_places_and_firms_are_no_people(notes: str, names: list[str]) -> None:
    assert names_in("T", notes) == names


def test_stated_organisations_are_no_people_and_a_stated_name_ends_where_it_does() -> None:
    people = ("Dave Jones", "SLIEK Media", "Relay FM", "Night Boat Productions")
    assert names_in("T", "Crank it up, Dave Jones Everybody! Dave Jones Discuss it.", people) == ["Dave Jones"]


@pytest.mark.parametrize("title", ["Mona Lisa Smile with Kate Young", "Jackie Brown Revisited with Kate Young"])
def test_a_film_in_a_title_is_no_person(title: str) -> None:
    assert names_in(title) == ["Kate Young"]


@pytest.mark.parametrize("half", ["tuned", "reported"])
def test_nearly_all_names_of_made_descriptions_are_of_people(half: str) -> None:
    examples: list[dict[str, Any]] = [json.loads(line) for line in EXAMPLES.read_text("utf-8").splitlines()]
    found = wrong = 0
    for one in examples:
        if one["half"] == half:
            names = names_in(one["title"], one["notes"], tuple(one.get("people", ())))
            found, wrong = found + len(names), wrong + len({*names}.difference(one["names"]))
    assert found >= 25
    assert wrong <= 0.12 * found
