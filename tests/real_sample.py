"""The sample interview as real engines transcribe it with the weights of tiny.en, once for all tests.

The output of a model differs with the processor: int8 arithmetic rounds differently for each instruction set. So tests
assert laws, and error rates with a margin; ``make test-processors`` runs them for each instruction set.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fake_engine import ROOT, Run, finish, start
from measuring import INTERVIEW, Recording, cut_interview, load_interview

from audio.timecode import Span
from index.storage.store import Store
from index.transcript import Transcript
from pipeline.engines.base import Engine
from pipeline.engines.choose import EngineSpec, load_engine
from pipeline.transcription.assembly import assemble_transcript
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan
from pipeline.transcription.transcribe import transcribe_media

ENGINES = ("faster-whisper", "openai-whisper")
MODEL = "tiny.en"
TITLE, SHOW = "The Roof and the Stars", "The Quiet Harbor"
EPISODE = "the-roof-and-the-stars"

# openai-whisper takes four times as long, so it gets parts of the sample that hold one of everything: music, speech of
# two people, twelve seconds of silence, and noise.
PARTS = (Span(0, 41.0), Span(65.6, 80.7), Span(134.2, 148.5))

LARGEST_ERROR_RATE = 0.06
"""Word error rate of the sample against its reference. Measured with ``make test-processors``: 0.007 to 0.014."""

LARGEST_DIFFERENCE = 0.06
"""Word error rate of one transcript of clear speech against another, by another engine or from a lossy copy. Measured
likewise: at most 0.02."""


@cache
def real_engine(name: str) -> Engine:
    """An engine, loaded once for all tests, with OMP_NUM_THREADS threads, else one for each core."""
    return load_engine(EngineSpec(name, MODEL, "cpu"))


def transcribe_with(engine: Engine, file: Path) -> Transcript:
    """The transcript of a file, made in this process."""
    options = TranscriptionOptions(EngineSpec(engine.name, engine.model, engine.device))
    events = list(transcribe_media(file, engine, options))
    *_, plan = (event for event in events if isinstance(event, Plan))
    texts = [text for event in events if isinstance(event, Group) for text in event.texts]
    return assemble_transcript(plan, texts, options)


class Sample:
    """Libraries with the sample, one for each engine, made by the command line when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[str, Run] = {}

    @cache  # noqa: B019 - one for all tests, like what it keeps
    def recording(self, engine: str) -> Recording:
        """The sound that this engine transcribes."""
        return load_interview() if engine == "faster-whisper" else cut_interview(self._folder / "parts.wav", PARTS)

    def run(self, engine: str) -> Run:
        """The result of the command that transcribed it."""
        if engine not in self._runs:
            file = self.recording(engine).path
            # The tags of the sample name title and show; the parts cut from it have no tags.
            told = () if file == INTERVIEW else ("--title", TITLE, "--show", SHOW)
            source = file.relative_to(ROOT) if file == INTERVIEW else file
            command = ("transcribe", source, "--model", MODEL, "--engine", engine, "--device", "cpu", *told)
            self._runs[engine] = finish(start(None, *command, "--library", self._folder / engine))
        return self._runs[engine]

    def library(self, engine: str = "faster-whisper") -> Path:
        """The library of this engine."""
        assert self.run(engine).code == 0, self.run(engine).err
        return self._folder / engine

    @cache  # noqa: B019
    def transcript(self, engine: str = "faster-whisper") -> Transcript:
        """The transcript by this engine."""
        with Store.open(self.library(engine)) as store:
            transcript = store.transcript(EPISODE)
        assert transcript is not None
        return transcript
