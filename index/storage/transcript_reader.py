"""Read parts of transcripts: words and sentences by number, and the words at a time by binary search."""

from __future__ import annotations

import json
import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from audio.errors import WayOut
from audio.timecode import Span
from index.errors import RESTORE_OR_TRANSCRIBE_AGAIN, LibraryError
from index.storage.codecs.cue_codec import decode_cues
from index.storage.codecs.word_codec import (
    CHUNK_WORDS,
    count_words,
    decode_reached,
    decode_recognised,
    decode_spoken,
    decode_texts,
    decode_times,
    decode_words,
)
from index.storage.database import Database
from index.storage.schema import CUES_TABLE
from index.storage.untrusted import SEGMENT_COLUMNS, check_cover, check_length, check_row, check_types
from index.transcript import Cue, Flaw, Segment, Timing, Transcript, Word

_LAST_WORD = 2**62


@dataclass(frozen=True, slots=True)
class TranscriptFacts:
    """The metadata of a complete transcript."""

    number: int
    language: str | None
    engine: str
    model: str
    settings: str
    timing: Timing
    gaps: tuple[Span, ...]
    words: int


class TranscriptReader(Database):
    """The part of a store that reads ranges of its transcripts."""

    def words(self, transcript: int, first: int, last: int) -> list[Word]:
        """Return words ``first`` to ``last`` of a transcript, both included, clipped to its length."""
        return self._unpack(transcript, first, last, decode_words)

    def check_words(self, transcript: int, words: int) -> None:
        """Read all words of a transcript, so many, without making objects of them. Raises LibraryError for damage."""
        self._unpack(transcript, 0, words - 1, count_words)

    def texts(self, transcript: int, first: int, last: int) -> list[str]:
        """Return only the texts of these words, which is cheaper."""
        return self._unpack(transcript, first, last, decode_texts)

    def spoken_texts(self, transcript: int, first: int, last: int) -> list[str]:
        """Return the texts of these words as they are searched: empty for sounds and notes, which nobody said."""
        return self._unpack(transcript, first, last, decode_spoken)

    def recognised(self, transcript: int, first: int, last: int) -> list[tuple[str, float | None]]:
        """Return only the text and the probability of each of these words."""
        return self._unpack(transcript, first, last, decode_recognised)

    def times(self, transcript: int, first: int, last: int) -> list[tuple[float, float]]:
        """Return start and end of these words, in seconds."""
        return self._unpack(transcript, first, last, decode_times)

    def words_started(self, facts: TranscriptFacts, time: float) -> int:
        """Return the number of words of a transcript that start at or before ``time`` (seconds)."""
        rows = range(0, facts.words, CHUNK_WORDS)
        with self._damage_noticed(f"The words of transcript {facts.number}"):
            row = bisect_right(rows, time, key=lambda first: self.times(facts.number, first, first)[0][0]) - 1
        if row < 0:
            return 0
        times = self.times(facts.number, rows[row], rows[row] + CHUNK_WORDS - 1)
        return rows[row] + bisect_right(times, time, key=lambda word: word[0])

    def words_ended(self, facts: TranscriptFacts, time: float) -> int:
        """Return the number of the first word that ends after ``time`` (seconds), or of all words if there is none."""
        rows = range(0, facts.words, CHUNK_WORDS)
        first = 0
        if rows and self._reached(facts.number, rows[-1]) is not None:
            first = rows[bisect_right(rows, time, key=lambda row: self._reached(facts.number, row) or 0.0) - 1]
            times = self.times(facts.number, first, first + CHUNK_WORDS - 1)
        else:
            times = self.times(facts.number, 0, facts.words - 1)  # rows of an earlier version
        return first + next((number for number, (_, end) in enumerate(times) if end > time), len(times))

    def _reached(self, transcript: int, first: int) -> float | None:
        """Return the latest end of the words before a row, None if the row does not hold it."""
        rows = self._rows("SELECT words FROM chunks WHERE transcript = ? AND first = ?", transcript, first)
        with self._damage_noticed(f"Row {first} of the words of transcript {transcript}"):
            ((packed,),) = rows
            return decode_reached(packed)

    def excerpt(self, facts: TranscriptFacts, segments: Sequence[Segment]) -> Transcript:
        """Return some adjoining sentences of a transcript as a transcript of their own, with all its gaps."""
        first = segments[0].first if segments else 0
        words = self.words(facts.number, first, segments[-1].last) if segments else []
        own = tuple(replace(one, first=one.first - first, last=one.last - first) for one in segments)
        with self._damage_noticed(f"Transcript {facts.number}"):
            return Transcript(
                facts.language, facts.engine, facts.model, facts.settings, facts.timing, tuple(words), own, facts.gaps
            )

    def cues(self, transcript: int) -> tuple[tuple[Cue, ...], tuple[Flaw, ...]]:
        """Return the cues and the flaws of the file that a transcript was imported from, empty if it was not."""
        if self._version() < CUES_TABLE:
            return (), ()
        row = next(self._rows("SELECT content FROM cues WHERE transcript = ?", transcript), None)
        with self._damage_noticed(f"The cues of transcript {transcript}"):
            return decode_cues(row[0]) if row else ((), ())

    def segments(self, transcript: int, first: int, last: int) -> list[Segment]:
        """Return the complete sentences that contain any of the words ``first`` to ``last``."""
        found = self._segments(
            transcript,
            "SELECT first, last, speaker, flags FROM segments WHERE transcript = ?1 AND first <= ?3 AND last >= ?2"
            " AND ?2 <= ?3 AND first >= coalesce("
            "(SELECT max(first) FROM segments WHERE transcript = ?1 AND first <= ?2), 0) ORDER BY first",
            first, last,
        )  # fmt: skip
        with self._damage_noticed(f"A sentence of transcript {transcript}"):
            check_cover([(one.first, one.last) for one in found], first, self._clip(transcript, last))
        return found

    def labelled_segments(self, transcript: int) -> list[Segment]:
        """Return all sentences with the labels of their speakers, whatever names a person gave these."""
        rows = self._rows(
            "SELECT first, last, speaker, flags FROM segments WHERE transcript = ? ORDER BY first", transcript
        )
        with self._damage_noticed(f"A sentence of transcript {transcript}"):
            found = [_segment(row, {}) for row in rows]
            check_cover([(one.first, one.last) for one in found], 0, self._clip(transcript, _LAST_WORD))
        return found

    def segments_around(self, transcript: int, word: int, before: int, after: int) -> list[Segment]:
        """Return the sentence that contains a word, with ``before`` sentences before it and ``after`` after it."""
        select = "SELECT first, last, speaker, flags FROM segments WHERE transcript = ?"
        until = self._segments(transcript, f"{select} AND first <= ? ORDER BY first DESC LIMIT ?", word, before + 1)
        return until[::-1] + self._segments(transcript, f"{select} AND first > ? ORDER BY first LIMIT ?", word, after)

    def _segments(self, transcript: int, statement: str, *arguments: int) -> list[Segment]:
        rows, names = self._rows(statement, transcript, *arguments), self.speaker_names(transcript)
        with self._damage_noticed(f"A sentence of transcript {transcript}"):
            return [_segment(row, names) for row in rows]

    def speaker_names(self, transcript: int) -> dict[str, str]:
        """Return the names that a person gave the speakers of a transcript, by their labels in it."""
        if not self._has_edits:
            return {}
        names = dict(
            self._rows(
                "SELECT n.label, n.name FROM transcripts t JOIN speaker_names n ON n.episode = t.episode"
                " WHERE t.number = ? ORDER BY n.label",
                transcript,
            )
        )
        with self._damage_noticed("The list of speakers"):
            check_types([*names, *names.values()], str)
        return names

    def _unpack(self, transcript: int, first: int, last: int, decode: Any) -> list[Any]:
        rows = self._rows(
            "SELECT first, words FROM chunks WHERE transcript = ? AND first BETWEEN ? AND ? ORDER BY first",
            transcript, first // CHUNK_WORDS * CHUNK_WORDS, last,
        )  # fmt: skip
        items: list[Any] = []
        for chunk_first, packed in rows:
            with self._damage_noticed(f"Row {chunk_first} of the words of transcript {transcript}"):
                items += decode(packed, max(0, first - chunk_first), last + 1 - chunk_first)
        with self._damage_noticed(f"The rows of the words of transcript {transcript}"):
            check_length(items, self._clip(transcript, last) + 1 - first)
        return items

    def _clip(self, transcript: int, last: int) -> int:
        """Return the last word of a transcript or ``last``, whichever comes first."""
        words: int = sum(row[0] for row in self._rows("SELECT words FROM transcripts WHERE number = ?", transcript))
        return min(last, words - 1)

    @contextmanager
    def _damage_noticed(self, what: str, way_out: WayOut = RESTORE_OR_TRANSCRIBE_AGAIN) -> Iterator[None]:
        try:
            yield
        except (zlib.error, struct.error, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
            raise LibraryError(f"{what} in {self.path} is damaged: {error}.", way_out, where=self.path) from error


def _segment(row: Sequence[Any], names: Mapping[str, str]) -> Segment:
    first, last, speaker, packed = row
    flags = json.loads(packed) if packed != "[]" else []  # a million sentences have none
    check_row((first, last, speaker, flags), SEGMENT_COLUMNS)
    return Segment(first, last, names.get(speaker, speaker), tuple(flags))
