"""Locate a quotation: candidate passages from the index, reranked by an alignment with their words."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from audio.timecode import Span, join_near_ranges
from index.fulltext.maintenance import OpenIndex
from index.fulltext.passages import PASSAGE_TOKENS
from index.language.numbers import other_writings
from index.language.tokens import tokenize
from index.storage.transcript_reader import TranscriptFacts
from index.transcript import Episode, Word, span_of
from index.verification.alignment import Alignment, Step, align_all, compute_costs, fill_tables
from index.verification.costs import DELETION
from index.verification.edits import Edit, make_edits
from index.verification.passage_votes import Proposals, VotedPassage
from index.verification.quoted_words import QuotedWords, read_quotation
from index.verification.significance import WordRarity
from index.verification.word_forms import Forms, read_forms

FIRST_CANDIDATES, MORE_CANDIDATES = 12, 60
"""Candidate passages in the first pass, and in the second, which runs if the first finds more than filler differences;
plus one for every PASSAGE_TOKENS / 2 words of the quotation.

Measured on 1,079 quotations in a library of 15 million words: for six common words of which one is substituted, the
passages that contain most of them do not always contain them together.
"""

MOST_WORDS = 1_000
"""The longest quotation that is aligned, some six minutes of speech.

Time and memory grow with the square of its length: 0.5 to 5 s for 500 words, 3 to 14 s and 350 MB for 1,000, 2 GB for
2,000 (AMD EPYC, one core).
"""

FILLERS_ONLY_COST = DELETION["small"]
"""A cheaper alignment differs only in fillers and spelling, so no other place can be much better."""

LEAST_VOTE_SHARE = 0.25
"""Share of the best candidate's votes below which regions are not aligned: they are worse, or share one common word."""

OMISSION_REACH = 1500
"""Words between two candidates that an ellipsis may omit, about ten minutes."""

_PADDING = 25  # words on either side, in addition to 5/4 of the quotation's length
_CERTAIN = 0.7  # probability from which on a word counts as certain


@dataclass(frozen=True, slots=True)
class Match:
    """A place where a quotation may have been said: the words ``first`` to ``last`` of ``episode``, inclusive.

    ``similarity`` is 1 for the same words and 0 for nothing in common. ``edits``, joined, are the quotation on one side
    and exactly those words on the other. ``evidence`` is the surprisal, in bits, of finding so much of the quotation
    by chance. ``quoted`` are the numbers of the first and last of the quotation's words (separated by spaces) aligned
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
    """A range of a transcript that is aligned: its words from number ``first`` on, and their forms."""

    facts: TranscriptFacts
    episode: Episode
    first: int
    words: tuple[Word, ...]
    forms: Forms


def excess_length(text: str) -> str | None:
    """Return what makes a quotation too long to be aligned, as a sentence; None if it is not."""
    words = max(len(text.split()), len(tokenize(text)))
    return f"It has {words} words; at most {MOST_WORDS} are compared with speech." if words > MOST_WORDS else None


class Locator:
    """Searches one library for one quotation; used inside a snapshot of the store."""

    def __init__(self, text: str, index: OpenIndex, within: Collection[int] | None = None) -> None:
        """``within`` restricts the search to transcripts of these numbers; None for all."""
        self._text = text
        self._index = index
        self._within = within
        self._read: dict[str | None, QuotedWords] = {}
        self._facts: dict[int, tuple[TranscriptFacts, Episode] | None] = {}
        self.rarity = WordRarity(index)
        self.lowest_cost = math.inf
        """The least cost of the alignments that locate has found."""

    @property
    def length(self) -> int:
        """The number of words in the quotation, separated by spaces."""
        return len(self._text.split())

    def quoted(self, language: str | None) -> QuotedWords:
        """Return the quotation's words, normalised for this language."""
        if language not in self._read:
            self._read[language] = read_quotation(self._text, language)
        return self._read[language]

    @cached_property
    def proposals(self) -> Proposals:
        """The passages that contain some of the quotation."""
        languages = self._index.lexicon.languages()
        quoted = self.quoted("en" if "en" in languages or not languages else languages[0])
        tokens = [
            (token, number)
            for number, written in enumerate(quoted.forms.texts)
            if "*" not in written
            for token in tokenize(written)
        ]
        more = [
            (other, number)
            for form, number in zip(quoted.forms.forms, quoted.forms.firsts, strict=True)
            for other in (form.key, *other_writings(form.key))
        ]
        return Proposals(tokens, more, self._index, self._within)

    def locate(self, limit: int) -> list[Match]:
        """Return the places where the quotation may have been said, at most ``limit``, the likeliest first.

        A text without words has none. Every place that contains a rare word of the quotation is a match, however
        little else agrees; index/verification/verdicts.py judges matches. Raises LibraryError.
        """
        found = self._align_candidates(FIRST_CANDIDATES, limit)
        if self.lowest_cost >= FILLERS_ONLY_COST:
            found = self._align_candidates(MORE_CANDIDATES, limit)
        found.sort(key=lambda place: (place[0], place[1].episode.id, place[1].first + place[2].begin))
        matches: list[Match] = []
        for _, region, alignment in found:
            match = self.match(region, alignment, self.quoted(region.facts.language))
            if all(not _overlap(match, other) for other in matches):
                matches.append(match)
            if len(matches) == limit:
                break
        return matches

    def _align_candidates(self, most: int, limit: int) -> list[tuple[float, Region, Alignment]]:
        """Align the quotation with the regions around the best passages, up to ``limit`` times in each region."""
        found: list[tuple[float, Region, Alignment]] = []
        candidates = self.proposals.best(most + 2 * self.length // PASSAGE_TOKENS)
        for region, votes in self.regions(candidates):
            if found and votes < LEAST_VOTE_SHARE * candidates[0].votes:
                break
            quoted = self.quoted(region.facts.language)
            if not len(quoted) or not len(region.forms):
                continue
            tables = fill_tables(compute_costs(quoted, region.forms, _uncertainty(region)))
            for alignment in align_all(tables, math.inf, limit):
                if alignment.end > alignment.begin:
                    found.append((alignment.cost, region, alignment))
                    self.lowest_cost = min(self.lowest_cost, alignment.cost)
        return found

    def regions(self, candidates: Sequence[VotedPassage]) -> Iterator[tuple[Region, float]]:
        """Yield the regions around these candidates, near ones joined, with their votes, most votes first."""
        padding = self.length + self.length // 4 + _PADDING
        omits = any("omission" in read.gaps for read in self._read.values())
        reach = OMISSION_REACH if omits else 2 * padding
        found: list[tuple[float, int, int, int]] = []
        for transcript in {candidate.passage.transcript: None for candidate in candidates}:
            mine = [candidate for candidate in candidates if candidate.passage.transcript == transcript]
            ranges = sorted((candidate.passage.first, candidate.passage.last) for candidate in mine)
            for first, last in join_near_ranges(ranges, reach + 1):
                votes = max(candidate.votes for candidate in mine if first <= candidate.passage.first <= last)
                found.append((votes, transcript, first, last))
        for votes, transcript, first, last in sorted(found, key=lambda region: -region[0]):
            region = self.region(transcript, max(0, first - padding), last + padding)
            if region:
                yield region, votes

    def region(self, transcript: int, first: int, last: int) -> Region | None:
        """Return words ``first`` to ``last`` of a transcript; None if it no longer exists."""
        if transcript not in self._facts:
            found = self._index.store.searched(transcript)
            facts = self._index.store.facts(found[0].id) if found else None
            self._facts[transcript] = (facts, found[0]) if found and facts else None
        known = self._facts[transcript]
        if known is None:
            return None
        facts, episode = known
        words = tuple(self._index.store.words(transcript, first, last))
        return Region(facts, episode, first, words, read_forms([word.text for word in words], facts.language))

    def match(self, region: Region, alignment: Alignment, quoted: QuotedWords) -> Match:
        """Convert an alignment with a region to a match."""
        forms = region.forms
        alignment = _with_whole_words(alignment, forms)
        first, last = forms.firsts[alignment.begin], max(forms.lasts[alignment.begin : alignment.end])
        words = region.words[first : last + 1]
        edits = make_edits(alignment, quoted, forms, region.first)
        steps = [step for step in alignment.steps if step.stop > step.first]
        return Match(
            region.episode,
            region.facts.number,
            region.first + first,
            region.first + last,
            span_of(words),
            _similarity(alignment, quoted, forms),
            edits,
            self.rarity.weigh_edits(edits, region.facts.language),
            (quoted.forms.firsts[steps[0].first], quoted.forms.lasts[steps[-1].stop - 1]),
        )


def _with_whole_words(alignment: Alignment, speech: Forms) -> Alignment:
    """Extend the alignment to whole words: quoting "can" of "can't" is a deletion."""
    begin, end = alignment.begin, alignment.end
    while begin > 0 and speech.lasts[begin - 1] >= speech.firsts[alignment.begin]:
        begin -= 1
    while end < len(speech) and speech.firsts[end] <= speech.lasts[alignment.end - 1]:
        end += 1
    if (begin, end) == (alignment.begin, alignment.end):
        return alignment
    steps = list(alignment.steps)
    if begin < alignment.begin:
        first = steps[0].first
        steps.insert(0, Step(first, first, begin, alignment.begin))
    if end > alignment.end:
        stop = steps[-1].stop
        steps.append(Step(stop, stop, alignment.end, end))
    return Alignment(alignment.cost, tuple(steps))


def _similarity(alignment: Alignment, quoted: QuotedWords, speech: Forms) -> float:
    """Return the weight of what agrees as a share of all quoted forms and all deletions that no mark covers."""
    costs = compute_costs(quoted, speech)
    agreeing = weight = 0.0
    for step in alignment.steps:
        own = float(costs.insertion[step.first : step.stop].sum())
        weight += own
        if step.first == step.stop:
            weight += float(costs.deletion[step.begin : step.end].sum()) if quoted.gaps[step.first] == "none" else 0.0
        elif step.end > step.begin:
            join = (step.first, step.stop - step.first, step.begin, step.end - step.begin)
            cost = costs.joins.get(join, float(costs.substitution[step.first, step.begin]))
            agreeing += own * max(0.0, 1.0 - cost)
    return agreeing / weight if weight else 1.0


def _uncertainty(region: Region) -> np.ndarray | None:
    if all(word.probability is None or word.probability >= _CERTAIN for word in region.words):
        return None
    doubts = [0.0 if word.probability is None else max(0.0, 1 - word.probability / _CERTAIN) for word in region.words]
    return np.array([doubts[first] for first in region.forms.firsts])


def _overlap(one: Match, other: Match) -> bool:
    return one.transcript == other.transcript and one.first <= other.last and other.first <= one.last
