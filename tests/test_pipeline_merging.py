"""Which items of a feed are known already: by guid, then enclosure, whatever else a feed changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_text

from index.storage.show_facts import KnownItem
from index.storage.store import Store
from pipeline.shows.feeds.values import FeedItem, OfferedSound
from pipeline.shows.item_merging import address_key, merge_items
from pipeline.shows.stored_values import read_value, write_value


def make_item(number: int, **changes: object) -> FeedItem:
    sound = OfferedSound(f"https://media.example/{number}.mp3", "audio/mpeg", 1000 + number)
    item = FeedItem(f"guid-{number}", f"Episode {number}", f"2026-01-{number:02}", sounds=(sound,))
    return replace(item, **changes)  # type: ignore[arg-type]


def items_of(count: int) -> list[FeedItem]:
    """A feed of so many items, the newest first."""
    return [make_item(number) for number in range(count, 0, -1)]


def without_guid(item: FeedItem) -> FeedItem:
    return replace(item, identity=item.sounds[0].address)


def moved(item: FeedItem) -> FeedItem:
    return replace(item, sounds=(OfferedSound(item.sounds[0].address.replace("media", "cdn.other")),))


@pytest.fixture
def show(store: Store) -> int:
    return store.add_show("Show", "https://a.example/feed", "{}", "{}").number


def titles(store: Store, show: int) -> list[str]:
    return [read_value(FeedItem, item.content, store.path).title for item in store.items(show)]


CHANGES: dict[str, Callable[[FeedItem], FeedItem]] = {
    "nothing": lambda item: item,
    "title": lambda item: replace(item, title=f"{item.title} (again)"),
    "notes and date": lambda item: replace(item, notes="More.", published="2020-01-01"),
    "enclosure": moved,
    "enclosure, title and date": lambda item: replace(moved(item), title="New", published=None),
    "guid": lambda item: replace(item, identity=f"new-{item.identity}"),
    "guid and title": lambda item: replace(item, identity=f"new-{item.identity}", title="New"),
    "guid, and https": lambda item: replace(
        item, identity="x" + item.identity, sounds=(OfferedSound(item.sounds[0].address.replace("https", "http")),)
    ),
    "guid, from now on none": without_guid,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_feed_that_changes_its_items_has_no_new_ones(
    store: Store, show: int, change: Callable[..., FeedItem]
) -> None:
    assert len(merge_items(store, show, items_of(9)).new) == 9
    episode = add_text(store, "Talk", "Hello there.").id
    store.link_item(show, "guid-4", episode)
    changed = [change(item) for item in items_of(9)]
    merged = merge_items(store, show, changed)
    assert (len(merged.new), len(merged.changed) + merged.unchanged) == (0, 9)
    kept = store.item_of_episode(episode)
    assert kept is not None
    assert read_value(FeedItem, kept.content, store.path) == changed[9 - 4]
    assert merge_items(store, show, changed).unchanged == 9


def test_a_feed_without_guids_that_moves_its_enclosures_has_no_new_items(store: Store, show: int) -> None:
    merge_items(store, show, map(without_guid, items_of(9)))
    assert merge_items(store, show, [without_guid(moved(item)) for item in items_of(9)]).new == ()
    assert len(store.items(show)) == 9


def renewed(item: FeedItem, night: int) -> FeedItem:
    """An item with another guid and another enclosure than on other nights."""
    sound = replace(item.sounds[0], address=f"https://media.example/{night}/{item.title[-1]}.mp3")
    return replace(item, identity=f"{night}-{item.identity}", sounds=(sound,))


@pytest.mark.parametrize("duration", [None, 60.0])
def test_a_feed_with_other_guids_and_enclosures_each_night_does_not_grow(
    store: Store, show: int, duration: float | None
) -> None:
    merge_items(store, show, [make_item(number, duration=duration) for number in range(5, 0, -1)])
    episode = add_text(store, "Talk", "Hello there.").id
    store.link_item(show, "guid-4", episode)
    for night in range(1, 4):
        items = [renewed(make_item(number, duration=duration), night) for number in range(5 + night, 0, -1)]
        merged = merge_items(store, show, items)
        assert (merged.new, merged.renewed) == ((f"{night}-guid-{5 + night}",), 4 + night)
        assert f"{4 + night} episodes" in (merged.remark or "")
        kept = store.item_of_episode(episode)
        assert kept is not None
        assert kept.identity == f"{night}-guid-4"
    assert titles(store, show) == [f"Episode {number}" for number in range(8, 0, -1)]


def test_a_feed_that_has_grown_so_before_grows_no_more(store: Store, show: int) -> None:
    episode = add_text(store, "Talk", "Hello there.").id
    for night in range(3):
        copies = [
            KnownItem(show, item.identity, write_value(item), item.sounds[0].address, item.published, night)
            for item in (renewed(one, night) for one in items_of(4))
        ]
        store.save_items(copies)
        store.link_item(show, "1-guid-2", episode)
    merged = merge_items(store, show, [renewed(one, 5) for one in items_of(4)])
    assert (merged.new, merged.renewed) == ((), 4)
    kept = store.item_of_episode(episode)
    assert kept is not None
    assert kept.identity == "5-guid-2"


OTHERWISE: dict[str, Callable[[FeedItem], FeedItem]] = {
    "title": lambda item: replace(item, title=f"{item.title} (again)"),
    "date": lambda item: replace(item, published="2020-01-01"),
    "no date": lambda item: replace(item, published=None),
    "length": lambda item: replace(item, duration=61.0),
    "no length": lambda item: replace(item, duration=None, sounds=(OfferedSound(item.sounds[0].address),)),
}


@pytest.mark.parametrize("change", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_what_differs_in_title_date_or_length_too_is_new(
    store: Store, show: int, change: Callable[..., FeedItem]
) -> None:
    merge_items(store, show, [make_item(number, duration=60.0) for number in range(5, 0, -1)])
    changed = [change(renewed(make_item(number, duration=60.0), 1)) for number in range(5, 0, -1)]
    merged = merge_items(store, show, changed)
    assert (len(merged.new), merged.renewed) == (5, 0)


def test_bulletins_of_one_title_day_and_length_are_all_known(store: Store, show: int) -> None:
    bulletins = [renewed(make_item(1, title="The news", duration=300.0), number) for number in range(12)]
    for hour in range(12):
        merged = merge_items(store, show, bulletins[max(0, hour - 3) : hour + 1][::-1])
        assert len(merged.new) == 1
    assert len(store.items(show)) == 12


def test_new_items_come_first_and_dropped_ones_stay(store: Store, show: int) -> None:
    merge_items(store, show, items_of(5))
    assert merge_items(store, show, items_of(7)[:3]).new == ("guid-7", "guid-6")
    assert titles(store, show) == [f"Episode {number}" for number in range(7, 0, -1)]


def test_a_date_to_come_hides_no_newer_item(store: Store, show: int) -> None:
    mistaken, today = make_item(1, published="2099-01-01"), datetime.now(UTC).date()
    merge_items(store, show, [mistaken])
    merge_items(store, show, [make_item(2, published=f"{today}"), mistaken])
    assert titles(store, show) == ["Episode 1", "Episode 2"], "it is of tomorrow"
    assert merge_items(store, show, [make_item(3, published=f"{today + timedelta(days=1)}"), mistaken]).unchanged == 1
    assert titles(store, show)[0] == "Episode 3"


def test_items_without_dates_keep_the_order_of_the_feed(store: Store, show: int) -> None:
    undated = [replace(item, published=None) for item in items_of(12)]
    merge_items(store, show, undated[5:])
    merge_items(store, show, undated)
    assert titles(store, show) == [item.title for item in undated]


def test_an_item_that_is_stated_twice_is_known_once(store: Store, show: int) -> None:
    items = items_of(3)
    twice = [items[0], replace(items[0], title="Again"), replace(moved(items[0])), *items]
    assert merge_items(store, show, twice).new == tuple(item.identity for item in items)
    assert titles(store, show)[0] == "Episode 3"


def test_items_that_share_a_guid_are_all_known_and_stay_so(store: Store, show: int) -> None:
    shared = [replace(item, identity="the guid") for item in items_of(4)]
    assert len(merge_items(store, show, shared[3:]).new) == 1
    episode = add_text(store, "Talk", "Hello there.").id
    store.link_item(show, "the guid", episode)
    assert len(merge_items(store, show, shared[2:]).new) == 1
    assert len(merge_items(store, show, shared).new) == 2
    assert merge_items(store, show, shared).unchanged == 4
    assert merge_items(store, show, map(moved, shared)).new == ()
    assert merge_items(store, show, [moved(shared[3])]).new == ()
    kept = store.item_of_episode(episode)
    assert kept is not None
    assert read_value(FeedItem, kept.content, store.path).title == "Episode 1"


def test_a_new_episode_at_the_address_of_an_old_one_is_new(store: Store, show: int) -> None:
    latest = OfferedSound("https://media.example/latest.mp3")
    for number in (1, 2, 3):
        assert len(merge_items(store, show, [make_item(number, sounds=(latest,))]).new) == 1
    assert len(store.items(show)) == 3


def test_items_without_sound_are_known_too(store: Store, show: int) -> None:
    silent = [replace(item, sounds=(), page=f"https://a.example/{item.title[-1]}") for item in items_of(3)]
    merge_items(store, show, silent)
    assert merge_items(store, show, [replace(item, identity=f"new-{item.identity}") for item in silent]).new == ()


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("merging"), create=True) as store:
        yield store


KEEPING_GUIDS = ("nothing", "title", "notes and date", "enclosure", "enclosure, title and date")


@given(st.lists(st.tuples(st.sampled_from(KEEPING_GUIDS), st.lists(st.integers(1, 6), max_size=5)), max_size=5))
def test_each_guid_is_known_once_whatever_a_feed_drops_repeats_and_reorders(
    shared_store: Store, feeds: Sequence[tuple[str, Sequence[int]]]
) -> None:
    seen: set[str] = set()
    with shared_store.transaction():  # one for all changes is much quicker
        show = shared_store.add_show("Show", f"https://a.example/{len(shared_store.shows())}", "{}", "{}").number
        for change, numbers in feeds:
            items = [CHANGES[change](make_item(number)) for number in numbers]
            guids = {item.identity for item in items}
            assert set(merge_items(shared_store, show, items).new) == guids - seen
            seen |= guids
        assert {item.identity for item in shared_store.items(show)} == seen


@pytest.mark.parametrize(
    "address",
    ["http://a.example/x", "https://A.example/x", "https://ann:pw@a.example:443/x", "https://a.example/x#t=1"],
)
def test_addresses_of_one_thing_have_one_key(address: str) -> None:
    assert address_key(address) == "a.example/x"
    assert address_key(f"{address.partition('#')[0]}?id=5") != address_key(f"{address.partition('#')[0]}?id=6")
