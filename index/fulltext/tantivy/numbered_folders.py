"""The numbered folders of a Tantivy index.

Tantivy changes the list of its segments in place and removes the files of merged ones. So every change is made in a
folder of its own, whose files are those of the one before, linked; the manifest (index/fulltext/manifest.py) names the
one that counts, and a writer that is killed leaves it as it was.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path

NUMBERED = re.compile(r"tantivy-(\d{1,12})")
OWN_FILES = re.compile(
    r"meta\.json|\.managed\.json|passages\.bin|common-\d{1,6}\.bin|[0-9a-f]{32}\.[\w.]+|\.tmp\w+|\.tantivy-\w+\.lock"
    r"|\.airquote-[0-9a-f]{12}\.part"
)
"""The names of the files in a numbered folder: Tantivy's, and those of airquote."""


def list_folders(index: Path) -> list[Path]:
    """Return the numbered folders of a library's index, the newest last."""
    try:
        numbered = {int(found[1]): path for path in index.iterdir() if (found := NUMBERED.fullmatch(path.name))}
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [numbered[number] for number in sorted(numbered)]


def next_folder(index: Path, current: Path | None) -> Path:
    """Make a folder for a change of an index, with the files of the ``current`` one; where links fail, with copies."""
    made = list_folders(index)
    number = int(made[-1].name.partition("-")[2]) + 1 if made else 1
    folder = index / f"tantivy-{number}"
    folder.mkdir(parents=True)
    for file in sorted(current.iterdir()) if current else ():
        if OWN_FILES.fullmatch(file.name) and not file.name.endswith(".lock"):
            _link(file, folder / file.name)
    return folder


def _link(file: Path, link: Path) -> None:
    try:
        link.hardlink_to(file)
    except (OSError, NotImplementedError):
        shutil.copy2(file, link)


def remove_others(index: Path, current: Path | None) -> None:
    """Remove the files in all numbered folders but the ``current`` one, and the folders if nothing else is in them."""
    for folder in list_folders(index):
        if folder != current:
            for file in folder.iterdir():
                if OWN_FILES.fullmatch(file.name) and file.is_file() and not file.is_symlink():
                    file.unlink(missing_ok=True)
            with suppress(OSError):
                folder.rmdir()
