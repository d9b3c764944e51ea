"""The word codec: round trips, and the size of the encoding."""

from __future__ import annotations

import random
import sqlite3
import struct
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.common_words import COMMON_WORDS
from index.storage.codecs.word_codec import (
    count_words,
    decode_reached,
    decode_texts,
    decode_times,
    decode_words,
    encode_words,
    round_word,
)
from index.storage.store import Store
from index.transcript import Episode, Segment, Transcript, Word

SOME_TEXTS = st.sampled_from([" word", " 🎙️👩‍🚀", " don’t", "東", " שלום", "\0", '"', ""])
STARTS = st.sampled_from([0.0, 0.0005, 3599.9996, 360_000.0])
GAPS = st.floats(0, 3) | st.sampled_from([0.0, 3600.0, 90_000.0])
LENGTHS = st.floats(0, 3) | st.just(4000.0)
PROBABILITIES = st.none() | st.floats(0, 1)
HEARD = st.none() | st.text(max_size=3)


def place_words(start: float, parts: list[tuple[float, float, str, float | None, str | None]]) -> list[Word]:
    words = []
    for gap, length, text, probability, heard in parts:
        start += gap
        words.append(Word(text, start, start + length, probability, heard))
    return words


# Words in order, with gaps from nothing to hours, in any script. They are few and short because each costs five draws:
# a row of a dozen was too slow for Hypothesis without an example database.
WORD_RUNS = st.builds(
    place_words,
    STARTS,
    st.lists(st.tuples(GAPS, LENGTHS, st.text(max_size=4) | SOME_TEXTS, PROBABILITIES, HEARD), max_size=8),
)


@given(WORD_RUNS.filter(bool), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=3))
def test_words_are_counted_where_they_can_be_decoded(words: list[Word], changes: list[tuple[int, int]]) -> None:
    data = bytearray(zlib.decompress(encode_words(words)))
    for place, value in changes:
        data[place % len(data)] = value
    row = zlib.compress(data)
    try:
        decoded = decode_words(row, 0, 512)
    except Exception as error:  # noqa: BLE001 - whatever it is
        with pytest.raises(type(error)):
            count_words(row, 0, 512)
    else:
        assert len(count_words(row, 0, 512)) == len(decoded)


@given(WORD_RUNS)
def test_words_come_back_as_they_went_in_but_rounded(words: list[Word]) -> None:
    row = encode_words(words)
    assert decode_words(row, 0, len(words)) == [round_word(word) for word in words]
    assert decode_texts(row, 0, len(words)) == [word.text for word in words]


@given(WORD_RUNS, st.floats(0, 36_000_000))
def test_a_row_holds_the_latest_end_before_it(words: list[Word], reached: float) -> None:
    row = encode_words(words, reached)
    assert decode_reached(row) == round(reached * 1000) / 1000
    assert decode_words(row, 0, len(words)) == decode_words(encode_words(words), 0, len(words))


@given(WORD_RUNS, st.integers(0, 9), st.integers(0, 9))
def test_a_part_of_a_row_is_the_same_as_that_part_of_the_whole(words: list[Word], start: int, stop: int) -> None:
    row = encode_words(words)
    assert decode_words(row, start, stop) == decode_words(row, 0, len(words))[start:stop]
    assert decode_texts(row, start, stop) == decode_texts(row, 0, len(words))[start:stop]


@given(WORD_RUNS)
def test_rounding_moves_no_time_by_more_than_half_a_millisecond_and_does_so_once(words: list[Word]) -> None:
    for word in words:
        rounded = round_word(word)
        assert round_word(rounded) == rounded
        assert abs(rounded.start - word.start) <= 0.000_500_1
        assert abs(rounded.end - word.end) <= 0.000_500_1
        assert rounded.start <= rounded.end
        if word.probability is None:
            assert rounded.probability is None
        else:
            assert rounded.probability == pytest.approx(word.probability, abs=0.000_051)


@pytest.mark.parametrize(("machine", "expected"), [("little", "<IIIIHH"), ("big", ">IIIIHH")])
def test_the_columns_of_a_row_are_little_endian(monkeypatch: pytest.MonkeyPatch, machine: str, expected: str) -> None:
    """Columns are byte-swapped on big-endian machines; simulated here, the swap gives big-endian bytes."""
    if sys.byteorder == "big":
        pytest.skip("the pretence works on little-endian machines")
    words = [Word(" hé", 1.0, 1.5, 0.5), Word(" ho", 2.25, 3.0, None, " hoe")]
    texts = '[[" hé"," ho"],{"1":" hoe"}]'.encode()
    monkeypatch.setattr(sys, "byteorder", machine)
    row = encode_words(words)
    columns = struct.pack(expected, 1000, 1250, 500, 750, 5000, 0xFFFF)
    assert zlib.decompress(row) == struct.pack("<II", 2, len(texts)) + texts + columns + struct.pack("<Q", 0)
    assert decode_words(row, 0, 2) == words


def test_an_hour_of_speech_takes_at_most_150_kilobytes_with_its_sentences(tmp_path: Path) -> None:
    words = make_hour()
    segments = tuple(Segment(first, min(first + 14, len(words)) - 1) for first in range(0, len(words), 14))
    transcript = Transcript("en", "fake", "fake", "{}", "aligned", words, segments)
    sizes = []
    with Store.open(tmp_path, create=True) as store:
        for name in ("first", "second"):
            store.add_episode(Episode(name, None, name, None, f"{name}.mp3", "registered"))
            store.save_transcript(name, transcript)
            with closing(sqlite3.connect(store.path)) as connection:
                sizes.append(
                    connection.execute(
                        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
                    ).fetchone()[0]
                )
    assert sizes[1] - sizes[0] <= 150_000


def make_hour() -> tuple[Word, ...]:
    """10,000 words with times to 10 ms, as from an aligner; lengths and frequencies of words are those of English."""
    dice = random.Random(7)
    common = sorted(COMMON_WORDS["en"])
    rare = ["".join(dice.choices("etaoinshrdlucmwfgypb", k=dice.randint(4, 11))) for _ in range(2500)]
    words, now = [], 0.0
    for _ in range(10_000):
        text = dice.choice(common) if dice.random() < 0.65 else rare[int(2500 * dice.random() ** 2)]
        now += max(0.0, dice.gauss(0.06, 0.08))
        end = now + dice.uniform(0.08, 0.5)
        words.append(
            Word(f" {text}{dice.choice(['', '', '', '', '', '', ',', '.'])}", now, end, dice.betavariate(6, 1))
        )
        now = end
    return tuple(words)


def test_a_row_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    row = encode_words([Word(" more" * 1000, 0.0, 1.0)])
    assert decode_texts(row, 0, 1)
    monkeypatch.setattr("index.storage.codecs.word_codec.LARGEST_ROW", 1000)
    for decode in (decode_words, decode_texts, decode_times):
        with pytest.raises(ValueError, match="larger than a transcript"):
            decode(row, 0, 1)
