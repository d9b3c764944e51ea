"""Reader of the Whoosh index: query tree -> candidate passages with BM25 scores.

A candidate is a passage that may match; index/search/searcher.py verifies it on its words. So the index needs no
positions: ``stems`` holds a passage's stemmed words, ``grams`` its bigrams with a very common word, and an exact phrase
becomes an AND of both.

Postings are read into arrays and cached, and scoring is vectorised over them: Whoosh's own collectors rank passage by
passage in Python.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise, product
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from whoosh.matching import FilterMatcher
from whoosh.reading import TermNotFound

from index.errors import REINDEX, IndexDamagedError
from index.fulltext.alike import NO_PAIRS, Half, WordPairs
from index.fulltext.candidates import Candidates, Meaning
from index.fulltext.passages import (
    OVERLAP_TOKENS,
    PASSAGE_TOKENS,
    STEP_TOKENS,
    WORDS_A_SECOND,
    Passage,
    asked_keys,
    longest_run,
)
from index.fulltext.whoosh_files import COLUMNS, PassageIndex, WhooshStorage, damage_noticed
from index.language.common_words import common_grams, phrase_terms
from index.language.tokens import stem_token
from index.query.rewriting import in_language
from index.query.tree import (
    Alike,
    AllOf,
    AnyOf,
    Near,
    Numeral,
    Part,
    Phrase,
    Query,
    Term,
    Within,
    condition_of,
    is_condition,
)

_SATURATION, _LENGTH_WEIGHT = 1.2, 0.75
"""k1 and b of BM25 (Robertson and Zaragoza 2009), at the usual values."""
_NEIGHBOURS = 0.5
"""Weight of the rarity of a bigram that a query and a passage share, against that of a word."""
_APART = 0.05
"""The share of its words that a passage of a Near counts for where the other words are farther away than people speak:
it is drawn seldom for an estimate."""
_KEPT_POSTINGS = 4_000_000
"""Size limit of the postings cache: 12 bytes a posting."""
IndexField = Literal["stems", "grams", "numbers"]
"""The indexed fields of a passage: its stemmed words, its bigrams with a very common word or a number, the keys of its
numbers."""
_Term = tuple[IndexField, str]


@dataclass(frozen=True, slots=True)
class ScoredPassages:
    """Which passages match, their scores, how often about, and how alike at best: bool and float64, (all passages,)."""

    held: NDArray[np.bool_]
    scores: NDArray[np.float64]
    counts: NDArray[np.float64]
    likeness: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Postings:
    """The passages that contain a term, with its frequency in each: int64 and float32, (passages,)."""

    passages: NDArray[np.int64]
    counts: NDArray[np.float32]


def match_all(each: Iterable[ScoredPassages], passages: int) -> ScoredPassages:
    """Intersect the parts' matches and sum their scores; the rarest part of a passage limits its count."""
    held, scores, counts = np.ones(passages, dtype=bool), np.zeros(passages), np.full(passages, np.inf)
    likeness = np.ones(passages)
    for matches in each:
        held &= matches.held
        scores += matches.scores
        np.minimum(counts, matches.counts, out=counts)
        likeness *= matches.likeness
        if not held.any():
            break
    return ScoredPassages(held, scores, counts, likeness)


def match_any(each: Iterable[ScoredPassages], passages: int) -> ScoredPassages:
    """Unite the parts' matches and sum their scores and counts."""
    held = np.zeros(passages, dtype=bool)
    scores, counts, likeness = np.zeros((3, passages))
    for matches in each:
        held |= matches.held
        scores += matches.scores
        counts += matches.counts
        np.maximum(likeness, matches.likeness, out=likeness)
    return ScoredPassages(held, scores, counts, likeness)


def _sum_around(counts: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return for each passage the sum of the counts of it and of ``reach`` passages on either side."""
    sums = np.cumsum(np.concatenate([[0.0], counts]))
    places = np.arange(len(counts))
    around: NDArray[np.float64] = (
        sums[np.minimum(places + reach + 1, len(counts))] - sums[np.maximum(places - reach, 0)]
    )
    return around


class FullText:
    """A Whoosh index, open for reading."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[tuple[str, str], _Postings] = OrderedDict()
        self._kept_size = 0
        with damage_noticed(folder), ExitStack() as opened:
            self._storage = opened.enter_context(WhooshStorage(folder))
            self._reader = PassageIndex(self._storage).reader()
            self._leaves = list(self._reader.leaf_readers())
            self._columns = {name: self._read_column(name, kind) for name, kind in COLUMNS.items()}
            opened.pop_all()
        lengths = self._columns["tokens"] / PASSAGE_TOKENS
        self._norms = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * lengths)

    def close(self) -> None:
        """Close the index's files."""
        self._storage.__exit__()

    def check_passages(self, words: Mapping[int, int]) -> None:
        """Raise IndexDamagedError unless each passage lies in a transcript: ``words`` are their numbers of words.

        The index may come from a stranger, and its passages are looked up in the transcripts unseen.
        """
        numbers, counts = (np.fromiter(column, np.int64, len(words)) for column in (words.keys(), words.values()))
        order = np.argsort(numbers)
        numbers, counts = numbers[order], np.append(0, counts[order])
        owners, first, last = (self._columns[name] for name in ("transcript", "first", "last"))
        places = np.searchsorted(numbers, owners, side="right")
        known = np.append(-1, numbers)[places] == owners
        right = known & (first >= 0) & (first <= last) & (last < counts[places])
        for leaf, offset in self._leaves:
            if leaf.has_deletions():
                right[[offset + number for number in leaf.segment().deleted_docs()]] = True
        if not right.all():
            raise IndexDamagedError(
                f"The index in {self._folder} names words that its library does not have.", REINDEX, where=self._folder
            )

    def propose(self, query: Query, meaning: Meaning) -> Candidates:
        """See CandidateIndex. Raises IndexDamagedError."""
        with damage_noticed(self._folder):
            matches = self._match(query, meaning)
        passages = np.flatnonzero(matches.held)
        return Candidates(
            self._columns["transcript"][passages],
            self._columns["first"][passages],
            self._columns["last"][passages],
            matches.scores[passages],
            matches.counts[passages],
            matches.likeness[passages],
        )

    def passages(self) -> int:
        """Return the number of passages in the index, without deleted ones."""
        count: int = self._reader.doc_count()
        return count

    def numbers(self) -> int:
        """Return the upper bound of passage numbers, exclusive; deleted passages keep theirs."""
        return len(self._norms)

    def frequency(self, field: IndexField, key: str) -> int:
        """Return the document frequency of a stem or a gram. Raises IndexDamagedError."""
        with damage_noticed(self._folder):
            count: int = self._reader.doc_frequency(field, key)
            return count

    def postings(self, field: IndexField, key: str) -> NDArray[np.int64]:
        """Return the numbers of the passages that contain a stem or a gram, (passages,). Raises IndexDamagedError."""
        with damage_noticed(self._folder):
            return self._postings(field, key).passages

    def passage(self, number: int) -> Passage:
        """Return the passage with this number."""
        return Passage(*(int(self._columns[name][number]) for name in ("transcript", "first", "last")))

    def inside(self, transcripts: Collection[int]) -> NDArray[np.bool_]:
        """Return a mask of the passages of these transcripts, (all passages,)."""
        return np.isin(self._columns["transcript"], np.fromiter(transcripts, dtype=np.int64, count=len(transcripts)))

    def _match(self, query: Query, meaning: Meaning) -> ScoredPassages:
        match query:
            case AllOf(children):
                # Exclusions are left to verification: the candidates of a phrase are a superset of its matches.
                matches = match_all(
                    (self._match(child, meaning) for child in children if not is_condition(child)), self.numbers()
                )
                scores = matches.scores + self._score_neighbours(children, meaning)
                condition = condition_of(query)
                inside = self.inside(meaning.transcripts(condition)) if condition else True
                return replace(matches, held=matches.held & inside, scores=scores)
            case AnyOf(children):
                return match_any((self._match(child, meaning) for child in children), self.numbers())
            case Near(children, seconds):
                owners = self._columns["transcript"]
                each = [self._match(child, meaning) for child in children]
                shared = [set(np.unique(owners[matches.held]).tolist()) for matches in each]
                either = match_any(each, self.numbers())
                inside = self.inside(set.intersection(*shared))
                reach = 1 + int(seconds * WORDS_A_SECOND / STEP_TOKENS)
                near = np.minimum.reduce([_sum_around(matches.counts, reach) for matches in each])
                counts = np.maximum(near, _APART * either.counts)
                return replace(either, held=either.held & inside, counts=counts)
            case _:
                leaves = (
                    self._match_leaf(in_language(query, language), language, meaning) for language in meaning.languages
                )
                return match_any(leaves, self.numbers())

    def _match_leaf(self, leaf: Query, language: str | None, meaning: Meaning) -> ScoredPassages:
        match leaf:
            case Phrase(parts):
                matches = self._all_terms(_phrase_terms(parts, language))
            case Within(parts):
                matches = self._all_terms(_part_terms(part, language) for part in dict.fromkeys(parts))
            case Term(token):
                matches = self._score(_part_terms(token, language))
            case Numeral():
                matches = self._score(_part_terms(leaf, language))
            case _:
                pairs = meaning.pairs(leaf.token) if isinstance(leaf, Alike) else NO_PAIRS
                matches = self._score_alike(meaning.words(leaf, language), pairs, language)  # type: ignore[arg-type]
        if len(meaning.languages) > 1:
            inside = np.zeros(len(matches.held), dtype=bool)
            inside[self._postings("language", language or "none").passages] = True
            return ScoredPassages(
                matches.held & inside, matches.scores * inside, matches.counts * inside, matches.likeness * inside
            )
        return matches

    def _all_terms(self, each: Iterable[Sequence[_Term]]) -> ScoredPassages:
        return match_all(map(self._score, each), self.numbers())

    def _score(self, terms: Iterable[_Term]) -> ScoredPassages:
        """Score several terms by BM25 as if they were one."""
        counts = np.zeros(len(self._norms))
        for term in terms:
            postings = self._postings(*term)
            counts[postings.passages] += postings.counts
        return self._weigh(counts, counts, (counts > 0).astype(float))

    def _score_alike(self, words: Mapping[str, float], pairs: WordPairs, language: str | None) -> ScoredPassages:
        """Score words as if they were one, by how well they match: the full ones by BM25, others by the best alone.

        So a passage with a word that matches better comes first, however often another has a worse one.
        """
        best: dict[str, float] = {}
        for word, alike in words.items():
            stem = stem_token(word, language)
            best[stem] = max(alike, best.get(stem, 0))
        full, counts = np.zeros((2, len(self._norms)))
        likeness = self._likeness_of_pairs(pairs, language)
        for stem, weight in best.items():
            postings = self._postings("stems", stem)
            counts[postings.passages] += postings.counts
            likeness[postings.passages] = np.maximum(likeness[postings.passages], weight)
            if weight == 1:
                full[postings.passages] += postings.counts
        return self._weigh(full, np.maximum(counts, likeness > 0), likeness)

    def _weigh(
        self, full: NDArray[np.float64], counts: NDArray[np.float64], likeness: NDArray[np.float64]
    ) -> ScoredPassages:
        """Score the passages with any ``counts`` by BM25 of the ``full`` ones, or by the rarity times ``likeness``."""
        held = counts > 0
        frequency = int(np.count_nonzero(held))
        weights = np.where(full > 0, full * (_SATURATION + 1) / (full + self._norms), likeness)
        return ScoredPassages(held, self._rarity(frequency) * weights, counts, likeness)

    def _rarity(self, frequency: int) -> float:
        """Return the inverse document frequency, in Lucene's form, which is never negative."""
        return math.log1p((self.passages() - frequency + 0.5) / (frequency + 0.5))

    def _score_neighbours(self, children: Sequence[Query], meaning: Meaning) -> NDArray[np.float64]:
        """Score passages that hold words of a query next to each other as it does, by the bigrams in the index."""
        scores = np.zeros(len(self._norms))
        words = [child.token if isinstance(child, Term | Alike) else "" for child in children]
        pairs = [list(pair) for pair in pairwise(words) if all(pair)]
        for gram in sorted(
            {gram for language in meaning.languages for pair in pairs for gram in common_grams(pair, language)}
        ):
            passages = self._postings("grams", gram).passages
            scores[passages] += _NEIGHBOURS * self._rarity(len(passages))
        return scores

    def _likeness_of_pairs(self, pairs: WordPairs, language: str | None) -> NDArray[np.float64]:
        """Return how alike pairs in each passage can be, at most: of both halves, next to each other or not."""
        likeness = np.zeros(len(self._norms))
        least = np.full(len(self._norms), np.inf)
        for first, second in pairs.splits:
            (one, rare_one), (other, rare_other) = self._least(first, language), self._least(second, language)
            np.minimum(least, np.minimum(rare_one + other, one + rare_other), out=least)
        held = least <= pairs.budget
        likeness[held] = [pairs.likeness_of(edits) for edits in least[held]]
        return likeness

    def _least(self, half: Half, language: str | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the least edits of the words that each passage holds, and of the rare ones; infinite without any."""
        least, least_rare = np.full((2, len(self._norms)), np.inf)
        for word, edits in half.edits.items():
            passages = self._postings("stems", stem_token(word, language)).passages
            least[passages] = np.minimum(least[passages], edits)
            if word in half.rare:
                least_rare[passages] = np.minimum(least_rare[passages], edits)
        return least, least_rare

    def _postings(self, field: str, text: str) -> _Postings:
        key = (field, text)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        passages, counts = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        for leaf, offset in self._leaves:
            with suppress(TermNotFound):
                matcher = leaf.postings(field, text)
                found = (matcher.child if isinstance(matcher, FilterMatcher) else matcher).postings
                deleted = list(leaf.segment().deleted_docs())
                kept = ~np.isin(found.passages, deleted) if deleted else slice(None)
                passages.append(offset + found.passages[kept])
                counts.append(found.counts[kept].astype(np.float32))
        postings = _Postings(np.concatenate(passages), np.concatenate(counts))
        self._kept[key] = postings
        self._kept_size += len(postings.counts)
        while self._kept_size > _KEPT_POSTINGS and len(self._kept) > 1:
            self._kept_size -= len(self._kept.popitem(last=False)[1].counts)
        return postings

    def _read_column(self, name: str, kind: str) -> NDArray[Any]:
        parts = [np.empty(0, dtype=kind)]
        parts += [leaf.column_reader(name, translate=False).load() for leaf, _ in self._leaves if leaf.doc_count_all()]
        return np.concatenate(parts)


def _phrase_terms(parts: Sequence[Part], language: str | None) -> list[list[_Term]]:
    """Return terms of which a passage that holds the first OVERLAP_TOKENS of a phrase has one each."""
    ends = accumulate(longest_run([part]) for part in parts)
    first = [part for part, end in zip(parts, ends, strict=True) if end <= OVERLAP_TOKENS]
    terms: list[list[_Term]] = []
    for is_number, several in groupby(first, lambda part: isinstance(part, Numeral)):
        if is_number:
            terms += [_part_terms(part, language) for part in several]
        else:
            grams, stems = phrase_terms([part for part in several if isinstance(part, str)], language)
            terms += [[("grams", gram)] for gram in grams]
            terms += [[("stems", stem)] for stem in stems]
    return terms + [pair for one, other in pairwise(first) if (pair := _pair_terms(one, other, language))]


def _pair_terms(one: Part, other: Part, language: str | None) -> list[_Term]:
    """Return the grams of a number and a token next to it; none if a passage with both may have no such gram."""
    if isinstance(one, Numeral) == isinstance(other, Numeral):
        return []
    grams: list[str] = []
    for first, second in product(_gram_words(one), _gram_words(other)):
        if ":" not in first + second and not common_grams([first, second], language):
            return []  # the number as a word, beside a word: neither is common
        grams.append(f"{first} {second}")
    return [("grams", gram) for gram in grams]


def _gram_words(part: Part) -> list[str]:
    """Return what stands for a part in grams: a token, or the keys of a number and the word that it is written as."""
    if isinstance(part, str):
        return [part]
    return [*sorted(asked_keys(part.number)), *([part.word] if part.word else [])]


def _part_terms(part: Part, language: str | None) -> list[_Term]:
    """Return the terms of a token or a number; a number written as one word is also this word."""
    if isinstance(part, str):
        return [("stems", stem_token(part, language))]
    numbers: list[_Term] = [("numbers", key) for key in sorted(asked_keys(part.number))]
    return [("stems", stem_token(part.word, language)), *numbers] if part.word else numbers
