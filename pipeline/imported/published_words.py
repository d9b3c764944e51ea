"""The words of a publisher's transcript, read from the file as it was fetched."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from index.formats.cues import TranscriptFile
from index.formats.import_assembly import assemble_import
from index.formats.reading import parse_file, read_stream
from index.storage.published_files import PublishedFile
from index.storage.store import Store
from index.transcript import Transcript


def read_published(file: PublishedFile) -> TranscriptFile:
    """Return the content of a publisher's transcript, whatever type it is announced as.

    Text without times is read too: all its cues have the time 0. Raises TranscriptFileError.
    """
    name = Path(file.address.partition("://")[2])
    return parse_file(read_stream(BytesIO(file.data), name), name, untimed=True)


def load_published(store: Store, episode_id: str, language: str | None) -> Transcript | None:
    """Return the publisher's transcript that is kept of an episode, None if none is.

    ``language`` is that of the words of the episode, for a file that states none. Raises TranscriptFileError for a file
    that cannot be read any more.
    """
    file = store.published(episode_id)
    return assemble_import(read_published(file), file.language or language) if file is not None else None


def are_foreign(published: str | None, heard: str | None) -> bool:
    """Whether the publisher's transcript, by its language, is a translation of words in another one."""
    return published is not None and heard is not None and published != heard
