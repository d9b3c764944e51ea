"""Which worker of a cluster does what: files whole, and the groups of a file among several where there are fewer files.

It follows from the events of the workers alone and knows nothing of the cluster. A file is begun by one worker, which
scans it. Once all its windows are known, a worker without a file of its own takes the last half of the groups that
another has before it. Towards the end, where fewer new files than workers are left, a worker that has scanned its file
begins the next one, so that no worker waits for the scan of the last. What a lost worker had not delivered goes to
another; what it had delivered is not asked again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from audio.errors import InputError
from pipeline.batch.cluster.unit import EngineSettings, FileUnit, WorkerFacts
from pipeline.batch.running.executor import Event, Failed, Finished, Transcription, VoiceSearch, Work
from pipeline.errors import PREPARE_WORKERS, USE_LESS_MEMORY
from pipeline.transcription.diarization import FoundVoices
from pipeline.transcription.plan import Group, Plan

MOST_LOSSES = 3
"""Workers that may be lost with a file, one after the other and without a group between, before the file has failed:
it may be what kills them."""


@dataclass(slots=True)
class _Share:
    """What a worker has of a file: the numbers of its ``groups`` in order, the first of them in work, or None while
    it is not known how many there are; no numbers where it looks for voices."""

    file: _File
    groups: list[int] | None = None
    finds_voices: bool = False


@dataclass(slots=True)
class _File:
    """A file, its plan and groups so far, and who works on it. ``waiting`` are groups that no worker has; ``settings``
    are those of the workers that may have some, None if any may."""

    work: Work
    plan: Plan | None
    done: set[int]
    waiting: list[int] = field(default_factory=list)
    shares: dict[str, _Share] = field(default_factory=dict)
    settings: EngineSettings | None = None
    losses: int = 0
    voices_found: bool = False
    reached: float = 0.0

    @property
    def needs_voices(self) -> bool:
        """Whether voices are to be found, now or later."""
        if isinstance(self.work, VoiceSearch):
            return not self.voices_found
        if not isinstance(self.work, Transcription) or self.work.voices is None or self.voices_found:
            return False
        plan = self.plan
        return plan is not None and bool(plan.windows) and not plan.parts and self.work.voices.needs(plan.sound)

    @property
    def is_heard(self) -> bool:
        """Whether all groups are done."""
        if not isinstance(self.work, Transcription):
            return True
        return self.plan is not None and self.plan.complete and len(self.done) >= self.plan.groups


class Schedule:
    """The files of a cluster that are not finished, and the workers on them."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._new: deque[str] = deque()
        self._workers: dict[str, WorkerFacts] = {}
        self._shares: dict[str, _Share] = {}
        self.all_added = False
        """Whether no file will be added any more."""

    @property
    def files(self) -> int:
        """The number of files that are not finished."""
        return len(self._files)

    @property
    def new_files(self) -> int:
        """The number of files that no worker has begun."""
        return len(self._new)

    @property
    def workers(self) -> int:
        """The number of workers."""
        return len(self._workers)

    @property
    def idle(self) -> int:
        """The number of workers without work."""
        return len(self._workers.keys() - self._shares.keys())

    @property
    def lacks_voices(self) -> bool:
        """Whether voices are to be found now, and no worker can find any."""
        can = any(facts.voices for facts in self._workers.values())
        return not can and any(file.is_heard and file.needs_voices for file in self._files.values())

    def give_up_voices(self) -> list[tuple[str, Event]]:
        """End the files of which only the voices are to be found, because no worker can; return their last events."""
        found = [file for file in self._files.values() if file.is_heard and file.needs_voices and not file.shares]
        for file in found:
            self._drop(file.work.key)
        message = "No worker of the cluster has the models of voices."
        return [(file.work.key, Failed(InputError(message, PREPARE_WORKERS, where=file.work.media))) for file in found]

    def add(self, work: Work) -> list[tuple[str, Event]]:
        """Add a file, of which the groups that are done are not done again; return its last event if all is done."""
        done = set(work.done) if isinstance(work, Transcription) else set()
        plan = work.plan if isinstance(work, Transcription) else None
        file = self._files[work.key] = _File(work, plan, done)
        if plan is not None:
            file.settings = plan.settings
        if plan is not None and plan.complete:
            file.waiting = [group for group in range(plan.groups) if group not in done]
        self._new.append(work.key)
        return self._end(file)

    def join(self, worker: str, facts: WorkerFacts) -> None:
        """Add a worker, which has no work yet."""
        self._workers[worker] = facts

    def has_work(self, worker: str) -> bool:
        """Whether a worker has work."""
        return worker in self._shares

    def assign(self, worker: str) -> FileUnit | None:
        """Give a worker without work a part of a file, and return it; None if there is none for it."""
        facts = self._workers[worker]
        begun = [self._continued(facts), self._begun(facts)]
        for candidates in (*(reversed(begun) if self.all_added else begun), self._taken_over(facts)):
            for key, share in candidates:
                self._shares[worker] = share
                share.file.shares[worker] = share
                if key in self._new:
                    self._new.remove(key)
                return FileUnit(key, self._work_of(share))
        return None

    def take(self, worker: str, event: Event) -> list[tuple[str, Event]]:
        """Note the event of a worker, and return those that are to be written for it."""
        share = self._shares[worker]
        file, key = share.file, share.file.work.key
        match event:
            case Plan():
                self._note_plan(share, event)
                if self._scans_next(share):
                    self._release(worker)
            case Group(number, _, reached):
                file.losses = 0
                file.done.add(number)
                if share.groups is not None:
                    share.groups.remove(number)
                event = replace(event, reached=self._reached(file, reached))
                if share.groups == []:
                    self._release(worker)
            case FoundVoices():
                file.voices_found = True
                self._release(worker)
            case Finished():
                file.voices_found = file.voices_found or share.finds_voices
                self._release(worker)
                return self._end(file)
            case Failed():
                self._drop(key)
                return [(key, event)]
        return [(key, event), *self._end(file)]

    def lose(self, worker: str) -> list[tuple[str, Event]]:
        """Remove a worker; others get what it had not done. Return the last event of its file if there is none."""
        self._workers.pop(worker, None)
        share = self._shares.get(worker)
        if share is None:
            return []
        file, key = share.file, share.file.work.key
        file.losses += 1
        if file.losses >= MOST_LOSSES:
            self._drop(key)
            message = f"{file.losses} workers were lost while they transcribed it."
            return [(key, Failed(InputError(message, USE_LESS_MEMORY, where=file.work.media)))]
        self._release(worker)
        return self._end(file)

    def _end(self, file: _File) -> list[tuple[str, Event]]:
        """End a file of which all is done, and return its last event."""
        if not file.is_heard or file.needs_voices or file.shares:
            return []
        self._drop(file.work.key)
        return [(file.work.key, Finished())]

    def _note_plan(self, share: _Share, plan: Plan) -> None:
        file = share.file
        if file.plan is None or not plan.continues(file.plan):
            file.done.clear()
            file.reached = 0.0
        file.plan, file.settings = plan, plan.settings
        if plan.complete:
            share.groups = [group for group in range(plan.groups) if group not in file.done]

    def _scans_next(self, share: _Share) -> bool:
        """Whether a worker is to leave its file to whoever is without work first, and to scan the next one now."""
        can_be_shared = share.groups is not None and len(share.groups) > 1
        return can_be_shared and self.all_added and 0 < len(self._new) < len(self._workers)

    def _reached(self, file: _File, reached: float) -> float:
        """How far a file is done, in seconds: where several workers are on it, by the number of its groups."""
        plan = file.plan
        if plan is not None and plan.complete and len(file.shares) + len(file.waiting) > 1:
            reached = min(reached, plan.duration * len(file.done) / plan.groups)
        file.reached = max(file.reached, reached)
        return file.reached

    def _release(self, worker: str) -> None:
        """Take from a worker what it has of a file."""
        share = self._shares.pop(worker)
        file = share.file
        del file.shares[worker]
        if share.groups:
            file.waiting = sorted([*file.waiting, *share.groups])

    def _drop(self, key: str) -> None:
        file = self._files.pop(key)
        for worker in file.shares:
            del self._shares[worker]
        if key in self._new:
            self._new.remove(key)

    def _fits(self, file: _File, facts: WorkerFacts) -> bool:
        """Whether a worker may transcribe a part of a file: its settings are the plan's, or no worker has these."""
        if file.settings is None or file.settings == facts.settings:
            return True
        return not file.shares and all(other.settings != file.settings for other in self._workers.values())

    def _continued(self, facts: WorkerFacts) -> Iterator[tuple[str, _Share]]:
        """Yield parts of files that are begun and that no worker has."""
        for key, file in self._files.items():
            if key in self._new or (file.is_heard and not file.needs_voices):
                continue
            if file.is_heard:
                if facts.voices and not file.shares:
                    yield key, _Share(file, finds_voices=True)
            elif (file.waiting or not file.shares) and facts.settings is not None and self._fits(file, facts):
                yield key, self._open_share(file, facts)

    def _begun(self, facts: WorkerFacts) -> Iterator[tuple[str, _Share]]:
        """Yield files that no worker has begun."""
        for key in self._new:
            file = self._files[key]
            if file.is_heard:
                if facts.voices and file.needs_voices:
                    yield key, _Share(file, finds_voices=True)
            elif facts.settings is not None and self._fits(file, facts):
                yield key, self._open_share(file, facts)

    def _open_share(self, file: _File, facts: WorkerFacts) -> _Share:
        """Take the groups of a file that no worker has, or, where its windows are not known, all of the file."""
        if file.settings is not None and file.settings != facts.settings:  # begun with settings that no worker has now
            file.plan, file.settings, file.reached = None, None, 0.0
            file.done.clear()
            file.waiting.clear()
        groups = file.waiting if file.plan is not None and file.plan.complete else None
        file.waiting = []
        return _Share(file, groups)

    def _taken_over(self, facts: WorkerFacts) -> Iterator[tuple[str, _Share]]:
        """Yield the last half of the groups that a worker has before it, of the one that has most."""
        if facts.settings is None:
            return
        shares = [share for share in self._shares.values() if share.groups and share.file.settings == facts.settings]
        longest = max(shares, key=lambda share: len(share.groups or ()), default=None)
        if longest is None or longest.groups is None or len(longest.groups) < 2:
            return
        kept = (len(longest.groups) + 1) // 2
        groups, longest.groups = longest.groups[kept:], longest.groups[:kept]
        yield longest.file.work.key, _Share(longest.file, groups)

    def _work_of(self, share: _Share) -> Work:
        """Return the work on a part of a file: of which the groups of other parts count as done."""
        file = share.file
        if isinstance(file.work, Transcription) and share.finds_voices:
            assert file.plan is not None
            assert file.work.voices is not None
            return VoiceSearch(file.work.key, file.work.media, file.plan.sound, file.work.voices.count)
        if not isinstance(file.work, Transcription):
            return file.work
        done = frozenset(file.done)
        if share.groups is not None:
            assert file.plan is not None
            done = frozenset(range(file.plan.groups)) - frozenset(share.groups)
        return replace(file.work, plan=file.plan, done=done, voices=None)
