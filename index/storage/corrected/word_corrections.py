"""Corrections of words by hand, in the store: made, undone, and made again in another transcript of the episode."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.errors import LibraryError
from index.language.tokens import split_tokens
from index.storage.codecs.word_codec import decode_words, encode_rows, encode_words
from index.storage.corrected.word_edits import WordEdit, apply_edits, fit_words, move_segments, tell_heard
from index.storage.schema import CORRECTIONS_TABLE
from index.storage.untrusted import CORRECTION_COLUMNS, check_row
from index.storage.voice_changes import VoiceChanges
from index.transcript import Cue, Flaw, Transcript, Word

SAME_TIME = 1.0
"""Seconds between the starts of words that are the same words in two transcripts of a recording: times of one engine
differ by a few tenths from those of another."""

_EVERY_WORD = 2**31


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """Words that were ``heard``, and those in their place.

    ``first`` is the number of the first among the words as they were heard, None for a correction that is set aside.
    """

    number: int
    first: int | None
    heard: tuple[Word, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class PlacedCorrection:
    """A correction, and the numbers of its words in the transcript as it is, ``stop`` exclusive."""

    correction: StoredCorrection
    first: int
    stop: int


class WordCorrections(VoiceChanges):
    """The part of a store that is about words that were corrected by hand."""

    def corrections(self, episode_id: str) -> list[StoredCorrection]:
        """Return the corrections of an episode that no later one includes: by place, then those that are set aside."""
        if self._version() < CORRECTIONS_TABLE:
            return []  # a library of an earlier version, opened read-only
        known = self._corrections("WHERE episode = ? AND replaced_by IS NULL", episode_id)
        return sorted(known, key=lambda one: (one.first is None, one.first or 0, one.heard[0].start, one.number))

    def placed_corrections(self, episode_id: str) -> list[PlacedCorrection]:
        """Return the corrections that are made in the transcript, by place."""
        placed, shift = [], 0
        for one in self.corrections(episode_id):
            if one.first is not None:
                first = one.first + shift
                placed.append(PlacedCorrection(one, first, first + len(one.words)))
                shift += len(one.words) - len(one.heard)
        return placed

    def correct_words(self, episode_id: str, first: int, last: int, texts: Sequence[str]) -> int:
        """Put words with these ``texts`` in the place of the words ``first`` to ``last``, and return its number.

        A correction that has one of these words becomes part of the new one, whole.
        """
        with self.transaction():
            number, words = self._read_all(episode_id)
            placed = self.placed_corrections(episode_id)
            inside = [one for one in placed if one.first <= last and first < one.stop]
            begin = min([first, *(one.first for one in inside)])
            stop = max([last + 1, *(one.stop for one in inside)])
            heard = _as_heard(words[begin:stop], begin, inside)
            new = fit_words(words[first : last + 1], texts, words[last + 1].start if last + 1 < len(words) else None)
            fitted = (*words[begin:first], *new, *words[last + 1 : stop])
            if inside:
                fitted = tell_heard(fitted, heard)
            shift = sum(len(one.correction.words) - len(one.correction.heard) for one in placed if one.stop <= begin)
            correction: int = next(
                self._rows("SELECT coalesce(max(number), 0) + 1 FROM corrections WHERE episode = ?", episode_id)
            )[0]
            self._connection.execute(
                "INSERT INTO corrections VALUES (?, ?, ?, ?, ?, NULL)",
                (episode_id, correction, begin - shift, encode_words(heard), encode_words(fitted)),
            )
            self._connection.executemany(
                "UPDATE corrections SET replaced_by = ? WHERE (episode, number) = (?, ?)",
                ((correction, episode_id, one.correction.number) for one in inside),
            )
            self._edit(episode_id, number, words, WordEdit(begin, stop, fitted))
        return correction

    def undo_correction(self, episode_id: str, number: int) -> None:
        """Undo a correction that no later one includes: what stood there before it stands there again."""
        with self.transaction():
            placed = next((one for one in self.placed_corrections(episode_id) if one.correction.number == number), None)
            if placed is not None:
                transcript, words = self._read_all(episode_id)
                correction, restored = placed.correction, placed.correction.heard
                with self._damage_noticed(f"The list of corrections of {episode_id}"):
                    if tuple(words[placed.first : placed.stop]) != correction.words:
                        raise ValueError(f"correction {number} is of other words")
                    assert correction.first is not None
                    earlier = self._corrections("WHERE (episode, replaced_by) = (?, ?)", episode_id, number)
                    edits = sorted(
                        (_edit_of(one, (one.first or 0) - correction.first) for one in earlier),
                        key=lambda edit: edit.first,
                    )
                    restored = tuple(apply_edits(correction.heard, edits))
                self._edit(episode_id, transcript, words, WordEdit(placed.first, placed.stop, restored))
            self._connection.execute("DELETE FROM corrections WHERE (episode, number) = (?, ?)", (episode_id, number))
            self._connection.execute(
                "UPDATE corrections SET replaced_by = NULL WHERE (episode, replaced_by) = (?, ?)", (episode_id, number)
            )

    def faults_of_corrections(self) -> Iterator[str]:
        """Yield what is wrong with corrections that cannot be read, one message for each episode."""
        if self._version() < CORRECTIONS_TABLE:
            return
        for (episode_id,) in self._rows("SELECT DISTINCT episode FROM corrections ORDER BY episode"):
            try:
                self._corrections("WHERE episode = ?", episode_id)
            except LibraryError as error:
                yield str(error)

    def _correct_again(self, episode_id: str, transcript: Transcript) -> Transcript:
        """Return a new transcript of an episode with its corrections; those of other words are set aside.

        A correction that includes earlier ones cannot be undone to these any more.
        """
        known = self.corrections(episode_id)
        if not known:
            return transcript
        self._connection.execute("DELETE FROM corrections WHERE episode = ? AND replaced_by IS NOT NULL", (episode_id,))
        words, edits = transcript.words, list[WordEdit]()
        for one in sorted(known, key=lambda one: one.heard[0].start):
            first = _find_again(one.heard, words, edits[-1].stop if edits else 0)
            if first is None:
                self._replace_correction(episode_id, replace(one, first=None))
                continue
            stop = _end_of(one.heard, words, first)
            heard, texts = words[first:stop], [word.text for word in one.words]
            fitted = fit_words(heard, texts, words[stop].start if stop < len(words) else None)
            edits.append(WordEdit(first, stop, fitted))
            self._replace_correction(episode_id, replace(one, first=first, heard=tuple(heard), words=fitted))
        segments = tuple(move_segments(transcript.segments, edits))
        return replace(transcript, words=tuple(apply_edits(words, edits)), segments=segments)

    def _replace_correction(self, episode_id: str, one: StoredCorrection) -> None:
        self._connection.execute(
            "UPDATE corrections SET first = ?, heard = ?, words = ? WHERE (episode, number) = (?, ?)",
            (one.first, encode_words(one.heard), encode_words(one.words), episode_id, one.number),
        )

    def _cues_as_corrected(self, episode_id: str, transcript: int) -> tuple[tuple[Cue, ...], tuple[Flaw, ...]]:
        """Return the cues and flaws of an imported file; no cues if words were corrected: these do not have that."""
        cues, flaws = self.cues(transcript)
        return (() if cues and self.placed_corrections(episode_id) else cues), flaws

    def _insert_words(self, transcript: int, words: Sequence[Word]) -> None:
        self._connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?)", ((transcript, first, row) for first, row in encode_rows(words))
        )

    def _read_all(self, episode_id: str) -> tuple[int, list[Word]]:
        """Return the number and the words of the transcript of an episode that has one."""
        number = self._transcript_number(episode_id)
        assert number is not None
        return number, self.words(number, 0, _EVERY_WORD)

    def _edit(self, episode_id: str, transcript: int, words: Sequence[Word], edit: WordEdit) -> None:
        """Edit the words of a transcript, its sentences, and what can be undone of changes to its voices."""
        edited = apply_edits(words, [edit])
        segments = move_segments(self.labelled_segments(transcript), [edit])
        self._connection.execute("DELETE FROM chunks WHERE transcript = ?", (transcript,))
        self._insert_words(transcript, edited)
        self._connection.execute("UPDATE transcripts SET words = ? WHERE number = ?", (len(edited), transcript))
        if len(edited) != len(words):
            self._move_changes(episode_id, [edit])
        # What recurs is found anew: no transcript has this number.
        self._connection.execute("DELETE FROM repeats WHERE transcript = ?", (transcript,))
        self._connection.execute("UPDATE fingerprinted SET transcript = -1 WHERE transcript = ?", (transcript,))
        self.replace_segments(episode_id, segments)

    def _corrections(self, condition: str, *arguments: object) -> list[StoredCorrection]:
        rows = self._rows(f"SELECT number, first, heard, words, replaced_by FROM corrections {condition}", *arguments)
        with self._damage_noticed(f"The list of corrections of {arguments[0]}"):
            return list(map(_read_correction, rows))


def _read_correction(row: Sequence[Any]) -> StoredCorrection:
    check_row(row, CORRECTION_COLUMNS)
    number, first, heard, words, _ = row
    unpacked = [tuple(decode_words(packed, 0, _EVERY_WORD)) for packed in (heard, words)]
    if not all(unpacked):
        raise ValueError(f"correction {number} has no words")
    return StoredCorrection(number, first, *unpacked)


def _edit_of(one: StoredCorrection, first: int) -> WordEdit:
    return WordEdit(first, first + len(one.heard), one.words)


def _as_heard(words: Sequence[Word], begin: int, inside: Sequence[PlacedCorrection]) -> list[Word]:
    """Return a run of words that begins with the word ``begin``, without the corrections ``inside`` of it."""
    edits = [WordEdit(one.first - begin, one.stop - begin, one.correction.heard) for one in inside]
    return apply_edits(words, edits)


def _find_again(heard: Sequence[Word], words: Sequence[Word], reached: int) -> int | None:
    """Return the number of the word, from ``reached`` on, from which the same words are said at the same time."""
    start = heard[0].start
    begin = bisect_left(words, start - SAME_TIME, key=lambda word: word.start)
    stop = bisect_right(words, start + SAME_TIME, key=lambda word: word.start)
    near = [number for number in range(max(begin, reached), stop) if _end_of(heard, words, number) > number]
    return min(near, key=lambda number: abs(words[number].start - start), default=None)


def _end_of(heard: Sequence[Word], words: Sequence[Word], first: int) -> int:
    """Return the number after the last of the words from ``first`` on that are the same, ``first`` if they are not."""
    wanted, found = _tokens(heard), list[str]()
    for number in range(first, min(len(words), first + 2 * len(heard) + len(wanted))):
        found += _tokens(words[number : number + 1])
        if found == wanted:
            return number + 1
        if found != wanted[: len(found)]:
            break
    return first


def _tokens(words: Sequence[Word]) -> list[str]:
    """Return what tells words from others: their tokens, or the text of one that has none."""
    return [token for word in words for token in split_tokens(word.text) or (word.text.strip(),)]
