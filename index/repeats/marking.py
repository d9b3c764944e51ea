"""Mark the words of a transcript that recur in at least two other episodes of its show.

A passage that recurs in all episodes is compared with a few of them, those with the smallest keys, so that the time for
an episode does not grow with their number.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.repeats.fingerprints import Fingerprint, TokenizedText, find_fingerprints, tokenize_texts
from index.repeats.recurrence import find_recurrence
from index.repeats.regions import Seed, SharedRegion, find_regions
from index.storage.recurring.fingerprint_lists import MarkableTranscript
from index.storage.recurring.repeat_marks import RepeatedWords
from index.storage.store import Store

MOST_OWNERS = 24
"""The most other transcripts that are looked at for one fingerprint."""
_OTHER_EPISODES = 2
"""A word that is marked recurs in at least so many."""
_COMPARED, _MOST_COMPARED = 6, 16
"""Other episodes that a passage is compared with where there are more, and where words of it are not marked yet: copies
that are cut or misrecognised leave these words to others."""
_REACH = 40
"""Words around the shared fingerprints of a region that are compared."""
LEAST_WORDS = 16
"""The fewest marked words of a passage: 6 s of speech."""
_BRIDGED = 12
"""The most words between two runs of marked words of one passage."""


@dataclass(frozen=True, slots=True)
class Partner:
    """Another transcript, by its key, that shares fingerprints with one in some regions."""

    key: int
    regions: list[SharedRegion]


def find_partners(store: Store, key: int | None, prints: Iterable[Fingerprint]) -> list[Partner]:
    """Return the transcripts that share fingerprints with that of this key, None for one that is not added yet.

    Those with the largest regions come first.
    """
    seeds: defaultdict[int, list[Seed]] = defaultdict(list)
    listed = list(prints)
    owners = store.owners_of((hash_ for hash_, _ in listed), MOST_OWNERS + 1)
    for hash_, place in listed:
        for owner, other_place in owners.get(hash_, ()):
            seeds[owner].append((place, other_place))
    if key is not None:
        seeds.pop(key, None)
    partners = [Partner(other, find_regions(shared)) for other, shared in seeds.items() if len(shared) > 1]
    largest = sorted(partners, key=lambda one: (-sum(len(region.seeds) for region in one.regions), one.key))
    return [one for one in largest if one.regions]


def find_repeats(store: Store, key: int, searched: MarkableTranscript) -> list[RepeatedWords]:
    """Return the passages of a transcript that recur in other episodes."""
    text = tokenize_texts(store.spoken_texts(searched.transcript, 0, searched.words - 1))
    marks = _Marks(text, _families_of(text, store.repeats(searched.transcript)))
    for partner in find_partners(store, key, find_fingerprints(text, searched.language, searched.show)):
        regions = list(filter(marks.lacks, partner.regions))
        if regions:
            marks.compare(regions, store.transcript_of(partner.key), store)
    return marks.passages(store.new_family())


class _Marks:
    """The tokens of a transcript, the number of other episodes in which each recurs, and the family of each, or 0."""

    def __init__(self, text: TokenizedText, families: NDArray[np.int64]) -> None:
        self._text, self._families = text, families
        self._others = np.zeros(len(text.tokens), np.int64)
        self._compared = np.zeros(len(text.tokens), np.int64)

    def lacks(self, region: SharedRegion) -> bool:
        """Whether a region should be compared with more episodes."""
        part = self._slice(*region.words(0))
        compared, others = self._compared[part], self._others[part]
        return bool(((compared < _COMPARED) | ((others < _OTHER_EPISODES) & (compared < _MOST_COMPARED))).any())

    def compare(self, regions: Sequence[SharedRegion], other: int, store: Store) -> None:
        """Count in which tokens of these regions another transcript recurs; learn their families from its marks."""
        known = store.repeats(other)
        recurs = np.zeros(len(self._others), bool)
        for region in regions:
            self._compared[self._slice(*region.words(0))] += 1
            part = self._slice(*region.words(0, _REACH))
            first, last = region.words(1, _REACH)
            text = tokenize_texts(store.spoken_texts(other, first, last), first)
            found = find_recurrence(self._text.tokens[part], text.tokens)
            recurs[part] |= found.recurs
            places = np.flatnonzero(found.recurs & (found.aligned >= 0))
            self._learn(part.start + places, _families_of(text, known)[found.aligned[places]], store)
        self._others += recurs

    def _learn(self, places: NDArray[np.int64], families: NDArray[np.int64], store: Store) -> None:
        """Take the families of tokens from those that they are aligned with; two that hold the same become one."""
        mine = self._families[places]
        differ = (mine != families) & (mine > 0) & (families > 0)
        pairs = Counter(zip(mine[differ].tolist(), families[differ].tolist(), strict=True))
        self._families[places] = np.where(mine > 0, mine, families)
        for pair, count in pairs.items():
            if count >= LEAST_WORDS:
                kept, gone = sorted(pair)
                store.merge_families(kept, gone)
                self._families[self._families == gone] = kept

    def passages(self, free_family: int) -> list[RepeatedWords]:
        """Return the marked words, in runs of one family each; ``free_family`` is the first that no passage has."""
        words, begins = np.unique(self._text.owners, return_index=True)  # those that have tokens
        if not len(words):
            return []
        marked = np.minimum.reduceat(self._others, begins) >= _OTHER_EPISODES
        passages: list[RepeatedWords] = []
        for places in _long_passages(np.flatnonzero(marked)):
            families = self._families[begins[places]]
            if not families.any():
                families[:] = free_family
                free_family += 1
            families = _fill(families)
            ends = np.flatnonzero((np.diff(places) > 1) | (np.diff(families) != 0))
            for first, last in zip([0, *(ends + 1)], [*ends, len(places) - 1], strict=True):
                passages.append(
                    RepeatedWords(int(words[places[first]]), int(words[places[last]]), int(families[first]))
                )
        return passages

    def _slice(self, first: int, last: int) -> slice:
        """Return where the tokens of a range of words are."""
        return slice(bisect_left(self._text.owners, first), bisect_right(self._text.owners, last))


def _families_of(text: TokenizedText, known: Sequence[RepeatedWords]) -> NDArray[np.int64]:
    """Return the family of each token, 0 for those that are not marked."""
    families = np.zeros(len(text.tokens), np.int64)
    for one in known:
        families[bisect_left(text.owners, one.first) : bisect_right(text.owners, one.last)] = one.family
    return families


def _long_passages(places: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Divide the marked words into passages, and return those that are long enough."""
    passages = np.split(places, np.flatnonzero(np.diff(places) > _BRIDGED) + 1)
    return [passage for passage in passages if len(passage) >= LEAST_WORDS]


def _fill(families: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each word without a family that of the nearest one before it that has one, else after it."""
    known = np.flatnonzero(families)
    nearest = np.searchsorted(known, np.arange(len(families)), side="right") - 1
    return families[known[np.maximum(nearest, 0)]]
