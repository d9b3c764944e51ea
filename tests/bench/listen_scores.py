"""Score the cases of the benchmark of listening, and keep the scores, so that constants can be chosen in seconds."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.kept_results import keep
from bench.listen_cases import Case, make_cases, make_unexpected_cases
from bench.listen_speech import load_sounds
from bench.materials import CACHE

from index.fulltext.maintenance import OpenIndex, open_index
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.transcript import Episode
from index.verification.verdicts import verify_quotation
from pipeline.engines.base import Engine
from pipeline.library import Library
from pipeline.transcription.options import EngineSpec, TranscriptionOptions
from pipeline.verification.listening import Fit, Listener

ENGINE = "faster-whisper"


@dataclass(frozen=True, slots=True)
class Made:
    """A recording with the passages said in it, and, of a disfluent one, those that one expects."""

    media: Path
    passages: tuple[str, ...]
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredCase:
    """A case, the verdict without listening, and the runs of differing words with how each fits.

    There are no runs if the sound is not asked. ``seconds`` are those of the processor that listening took, which
    unlike those of the clock do not grow with the load of the machine.
    """

    case: Case
    kind: str
    runs: tuple[tuple[str, str], ...]
    fits: tuple[Fit, ...]
    seconds: float


def transcribe(media: Sequence[Path], model: str) -> Path:
    """Return a library with these recordings, transcribed by a model; those that it has are kept."""
    folder = CACHE / "listen" / f"library-{model}"
    with Library.open(folder, create=True) as library:
        library.transcribe(media, TranscriptionOptions(EngineSpec(ENGINE, model, "cpu"), language="en"))
    return folder


def score_episode(library: Path, made: Made, engine: Engine, each: int) -> list[ScoredCase]:
    """Return the scored cases of a recording in a library, at most ``each`` alterations of a kind; they are kept."""
    kept = library / "scores" / f"{made.media.parent.name}-{made.media.stem}-{engine.model}-{each}.json"
    if not kept.exists():
        with Store.open(library) as store, open_index(store) as index:
            episode = next(one for one in store.episodes() if one.media == str(made.media))
            cases = _make_cases(store, episode, made, each)
            keep(kept, [asdict(_score(case, episode, index, engine)) for case in cases])
    return [_read(row) for row in json.loads(kept.read_text(encoding="utf-8"))]


def _make_cases(store: Store, episode: Episode, made: Made, each: int) -> list[Case]:
    if made.expected and made.expected != made.passages:
        return list(make_unexpected_cases(made.passages, made.expected))
    facts = store.facts(episode.id)
    assert facts is not None
    recognised = "".join(store.texts(facts.number, 0, facts.words - 1))
    return list(make_cases(made.passages, recognised, load_sounds(), zlib.crc32(made.media.stem.encode()), each))


def _score(case: Case, episode: Episode, index: OpenIndex, engine: Engine) -> ScoredCase:
    verdict = verify_quotation(Quotation(case.text, (case.text,), 0, len(case.text)), index)
    began = time.process_time()
    examined = Listener(index, lambda _: engine, 1).examine(verdict)
    seconds = time.process_time() - began
    if examined is None or examined.match.episode.id != episode.id:
        return ScoredCase(case, verdict.kind, (), (), 0.0)
    runs = tuple((run.recognised, run.quoted) for run in examined.runs)
    return ScoredCase(case, verdict.kind, runs, examined.fits, seconds)


def _read(row: dict[str, Any]) -> ScoredCase:
    runs = tuple((recognised, quoted) for recognised, quoted in row["runs"])
    fits = tuple(Fit(**fit) for fit in row["fits"])
    return ScoredCase(Case(**row["case"]), row["kind"], runs, fits, row["seconds"])
