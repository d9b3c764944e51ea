"""What a person says of episodes, and where their recordings are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.answers import as_list
from pipeline.episodes.episode_changes import EditedEpisode, EpisodeChanges, Relinked
from pipeline.facade.open_library import OpenLibrary
from pipeline.last_search import rename_places

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class EditingEpisodes(OpenLibrary):
    """Editing episodes."""

    def edit(
        self,
        names: str | Sequence[str] | None,
        changes: EpisodeChanges,
        *,
        show: str | None = None,
        dry_run: bool = False,
    ) -> list[EditedEpisode]:
        """Change title, show, date, address, id or speakers' names of episodes: of all of them or, on failure, of none.

        ``names`` are those of the episodes, None for all of them, or all of a ``show`` (its whole name). What was
        edited stays when an episode is transcribed or imported again, and is undone by editing it back. With
        ``dry_run`` nothing is changed. Searches follow at once, and the numbers of the last search stay valid. Raises
        EpisodeError for an episode that is unknown, an id that another one has, and a speaker whom none has; UsageError
        for a value that a field cannot have.
        """
        from index.fulltext.maintenance import update_index
        from pipeline.episodes.episode_editing import edit_episodes
        from pipeline.lookup import of_show

        chosen = self._store.episodes() if names is None else list(map(self._store.resolve_episode, as_list(names)))
        if show is not None:
            chosen = of_show(chosen, show, self._store)
        chosen = list({one.id: one for one in chosen}.values())
        edited = edit_episodes(self._store, chosen, changes, dry_run=dry_run)
        if not dry_run and any(one.changes for one in edited):
            if changes.id is not None:
                rename_places(self.directory, chosen[0].id, edited[0].episode)
            update_index(self._store, self._report_index)
        return edited

    def relink(self, folders: Sequence[str | Path] = (), *, dry_run: bool = False) -> Relinked:
        """Look for recordings that were moved, in ``folders`` and those below, and link those found to their episodes.

        They are recognised by size and SHA-256, whatever they are called. Without ``folders`` it looks where recordings
        of the library are or were. With ``dry_run`` nothing is linked. Raises UsageError for a folder that does not
        exist.
        """
        from pipeline.episodes.relinking import relink_recordings

        return relink_recordings(self._store, list(map(Path, as_list(folders))), dry_run=dry_run)
