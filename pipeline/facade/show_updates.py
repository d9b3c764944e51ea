"""Updates of shows, and downloads of sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from audio.errors import MediaError
from pipeline.answers import as_list
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.errors import SoundNotHereError, check_number
from pipeline.facade.open_library import OpenLibrary
from pipeline.shows.show_choices import NO_CHOICES, ShowChoices
from pipeline.shows.updates.updated_episodes import UpdatedEpisode

if TYPE_CHECKING:
    from pipeline.transcription.options import TranscriptionOptions

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class UpdatingShows(OpenLibrary):
    """Updating shows."""

    def update(
        self,
        shows: Sequence[str] = (),
        choices: ShowChoices = NO_CHOICES,
        options: TranscriptionOptions | None = None,
        *,
        names: bool = True,
        align: bool = False,
        jobs: int = 1,
        on: str = "here",
        share: str | Path | None = None,
        dry_run: bool = False,
        allow_private: bool = False,
        stopped: Callable[[], bool] | None = None,
        told: Callable[[UpdatedEpisode], None] | None = None,
    ) -> list[UpdatedEpisode]:
        """Look for new episodes of shows, download, transcribe and index them; of all shows if none is named.

        ``shows`` may also name single items of feeds, as ``items`` lists them or by their titles, which are taken then.
        ``choices`` go before those that are remembered of each show; without a limit every item of its feed becomes an
        episode. ``names`` lets the names of people in a feed help to recognise them. With ``align`` each word of a
        publisher's transcript gets the time at which the downloaded sound has it. With ``dry_run`` nothing is
        downloaded, and the answer says what would be. ``told`` is called with what came of each episode as soon as that
        is known. Nothing is done twice: an interrupted call is continued by the next. A feed, an episode that fails
        does not stop the others. ``options``, ``jobs``, ``on``, ``share`` and ``stopped`` are as for ``transcribe``,
        ``allow_private`` as for ``verify``. Raises UsageError for a show that is not subscribed to and for invalid
        choices, MachineError (ModelError, ClusterError) if nothing more can be downloaded or transcribed.
        """
        from pipeline.batch.cluster.place import parse_place
        from pipeline.shows.downloads.courier import Courier
        from pipeline.shows.updates.item_update import UpdateRequest
        from pipeline.shows.updates.named_items import find_updates
        from pipeline.shows.updates.updating import update_shows
        from pipeline.transcription.options import TranscriptionOptions

        check_number("number of jobs", jobs, 1)
        place = parse_place(on, share)
        found = find_updates(self._store, as_list(shows))
        self._finish_removals()
        request = UpdateRequest(options or TranscriptionOptions(), jobs, names, align, place=place)
        updated, tell = _collect(told)
        stops = stopped or (lambda: False)
        update_shows(
            self._store, found, choices, Courier(allow_private=allow_private), request, self.progress, stops, tell,
            dry_run=dry_run,
        )  # fmt: skip
        if not dry_run and not stops():
            self._replace_outgrown_index()
        return updated

    def download(
        self,
        selection: EpisodeSelection,
        options: TranscriptionOptions | None = None,
        *,
        transcribe: bool = False,
        jobs: int = 1,
        allow_private: bool = False,
        stopped: Callable[[], bool] | None = None,
        told: Callable[[UpdatedEpisode], None] | None = None,
    ) -> list[UpdatedEpisode]:
        """Download the sound of episodes that have none here: never downloaded, or not kept.

        An item of a feed that is not in the library yet, named by its title or as ``items`` lists it, becomes one.
        What is downloaded must be the sound that the episode was transcribed from. With ``transcribe`` it may be other
        sound, and episodes without words of their own are transcribed. Raises as ``episodes`` for the selection, and as
        ``update``.
        """
        from pipeline.shows.downloads.courier import Courier
        from pipeline.shows.updates.claimed_items import claim_items
        from pipeline.shows.updates.item_update import UpdateRequest
        from pipeline.shows.updates.named_items import choose_downloads
        from pipeline.shows.updates.sound_downloads import download_and_transcribe, download_sound
        from pipeline.transcription.options import TranscriptionOptions

        check_number("number of jobs", jobs, 1)
        chosen, items = choose_downloads(self._store, selection)
        courier, ends = Courier(allow_private=allow_private), stopped or (lambda: False)
        updated, tell = _collect(told)
        request = UpdateRequest(options or TranscriptionOptions(), jobs, replaces=True)
        download = download_and_transcribe if transcribe else download_sound
        with ExitStack() as claims:
            wanted = claim_items(self._store, items, claims, tell)
            download(self._store, chosen, wanted, courier, request, self.progress, ends, tell)
        return updated

    def missing_sound(self, name: str) -> MediaError | None:
        """Return why the sound of an episode is not here, and how to get it; None if it is here, or cannot be got."""
        from pipeline.hearing.recordings import check_kept

        episode = self._store.resolve_episode(name)
        try:
            check_kept(episode, self.directory)
        except SoundNotHereError as error:
            return error
        return None

    def _bring_sound(self, name: str, allow_private: bool) -> None:
        """Download the sound of an episode if it is not here and can be had. Raises as ``fetch_again`` does."""
        from pipeline.shows.downloads.courier import Courier
        from pipeline.shows.updates.sound_downloads import fetch_again

        if self.missing_sound(name) is not None:
            episode = self._store.resolve_episode(name)
            fetch_again(self._store, episode, Courier(allow_private=allow_private), self.progress)


def _collect(
    told: Callable[[UpdatedEpisode], None] | None,
) -> tuple[list[UpdatedEpisode], Callable[[UpdatedEpisode], None]]:
    """Return a list, and what puts what came of an episode into it, and tells of it."""
    updated: list[UpdatedEpisode] = []

    def tell(one: UpdatedEpisode) -> None:
        updated.append(one)
        if told is not None:
            told(one)

    return updated, tell
