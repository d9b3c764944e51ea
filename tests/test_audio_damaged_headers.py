"""Headers that state nonsense: every file gives sound or a MediaError, and nothing else happens."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from audio_samples import detect_speech, make_bursts, write_as, write_wav
from av.audio.stream import AudioStream
from torture.fuzz_media import FORMATS, make_file, run, with_checksums

from audio.clip import read_span
from audio.decode import DecodeReport, decode_audio
from audio.encode import write_clip
from audio.errors import MediaError, TimeError
from audio.headers import LONGEST
from audio.media import probe_media
from audio.packets import MOST_SILENCE
from audio.recording.tags import LONGEST_TAG
from audio.samples import SAMPLE_RATE
from audio.timecode import Span

TRIES_A_FORMAT = 18


def wav(samples: bytes, rate: int = 16000, channels: int = 1, bits: int = 16, kind: int = 1) -> bytes:
    """A WAV file whose header states what it is told to."""
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, min(rate * width, 2**32 - 1), width & 0xFFFF, bits)
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def try_all(path: Path) -> None:
    """Probe, decode, look for speech and cut."""
    probe_media(path)
    detect_speech(decode_audio(path))
    write_clip(read_span(path, Span(0, 0.1)), path.with_suffix(".clip.wav"), overwrite=True)


def test_files_damaged_at_random_give_sound_or_a_media_error() -> None:
    rows = run(TRIES_A_FORMAT * len(FORMATS), seed=11)
    assert [one for row in rows for one in row.other] == []
    assert [row.tries for row in rows] == [TRIES_A_FORMAT] * len(FORMATS)
    assert sum(row.sound for row in rows) > sum(row.refused for row in rows) > 100
    assert all(row.sound for row in rows), "a file that is always refused tests only its first bytes"


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_files_undamaged_give_sound(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(make_file(name))
    try_all(path)


@pytest.mark.parametrize(
    "tag", [b"The R\xf2of", b"\xff\xfe\xfd", b"\xd0\xcf\xf0\xee", b"\xf0\x9f\x8e", b"a\xed\xa0\x80b"]
)
def test_a_tag_that_is_not_utf8_is_read_with_replacement(tag: bytes, tmp_path: Path) -> None:
    for name in ("mp3", "mkv", "flac", "ogg flac", "wav", "aiff", "m4a"):
        path = tmp_path / name
        path.write_bytes(with_checksums(make_file(name).replace(b"The Roof", tag.ljust(8, b"."))))
        title = probe_media(path).tags.title
        assert title == tag.ljust(8, b".").decode(errors="replace") + " and the Stars"
        title.encode()
        try_all(path)


def tagged(path: Path, **tags: str) -> Path:
    """A Matroska file with these tags; FFmpeg writes them as they are."""
    with av.open(str(path), "w", format="matroska") as container:
        container.metadata.update(tags)
        stream = container.add_stream("pcm_s16le", rate=16000, layout="mono")
        assert isinstance(stream, AudioStream)
        frame = av.AudioFrame.from_ndarray(make_bursts(1, 16000)[np.newaxis], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 16000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("tag", ["", "  \n ", "\x01\x02", "\N{REPLACEMENT CHARACTER}" * 4, "\u202e\u200b"])
def test_a_tag_in_which_nothing_can_be_read_is_none(tag: str, tmp_path: Path) -> None:
    info = probe_media(tagged(tmp_path / "a.mka", title=tag, album=tag, artist="Harbor"))
    assert (info.tags.title, info.tags.show) == (None, "Harbor")


def test_a_tag_of_ten_megabytes_is_cut(tmp_path: Path) -> None:
    info = probe_media(tagged(tmp_path / "a.mka", title="The Roof " * 1_200_000))
    assert info.tags.title is not None
    assert info.tags.title.startswith("The Roof The Roof")
    assert len(info.tags.title) <= LONGEST_TAG


@pytest.mark.parametrize(
    "clock", ["nan", "1e308", "0" * 4000 + "1:00:00", "9" * 4000 + ":00:00", "-1:00:00", "0:0:inf"]
)
def test_a_stated_length_that_is_none_is_not_believed(clock: str, tmp_path: Path) -> None:
    path = tagged(tmp_path / "a.mka")
    data = path.read_bytes()
    stated = data.index(b"00:00:01")
    for text in (clock.encode()[:18].ljust(18, b"\0"), b"999999:00:00.00000"):
        path.write_bytes(data[:stated] + text + data[stated + 18 :])
        duration = probe_media(path).duration
        assert duration is None or 0 <= duration <= LONGEST
        try_all(path)


@pytest.mark.parametrize("rate", [0, 1, 999, 6_200_000, 2**31 - 1, 2**31, 2**32 - 1])
def test_a_rate_that_no_sound_has_is_refused(rate: int, tmp_path: Path) -> None:
    path = tmp_path / "rate.wav"
    path.write_bytes(wav(make_bursts(1, 16000).tobytes(), rate))
    for use in (probe_media, lambda path: list(decode_audio(path)), lambda path: read_span(path, Span(0, 0.1))):
        with pytest.raises(MediaError, match=r"rate\.wav"):
            use(path)


@pytest.mark.parametrize("channels", [0, 63, 64, 255, 65535])
def test_a_number_of_channels_that_is_odd_gives_sound_or_a_media_error(channels: int, tmp_path: Path) -> None:
    path = tmp_path / "channels.wav"
    path.write_bytes(wav(bytes(65535 * 4), channels=channels))
    try:
        try_all(path)
    except MediaError as error:
        assert "channels.wav" in str(error)


@pytest.mark.parametrize("channels", [8, 10, 16, 24])
def test_every_channel_of_a_planar_codec_is_read(channels: int, tmp_path: Path) -> None:
    samples = np.random.default_rng(3).integers(-9000, 9000, (8000, channels)).astype(np.int16)
    path = tmp_path / "many.wv"
    layout = {8: "7.1", 10: "5.1.4", 16: "hexadecagonal", 24: "22.2"}[channels]
    with av.open(str(path), "w", format="wv") as container:
        stream = container.add_stream("wavpack", rate=16000, layout=layout)
        assert isinstance(stream, AudioStream)
        stream.codec_context.format = "s16p"
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate, frame.pts = 16000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    assert np.array_equal(read_span(path, Span(0, 1)).samples, samples)
    assert sum(map(len, decode_audio(path))) == 8000


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38, -1e300])
def test_samples_that_are_no_numbers_become_numbers(kind: type[Any], value: float, tmp_path: Path) -> None:
    samples = (make_bursts(1, 16000) / 32768).astype(np.float64)
    samples[::100] = value
    with np.errstate(over="ignore"):
        data = samples.astype(kind).tobytes()
    path = tmp_path / "float.wav"
    path.write_bytes(wav(data, bits=8 * np.dtype(kind).itemsize, kind=3))
    try_all(path)
    sound = np.concatenate(list(decode_audio(path)))
    assert np.isfinite(sound).all()
    kept = np.arange(len(sound)) % 100 != 0
    assert np.allclose(sound[kept], samples[kept], atol=1e-6), "the others are unchanged"
    assert np.abs(read_span(path, Span(0, 1)).samples[kept]).max() < 2**31 - 1


def test_a_chunk_longer_than_any_file_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.caf"
    data = make_file("caf")
    size = data.index(b"info") + 4
    path.write_bytes(data[:size] + struct.pack(">q", 2**62) + data[size + 8 :])
    try_all(path)
    assert capfd.readouterr().err == "", "PyAV prints what a file's own seek raises"


def test_a_hole_of_centuries_is_a_damaged_timestamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audio.packets.PacketDecoder._jumped_seconds", lambda *_: MOST_SILENCE * 0.4)
    path = write_as("flac", tmp_path, make_bursts(1))
    monkeypatch.setattr("audio.packets._silence_like", lambda block, _: iter([block]))
    report = DecodeReport()
    sound = list(decode_audio(path, report=report))
    silent = 4608 / 44100
    assert sum(map(len, sound)) / SAMPLE_RATE == pytest.approx(1 + 2 * silent, abs=0.01), "two holes, not all of them"


@pytest.mark.parametrize("end", [1e9, 1e300, 1.7e308])
def test_a_span_to_the_end_of_time_ends_with_the_file(end: float, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", make_bursts(1, 16000), 16000)
    assert read_span(path, Span(0.5, end)).duration == 0.5
    with pytest.raises(TimeError, match="past the end"):
        read_span(path, Span(end / 2, end))


def test_a_format_that_holds_no_recordings_is_not_even_parsed(tmp_path: Path) -> None:
    path = tmp_path / "game.mp3"
    with av.open(str(path), "w", format="adx") as container:
        stream = container.add_stream("adpcm_adx", rate=16000, layout="mono")
        assert isinstance(stream, AudioStream)
        frame = av.AudioFrame.from_ndarray(make_bursts(1, 16000)[np.newaxis], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 16000, 0
        container.mux(stream.encode(frame))
    with pytest.raises(MediaError, match=r"game\.mp3 is not audio"):
        probe_media(path)


@pytest.mark.parametrize("name", ["a\0b.mp3", "x" * 5000, os.fsdecode(b"caf\xe9.mp3")])
def test_a_path_that_cannot_be_one_is_a_media_error(name: str, tmp_path: Path) -> None:
    for use in (probe_media, lambda path: list(decode_audio(path)), lambda path: read_span(path, Span(0, 1))):
        with pytest.raises(MediaError):
            use(tmp_path / name)
