"""From runs to numbers: errors of words, of times, lost sentences, drift."""

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

SENTENCE_WORDS = 4  # shorter ones are too easily misheard whole to be called lost
DRIFT_SECONDS = 600.0


@dataclass(slots=True)
class Score:
    """The numbers of one row; errors of times in milliseconds, without sign."""

    seconds: float
    process_seconds: float
    megabytes: float
    duration: float
    wrong_words: int = 0
    true_words: int = 0
    heard_words: int = 0
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
    """The numbers of a row, None if it was never run: medians of its runs, and the words of the first of them."""
    runs, recordings = row.runs(), load_material(row.material)
    if not runs:
        return None
    score = Score(
        statistics.median(run["seconds"] for run in runs),
        statistics.median(run["process_seconds"] for run in runs),
        max(run["megabytes"] for run in runs),
        sum(recording.duration for recording in recordings),
    )
    for recording, words in zip(recordings, heard_words(runs[0]), strict=True):
        truth = normalized(recording.text, recording.language)
        heard = normalized("".join(word.text for word in words), recording.language)
        score.wrong_words += Levenshtein.distance(truth, heard)
        score.true_words += len(truth)
        score.heard_words += len(words)
        score.utterances += len(recording.utterances)
        if recording.utterances:
            score.starts += in_milliseconds(start_errors(recording.utterances, words))
            score.ends += in_milliseconds(end_errors(recording.utterances, words))
        score.lost += lost_sentences(recording, words)
    return score


def heard_words(run: dict[str, Any]) -> list[list[Word]]:
    """The words of each recording of a run."""
    return [[Word(*word) for word in words] for words in run["words"]]


def in_milliseconds(errors: Sequence[float]) -> list[float]:
    """Seconds with a sign -> milliseconds without."""
    return [1000 * abs(error) for error in errors]


def percentile_95(values: Sequence[float]) -> float:
    """What 95 % of the values do not exceed."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def normalized(text: str, language: str) -> list[str]:
    """The words by which texts are compared: after Whisper's normalizer for the language."""
    if language == "en":
        return normalized_words(text)
    words: list[str] = _basic_normalizer()(unicodedata.normalize("NFC", text)).split()
    return words


def lost_sentences(recording: Recording, words: Sequence[Word]) -> list[str]:
    """The sentences of four words or more of which fewer than half came through."""
    spoken = [(token, place) for place, text in enumerate(recording.sentences) for token in normalized_words(text)]
    heard = normalized_words("".join(word.text for word in words))
    lengths, found = [0] * len(recording.sentences), [0] * len(recording.sentences)
    for _, place in spoken:
        lengths[place] += 1
    for block in Levenshtein.opcodes([token for token, _ in spoken], heard):
        if block.tag == "equal":
            for _, place in spoken[block.src_start : block.src_end]:
                found[place] += 1
    return [
        text
        for text, length, came in zip(recording.sentences, lengths, found, strict=True)
        if length >= SENTENCE_WORDS and came < length / 2
    ]


def drift(row: Row) -> tuple[list[float], list[float]] | None:
    """The start errors of the first and of the last ten minutes of an interview, in milliseconds."""
    runs = row.runs()
    if not runs:
        return None
    (recording,), (words,) = load_material(row.material), heard_words(runs[0])
    edge = recording.duration - DRIFT_SECONDS
    first = [utterance for utterance in recording.utterances if utterance.end < DRIFT_SECONDS]
    last = [utterance for utterance in recording.utterances if utterance.start > edge]
    # Aligned only with what lies near: the other words of the hour are not theirs.
    early = [word for word in words if word.start < first[-1].end + 1]
    late = [word for word in words if word.end > last[0].start - 1]
    return in_milliseconds(start_errors(first, early)), in_milliseconds(start_errors(last, late))


@lru_cache(maxsize=1)
def _basic_normalizer() -> Any:
    from whisper.normalizers import BasicTextNormalizer

    return BasicTextNormalizer()
