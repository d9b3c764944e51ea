"""Files with several audio tracks: which one is used, that it is told and remembered, and ``--track``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from av.stream import Disposition
from fake_engine import FakeDetector, FakeEngine, airquote, transcribe
from made_recordings import bursts, silence, write_tracks
from numpy.typing import NDArray

from audio.decode import decode_audio
from audio.recording.sound_choice import SoundChoice
from audio.recording.tracks import choose_track
from index.storage.store import Store

DEFAULT, COMMENT = Disposition.default, Disposition.comment
VOICE, OTHER, NONE = bursts(1), bursts(2), silence()

# ending, codec, tracks, dispositions, the right track
FILES: dict[str, tuple[str, str, Sequence[NDArray[np.int16]], dict[int, Disposition], int]] = {
    "default last, MKV": (".mkv", "aac", (NONE, VOICE), {2: DEFAULT}, 2),
    "default second of three, MKA": (".mka", "libopus", (OTHER, VOICE, NONE), {2: DEFAULT}, 2),
    "default last, MP4": (".mp4", "aac", (OTHER, VOICE), {2: DEFAULT}, 2),
    "default last, MOV": (".mov", "pcm_s16le", (NONE, VOICE), {2: DEFAULT}, 2),
    "none is default, first silent": (".mkv", "flac", (NONE, VOICE), {}, 2),
    "none is default, TS": (".ts", "aac", (NONE, NONE, VOICE), {}, 3),
    "all are default": (".mka", "flac", (NONE, VOICE, OTHER), {1: DEFAULT, 2: DEFAULT, 3: DEFAULT}, 2),
    "the default one is silent": (".mkv", "flac", (NONE, VOICE), {1: DEFAULT}, 2),
    "a comment first": (".mkv", "flac", (OTHER, VOICE), {1: COMMENT}, 2),
    "none has speech": (".mkv", "flac", (NONE, NONE), {2: DEFAULT}, 2),
}


def make(name: str, folder: Path) -> tuple[Path, int]:
    ending, codec, tracks, dispositions, right = FILES[name]
    return write_tracks(folder / f"file{ending}", tracks, codec=codec, dispositions=dispositions), right


@pytest.mark.parametrize("name", FILES)
def test_the_default_track_else_the_first_with_speech(name: str, tmp_path: Path) -> None:
    path, right = make(name, tmp_path)
    choice = choose_track(path, None, FakeDetector)  # type: ignore[arg-type]
    assert (choice.track, choice.tracks) == (right, len(FILES[name][2]))
    samples = np.concatenate(list(decode_audio(path, SoundChoice(choice.track))))
    assert bool(np.abs(samples).max() > 0.1) == FILES[name][2][right - 1].any()


@pytest.mark.usefixtures("engine")
def test_the_other_tracks_are_told_and_one_can_be_asked_for(tmp_path: Path, library: Path) -> None:
    path, _ = make("default second of three, MKA", tmp_path)
    run = transcribe(path)
    assert run.answer["reason"] == "used track 2 of 3 audio tracks"
    run = transcribe(path, "--track", "1", "--force")
    assert (run.code, run.answer["status"]) == (0, "done")
    with Store.open(library) as store:
        (episode,) = store.episodes()
        assert store.sound(episode.id).track == 1
    assert transcribe(path, "--track", "1").answer["status"] == "skipped"


@pytest.mark.usefixtures("engine")
def test_clips_are_of_the_track_that_was_transcribed(tmp_path: Path) -> None:
    path, _ = make("default last, MOV", tmp_path)
    assert transcribe(path).code == 0
    loud = {}
    for track in (1, 2):
        assert transcribe(path, "--track", track, "--force").code == 0
        clip = tmp_path / f"clip{track}.wav"
        assert airquote("clip", "file", "0", "3", "-o", clip).code == 0
        loud[track] = float(np.abs(np.concatenate(list(decode_audio(clip)))).max())
    assert loud[1] == 0 < 0.1 < loud[2]


def test_a_transcription_goes_on_with_the_track_that_it_began_with(tmp_path: Path, engine: FakeEngine) -> None:
    path, _ = make("default last, MP4", tmp_path)

    def stop(number: int) -> None:
        if number == 1:
            raise RuntimeError("stop")

    engine.before = stop
    assert transcribe(path, "--track", "1").code == 3
    engine.before = lambda _: None
    before = list(engine.asked)
    assert transcribe(path, "--track", "1").code == 0
    resumed = [*before, *engine.asked[len(before) :]]
    engine.asked.clear()
    assert transcribe(path, "--track", "1", "--force").code == 0
    assert set(engine.asked) <= set(resumed)


@pytest.mark.usefixtures("engine")
def test_a_track_that_is_not_there_is_named(tmp_path: Path) -> None:
    path, _ = make("default last, MP4", tmp_path)
    run = transcribe(path, "--track", "3")
    assert run.code == 3
    assert "has no audio track 3. It has 2 audio tracks" in run.err
    assert transcribe(path, "--track", "0").code == 2


@pytest.mark.usefixtures("engine")
def test_the_evidence_page_repeats_a_transcription_with_its_track(tmp_path: Path) -> None:
    path, _ = make("default last, MP4", tmp_path)
    assert transcribe(path, "--track", "1", "--channels", "separate", "--verbatim").code == 0
    said = " ".join(one["text"] for one in airquote("words", "file", "0", "5", "--json").answers)
    (tmp_path / "article.txt").write_text(f"“{said}” she said.")
    page = tmp_path / "page.html"
    assert airquote("verify", tmp_path / "article.txt", "--html", page).code == 0
    assert "--track 1 --channels separate --verbatim" in page.read_text(encoding="utf-8")
