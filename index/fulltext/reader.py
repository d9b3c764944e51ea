"""The Whoosh index: passages in, candidates out. No other module imports whoosh.

A candidate is a passage that may answer a query; index/search/searcher.py decides on its words. For that the index
needs no positions: ``stems`` holds a passage's stemmed words, ``grams`` its word pairs of which one is very common, and
an exact phrase becomes an AND of both.

Postings are read into arrays, kept, and queries are answered on these: Whoosh's own collectors rank passage by passage
in Python.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Frequency
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader, TermNotFound

from audio.errors import LibraryError
from index.fulltext.candidates import Candidates, Meaning
from index.fulltext.merge_policy import Segment, joined_by_commit
from index.fulltext.passages import OVERLAP_TOKENS, PASSAGE_TOKENS, TokenRange
from index.language.common_words import common_grams, phrase_terms
from index.language.tokens import stem_token
from index.matches import Matches, match_all, match_any
from index.query.tree import AllOf, AnyOf, Near, Phrase, Query, Term, Within, condition_of, is_condition

_SATURATION, _LENGTH_WEIGHT = 1.2, 0.75
"""k1 and b of BM25 (Robertson and Zaragoza 2009), at the values that are usual."""
_KEPT_POSTINGS = 4_000_000
"""Postings kept in memory between searches, at 12 bytes each."""
_WRITER_MEGABYTES = 128
"""Memory for postings that are being written, after which they are sorted on disk."""
_NAME = "MAIN"
"""What Whoosh's files are named by."""


class IndexDamagedError(LibraryError):
    """The index cannot be read. It is derived: whoever sees this rebuilds it."""


Field = Literal["stems", "grams"]
"""What a passage is indexed by: its stemmed words, and its pairs with a very common word."""


class _ArrayColumn(NumericColumn):  # type: ignore[misc]
    """A column of numbers that is read in one piece. Whoosh's own makes a Python object of each."""

    class Reader(NumericColumn.Reader):  # type: ignore[misc]
        """What Whoosh asks for when it opens the column."""

        def load(self) -> NDArray[Any]:
            """All numbers: shape (documents,). Documents at the end that have the default were not written."""
            numbers = np.full(self._doccount, self._default, dtype=self._typecode)
            written = self._dbfile.get(self._basepos, self._count * self._fixedlen)
            numbers[: self._count] = np.frombuffer(written, dtype=f">{self._typecode}")
            return numbers


class _Storage(FileStorage):  # type: ignore[misc]
    """A folder whose files, once opened, are closed at its end: Whoosh leaves open what it fails to read."""

    def __init__(self, folder: Path) -> None:
        # Mapped into memory, Whoosh would copy every file whole: 240 MB more for 30,000 passages.
        super().__init__(str(folder), supports_mmap=False)
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        """See FileStorage."""
        self._opened.append(super().open_file(name, **options))
        return self._opened[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self._opened:
            opened.file.close()


_COLUMNS = {"transcript": "q", "first": "i", "last": "i", "tokens": "i"}
"""What is known of each passage: the columns' names and types."""


@dataclass(frozen=True, slots=True)
class _Postings:
    """The passages that hold a term, and how often: int64 and float32, (passages,)."""

    passages: NDArray[np.int64]
    counts: NDArray[np.float32]


class FullText:
    """A Whoosh index in a folder of its own, opened for reading."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[tuple[str, str], _Postings] = OrderedDict()
        self._kept_size = 0
        with _damage_noticed(folder), ExitStack() as opened:
            self._storage = opened.enter_context(_Storage(folder))
            self._reader = FileIndex(self._storage).reader()
            self._leaves = list(self._reader.leaf_readers())
            self._columns = {name: self._read_column(name, kind) for name, kind in _COLUMNS.items()}
            opened.pop_all()
        lengths = self._columns["tokens"] / PASSAGE_TOKENS
        self._norms = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * lengths)

    def close(self) -> None:
        """Close the index's files."""
        self._storage.__exit__()

    def propose(self, query: Query, meaning: Meaning) -> Candidates:
        """See CandidateIndex. Raises IndexDamagedError."""
        with _damage_noticed(self._folder):
            matches = self._match(query, meaning)
        passages = np.flatnonzero(matches.held)
        return Candidates(
            self._columns["transcript"][passages],
            self._columns["first"][passages],
            self._columns["last"][passages],
            matches.scores[passages],
        )

    def passages(self) -> int:
        """How many passages the index holds."""
        count: int = self._reader.doc_count()
        return count

    def numbers(self) -> int:
        """Every passage's number is below this."""
        return len(self._norms)

    def frequency(self, field: Field, key: str) -> int:
        """In how many passages a stem or a gram stands. Raises IndexDamagedError."""
        with _damage_noticed(self._folder):
            count: int = self._reader.doc_frequency(field, key)
            return count

    def postings(self, field: Field, key: str) -> NDArray[np.int64]:
        """The numbers of the passages that hold a stem or a gram, (passages,). Raises IndexDamagedError."""
        with _damage_noticed(self._folder):
            return self._postings(field, key).passages

    def passage(self, number: int) -> tuple[int, int, int]:
        """The transcript, the first and the last word of the passage of this number."""
        transcript, first, last = (int(self._columns[name][number]) for name in ("transcript", "first", "last"))
        return transcript, first, last

    def inside(self, transcripts: Collection[int]) -> NDArray[np.bool_]:
        """Which passages are of these transcripts, (all passages,)."""
        return np.isin(self._columns["transcript"], np.fromiter(transcripts, dtype=np.int64, count=len(transcripts)))

    def _match(self, query: Query, meaning: Meaning) -> Matches:
        match query:
            case AllOf(children):
                # What is excluded is decided on the words: a phrase's proposal holds more than the phrase.
                matches = match_all(
                    (self._match(child, meaning) for child in children if not is_condition(child)), self.numbers()
                )
                condition = condition_of(query)
                inside = self.inside(meaning.transcripts(condition)) if condition else True
                return Matches(matches.held & inside, matches.scores)
            case AnyOf(children):
                return match_any((self._match(child, meaning) for child in children), self.numbers())
            case Near(children):
                owners = self._columns["transcript"]
                shared: list[set[int]] = []

                def match_each() -> Iterator[Matches]:
                    for child in children:
                        matches = self._match(child, meaning)
                        shared.append(set(np.unique(owners[matches.held]).tolist()))
                        yield matches

                either = match_any(match_each(), self.numbers())
                inside = self.inside(set.intersection(*shared))
                return Matches(either.held & inside, either.scores)
            case _:
                leaves = (self._match_leaf(query, language, meaning) for language in meaning.languages)
                return match_any(leaves, self.numbers())

    def _match_leaf(self, leaf: Query, language: str | None, meaning: Meaning) -> Matches:
        match leaf:
            case Phrase(tokens):
                matches = self._all_terms(*phrase_terms(tokens[:OVERLAP_TOKENS], language))
            case Within(tokens):
                matches = self._all_terms([], sorted({stem_token(token, language) for token in tokens}))
            case Term(token):
                matches = self._score([("stems", stem_token(token, language))])
            case _:
                words = meaning.words(leaf, language)  # type: ignore[arg-type]
                matches = self._score([("stems", stem) for stem in sorted({stem_token(w, language) for w in words})])
        if len(meaning.languages) > 1:
            inside = np.zeros(len(matches.held), dtype=bool)
            inside[self._postings("language", language or "none").passages] = True
            return Matches(matches.held & inside, matches.scores * inside)
        return matches

    def _all_terms(self, grams: Sequence[str], stems: Sequence[str]) -> Matches:
        terms = [*(("grams", gram) for gram in grams), *(("stems", stem) for stem in stems)]
        return match_all((self._score([term]) for term in terms), self.numbers())

    def _score(self, terms: Iterable[tuple[str, str]]) -> Matches:
        """BM25 of several terms as if they were one."""
        counts = np.zeros(len(self._norms))
        for field, text in terms:
            postings = self._postings(field, text)
            counts[postings.passages] += postings.counts
        held = counts > 0
        frequency = np.count_nonzero(held)
        # The form of the inverse frequency that is never negative, as Lucene has it.
        rarity = np.log1p((self.passages() - frequency + 0.5) / (frequency + 0.5))
        return Matches(held, rarity * counts * (_SATURATION + 1) / (counts + self._norms))

    def _postings(self, field: str, text: str) -> _Postings:
        key = (field, text)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        passages: list[int] = []
        counts: list[float] = []
        for leaf, offset in self._leaves:
            with suppress(TermNotFound):
                matcher = leaf.postings(field, text)
                while matcher.is_active():
                    passages.append(offset + matcher.id())
                    counts.append(matcher.weight())
                    matcher.next()
        postings = _Postings(np.array(passages, np.int64), np.array(counts, np.float32))
        self._kept[key] = postings
        self._kept_size += len(postings.counts)
        while self._kept_size > _KEPT_POSTINGS and len(self._kept) > 1:
            self._kept_size -= len(self._kept.popitem(last=False)[1].counts)
        return postings

    def _read_column(self, name: str, kind: str) -> NDArray[Any]:
        parts = [np.empty(0, dtype=kind)]
        parts += [leaf.column_reader(name, translate=False).load() for leaf, _ in self._leaves if leaf.doc_count_all()]
        return np.concatenate(parts)


def change_index(
    folder: Path, removed: Iterable[int], added: Iterable[tuple[int, str | None, Iterable[TokenRange]]]
) -> None:
    """Take transcripts out by number and put others in (number, language, passages), in one commit.

    Makes the index if there is none. A removed transcript is in no answer any more; its words leave the files at once
    where that rewrites little, else with the next merge (index/fulltext/merging.py).
    """
    with _damage_noticed(folder, writing=True), _Storage(folder) as storage:
        folder.mkdir(parents=True, exist_ok=True)
        index = FileIndex(storage) if storage.index_exists() else FileIndex.create(storage, _schema(), _NAME)
        writer = index.writer(limitmb=_WRITER_MEGABYTES)
        try:
            for transcript in removed:
                writer.delete_by_term("number", str(transcript))
            pending = 0
            for transcript, language, passages in added:
                for passage in passages:
                    writer.add_document(
                        number=str(transcript),
                        language=language or "none",
                        transcript=transcript,
                        first=passage.first,
                        last=passage.last,
                        tokens=len(passage.tokens),
                        stems=[stem_token(token, language) for token in passage.tokens],
                        grams=common_grams(passage.tokens, language),
                    )
                    pending += 1
            writer.commit(mergetype=_merge_policy(pending))
        except BaseException:
            _abandon(writer)
            raise


def _abandon(writer: Any) -> None:
    """Let go of a writer that failed, maybe because its files cannot be written: then closing them fails too."""
    with suppress(Exception):
        writer.cancel()
        return
    writer.writelock.release()


def _schema() -> Schema:
    def counted() -> TEXT:
        field = TEXT(phrase=False, stored=False)
        field.format = Frequency()
        return field

    columns = {name: COLUMN(_ArrayColumn(kind)) for name, kind in _COLUMNS.items()}
    return Schema(number=ID(), language=ID(), stems=counted(), grams=counted(), **columns)


def _merge_policy(pending: int) -> Callable[[Any, list[Any]], list[Any]]:
    def merge(writer: Any, segments: list[Any]) -> list[Any]:
        joined = joined_by_commit(map(_describe, segments), pending)
        for segment in segments:
            if _describe(segment) in joined:
                _copy_segment(writer, writer.storage, segment)
        return [segment for segment in segments if _describe(segment) not in joined]

    return merge


def _describe(segment: Any) -> Segment:
    return Segment(segment.segment_id(), segment.doc_count(), segment.deleted_count())


def _copy_segment(writer: Any, storage: _Storage, segment: Any) -> None:
    with closing(SegmentReader(storage, writer.schema, segment)) as reader:
        writer.add_reader(reader)


def list_segments(folder: Path) -> list[Segment]:
    """The segments of an index. Raises IndexDamagedError."""
    with _damage_noticed(folder), _Storage(folder) as storage:
        return list(map(_describe, TOC.read(storage, _NAME).segments))


def join_segments(folder: Path, segments: Collection[Segment], side: Path) -> None:
    """Write an index into the folder ``side`` whose only segment holds what these hold and is not deleted.

    ``folder`` stays as it is, and may be written meanwhile. Raises IndexDamagedError, also for a segment that is gone.
    """
    with _damage_noticed(folder, writing=True), _Storage(folder) as storage, _Storage(side) as beside:
        toc = TOC.read(storage, _NAME)
        names = {segment.name for segment in segments}
        writer = FileIndex.create(beside, toc.schema, _NAME).writer(limitmb=_WRITER_MEGABYTES)
        try:
            for segment in toc.segments:
                if segment.segment_id() in names:
                    _copy_segment(writer, storage, segment)
            writer.commit()
        except BaseException:
            _abandon(writer)
            raise


def replace_segments(folder: Path, segments: Collection[Segment], side: Path) -> list[Path] | None:
    """Put the segment that ``join_segments`` wrote in the place of these; None if one of them has changed since.

    The files that the index no longer needs, for the caller to remove. Raises IndexDamagedError.
    """
    if not set(segments) <= set(list_segments(folder)):
        return None
    with _damage_noticed(folder, writing=True), _Storage(folder) as storage, _Storage(side) as beside:
        toc = TOC.read(storage, _NAME)
        names = {segment.name for segment in segments}
        kept = [one for one in toc.segments if one.segment_id() not in names]
        joined = [one for one in TOC.read(beside, _NAME).segments if one.doc_count()]
        for one in joined:
            file = one.make_filename(".seg")
            (side / file).replace(folder / file)
        TOC(toc.schema, [*kept, *joined], toc.generation + 1).write(storage, _NAME)
        gone = [one.make_filename(".seg") for one in toc.segments if one.segment_id() in names]
        return [folder / name for name in (*gone, TOC._filename(_NAME, toc.generation))]


@contextmanager
def _damage_noticed(folder: Path, *, writing: bool = False) -> Any:
    try:
        yield
    except LibraryError:
        raise
    except Exception as error:
        # Any: Whoosh unpickles parts of its files, and has a plain Exception for a damaged block.
        if writing and isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
            raise LibraryError(
                f"The index in {folder} could not be written: {error}.",
                "The words are safe in the library; make room and run: airquote reindex",
            ) from error
        raise IndexDamagedError(f"The index in {folder} is damaged: {error!r}.", "Run: airquote reindex") from error
