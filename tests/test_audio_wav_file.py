"""The header of the WAV file that a recording is read as, also of one beyond 4 GB."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest
from audio_samples import RATE, make_bursts, write_wav
from hypothesis import given
from hypothesis import strategies as st

from audio.clip import read_span
from audio.media import probe_media
from audio.recording.sound_choice import FIRST_SOUND
from audio.seeking import wav_file
from audio.seeking.indexing import index_recording
from audio.seeking.wav_file import WavFile, wav_header
from audio.timecode import Span


@given(samples=st.integers(0, 1000), rate=st.integers(1000, 192000), channels=st.integers(1, 2))
def test_the_header_of_a_small_file_is_read_by_others(samples: int, rate: int, channels: int) -> None:
    content = wav_header(samples, rate, channels) + bytes(2 * samples * channels)
    with wave.open(io.BytesIO(content)) as file:
        assert file.getparams()[:4] == (channels, 2, rate, samples)
    assert int.from_bytes(content[4:8], "little") == len(content) - 8


def test_a_large_file_has_the_sizes_of_rf64(
    tmp_path: Path, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wav_header(2**31 - 19, 44100, 1)[:4] == b"RIFF"
    assert wav_header(2**31 - 18, 44100, 1)[:4] == b"RF64"
    recording = write_wav(media_folder / "a.wav", make_bursts(3))
    wav = WavFile(recording, FIRST_SOUND, index_recording(recording, None))
    monkeypatch.setattr(wav_file, "LARGEST_RIFF", 0xFFFF)
    large = tmp_path / "large.wav"
    large.write_bytes(b"".join(wav.read(0, wav.size)))
    assert large.read_bytes()[:4] == b"RF64"
    assert large.stat().st_size == wav.size
    assert probe_media(large).duration == pytest.approx(3)
    assert np.array_equal(read_span(large, Span(1, 2)).samples, read_span(recording, Span(1, 2)).samples)
    assert (wav.rate, wav.samples, wav.channels) == (RATE, 3 * RATE, 1)
