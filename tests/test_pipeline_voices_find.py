"""``voices find``: voices of episodes that have words, without hearing these again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fake_engine import FakeEngine, Run, airquote, raise_at, speak, stored, transcribe
from fake_voices import MODELS, FakeVoices, install_voices
from hypothesis import given
from hypothesis import strategies as st
from libraries import search
from processes import start_apart
from test_pipeline_voices_transcribed import everything, miss_models, name, speakers_of

from audio.voices.voice_count import VoiceCount
from audio.voices.voice_turns import Diarization, Voice, VoiceTurn
from index.language.sentences import split_sentences
from index.storage.store import Store
from index.transcript import Word
from pipeline.batch.locks import lock_source
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.library import Library
from pipeline.voices.inherited_names import match_voices
from pipeline.voices.rejoined_sentences import rejoin_sentences
from pipeline.voices.word_voices import assign_voices

UTTERANCES = 6


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch, engine: FakeEngine) -> FakeVoices:  # noqa: ARG001 - it installs others
    """Diarizers that find two voices taking turns."""
    return install_voices(monkeypatch, FakeVoices())


@pytest.fixture
def talk(tmp_path: Path, voices: FakeVoices) -> Path:  # noqa: ARG001 - the fakes must be there before
    """A recording of some utterances, transcribed as an episode without voices."""
    file = speak(tmp_path / "talk.wav", UTTERANCES)
    assert transcribe(file, "--speakers", "off").code == 0
    return file


def find(*arguments: object) -> Run:
    """Find voices, with rows for programs."""
    return airquote("voices", "find", "--json", *arguments)


def outcome(run: Run) -> tuple[str, str | None]:
    """Status and reason of the only episode."""
    return run.answer["status"], run.answer["reason"]


def test_words_get_the_voices_that_they_would_have_got(talk: Path, tmp_path: Path, engine: FakeEngine) -> None:
    whole, library = tmp_path / "whole", tmp_path / "library"
    transcribe(talk, "--library", whole)
    calls = engine.calls
    run = find()
    assert (run.code, outcome(run)) == (0, ("done", "2 voices"))
    assert engine.calls == calls, "no word is heard again"
    assert everything(library) == everything(whole)
    with Store.open(library) as store:
        assert search(store, 'speaker:"Voice 2" bar*')


def test_what_has_voices_is_skipped_unless_more_is_asked(talk: Path, library: Path, voices: FakeVoices) -> None:
    find()
    for options in ((), ("--speakers", "2"), ("--max-speakers", "5"), ("talk",)):
        assert outcome(find(*options)) == ("skipped", "its voices are told apart")
    assert len(voices.made) == 1
    assert outcome(find("--speakers", "3")) == ("done", "3 voices")
    assert outcome(find("--speakers", "3")) == ("skipped", "its voices are told apart")
    assert outcome(find()) == ("skipped", "its voices are told apart")
    assert outcome(find("--again")) == ("done", "2 voices")
    assert speakers_of(library) == ["Voice 1", "Voice 2"] * (UTTERANCES // 2)
    assert [diarizer.count for diarizer in voices.made] == [VoiceCount(), VoiceCount(3, 3), VoiceCount()]
    assert talk.exists()


@pytest.mark.usefixtures("talk")
def test_voices_that_only_the_words_do_not_know_are_not_looked_for_again(library: Path, voices: FakeVoices) -> None:
    find()
    found = everything(library)
    transcribe(library.parent / "talk.wav", "--force", "--speakers", "off")
    assert set(speakers_of(library)) == {None}
    assert outcome(find()) == ("done", "2 voices")
    assert len(voices.made) == 1
    assert everything(library) == found


def test_an_episode_in_which_no_voice_was_found_is_skipped(talk: Path, voices: FakeVoices) -> None:
    voices.voices = 0
    assert outcome(find()) == ("done", None)
    assert outcome(find()) == ("skipped", "no voices are heard in it")
    assert outcome(find("--speakers", "2")) == ("done", "2 voices")
    assert talk.exists()


@pytest.mark.usefixtures("voices")
def test_each_episode_without_voices_to_find_says_why(tmp_path: Path, library: Path) -> None:
    cues = "1\n00:00:00,000 --> 00:00:01,500\n{} is\n"
    (tmp_path / "silent.srt").write_text(cues.format("So it"))
    (tmp_path / "named.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.500\n<v Ann Lee>so it is\n")
    (tmp_path / "plain.srt").write_text(cues.format("There it"))
    for seed, named in enumerate(("named", "plain", "moved", "changed")):
        speak(tmp_path / f"{named}.wav", 2, seed)
    airquote("import", tmp_path / "silent.srt")
    airquote("import", tmp_path / "named.vtt", "--audio", tmp_path / "named.wav")
    airquote("import", tmp_path / "plain.srt", "--audio", tmp_path / "plain.wav")
    transcribe(tmp_path / "moved.wav", tmp_path / "changed.wav", "--speakers", "off")
    (tmp_path / "moved.wav").unlink()
    speak(tmp_path / "changed.wav", 3, 9)
    run = find()
    assert run.code == 3
    reasons = {answer["episode"]: (answer["status"], answer["reason"]) for answer in run.answers}
    assert reasons["silent"] == ("skipped", "it has no sound")
    assert reasons["named"] == ("skipped", "its file names the speakers")
    assert reasons["plain"] == ("done", "2 voices")
    assert reasons["moved"][0] == reasons["changed"][0] == "failed"
    assert "no longer" in reasons["moved"][1]
    assert "no longer the file" in reasons["changed"][1]
    assert library.exists()


def test_an_episode_that_another_process_works_on_is_skipped(talk: Path, library: Path, voices: FakeVoices) -> None:
    with Store.open(library) as store:
        (episode,) = store.episodes()
    with lock_source(library, episode.sha256 or ""):
        assert outcome(find()) == ("skipped", "another airquote is transcribing or importing it")
    assert not voices.made
    assert talk.exists()


def test_one_that_fails_does_not_stop_the_others(talk: Path, tmp_path: Path, voices: FakeVoices) -> None:
    transcribe(speak(tmp_path / "other.wav", 2, 5), "--speakers", "off")
    fails = iter((True, False))

    def fail(_: int) -> None:
        if next(fails, False):
            raise RuntimeError("stop")

    voices.before = fail
    run = find()
    assert run.code == 3
    assert sorted(answer["status"] for answer in run.answers) == ["done", "failed"]
    voices.before = lambda _: None
    assert sorted(answer["status"] for answer in find().answers) == ["done", "skipped"]
    assert talk.exists()


def test_an_unfinished_one_is_as_before(talk: Path, library: Path, voices: FakeVoices) -> None:
    before = stored(library)
    voices.before = raise_at(0)
    assert find().code == 3
    assert stored(library) == before
    assert talk.exists()


@pytest.mark.usefixtures("talk")
def test_without_models_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    miss_models(monkeypatch)
    run = find()
    assert (run.code, run.out) == (4, "")
    assert "airquote[voices]" in run.err
    assert len(MODELS) == len(set(MODELS))


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    "options",
    [
        ("--speakers", "off"),
        ("--speakers", "0"),
        ("--min-speakers", "9", "--max-speakers", "2"),
        ("--jobs", "0"),
        ("nobody",),
    ],
)
def test_what_cannot_be_is_refused(options: tuple[str, ...], voices: FakeVoices) -> None:
    assert find(*options).code == 2
    assert not voices.made


@pytest.mark.usefixtures("talk")
def test_a_setting_without_speakers_is_not_for_finding_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRQUOTE_SPEAKERS", "off")
    assert outcome(find()) == ("done", "2 voices")


# Names


@pytest.mark.usefixtures("talk")
def test_voices_found_again_inherit_names_and_undoing_brings_all_back(library: Path) -> None:
    find()
    name(library, v1="Ann Lee", v2="Ben Okafor")
    before = everything(library)
    assert find("--speakers", "3").answer["status"] == "done"
    assert {"Ann Lee", "Ben Okafor"} <= set(map(str, speakers_of(library)))
    assert len(set(speakers_of(library))) == 3
    run = airquote("voices", "undo", "talk")
    assert run.code == 0
    assert everything(library) == before


@pytest.mark.usefixtures("talk")
def test_names_without_a_voice_are_told(library: Path) -> None:
    find("--speakers", "3")
    name(library, v1="Ann Lee", v2="Ben Okafor", v3="Cleo Marsh")
    status, reason = outcome(find("--speakers", "1"))
    assert status == "done"
    assert reason is not None
    assert reason.startswith("1 voice; no longer found: the voice of ")
    (kept,) = set(speakers_of(library))
    assert sorted([str(kept), *reason.partition("the voice of ")[2].split(", ")]) == [
        "Ann Lee",
        "Ben Okafor",
        "Cleo Marsh",
    ]


@pytest.mark.usefixtures("talk")
def test_what_was_merged_by_hand_is_kept_by_all_but_a_search_for_others(library: Path, tmp_path: Path) -> None:
    find("--speakers", "3")
    assert airquote("voices", "merge", "talk", 1, 3).code == 0
    merged = everything(library)
    assert outcome(find()) == outcome(find("--speakers", "3")) == ("skipped", "its voices are told apart")
    assert outcome(find("--again"))[1] == "2 voices; undoing brings back what was merged or split by hand"
    assert airquote("voices", "undo", "talk").code == 0
    assert everything(library) == merged
    transcribe(tmp_path / "talk.wav", "--force")
    assert everything(library) == merged
    find("--again")
    assert airquote("voices", "undo", "talk").code == 0
    assert everything(library) == merged


def _voice(number: int, vector: int | None = None) -> Voice:
    if vector is None:
        return Voice(number, 1.0, None)
    return Voice(number, 1.0, np.eye(192, dtype=np.float32)[vector])


def _speak(*turns: tuple[float, float, int]) -> Diarization:
    return Diarization(
        tuple(_voice(number) for number in sorted({turn[2] for turn in turns})),
        tuple(VoiceTurn(*turn) for turn in turns),
    )


@pytest.mark.parametrize(
    ("before", "after", "heirs"),
    [
        ([(0, 9, 1), (9, 12, 2)], [(0, 9, 1), (9, 12, 2)], {1: 1, 2: 2}),
        ([(0, 3, 1), (3, 12, 2)], [(0, 2, 1), (2, 3, 2), (3, 12, 3)], {1: 1, 2: 3}),  # one voice more
        ([(0, 3, 1), (3, 12, 2)], [(0, 12, 1)], {2: 1}),  # the other is lost
        ([(0, 3, 1), (3, 12, 2)], [(1, 4, 1)], {1: 1}),
        ([(0, 10, 1)], [(9, 29, 1)], {}),  # a tenth of either is another voice
        ([(0, 10, 1)], [], {}),
        ([], [(0, 10, 1)], {}),
    ],
)
def test_voices_are_found_again_by_the_time_they_share(
    before: list[tuple[float, float, int]], after: list[tuple[float, float, int]], heirs: dict[int, int]
) -> None:
    assert match_voices(_speak(*before), _speak(*after), same_sound=True) == heirs


def test_voices_of_other_sound_are_found_again_by_their_vectors() -> None:
    before = Diarization((_voice(1, 5), _voice(2, 6), _voice(3)), ())
    after = Diarization((_voice(1, 6), _voice(2, 7), _voice(3), _voice(4, 5)), ())
    assert match_voices(before, after, same_sound=False) == {1: 4, 2: 1}


@st.composite
def diarizations(draw: st.DrawFn) -> Diarization:
    """Voices that take turns, perhaps at once."""
    turns = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        moments = sorted(draw(st.lists(st.integers(0, 600), min_size=2, max_size=8, unique=True)))
        turns += [
            VoiceTurn(start / 10, end / 10, number) for start, end in zip(moments[::2], moments[1::2], strict=False)
        ]
    return Diarization(
        tuple(_voice(number) for number in sorted({turn.voice for turn in turns})),
        tuple(sorted(turns, key=lambda turn: (turn.start, turn.voice))),
    )


@given(diarizations())
def test_the_same_voices_inherit_from_themselves(found: Diarization) -> None:
    assert match_voices(found, found, same_sound=True) == {voice.number: voice.number for voice in found.voices}


@given(diarizations(), diarizations())
def test_each_voice_has_one_heir_at_most_and_each_heir_one_name(before: Diarization, after: Diarization) -> None:
    heirs = match_voices(before, after, same_sound=True)
    assert len(set(heirs.values())) == len(heirs)
    assert set(heirs) <= {voice.number for voice in before.voices}
    assert set(heirs.values()) <= {voice.number for voice in after.voices}


@given(
    diarizations(), diarizations(), st.lists(st.sampled_from([" so", " it", " is.", " Ann"]), min_size=1, max_size=60)
)
def test_sentences_are_whole_again_before_other_voices_cut_them(
    first: Diarization, second: Diarization, texts: list[str]
) -> None:
    words = [Word(text, number, number + 0.9) for number, text in enumerate(texts)]
    sentences = split_sentences(words, "en")
    cut = assign_voices(words, sentences, first)
    assert rejoin_sentences(words, cut, "en") == sentences
    assert assign_voices(words, rejoin_sentences(words, cut, "en"), second) == assign_voices(words, sentences, second)


def find_apart(library: Path, count_into: Path) -> None:
    """Find the voices of all episodes in this process, and write what came of each to a file."""
    with pytest.MonkeyPatch.context() as patch, Library.open(library) as opened:
        install_voices(patch, FakeVoices())
        outcomes = opened.find_voices(EpisodeSelection())
    count_into.write_text("\n".join(one.status for one in outcomes))


def test_two_processes_find_each_voices_once(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    files = [speak(tmp_path / f"{seed}.wav", 2, seed) for seed in range(4)]
    transcribe(*files, "--speakers", "off")
    calls = engine.calls
    waits = [start_apart(find_apart, library, tmp_path / f"{number}.txt") for number in range(2)]
    assert [wait() for wait in waits] == [0, 0]
    each = zip(*((tmp_path / f"{number}.txt").read_text().split() for number in range(2)), strict=True)
    assert all(sorted(statuses) in (["done", "skipped"], ["skipped", "skipped"]) for statuses in each)
    with Store.open(library) as store:
        assert len(store.with_voices()) == len(files)
        assert all(store.speaker_labels(episode.id) == ["Voice 1", "Voice 2"] for episode in store.episodes())
        assert store.check() == []
    assert engine.calls == calls
