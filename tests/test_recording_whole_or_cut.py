"""What is whole and what is cut off: Ogg without a marked last page, Matroska whose sound begins late, imports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fake_engine import airquote, transcribe
from made_recordings import SECONDS, bursts, write_tracks

from audio.clip import Clip
from audio.decode import decode_audio
from audio.encode import write_clip
from audio.errors import TruncatedMediaError
from audio.headers import LARGEST_OGG_PAGE
from audio.samples import SAMPLE_RATE

OGG = {"opus": ("libopus", 48000), "flac": ("flac", 16000)}
CUES = "1\n00:00:01,000 --> 00:00:02,000\nThe ferry was late.\n"


def pages(data: bytes | bytearray) -> list[int]:
    """Where the pages of an Ogg file begin."""
    found = [at for at in range(len(data)) if data.startswith(b"OggS\0", at)]
    assert found
    return found


def make_ogg(codec: str, folder: Path) -> Path:
    if codec == "vorbis":  # for which PyAV has no encoder
        path = folder / "vorbis.ogg"
        write_clip(Clip(bursts(1)[:, np.newaxis], SAMPLE_RATE), path)
        return path
    name, rate = OGG[codec]
    return write_tracks(folder / f"{codec}.ogg", [bursts(1, rate=rate)], codec=name, rate=rate)


def seconds_of(path: Path) -> float:
    return sum(map(len, decode_audio(path))) / SAMPLE_RATE


def unmark(path: Path) -> None:
    """Take the end-of-stream mark off the last page, with a checksum that fits."""
    from torture.fuzz_media import with_checksums

    data = bytearray(path.read_bytes())
    data[pages(data)[-1] + 5] &= ~4
    path.write_bytes(with_checksums(bytes(data)))


@pytest.mark.parametrize("codec", ["opus", "vorbis", "flac"])
def test_an_ogg_file_without_a_marked_last_page_is_whole(codec: str, tmp_path: Path) -> None:
    path = make_ogg(codec, tmp_path)
    unmark(path)
    assert seconds_of(path) == pytest.approx(SECONDS, abs=0.1)
    path.write_bytes(path.read_bytes() + bytes(1000))  # what some recorders reserve
    assert seconds_of(path) == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize("codec", ["opus", "vorbis", "flac"])
def test_an_ogg_file_that_ends_within_a_page_is_cut_off(codec: str, tmp_path: Path) -> None:
    path = make_ogg(codec, tmp_path)
    whole = path.read_bytes()
    last = pages(whole)[-1]
    for end in (last + 3, last + 20, last + 30, len(whole) - 1, len(whole) * 2 // 3):
        if whole[last + 5] & 4 and end == len(whole):
            continue
        path.write_bytes(whole[:end])
        with pytest.raises(TruncatedMediaError, match="its end is missing"):
            seconds_of(path)


def test_an_ogg_file_that_ends_within_a_packet_is_cut_off(tmp_path: Path) -> None:
    path = make_ogg("opus", tmp_path)
    data = path.read_bytes()
    at = pages(data)[-2]
    # A page whose last lacing value is 255: its packet goes on in a page that is not there.
    page = bytearray(data[at : pages(data)[-1]])
    lacing = page[26]
    page[26 + lacing] = 255
    page += bytes(255)
    path.write_bytes(data[:at] + bytes(page[:LARGEST_OGG_PAGE]))
    with pytest.raises(TruncatedMediaError, match="its end is missing"):
        seconds_of(path)


@pytest.mark.parametrize(("ending", "codec"), [(".mkv", "aac"), (".mka", "flac"), (".webm", "libopus")])
def test_a_matroska_file_whose_sound_begins_late_is_whole(ending: str, codec: str, tmp_path: Path) -> None:
    rate = 48000 if codec == "libopus" else SAMPLE_RATE
    path = write_tracks(
        tmp_path / f"late{ending}", [bursts(1, rate=rate)], codec=codec, starts=[7.5], rate=rate, video=ending == ".mkv"
    )
    assert seconds_of(path) == pytest.approx(SECONDS, abs=0.1)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(TruncatedMediaError):
        seconds_of(path)


def test_an_import_takes_the_part_that_exists(tmp_path: Path) -> None:
    (tmp_path / "words.srt").write_text(CUES)
    sound = write_tracks(tmp_path / "talk.flac", [bursts(1)], codec="flac")
    sound.write_bytes(sound.read_bytes()[: sound.stat().st_size // 2])
    run = airquote("import", tmp_path / "words.srt", "--audio", sound)
    assert run.code == 3
    assert "--partial" in run.out
    assert airquote("import", tmp_path / "words.srt", "--audio", sound, "--partial").code == 0
    assert airquote("clip", "words", "1", "1.5", "-o", tmp_path / "clip.wav").code == 0


@pytest.mark.usefixtures("engine")
def test_a_voice_note_is_transcribed(tmp_path: Path) -> None:
    path = make_ogg("opus", tmp_path)
    unmark(path)
    assert transcribe(path).answer["status"] == "done"
