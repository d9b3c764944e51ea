"""The SHA-256 of weights: computed once, and again when a file has changed; checks of weights against known ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock

from audio.atomic_write import write_atomically
from audio.errors import WayOut, reinstall
from audio.regular_file import open_regular_file
from pipeline.errors import ModelError
from pipeline.models.catalogue import Carrier


def record_path() -> Path:
    """The file that remembers checksums; it may be deleted."""
    return platformdirs.user_cache_path("airquote") / "checksums.json"


def check_carried(carrier: Carrier, folders: Sequence[Path]) -> None:
    """Check every file of a model in the folders of its packages, in the order of ``modules``.

    Raises ModelError for a file that is missing, that differs from the known one, or that is not of the model.
    """
    missing = set(carrier.files)
    for module, folder in zip(carrier.modules, folders, strict=True):
        way_out = reinstall(carrier.requirement(module))
        for path in sorted(folder.iterdir()):
            expected = carrier.files.get(path.name)
            if expected is None:
                raise ModelError(f"{path} is not a file of the weights of {carrier.model}.", way_out, where=path)
            check_file(path, expected, carrier.model, way_out)
            missing.discard(path.name)
    if missing:
        raise ModelError(
            f"The weights in {folders[0]} are incomplete: {', '.join(sorted(missing))} missing.",
            reinstall(carrier.requirement(carrier.modules[0])),
            where=folders[0],
        )


def check_file(path: Path, sha256: str, model: str, way_out: WayOut) -> None:
    """Check that a file of the weights of ``model`` is the known one. Raises ModelError otherwise."""
    try:
        found = hash_file_once(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.", way_out, where=path) from error
    if found != sha256:
        raise ModelError(
            f"{path} is not the file that the weights of {model} consist of: its SHA-256 is {found}"
            f" instead of {sha256}.",
            way_out,
            where=path,
        )


def has_files(folder: Path, files: dict[str, str]) -> bool:
    """Whether a folder has these files with their SHA-256."""
    try:
        return all(hash_file_once(folder / name) == sha256 for name, sha256 in files.items())
    except OSError:
        return False


def hash_file_once(path: Path) -> str:
    """Return the SHA-256 of a file, which is remembered until the file changes. Raises OSError."""
    status = path.stat()
    # The time of the last change of the inode cannot be set, unlike that of the contents.
    state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    key = str(path.absolute())
    remembered = _read_record()["hashes"].get(key)
    if isinstance(remembered, list) and remembered[:-1] == state:
        return str(remembered[-1])
    sha256 = _hash_file(path)
    _remember("hashes", key, [*state, sha256])
    return sha256


def remember_made(path: Path) -> None:
    """Remember the SHA-256 of a file that airquote has made."""
    _remember("made", str(path.absolute()), hash_file_once(path))


def is_as_made(path: Path) -> bool:
    """Whether a file is one that airquote has made, unchanged."""
    try:
        return _read_record()["made"].get(str(path.absolute())) == hash_file_once(path)
    except OSError:
        return False


def _hash_file(path: Path) -> str:
    with open_regular_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_record() -> dict[str, dict[str, Any]]:
    try:
        saved = json.loads(record_path().read_text(encoding="utf-8"))
        return {part: dict(saved[part]) for part in ("hashes", "made")}
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return {"hashes": {}, "made": {}}


def _remember(part: str, key: str, value: object) -> None:
    path = record_path()
    # NotImplementedError: a file system without locks. If it is not saved, it is computed again the next time.
    with suppress(OSError, NotImplementedError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):  # no process forgets what another one added meanwhile
            record = _read_record()
            record[part][key] = value
            with write_atomically(path) as unfinished:
                unfinished.write_text(json.dumps(record), encoding="utf-8")
