"""Parsing and formatting of times, and spans."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.errors import TimeError
from audio.timecode import (
    Span,
    format_time,
    join_near,
    join_near_ranges,
    parse_end,
    parse_time,
    parse_times,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("75", 75.0),
        ("75.5", 75.5),
        (".5", 0.5),
        ("1:15", 75.0),
        ("90:00", 5400.0),
        ("1:02:33.4", 3753.4),
        ("1h2m33s", 3753.0),
        ("2m", 120.0),
        ("1h 33s", 3633.0),
        ("45.25s", 45.25),
        (" 1:15 ", 75.0),
    ],
)
def test_every_way_to_write_a_time(text: str, seconds: float) -> None:
    assert parse_time(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "abc", "-5", "1:75", "1:60:00", "1:2:3:4", "1e3", "nan", "inf", "h", "1:", ":15", "5x"]
)
def test_what_is_no_time_is_refused_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(TimeError, match="1h2m33s"):
        parse_time(text)


@given(st.integers(min_value=0, max_value=360_000_0))
def test_a_printed_time_reads_back_as_itself(tenths: int) -> None:
    assert parse_time(format_time(tenths / 10)) == pytest.approx(tenths / 10)


def test_rounding_carries_into_minutes_and_hours() -> None:
    assert format_time(59.96) == "1:00.0"
    assert format_time(3599.99) == "1:00:00.0"
    assert format_time(3753.4, decimals=3) == "1:02:33.400"
    assert format_time(75.5, decimals=0) == "1:16"


@given(*[st.floats(min_value=0, max_value=1e5)] * 4)
def test_span_laws(a: float, b: float, c: float, d: float) -> None:
    one, other = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    union = one.union(other)
    assert union.start <= one.start and one.end <= union.end
    assert one.overlaps(other) == other.overlaps(one)
    assert union.duration >= max(one.duration, other.duration)
    assert one.padded(5, 5).start >= 0


@pytest.mark.parametrize(("start", "end"), [(2.0, 1.0), (float("nan"), 1.0), (0.0, float("inf"))])
def test_a_span_cannot_run_backwards_or_for_ever(start: float, end: float) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(start, end)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 20)), max_size=12), st.integers(0, 10))
def test_ranges_are_joined_up_to_the_gap_and_cover_what_they_covered(drawn: list[tuple[int, int]], gap: int) -> None:
    ranges = sorted((start, start + length) for start, length in drawn)
    joined = join_near_ranges(ranges, gap)
    assert all(after[0] - before[1] > gap for before, after in pairwise(joined))
    for start, end in ranges:
        assert any(first <= start and end <= last for first, last in joined)
    assert {edge for edges in joined for edge in edges} <= {edge for edges in ranges for edge in edges}
    between = {n for start, end in joined for n in range(start, end)} - {n for a, b in ranges for n in range(a, b)}
    assert not any(set(range(n, n + gap + 1)) <= between for n in between), "a gap longer than allowed was merged"


def test_spans_are_joined_like_ranges() -> None:
    spans = [Span(0, 1), Span(1.5, 4), Span(2, 3), Span(4.75, 5), Span(6, 7)]
    assert join_near(spans, 0.5) == [Span(0, 4), Span(4.75, 5), Span(6, 7)]
    assert join_near([], 0.5) == []


@given(st.integers(0, 10**7), st.integers(0, 10**6))
def test_an_end_behind_a_plus_is_counted_from_the_start(start: int, length: int) -> None:
    seconds = start / 100
    for text in (f"+{length / 100}", f" +{length / 100}s", f"+{format_time(length / 100, 2)}"):
        assert parse_end(text, seconds) == pytest.approx((start + length) / 100, abs=1e-6)
    assert parse_end(format_time(seconds, 2), 99.0) == parse_time(format_time(seconds, 2))


@pytest.mark.parametrize("text", ["+", "++5", "+-5", "5+", "+ends"])
def test_what_stands_behind_a_plus_is_a_time(text: str) -> None:
    with pytest.raises(TimeError):
        parse_end(text, 1.0)


def test_times_behind_a_plus_follow_each_other() -> None:
    assert parse_times(["1:15", "+5", "+1m", "2:00"]) == [75.0, 80.0, 140.0, 120.0]
    assert parse_times([]) == []
    assert parse_times(["+5", "+5", "1:15"], 10.0) == [15.0, 20.0, 75.0]
    with pytest.raises(TimeError, match="no time before it"):
        parse_times(["+5", "1:15"])
