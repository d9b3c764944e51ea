"""Update shows: ask their feeds for new items, and make episodes of those that are wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

from index.storage.show_facts import Show
from index.storage.store import Store
from pipeline.progress import ProgressCallback, UpdatePlanned
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.published.later_transcripts import MOST_LOOKED_FOR, take_later_transcripts
from pipeline.shows.refreshing import refresh_shows
from pipeline.shows.show_choices import ShowChoices, check_choices
from pipeline.shows.stored_values import read_value
from pipeline.shows.updates.claimed_items import Tell, choices_of, claim_shows, describe_show, take_named
from pipeline.shows.updates.item_update import ItemUpdate, UpdateRequest
from pipeline.shows.updates.keeping import prune_show
from pipeline.shows.updates.named_items import NamedUpdates
from pipeline.shows.updates.sound_downloads import download_sound
from pipeline.shows.updates.updated_episodes import UpdatedEpisode, UpdateStatus, describe_item
from pipeline.shows.updates.wanted_items import WantedItem, authorise, choose_items, choose_silent


def update_shows(
    store: Store,
    named: NamedUpdates,
    choices: ShowChoices,
    courier: Courier,
    request: UpdateRequest,
    progress: ProgressCallback,
    stopped: Callable[[], bool],
    told: Tell,
    *,
    dry_run: bool = False,
) -> None:
    """Make episodes of the wanted items of shows, and tell what came of each; with ``dry_run`` tell which these are.

    An item that is named is wanted whatever its title and date are, and if its episode was removed. ``choices`` go
    before those that are remembered of each show. What fails does not stop the others: a feed that cannot be had, a
    show that another process updates. Raises MachineError (ModelError) if nothing more can be downloaded or
    transcribed; what was finished is saved.
    """
    check_choices(choices)
    with ExitStack() as claims:
        held = claim_shows(store, named.shows, claims, told)
        for one in _refresh(store, held, courier, progress):
            told(one)
        chosen = {show.number: choices_of(store, show, choices) for show in held}
        wanted = [one for show in held for one in _choose(store, show, named, chosen[show.number], told)]
        whole = [show for show in held if show.number not in named.single]
        silent = [one for show in whole for one in choose_silent(store, show, chosen[show.number])]
        progress(_describe_plan(wanted))
        if dry_run:
            for item in wanted:
                told(describe_item(item, "planned", item.episode))
            for item in silent:
                told(describe_item(item, "planned", item.episode, None, "its sound"))
            return
        if wanted:
            ItemUpdate(store, courier, request, progress, stopped, told).run(wanted)
        if silent and not stopped():
            episodes = [store.resolve_episode(one.episode or "") for one in silent]
            download_sound(store, episodes, (), courier, request, progress, stopped, told)
        done = {(one.number, one.identity) for one in wanted}
        for show in whole:
            if not stopped():
                for one in _take_later(store, show, chosen[show.number], courier, done, request.aligns):
                    told(one)
        for show in held:
            prune_show(store, show.number, chosen[show.number])


def _choose(store: Store, show: Show, named: NamedUpdates, choices: ShowChoices, told: Tell) -> Sequence[WantedItem]:
    if (single := named.single.get(show.number)) is not None:
        return take_named(store, show, single, choices, told)
    return choose_items(store, show, choices)


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
        replace(describe_show(show, statuses[one.status], one.reason), error=one.error)
        for show, one in zip(shows, refreshed, strict=True)
        if one.status in statuses
    ]
