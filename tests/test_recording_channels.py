"""Mixes of channels: nobody who speaks on one of them is lost, and ordinary sound is mixed as ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from audio_samples import write_wav
from fake_engine import airquote, transcribe
from made_recordings import spoken, write_tracks
from measuring import INTERVIEW
from numpy.typing import NDArray

from audio.clip import read_samples, read_span
from audio.decode import DecodeReport, decode_audio
from audio.recording.channels import LEAST_LOST, choose_weights
from audio.recording.mix_loss import MixLoss
from audio.recording.sound_choice import FIRST_SOUND, SoundChoice, Weights
from audio.samples import SAMPLE_RATE
from audio.timecode import Span
from audio.voice_activity import Speech, SpeechDetector
from index.storage.store import Store

Sound = NDArray[np.float64]
SECONDS = 6


@pytest.fixture(scope="module")
def host() -> Sound:
    """Six seconds of one voice, and six of silence."""
    return np.concatenate([spoken(INTERVIEW, 20, SECONDS), np.zeros(SECONDS * SAMPLE_RATE)])


@pytest.fixture(scope="module")
def guest() -> Sound:
    """Six seconds of silence, and six of another voice."""
    return np.concatenate([np.zeros(SECONDS * SAMPLE_RATE), spoken(INTERVIEW, 60, SECONDS)])


def noise(count: int, level: float, seed: int = 0) -> Sound:
    return np.random.default_rng(seed).normal(scale=level, size=count)


def music(count: int) -> Sound:
    """Chords that change each second, of which both channels have much in opposite phase."""
    times = np.arange(count) / SAMPLE_RATE
    tones = 220 * 2 ** (np.floor(times) % 12 / 12)
    return 6000 * np.sin(2 * np.pi * tones * times) * (1 - times % 1)


def detect(path: Path, sound: SoundChoice) -> Speech:
    detector = SpeechDetector()
    for block in decode_audio(path, sound):
        detector.feed(block)
    return detector.finish()


def choose(path: Path) -> Weights | None:
    report = DecodeReport(loss=MixLoss())
    for _ in decode_audio(path, report=report):
        pass
    assert report.loss is not None
    return choose_weights(path, None, report.loss)


def seconds_in(speech: Speech, first: float, last: float) -> float:
    return sum(max(0.0, min(one.end, last) - max(one.start, first)) for one in speech.regions)


Make = Callable[[Sound, Sound], list[Sound]]
Z: Callable[[Sound], Sound] = np.zeros_like

# name: channels, from the host and the guest
LOST: dict[str, Make] = {
    "right inverted": lambda a, b: [a + b, -(a + b)],
    "right inverted and softer": lambda a, b: [a + b, -0.85 * (a + b)],
    "the guest alone inverted": lambda a, b: [a + b, a - b],
    "the host alone inverted, with hiss": lambda a, b: [a + b + noise(len(a), 5), b - a + noise(len(a), 5, 1)],
    "left is a broken cable": lambda a, b: [noise(len(a), 9000), 0.2 * (a + b)],
    "guest behind left of 5.1": lambda a, b: [Z(a), Z(a), a, Z(a), b, Z(a)],
    "guest on the subwoofer's channel": lambda a, b: [Z(a), Z(a), a, b, Z(a), Z(a)],
    "both behind": lambda a, b: [Z(a), Z(a), Z(a), Z(a), a, b],
    "bleed into the front": lambda a, b: [a + 0.03 * b, Z(a), a, Z(a), b + 0.03 * a, Z(a)],
    "a room of six noisy microphones": lambda a, b: [
        x + noise(len(a), 4, seed) for seed, x in enumerate([a, Z(a), 0.1 * a, Z(a), Z(a), b])
    ],
    "behind of 7.1": lambda a, b: [Z(a), Z(a), a, Z(a), Z(a), Z(a), Z(a), b],
}
KEPT: dict[str, Make] = {
    "one voice in both": lambda a, b: [a + b, a + b],
    "one on each side": lambda a, b: [a, b],
    "left dead": lambda a, b: [Z(a), a + b],
    "left dead with a direct voltage": lambda a, b: [Z(a) + 8000, a + b],
    "wide music under voices": lambda a, b: [0.5 * (a + b) + music(len(a)), 0.5 * (a + b) - music(len(a))],
    "one on each of four": lambda a, b: [a, b, Z(a), Z(a)],
    "film: music around, voices in the centre": lambda a, b: [
        music(len(a)), music(len(a)), 0.5 * (a + b), Z(a), 1.5 * music(len(a)), 1.5 * music(len(a))
    ],
    "film: their echo behind": lambda a, b: [
        0.2 * a, 0.2 * b, a + b, Z(a), 0.3 * np.roll(a, 900), 0.3 * np.roll(b, 800)
    ],
}  # fmt: skip


def write(name: str, make: Make, folder: Path, host: Sound, guest: Sound) -> Path:
    channels = np.clip(np.stack(make(host, guest), axis=1), -32768, 32767).astype(np.int16)
    codec, ending = [("flac", ".flac"), ("pcm_s16le", ".wav"), ("pcm_s16le", ".mov")][len(name) % 3]
    return write_tracks(folder / f"file{ending}", [channels], codec=codec)


@pytest.mark.parametrize("name", LOST)
def test_nobody_is_lost(name: str, tmp_path: Path, host: Sound, guest: Sound) -> None:
    path = write(name, LOST[name], tmp_path, host, guest)
    alone = detect(write_wav(tmp_path / "alone.wav", (host + guest).astype(np.int16), SAMPLE_RATE), FIRST_SOUND)
    weights = choose(path)
    assert weights is not None
    heard = detect(path, SoundChoice(weights=weights))
    for half in ((0, SECONDS), (SECONDS, 2 * SECONDS)):
        assert seconds_in(heard, *half) > seconds_in(alone, *half) - LEAST_LOST


@pytest.mark.parametrize("name", KEPT)
def test_ordinary_sound_is_mixed_as_ever(name: str, tmp_path: Path, host: Sound, guest: Sound) -> None:
    assert choose(write(name, KEPT[name], tmp_path, host, guest)) is None


def test_the_mix_of_stereo_is_the_mean_to_the_bit(tmp_path: Path, host: Sound, guest: Sound) -> None:
    stereo = np.stack([host, guest + 0.3 * host], axis=1).astype(np.int16)
    path = write_wav(tmp_path / "stereo.wav", stereo, SAMPLE_RATE)
    expected = (stereo / 32768).astype(np.float32).mean(axis=1)
    assert np.array_equal(np.concatenate(list(decode_audio(path))), expected)


def test_a_span_is_heard_in_the_mix_of_the_whole(tmp_path: Path, host: Sound, guest: Sound) -> None:
    path = write("guest behind", LOST["guest behind left of 5.1"], tmp_path, host, guest)
    sound = SoundChoice(weights=choose(path))
    whole = np.concatenate(list(decode_audio(path, sound)))
    for start, end in ((0.0, 2.0), (7.25, 9.5), (10.0, 12.0)):
        edges = round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)
        assert np.array_equal(read_samples(path, Span(start, end), sound), whole[slice(*edges)])
        clip = read_span(path, Span(start, end), sound)
        assert clip.channels == 1
        assert np.abs(clip.samples[:, 0] / 32768 - whole[slice(*edges)]).max() < 1e-4


@pytest.mark.usefixtures("engine")
def test_it_is_told_and_remembered(tmp_path: Path, library: Path) -> None:
    voice = np.random.default_rng(1).integers(-9000, 9000, 6 * SAMPLE_RATE).astype(np.int16)
    path = write_tracks(tmp_path / "talk.wav", [np.stack([voice, -voice], axis=1)], codec="pcm_s16le")
    run = transcribe(path)
    assert run.answer["reason"] == "mixed its channels so that no voice is lost"
    with Store.open(library) as store:
        assert store.sound("talk").weights == (0.5, -0.5)
    assert airquote("clip", "talk", "1", "3", "-o", tmp_path / "clip.wav").code == 0
    (clip,) = decode_audio(tmp_path / "clip.wav")
    assert np.abs(clip).max() > 0.2
