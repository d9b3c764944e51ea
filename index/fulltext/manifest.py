"""The manifest of an index folder: its transcripts, and the size, modification time and CRC of every file.

It is written last. So an index that was left incomplete by a kill, modified, written in another format or is older
than the store does not match, and is never used.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from audio.atomic_write import write_atomically

FORMAT_VERSION = 5
"""Increased with every change of what is indexed (tokens, stems, common words, passages, fields) and of how it is
written (index/fulltext/whoosh_codec.py)."""
MANIFEST = "manifest.json"
WHOOSH = "whoosh"
LEXICON = "lexicon.db"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of an index folder; None if it is missing, damaged or of another format."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        crc, _, body = text.partition("\n")
        if int(crc) != zlib.crc32(body.encode()):
            return None
        manifest: dict[str, Any] = json.loads(body)
    except (OSError, ValueError):
        return None
    return manifest if manifest["format"] == FORMAT_VERSION else None


def titles_crc(titles: Iterable[str]) -> int:
    """Return the CRC of the titles of an index's transcripts, in the order of their numbers."""
    return zlib.crc32("\n".join(titles).encode())


def write_manifest(folder: Path, transcripts: Sequence[int], titles: int, excluding: Collection[Path] = ()) -> None:
    """Write the manifest of the files now in the folder, except ``excluding``, as the index of these transcripts.

    ``titles`` is the CRC of their titles, which can change while the transcripts stay.
    The CRC of a file whose size and time are unchanged is reused.
    """
    known = (read_manifest(folder) or {"files": {}})["files"]
    files = {}
    for path in sorted([*(folder / WHOOSH).iterdir(), folder / LEXICON]):
        name = path.relative_to(folder).as_posix()
        if path.name.endswith("LOCK") or path in excluding or path.is_dir():
            continue
        status = path.stat()
        old = known.get(name)
        unchanged = old is not None and old[:2] == [status.st_size, status.st_mtime_ns]
        files[name] = [status.st_size, status.st_mtime_ns, old[2] if unchanged else _crc(path)]
    body = json.dumps({"format": FORMAT_VERSION, "transcripts": transcripts, "titles": titles, "files": files})
    with write_atomically(folder / MANIFEST) as unfinished:
        unfinished.write_text(f"{zlib.crc32(body.encode())}\n{body}", encoding="utf-8")


def files_match(folder: Path, manifest: dict[str, Any]) -> bool:
    """Whether every file is unchanged: by size and time, by CRC only where the time differs."""
    try:
        for name, (size, time, crc) in manifest["files"].items():
            status = (folder / name).stat()
            if status.st_size != size or (status.st_mtime_ns != time and _crc(folder / name) != crc):
                return False
    except OSError:
        return False
    return True


def changed_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Return the files that are missing or changed, by reading them all."""
    return [
        name
        for name, (size, _, crc) in manifest["files"].items()
        if not (folder / name).is_file() or (folder / name).stat().st_size != size or _crc(folder / name) != crc
    ]


def unnamed_files(folder: Path, manifest: dict[str, Any]) -> list[Path]:
    """Return the files that the manifest does not name: of another process that is writing or was killed."""
    # os.walk, unlike Path.rglob, tolerates a folder that disappears meanwhile.
    found = [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
    return [
        path
        for path in found
        if path.relative_to(folder).as_posix() not in manifest["files"]
        and path.name != MANIFEST
        and not path.name.endswith("LOCK")
    ]


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc
