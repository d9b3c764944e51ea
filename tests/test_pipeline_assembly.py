"""pipeline/transcription/assembly.py: two windows that share a second are joined without losing or doubling a word."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from audio.timecode import Span
from index.transcript import Word
from pipeline.transcription.assembly import SEAM_WORDS, find_seam, trim_gaps

CUT = 30.0
OVERLAP = Span(CUT - 1, CUT + 1)
SPOKEN = st.lists(
    st.tuples(st.sampled_from(["the", "storm", "roof", "a", "ferry", "and"]), st.floats(0.12, 0.6)),
    min_size=30,
    max_size=60,
)


def speak(said: list[tuple[str, float]]) -> list[Word]:
    """The words one after the other, their middle about the cut."""
    start = CUT - sum(length for _, length in said) / 2
    words = []
    for text, length in said:
        words.append(Word(f" {text}", start, start + length))
        start += length
    return words


def hear(words: list[Word], span: Span, shift: float, garbled: str) -> list[Word]:
    """What is decoded from a window: its words with slightly other times, and something else for one at its edge."""
    heard = []
    for word in words:
        if span.start <= word.start and word.end <= span.end:
            heard.append(replace(word, start=word.start + shift, end=word.end + shift))
        elif word.start < span.end and span.start < word.end:
            heard.append(Word(garbled, max(word.start, span.start), min(word.end, span.end)))
    return heard


@given(SPOKEN, st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_words_that_both_windows_heard_come_once(said: list[tuple[str, float]], one: float, other: float) -> None:
    words = speak(said)
    before = hear(words, Span(0, OVERLAP.end), one, " hrm")
    after = hear(words, Span(OVERLAP.start, 60), other, " mrh")
    kept, first = find_seam(before, after, OVERLAP)
    joined = [word.text for word in (*before[:kept], *after[first:])]
    assert joined == [word.text for word in words]


@given(SPOKEN)
def test_windows_that_agree_on_nothing_are_joined_in_the_middle(said: list[tuple[str, float]]) -> None:
    words = speak(said)
    before = hear(words, Span(0, OVERLAP.end), 0.0, " hrm")
    after = [replace(word, text=word.text.upper()[::-1] + "x") for word in hear(words, Span(OVERLAP.start, 60), 0, "")]
    kept, first = find_seam(before, after, OVERLAP)
    assert all((word.start + word.end) / 2 < CUT for word in before[:kept])
    assert all((word.start + word.end) / 2 >= CUT for word in after[first:])
    assert kept + len(after) - first >= len(words) - 1


def test_a_window_without_words_leaves_the_other_as_it_is_up_to_the_middle() -> None:
    words = [Word(" one", 28.0, 28.5), Word(" two", 29.2, 29.8)]
    assert find_seam(words, [], OVERLAP) == (2, 0)
    assert find_seam([], [Word(" two", 30.2, 30.8)], OVERLAP) == (0, 0)


def test_a_gap_that_the_other_window_fills_is_none() -> None:
    gap, doubt = ("no text", Span(29.5, 31.0)), ("low confidence", Span(29.0, 30.0))
    assert trim_gaps([gap, doubt], OVERLAP, [Word(" two", 30.2, 30.8)]) == [doubt]
    assert trim_gaps([gap, doubt], OVERLAP, [Word(" two", 25.2, 25.8)]) == [gap, doubt]
    longer = ("no text", Span(25.0, 31.0))
    assert trim_gaps([longer], OVERLAP, [Word(" two", 30.2, 30.8)]) == [("no text", Span(25.0, 29.0))]


def test_more_words_are_looked_at_than_anybody_says_there() -> None:
    assert SEAM_WORDS / (OVERLAP.end - OVERLAP.start) >= 10
