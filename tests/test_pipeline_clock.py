"""The clock of imported transcripts: what does not fit the sound is told, with the offset that would."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from audio_samples import write_wav
from fake_engine import FakeDetector, FakeEngine, Run, airquote, make_speech, speak, stored
from measuring import INTERVIEW, load_utterances

from audio.samples import SAMPLE_RATE
from audio.voice_activity import FRAME_SECONDS, Speech
from index.transcript import Word
from pipeline.alignment.activity_fit import fit_activity
from pipeline.alignment.hearing_fit import compare_words
from pipeline.alignment.stated_spans import ClockFit, StatedSpan

MINUTES = 10
OFFSETS = (0.3, -0.4, 1.0, -4.0, 11.3, -30.0, 30.0)
TOLERANCE = 0.2
"""Seconds by which an offset that is told may differ from the true one."""
VOCABULARY = [
    f"{first}{last}" for first in ("bar", "cor", "del", "fin", "gam", "hol") for last in ("ano", "ito", "ume")
]


def make_sentences(seed: int, minutes: float = MINUTES) -> list[StatedSpan]:
    """Sentences of 2 to 6 s with pauses of 0.3 to 1.2 s, of words drawn at random."""
    chance = random.Random(seed)
    spans, now = [], 2.0
    while now < 60 * minutes - 10:
        end = now + chance.uniform(2, 6)
        spans.append(StatedSpan(now, end, tuple(chance.choices(VOCABULARY, k=int(3 * (end - now))))))
        now = end + chance.uniform(0.3, 1.2)
    return spans


def make_activity(spans: Sequence[StatedSpan], minutes: float = MINUTES) -> Speech:
    """What a perfect detector says of these sentences."""
    probabilities = np.zeros(round(60 * minutes / FRAME_SECONDS), np.float32)
    for span in spans:
        probabilities[round(span.start / FRAME_SECONDS) : round(span.end / FRAME_SECONDS)] = 1.0
    return Speech((), 60 * minutes, probabilities, probabilities)


def make_words(spans: Sequence[StatedSpan]) -> list[Word]:
    """What a perfect recogniser hears of these sentences."""
    words = []
    for span in spans:
        step = (span.end - span.start) / len(span.tokens)
        words += [Word(t, span.start + n * step, span.start + (n + 1) * step) for n, t in enumerate(span.tokens)]
    return words


def move(spans: Sequence[StatedSpan], offset: float, drift: float = 0.0) -> list[StatedSpan]:
    """The spans as a file states them whose times are off; none before its start."""
    moved = [StatedSpan(s.start * (1 + drift) + offset, s.end * (1 + drift) + offset, s.tokens) for s in spans]
    return [span for span in moved if span.start >= 0]


def pad(spans: Sequence[StatedSpan], seed: int) -> list[StatedSpan]:
    """The spans as cues are by habit: 0.05 to 0.5 s early and late, up to the next one."""
    chance = random.Random(seed)
    ends = [span.start for span in spans[1:]] + [spans[-1].end + 1]
    padded = [
        (span.start - chance.uniform(0.05, 0.5), min(span.end + chance.uniform(0.05, 0.5), end), span.tokens)
        for span, end in zip(spans, ends, strict=True)
    ]
    return [StatedSpan(max(0.0, start), end, tokens) for start, end, tokens in padded]


def fit_by(method: str, stated: Sequence[StatedSpan], spoken: Sequence[StatedSpan]) -> ClockFit | None:
    """The fit by voice activity, or by the words of every fourth minute."""
    if method == "activity":
        return fit_activity(stated, make_activity(spoken))
    heard = [word for word in make_words(spoken) if int(word.start / 60) % 4 == 1]
    return compare_words(stated, heard, 60 * MINUTES, "fake").fit


@pytest.mark.parametrize("method", ["activity", "words"])
@pytest.mark.parametrize("offset", OFFSETS)
def test_an_offset_is_told(method: str, offset: float) -> None:
    spoken = make_sentences(1)
    fit = fit_by(method, move(spoken, -offset), spoken)
    assert fit is not None
    assert fit.lag == pytest.approx(offset, abs=TOLERANCE)
    assert not fit.is_right()
    assert fit.is_right(fit.lag)


@pytest.mark.parametrize("method", ["activity", "words"])
@pytest.mark.parametrize(("offset", "drift"), [(0.0, 0.001), (0.0, -0.001), (12.0, 0.001), (-4.0, -0.002)])
def test_a_drift_is_told_at_both_ends(method: str, offset: float, drift: float) -> None:
    spoken = make_sentences(2)
    fit = fit_by(method, move(spoken, -offset, -drift), spoken)
    assert fit is not None
    assert not fit.is_right()
    ends = offset, offset + drift * 60 * MINUTES
    assert fit.first_and_last == pytest.approx(ends, abs=TOLERANCE)


@pytest.mark.parametrize("method", ["activity", "words"])
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_right_times_are_right_also_where_cues_are_early_and_late(method: str, padded: bool, seed: int) -> None:
    spoken = make_sentences(seed)
    fit = fit_by(method, pad(spoken, seed) if padded else spoken, spoken)
    assert fit is None or fit.is_right()


@pytest.mark.parametrize("seed", range(5))
def test_voice_activity_says_nothing_of_another_episode(seed: int) -> None:
    assert fit_by("activity", make_sentences(seed), make_sentences(seed + 100)) is None


def test_words_tell_another_episode_and_another_cut() -> None:
    spoken = make_sentences(3)
    tokens = iter([f"other{number}" for number in range(10_000)])
    others = [StatedSpan(span.start, span.end, tuple(next(tokens) for _ in span.tokens)) for span in spoken]
    assert compare_words(others, make_words(spoken), 60 * MINUTES, "fake").other_words
    half = len(spoken) // 2
    cut = [*spoken[:half], *move(spoken[half:], 30.0)]
    heard = compare_words(cut, make_words(spoken), 60 * MINUTES, "fake")
    assert heard.torn
    assert not heard.other_words


# Through the command line


def write_srt(path: Path, cues: Sequence[tuple[float, float, str]]) -> Path:
    """Write cues as SubRip, without an engine's habits."""
    stamps = [(_stamp(start), _stamp(end), text) for start, end, text in cues]
    path.write_text("\n".join(f"{n}\n{a} --> {b}\n{text}\n" for n, (a, b, text) in enumerate(stamps, 1)))
    return path


def _stamp(seconds: float) -> str:
    millis = round(1000 * seconds)
    return f"{millis // 3_600_000:02}:{millis // 60_000 % 60:02}:{millis // 1000 % 60:02},{millis % 1000:03}"


def write_video(path: Path, sound: np.ndarray[tuple[int], np.dtype[np.int16]], start: float) -> Path:
    """Write an MP4 of which the sound begins ``start`` seconds after the picture."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=5)
        video.width = video.height = 32
        audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
        for number in range(round(5 * (start + len(sound) / SAMPLE_RATE))):
            picture = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))
            picture.pts = number
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        frame = av.AudioFrame.from_ndarray(sound[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = round(start * SAMPLE_RATE)
        container.mux(audio.encode(frame))
        container.mux(audio.encode(None))
    return path


def first_word(library: Path) -> Word:
    """The first word of the only transcript."""
    return stored(library)[1].words[0]


def test_times_on_the_clock_of_a_video_are_moved_to_that_of_its_sound(tmp_path: Path, library: Path) -> None:
    video = write_video(tmp_path / "talk.mp4", make_speech(2), 4.0)
    file = write_srt(tmp_path / "talk.srt", [(7.0, 8.5, "We never stopped."), (11.5, 13.0, "There is more.")])
    run = airquote("import", file, "--audio", video, "--json")
    assert run.code == 0
    assert first_word(library).start == pytest.approx(3.0, abs=0.1)
    told = re.search(r"moved by (\S+) s", run.answer["reason"])
    assert told is not None
    assert float(told[1]) == pytest.approx(-4.0, abs=0.1)


def test_an_offset_is_added_to_all_times_and_moves_what_was_imported_before(tmp_path: Path, library: Path) -> None:
    file = write_srt(tmp_path / "talk.srt", [(3.0, 4.5, "We never stopped."), (7.5, 9.0, "There is more.")])
    assert airquote("import", file).code == 0
    moved = airquote("import", file, "--offset", "2.5", "--json")
    assert (moved.code, moved.answer["status"], moved.answer["episode"]) == (0, "done", "talk")
    assert first_word(library).start == 5.5
    assert airquote("search", "more", "--json").answer["start"] > 10.0
    assert airquote("import", file, "--json").answer["status"] == "skipped"
    assert airquote("import", file, "--offset", "-4", "--json").answer["status"] == "done"
    assert first_word(library).start == 0.0, "nothing lies before the first sample"
    lost = airquote("import", file, "--offset", "-60", "--json")
    assert (lost.code, lost.answer["status"]) == (3, "failed")
    assert "all of" in lost.answer["reason"]


def test_an_offset_that_is_no_time_is_wrong_usage(tmp_path: Path) -> None:
    file = write_srt(tmp_path / "talk.srt", [(3.0, 4.5, "We never stopped.")])
    for offset in ("nan", "inf", "1e12", "soon"):
        run = airquote("import", file, "--offset", offset)
        assert (run.code, run.out) == (2, ""), offset


def test_other_words_than_those_of_the_sound_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> None:
    monkeypatch.setattr("pipeline.alignment.clock_check.load_smallest", lambda _: engine)
    monkeypatch.setattr("pipeline.alignment.clock_check.SpeechDetector", FakeDetector)
    engine.answers.extend(["Someone says quite different words here."] * 3)
    sound = speak(tmp_path / "talk.wav", 3)
    file = write_srt(tmp_path / "talk.srt", [(3.0, 4.5, "We never stopped."), (7.5, 9.0, "There is more to come.")])
    run = airquote("import", file, "--audio", sound, "--json")
    assert run.code == 0
    assert "other words" in run.answer["reason"]
    assert run.answer["status"] == "done"


def import_shifted(folder: Path, offset: float) -> Run:
    """Import the sample with its true sentences, so many seconds late."""
    cues = [(u.start + offset, u.end + offset, u.text) for u in load_utterances()]
    return airquote("import", write_srt(folder / "sample.srt", cues), "--audio", INTERVIEW, "--json")


def told_offset(run: Run) -> float:
    """The offset that an import says would fit."""
    told = re.search(r"an offset of (\S+) s would", run.answer["reason"])
    assert told is not None, run.answer["reason"]
    return float(told[1])


@pytest.mark.parametrize("offset", [2.3, 0.3])
def test_voice_activity_tells_the_offset_of_the_sample(offset: float, tmp_path: Path) -> None:
    assert told_offset(import_shifted(tmp_path, offset)) == pytest.approx(-offset, abs=TOLERANCE)


def test_the_sample_as_it_is_fits(tmp_path: Path) -> None:
    assert import_shifted(tmp_path, 0.0).answer["reason"] is None


@pytest.mark.weights
def test_words_tell_the_offset_of_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.models.weights import list_models

    monkeypatch.setattr("pipeline.alignment.listening_model.list_models", list_models)
    run = import_shifted(tmp_path, 7.4)
    assert "by tiny.en" in run.answer["reason"]
    assert told_offset(run) == pytest.approx(-7.4, abs=TOLERANCE)


def test_a_recording_without_speech_says_nothing(tmp_path: Path) -> None:
    silent = write_wav(tmp_path / "silent.wav", np.zeros(SAMPLE_RATE * 5, np.int16), SAMPLE_RATE)
    file = write_srt(tmp_path / "talk.srt", [(1.0, 2.5, "We never stopped.")])
    assert airquote("import", file, "--audio", silent, "--json").answer["reason"] is None
