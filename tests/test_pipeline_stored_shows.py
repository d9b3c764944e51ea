"""Shows and the items of their feeds in the store, and the JSON of what feeds say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from feed_server import feed_of
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_text

from audio.errors import UsageError
from audio.recording.chapters import Chapter
from index.errors import LibraryError
from index.storage.show_facts import KnownItem
from index.storage.store import Store
from pipeline.shows.feeds.feed_reader import read_feed
from pipeline.shows.feeds.values import (
    Feed,
    FeedItem,
    OfferedSound,
    OfferedTranscript,
    Person,
    Soundbite,
)
from pipeline.shows.show_choices import KeptSound, ShowChoices, check_choices, read_kept_sound
from pipeline.shows.stored_values import read_value, write_value

LIBRARY = Path("library")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
optional_texts = st.none() | texts
addresses = st.from_regex(r"https?://[a-z]{1,9}\.example/[a-z0-9?=&]{0,9}", fullmatch=True)
times = st.floats(0, 1e6)
items = st.builds(
    FeedItem,
    identity=texts,
    title=texts,
    published=st.none() | st.dates().map(str),
    page=st.none() | addresses,
    notes=texts,
    number=optional_texts,
    season=optional_texts,
    duration=st.none() | times,
    language=optional_texts,
    sounds=st.lists(
        st.builds(OfferedSound, addresses, optional_texts, st.none() | st.integers(0, 10**12)), max_size=2
    ).map(tuple),
    transcripts=st.lists(st.builds(OfferedTranscript, addresses, optional_texts, optional_texts, st.booleans())).map(
        tuple
    ),
    chapters=st.lists(st.builds(Chapter, times, texts), max_size=3).map(tuple),
    chapters_address=st.none() | addresses,
    people=st.lists(st.builds(Person, texts, texts), max_size=3).map(tuple),
    soundbites=st.lists(st.builds(Soundbite, times, times, optional_texts), max_size=2).map(tuple),
)


@given(items)
def test_what_a_feed_says_of_an_item_comes_back_as_it_was(item: FeedItem) -> None:
    assert read_value(FeedItem, write_value(item), LIBRARY) == item
    feed = Feed(title=item.title, locked=True, people=item.people, items=(item,))
    assert read_value(Feed, write_value(feed), LIBRARY) == feed


NUMBERS = (
    "99999999999999999999:00:00", "1e400", "-5", "nan", "Infinity", "9" * 400, "1:2:3:4:5", "٣٤", "1e10", "0x10", " ",
)  # fmt: skip


def test_what_is_read_of_a_feed_with_any_numbers_and_addresses_can_be_stored() -> None:
    entries = [
        f"<guid>{number}</guid><title>{text}</title><itunes:duration>{text}</itunes:duration>"
        f'<enclosure url="HTTPS://a.example/{text} é" length="{text}" type="audio/mpeg"/>'
        f"<link>//A.example/{text}</link><itunes:season>{text}</itunes:season><itunes:episode>{text}</itunes:episode><pubDate>{text}</pubDate>"
        for number, text in enumerate(NUMBERS)
    ]
    feed = read_feed(feed_of("Show", entries), "https://a.example/feed")
    assert len(feed.items) == len(NUMBERS)
    for item in feed.items:
        assert read_value(FeedItem, write_value(item), LIBRARY) == item


ITEM = {"identity": "1", "title": "One"}


@pytest.mark.parametrize(
    "content",
    [
        [],
        1,
        None,
        {},
        {"identity": "1"},
        ITEM | {"title": None},
        ITEM | {"title": ["x"]},
        ITEM | {"title": "\ud800"},
        ITEM | {"nothing": 1},
        ITEM | {"page": "file:///etc/passwd"},
        ITEM | {"page": "javascript:alert(1)"},
        ITEM | {"duration": -1},
        ITEM | {"duration": True},
        ITEM | {"duration": float("nan")},
        ITEM | {"sounds": "abc"},
        ITEM | {"sounds": {"address": "https://a.example/"}},
        ITEM | {"sounds": [{"address": "../../x"}]},
        ITEM | {"sounds": [{"address": "https://a.example/", "size": -1}]},
        ITEM | {"people": [{"name": "Ann", "role": None}]},
    ],
    ids=str,
)
def test_what_was_not_written_so_is_refused(content: Any) -> None:
    with pytest.raises(LibraryError, match="damaged"):
        read_value(FeedItem, json.dumps(content), LIBRARY)


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, '{"identity": "1", "title": "a", "duration": 1e999}', "\ud800"]
)
def test_what_is_not_json_of_an_item_is_refused(text: str) -> None:
    with pytest.raises(LibraryError, match="damaged"):
        read_value(FeedItem, text, LIBRARY)


def test_choices_are_kept_and_changed_one_by_one() -> None:
    first = ShowChoices(latest=3, match="news", transcripts="both", no_audio=True)
    assert read_value(ShowChoices, write_value(first), LIBRARY) == first
    assert first.changed_by(ShowChoices(keep_audio="30d")) == replace(first, keep_audio="30d")
    assert first.changed_by(ShowChoices(latest=0, match="", no_audio=False)) == ShowChoices(transcripts="both")
    assert check_choices(ShowChoices(since="2024")).since == "2024-01-01"
    assert check_choices(ShowChoices(since="")).since == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [("5", KeptSound(episodes=5)), ("30d", KeptSound(days=30)), ("never", KeptSound(0)), ("always", KeptSound())],
)
def test_how_long_sound_is_kept(text: str, kept: KeptSound) -> None:
    assert read_kept_sound(text) == kept


@pytest.mark.parametrize("text", ["", "d", "-1", "1.5", "9999999", "٣", "30 d", "5dd", "forever"])
def test_sound_is_not_kept_for_what_is_no_number(text: str) -> None:
    with pytest.raises(UsageError, match="cannot be kept"):
        read_kept_sound(text)


@pytest.mark.parametrize(
    "choices",
    [
        ShowChoices(latest=-1),
        ShowChoices(since="soon"),
        ShowChoices(transcripts="all"),  # type: ignore[arg-type]
        ShowChoices(match="\udcff"),
    ],
    ids=str,
)
def test_what_cannot_be_chosen_is_told(choices: ShowChoices) -> None:
    with pytest.raises(UsageError):
        check_choices(choices)


# The store


def known(show: int, identity: str, **more: Any) -> KnownItem:
    return KnownItem(show, identity, write_value(FeedItem(identity, f"Title {identity}")), **more)


def test_a_show_is_found_by_title_beginning_address_and_number(store: Store) -> None:
    first = store.add_show("The Daily Bread", "https://a.example/feed", "{}", "{}")
    second = store.add_show("The Daily Grind", "https://ann:hidden@b.example/feed", "{}", "{}")
    assert store.shows() == [first, second]
    for name in ("the daily bread", "The Daily B", "bread", first.address, str(first.number)):
        assert store.show_named(name) == first
    assert store.show_of(second.address) == second
    for address in ("https://b.example/feed", second.address):
        assert store.show_named(address) == second
    for name, told in (("the daily", "The Daily Bread, The Daily Grind"), ("News", "There are: The Daily Bread")):
        with pytest.raises(UsageError, match=told):
            store.show_named(name)
    with pytest.raises(UsageError, match=r"'https://c\.example'"):
        store.show_named("https://ann:hidden@c.example")
    store.remove_show(first.number)
    assert store.shows() == [second]


@pytest.mark.parametrize("password", ["hid/den", "hid?den", "hid#den"])
def test_no_password_of_a_show_that_is_unknown_is_told(store: Store, password: str) -> None:
    with pytest.raises(UsageError) as caught:
        store.show_named(f"https://ann:{password}@c.example")
    assert "hid" not in f"{caught.value} {caught.value.where}"
    assert "c.example" in str(caught.value)


def test_a_title_may_have_the_mark_of_a_name_in_an_address(store: Store) -> None:
    show = store.add_show("Q@A", "https://a.example/feed", "{}", "{}")
    assert store.show_named("Q@A") == show


def test_a_title_wins_over_the_number_and_the_beginning_of_others(store: Store) -> None:
    shows = [store.add_show(title, f"https://{title}.example", "{}", "{}") for title in ("2", "22", "x")]
    assert store.show_named("2") == shows[0]


def test_a_show_never_gets_the_number_of_one_that_was_removed(store: Store) -> None:
    removed = store.add_show("Night Boat", "https://a.example/feed", "{}", "{}")
    store.remove_show(removed.number)
    added = store.add_show("Day Boat", "https://b.example/feed", "{}", "{}")
    assert added.number != removed.number, "an update that still runs would take the one for the other"


def test_the_state_of_a_feed_is_kept_with_its_title_and_address(store: Store) -> None:
    show = store.add_show("Show", "https://a.example/feed", '{"title":"Show"}', "{}")
    store.save_feed_state(show.number, "2026-01-02T03:04:05Z", entity_tag='"1"', modified="Fri", fault=None)
    asked = replace(show, checked="2026-01-02T03:04:05Z", entity_tag='"1"', modified="Fri")
    assert store.show_named("Show") == asked
    store.save_feed_state(
        show.number, "2026-01-03T03:04:05Z", fault="It is gone.", gone=True, address="https://b.example"
    )
    assert store.show_named("Show") == replace(
        show, checked="2026-01-03T03:04:05Z", fault="It is gone.", gone=True, address="https://b.example"
    )
    store.save_choices(show.number, '{"latest":3}')
    assert store.show_named("Show").choices == '{"latest":3}'


def test_items_come_newest_first_and_keep_their_episode(store: Store) -> None:
    show = store.add_show("Show", "https://a.example/feed", "{}", "{}").number
    dated = [known(show, str(number), published=f"2026-01-0{number}") for number in (1, 3, 2)]
    undated = [known(show, f"u{number}", position=number) for number in (1, 2)]
    store.save_items([*undated, *dated])
    assert [one.identity for one in store.items(show)] == ["3", "2", "1", "u2", "u1"]
    episode = add_text(store, "Talk", "Hello there.").id
    store.link_item(show, "2", episode)
    assert store.item_of_episode(episode) == replace(dated[2], episode=episode)
    store.save_items([replace(dated[2], sound="https://a.example/2.mp3")])
    assert store.item_of_episode(episode) == replace(dated[2], episode=episode, sound="https://a.example/2.mp3")
    store.rename_items(show, {"2": "guid-2"})
    renamed = store.item_of_episode(episode)
    assert renamed is not None
    assert renamed.identity == "guid-2"
    assert store.item_counts() == {show: (5, 1)}
    store.remove_show(show)
    assert store.items(show) == []
    assert store.episode(episode) is not None


def test_an_item_whose_episode_was_removed_is_known_to_be(store: Store) -> None:
    show = store.add_show("Show", "https://a.example/feed", "{}", "{}").number
    store.save_items([known(show, "1")])
    episode = add_text(store, "Talk", "Hello there.").id
    store.link_item(show, "1", episode)
    store.remove_episode(episode)
    assert store.items(show) == [known(show, "1", removed=True)]
    again = add_text(store, "Talk", "Hello there.").id
    store.link_item(show, "1", again)
    assert store.items(show) == [known(show, "1", episode=again)]
