"""Ranking of passages for a query tree: which may match, their BM25 scores, and how many places they hold about.

A candidate is a passage that may match; index/search/searcher.py verifies it on its words. So the index needs no
positions: ``stems`` holds a passage's stemmed words, ``grams`` its bigrams with a very common word, and an exact phrase
becomes an AND of both.

Whatever index the postings come from, the scores are computed here, vectorised over arrays, so every index gives the
same ones. Only passages that hold all that is needed are ranked (index/fulltext/needed_passages.py).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.fulltext.alike import NO_PAIRS, Half, WordPairs
from index.fulltext.candidates import Meaning
from index.fulltext.passages import PASSAGE_TOKENS, STEP_TOKENS, WORDS_A_SECOND
from index.fulltext.query_terms import IndexTerm, terms_of_leaf
from index.language.common_words import common_grams
from index.language.tokens import stem_token
from index.query.rewriting import in_language
from index.query.tree import (
    Alike,
    AllOf,
    AnyOf,
    Near,
    Query,
    Term,
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


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages that contain a term, ascending, with its frequency in each: int64 and float32, (passages,)."""

    passages: NDArray[np.int64]
    counts: NDArray[np.float32]


class TermSource(Protocol):
    """The terms of the passages that are ranked: all of an index, or those that hold what a query needs."""

    def postings(self, field: Literal["stems", "grams", "numbers", "language"], text: str) -> Postings:
        """Return the postings of a term, as positions among the ranked passages."""

    def frequency(self, terms: Sequence[IndexTerm]) -> int:
        """Return how many passages of the index hold one of the terms."""


@dataclass(frozen=True, slots=True)
class ScoredPassages:
    """Which passages match, their scores, how often about, and how alike at best: bool and float64, (all passages,)."""

    held: NDArray[np.bool_]
    scores: NDArray[np.float64]
    counts: NDArray[np.float64]
    likeness: NDArray[np.float64]


def match_all(each: Iterable[ScoredPassages], passages: int) -> ScoredPassages:
    """Intersect the parts' matches and sum their scores; the rarest part of a passage limits its count."""
    both: ScoredPassages | None = None
    for one in each:
        if both is None:
            both = one
        else:
            both = ScoredPassages(
                both.held & one.held,
                both.scores + one.scores,
                np.minimum(both.counts, one.counts),
                both.likeness * one.likeness,
            )
        if not both.held.any():
            break
    if both is None:
        return ScoredPassages(np.ones(passages, bool), np.zeros(passages), np.full(passages, np.inf), np.ones(passages))
    return both


def match_any(each: Iterable[ScoredPassages], passages: int) -> ScoredPassages:
    """Unite the parts' matches and sum their scores and counts; a part counts only where it matches."""
    either: ScoredPassages | None = None
    several = False
    for one in each:
        if either is None:
            either = one
            continue
        either, several = either if several else _where_held(either), True
        added = _where_held(one)
        either = ScoredPassages(
            either.held | added.held,
            either.scores + added.scores,
            either.counts + added.counts,
            np.maximum(either.likeness, added.likeness),
        )
    if either is None:
        return ScoredPassages(np.zeros(passages, bool), *np.zeros((3, passages)))
    return either


def _where_held(matches: ScoredPassages) -> ScoredPassages:
    held = matches.held
    scores, counts, likeness = (
        np.where(held, column, 0.0) for column in (matches.scores, matches.counts, matches.likeness)
    )
    return ScoredPassages(held, scores, counts, likeness)


def _sum_around(counts: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return for each passage the sum of the counts of it and of ``reach`` passages on either side."""
    sums = np.cumsum(np.concatenate([[0.0], counts]))
    places = np.arange(len(counts))
    around: NDArray[np.float64] = (
        sums[np.minimum(places + reach + 1, len(counts))] - sums[np.maximum(places - reach, 0)]
    )
    return around


class PassageRanking:
    """The passages of an index that are ranked for a query: all, or those that may match it."""

    def __init__(
        self, source: TermSource, transcripts: NDArray[np.int64], tokens: NDArray[np.int32], live: int
    ) -> None:
        """Rank passages of these ``transcripts`` and lengths in ``tokens``; ``live`` are all that the index has."""
        self._source = source
        self._owners = transcripts
        self._norms = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * (tokens / PASSAGE_TOKENS))
        self._live = live

    def match(self, query: Query, meaning: Meaning) -> ScoredPassages:
        """Return which of the passages may match a query, and their scores."""
        match query:
            case AllOf(children):
                # Exclusions are left to verification: the candidates of a phrase are a superset of its matches.
                matches = match_all(
                    (self.match(child, meaning) for child in children if not is_condition(child)), len(self._norms)
                )
                scores = matches.scores + self._score_neighbours(children, meaning)
                condition = condition_of(query)
                inside = owned_by(meaning.transcripts(condition), self._owners) if condition else True
                return replace(matches, held=matches.held & inside, scores=scores)
            case AnyOf(children):
                return match_any((self.match(child, meaning) for child in children), len(self._norms))
            case Near(children, seconds):
                each = [self.match(child, meaning) for child in children]
                shared = [set(np.unique(self._owners[matches.held]).tolist()) for matches in each]
                either = match_any(each, len(self._norms))
                inside = owned_by(set.intersection(*shared), self._owners)
                reach = 1 + int(seconds * WORDS_A_SECOND / STEP_TOKENS)
                near = np.minimum.reduce([_sum_around(matches.counts, reach) for matches in each])
                counts = np.maximum(near, _APART * either.counts)
                return replace(either, held=either.held & inside, counts=counts)
            case _:
                leaves = (
                    self._match_leaf(in_language(query, language), language, meaning) for language in meaning.languages
                )
                return match_any(leaves, len(self._norms))

    def _match_leaf(self, leaf: Query, language: str | None, meaning: Meaning) -> ScoredPassages:
        groups = terms_of_leaf(leaf, language)
        if groups is not None:
            matches = match_all(map(self._score, groups), len(self._norms))
        else:
            pairs = meaning.pairs(leaf.token) if isinstance(leaf, Alike) else NO_PAIRS
            matches = self._score_alike(meaning.words(leaf, language), pairs, language)  # type: ignore[arg-type]
        if len(meaning.languages) > 1:
            inside = np.zeros(len(matches.held), dtype=bool)
            inside[self._source.postings("language", language or "none").passages] = True
            return ScoredPassages(
                matches.held & inside, matches.scores * inside, matches.counts * inside, matches.likeness * inside
            )
        return matches

    def _score(self, terms: Sequence[IndexTerm]) -> ScoredPassages:
        """Score several terms by BM25 as if they were one."""
        counts = np.zeros(len(self._norms))
        for term in terms:
            postings = self._source.postings(*term)
            counts[postings.passages] += postings.counts
        scores = self._rarity(terms) * self._saturate(counts)
        held = counts > 0
        return ScoredPassages(held, scores, counts, held.astype(float))

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
            postings = self._source.postings("stems", stem)
            counts[postings.passages] += postings.counts
            likeness[postings.passages] = np.maximum(likeness[postings.passages], weight)
            if weight == 1:
                full[postings.passages] += postings.counts
        rarity = self._rarity([("stems", stem) for stem in best])
        counts = np.maximum(counts, likeness > 0)
        weights = np.where(full > 0, self._saturate(full), likeness)
        return ScoredPassages(counts > 0, rarity * weights, counts, likeness)

    def _saturate(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weights of BM25 for how often passages have a word."""
        return counts * (_SATURATION + 1) / (counts + self._norms)

    def _rarity(self, terms: Sequence[IndexTerm]) -> float:
        """Return the inverse document frequency of terms as if they were one, in Lucene's form, never negative."""
        frequency = self._source.frequency(terms)
        return math.log1p((self._live - frequency + 0.5) / (frequency + 0.5))

    def _score_neighbours(self, children: Sequence[Query], meaning: Meaning) -> NDArray[np.float64]:
        """Score passages that hold words of a query next to each other as it does, by the bigrams in the index."""
        scores = np.zeros(len(self._norms))
        words = [child.token if isinstance(child, Term | Alike) else "" for child in children]
        pairs = [list(pair) for pair in pairwise(words) if all(pair)]
        for gram in sorted(
            {gram for language in meaning.languages for pair in pairs for gram in common_grams(pair, language)}
        ):
            scores[self._source.postings("grams", gram).passages] += _NEIGHBOURS * self._rarity([("grams", gram)])
        return scores

    def _likeness_of_pairs(self, pairs: WordPairs, language: str | None) -> NDArray[np.float64]:
        """Return how alike pairs in each passage can be, at most: of both halves, next to each other or not."""
        likeness = np.zeros(len(self._norms))
        least = np.full(len(self._norms), np.inf)
        for first, second in pairs.splits:
            rare_one, rare_other = (self._least(half, half.rare, language) for half in (first, second))
            one = self._least(first, first.edits.keys() - first.rare, language)
            other = self._least(second, second.edits.keys() - second.rare, language)
            np.minimum(least, rare_one + np.minimum(rare_other, other), out=least)
            np.minimum(least, one + rare_other, out=least)
        held = least <= pairs.budget
        distinct, places = np.unique(least[held], return_inverse=True)
        likeness[held] = np.array([pairs.likeness_of(edits) for edits in distinct.tolist()], float)[places]
        return likeness

    def _least(self, half: Half, words: Collection[str], language: str | None) -> NDArray[np.float64]:
        """Return the least edits of those of some words that each passage holds, infinite without any."""
        least = np.full(len(self._norms), np.inf)
        for word in words:
            passages = self._source.postings("stems", stem_token(word, language)).passages
            least[passages] = np.minimum(least[passages], half.edits[word])
        return least


def owned_by(transcripts: Iterable[int], owners: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of the passages with these ``owners`` are of the ``transcripts``, (passages,)."""
    return np.isin(owners, np.array(sorted(transcripts), dtype=np.int64))
