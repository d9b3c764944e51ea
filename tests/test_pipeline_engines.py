"""The choice of an engine, and both engines on real sound with real weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from measuring import INTERVIEW, end_errors, load_utterances, start_errors, word_error_rate

from audio.decode import decode_audio
from audio.errors import MachineError, UsageError
from audio.samples import SAMPLE_RATE, Samples
from index.language.compression import compression_ratio
from pipeline.engines import choose
from pipeline.engines.base import DecodingOptions, Engine, WindowText
from pipeline.engines.choose import EngineSpec, choose_engine, default_model, load_engine
from pipeline.engines.word_times import LONGEST_WORD, group_words
from pipeline.errors import ModelError

ENGINES = ("faster-whisper", "openai-whisper")
PAD = 0.3  # seconds around an utterance


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


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home without a network: the weights are those of a package."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("HOME", "USERPROFILE"):
            patch.setenv(variable, str(home))
        patch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield home


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return load_engine(EngineSpec(request.param, "tiny.en", "cpu"), threads=2)


@pytest.fixture(scope="module")
def windows() -> list[tuple[float, Samples]]:
    """The interview's utterances in windows of at most 30 s, each with its start in seconds."""
    sound = np.concatenate(list(decode_audio(INTERVIEW)))
    spans: list[list[float]] = []
    for utterance in load_utterances():
        start, end = max(0.0, utterance.start - PAD), utterance.end + PAD
        if spans and end - spans[-1][0] <= 30 and start - spans[-1][1] < 2:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return [
        (start, sound[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)][: 30 * SAMPLE_RATE])
        for start, end in spans
    ]


HEARD: dict[str, list[WindowText]] = {}  # by engine's name: the interview is transcribed once by each


@pytest.fixture(scope="module")
def heard(engine: Engine, windows: list[tuple[float, Samples]]) -> list[WindowText]:
    texts = engine.transcribe_windows([sound for _, sound in windows], "en")
    HEARD[engine.name] = texts
    return texts


def text_of(heard: list[WindowText]) -> str:
    return "".join(word.text for window in heard for word in window.words)


@pytest.mark.weights
def test_the_interview_is_heard(heard: list[WindowText]) -> None:
    truth = " ".join(utterance.text for utterance in load_utterances())
    assert word_error_rate(truth, text_of(heard)) <= 0.06
    if len(HEARD) == len(ENGINES):
        assert word_error_rate(text_of(HEARD[ENGINES[0]]), text_of(HEARD[ENGINES[1]])) <= 0.03


@pytest.mark.weights
def test_times_of_real_words_keep_the_laws(heard: list[WindowText], windows: list[tuple[float, Samples]]) -> None:
    for window, (_, sound) in zip(heard, windows, strict=True):
        assert window.words
        assert all(word.start <= following.start for word, following in pairwise(window.words))
        for word in window.words:
            assert word.text.startswith(" ")
            assert 0 <= word.start < word.end <= len(sound) / SAMPLE_RATE
            assert word.end - word.start <= LONGEST_WORD
            assert word.probability is not None
            assert 0 <= word.probability <= 1


@pytest.mark.weights
def test_utterances_begin_where_the_voice_is_heard(
    heard: list[WindowText], windows: list[tuple[float, Samples]]
) -> None:
    words = [
        replace(word, start=offset + word.start, end=offset + word.end)
        for window, (offset, _) in zip(heard, windows, strict=True)
        for word in window.words
    ]
    utterances = load_utterances()
    starts = np.abs(start_errors(utterances, words))
    ends = np.abs(end_errors(utterances, words))
    assert len(starts) >= 0.8 * len(utterances)
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
def test_the_same_windows_give_the_same_words(
    engine: Engine, heard: list[WindowText], windows: list[tuple[float, Samples]]
) -> None:
    shortest = min(range(len(windows)), key=lambda number: len(windows[number][1]))
    (again,) = engine.transcribe_windows([windows[shortest][1]], "en")
    assert [word.text for word in again.words] == [word.text for word in heard[shortest].words]
    assert engine.transcribe_windows([windows[shortest][1]], "en") == [again]


@pytest.mark.weights
def test_windows_without_sound_have_no_words(engine: Engine) -> None:
    silent = [np.zeros(samples, dtype=np.float32) for samples in (0, 1, 100, SAMPLE_RATE, 30 * SAMPLE_RATE)]
    short = np.full(SAMPLE_RATE // 20, 0.5, dtype=np.float32)
    texts = engine.transcribe_windows([*silent, short], "en")
    assert [text.words for text in texts] == [()] * 6
    assert {(text.language, text.no_speech_probability) for text in texts} == {("en", 1.0)}
    assert engine.transcribe_windows([], "en") == []


@pytest.mark.weights
def test_a_fifth_of_a_second_is_no_trouble(engine: Engine) -> None:
    noise = np.random.default_rng(1).standard_normal(SAMPLE_RATE // 5).astype(np.float32) * 0.1
    (text,) = engine.transcribe_windows([noise], "en")
    assert all(word.end <= 0.2 for word in text.words)


@pytest.mark.weights
def test_a_window_that_is_too_long_is_a_mistake(engine: Engine) -> None:
    with pytest.raises(ValueError, match="at most"):
        engine.transcribe_windows([np.ones(31 * SAMPLE_RATE, dtype=np.float32)], "en")


@pytest.mark.weights
def test_an_english_only_model_says_so(engine: Engine) -> None:
    assert not engine.multilingual
    assert (engine.model, engine.device) == ("tiny.en", "cpu")
    with pytest.raises(ModelError, match=r"tiny\.en knows only English. Choose the model tiny\."):
        engine.transcribe_windows([], "es")
    with pytest.raises(ModelError, match=r"tiny\.en knows only English and cannot detect"):
        engine.detect_language([np.ones(SAMPLE_RATE, dtype=np.float32)])


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
def test_sampling_follows_from_its_seed(engine: Engine, windows: list[tuple[float, Samples]]) -> None:
    sound = [windows[0][1]]
    decodings = [DecodingOptions(temperature=1.0, seed=seed) for seed in (3, 3, 2**250)]
    first, again, other = (engine.transcribe_windows(sound, "en", decoding)[0] for decoding in decodings)
    assert first == again
    assert text_of([first]) != text_of([other])
    assert first.temperature == 1.0


@pytest.mark.weights
def test_a_prompt_of_any_length_is_taken(engine: Engine, windows: list[tuple[float, Samples]]) -> None:
    prompt = "White Harbour, with Daniel Okafor. " * 100
    (text,) = engine.transcribe_windows([windows[0][1]], "en", DecodingOptions(prompt=prompt))
    assert "Okafor" in text_of([text])


@pytest.mark.weights
def test_a_window_is_encoded_once_for_as_long_as_its_sound_is_held(
    windows: list[tuple[float, Samples]], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = load_engine(EngineSpec("faster-whisper", "tiny.en", "cpu"), threads=2)
    encode, encoded = engine._encode, []  # type: ignore[attr-defined]

    def count(sounds: list[Samples]) -> object:
        encoded.append(len(sounds))
        return encode(sounds)

    monkeypatch.setattr(engine, "_encode", count)
    sound, wide = windows[0][1].copy(), DecodingOptions(beam_size=5)
    engine.transcribe_windows([sound], "en")
    again = engine.transcribe_windows([sound], "en", wide)
    assert encoded == [1]
    assert engine.transcribe_windows([sound.copy()], "en", wide) == again
    assert encoded == [1, 1]
    del sound
    assert not engine._encoded  # type: ignore[attr-defined]
