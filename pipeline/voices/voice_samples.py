"""Choose a sample of a voice: a stretch in which it speaks alone and clearly, from the beginning of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from audio.timecode import Span
from index.language.sentences import split_sentences
from index.transcript import Word, span_of
from pipeline.voices.episode_speech import EpisodeSpeech

SHORTEST, LONGEST = 4.0, 10.0
"""Seconds of a sample: enough to know somebody again, and no more than one listens to for each of many voices."""

LONGEST_PAUSE = 1.0
"""Seconds between two sentences of a sample."""


def choose_samples(speech: EpisodeSpeech) -> dict[str, Span]:
    """Return the best sample of each voice that ever speaks alone, by label.

    Long enough counts more than a whole sentence, and that more than clear words.
    """
    beginnings = {one.first for one in split_sentences(speech.words, speech.language)}
    best: dict[str, tuple[tuple[float, bool, float], Span]] = {}
    for position, segment in enumerate(speech.segments):
        if segment.speaker is None or segment.flags:
            continue  # two speak at once, or the words are in doubt
        words = _words_from(speech, position)
        span = span_of(words)
        known = [word.probability for word in words if word.probability is not None]
        rank = (min(span.duration, SHORTEST), segment.first in beginnings, fmean(known or [0.0]))
        if segment.speaker not in best or rank > best[segment.speaker][0]:
            best[segment.speaker] = rank, span
    return {label: span for label, (_, span) in best.items()}


def _words_from(speech: EpisodeSpeech, position: int) -> Sequence[Word]:
    """Return the words of a sentence, with the next ones of this voice until they are SHORTEST, up to LONGEST."""
    first = speech.segments[position]
    words = speech.words[first.first : first.last + 1]
    for segment in speech.segments[position + 1 :]:
        follows = segment.speaker == first.speaker and not segment.flags
        if words[-1].end - words[0].start >= SHORTEST or not follows:
            break
        if speech.words[segment.first].start - words[-1].end > LONGEST_PAUSE:
            break
        words = speech.words[first.first : segment.last + 1]
    fits = [word for word in words if word.end - words[0].start <= LONGEST]
    return fits or words[:1]
