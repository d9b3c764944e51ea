"""Turns of voices: where they overlap."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from audio.timecode import Span
from audio.voices.voice_turns import VoiceTurn, find_overlaps

TICKS = st.integers(0, 60)


@st.composite
def turns(draw: st.DrawFn) -> list[VoiceTurn]:
    """Turns of up to four voices; those of one voice neither touch nor overlap."""
    made = []
    for voice in range(1, draw(st.integers(1, 4)) + 1):
        borders = sorted(draw(st.sets(TICKS, max_size=8)))
        made += [VoiceTurn(start, end, voice) for start, end in zip(borders[::2], borders[1::2], strict=False)]
    return sorted(made, key=lambda turn: (turn.start, turn.voice))


@given(turns())
def test_an_overlap_is_where_two_voices_or_more_speak(made: list[VoiceTurn]) -> None:
    overlaps = find_overlaps(made)
    for tick in range(60):
        speaking = sum(turn.start <= tick and tick + 1 <= turn.end for turn in made)
        assert any(span.start <= tick and tick + 1 <= span.end for span in overlaps) == (speaking >= 2)
    assert all(one.end < other.start for one, other in pairwise(overlaps))


def test_touching_turns_do_not_overlap() -> None:
    assert find_overlaps([VoiceTurn(0.0, 1.0, 1), VoiceTurn(1.0, 2.0, 2)]) == ()
    assert find_overlaps([VoiceTurn(0.0, 1.5, 1), VoiceTurn(1.0, 2.0, 2)]) == (Span(1.0, 1.5),)
