"""Cut the sound of found places from the recordings, and write it as clips."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from audio.atomic_write import raise_output_error
from audio.clip import Clip, fade, read_span
from audio.encode import write_clip
from audio.errors import MediaError, TimeError
from audio.timecode import Span
from index.storage.store import Store
from pipeline.hearing.recordings import CLIP_TYPE, clip_stem, clip_tags, find_recording
from pipeline.verification.results import CheckedArticle, FoundPlace
from pipeline.verification.targets import check_clip_folder, check_clips

BEFORE, AFTER = 0.25, 1.0
"""Seconds of sound around the words: recognisers often end a word early."""


class PlaceSounds:
    """Cuts places from their recordings; verifies the hash of each recording only once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files: dict[str, Path | MediaError] = {}

    def cut(self, place: FoundPlace, longest: float | None = None) -> Clip:
        """Return the sound of a place with padding on both sides, at most ``longest`` seconds of it.

        Raises MediaError if the recording is missing, has changed or ends before the place, or if the episode has none.
        """
        span = place.span.padded(BEFORE, AFTER)
        if longest is not None and span.duration > longest:
            span = Span(span.start, span.start + longest)
        try:
            return fade(read_span(self._file(place), span, self._store.sound(place.episode.id)))
        except TimeError as error:
            raise MediaError(error.message, error.way_out, where=error.where) from error

    def encode(self, place: FoundPlace, longest: float) -> bytes:
        """Return the same as the bytes of an MP3 file."""
        clip = self.cut(place, longest)
        with tempfile.TemporaryDirectory(prefix="airquote-") as folder:
            file = Path(folder, f"clip{CLIP_TYPE}")
            write_clip(clip, file)
            return file.read_bytes()

    def _file(self, place: FoundPlace) -> Path:
        episode = place.episode
        if episode.id not in self._files:
            try:
                self._files[episode.id] = find_recording(episode, self._store.directory)
            except MediaError as error:
                self._files[episode.id] = error
        known = self._files[episode.id]
        if isinstance(known, MediaError):
            raise known
        return known


def write_clips(
    store: Store, articles: Sequence[CheckedArticle], folder: Path, *, overwrite: bool = False
) -> tuple[list[Path], list[MediaError]]:
    """Write the sound of every place into ``folder``, which is created if missing.

    Returns the files, and the errors of the others. Raises UsageError, with nothing written, as ``check_clip_folder``
    and ``check_clips`` do; OutputError if the disk is full or the folder is not writable.
    """
    check_clip_folder(store, folder)
    places = [place for article in articles for place in article.places]
    targets = [folder / _file_name(place) for place in places]
    if folder.exists():
        check_clips(store, targets, overwrite)
    with raise_output_error(folder):
        folder.mkdir(exist_ok=True)
    sounds, written, failed = PlaceSounds(store), [], []
    for place, target in zip(places, targets, strict=True):
        try:
            span = place.span.padded(BEFORE, AFTER)
            tags = clip_tags(place.episode, span.start, span.end)
            write_clip(sounds.cut(place), target, tags=tags, overwrite=overwrite)
            written.append(target)
        except MediaError as error:
            if error not in failed:
                failed.append(error)
    return written, failed


def _file_name(place: FoundPlace) -> str:
    """Return the name of a clip, such as 02-the-roof-1m23s.mp3."""
    return f"{place.n:02}-{clip_stem(place.episode.id, place.span.start)}{CLIP_TYPE}"
