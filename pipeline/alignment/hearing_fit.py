"""ClockFit stated times to recognised words: a few windows of the sound, matched with the text by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from audio.decode import decode_audio
from audio.recording.sound_choice import SoundChoice
from audio.voice_activity import Speech
from audio.windows import Window, pack_windows, read_windows
from index.language.tokens import tokenize_words
from index.transcript import Word
from pipeline.alignment.stated_spans import ClockFit, EdgeLag, StatedSpan
from pipeline.alignment.token_matching import match_tokens
from pipeline.engines.base import DecodingOptions, Engine

WINDOWS = 8
"""Windows that are recognised, spread over the file: with tiny.en three seconds on two cores."""
GREEDY = DecodingOptions(beam_size=1)
"""Most words suffice, and a beam of three takes more than twice as long."""

LEAST_EDGES = 3
"""Edges of stated spans that must be heard: fewer come from one sentence."""
LEAST_MATCHED = 0.35
"""Share of the recognised words that stand in the text in their order.

On made interviews 0.85 to 1.0 with tiny.en; against texts of other episodes 0.0 to 0.1 are left after ``match_tokens``.
"""
LEAST_WORDS = 8
"""Recognised words from which that share says something."""

APART = 60.0  # seconds between two edges from which a drift is taken
LEAST_DRIFT = 0.5  # seconds over the whole file: less does no harm and is not told from errors of recognition
AGREED = 1.0  # seconds that an edge may lie off the line: more is another stretch of sound, or a wrong match
LEAST_AGREED = 0.7  # share of the edges that must lie near the line, or the times have no one offset


@dataclass(frozen=True, slots=True)
class HeardWindows:
    """What a few windows say: the fit, None where it is not sure; the share of recognised words that the text has, None
    where too little was recognised; and whether the offsets of different parts differ."""

    fit: ClockFit | None
    matched: float | None
    torn: bool = False

    @property
    def other_words(self) -> bool:
        """Whether the sound says other words than the text."""
        return self.matched is not None and self.matched < LEAST_MATCHED


@dataclass(frozen=True, slots=True)
class _Edge:
    """A stated time and the time at which that edge was heard, in seconds; an end is one of the text before it."""

    stated: float
    heard: float
    is_start: bool

    @property
    def lag(self) -> float:
        return self.heard - self.stated


def fit_hearing(
    spans: Sequence[StatedSpan], speech: Speech, media: Path, sound: SoundChoice, engine: Engine, language: str
) -> HeardWindows:
    """Recognise a few windows of a recording and return how the spans fit them."""
    words = _recognise(media, sound, choose_windows(pack_windows(speech)), engine, language)
    return compare_words(spans, words, speech.duration, engine.model)


def choose_windows(windows: Sequence[Window]) -> list[Window]:
    """Return at most WINDOWS of the windows, evenly spread."""
    count = min(WINDOWS, len(windows))
    return [windows[(2 * number + 1) * len(windows) // (2 * count)] for number in range(count)]


def _recognise(media: Path, sound: SoundChoice, windows: Sequence[Window], engine: Engine, language: str) -> list[Word]:
    """Return the words of some windows on the file's time line."""
    read = list(read_windows(decode_audio(media, sound, allow_truncated=True), windows))
    texts = engine.transcribe_windows([samples for _, samples in read], language, GREEDY)
    return [
        Word(word.text, span.start, span.end)
        for (window, _), text in zip(read, texts, strict=True)
        for word in text.words
        for span in (window.file_span(word.start, word.end),)
    ]


def compare_words(spans: Sequence[StatedSpan], words: Sequence[Word], duration: float, model: str) -> HeardWindows:
    """Return how stated spans fit recognised words, which may be those of a few parts of the sound only."""
    heard, owners = tokenize_words(word.text for word in words)
    text = [token for span in spans for token in span.tokens]
    if len(heard) < LEAST_WORDS:
        return HeardWindows(None, None)
    runs = match_tokens(text, heard)
    matched = sum(run.length for run in runs) / len(heard)
    found = {run.text + offset: words[owners[run.heard + offset]] for run in runs for offset in range(run.length)}
    edges = _find_edges(spans, found)
    if matched < LEAST_MATCHED or len(edges) < LEAST_EDGES:
        return HeardWindows(None, matched)
    drift = _slope(edges)
    drift = drift if abs(drift) * duration >= LEAST_DRIFT else 0.0
    levelled = [_Edge(edge.stated, edge.heard - drift * (edge.stated - duration / 2), edge.is_start) for edge in edges]
    middle = median(edge.lag for edge in levelled)
    near = [edge for edge in levelled if abs(edge.lag - middle) <= AGREED]
    if len(near) < LEAST_AGREED * len(edges):
        return HeardWindows(None, matched, torn=True)
    starts, ends = ([edge.lag for edge in near if edge.is_start is kind] for kind in (True, False))
    return HeardWindows(ClockFit(_centre(starts, middle), _centre(ends, middle), drift, duration, model), matched)


def _find_edges(spans: Sequence[StatedSpan], found: dict[int, Word]) -> list[_Edge]:
    """Return the starts and ends of spans whose first or last token was heard."""
    edges = []
    first = 0
    for span in spans:
        last = first + len(span.tokens) - 1
        if first in found:
            edges.append(_Edge(span.start, found[first].start, True))
        if last in found:
            edges.append(_Edge(span.end, found[last].end, False))
        first = last + 1
    return edges


def _slope(edges: Sequence[_Edge]) -> float:
    """Return the median slope of the lags between edges of a kind that are far apart (Theil 1950); 0.0 without any."""
    slopes = [
        (other.lag - one.lag) / (other.stated - one.stated)
        for number, one in enumerate(edges)
        for other in edges[number + 1 :]
        if other.is_start == one.is_start and other.stated - one.stated >= APART
    ]
    return median(slopes) if slopes else 0.0


def _centre(lags: Sequence[float], otherwise: float) -> EdgeLag:
    """Return the median of some lags, weighted by how sure it is: by the inverse of their median absolute deviation."""
    if not lags:
        return EdgeLag(otherwise, 0.0)
    at = median(lags)
    spread = float(np.median(np.abs(np.array(lags) - at)))
    return EdgeLag(at, len(lags) ** 0.5 / max(spread, 0.02))
