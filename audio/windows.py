"""Pack regions of speech into windows of at most 30 s, the input length of Whisper.

A window is a list of pieces of the file laid end to end. Short pauses stay inside a piece; long silence and music lie
between pieces, so that Whisper cannot hallucinate text there. All edges lie on whole samples.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from audio.samples import SAMPLE_RATE, WINDOW_SAMPLES, Samples
from audio.timecode import Span, join_near_ranges
from audio.voice_activity import FRAME, Speech, SpeechPart

# Padding around speech, in samples: soft onsets and fading ends lie outside the detected regions. Measured on two
# readers in a noisy room (140 s): with 0.3 s, 3.4 s of audible speech stay outside; with 0.4 s, 1.0 s.
PAD = round(0.4 * SAMPLE_RATE)
# Samples: pauses up to this length are kept, since Whisper punctuates by them.
KEPT_PAUSE = SAMPLE_RATE
# Samples: a window ends at the longest pause in its last third, which is most likely the end of a sentence.
EARLIEST_END = WINDOW_SAMPLES * 2 // 3
# Where speech itself must be cut, both windows extend beyond the cut by this many samples: longer than nearly any word,
# so that each word near the cut is whole in one of them, and some are in both, by which the two are aligned.
OVERLAP = SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Window:
    """At most 30 s of a file: its ``number`` in the file, from 0, and its ``pieces``, ordered and disjoint."""

    number: int
    pieces: tuple[Span, ...]

    @property
    def duration(self) -> float:
        """Length of its sound in seconds."""
        return sum(_samples_between(piece) for piece in self.pieces) / SAMPLE_RATE

    @property
    def span(self) -> Span:
        """From the start of the first piece to the end of the last."""
        return Span(self.pieces[0].start, self.pieces[-1].end)

    def file_span(self, start: float, end: float) -> Span:
        """Map a word's times in the window to its span in the file.

        It is clipped to the piece that contains its middle, so that no word spans what was cut out between two.
        """
        number, offset = self._piece_at((start + end) / 2)
        piece = self.pieces[number]
        first, last = (min(max(piece.start + time - offset, piece.start), piece.end) for time in (start, end))
        return Span(first, max(first, last))

    def file_spans(self, start: float, end: float) -> list[Span]:
        """Map the range from ``start`` to ``end`` in the window to spans of the file, one for each piece."""
        spans: list[Span] = []
        offset = 0.0
        for piece in self.pieces:
            first, last = max(start, offset), min(end, offset + piece.duration)
            if first < last:
                spans.append(Span(piece.start + first - offset, min(piece.start + last - offset, piece.end)))
            offset += piece.duration
        return spans

    def window_spans(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """Map spans of the file (ordered, disjoint) to the window's time, clipped to its pieces."""
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
        """Return the number of the piece at that time in the window, and the time at which it starts there.

        The time at which two pieces meet belongs to the second.
        """
        starts = [0, *accumulate(_samples_between(piece) for piece in self.pieces[:-1])]
        number = max(0, bisect_right(starts, seconds * SAMPLE_RATE) - 1)
        return number, starts[number] / SAMPLE_RATE


def _samples_between(span: Span) -> int:
    return round(span.end * SAMPLE_RATE) - round(span.start * SAMPLE_RATE)


class _SampleRange(NamedTuple):
    """A range ``[start, end)`` of the file and the length of the pause after it, all in samples."""

    start: int
    end: int
    pause: int


_CUT = 0
"""The ``pause`` after a range that was cut from longer speech."""


class WindowPacker:
    """Packs regions of speech, padded, into windows, each as soon as nothing that follows can change it.

    Windows are disjoint except for ``OVERLAP`` on both sides of a cut through speech without a pause. Of the
    probabilities and levels it keeps those from the last region on, in which speech may yet have to be cut.
    """

    def __init__(self) -> None:
        self._packed = 0
        self._before = -2 * PAD
        """The sample at which the region before the last one ends."""
        self._last: tuple[int, int] | None = None
        """The last region, in samples: its padding depends on the pause after it."""
        self._atoms: list[_SampleRange] = []
        """What is not in a window yet; long regions are split."""
        self._after_cut = False
        self._track = _FrameTrack()

    def add(self, part: SpeechPart) -> list[Window]:
        """Take the next part of a stream and return the windows that are certain now."""
        self._track.add(part)
        for region in part.regions:
            start = round(region.start * SAMPLE_RATE)
            if self._last is not None:
                self._pad_last(start, start)
            self._last = start, round(region.end * SAMPLE_RATE)
        self._track.forget(self._last[0] if self._last else round(part.settled * SAMPLE_RATE))
        return self._pack(finished=False)

    def finish(self, duration: float) -> list[Window]:
        """Return the last windows of a stream of this many seconds."""
        total = round(duration * SAMPLE_RATE)
        if self._last is not None:
            self._pad_last(total + 2 * PAD, total)
        return self._pack(finished=True)

    def _pad_last(self, after: int, limit: int) -> None:
        """Pad the last region by ``PAD`` on both sides, or by half the pause where that is shorter, up to ``limit``.

        ``after`` is where the next region starts.
        """
        assert self._last is not None
        start, end = self._last
        left = max(0, start - min(PAD, (start - self._before) // 2))
        right = min(limit, end + min(PAD, after - end - (after - end) // 2))
        self._atoms += _split_long(_SampleRange(left, right, after - end), self._track)
        self._before = end

    def _pack(self, finished: bool) -> list[Window]:
        windows: list[Window] = []
        first = 0
        while first < len(self._atoms) and (end := _window_end(self._atoms, first, self._after_cut, finished)):
            pieces = _join_close(_with_overlap(self._atoms[first:end], self._after_cut))
            spans = tuple(Span(start / SAMPLE_RATE, stop / SAMPLE_RATE) for start, stop in pieces)
            windows.append(Window(self._packed + len(windows), spans))
            self._after_cut = self._atoms[end - 1].pause == _CUT
            first = end
        del self._atoms[:first]
        self._packed += len(windows)
        return windows


def pack_windows(speech: Speech) -> tuple[Window, ...]:
    """Pack all regions of ``speech`` into windows, in order; see WindowPacker."""
    packer = WindowPacker()
    whole = SpeechPart(speech.regions, speech.probabilities, speech.levels, speech.duration)
    return (*packer.add(whole), *packer.finish(speech.duration))


class _FrameTrack:
    """The probabilities and levels of the frames of a stream, from some frame on."""

    def __init__(self) -> None:
        self._first = 0
        self._probabilities = np.zeros(0, np.float32)
        self._levels = np.zeros(0, np.float32)

    def add(self, part: SpeechPart) -> None:
        self._probabilities = np.concatenate([self._probabilities, part.probabilities])
        self._levels = np.concatenate([self._levels, part.levels])

    def forget(self, sample: int) -> None:
        """Forget what lies before the frame of a sample."""
        count = min(max(0, sample // FRAME - self._first), len(self._levels))
        self._probabilities, self._levels = self._probabilities[count:].copy(), self._levels[count:].copy()
        self._first += count

    def quietest_sample(self, start: int, end: int) -> int:
        """Return the sample, at a frame's middle, between ``start`` and ``end`` where speech is least.

        Measured by the model's probability plus the level relative to the loudest frame in the range, averaged over
        three frames (about 0.1 s, the length of a stop consonant).
        """
        first = -(-start // FRAME)
        frames = slice(first - self._first, end // FRAME - self._first)
        levels = self._levels[frames]
        loudness = self._probabilities[frames] + levels / max(float(levels.max()), 1e-9)
        smooth = np.convolve(np.pad(loudness, 1, mode="edge"), np.ones(3) / 3, mode="valid")
        return (first + int(smooth.argmin())) * FRAME + FRAME // 2


def _split_long(region: _SampleRange, track: _FrameTrack) -> Iterator[_SampleRange]:
    """Split a region into parts of at most 30 s, cut at the quietest points."""
    longest = WINDOW_SAMPLES
    while region.end - region.start > longest:
        cut = track.quietest_sample(region.start + EARLIEST_END, region.start + WINDOW_SAMPLES - 2 * OVERLAP)
        yield _SampleRange(region.start, cut, _CUT)
        region = region._replace(start=cut)
        longest = WINDOW_SAMPLES - OVERLAP
    yield region


def _with_overlap(atoms: Sequence[_SampleRange], after_cut: bool) -> list[_SampleRange]:
    """Return the atoms of a window, extended by ``OVERLAP`` where speech was cut, as before the first if asked."""
    chosen = list(atoms)
    if after_cut:
        chosen[0] = chosen[0]._replace(start=chosen[0].start - OVERLAP)
    if chosen[-1].pause == _CUT:
        chosen[-1] = chosen[-1]._replace(end=chosen[-1].end + OVERLAP)
    return chosen


def _window_end(atoms: Sequence[_SampleRange], first: int, after_cut: bool, finished: bool) -> int | None:
    """Return the number of the atom after the last one of the window that starts with ``first``.

    None if that may depend on atoms that follow: all fit, and the stream is not ``finished``.
    """
    best, longest = first + 1, -1
    for end in range(first + 1, len(atoms) + 1):
        pieces = _join_close(_with_overlap(atoms[first:end], after_cut))
        duration = sum(stop - start for start, stop in pieces)
        if duration > WINDOW_SAMPLES:
            return best
        pause = atoms[end - 1].pause
        if end == len(atoms) or duration < EARLIEST_END or pause >= longest:
            best, longest = end, pause if duration >= EARLIEST_END else -1
    return best if finished else None


def _join_close(atoms: Sequence[_SampleRange]) -> list[tuple[int, int]]:
    """Merge atoms where the pause between them is kept; padding shortened it by ``PAD`` at both ends."""
    return join_near_ranges(((atom.start, atom.end) for atom in atoms), KEPT_PAUSE - 2 * PAD)


def read_windows(blocks: Iterable[Samples], windows: Iterable[Window]) -> Iterator[tuple[Window, Samples]]:
    """Yield each window with its sound, float32, (samples,), from a stream of blocks that begins at the file's start.

    Keeps one block, one window and the overlap in memory. ``windows`` may start in the middle of a file; where the
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
