"""Progress events of long calls, for the one callback that a library is opened with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from audio.errors import AirquoteError
from pipeline.answers import Outcome


@dataclass(frozen=True, slots=True)
class BatchStarted:
    """A batch of ``files`` files begins; ``durations`` (seconds, by source) those that may need transcription.

    ``left_out`` counts what in the folders is not taken, by the reason.
    """

    files: int
    durations: Mapping[str, float]
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FilesLeftOut:
    """What in the folders of an import is not taken is counted, by the reason."""

    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FileArrived:
    """What BatchStarted announced under the name ``expected`` is downloaded, as the file ``source``."""

    expected: str
    source: str


@dataclass(frozen=True, slots=True)
class FileStarted:
    """Work on a file of ``duration`` seconds begins, or resumes at the second that an earlier run had ``reached``.

    It is sent again when its first words are to be transcribed, and when all of it has been decoded and its exact
    duration is known.
    """

    source: str
    duration: float
    reached: float


@dataclass(frozen=True, slots=True)
class FileScanned:
    """A file is decoded and scanned for speech up to the second ``reached``; its transcription begins meanwhile."""

    source: str
    reached: float


@dataclass(frozen=True, slots=True)
class FileAdvanced:
    """A file is transcribed and saved up to the second ``reached``."""

    source: str
    reached: float


@dataclass(frozen=True, slots=True)
class VoicesAdvanced:
    """The voices of a file are told apart up to the second ``reached``; all its words are saved."""

    source: str
    reached: float


@dataclass(frozen=True, slots=True)
class SpeakersNotTold:
    """Speakers are not told apart in this call, for the reason that the ``error`` gives; all else is done."""

    error: AirquoteError


@dataclass(frozen=True, slots=True)
class FileClosed:
    """A file is done, skipped or failed."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class UpdatePlanned:
    """So many ``episodes`` of so many ``shows`` will be made, with ``seconds`` and ``bytes`` of sound as announced.

    ``unstated`` is of how many no duration is announced, and ``unsized`` of how many no size.
    """

    episodes: int
    shows: int
    seconds: float
    bytes: int
    unstated: int
    unsized: int


@dataclass(frozen=True, slots=True)
class IndexAdvanced:
    """The index holds ``done`` of the ``total`` transcripts that it must hold."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class IndexReplaced:
    """The index is built again with Whoosh or Tantivy, though that was not asked for.

    ``reason`` is "large" where the library has grown large, "not installed" where its index was one of Tantivy, and
    that is not installed here.
    """

    index: Literal["whoosh", "tantivy"]
    reason: Literal["large", "not installed"]


@dataclass(frozen=True, slots=True)
class FeedsAdvanced:
    """``done`` of ``total`` feeds are asked for and read."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RepeatsAdvanced:
    """``done`` of ``total`` steps are done of finding the passages that recur in the episodes of a show."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SiteAdvanced:
    """``done`` of ``total`` episodes of a site are written."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FeedRemarked:
    """The feed of a ``show`` could be read, and ``text`` says what is remarkable about it, such as that it moved."""

    show: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedsLeftOut:
    """What of a list of feeds is not taken, in ``texts``, one for each kind."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SoundFolderLinked:
    """The folder of downloaded sound is a link to the folder ``target``: sound is written there, and never removed."""

    target: str


@dataclass(frozen=True, slots=True)
class LibraryCopied:
    """``done`` of ``total`` bytes of a library are copied to a backup, or back."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class LibraryChecked:
    """``done`` of ``total`` transcripts of a backup are read, to see that it is whole."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class DownloadAdvanced:
    """``done`` of ``total`` bytes of a file are downloaded; None if nobody states how many there are."""

    name: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class FilesCompared:
    """So many files are compared with recordings that are not where they were."""

    done: int


@dataclass(frozen=True, slots=True)
class QuotationsAdvanced:
    """``done`` of ``total`` quotations are ``step``: compared with the transcripts, or with the sound."""

    step: Literal["checked", "listened to"]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ModelChosen:
    """Transcription begins with this ``model``; ``named`` is whether it was asked for.

    ``before`` is the one that the library was made with so far, None if nothing was transcribed. It is made with this
    one from now on: the one that is used where none is named.
    """

    model: str
    named: bool
    before: str | None


@dataclass(frozen=True, slots=True)
class ModelDownloading:
    """The download of a model's weights begins: about ``megabytes`` MB."""

    model: str
    megabytes: int


@dataclass(frozen=True, slots=True)
class WorkerJoined:
    """A ``worker`` of a cluster takes part; ``description`` says what it is."""

    worker: str
    description: str


@dataclass(frozen=True, slots=True)
class WorkerLeft:
    """A ``worker`` of a cluster does not take part, or not any more, for a ``reason``; others do its work."""

    worker: str
    reason: str


ProgressEvent = (
    BatchStarted
    | DownloadAdvanced
    | FilesLeftOut
    | FileArrived
    | FileStarted
    | FileScanned
    | FileAdvanced
    | FileClosed
    | FeedRemarked
    | UpdatePlanned
    | FeedsAdvanced
    | FeedsLeftOut
    | SoundFolderLinked
    | FilesCompared
    | IndexAdvanced
    | IndexReplaced
    | LibraryChecked
    | LibraryCopied
    | QuotationsAdvanced
    | RepeatsAdvanced
    | SiteAdvanced
    | SpeakersNotTold
    | VoicesAdvanced
    | ModelChosen
    | ModelDownloading
    | WorkerJoined
    | WorkerLeft
)
"""What a progress callback is called with."""

ProgressCallback = Callable[[ProgressEvent], None]
"""Called in the thread of the call whose progress it reports."""


def ignore_progress(event: ProgressEvent) -> None:
    """Ignore the event."""
