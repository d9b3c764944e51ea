"""Bad recordings: damaged, tiny, from a telephone, clipped, hardly audible, in the wrong language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from audio_samples import RATE, write_as, write_wav
from fake_engine import FakeEngine, airquote, make_speech, speak, stored, transcribe
from measuring import INTERVIEW, load_utterances, word_error_rate
from numpy.typing import NDArray
from real_sample import real_engine, transcribe_with

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE


def damaged_m4a(folder: Path) -> Path:
    """Speech whose packets from 5 s to 6 s are garbage."""
    sound = np.repeat(make_speech(4), 3)[: 18 * RATE]
    path = write_as("m4a", folder, sound)
    with av.open(str(path)) as container:
        packets = [(p.pos, p.size, float(p.pts * p.time_base)) for p in container.demux(audio=0)
                   if p.size and p.pos is not None and p.pts is not None and p.time_base]  # fmt: skip
    data = bytearray(path.read_bytes())
    for place, size, seconds in packets:
        if 5 <= seconds < 6:
            data[place : place + size] = b"\xff" * size
    path.write_bytes(data)
    return path


def test_a_hole_in_the_middle_is_named_and_the_rest_is_transcribed(
    tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    run = transcribe(damaged_m4a(tmp_path))
    assert run.code == 0
    assert run.answer["status"] == "done"
    assert run.answer["reason"].startswith("could not be decoded from 0:0")
    (hole,) = stored(library)[1].gaps
    assert hole.start == pytest.approx(5, abs=0.1)
    assert hole.end == pytest.approx(6, abs=0.1)
    assert len(engine.asked) > 1


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", ["flac", "mp3-cbr", "m4a", "opus"])
def test_a_file_whose_middle_was_wiped_is_transcribed_before_and_after(
    name: str, tmp_path: Path, library: Path
) -> None:
    # Somebody speaks from 3.0 to 4.5 s and so on, every 4.5 s, at last from 21.0 to 22.5 s.
    times = np.arange(24 * RATE) / RATE
    sound = np.interp(times, np.arange(24 * SAMPLE_RATE) / SAMPLE_RATE, make_speech(6)[: 24 * SAMPLE_RATE])
    path = write_as(name, tmp_path, np.asarray(sound, np.int16))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) * 13 // 20] = bytes(len(data) * 13 // 20 - len(data) // 2)
    path.write_bytes(data)
    run = transcribe(path)
    assert run.code == 0
    assert run.answer["reason"].startswith("could not be decoded from 0:")
    _, transcript = stored(library)
    hole = transcript.gaps[0].union(transcript.gaps[-1])
    assert hole.duration > 2
    assert not any(word.start < hole.end - 0.2 and hole.start + 0.2 < word.end for word in transcript.words)
    assert transcript.words[0].start == pytest.approx(3.0, abs=0.2), "the fake detector has a resolution of 0.1 s"
    assert transcript.words[-1].end == pytest.approx(22.5, abs=0.2)


def test_an_mp3_with_junk_in_its_middle_is_not_called_cut_off(tmp_path: Path, engine: FakeEngine) -> None:
    data = bytearray(INTERVIEW.read_bytes())
    middle = len(data) // 2
    data[middle : middle + len(data) // 20] = bytes(len(data) // 20)
    file = tmp_path / "junk.mp3"
    file.write_bytes(data)
    run = transcribe(file)
    assert run.code == 0
    # With a hole that ends there, what follows is at the same time as in the intact file (by cross-correlation).
    assert run.answer["reason"].startswith("could not be decoded from 1:31.1 to 1:39.5")
    assert engine.asked
    file.write_bytes(data[: len(data) * 3 // 4])
    assert "cut off" in transcribe(file).answer["reason"], "damaged and cut off as well"


@pytest.mark.parametrize("language", ["es", "Spanish"])
def test_another_language_is_refused_at_once_by_an_english_only_model(
    language: str, tmp_path: Path, engine: FakeEngine
) -> None:
    run = transcribe(speak(tmp_path / "talk.wav", 1), "--language", language)
    assert run.code == 4
    assert run.out == ""
    assert "tiny.en knows only English. Choose --model tiny." in run.err
    assert engine.asked == []


@pytest.mark.usefixtures("engine")
def test_a_tenth_of_a_second_is_done(tmp_path: Path) -> None:
    run = transcribe(write_wav(tmp_path / "tiny.wav", make_speech(1)[48_000:49_600], SAMPLE_RATE))
    assert run.code == 0
    assert run.answer["status"] == "done"
    assert airquote("show", "tiny").code == 0


# Real weights

SECONDS = (8.0, 49.8)


@pytest.fixture(scope="module")
def sound() -> NDArray[np.float32]:
    """The sample's first scene: float32, (samples,), at 16 kHz."""
    whole = np.concatenate(list(decode_audio(INTERVIEW)))
    return whole[round(SECONDS[0] * SAMPLE_RATE) : round(SECONDS[1] * SAMPLE_RATE)]


def errors(path: Path) -> float:
    """The word error rate of a transcript of the scene."""
    said = [u.text for u in load_utterances() if SECONDS[0] <= u.start and u.end <= SECONDS[1]]
    return word_error_rate(" ".join(said), transcribe_with(real_engine("faster-whisper"), path).text)


def to_int16(samples: NDArray[np.floating[Any]]) -> NDArray[np.int16]:
    return np.asarray(np.rint(np.clip(samples, -1, 1) * 32767), dtype=np.int16)


@pytest.mark.weights
def test_real_words_of_telephone_clipped_and_quiet_sound(tmp_path: Path, sound: NDArray[np.float32]) -> None:
    spectrum = np.fft.rfft(sound)
    spectrum[np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) > 3400] = 0
    telephone = np.asarray(np.fft.irfft(spectrum, len(sound))[::2], dtype=np.float32)
    clean = errors(write_wav(tmp_path / "clean.wav", to_int16(sound), SAMPLE_RATE))
    found = {
        "telephone": errors(write_wav(tmp_path / "phone.wav", to_int16(telephone), 8000)),
        "clipped": errors(write_wav(tmp_path / "clipped.wav", to_int16(sound * 20), SAMPLE_RATE)),
        "quiet": errors(write_wav(tmp_path / "quiet.wav", to_int16(sound / 100), SAMPLE_RATE)),
    }
    assert clean <= 0.05
    assert all(rate <= clean + 0.06 for rate in found.values()), (clean, found)


@pytest.mark.weights
def test_a_tenth_of_a_second_of_a_voice_invents_nothing(tmp_path: Path, sound: NDArray[np.float32]) -> None:
    path = write_wav(tmp_path / "tiny.wav", to_int16(sound[20_000:21_600]), SAMPLE_RATE)
    assert len(transcribe_with(real_engine("faster-whisper"), path).words) <= 1
