"""Scores of given texts by real engines, on the sample interview, whose text is known."""

from __future__ import annotations

import random

import numpy as np
import pytest
from measuring import INTERVIEW, load_utterances
from real_sample import ENGINES, real_engine

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE, Samples
from pipeline.engines.base import Engine
from pipeline.errors import ModelError

MOST_EXCHANGED = 0.2
"""Share of the sentences that may fit better with a word of another one. Measured with both engines: none of them."""

SENTENCES = {"faster-whisper": 24, "openai-whisper": 6}  # openai-whisper takes several times as long


@pytest.fixture(scope="module", params=ENGINES)
def each_engine(request: pytest.FixtureRequest) -> Engine:
    """Each real engine."""
    return real_engine(request.param)


def cut_utterances(count: int) -> tuple[list[Samples], list[str]]:
    """The sound and the text of some utterances of at most 30 s."""
    sound = np.concatenate(list(decode_audio(INTERVIEW)))
    told = [utterance for utterance in load_utterances() if utterance.end - utterance.start < 28][:count]
    windows = [sound[round((one.start - 0.2) * SAMPLE_RATE) : round((one.end + 0.2) * SAMPLE_RATE)] for one in told]
    return windows, [one.text for one in told]


def exchange_word(text: str, others: list[str], choose: random.Random) -> str:
    """The text with a longer word exchanged for one of another text."""
    words = text.split()
    place = choose.choice([number for number, word in enumerate(words) if len(word) > 3] or [0])
    substitutes = [word for other in others if other != text for word in other.split() if len(word) > 3]
    return " ".join([*words[:place], choose.choice(substitutes), *words[place + 1 :]])


@pytest.mark.weights
def test_true_words_score_higher_than_exchanged_ones(each_engine: Engine) -> None:
    windows, texts = cut_utterances(SENTENCES[each_engine.name])
    choose = random.Random(12)
    pairs = [(text, exchange_word(text, texts, choose)) for text in texts]
    scores = each_engine.score_texts(windows, pairs, "en")
    assert [len(of_window) for of_window in scores] == [2] * len(windows)
    wrong = sum(true.total <= exchanged.total for true, exchanged in scores)
    assert wrong <= MOST_EXCHANGED * len(pairs)


@pytest.mark.weights
def test_a_score_does_not_depend_on_what_is_scored_with_it(each_engine: Engine) -> None:
    windows, texts = cut_utterances(2)
    together = each_engine.score_texts(windows, [texts, texts], "en")
    for window, scores in zip(windows, together, strict=True):
        for text, score in zip(texts, scores, strict=True):
            ((alone,),) = each_engine.score_texts([window], [[text]], "en")
            assert score.log_probabilities == pytest.approx(alone.log_probabilities, abs=0.2)


@pytest.mark.weights
def test_every_token_of_a_text_is_scored_and_an_empty_text_has_none(each_engine: Engine) -> None:
    windows, texts = cut_utterances(1)
    ((whole, empty),) = each_engine.score_texts(windows, [[texts[0], ""]], "en")
    assert len(whole.log_probabilities) >= len(texts[0].split())
    assert empty.log_probabilities == ()
    assert all(one <= 0 for one in whole.log_probabilities)


@pytest.mark.weights
def test_other_languages_are_refused_by_an_english_model(each_engine: Engine) -> None:
    windows, texts = cut_utterances(1)
    with pytest.raises(ModelError, match="only English"):
        each_engine.score_texts(windows, [texts], "de")
