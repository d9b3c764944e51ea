"""The batched search and its word times give what openai-whisper gives, with the real weights of tiny.en."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from measuring import INTERVIEW
from real_sample import real_engine

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE, WINDOW_SAMPLES, Samples

PROMPT = "The Quiet Harbor, with Daniel Okafor."
SPANS = ((1.0, 24.0), (70.0, 80.0), (30.0, 58.0))  # seconds of the interview: windows of different lengths


@cache
def cut_windows() -> list[Samples]:
    """Some windows of the interview."""
    sound = np.concatenate(list(decode_audio(INTERVIEW)))
    return [sound[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] for start, end in SPANS]


@cache
def encode_windows() -> Any:
    """The encoder's output for them."""
    engine: Any = real_engine("openai-whisper")
    return engine._encode(cut_windows(), WINDOW_SAMPLES)


def search(**options: Any) -> Any:
    """The decoder after a search, and the text of each window."""
    from pipeline.engines.batched_search import BatchedSearch, BatchedSearchOptions
    from pipeline.engines.text_decoder import BatchDecoder

    engine: Any = real_engine("openai-whisper")
    task = BatchedSearch(engine._whisper, engine._tokenizer("en"), BatchedSearchOptions(**options))
    decoder = BatchDecoder(engine._whisper, encode_windows(), task.places)
    return decoder, task.run(decoder)


@pytest.mark.weights
@pytest.mark.filterwarnings("ignore:__array_wrap__ must accept context:DeprecationWarning")
@pytest.mark.parametrize("prompt", [None, PROMPT])
@pytest.mark.parametrize("width", [1, 3, 5])
def test_windows_searched_together_are_those_of_whisper_decode_alone(width: int, prompt: str | None) -> None:
    import whisper

    engine: Any = real_engine("openai-whisper")
    _, together = search(width=width, prompt=prompt)
    options = whisper.DecodingOptions(
        language="en", beam_size=width if width > 1 else None, prompt=prompt, without_timestamps=True, fp16=False
    )
    for encoded, found in zip(encode_windows(), together, strict=True):
        alone = whisper.decode(engine._whisper, encoded, options)
        assert len(alone.tokens) > 5
        assert list(found.best.tokens) == alone.tokens
        assert found.best.mean_log_probability == pytest.approx(alone.avg_logprob, abs=1e-4)
        assert found.no_speech_probability == pytest.approx(alone.no_speech_prob, abs=1e-4)


@pytest.mark.weights
def test_the_score_is_that_of_the_tokens_and_the_end() -> None:
    for found in search(width=3)[1]:
        assert len(found.best.tokens) == len(found.best.log_probabilities)
        assert all(one <= 0 for one in found.best.log_probabilities)
        assert found.best.score <= sum(found.best.log_probabilities)


@pytest.mark.weights
def test_samples_follow_from_the_seed() -> None:
    first = search(width=5, temperature=1.0, seed=3)[1]
    assert search(width=5, temperature=1.0, seed=3)[1] == first
    assert any(search(width=5, temperature=1.0, seed=seed)[1] != first for seed in (2**250, 4, 5))


@pytest.mark.weights
def test_times_of_tokens_are_those_of_find_alignment() -> None:
    from whisper.timing import find_alignment

    from pipeline.engines.attention_times import find_token_times

    engine: Any = real_engine("openai-whisper")
    tokenizer, whisper = engine._tokenizer("en"), engine._whisper
    decoder, found = search(width=3)

    class Encoded:
        """The model as `find_alignment` calls it, for sound that is encoded."""

        def __getattr__(self, name: str) -> Any:
            return getattr(whisper, name)

        def __call__(self, encoded: Any, tokens: Any) -> Any:
            return whisper.decoder(tokens, encoded)

    for number, (window, encoded, text) in enumerate(zip(cut_windows(), encode_windows(), found, strict=True)):
        tokens = list(text.best.tokens)
        expected = find_alignment(Encoded(), tokenizer, tokens, encoded, len(window) // 160)
        times = find_token_times(whisper, decoder, tokenizer, number, tokens, len(window))
        firsts = np.cumsum([0, *(len(word.tokens) for word in expected)])
        assert times[firsts[:-1]] == pytest.approx([word.start for word in expected])
        assert times[firsts[1:]] == pytest.approx([word.end for word in expected])
        assert len(times) == len(tokens) + 1


def test_the_median_is_that_of_sorting() -> None:
    torch = pytest.importorskip("torch")
    from pipeline.engines.attention_times import filter_median

    for length in (1, 3, 4, 7, 50):
        values = torch.rand((3, length), generator=torch.Generator().manual_seed(length))
        mirrored = np.pad(values.numpy(), ((0, 0), (3, 3)), mode="reflect") if length > 3 else None
        expected = values.numpy() if mirrored is None else np.median(_windows_of_seven(mirrored), axis=-1)
        assert np.array_equal(filter_median(values).numpy(), expected)


def _windows_of_seven(values: Any) -> Any:
    return np.lib.stride_tricks.sliding_window_view(values, 7, axis=-1)


@pytest.mark.parametrize("seed", range(20))
def test_the_path_is_the_cheapest(seed: int) -> None:
    pytest.importorskip("torch")
    from pipeline.engines.attention_times import warp_time

    draw = np.random.default_rng(seed)
    cost = draw.normal(size=(int(draw.integers(1, 6)), int(draw.integers(1, 9))))
    total = np.full((cost.shape[0] + 1, cost.shape[1] + 1), np.inf)
    total[0, 0] = 0
    for row, column in np.ndindex(cost.shape):
        before = min(total[row, column], total[row, column + 1], total[row + 1, column])
        total[row + 1, column + 1] = cost[row, column] + before
    entered = warp_time(cost)
    assert entered[0] == 0
    assert _cost_entering(cost, list(entered)) == pytest.approx(total[-1, -1])


def _cost_entering(cost: Any, entered: list[int]) -> float:
    """What a path costs that enters each row in a given column: it leaves at the next one's column, or one before."""
    last = cost.shape[1] - 1
    cheapest = {0: 0.0}
    for row, start in enumerate(entered):
        following = entered[row + 1] if row + 1 < len(entered) else last
        ends = {following} if row + 1 == len(entered) else {following, following - 1}
        paid = min(cheapest.values())
        cheapest = {end: paid + float(cost[row, start : end + 1].sum()) for end in ends if end >= start}
    return min(cheapest.values())
