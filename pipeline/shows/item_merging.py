"""Merge the items of a feed into those that the library knows of it: which are the same, which are new.

An item is the known one with its guid, whatever else changed; else the one with its enclosure, date and, where there is
no date, title. Items without a guid, or with one that others of the feed have too, are also known by title and date: a
feed that moves its enclosures would otherwise seem to have all its episodes anew. If most items of a feed have neither
guid nor enclosure of a known one, they are known by title, date and length: programs that write a feed from a list
anew each night give all of them new ones. What a feed drops stays known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from index.language.tokens import fold_text
from index.storage.show_facts import KnownItem
from index.storage.store import Store
from pipeline.shows.feeds.values import FeedItem
from pipeline.shows.stored_values import read_value, write_value

_SCHEME_AND_CREDENTIALS = re.compile(r"\A[A-Za-z]+://(?:[^/?#]*@)?")
_DEFAULT_PORT = re.compile(r":(?:80|443)$")


@dataclass(frozen=True, slots=True)
class Merged:
    """The identities of the items that are ``new`` and of those that ``changed``, and the number of all others.

    ``renewed`` is how many have another guid and another enclosure than before.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    renewed: int = 0

    @property
    def remark(self) -> str | None:
        """What is remarkable about the items."""
        if not self.renewed:
            return None
        other = (
            "1 episode another guid and address: it is"
            if self.renewed == 1
            else (f"{self.renewed} episodes other guids and addresses: they are")
        )
        return f"Its feed gave {other} known by title, date and length, and not taken again."


def merge_items(store: Store, show: int, items: Iterable[FeedItem]) -> Merged:
    """Merge the items of a feed, in its order, into the known ones of a show, in one transaction."""
    with store.transaction():
        known = {item.identity: item for item in store.items(show)}
        stated = _tell_apart(items)
        before = _recognise(store, known, stated)
        renewed = _recognise_renewed(store, known, stated, before)
        before |= renewed
        store.rename_items(show, {old: new for new, old in before.items() if old != new})
        newest = max((item.position for item in known.values()), default=0) + len(stated)
        rows = [
            KnownItem(show, item.identity, write_value(item), _sound(item), _order_date(item), newest - place)
            for place, item in enumerate(stated)
        ]
        new = [row for row in rows if row.identity not in before]
        changed = [row for row in rows if row.identity in before and row.content != known[before[row.identity]].content]
        store.save_items([*new, *changed])
    unchanged = len(rows) - len(new) - len(changed)
    return Merged(tuple(row.identity for row in new), tuple(row.identity for row in changed), unchanged, len(renewed))


def _order_date(item: FeedItem) -> str | None:
    """Return the date by which an item is among the newest: not one to come, which none after it would pass for years.

    Tomorrow may be today where it was published.
    """
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    return min(item.published, tomorrow) if item.published is not None else None


def address_key(address: str) -> str:
    """Return what addresses share that differ only in scheme, credentials, usual port, fragment, or case of host."""
    host, slash, rest = _SCHEME_AND_CREDENTIALS.sub("", address.partition("#")[0], count=1).partition("/")
    return f"{_DEFAULT_PORT.sub('', host.lower())}{slash}{rest}".removesuffix("/")


def _sound(item: FeedItem) -> str | None:
    return item.sounds[0].address if item.sounds else None


def _tell_apart(items: Iterable[FeedItem]) -> list[FeedItem]:
    """Return each item once, the first of those with one guid and the same enclosure, or the same title and date.

    Other items that share a guid get identities of guid and enclosure.
    """
    seen: set[Hashable] = set()
    distinct: list[FeedItem] = []
    for item in items:
        marks = {(item.identity, key(item)) for key in (_enclosure, _title_and_date)}
        if seen.isdisjoint(marks):
            distinct.append(item)
        seen |= marks
    shared = Counter(item.identity for item in distinct)
    return [
        replace(item, identity=f"{item.identity} {_sound(item) or item.title}") if shared[item.identity] > 1 else item
        for item in distinct
    ]


def _recognise(store: Store, known: Mapping[str, KnownItem], stated: Sequence[FeedItem]) -> dict[str, str]:
    """Return the identities that known items had so far, by those that they have now."""
    before = {item.identity: item.identity for item in stated if item.identity in known}
    left = [item for item in stated if item.identity not in before]
    missing = [item for identity, item in known.items() if identity not in before]
    before |= _pair(_enclosure_and_date, left, _read_alike(store, missing, left))
    left = [item for item in left if not (item.identity in before or _has_guid(item))]
    found = set(before.values())
    missing = [item for item in missing if item.identity not in found]
    return before | _pair(_title_and_date, left, _read_alike(store, missing, left))


def _recognise_renewed(
    store: Store, known: Mapping[str, KnownItem], stated: Sequence[FeedItem], before: Mapping[str, str]
) -> dict[str, str]:
    """Return the same for items that only title, date and length show to be known; none if fewer are than otherwise.

    Of a show with an hourly bulletin of one title and length, most items keep their guids.
    """
    left = [item for item in stated if item.identity not in before and item.published and _length(item)]
    found = set(before.values())
    missing = [item for identity, item in known.items() if identity not in found]
    made_first = sorted(missing, key=lambda item: (item.episode is None, not item.removed, -item.position))
    theirs = _by_key(_title_date_and_length, _read_alike(store, made_first, left))
    ours = _by_key(_title_date_and_length, left)
    renewed = {ours[key][0]: theirs[key][0] for key in ours.keys() & theirs.keys() if len(ours[key]) == 1}
    return renewed if len(renewed) >= len(before) else {}


def _read_alike(store: Store, known: Iterable[KnownItem], stated: Sequence[FeedItem]) -> list[FeedItem]:
    """Read those known items that have the date of a stated one: all would take long."""
    dates = {item.published for item in stated}
    return [
        replace(read_value(FeedItem, item.content, store.directory), identity=item.identity)
        for item in known
        if item.published in dates
    ]


def _pair(key: Callable[[FeedItem], Hashable], stated: Iterable[FeedItem], known: Iterable[FeedItem]) -> dict[str, str]:
    """Return the identities of known items that one stated item alone shares its key with, by that one's identity."""
    ours, theirs = _by_key(key, stated), _by_key(key, known)
    return {
        ours[shared][0]: theirs[shared][0]
        for shared in ours.keys() & theirs.keys()
        if len(ours[shared]) == len(theirs[shared]) == 1
    }


def _by_key(key: Callable[[FeedItem], Hashable], items: Iterable[FeedItem]) -> dict[Hashable, list[str]]:
    found: dict[Hashable, list[str]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item.identity)
    return found


def _has_guid(item: FeedItem) -> bool:
    """Whether an item is not only identified by its own addresses, as _tell_apart and readers of feeds do."""
    return not item.identity.endswith((*(sound.address for sound in item.sounds), item.page or "\n", item.title))


def _enclosure(item: FeedItem) -> Hashable:
    sound = _sound(item)
    return address_key(sound) if sound else (item.title, item.published)


def _enclosure_and_date(item: FeedItem) -> Hashable:
    return _enclosure(item), item.published or fold_text(item.title)


def _title_and_date(item: FeedItem) -> Hashable:
    return fold_text(item.title), item.published


def _title_date_and_length(item: FeedItem) -> Hashable:
    return _title_and_date(item), _length(item)


def _length(item: FeedItem) -> float | None:
    """Return the seconds of an item or, if they are not stated, the bytes of its sound."""
    return item.duration or (item.sounds[0].size if item.sounds else None)
