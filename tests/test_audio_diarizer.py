"""Who speaks when, found with the real models: a law about blocks, a known interview, and sound without speech."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

import kaldi_native_fbank
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE, Samples
from audio.voices.diarizer import Diarizer
from audio.voices.features import compute_features
from audio.voices.voice_turns import Diarization
from pipeline.models.voice_weights import find_voice_models

INTERVIEW = Path(__file__).parent / "data" / "interview.mp3"


@cache
def interview_sound() -> Samples:
    return np.concatenate(list(decode_audio(INTERVIEW)))


def diarize(blocks: Iterable[Samples]) -> Diarization:
    files = find_voice_models()
    diarizer = Diarizer(files.segmentation, files.embedding)
    for block in blocks:
        diarizer.feed(block)
    return diarizer.finish()


@cache
def interview_voices() -> Diarization:
    return diarize([interview_sound()])


def make_noise(seconds: float, level: float) -> Samples:
    return np.random.default_rng(0).normal(0, level, round(seconds * SAMPLE_RATE)).astype(np.float32)


def test_features_equal_those_of_kaldi() -> None:
    sound = make_noise(3, 0.1) * np.abs(np.sin(np.arange(3 * SAMPLE_RATE) / 5000)).astype(np.float32)
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = 80
    fbank = kaldi_native_fbank.OnlineFbank(options)
    fbank.accept_waveform(SAMPLE_RATE, sound)
    fbank.input_finished()
    expected = np.array([fbank.get_frame(number) for number in range(fbank.num_frames_ready)])
    np.testing.assert_allclose(compute_features(sound), expected, atol=2e-3)


@pytest.mark.parametrize("samples", [0, 1, 399])
def test_sound_shorter_than_a_frame_has_no_features(samples: int) -> None:
    assert compute_features(np.zeros(samples, np.float32)).shape == (0, 80)


@pytest.mark.voices
@settings(max_examples=6)
@given(cuts=st.lists(st.integers(0, 17 * SAMPLE_RATE), max_size=8))
def test_the_cuts_between_blocks_make_no_difference(cuts: list[int]) -> None:
    sound = interview_sound()[: 17 * SAMPLE_RATE]
    edges = [0, *sorted(cuts), len(sound)]
    cut, uncut = diarize(sound[start:end] for start, end in pairwise(edges)), diarize([sound])
    assert uncut.turns
    assert cut.turns == uncut.turns
    assert [voice.number for voice in cut.voices] == [voice.number for voice in uncut.voices]
    for one, other in zip(cut.voices, uncut.voices, strict=True):
        assert one.vector is not None and other.vector is not None
        assert np.array_equal(one.vector, other.vector)


@pytest.mark.voices
def test_the_interview_has_two_voices_and_each_says_what_is_its_own() -> None:
    found = interview_voices()
    utterances = json.loads(INTERVIEW.with_suffix(".json").read_text(encoding="utf-8"))["utterances"]
    of_speaker: dict[str, set[int]] = {}
    for utterance in utterances:
        middle = (utterance["start"] + utterance["end"]) / 2
        speaking = {turn.voice for turn in found.turns if turn.start <= middle < turn.end}
        of_speaker.setdefault(utterance["speaker"], set()).update(speaking)
    host, guest = of_speaker.values()
    assert (len(host), len(guest)) == (1, 1)
    assert host != guest


@pytest.mark.voices
def test_turns_and_voices_agree() -> None:
    found = interview_voices()
    assert [voice.number for voice in found.voices] == list(range(1, len(found.voices) + 1))
    firsts = [min(turn.start for turn in found.turns if turn.voice == voice.number) for voice in found.voices]
    assert firsts == sorted(firsts)
    assert list(found.turns) == sorted(found.turns, key=lambda turn: (turn.start, turn.voice))
    for voice in found.voices:
        own = [turn for turn in found.turns if turn.voice == voice.number]
        assert voice.seconds == pytest.approx(sum(turn.end - turn.start for turn in own))
        assert all(one.end < other.start for one, other in pairwise(own))
        assert voice.vector is not None and np.linalg.norm(voice.vector) == pytest.approx(1)
    assert max(turn.end for turn in found.turns) <= len(interview_sound()) / SAMPLE_RATE


@pytest.mark.voices
@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, np.float32),
        np.zeros(1, np.float32),
        np.zeros(30 * SAMPLE_RATE, np.float32),
        make_noise(12, 1e-4),
        make_noise(12, 0.1),
        np.sin(np.arange(12 * SAMPLE_RATE) / 6).astype(np.float32),
    ],
    ids=["nothing", "one sample", "silence", "hiss", "noise", "a tone"],
)
def test_sound_without_speech_has_no_voices(sound: Samples) -> None:
    found = diarize([sound])
    assert (found.voices, found.turns) == ((), ())


def cut_word(seconds: float) -> Samples:
    """The loudest stretch of the interview of this length, with a second of silence before and after it."""
    sound, length = interview_sound(), round(seconds * SAMPLE_RATE)
    sums = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    start = int(np.argmax(sums[length:] - sums[:-length]))
    return np.pad(sound[start : start + length], SAMPLE_RATE)


def crowd() -> Samples:
    """Twelve stretches of the interview at once, forwards and backwards."""
    sound = interview_sound()
    parts = sound[: len(sound) // 12 * 12].reshape(12, -1)
    mixed = sum((part[::-1] if number % 2 else part) for number, part in enumerate(parts))
    return np.asarray(mixed / np.abs(mixed).max(), np.float32)


@pytest.mark.voices
@pytest.mark.parametrize("make", [lambda: cut_word(0.3), lambda: cut_word(0.05), crowd], ids=["word", "click", "crowd"])
def test_of_odd_sound_turns_lie_within_it_and_have_voices(make: Callable[[], Samples]) -> None:
    sound = make()
    found = diarize([sound])
    assert all(0 <= turn.start < turn.end <= len(sound) / SAMPLE_RATE for turn in found.turns)
    assert {turn.voice for turn in found.turns} == set(range(1, len(found.voices) + 1))
    assert all(voice.vector is None or np.isfinite(voice.vector).all() for voice in found.voices)


@pytest.mark.voices
def test_one_word_has_one_voice_at_most() -> None:
    assert len(diarize([cut_word(0.3)]).voices) <= 1


@pytest.mark.voices
def test_sound_as_of_a_telephone_keeps_the_two_voices_apart() -> None:
    sound = interview_sound()[: 60 * SAMPLE_RATE]
    spectrum = np.fft.rfft(sound)
    spectrum[np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) > 4000] = 0  # what sampling at 8 kHz leaves
    found = diarize([np.fft.irfft(spectrum, len(sound)).astype(np.float32)])
    said: dict[str, set[int]] = {}
    for utterance in json.loads(INTERVIEW.with_suffix(".json").read_text(encoding="utf-8"))["utterances"]:
        middle = (utterance["start"] + utterance["end"]) / 2
        if middle < 60:
            speaking = {turn.voice for turn in found.turns if turn.start <= middle < turn.end}
            said.setdefault(utterance["speaker"], set()).update(speaking)
    host, guest = said.values()
    assert host and guest and not host & guest
