"""ClockFit stated times to voice activity: stated edges against those of detected speech, at every offset and drift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio.voice_activity import FRAME_SECONDS, Speech
from pipeline.alignment.stated_spans import ClockFit, EdgeLag, StatedSpan

LARGEST_OFFSET = 90.0  # seconds, three times what a video's start or a jingle moves a transcript by
LARGEST_DRIFT = 0.005  # five times that of 23.976 for 24 frames a second; 25 for 24 (0.04) changes the voices too
BLUR = 0.15  # seconds by which a drift between two steps of the search moves the edges at the ends of the file
PART = 120.0  # seconds of text that are taken to have one offset; at the largest drift it differs by 0.3 s at most

# Seconds on both sides of an edge that are compared. Habits differ from cue to cue, so a wide view finds the line more
# often (made interviews of 150 s with ragged cues: 0.5 s found 23 of 24, 0.25 s 15), and a narrow one is more exact.
WIDE, NARROW = 0.5, 0.25
NEAR = 0.8  # seconds around the line in which starts and ends are then located, each alone

SURE = 5.5
"""Standard deviations of the scores of all offsets by which the best must exceed their mean.

On made interviews with cues of seven habits no wrong offset had more than 4.5; the right one of ten minutes 5 to 23.
"""
LEAST_SPANS = 15
"""Fewer fit somewhere by chance."""
DRIFT_GAIN = 2.0
"""The same, by which a drift must be better than none: ragged cues without drift gain up to 1.5 by chance."""
LEAST_DRIFT = 0.5
"""Seconds, over the whole file: less does no harm and is not told from chance."""

Curve = NDArray[np.float64]


def fit_activity(spans: Sequence[StatedSpan], speech: Speech) -> ClockFit | None:
    """Return how the spans fit the speech by the best offset and drift; None if no offset is clearly the best.

    Voice activity does not know words: of a regular text, or a few seconds, it may not tell.
    """
    if len(spans) < LEAST_SPANS or not len(speech.probabilities):
        return None
    grid = _Grid.of(speech.duration)
    wide = _sum_edges(spans, speech, WIDE, grid)
    slope, at = _best_line(grid, wide[0] + wide[1])
    if at is None:
        return None
    narrow = _sum_edges(spans, speech, NARROW, grid)
    starts, ends = (_locate(grid.stack(curves, slope), at) for curves in narrow)
    return ClockFit(starts, ends, slope, speech.duration, "voice activity")


@dataclass(frozen=True, slots=True)
class _Grid:
    """The offsets and drifts that are tried: lags in frames, and the parts of the file by their middles in seconds."""

    reach: int
    margin: int
    middles: NDArray[Any]
    slopes: NDArray[Any]
    middle: float

    @classmethod
    def of(cls, duration: float) -> _Grid:
        # A stated time may lie beyond the sound, by the largest offset.
        middles = np.arange(0.0, duration + LARGEST_OFFSET, PART) + PART / 2
        step = BLUR / max(duration / 2, PART)
        count = int(LARGEST_DRIFT / step)
        slopes = np.arange(-count, count + 1) * step
        margin = int(LARGEST_DRIFT * (duration / 2 + LARGEST_OFFSET + PART) / FRAME_SECONDS) + 1
        return cls(round(LARGEST_OFFSET / FRAME_SECONDS), margin, middles, slopes, duration / 2)

    @property
    def lags(self) -> NDArray[np.int64]:
        """The lags of the curve of a part, in frames."""
        return np.arange(-self.reach - self.margin, self.reach + self.margin + 1)

    def stack(self, curves: Curve, slope: float) -> Curve:
        """Return the sum of the parts' curves along a line, (2 * reach + 1,): by its offset in the file's middle."""
        shifts = self.margin + np.rint(slope * (self.middles - self.middle) / FRAME_SECONDS).astype(int)
        total: Curve = sum(
            (curve[first : first + 2 * self.reach + 1] for curve, first in zip(curves, shifts.tolist(), strict=True)),
            np.zeros(2 * self.reach + 1),
        )
        return total

    def seconds(self, row: float) -> float:
        """The offset of a row of a stacked curve."""
        return (row - self.reach) * FRAME_SECONDS


def _sum_edges(spans: Sequence[StatedSpan], speech: Speech, view: float, grid: _Grid) -> tuple[Curve, Curve]:
    """Return for starts and for ends the curves of all parts, (parts, lags): how much speech begins, or ends, there."""
    rises = _measure_rises(speech.probabilities, round(view / FRAME_SECONDS))
    reach = grid.reach + grid.margin
    padded = np.pad(rises, reach)
    curves = []
    for sign, edges in ((1, [span.start for span in spans]), (-1, [span.end for span in spans])):
        of_parts = np.zeros((len(grid.middles), 2 * reach + 1))
        for edge in edges:
            frame, part = round(edge / FRAME_SECONDS), int(edge / PART)
            seen = padded[frame : frame + 2 * reach + 1]
            if part < len(of_parts):
                of_parts[part, : len(seen)] += sign * seen
        curves.append(of_parts)
    return curves[0], curves[1]


def _measure_rises(probabilities: NDArray[np.float32], width: int) -> Curve:
    """Return for each frame the mean probability of speech in the ``width`` frames after it minus that before it."""
    sums = np.concatenate(([0.0], np.cumsum(probabilities, dtype=np.float64)))
    at = np.arange(len(probabilities))
    after, before = np.minimum(at + width, len(probabilities)), np.maximum(at - width, 0)
    rises: Curve = (sums[after] - 2 * sums[at] + sums[before]) / width
    return rises


def _best_line(grid: _Grid, curves: Curve) -> tuple[float, float | None]:
    """Return the slope and the offset in the middle of the file of the line with the highest score; None if unsure."""
    level, slope = 0.0, 0.0
    found = _peak(grid.stack(curves, 0.0))
    best = max(((_peak(grid.stack(curves, one)), one) for one in grid.slopes.tolist()), default=(found, 0.0))
    told = abs(best[1]) * 2 * grid.middle >= LEAST_DRIFT and best[0][0] - found[0] >= DRIFT_GAIN
    (level, row), slope = best if told else (found, 0.0)
    return slope, grid.seconds(row) if level >= SURE else None


def _peak(curve: Curve) -> tuple[float, int]:
    """Return the height of the highest value, in standard deviations over the mean, and its row."""
    row, spread = int(curve.argmax()), float(curve.std())
    return (float(curve[row] - curve.mean()) / spread if spread else 0.0), row


def _locate(curve: Curve, near: float) -> EdgeLag:
    """Return the centre of the peak within NEAR seconds of an offset: of what exceeds half of its height."""
    middle = len(curve) // 2 + round(near / FRAME_SECONDS)
    first = max(0, middle - round(NEAR / FRAME_SECONDS))
    rows = np.arange(first, min(len(curve), middle + round(NEAR / FRAME_SECONDS) + 1))
    top = rows[int(curve[rows].argmax())]
    rows = rows[np.abs(rows - top) <= round(WIDE / 2 / FRAME_SECONDS)]
    heights = np.maximum(0.0, curve[rows] - curve[top] / 2)
    total = float(heights.sum())
    centre = float((heights * rows).sum()) / total if total else float(top)
    return EdgeLag((centre - len(curve) // 2) * FRAME_SECONDS, max(0.0, float(curve[top])))
