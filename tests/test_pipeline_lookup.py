"""Timestamp lookup reads the part of a transcript that it needs, and answers as from the whole of it."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_episode, make_transcript

import index.storage.codecs.word_codec
import index.storage.transcript_reader
from audio.timecode import Span
from index.errors import LibraryError
from index.storage.store import Store
from index.transcript import Segment, Transcript, Word
from pipeline.lookup import find_transcript, moment_at, read_moment, read_words, words_between

ROW = 4
"""Words in a row of these tests."""

# Starts never decrease; ends do where imported cues overlap. Multiples of 0.5 s, so that many times are equal.
WORDS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3) | st.sampled_from([0, 1, 40]), st.booleans()), max_size=24
)
TIMES = st.integers(0, 80).map(lambda number: number / 4)
GAPS = st.lists(st.tuples(TIMES, TIMES), max_size=2)


def place_words(parts: Sequence[tuple[int, int, bool]], gaps: Sequence[tuple[float, float]]) -> Transcript:
    """Make a transcript of words with these distances, lengths (half seconds), and ends of sentences."""
    words: list[Word] = []
    firsts: list[int] = []
    start = 0.0
    for number, (step, length, begins) in enumerate(parts):
        start += step / 2
        words.append(Word(f" w{number}", start, start + length / 2))
        if begins or not firsts:
            firsts.append(number)
    segments = tuple(Segment(first, following - 1) for first, following in pairwise([*firsts, len(words)]))
    spans = tuple(Span(*sorted(gap)) for gap in gaps)
    return replace(make_transcript(""), words=tuple(words), segments=segments, gaps=spans)


def forget_reached(store: Store) -> None:
    """Make the rows of words those of a version that did not store the latest end before each."""
    with closing(sqlite3.connect(store.path)) as connection, connection:
        for key, row in connection.execute("SELECT rowid, words FROM chunks").fetchall():
            data = zlib.decompress(row)[: -struct.calcsize("<Q")]
            connection.execute("UPDATE chunks SET words = ? WHERE rowid = ?", (zlib.compress(data), key))


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A library whose only episode, ``talk``, has no transcript yet."""
    with Store.open(tmp_path_factory.mktemp("talk"), create=True) as store:
        add_episode(store)
        yield store


@given(WORDS, GAPS, st.lists(TIMES, min_size=1, max_size=6), st.integers(0, 3), st.integers(0, 3), st.booleans())
def test_a_part_of_a_transcript_answers_as_the_whole(
    talk: Store,
    parts: list[tuple[int, int, bool]],
    gaps: list[tuple[float, float]],
    times: list[float],
    before: int,
    after: int,
    old: bool,
) -> None:
    transcript, store = place_words(parts, gaps), talk
    with (
        patch.object(index.storage.codecs.word_codec, "CHUNK_WORDS", ROW),
        patch.object(index.storage.transcript_reader, "CHUNK_WORDS", ROW),
    ):
        store.save_transcript("talk", transcript)
        if old:
            forget_reached(store)
        _, facts = find_transcript(store, "talk")
        for time in times:
            part = read_moment(store, facts, time, before, after)
            found, expected = (moment_at("talk", one, time, before, after) for one in (part, transcript))
            assert found == expected
            assert store.words_started(facts, time) == sum(word.start <= time for word in transcript.words)
        for start, end in zip(times, sorted(times), strict=True):
            span = min(start, end), max(start, end)
            expected_words = words_between("talk", transcript, *span)
            assert words_between("talk", read_words(store, facts, *span), *span) == expected_words


@pytest.mark.parametrize("number", [10**30, 0])
def test_more_sentences_than_there_are_can_be_asked_for(tmp_path: Path, number: int) -> None:
    transcript = make_transcript("one two three " * 20)
    with Store.open(tmp_path, create=True) as store:
        add_episode(store)
        store.save_transcript("talk", transcript)
        _, facts = find_transcript(store, "talk")
        part = read_moment(store, facts, 10.0, number, number)
        assert moment_at("talk", part, 10.0, number, number) == moment_at("talk", transcript, 10.0, number, number)


@pytest.mark.parametrize("lost", ["chunks", "segments"])
def test_a_part_that_is_missing_is_a_damaged_library(tmp_path: Path, lost: str) -> None:
    with Store.open(tmp_path, create=True) as store:
        add_episode(store)
        store.save_transcript("talk", make_transcript("one two three " * 1000))
        with closing(sqlite3.connect(store.path)) as connection, connection:
            connection.execute(f"DELETE FROM {lost} WHERE first > 1000 AND first < 2000")
        _, facts = find_transcript(store, "talk")
        with pytest.raises(LibraryError, match="damaged"):
            read_moment(store, facts, 1500 * 0.35, 1, 1)
