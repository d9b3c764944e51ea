"""What a library says, as one run of tokens: whether, how often and where some words stand in it.

Answers do not depend on the code under test, but for the tokenizer: positions of each token, compared with numpy.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from bench.quotes_materials import Talk

from index.language.tokens import tokenize

_BREAK = 0  # a token that no text has, between two episodes
LONG = 10  # words from which on two of them may differ in a near duplicate, not one


class SpokenTokens:
    """All tokens of some episodes, with the sorted positions of each."""

    def __init__(self, talks: Iterable[Talk]) -> None:
        self._ids: dict[str, int] = {}
        tokens = array("i")
        known: dict[str, tuple[int, ...]] = {}
        for talk in talks:
            for word in talk.words:
                if word not in known:
                    known[word] = tuple(self._ids.setdefault(token, len(self._ids) + 1) for token in tokenize(word))
                tokens.extend(known[word])
            tokens.extend([_BREAK] * LONG)
        self._tokens = np.array(tokens, dtype=np.int32)
        self._order = np.argsort(self._tokens, kind="stable").astype(np.int32)
        counts = np.bincount(self._tokens, minlength=len(self._ids) + 1)
        self._ends = np.cumsum(counts)

    def count(self, text: str) -> int:
        """Return how often the words of a text stand in a row."""
        wanted = self._read(text)
        return 0 if -1 in wanted else len(self._starts(wanted))

    def nearly_holds(self, text: str) -> bool:
        """Whether all words of a text but one, or but two of LONG and more, stand together in their order somewhere.

        Where at most n words differ, one of n + 1 pieces stands exactly; around it, each other word is looked for at
        its place and up to n words before and after.
        """
        wanted = self._read(text)
        most = 1 if len(wanted) < LONG else 2
        if len(wanted) <= most:
            return True
        cuts = [round(number * len(wanted) / (most + 1)) for number in range(most + 2)]
        for first, stop in pairwise(cuts):
            piece = wanted[first:stop]
            if -1 not in piece and len(begins := self._starts(piece) - first) and self._differ(wanted, begins, most):
                return True
        return False

    def _read(self, text: str) -> list[int]:
        return [self._ids.get(token, -1) for token in tokenize(text)]

    def _starts(self, wanted: Sequence[int]) -> np.ndarray:
        """Return the positions at which these tokens stand in a row."""
        sizes = [self._ends[token] - self._ends[token - 1] for token in wanted]
        rarest = int(np.argmin(sizes))
        token = wanted[rarest]
        begins = self._order[self._ends[token - 1] : self._ends[token]].astype(np.int64) - rarest
        begins = begins[(begins >= 0) & (begins + len(wanted) <= len(self._tokens))]
        for offset, token in enumerate(wanted):
            begins = begins[self._tokens[begins + offset] == token]
        return begins

    def _differ(self, wanted: Sequence[int], begins: np.ndarray, most: int) -> bool:
        """Whether at one of these positions at most ``most`` of the tokens are missing near their place."""
        missing = np.zeros(len(begins), dtype=np.int32)
        for offset, token in enumerate(wanted):
            near = np.zeros(len(begins), dtype=bool)
            for shift in range(-most, most + 1):
                at = np.clip(begins + offset + shift, 0, len(self._tokens) - 1)
                near |= self._tokens[at] == token
            missing += ~near
            begins, missing = begins[missing <= most], missing[missing <= most]
        return bool(len(begins))
