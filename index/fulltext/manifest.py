"""The files of an index folder, and their manifest: the transcripts, and each file's size, modification time and CRC.

The manifest is written last. So an index that was left incomplete by a kill, modified, written in another format or is
older than the store does not match, and is never used.

The files of the index are recognised by their names and places. Others in the folder are never read, changed or
removed, and a link or a device in the place of one is refused.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import zlib
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from audio.atomic_write import write_atomically
from audio.errors import choose_other_file
from index.errors import LibraryError
from index.fulltext.tantivy.numbered_folders import OWN_FILES, list_folders
from index.storage.library_defaults import IndexKind

FORMAT_VERSION = 13
"""Increased with every change of what is indexed (tokens, stems, common words, numbers, passages, fields) and of how
it is written (index/fulltext/whoosh/term_file.py)."""
MANIFEST = "manifest.json"
WHOOSH = "whoosh"
LEXICON = "lexicon.db"
_WRITING = f"{WHOOSH}/MAIN.tmp"
"""The folder of Whoosh's temporary files, which it empties."""
_OWN_NAME = re.compile(r"manifest\.json|lexicon\.db(-journal|-wal|-shm)?|_?MAIN_.+|\.airquote-[0-9a-f]{12}\.part")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of an index folder; None if it is missing, damaged or of another format.

    Raises LibraryError as ``own_files`` does.
    """
    if folder / MANIFEST not in own_files(folder):
        return None
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        crc, _, body = text.partition("\n")
        if int(crc) != zlib.crc32(body.encode()):
            return None
        manifest: dict[str, Any] = json.loads(body)
        if manifest["format"] != FORMAT_VERSION:
            return None
        # Fails here, not in what reads a manifest, if it has another shape.
        set(manifest["transcripts"])
        int(manifest["titles"])
        if manifest.setdefault("index", "whoosh") not in get_args(IndexKind):
            return None
        for size, time, crc in manifest["files"].values():
            size + time + crc
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    return manifest


def numbered_folder(folder: Path, manifest: dict[str, Any] | None) -> Path | None:
    """Return the numbered folder of a Tantivy index by its manifest, None for one without."""
    numbered = [name.partition("/")[0] for name in (manifest or {"files": {}})["files"] if name.startswith("tantivy-")]
    return folder / numbered[0] if numbered else None


def names_crc(titles: Iterable[str], speakers: Iterable[str]) -> int:
    """Return the CRC of the titles of an index's transcripts, and of the ``speakers`` of those that were named by hand,
    both in the order of their numbers."""
    return zlib.crc32("\n".join((*titles, *speakers)).encode())


def write_manifest(
    folder: Path, kind: IndexKind, transcripts: Sequence[int], names: int, excluding: Collection[Path] = ()
) -> None:
    """Write the manifest of the files now in the folder, except ``excluding``, as the index of these transcripts.

    ``names`` is the CRC of their titles and speakers, which can change while the transcripts stay.
    The CRC of a file whose size and time are unchanged is reused.
    """
    before: dict[str, Any] = (read_manifest(folder) or {"files": {}})["files"]
    # Linked files have their names in another folder.
    known: dict[str, Any] = {Path(name).name: told for name, told in before.items()}
    files = {}
    for path in unnamed_files(folder, {"files": {}}):
        name = path.relative_to(folder).as_posix()
        if path in excluding or name.startswith(_WRITING):
            continue
        status = path.stat()
        old = known.get(path.name)
        unchanged = old is not None and old[:2] == [status.st_size, status.st_mtime_ns]
        files[name] = [status.st_size, status.st_mtime_ns, old[2] if old and unchanged else _crc(path)]
    told = {"format": FORMAT_VERSION, "index": kind, "transcripts": transcripts, "titles": names, "files": files}
    body = json.dumps(told)
    with write_atomically(folder / MANIFEST) as unfinished:
        unfinished.write_text(f"{zlib.crc32(body.encode())}\n{body}", encoding="utf-8")


def files_match(folder: Path, manifest: dict[str, Any]) -> bool:
    """Whether every file is unchanged: by size and time, by CRC only where the time differs."""
    own = _own_names(folder)
    try:
        for name, (size, time, crc) in manifest["files"].items():
            if name not in own:
                return False
            status = (folder / name).stat()
            if status.st_size != size or (status.st_mtime_ns != time and _crc(folder / name) != crc):
                return False
    except OSError:
        return False
    return True


def changed_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Return the files that are missing or changed, by reading them all."""
    own = _own_names(folder)
    return [
        name
        for name, (size, _, crc) in manifest["files"].items()
        if name not in own or (folder / name).stat().st_size != size or _crc(folder / name) != crc
    ]


def unnamed_files(folder: Path, manifest: dict[str, Any]) -> list[Path]:
    """Return the files that the manifest does not name: of another process that is writing or was killed."""
    return [
        path
        for path in own_files(folder)
        if path.relative_to(folder).as_posix() not in manifest["files"]
        and path.name != MANIFEST
        and not path.name.endswith(("LOCK", ".lock"))
    ]


def own_files(folder: Path) -> list[Path]:
    """Return the files of an index in a folder, which need not exist; the manifest is the last.

    Raises LibraryError for a link or another thing in the place of the folder, or of one of the files.
    """
    found = [*_regular_files(folder, _OWN_NAME), *_regular_files(folder / WHOOSH, _OWN_NAME)]
    found += _regular_files(folder / _WRITING, re.compile(".*"))
    for numbered in list_folders(folder):
        found += _regular_files(numbered, OWN_FILES)
    return sorted(found, key=lambda path: (path.name == MANIFEST, str(path)))


def remove_index_files(folder: Path) -> None:
    """Remove the files of an index, and then the folder if nothing else is in it. Raises as ``own_files`` does."""
    for path in reversed(own_files(folder)):  # without its manifest the rest is not an index
        path.unlink(missing_ok=True)
    for emptied in (folder / _WRITING, folder / WHOOSH, *list_folders(folder), folder):
        with suppress(OSError):  # of another process, or with files of others in it
            emptied.rmdir()


def move_index_files(source: Path, target: Path) -> None:
    """Move the files of an index to another folder, in which there are none. Raises as ``own_files`` does.

    A file in the place of that folder is set aside.
    """
    if target.is_file():
        target.rename(target.with_name(f"{target.name}-{secrets.token_hex(3)}.set-aside"))
    for path in own_files(source):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.rename(place)


def _regular_files(folder: Path, names: re.Pattern[str]) -> list[Path]:
    if folder.is_symlink():
        raise _foreign(folder)
    try:
        with os.scandir(folder) as entries:
            own = [entry for entry in entries if names.fullmatch(entry.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []  # also if it disappears meanwhile; a file in its place is set aside before the index is built
    for entry in own:
        if not entry.is_file(follow_symlinks=False):
            raise _foreign(Path(entry.path))
    return [Path(entry.path) for entry in own]


def _foreign(path: Path) -> LibraryError:
    kind = "a symbolic link" if path.is_symlink() else "a folder" if path.is_dir() else "not a regular file"
    return LibraryError(
        f"{path} is {kind}, which airquote did not make.",
        choose_other_file("Move it away, or give the library another folder."),
        where=path,
    )


def _own_names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in own_files(folder)}


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc
