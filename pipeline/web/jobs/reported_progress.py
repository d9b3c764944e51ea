"""Progress events -> how far a job is: a few words, and a number that moves."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.jobs.job import JobReport
from pipeline.progress import (
    BatchStarted,
    DownloadAdvanced,
    FeedsAdvanced,
    FileAdvanced,
    FileScanned,
    FileStarted,
    IndexAdvanced,
    ModelDownloading,
    ProgressEvent,
    RepeatsAdvanced,
    VoicesAdvanced,
)


class ProgressReader:
    """Makes reports of the events of one job. Durations are those that its files have announced.

    Once some of a file is transcribed, the scan that goes on beside that is not told any more: a number would jump.
    """

    def __init__(self) -> None:
        self._durations: dict[str, float] = {}
        self._advanced: set[str] = set()

    def read(self, event: ProgressEvent) -> JobReport | None:
        """Return how far the job is after an event, None for one that says nothing of it."""
        match event:
            case BatchStarted(durations=durations):
                self._durations.update(durations)
                return None
            case FileStarted(source, duration, reached):
                self._durations[source] = duration
                return self._at("transcribing", source, reached)
            case FileScanned(source, reached):
                return None if source in self._advanced else self._at("finding speech", source, reached)
            case FileAdvanced(source, reached):
                self._advanced.add(source)
                return self._at("transcribing", source, reached)
            case VoicesAdvanced(source, reached):
                return self._at("telling voices apart", source, reached)
            case ModelDownloading(model, _):
                return JobReport(f"getting the model {model}")
        return _count(event)

    def _at(self, doing: str, source: str, reached: float) -> JobReport:
        return JobReport(doing, reached, self._durations.get(source) or None)


_COUNTED: Mapping[type, str] = {
    IndexAdvanced: "indexing",
    FeedsAdvanced: "reading feeds",
    RepeatsAdvanced: "looking for repeats",
}


def _count(event: ProgressEvent) -> JobReport | None:
    if isinstance(event, DownloadAdvanced):
        return JobReport("downloading", event.done, event.total, "bytes")
    if isinstance(event, IndexAdvanced | FeedsAdvanced | RepeatsAdvanced):
        return JobReport(_COUNTED[type(event)], event.done, event.total, "steps")
    return None
