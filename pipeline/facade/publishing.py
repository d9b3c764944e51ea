"""Archives to publish: the episodes of a show as static pages."""

from __future__ import annotations

from pathlib import Path

from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.facade.open_library import OpenLibrary
from pipeline.site.site_files import DEFAULT_SITE, PublishedSite, SiteOptions

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class PublishingSites(OpenLibrary):
    """Publishing."""

    def publish_site(
        self, folder: str | Path, selection: EpisodeSelection, options: SiteOptions = DEFAULT_SITE
    ) -> PublishedSite:
        """Write the chosen episodes as static pages with search in the browser into a folder (docs/site.md).

        The folder is empty, missing, or one that this wrote before: then it is brought up to date, and pages of other
        episodes are removed. Episodes that are not transcribed yet are left out unless they are named. Raises
        UsageError for a selection of everything, for another folder, and as ``episodes``; EpisodeError as ``at``;
        OutputError if the disk is full.
        """
        from pipeline.site.site_writing import publish_site

        return publish_site(self._store, Path(folder), selection, options, self.progress)
