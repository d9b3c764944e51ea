"""The fingerprints of transcripts, by which passages that recur are found, and what is left to mark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from index.storage.recurring.repeat_marks import RepeatedWords, RepeatMarks
from index.storage.untrusted import UNMARKED_COLUMNS, check_row, check_types

_SAME = "f.transcript = t.number AND f.show IS e.show AND f.language IS t.language"
"""What fingerprints f depend on."""
_UNMARKED = "t.number, t.words, t.language, e.show FROM transcripts t JOIN episodes e ON e.id = t.episode"
_LISTED = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class MarkableTranscript:
    """A complete transcript, and what its fingerprints depend on besides its words."""

    transcript: int
    words: int
    language: str | None
    show: str | None


class FingerprintLists(RepeatMarks):
    """The part of a store that keeps the fingerprints of transcripts, in inverted lists.

    A transcript with fingerprints has a ``key``, by which those of a show are ordered whatever came first.
    """

    def save_repeats(self, key: int, transcript: int, repeats: Iterable[RepeatedWords]) -> None:
        """Replace the marks of a transcript, which is no longer pending."""
        with self.transaction():
            self._connection.execute("DELETE FROM repeats WHERE transcript = ?", (transcript,))
            self._connection.executemany(
                "INSERT INTO repeats VALUES (?, ?, ?, ?)",
                ((transcript, one.first, one.last, one.family) for one in repeats),
            )
            self._connection.execute("UPDATE fingerprinted SET pending = 0 WHERE key = ?", (key,))

    def without_fingerprints(self) -> list[MarkableTranscript]:
        """Return the transcripts that have no fingerprints, or those of another show than theirs, in no order."""
        return self._without_fingerprints("")

    def lacks_fingerprints(self, one: MarkableTranscript) -> bool:
        """Whether a transcript still exists, with the same show and language, and has no fingerprints."""
        return self._without_fingerprints("AND t.number = ?", one.transcript) == [one]

    def _without_fingerprints(self, condition: str, *arguments: int) -> list[MarkableTranscript]:
        rows = self._rows(
            f"SELECT {_UNMARKED} LEFT JOIN fingerprinted f ON {_SAME} WHERE f.key IS NULL {condition}", *arguments
        )
        return self._read_unmarked(rows)

    def superfluous_fingerprints(self) -> list[int]:
        """Return the keys of fingerprints whose transcript no longer exists, or is of another show now."""
        rows = self._rows(
            "SELECT f.key FROM fingerprinted f WHERE NOT EXISTS (SELECT 1 FROM transcripts t"
            f" JOIN episodes e ON e.id = t.episode WHERE {_SAME}) ORDER BY f.key"
        )
        return [row[0] for row in rows]

    def add_fingerprints(self, added: Iterable[tuple[int, MarkableTranscript, Iterable[tuple[int, int]]]]) -> None:
        """Store the fingerprints of transcripts, hashes and places, under their keys, or the next that are free.

        The transcripts are pending then.
        """
        rows: list[tuple[int, int, int]] = []
        with self.transaction():
            for wanted, one, prints in added:
                key = wanted
                while self._transcript_of(key) is not None:
                    key += 1
                self._connection.execute(
                    "INSERT INTO fingerprinted VALUES (?, ?, ?, ?, 1)", (key, one.transcript, one.show, one.language)
                )
                rows += ((hash_, key, place) for hash_, place in prints)
            self._connection.executemany("INSERT INTO fingerprints VALUES (?, ?, ?)", sorted(rows))

    def remove_fingerprints(self, keys: Sequence[int]) -> None:
        """Delete the fingerprints of transcripts, and their marks if they still exist."""
        listed = (json.dumps(keys),)
        with self.transaction():
            for statement in (
                "DELETE FROM repeats WHERE transcript IN"
                f" (SELECT transcript FROM fingerprinted WHERE key IN {_LISTED})",
                f"DELETE FROM fingerprints WHERE key IN {_LISTED}",
                f"DELETE FROM fingerprinted WHERE key IN {_LISTED}",
            ):
                self._connection.execute(statement, listed)

    def fingerprints_of(self, keys: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Return the hashes and the places of the fingerprints of transcripts, by their keys."""
        found: dict[int, list[tuple[int, int]]] = {key: [] for key in keys}
        rows = self._rows(f"SELECT key, hash, place FROM fingerprints WHERE key IN {_LISTED}", json.dumps(keys))
        for key, hash_, place in rows:
            found[key].append((hash_, place))
        return found

    def forget_fingerprints(self) -> None:
        """Delete all fingerprints and marks: they are found anew."""
        with self.transaction():
            for table in ("repeats", "fingerprints", "fingerprinted"):
                self._connection.execute(f"DELETE FROM {table}")

    def transcript_of(self, key: int) -> int:
        """Return the number of the transcript with this key."""
        number = self._transcript_of(key)
        with self._damage_noticed("The list of fingerprints"):
            if number is None:
                raise ValueError(f"it has no transcript with the key {key}")
        return number

    def _transcript_of(self, key: int) -> int | None:
        row = next(self._rows("SELECT transcript FROM fingerprinted WHERE key = ?", key), None)
        return row[0] if row else None

    def owners_of(self, hashes: Iterable[int], most: int) -> dict[int, list[tuple[int, int]]]:
        """Return for each fingerprint the keys of the transcripts that have it, with its places: the ``most`` smallest.

        Those that no transcript has are left out.
        """
        rows = list(
            self._rows(
                f"SELECT f.hash, f.key, f.place FROM {_LISTED} asked CROSS JOIN fingerprints f ON f.hash = asked.value"
                " AND f.key <= coalesce((SELECT key FROM fingerprints WHERE hash = asked.value"
                " ORDER BY key LIMIT 1 OFFSET ?), x'') ORDER BY f.hash, f.key, f.place",  # a blob is above any number
                json.dumps(list(dict.fromkeys(hashes))), most - 1,
            )
        )  # fmt: skip
        with self._damage_noticed("The list of fingerprints"):
            check_types({value for row in rows for value in row}, int)
        return {
            hash_: [(key, place) for _, key, place in islice(owners, most)]
            for hash_, owners in groupby(rows, key=itemgetter(0))
        }

    def mark_pending(self, keys: Iterable[int]) -> None:
        """Record that the marks of these transcripts must be found anew."""
        with self.transaction():
            self._connection.executemany("UPDATE fingerprinted SET pending = 1 WHERE key = ?", ((key,) for key in keys))

    def pending(self) -> list[int]:
        """Return the keys of the transcripts whose marks must be found anew, in order."""
        return [row[0] for row in self._rows("SELECT key FROM fingerprinted WHERE pending ORDER BY key")]

    def pending_transcript(self, key: int) -> MarkableTranscript | None:
        """Return the transcript with this key, None if it no longer exists or is marked already."""
        rows = self._rows(f"SELECT {_UNMARKED} JOIN fingerprinted f ON {_SAME} WHERE f.key = ? AND f.pending", key)
        return next(iter(self._read_unmarked(rows)), None)

    def _read_unmarked(self, rows: Iterable[Sequence[Any]]) -> list[MarkableTranscript]:
        with self._damage_noticed("The list of transcripts"):
            return [_markable(row) for row in rows]


def _markable(row: Sequence[Any]) -> MarkableTranscript:
    check_row(row, UNMARKED_COLUMNS)
    return MarkableTranscript(*row)
