"""Publish a site: choose its episodes, render its files, and bring its folder up to date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from audio.errors import UsageError, correct_input
from index.language.tokens import fold_text
from index.storage.store import Store
from index.transcript import Episode
from pipeline.episodes.chosen_episodes import ALL_EPISODES, EpisodeSelection, select_episodes
from pipeline.printable import clean_text
from pipeline.progress import ProgressCallback, SiteAdvanced, ignore_progress
from pipeline.site.public_episodes import PublicEpisode, PublicShow, read_episode, read_show
from pipeline.site.search_files import SearchFiles
from pipeline.site.site_files import PublishedSite, SiteEpisode, SiteFile, SiteOptions
from pipeline.site.site_folder import SiteFolder, open_site
from pipeline.site.site_names import (
    INDEX,
    PAGES,
    SEARCH,
    SITEMAP,
    check_site_address,
    name_feeds,
    name_files,
)
from pipeline.site.site_pages import ASSETS, SitePages, read_asset

_NAMED_SHOWS = 3
"""The most shows that the title of a site lists."""


def publish_site(
    store: Store,
    folder: Path,
    selection: EpisodeSelection,
    options: SiteOptions,
    progress: ProgressCallback = ignore_progress,
) -> PublishedSite:
    """Write the chosen episodes as static pages into a folder, or bring these up to date.

    Raises UsageError for a selection of everything, an address that cannot be that of a site, and as ``open_site`` and
    ``select_episodes``; EpisodeError for an episode that is named and has no transcript; OutputError.
    """
    if selection == ALL_EPISODES:
        raise UsageError("Which episodes are to be published?", correct_input("Name them, or their show."))
    address = check_site_address(options.address)
    with store.snapshot():
        chosen, missing = _choose(store, selection)
        with open_site(store, folder, dry_run=options.dry_run) as site:
            making = _SiteMaking(store, site, chosen, replace(options, address=address))
            files = [*making.make(progress), *site.remove_others()]
    return PublishedSite(str(folder), tuple(map(_describe, making.episodes)), tuple(files), _note(missing, address))


def _choose(store: Store, selection: EpisodeSelection) -> tuple[list[Episode], list[Episode]]:
    """Return the chosen episodes that have words, the oldest first, and those that have none yet."""
    chosen = select_episodes(store.episodes(), selection)
    chosen.sort(key=lambda one: (one.published or "", one.id))
    transcribed = set(store.transcripts().values())
    with_words = [one for one in chosen if one.id in transcribed or selection.is_by_name]
    if not with_words:
        raise UsageError("None of these episodes is transcribed yet.", correct_input("Transcribe them first."))
    return with_words, [one for one in chosen if one not in with_words]


def _note(missing: Sequence[Episode], address: str | None) -> tuple[str, ...]:
    notes = []
    if missing:
        are = "1 episode is" if len(missing) == 1 else f"{len(missing)} episodes are"
        notes.append(f"{are} not transcribed yet and left out.")
    if address is None:
        notes.append("Without the address of the site there is no RSS feed and no sitemap.")
    return tuple(notes)


def _describe(one: PublicEpisode) -> SiteEpisode:
    sound = one.sound.address if one.sound else None
    return SiteEpisode(one.id, one.title, one.show, one.published, one.words_from, sound)


class _SiteMaking:
    """Makes the files of a site, episode by episode: the words of a whole archive need not be in memory."""

    def __init__(self, store: Store, site: SiteFolder, chosen: Sequence[Episode], options: SiteOptions) -> None:
        self.episodes: list[PublicEpisode] = []
        self._store, self._site, self._chosen = store, site, chosen
        self._stems = name_files(one.id for one in chosen)
        self._address = options.address
        self._by_show: dict[str, list[Episode]] = defaultdict(list)
        for one in chosen:
            self._by_show[one.show or ""].append(one)
        self._title = options.title or _title_of([show for show in self._by_show if show])
        self._feeds = name_feeds(self._by_show) if self._address else {}
        self._pages = SitePages(self._title, self._address, self._feeds)
        self._search = SearchFiles()

    def make(self, progress: ProgressCallback) -> Iterator[SiteFile]:
        """Make all files, and yield each once it is there."""
        for name in ASSETS:
            yield self._site.put(f"assets/{name}", read_asset(name))
        numbers = self._store.numbers()
        for done, one in enumerate(self._chosen, 1):
            yield from self._make_episode(read_episode(self._store, one.id, self._stems[one.id], numbers.get(one.id)))
            progress(SiteAdvanced(done, len(self._chosen)))
        for name, content in self._search.finish():
            yield self._site.put(name, content)
        yield from self._make_pages()

    def _make_episode(self, episode: PublicEpisode) -> Iterator[SiteFile]:
        place = f"{PAGES}/{episode.stem}"
        yield self._site.put(f"{place}.html", self._pages.render_episode(episode), episode.id)
        for ending, text in episode.documents.items():
            yield self._site.put(f"{place}.{ending}", text.encode("utf-8", "replace"), episode.id)
        for name, content in self._search.add(episode):
            yield self._site.put(name, content, episode.id)
        self.episodes.append(replace(episode, blocks=(), documents=dict.fromkeys(episode.documents, "")))

    def _make_pages(self) -> Iterator[SiteFile]:
        newest_first = self.episodes[::-1]
        shows = sorted(self._by_show, key=lambda show: (not show, fold_text(show)))
        listed = [(show, [one for one in newest_first if (one.show or "") == show]) for show in shows]
        yield self._site.put(SEARCH, self._pages.render("search.html.jinja", version_of_index=self._search.version))
        for show, episodes in listed if self._address else ():
            about = read_show(self._store, self._by_show[show], show or self._title)
            yield self._site.put(self._feeds[show], self._render_feed(show, about, episodes))
        if self._address:
            yield self._site.put(SITEMAP, self._pages.render("sitemap.xml.jinja", episodes=newest_first))
        yield self._site.put(
            INDEX, self._pages.render("index.html.jinja", shows=listed)
        )  # last: it links to all others

    def _render_feed(self, show: str, about: PublicShow, episodes: Sequence[PublicEpisode]) -> bytes:
        return self._pages.render("feed.xml.jinja", show=about, place=self._feeds[show], episodes=episodes)


def _title_of(shows: Sequence[str]) -> str:
    """Return the title of a site that was given none: its shows."""
    more = f" and {len(shows) - _NAMED_SHOWS} more" if len(shows) > _NAMED_SHOWS else ""
    return clean_text(", ".join(sorted(shows, key=fold_text)[:_NAMED_SHOWS]) + more) or "Episodes"
