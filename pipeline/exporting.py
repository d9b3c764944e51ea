"""Export transcripts as files: one to a place of its own, or many into a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from audio.atomic_write import check_new_file, check_parent, raise_output_error, write_output
from audio.errors import AirquoteError, OutputError, UsageError, choose_other_file, correct_input
from index.errors import EpisodeError
from index.formats.json.podcast_chapters import write_podcast_chapters
from index.formats.subtitles.reading_habits import make_subtitles
from index.formats.text.markdown import Heading
from index.formats.text.rttm import write_rttm
from index.formats.writing import (
    BESIDES,
    CHAPTERS,
    ENDINGS,
    SPEAKERS,
    WRITERS,
    check_format,
    write_subtitles,
    write_transcript,
)
from index.storage.episode_names import file_stem
from index.storage.published_files import PublishedFile
from index.storage.store import Store
from index.transcript import Episode, Flaw
from pipeline.episodes.chosen_episodes import EpisodeSelection, select_episodes
from pipeline.episodes.listing import NOT_TRANSCRIBED
from pipeline.errors import GET_PUBLISHED, as_failure, find_voices
from pipeline.exported import Exported, ExportOutcome
from pipeline.hearing.recordings import check_target, real_path
from pipeline.links import link_to_moment
from pipeline.lookup import find_transcript, load_transcript
from pipeline.voices.speaker_turns import read_turns

DEFAULT_FORMAT = "txt"
NO_CHAPTERS, NO_SPEAKERS = "it has no chapters", "who speaks in it is not known"

PUBLISHED_TYPES = {
    "application/json": "json", "text/vtt": "vtt", "application/x-subrip": "srt", "application/srt": "srt",
    "text/srt": "srt", "text/html": "html", "text/plain": "txt",
}  # fmt: skip
"""The extensions of publishers' transcripts by media type (podcast-namespace, transcripts.md)."""

_EXTENSION = re.compile(r"[a-z][a-z0-9]{1,4}")
"""What programs call files by, as against a dot in a title."""


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
        format = DEFAULT_FORMAT if target is None or Path(target).is_dir() else _format_of(Path(target))
    if subtitles or format not in BESIDES:
        check_format(format, subtitles)
    made = _make_document(store, name, format, subtitles)
    if target is not None:
        check_target(store, Path(target))
    if target is None:
        return Exported(made.episode.id, format, None, made.text, made.flaws, made.notes)
    file = Path(target)
    if file.is_dir():
        file /= _file_name(made.episode, format)
    _write_file(file, made.text.encode(), overwrite)
    return Exported(made.episode.id, format, str(file), None, made.flaws, made.notes)


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


def _format_of(file: Path) -> str:
    """Return the format that a file's extension names, txt without one.

    Raises UsageError for an extension of something else: what is in a file called talk.docx should be that.
    """
    ending = file.suffix[1:].lower()
    if ending in (*WRITERS, SPEAKERS):
        return ending
    if not _EXTENSION.fullmatch(ending):
        return DEFAULT_FORMAT  # no extension, or a dot in the name: "Ep. 12"
    raise UsageError(
        f"There is no transcript format for files that end in .{ending}: {file}",
        correct_input(f"Use the extension of one of {', '.join(WRITERS)}, or name the format itself."),
        where=file,
    )


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
    if subtitles or format not in BESIDES:
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
    recordings = {real_path(one.media) for one in store.episodes() if one.media is not None}
    written: dict[Path, str] = {}
    for name in names:
        if skip_unfinished and (reason := _name_missing(store, name, format)):
            yield ExportOutcome(name, format, None, "skipped", reason)
            continue
        try:
            made = _make_document(store, name, format, subtitles)
            episode, file = made.episode, folder / _file_name(made.episode, format)
            if written.get(file) == episode.id:
                yield ExportOutcome(episode.id, format, str(file), "skipped", "it was named twice")
                continue
            _check_unused(file, recordings, written)
            _write_file(file, made.text.encode(), overwrite)
        except OutputError:
            raise
        except Exception as error:  # noqa: BLE001 - one episode never stops the others
            failure = error if isinstance(error, AirquoteError) else as_failure(error, name)
            yield ExportOutcome(name, format, None, "failed", str(failure), failure)
        else:
            written[file] = episode.id
            yield ExportOutcome(episode.id, format, str(file), "done", None, None, made.flaws, made.notes)


def _name_missing(store: Store, episode_id: str, format: str) -> str | None:
    """Return why there is nothing to write of an episode in a format; None if there is."""
    if format == CHAPTERS:
        return None if store.chapters(episode_id) else NO_CHAPTERS
    if store.facts(episode_id) is None:
        return NOT_TRANSCRIBED
    is_known = format != SPEAKERS or store.voices_of(episode_id) is not None or store.speaker_labels(episode_id)
    return None if is_known else NO_SPEAKERS


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


@dataclass(frozen=True, slots=True)
class _Document:
    """The text of a file of an episode, with the flaws of its transcript and notes on its subtitles."""

    episode: Episode
    text: str
    flaws: tuple[Flaw, ...] = ()
    notes: tuple[str, ...] = ()


def _make_document(store: Store, name: str, format: str, subtitles: bool) -> _Document:
    """Return what is written of an episode.

    Raises EpisodeError as ``load_transcript``, or if it has no chapters or speakers where these are asked for.
    """
    with store.snapshot():
        if format == CHAPTERS:
            return _make_chapters(store, store.resolve_episode(name))
        if format == SPEAKERS:
            return _make_turns(store, find_transcript(store, name)[0])
        episode, transcript = load_transcript(store, name)
        if subtitles:
            made = make_subtitles(transcript)
            text = write_subtitles(made, transcript.language, format)
            return _Document(episode, text, transcript.flaws, made.notes)
        notes = store.notes(episode.id)
        heading = Heading(
            episode.title,
            episode.show,
            episode.published,
            partial(link_to_moment, episode, offset=store.sound(episode.id).offset),
            notes.people if notes else (),
            tuple(sorted(store.chapters(episode.id), key=lambda chapter: chapter.start)),
        )
        return _Document(episode, write_transcript(transcript, format, heading), transcript.flaws)


def _make_chapters(store: Store, episode: Episode) -> _Document:
    chapters, offset = store.chapters(episode.id), store.sound(episode.id).offset
    if not chapters:
        raise EpisodeError(f"{episode.id}: {NO_CHAPTERS}.", correct_input("Export its transcript."), where=episode.id)
    shown = [chapter.moved(offset) for chapter in chapters]
    return _Document(episode, write_podcast_chapters(episode.title, episode.show, shown))


def _make_turns(store: Store, episode: Episode) -> _Document:
    turns = read_turns(store, episode.id)
    if not turns:
        raise EpisodeError(f"{episode.id}: {NO_SPEAKERS}.", find_voices(episode.id), where=episode.id)
    return _Document(episode, write_rttm(turns, episode.id))


def _write_file(file: Path, data: bytes, overwrite: bool) -> None:
    check_new_file(file, overwrite)
    with write_output(file) as unfinished:
        unfinished.write_bytes(data)
