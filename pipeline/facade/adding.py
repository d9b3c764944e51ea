"""Transcription and import of episodes, and their removal."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from audio.errors import UsageError
from audio.timecode import LONGEST_SECONDS
from index.transcript import Episode
from pipeline.answers import Outcome, Removed, as_list
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.errors import check_number, check_only_file, check_timing
from pipeline.facade.open_library import OpenLibrary
from pipeline.last_search import forget_places
from pipeline.progress import FilesLeftOut
from pipeline.shows.show_choices import NO_CHOICES, ShowChoices

if TYPE_CHECKING:
    from pipeline.network.addresses import Origin
    from pipeline.transcription.options import TranscriptionOptions

_log = logging.getLogger("airquote.library")

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class AddingEpisodes(OpenLibrary):
    """Adding and removing episodes."""

    def transcribe(
        self,
        sources: Sequence[str | Path],
        options: TranscriptionOptions | None = None,
        *,
        show: str | None = None,
        title: str | None = None,
        date: str | Sequence[str] = (),
        jobs: int = 1,
        on: str = "here",
        share: str | Path | None = None,
        choices: ShowChoices = NO_CHOICES,
        names: bool = True,
        allow_private: bool = False,
        origin: Origin = "typed",
        stopped: Callable[[], bool] | None = None,
    ) -> list[Outcome]:
        """Transcribe media files, and those in folders; skip what is done, resume what was interrupted.

        ``sources`` may be http(s) addresses too: of sound, which is downloaded into the library's folder, or of a feed,
        of whose items those are taken that ``choices`` say. ``names`` and ``allow_private`` are as for ``update``.
        With an ``origin`` other than ``typed`` (docs/addresses.md) they must be addresses.

        What is done with other options is skipped too, and its outcome says with which; ``force`` replaces it. Where
        ``options`` name no model, it is the one that the library was made with: the one that was used last.
        Returns an outcome for each file; a file that fails does not stop the others. ``options`` None are the defaults.
        ``show`` and ``title`` (for a single file) default to the file's tags, the title then to its name; ``date``, one
        for all files or one for each in their order (YYYY-MM-DD, YYYY-MM or YYYY), to tags, then to a date in the name.
        What was edited by hand stays. ``jobs`` files are transcribed in parallel processes, which import a script:
        guard it by ``if __name__ == "__main__":``. ``on`` is where that is done: ``here``, or by the workers of a
        Ray cluster (docs/cluster.md), at ``ray://HOST`` or ``ray://HOST:PORT``, or ``ray`` for one that is started on
        this machine; it has no use for ``jobs``, and a script is guarded likewise. Its machines get the bytes of files,
        but those in the folder ``share`` they open at the same path. ``stopped`` is called between groups of windows;
        once it is true the call ends, and finished groups are saved.
        Raises UsageError for invalid sources or options, MachineError (ModelError, ClusterError) if no file can be
        transcribed now.
        """
        from pipeline.batch.batch import plan_batch
        from pipeline.batch.cluster.place import parse_place
        from pipeline.shows.downloads.courier import Courier
        from pipeline.shows.feed_requests import check_addresses, is_on_the_web
        from pipeline.shows.show_choices import check_choices
        from pipeline.shows.updates.item_update import UpdateRequest
        from pipeline.shows.updates.typed_addresses import describe_addresses, transcribe_addresses
        from pipeline.transcription.options import TranscriptionOptions

        named, stops = as_list(sources), stopped or (lambda: False)
        check_addresses(named, origin)
        place = parse_place(on, share)
        addresses = [one for one in named if isinstance(one, str) and is_on_the_web(one)]
        files = [one for one in named if one not in addresses]
        asked = options or TranscriptionOptions()
        given = describe_addresses(addresses, len(named), show, title, as_list(date))
        outcomes: list[Outcome] = []
        if files or not addresses:
            of_library = self._store.default_model() if self._exists else None
            plan = plan_batch(files, asked, show, title, as_list(date), jobs, of_library, place)
            self._finish_removals()
            outcomes += plan.run(self._store, self.progress, stops)
        if addresses:
            courier = Courier(allow_private=allow_private, named_by=origin)
            request = UpdateRequest(asked, jobs, names, place=place)
            outcomes += transcribe_addresses(
                self._store,
                addresses,
                given,
                NO_CHOICES.changed_by(check_choices(choices)),
                courier,
                request,
                self.progress,
                stops,
            )
        if not stops():
            self._replace_outgrown_index()
        return outcomes

    def import_transcripts(
        self,
        files: Sequence[str | Path | BinaryIO],
        *,
        audio: str | Path | None = None,
        language: str | None = None,
        show: str | None = None,
        title: str | None = None,
        date: str | Sequence[str] = (),
        encoding: str | None = None,
        strict: bool = False,
        partial: bool = False,
        force: bool = False,
        offset: float | None = None,
        align: bool = False,
        model: str | None = None,
    ) -> list[Outcome]:
        """Import transcript files; skip those that were imported before, unless ``offset`` or ``align`` is given.

        A file that has changed since is skipped too, and its outcome says so: ``force`` replaces its transcript, or
        that of the recording ``audio``. What was edited by hand stays.

        ``files`` are paths, folders (of which all transcripts are taken, one of each in several formats) and open
        binary streams. Returns an outcome for each file; a file that fails does not stop the others. ``audio`` (the
        recording) and ``title`` are for a single file. ``language`` (a code or English name) defaults to the one that
        the file states, or a guess; ``date``, as for ``transcribe``, to that in the tags of the recording or in a
        file's name. ``encoding`` (a codec's name) is detected without one; a file whose encoding is unsure fails. A bad
        cue is left out and named, a flaw of the outcome; ``strict`` refuses a file with flaws. ``partial`` accepts a
        recording that is cut off.

        With ``audio`` the outcome says if the times do not fit the sound, and which ``offset`` would, the seconds that
        are added to all times. ``align`` takes the times of all words from what a ``model`` hears, by default the
        smallest one on this machine; words that are missing in the sound are left out.

        Raises UsageError for an invalid argument.
        """
        from index.language.language_codes import parse_language
        from pipeline.batch.episode_details import EpisodeDetails, check_name, pair_dates
        from pipeline.batch.transcript_files import find_transcripts, name_source
        from pipeline.import_export import ImportOptions, import_transcripts
        from pipeline.imported.import_times import TimingOptions

        check_name("show", show)
        check_name("title", title)
        found = find_transcripts(as_list(files))
        for option, value in (("audio", audio), ("title", title)):
            if value is not None:
                check_only_file(option, len(found.files))
        spoken = parse_language(language) if language is not None else None
        dates = pair_dates(as_list(date), list(map(name_source, found.files)))
        if offset is not None:
            check_number("offset", offset, -LONGEST_SECONDS, LONGEST_SECONDS)
        check_timing(audio is not None, offset, align, model)
        options = ImportOptions(
            Path(audio) if audio is not None else None, EpisodeDetails(show, title), dates, spoken, encoding, strict,
            partial, force, TimingOptions(offset, align, model),
        )  # fmt: skip
        self._finish_removals()
        for one in found.left_out:
            _log.info("left out: %s (%s)", one.path, one.reason)
        if found.left_out:
            self.progress(FilesLeftOut(Counter(one.reason for one in found.left_out)))
        outcomes = import_transcripts(self._store, found.files, options, self.progress)
        self._update_derived()
        return outcomes

    def remove(self, name: str, *, keep_sound: bool = False) -> Removed:
        """Remove an episode and forget the numbers of the last search; the recording stays where it is.

        Sound that airquote itself downloaded for the episode is removed, unless ``keep_sound``. An
        interrupted removal is finished by the same call, and by any other that writes. Raises EpisodeError for an
        episode that is unknown, or that another process is transcribing.
        """
        from index.storage.episode_names import resolve_name
        from pipeline.batch.removal import removable_episodes

        return self._remove([resolve_name(name, removable_episodes(self._store))], keep_sound)[0]

    def remove_all(
        self, selection: EpisodeSelection, *, dry_run: bool = False, keep_sound: bool = False
    ) -> list[Removed]:
        """Remove the chosen episodes, all or none of them; with ``dry_run`` only return which these are.

        Raises as ``remove`` does, and as ``episodes`` for the selection.
        """
        from pipeline.batch.removal import removable_episodes
        from pipeline.episodes.chosen_episodes import select_episodes

        try:
            chosen = select_episodes(removable_episodes(self._store), selection)
        except UsageError:
            if not dry_run:
                self._finish_removals()  # those of the same request, which was interrupted and finds them no more
            raise
        return self._describe_removed(chosen, keep_sound) if dry_run else self._remove(chosen, keep_sound)

    def _remove(self, chosen: Sequence[Episode], keep_sound: bool) -> list[Removed]:
        from pipeline.batch.removal import remove_episodes

        described = self._describe_removed(chosen, keep_sound)
        remove_episodes(self._store, chosen, self._report_index, keep_sound=keep_sound)
        forget_places(self.directory)
        return [
            replace(one, sound_removed=one.sound_removed and not os.path.lexists(one.media or "")) for one in described
        ]

    def _describe_removed(self, chosen: Sequence[Episode], keep_sound: bool) -> list[Removed]:
        from pipeline.batch.downloaded_sound import is_downloaded, is_pruned

        return [
            Removed(
                one.id,
                one.title,
                None if is_pruned(one, self.directory) else one.media,
                not keep_sound and is_downloaded(one.media, self.directory),
            )
            for one in chosen
        ]
