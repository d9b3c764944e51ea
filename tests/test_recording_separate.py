"""``--channels separate``: each channel is a speaker, words are merged by time, and bleed doubles none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fake_engine import FakeEngine, airquote, raise_at, stored, transcribe
from hypothesis import given
from hypothesis import strategies as st
from made_recordings import spoken, write_tracks
from measuring import INTERVIEW
from numpy.typing import NDArray

from audio.recording.bleed import own_speech
from audio.recording.channels import detect_mixes, one_channel
from audio.samples import SAMPLE_RATE
from audio.voice_activity import Speech
from index.transcript import Segment, Word
from pipeline.transcription.channel_merging import PATIENCE, SAME_MOMENT, ChannelWords, merge_channels
from pipeline.transcription.plan import Plan

BURST, PAUSE = 1.5, 3.0


def write_dialogue(path: Path, turns: str, channels: int = 2) -> Path:
    """A recording in which the channels of ``turns``, such as 0101, speak one after the other."""
    chance = np.random.default_rng(len(turns))
    burst, pause = round(BURST * SAMPLE_RATE), round(PAUSE * SAMPLE_RATE)
    sound = np.zeros((len(turns) * (burst + pause) + pause, channels), np.int16)
    for number, turn in enumerate(turns):
        start = pause + number * (burst + pause)
        sound[start : start + burst, int(turn)] = chance.integers(4000, 9000, burst)
    return write_tracks(path, [sound], codec="pcm_s16le" if path.suffix == ".wav" else "flac")


def speakers(library: Path) -> list[tuple[str, str | None]]:
    _, transcript = stored(library)
    return [(transcript.segment_text(one).strip(), one.speaker) for one in transcript.segments]


@pytest.mark.parametrize(
    ("name", "turns", "channels"), [("a.wav", "0101", 2), ("a.flac", "10", 2), ("a.mka", "0310", 4), ("b.wav", "05", 6)]
)
def test_each_channel_is_a_speaker(
    name: str, turns: str, channels: int, tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    engine.answers.extend(
        f"channel {turn}{place}." for turn in sorted(set(turns)) for place in range(turns.count(turn))
    )
    path = write_dialogue(tmp_path / name, turns, channels)
    assert transcribe(path, "--channels", "separate").code == 0
    assert [speaker for _, speaker in speakers(library)] == [f"Channel {int(turn) + 1}" for turn in turns]
    texts = [text for text, _ in speakers(library)]
    assert [text.removeprefix("channel ")[0] for text in texts] == list(turns)
    _, transcript = stored(library)
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)
    for number, segment in enumerate(transcript.segments):
        span = transcript.segment_span(segment)
        assert span.start == pytest.approx(PAUSE + number * (BURST + PAUSE), abs=0.2)
    found = airquote("search", "channel", "--speaker", f"Channel {int(turns[0]) + 1}", "--json").answers
    assert {hit["speaker"] for hit in found} == {f"Channel {int(turns[0]) + 1}"}


def test_separate_is_part_of_what_was_asked_for(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    path = write_dialogue(tmp_path / "a.wav", "01")
    assert transcribe(path).answer["status"] == "done"
    assert {speaker for _, speaker in speakers(library)} == {None}
    assert transcribe(path, "--channels", "separate", "--force").answer["status"] == "done"
    assert {speaker for _, speaker in speakers(library)} == {"Channel 1", "Channel 2"}
    calls = engine.calls
    assert transcribe(path, "--channels", "separate").answer["status"] == "skipped"
    assert engine.calls == calls


def test_what_was_interrupted_goes_on_and_ends_alike(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    path = write_dialogue(tmp_path / "a.wav", "0101110")
    assert transcribe(path, "--channels", "separate").code == 0
    whole = stored(library)[1]
    airquote("remove", "a")
    engine.before = raise_at(engine.calls + 1)
    assert transcribe(path, "--channels", "separate").code == 3
    engine.before = lambda _: None
    assert transcribe(path, "--channels", "separate").code == 0
    assert stored(library)[1] == whole


@pytest.mark.usefixtures("engine")
def test_one_channel_is_as_ever(tmp_path: Path, library: Path) -> None:
    sound = np.random.default_rng(1).integers(-9000, 9000, 3 * SAMPLE_RATE).astype(np.int16)
    assert transcribe(write_tracks(tmp_path / "a.flac", [sound], codec="flac"), "--channels", "separate").code == 0
    assert {speaker for _, speaker in speakers(library)} == {None}
    assert transcribe(tmp_path / "a.flac", "--channels", "both").code == 2


def test_a_plan_of_channels_is_read_as_it_was_written(tmp_path: Path, engine: FakeEngine) -> None:
    from pipeline.transcription.options import TranscriptionOptions
    from pipeline.transcription.transcribe import transcribe_media

    path = write_dialogue(tmp_path / "a.wav", "0101")
    steps = transcribe_media(path, engine, TranscriptionOptions(channels="separate"))
    plan = next(step for step in steps if isinstance(step, Plan))
    assert [part.channel for part in plan.parts] == [1, 2]
    assert Plan.from_json(plan.to_json()) == plan
    assert [plan.progress(window) for window in plan.windows] == sorted(
        plan.progress(window) for window in plan.windows
    )


# Bleed


@pytest.fixture(scope="module")
def voices() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two voices, one after the other, and two seconds of both."""
    one, two = spoken(INTERVIEW, 20, 8).astype(float), spoken(INTERVIEW, 60, 8).astype(float)
    gap = np.zeros(6 * SAMPLE_RATE)
    return np.concatenate([one, gap]), np.concatenate([gap, two])


def regions_of(channels: list[NDArray[np.float64]], folder: Path) -> list[Speech]:
    sound = np.clip(np.stack(channels, axis=1), -32768, 32767).astype(np.int16)
    path = write_tracks(folder / "room.flac", [sound], codec="flac")
    return detect_mixes(path, None, [one_channel(number, len(channels)) for number in range(len(channels))])


def inside(speech: Speech, first: float, last: float) -> float:
    return sum(max(0.0, min(one.end, last) - max(one.start, first)) for one in speech.regions)


@pytest.mark.parametrize("decibels", [-30, -20, -12])
@pytest.mark.parametrize("gain", [1.0, 0.4])
def test_a_voice_is_on_the_microphone_of_its_speaker(
    decibels: float, gain: float, tmp_path: Path, voices: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> None:
    one, two = voices
    bleed, delay = 10 ** (decibels / 20), 60  # 60 samples: 1.3 m
    channels = [one + bleed * np.roll(two, delay), gain * (two + bleed * np.roll(one, delay))]
    speech = regions_of(channels, tmp_path)
    own = own_speech(speech)
    assert inside(own[0], 8.5, 14) < 0.5
    assert inside(own[1], 0, 5.5) < 0.5
    assert inside(own[0], 0, 6) > 0.8 * inside(speech[0], 0, 6)
    assert inside(own[1], 8, 14) > 0.8 * inside(speech[1], 8, 14)
    both = min(inside(speech[0], 6, 8), inside(speech[1], 6, 8))
    assert inside(own[0], 6, 8) + inside(own[1], 6, 8) > 0.7 * both


# Merging

TEXTS = st.sampled_from(["the", "roof", "yeah", "storm", "a"])


@st.composite
def channel_words(draw: st.DrawFn) -> ChannelWords:
    words: list[Word] = []
    segments: list[Segment] = []
    at = draw(st.floats(0, 5))
    for _ in range(draw(st.integers(0, 6))):
        first = len(words)
        for _ in range(draw(st.integers(1, 5))):
            length = draw(st.floats(0.05, 0.6))
            words.append(Word(f" {draw(TEXTS)}", at, at + length, draw(st.floats(0, 1))))
            at += length
        segments.append(Segment(first, len(words) - 1))
        at += draw(st.floats(0, 4))
    return ChannelWords("", words, segments)


@given(st.lists(channel_words(), min_size=1, max_size=4))
def test_merged_words_are_in_order_whole_and_near_their_times(channels: list[ChannelWords]) -> None:
    named = [ChannelWords(f"Channel {n}", one.words, one.segments) for n, one in enumerate(channels)]
    words, segments = merge_channels(named)
    starts = [word.start for word in words]
    assert starts == sorted(starts)
    assert [segment.first for segment in segments] == [0, *(segment.last + 1 for segment in segments[:-1])][
        : len(segments)
    ]
    for channel in named:
        mine = [
            word
            for segment in segments
            if segment.speaker == channel.speaker
            for word in words[segment.first : segment.last + 1]
        ]
        left = list(channel.words)
        for word in mine:  # its words, in its order, some of which another channel has too
            while (
                left[0].text != word.text or word.start - left[0].start > PATIENCE + 1e-6 or word.start < left[0].start
            ):
                left.pop(0)
            left.pop(0)
    assert sum(len(one.words) for one in channels) >= len(words)


def make_words(text: str, start: float, probability: float = 0.9) -> ChannelWords:
    words = [
        Word(f" {word}", start + 0.3 * n, start + 0.3 * n + 0.3, probability) for n, word in enumerate(text.split())
    ]
    return ChannelWords(text.split()[0], words, [Segment(0, len(words) - 1)])


def test_a_word_on_two_channels_at_one_moment_comes_once() -> None:
    one, two = make_words("so the roof came off", 1.0), make_words("so the roof came off", 1.0 + SAME_MOMENT / 2, 0.4)
    words, segments = merge_channels([one, two])
    assert "".join(word.text for word in words) == " so the roof came off"
    assert len(segments) == 1
    words, _ = merge_channels([one, make_words("so the roof came off", 9.0)])
    assert len(words) == 10


def test_a_short_yeah_does_not_cut_a_sentence_and_a_long_turn_does() -> None:
    long = make_words("we went to the harbour in the morning and waited", 0.0)
    words, segments = merge_channels([long, make_words("yeah", 2.5)])
    assert [segment.speaker for segment in segments] == ["we", "yeah"]
    words, segments = merge_channels([long, make_words("yeah", 0.5)])
    assert [segment.speaker for segment in segments] == ["we", "yeah", "we"]
    assert [word.start for word in words] == sorted(word.start for word in words)
