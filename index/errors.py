"""The errors of the index and the library's store: their branch of the tree in audio/errors.py.

AirquoteError
├── UsageError
│   ├── EpisodeError      an episode that is unknown or ambiguous
│   └── QueryError        a search query that does not parse, with the column
├── InputError
│   └── TranscriptFileError   a transcript file that cannot be read
└── MachineError
    └── LibraryError      the library is damaged, newer than this program, locked, or its disk is full
        └── IndexDamagedError     the index cannot be read; it is derived, and can be built again
"""

from __future__ import annotations

from audio.errors import InputError, MachineError, UsageError, WayOut


class EpisodeError(UsageError):
    """An episode that is unknown, or a name that fits several."""


class QueryError(UsageError):
    """A search query that does not parse, with the ``column`` (from 1) at which it stops making sense."""

    def __init__(self, text: str, column: int, reason: str) -> None:
        excerpt = text[max(0, column - 60) : column + 40].replace("\n", " ")
        caret = " " * (min(column - 1, 59) if column > 60 else column - 1) + "^"
        super().__init__(
            f"The query stops making sense at column {column}: {reason}\n    {excerpt}\n    {caret}",
            LEARN_SYNTAX,
            where=text,
        )
        self.column = column


class TranscriptFileError(InputError):
    """A transcript file that cannot be read."""


class LibraryError(MachineError):
    """The library is damaged, newer than this program, locked, or its disk is full."""


class IndexDamagedError(LibraryError):
    """The index cannot be read. It is derived: whoever sees this rebuilds it."""


LEARN_SYNTAX = WayOut("learn_syntax", "See how queries are written.")
LIST_EPISODES = WayOut("list_episodes", "See the list of episodes.")
LIST_EPISODES_OR_HIT = WayOut(
    "list_episodes_or_hit", "The number of a hit stands alone, without a time. See the list of episodes."
)
REINDEX = WayOut("reindex", "Build the index again.")
MAKE_ROOM_AND_REINDEX = WayOut(
    "make_room_and_reindex", "The words are safe in the library; make room and build the index again."
)
MAKE_ROOM_AND_GO_ON = WayOut("make_room_and_go_on", "What was finished is saved; make room and go on.")
MAKE_LIBRARY = WayOut("make_library", "Make one: transcribe a recording or import a transcript.")
CHOOSE_OTHER_LIBRARY = WayOut("choose_other_library", "Name another folder for the library.")
UPDATE_OR_CHOOSE_OTHER_LIBRARY = WayOut(
    "update_or_choose_other_library",
    "It was made by a newer airquote: update this one, or name another folder for the library.",
)
RESTORE_OR_CHOOSE_OTHER_LIBRARY = WayOut(
    "restore_or_choose_other_library",
    "Put a backup in its place, or name another folder for the library; audio files are not in it.",
)
RESTORE_OR_TRANSCRIBE_AGAIN = WayOut(
    "restore_or_transcribe_again", "Put a backup in its place, or have that episode transcribed anew."
)
EXAMINE = WayOut("examine", "Have the library and this machine examined.")


def restore(advice: str = "Put a backup in its place.") -> WayOut:
    """Put a backup in the place of what is damaged or gone."""
    return WayOut("restore", advice)
