"""The sample interview as real engines hear it with the weights of tiny.en, once for all tests.

What a model hears differs with the processor: its int8 arithmetic rounds in another way for each instruction set. So
what is tested of it are laws, and error rates with room for that; ``make test-processors`` tries the sets at hand.
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

# openai-whisper takes four times as long, so it hears parts of the sample that hold one of everything: music, talk of
# two people, twelve seconds of silence, and noise.
PARTS = (Span(0, 41.0), Span(65.6, 80.7), Span(134.2, 148.5))

LARGEST_ERROR_RATE = 0.06
"""Of what is heard of the sample. Measured over all sets of instructions that ``make test-processors`` tries: 0.007 to
0.014."""

LARGEST_DIFFERENCE = 0.06
"""Word error rate of one hearing of clear speech against another, by another engine or of a lossy copy. Measured
likewise: at most 0.02."""


@cache
def real_engine(name: str) -> Engine:
    """An engine, loaded once for all tests. It takes as many threads as OMP_NUM_THREADS tells, else all cores."""
    return load_engine(EngineSpec(name, MODEL, "cpu"))


def transcribe_with(engine: Engine, file: Path) -> Transcript:
    """What an engine hears of a file, in this process."""
    options = TranscriptionOptions(EngineSpec(engine.name, engine.model, engine.device))
    plan, *groups = transcribe_media(file, engine, options)
    assert isinstance(plan, Plan)
    texts = [text for group in groups if isinstance(group, Group) for text in group.texts]
    return assemble_transcript(plan, texts, options)


class Sample:
    """Libraries with the sample in them, made by the command line, one an engine, each when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[str, Run] = {}

    @cache  # noqa: B019 - one for all tests, like what it keeps
    def recording(self, engine: str) -> Recording:
        """What this engine is given to hear."""
        return load_interview() if engine == "faster-whisper" else cut_interview(self._folder / "parts.wav", PARTS)

    def run(self, engine: str) -> Run:
        """What became of the command that transcribed it."""
        if engine not in self._runs:
            file = self.recording(engine).path
            # The sample says itself what it is; the parts cut from it have to be told.
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
