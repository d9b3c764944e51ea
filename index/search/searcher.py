"""Query tree -> hits: candidate passages from the index are verified on their words and reranked.

Passages are verified in the order of their upper score bounds, and only until none of the rest can be among the hits
that were asked for. The order of all hits does not depend on how many are asked for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import nsmallest
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from audio.timecode import Span
from index.fulltext.candidates import CandidateIndex
from index.fulltext.maintenance import OpenIndex
from index.fulltext.passages import OVERLAP_TOKENS, PASSAGE_TOKENS, STEP_TOKENS, WORDS_A_SECOND, longest_run
from index.fulltext.token_cache import SearchedTranscript
from index.language.tokens import tokenize
from index.query.rewriting import in_language
from index.query.tree import Alike, AllOf, AnyOf, Near, Numeral, Phrase, Query, Term, WordQuery, is_condition, parts_of
from index.search.candidate_order import CandidateOrder, SortKey, order_by_position
from index.search.circumstances import CircumstanceReader
from index.search.estimates import COUNTED_PASSAGES, ERROR, MOST_DRAWN, MOST_WINDOWS, Estimate, estimate_total
from index.search.matching import PassageContext, TokenPlace, closeness, find_places, tightest_places
from index.search.resolver import QueryResolver
from index.storage.codecs.word_codec import CHUNK_WORDS
from index.transcript import Episode

Sort = Literal["score", "date", "time"]
"""score: best first, ties by newest; date: newest episode first; time: oldest first. Then by position."""

Repeats = Literal["all", "fold", "omit"]
"""What is found in passages that recur: all of it, the first hit of each passage (fold), or nothing (omit)."""

UNKNOWN_SPAN = Span(0.0, 0.0)
"""That of hits whose times were not read."""
_TOGETHER = 20
"""The most hits of an episode whose times are read one by one, however short it is."""
_TITLE = 0.25
"""Score boost where all words of a query are in the episode's title."""

_Where = tuple[int, int, int]
"""A transcript, and the first and last word of a place in it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that matches a query: exactly the words ``first`` to ``last`` of ``episode``, both included.

    ``asked`` are the numbers of those words that the query asked for: all of them for a phrase, some of them where
    words are scattered. ``family`` is that of the passage that it is in, if that recurs in other episodes.
    """

    episode: Episode
    first: int
    last: int
    span: Span
    score: float
    asked: tuple[int, ...] = ()
    family: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Ranked hits. ``total`` is the number of all hits: counted if ``exact``, else estimated.

    ``error`` is the half-width of the 95 % confidence interval of an estimate, as a share of it; 0 if exact.
    ``counts`` are the verified hits of each transcript; ``cut`` are query words whose expansion was truncated, with
    the number of words before truncation.
    """

    hits: list[Hit]
    total: int
    exact: bool
    error: float
    counts: Counter[int]
    cut: dict[WordQuery, int]


def search(
    query: Query,
    index: OpenIndex,
    *,
    limit: int | None = 10,
    offset: int = 0,
    sort: Sort = "score",
    by_episode: bool = False,
    count: bool = False,
    repeats: Repeats = "all",
    timed: bool = True,
) -> Found:
    """Return ``limit`` hits (None: all) after the first ``offset``; only the first of each episode if ``by_episode``.

    With ``count`` every passage is verified, so that the counts are exact. Each place is one hit, however many
    passages contain it. Folded ``repeats`` count as one hit for each passage that recurs. Hits that are not ``timed``
    have UNKNOWN_SPAN: reading the times of all hits of a common word takes most of the time.
    """
    with index.store.snapshot():
        running = _Search(query, index, sort, by_episode, repeats)
        running.verify(None if limit is None or count else offset + limit)
        return running.found(offset, limit, timed=timed)


def has_hits(query: Query, index: OpenIndex, number: int) -> bool:
    """Whether a query has so many hits.

    It costs a fraction of ``search``, which makes sure that its hits are the best ones and estimates their number.
    """
    with index.store.snapshot():
        return _Search(query, index, "score", by_episode=False, repeats="all").reaches(number)


@dataclass(slots=True)
class _Verified:
    """A verified place: its sort key, its score, and the words that were asked for."""

    key: SortKey
    score: float
    asked: tuple[int, ...]


class _Search:
    """One query against one library."""

    def __init__(self, query: Query, index: OpenIndex, sort: Sort, by_episode: bool, repeats: Repeats) -> None:
        self._query = query
        self._queries: dict[str | None, Query] = {}
        self._store = index.store
        self._sort = sort
        self._by_episode = by_episode
        self._repeats = repeats
        self._cache = index.cache
        self._cache.refresh()
        self._lexicon = index.lexicon
        self._resolver = QueryResolver(self._cache, index.lexicon)
        self._proposing: CandidateIndex = index.fulltext
        self._candidates = self._proposing.propose(query, self._resolver)
        self._found: dict[_Where, _Verified] = {}
        self._first: dict[int | _Where, SortKey] = {}
        """The lowest key of each result: of each place, or of each episode or folded passage."""
        self._verified = 0
        self._proposed = 0
        self._estimate = Estimate(0, 0.0)
        self._near: dict[tuple[int, int, int, Near, tuple[AllOf, ...]], Sequence[TokenPlace]] = {}
        parts = list(parts_of(query))
        nears = [part.seconds for part in parts if isinstance(part, Near)]
        self._whole = bool(nears)
        self._around = PASSAGE_TOKENS + int(max(nears, default=0) * WORDS_A_SECOND)
        """The words around a passage that are read for an estimate where else whole episodes are."""
        phrases = (longest_run(part.parts) - OVERLAP_TOKENS for part in parts if isinstance(part, Phrase))
        self._beyond = max(0, *phrases, 0)
        """The most tokens by which a phrase that begins in a passage may extend beyond its end."""
        self._circumstances = CircumstanceReader(index.store, query)
        # A Near says what is close enough, so proximity is not scored: then few episodes must be read in full.
        self._closeness: Callable[[TokenPlace], float] = (lambda _: 1.0) if _is_near(query) else closeness

    def verify(self, wanted: int | None) -> None:
        """Verify candidates until the first ``wanted`` hits are final; all candidates for None, or if they are few."""
        order = self._ordered()
        self._proposed, self._verified = len(order), 0
        if self._work(order) <= COUNTED_PASSAGES:
            wanted = None
        numbers: Iterable[int] = range(self._proposed)
        if wanted is None:
            # All must be read: group them by episode.
            numbers = self._by_position(np.array(order.sorted_places(), dtype=np.int64)).tolist()
        for number in numbers:
            if wanted is not None and self._is_settled(wanted, order.bound(number)):
                break
            self._verify(order, number)
            self._verified += 1
        if self._verified < self._proposed:
            most = MOST_WINDOWS if self._whole else MOST_DRAWN
            self._estimate = self._estimate_total(order.places, min(most, self._proposed))
            if self._estimate.error > ERROR and self._proposed <= most:
                self.verify(None)  # little more than what was read in vain

    def reaches(self, wanted: int) -> bool:
        """Whether there are so many hits; candidates are verified, the best ones first, until there are."""
        order = self._ordered()
        for number in range(len(order)):
            self._verify(order, number)
            if len(self._first) >= wanted:
                return True
        return False

    def _by_position(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the order of these candidates by transcript and position."""
        return order_by_position(self._candidates.transcripts[places], self._candidates.firsts[places])

    def _work(self, order: CandidateOrder) -> int:
        """Return the number of passages to read for all hits: of whole episodes where these must be read."""
        if not self._whole:
            return len(order)
        read = np.unique(self._candidates.transcripts[order.places]).tolist()
        return sum(self._searched(number).words for number in read) // STEP_TOKENS

    def _estimate_total(self, places: NDArray[np.int64], most: int) -> Estimate:
        """Estimate the number of all hits from some of the candidates.

        A hit that lies in two of them counts for a half in each: with all of it in the first one, the counts vary more,
        and twice as many had to be read. Hits that are folded are not counted.
        """
        places = places[self._by_position(places)]
        firsts, lasts, transcripts = self._candidates.firsts, self._candidates.lasts, self._candidates.transcripts

        def find(number: int) -> set[_Where]:
            return {where for where, _, _ in self._matches(places[number], self._around)}

        def share(number: int) -> float:
            """Return the sum of the shares of a candidate's hits."""
            here = places[number]
            found = {where for where in find(number) if self._folded_into(where) is None}
            shared = 0
            for other in (number - 1, number + 1):
                if not 0 <= other < len(places) or transcripts[places[other]] != transcripts[here]:
                    continue
                begin, end = max(firsts[here], firsts[places[other]]), min(lasts[here], lasts[places[other]])
                if any(begin <= first <= end for _, first, _ in found):
                    shared += len(found & find(other))
            return len(found) - shared / 2

        return estimate_total(self._candidates.sizes[places], share, most)

    def _is_settled(self, wanted: int, bound: SortKey) -> bool:
        """Whether no candidate from here on can change the first ``wanted`` hits."""
        return len(self._first) >= wanted and (not wanted or nsmallest(wanted, self._first.values())[-1] <= bound)

    def _ordered(self) -> CandidateOrder:
        """Order the candidates whose transcripts still exist."""
        ranks = self._cache.ranks(self._candidates.transcripts, oldest_first=self._sort == "time")
        return CandidateOrder(self._candidates, self._title_factors(), ranks, by_score=self._sort == "score")

    def _title_factors(self) -> NDArray[np.float64]:
        """Return the title boost of each candidate."""
        titles = _title_words(self._query)
        named = np.zeros(len(self._candidates))
        for tokens, times in Counter(titles).items():
            titled = {*chain(*(self._lexicon.titled(tokens, language) for language in self._resolver.languages))}
            if titled:
                named += times * np.isin(self._candidates.transcripts, np.fromiter(titled, np.int64, len(titled)))
        return 1 + _TITLE * named / max(1, len(titles))

    def _verify(self, order: CandidateOrder, number: int) -> None:
        place = order.place(number)
        block, _, rank, _ = order.bound(number)
        for where, found, asked in self._matches(place):
            score = float(order.candidates.scores[place] * order.factors[place]) * self._closeness(found)
            score *= found.likeness / float(order.candidates.likeness[place])
            key = (block, -score if order.by_score else 0.0, rank, where[1], where[2])
            known = self._found.get(where)
            if known is None or key < known.key:
                self._found[where] = _Verified(key, score, asked)
                group = self._group(where)
                self._first[group] = min(key, self._first.get(group, key))

    def _group(self, where: _Where) -> int | _Where:
        """Return the result that a place belongs to: itself, its episode, or the passage that it is folded into."""
        family = self._folded_into(where)
        if family is not None:
            return ~family  # below zero, as no transcript is
        return where[0] if self._by_episode else where

    def _folded_into(self, where: _Where) -> int | None:
        """Return the family of the passage that a place is folded into, None if it is a hit of its own."""
        return self._cache.repeat_at(*where) if self._repeats == "fold" else None

    def _matches(self, place: int, around: int | None = None) -> Iterator[tuple[_Where, TokenPlace, tuple[int, ...]]]:
        """Yield the places of a candidate, their tokens, and the words that were asked for.

        A Near is looked for in the whole episode, or in so many words ``around`` the candidate.
        """
        candidates = self._candidates
        first, last = int(candidates.firsts[place]), int(candidates.lasts[place])
        searched = self._searched(int(candidates.transcripts[place]))
        if self._whole:
            reach = searched.words if around is None else around
            begin, end = max(0, first - reach), min(last + reach, searched.words - 1)
            tokens, owners = self._cache.tokens(searched.number, begin, end)
        else:
            tokens, owners = self._tokens(place, searched, first, last)
        begin, end = bisect_left(owners, first), bisect_right(owners, last) - 1
        query = self._query_in(searched.language)
        for found in find_places(query, self._context(searched, tokens, owners, begin, end)):
            where = searched.number, owners[found.first], owners[found.last]
            if self._repeats == "omit" and self._cache.repeat_at(*where) is not None:
                continue
            yield where, found, tuple(sorted({owners[token] for token in found.asked}))

    def _query_in(self, language: str | None) -> Query:
        if language not in self._queries:
            self._queries[language] = in_language(self._query, language)
        return self._queries[language]

    def _tokens(
        self, place: int, searched: SearchedTranscript, first: int, last: int
    ) -> tuple[list[str], Sequence[int]]:
        """Return the tokens of a candidate, and of as many words after it as a phrase may need, with their words."""
        beyond = self._beyond
        if not beyond and (held := self._proposing.tokens(int(self._candidates.numbers[place]))):
            return held
        tokens, owners = self._cache.tokens(searched.number, first, min(last + beyond, searched.words - 1))
        # Words may be without a token.
        while len(owners) - bisect_right(owners, last) < self._beyond and last + beyond < searched.words - 1:
            beyond *= 2
            tokens, owners = self._cache.tokens(searched.number, first, min(last + beyond, searched.words - 1))
        return tokens, owners

    def _searched(self, transcript: int) -> SearchedTranscript:
        searched = self._cache.transcript(transcript)
        assert searched is not None  # only passages of transcripts that exist are verified
        return searched

    def _context(
        self, searched: SearchedTranscript, tokens: Sequence[str], owners: Sequence[int], first: int, last: int
    ) -> PassageContext:
        return PassageContext(
            tokens,
            first,
            last,
            forms=lambda word: self._resolver.words(word, searched.language),
            pairs=self._resolver.pairs,
            bound=partial(self._bound, searched, owners),
            near=partial(self._near_places, searched, tokens, owners),
            numbers=lambda: self._cache.numbers(searched, owners[0], owners[-1]) if owners else (),
        )

    def _bound(self, searched: SearchedTranscript, owners: Sequence[int], condition: AllOf) -> Sequence[bool] | None:
        if not self._circumstances.is_needed:
            return None if self._resolver.satisfies(condition, searched.number) else [False] * len(owners)
        if not owners:
            return []
        said = self._circumstances.read(searched, owners[0], owners[-1])
        return [self._resolver.satisfies(condition, searched.number, said[owner - owners[0]]) for owner in owners]

    def _near_places(
        self,
        searched: SearchedTranscript,
        tokens: Sequence[str],
        owners: Sequence[int],
        near: Near,
        conditions: tuple[AllOf, ...],
    ) -> Sequence[TokenPlace]:
        if not owners:
            return []
        key = (searched.number, owners[0], owners[-1], near, conditions)
        if key not in self._near:
            context = self._context(searched, tokens, owners, 0, len(tokens) - 1)
            each = [find_places(child, context, conditions) for child in near.children]
            times = self._store.times(searched.number, owners[0], owners[-1]) if all(each) else []

            def is_short(place: TokenPlace) -> bool:
                first, last = owners[place.first] - owners[0], owners[place.last] - owners[0]
                start = times[first][0]
                if times[last][1] - start > near.seconds:
                    return False
                return max(end for _, end in times[first : last + 1]) - start <= near.seconds

            self._near[key] = tightest_places(each, is_short)
        return self._near[key]

    def found(self, offset: int, limit: int | None, *, timed: bool) -> Found:
        """Return the requested page of the verified hits."""
        firsts = [place for place in self._found if self._found[place].key == self._first[self._group(place)]]
        alone = {place for place in self._found if self._folded_into(place) is None}
        folded = sum(place not in alone for place in firsts)
        all_hits = alone.union(firsts)
        exact = self._verified == self._proposed
        total, error = len(all_hits), 0.0
        if not exact:
            total, error = max(total, self._estimate.total + folded), self._estimate.error
        counts = Counter(transcript for transcript, _, _ in all_hits)
        ranked = sorted(((place, self._found[place]) for place in firsts), key=lambda item: item[1].key)
        shown = ranked[offset:] if limit is None else ranked[offset : offset + limit]
        spans = self._spans([where for where, _ in shown] if timed else ())
        hits = [
            Hit(
                self._searched(where[0]).episode, where[1], where[2], spans.get(where, UNKNOWN_SPAN),
                verified.score, verified.asked, self._cache.repeat_at(*where),
            )
            for where, verified in shown
        ]  # fmt: skip
        cut = {word: expanded.found for word, expanded in self._resolver.expanded.items() if expanded.cut}
        return Found(hits, total, exact, error, counts, cut)

    def _spans(self, places: Sequence[_Where]) -> dict[_Where, Span]:
        """Return the spans of places; an episode with more places than rows of words is read at once."""
        spans: dict[_Where, Span] = {}
        together = Counter(transcript for transcript, _, _ in places)
        times: list[tuple[float, float]] = []
        read = None
        for where in sorted(places):
            transcript, first, last = where
            words = self._searched(transcript).words
            if read != transcript and together[transcript] > max(_TOGETHER, words // CHUNK_WORDS):
                times, read = self._store.times(transcript, 0, words - 1), transcript
            spoken = times[first : last + 1] if read == transcript else self._store.times(transcript, first, last)
            spans[where] = Span(spoken[0][0], max(end for _, end in spoken))
        return spans


def _is_near(query: Query) -> bool:
    """Whether a query is one Near, possibly with conditions."""
    if isinstance(query, AllOf):
        wanted = [child for child in query.children if not is_condition(child)]
        return len(wanted) == 1 and _is_near(wanted[0])
    return isinstance(query, Near)


def _title_words(query: Query) -> list[tuple[str, ...]]:
    """Return the words and phrases of a query to look for in titles."""
    match query:
        case Term(token) | Alike(token):
            return [tokenize(token)]
        case Numeral(text):
            return [tokenize(text)]
        case Phrase(parts):
            return [tuple(chain(*(tokenize(part.text if isinstance(part, Numeral) else part) for part in parts)))]
        case AllOf(children) | AnyOf(children) | Near(children):
            return [words for child in children for words in _title_words(child)]
        case _:
            return []
