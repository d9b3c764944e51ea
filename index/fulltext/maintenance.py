"""Index maintenance: keep the index consistent with the store, rebuild it if missing or damaged, open it.

The index folder holds the full-text index, of Whoosh or of Tantivy (index/fulltext/index_kinds.py), the lexicon and a
manifest (index/fulltext/manifest.py). An index that does not match its manifest and the store is updated or rebuilt
before it is used.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from filelock import FileLock

from index.errors import IndexDamagedError, LibraryError
from index.fulltext.index_kinds import (
    FullTextWriter,
    IndexReport,
    Reason,
    choose_kind,
    is_installed,
    open_fulltext,
    transcripts_beside_removed,
)
from index.fulltext.lexicon import CountedWords, Lexicon, count_words
from index.fulltext.manifest import (
    LEXICON,
    MANIFEST,
    changed_files,
    files_match,
    move_index_files,
    names_crc,
    numbered_folder,
    read_manifest,
    remove_index_files,
    unnamed_files,
    write_manifest,
)
from index.fulltext.passages import CutPassage
from index.fulltext.reader import FullText
from index.fulltext.tantivy.numbered_folders import remove_others
from index.fulltext.text_batches import IndexedText, batch_texts, read_texts
from index.fulltext.token_cache import TokenCache
from index.storage.files.access import explain_unwritten_index
from index.storage.library_defaults import IndexKind
from index.storage.store import Store

Progress = Callable[[int, int], None]
"""Called with the number of transcripts indexed so far, and of those to index."""


T = TypeVar("T")

_log = logging.getLogger("airquote.index")


@dataclass(frozen=True, slots=True, eq=False)
class OpenIndex:
    """A library's index, consistent with its store and open for reading. Search and verification use it."""

    store: Store
    fulltext: FullText
    lexicon: Lexicon
    cache: TokenCache
    version: tuple[object, ...]
    """The state of the store and of the manifest when it was opened."""

    def is_current(self) -> bool:
        """Whether the store and the manifest are unchanged since it was opened; damage to files is not checked."""
        return self.version == _version(self.store)

    def is_covered(self) -> bool:
        """Whether the store still has all words of the index; it may have others since it was opened."""
        try:
            self.fulltext.check_passages(self.store.word_counts())
        except IndexDamagedError:
            return False
        return True

    def close(self) -> None:
        """Close the index files; the store stays open."""
        self.fulltext.close()
        self.lexicon.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.close()


class IndexSession:
    """A library's index for many requests: opened at the first, reopened whenever the store has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cache = TokenCache(store)
        self._opened: OpenIndex | None = None

    def ask(self, question: Callable[[OpenIndex], T], progress: Progress | None = None) -> T:
        """Call ``question`` with the open index; if the index proves damaged, rebuild it and call once more.

        The question reads index and store as of one moment, whatever other processes write meanwhile. Raises
        LibraryError if the index can be neither read nor rebuilt.
        """
        try:
            return self._answer(question, progress)
        except IndexDamagedError as error:
            _log.warning("index found damaged on reading, rebuilding: %s", error)
            self.close()
            rebuild_index(self._store, progress)
            return self._answer(question, progress)

    def _answer(self, question: Callable[[OpenIndex], T], progress: Progress | None) -> T:
        while True:
            opened = self._current(progress)
            with self._store.snapshot():
                # While episodes are added one after the other, the index is never current for long.
                if opened.is_current() or opened.is_covered():
                    return question(opened)
            self.close()

    def close(self) -> None:
        """Close the index, if it is open; the next request reopens it."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _current(self, progress: Progress | None) -> OpenIndex:
        if self._opened is None or not self._opened.is_current():
            self.close()
            self._opened = open_index(self._store, progress, self._cache)
        return self._opened


def open_index(store: Store, progress: Progress | None = None, cache: TokenCache | None = None) -> OpenIndex:
    """Open the store's index, updated or rebuilt first if needed; ``cache`` is a token cache to reuse.

    Waits while another process writes to it. Where it cannot be written, one that has earlier names alone is opened as
    it is. Raises LibraryError if it can be neither read nor rebuilt.
    """
    folder, cache = index_folder(store), cache or TokenCache(store)
    if _is_up_to_date(store, folder):
        try:
            return _open(store, cache)
        except IndexDamagedError:
            pass  # a concurrent commit, or damage that sizes and times do not show
    try:
        return _open_written(store, folder, cache, progress)
    except LibraryError as error:
        if not _is_up_to_date(store, folder, with_names=False):
            raise
        _log.warning("conditions on titles and speakers use earlier ones: %s", error)
        return _open(store, cache)


def _open_written(store: Store, folder: Path, cache: TokenCache, progress: Progress | None) -> OpenIndex:
    with locked_index(store):
        if not _is_up_to_date(store, folder):
            _bring_up_to_date(store, folder, progress)
        try:
            return _open(store, cache)
        except IndexDamagedError:
            _rebuild(store, folder, progress)
            return _open(store, cache)


def update_index(store: Store, progress: Progress | None = None) -> None:
    """Bring the index up to date with the store, adding and removing only what changed.

    With an IndexReport as ``progress`` an index that has become too large for its kind is rebuilt.
    """
    folder = index_folder(store)
    with locked_index(store):
        if not _is_up_to_date(store, folder):
            _bring_up_to_date(store, folder, progress)
        if isinstance(progress, IndexReport) and choose_kind(store, present := present_kind(folder)) != present:
            _rebuild(store, folder, progress)


def replace_outgrown_index(store: Store, progress: IndexReport) -> None:
    """Rebuild the index with the other kind if the library has become too large for that of its present one."""
    present = present_kind(index_folder(store))
    if present is not None and choose_kind(store, present) != present:
        update_index(store, progress)


def rebuild_index(store: Store, progress: Progress | None = None, kind: IndexKind | None = None) -> None:
    """Rebuild the index from the store in a new folder, then replace the files of the old one.

    ``kind`` is stored as the one that the library is to have. It must be installed.
    """
    with locked_index(store):
        if kind is not None:
            store.save_index_kind(kind)
        _rebuild(store, index_folder(store), progress)


def rewrite_removed(store: Store) -> None:
    """Erase removed passages from the files of a Tantivy index: what is left of their segments is indexed again."""
    folder = index_folder(store)
    with locked_index(store):
        if not _is_up_to_date(store, folder, with_names=False):
            return  # the next search rebuilds it
        manifest = read_manifest(folder)
        rewritten = transcripts_beside_removed(folder)
        if manifest is None or rewritten is None:
            return
        _log.info("%s: %d transcripts to index again beside removed ones", folder, len(rewritten))
        writer = FullTextWriter(folder, manifest["index"], numbered_folder(folder, manifest))
        owners = store.transcripts()
        for batch in batch_texts(read_texts(store, {number: owners[number] for number in rewritten})):
            texts = list(batch)
            writer.change({text.number for text in texts}, _passages_of(texts))
        writer.erase()
        write_manifest(
            folder, manifest["index"], manifest["transcripts"], manifest["titles"], excluding=writer.superseded()
        )
        writer.clear()


def check_index(store: Store) -> list[str]:
    """Return what is wrong with the index, one message each; reads every file."""
    folder = index_folder(store)
    try:
        manifest = read_manifest(folder)
    except LibraryError as error:
        return [str(error)]
    if manifest is None:
        return ["the index is missing or of an earlier version, or its manifest is damaged"]
    faults = [f"{name} does not match its checksum" for name in changed_files(folder, manifest)]
    if not _names_transcripts(manifest, store):
        faults.append("the index is older than the library")
    return faults


def index_folder(store: Store) -> Path:
    """Return the folder of a library's index."""
    return store.directory / "index"


def _open(store: Store, cache: TokenCache) -> OpenIndex:
    # Read first, so that a change while the files are opened makes the index not current.
    version, folder = _version(store), index_folder(store)
    with ExitStack() as opened:
        fulltext = open_fulltext(folder)
        opened.callback(fulltext.close)
        fulltext.check_passages(store.word_counts())
        lexicon = Lexicon(folder / LEXICON)
        opened.pop_all()
    return OpenIndex(store, fulltext, lexicon, cache, version)


def _version(store: Store) -> tuple[object, ...]:
    try:
        status = (index_folder(store) / MANIFEST).stat()
    except OSError:
        return ()
    return (store.version(), status.st_ino, status.st_mtime_ns)


@contextmanager
def locked_index(store: Store) -> Iterator[None]:
    """Hold the index's write lock, waiting for it; I/O errors, also of the body, become LibraryError."""
    try:
        with FileLock(store.directory / "index.lock"):
            remove_index_files(_rebuild_folder(store))  # left by a killed rebuild
            remove_index_files(index_folder(store).with_name("index.old"))  # and by one of an older version
            yield
    except (OSError, NotImplementedError) as error:
        raise explain_unwritten_index(store.directory, error) from error


def present_kind(folder: Path) -> IndexKind | None:
    """Return the kind of the index in a folder, None if there is none."""
    manifest = read_manifest(folder)
    return manifest["index"] if manifest else None


def _bring_up_to_date(store: Store, folder: Path, progress: Progress | None) -> None:
    manifest = read_manifest(folder)
    if manifest is None or not is_installed(manifest["index"]) or not files_match(folder, manifest):
        _rebuild(store, folder, progress)
        return
    # Without the files that a killed writer left, the index matches its manifest again.
    for leftover in unnamed_files(folder, manifest):
        leftover.unlink(missing_ok=True)
    remove_others(folder, numbered_folder(folder, manifest))
    try:
        _change(store, folder, manifest["index"], set(manifest["transcripts"]), progress)
    except IndexDamagedError as error:
        _log.warning("index found damaged on writing: %s", error)
        _rebuild(store, folder, progress)


def _rebuild(store: Store, folder: Path, progress: Progress | None) -> None:
    present, asked = present_kind(folder), store.index_kind()
    kind = choose_kind(store, present)
    _log.info("rebuilding %s with %s", folder, kind)
    if present == "tantivy" and not is_installed(present):
        if asked is None:
            store.save_index_kind(kind)  # or it changed with every machine that uses the library
        _report_replaced(progress, kind, "not installed")
    elif present is not None and kind != present and asked is None:
        _report_replaced(progress, kind, "large")
    fresh = _rebuild_folder(store)
    try:
        fresh.mkdir(exist_ok=True)
        _change(store, fresh, kind, set(), progress)
    except BaseException:
        remove_index_files(fresh)
        raise
    remove_index_files(folder)
    move_index_files(fresh, folder)
    remove_index_files(fresh)


def _report_replaced(progress: Progress | None, kind: IndexKind, reason: Reason) -> None:
    _log.warning("the index becomes one of %s: %s", kind, reason)
    if isinstance(progress, IndexReport):
        progress.replaced(kind, reason)


def _rebuild_folder(store: Store) -> Path:
    """Return the folder in which an index is built, before its files replace those of the old one."""
    return store.directory / "index.new"


def _change(store: Store, folder: Path, kind: IndexKind, present: set[int], progress: Progress | None) -> None:
    with store.snapshot():
        wanted, titles, edited = store.transcripts(), store.titles(), store.edited_speakers()
    removed = present - wanted.keys()
    added = {number: episode for number, episode in wanted.items() if number not in present}
    del wanted, present
    _log.info("%s: %d transcripts to add, %d to remove", folder, len(added), len(removed))
    report_one = _progress_counter(len(added), progress)
    writer = FullTextWriter(folder, kind, numbered_folder(folder, read_manifest(folder)))
    for batch in batch_texts(read_texts(store, added)):
        _commit(writer, folder / LEXICON, removed, batch, report_one)
        removed = set()
    if removed or not (folder / LEXICON).exists():
        _commit(writer, folder / LEXICON, removed, [], report_one)
    with closing(Lexicon(folder / LEXICON, writable=True)) as lexicon:
        lexicon.change_names(titles, store.speakers, edited)
    names = names_crc(titles.values(), edited.values())
    write_manifest(folder, kind, list(titles), names, excluding=writer.superseded())
    writer.clear()


def _progress_counter(total: int, progress: Progress | None) -> Callable[[], None]:
    """Return a function to call for each transcript that is indexed."""
    done = 0

    def report_one() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    if progress and total:
        progress(0, total)
    return report_one


def _passages_of(
    batch: Iterable[IndexedText], report_one: Callable[[], None] = lambda: None
) -> Iterator[tuple[int, str | None, Iterable[CutPassage]]]:
    for text in batch:
        yield text.number, text.language, text.passages()
        report_one()  # resumed when the writer asks for the next: this one is written


def _commit(
    writer: FullTextWriter, words: Path, removed: set[int], batch: Iterable[IndexedText], report_one: Callable[[], None]
) -> None:
    counted: list[CountedWords] = []

    def count() -> Iterator[IndexedText]:
        for text in batch:
            counted.append(count_words(text.number, text.language, text.tokens))
            yield text

    writer.change(removed, _passages_of(count(), report_one))
    with closing(Lexicon(words, writable=True)) as lexicon:
        lexicon.change(removed, counted)


def _is_up_to_date(store: Store, folder: Path, *, with_names: bool = True) -> bool:
    manifest = read_manifest(folder)
    return (
        manifest is not None
        and is_installed(manifest["index"])
        and _names_transcripts(manifest, store, with_names)
        and files_match(folder, manifest)
        and not unnamed_files(folder, manifest)
    )


def _names_transcripts(manifest: dict[str, Any], store: Store, with_names: bool = True) -> bool:
    """Whether a manifest names the store's transcripts, by default with their present titles and speakers."""
    titles = store.titles()
    same_names = not with_names or manifest["titles"] == names_crc(titles.values(), store.edited_speakers().values())
    return bool(manifest["transcripts"] == list(titles) and same_names)
