"""The clock of players: how it differs from the time line of samples, and that links use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from audio_samples import RATE, write_as, write_wav
from fake_engine import airquote, speak, transcribe
from made_recordings import bursts, write_tracks

from audio.errors import PlayerError
from audio.packets import MP3_DELAY
from audio.recording.clock import read_offset
from audio.samples import SAMPLE_RATE
from pipeline.links import link_to

FRAME = 1152 / 16000
"""Seconds: the longest frame of any codec here; encoders' priming is part of what comes late."""

# ending, codec: the sound begins 4 s after the pictures
VIDEOS = [
    (".mp4", "aac"), (".mp4", "libmp3lame"), (".mov", "pcm_s16le"), (".mkv", "aac"), (".mkv", "flac"),
    (".ts", "aac"), (".ts", "mp2"), (".nut", "flac"),
]  # fmt: skip
SOUNDS = [
    (".mp4", "aac"), (".m4a", "aac"), (".m4a", "alac"), (".mov", "pcm_s16le"), (".mkv", "aac"), (".mka", "flac"),
    (".webm", "libopus"), (".ogg", "libopus"), (".opus", "libopus"), (".mp3", "libmp3lame"), (".flac", "flac"),
    (".wav", "pcm_s16le"), (".aiff", "pcm_s16be"), (".ts", "aac"), (".avi", "libmp3lame"), (".caf", "pcm_s16le"),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "codec"), VIDEOS)
def test_sound_that_begins_after_the_pictures_is_shown_later(ending: str, codec: str, tmp_path: Path) -> None:
    path = write_tracks(tmp_path / f"a{ending}", [bursts(1)], codec=codec, starts=[4.0], video=True)
    assert read_offset(path) == pytest.approx(4.0, abs=FRAME)


@pytest.mark.parametrize(("ending", "codec"), SOUNDS)
def test_sound_alone_is_shown_from_zero(ending: str, codec: str, tmp_path: Path) -> None:
    rate = 48000 if codec == "libopus" else SAMPLE_RATE
    path = write_tracks(tmp_path / f"a{ending}", [bursts(1, rate=rate)], codec=codec, rate=rate)
    assert read_offset(path) == 0.0


@pytest.mark.parametrize(("ending", "codec"), [(".mka", "flac"), (".ts", "aac"), (".ogg", "libopus")])
def test_a_clock_that_begins_late_alone_is_shown_from_zero(ending: str, codec: str, tmp_path: Path) -> None:
    rate = 48000 if codec == "libopus" else SAMPLE_RATE
    path = write_tracks(tmp_path / f"a{ending}", [bursts(1, rate=rate)], codec=codec, rate=rate, starts=[9.0])
    assert read_offset(path) == 0.0


def test_an_edit_list_that_begins_with_nothing_is_shown(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "a.m4a", [bursts(1)], starts=[2.0])
    assert read_offset(path) == pytest.approx(2.0, abs=FRAME)


def test_what_is_trimmed_from_an_mp3_without_a_header_is_shown(tmp_path: Path) -> None:
    path = write_as("mp3-cbr-headerless", tmp_path, bursts(1, rate=RATE))
    assert read_offset(path) == pytest.approx(MP3_DELAY / RATE, abs=0.001)


def test_each_track_has_its_own(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "a.mkv", [bursts(1), bursts(2)], codec="flac", starts=[1.0, 3.5])
    assert (read_offset(path, 1), read_offset(path, 2)) == (0.0, 2.5)


def test_no_link_leads_to_before_the_start() -> None:
    assert link_to("/a.mp3", 3.0, 4.0) == "file:///a.mp3#t=7.0"
    assert link_to("/a.mp3", 0.1, -2.0) == "file:///a.mp3#t=0.0"


@pytest.mark.usefixtures("engine")
def test_links_are_on_the_clock_of_players_and_times_on_that_of_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = speak(tmp_path / "plain.wav", 2)
    import wave

    import numpy as np

    with wave.open(str(plain)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    late = write_tracks(tmp_path / "late.mkv", [samples], codec="pcm_s16le", starts=[4.0], video=True)
    assert transcribe(plain).code == transcribe(late).code == 0
    words = {name: airquote("words", name, "0", "20", "--json").answers for name in ("plain", "late")}
    assert [(one["text"], one["start"]) for one in words["late"]] == [(o["text"], o["start"]) for o in words["plain"]]
    links = {}
    for name in words:
        (hit, *_) = airquote("search", words[name][0]["text"].strip(), "--episode", name, "--json").answers
        links[name] = float(hit["link"].partition("#t=")[2]) - hit["start"]
    assert links["plain"] == pytest.approx(0.0, abs=0.06)
    assert links["late"] == pytest.approx(4.0, abs=0.06)
    monkeypatch.setattr("audio.player.find_player", lambda: None)
    run = airquote("play", "late", "1")
    assert "--start=5" in run.err
    assert PlayerError is not None


@pytest.mark.usefixtures("engine")
def test_an_import_knows_the_clock_of_its_recording(tmp_path: Path) -> None:
    (tmp_path / "words.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nThe ferry was late.\n")
    sound = write_tracks(tmp_path / "a.mp4", [bursts(1)], starts=[3.0], video=True)
    assert airquote("import", tmp_path / "words.srt", "--audio", sound).code == 0
    (hit,) = airquote("search", "ferry", "--json").answers
    assert float(hit["link"].partition("#t=")[2]) == pytest.approx(hit["start"] + 3, abs=0.1 + FRAME)


def test_a_verdict_links_to_the_clock_of_players(tmp_path: Path) -> None:
    (tmp_path / "words.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nThe ferry was late again on Monday.\n")
    (tmp_path / "article.txt").write_text("“The ferry was late again on Monday,” she said.")
    sound = write_wav(tmp_path / "a.wav", bursts(1), SAMPLE_RATE)
    video = write_tracks(tmp_path / "a.mkv", [bursts(1)], codec="flac", starts=[3.0], video=True)
    assert sound != video
    assert airquote("import", tmp_path / "words.srt", "--audio", video).code == 0
    (verdict,) = airquote("verify", tmp_path / "article.txt", "--json").answers
    assert float(verdict["link"].partition("#t=")[2]) == pytest.approx(verdict["start"] + 3, abs=0.06)
