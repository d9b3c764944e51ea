"""The Whoosh index: passages in, candidates out. No other module imports whoosh.

A candidate is a passage that may answer a query; index/search.py decides on its words. For that the index needs
no positions: ``stems`` holds a passage's stemmed words, ``grams`` its word pairs of which one is very common, and
an exact phrase becomes an AND of both.

Postings are read into arrays, kept, and queries are answered on these: Whoosh's own collectors rank passage by passage
in Python.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Frequency
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader, TermNotFound

from audio.errors import LibraryError
from index.common_words import common_grams, common_words
from index.passages import OVERLAP_TOKENS, PASSAGE_TOKENS, TokenRange
from index.query_tree import AllOf, AnyOf, Near, Phrase, Query, Term, Within, Word, is_condition
from index.tokens import stem_token

_SATURATION, _LENGTH_WEIGHT = 1.2, 0.75
"""k1 and b of BM25 (Robertson and Zaragoza 2009), at the values that are usual."""
_KEPT_POSTINGS = 4_000_000
"""Postings kept in memory between searches, at 12 bytes each."""


class IndexDamagedError(LibraryError):
    """The index cannot be read. It is derived: whoever sees this rebuilds it."""


Field = Literal["stems", "grams"]
"""What a passage is indexed by: its stemmed words, and its pairs with a very common word."""


class Meaning(Protocol):
    """What a query's words and conditions stand for in the library."""

    languages: Sequence[str | None]

    def words(self, asked: Word, language: str | None) -> frozenset[str]:
        """The words that answer one word of a query in a transcript of this language."""

    def transcripts(self, condition: Query) -> frozenset[int]:
        """The transcripts of which some word may satisfy a condition."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may answer, in columns: words ``firsts`` to ``lasts`` of ``transcripts``, and BM25 ``scores``.

    All are of shape (passages,): int64, int32, int32 and float64.
    """

    transcripts: NDArray[np.int64]
    firsts: NDArray[np.int32]
    lasts: NDArray[np.int32]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.scores)


class CandidateIndex(Protocol):
    """What search asks of an index; a second one behind the same query tree needs no more."""

    def propose(self, query: Query, meaning: Meaning) -> Candidates:
        """The passages that may answer, in any order. None is left out."""


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


_COLUMNS = {"transcript": "q", "first": "i", "last": "i", "tokens": "i"}
"""What is known of each passage: the columns' names and types."""


@dataclass(frozen=True, slots=True)
class _Postings:
    """The passages that hold a term, and how often: int64 and float32, (passages,)."""

    passages: NDArray[np.int64]
    counts: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Matches:
    """Which passages match, and what they score: bool and float64, (all passages,)."""

    held: NDArray[np.bool_]
    scores: NDArray[np.float64]


class FullText:
    """A Whoosh index in a folder of its own, opened for reading."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[tuple[str, str], _Postings] = OrderedDict()
        self._kept_size = 0
        with _damage_noticed(folder):
            # Mapped into memory, Whoosh would copy every file whole: 240 MB more for 30,000 passages.
            self._reader = FileIndex(FileStorage(str(folder), supports_mmap=False)).reader()
            try:
                self._leaves = list(self._reader.leaf_readers())
                self._columns = {name: self._read_column(name, kind) for name, kind in _COLUMNS.items()}
            except BaseException:
                self._reader.close()
                raise
        lengths = self._columns["tokens"] / PASSAGE_TOKENS
        self._norms = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * lengths)

    def close(self) -> None:
        """Close the index's files."""
        self._reader.close()

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
        return self._in_transcripts(frozenset(transcripts))

    def _match(self, query: Query, meaning: Meaning) -> _Matches:
        match query:
            case AllOf(children):
                # What is excluded is decided on the words: a phrase's proposal holds more than the phrase.
                wanted = [self._match(child, meaning) for child in children if not is_condition(child)]
                held = np.logical_and.reduce([matches.held for matches in wanted])
                for condition in _conditions(query):
                    held &= self._in_transcripts(meaning.transcripts(condition))
                return _Matches(held, sum((matches.scores for matches in wanted), start=np.zeros(len(held))))
            case AnyOf(children):
                return self._any([self._match(child, meaning) for child in children])
            case Near(children):
                each = [self._match(child, meaning) for child in children]
                owners = self._columns["transcript"]
                shared = set.intersection(*(set(np.unique(owners[matches.held]).tolist()) for matches in each))
                either = self._any(each)
                return _Matches(either.held & self._in_transcripts(frozenset(shared)), either.scores)
            case _:
                return self._any([self._match_leaf(query, language, meaning) for language in meaning.languages])

    def _match_leaf(self, leaf: Query, language: str | None, meaning: Meaning) -> _Matches:
        match leaf:
            case Phrase(tokens):
                matches = self._all_terms(*_phrase_terms(tokens[:OVERLAP_TOKENS], language))
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
            return _Matches(matches.held & inside, matches.scores * inside)
        return matches

    def _all_terms(self, grams: Sequence[str], stems: Sequence[str]) -> _Matches:
        each = [self._score([("grams", gram)]) for gram in grams] + [self._score([("stems", stem)]) for stem in stems]
        held = np.logical_and.reduce([matches.held for matches in each])
        return _Matches(held, sum((matches.scores for matches in each), start=np.zeros(len(held))))

    def _any(self, each: Sequence[_Matches]) -> _Matches:
        nothing = _Matches(np.zeros(len(self._norms), dtype=bool), np.zeros(len(self._norms)))
        held = np.logical_or.reduce([nothing.held, *(matches.held for matches in each)])
        return _Matches(held, sum((matches.scores for matches in each), start=nothing.scores))

    def _score(self, terms: Iterable[tuple[str, str]]) -> _Matches:
        """BM25 of several terms as if they were one."""
        counts = np.zeros(len(self._norms))
        for field, text in terms:
            postings = self._postings(field, text)
            counts[postings.passages] += postings.counts
        held = counts > 0
        frequency = np.count_nonzero(held)
        # The form of the inverse frequency that is never negative, as Lucene has it.
        rarity = np.log1p((len(held) - frequency + 0.5) / (frequency + 0.5))
        return _Matches(held, rarity * counts * (_SATURATION + 1) / (counts + self._norms))

    def _in_transcripts(self, transcripts: frozenset[int]) -> NDArray[np.bool_]:
        return np.isin(self._columns["transcript"], np.fromiter(transcripts, dtype=np.int64, count=len(transcripts)))

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

    Makes the index if there is none. Nothing of a removed transcript stays behind: segments that held it are
    written anew.
    """
    with _damage_noticed(folder, writing=True):
        folder.mkdir(parents=True, exist_ok=True)
        storage = FileStorage(str(folder))
        index = FileIndex(storage) if storage.index_exists() else FileIndex.create(storage, _schema(), "MAIN")
        writer = index.writer(limitmb=128)
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
    """Merge, with the new passages, every segment that lost one and those no larger than what is merged so far.

    So the number of segments stays logarithmic, and each passage is rewritten a logarithmic number of times.
    """

    def merge(writer: Any, segments: list[Any]) -> list[Any]:
        kept, total = [], pending
        for segment in sorted(segments, key=lambda segment: (not segment.has_deletions(), segment.doc_count_all())):
            if segment.has_deletions() or segment.doc_count_all() <= total:
                total += segment.doc_count()
                with closing(SegmentReader(writer.storage, writer.schema, segment)) as reader:
                    writer.add_reader(reader)
            else:
                kept.append(segment)
        return kept

    return merge


def _conditions(query: AllOf) -> list[Query]:
    """What may be asked of whole transcripts before any word is read."""
    wanted = tuple(child for child in query.children if is_condition(child))
    excluded = tuple(child for child in query.excluded if is_condition(child))
    return [AllOf(wanted, excluded)] if wanted or excluded else []


def _phrase_terms(tokens: Sequence[str], language: str | None) -> tuple[list[str], list[str]]:
    """The pairs that a passage with this phrase holds, and the stems of the tokens that are in none of them."""
    grams = set(common_grams(list(tokens), language))
    common = common_words(language)
    paired = {
        place
        for place, token in enumerate(tokens)
        if len(tokens) > 1
        and any(
            0 <= other < len(tokens) and (token in common or tokens[other] in common)
            for other in (place - 1, place + 1)
        )
    }
    alone = {stem_token(token, language) for place, token in enumerate(tokens) if place not in paired}
    return sorted(grams), sorted(alone)


@contextmanager
def _damage_noticed(folder: Path, *, writing: bool = False) -> Any:
    try:
        yield
    except LibraryError:
        raise
    except Exception as error:
        # Any: Whoosh unpickles parts of its files, and has a plain Exception for a damaged block.
        if writing and isinstance(error, OSError):
            raise LibraryError(
                f"The index in {folder} could not be written: {error}.",
                "The words are safe in the library; make room and run: airquote reindex",
            ) from error
        raise IndexDamagedError(f"The index in {folder} is damaged: {error!r}.", "Run: airquote reindex") from error
