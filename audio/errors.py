"""Every error that airquote raises on purpose, as one tree.

AirquoteError
├── UsageError            the request cannot be answered as it was put
│   ├── TimeError         a time that is none, or lies past the end
│   ├── EpisodeError      an episode that is unknown or ambiguous
│   └── QueryError        a search query that does not parse (index/query/parser.py adds the column)
├── InputError            one input failed; the others go on
│   ├── MediaError        a media file that cannot be read, decoded or trusted
│   │   ├── MediaMovedError   the file an episode refers to is gone or has changed
│   │   └── TruncatedMediaError   a file that holds less than it says it holds
│   ├── ArticleError      an article that cannot be fetched, or holds no text
│   ├── LanguageError     a recording that the model does not understand
│   └── TranscriptFileError   a transcript file that cannot be read
└── MachineError          this machine cannot do it now
    ├── ModelError        no weights, or weights that do not fit the request
    ├── PlayerError       no program here plays sound, or it failed
    ├── OutputError       a file cannot be written: the disk is full, or the folder refuses it
    └── LibraryError      the library is damaged, newer than this program, locked, or the disk is full

Each says what happened, about which path, episode or query, and what to do next. They are caught once, in
pipeline/cli/main.py, which prints them and turns the branch into an exit code.
"""

from __future__ import annotations


class AirquoteError(Exception):
    """Anything airquote reports to a person instead of a traceback.

    ``message`` is a sentence that names the thing; ``way_out`` says what to do next (may be empty).
    """

    def __init__(self, message: str, way_out: str = "") -> None:
        super().__init__(message, way_out)
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.message} {self.way_out}".strip()


class UsageError(AirquoteError):
    """The request cannot be answered as it was put."""


class TimeError(UsageError):
    """A time that does not parse, or lies outside its file."""


class EpisodeError(UsageError):
    """An episode that is unknown, or a name that fits several."""


class QueryError(UsageError):
    """A search query that does not parse."""


class InputError(AirquoteError):
    """One input failed; a batch goes on with the others."""


class ArticleError(InputError):
    """An article that cannot be read or fetched, or that holds no text."""


class LanguageError(InputError):
    """A recording that the model does not understand, most often because it is in another language."""


class MediaError(InputError):
    """A media file that cannot be read, decoded or trusted."""


class MediaMovedError(MediaError):
    """The file that an episode refers to is gone, or is no longer the same."""


class TruncatedMediaError(MediaError):
    """A media file that holds less than it says it holds: a download that stopped, mostly."""


class TranscriptFileError(InputError):
    """A transcript file that cannot be read."""


class MachineError(AirquoteError):
    """This machine cannot do it now."""


class ModelError(MachineError):
    """No weights for a model, or weights that do not fit what was asked of them."""


class PlayerError(MachineError):
    """No program here plays sound, or the one that does failed."""


class OutputError(MachineError):
    """A file that was asked for cannot be written: the disk is full, or the folder refuses it."""


class LibraryError(MachineError):
    """The library is damaged, newer than this program, locked, or its disk is full."""
