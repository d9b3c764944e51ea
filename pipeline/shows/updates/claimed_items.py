"""Claim shows for one run, since each is updated by one process at a time, and take items of them that are named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack

from index.storage.show_facts import KnownItem, Show
from index.storage.store import Store
from pipeline.batch.locks import Taken, lock_source
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.stored_values import read_value
from pipeline.shows.updates.updated_episodes import UpdatedEpisode, UpdateStatus, describe_item
from pipeline.shows.updates.wanted_items import WantedItem, is_usable, want_items

Tell = Callable[[UpdatedEpisode], None]


def claim_shows(store: Store, shows: Sequence[Show], claims: ExitStack, told: Tell) -> list[Show]:
    """Claim shows until ``claims`` are closed; return them, and tell of those that another process updates."""
    claimed = []
    for show in shows:
        try:
            claims.enter_context(lock_source(store.directory, f"show-{show.number}", discard=True))
        except Taken:
            told(describe_show(show, "skipped", "another airquote is updating it"))
        else:
            claimed.append(show)
    return claimed


def claim_items(
    store: Store, items: Sequence[tuple[Show, KnownItem]], claims: ExitStack, told: Tell
) -> list[WantedItem]:
    """Claim the shows of items, and return what is wanted of these: their sound, whatever is remembered of the show."""
    shows = {show.number: show for show, _ in items}
    return [
        wanted
        for show in claim_shows(store, list(shows.values()), claims, told)
        for wanted in take_named(
            store,
            show,
            {known.identity for of, known in items if of.number == show.number},
            choices_of(store, show, ShowChoices(no_audio=False)),
            told,
        )
    ]


def take_named(
    store: Store, show: Show, identities: Collection[str], choices: ShowChoices, told: Tell
) -> list[WantedItem]:
    """Return those of the items of a show with these identities that can become episodes; tell of the others."""
    taken = []
    known = [one for one in store.items(show.number) if one.identity in identities]
    for item in want_items(store, show, known, choices):
        if item.episode is not None and store.facts(item.episode) is not None:
            told(describe_item(item, "skipped", item.episode, None, "it is in the library"))
        elif not is_usable(item.item, choices):
            told(describe_item(item, "skipped", item.episode, None, "its feed offers neither sound nor wanted words"))
        else:
            taken.append(item)
    return taken


def choices_of(store: Store, show: Show, asked: ShowChoices) -> ShowChoices:
    """Return the choices for a show: those asked for now, else those that are remembered."""
    return read_value(ShowChoices, show.choices, store.directory).changed_by(asked)


def describe_show(show: Show, status: UpdateStatus, reason: str | None) -> UpdatedEpisode:
    """Return what came of a show as a whole."""
    return UpdatedEpisode(show.title, None, None, None, status, None, None, None, reason)
