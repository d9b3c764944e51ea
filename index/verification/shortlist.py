"""Shortlist of stretches of speech for a quotation: where its words stand densest, before the alignment.

Most candidate passages share words with the quotation that are scattered over them. Counting the words in a sliding
window costs a tenth of an alignment, and finds the few stretches that are worth one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LONE_WORD = 0.5
"""Weight of a quoted word anywhere in a window; the rest is for following the word that it follows in the quotation."""

LEAST_SHARE = 0.5
"""Share of the densest window's weight below which a window is not aligned."""

WIDENING, EXTRA_TOKENS = 1.25, 2
"""Tokens of a window, as a multiple of the quotation's and in addition: speech has words that are not quoted."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The words ``first`` to ``last`` of a transcript, inclusive, and the weight of their densest window."""

    transcript: int
    first: int
    last: int
    weight: float


@dataclass(frozen=True, slots=True)
class SpokenTokens:
    """Tokens of a transcript, in order, with the word number of each."""

    transcript: int
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
        yield Stretch(run.transcript, run.owners[int(starts[0])], run.owners[last], float(sums[starts].max()))
