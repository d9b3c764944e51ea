"""Clips: exactly the file's samples of a span, from every format, written atomically."""

from __future__ import annotations

import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_samples import FORMATS, RATE, make_bursts, write_as, write_wav
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.clip import FADE_SECONDS, Clip, fade, read_samples, read_span, to_integer
from audio.decode import decode_audio
from audio.encode import ENCODINGS, write_clip
from audio.errors import MediaError, OutputError, TimeError, UsageError
from audio.media import open_media, probe_media
from audio.packets import PacketDecoder
from audio.recording.tags import Tags
from audio.samples import SAMPLE_RATE
from audio.timecode import Span

SECONDS = 12


@pytest.fixture(scope="module")
def bursts() -> NDArray[np.int16]:
    return make_bursts(SECONDS)


@pytest.fixture(scope="module")
def stereo(bursts: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.stack([bursts, bursts[::-1]], axis=1)


@pytest.fixture(scope="module")
def wav(media_folder: Path, stereo: NDArray[np.int16]) -> Path:
    return write_wav(media_folder / "stereo.wav", stereo)


def written_samples(path: Path) -> NDArray[Any]:
    with wave.open(str(path)) as file:
        kind = f"<i{file.getsampwidth()}"
        return np.frombuffer(file.readframes(file.getnframes()), kind).reshape(-1, file.getnchannels())


@settings(max_examples=40)
@given(edges=st.tuples(st.floats(0, SECONDS), st.floats(0, SECONDS)).filter(lambda edges: edges[0] != edges[1]))
def test_wav_sample_for_sample(edges: tuple[float, float], wav: Path, stereo: NDArray[np.int16]) -> None:
    start, end = sorted(edges)
    expected = stereo[round(start * RATE) : round(end * RATE)]
    if len(expected):
        clip = read_span(wav, Span(start, end))
        assert (clip.rate, clip.channels) == (RATE, 2)
        assert np.array_equal(clip.samples, expected)


@pytest.mark.parametrize("edges", [(0.0, 3.0), (2.5, 7.125), (11.0, 20.0)])
def test_samples_of_a_span_are_those_of_the_whole_decoded_file(edges: tuple[float, float], wav: Path) -> None:
    whole = np.concatenate(list(decode_audio(wav)))
    expected = whole[round(edges[0] * SAMPLE_RATE) : round(edges[1] * SAMPLE_RATE)]
    found = read_samples(wav, Span(*edges))
    assert abs(len(found) - len(expected)) <= 1
    inside = slice(100, len(expected) - 100)  # the resampler knows no sound beyond the edges
    assert np.allclose(found[inside], expected[inside], atol=0.01)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_equals_its_full_decoding(name: str, media_folder: Path, bursts: NDArray[np.int16]) -> None:
    path = write_as(name, media_folder, bursts)
    full = read_span(path, Span(0, SECONDS + 10))
    assert abs(full.duration - sum(map(len, decode_audio(path))) / 16000) < 0.001
    for start, end in ((0.0, 0.5), (0.3, 2.0), (4.0, 4.1), (7.123, 9.9), (SECONDS - 0.2, SECONDS - 0.1)):
        clip = read_span(path, Span(start, end))
        expected = full.samples[round(start * full.rate) : round(end * full.rate)]
        assert clip.samples.shape == expected.shape
        assert np.array_equal(clip.samples, expected)


@pytest.mark.parametrize("name", FORMATS)
def test_what_lies_far_before_a_clip_is_not_decoded(
    name: str, media_folder: Path, bursts: NDArray[np.int16], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_as(name, media_folder, bursts)
    decode, decoded = PacketDecoder.decode, [0]

    def decode_and_count(self: PacketDecoder, packet: Any) -> Any:
        decoded[-1] += 1
        return decode(self, packet)

    monkeypatch.setattr(PacketDecoder, "decode", decode_and_count)
    read_span(path, Span(0, SECONDS + 1))
    decoded.append(0)
    read_span(path, Span(SECONDS - 1, SECONDS - 0.9))
    whole, late = decoded
    assert late < whole / 3


def test_a_written_wav_holds_the_same_samples_outside_the_fades(
    wav: Path, stereo: NDArray[np.int16], tmp_path: Path
) -> None:
    target = tmp_path / "clip.wav"
    write_clip(fade(read_span(wav, Span(3.2, 5.7))), target)
    samples, expected = written_samples(target), stereo[round(3.2 * RATE) : round(5.7 * RATE)]
    edge = round(FADE_SECONDS * RATE)
    assert samples.shape == expected.shape
    assert np.array_equal(samples[edge:-edge], expected[edge:-edge])
    assert not samples[0].any()
    assert not samples[-1].any()
    assert (np.abs(samples[:edge].astype(int)) <= np.abs(expected[:edge].astype(int))).all()


def test_more_than_sixteen_bits_are_kept(tmp_path: Path) -> None:
    samples = np.random.default_rng(1).integers(-(2**31), 2**31, (RATE, 1), dtype=np.int32)
    clip = read_span(write_wav(tmp_path / "deep.wav", samples), Span(0.25, 0.75))
    assert clip.samples.dtype == np.int32
    write_clip(clip, tmp_path / "out.wav")
    assert np.array_equal(written_samples(tmp_path / "out.wav"), samples[RATE // 4 : RATE * 3 // 4])


def test_number_types() -> None:
    assert to_integer(np.array([0, 128, 255], np.uint8), False).tolist() == [-32768, 0, 32512]
    assert to_integer(np.array([-2.0, -0.5, 0.5, 2.0], np.float32), False).tolist() == [
        -32768,
        -16384,
        16384,
        32767,
    ]
    assert to_integer(np.array([-1.0, 0.5], np.float32), True).tolist() == [-(2**31), 2**30]


def test_a_span_past_the_end_is_cut_there(wav: Path) -> None:
    assert read_span(wav, Span(SECONDS - 1, SECONDS + 5)).duration == 1.0


def test_spans_that_hold_nothing(wav: Path) -> None:
    with pytest.raises(TimeError, match=r"0:20\.0 is past the end of .*stereo\.wav.*0:12\.0 long"):
        read_span(wav, Span(20, 21))
    with pytest.raises(TimeError, match="must end after it starts"):
        read_span(wav, Span(1, 1))


def test_a_file_that_is_no_sound(tmp_path: Path) -> None:
    (tmp_path / "text.mp3").write_text("a text\n" * 100)
    with pytest.raises(MediaError, match=r"text\.mp3"):
        read_span(tmp_path / "text.mp3", Span(0, 1))


def test_a_span_over_a_change_of_rate(media_folder: Path, bursts: NDArray[np.int16], tmp_path: Path) -> None:
    path = tmp_path / "joined.mp3"
    names = ("mp3-vbr-headerless", "mp3-22k-headerless")
    path.write_bytes(b"".join(write_as(name, media_folder, bursts).read_bytes() for name in names))
    clip = read_span(path, Span(SECONDS - 1, SECONDS + 1))
    assert clip.rate == RATE
    assert clip.duration == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("ending", ENCODINGS)
def test_every_kind_of_file(ending: str, wav: Path, tmp_path: Path) -> None:
    target = tmp_path / f"片段 مقطع{ending}"
    write_clip(fade(read_span(wav, Span(1, 3))), target)
    info = probe_media(target)
    assert info.channels == 2
    assert info.sample_rate == (48000 if ending == ".opus" else RATE)
    assert sum(map(len, decode_audio(target))) / 16000 == pytest.approx(2, abs=0.05)
    assert list(tmp_path.iterdir()) == [target]


TAGS = {
    "title": "Über „Häuser“, #12 = 房子",
    "album": "The Quiet Harbor",
    "artist": "Ann Lee",
    "date": "2024-12-12",
    "comment": "The Quiet Harbor, “Häuser”, 1:02:33–1:02:41",
}


@pytest.mark.parametrize("bits", [np.int16, np.int32])
@pytest.mark.parametrize("ending", ENCODINGS)
def test_tags_are_in_every_kind_of_file_and_change_no_sound(ending: str, bits: Any, wav: Path, tmp_path: Path) -> None:
    clip = read_span(wav, Span(1, 2))
    clip = Clip(clip.samples.astype(bits), clip.rate)
    tagged, plain = tmp_path / f"tagged{ending}", tmp_path / f"plain{ending}"
    write_clip(clip, tagged, tags=TAGS)
    write_clip(clip, plain)
    with open_media(tagged) as (container, stream):
        of_track = stream.metadata if container.format.name == "ogg" else {}
        found = {key.lower(): value for key, value in (*container.metadata.items(), *of_track.items())}
    assert {name: found.get(name) for name in TAGS} == TAGS
    assert all(map(np.array_equal, decode_audio(tagged), decode_audio(plain)))
    tags = probe_media(tagged).tags
    assert (tags.title, tags.show, tags.published) == (TAGS["title"], TAGS["album"], TAGS["date"])
    assert probe_media(plain).tags == Tags()


@pytest.mark.parametrize("text", ["", "a", "ab", "ab\0c"])
def test_a_wav_file_with_tags_is_read_to_its_end(text: str, tmp_path: Path) -> None:
    clip = Clip(np.arange(101, dtype=np.int16).reshape(-1, 1), 8000)
    write_clip(clip, tmp_path / "a.wav", tags={"title": text, "comment": "x"})
    assert np.array_equal(written_samples(tmp_path / "a.wav"), clip.samples)
    data = (tmp_path / "a.wav").read_bytes()
    assert int.from_bytes(data[4:8], "little") == len(data) - 8


def test_flac_is_lossless(wav: Path, tmp_path: Path) -> None:
    clip = read_span(wav, Span(1, 2))
    write_clip(clip, tmp_path / "clip.flac")
    assert np.array_equal(read_span(tmp_path / "clip.flac", Span(0, 9)).samples, clip.samples)


def test_targets_that_are_refused(tmp_path: Path) -> None:
    clip = Clip(np.zeros((100, 1), np.int16), 8000)
    there = tmp_path / "there.wav"
    there.write_bytes(b"mine")
    with pytest.raises(UsageError, match="exists already"):
        write_clip(clip, there)
    assert there.read_bytes() == b"mine"
    write_clip(clip, there, overwrite=True)
    assert len(written_samples(there)) == 100
    with pytest.raises(UsageError, match=r"\.wav, \.flac, \.mp3, \.m4a, \.ogg, \.opus"):
        write_clip(clip, tmp_path / "clip.xyz")
    with pytest.raises(UsageError, match="There is no folder"):
        write_clip(clip, tmp_path / "none" / "clip.wav")


FULL_DISK = """
import resource, sys
from pathlib import Path
from typing import Any
import numpy as np
from audio.clip import Clip
from audio.encode import write_clip
from audio.errors import OutputError
clip = Clip(np.random.default_rng(0).integers(-9999, 9999, (441000, 1)).astype(np.int16), 44100)
target = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
try:
    write_clip(clip, target, overwrite=True)
except OutputError as error:
    print(error)
else:
    print("written")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits need POSIX")
@pytest.mark.parametrize("ending", [".wav", ".mp3"])
def test_a_full_disk_leaves_no_half_file(ending: str, tmp_path: Path) -> None:
    target = tmp_path / f"clip{ending}"
    target.write_bytes(b"what was there")
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", FULL_DISK, str(target)]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert f"{target.name} cannot be written" in run.stdout
    assert target.read_bytes() == b"what was there"
    assert list(tmp_path.iterdir()) == [target]


def test_an_encoder_that_cannot_be_run(wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("temporary", "target"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    broken = tmp_path / "ffmpeg"
    for program in (tmp_path / "gone", broken):
        monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", lambda program=program: str(program))
        with pytest.raises(OutputError, match=r"clip\.mp3 cannot be written"):
            write_clip(read_span(wav, Span(0, 1)), tmp_path / "target" / "clip.mp3")
        broken.write_text("#!/bin/sh\nexit 1\n")
        broken.chmod(0o755)
    assert not [*(tmp_path / "target").iterdir(), *(tmp_path / "temporary").iterdir()]
