"""RTTM: what a reader of the standard's ten fields gets is who speaks when, with overlaps, under distinct names."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.text.rttm import SpeakerTurn, write_rttm

MILLISECONDS = 1000
NAMES = st.sampled_from(
    ["Ann Lee", "Ann_Lee", "Ann  Lee", "Voice 1", "Voice_1", "Ólafur Þór", ";; x", "<NA>", "\t", "Ann\nLee"]
)
TURNS = st.lists(
    st.builds(
        lambda start, length, name: SpeakerTurn(start / MILLISECONDS, (start + length) / MILLISECONDS, name),
        st.integers(0, 40_000), st.integers(0, 9_000), NAMES,
    ),
    max_size=12,
)  # fmt: skip


def read_rttm(text: str) -> list[tuple[str, int, int, str]]:
    """Read the fields as the evaluation plan has them: file, onset and end in milliseconds, and name."""
    rows = []
    for line in text.splitlines():
        kind, file, channel, onset, duration, orthography, subtype, name, confidence, lookahead = line.split()
        assert (kind, channel) == ("SPEAKER", "1")
        assert {orthography, subtype, confidence, lookahead} == {"<NA>"}
        assert float(duration) > 0
        start = round(float(onset) * MILLISECONDS)
        rows.append((file, start, start + round(float(duration) * MILLISECONDS), name))
    return rows


def speaking(turns: list[tuple[int, int, str]]) -> dict[str, set[int]]:
    """The milliseconds in which each name speaks."""
    found: dict[str, set[int]] = {}
    for start, end, name in turns:
        found.setdefault(name, set()).update(range(start, end))
    return {name: times for name, times in found.items() if times}


@given(TURNS)
def test_every_millisecond_of_every_speaker_is_in_the_file(turns: list[SpeakerTurn]) -> None:
    rows = read_rttm(write_rttm(turns, "the roof"))
    given_ = speaking([(round(one.start * MILLISECONDS), round(one.end * MILLISECONDS), one.speaker) for one in turns])
    read = speaking([row[1:] for row in rows])
    assert sorted(map(sorted, given_.values())) == sorted(map(sorted, read.values()))
    assert {row[0] for row in rows} <= {"the_roof"}


@given(TURNS)
def test_turns_are_in_order_and_those_of_one_speaker_apart(turns: list[SpeakerTurn]) -> None:
    rows = read_rttm(write_rttm(turns, "x"))
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    for name in {row[3] for row in rows}:
        mine = [row for row in rows if row[3] == name]
        assert all(before[2] <= after[1] for before, after in pairwise(mine))


@given(TURNS)
def test_what_is_written_of_what_was_read_is_the_same(turns: list[SpeakerTurn]) -> None:
    first = write_rttm(turns, "x")
    again = [SpeakerTurn(start / MILLISECONDS, end / MILLISECONDS, name) for _, start, end, name in read_rttm(first)]
    assert write_rttm(again, "x") == first


@pytest.mark.parametrize(
    ("turns", "lines"),
    [
        ([], ""),
        ([SpeakerTurn(0.5, 0.5, "Ann")], ""),
        ([SpeakerTurn(1.25, 3.0, "Ann Lee")], "SPEAKER talk 1 1.250 1.750 <NA> <NA> Ann_Lee <NA> <NA>\n"),
        (
            [SpeakerTurn(0, 1, "Ann Lee"), SpeakerTurn(0.5, 2, "Ann_Lee"), SpeakerTurn(1, 2, "Ann Lee")],
            "SPEAKER talk 1 0.000 2.000 <NA> <NA> Ann_Lee <NA> <NA>\n"
            "SPEAKER talk 1 0.500 1.500 <NA> <NA> Ann_Lee_2 <NA> <NA>\n",
        ),
    ],
)
def test_lines(turns: list[SpeakerTurn], lines: str) -> None:
    assert write_rttm(turns, "talk") == lines
