"""Chained Ogg files whose links differ in codec, rate or channels: all of them are heard, at their times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fake_engine import transcribe
from made_recordings import bursts, write_tracks

from audio.clip import Clip, read_samples, read_span
from audio.decode import decode_audio
from audio.encode import write_clip
from audio.media import probe_media
from audio.recording.ogg_links import find_links
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span

SECONDS = 3


def make_link(kind: str, folder: Path, seed: int) -> bytes:
    codec, rate, channels = kind.split()
    sound = bursts(seed, SECONDS, int(rate))
    many = np.repeat(sound[:, np.newaxis], int(channels), axis=1)
    path = folder / f"link{seed}.ogg"
    if codec == "vorbis":  # for which PyAV has no encoder
        write_clip(Clip(many, int(rate)), path, overwrite=True)
    else:
        write_tracks(path, [sound if channels == "1" else many], codec=codec, rate=int(rate))
    return path.read_bytes()


CHAINS = {
    "other rate and channels": ("vorbis 44100 1", "vorbis 22050 2"),
    "other rate": ("vorbis 22050 1", "vorbis 48000 1", "vorbis 22050 1"),
    "other channels": ("libopus 48000 2", "libopus 48000 1"),
    "other codec": ("libopus 48000 1", "flac 16000 1", "vorbis 44100 1"),
    "flac of another rate": ("flac 16000 1", "flac 44100 1"),
}
ALIKE = {"vorbis": ("vorbis 44100 1",) * 2, "opus": ("libopus 48000 1",) * 3, "alone": ("libopus 48000 1",)}


def chain(kinds: tuple[str, ...], folder: Path) -> Path:
    path = folder / "chain.ogg"
    path.write_bytes(b"".join(make_link(kind, folder, seed) for seed, kind in enumerate(kinds)))
    return path


def decode(path: Path) -> Samples:
    return np.concatenate(list(decode_audio(path)))


def lies_at(sound: Samples, part: Samples) -> float:
    """The second of ``sound`` at which ``part`` begins."""
    count = len(sound) + len(part)
    product = np.fft.rfft(sound, count) * np.conj(np.fft.rfft(part, count))
    return int(np.fft.irfft(product, count)[: len(sound)].argmax()) / SAMPLE_RATE


@pytest.mark.parametrize("name", CHAINS)
def test_all_links_are_heard(name: str, tmp_path: Path) -> None:
    path = chain(CHAINS[name], tmp_path)
    sound = decode(path)
    links = len(CHAINS[name])
    assert len(sound) / SAMPLE_RATE == pytest.approx(links * SECONDS, abs=0.05 * links)
    for seed in range(links):
        assert lies_at(sound, decode(tmp_path / f"link{seed}.ogg")) == pytest.approx(seed * SECONDS, abs=0.05)
    assert probe_media(path).container == "ogg"


@pytest.mark.parametrize("name", CHAINS)
def test_spans_of_any_link_are_cut_from_it(name: str, tmp_path: Path) -> None:
    path = chain(CHAINS[name], tmp_path)
    sound = decode(path)
    last = len(CHAINS[name]) * SECONDS
    for start, end in ((0.5, 1.5), (SECONDS - 0.5, SECONDS + 0.5), (last - 1.5, last - 0.5)):
        part = read_samples(path, Span(start, end))
        expected = sound[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
        count = min(len(part), len(expected))
        assert count == pytest.approx((end - start) * SAMPLE_RATE, abs=40)
        assert np.corrcoef(part[:count], expected[:count])[0, 1] > 0.97
        assert read_span(path, Span(start, end)).duration == pytest.approx(end - start, abs=0.01)


@pytest.mark.parametrize("name", ALIKE)
def test_links_of_one_format_are_left_to_ffmpeg(name: str, tmp_path: Path) -> None:
    path = chain(ALIKE[name], tmp_path)
    assert find_links(path) == [None]
    assert len(decode(path)) / SAMPLE_RATE == pytest.approx(len(ALIKE[name]) * SECONDS, abs=0.2)


def test_a_chain_with_a_hole_is_read_to_its_end(tmp_path: Path) -> None:
    path = chain(CHAINS["other rate and channels"], tmp_path)
    data = bytearray(path.read_bytes())
    (_, second) = find_links(path)
    assert second is not None
    data[second.start // 2 : second.start // 2 + 3000] = bytes(3000)
    path.write_bytes(data)
    assert find_links(path)[1] == second
    assert lies_at(decode(path), decode(tmp_path / "link1.ogg")) > SECONDS / 2


@pytest.mark.usefixtures("engine")
def test_a_chain_is_transcribed_to_its_end(tmp_path: Path) -> None:
    run = transcribe(chain(CHAINS["other rate and channels"], tmp_path))
    assert (run.code, run.answer["status"]) == (0, "done")
