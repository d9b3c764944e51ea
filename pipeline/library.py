"""The facade: every operation of airquote, for the command line and Python programs alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.query.syntax_help import SYNTAX, SYNTAX_NOTES, syntax_page
from pipeline.answers import ArticleSource, ListedArticles, ModelListing
from pipeline.facade.adding import AddingEpisodes
from pipeline.facade.checking import CheckingQuotations
from pipeline.facade.citing import CitingPlaces
from pipeline.facade.comparing import ComparingTranscripts
from pipeline.facade.contents import ReadingContents
from pipeline.facade.editing import EditingEpisodes
from pipeline.facade.finding import FindingStatements
from pipeline.facade.following import FollowingShows
from pipeline.facade.hearing import HearingPlaces
from pipeline.facade.publishing import PublishingSites
from pipeline.facade.upkeep import MaintainingLibrary
from pipeline.facade.voices import TellingVoices

__all__ = [
    "SYNTAX",
    "SYNTAX_NOTES",
    "Library",
    "list_models",
    "list_quotations",
    "model_to_name",
    "stamp_library",
    "syntax_page",
    "voice_models_to_get",
]


class Library(
    AddingEpisodes,
    EditingEpisodes,
    FindingStatements,
    HearingPlaces,
    CitingPlaces,
    CheckingQuotations,
    ComparingTranscripts,
    TellingVoices,
    ReadingContents,
    PublishingSites,
    FollowingShows,
    MaintainingLibrary,
):
    """An open library directory: transcripts, their index, and references to the recordings.

    Use it as a context manager, or call ``close``; it is not thread-safe. An episode is named by its id, a unique
    prefix of the id, or its title. Times are seconds from the start of the recording. ``progress`` is called with a
    ``ProgressEvent`` now and then during long calls; it can be replaced at any time.
    """


def list_quotations(
    articles: Sequence[ArticleSource], *, fragments: bool = False, allow_private: bool = False
) -> ListedArticles:
    """List the quotations of some articles that ``verify`` would check, and what it would pass over, with the reasons.

    It needs no library. ``articles``, ``fragments`` and ``allow_private`` are as for ``Library.verify``.
    """
    from pipeline.articles.selection import list_quotations

    return list_quotations(articles, fragments, allow_private)


def model_to_name(directory: Path) -> ModelListing | None:
    """Return the model that a request to transcribe into a library should name, so that it downloads nothing.

    None where it need name none: the library is made with one, or the default one is on this machine. One without a
    place is the default one where there are no weights at all: it will be downloaded.
    """
    from pipeline.batch.library_model import model_to_name
    from pipeline.settings import load_settings

    settings = load_settings({})
    return model_to_name(directory, settings.model or settings.default_model)


def voice_models_to_get() -> str | None:
    """Return the command that installs the models for telling voices apart; None where they are here."""
    from pipeline.models.voice_weights import INSTALL, has_voice_models

    return None if has_voice_models() else INSTALL


def list_models() -> list[ModelListing]:
    """Return the Whisper models: which are on this machine, and how to get the others."""
    from pipeline.models.weights import list_models

    return list_models()


def stamp_library(directory: Path) -> tuple[tuple[int, int], ...]:
    """Return what is another one after every change of a library, without opening it: times and sizes of its files."""
    from index.storage.store import STORE_NAME

    stamps = []
    for name in (STORE_NAME, f"{STORE_NAME}-wal"):  # SQLite writes what is new to the second one first
        try:
            found = (directory / name).stat()
            stamps.append((found.st_mtime_ns, found.st_size))
        except FileNotFoundError:
            stamps.append((0, 0))
    return tuple(stamps)
