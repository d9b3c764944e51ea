"""What is asked of a batch: options and details for all files, and more for single ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.batch.episode_details import NO_DETAILS, EpisodeDetails
from pipeline.transcription.glossary import add_names
from pipeline.transcription.options import TranscriptionOptions


@dataclass(frozen=True, slots=True)
class FileRequest:
    """What is asked for one file of a batch, where it is more than for the others.

    ``names`` are said in it, so they join its glossary. ``episode`` is the id of the episode whose sound it is, None
    where that is found by its hash or made. With ``replaces`` words of other sound, and imported ones, are replaced.
    An episode that is found and for which ``is_described`` returns True keeps the details that it has.
    ``stored`` is called with the id of the episode in the transaction in which that gets the file, and by which an
    interrupted run is continued.
    """

    details: EpisodeDetails = NO_DETAILS
    names: tuple[str, ...] = ()
    episode: str | None = None
    replaces: bool = False
    stored: Callable[[str], None] = lambda _: None
    is_described: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Request:
    """The request of a batch: resolved options; and show, title and dates, None where tags and names shall say them.

    ``model_named`` is whether it names the model, which otherwise is that of the library or a default. ``files`` is
    what is asked for single files.
    """

    options: TranscriptionOptions
    show: str | None = None
    title: str | None = None
    model_named: bool = False
    dates: Mapping[Path, str] = field(default_factory=dict)
    files: Mapping[Path, FileRequest] = field(default_factory=dict)

    def details_of(self, file: Path) -> EpisodeDetails:
        """Return what is given for the episode of a file."""
        asked = self.files.get(file)
        return asked.details if asked else EpisodeDetails(self.show, self.title, self.dates.get(file))

    def options_of(self, file: Path) -> TranscriptionOptions:
        """Return the options of a file: those of all, with the names that are said in it."""
        asked = self.files.get(file)
        return replace(self.options, glossary=add_names(self.options.glossary, asked.names)) if asked else self.options
