"""Regions that two transcripts may have in common: fingerprints that they share, one after the other in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.repeats.fingerprints import GRAM_TOKENS

_NEAR_WORDS = 40
"""The most words between two shared fingerprints of one region."""
_DRIFT = 12
"""The most words that one transcript may have more than the other between two shared fingerprints."""

Seed = tuple[int, int]
"""The words with which a shared 4-gram begins in two transcripts."""


@dataclass(frozen=True, slots=True)
class SharedRegion:
    """Shared fingerprints, one after the other in both transcripts."""

    seeds: tuple[Seed, ...]

    def words(self, side: int, reach: int = 0) -> tuple[int, int]:
        """Return the first and the last word in the first (0) or the second (1) transcript, and ``reach`` more."""
        return max(0, self.seeds[0][side] - reach), self.seeds[-1][side] + GRAM_TOKENS - 1 + reach


def find_regions(seeds: Sequence[Seed]) -> list[SharedRegion]:
    """Return the regions of at least two places of the first transcript."""
    ordered = sorted(set(seeds))
    if not any(0 < after - before <= _NEAR_WORDS for (before, _), (after, _) in pairwise(ordered)):
        return []  # as between most transcripts
    chains: list[list[Seed]] = []
    near: list[list[Seed]] = []
    for seed in ordered:
        near = [chain for chain in near if seed[0] - chain[-1][0] <= _NEAR_WORDS]
        fitting = [chain for chain in near if _follows(chain[-1], seed)]
        if fitting:
            min(fitting, key=lambda chain: abs(_drift(chain[-1], seed))).append(seed)
        else:
            near.append([seed])
            chains.append(near[-1])
    return [SharedRegion(tuple(chain)) for chain in chains if len(chain) > 1]


def _follows(last: Seed, seed: Seed) -> bool:
    return seed[0] > last[0] and seed[1] > last[1] and abs(_drift(last, seed)) <= _DRIFT


def _drift(last: Seed, seed: Seed) -> int:
    return (seed[0] - last[0]) - (seed[1] - last[1])
