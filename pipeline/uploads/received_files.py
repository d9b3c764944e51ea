"""What a file is that was handed in: a recording or a transcript, under a safe name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from audio.errors import InputError
from audio.media import MediaInfo, probe_media
from audio.recording.sniffing import HEAD, may_be_sound
from index.formats.reading import parse_file, read_file
from pipeline.batch.sources import OTHER_ENDINGS, Reason
from pipeline.batch.transcript_files import TRANSCRIPT_ENDINGS, choose_formats
from pipeline.shows.downloads.safe_names import safe_file_name

UploadKind = Literal["recording", "transcript"]

_ENDING = re.compile(r"\.[0-9A-Za-z]{1,8}")
_SEPARATORS = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that was handed in whole: its id, its name, what it is, and how many seconds of sound it states."""

    upload: str
    name: str
    kind: UploadKind
    duration: float | None


@dataclass(frozen=True, slots=True)
class ChosenNames:
    """The names of those files of a folder that are taken, and how many are left out, by the reason."""

    taken: tuple[str, ...]
    left_out: dict[Reason, int]


def choose_names(names: Sequence[str]) -> ChosenNames:
    """Choose by their names which files of a folder are to be handed in: as ``transcribe`` and ``import`` would.

    Of several formats of a transcript one is taken.
    """
    paths = {PurePosixPath(name): name for name in names}
    reasons = {path: _reason_against(path) for path in paths}
    for other in choose_formats([path for path in paths if path.suffix.lower() in TRANSCRIPT_ENDINGS])[1]:
        reasons[other] = reasons[other] or "another format of a transcript"
    counts = Counter(reason for reason in reasons.values() if reason is not None)
    return ChosenNames(tuple(name for path, name in paths.items() if reasons[path] is None), dict(counts))


def accept_file(part: Path, name: str) -> ReceivedFile:
    """Give an upload that is whole the name that it came with, made safe, and find out what it is.

    Raises InputError for what is neither a recording nor a transcript: MediaError, TranscriptFileError.
    """
    file = part.with_name(name_safely(name))
    part.rename(file)
    try:
        info = _read_recording(file)
    except InputError as error:
        raise type(error)(error.message.replace(str(file), file.name), error.way_out, where=file.name) from error
    kind: UploadKind = "transcript" if info is None else "recording"
    return ReceivedFile(file.parent.name, file.name, kind, info.duration if info else None)


def name_safely(name: str) -> str:
    """Return a name for a file that was called ``name``, of which folders are left out."""
    last = _SEPARATORS.split(name)[-1]
    ending = PurePosixPath(last).suffix
    ending = ending if _ENDING.fullmatch(ending) else ""
    return safe_file_name(last.removesuffix(ending), "recording") + ending


def _read_recording(file: Path) -> MediaInfo | None:
    """Return what is in a recording, None for a transcript. Raises InputError for what is neither."""
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    if file.suffix.lower() not in TRANSCRIPT_ENDINGS and may_be_sound(head):
        return probe_media(file)
    parse_file(read_file(file), file)
    return None


def _reason_against(path: PurePosixPath) -> Reason | None:
    if any(part.startswith(".") for part in path.parts):
        return "hidden"
    ending = path.suffix.lower()
    return "text, pictures and the like" if ending in OTHER_ENDINGS.difference(TRANSCRIPT_ENDINGS) else None
