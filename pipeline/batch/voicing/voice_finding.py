"""Find the voices of episodes that have words already, without hearing these again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from audio.voices.voice_count import VoiceCount
from index.fulltext.maintenance import update_index
from index.storage.store import Store
from index.transcript import Episode
from pipeline.answers import Outcome
from pipeline.batch.downloaded_sound import is_pruned
from pipeline.batch.locks import Taken, lock_source
from pipeline.batch.running.executor import Executor, Finished, InProcess, Processes, Result, VoiceSearch, Work
from pipeline.batch.running.work_run import WorkRun
from pipeline.batch.voicing.batch_voices import choose_count
from pipeline.batch.voicing.saved_voices import has_any_voice, has_voices, is_of_sound, save_found, speak_episode
from pipeline.models.voice_weights import find_voice_models
from pipeline.progress import BatchStarted, FileStarted, ProgressCallback, VoicesAdvanced
from pipeline.transcription.diarization import FoundVoices, VoicesScanned
from pipeline.voices.labels import number_of
from pipeline.voices.recognition.accepting import accept_unasked


@dataclass(slots=True)
class EpisodeInProgress:
    """An episode in progress, until its outcome is known."""

    episode: Episode
    lock: ExitStack
    remarks: list[str]

    @property
    def key(self) -> str:
        """See InProgress: the SHA-256 of its recording."""
        assert self.episode.sha256 is not None
        return self.episode.sha256

    @property
    def name(self) -> str:
        """See InProgress."""
        return _name(self.episode)

    @property
    def episode_id(self) -> str:
        """See InProgress."""
        return self.episode.id


class VoiceFinding(WorkRun[Episode, EpisodeInProgress]):
    """One run over episodes: a ``count`` of voices is looked for in those that do not have it or, ``again``, in all."""

    def __init__(
        self,
        store: Store,
        executor: Executor,
        count: VoiceCount,
        *,
        again: bool,
        locate: Callable[[Episode], Path],
        progress: ProgressCallback,
        stopped: Callable[[], bool],
        accept_above: float | None = None,
    ) -> None:
        """``locate`` returns the recording of an episode, or raises MediaError; ``stopped`` is as for Batch.

        Names that are suggested with a likelihood above ``accept_above`` are given to the voices that are found.
        """
        super().__init__(store, executor, progress, stopped)
        self._count = count
        self._again = again
        self._locate = locate
        self._accept_above = accept_above

    def run(self, episodes: Sequence[Episode]) -> None:
        """Find the voices of episodes, in order. One that fails does not stop the others.

        Raises MachineError if no voices can be found on this machine; what was finished is saved.
        """
        durations = {_name(one): one.duration or 0.0 for one in episodes if self._reason_against(one) is None}
        self.progress(BatchStarted(len(episodes), durations))
        self.run_as_they_come(episodes)

    def identify(self, item: Episode) -> tuple[str, str | None]:
        return _name(item), item.id

    def prepare(self, before: Episode, lock: ExitStack) -> Work | Outcome:
        """Return the work for an episode, or its outcome if there is nothing to do."""
        episode = self.store.episode(before.id)
        if episode is None:
            return _skip(before, "it was removed meanwhile")
        if (skipped := self._reason_against(episode)) is not None:
            return skipped
        assert episode.sha256 is not None
        try:
            lock.enter_context(lock_source(self.store.directory, episode.sha256))
        except Taken:
            return _skip(episode, "another airquote is transcribing or importing it")
        sound = self.store.sound(episode.id)
        stored = self.store.voice_settings(episode.id)
        if stored is not None and self._is_there(episode, stored):  # only its words do not know them
            with self.store.transaction():
                remarks = speak_episode(self.store, episode.id)
                remarks += accept_unasked(self.store, episode.id, self._accept_above)
            update_index(self.store)
            return Outcome(_name(episode), episode.id, "done", "; ".join(remarks) or None)
        media = self._locate(episode)
        count = self._count if self._again else choose_count(self._count, stored)
        self.active[episode.sha256] = EpisodeInProgress(episode, ExitStack(), [])
        self.progress(FileStarted(_name(episode), episode.duration or 0.0, 0.0))
        return VoiceSearch(episode.sha256, media, sound, count)

    def _reason_against(self, episode: Episode) -> Outcome | None:
        """Return the outcome of an episode in which no voices are to be found, None for any other."""
        if self.store.facts(episode.id) is None:
            return _skip(episode, "it has no words yet")
        labels = self.store.speaker_labels(episode.id)
        stored = self.store.voice_settings(episode.id)
        if any(number_of(label) is None for label in labels) or (labels and stored is None):
            of_file = episode.state == "imported"
            return _skip(episode, "its file names the speakers" if of_file else "each channel is a speaker")
        if stored is not None and self._is_there(episode, stored):
            if labels:
                return _skip(episode, "its voices are told apart")
            if not has_any_voice(self.store, episode.id):
                return _skip(episode, "no voices are heard in it")
        if is_pruned(episode, self.store.directory):
            return _skip(episode, "its sound is not here")
        if episode.media is None or episode.sha256 is None:
            return _skip(episode, "it has no sound")
        return None

    def _is_there(self, episode: Episode, stored: str) -> bool:
        """Whether voices as they are asked for are stored of an episode."""
        if self._again or not is_of_sound(stored, self.store.sound(episode.id)):
            return False
        return has_voices(self.store, episode.id, self._count)

    def handle(self, active: EpisodeInProgress, event: Result | Finished) -> None:
        match event:
            case VoicesScanned(reached):
                self.progress(VoicesAdvanced(active.name, reached))
            case FoundVoices():
                active.remarks = self._save(active.episode, event)
            case Finished():
                self.end(active, "done", "; ".join(active.remarks) or None)

    def _save(self, episode: Episode, found: FoundVoices) -> list[str]:
        """Store the voices of an episode and give them to its words, in one transaction; return remarks."""
        with self.store.transaction():
            remarks = save_found(self.store, episode.id, found)
            remarks += accept_unasked(self.store, episode.id, self._accept_above)
        update_index(self.store)
        self.merge.begin()
        return remarks


def find_voices(
    store: Store,
    episodes: Sequence[Episode],
    count: VoiceCount,
    *,
    again: bool,
    jobs: int,
    locate: Callable[[Episode], Path],
    progress: ProgressCallback,
    stopped: Callable[[], bool],
    accept_above: float | None = None,
) -> list[Outcome]:
    """Find the voices of episodes in so many processes; see VoiceFinding. Return what came of each.

    Raises ModelError where the models of voices are missing.
    """
    find_voice_models()
    jobs = min(jobs, len(episodes))
    executor = Processes(jobs, stopped, progress) if jobs > 1 else InProcess(stopped, progress)
    finding = VoiceFinding(
        store,
        executor,
        count,
        again=again,
        locate=locate,
        progress=progress,
        stopped=stopped,
        accept_above=accept_above,
    )
    finding.run(episodes)
    return finding.outcomes


def _name(episode: Episode) -> str:
    """Return what an episode is called in progress and outcomes: its recording, as in those of transcription."""
    return episode.media or episode.source


def _skip(episode: Episode, reason: str) -> Outcome:
    return Outcome(_name(episode), episode.id, "skipped", reason)
