"""The bars, the yardstick and the predictions of the transcription benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bench.bench_report import (
    BATCHED_RATIO,
    Bars,
    judge_against_batched,
    judge_interview,
    judge_speed,
    judge_yardstick,
)
from bench.bench_transcribe import order_systems
from bench.encoder_one import SAME_ENCODER, compare, fastest_run, fewest_windows
from bench.kept_results import ENCODER, Row
from bench.larger_models import LARGE, SMALL, Measured, predict
from bench.processor import parse_processor
from bench.scoring import Score
from bench.systems import AIRQUOTE, AIRQUOTE_OPENAI, BATCHED, OPENAI_WHISPER
from bench.whisper_operations import SIZES
from bench.yardstick import multiples, summarize_runs

from audio.timecode import Span
from audio.windows import Window

INTEL = """processor\t: 0
model name\t: A Processor @ 2.00GHz
flags\t\t: fpu sse4_2 fma avx avx2 avx512f avx512_vnni

processor\t: 1
model name\t: A Processor @ 2.00GHz
"""


def score(seconds: float, wrong: int = 0, true: int = 100, cpu: float | None = None) -> Score:
    return Score(seconds, seconds, 100.0, 600.0, cpu, wrong, true)


def encoder_run(seconds: float, library: str = "OpenVINO float32", relative: float = 0.0) -> dict[str, Any]:
    encoder = {
        "library": library, "workers": 1, "seconds": seconds, "cpu_seconds": 2 * seconds, "largest": 0.1,
        "relative": relative,
    }  # fmt: skip
    return {
        "seconds": 10 * seconds, "cpu_seconds": 20 * seconds, "fewest_windows": 10, "planned_windows": 12,
        "speech_seconds": 290.0, "fastest": encoder, "encoders": [encoder], "absent": [],
    }  # fmt: skip


@pytest.mark.parametrize("model", BATCHED_RATIO)
def test_speed_has_a_bar_for_each_model(model: str) -> None:
    for times, met in ((BATCHED_RATIO[model], True), (BATCHED_RATIO[model] - 0.01, False)):
        bars = Bars()
        judge_speed(bars, "", model, {AIRQUOTE: score(10.0), BATCHED: score(10.0 * times)})
        assert bars.met == met


def test_the_other_engine_is_measured_by_its_own_recogniser() -> None:
    bars = Bars()
    judge_speed(bars, "", "tiny.en", {AIRQUOTE_OPENAI: score(10.0), OPENAI_WHISPER: score(15.9)})
    assert not bars.met


def test_one_word_more_than_the_batched_pipeline_on_pooled_speech_misses_the_bar() -> None:
    for wrong, met in ((11, True), (12, False)):
        scores = {
            Row("notes-en", AIRQUOTE, "base"): score(1.0, wrong=wrong),
            Row("notes-en", BATCHED, "base"): score(1.0, wrong=10),
            Row("address-en", AIRQUOTE, "base"): score(1.0, wrong=4),
            Row("address-en", BATCHED, "base"): score(1.0, wrong=5),
        }
        bars = Bars()
        judge_against_batched(bars, "base", scores)
        assert bars.met == met


def test_only_speech_that_both_recognised_is_pooled() -> None:
    scores = {
        Row("notes-en", AIRQUOTE, "base"): score(1.0, wrong=9),
        Row("notes-en", BATCHED, "base"): score(1.0, wrong=10),
        Row("address-en", AIRQUOTE, "base"): score(1.0, wrong=50),
        Row("interview-10min", AIRQUOTE, "base"): score(1.0, wrong=50),
        Row("interview-10min", BATCHED, "base"): score(1.0),
        Row("notes-en", AIRQUOTE, "tiny.en"): score(1.0, wrong=50),
        Row("notes-en", BATCHED, "tiny.en"): score(1.0),
    }
    bars = Bars()
    judge_against_batched(bars, "base", scores)
    assert bars.met


@pytest.mark.parametrize("material", ["interview-60min", "interview-300min"])
def test_a_lost_sentence_misses_the_bar(material: str) -> None:
    for lost, met in (([], True), (["She's our treasurer now."], False)):
        heard = score(1.0)
        heard.starts, heard.ends, heard.lost = [1.0, 2.0], [1.0, 2.0], list(lost)
        bars = Bars()
        judge_interview(bars, material, {AIRQUOTE: heard})
        assert bars.met == met


def test_airquote_may_take_three_times_the_encoder_alone() -> None:
    yardstick = summarize_runs([encoder_run(1.0), encoder_run(3.0), encoder_run(2.0)])
    assert yardstick is not None
    assert (yardstick.seconds, yardstick.cpu_seconds, yardstick.window_seconds) == (20.0, 40.0, 2.0)
    assert multiples(yardstick, score(50.0, cpu=100.0)) == (2.5, 2.5)
    assert multiples(yardstick, score(50.0)) == (2.5, None)
    for seconds, used, met in ((60.0, 120.0, True), (60.1, 120.0, False), (60.0, 120.1, False)):
        bars = Bars()
        judge_yardstick(bars, "", yardstick, score(seconds, cpu=used))
        assert bars.met == met


def test_a_yardstick_that_was_not_measured_judges_nothing() -> None:
    bars = Bars()
    judge_yardstick(bars, "", summarize_runs([]), score(1000.0))
    assert bars.met


def test_speech_fills_windows_to_the_last() -> None:
    windows = [Window(number, (Span(40.0 * number, 40.0 * number + 20.0),)) for number in range(3)]
    assert fewest_windows([windows]) == 2
    assert fewest_windows([windows, windows[:1]]) == 3
    assert fewest_windows([windows, windows[:2]]) == 4


def test_a_library_whose_output_differs_is_no_yardstick() -> None:
    runs = [
        {"seconds": 1.0, "relative": 1.01 * SAME_ENCODER},
        {"seconds": 2.0, "relative": 0.99 * SAME_ENCODER},
        {"seconds": 3.0, "relative": 0.0},
    ]
    assert fastest_run(runs)["seconds"] == 2.0


def test_outputs_are_compared_by_their_largest_and_by_their_mean_difference() -> None:
    reference = np.full((4, 4), 2.0, np.float32)
    assert compare(reference, reference) == (0.0, 0.0)
    output = reference.copy()
    output[0, 0] += 4.0
    largest, relative = compare(output, reference)
    assert largest == 4.0
    assert relative == pytest.approx(0.5)


def test_every_second_round_is_run_backwards() -> None:
    first, second, third = (order_systems("interview-10min", number) for number in (1, 2, 3))
    assert second == first[::-1]
    assert third == first
    assert abs(first.index(ENCODER) - first.index(AIRQUOTE)) == 1
    assert ENCODER not in order_systems("librivox_words-en", 1)


def test_a_prediction_returns_what_was_measured() -> None:
    measured = {SMALL: Measured(50.0, 140.0, 90.0), LARGE: Measured(100.0, 140.0, 90.0)}
    small, large = (predict(SIZES[name], measured, 3) for name in (SMALL, LARGE))
    assert [small.from_small, small.line] == pytest.approx([50.0, 50.0])
    assert [large.from_large, large.line] == pytest.approx([100.0, 100.0])
    assert predict(SIZES["small"], {SMALL: measured[SMALL]}, 3).line is None


def test_larger_models_are_predicted_to_take_longer() -> None:
    measured = {SMALL: Measured(50.0, 140.0, 90.0), LARGE: Measured(100.0, 140.0, 90.0)}
    names = ("tiny.en", "base", "small", "medium", "large-v3")
    lines = [predict(SIZES[name], measured, 3).line or 0.0 for name in names]
    assert lines == sorted(lines)
    assert len(set(lines)) == len(names)


def test_the_processor_is_told_with_its_vector_instructions() -> None:
    assert parse_processor(INTEL) == "A Processor @ 2.00GHz (sse4_2 avx fma avx2 avx512f avx512_vnni)"
    assert parse_processor("")
