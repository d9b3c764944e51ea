"""Run works on files under their locks, and record an outcome for each: what the kinds of batches share."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Generic, Literal, Protocol, TypeVar

from audio.errors import AirquoteError, WayOut
from index.storage.store import Store
from pipeline.answers import Outcome
from pipeline.batch.background_merge import BackgroundMerge
from pipeline.batch.running.executor import Event, Executor, Failed, Finished, Result, Work
from pipeline.errors import as_failure
from pipeline.progress import FileClosed, ProgressCallback

_log = logging.getLogger("airquote.batch")


class InProgress(Protocol):
    """What is worked on, until its outcome is known; the ``lock`` is held until then."""

    lock: ExitStack

    @property
    def key(self) -> str:
        """The key of its work."""

    @property
    def name(self) -> str:
        """What it is called in progress and outcomes: its file."""

    @property
    def episode_id(self) -> str | None:
        """The id of its episode, None while that is not stored."""


Item = TypeVar("Item")
Active = TypeVar("Active", bound=InProgress)


class WorkRun(ABC, Generic[Item, Active]):
    """One run over items. One that fails does not stop the others."""

    def __init__(
        self, store: Store, executor: Executor, progress: ProgressCallback, stopped: Callable[[], bool]
    ) -> None:
        """``stopped`` returns whether to begin no more items."""
        self.store = store
        self._executor = executor
        self.progress = progress
        self.stopped = stopped
        self.merge = BackgroundMerge(store)
        self.active: dict[str, Active] = {}
        self.outcomes: list[Outcome] = []
        """The outcomes so far, in the order of completion."""

    def run_as_they_come(self, items: Iterable[Item]) -> None:
        """Work on items, each as soon as there is capacity for it: ``items`` may wait for a download.

        Raises MachineError if nothing more can be done on this machine; what was finished is saved.
        """
        with self.merge:
            self.merge.begin()
            try:
                for key, event in self._executor.run(self._works(items)):
                    if key in self.active:  # it is not after it failed here: in the store, or when it was assembled
                        self._take(self.active[key], event)
            finally:
                for unfinished in self.active.values():
                    unfinished.lock.close()

    @abstractmethod
    def prepare(self, item: Item, lock: ExitStack) -> Work | Outcome | None:
        """Lock an item and return the work on it, which is active now; or its outcome if there is nothing to do.

        None for an item that is done with another.
        """

    @abstractmethod
    def identify(self, item: Item) -> tuple[str, str | None]:
        """Return what an item is called in progress and outcomes, and the id of its episode if that is known."""

    @abstractmethod
    def handle(self, active: Active, event: Result | Finished) -> None:
        """Store what an event brings."""

    def _works(self, items: Iterable[Item]) -> Iterator[Work]:
        for item in items:
            if self.stopped():
                return
            with ExitStack() as lock:
                try:
                    work = self.prepare(item, lock)
                except Exception as error:  # noqa: BLE001 - one item never stops the others
                    name, episode_id = self.identify(item)
                    failure = as_failure(error, name)
                    self.close(Outcome(name, episode_id, "failed", str(failure), failure))
                    continue
                if isinstance(work, Outcome):
                    self.close(work)
                if work is None or isinstance(work, Outcome):
                    continue
                self.active[work.key].lock = lock.pop_all()
            yield work

    def _take(self, active: Active, event: Event) -> None:
        try:
            if isinstance(event, Failed):
                self.fail(active, event.error)
            else:
                self.handle(active, event)
        except Exception as error:
            if active not in self.active.values():
                raise  # closed already: the progress callback failed
            self.end(active, "failed", error=as_failure(error, active.name))

    def fail(self, active: Active, error: AirquoteError) -> None:
        """End what could not be finished."""
        self.end(active, "failed", error=error)

    def end(
        self,
        active: Active,
        status: Literal["done", "failed"],
        reason: str | None = None,
        *,
        error: AirquoteError | None = None,
        advice: WayOut | None = None,
    ) -> None:
        """Release the lock of what was worked on, and record its outcome; the reason of a failure is its ``error``."""
        active.lock.close()
        del self.active[active.key]
        reason = str(error) if error else reason
        self.close(Outcome(active.name, active.episode_id, status, reason, error, advice=advice))

    def close(self, outcome: Outcome) -> None:
        episode = f"episode {outcome.episode}" if outcome.episode else None
        _log.info("%s: %s", outcome.source, ", ".join(filter(None, [outcome.status, episode, outcome.reason])))
        self.outcomes.append(outcome)
        self.progress(FileClosed(outcome))
