"""Regions of speech packed into windows of at most 30 s, which is what Whisper hears at once.

A window is a list of pieces of the file laid end to end. Short pauses stay inside a piece; long silence and music
lie between pieces, so Whisper never hears them and cannot invent text there. All edges lie on whole samples.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from audio.voice_activity import FRAME, Speech

WINDOW = 30 * SAMPLE_RATE
"""Samples that Whisper hears at once (openai/whisper, audio.py, CHUNK_LENGTH)."""

# Sound left around speech, in samples: soft beginnings and fading ends lie outside what the detector is sure of.
# Measured on two readers in a noisy room (140 s): at 0.3 s 3.4 s of audible speech stay outside, at 0.4 s 1.0 s.
PAD = round(0.4 * SAMPLE_RATE)
# A pause up to this long stays in the sound: it is the rhythm by which Whisper sets full stops.
KEPT_PAUSE = SAMPLE_RATE
# A window may end anywhere in its last third, wherever the longest pause is: that is where sentences end.
EARLIEST_END = WINDOW * 2 // 3
# Where speech itself must be cut, both windows hear so much beyond the cut, in samples: longer than nearly any word,
# so each word near the cut is whole in one of them, and some are in both, by which the two are joined.
OVERLAP = SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Window:
    """At most 30 s of a file: its ``number`` in the file, from 0, and its ``pieces``, in order and apart."""

    number: int
    pieces: tuple[Span, ...]

    @property
    def duration(self) -> float:
        """Seconds of sound in it."""
        return sum(_samples_between(piece) for piece in self.pieces) / SAMPLE_RATE

    @property
    def span(self) -> Span:
        """From its first piece's start to its last one's end."""
        return Span(self.pieces[0].start, self.pieces[-1].end)

    def file_time(self, seconds: float) -> float:
        """The time in the file of a moment ``seconds`` after the window's start; never goes back, never leaves
        the pieces.

        The moment at which two pieces meet is the beginning of the second.
        """
        number, offset = self._piece_at(seconds)
        piece = self.pieces[number]
        return min(max(piece.start + seconds - offset, piece.start), piece.end)

    def file_span(self, start: float, end: float) -> Span:
        """The span in the file of a word that is heard from ``start`` to ``end`` in the window.

        It stays within the piece in which its middle lies: no word reaches over what was cut out between two.
        """
        number, offset = self._piece_at((start + end) / 2)
        piece = self.pieces[number]
        first, last = (min(max(piece.start + time - offset, piece.start), piece.end) for time in (start, end))
        return Span(first, max(first, last))

    def file_spans(self, start: float, end: float) -> list[Span]:
        """The parts of the file that are heard from ``start`` to ``end`` in the window, one for each piece."""
        spans: list[Span] = []
        offset = 0.0
        for piece in self.pieces:
            first, last = max(start, offset), min(end, offset + piece.duration)
            if first < last:
                spans.append(Span(piece.start + first - offset, min(piece.start + last - offset, piece.end)))
            offset += piece.duration
        return spans

    def window_spans(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """The parts of some spans of the file (in order and apart) that are in the window, in its own seconds."""
        found: list[Span] = []
        offset = 0
        for piece in self.pieces:
            first = bisect_right(spans, piece.start, key=lambda span: span.end)
            for span in spans[first:]:
                if span.start >= piece.end:
                    break
                start, end = max(span.start, piece.start), min(span.end, piece.end)
                moved = offset / SAMPLE_RATE - piece.start
                found.append(Span(start + moved, end + moved))
            offset += _samples_between(piece)
        return tuple(found)

    def _piece_at(self, seconds: float) -> tuple[int, float]:
        """The number of the piece heard at that moment, and the second in the window at which it begins."""
        starts = [0, *accumulate(_samples_between(piece) for piece in self.pieces[:-1])]
        number = max(0, bisect_right(starts, seconds * SAMPLE_RATE) - 1)
        return number, starts[number] / SAMPLE_RATE


def _samples_between(span: Span) -> int:
    return round(span.end * SAMPLE_RATE) - round(span.start * SAMPLE_RATE)


class _Stretch(NamedTuple):
    """A stretch of the file, ``[start, end)``, and how long nobody speaks after it, all in samples."""

    start: int
    end: int
    pause: int


_CUT = 0
"""The pause after a stretch that was cut out of longer speech: none."""


def pack_windows(speech: Speech) -> tuple[Window, ...]:
    """The windows that hold all regions of ``speech``, padded, in order.

    No sound is in two of them, but for ``OVERLAP`` on both sides of where speech without a pause had to be cut.
    """
    total = round(speech.duration * SAMPLE_RATE)
    padded = _pad_regions(speech, total)
    atoms = [part for stretch in padded for part in _split_long(stretch, speech)]
    windows: list[Window] = []
    first = 0
    while first < len(atoms):
        end = _window_end(atoms, first)
        pieces = _join_close(_with_overlap(atoms, first, end))
        spans = tuple(Span(piece.start / SAMPLE_RATE, piece.end / SAMPLE_RATE) for piece in pieces)
        windows.append(Window(len(windows), spans))
        first = end
    return tuple(windows)


def _pad_regions(speech: Speech, total: int) -> list[_Stretch]:
    """Each region with ``PAD`` on both sides, or with half the pause where two regions share a shorter one."""
    edges = [(round(region.start * SAMPLE_RATE), round(region.end * SAMPLE_RATE)) for region in speech.regions]
    padded: list[_Stretch] = []
    for number, (start, end) in enumerate(edges):
        before = edges[number - 1][1] if number else -2 * PAD
        after = edges[number + 1][0] if number + 1 < len(edges) else total + 2 * PAD
        left = max(0, start - min(PAD, (start - before) // 2))
        right = min(total, end + min(PAD, after - end - (after - end) // 2))
        padded.append(_Stretch(left, right, after - end))
    return padded


def _split_long(stretch: _Stretch, speech: Speech) -> Iterator[_Stretch]:
    """The stretch in parts of at most 30 s, cut at the quietest moments."""
    longest = WINDOW
    while stretch.end - stretch.start > longest:
        cut = _quietest(speech, stretch.start + EARLIEST_END, stretch.start + WINDOW - 2 * OVERLAP)
        yield _Stretch(stretch.start, cut, _CUT)
        stretch = stretch._replace(start=cut)
        longest = WINDOW - OVERLAP
    yield stretch


def _with_overlap(atoms: Sequence[_Stretch], first: int, end: int) -> list[_Stretch]:
    """The atoms from ``first`` up to ``end``, reaching beyond where speech was cut before and behind them."""
    chosen = list(atoms[first:end])
    if first and atoms[first - 1].pause == _CUT:
        chosen[0] = chosen[0]._replace(start=chosen[0].start - OVERLAP)
    if chosen[-1].pause == _CUT:
        chosen[-1] = chosen[-1]._replace(end=chosen[-1].end + OVERLAP)
    return chosen


def _quietest(speech: Speech, start: int, end: int) -> int:
    """The sample, at a frame's middle, between ``start`` and ``end`` where speech is least: by the model's
    probability plus the level relative to the loudest there, each averaged over three frames (about 0.1 s, a stop
    consonant's length)."""
    first = -(-start // FRAME)
    last = min(end // FRAME, len(speech.levels))
    levels = speech.levels[first:last]
    loudness = speech.probabilities[first:last] + levels / max(float(levels.max()), 1e-9)
    smooth = np.convolve(np.pad(loudness, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    return (first + int(smooth.argmin())) * FRAME + FRAME // 2


def _window_end(atoms: Sequence[_Stretch], first: int) -> int:
    """The number of the atom after the last one of the window that begins with ``first``."""
    best, longest = first + 1, -1
    for end in range(first + 1, len(atoms) + 1):
        duration = sum(piece.end - piece.start for piece in _join_close(_with_overlap(atoms, first, end)))
        if duration > WINDOW:
            break
        pause = atoms[end - 1].pause
        if end == len(atoms) or duration < EARLIEST_END or pause >= longest:
            best, longest = end, pause if duration >= EARLIEST_END else -1
    return best


def _join_close(atoms: Sequence[_Stretch]) -> list[_Stretch]:
    """The atoms, with those joined between which so little is left that the pause is kept."""
    joined = [atoms[0]]
    for atom in atoms[1:]:
        if joined[-1].pause <= KEPT_PAUSE:
            joined[-1] = atom._replace(start=joined[-1].start)
        else:
            joined.append(atom)
    return joined


def read_windows(blocks: Iterable[Samples], windows: Iterable[Window]) -> Iterator[tuple[Window, Samples]]:
    """Each window with its sound (float32, (samples,)), cut from a stream of blocks that begins at the file's
    start.

    Holds one block, one window and what two windows share. ``windows`` may be the later ones of a file; where the
    stream ends early, the sound is shorter than its window.
    """
    stream = iter(blocks)
    block = np.zeros(0, np.float32)
    position = 0
    for window in windows:
        parts: list[Samples] = []
        for piece in window.pieces:
            start, end = round(piece.start * SAMPLE_RATE), round(piece.end * SAMPLE_RATE)
            while start < end:
                if start < position + len(block):
                    part = block[start - position : end - position]
                    parts.append(part)
                    start += len(part)
                    continue
                following = next(stream, None)
                if following is None:
                    break
                held = block[-2 * OVERLAP :]
                position += len(block) - len(held)
                block = np.concatenate([held, following])
        yield window, np.concatenate([np.zeros(0, np.float32), *parts])
