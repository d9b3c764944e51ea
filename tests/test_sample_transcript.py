"""The sample interview, transcribed by real Whisper: what is said in it, and when, against what is known of it."""

from __future__ import annotations

import functools
import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, cast

import av
import numpy as np
import pytest
from audio_samples import FORMATS, RATE, write_as, write_wav
from av.audio.resampler import AudioResampler
from fake_engine import Run, finish, start
from generated_docs import README
from measuring import DATA, load_utterances, start_errors, word_error_rate
from measuring import INTERVIEW as SAMPLE
from numpy.typing import NDArray

from audio.timecode import Span
from index.storage.store import Store
from index.transcript import Transcript
from pipeline.engines.base import Engine
from pipeline.engines.choose import EngineSpec, load_engine
from pipeline.transcription.assembly import assemble_transcript
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan
from pipeline.transcription.transcribe import transcribe_media

pytestmark = pytest.mark.weights

ENGINES = ("faster-whisper", "openai-whisper")
KNOWN: dict[str, Any] = json.loads((DATA / "interview.json").read_text(encoding="utf-8"))

OPTIONS = TranscriptionOptions(EngineSpec("faster-whisper", "tiny.en", "cpu"))
EXCERPT_SECONDS = 60
LONGEST_WORD = 3.0  # seconds
LARGEST_ERROR_RATE = 0.06
LARGEST_DIFFERENCE = 0.03
LARGEST_START_ERROR = 0.08  # seconds, the median over all utterances


class Sample:
    """Libraries with the sample in them, made by the command line, one an engine, each when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[str, Run] = {}

    def library(self, engine: str) -> Path:
        """The library of this engine."""
        if engine not in self._runs:
            command = ("transcribe", SAMPLE, "--model", "tiny.en", "--engine", engine, "--device", "cpu", "--json")
            self._runs[engine] = finish(start(None, *command, "--library", self._folder / engine))
        assert self._runs[engine].code == 0, self._runs[engine].err
        return self._folder / engine

    @functools.cache  # noqa: B019 - one for all tests, like what it keeps
    def transcript(self, engine: str) -> Transcript:
        """The transcript by this engine."""
        with Store.open(self.library(engine)) as store:
            transcript = store.transcript("the-roof-and-the-stars")
        assert transcript is not None
        return transcript


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample, transcribed once by each engine for all tests."""
    return Sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(params=ENGINES)
def transcript(sample: Sample, request: pytest.FixtureRequest) -> Transcript:
    """The sample by each engine."""
    return sample.transcript(str(request.param))


def test_segments_and_words_are_the_text(transcript: Transcript) -> None:
    assert "".join(map(transcript.segment_text, transcript.segments)) == transcript.text
    assert "".join(word.text for word in transcript.words) == transcript.text
    assert len(transcript.words) > 300
    assert transcript.language == "en"
    assert transcript.timing == "aligned"


def test_no_word_goes_back_or_is_longer_than_speech_allows(transcript: Transcript) -> None:
    assert all(first.start <= second.start for first, second in pairwise(transcript.words))
    for word in transcript.words:
        assert 0 <= word.start <= word.end <= KNOWN["duration"]
        assert word.end - word.start <= LONGEST_WORD, word
        assert word.text.strip()
        assert word.probability is not None
        assert 0 <= word.probability <= 1


def test_segments_are_sentences_and_not_windows(transcript: Transcript) -> None:
    texts = [transcript.segment_text(segment).strip() for segment in transcript.segments]
    sentences = [sentence for utterance in KNOWN["utterances"] for sentence in utterance["sentences"]]
    assert 0.8 * len(sentences) <= len(texts) <= 1.2 * len(sentences)
    assert all(re.search(r"[.?!][\"']?$", text) for text in texts), "no sentence is cut where a window ends"
    assert not any(re.search(r"[a-z]{2}[.?!] [A-Z]", text) for text in texts), "no segment holds two sentences"
    assert max(transcript.segment_span(segment).duration for segment in transcript.segments) < 15


def test_the_words_are_those_that_were_spoken(transcript: Transcript) -> None:
    spoken = " ".join(utterance.text for utterance in load_utterances())
    assert word_error_rate(spoken, transcript.text) <= LARGEST_ERROR_RATE


def test_utterances_begin_when_they_are_spoken(transcript: Transcript) -> None:
    utterances = load_utterances()
    errors = start_errors(utterances, transcript.words)
    assert len(errors) >= 0.8 * len(utterances)
    assert median(map(abs, errors)) <= LARGEST_START_ERROR


def test_nothing_is_heard_in_music_silence_and_noise(transcript: Transcript) -> None:
    for nonspeech in KNOWN["nonspeech"]:
        span = Span(nonspeech["start"], nonspeech["end"])
        inside = [word for word in transcript.words if word.span.overlaps(span)]
        assert inside == [], nonspeech


def test_both_engines_hear_the_same(sample: Sample) -> None:
    first, second = (sample.transcript(engine) for engine in ENGINES)
    assert word_error_rate(first.text, second.text) <= LARGEST_DIFFERENCE
    assert (first.engine, second.engine) == ENGINES
    assert first.model == second.model == "tiny.en"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_statement_is_found_and_cut_through_the_command_line(sample: Sample, engine: str, tmp_path: Path) -> None:
    library = ("--library", sample.library(engine))
    found = finish(start(None, "search", '"never stopped there is more to come"', "--json", *library))
    assert found.code == 0, found.err
    (utterance,) = [one for one in KNOWN["utterances"] if "more to come" in one["text"]]
    assert found.answer["start"] == pytest.approx(utterance["start"], abs=0.5)
    assert found.answer["show"] == KNOWN["show"]
    moment = finish(start(None, "at", "the-roof", "0:34.5", "--json", *library)).answer
    assert "the wind took half of the roof" in moment["text"]
    clip = finish(start(None, "clip", "1", "-o", tmp_path / "quote.mp3", *library))
    assert clip.code == 0, clip.err
    assert (tmp_path / "quote.mp3").stat().st_size > 1000


def test_the_tour_of_the_readme_tells_what_is_really_printed(sample: Sample, tmp_path: Path) -> None:
    library = sample.library("faster-whisper")
    tour = re.findall(r"```\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    told = [step.strip() for block in tour for step in block.split("$ airquote ")[1:]]
    steps = [step.partition("\n") for step in told if not step.startswith("transcribe")]
    assert [shlex.split(command)[0] for command, _, _ in steps] == ["search", "at", "clip", "locate"]
    for command, _, printed in steps:
        process = start(None, *shlex.split(command), "--library", library, folder=tmp_path)
        run = finish(process)
        assert (run.out + run.err).rstrip() == printed.rstrip()


# One sound in many containers


@pytest.fixture(scope="module")
def engine() -> Engine:
    """faster-whisper with tiny.en, loaded once."""
    return load_engine(OPTIONS.engine)


@pytest.fixture(scope="module")
def excerpt() -> NDArray[np.int16]:
    """The beginning of the sample: int16, (samples,), mono at 44.1 kHz."""
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(SAMPLE)) as container:
        parts = [part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return cast("NDArray[np.int16]", np.concatenate(parts)[: EXCERPT_SECONDS * RATE])


@pytest.fixture(scope="module")
def lossless(excerpt: NDArray[np.int16], engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Transcript:
    """The transcript of the excerpt from a 16-bit WAV file."""
    return transcribe(write_wav(tmp_path_factory.mktemp("wav") / "excerpt.wav", excerpt), engine)


def transcribe(file: Path, engine: Engine) -> Transcript:
    plan, *groups = transcribe_media(file, engine, OPTIONS)
    assert isinstance(plan, Plan)
    texts = [text for group in groups if isinstance(group, Group) for text in group.texts]
    return assemble_transcript(plan, texts, OPTIONS)


def test_flac_and_wav_give_the_identical_transcript(
    excerpt: NDArray[np.int16], lossless: Transcript, engine: Engine, tmp_path: Path
) -> None:
    assert len(lossless.words) > 80
    assert transcribe(write_as("flac", tmp_path, excerpt), engine) == lossless


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"wav", "flac"}))
def test_every_container_gives_the_same_words(
    name: str, excerpt: NDArray[np.int16], lossless: Transcript, engine: Engine, tmp_path: Path
) -> None:
    heard = transcribe(write_as(name, tmp_path, excerpt), engine)
    assert word_error_rate(lossless.text, heard.text) <= LARGEST_DIFFERENCE
