"""Update shows: ask their feeds for new items, and make episodes of those that are wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

from audio.errors import UsageError
from index.storage.show_facts import Show
from index.storage.store import Store
from pipeline.batch.locks import Taken, lock_source
from pipeline.errors import SUBSCRIBE_FIRST
from pipeline.progress import ProgressCallback, UpdatePlanned
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.published.later_transcripts import MOST_LOOKED_FOR, take_later_transcripts
from pipeline.shows.refreshing import refresh_shows
from pipeline.shows.show_choices import ShowChoices, check_choices
from pipeline.shows.stored_values import read_value
from pipeline.shows.updates.item_update import ItemUpdate, UpdateRequest, describe_item
from pipeline.shows.updates.keeping import prune_show
from pipeline.shows.updates.updated_episodes import UpdatedEpisode, UpdateStatus
from pipeline.shows.updates.wanted_items import WantedItem, authorise, choose_items


def find_shows(store: Store, names: Sequence[str]) -> list[Show]:
    """Return the shows with these names, each once; all without names. Raises UsageError for an unknown one."""
    shows = [store.show_named(name) for name in names] if names else store.shows()
    if not shows:
        raise UsageError("The library has no shows.", SUBSCRIBE_FIRST, where=store.directory)
    return list({show.number: show for show in shows}.values())


def update_shows(
    store: Store,
    shows: Sequence[Show],
    choices: ShowChoices,
    courier: Courier,
    request: UpdateRequest,
    progress: ProgressCallback,
    stopped: Callable[[], bool],
    told: Callable[[UpdatedEpisode], None],
    *,
    dry_run: bool = False,
) -> None:
    """Make episodes of the wanted items of shows, and tell what came of each; with ``dry_run`` tell which these are.

    ``choices`` go before those that are remembered of each show. What fails does not stop the others: a feed that
    cannot be had, a show that another process updates. Raises MachineError (ModelError) if nothing more can be
    downloaded or transcribed; what was finished is saved.
    """
    check_choices(choices)
    with ExitStack() as locks:
        held, refused = _lock_shows(store, shows, locks)
        for one in (*refused, *_refresh(store, held, courier, progress)):
            told(one)
        chosen = {show.number: _choices_of(store, show, choices) for show in held}
        wanted = [one for show in held for one in choose_items(store, show, chosen[show.number])]
        progress(_describe_plan(wanted))
        if dry_run:
            for item in wanted:
                told(describe_item(item, "planned", item.episode))
            return
        if wanted:
            ItemUpdate(store, courier, request, progress, stopped, told).run(wanted)
        done = {(one.number, one.identity) for one in wanted}
        for show in held:
            if not stopped():
                for one in _take_later(store, show, chosen[show.number], courier, done, request.aligns):
                    told(one)
            prune_show(store, show.number, chosen[show.number])


def _take_later(
    store: Store,
    show: Show,
    choices: ShowChoices,
    courier: Courier,
    done: Collection[tuple[int | None, str]],
    aligns: bool,
) -> Iterator[UpdatedEpisode]:
    """Fetch what the publisher offers now for the newest episodes of a show that are not ``done`` in this run.

    An episode that is of several shows has the transcripts of the first one alone.
    """
    if choices.transcripts not in ("publisher", "both"):
        return
    known = [one for one in store.items(show.number, MOST_LOOKED_FOR) if (show.number, one.identity) not in done]
    own = [(one.episode, one) for one in known if one.episode and store.item_of_episode(one.episode) == one]
    made = [
        (episode, authorise(read_value(FeedItem, one.content, store.directory), show.address)) for episode, one in own
    ]
    language = read_value(Feed, show.feed, store.directory).language
    for item, outcome in take_later_transcripts(store, courier, show.title, made, language, aligns=aligns):
        yield UpdatedEpisode(
            show.title, item.title, item.published, outcome.episode, outcome.status, item.duration, None, None,
            outcome.reason, outcome.error,
        )  # fmt: skip


def _choices_of(store: Store, show: Show, asked: ShowChoices) -> ShowChoices:
    """Return the choices for a show: those asked for now, else those that are remembered."""
    return read_value(ShowChoices, show.choices, store.directory).changed_by(asked)


def _lock_shows(store: Store, shows: Sequence[Show], locks: ExitStack) -> tuple[list[Show], list[UpdatedEpisode]]:
    """Lock shows until ``locks`` are closed; return those that no other process updates, and what to say of others."""
    held, taken = [], []
    for show in shows:
        try:
            locks.enter_context(lock_source(store.directory, f"show-{show.number}", discard=True))
        except Taken:
            taken.append(_describe_show(show, "skipped", "another airquote is updating it"))
        else:
            held.append(show)
    return held, taken


def _describe_plan(wanted: Sequence[WantedItem]) -> UpdatePlanned:
    durations, sizes = [one.item.duration for one in wanted if one.with_sound], [one.size for one in wanted]
    return UpdatePlanned(
        len(wanted), len({one.number for one in wanted}), sum(filter(None, durations)), sum(filter(None, sizes)),
        durations.count(None), sizes.count(None),
    )  # fmt: skip


def _refresh(store: Store, shows: Sequence[Show], courier: Courier, progress: ProgressCallback) -> list[UpdatedEpisode]:
    """Ask for the feeds of shows; return what to say of those that failed. What is known of them is updated anyway."""
    refreshed = refresh_shows(store, shows, courier, progress)
    statuses: dict[str, UpdateStatus] = {"failed": "failed", "gone": "skipped"}
    return [
        replace(_describe_show(show, statuses[one.status], one.reason), error=one.error)
        for show, one in zip(shows, refreshed, strict=True)
        if one.status in statuses
    ]


def _describe_show(show: Show, status: UpdateStatus, reason: str | None) -> UpdatedEpisode:
    return UpdatedEpisode(show.title, None, None, None, status, None, None, None, reason)
