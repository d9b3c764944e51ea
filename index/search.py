"""Query tree -> Hits: the index proposes passages, the words decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from audio.timecode import Span
from index.fulltext import Candidate, CandidateIndex
from index.passages import OVERLAP_TOKENS
from index.query import AllOf, AnyOf, Phrase, Query, Term
from index.store import Store, TranscriptFacts
from index.tokens import find_token_runs, tokenize_words
from index.transcript import Hit

_FIRST_CANDIDATES = 200
"""Passages verified before any is shown: closeness of the words may lift one from far down."""


class Forms(Protocol):
    """The part of the lexicon that search needs."""

    def forms(self, token: str, language: str | None) -> frozenset[str]:
        """The words of the library that share a token's stem."""

    def languages(self) -> list[str | None]:
        """The languages of the library."""


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """A range of tokens of one passage, both ends included, and those of them that the query asked for."""

    first: int
    last: int
    asked: tuple[int, ...]

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def find(query: Query, store: Store, index: CandidateIndex, lexicon: Forms, limit: int | None = 10) -> list[Hit]:
    """The best ``limit`` hits (None: all), best first; each place once, as exactly the words that match."""
    with store.snapshot():
        return _find(query, store, index, lexicon, limit)


def _find(query: Query, store: Store, index: CandidateIndex, lexicon: Forms, limit: int | None) -> list[Hit]:
    search = _Search(query, store, lexicon)
    found: dict[tuple[int, int, int], tuple[float, tuple[int, ...]]] = {}
    wanted_candidates = None if limit is None else max(_FIRST_CANDIDATES, 4 * limit)
    verified = 0
    while True:
        candidates = index.propose(query, lexicon.languages(), wanted_candidates)
        for candidate in candidates[verified:]:
            for first, last, score, asked in search.verify(candidate):
                key = (candidate.transcript, first, last)
                found[key] = max((score, asked), found.get(key, (0.0, ())))
        verified = len(candidates)
        exhausted = wanted_candidates is None or len(candidates) < wanted_candidates
        if exhausted or (limit is not None and len(found) >= limit):
            break
        wanted_candidates = None if wanted_candidates is None else 4 * wanted_candidates
    ranked = sorted(found.items(), key=lambda item: (-item[1][0], search.order(item[0][0]), item[0][1:]))
    return [search.hit(*place, *judged) for place, judged in ranked[:limit]]


class _Search:
    """One query against one library: what is asked of the store is asked once."""

    def __init__(self, query: Query, store: Store, lexicon: Forms) -> None:
        self._query = query
        self._store = store
        self._lexicon = lexicon
        self._owners = store.transcripts()
        self._facts: dict[int, TranscriptFacts | None] = {}
        self._forms: dict[tuple[str, str | None], frozenset[str]] = {}
        self._reach = max(0, _longest_phrase(query) - OVERLAP_TOKENS)

    def verify(self, candidate: Candidate) -> Iterator[tuple[int, int, float, tuple[int, ...]]]:
        """The hits of a proposed passage: first and last word, score, and the words that were asked for."""
        facts = self._facts_of(candidate.transcript)
        if facts is None:
            return  # removed since the index was opened
        texts = self._store.texts(candidate.transcript, candidate.first, candidate.last)
        tokens, owners = tokenize_words(texts)
        own = len(tokens)
        beyond = candidate.last + 1
        while len(tokens) < own + self._reach and beyond < facts.words:
            # A phrase longer than the overlap may run on behind the passage in which it begins.
            last = beyond + self._reach + OVERLAP_TOKENS
            more, numbers = tokenize_words(self._store.texts(candidate.transcript, beyond, last))
            tokens += more
            owners += [number + beyond - candidate.first for number in numbers]
            beyond = last + 1
        for place in self._places(self._query, tokens, own, facts.language):
            closeness = min(1.0, len(place.asked) / place.length)
            yield (
                candidate.first + owners[place.first],
                candidate.first + owners[place.last],
                candidate.score * (1 + closeness) / 2,
                tuple(sorted({candidate.first + owners[token] for token in place.asked})),
            )

    def order(self, transcript: int) -> tuple[str, str]:
        """What decides between hits of one score: the later date first, then the id."""
        episode = self._store.episode(self._owners[transcript])
        date = (episode.published if episode else None) or ""
        return "".join(chr(0x10FFFF - ord(character)) for character in date), self._owners[transcript]

    def hit(self, transcript: int, first: int, last: int, score: float, asked: tuple[int, ...]) -> Hit:
        """The hit with its episode and times."""
        episode = self._store.episode(self._owners[transcript])
        words = self._store.words(transcript, first, last)
        assert episode is not None and words
        return Hit(episode, first, last, Span(words[0].start, max(word.end for word in words)), score, asked)

    def _facts_of(self, transcript: int) -> TranscriptFacts | None:
        if transcript not in self._facts:
            owner = self._owners.get(transcript)
            facts = self._store.facts(owner) if owner else None
            self._facts[transcript] = facts if facts and facts.number == transcript else None
        return self._facts[transcript]

    def _places(self, query: Query, tokens: Sequence[str], own: int, language: str | None) -> list[_Place]:
        """Where a passage answers; its ``own`` tokens count, those behind serve only to complete long phrases."""
        match query:
            case Term(token):
                forms = self._forms_of(token, language)
                return [_Place(place, place, (place,)) for place in range(own) if tokens[place] in forms]
            case Phrase(wanted):
                inside = min(len(wanted), OVERLAP_TOKENS)
                return [
                    _Place(start, start + len(wanted) - 1, tuple(range(start, start + len(wanted))))
                    for start in find_token_runs(tokens, wanted)
                    if start + inside <= own
                ]
            case AnyOf(children):
                return sorted({place for child in children for place in self._places(child, tokens, own, language)})
            case AllOf(children, excluded):
                if any(self._places(child, tokens, own, language) for child in excluded):
                    return []
                each = [self._places(child, tokens, own, language) for child in children]
                return each[0] if len(each) == 1 else _tightest_places(each)

    def _forms_of(self, token: str, language: str | None) -> frozenset[str]:
        key = (token, language)
        if key not in self._forms:
            self._forms[key] = self._lexicon.forms(token, language)
        return self._forms[key]


def _tightest_places(each: list[list[_Place]]) -> list[_Place]:
    """The tightest range that holds one place of each list, then the tightest apart from it, and so on."""
    if not all(each):
        return []
    covers = _minimal_covers(each)
    chosen: list[_Place] = []
    for cover in sorted(covers, key=lambda cover: (cover.length, cover.first)):
        if all(cover.last < other.first or other.last < cover.first for other in chosen):
            chosen.append(cover)
    return sorted(chosen)


def _minimal_covers(each: list[list[_Place]]) -> list[_Place]:
    """For every place that can begin one, the shortest range that begins there and holds one of each list."""
    covers = []
    for start in sorted({place.first for places in each for place in places}):
        ends = [
            min((place for place in places if place.first >= start), key=lambda place: place.last, default=None)
            for places in each
        ]
        reached = [end for end in ends if end is not None]
        if len(reached) < len(each):
            break
        asked = sorted({token for place in reached for token in place.asked})
        covers.append(_Place(start, max(place.last for place in reached), tuple(asked)))
    return covers


def _longest_phrase(query: Query) -> int:
    match query:
        case Phrase(tokens):
            return len(tokens)
        case AllOf(children, excluded):
            return max(map(_longest_phrase, (*children, *excluded)))
        case AnyOf(children):
            return max(map(_longest_phrase, children))
        case _:
            return 1
