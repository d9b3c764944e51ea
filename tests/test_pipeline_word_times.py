"""Invariants of word times for any cross-attention, and that they follow the sound."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.samples import SAMPLE_RATE, Samples
from index.transcript import Word
from pipeline.engines.word_times import (
    LONGEST_WORD,
    SHORTEST_WORD,
    correct_word_times,
    find_silences,
    group_words,
    merge_punctuation,
)


def tone(seconds: float, silences: list[tuple[float, float]]) -> Samples:
    """A hum at -14 dB with silent spans: float32, (samples,)."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sound = 0.2 * np.sin(2 * np.pi * 220 * time)
    for start, end in silences:
        sound[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] = 0
    return sound.astype(np.float32)


def words_at(*times: tuple[str, float, float]) -> list[Word]:
    return [Word(text, start, end, 0.5) for text, start, end in times]


@given(
    st.lists(st.tuples(st.floats(-1, 12), st.floats(-1, 12)), max_size=12),
    st.lists(st.tuples(st.floats(0, 10), st.floats(0, 3)), max_size=5),
    st.sampled_from([0.0, 0.005, 0.11, 1.0, 10.0]),
)
def test_word_times_keep_their_laws(
    times: list[tuple[float, float]], silences: list[tuple[float, float]], seconds: float
) -> None:
    given_words = [Word(f" w{number}", start, end) for number, (start, end) in enumerate(times)]
    sound = tone(seconds, [(start, start + length) for start, length in silences])
    duration = len(sound) / SAMPLE_RATE
    words = correct_word_times(given_words, sound)
    assert [word.text for word in words] == [word.text for word in given_words]
    for word in words:
        assert 0 <= word.start <= word.end <= duration
        assert word.end - word.start <= LONGEST_WORD + 1e-9
        if duration >= SHORTEST_WORD:
            assert word.end - word.start >= SHORTEST_WORD - 1e-9
    assert all(word.start <= following.start for word, following in pairwise(words))


@given(st.lists(st.sampled_from([" one", " two", " (", '"', ".", ",", " -", " ", "!", " 'tis", "”"]), max_size=12))
def test_merging_punctuation_keeps_the_text(texts: list[str]) -> None:
    merged = merge_punctuation([Word(text, 0, 1) for text in texts])
    assert "".join(word.text for word in merged) == "".join(texts)


def test_punctuation_joins_its_word_and_leaves_it_its_times() -> None:
    merged = merge_punctuation(words_at((" (", 0, 1), ("Hello", 1, 2), (",", 2, 5), (" you", 5, 6), (".", 6, 7)))
    assert [(word.text, word.start, word.end) for word in merged] == [(" (Hello,", 1, 2), (" you.", 5, 6)]


def test_words_are_grouped_from_their_tokens() -> None:
    words = group_words([" Hel lo", " you", "."], [2, 1, 1], [0.0, 0.2, 0.4, 0.6, 0.7], [0.5, 1.0, 0.25, 1.0])
    assert words == [Word(" Hel lo", 0.0, 0.4, 0.75), Word(" you.", 0.4, 0.6, 0.25)]


def test_numbers_and_abbreviations_are_one_word() -> None:
    texts = [" $", "40", ",000", " U", ".S", ".", " 10", ":30", " l", "'eau"]
    words = group_words(texts, [1] * 10, [0.1 * n for n in range(11)], [0.5] * 10)
    assert [word.text for word in words] == [" $", "40,000", " U.S.", " 10:30", " l'eau"]


def test_silences_are_found_to_the_frame() -> None:
    assert find_silences(tone(4, [(1.0, 1.5), (2.0, 2.05)])) == [(1.0, 1.5)]


def test_silences_are_found_in_noise() -> None:
    noise = np.random.default_rng(1).standard_normal(4 * SAMPLE_RATE).astype(np.float32) * 0.01
    ((start, end),) = find_silences(tone(4, [(1.0, 1.5)]) + noise)
    assert [start, end] == pytest.approx([1.0, 1.5], abs=0.02)


@pytest.mark.parametrize(
    ("words", "silence", "expected"),
    [
        # the first word reaches back into silence, the last one on
        ([(" one", 0.0, 2.4)], (0.0, 2.0), [(2.0, 2.33)]),
        ([(" one", 3.0, 5.0)], (3.4, 5.0), [(2.93, 3.4)]),
        # a pause between two words was given to the second
        ([(" one", 1.0, 1.5), (" two", 1.5, 3.5)], (1.4, 3.0), [(0.93, 1.4), (3.0, 3.43)]),
        # or to the first
        ([(" one", 1.0, 3.0), (" two", 3.0, 3.5)], (1.4, 3.0), [(0.93, 1.4), (3.0, 3.43)]),
        # the first word reaches back over noise and a long silence
        ([(" one", 0.0, 4.3), (" two", 4.3, 4.6)], (0.1, 4.2), [(4.2, 4.23), (4.23, 4.53)]),
        # a word wholly in silence moves to the nearer side
        (
            [(" one", 1.0, 1.5), (" two", 1.7, 2.0), (" three", 2.0, 2.6)],
            (1.4, 2.0),
            [(0.93, 1.4), (2.0, 2.02), (2.0, 2.53)],
        ),
    ],
)
def test_words_end_and_begin_where_sound_does(
    words: list[tuple[str, float, float]], silence: tuple[float, float], expected: list[tuple[float, float]]
) -> None:
    settled = correct_word_times(words_at(*words), tone(5, [silence]))
    assert np.array([(word.start, word.end) for word in settled]) == pytest.approx(np.array(expected), abs=0.011)


def test_a_window_without_silence_keeps_attentions_order() -> None:
    settled = correct_word_times(words_at((" one", 1.0, 1.5), (" two", 1.5, 2.0)), tone(5, []))
    assert [word.start for word in settled] == pytest.approx([0.93, 1.43])
