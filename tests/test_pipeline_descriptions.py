"""What a feed says of an episode besides its words: stored, and its people as a glossary."""

from __future__ import annotations

import pytest
from libraries import add_episode

from audio.recording.chapters import Chapter
from audio.recording.sound_choice import SoundChoice
from index.notes import EpisodeNotes, Person, Soundbite
from index.storage.store import Store
from pipeline.shows.describing import LONGEST_NOTES, MOST_PEOPLE, describe, save_description
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.named_people import MOST_NAMES_OF_FEED, glossary_of

SHOW = Feed("Fail Better", author="Lemonada", people=(Person("David Duchovny"),))
ITEM = FeedItem(
    "1",
    "The roof",
    page="https://ann:secret@example.com/1",
    notes="On roofs.",
    number="7",
    season="2",
    soundbites=(Soundbite(5.0, 10.0),),
)
INTRO, END = Chapter(0.0, "Intro"), Chapter(60.0, "End")


def glossary(title: str = "", notes: str = "", author: str | None = None) -> list[str]:
    return glossary_of(Feed("Show", author=author), FeedItem("1", title, notes=notes))


def test_all_that_a_feed_says_is_stored(store: Store) -> None:
    talk = add_episode(store, "Talk").id
    save_description(store, talk, SHOW, ITEM, [INTRO, END])
    assert store.notes(talk) == EpisodeNotes(
        "On roofs.", SHOW.people, ITEM.soundbites, (INTRO, END), "https://example.com/1", "2"
    )
    assert store.chapters(talk) == [INTRO, END]
    assert store.numbers() == {talk: "7"}


def test_people_of_the_episode_go_before_those_of_the_show() -> None:
    item = FeedItem("1", "T", people=(Person("Ann Lee", "guest"),))
    assert describe(SHOW, item).people == item.people


def test_what_is_stored_of_one_episode_is_bounded() -> None:
    item = FeedItem("1", "T", notes="x" * (LONGEST_NOTES + 1), people=(Person("Ann"),) * (MOST_PEOPLE + 1))
    described = describe(SHOW, item)
    assert (len(described.notes), len(described.people)) == (LONGEST_NOTES, MOST_PEOPLE)


def test_an_address_that_is_none_is_left_out() -> None:
    assert describe(SHOW, FeedItem("1", "T", page="javascript:alert(1)")).page is None


def test_chapters_of_the_publisher_follow_its_feed(store: Store) -> None:
    talk = add_episode(store, "Talk").id
    save_description(store, talk, SHOW, ITEM, [])
    save_description(store, talk, SHOW, ITEM, [INTRO])
    assert store.chapters(talk) == [INTRO]
    save_description(store, talk, SHOW, ITEM, [INTRO, END])
    assert store.chapters(talk) == [INTRO, END]
    save_description(store, talk, SHOW, ITEM, [])
    assert store.chapters(talk) == [INTRO, END], "a file of chapters that could not be fetched takes none away"


def test_chapters_of_the_recording_stay(store: Store) -> None:
    talk = add_episode(store, "Talk").id
    store.save_chapters(talk, [INTRO])
    save_description(store, talk, SHOW, ITEM, [INTRO, END])
    assert store.chapters(talk) == [INTRO]


def test_chapters_count_from_the_first_sample_as_words_do(store: Store) -> None:
    talk = add_episode(store, "Talk").id
    store.save_sound(talk, SoundChoice(offset=4.0))
    for _ in range(2):
        save_description(store, talk, SHOW, ITEM, [INTRO, END])
        assert store.chapters(talk) == [INTRO, Chapter(56.0, "End")]


@pytest.mark.parametrize(
    ("title", "notes", "names"),
    [
        ("Failure with David Duchovny", "", ["David Duchovny"]),
        ("7: Kal Okafor, guest: Ann Lee", "", ["Ann Lee"]),
        ("Ann Lee and Bob Ray on roofs", "", ["Ann Lee", "Bob Ray"]),
        ("The Long Way Home", "", []),
        ("Building Better Web Apps", "", []),
        ("", "Today Ann Lee and Obi Okafor talk about roofs.", ["Ann Lee", "Obi Okafor"]),
        ("", "Our host is joined by Kal Kassa.", ["Kal Kassa"]),
        ("", "Guests: Kal Kassa, Obi Okafor & Ann Lee", ["Kal Kassa", "Obi Okafor", "Ann Lee"]),
        ("", "Recorded in New York by the Port Ellery Times.", []),
        ("Mit Frank-Walter Steinmeier", "", ["Frank-Walter Steinmeier"]),
    ],
)
def test_names_of_people_are_found_alone(title: str, notes: str, names: list[str]) -> None:
    assert glossary(title, notes) == names


def test_stated_people_come_first_and_each_once() -> None:
    feed = Feed("Show", author="Ann Lee and Bob Ray", people=(Person("Zoë Marsh"),))
    item = FeedItem("1", "With ANN LEE", people=(Person("Kal Kassa", "guest"),), notes="With Bob Ray.")
    assert glossary_of(feed, item) == ["Kal Kassa", "Zoë Marsh", "Ann Lee", "Bob Ray"]


@pytest.mark.parametrize("author", ["BBC Radio 4", "Lemonada Media", "Deutsche Welle", "Justice for Dumb Women"])
def test_an_organisation_is_no_name(author: str) -> None:
    assert glossary(author=author) == []


def test_a_glossary_is_bounded() -> None:
    people = tuple(Person(f"Ann Lee{chr(97 + number % 26)}{chr(97 + number // 26)}") for number in range(200))
    names = glossary_of(Feed("Show"), FeedItem("1", "T", people=(*people, Person("Ann " + "Lee" * 30))))
    assert len(names) == MOST_NAMES_OF_FEED
    assert all(len(name) < 60 for name in names)
