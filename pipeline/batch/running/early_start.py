"""Begin the next file while the last windows of this one are decoded: they rarely keep all cores busy."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import Final, Generic, TypeVar

from pipeline.transcription.plan import Group, Plan

Item = TypeVar("Item")
_END: Final = object()


class Ahead(Generic[Item]):
    """The items of a generator that runs in a thread from now on, whether they are taken or not."""

    def __init__(self, items: Generator[Item, None, None]) -> None:
        self._items = items
        self._made: SimpleQueue[Item | object] = SimpleQueue()
        self._error: BaseException | None = None
        self._stopped = False
        Thread(target=self._run, name="next file", daemon=True).start()

    def __iter__(self) -> Iterator[Item]:
        """Yield the items in order, each as soon as it is there; what the generator raises is raised in its place."""
        while (item := self._made.get()) is not _END:
            yield item  # type: ignore[misc]
        self._made.put(_END)
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Let the generator end after its current item, which can be taken still."""
        self._stopped = True

    def _run(self) -> None:
        try:
            for item in self._items:
                self._made.put(item)
                if self._stopped:
                    break
            self._items.close()
        except BaseException as error:  # noqa: BLE001 - raised where the items are taken
            self._error = error
        self._made.put(_END)


class GroupsLeft:
    """How many groups of a file are not decoded, by what was ``done`` before of its ``plan`` and by its events."""

    def __init__(self, plan: Plan | None, done: frozenset[int]) -> None:
        self._plan, self._done = plan, set(done)

    def note(self, event: object) -> None:
        """Take an event of the file into account."""
        if isinstance(event, Plan):
            if self._plan is not None and not event.continues(self._plan):
                self._done.clear()
            self._plan = event
        elif isinstance(event, Group):
            self._done.add(event.number)

    @property
    def at_most_one(self) -> bool:
        """Whether the next group is the last one, or none is left."""
        return self._plan is not None and self._plan.complete and self._plan.groups - len(self._done) <= 1
