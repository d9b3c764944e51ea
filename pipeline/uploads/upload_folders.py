"""The folders of a library that hold what was handed in: one for each file, named by chance, never by a request.

They lie where downloaded sound lies, so that ``remove`` takes a recording with its episode. While a file comes in it
is called ``.part``; what a broken transfer left is dropped later.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Container, Iterator
from contextlib import suppress
from pathlib import Path

from audio.atomic_write import raise_output_error
from audio.errors import OutputError, TooLargeError, UsageError, correct_input, make_room
from pipeline.batch.downloaded_sound import MEDIA_FOLDER, is_downloaded

_PART = ".part"
_ID = re.compile(r"upload-[0-9a-f]{16}")
_ROOM_LEFT = 256 << 20
"""Bytes that an upload leaves free on the disk, as a download does."""
_LONGEST_UNUSED = 24 * 3600.0
"""Seconds for which a folder is kept that nothing names: it may be coming in, or about to become a job."""


def begin_upload(library: Path, size: int, most: int) -> Path:
    """Return a new, empty file for an upload of ``size`` bytes.

    Raises TooLargeError for more than ``most`` bytes, OutputError if the disk has no room for it or cannot be written.
    """
    if size > most:
        raise TooLargeError(
            f"The file has {size / 2**30:.1f} GB; at most {most / 2**30:.1f} GB are taken.",
            correct_input("Compress it, or raise the setting upload_gigabytes."),
        )
    media = library / MEDIA_FOLDER
    with raise_output_error(media):
        media.mkdir(parents=True, exist_ok=True)
        if (free := shutil.disk_usage(media).free) < size + _ROOM_LEFT:
            raise OutputError(
                f"There is no room for the file: {size / 2**20:.0f} MB of {free / 2**20:.0f} MB that are free.",
                make_room(f"Make room on the disk: {_ROOM_LEFT / 2**20:.0f} MB are to be left free."),
                where=media,
            )
        while True:
            folder = media / f"upload-{secrets.token_hex(8)}"
            folder.mkdir()
            with suppress(FileNotFoundError):  # an update of shows removes folders that are empty
                (folder / _PART).touch()
                return folder / _PART


def find_upload(library: Path, upload: str) -> Path:
    """Return the file of an upload by its id. Raises UsageError if there is none."""
    folder = library / MEDIA_FOLDER / upload
    if _ID.fullmatch(upload) and folder.is_dir() and is_downloaded(str(folder), library):
        for file in folder.iterdir():
            if file.name != _PART and is_downloaded(str(file), library):
                return file
    raise UsageError(f"There is no upload {upload}.", correct_input("Hand the file in again."), where=upload)


def drop_upload(library: Path, upload: str) -> None:
    """Remove the folder of an upload with all that is in it, if there is one."""
    folder = library / MEDIA_FOLDER / upload
    if _ID.fullmatch(upload) and folder.is_dir() and not folder.is_symlink():
        with suppress(OSError):  # what cannot be removed must not stop what goes on
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()


def unused_uploads(library: Path, used: Container[str]) -> Iterator[str]:
    """Yield the uploads that are none of those ``used``, and have been there for a day."""
    media = library / MEDIA_FOLDER
    if media.is_dir() and not media.is_symlink():
        for folder in media.iterdir():
            if _ID.fullmatch(folder.name) and folder.name not in used and _age(folder) > _LONGEST_UNUSED:
                yield folder.name


def upload_of(library: Path, media: str | None) -> str | None:
    """Return the id of the upload that a recording came by, None if it is no upload."""
    if media is None or not is_downloaded(media, library):
        return None
    name = Path(os.path.realpath(media)).parent.name
    return name if _ID.fullmatch(name) else None


def _age(folder: Path) -> float:
    """The seconds since something in a folder was written."""
    with suppress(OSError):
        return time.time() - max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
    return 0.0
