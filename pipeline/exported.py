"""What exports of transcripts answer with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from audio.errors import AirquoteError
    from index.transcript import Flaw


@dataclass(frozen=True, slots=True)
class Exported:
    """A transcript that was written to ``file``, or the text of such a file (``document``) if none was named.

    ``flaws`` are those of the file that it was imported from: what was left out there is missing here too. ``notes``
    say where subtitles do not keep to reading habits. Neither is part of the JSON.
    """

    episode: str
    format: str
    file: str | None
    document: str | None
    flaws: tuple[Flaw, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """How the export of one of several episodes went: the ``file`` that was written, or why there is none.

    ``episode`` is its id or, if it failed, the name that was given. ``error`` is the exception of an episode that
    failed; ``flaws`` and ``notes`` are as in Exported. None of the three is part of the JSON.
    """

    episode: str
    format: str
    file: str | None
    status: Literal["done", "skipped", "failed"]
    reason: str | None
    error: AirquoteError | None = None
    flaws: tuple[Flaw, ...] = ()
    notes: tuple[str, ...] = ()
