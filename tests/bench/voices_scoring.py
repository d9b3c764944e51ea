"""Scores of diarization: its error rate and its parts, the number of voices, words given to the wrong speaker.

The diarization error rate is that of NIST (md-eval): with a collar of 0.25 s around each border of the true turns,
overlaps scored, speakers mapped one to one so that the most time agrees. Here in frames of 10 ms.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from bench.voices_podcasts import SpokenTurn
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

FRAMES = 100  # a second
COLLAR = 0.25  # seconds

Activity = NDArray[np.bool_]
"""Which speakers speak in which frames: (speakers, frames)."""


@dataclass(frozen=True, slots=True)
class DiarizationScore:
    """Seconds of speech that were missed, made up, and given to the wrong speaker, of the ``spoken`` ones."""

    spoken: float = 0.0
    missed: float = 0.0
    made_up: float = 0.0
    confused: float = 0.0

    def __add__(self, other: DiarizationScore) -> DiarizationScore:
        return DiarizationScore(
            self.spoken + other.spoken,
            self.missed + other.missed,
            self.made_up + other.made_up,
            self.confused + other.confused,
        )

    @property
    def error_rate(self) -> float:
        """DER in percent."""
        return _percent(self.missed + self.made_up + self.confused, self.spoken)

    @property
    def confusion(self) -> float:
        """In percent of the time spoken."""
        return _percent(self.confused, self.spoken)


def score_turns(truth: Sequence[SpokenTurn], found: Sequence[SpokenTurn]) -> DiarizationScore:
    """Compare turns with the true ones; the names of the speakers found are of no account."""
    frames = round(max((turn.end for turn in (*truth, *found)), default=0.0) * FRAMES) + 1
    scored = np.ones(frames, bool)
    for turn in truth:
        for border in (turn.start, turn.end):
            scored[max(0, round((border - COLLAR) * FRAMES)) : round((border + COLLAR) * FRAMES)] = False
    true, heard = _activity(truth, frames)[:, scored], _activity(found, frames)[:, scored]
    agreed = true.astype(np.float32) @ heard.astype(np.float32).T
    rows, columns = linear_sum_assignment(agreed, maximize=True)
    speaking, said = true.sum(axis=0), heard.sum(axis=0)
    both = np.minimum(speaking, said).sum()
    return DiarizationScore(
        float(speaking.sum()) / FRAMES,
        float(np.maximum(speaking - said, 0).sum()) / FRAMES,
        float(np.maximum(said - speaking, 0).sum()) / FRAMES,
        float(both - agreed[rows, columns].sum()) / FRAMES,
    )


def count_wrong_words(truth: Sequence[str], found: Sequence[Hashable]) -> int:
    """Return how many words have another speaker than the true one, speakers mapped so that the fewest do."""
    speakers, voices = sorted(set(truth)), list(dict.fromkeys(found))
    agreed = np.zeros((len(speakers), len(voices)))
    for speaker, voice in zip(truth, found, strict=True):
        agreed[speakers.index(speaker), voices.index(voice)] += 1
    rows, columns = linear_sum_assignment(agreed, maximize=True)
    return len(truth) - int(agreed[rows, columns].sum())


def _activity(turns: Sequence[SpokenTurn], frames: int) -> Activity:
    speakers = sorted({turn.speaker for turn in turns})
    activity = np.zeros((len(speakers), frames), bool)
    for turn in turns:
        activity[speakers.index(turn.speaker), round(turn.start * FRAMES) : round(turn.end * FRAMES)] = True
    return activity


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0
