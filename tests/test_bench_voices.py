"""The scores of the benchmark of voices: laws of the error rate, and of words with the wrong speaker."""

from __future__ import annotations

import numpy as np
import pytest
from bench.voices_effects import EFFECTS
from bench.voices_podcasts import SpokenTurn
from bench.voices_readers import join_spans
from bench.voices_scoring import COLLAR, DiarizationScore, count_wrong_words, score_turns
from hypothesis import given
from hypothesis import strategies as st

from audio.samples import SAMPLE_RATE
from audio.timecode import Span


@st.composite
def turns(draw: st.DrawFn, speakers: str = "abc") -> list[SpokenTurn]:
    found: list[SpokenTurn] = []
    for speaker in speakers[: draw(st.integers(1, len(speakers)))]:
        moments = sorted(draw(st.sets(st.integers(0, 600), min_size=2, max_size=8)))
        found += [
            SpokenTurn(speaker, start / 10, end / 10) for start, end in zip(moments[::2], moments[1::2], strict=False)
        ]
    return found


def renamed(found: list[SpokenTurn], names: dict[str, str]) -> list[SpokenTurn]:
    return [SpokenTurn(names[turn.speaker], turn.start, turn.end) for turn in found]


@given(truth=turns())
def test_the_truth_has_no_error_whatever_its_speakers_are_called(truth: list[SpokenTurn]) -> None:
    score = score_turns(truth, renamed(truth, {"a": "3", "b": "1", "c": "2"}))
    assert (score.missed, score.made_up, score.confused) == (0, 0, 0)


@given(truth=turns(), found=turns("xyz"))
def test_errors_are_those_of_the_frames(truth: list[SpokenTurn], found: list[SpokenTurn]) -> None:
    score = score_turns(truth, found)
    assert min(score.spoken, score.missed, score.made_up, score.confused) >= 0
    assert score.missed + score.confused <= score.spoken + 1e-9
    nothing = score_turns(truth, [])
    assert nothing.missed == pytest.approx(nothing.spoken) == pytest.approx(score.spoken)
    assert nothing.made_up == nothing.confused == 0


@given(truth=turns())
def test_borders_may_be_off_by_the_collar(truth: list[SpokenTurn]) -> None:
    moved = [SpokenTurn(turn.speaker, turn.start + COLLAR - 0.02, turn.end + COLLAR - 0.02) for turn in truth]
    assert score_turns(truth, moved).missed == 0


def test_each_kind_of_error_is_counted_as_such() -> None:
    truth = [SpokenTurn("a", 0, 10), SpokenTurn("b", 20, 30)]
    assert score_turns(truth, [SpokenTurn("1", 0, 10)]).missed == pytest.approx(9.5, abs=0.02)
    merged = score_turns(truth, renamed(truth, {"a": "1", "b": "1"}))
    assert merged.confused == pytest.approx(9.5, abs=0.02)
    assert merged.confusion == pytest.approx(50, abs=0.1)
    assert score_turns(truth, [*truth, SpokenTurn("c", 12, 18)]).made_up == pytest.approx(6, abs=0.02)
    assert score_turns(truth, [*truth, SpokenTurn("c", 12, 18)]).error_rate == pytest.approx(600 / 19, abs=0.2)


def test_scores_add_up() -> None:
    one, other = DiarizationScore(10, 1, 0, 1), DiarizationScore(30, 0, 2, 4)
    assert (one + other).error_rate == pytest.approx(20)
    assert DiarizationScore().error_rate == 0


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40), st.permutations("xyz"))
def test_words_are_right_whatever_the_voices_are_called(truth: list[str], names: list[str]) -> None:
    found = [dict(zip("abc", names, strict=True))[speaker] for speaker in truth]
    assert count_wrong_words(truth, found) == 0
    assert count_wrong_words(truth, ["one"] * len(truth)) == len(truth) - max(map(truth.count, "abc"))


def test_a_voice_too_many_makes_its_words_wrong() -> None:
    assert count_wrong_words(list("aaabbb"), [1, 1, 3, 2, 2, 2]) == 1
    assert count_wrong_words(list("aab"), [None, None, None]) == 1


def test_short_pauses_do_not_part_turns() -> None:
    spans = [Span(2.0, 3.0), Span(0.0, 1.0), Span(1.4, 1.8)]
    assert join_spans(spans) == (Span(0.0, 3.0),)
    assert join_spans([Span(0.0, 1.0), Span(1.6, 2.0)]) == (Span(0.0, 1.0), Span(1.6, 2.0))


@pytest.mark.parametrize("effect", EFFECTS)
def test_effects_leave_sound_of_about_the_same_length(effect: str) -> None:
    sound = np.sin(np.arange(SAMPLE_RATE) * 0.1).astype(np.float32) * 0.1
    changed = EFFECTS[effect](sound)
    assert changed.dtype == np.float32
    assert np.isfinite(changed).all()
    assert 0.8 * len(sound) < len(changed) < 1.25 * len(sound)
    assert not np.allclose(changed[: len(sound)], sound[: len(changed)])
