"""Sound from any sample of a recording: the same samples as of the whole decoded file, without reading all of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_samples import FORMATS, RATE, make_bursts, write_as, write_wav
from hypothesis import given, settings
from hypothesis import strategies as st
from made_recordings import write_tracks
from numpy.typing import NDArray
from test_audio_holes import lag, wipe
from test_recording_chained import CHAINS, chain

from audio.clip import Clip, read_span
from audio.decode import decode_audio
from audio.encode import write_clip
from audio.errors import MediaError
from audio.packets import read_packets
from audio.recording.sound_choice import FIRST_SOUND, SoundChoice
from audio.samples import SAMPLE_RATE
from audio.seeking import indexing, sound_reader
from audio.seeking.indexing import index_recording
from audio.seeking.packet_index import LinkIndex, RecordingIndex
from audio.seeking.sound_reader import read_sound_from
from audio.timecode import Span

SECONDS = 12
OTHERS = {"wav": "pcm_s16le", "webm": "libopus", "aiff": "pcm_s16be", "ogg": "flac", "caf": "alac"}
"""Endings of further containers, and codecs whose packets state their length in them."""


@pytest.fixture(scope="module")
def bursts() -> NDArray[np.int16]:
    return make_bursts(SECONDS)


@pytest.fixture(scope="module")
def mp3(media_folder: Path, bursts: NDArray[np.int16]) -> Path:
    return write_as("mp3-vbr-headerless", media_folder, bursts)


@pytest.fixture
def packets_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of packets that were read, one for each opening of a file."""
    counts: list[int] = []

    def read_and_count(*file: Any) -> Iterator[Any]:
        counts.append(0)
        for packet in read_packets(*file):
            counts[-1] += 1
            yield packet

    monkeypatch.setattr(sound_reader, "read_packets", read_and_count)
    return counts


def read(path: Path, index: RecordingIndex, first: int, last: int, sound: SoundChoice = FIRST_SOUND) -> NDArray[Any]:
    none = np.zeros((0, sound_reader.channels_of(index, sound)), np.int16)
    return np.concatenate([none, *read_sound_from(path, sound, index, first, last)])


def decode_whole(path: Path, sound: SoundChoice = FIRST_SOUND) -> NDArray[Any]:
    samples = read_span(path, Span(0, 1e6), sound).samples
    return samples if samples.dtype == np.int16 else samples >> 16


def assert_same_from_anywhere(path: Path, sound: SoundChoice = FIRST_SOUND) -> RecordingIndex:
    """The index has the length of the whole file, and what is read from many places are its samples there."""
    whole = decode_whole(path, sound)
    index = index_recording(path, sound.track)
    assert index.samples == len(whole)
    for first in (0, 1, 1000, *(round(len(whole) * share) for share in (0.1, 0.33, 0.5, 0.71, 0.95)), len(whole) - 1):
        last = min(first + index.rate, len(whole))
        assert np.array_equal(read(path, index, first, last, sound), whole[first:last]), first
    return index


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_sought_in(
    name: str, media_folder: Path, bursts: NDArray[np.int16], packets_read: list[int]
) -> None:
    path = write_as(name, media_folder, bursts)
    index = assert_same_from_anywhere(path)
    packets_read.clear()
    read(path, index, index.samples * 9 // 10, index.samples * 9 // 10 + 1)
    assert len(packets_read) == 1
    clusters = 5.5 if name == "mka" else 0  # seconds: Matroska is sought by clusters
    assert packets_read[0] < len(index.links[0].sizes) * (2 + clusters) / SECONDS


@pytest.mark.parametrize(("ending", "codec"), OTHERS.items())
def test_every_container_is_sought_in(ending: str, codec: str, tmp_path: Path, bursts: NDArray[np.int16]) -> None:
    rate = 48000 if codec == "libopus" else RATE
    assert_same_from_anywhere(write_tracks(tmp_path / f"a.{ending}", [bursts], codec=codec, rate=rate))


def test_packets_between_head_and_tail_are_not_decoded(mp3: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = index_recording(mp3, None)
    monkeypatch.setattr(indexing, "is_counted", lambda _codec: False)
    decoded = index_recording(mp3, None)
    assert np.array_equal(counted.links[0].starts, decoded.links[0].starts)
    assert counted.samples == decoded.samples


def test_packets_that_do_not_state_their_length_are_decoded(tmp_path: Path, bursts: NDArray[np.int16]) -> None:
    path = tmp_path / "vorbis.ogg"
    write_clip(Clip(bursts[:, np.newaxis], RATE), path)
    assert_same_from_anywhere(path)


@pytest.mark.parametrize("name", ["flac", "mp3-cbr", "mp3-vbr-headerless", "m4a", "opus", "mka"])
def test_holes_are_silent(name: str, media_folder: Path, bursts: NDArray[np.int16], tmp_path: Path) -> None:
    path = wipe(write_as(name, media_folder, bursts), tmp_path)
    whole, index = decode_whole(path), index_recording(path, None)
    assert index.samples == len(whole)
    for share in (0.2, 0.5, 0.9):
        first = round(len(whole) * share)
        assert np.array_equal(read(path, index, first, first + RATE), whole[first : first + RATE])


def test_joined_files_of_two_rates(media_folder: Path, bursts: NDArray[np.int16], tmp_path: Path) -> None:
    path = tmp_path / "joined.mp3"
    names = ("mp3-vbr-headerless", "mp3-22k-headerless")
    path.write_bytes(b"".join(write_as(name, media_folder, bursts).read_bytes() for name in names))
    index = index_recording(path, None)
    assert index.rate == RATE
    assert index.samples == pytest.approx(2 * SECONDS * RATE, abs=RATE // 10)
    part = read(path, index, 20 * RATE, 21 * RATE)[:, 0]
    exact = np.concatenate(list(decode_audio(path)))[20 * SAMPLE_RATE : 21 * SAMPLE_RATE]
    at = np.arange(len(exact)) * RATE / SAMPLE_RATE
    # FFmpeg takes the first frame of another rate for one of the old rate: half a frame.
    assert abs(lag(np.interp(at, np.arange(len(part)), part), exact)) < 0.02


@pytest.mark.parametrize("name", CHAINS)
def test_chained_links_follow_each_other(name: str, tmp_path: Path) -> None:
    path = chain(CHAINS[name], tmp_path)
    index = index_recording(path, None)
    assert len(index.links) == len(CHAINS[name])
    sound = np.concatenate(list(decode_audio(path)))
    assert index.samples / index.rate == pytest.approx(len(sound) / SAMPLE_RATE, abs=0.001)
    whole = read(path, index, 0, index.samples)
    middle = index.links[0].end
    assert np.array_equal(read(path, index, middle - 500, middle + 500), whole[middle - 500 : middle + 500])
    assert whole[middle + index.rate : middle + 2 * index.rate].any()


def test_chosen_track_and_mix(tmp_path: Path, bursts: NDArray[np.int16]) -> None:
    voices = np.stack([bursts, bursts[::-1]], axis=1)
    path = write_tracks(tmp_path / "two.mkv", [voices, voices[::-1]], codec="flac", rate=RATE)
    assert assert_same_from_anywhere(path, SoundChoice(2)).channels == 2
    assert_same_from_anywhere(path, SoundChoice(2, (0.25, 0.75)))


def test_many_channels_are_mixed_as_they_were_transcribed(tmp_path: Path, bursts: NDArray[np.int16]) -> None:
    six = np.stack([bursts // (n + 1) for n in range(6)], axis=1)
    path = write_tracks(tmp_path / "six.wav", [six], codec="pcm_s16le")
    index = index_recording(path, None)
    heard = read(path, index, 5 * SAMPLE_RATE, 6 * SAMPLE_RATE)
    assert heard.shape[1] == 1
    mixed = np.concatenate(list(decode_audio(path)))[5 * SAMPLE_RATE : 6 * SAMPLE_RATE]
    assert np.allclose(heard[:, 0] / 32768, mixed, atol=1e-4)


@settings(max_examples=12)
@given(cuts=st.lists(st.integers(0, SECONDS * RATE), min_size=1, max_size=4))
def test_parts_join_to_the_whole(cuts: list[int], mp3: Path) -> None:
    index = index_recording(mp3, None)
    edges = [0, *sorted(min(cut, index.samples) for cut in cuts), index.samples]
    parts = [read(mp3, index, *edge) for edge in pairwise(edges)]
    assert np.array_equal(np.concatenate(parts), decode_whole(mp3))


def test_a_seek_that_leads_elsewhere_is_noticed(mp3: Path, packets_read: list[int]) -> None:
    index = index_recording(mp3, None)
    (link,) = index.links
    for wrong in (link.marks + 1, np.roll(link.marks, 1), link.marks[:0]):
        misled = RecordingIndex(index.rate, index.channels, (LinkIndex(None, link.starts, wrong, link.sizes),))
        packets_read.clear()
        assert np.array_equal(read(mp3, misled, 5 * RATE, 6 * RATE), decode_whole(mp3)[5 * RATE : 6 * RATE])
        assert packets_read[-1] > 5 * len(link.sizes) / SECONDS, "the file was read from its beginning"


def test_a_file_that_lost_its_end_since_gives_silence_there(mp3: Path, tmp_path: Path) -> None:
    index = index_recording(mp3, None)
    short = tmp_path / "short.mp3"
    short.write_bytes(mp3.read_bytes()[: mp3.stat().st_size // 2])
    assert len(read(short, index, 0, index.samples)) == index.samples
    assert not read(short, index, 11 * RATE, 12 * RATE).any()


def test_a_file_without_sound(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"No sound can be decoded from .*empty\.wav"):
        index_recording(write_wav(tmp_path / "empty.wav", np.zeros(0, np.int16)), None)
    (tmp_path / "text.mp3").write_text("a text\n" * 100)
    with pytest.raises(MediaError, match=r"text\.mp3"):
        index_recording(tmp_path / "text.mp3", None)
