"""Sources of an import -> transcript files: files as they are named, and those in folders that hold a transcript."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, TypeVar

from audio.errors import UsageError, choose_other_file
from index.errors import TranscriptFileError
from index.formats.reading import parse_file, read_file
from pipeline.batch.sources import MEDIA_ENDINGS, LeftOut, Reason, is_folder, is_special, walk_folder

P = TypeVar("P", bound=PurePath)

_SURE = (".srt", ".vtt", ".ttml", ".dfxp", ".ass", ".ssa", ".sbv", ".lrc")
"""Extensions of transcripts alone: such a file in a folder is taken, and fails by its name if it is none."""

_POSSIBLE = (".json", ".json3", ".tsv", ".csv", ".xml", ".html", ".htm", ".md", ".txt", ".log")
"""Extensions that transcripts have too: such a file is taken if it can be read as one."""

TRANSCRIPT_ENDINGS = (*_SURE, *_POSSIBLE)

_PREFERENCE = tuple(dict.fromkeys((".json", ".json3", ".vtt", *TRANSCRIPT_ENDINGS)))
"""Of files that differ only in their extension, such as all those that Whisper writes, the one that says most comes
first: JSON has the times of words, WebVTT speakers."""


@dataclass(frozen=True, slots=True)
class FoundTranscripts:
    """The files of an import, or open streams of them, and what in its folders was left out."""

    files: list[Path | BinaryIO]
    left_out: list[LeftOut]


def find_transcripts(sources: Iterable[str | Path | BinaryIO]) -> FoundTranscripts:
    """Return the files and streams among the sources, and the transcripts in their folders, sorted by name.

    Of several formats of a transcript in a folder one is taken. Files that do not exist and folders that cannot be read
    are included: they fail like any other bad file. Raises UsageError for a folder without transcripts.
    """
    files: list[Path | BinaryIO] = []
    left_out: list[LeftOut] = []
    for source in sources:
        if not isinstance(source, str | Path) or not is_folder(Path(source)):
            files.append(Path(source) if isinstance(source, str) else source)
            continue
        entries = list(walk_folder(Path(source), _reason_against))
        inside, others = choose_formats(sorted(one for one in entries if isinstance(one, Path)))
        refused = [one for one in entries if isinstance(one, LeftOut)]
        refused += (LeftOut(file, "another format of a transcript") for file in others)
        left_out += sorted(refused, key=lambda one: one.path)
        if not inside:
            raise UsageError(
                f"There are no transcripts in the folder {source}.",
                choose_other_file("Name the folder that has them, or a file itself (it may have any extension)."),
                where=source,
            )
        files += inside
    return FoundTranscripts(files, left_out)


def name_source(source: Path | BinaryIO) -> Path:
    """Return the path of a file, or for a stream what it is called in outcomes and errors."""
    if isinstance(source, Path):
        return source
    name = getattr(source, "name", None)
    return Path("standard input" if name == "<stdin>" else name if isinstance(name, str) else "a stream")


def choose_formats(files: Sequence[P]) -> tuple[list[P], list[P]]:
    """Return one file of those that differ only in their extension, and the others."""
    best: dict[PurePath, P] = {}
    for file in sorted(files, key=lambda one: _PREFERENCE.index(one.suffix.lower())):
        best.setdefault(file.with_suffix(""), file)
    chosen = set(best.values())
    return [file for file in files if file in chosen], [file for file in files if file not in chosen]


def _reason_against(path: Path) -> Reason | None:
    ending = path.suffix.lower()
    if is_special(path):
        return "not a file"
    if ending in MEDIA_ENDINGS:
        return "recordings"
    if ending in _SURE:
        return None
    return None if ending in _POSSIBLE and _is_transcript(path) else "not a transcript"


def _is_transcript(path: Path) -> bool:
    try:
        return bool(parse_file(read_file(path), path).cues)
    except TranscriptFileError:
        return False
