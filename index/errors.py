"""The errors of the index and the library's store: a branch of the tree in audio/errors.py.

AirquoteError
├── UsageError
│   ├── EpisodeError      an episode that is unknown or ambiguous
│   └── QueryError        a search query that does not parse, with the column
├── InputError
│   └── TranscriptFileError   a transcript file that cannot be read
└── MachineError
    └── LibraryError      the library is damaged, newer than this program, locked, or its disk is full
        └── IndexDamagedError     the index cannot be read; it is derived data and can be rebuilt
"""

from __future__ import annotations

from audio.errors import InputError, MachineError, UsageError, WayOut


class EpisodeError(UsageError):
    """An episode that is unknown, or a name that matches several."""


class QueryError(UsageError):
    """A search query that does not parse, with the ``column`` (from 1) of the syntax error."""

    in_lines = True

    def __init__(self, text: str, column: int, reason: str) -> None:
        excerpt = text[max(0, column - 60) : column + 40].replace("\n", " ")
        caret = " " * (min(column - 1, 59) if column > 60 else column - 1) + "^"
        super().__init__(
            f"The query has a syntax error at column {column}: {reason}\n    {excerpt}\n    {caret}",
            LEARN_SYNTAX,
            where=text,
        )
        self.column = column


class TranscriptFileError(InputError):
    """A transcript file that cannot be read."""


class LibraryError(MachineError):
    """The library is damaged, newer than this program, locked, or its disk is full."""


class IndexDamagedError(LibraryError):
    """The index cannot be read. It is derived data: the caller rebuilds it."""


LEARN_SYNTAX = WayOut("learn_syntax", "See the query syntax.")
LIST_EPISODES = WayOut("list_episodes", "See the list of episodes.")
LIST_EPISODES_OR_HIT = WayOut(
    "list_episodes_or_hit", "The number of a hit is given alone, without a time. See the list of episodes."
)
LIST_SHOWS = WayOut("list_shows", "See the list of shows.")
REINDEX = WayOut("reindex", "Rebuild the index.")
MAKE_ROOM_AND_REINDEX = WayOut(
    "make_room_and_reindex", "The words are safe in the library; free disk space and rebuild the index."
)
MAKE_ROOM_AND_RESUME = WayOut("make_room_and_resume", "What was finished is saved; free disk space and continue.")
MAKE_LIBRARY = WayOut("make_library", "Create one: transcribe a recording or import a transcript.")
CHOOSE_OTHER_LIBRARY = WayOut("choose_other_library", "Name another folder for the library.")
UPDATE_OR_CHOOSE_OTHER_LIBRARY = WayOut(
    "update_or_choose_other_library",
    "It was made by a newer airquote: update this one, or name another folder for the library.",
)
RESTORE_OR_CHOOSE_OTHER_LIBRARY = WayOut(
    "restore_or_choose_other_library",
    "Restore a backup, or name another folder for the library; audio files are not in it.",
)
RESTORE_OR_TRANSCRIBE_AGAIN = WayOut(
    "restore_or_transcribe_again", "Restore a backup, or transcribe that episode again."
)
ALIGN_TEXT = WayOut("align_text", "Text without times gets them from its recording: import it aligned with that.")
NAME_ENCODING = WayOut("name_encoding", "Name the encoding of the file, such as cp1251 or gb18030.")
EXAMINE = WayOut("examine", "Run the check of the library and this machine.")


REPLACE_LIBRARY = WayOut(
    "replace_library", "Name another folder for the library, or allow this one to be replaced by the backup."
)
CHOOSE_OTHER_BACKUP = WayOut("choose_other_backup", "Restore another backup.")


def restore(advice: str = "Restore a backup.") -> WayOut:
    """Restore what is damaged or gone from a backup."""
    return WayOut("restore", advice)
