"""Sources of a batch -> media files: files as they are named, and those in folders that hold sound."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audio.errors import UsageError, choose_other_file, correct_input

MEDIA_ENDINGS = frozenset({
    ".3g2", ".3ga", ".3gp", ".3gpp", ".aac", ".aax", ".ac3", ".adts", ".aif", ".aifc", ".aiff", ".amr", ".ape",
    ".asf", ".au", ".avi", ".awb", ".caf", ".divx", ".dsf", ".dss", ".dts", ".dv", ".eac3", ".ec3", ".f4a", ".f4v",
    ".flac", ".flv", ".m1a", ".m2a", ".m2ts", ".m4a", ".m4b", ".m4p", ".m4r", ".m4v", ".mka", ".mkv", ".mov",
    ".mp1", ".mp2", ".mp3", ".mp4", ".mpa", ".mpc", ".mpeg", ".mpg", ".mpga", ".mts", ".mxf", ".nut", ".oga",
    ".ogg", ".ogv", ".ogx", ".opus", ".qta", ".ra", ".rm", ".rmvb", ".snd", ".spx", ".tak", ".ts", ".tta", ".vob",
    ".voc", ".w64", ".wav", ".weba", ".webm", ".wma", ".wmv", ".wv",
})  # fmt: skip
"""Extensions of media: a file that has one and holds no sound fails, by its name."""

OTHER_ENDINGS = frozenset({
    ".7z", ".ass", ".avif", ".bash", ".bat", ".bmp", ".bz2", ".c", ".cfg", ".class", ".conf", ".cpp", ".cs", ".css",
    ".csv", ".cue", ".db", ".dfxp", ".dll", ".doc", ".docx", ".dylib", ".eot", ".epub", ".exe", ".gif", ".go",
    ".gz", ".h", ".heic", ".heif", ".htm", ".html", ".icns", ".ico", ".ini", ".ipynb", ".jar", ".java", ".jpeg",
    ".jpg", ".js", ".json", ".jsonl", ".jxl", ".lnk", ".lock", ".log", ".lrc", ".m3u", ".m3u8", ".md", ".md5",
    ".mo", ".nfo", ".npy", ".npz", ".o", ".odp", ".ods", ".odt", ".opml", ".otf", ".pages", ".parquet", ".pdf",
    ".php", ".pkl", ".pl", ".plist", ".pls", ".png", ".po", ".ppt", ".pptx", ".ps", ".psd", ".py", ".pyc", ".rar",
    ".rb", ".rs", ".rss", ".rst", ".rtf", ".sbv", ".sfv", ".sh", ".sha256", ".so", ".sqlite", ".srt", ".ssa",
    ".svg", ".tar", ".tex", ".tgz", ".tif", ".tiff", ".toml", ".torrent", ".tsv", ".ttf", ".ttml", ".txt", ".url",
    ".vtt", ".wasm", ".webloc", ".webp", ".woff", ".woff2", ".xls", ".xlsx", ".xml", ".xmp", ".xz", ".yaml", ".yml",
    ".zip", ".zst",
})  # fmt: skip
"""Extensions of text, pictures, documents, programs and archives: in folders these are not even opened."""

Reason = Literal[
    "hidden", "text, pictures and the like", "not a file", "no sound in it",
    "recordings", "not a transcript", "another format of a transcript",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or a folder inside of a source that is left out, and why."""

    path: Path
    reason: Reason


@dataclass(frozen=True, slots=True)
class FoundMedia:
    """The files of a batch, and what in its folders was left out."""

    files: list[Path]
    left_out: list[LeftOut]


def find_media(sources: Sequence[str]) -> FoundMedia:
    """Return the files among the sources, and those in their folders that hold sound, sorted by name.

    Files that do not exist and folders that cannot be read are included: they fail like any other bad file. Raises
    UsageError for a folder without media files, for an address, and for an empty name.
    """
    found: list[Path] = []
    left_out: list[LeftOut] = []
    for name in sources:
        source = Path(name)
        if not name.strip():
            raise UsageError("One of the sources is an empty name.", correct_input("Write . for this folder."))
        if "://" in name and not source.exists():
            raise UsageError(f"{name} is an address, not a file.", choose_other_file("Download it first."), where=name)
        if not is_folder(source):
            found.append(source)
            continue
        entries = list(walk_folder(source, _reason_against))
        inside = sorted(entry for entry in entries if isinstance(entry, Path))
        left_out += sorted((entry for entry in entries if isinstance(entry, LeftOut)), key=lambda one: one.path)
        if not inside:
            raise UsageError(
                f"There are no media files in the folder {source}.",
                choose_other_file("Name the folder that has them, or a file itself (it may have any extension)."),
                where=source,
            )
        found += inside
    return FoundMedia(list(dict.fromkeys(found)), left_out)


def walk_media(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder, and in those below it, that hold sound."""
    return (entry for entry in walk_folder(folder, _reason_against) if isinstance(entry, Path))


def is_folder(path: Path) -> bool:
    """Whether a path is that of a folder that can be looked at."""
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long: the file fails later, with the reason
        return False


def walk_folder(folder: Path, reason_against: Callable[[Path], Reason | None]) -> Iterator[Path | LeftOut]:
    """Yield the files in a folder and in those below it, and what is left out: hidden, or for a reason against it."""
    unreadable: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=lambda error: unreadable.append(Path(error.filename))):
        # Hidden files belong to file managers and backups, such as ._name.mp3 of macOS.
        yield from (LeftOut(Path(parent, name), "hidden") for name in (*folders, *files) if name.startswith("."))
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith("."):
                path = Path(parent, name)
                reason = reason_against(path)
                yield path if reason is None else LeftOut(path, reason)
    yield from unreadable


def _reason_against(path: Path) -> Reason | None:
    """Return why a file in a folder is left out, None if it is taken; it is opened only if its name says nothing."""
    ending = path.suffix.lower()
    if ending in OTHER_ENDINGS:
        return "text, pictures and the like"
    if is_special(path):
        return "not a file"
    if ending in MEDIA_ENDINGS:
        return None
    from audio.recording.sniffing import holds_sound

    return None if holds_sound(path) else "no sound in it"


def is_special(path: Path) -> bool:
    """Whether it is a pipe, a device or a socket: it may have any name, and reading it may never end."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:  # such as a link to nothing, which fails by its name
        return False
