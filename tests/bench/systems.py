"""The recognisers that are compared, each as a function from a file to its words.

All use the same weights and number of threads. A loaded system takes a file and a language; the timing includes audio
decoding but not loading.
"""

from __future__ import annotations

import runpy
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio.decode import decode_audio
from index.storage.store import Store
from index.transcript import Word

if TYPE_CHECKING:
    from pipeline.engines.base import WindowText
    from pipeline.transcription.options import TranscriptionOptions

Transcribe = Callable[[Path, str], list[Word]]
TranscribeAll = Callable[[Sequence[Path], str], list[list[Word]]]

AIRQUOTE, AIRQUOTE_OPENAI = "airquote", "airquote-openai"
BATCHED, FASTER_WHISPER, OPENAI_WHISPER = "batched", "faster-whisper", "openai-whisper"
COMMAND = "airquote-command"
SYSTEMS = {
    AIRQUOTE: "airquote, faster-whisper engine",
    BATCHED: "faster-whisper, batched (8, beam 5)",
    FASTER_WHISPER: "faster-whisper, transcribe",
    OPENAI_WHISPER: "openai-whisper, transcribe",
    AIRQUOTE_OPENAI: "airquote, openai-whisper engine",
    COMMAND: "airquote transcribe, whole process",
}


def load_system(system: str, model: str, threads: int, device: str = "cpu") -> Transcribe:
    """Load a system with its weights on a device, ``cpu`` or ``cuda``; the command runs on a CPU alone."""
    if system == COMMAND:
        return _run_command(model)
    if system in (AIRQUOTE, AIRQUOTE_OPENAI):
        engine = "openai-whisper" if system == AIRQUOTE_OPENAI else "faster-whisper"
        return _load_airquote(engine, model, threads, device)
    if system == OPENAI_WHISPER:
        return _load_openai_whisper(model, threads, device)
    return _load_faster_whisper(model, threads, device, batched=system == BATCHED)


def _load_airquote(engine_name: str, model: str, threads: int, device: str) -> Transcribe:
    from pipeline.engines.choose import EngineSpec, load_engine
    from pipeline.transcription.options import TranscriptionOptions
    from pipeline.transcription.transcribe import transcribe_media

    spec = EngineSpec(engine_name, model, device)
    engine = load_engine(spec, threads)

    def transcribe(media: Path, language: str) -> list[Word]:
        options = TranscriptionOptions(spec, language)
        return _assemble(transcribe_media(media, engine, options), options)

    return transcribe


def load_batch(system: str, model: str, threads: int) -> TranscribeAll:
    """Load a system for a CPU, as a function from all files of a material and their language to the words of each.

    airquote takes them as its command does, several at once where it can; the others take them one by one.
    """
    if system in (AIRQUOTE, AIRQUOTE_OPENAI):
        return _load_airquote_batch("openai-whisper" if system == AIRQUOTE_OPENAI else "faster-whisper", model)
    transcribe = load_system(system, model, threads)
    return lambda files, language: [transcribe(media, language) for media in files]


def _load_airquote_batch(engine_name: str, model: str) -> TranscribeAll:
    from pipeline.batch.running.executor import Event, Failed, InProcess, Transcription
    from pipeline.engines.choose import EngineSpec
    from pipeline.transcription.options import TranscriptionOptions

    spec = EngineSpec(engine_name, model, "cpu")
    executor = InProcess(begins_early=True)
    executor._load_engine(spec)

    def transcribe(files: Sequence[Path], language: str) -> list[list[Word]]:
        options = TranscriptionOptions(spec, language)
        works = [Transcription(f"{number:x}", file, options, None, frozenset()) for number, file in enumerate(files)]
        events: dict[str, list[Event]] = {work.key: [] for work in works}
        for key, event in executor.run(works):
            if isinstance(event, Failed):
                raise event.error
            events[key].append(event)
        return [_assemble(events[work.key], options) for work in works]

    return transcribe


def _assemble(events: Iterable[object], options: TranscriptionOptions) -> list[Word]:
    from pipeline.transcription.assembly import assemble_transcript
    from pipeline.transcription.plan import Group, Plan

    plan: Plan | None = None
    texts: list[WindowText] = []
    for event in events:
        if isinstance(event, Plan):
            plan = event
        elif isinstance(event, Group):
            texts += event.texts
    assert plan is not None
    return list(assemble_transcript(plan, texts, options).words)


def _load_faster_whisper(model: str, threads: int, device: str, *, batched: bool) -> Transcribe:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    from pipeline.models.weights import find_weights

    weights = find_weights(model, "faster-whisper")
    precision = "float16" if device == "cuda" else "int8"
    whisper = WhisperModel(str(weights.path), device=device, compute_type=precision, cpu_threads=threads)
    pipeline = BatchedInferencePipeline(whisper)

    def transcribe(media: Path, language: str) -> list[Word]:
        if batched:
            segments, _ = pipeline.transcribe(
                str(media), language=language, batch_size=8, beam_size=5, word_timestamps=True
            )
        else:
            segments, _ = whisper.transcribe(str(media), language=language, word_timestamps=True)
        return _plain_words(Word(w.word, w.start, w.end, w.probability) for s in segments for w in s.words or ())

    return transcribe


def _load_openai_whisper(model: str, threads: int, device: str) -> Transcribe:
    import numpy as np
    import torch

    from pipeline.engines.openai_whisper import _load_whisper
    from pipeline.models.weights import find_weights

    torch.set_num_threads(threads)
    # Not `whisper.load_model`: from a file it does not set alignment heads.
    whisper: Any = _load_whisper(find_weights(model, "openai-whisper"), device)

    def transcribe(media: Path, language: str) -> list[Word]:
        # Its own decoder needs an ffmpeg executable, which not every machine has.
        samples = np.concatenate(list(decode_audio(media)))
        result = whisper.transcribe(samples, language=language, word_timestamps=True, fp16=device == "cuda")
        words = (word for segment in result["segments"] for word in segment["words"])
        return _plain_words(Word(w["word"], w["start"], w["end"], w["probability"]) for w in words)

    return transcribe


def _run_command(model: str) -> Transcribe:
    def transcribe(media: Path, language: str) -> list[Word]:
        with tempfile.TemporaryDirectory() as library:
            asked = ["--engine", "faster-whisper", "--model", model, "--language", language, "--device", "cpu"]
            asked += ["--speakers", "off"]  # the others tell nobody apart
            sys.argv = ["airquote", "transcribe", str(media), *asked, "--library", library]
            try:
                runpy.run_module("pipeline.cli.main", run_name="__main__")
            except SystemExit as exit_:
                if exit_.code:
                    raise
            with Store.open(Path(library)) as store:
                (episode,) = store.episodes()
                transcript = store.transcript(episode.id)
        assert transcript is not None
        return list(transcript.words)

    return transcribe


def _plain_words(words: Iterable[Word]) -> list[Word]:
    """Return the words with their times as floats."""
    return [Word(w.text, float(w.start), float(w.end), w.probability) for w in words]
