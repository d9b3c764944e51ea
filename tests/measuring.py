"""The reference of the sample interview, and the error of a transcript against it: word error rate and times."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from audio_samples import write_wav
from rapidfuzz.distance import Levenshtein

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE
from audio.timecode import Span
from index.transcript import Word

DATA = Path(__file__).parent / "data"
INTERVIEW = DATA / "interview.mp3"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one speaker says at one go; times in seconds, where the voice is first and last audible."""

    speaker: str
    start: float
    end: float
    text: str
    sentences: tuple[str, ...] = ()

    def moved(self, seconds: float) -> Utterance:
        """The same utterance, so many seconds later."""
        return replace(self, start=self.start + seconds, end=self.end + seconds)


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound file and its reference; times in seconds of the file."""

    path: Path
    duration: float
    utterances: tuple[Utterance, ...]
    nonspeech: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The text of all utterances."""
        return " ".join(utterance.text for utterance in self.utterances)


def load_interview() -> Recording:
    """The sample interview and its reference."""
    truth = json.loads((DATA / "interview.json").read_text(encoding="utf-8"))
    utterances = tuple(
        Utterance(u["speaker"], u["start"], u["end"], u["text"], tuple(one["text"] for one in u["sentences"]))
        for u in truth["utterances"]
    )
    nonspeech = tuple(Span(part["start"], part["end"]) for part in truth["nonspeech"])
    return Recording(INTERVIEW, truth["duration"], utterances, nonspeech)


def load_utterances() -> list[Utterance]:
    """The sample interview's."""
    return list(load_interview().utterances)


def cut_interview(path: Path, parts: Sequence[Span]) -> Recording:
    """Join parts of the sample interview in a 16 kHz WAV file at ``path``.

    Its reference holds the utterances and the stretches without speech that lie whole in a part.
    """
    whole = load_interview()
    sound = np.concatenate(list(decode_audio(INTERVIEW)))
    pieces = [sound[round(part.start * SAMPLE_RATE) : round(part.end * SAMPLE_RATE)] for part in parts]
    samples = np.asarray(np.rint(np.concatenate(pieces) * 32767), dtype=np.int16)
    utterances: list[Utterance] = []
    nonspeech: list[Span] = []
    offset = 0.0
    for part in parts:
        later = offset - part.start
        utterances += [u.moved(later) for u in whole.utterances if part.start <= u.start and u.end <= part.end]
        nonspeech += [
            Span(span.start + later, span.end + later)
            for span in whole.nonspeech
            if part.start <= span.start and span.end <= part.end
        ]
        offset += part.duration
    write_wav(path, samples, SAMPLE_RATE)
    return Recording(path, offset, tuple(utterances), tuple(nonspeech))


def normalized_words(text: str) -> list[str]:
    """The words by which texts are compared: after Whisper's own English normalizer (Radford et al. 2022, app. C)."""
    normalized: str = _normalizer()(text)
    return normalized.split()


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Substitutions, insertions and deletions for each word of ``reference``."""
    wanted = normalized_words(reference)
    return Levenshtein.distance(wanted, normalized_words(hypothesis)) / len(wanted)


def start_errors(utterances: Sequence[Utterance], words: Sequence[Word]) -> list[float]:
    """Seconds by which the first word of each utterance is late (early: negative).

    An utterance whose first word was not recognised as it was spoken is left out.
    """
    return _edge_errors(utterances, words, first=True)


def end_errors(utterances: Sequence[Utterance], words: Sequence[Word]) -> list[float]:
    """The same for the end of the last word of each utterance."""
    return _edge_errors(utterances, words, first=False)


def _edge_errors(utterances: Sequence[Utterance], words: Sequence[Word], *, first: bool) -> list[float]:
    spoken = [(token, number) for number, u in enumerate(utterances) for token in normalized_words(u.text)]
    heard = [(token, number) for number, word in enumerate(words) for token in normalized_words(word.text)]
    places = [place for place, (_, number) in enumerate(spoken) if _is_edge(spoken, place, number, first)]
    matches: dict[int, int] = {}
    for block in Levenshtein.opcodes([token for token, _ in spoken], [token for token, _ in heard]):
        if block.tag == "equal":
            matches |= dict(
                zip(range(block.src_start, block.src_end), range(block.dest_start, block.dest_end), strict=True)
            )
    errors = []
    for place in places:
        if place in matches:
            utterance, word = utterances[spoken[place][1]], words[heard[matches[place]][1]]
            errors.append(word.start - utterance.start if first else word.end - utterance.end)
    return errors


def _is_edge(spoken: list[tuple[str, int]], place: int, number: int, first: bool) -> bool:
    neighbour = place - 1 if first else place + 1
    return not 0 <= neighbour < len(spoken) or spoken[neighbour][1] != number


@lru_cache(maxsize=1)
def _normalizer() -> Any:
    from whisper.normalizers import EnglishTextNormalizer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its list of spellings open
        return EnglishTextNormalizer()
