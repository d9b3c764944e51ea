"""The lexicon: every folded word form of the library, by language, with its stem, sound code and frequency.

Wildcard, fuzzy and sound queries are expanded here to words that occur in the library. It also knows in which
transcripts a speaker speaks, and which have a word in their episode's title, so that a search need not read those of
all episodes. The file is derived data: index maintenance writes it next to the full-text index and rebuilds it from the
store.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from heapq import nsmallest
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import REINDEX, IndexDamagedError
from index.fulltext.alike import KnownWords, WordPairs, edits_alike, likeness_to
from index.language.capitals import ABBREVIATED
from index.language.phonetics import pronounce, sound_of
from index.language.tokens import stem_token, tokenize
from index.query.tree import ALIKE_LIMIT, EXPANSION_LIMIT, Fuzzy, Sounds, Wildcard
from index.storage.files.access import explain_unwritten_index
from index.storage.untrusted import Tables, check_tables, check_types, distrust, read_tables

SUGGESTED_WORDS = 3
"""The most suggestions for a word."""

_TABLES = """
    CREATE TABLE IF NOT EXISTS words (
        word TEXT NOT NULL, language TEXT NOT NULL,
        stem TEXT NOT NULL, sound TEXT NOT NULL, spoken TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (word, language)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS words_by_stem ON words (language, stem);
    CREATE INDEX IF NOT EXISTS words_by_sound ON words (sound);
    CREATE TABLE IF NOT EXISTS counts (
        transcript INTEGER PRIMARY KEY, language TEXT NOT NULL, words BLOB NOT NULL
    );
    CREATE INDEX IF NOT EXISTS counts_by_language ON counts (language);
    CREATE TABLE IF NOT EXISTS titles (transcript INTEGER PRIMARY KEY, title TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS title_stems (
        stem TEXT NOT NULL, language TEXT NOT NULL, transcript INTEGER NOT NULL,
        PRIMARY KEY (stem, language, transcript)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS title_stems_by_transcript ON title_stems (transcript);
    CREATE TABLE IF NOT EXISTS speakers (
        transcript INTEGER NOT NULL, speaker TEXT NOT NULL, PRIMARY KEY (transcript, speaker)
    ) WITHOUT ROWID;
"""

_BY_SOUND = "SELECT word, sum(count) FROM words WHERE sound = ? GROUP BY word"
_DISK_FAULTS = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_READONLY")


@dataclass(frozen=True, slots=True)
class Expanded:
    """The words of the library that one query word expands to, each with its likeness, above 0 to 1.

    ``found`` is how many there were before they were truncated to the most frequent.
    """

    words: Mapping[str, float]
    found: int

    @property
    def cut(self) -> bool:
        """Whether the expansion was truncated."""
        return self.found > len(self.words)


@dataclass(frozen=True, slots=True)
class CountedWords:
    """How often each word of a transcript occurs in it, as the lexicon stores it: a small part of the words' memory."""

    transcript: int
    language: str | None
    packed: bytes


def count_words(transcript: int, language: str | None, tokens: Iterable[str]) -> CountedWords:
    """Count the tokens of a transcript."""
    return CountedWords(transcript, language, zlib.compress(json.dumps(Counter(tokens), ensure_ascii=False).encode()))


def _unpack(packed: bytes) -> dict[str, int]:
    counts: dict[str, int] = json.loads(zlib.decompress(packed))
    check_types(counts.values(), int)
    return counts


class Lexicon:
    """An open lexicon. An unknown language is stored as the empty string; callers pass and get None."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        """Open the file for reading, or create it if needed and open it for writing if ``writable``.

        This and all methods raise IndexDamagedError if the file is not a valid lexicon, LibraryError on disk faults.
        """
        self.path = path
        self._kept: tuple[tuple[int, int], KnownWords] | None = None
        with self._faults_explained():
            address = path.absolute().as_uri() + ("" if writable else "?mode=ro")
            self._connection = sqlite3.connect(
                address, uri=True, timeout=60.0, isolation_level=None, check_same_thread=False
            )
            try:
                if writable:
                    self._connection.execute("PRAGMA secure_delete = ON")
                    self._connection.execute("PRAGMA synchronous = OFF")
                    self._connection.executescript(_TABLES)
                distrust(self._connection)
                check_tables(self._connection, _tables_made())
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def change(self, removed: Iterable[int], added: Iterable[CountedWords]) -> None:
        """Remove transcripts by number and add others, in one transaction."""
        with self._transaction():
            self._change(removed, added)

    def change_names(
        self, titles: Mapping[int, str], speakers: Callable[[int], Iterable[str]], edited: Collection[int] = ()
    ) -> None:
        """Set the titles of all transcripts, by number, and the ``speakers`` of those that are new or were ``edited``,
        in one transaction.

        A transcript that ``change`` has not added is skipped.
        """
        with self._transaction():
            listed = self._connection.execute(
                "SELECT t.transcript, c.transcript FROM titles t LEFT JOIN counts c ON c.transcript = t.transcript"
            )
            for transcript in [titled for titled, counted in listed if counted is None or titled not in titles]:
                self._connection.execute("DELETE FROM titles WHERE transcript = ?", (transcript,))
                self._connection.execute("DELETE FROM title_stems WHERE transcript = ?", (transcript,))
                self._connection.execute("DELETE FROM speakers WHERE transcript = ?", (transcript,))
            # Only what changes is kept of the rows, which are as many as the library has transcripts.
            rows = self._connection.execute(
                "SELECT c.transcript, c.language, t.title FROM counts c"
                " LEFT JOIN titles t ON t.transcript = c.transcript"
            )
            changed = [row for row in rows if row[0] in titles and (titles[row[0]] != row[2] or row[0] in edited)]
            for transcript, language, known in changed:
                if known is None or transcript in edited:
                    self._connection.execute("DELETE FROM speakers WHERE transcript = ?", (transcript,))
                    self._connection.executemany(
                        "INSERT INTO speakers VALUES (?, ?)", ((transcript, name) for name in speakers(transcript))
                    )
                title = titles[transcript]
                if known == title:
                    continue
                stems = {stem_token(token, language or None) for token in tokenize(title)}
                self._connection.execute("INSERT OR REPLACE INTO titles VALUES (?, ?)", (transcript, title))
                self._connection.execute("DELETE FROM title_stems WHERE transcript = ?", (transcript,))
                self._connection.executemany(
                    "INSERT INTO title_stems VALUES (?, ?, ?)", ((stem, language, transcript) for stem in stems)
                )

    def _change(self, removed: Iterable[int], added: Iterable[CountedWords]) -> None:
        totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for transcript in removed:
            for language, packed in self._rows("SELECT language, words FROM counts WHERE transcript = ?", transcript):
                totals[language].subtract(_unpack(packed))
            self._connection.execute("DELETE FROM counts WHERE transcript = ?", (transcript,))
        for one in added:
            language = one.language or ""
            self._connection.execute(
                "INSERT OR REPLACE INTO counts VALUES (?, ?, ?)", (one.transcript, language, one.packed)
            )
            totals[language].update(_unpack(one.packed))
        for language, counts in totals.items():
            self._count(language, counts)
        self._connection.execute("DELETE FROM words WHERE count <= 0")

    def _count(self, language: str, counts: Mapping[str, int]) -> None:
        self._connection.executemany(
            "INSERT INTO words VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (word, language) DO UPDATE SET count = count + excluded.count",
            (
                (word, language, stem_token(word, language), sound_of(word), pronounce(word), n)
                for word, n in counts.items()
            ),
        )

    def titled(self, tokens: Iterable[str], language: str | None) -> frozenset[int]:
        """Return the transcripts in this language whose title has the stems of all these tokens."""
        found: list[frozenset[int]] = []
        for stem in {stem_token(token, language) for token in tokens}:
            rows = self._rows(
                "SELECT transcript FROM title_stems WHERE stem = ? AND language = ?", stem, language or ""
            )
            found.append(frozenset(row[0] for row in rows))
            with self._faults_explained():
                check_types(found[-1], int)
            if not found[-1]:
                break
        return frozenset.intersection(*found) if found else frozenset()

    def speakers(self) -> dict[int, list[str]]:
        """Return the names of the speakers of every transcript that has any."""
        named: dict[int, list[str]] = {}
        rows = self._rows("SELECT transcript, speaker FROM speakers")
        with self._faults_explained():
            check_types([name for _, name in rows], str)
        for transcript, name in rows:
            named.setdefault(transcript, []).append(name)
        return named

    def languages(self) -> list[str | None]:
        """Return the languages of the transcripts in the library."""
        return [row[0] or None for row in self._rows("SELECT DISTINCT language FROM counts ORDER BY language")]

    def forms(self, token: str, language: str | None) -> frozenset[str]:
        """Return the words of the library that share the stem of ``token`` in this language."""
        stem = stem_token(token, language)
        rows = self._rows("SELECT word FROM words WHERE language = ? AND stem = ?", language or "", stem)
        return frozenset(row[0] for row in rows)

    def count(self, token: str) -> int:
        """Return how often a word occurs, in exactly this form."""
        count: int = self._rows("SELECT coalesce(sum(count), 0) FROM words WHERE word = ?", token)[0][0]
        return count

    def known(self, words: Collection[str]) -> set[str]:
        """Return those of some words that occur in exactly this form."""
        asked = json.dumps(list(words))
        return {
            row[0] for row in self._rows("SELECT word FROM words WHERE word IN (SELECT value FROM json_each(?))", asked)
        }

    def matching(self, asked: Wildcard | Fuzzy | Sounds) -> Expanded:
        """Expand a wildcard, fuzzy or sound query word to its most frequent matches, at most EXPANSION_LIMIT."""
        match asked:
            case Wildcard(pattern):
                fits = compile_pattern(pattern)
                found = [row for row in self._words_from(_beginning(pattern)) if fits(row[0])]
                found += self._in_capitals(fits)
            case Fuzzy(token, distance):
                found = self._close(token, distance)
                found += self._in_capitals(partial(_is_close, token, distance))
            case Sounds(token):
                sound = sound_of(token)
                found = self._rows(_BY_SOUND, sound) if sound else [(token, 1)]
        best = [word for word, _ in nsmallest(EXPANSION_LIMIT, found, key=lambda row: (-row[1], row[0]))]
        if isinstance(asked, Wildcard):
            return Expanded(dict.fromkeys(best, 1.0), len(found))
        return Expanded(likeness_to(asked.token, best), len(found))

    def alike(self, token: str) -> dict[str, float]:
        """Return words that are spelled or sound nearly like ``token``, at most ALIKE_LIMIT, with their likeness."""
        return self._all_words().alike(token, edits_alike(token), ALIKE_LIMIT)

    def pairs(self, token: str) -> WordPairs:
        """Return the pairs of words of the library that together sound nearly like ``token``."""
        return self._all_words().pairs(token)

    def same_sound(self, token: str, limit: int) -> list[str]:
        """Return the most frequent words of the library with the sound code of ``token``, except ``token``."""
        rows = self._rows(
            "SELECT word FROM words WHERE sound = ? AND word != ? GROUP BY word ORDER BY sum(count) DESC, word LIMIT ?",
            sound_of(token) or "-", token, limit,
        )  # fmt: skip
        return [row[0] for row in rows]

    def suggest(self, token: str) -> list[str]:
        """Suggest corrections for ``token``: the words that are the most alike."""
        return list(self._all_words().alike(token, 1 if len(token) < 5 else 2, SUGGESTED_WORDS))

    def _close(self, token: str, distance: int) -> list[tuple[str, int]]:
        """Return the words within this edit distance, with their counts."""
        from rapidfuzz.distance import DamerauLevenshtein
        from rapidfuzz.process import extract

        known = self._all_words()
        found = extract(token, known.words, scorer=DamerauLevenshtein.distance, score_cutoff=distance, limit=None)
        return [(word, int(known.counts[row])) for word, _, row in found]

    def _in_capitals(self, fits: Callable[[str], bool]) -> list[tuple[str, int]]:
        """Return the abbreviations that are tokens in capitals and fit in small letters, with their counts."""
        found = ((word.upper(), self.count(word.upper())) for word in ABBREVIATED if fits(word))
        return [(word, count) for word, count in found if count]

    def _words_from(self, beginning: str) -> Iterable[tuple[str, int]]:
        if not beginning:
            known = self._all_words()
            return zip(known.words, known.counts.tolist(), strict=True)
        return self._rows(
            "SELECT word, sum(count) FROM words WHERE word >= ? AND word < ? GROUP BY word",
            beginning, beginning + "\U0010ffff",
        )  # fmt: skip

    def _all_words(self) -> KnownWords:
        """Return every word with its count; cached until the file changes, also by another process."""
        version = self._rows("PRAGMA data_version")[0][0], self._connection.total_changes
        if self._kept is None or self._kept[0] != version:
            rows = self._rows("SELECT word, spoken, sum(count) FROM words GROUP BY word")
            words, spoken = [row[0] for row in rows], [row[1] for row in rows]
            with self._faults_explained():
                check_types([*words, *spoken], str)
                counts = np.array([max(1, row[2]) for row in rows], np.int64)
            self._kept = version, KnownWords(words, spoken, counts)
        return self._kept[1]

    def _rows(self, statement: str, *arguments: object) -> list[Any]:
        with self._faults_explained():
            return self._connection.execute(statement, arguments).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._faults_explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _faults_explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, zlib.error, ValueError, AttributeError) as error:
            if getattr(error, "sqlite_errorname", "").startswith(_DISK_FAULTS):
                raise explain_unwritten_index(self.path.parent, error) from error
            raise IndexDamagedError(
                f"The index in {self.path} is damaged: {error!r}.", REINDEX, where=self.path
            ) from error


def _is_close(token: str, distance: int, word: str) -> bool:
    from rapidfuzz.distance import DamerauLevenshtein

    return DamerauLevenshtein.distance(token, word, score_cutoff=distance) <= distance


@cache
def _tables_made() -> Tables:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(_TABLES)
        return read_tables(made)


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """Return a predicate for words that match a pattern with ``*`` and ``?`` in full.

    The pieces between the stars have fixed lengths, so matching each at the first possible position is enough: the
    time is bounded by the length of the pattern times that of the word.
    """
    first, *rest = (re.compile(re.escape(piece).replace(r"\?", "."), re.DOTALL) for piece in pattern.split("*"))
    if not rest:
        return lambda word: first.fullmatch(word) is not None
    *middle, last = rest
    ending = len(pattern) - pattern.rindex("*") - 1

    def fits(word: str) -> bool:
        found = first.match(word)
        for piece in middle:
            found = piece.search(word, found.end()) if found else None
        begin = len(word) - ending
        return found is not None and begin >= found.end() and last.fullmatch(word, begin) is not None

    return fits


def _beginning(pattern: str) -> str:
    """Return the literal prefix of a pattern."""
    return re.split(r"[*?]", pattern, maxsplit=1)[0]
