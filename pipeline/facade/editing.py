"""What a person says of episodes, and where their recordings are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.transcript import Episode
from pipeline.answers import Placed, as_list
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.episodes.episode_changes import EditedEpisode, EpisodeChanges, Relinked
from pipeline.episodes.word_corrections import WordCorrection
from pipeline.facade.open_library import OpenLibrary
from pipeline.last_search import rename_places

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class EditingEpisodes(OpenLibrary):
    """Editing episodes."""

    def edit(self, name: str, changes: EpisodeChanges, *, dry_run: bool = False) -> EditedEpisode:
        """Change title, show, date, address, id or speakers' names of an episode; with ``dry_run`` nothing is changed.

        What was edited stays when the episode is transcribed or imported again, and is undone by editing it back.
        Searches follow at once, and the numbers of the last search stay valid. Raises EpisodeError for an episode that
        is unknown, an id that another one has, and a speaker whom it does not have; UsageError for a value that a field
        cannot have.
        """
        return self._edit([self._store.resolve_episode(name)], changes, dry_run)[0]

    def edit_all(
        self, selection: EpisodeSelection, changes: EpisodeChanges, *, dry_run: bool = False
    ) -> list[EditedEpisode]:
        """Change the chosen episodes likewise: all of them or, on failure, none.

        A speaker is renamed in those that have one of this name. Raises as ``edit`` does, and as ``episodes`` for the
        selection.
        """
        from pipeline.episodes.chosen_episodes import select_episodes

        return self._edit(select_episodes(self._store.episodes(), selection), changes, dry_run)

    def _edit(self, chosen: Sequence[Episode], changes: EpisodeChanges, dry_run: bool) -> list[EditedEpisode]:
        from pipeline.episodes.episode_editing import edit_episodes

        edited = edit_episodes(self._store, chosen, changes, dry_run=dry_run)
        if not dry_run and any(one.changes for one in edited):
            if changes.id is not None:
                rename_places(self.directory, chosen[0].id, edited[0].episode)
            self._update_derived()
        return edited

    def correct(self, place: Placed, text: str) -> WordCorrection:
        """Put ``text`` in the place of the words that are said at a place, or of the one word at its moment.

        Raises as ``correct_words``; TimeError for a time past the end, UsageError where no word is said.
        """
        from pipeline.episodes.correcting import correct_place

        corrected = correct_place(self._store, place, text)
        self._update_derived()
        return corrected

    def correct_words(self, name: str, first: int, last: int, text: str) -> WordCorrection:
        """Put ``text`` in the place of the words ``first`` to ``last`` of an episode, counted from 0.

        Words that stay keep their times. What was heard is kept beside the new words (``heard``). Searches, verdicts
        and exports follow at once; an import is then exported sentence by sentence, no longer in the cues of its file.
        When the episode is transcribed or imported again, a correction is made where the same words are heard at the
        same time, else set aside. Raises EpisodeError as ``at`` does; UsageError for words that there are not, of
        several sentences, and for a text that is empty, longer than 1000 characters, or stands there already.
        """
        from pipeline.episodes.correcting import correct_words

        corrected = correct_words(self._store, name, first, last, text)
        self._update_derived()
        return corrected

    def undo_correction(self, name: str, correction: int | None = None) -> WordCorrection:
        """Undo a correction, by its number or the last one: what stood there before stands there again, as it was.

        Raises EpisodeError for an unknown episode, and for a correction that there is not.
        """
        from pipeline.episodes.correcting import undo_correction

        undone = undo_correction(self._store, name, correction)
        self._update_derived()
        return undone

    def corrections(self, name: str) -> list[WordCorrection]:
        """Return what was corrected by hand in an episode, by place; at last what is set aside.

        A correction that is part of a later one is not listed before that is undone. Raises EpisodeError for an
        unknown episode.
        """
        from pipeline.episodes.correcting import list_corrections

        return list_corrections(self._store, name)

    def relink(self, folders: Sequence[str | Path] = (), *, dry_run: bool = False) -> Relinked:
        """Look for recordings that were moved, in ``folders`` and those below, and link those found to their episodes.

        They are recognised by size and SHA-256, whatever they are called. Without ``folders`` it looks where recordings
        of the library are or were. With ``dry_run`` nothing is linked. Raises UsageError for a folder that does not
        exist.
        """
        from pipeline.episodes.relinking import relink_recordings

        places = list(map(Path, as_list(folders)))
        return relink_recordings(self._store, places, dry_run=dry_run, progress=self.progress)
