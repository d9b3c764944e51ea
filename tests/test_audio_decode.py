"""Decoding: the same time line for every format, a clear error for every damage."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest
from audio_samples import FORMATS, RATE, make_bursts, write_as, write_wav
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from audio.decode import DecodeReport, decode_audio
from audio.errors import MediaError, TruncatedMediaError
from audio.media import hash_file, probe_media
from audio.recording.mixing import to_float
from audio.samples import SAMPLE_RATE, Samples

SECONDS = 6
# The longest frame of any codec here: MP3 has 1152 samples at 44.1 kHz and 576 at 22.05, AAC has 1024.
MP3_FRAME_SECONDS = 1152 / 44100


@pytest.fixture(scope="module")
def bursts() -> NDArray[np.int16]:
    return make_bursts(SECONDS)


@pytest.fixture(scope="module")
def wav(media_folder: Path, bursts: NDArray[np.int16]) -> Path:
    return write_wav(media_folder / "reference.wav", bursts)


@pytest.fixture(scope="module")
def files(media_folder: Path, bursts: NDArray[np.int16]) -> dict[str, Path]:
    return {name: write_as(name, media_folder, bursts) for name in FORMATS}


def whole(path: Path, *, allow_truncated: bool = False) -> Samples:
    return np.concatenate(list(decode_audio(path, allow_truncated=allow_truncated)))


def lag(sound: Samples, reference: Samples) -> float:
    """Return the seconds by which ``sound`` lags behind ``reference``."""
    count = min(len(sound), len(reference))
    product = np.fft.rfft(sound[:count], 2 * count) * np.conj(np.fft.rfft(reference[:count], 2 * count))
    best = int(np.fft.irfft(product).argmax())
    return (best if best < count else best - 2 * count) / SAMPLE_RATE


@pytest.mark.parametrize("name", FORMATS)
def test_one_time_line(name: str, files: dict[str, Path], wav: Path) -> None:
    sound, reference = whole(files[name]), whole(wav)
    assert abs(lag(sound, reference)) <= 0.005
    assert abs(len(sound) - len(reference)) / SAMPLE_RATE <= MP3_FRAME_SECONDS


def test_flac_and_wav_decode_to_identical_samples(files: dict[str, Path], wav: Path) -> None:
    assert np.array_equal(whole(files["flac"]), whole(wav))


def test_stereo_becomes_the_mean(media_folder: Path, bursts: NDArray[np.int16]) -> None:
    silent = np.zeros_like(bursts)
    left = write_wav(media_folder / "left.wav", np.stack([bursts, silent], axis=1))
    both = write_wav(media_folder / "both.wav", np.stack([bursts, bursts], axis=1))
    mono = whole(write_wav(media_folder / "mono.wav", bursts))
    assert np.allclose(whole(both), mono, atol=1e-6)
    assert np.allclose(whole(left), mono / 2, atol=1e-6)


@pytest.mark.parametrize("channels", [3, 4, 6, 8])
def test_any_number_of_channels(channels: int, tmp_path: Path, bursts: NDArray[np.int16]) -> None:
    sound = whole(write_wav(tmp_path / "many.wav", np.repeat(bursts[:, np.newaxis], channels, axis=1)))
    assert len(sound) == SECONDS * SAMPLE_RATE
    assert np.allclose(sound, whole(write_wav(tmp_path / "one.wav", bursts)), atol=1e-6)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 48000, 96000])
def test_any_rate(rate: int, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "rate.wav", make_bursts(2, rate), rate)
    assert abs(len(whole(path)) - 2 * SAMPLE_RATE) <= 1


def test_blocks_have_one_size(wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audio.decode.BLOCK_SECONDS", 1.7)
    blocks = list(decode_audio(wav))
    assert {len(block) for block in blocks[:-1]} == {27200}
    assert 0 < len(blocks[-1]) <= 27200
    assert all(block.dtype == np.float32 for block in blocks)
    assert np.array_equal(np.concatenate(blocks), whole(wav))


def test_memory_does_not_grow_with_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audio.decode.BLOCK_SECONDS", 10.0)
    path = write_wav(tmp_path / "long.wav", np.zeros(SAMPLE_RATE * 1200, np.int16), SAMPLE_RATE)
    tracemalloc.start()
    try:
        for _ in decode_audio(path):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # 20 minutes are 77 MB as float32; a block of 10 s is 0.64 MB.
    assert peak < 8e6


def test_full_scale_is_one_for_every_number_type() -> None:
    for kind in (np.int16, np.int32):
        limits = np.iinfo(kind)
        assert to_float(np.array([limits.min, 0, limits.max], kind)).tolist() == pytest.approx([-1, 0, 1], abs=1e-4)
    assert to_float(np.array([0, 128], np.uint8)).tolist() == [-1, 0]


def test_probe(files: dict[str, Path], wav: Path) -> None:
    video = probe_media(files["mp4-video"])
    assert (video.codec, video.sample_rate, video.channels) == ("aac", RATE, 1)
    assert video.duration == pytest.approx(SECONDS, abs=0.05)
    assert probe_media(files["mp3-vbr"]).codec == "mp3"
    assert probe_media(files["flac-stereo"]).channels == 2
    assert probe_media(wav).duration == SECONDS


def test_hash(wav: Path, tmp_path: Path) -> None:
    assert hash_file(wav) == hashlib.sha256(wav.read_bytes()).hexdigest()
    with pytest.raises(MediaError, match="There is no file"):
        hash_file(tmp_path / "none.mp3")


@pytest.mark.parametrize(
    "name", ["مقابلة.mp3", "采访 一.mp3", "-rf.mp3", "concat:x|y.mp3", "http:x.mp3", "a b'c\"d.mp3"]
)
def test_names_are_only_names(
    name: str, files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(files["mp3-vbr"], tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert probe_media(Path(name)).codec == "mp3"
    assert np.array_equal(whole(Path(name)), whole(files["mp3-vbr"]))


def test_a_name_that_lies_about_a_readable_type_does_no_harm(wav: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(wav, tmp_path / "really_wav.mp3"))
    assert probe_media(path).container == "wav"


NOT_AUDIO = {
    "text.mp3": b"This is a text, not a podcast.\n" * 200,
    "page.mp3": b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n" * 50,
    "random.mp3": random.Random(1).randbytes(300_000),
    "zeros.wav": bytes(100_000),
    "terminal.txt": b"\x1b[31mred\x1b[0m\r\n" * 100,
    "cues.mp3": b"1\n00:00:01,000 --> 00:00:02,000\nhello\n\n2\n00:00:03,000 --> 00:00:04,000\nthere\n\n",
    "header_only.wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\0\0\0\0",
}


@pytest.mark.parametrize("name", NOT_AUDIO)
def test_what_is_no_audio_is_refused_by_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(NOT_AUDIO[name])
    for reading in (probe_media, whole):
        with pytest.raises(MediaError, match=name):
            reading(path)


@pytest.mark.parametrize(("codec", "pixels"), [("png", "rgb24"), ("mjpeg", "yuvj420p")])
def test_a_picture_is_refused(codec: str, pixels: str, tmp_path: Path) -> None:
    path = tmp_path / f"cover.{codec}"
    with av.open(str(path), "w", format="image2", options={"update": "1"}) as container:
        stream = container.add_stream(codec)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixels
        container.mux(stream.encode(VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))))
        container.mux(stream.encode())
    picture = path.rename(tmp_path / "cover.mp3")
    with pytest.raises(MediaError, match=r"cover\.mp3 is not audio: it looks like a picture"):
        probe_media(picture)


def test_a_video_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height = 64, 48
        for _ in range(5):
            container.mux(stream.encode(VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))))
        container.mux(stream.encode())
    with pytest.raises(MediaError, match=r"silent\.mp4 is a video without an audio track"):
        probe_media(path)


def test_missing_empty_folder_dangling_and_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty.mp3"
    empty.touch()
    dangling = tmp_path / "dangling.mp3"
    dangling.symlink_to(tmp_path / "gone.mp3")
    cases = {
        tmp_path / "none.mp3": "There is no file",
        empty: "is empty",
        tmp_path: "is a folder",
        dangling: "There is no file",
    }
    for path, sentence in cases.items():
        for reading in (probe_media, whole):
            with pytest.raises(MediaError, match=sentence):
                reading(path)

    def refuse(path: str, *_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(os, "open", refuse)
    for check in (probe_media, whole, hash_file):
        with pytest.raises(MediaError, match=r"empty\.mp3 cannot be read: Permission denied"):
            check(empty)


def test_a_playlist_opens_no_other_file(wav: Path, tmp_path: Path) -> None:
    lists = {
        "concat.mp3": f"ffconcat version 1.0\nfile '{wav}'\n",
        "list.m3u8": f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{wav}\n#EXT-X-ENDLIST\n",
        "net.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    }
    for name, text in lists.items():
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(MediaError, match="is not audio"):
            whole(path)


def cut(path: Path, folder: Path, share: float = 0.5) -> Path:
    data = path.read_bytes()
    target = folder / f"cut_{path.name}"
    target.write_bytes(data[: round(len(data) * share)])
    return target


@pytest.mark.parametrize("name", ["wav", "flac", "mp3-cbr", "mp3-vbr", "mka"])
def test_a_truncated_file_says_so_after_what_there_is(
    name: str, files: dict[str, Path], wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audio.decode.BLOCK_SECONDS", 1.0)
    path = cut(wav if name == "wav" else files[name], tmp_path)
    taken: list[Samples] = []
    with pytest.raises(TruncatedMediaError, match=rf"{path.name} is cut off: .* 0:06\.0 long.*the part that exists"):
        taken.extend(decode_audio(path))
    assert 2 * SAMPLE_RATE < sum(map(len, taken)) < 4.5 * SAMPLE_RATE
    assert np.array_equal(np.concatenate(taken), whole(path, allow_truncated=True))


def test_an_mp4_without_its_index_is_called_cut_off(files: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="begins like an MP4 file but is cut off or damaged"):
        probe_media(cut(files["m4a"], tmp_path, 0.9))


def test_an_mp4_with_its_index_first_is_truncated(bursts: NDArray[np.int16], tmp_path: Path) -> None:
    path = tmp_path / "fast.m4a"
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(bursts[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(TruncatedMediaError):
        whole(cut(path, tmp_path))


def test_an_mp3_without_header_makes_no_promise(files: dict[str, Path], tmp_path: Path) -> None:
    assert len(whole(cut(files["mp3-vbr-headerless"], tmp_path))) > 2 * SAMPLE_RATE


def test_a_wav_written_as_a_stream_makes_no_promise(wav: Path, tmp_path: Path) -> None:
    data = bytearray(wav.read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    path = tmp_path / "stream.wav"
    path.write_bytes(data)
    assert len(whole(path)) == SECONDS * SAMPLE_RATE


def test_a_damaged_packet_becomes_silence_and_moves_nothing(files: dict[str, Path], tmp_path: Path) -> None:
    with av.open(str(files["m4a"])) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(audio=0) if packet.size]
    data = bytearray(files["m4a"].read_bytes())
    for position, size in packets[100:104]:
        assert position is not None
        data[position : position + size] = b"\xff" * size
    path = tmp_path / "damaged.m4a"
    path.write_bytes(data)
    report = DecodeReport()
    sound = np.concatenate(list(decode_audio(path, report=report)))
    good = whole(files["m4a"])
    assert len(sound) == len(good)
    # Packet 0 is the encoder's priming.
    assert report.holes[0].start == pytest.approx(99 * 1024 / RATE, abs=1e-6)
    assert sum(hole.duration for hole in report.holes) == pytest.approx(4 * 1024 / RATE, abs=1e-6)
    assert abs(lag(sound[3 * SAMPLE_RATE :], good[3 * SAMPLE_RATE :])) == 0


def test_junk_before_the_sound_takes_no_time(files: dict[str, Path], wav: Path, tmp_path: Path) -> None:
    path = tmp_path / "junk.mp3"
    path.write_bytes(bytes(100_000) + files["mp3-cbr-headerless"].read_bytes())
    # FFmpeg takes the junk and the first frame for one packet.
    assert abs(lag(whole(path), whole(wav))) <= 0.005 + MP3_FRAME_SECONDS


def test_a_rate_that_changes_midway(files: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "joined.mp3"
    names = ("mp3-vbr-headerless", "mp3-22k-headerless", "mp3-vbr-headerless")
    path.write_bytes(b"".join(files[name].read_bytes() for name in names))
    assert len(whole(path)) / SAMPLE_RATE == pytest.approx(3 * SECONDS, abs=0.2)
