"""Select episodes of a library: by names and patterns of names, by show and by date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from audio.errors import correct_input
from index.errors import LIST_EPISODES, EpisodeError
from index.language.tokens import fold_text
from index.query.dates import lies_between, read_date_range
from index.storage.episode_names import resolve_name
from index.transcript import Episode
from pipeline.episodes.unknown_names import find_shows, name_nearest, no_episode_of_days

_SIGNS_OF_PATTERNS = frozenset("*?[")

NAMED_EPISODES = 8
"""The most episodes that an error or a reason lists."""


@dataclass(frozen=True, slots=True)
class EpisodeSelection:
    """Which episodes are meant: those that fit all conditions; without any, all of the library.

    ``names`` are ids, unique prefixes of ids, titles, or patterns that fit ids or titles: ``*`` stands for any
    characters, ``?`` for one, ``[ab]`` for one of these. ``show`` is the name of a show, or words of the names of
    several. ``since`` and ``until`` are YYYY, YYYY-MM or YYYY-MM-DD; an episode without a date fits neither.
    """

    names: tuple[str, ...] = ()
    show: str | None = None
    since: str | None = None
    until: str | None = None

    @property
    def is_by_name(self) -> bool:
        """Whether each episode is named, so that none of them may be passed over."""
        others = (self.show, self.since, self.until)
        return bool(self.names) and others == (None, None, None) and not any(map(is_pattern, self.names))


ALL_EPISODES = EpisodeSelection()


def is_pattern(name: str) -> bool:
    """Whether a name may stand for several episodes; a title with one of these signs still names its episode."""
    return not _SIGNS_OF_PATTERNS.isdisjoint(name)


def select_episodes(
    episodes: Sequence[Episode], selection: EpisodeSelection, offered: Sequence[Episode] = ()
) -> list[Episode]:
    """Return those of ``episodes`` that are meant, each once: in the order of the names, else in their own.

    What is named may also be one of the ``offered``, if none of ``episodes`` has the name.

    Raises EpisodeError for a name or a pattern that no episode has, UsageError for a show or dates of no episode.
    """
    chosen = list(episodes)
    if selection.names:
        named = (one for name in selection.names for one in _find_named(name, episodes, offered))
        chosen = list({one.id: one for one in named}.values())
    if selection.show is not None:
        chosen = _keep_show(chosen, selection, [*episodes, *offered])
    if days := read_date_range(selection.since, selection.until):
        chosen = _keep_published(chosen, days)
    return chosen


def _find_named(name: str, episodes: Sequence[Episode], offered: Sequence[Episode]) -> list[Episode]:
    if not is_pattern(name):
        return [resolve_name(name, episodes, offered)]
    wanted = fold_text(name).strip()
    fits = _find_pattern(wanted, episodes) or _find_pattern(wanted, offered)
    if not fits:
        ids = [episode.id for episode in episodes]
        known = f"There are {name_nearest(name, ids)}." if ids else "The library is empty."
        raise EpisodeError(f"No episode fits {name!r}. {known}", LIST_EPISODES, where=name)
    return fits


def _find_pattern(wanted: str, episodes: Sequence[Episode]) -> list[Episode]:
    """Return the episodes with exactly this title, else those whose title or id fits the pattern."""
    titles = [(one, fold_text(one.title).strip()) for one in episodes]
    fits = [one for one, title in titles if title == wanted]
    return fits or [one for one, title in titles if fnmatchcase(title, wanted) or fnmatchcase(one.id, wanted)]


def _keep_show(chosen: Sequence[Episode], selection: EpisodeSelection, episodes: Sequence[Episode]) -> list[Episode]:
    assert selection.show is not None
    kept = of_show(episodes, selection.show)
    ids = {one.id for one in kept}
    if selection.names and ids.isdisjoint(one.id for one in chosen):
        named = f"The episode {selection.names[0]}" if len(selection.names) == 1 else "None of these episodes"
        raise EpisodeError(
            f"{named} is {'not ' if len(selection.names) == 1 else ''}part of the show {selection.show!r}.",
            correct_input("Leave one of the two out."),
            where=selection.names[0],
        )
    return [one for one in chosen if one.id in ids]


def of_show(episodes: Sequence[Episode], show: str) -> list[Episode]:
    """Return those of ``episodes`` that belong to a show, which ``find_shows`` finds by its name or words of it."""
    shows = find_shows((one.show for one in episodes), show)
    return [one for one in episodes if one.show in shows]


def _keep_published(chosen: Sequence[Episode], days: tuple[str, str]) -> list[Episode]:
    kept = [one for one in chosen if one.published is not None and lies_between(one.published, *days)]
    if chosen and not kept:
        raise no_episode_of_days(days, chosen)
    return kept


def list_ids(episodes: Iterable[Episode]) -> str:
    """List the ids of a few episodes, and how many more there are."""
    ids = [episode.id for episode in episodes]
    named = ", ".join(ids[:NAMED_EPISODES])
    return f"{named} and {len(ids) - NAMED_EPISODES} more" if len(ids) > NAMED_EPISODES else named
