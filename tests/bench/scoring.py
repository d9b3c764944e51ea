"""Scores of benchmark runs: WER, errors of word times, lost sentences, drift."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bench.kept_results import Row
from bench.materials import Recording, load_material
from measuring import end_errors, normalized_words, start_errors
from rapidfuzz.distance import Levenshtein

from index.transcript import Word

SENTENCE_WORDS = 4  # in shorter ones a few substitutions look like a lost sentence
DRIFT_SECONDS = 600.0


@dataclass(slots=True)
class Score:
    """The scores of one row; absolute errors of times in milliseconds."""

    seconds: float
    process_seconds: float
    megabytes: float
    duration: float
    cpu_seconds: float | None = None  # not in runs that were kept before it was measured
    wrong_words: int = 0
    true_words: int = 0
    recognised_words: int = 0
    starts: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    utterances: int = 0
    lost: list[str] = field(default_factory=list)

    @property
    def word_error_rate(self) -> float:
        """In percent."""
        return 100 * self.wrong_words / self.true_words if self.true_words else 0.0

    @property
    def speed(self) -> float:
        """Times real time."""
        return self.duration / self.seconds


def score_row(row: Row) -> Score | None:
    """Score a row, None if it was never run: median times and peak memory of its runs, words of the first run."""
    runs, recordings = row.runs(), load_material(row.material)
    if not runs:
        return None
    used = [run["cpu_seconds"] for run in runs if "cpu_seconds" in run]
    score = Score(
        statistics.median(run["seconds"] for run in runs),
        statistics.median(run["process_seconds"] for run in runs),
        max(run["megabytes"] for run in runs),
        sum(recording.duration for recording in recordings),
        statistics.median(used) if used else None,
    )
    for recording, words in zip(recordings, recognised_words(runs[0]), strict=True):
        truth = normalized(recording.text, recording.language)
        recognised = normalized("".join(word.text for word in words), recording.language)
        score.wrong_words += Levenshtein.distance(truth, recognised)
        score.true_words += len(truth)
        score.recognised_words += len(words)
        score.utterances += len(recording.utterances)
        if recording.utterances:
            score.starts += in_milliseconds(start_errors(recording.utterances, words))
            score.ends += in_milliseconds(end_errors(recording.utterances, words))
        score.lost += lost_sentences(recording, words)
    return score


def recognised_words(run: dict[str, Any]) -> list[list[Word]]:
    """Return the words of each recording of a run."""
    return [[Word(*word) for word in words] for words in run["words"]]


def in_milliseconds(errors: Sequence[float]) -> list[float]:
    """Convert signed errors in seconds to absolute errors in milliseconds."""
    return [1000 * abs(error) for error in errors]


def percentile_95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def normalized(text: str, language: str) -> list[str]:
    """Return the words of a text for WER, after Whisper's normalizer for the language."""
    if language == "en":
        return normalized_words(text)
    words: list[str] = _basic_normalizer()(unicodedata.normalize("NFC", text)).split()
    return words


def lost_sentences(recording: Recording, words: Sequence[Word]) -> list[str]:
    """Return the sentences of at least four words of which fewer than half were recognised."""
    spoken = [(token, place) for place, text in enumerate(recording.sentences) for token in normalized_words(text)]
    recognised = normalized_words("".join(word.text for word in words))
    lengths, found = [0] * len(recording.sentences), [0] * len(recording.sentences)
    for _, place in spoken:
        lengths[place] += 1
    for block in Levenshtein.opcodes([token for token, _ in spoken], recognised):
        if block.tag == "equal":
            for _, place in spoken[block.src_start : block.src_end]:
                found[place] += 1
    return [
        text
        for text, length, came in zip(recording.sentences, lengths, found, strict=True)
        if length >= SENTENCE_WORDS and came < length / 2
    ]


def drift(row: Row) -> tuple[list[float], list[float]] | None:
    """Return the start errors in the first and in the last ten minutes of an interview, in milliseconds."""
    runs = row.runs()
    if not runs:
        return None
    (recording,), (words,) = load_material(row.material), recognised_words(runs[0])
    edge = recording.duration - DRIFT_SECONDS
    first = [utterance for utterance in recording.utterances if utterance.end < DRIFT_SECONDS]
    last = [utterance for utterance in recording.utterances if utterance.start > edge]
    # Align only with nearby words, not with those of the whole hour.
    early = [word for word in words if word.start < first[-1].end + 1]
    late = [word for word in words if word.end > last[0].start - 1]
    return in_milliseconds(start_errors(first, early)), in_milliseconds(start_errors(last, late))


@lru_cache(maxsize=1)
def _basic_normalizer() -> Any:
    from whisper.normalizers import BasicTextNormalizer

    return BasicTextNormalizer()
