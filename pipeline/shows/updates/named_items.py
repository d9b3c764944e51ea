"""Items of feeds by the names under which they are listed: SHOW/N, or their titles.

N counts the items of a show in the order in which they became known, so that it stays: nothing that was known is
forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from audio.errors import UsageError
from index.errors import EpisodeError
from index.language.tokens import fold_text
from index.storage.episode_names import name_episode, resolve_name
from index.storage.show_facts import KnownItem, Show
from index.storage.store import Store
from index.transcript import Episode
from pipeline.episodes.chosen_episodes import EpisodeSelection, select_episodes
from pipeline.errors import SUBSCRIBE_FIRST
from pipeline.shows.feeds.values import FeedItem
from pipeline.shows.stored_values import read_value


@dataclass(frozen=True, slots=True)
class NamedUpdates:
    """The ``shows`` that are to be updated; of those that are in ``single`` only the items with these identities."""

    shows: Sequence[Show]
    single: Mapping[int, set[str]] = field(default_factory=dict)


def name_items(store: Store, show: Show, short_name: str) -> list[tuple[str, KnownItem]]:
    """Return the items of a show, the newest first, with their names; ``short_name`` is that of the show."""
    items = store.items(show.number)
    by_age = sorted(items, key=lambda item: (item.position, item.identity))
    names = {item.identity: f"{short_name}/{number}" for number, item in enumerate(by_age, 1)}
    return [(names[item.identity], item) for item in items]


def short_names(shows: Sequence[Show]) -> dict[int, str]:
    """Return names of shows that are easily typed: such as ids have, or its number where several shows have one."""
    names = {show.number: name_episode(show.title) for show in shows}
    times = Counter(names.values())
    return {number: name if times[name] == 1 else str(number) for number, name in names.items()}


class NameableItems:
    """The items of all shows, read when one of them is looked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._items: dict[str, tuple[Show, KnownItem]] = {}
        self._as_episodes: list[Episode] = []

    def find(self, name: str) -> tuple[Show, KnownItem]:
        """Return the item with this name. Raises EpisodeError, with suggestions, if none or several have it."""
        return self._items[resolve_name(name, self.as_episodes()).id]

    def has(self, name: str) -> bool:
        """Whether an item has exactly this name, SHOW/N."""
        return "/" in name and bool(self.as_episodes()) and name in self._items

    def has_title(self, title: str) -> bool:
        """Whether items have this title."""
        wanted = fold_text(title).strip()
        return any(fold_text(one.title).strip() == wanted for one in self.as_episodes())

    def as_episodes(self) -> list[Episode]:
        """Return items as episodes with their names for ids, to be found as episodes are."""
        if not self._items:
            shows = self._store.shows()
            names = short_names(shows)
            for show in shows:
                for name, known in name_items(self._store, show, names[show.number]):
                    self._items[name] = show, known
                    item = read_value(FeedItem, known.content, self._store.directory)
                    self._as_episodes.append(Episode(name, show.title, item.title, item.published, "", "registered"))
        return self._as_episodes

    def take(self, chosen: Sequence[Episode]) -> list[tuple[Show, KnownItem]]:
        """Return the items that these episodes stand for; other episodes stand for none."""
        return [self._items[one.id] for one in chosen if one.id in self._items]


def find_updates(store: Store, names: Sequence[str]) -> NamedUpdates:
    """Return the shows and the items with these names, each once; all shows without names.

    Raises UsageError for a name that neither a show nor an item has, and for a library without shows.
    """
    if not names:
        shows = store.shows()
        if not shows:
            raise UsageError("The library has no shows.", SUBSCRIBE_FIRST, where=store.directory)
        return NamedUpdates(shows)
    items = NameableItems(store)
    found: dict[int, Show] = {}
    single: dict[int, set[str]] = {}
    whole: set[int] = set()
    for name in names:
        show, known = _find_update(store, items, name)
        found[show.number] = show
        if known is None:
            whole.add(show.number)
        else:
            single.setdefault(show.number, set()).add(known.identity)
    return NamedUpdates(list(found.values()), {number: ones for number, ones in single.items() if number not in whole})


def _find_update(store: Store, items: NameableItems, name: str) -> tuple[Show, KnownItem | None]:
    """Return the show with this name, or the item with its show."""
    if items.has(name):
        return items.find(name)
    try:
        return store.show_named(name), None
    except UsageError as unknown:
        try:
            return items.find(name)
        except EpisodeError as error:
            is_of_item = ("/" in name and "//" not in name) or items.has_title(name)
            raise (error if is_of_item else unknown) from None


def choose_downloads(store: Store, selection: EpisodeSelection) -> tuple[list[Episode], list[tuple[Show, KnownItem]]]:
    """Return the episodes that are meant, and the items by whose names no episode is called.

    Raises as ``select_episodes`` does.
    """
    episodes, items = store.episodes(), NameableItems(store)
    ids = {episode.id for episode in episodes}
    offered = [] if ids.issuperset(selection.names) else items.as_episodes()
    chosen = select_episodes(episodes, selection, offered)
    taken = items.take(chosen)
    made = [one.episode for _, one in taken if one.episode is not None]
    wanted = [one for one in chosen if one.id in ids] + [one for one in episodes if one.id in made]
    return list({one.id: one for one in wanted}.values()), [one for one in taken if one[1].episode is None]
