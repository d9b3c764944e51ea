"""Files with holes: the rest keeps its time, holes are silent and reported, and clips agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from audio_samples import RATE, make_bursts, write_as, write_wav
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.clip import Clip, read_span
from audio.decode import DecodeReport, decode_audio
from audio.encode import write_clip
from audio.errors import TruncatedMediaError
from audio.media import open_media
from audio.packets import NativeBlock, PacketDecoder
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span

SECONDS = 20
# Seconds by which sound after the hole may be off: an MP3 gives a hole's length in whole frames, of 26 ms here, and
# without a header only in bytes; the other containers give it exactly.
TOLERANCES = {"mp3-cbr": 0.03, "mp3-cbr-headerless": 0.06, "mp3-vbr": 0.03, "mka": 0.001} | dict.fromkeys(
    ("flac", "flac-stereo", "m4a", "opus", "vorbis"), 0.0
)


@pytest.fixture(scope="module")
def bursts() -> NDArray[np.int16]:
    return make_bursts(SECONDS)


@pytest.fixture(scope="module")
def files(media_folder: Path, bursts: NDArray[np.int16]) -> dict[str, Path]:
    files = {name: write_as(name, media_folder, bursts) for name in TOLERANCES if name != "vorbis"}
    files["vorbis"] = media_folder / "vorbis.ogg"
    write_clip(Clip(bursts[:, np.newaxis], RATE), files["vorbis"])
    return files


def wipe(path: Path, folder: Path, start: float = 0.45, share: float = 0.15) -> Path:
    """Copy the file with ``share`` of its bytes zeroed, from the fraction ``start`` of its length on."""
    data = bytearray(path.read_bytes())
    first, last = round(len(data) * start), round(len(data) * (start + share))
    data[first:last] = bytes(last - first)
    target = folder / f"wiped_{path.name}"
    target.write_bytes(data)
    return target


def decode(path: Path) -> tuple[Samples, DecodeReport]:
    report = DecodeReport()
    return np.concatenate(list(decode_audio(path, report=report))), report


def lag(sound: Samples, reference: Samples) -> float:
    """Return the seconds by which ``sound`` lags behind ``reference``, of the same length."""
    product = np.fft.rfft(sound, 2 * len(sound)) * np.conj(np.fft.rfft(reference, 2 * len(sound)))
    best = int(np.fft.irfft(product).argmax())
    return (best if best < len(sound) else best - 2 * len(sound)) / SAMPLE_RATE


@pytest.mark.parametrize("share", [0.1, 0.2])
@pytest.mark.parametrize("name", TOLERANCES)
def test_sound_after_a_hole_lies_where_it_was(name: str, share: float, files: dict[str, Path], tmp_path: Path) -> None:
    whole, _ = decode(files[name])
    sound, report = decode(wipe(files[name], tmp_path, 0.45, share))
    tolerance = TOLERANCES[name]
    assert len(sound) == pytest.approx(len(whole), abs=tolerance * SAMPLE_RATE)
    assert report.holes, "the hole is not reported"
    assert report.lost == 0
    # The same time range of both, after the hole.
    tail = slice(15 * SAMPLE_RATE, 19 * SAMPLE_RATE)
    assert abs(lag(sound[tail], whole[tail])) <= tolerance
    if not tolerance:
        assert np.allclose(sound[tail], whole[tail], atol=1e-2)
    for hole in report.holes:
        inside = sound[round(hole.start * SAMPLE_RATE) + 100 : round(hole.end * SAMPLE_RATE) - 100]
        assert not np.abs(inside).max(initial=0) > 1e-3
    missing = sum(hole.duration for hole in report.holes)
    assert missing >= share * SECONDS / 2


@pytest.mark.parametrize("name", TOLERANCES)
def test_clips_of_a_file_with_a_hole_are_the_samples_that_were_transcribed(
    name: str, files: dict[str, Path], tmp_path: Path
) -> None:
    path = wipe(files[name], tmp_path)
    whole, report = decode(path)
    full = read_span(path, Span(0, SECONDS + 10))
    assert abs(full.duration - len(whole) / SAMPLE_RATE) < 0.001
    (first, last) = report.holes[0].start, report.holes[-1].end
    for start, end in ((2.0, 2.5), (first - 0.3, first + 0.3), (last - 0.3, last + 0.3), (last + 2, last + 2.5)):
        clip = read_span(path, Span(start, end))
        assert np.array_equal(clip.samples, full.samples[round(start * full.rate) : round(end * full.rate)])


@pytest.mark.parametrize("name", ["mp3-cbr", "mp3-vbr"])
def test_sound_after_several_holes_lies_where_it_was(name: str, files: dict[str, Path], tmp_path: Path) -> None:
    whole, _ = decode(files[name])
    sound, report = decode(wipe(wipe(files[name], tmp_path, 0.2, 0.1), tmp_path, 0.5, 0.15))
    assert len(report.holes) >= 2
    tail = slice(15 * SAMPLE_RATE, 19 * SAMPLE_RATE)
    assert abs(lag(sound[tail], whole[tail])) <= TOLERANCES[name]


@pytest.mark.parametrize("name", ["mp3-cbr", "mp3-vbr"])
def test_what_is_cut_off_is_no_part_of_a_hole(name: str, files: dict[str, Path], tmp_path: Path) -> None:
    path = wipe(files[name], tmp_path, 0.3, 0.2)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 8 // 10])
    report = DecodeReport()
    for _ in decode_audio(path, allow_truncated=True, report=report):
        pass
    assert sum(hole.duration for hole in report.holes) == pytest.approx(0.2 * SECONDS, abs=0.6)


def test_zeros_in_a_wav_are_silence_like_any_other(tmp_path: Path, bursts: NDArray[np.int16]) -> None:
    path = write_wav(tmp_path / "speech.wav", bursts)
    whole, _ = decode(path)
    sound, report = decode(wipe(path, tmp_path))
    assert len(sound) == len(whole)
    assert np.array_equal(sound[15 * SAMPLE_RATE :], whole[15 * SAMPLE_RATE :])
    assert report.holes == []


def test_an_ogg_goes_on_after_more_than_ffmpeg_searches_at_once(tmp_path: Path) -> None:
    path = write_as("opus", tmp_path, make_bursts(100))
    assert path.stat().st_size * 0.4 > 4 * 65307
    sound, report = decode(wipe(path, tmp_path, 0.3, 0.4))
    assert len(sound) == 100 * SAMPLE_RATE
    assert [round(hole.duration) for hole in report.holes] == [pytest.approx(40, abs=3)]


@pytest.mark.parametrize("name", ["flac", "opus", "mp3-cbr", "mp3-vbr", "vorbis"])
def test_a_file_with_a_hole_that_was_cut_off_as_well_says_so(name: str, files: dict[str, Path], tmp_path: Path) -> None:
    path = wipe(files[name], tmp_path, 0.3, 0.1)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 7 // 10])
    with pytest.raises(TruncatedMediaError, match="cut off"):
        decode(path)


def decode_packets(path: Path, lost: set[int], stamps: dict[int, int] | None = None) -> list[tuple[NativeBlock, bool]]:
    """Decode a file without the ``lost`` packets and with the timestamps ``stamps``, both by packet number."""
    with open_media(path) as (container, stream):
        decoder = PacketDecoder(container, stream)
        blocks: list[tuple[NativeBlock, bool]] = []
        for number, packet in enumerate(container.demux(stream)):
            packet.pts = (stamps or {}).get(number, packet.pts)
            if number not in lost:
                blocks += decoder.decode(packet)
        return blocks


@settings(max_examples=15)
@given(lost=st.sets(st.integers(1, 180)))
def test_whatever_packets_are_lost_the_others_stay_in_place(
    lost: set[int], files: dict[str, Path], bursts: NDArray[np.int16]
) -> None:
    blocks = decode_packets(files["flac"], lost)
    sound = np.concatenate([block.samples[:, 0] for block, _ in blocks])
    real = np.concatenate([np.full(len(block.samples), real) for block, real in blocks])
    assert len(sound) == len(bursts)
    assert np.array_equal(sound[real], bursts[real])
    assert not sound[~real].any()
    assert all(block.seconds <= 1 for block, _ in blocks), "a long hole is held in memory at once"


def test_a_timestamp_beyond_the_end_makes_no_silence(files: dict[str, Path], bursts: NDArray[np.int16]) -> None:
    blocks = decode_packets(files["flac"], set(), {50: 10**11})
    assert all(real for _, real in blocks)
    assert sum(len(block.samples) for block, _ in blocks) == len(bursts)


def test_a_tag_between_two_mp3s_takes_no_time(files: dict[str, Path], tmp_path: Path) -> None:
    part = files["mp3-cbr-headerless"].read_bytes()
    cover = np.random.default_rng(0).integers(0, 256, 100_000, dtype=np.uint8).tobytes().replace(b"\xff", b"\0")
    joined = tmp_path / "joined.mp3"
    joined.write_bytes(part + b"ID3\3\0\0\0\6\x0d\x20" + cover + part)
    sound, _ = decode(joined)
    assert len(sound) / SAMPLE_RATE == pytest.approx(2 * SECONDS, abs=0.2)
