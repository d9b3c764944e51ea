"""Keeps the index true to the store: brings it up to date, and rebuilds it when it is missing or damaged.

The index folder holds the Whoosh index, the lexicon and a manifest: which transcripts are in it, and the size,
time and CRC of every file. The manifest is written last. So an index that a kill left half written, that someone
changed, that belongs to another format or that is older than the store does not match, and is never trusted.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock

from audio.errors import LibraryError
from index.fulltext import FullText, IndexDamagedError, change_index
from index.lexicon import Lexicon
from index.passages import TokenRange, cut_passages
from index.store import Store
from index.tokens import tokenize_words

FORMAT_VERSION = 2
"""Changes with everything that shapes what is indexed: tokens, stems, common words, passages, fields."""

_MANIFEST = "manifest.json"
_WHOOSH = "whoosh"
_LEXICON = "lexicon.db"
_BATCH_PASSAGES = 20_000
"""Passages in one commit of a rebuild: bounds memory, at about 10 KB a passage."""

Progress = Callable[[int, int], None]
"""Told how many of how many transcripts are in."""


@dataclass(frozen=True, slots=True)
class LibraryIndex:
    """An index that is true to its store, opened for reading."""

    fulltext: FullText
    lexicon: Lexicon
    version: tuple[object, ...]
    """The state of the store and of the manifest at which it was opened."""

    def is_current(self, store: Store) -> bool:
        """Whether it is still what ``open_index`` would open, as far as nobody damages it."""
        return self.version == _version(store)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.fulltext.close()
        self.lexicon.close()


def open_index(store: Store, progress: Progress | None = None) -> LibraryIndex:
    """The store's index, brought up to date or rebuilt first if need be.

    Waits while another process writes it. Raises LibraryError if it can be neither read nor rebuilt.
    """
    folder = index_folder(store)
    if _is_current(store, folder):
        try:
            return _open(store)
        except IndexDamagedError:
            pass  # another process committed in between, or damage that sizes and times do not show
    with _locked(store):
        if not _is_current(store, folder):
            _bring_up_to_date(store, folder, progress)
        try:
            return _open(store)
        except IndexDamagedError:
            _rebuild(store, folder, progress)
            return _open(store)


def update_index(store: Store, progress: Progress | None = None) -> None:
    """Bring the index up to date with the store: adds and removes only what changed."""
    folder = index_folder(store)
    with _locked(store):
        if not _is_current(store, folder):
            _bring_up_to_date(store, folder, progress)


def rebuild_index(store: Store, progress: Progress | None = None) -> None:
    """Build the index anew from the store, beside the old one, and put it in its place."""
    with _locked(store):
        _rebuild(store, index_folder(store), progress)


def check_index(store: Store) -> list[str]:
    """What is wrong with the index, in sentences; empty if nothing is. Reads every file."""
    folder = index_folder(store)
    manifest = _read_manifest(folder)
    if manifest is None:
        return ["the index is missing, or its manifest is damaged"]
    faults = [
        f"{name} is not what was written"
        for name, (size, _, crc) in manifest["files"].items()
        if not (folder / name).is_file() or (folder / name).stat().st_size != size or _crc(folder / name) != crc
    ]
    if set(manifest["transcripts"]) != set(store.transcripts()):
        faults.append("the index is older than the library")
    return faults


def index_folder(store: Store) -> Path:
    """Where a library keeps its index."""
    return store.directory / "index"


def _open(store: Store) -> LibraryIndex:
    # Taken first: what changes while files are opened makes the index one that is not current.
    version, folder = _version(store), index_folder(store)
    with ExitStack() as opened:
        fulltext = FullText(folder / _WHOOSH)
        opened.callback(fulltext.close)
        lexicon = Lexicon(folder / _LEXICON)
        opened.pop_all()
    return LibraryIndex(fulltext, lexicon, version)


def _version(store: Store) -> tuple[object, ...]:
    try:
        status = (index_folder(store) / _MANIFEST).stat()
    except OSError:
        return ()
    return (store.version(), status.st_ino, status.st_mtime_ns)


@contextmanager
def _locked(store: Store) -> Iterator[None]:
    try:
        with FileLock(store.directory / "index.lock"):
            for leftover in _beside(index_folder(store)):
                _remove(leftover)
            yield
    except (OSError, NotImplementedError) as error:
        raise LibraryError(
            f"The index of the library {store.directory} could not be written: {error}.",
            "The words are safe in the library; make room and run: airquote reindex",
        ) from error


def _bring_up_to_date(store: Store, folder: Path, progress: Progress | None) -> None:
    manifest = _read_manifest(folder)
    if manifest is None or not _files_match(folder, manifest):
        _rebuild(store, folder, progress)
        return
    # Without the files that a killed writer left, the index is again what the manifest says.
    for leftover in _unnamed_files(folder, manifest):
        leftover.unlink(missing_ok=True)
    try:
        _change(store, folder, set(manifest["transcripts"]), progress)
    except IndexDamagedError:
        _rebuild(store, folder, progress)


def _rebuild(store: Store, folder: Path, progress: Progress | None) -> None:
    fresh, old = _beside(folder)
    try:
        fresh.mkdir()
        _change(store, fresh, set(), progress)
    except BaseException:
        _remove(fresh)
        raise
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    _remove(old)


def _beside(folder: Path) -> tuple[Path, Path]:
    """Where a rebuild builds, and where it moves the old index while it puts the new one in its place."""
    return folder.with_name("index.new"), folder.with_name("index.old")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _change(store: Store, folder: Path, present: set[int], progress: Progress | None) -> None:
    wanted = store.transcripts()
    removed = present - set(wanted)
    added = [number for number in wanted if number not in present]
    batch: list[_Text] = []
    first = True
    for text in _read_texts(store, wanted, added, progress):
        batch.append(text)
        if sum(len(text.tokens) for text in batch) > _BATCH_PASSAGES * 120:
            _commit(folder, removed if first else set(), batch)
            batch, first = [], False
    if batch or first:
        _commit(folder, removed if first else set(), batch)
    _write_manifest(folder, sorted(wanted))


@dataclass(frozen=True, slots=True)
class _Text:
    number: int
    language: str | None
    tokens: list[str]
    owners: list[int]

    def passages(self) -> Iterable[TokenRange]:
        return cut_passages(self.tokens, self.owners)


def _read_texts(store: Store, owners: dict[int, str], numbers: list[int], progress: Progress | None) -> Iterator[_Text]:
    for done, number in enumerate(numbers):
        if progress:
            progress(done, len(numbers))
        with store.snapshot():
            facts = store.facts(owners[number])
            if facts is None or facts.number != number:
                continue  # replaced or removed meanwhile: the next look at the store will tell
            texts = store.texts(number, 0, facts.words - 1)
        yield _Text(number, facts.language, *tokenize_words(texts))
    if progress:
        progress(len(numbers), len(numbers))


def _commit(folder: Path, removed: set[int], batch: list[_Text]) -> None:
    change_index(folder / _WHOOSH, removed, ((text.number, text.language, text.passages()) for text in batch))
    lexicon = Lexicon(folder / _LEXICON, writable=True)
    try:
        lexicon.change(removed, ((text.number, text.language, text.tokens) for text in batch))
    finally:
        lexicon.close()


def _is_current(store: Store, folder: Path) -> bool:
    manifest = _read_manifest(folder)
    return (
        manifest is not None
        and set(manifest["transcripts"]) == set(store.transcripts())
        and _files_match(folder, manifest)
        and not _unnamed_files(folder, manifest)
    )


def _files_match(folder: Path, manifest: dict[str, Any]) -> bool:
    """Whether every file is as it was written."""
    try:
        for name, (size, time, crc) in manifest["files"].items():
            status = (folder / name).stat()
            if status.st_size != size or (status.st_mtime_ns != time and _crc(folder / name) != crc):
                return False
    except OSError:
        return False
    return True


def _unnamed_files(folder: Path, manifest: dict[str, Any]) -> list[Path]:
    """Files that the manifest does not name: another process writes them now, or was killed while it did."""
    # os.walk, unlike Path.rglob, does not mind a folder that goes while it looks.
    found = [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
    return [
        path
        for path in found
        if path.relative_to(folder).as_posix() not in manifest["files"]
        and path.name != _MANIFEST
        and not path.name.endswith("LOCK")
    ]


def _read_manifest(folder: Path) -> dict[str, Any] | None:
    try:
        text = (folder / _MANIFEST).read_text(encoding="utf-8")
        crc, _, body = text.partition("\n")
        if int(crc) != zlib.crc32(body.encode()):
            return None
        manifest: dict[str, Any] = json.loads(body)
    except (OSError, ValueError):
        return None
    return manifest if manifest["format"] == FORMAT_VERSION else None


def _write_manifest(folder: Path, transcripts: list[int]) -> None:
    known = (_read_manifest(folder) or {"files": {}})["files"]
    files = {}
    for path in sorted([*(folder / _WHOOSH).iterdir(), folder / _LEXICON]):
        name = path.relative_to(folder).as_posix()
        if path.name.endswith("LOCK"):
            continue
        status = path.stat()
        old = known.get(name)
        unchanged = old is not None and old[:2] == [status.st_size, status.st_mtime_ns]
        files[name] = [status.st_size, status.st_mtime_ns, old[2] if unchanged else _crc(path)]
    body = json.dumps({"format": FORMAT_VERSION, "transcripts": transcripts, "files": files})
    target = folder / _MANIFEST
    partial = target.with_suffix(".new")
    partial.write_text(f"{zlib.crc32(body.encode())}\n{body}", encoding="utf-8")
    partial.replace(target)


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc
