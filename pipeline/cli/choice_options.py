"""The options that say what is wanted of a show: which episodes, whose transcripts, how long sound is kept."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class WhoseTranscripts(StrEnum):
    """Whose transcripts are wanted."""

    publisher = "publisher"
    own = "own"
    both = "both"


LatestOption = Annotated[
    int | None, typer.Option("--latest", metavar="N", min=0, help="Only the N newest episodes.", show_default=False)
]
FirstDayOption = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DATE", help="Only episodes from 2023, 2023-05 or 2023-05-31 on.", show_default=False
    ),
]
MatchOption = Annotated[
    str | None,
    typer.Option("--match", metavar="TEXT", help="Only episodes with this text in their title.", show_default=False),
]
TranscriptsOption = Annotated[
    WhoseTranscripts | None,
    typer.Option(
        "--transcripts",
        help="publisher: the publisher's where there is one; own: what is heard here; both: the publisher's beside it.",
        show_default="own",
    ),
]
NoAudioOption = Annotated[
    bool | None,
    typer.Option("--no-audio/--audio", help="Download no sound: only what the feed and its transcripts say."),
]
KeepAudioOption = Annotated[
    str | None,
    typer.Option(
        "--keep-audio",
        metavar="N|DAYSd|never",
        help="Remove downloaded sound when its words are there: but that of the N newest episodes, or of so many days.",
        show_default="always",
    ),
]
