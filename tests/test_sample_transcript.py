"""The sample interview, transcribed by real Whisper: what is said in it, and when, against what is known of it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import cast

import av
import numpy as np
import pytest
from audio_samples import FORMATS, RATE, write_as, write_wav
from av.audio.resampler import AudioResampler
from fake_engine import finish, start
from generated_docs import README
from measuring import INTERVIEW, Recording, start_errors, word_error_rate
from numpy.typing import NDArray
from real_sample import (
    ENGINES,
    LARGEST_DIFFERENCE,
    LARGEST_ERROR_RATE,
    MODEL,
    SHOW,
    Sample,
    real_engine,
    transcribe_with,
)

from index.transcript import Transcript

pytestmark = pytest.mark.weights

EXCERPT_SECONDS = 41
LONGEST_WORD = 3.0  # seconds
LARGEST_START_ERROR = 0.08  # seconds, the median over all utterances


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def recording(sample: Sample, engine_name: str) -> Recording:
    """The sound that each engine transcribes."""
    return sample.recording(engine_name)


@pytest.fixture
def transcript(sample: Sample, engine_name: str) -> Transcript:
    """The transcript by each engine."""
    return sample.transcript(engine_name)


def test_segments_and_words_are_the_text(transcript: Transcript, recording: Recording) -> None:
    assert "".join(map(transcript.segment_text, transcript.segments)) == transcript.text
    assert "".join(word.text for word in transcript.words) == transcript.text
    assert len(transcript.words) > 0.9 * len(recording.text.split())
    assert transcript.language == "en"
    assert transcript.timing == "aligned"


def test_no_word_goes_back_or_is_longer_than_speech_allows(transcript: Transcript, recording: Recording) -> None:
    assert all(first.start <= second.start for first, second in pairwise(transcript.words))
    for word in transcript.words:
        assert 0 <= word.start <= word.end <= recording.duration
        assert word.end - word.start <= LONGEST_WORD, word
        assert word.text.strip()
        assert word.probability is not None
        assert 0 <= word.probability <= 1


def test_segments_are_sentences_and_not_windows(transcript: Transcript, recording: Recording) -> None:
    texts = [transcript.segment_text(segment).strip() for segment in transcript.segments]
    sentences = [sentence for utterance in recording.utterances for sentence in utterance.sentences]
    assert 0.8 * len(sentences) <= len(texts) <= 1.2 * len(sentences)
    whole = [text for text in texts if re.search(r"[.?!][\"']?$", text)]
    assert len(whole) >= 0.9 * len(texts), "sentences are not cut where windows end"
    joined = [text for text in texts if re.search(r"[a-z]{2}[.?!] [A-Z]", text)]
    assert len(joined) <= 0.1 * len(texts), "a segment holds one sentence"
    assert max(transcript.segment_span(segment).duration for segment in transcript.segments) < 15


def test_the_words_are_those_that_were_spoken(transcript: Transcript, recording: Recording) -> None:
    assert word_error_rate(recording.text, transcript.text) <= LARGEST_ERROR_RATE


def test_utterances_begin_when_they_are_spoken(transcript: Transcript, recording: Recording) -> None:
    errors = start_errors(recording.utterances, transcript.words)
    assert len(errors) >= 0.8 * len(recording.utterances)
    assert median(map(abs, errors)) <= LARGEST_START_ERROR


def test_nothing_is_heard_in_music_silence_and_noise(transcript: Transcript, recording: Recording) -> None:
    assert len(recording.nonspeech) >= 3
    for nonspeech in recording.nonspeech:
        inside = [word for word in transcript.words if word.span.overlaps(nonspeech)]
        assert inside == [], nonspeech


def test_both_engines_hear_the_same(sample: Sample) -> None:
    first = transcribe_with(real_engine(ENGINES[0]), sample.recording(ENGINES[1]).path)
    second = sample.transcript(ENGINES[1])
    assert word_error_rate(first.text, second.text) <= LARGEST_DIFFERENCE
    assert (first.engine, second.engine) == ENGINES
    assert first.model == second.model == MODEL


def test_a_statement_is_found_and_cut_through_the_command_line(
    sample: Sample, engine_name: str, recording: Recording, tmp_path: Path
) -> None:
    library = ("--library", sample.library(engine_name))
    # One of three phrases is enough: on some processor a word may be misrecognised.
    found = finish(start(None, "search", '"we never stopped" OR "more to come" OR "this winter"', "--json", *library))
    assert found.code == 0, found.err
    (said,) = [one for one in recording.utterances if "more to come" in one.text]
    for answer in found.answers:
        assert said.start - 0.5 <= answer["start"] <= answer["end"] <= said.end + 0.5
        assert answer["show"] == SHOW
    (told,) = [one for one in recording.utterances if "half of the roof" in one.text]
    moment = finish(start(None, "at", "the-roof", told.start + 1, "--json", *library)).answer
    assert word_error_rate(told.sentences[0], moment["text"]) <= 0.3
    clip = finish(start(None, "clip", "1", "-o", tmp_path / "quote.mp3", *library))
    assert clip.code == 0, clip.err
    assert (tmp_path / "quote.mp3").stat().st_size > 1000


def test_the_readme_tells_what_a_transcription_prints(sample: Sample) -> None:
    told = re.search(r"^\$ airquote transcribe [^\n]*\n(.*?)^```", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert told is not None
    assert sample.library()
    run = sample.run("faster-whisper")
    # The speed differs, and on a slow machine there are lines of progress.
    printed = [line for line in (run.err + run.out).splitlines() if " left" not in line]
    speed = re.compile(r"\d+(\.\d+)? times")
    assert sorted(speed.sub("N times", line) for line in printed) == sorted(
        speed.sub("N times", line) for line in told.group(1).splitlines()
    )


# One sound in many containers


@pytest.fixture(scope="module")
def excerpt() -> NDArray[np.int16]:
    """The beginning of the sample: int16, (samples,), mono at 44.1 kHz."""
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(INTERVIEW)) as container:
        parts = [part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return cast("NDArray[np.int16]", np.concatenate(parts)[: EXCERPT_SECONDS * RATE])


@pytest.fixture(scope="module")
def lossless(excerpt: NDArray[np.int16], tmp_path_factory: pytest.TempPathFactory) -> Transcript:
    """The transcript of the excerpt from a 16-bit WAV file."""
    return transcribe(write_wav(tmp_path_factory.mktemp("wav") / "excerpt.wav", excerpt))


def transcribe(file: Path) -> Transcript:
    return transcribe_with(real_engine("faster-whisper"), file)


def test_flac_and_wav_give_the_identical_transcript(
    excerpt: NDArray[np.int16], lossless: Transcript, tmp_path: Path
) -> None:
    assert len(lossless.words) > 80
    assert transcribe(write_as("flac", tmp_path, excerpt)) == lossless


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"wav", "flac"}))
def test_every_container_gives_the_same_words(
    name: str, excerpt: NDArray[np.int16], lossless: Transcript, tmp_path: Path
) -> None:
    heard = transcribe(write_as(name, tmp_path, excerpt))
    assert word_error_rate(lossless.text, heard.text) <= LARGEST_DIFFERENCE
