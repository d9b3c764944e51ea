"""The marks of passages that recur: words of a transcript, and the family of passages that say the same."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.storage.schema import SHOWS_TABLES
from index.storage.transcript_reader import TranscriptReader
from index.storage.untrusted import REPEAT_COLUMNS, check_row


@dataclass(frozen=True, slots=True)
class RepeatedWords:
    """Words ``first`` to ``last`` of a transcript recur; those of other transcripts have the same ``family``."""

    first: int
    last: int
    family: int


class RepeatMarks(TranscriptReader):
    """The part of a store that is about the marks of passages that recur."""

    def repeats(self, transcript: int) -> list[RepeatedWords]:
        """Return the passages of a transcript that recur, in order."""
        if self._version() < SHOWS_TABLES:
            return []
        rows = self._rows("SELECT first, last, family FROM repeats WHERE transcript = ? ORDER BY first", transcript)
        with self._damage_noticed(f"The repeats of transcript {transcript}"):
            return [_repeated(row) for row in rows]

    def repeated_in(self, transcript: int, first: int, last: int) -> int | None:
        """Return the number of other episodes in which the passage recurs that holds these words, None if it does not.

        It holds half of them or more.
        """
        family = repeat_at(self.repeats(transcript), first, last)
        return None if family is None else self.other_episodes(family)

    def other_episodes(self, family: int) -> int:
        """Return the number of episodes in which a passage occurs, besides one that is known: at least two."""
        count: int = next(self._rows("SELECT count(DISTINCT transcript) FROM repeats WHERE family = ?", family))[0]
        return max(2, count - 1)

    def new_family(self) -> int:
        """Return a number that no passage has."""
        number: int = next(self._rows("SELECT coalesce(max(family), 0) + 1 FROM repeats"))[0]
        return number

    def merge_families(self, kept: int, gone: int) -> None:
        """Make two families one: their passages are the same."""
        with self.transaction():
            self._connection.execute("UPDATE repeats SET family = ? WHERE family = ?", (kept, gone))


def repeat_at(repeats: Sequence[RepeatedWords], first: int, last: int) -> int | None:
    """Return the family of the passage that holds half of these words or more, None if none does."""
    held: Counter[int] = Counter()
    for one in repeats[bisect_left(repeats, first, key=lambda one: one.last) :]:
        if one.first > last:
            break
        held[one.family] += min(last, one.last) + 1 - max(first, one.first)
    family, words = max(held.items(), key=lambda item: (item[1], -item[0]), default=(None, 0))
    return family if 2 * words > last - first else None


def _repeated(row: Sequence[Any]) -> RepeatedWords:
    check_row(row, REPEAT_COLUMNS)
    return RepeatedWords(*row)
