"""What the store knows of shows: feeds that are subscribed to, and the items that they were seen to have.

What a feed says is kept as JSON texts, which the pipeline writes and reads: ``Show.feed`` and ``KnownItem.content``. So
are the choices for a show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from audio.errors import UsageError, correct_input
from index.credentials import without_credentials
from index.errors import LIST_SHOWS
from index.language.tokens import find_token_runs, fold_text, tokenize
from index.storage.hand_edits import HandEdits
from index.storage.schema import SHOWS_TABLES
from index.storage.untrusted import ITEM_COLUMNS, SHOW_COLUMNS, check_row, is_header

_SHOW_COLUMNS = "number, title, address, feed, choices, entity_tag, modified, checked, fault, gone"
_ITEM_COLUMNS = "show, identity, content, sound, published, position, episode, removed"
_NEWEST_FIRST = "ORDER BY published DESC, position DESC, identity"
_MADE = "INDEXED BY made_items WHERE show = ? AND episode IS NOT NULL"
"""Of thousands of items few are episodes: the index on dates would read them all, to return them in order."""
_OF_EPISODE = (
    "EXISTS (SELECT 1 FROM episodes e LEFT JOIN transcripts t ON t.episode = e.id WHERE e.id = feed_items.episode"
)
_WITH_SOUND_ALONE = f"{_OF_EPISODE} AND t.number IS NULL AND e.sha256 IS NOT NULL)"
_WITHOUT_SOUND = f"{_OF_EPISODE} AND e.sha256 IS NULL)"
_NAMED = 8
"""The most shows that an error names."""
_MEANT, _ALIKE = 3, 60
"""The most shows that may be meant by a name, and how alike that must be, of 100, as for episodes."""


@dataclass(frozen=True, slots=True)
class Show:
    """A feed that is subscribed to.

    ``title`` is its name in the library, which no other show has. ``address`` is that of its feed, with name and
    password if it needs them, or the path of a file. ``checked`` is when it was last asked (ISO 8601, UTC), and
    ``fault`` why that failed; ``entity_tag`` and ``modified`` are what its server said of what it sent last. One that
    is ``gone`` is not asked again.
    """

    number: int
    title: str
    address: str
    feed: str
    choices: str
    entity_tag: str | None = None
    modified: str | None = None
    checked: str | None = None
    fault: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item of a feed, as it was stated last; it stays known when the feed drops it.

    ``sound`` is the address of its enclosure. ``position`` orders the items of a show by their place in the feed: the
    newest has the highest. ``episode`` is the one of the library that was made from it; ``removed`` says that there was
    one, and that it was removed from the library.
    """

    show: int
    identity: str
    content: str
    sound: str | None = None
    published: str | None = None
    position: int = 0
    episode: str | None = None
    removed: bool = False


class ShowFacts(HandEdits):
    """The part of a store that is about shows."""

    def add_show(self, title: str, address: str, feed: str, choices: str) -> Show:
        """Add a show, with a number that none had before. Its title and its address must be those of no other."""
        with self.transaction():
            added = self._connection.execute(
                "INSERT INTO shows (title, address, feed, choices, gone) VALUES (?, ?, ?, ?, 0)",
                (title, address, feed, choices),
            )
            assert added.lastrowid is not None
            return Show(added.lastrowid, title, address, feed, choices)

    def shows(self) -> list[Show]:
        """Return all shows, by title."""
        return sorted(self._shows(""), key=lambda show: (fold_text(show.title), show.number))

    def show_of(self, address: str) -> Show | None:
        """Return the show whose feed has this address, None if there is none."""
        return next(iter(self._shows("WHERE address = ?", address)), None)

    def follows(self, show: int) -> bool:
        """Whether there is a show with this number."""
        return bool(self._show_rows("SELECT 1 FROM shows WHERE number = ?", show))

    def show_named(self, name: str) -> Show:
        """Return the show with this name: an address, a title, a number, a unique beginning of a title or words in it.

        Raises UsageError, which names the shows that there are, if none or several match.
        """
        name = without_credentials(name) if "//" in name else name  # a title may have an @
        wanted, words = fold_text(name).strip(), tokenize(name)
        shows = self.shows()
        for fits in (
            [show for show in shows if without_credentials(show.address) == name],
            [show for show in shows if wanted and fold_text(show.title).strip() == wanted],
            [show for show in shows if str(show.number) == wanted],
            [show for show in shows if wanted and fold_text(show.title).startswith(wanted)],
            [show for show in shows if words and find_token_runs(tokenize(show.title), words)],
        ):
            if len(fits) == 1:
                return fits[0]
            if fits:
                several = f"{name!r} could be any of: {_list_titles(fits)}."
                raise UsageError(several, correct_input("Write more of the title."), where=name)
        there_are = f" There are: {_list_titles(shows)}." if shows else " None is subscribed to."
        told = _suggest(wanted, shows) or there_are
        raise UsageError(f"There is no show {name!r} in the library.{told}", LIST_SHOWS, where=name)

    def save_choices(self, show: int, choices: str) -> None:
        """Replace the choices for a show."""
        with self.transaction():
            self._connection.execute("UPDATE shows SET choices = ? WHERE number = ?", (choices, show))

    def save_feed_state(
        self, show: int, checked: str, *, entity_tag: str | None = None, modified: str | None = None,
        fault: str | None = None, gone: bool = False, feed: str | None = None, address: str | None = None,
    ) -> None:  # fmt: skip
        """Store what came of asking for a feed at the time ``checked``.

        ``feed`` is what it says of itself, and ``address`` where it moved; None leaves what is stored. What its server
        said is left out if it cannot be sent back.
        """
        tag, date = (one if is_header(one) else None for one in (entity_tag, modified))
        with self.transaction():
            self._connection.execute(
                "UPDATE shows SET checked = ?, entity_tag = ?, modified = ?, fault = ?, gone = ?,"
                " feed = coalesce(?, feed), address = coalesce(?, address) WHERE number = ?",
                (checked, tag, date, fault, gone, feed, address, show),
            )

    def remove_show(self, show: int) -> None:
        """Forget a show and its items; its episodes stay."""
        with self.transaction():
            self._connection.execute("DELETE FROM shows WHERE number = ?", (show,))

    # Items

    def items(self, show: int, most: int = -1, skipped: int = 0) -> list[KnownItem]:
        """Return the known items of a show: the newest first, those without a date last.

        ``most`` are returned, all if it is negative, without the first ones that are ``skipped``.
        """
        return self._items(f"WHERE show = ? {_NEWEST_FIRST} LIMIT ? OFFSET ?", show, most, skipped)

    def unmade_items(self, show: int) -> list[KnownItem]:
        """Return the items of a show from which no episode was made, in the same order; not those that were removed."""
        # Without being told, SQLite reads all items of the show by another index, to have them in order.
        unmade = "INDEXED BY unmade_items WHERE show = ? AND episode IS NULL AND removed = 0"
        return self._items(f"{unmade} {_NEWEST_FIRST}", show)

    def unfinished_items(self, show: int) -> list[KnownItem]:
        """Return the items of a show whose episode has sound and no words yet, in the same order."""
        return self._items(f"{_MADE} AND {_WITH_SOUND_ALONE} {_NEWEST_FIRST}", show)

    def silent_items(self, show: int) -> list[KnownItem]:
        """Return the items of a show whose episode never had sound, in the same order."""
        return self._items(f"{_MADE} AND {_WITHOUT_SOUND} {_NEWEST_FIRST}", show)

    def made_items(self, show: int) -> list[KnownItem]:
        """Return the items of a show from which episodes were made, in the same order."""
        return self._items(f"{_MADE} {_NEWEST_FIRST}", show)

    def item_of_episode(self, episode_id: str) -> KnownItem | None:
        """Return the item that an episode was made from, the first if it is of several; None if there is none."""
        return next(iter(self.items_of_episode(episode_id)), None)

    def items_of_episode(self, episode_id: str) -> list[KnownItem]:
        """Return the items that an episode is of, by show: several where shows publish the same sound."""
        return self._items("WHERE episode = ? ORDER BY show, identity", episode_id)

    def item_counts(self) -> dict[int, tuple[int, int]]:
        """Return how many items each show has, and from how many of them an episode was made, by its number."""
        if self._version() < SHOWS_TABLES:
            return {}
        rows = self._rows("SELECT show, count(*), count(episode) FROM feed_items GROUP BY show")
        return {show: (items, episodes) for show, items, episodes in rows}

    def save_items(self, items: Iterable[KnownItem]) -> None:
        """Add items of a show, or replace what known ones state: which episodes were made from them stays."""
        with self.transaction():
            for item in items:
                self._connection.execute(
                    "INSERT INTO feed_items (show, identity, content, sound, published, position, removed)"
                    " VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (show, identity) DO UPDATE SET"
                    " content = excluded.content, sound = excluded.sound, published = excluded.published",
                    (item.show, item.identity, item.content, item.sound, item.published, item.position),
                )

    def rename_items(self, show: int, identities: Mapping[str, str]) -> None:
        """Give known items of a show other identities, which none of its items has."""
        with self.transaction():
            self._connection.executemany(
                "UPDATE feed_items SET identity = ? WHERE (show, identity) = (?, ?)",
                ((new, show, old) for old, new in identities.items()),
            )

    def link_item(self, show: int, identity: str, episode_id: str) -> None:
        """Record that an episode of the library was made from an item."""
        with self.transaction():
            self._connection.execute(
                "UPDATE feed_items SET episode = ?, removed = 0 WHERE (show, identity) = (?, ?)",
                (episode_id, show, identity),
            )

    def mark_item_removed(self, episode_id: str) -> None:
        """Record that the episode of an item will be removed from the library, so that it is not fetched again."""
        with self.transaction():
            self._connection.execute(
                "UPDATE feed_items SET episode = NULL, removed = 1 WHERE episode = ?", (episode_id,)
            )

    def _shows(self, condition: str, *arguments: object) -> list[Show]:
        rows = self._show_rows(f"SELECT {_SHOW_COLUMNS} FROM shows {condition}", *arguments)
        with self._damage_noticed("The list of shows"):
            for row in rows:
                check_row(row, SHOW_COLUMNS)
            return [Show(*(*row[:-1], bool(row[-1]))) for row in rows]

    def _items(self, condition: str, *arguments: object) -> list[KnownItem]:
        rows = self._show_rows(f"SELECT {_ITEM_COLUMNS} FROM feed_items {condition}", *arguments)
        with self._damage_noticed("The list of items of a show"):
            for row in rows:
                check_row(row, ITEM_COLUMNS)
            return [KnownItem(*(*row[:-1], bool(row[-1]))) for row in rows]

    def _show_rows(self, statement: str, *arguments: object) -> list[Any]:
        """Return the rows of a table of shows; none in a library of an earlier version, opened read-only."""
        return list(self._rows(statement, *arguments)) if self._version() >= SHOWS_TABLES else []


def _suggest(wanted: str, shows: list[Show]) -> str:
    """Return the question for the shows whose titles are most like a name, empty if none is."""
    from rapidfuzz import fuzz, process

    titles = {show.title: fold_text(show.title) for show in shows}
    found = process.extract(wanted, titles, scorer=fuzz.WRatio, limit=_MEANT, score_cutoff=_ALIKE)
    return f" Do you mean {' or '.join(title for _, _, title in found)}?" if found else ""


def _list_titles(shows: list[Show]) -> str:
    more = f" and {len(shows) - _NAMED} more" if len(shows) > _NAMED else ""
    return ", ".join(show.title for show in shows[:_NAMED]) + more
