"""Export transcripts as files: one to a place of its own, or many into a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from audio.atomic_write import check_new_file, check_parent, raise_output_error, write_output
from audio.errors import AirquoteError, OutputError, UsageError, choose_other_file
from index.errors import EpisodeError
from index.formats.subtitles.reading_habits import make_subtitles
from index.formats.text.markdown import Heading
from index.formats.writing import ENDINGS, WRITERS, check_format, write_subtitles, write_transcript
from index.storage.episode_names import file_stem
from index.storage.published_files import PublishedFile
from index.storage.store import Store
from index.transcript import Episode, Transcript
from pipeline.episodes.chosen_episodes import EpisodeSelection, select_episodes
from pipeline.episodes.listing import NOT_TRANSCRIBED
from pipeline.errors import GET_PUBLISHED, as_failure
from pipeline.exported import Exported, ExportOutcome
from pipeline.links import link_to_moment
from pipeline.lookup import load_transcript
from pipeline.recordings import check_target, real_path

DEFAULT_FORMAT = "txt"

PUBLISHED_TYPES = {
    "application/json": "json", "text/vtt": "vtt", "application/x-subrip": "srt", "application/srt": "srt",
    "text/srt": "srt", "text/html": "html", "text/plain": "txt",
}  # fmt: skip
"""The extensions of publishers' transcripts by media type (podcast-namespace, transcripts.md)."""


def export_transcript(
    store: Store,
    name: str,
    format: str | None,
    target: str | Path | None,
    *,
    subtitles: bool = False,
    overwrite: bool = False,
) -> Exported:
    """Write a transcript in a format to ``target``, or to a file in that folder; without one return its text.

    Without a ``format`` it is that of the target's extension, else txt. Raises EpisodeError as ``load_transcript``,
    UsageError for an unknown format and as ``check_new_file`` and ``check_target`` do, OutputError if it cannot be
    written.
    """
    if format is None:
        ending = Path(target).suffix[1:] if target is not None else ""
        format = ending if ending in WRITERS else DEFAULT_FORMAT
    check_format(format, subtitles)
    episode, transcript = load_transcript(store, name)
    if target is not None:
        check_target(store, Path(target))
    text, notes = _write_text(store, episode, transcript, format, subtitles)
    if target is None:
        return Exported(episode.id, format, None, text, transcript.flaws, notes)
    file = Path(target)
    if file.is_dir():
        file /= _file_name(episode, format)
    _write_file(file, text.encode(), overwrite)
    return Exported(episode.id, format, str(file), None, transcript.flaws, notes)


def export_published(store: Store, name: str, target: str | Path, *, overwrite: bool = False) -> Exported:
    """Write the publisher's transcript of an episode to ``target``, a file or a folder, as it was fetched.

    Raises EpisodeError for an episode that is unknown or has none, UsageError and OutputError as ``export_transcript``
    does.
    """
    episode = store.resolve_episode(name)
    kept = store.published(episode.id)
    if kept is None:
        raise EpisodeError(f"No transcript of the publisher is kept of {episode.id}.", GET_PUBLISHED, where=episode.id)
    file, ending = Path(target), _ending_of(kept)
    check_target(store, file)
    if file.is_dir():
        file /= f"{file_stem(episode.id)}.{ending}"
    _write_file(file, kept.data, overwrite)
    return Exported(episode.id, ending, str(file), None)


def _ending_of(kept: PublishedFile) -> str:
    """Return the extension of a publisher's transcript: that of its address if it is one of a transcript."""
    ending = PurePosixPath(urlsplit(kept.address).path).suffix[1:].lower()
    return ending if ending in PUBLISHED_TYPES.values() else PUBLISHED_TYPES.get(kept.type or "", "txt")


def export_transcripts(
    store: Store,
    selection: EpisodeSelection,
    folder: Path,
    format: str | None,
    *,
    subtitles: bool = False,
    overwrite: bool = False,
) -> Iterator[ExportOutcome]:
    """Write the transcripts of several episodes into a folder, which is created if missing; yield how each went.

    Those that are named fail one by one; of others, those that have no transcript yet are skipped. An episode that
    fails does not stop the others. Raises UsageError, with nothing written, for an unknown format, as
    ``select_episodes`` does, and for a folder that cannot be one; OutputError if a file cannot be written.
    """
    format = format or DEFAULT_FORMAT
    check_format(format, subtitles)
    _check_folder(store, folder)
    named = selection.is_by_name
    chosen = selection.names if named else [one.id for one in select_episodes(store.episodes(), selection)]
    return _export_each(store, chosen, folder, format, subtitles, overwrite, skip_unfinished=not named)


def _export_each(
    store: Store,
    names: Sequence[str],
    folder: Path,
    format: str,
    subtitles: bool,
    overwrite: bool,
    *,
    skip_unfinished: bool,
) -> Iterator[ExportOutcome]:
    with raise_output_error(folder):
        folder.mkdir(exist_ok=True)
    transcribed = set(store.transcripts().values())
    recordings = {real_path(one.media) for one in store.episodes() if one.media is not None}
    written: dict[Path, str] = {}
    for name in names:
        if skip_unfinished and name not in transcribed:
            yield ExportOutcome(name, format, None, "skipped", NOT_TRANSCRIBED)
            continue
        try:
            episode, transcript = load_transcript(store, name)
            file = folder / _file_name(episode, format)
            if written.get(file) == episode.id:
                yield ExportOutcome(episode.id, format, str(file), "skipped", "it was named twice")
                continue
            _check_unused(file, recordings, written)
            text, notes = _write_text(store, episode, transcript, format, subtitles)
            _write_file(file, text.encode(), overwrite)
        except OutputError:
            raise
        except Exception as error:  # noqa: BLE001 - one episode never stops the others
            failure = error if isinstance(error, AirquoteError) else as_failure(error, name)
            yield ExportOutcome(name, format, None, "failed", str(failure), failure)
        else:
            written[file] = episode.id
            yield ExportOutcome(episode.id, format, str(file), "done", None, None, transcript.flaws, notes)


def _check_folder(store: Store, folder: Path) -> None:
    check_target(store, folder)
    with raise_output_error(folder):
        if folder.exists() and not folder.is_dir():
            way_out = choose_other_file("Name a folder for the files.")
            raise UsageError(f"{folder} is not a folder.", way_out, where=folder)
        check_parent(folder)


def _check_unused(file: Path, recordings: set[Path | None], written: dict[Path, str]) -> None:
    """Raise UsageError for a file that is a recording, or that another episode was just written to."""
    if real_path(file) in recordings:
        raise UsageError(f"{file} is a recording.", choose_other_file("Name another folder."), where=file)
    if file in written:
        way_out = choose_other_file("Export one of the two alone, to a file that you name.")
        raise UsageError(f"{file} is the transcript of {written[file]} already.", way_out, where=file)


def _file_name(episode: Episode, format: str) -> str:
    return f"{file_stem(episode.id)}.{ENDINGS.get(format, format)}"


def _write_text(
    store: Store, episode: Episode, transcript: Transcript, format: str, subtitles: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, and notes on what of it does not keep to the limits of subtitles."""
    if subtitles:
        made = make_subtitles(transcript)
        return write_subtitles(made, transcript.language, format), made.notes
    offset = store.sound(episode.id).offset
    link = partial(link_to_moment, episode, offset=offset)
    heading = Heading(episode.title, episode.show, episode.published, link)
    return write_transcript(transcript, format, heading), ()


def _write_file(file: Path, data: bytes, overwrite: bool) -> None:
    check_new_file(file, overwrite)
    with write_output(file) as unfinished:
        unfinished.write_bytes(data)
