"""Locate a quotation: candidate passages from the index, reranked by an alignment with their words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, pairwise

import numpy as np

from audio.timecode import Span, join_near_ranges
from index.fulltext.maintenance import OpenIndex
from index.fulltext.passages import PASSAGE_TOKENS, Passage
from index.fulltext.token_cache import SearchedTranscript
from index.language.numbers.number_readings import other_writings
from index.language.tokens import tokenize, tokenize_words
from index.storage.store import Store
from index.transcript import Episode, span_of
from index.verification.alignment import Alignment, align_all, complete_edges, compute_costs, fill_tables
from index.verification.costs import DELETION, insertion_costs
from index.verification.edits import Edit, make_edits, mark_misspellings
from index.verification.passage_votes import (
    LEAST_SHARE,
    Proposals,
    SpokenTokens,
    Stretch,
    VotedPassage,
    find_stretches,
    window_length,
)
from index.verification.quoted_words import QuotedWords, read_quotation
from index.verification.significance import WordRarity
from index.verification.word_classes import is_answer
from index.verification.word_forms import REPEAT_REACH, Forms, read_forms

CANDIDATES = 60
"""Candidate passages whose densest stretches are compared; plus one for every PASSAGE_TOKENS / 2 words.

Measured on 1,079 quotations in a library of 15 million words: for six common words of which one is substituted, the
passages that contain most of them do not always contain them together.
"""

FIRST_ALIGNED, MORE_ALIGNED = 6, 20
"""Stretches that are aligned first, and in all if the first differ in more than fillers."""

SHORT = 5
"""Tokens of a short quotation."""

LEAST_BITS = 11.0
"""Least surprisal of a quotation that has a place: what has less stands several times in any episode."""

MOST_WORDS = 1_000
"""The longest quotation that is aligned, some six minutes of speech.

Time and memory grow with the square of its length: 0.5 to 5 s for 500 words, 3 to 14 s and 350 MB for 1,000, 2 GB for
2,000 (AMD EPYC, one core).
"""

FILLERS_ONLY_COST = DELETION["small"]
"""A cheaper alignment differs only in fillers and spelling, so no other place can be much better."""

OMISSION_REACH = 1500
"""Words between two candidates that an ellipsis may omit, about ten minutes."""

_PADDING = 25  # words on either side of a passage, in addition to 5/4 of the quotation's length
_MARGIN = 12  # words on either side of a stretch, in addition to 1/4 of the quotation's length
_CERTAIN = 0.7  # probability from which on a word counts as certain


SpeakerFilter = Callable[[str | None], bool]
"""Whether what a speaker says is searched; None is a speaker who is not named."""


@dataclass(frozen=True, slots=True)
class Match:
    """A place where a quotation may have been said: the words ``first`` to ``last`` of ``episode``, inclusive.

    ``similarity`` is 1 for the same words and 0 for nothing in common. ``edits``, joined, are the quotation on one side
    and exactly those words on the other. ``evidence`` is the surprisal, in bits, of finding so much of the quotation
    by chance. ``quoted`` are the numbers of the first and last of the quotation's words (split_quotation) aligned
    here, inclusive: all of them, unless the place has only a part of it.
    """

    episode: Episode
    transcript: int
    first: int
    last: int
    span: Span
    similarity: float
    edits: tuple[Edit, ...]
    evidence: float
    quoted: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Region:
    """A range of a transcript that is aligned: the forms of its words from number ``first`` on.

    ``probabilities`` are those of the words, None where they are unknown.
    """

    transcript: SearchedTranscript
    first: int
    probabilities: tuple[float | None, ...]
    forms: Forms


def excess_length(text: str) -> str | None:
    """Return what makes a quotation too long to be aligned, as a sentence; None if it is not."""
    words = max(len(text.split()), len(tokenize(text)))
    return f"It has {words} words; at most {MOST_WORDS} are compared with speech." if words > MOST_WORDS else None


class Locator:
    """Searches one library for one quotation; used inside a snapshot of the store."""

    def __init__(
        self,
        text: str,
        index: OpenIndex,
        within: Collection[int] | None = None,
        spoken_by: SpeakerFilter | None = None,
    ) -> None:
        """``within`` restricts the search to transcripts of these numbers, ``spoken_by`` to speakers; None for all."""
        self._text = text
        self._index = index
        index.cache.refresh()
        self._within = within
        self._spoken_by = spoken_by
        self._read: dict[str | None, QuotedWords] = {}
        self.rarity = WordRarity(index)
        self.lowest_cost = math.inf
        """The least cost of the alignments that locate has found."""
        self._exact: set[tuple[int, int]] = set()

    @property
    def is_short(self) -> bool:
        """Whether it has so few words that they may stand in many places, which are all compared then."""
        return len(self._tokens) <= SHORT

    @property
    def store(self) -> Store:
        """The store of the library."""
        return self._index.store

    @property
    def is_too_short(self) -> bool:
        """Whether its words stand several times in any episode, so that it has no place."""
        if len(self.tokens) < 2 and any("*" in text for text in self._text.split()):
            return False
        answers = all(is_answer(token, self._main_language) for token in self.tokens)
        return (answers and self.is_short) or self.rarity.weigh_run(self.tokens, self._main_language) < LEAST_BITS

    @property
    def tokens(self) -> list[str]:
        """The quotation's tokens, without masked words."""
        return [token for token, _ in self._tokens]

    @property
    def length(self) -> int:
        """The number of words in the quotation."""
        return len(self.quoted(self._main_language).forms.texts)

    @property
    def exact_places(self) -> Counter[int]:
        """How often locate has found the very words in each transcript."""
        return Counter(transcript for transcript, _ in self._exact)

    def quoted(self, language: str | None) -> QuotedWords:
        """Return the quotation's words, normalised for this language."""
        if language not in self._read:
            self._read[language] = read_quotation(self._text, language)
        return self._read[language]

    @cached_property
    def _main_language(self) -> str | None:
        languages = self._index.lexicon.languages()
        return "en" if "en" in languages or not languages else languages[0]

    @cached_property
    def _tokens(self) -> list[tuple[str, int]]:
        """The quotation's tokens, each with the number of its word."""
        texts = self.quoted(self._main_language).forms.texts
        return [(token, number) for number, text in enumerate(texts) if "*" not in text for token in tokenize(text)]

    @cached_property
    def _variants(self) -> list[tuple[str, int]]:
        """Tokens that may stand in speech for those of the quotation, each with the number of its word."""
        forms = self.quoted(self._main_language).forms
        return [
            (other, number)
            for form, number in zip(forms.forms, forms.firsts, strict=True)
            for other in (form.key, *other_writings(form.key))
        ]

    @cached_property
    def proposals(self) -> Proposals:
        """The passages that contain some of the quotation."""
        return Proposals(self._tokens, self._variants, self._index, self._within)

    def locate(self, limit: int, transcripts: Collection[int] | None = None) -> list[Match]:
        """Return the places where the quotation may have been said, at most ``limit``, the likeliest first.

        ``transcripts`` restricts this call. A text without words has no place. Every place that contains a rare word of
        the quotation is a match, however little else agrees; index/verification/verdicts.py judges matches. Raises
        LibraryError.
        """
        found: list[tuple[float, Region, Alignment]] = []
        most = math.inf
        candidates = self.proposals.best(CANDIDATES + 2 * self.length // PASSAGE_TOKENS, transcripts=transcripts)
        for number, region in enumerate(
            islice(self._regions(candidates), CANDIDATES if self.is_short else MORE_ALIGNED)
        ):
            if number >= FIRST_ALIGNED and self.lowest_cost < FILLERS_ONLY_COST and not self.is_short:
                break
            found += [(alignment.cost, region, alignment) for alignment in self._align(region, limit, most)]
            # Of two places of a region that overlaps another one goes, so that twice as many as are wanted are kept.
            most = min([most, *sorted(cost for cost, _, _ in found)[2 * limit - 1 : 2 * limit]])
        found.sort(key=lambda place: (place[0], place[1].transcript.episode.id, place[1].first + place[2].begin))
        matches: list[Match] = []
        for _, region, alignment in found:
            match = self.match(region, alignment, self.quoted(region.transcript.language))
            if all(not _overlap(match, other) for other in matches):
                matches.append(match)
            if len(matches) == limit:
                break
        return matches

    def _align(self, region: Region, limit: int, most: float) -> list[Alignment]:
        """Align the quotation with a region, up to ``limit`` times, at a cost of at most ``most``."""
        quoted = self.quoted(region.transcript.language)
        if not len(quoted) or not len(region.forms):
            return []
        tables = fill_tables(compute_costs(quoted, region.forms, _uncertainty(region)))
        found = [
            alignment
            for alignment in align_all(tables, most, limit)
            if alignment.end > alignment.begin and self._is_searched(region, alignment)
        ]
        self.lowest_cost = min([self.lowest_cost, *(alignment.cost for alignment in found)])
        self._exact |= {
            (region.transcript.number, region.first + region.forms.firsts[one.begin]) for one in found if one.cost == 0
        }
        return found

    def _is_searched(self, region: Region, alignment: Alignment) -> bool:
        first = region.first + region.forms.firsts[alignment.begin]
        last = region.first + region.forms.lasts[alignment.end - 1]
        return self.is_searched(region.transcript.number, first, last)

    def is_searched(self, transcript: int, first: int, last: int) -> bool:
        """Whether a speaker to whom the search is restricted speaks these words, if it is."""
        if self._spoken_by is None:
            return True
        return any(self._spoken_by(segment.speaker) for segment in self.store.segments(transcript, first, last))

    def _regions(self, candidates: Sequence[VotedPassage]) -> Iterator[Region]:
        """Yield the regions to align, the likeliest first: dense stretches or, for omissions, whole passages."""
        omits = any("omission" in read.gaps for read in self._read.values())
        for transcript, first, last in self._spanning_ranges(candidates) if omits else self.dense_ranges(candidates):
            if region := self.region(transcript, first, last):
                yield region

    def _spanning_ranges(self, candidates: Sequence[VotedPassage]) -> list[tuple[int, int, int]]:
        """Return the ranges that hold most of the pieces between omissions, each densely, the densest first."""
        read = self.quoted(self._main_language)
        cuts = [first for first, gap in zip(read.forms.firsts, read.gaps, strict=False) if gap == "omission" and first]
        speech = self._read_speech(candidates, window_length(len(self._tokens)))
        pieces = [self._find_stretches(speech, first, stop) for first, stop in pairwise([0, *cuts, self.length])]
        padding = self.length + self.length // 4 + _PADDING
        found: list[tuple[float, int, int, int]] = []
        for transcript, first, last in self._join([one.passage for one in candidates], OMISSION_REACH, padding):
            inside = [
                [one for one in stretches if one.transcript == transcript and first <= one.first <= last]
                for stretches in pieces
            ]
            if every := list(chain.from_iterable(inside)):
                weight = sum(max((one.weight for one in stretches), default=0.0) for stretches in inside)
                begin, end = min(one.first for one in every), max(one.last for one in every)
                found.append((weight, transcript, max(0, begin - padding), end + padding))
        found.sort(key=lambda one: -one[0])
        return [one[1:] for one in found if one[0] >= LEAST_SHARE * found[0][0]]

    def dense_ranges(
        self, candidates: Sequence[VotedPassage], first: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, int, int]]:
        """Yield transcript, first and last word where the words from ``first`` to ``stop`` are densest."""
        stop = self.length if stop is None else stop
        length = sum(first <= number < stop for _, number in self._tokens)
        margin = length // 4 + _MARGIN
        for stretch in self._find_stretches(self._read_speech(candidates, window_length(length)), first, stop):
            yield stretch.transcript, max(0, stretch.first - margin), stretch.last + margin

    def _read_speech(self, candidates: Sequence[VotedPassage], window: int) -> list[SpokenTokens]:
        """Read the tokens of the candidates and of a window on either side of them."""
        speech = []
        for transcript, begin, end in self._join([candidate.passage for candidate in candidates], 2 * window, window):
            if known := self._index.cache.transcript(transcript):
                spoken = tokenize_words(self.store.texts(transcript, begin, min(end, known.words - 1)))
                speech.append(SpokenTokens(transcript, begin, *spoken))
        return speech

    def _find_stretches(self, speech: Sequence[SpokenTokens], first: int, stop: int) -> list[Stretch]:
        """Return where the quoted words from ``first`` to ``stop`` are densest, the densest first."""
        numbers = range(first, stop)
        tokens = [token for token, number in self._tokens if number in numbers]
        others = [token for token, number in self._variants if number in numbers]
        weights = {token: self.rarity.bits(token, self._main_language) for token in (*tokens, *others)}
        return find_stretches(speech, tokens, weights)

    def _join(self, passages: Sequence[Passage], reach: int, padding: int) -> Iterator[tuple[int, int, int]]:
        """Yield transcript, first and last word of the padded passages, near ones joined, in the order given."""
        for transcript in dict.fromkeys(passage.transcript for passage in passages):
            ranges = sorted((one.first, one.last) for one in passages if one.transcript == transcript)
            for first, last in join_near_ranges(ranges, reach + 1):
                yield transcript, max(0, first - padding), last + padding

    def region(self, transcript: int, first: int, last: int) -> Region | None:
        """Return words ``first`` to ``last`` of a transcript; None if it no longer exists."""
        known = self._index.cache.transcript(transcript)
        if known is None:
            return None
        words = self._index.store.recognised(transcript, first, last)
        probabilities = tuple(probability for _, probability in words)
        return Region(known, first, probabilities, read_forms([text for text, _ in words], known.language))

    def match(self, region: Region, alignment: Alignment, quoted: QuotedWords) -> Match:
        """Convert an alignment with a region to a match."""
        forms = region.forms
        alignment = complete_edges(alignment, forms)
        first, last = forms.firsts[alignment.begin], max(forms.lasts[alignment.begin : alignment.end])
        words = self.store.words(region.transcript.number, region.first + first, region.first + last)
        edits = make_edits(alignment, quoted, forms, region.first, region.transcript.language)
        edits = mark_misspellings(edits, self.rarity.is_known, region.transcript.language)
        steps = [step for step in alignment.steps if step.stop > step.first]
        return Match(
            region.transcript.episode,
            region.transcript.number,
            region.first + first,
            region.first + last,
            span_of(words),
            _similarity(alignment, quoted, forms),
            edits,
            self.rarity.weigh_edits(edits, region.transcript.language),
            (quoted.forms.firsts[steps[0].first], quoted.forms.lasts[steps[-1].stop - 1]),
        )


def _similarity(alignment: Alignment, quoted: QuotedWords, speech: Forms) -> float:
    """Return the weight of what agrees as a share of all quoted forms and all deletions that no mark covers."""
    first = max(0, alignment.begin - REPEAT_REACH)
    costs = compute_costs(quoted, speech.part(first, alignment.end + REPEAT_REACH))
    weights = np.where(np.array(quoted.optional, bool), 0.0, insertion_costs(quoted.forms))
    agreeing = weight = 0.0
    for step in alignment.shifted(-first).steps:
        own = float(weights[step.first : step.stop].sum())
        weight += own
        if step.first == step.stop:
            weight += float(costs.deletion[step.begin : step.end].sum()) if quoted.gaps[step.first] == "none" else 0.0
        elif step.end > step.begin:
            join = (step.first, step.stop - step.first, step.begin, step.end - step.begin)
            cost = costs.joins.get(join, float(costs.substitution[step.first, step.begin]))
            agreeing += own * max(0.0, 1.0 - cost)
    return agreeing / weight if weight else 1.0


def _uncertainty(region: Region) -> np.ndarray | None:
    if all(probability is None or probability >= _CERTAIN for probability in region.probabilities):
        return None
    doubts = [0.0 if one is None else max(0.0, 1 - one / _CERTAIN) for one in region.probabilities]
    return np.array([doubts[first] for first in region.forms.firsts])


def _overlap(one: Match, other: Match) -> bool:
    return one.transcript == other.transcript and one.first <= other.last and other.first <= one.last
