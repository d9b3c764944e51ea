"""The choice of an engine, and both engines on real sound with real weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measuring import INTERVIEW, Utterance, end_errors, load_utterances, start_errors, word_error_rate
from real_sample import ENGINES, LARGEST_DIFFERENCE, real_engine

from audio.decode import decode_audio
from audio.errors import MachineError, UsageError
from audio.samples import SAMPLE_RATE, WINDOW_SAMPLES, Samples
from index.language.compression import compression_ratio
from pipeline.engines import choose
from pipeline.engines.base import SILENT_TAIL, DecodingOptions, Engine, WindowText, encoded_length
from pipeline.engines.choose import EngineSpec, choose_engine, default_model, load_engine
from pipeline.engines.word_times import LONGEST_WORD, group_words
from pipeline.errors import ModelError

PAD = 0.3  # seconds around an utterance
LARGEST_WINDOWS_ERROR_RATE = 0.12
"""Word error rate of the windows, without the fallback that a transcription has: in one of the eight, faster-whisper
stops before the last two sentences. Measured with ``make test-processors``: 0.042 to 0.050."""


# Choosing


@pytest.mark.parametrize(
    ("name", "device", "ctranslate2_cuda", "torch_cuda", "chosen"),
    [
        ("auto", "auto", False, False, ("faster-whisper", "cpu")),
        ("auto", "auto", True, True, ("faster-whisper", "cuda")),
        ("auto", "auto", False, True, ("openai-whisper", "cuda")),
        ("auto", "cpu", True, True, ("faster-whisper", "cpu")),
        ("faster-whisper", "auto", False, True, ("faster-whisper", "cpu")),
        ("openai-whisper", "auto", True, True, ("openai-whisper", "cuda")),
        ("openai-whisper", "auto", True, False, ("openai-whisper", "cpu")),
        ("auto", "cuda", False, True, ("openai-whisper", "cuda")),
        ("auto", "cuda", False, False, None),
        ("faster-whisper", "cuda", False, True, None),
    ],
)
def test_the_engine_is_the_one_that_can_use_the_device(
    name: str,
    device: str,
    ctranslate2_cuda: bool,
    torch_cuda: bool,
    chosen: tuple[str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choose, "ctranslate2_sees_cuda", lambda: ctranslate2_cuda)
    monkeypatch.setattr(choose, "torch_sees_cuda", lambda: torch_cuda)
    monkeypatch.setattr(choose, "has_accelerator_driver", lambda: ctranslate2_cuda or torch_cuda)
    if chosen is None:
        with pytest.raises(MachineError, match="the CPU"):
            choose_engine(name, device)
    else:
        assert choose_engine(name, device) == chosen


def test_unknown_engines_and_devices_are_refused() -> None:
    with pytest.raises(UsageError, match="faster-whisper or openai-whisper"):
        choose_engine("whisper")
    with pytest.raises(UsageError, match="auto, cpu or cuda"):
        choose_engine("auto", "tpu")


def test_the_default_model_is_smaller_on_a_cpu() -> None:
    assert (default_model("cpu"), default_model("cuda")) == ("small", "turbo")


def test_compression_ratio_is_whispers() -> None:
    whisper_utils = pytest.importorskip("whisper.utils")
    text = "there is more to come " * 20
    assert compression_ratio(text) == whisper_utils.compression_ratio(text)
    assert compression_ratio("") == 0.0


# Real weights


@pytest.fixture(scope="module", params=ENGINES)
def each_engine(request: pytest.FixtureRequest) -> Engine:
    """Each real engine."""
    return real_engine(request.param)


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of the interview, their starts in seconds, and the utterances that lie in them."""

    sounds: list[Samples]
    starts: list[float]
    utterances: list[Utterance]

    @property
    def text(self) -> str:
        return " ".join(utterance.text for utterance in self.utterances)


@cache
def load_windows() -> Windows:
    """The interview's utterances in windows of at most 30 s."""
    sound = np.concatenate(list(decode_audio(INTERVIEW)))
    spans: list[list[float]] = []
    for utterance in load_utterances():
        start, end = max(0.0, utterance.start - PAD), utterance.end + PAD
        if spans and end - spans[-1][0] <= 30 and start - spans[-1][1] < 2:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    sounds = [sound[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] for start, end in spans]
    assert max(map(len, sounds)) <= 30 * SAMPLE_RATE
    return Windows(sounds, [start for start, _ in spans], load_utterances())


def windows_for(name: str) -> Windows:
    """All windows; for openai-whisper, which takes four times as long, the first three of them: a minute of speech."""
    windows = load_windows()
    if name == "faster-whisper":
        return windows
    return Windows(windows.sounds[:3], windows.starts[:3], [u for u in windows.utterances if u.end < windows.starts[3]])


def cut_utterance(words: str) -> Samples:
    """The sound of the utterance in which these words are said."""
    (said,) = [utterance for utterance in load_utterances() if words in utterance.text]
    sound = np.concatenate(list(decode_audio(INTERVIEW)))
    return sound[round((said.start - PAD) * SAMPLE_RATE) : round((said.end + PAD) * SAMPLE_RATE)]


@cache
def recognise(name: str) -> list[WindowText]:
    """What an engine recognises in its windows, once for all tests."""
    return real_engine(name).transcribe_windows(windows_for(name).sounds, "en")


@pytest.fixture
def windows(each_engine: Engine) -> Windows:
    """The windows that each engine transcribes."""
    return windows_for(each_engine.name)


@pytest.fixture
def heard(each_engine: Engine) -> list[WindowText]:
    """What each engine recognises in them."""
    return recognise(each_engine.name)


def text_of(heard: list[WindowText]) -> str:
    return "".join(word.text for window in heard for word in window.words)


@pytest.mark.weights
def test_the_interview_is_heard(heard: list[WindowText], windows: Windows) -> None:
    assert word_error_rate(windows.text, text_of(heard)) <= LARGEST_WINDOWS_ERROR_RATE


@pytest.mark.weights
def test_both_engines_hear_the_same_words() -> None:
    both = len(windows_for(ENGINES[1]).sounds)
    first, second = (text_of(recognise(name)[:both]) for name in ENGINES)
    assert word_error_rate(first, second) <= LARGEST_DIFFERENCE


@pytest.mark.weights
def test_times_of_real_words_keep_the_laws(heard: list[WindowText], windows: Windows) -> None:
    for window, sound in zip(heard, windows.sounds, strict=True):
        assert window.words
        assert all(word.start <= following.start for word, following in pairwise(window.words))
        for word in window.words:
            assert word.text.startswith(" ")
            assert 0 <= word.start < word.end <= len(sound) / SAMPLE_RATE
            assert word.end - word.start <= LONGEST_WORD
            assert word.probability is not None
            assert 0 <= word.probability <= 1


@pytest.mark.weights
def test_utterances_begin_where_the_voice_is_heard(heard: list[WindowText], windows: Windows) -> None:
    words = [
        replace(word, start=offset + word.start, end=offset + word.end)
        for window, offset in zip(heard, windows.starts, strict=True)
        for word in window.words
    ]
    starts = np.abs(start_errors(windows.utterances, words))
    ends = np.abs(end_errors(windows.utterances, words))
    assert len(starts) >= 0.8 * len(windows.utterances)
    assert median(starts) <= 0.06
    assert np.percentile(starts, 95) <= 0.25
    assert median(ends) <= 0.12
    assert np.percentile(ends, 95) <= 0.4


@pytest.mark.weights
def test_facts_of_clear_speech(heard: list[WindowText]) -> None:
    for window in heard:
        assert window.language == "en"
        assert -0.5 < window.mean_log_probability < 0
        assert 0.8 < window.compression_ratio < 2.4
        assert 0 <= window.no_speech_probability < 0.3
        assert window.temperature == 0


@pytest.mark.weights
def test_the_same_windows_give_the_same_words(each_engine: Engine, heard: list[WindowText], windows: Windows) -> None:
    shortest = min(range(len(windows.sounds)), key=lambda number: len(windows.sounds[number]))
    alone = [windows.sounds[shortest]]
    (again,) = each_engine.transcribe_windows(alone, "en")
    assert each_engine.transcribe_windows(alone, "en") == [again]
    # In a batch the arithmetic rounds in another order, which may change one of the thirteen words.
    assert word_error_rate(text_of([heard[shortest]]), text_of([again])) <= 0.1


@pytest.mark.weights
def test_windows_without_sound_have_no_words(each_engine: Engine) -> None:
    silent = [np.zeros(samples, dtype=np.float32) for samples in (0, 1, 100, SAMPLE_RATE, 30 * SAMPLE_RATE)]
    short = np.full(SAMPLE_RATE // 20, 0.5, dtype=np.float32)
    texts = each_engine.transcribe_windows([*silent, short], "en")
    assert [text.words for text in texts] == [()] * 6
    assert {(text.language, text.no_speech_probability) for text in texts} == {("en", 1.0)}
    assert each_engine.transcribe_windows([], "en") == []


@pytest.mark.weights
def test_a_fifth_of_a_second_is_no_trouble(each_engine: Engine) -> None:
    noise = np.random.default_rng(1).standard_normal(SAMPLE_RATE // 5).astype(np.float32) * 0.1
    (text,) = each_engine.transcribe_windows([noise], "en")
    assert all(word.end <= 0.2 for word in text.words)


@pytest.mark.weights
def test_a_window_that_is_too_long_is_a_mistake(each_engine: Engine) -> None:
    with pytest.raises(ValueError, match="at most"):
        each_engine.transcribe_windows([np.ones(31 * SAMPLE_RATE, dtype=np.float32)], "en")


@pytest.mark.weights
def test_an_english_only_model_says_so(each_engine: Engine) -> None:
    assert not each_engine.multilingual
    assert (each_engine.model, each_engine.device) == ("tiny.en", "cpu")
    with pytest.raises(ModelError, match=r"tiny\.en knows only English. Choose the model tiny\."):
        each_engine.transcribe_windows([], "es")
    with pytest.raises(ModelError, match=r"tiny\.en knows only English and cannot detect"):
        each_engine.detect_language([np.ones(SAMPLE_RATE, dtype=np.float32)])


@pytest.mark.weights
def test_words_join_to_the_text_of_their_tokens() -> None:
    import tokenizers
    from faster_whisper.tokenizer import Tokenizer

    from pipeline.models.weights import find_weights

    folder = find_weights("tiny.en", "faster-whisper").path
    tokenizer = Tokenizer(tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")), False)
    for text in (
        " It's 3.5 (or $40,000), isn't it? -No.",
        ' "Yes," she said… “café” 🎭 naïve',
        " $1,000,000 at 10:30 in the U.S. of A.",
        "。你好, 世界!",
    ):
        tokens = tokenizer.encode(text)
        texts, groups = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
        counts = [len(group) for group in groups[:-1]]
        words = group_words(texts[:-1], counts, [0.02 * n for n in range(len(tokens) + 1)], [0.5] * len(tokens))
        assert "".join(word.text for word in words) == tokenizer.decode(tokens) == text


@pytest.mark.weights
@pytest.mark.parametrize("name", ENGINES)
def test_weights_that_do_not_load_are_named(name: str, tmp_path: Path) -> None:
    from pipeline.engines.faster_whisper import FasterWhisperEngine
    from pipeline.engines.openai_whisper import OpenAIWhisperEngine
    from pipeline.models.weights import Weights

    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"nothing")
    weights = Weights("mine", tmp_path, "ctranslate2", "a test", False)
    with pytest.raises(ModelError, match="weights of mine"):
        if name == "faster-whisper":
            FasterWhisperEngine(weights)
        else:
            OpenAIWhisperEngine(replace(weights, path=broken, format="pt"))


@pytest.mark.weights
def test_sampling_follows_from_its_seed(each_engine: Engine) -> None:
    # Speech played backwards: no model is sure of a word, so samples differ.
    sound = cut_utterance("Thank you, Daniel")[::-1].copy()

    def sample(seed: int) -> WindowText:
        (text,) = each_engine.transcribe_windows([sound], "en", DecodingOptions(temperature=1.0, seed=seed))
        return text

    first = sample(3)
    assert sample(3) == first
    assert first.temperature == 1.0
    assert any(text_of([sample(seed)]) != text_of([first]) for seed in (2**250, 4, 5))


@pytest.mark.weights
def test_a_prompt_of_any_length_is_taken(each_engine: Engine) -> None:
    prompt = "White Harbour, with Daniel Okafor. " * 100
    (text,) = each_engine.transcribe_windows([cut_utterance("counts whales")], "en", DecodingOptions(prompt=prompt))
    said = "Next week we meet a man who counts whales. This was The Quiet Harbor, and I'm Daniel Okafor."
    assert word_error_rate(said, text_of([text])) <= 0.3
    assert "Okafor" in text_of([text]), "tiny.en alone spells it otherwise"


@given(st.lists(st.integers(1, WINDOW_SAMPLES), min_size=1, max_size=6))
def test_encoded_sound_holds_every_window_and_silence_after_it(lengths: list[int]) -> None:
    windows = [np.zeros(length, np.float32) for length in lengths]
    encoded = encoded_length(windows)
    assert max(lengths) <= encoded <= WINDOW_SAMPLES
    assert encoded == WINDOW_SAMPLES or encoded >= max(lengths) + SILENT_TAIL
    assert encoded % (WINDOW_SAMPLES // 1500) == 0
    assert encoded == max(encoded_length([window]) for window in windows)


@pytest.mark.weights
def test_a_window_is_encoded_once_for_as_long_as_its_sound_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = load_engine(EngineSpec("faster-whisper", "tiny.en", "cpu"))
    encode, encoded = engine._encode, []  # type: ignore[attr-defined]

    def count(sounds: list[Samples], length: int) -> object:
        encoded.append(len(sounds))
        return encode(sounds, length)

    monkeypatch.setattr(engine, "_encode", count)
    sound, wide = load_windows().sounds[0].copy(), DecodingOptions(beam_size=5)
    shorter, other = sound[: len(sound) // 2].copy(), sound[:-SAMPLE_RATE].copy()
    engine.transcribe_windows([sound, shorter], "en")
    assert encoded == [1, 1]
    engine.transcribe_windows([other, shorter, sound], "en")
    assert encoded == [1, 1, 1]
    encoded.clear()
    del shorter, other
    again = engine.transcribe_windows([sound], "en", wide)
    assert encoded == []
    encoded.append(1)
    assert engine.transcribe_windows([sound.copy()], "en", wide) == again
    assert encoded == [1, 1]
    del sound
    assert not engine._encoded  # type: ignore[attr-defined]
