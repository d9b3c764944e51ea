"""Batch transcription: skip done files, resume interrupted ones, record failures.

Nothing else writes transcription into the store.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from audio.errors import AirquoteError, MediaError, TruncatedMediaError, repair_file
from audio.media import hash_file, probe_media
from index.storage.drafts import VOICES_PART
from index.storage.episode_names import name_episode
from index.storage.store import Store
from index.transcript import Episode
from pipeline.answers import Outcome, as_list
from pipeline.batch.batch_request import Request
from pipeline.batch.chosen_executor import choose_executor, resolve_options
from pipeline.batch.cluster.place import ClusterPlace
from pipeline.batch.episode_details import NO_DETAILS, check_name, describe_changes, describe_kept, pair_dates
from pipeline.batch.file_in_progress import DAMAGE, FileInProgress, assemble_heard, is_heard, read_draft, save_heard
from pipeline.batch.library_model import LibraryModel, name_model
from pipeline.batch.locks import Taken, lock_source
from pipeline.batch.remembered_files import file_status, is_in_place, remember_hash, remembered_hash
from pipeline.batch.removal import finish_removals
from pipeline.batch.running.executor import Executor, Finished, Result, Transcription, Work
from pipeline.batch.running.paced_index import PacedIndex
from pipeline.batch.running.work_run import WorkRun
from pipeline.batch.sources import FoundMedia, LeftOut, find_media
from pipeline.batch.voicing.batch_voices import ANY_NUMBER, BatchVoices
from pipeline.batch.voicing.saved_voices import describe_other_voices
from pipeline.engines.choose import AUTO
from pipeline.errors import (
    TRANSCRIBE_AGAIN,
    TRANSCRIBE_ANEW,
    check_number,
    check_only_file,
    check_text,
    find_voices,
)
from pipeline.progress import (
    BatchStarted,
    FileAdvanced,
    FileScanned,
    FileStarted,
    ProgressCallback,
    VoicesAdvanced,
    ignore_progress,
)
from pipeline.transcription.diarization import FoundVoices, VoicesScanned
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.other_options import describe_other_options
from pipeline.transcription.plan import Group, Plan, Scanned
from pipeline.transcription.speaker_choice import find_voices_again

_log = logging.getLogger("airquote.batch")


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A validated batch: its files, the request, the number of processes, or the cluster and the ``device`` of its
    workers."""

    found: FoundMedia
    request: Request
    jobs: int
    place: ClusterPlace | None = None
    device: str = AUTO

    def run(self, store: Store, progress: ProgressCallback, stopped: Callable[[], bool]) -> list[Outcome]:
        """Transcribe the files; see Batch."""
        spec = self.request.options.engine
        executor = choose_executor(self.jobs, self.place, spec, self.device, stopped, progress, begins_early=True)
        batch = Batch(store, executor, self.request, progress, stopped)
        batch.run(self.found.files, self.found.left_out)
        return batch.outcomes


def plan_batch(
    sources: Sequence[str | Path],
    options: TranscriptionOptions,
    show: str | None,
    title: str | None,
    dates: Sequence[str],
    jobs: int,
    model_of_library: str | None = None,
    place: ClusterPlace | None = None,
) -> BatchPlan:
    """Find the files of the sources and validate the options, before any library is changed.

    ``dates`` are one for all files, or one for each; ``place`` is the cluster that they are transcribed on. Raises
    UsageError for sources without media files and for invalid options, MachineError for a device that this machine does
    not have.
    """
    check_number("number of jobs", jobs, 1)
    found = find_media([str(source) for source in as_list(sources)])
    if title is not None:
        check_only_file("title", len(found.files))
    check_name("show", show)
    check_name("title", title)
    check_text("prompt", options.prompt)
    resolved = resolve_options(name_model(options, model_of_library), place)
    request = Request(resolved, show, title, options.engine.model != AUTO, pair_dates(dates, found.files))
    return BatchPlan(found, request, min(jobs, len(found.files)), place, options.engine.device)


class Batch(WorkRun[Path, FileInProgress]):
    """One run over a list of files."""

    def __init__(
        self,
        store: Store,
        executor: Executor,
        request: Request,
        progress: ProgressCallback = ignore_progress,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """See WorkRun."""
        super().__init__(store, executor, progress, stopped)
        self._request = request
        self._model = LibraryModel(store, request.options.engine.model, request.model_named, progress)
        self._voices = BatchVoices(store, request.options.voice_count, progress)
        self._index = PacedIndex(store)

    def run(self, files: list[Path], left_out: Sequence[LeftOut] = ()) -> None:
        """Transcribe the files that are not done, in order. A file that fails does not stop the others.

        ``left_out`` is what in folders was not taken; it is counted, and named in the log.
        Raises MachineError if nothing more can be transcribed; what was finished is saved.
        """
        for one in left_out:
            _log.info("left out: %s (%s)", one.path, one.reason)
        self.progress(BatchStarted(len(files), self._survey(files), Counter(one.reason for one in left_out)))
        self.run_as_they_come(files)

    def run_as_they_come(self, items: Iterable[Path]) -> None:
        """See WorkRun; what is not indexed in the end, because the run failed, the next search indexes."""
        super().run_as_they_come(items)
        self._index.catch_up()

    def _survey(self, files: list[Path]) -> dict[str, float]:
        """The duration of each file that is not known to be done, 0.0 if its header does not state it."""
        durations = {}
        for file in files:
            if self.stopped():
                break
            with suppress(Exception):  # reported when the file is processed
                _check_name(file)
                if self._remembered(file) is None:
                    durations[str(file)] = probe_media(file).duration or 0.0
        return durations

    def identify(self, item: Path) -> tuple[str, str | None]:
        return str(item), None

    def prepare(self, file: Path, lock: ExitStack) -> Work | Outcome | None:
        """Return the work for a file, its outcome if there is nothing to do, None for a copy of one in progress."""
        _check_name(file)
        known = self._remembered(file)
        if known is not None and (outcome := self._find_done(known, self._relink(known, file), file)):
            return outcome
        info = probe_media(file)
        status = file_status(file)
        sha256 = hash_file(file)
        if sha256 in self.active:
            self.active[sha256].copies.append(file)
            return None
        try:
            lock.enter_context(lock_source(self.store.directory, sha256))
        except Taken:
            reason = "another airquote is transcribing or importing it"
            return Outcome(str(file), self._known_id(sha256), "skipped", reason)
        options = self._request.options_of(file)
        episode = self.store.episode_by_hash(sha256) or self._take_sound(file, sha256)
        stored, has_sound = episode is not None, episode is not None and episode.sha256 == sha256
        if episode is None:
            given, media = self._request.details_of(file), str(file.absolute())
            title, show = given.title or info.tags.title or file.stem, given.show or info.tags.show
            name = name_episode(title)
            episode = Episode(name, show, title, given.published, str(file), "registered", media, sha256, None)
        else:
            before = episode
            if has_sound:
                remember_hash(self.store, file, status, sha256)
                episode = self._relink(episode, file)
            anew = options.force or self._replaces_words(file, episode, has_sound)
            if not anew and (outcome := self._find_done(before, episode, file)):
                return outcome
            episode = replace(episode, sha256=sha256)
        draft = self.store.draft(episode.id, options.recipe) if has_sound else None
        begun = read_draft(draft) if draft else None
        plan, done, found = (begun.plan, begun.done, begun.voices) if begun else (None, frozenset[int](), None)
        self._model.tell()
        voices = self._voices.request_for(episode.id if has_sound else None, found)
        self.active[sha256] = FileInProgress(
            file, options, episode, info.tags, stored, status, draft.number if draft and begun else None, plan, voices,
            ExitStack(), begun.reached if begun else 0.0,
        )  # fmt: skip
        duration = plan.duration if plan else info.duration or 0.0
        self.progress(FileStarted(str(file), duration, self.active[sha256].reached))
        return Transcription(sha256, file, options, plan, done, voices)

    def _take_sound(self, file: Path, sha256: str) -> Episode | None:
        """Return the episode that is named for a file, with this sound if its words are of no other; None if none is.

        One that has words keeps their sound until there are others.
        """
        asked = self._request.files.get(file)
        named = self.store.episode(asked.episode) if asked and asked.episode is not None else None
        if named is None or self.store.facts(named.id) is not None:
            return named
        with self.store.transaction():
            self.store.discard_draft(named.id)
            self.store.replace_recording(named.id, str(file.absolute()), sha256)
        return self.store.episode(named.id)

    def _replaces_words(self, file: Path, episode: Episode, has_sound: bool) -> bool:
        """Whether the words of an episode are to be replaced, as those of other sound or as imported ones."""
        asked = self._request.files.get(file)
        return asked is not None and asked.replaces and (not has_sound or episode.state == "imported")

    def _remembered(self, file: Path) -> Episode | None:
        """The episode of a file that is done and unchanged by size and modification time, without reading it."""
        if self._request.options.force:
            return None
        sha256 = remembered_hash(self.store, file)
        episode = self.store.episode_by_hash(sha256) if sha256 else None
        if episode is None or self.store.facts(episode.id) is None or self._replaces_words(file, episode, True):
            return None
        return episode

    def _known_id(self, sha256: str) -> str | None:
        episode = self.store.episode_by_hash(sha256)
        return episode.id if episode else None

    def _relink(self, episode: Episode, file: Path) -> Episode:
        """Update what is given of an episode, and the path of its recording."""
        here = str(file.absolute())
        media = episode.media if episode.media != here and is_in_place(self.store, episode) else here
        edited = self.store.edited_fields(episode.id)
        asked = self._request.files.get(file)
        given = NO_DETAILS if asked and asked.is_described(episode.id) else self._request.details_of(file)
        current = replace(given.applied_to(episode, edited), media=media)
        with self.store.transaction():
            if current != episode:
                self.store.update_episode(current)
            if asked:
                asked.stored(current.id)
        return current

    def _find_done(self, before: Episode, episode: Episode, file: Path) -> Outcome | None:
        """Return the outcome of a file that has a transcript, whatever options it was made with; None without one.

        It says what was changed of the episode, which was ``before``.
        """
        facts = self.store.facts(episode.id)
        if facts is None:
            return None
        others = describe_other_options(facts, self._request.options_of(file))
        count = self._request.options.voice_count
        voices = describe_other_voices(self.store, episode.id, count)
        other = ", ".join([*others, *voices])
        done = f"done with other options ({other})" if other else "already transcribed"
        kept = describe_kept(self.store, episode, self._request.details_of(file))
        reason = "; ".join([done, *describe_changes(before, episode), *kept])
        again = find_voices_again(episode.id, count) if count and voices else None
        advice = TRANSCRIBE_ANEW if others else again
        return Outcome(str(file), episode.id, "skipped", reason, advice=advice)

    def handle(self, active: FileInProgress, event: Result | Finished) -> None:
        match event:
            case Scanned(reached):
                self.progress(FileScanned(str(active.source), reached))
            case Plan():
                self._save_plan(active, event)
            case Group():
                assert active.draft is not None
                self.store.save_draft_parts(active.draft, [(event.number, event.to_json())])
                active.reached = event.reached
                self.progress(FileAdvanced(str(active.source), event.reached))
            case VoicesScanned(reached):
                self.progress(VoicesAdvanced(str(active.source), reached))
            case FoundVoices():
                assert active.draft is not None
                saved = event.to_json(with_vectors=self.store.keeps_vectors)
                self.store.save_draft_parts(active.draft, [(VOICES_PART, saved)])
            case Finished():
                self._finish(active)

    def _save_plan(self, file: FileInProgress, plan: Plan) -> None:
        """Save a plan: with the groups that are saved if it continues theirs, or else as a new draft."""
        before = file.plan if file.draft is not None else None
        if file.draft is not None and before is not None and plan.continues(before):
            self.store.replace_draft_plan(file.draft, plan.to_json())
        else:
            self._start_draft(file, plan)
            file.reached = 0.0
        file.plan = plan
        if before is None or plan.complete or file.reached == 0.0:
            self.progress(FileStarted(str(file.source), plan.duration, file.reached))

    def _start_draft(self, file: FileInProgress, plan: Plan) -> None:
        """Start the draft of a file, and store its episode if it is new, in one transaction."""
        with self.store.transaction():
            if not file.stored:
                file.episode = self.store.add_episode(file.episode)
                if asked := self._request.files.get(file.source):
                    asked.stored(file.episode.id)
            self.store.discard_draft(file.episode.id)
            self._model.remember()
            file.draft = self.store.start_draft(file.episode.id, file.options.recipe, plan.to_json()).number
        file.stored = True

    def fail(self, active: FileInProgress, error: AirquoteError) -> None:
        """End a file that could not be finished; one of which only the voices were not found has all its words."""
        if active.voices is not None and is_heard(self.store, active):
            self._finish(active, error)
            return
        if isinstance(error, TruncatedMediaError):
            self._discard_empty_draft(active)
        super().fail(active, error)

    def _discard_empty_draft(self, file: FileInProgress) -> None:
        """Delete the draft of a file that is cut off, with a new episode, if no group is saved of it.

        With groups it stays: the file may be taken for what is there, and goes on from them.
        """
        if file.plan is not None and not file.reached:
            self._remove_what_is_stored(file)

    def _finish(self, file: FileInProgress, voiceless: AirquoteError | None = None) -> None:
        """Store what was heard; ``voiceless`` is why its voices were not found, if they were to be."""
        if file.status is None or file_status(file.source) != file.status:
            self._give_up(file, f"{file.source} changed while it was being transcribed.")
            return
        try:
            heard = assemble_heard(self.store, file)
        except DAMAGE as cause:
            _log.error("%s", file.source, exc_info=cause)
            self._give_up(file, f"What was saved of {file.source} is damaged: {cause}.")
            return
        remarks = save_heard(self.store, file, heard)
        if self._index.note_change():
            self.merge.begin()  # it looks through the index, which only an update changes
        assert file.plan is not None
        self.progress(FileAdvanced(str(file.source), file.plan.duration))  # silence after the last window is done too
        if voiceless is None:
            self.end(file, "done", "; ".join(remarks) or None)
            return
        reason = "; ".join([*remarks, f"its voices were not found ({voiceless.message.removesuffix('.')})"])
        count = self._request.options.voice_count or ANY_NUMBER
        again = find_voices(file.episode.id) if count == ANY_NUMBER else find_voices_again(file.episode.id, count)
        self.end(file, "done", reason, advice=again)

    def _give_up(self, file: FileInProgress, reason: str) -> None:
        """Fail a file, and delete its draft, and its episode if that has no earlier transcript and is of no feed."""
        self._remove_what_is_stored(file)
        error = MediaError(reason, TRANSCRIBE_AGAIN, where=file.source)
        self.end(file, "failed", error=error)

    def _remove_what_is_stored(self, file: FileInProgress) -> None:
        with self.store.transaction():
            self.store.discard_draft(file.episode.id)
            if self.store.facts(file.episode.id) is None and file.source not in self._request.files:
                self.store.remove_episode(file.episode.id)
                file.stored = False
        finish_removals(self.store)

    def end(self, active: FileInProgress, *arguments: Any, **named: Any) -> None:
        super().end(active, *arguments, **named)
        for copy in active.copies:
            if active.episode_id is not None and copy in self._request.files:
                self._request.files[copy].stored(active.episode_id)
            self.close(Outcome(str(copy), active.episode_id, "skipped", f"the same sound as {active.name}"))


def _check_name(file: Path) -> None:
    try:
        str(file.absolute()).encode()
    except UnicodeEncodeError:
        raise MediaError(
            f"The name {str(file)!a} is not UTF-8, so the library cannot store it.",
            repair_file("Rename the file."),
            where=file,
        ) from None
