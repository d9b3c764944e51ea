"""Score recognised words against speech with known disfluencies: which are kept, and what is wrong besides."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.verbatim_speech import CUT_OFF, FILLER, FILLERS, KINDS, Recording, fold_word
from measuring import normalized_words
from rapidfuzz.distance import Levenshtein

# Costs of the alignment. A disfluency is left out more cheaply than a fluent word, so that of "I, I" heard as "I" the
# repeated start is missing; a filler is any filler, and a cut-off word any word with its
# first letter: models write "nay neighbor" where "neigh- neighbor" was said.
_DELETION, _DELETION_OF_DISFLUENCY, _INSERTION, _SUBSTITUTION = 1.0, 0.7, 1.0, 1.5


@dataclass(slots=True)
class VerbatimScore:
    """Counts over recordings; ``kept`` and ``spoken`` are by kind of disfluency."""

    kept: Counter[str] = field(default_factory=Counter)
    spoken: Counter[str] = field(default_factory=Counter)
    invented_fillers: int = 0
    wrong_words: int = 0
    fluent_words: int = 0

    def recall(self, kind: str | None = None) -> float:
        """The share of disfluencies that are kept, in percent: of one kind, or of all."""
        kinds = KINDS if kind is None else (kind,)
        spoken = sum(self.spoken[one] for one in kinds)
        return 100 * sum(self.kept[one] for one in kinds) / spoken if spoken else 0.0

    @property
    def word_error_rate(self) -> float:
        """The errors in fluent words, in percent of them: what is heard in place of a disfluency does not count."""
        return 100 * self.wrong_words / self.fluent_words if self.fluent_words else 0.0

    def add(self, recording: Recording, heard: Iterable[str]) -> None:
        """Add what was heard of a recording, word by word."""
        pieces = (fold_word(piece) for word in heard for piece in word.replace("\u2014", " ").split())
        tokens = [piece for piece in pieces if piece]
        heard_as = _align(recording, tokens)
        self.spoken.update(recording.kinds)
        whole = [True] * len(recording.kinds)
        for word, at in zip(recording.words, heard_as, strict=True):
            if word.disfluency is not None:
                kind = recording.kinds[word.disfluency]
                whole[word.disfluency] &= at is not None and _is_kept(kind, word.text, tokens[at])
        self.kept.update(kind for kind, is_whole in zip(recording.kinds, whole, strict=True) if is_whole)
        pairs = zip(recording.words, heard_as, strict=True)
        for_disfluency = {at for word, at in pairs if word.disfluency is not None}
        rest = [token for number, token in enumerate(tokens) if number not in for_disfluency]
        self.invented_fillers += sum(token in FILLERS for token in rest)
        fluent = normalized_words(" ".join(word.text for word in recording.words if word.disfluency is None))
        self.wrong_words += Levenshtein.distance(fluent, normalized_words(" ".join(rest)))
        self.fluent_words += len(fluent)


def count_fillers(heard: Iterable[str]) -> int:
    """How many of the words heard are fillers."""
    return sum(fold_word(token) in FILLERS for word in heard for token in word.split())


def _is_kept(kind: str, spoken: str, heard: str) -> bool:
    """Whether a word of a disfluency is kept: as any filler, the same word, or a word that begins like a cut-off."""
    if kind == FILLER:
        return spoken == heard or (spoken in FILLERS and heard in FILLERS)
    if kind == CUT_OFF:
        return heard[0] == spoken[0]
    return spoken == heard.rstrip("-")


def _align(recording: Recording, heard: Sequence[str]) -> list[int | None]:
    """For each word of a recording the number of the word that it is heard as, None if it is missing."""
    words = recording.words
    kinds = [None if word.disfluency is None else recording.kinds[word.disfluency] for word in words]
    left_out = [_DELETION if kind is None else _DELETION_OF_DISFLUENCY for kind in kinds]
    costs = [[number * _INSERTION for number in range(len(heard) + 1)]]
    for word, kind, deletion in zip(words, kinds, left_out, strict=True):
        above, row = costs[-1], [costs[-1][0] + deletion]
        for number, token in enumerate(heard):
            substituted = above[number] + _pair_cost(kind, word.text, token)
            row.append(min(substituted, above[number + 1] + deletion, row[number] + _INSERTION))
        costs.append(row)
    heard_as: list[int | None] = [None] * len(words)
    at, number = len(words), len(heard)
    while at and number:
        word, kind = words[at - 1], kinds[at - 1]
        if costs[at][number] == costs[at - 1][number - 1] + _pair_cost(kind, word.text, heard[number - 1]):
            at, number = at - 1, number - 1
            heard_as[at] = number
        elif costs[at][number] == costs[at - 1][number] + left_out[at - 1]:
            at -= 1
        else:
            number -= 1
    return heard_as


def _pair_cost(kind: str | None, spoken: str, heard: str) -> float:
    if kind is None:
        return 0.0 if _plain(spoken) == _plain(heard) else _SUBSTITUTION
    return 0.0 if _is_kept(kind, spoken, heard) else _SUBSTITUTION


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).rstrip("-")
