"""Candidates for a quotation before the alignment: passages by its rare words and n-grams, and dense stretches.

Every stem and gram of the quotation votes for the passages that contain it, weighted by inverse document frequency. The
postings are read once, so that any part of the quotation can be looked up; splices are found this way.

Most candidate passages share words with the quotation that are scattered over them. Counting the words in a sliding
window costs a tenth of an alignment, and finds the few stretches that are worth one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from index.fulltext.maintenance import OpenIndex
from index.fulltext.passages import Passage
from index.fulltext.query_terms import IndexField
from index.language.capitals import ABBREVIATED
from index.language.common_words import common_grams
from index.language.phonetics import sound_of
from index.language.tokens import stem_token

MOST_POSTINGS = 120_000
"""Postings read for one quotation, rarest first: 0.3 us each."""

MOST_ALIKE = 8
"""Words of the same sound that replace one that is not in the lexicon."""

OTHER_WEIGHT = 0.5
"""Relative weight of a word that is not quoted, but may be its transcription or another spelling."""


LONE_WORD = 0.5
"""Weight of a quoted word anywhere in a window; the rest is for following the word that it follows in the quotation."""

LEAST_SHARE = 0.5
"""Share of the densest window's weight below which a window is not aligned."""

WIDENING, EXTRA_TOKENS = 1.25, 2
"""Tokens of a window, as a multiple of the quotation's and in addition: speech has words that are not quoted."""


@dataclass(frozen=True, slots=True)
class VotedPassage:
    """A candidate passage and its votes."""

    passage: Passage
    votes: float


@dataclass(frozen=True, slots=True)
class _Ballot:
    """The votes of a stem or gram: its word number in the quotation, its weight, and its postings."""

    place: int
    weight: float
    passages: NDArray[np.int64]


class Proposals:
    """The candidate passages of one quotation."""

    def __init__(
        self,
        tokens: Sequence[tuple[str, int]],
        others: Sequence[tuple[str, int]],
        index: OpenIndex,
        within: Collection[int] | None = None,
    ) -> None:
        """``tokens``: the quotation's, each with its word number; ``others``: their variants in speech.

        ``within`` restricts the candidates to transcripts of these numbers; None for all. Raises IndexDamagedError.
        """
        self._fulltext = index.fulltext
        self._within = None if within is None else index.fulltext.inside(within)
        self._ballots = _read_ballots(tokens, others, index)

    def best(
        self, limit: int, first: int = 0, stop: int | None = None, transcripts: Collection[int] | None = None
    ) -> list[VotedPassage]:
        """Return up to ``limit`` passages for the words from ``first`` to ``stop``, exclusive, most votes first.

        ``transcripts`` restricts this call further.
        """
        votes = np.zeros(self._fulltext.numbers())
        for ballot in self._ballots:
            if first <= ballot.place < (stop if stop is not None else math.inf):
                votes[ballot.passages] += ballot.weight
        if self._within is not None:
            votes[~self._within] = 0.0
        if transcripts is not None:
            votes[~self._fulltext.inside(transcripts)] = 0.0
        top = np.flatnonzero(votes > 0)
        if limit < len(top):
            top = top[votes[top] >= np.partition(votes[top], -limit)[-limit]]
        order = top[np.argsort(-votes[top], kind="stable")][:limit]
        return [VotedPassage(self._fulltext.passage(int(n)), float(votes[n])) for n in order]


def _read_ballots(
    tokens: Sequence[tuple[str, int]], others: Sequence[tuple[str, int]], index: OpenIndex
) -> list[_Ballot]:
    fulltext, lexicon = index.fulltext, index.lexicon
    keys: dict[tuple[IndexField, str], tuple[int, float]] = {}
    for language in lexicon.languages():
        for token, place in tokens:
            for written in _cases(token):
                keys.setdefault(("stems", stem_token(written, language)), (place, 1.0))
        for (token, place), (following, _) in pairwise(tokens):
            for pair in product(_cases(token), _cases(following)):
                for gram in common_grams(pair, language):
                    keys.setdefault(("grams", gram), (place, 1.0))
            keys.setdefault(("stems", stem_token(token + following, language)), (place, OTHER_WEIGHT))
        unknown = [(token, place) for token, place in tokens if sound_of(token) and not lexicon.count(token)]
        alike = [(word, place) for token, place in unknown for word in lexicon.same_sound(token, MOST_ALIKE)]
        for token, place in (*others, *alike):
            keys.setdefault(("stems", stem_token(token, language)), (place, OTHER_WEIGHT))
    counted = sorted((frequency, key) for key in keys if (frequency := fulltext.frequency(*key)))
    ballots: list[_Ballot] = []
    left = MOST_POSTINGS
    for frequency, key in counted:
        if frequency > left and ballots:
            break
        left -= frequency
        place, share = keys[key]
        ballots.append(_Ballot(place, share * math.log((fulltext.numbers() + 1) / frequency), fulltext.postings(*key)))
    return ballots


def _cases(token: str) -> tuple[str, ...]:
    """Return a token as a word and as an abbreviation: the words of the places decide which of the two is meant."""
    return (token, token.upper()) if token in ABBREVIATED else (token,)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The words ``first`` to ``last`` of a transcript, inclusive, and the weight of their densest window."""

    transcript: int
    first: int
    last: int
    weight: float


@dataclass(frozen=True, slots=True)
class SpokenTokens:
    """Tokens of a transcript from word ``first`` on, in order, with the word number of each, counted from there."""

    transcript: int
    first: int
    tokens: Sequence[str]
    owners: Sequence[int]


def window_length(tokens: int) -> int:
    """Return the tokens of a window for a quotation of this many."""
    return int(WIDENING * tokens) + EXTRA_TOKENS


def find_stretches(
    speech: Iterable[SpokenTokens], quoted: Sequence[str], weights: Mapping[str, float]
) -> list[Stretch]:
    """Return the stretches whose windows are at least LEAST_SHARE as dense as the densest one, densest first.

    ``quoted`` are the quotation's tokens in order; ``weights`` also has tokens that may stand for them.
    """
    window = window_length(len(quoted))
    parts = _Parts.of(quoted, weights)
    weighed = [(run, parts.weigh_windows(run.tokens, window)) for run in speech if len(run.tokens)]
    best = max((float(sums.max()) for _, sums in weighed), default=0.0)
    if best <= 0.0:
        return []
    found = [stretch for run, sums in weighed for stretch in _dense_runs(run, sums, window, LEAST_SHARE * best)]
    return sorted(found, key=lambda stretch: (-stretch.weight, stretch.transcript, stretch.first))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The tokens and pairs of tokens of a quotation: a row for each, how often it has it, and its weight."""

    rows: Mapping[str | tuple[str, str], int]
    most: NDArray[np.float64]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, quoted: Sequence[str], weights: Mapping[str, float]) -> _Parts:
        """Return the parts of a quotation; a token that may stand for another counts once."""
        counts: Counter[str | tuple[str, str]] = Counter(quoted)
        counts.update(pairwise(quoted))
        counts.update(token for token in weights if token not in counts)
        rows = {part: row for row, part in enumerate(counts)}
        weighed = [
            LONE_WORD * weights[part] if isinstance(part, str) else (1 - LONE_WORD) * weights[part[1]] for part in rows
        ]
        return cls(rows, np.array(list(counts.values()), float)[:, None], np.array(weighed))

    def weigh_windows(self, tokens: Sequence[str], window: int) -> NDArray[np.float64]:
        """Return the weight of the window that begins at each token; the last windows are shorter.

        A part counts at most as often as the quotation has it.
        """
        held = np.zeros((len(self.rows), len(tokens) + window + 1))
        before = None
        for place, token in enumerate(tokens, 1):
            row = self.rows.get(token)
            if row is not None:
                held[row, place] = 1
                pair = self.rows.get((before, token)) if before is not None else None
                if pair is not None:
                    held[pair, place] = 1
            before = token if row is not None else None
        running = np.cumsum(held, axis=1)
        counts = running[:, window : window + len(tokens)] - running[:, : len(tokens)]
        weights: NDArray[np.float64] = self.weights @ np.minimum(counts, self.most)
        return weights


def _dense_runs(run: SpokenTokens, sums: NDArray[np.float64], window: int, least: float) -> Iterable[Stretch]:
    dense = np.flatnonzero(sums >= least)
    if not len(dense):
        return
    for starts in np.split(dense, np.flatnonzero(np.diff(dense) > window) + 1):
        last = min(int(starts[-1]) + window, len(run.tokens)) - 1
        first, last = (run.first + run.owners[place] for place in (int(starts[0]), last))
        yield Stretch(run.transcript, first, last, float(sums[starts].max()))
