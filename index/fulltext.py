"""The Whoosh index: passages in, candidates out. No other module imports whoosh.

A candidate is a passage that may answer a query; index/search.py decides on its words. For that the index needs
no positions: ``stems`` holds a passage's stemmed words, ``grams`` its word pairs of which one is very common, and
an exact phrase becomes an AND of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Frequency
from whoosh.index import FileIndex
from whoosh.query import And, NullQuery, Or
from whoosh.query import Query as WhooshQuery
from whoosh.query import Term as WhooshTerm
from whoosh.reading import SegmentReader
from whoosh.scoring import BM25F, BM25FScorer

from audio.errors import LibraryError
from index.common_words import common_grams, common_words
from index.passages import OVERLAP_TOKENS, PASSAGE_TOKENS, TokenRange
from index.query import AllOf, AnyOf, Phrase, Query, Term
from index.tokens import stem_token


class IndexDamagedError(LibraryError):
    """The index cannot be read. It is derived: whoever sees this rebuilds it."""


Field = Literal["stems", "grams", "transcript"]
"""What a passage is indexed by: its stemmed words, its pairs with a very common word, its transcript's number."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer: words ``first`` to ``last`` of a transcript, and its BM25F score."""

    transcript: int
    first: int
    last: int
    score: float


class CandidateIndex(Protocol):
    """What search asks of an index; a second one behind the same query tree needs no more."""

    def propose(self, query: Query, languages: Sequence[str | None], limit: int | None) -> list[Candidate]:
        """The best ``limit`` passages that may answer, best first; all of them for None. None is left out."""


class _PassageBM25F(BM25F):  # type: ignore[misc]
    """BM25F that takes the length of a full passage for the average.

    Whoosh adds up lengths that it has rounded whenever it merges segments: with its own average, scores would
    depend on the order in which episodes came, and change with a rebuild.
    """

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: float = 1) -> Any:
        scorer = super().scorer(searcher, fieldname, text, qf)
        if isinstance(scorer, BM25FScorer):
            scorer.avgfl = PASSAGE_TOKENS
            scorer.setup(searcher, fieldname, text)
        return scorer


class FullText:
    """A Whoosh index in a folder of its own, opened for reading."""

    def __init__(self, folder: Path) -> None:
        with _damage_noticed(folder):
            self._searcher = FileIndex(FileStorage(str(folder))).searcher(weighting=_PassageBM25F())
        self._folder = folder

    def close(self) -> None:
        """Close the index's files."""
        self._searcher.close()

    def propose(self, query: Query, languages: Sequence[str | None], limit: int | None) -> list[Candidate]:
        """See CandidateIndex. Raises IndexDamagedError."""
        with _damage_noticed(self._folder):
            results = self._searcher.search(_proposal(query, languages), limit=limit)
            return [Candidate(int(hit["transcript"]), hit["first"], hit["last"], hit.score or 0.0) for hit in results]

    def passages(self) -> int:
        """How many passages the index holds."""
        count: int = self._searcher.doc_count()
        return count

    def numbers(self) -> int:
        """Every passage's number is below this."""
        count: int = self._searcher.doc_count_all()
        return count

    def frequency(self, field: Field, key: str) -> int:
        """In how many passages a stem, a gram or a transcript's number stands. Raises IndexDamagedError."""
        with _damage_noticed(self._folder):
            count: int = self._searcher.doc_frequency(field, key)
            return count

    def postings(self, field: Field, key: str) -> NDArray[np.int64]:
        """The numbers of the passages that hold it, ascending, (passages,); read without scores, which is cheap:

        0.3 s for a million. Raises IndexDamagedError.
        """
        numbers: list[int] = []
        with _damage_noticed(self._folder):
            if self._searcher.doc_frequency(field, key):
                for reader, offset in self._searcher.reader().leaf_readers():
                    if (field, key.encode()) in reader:
                        numbers += [number + offset for number in reader.postings(field, key).all_ids()]
        return np.array(numbers, np.int64)

    def passage(self, number: int, score: float) -> Candidate:
        """The passage of this number. Raises IndexDamagedError."""
        with _damage_noticed(self._folder):
            held = self._searcher.stored_fields(number)
            return Candidate(int(held["transcript"]), held["first"], held["last"], score)


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
                writer.delete_by_term("transcript", str(transcript))
            pending = 0
            for transcript, language, passages in added:
                for passage in passages:
                    writer.add_document(
                        transcript=str(transcript),
                        language=language or "none",
                        first=passage.first,
                        last=passage.last,
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

    return Schema(
        transcript=ID(stored=True), language=ID(), first=STORED(), last=STORED(), stems=counted(), grams=counted()
    )


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


def _proposal(query: Query, languages: Sequence[str | None]) -> WhooshQuery:
    """The Whoosh query whose passages include every one that answers ``query``."""
    if len(languages) == 1:
        return _in_language(query, languages[0]).normalize()
    each = [And([WhooshTerm("language", lang or "none", boost=0.0), _in_language(query, lang)]) for lang in languages]
    return Or(each).normalize() if each else NullQuery


def _in_language(query: Query, language: str | None) -> WhooshQuery:
    match query:
        case Term(token):
            return WhooshTerm("stems", stem_token(token, language))
        case Phrase(tokens):
            return And(_phrase_terms(tokens[:OVERLAP_TOKENS], language))
        case AllOf(children):
            # What is excluded is decided on the words: a phrase's proposal holds more than the phrase.
            return And([_in_language(child, language) for child in children])
        case AnyOf(children):
            return Or([_in_language(child, language) for child in children])


def _phrase_terms(tokens: Sequence[str], language: str | None) -> list[WhooshQuery]:
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
    return [WhooshTerm("grams", gram) for gram in sorted(grams)] + [WhooshTerm("stems", s) for s in sorted(alone)]


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
