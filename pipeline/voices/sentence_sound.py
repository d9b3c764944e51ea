"""Hear what the voice in each of some sentences sounds like, and tell two voices among them apart."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from audio.decode import decode_audio
from audio.recording.sound_choice import SoundChoice
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from audio.voices.clustering import find_voices
from audio.voices.embedding import STEP_SAMPLES, Embedder
from audio.voices.voice_turns import Vector, VoiceCount
from pipeline.models.voice_weights import find_voice_models

SHORTEST = 0.5
"""Seconds: the diarizer, too, takes no less speech as telling of a voice."""

LONGEST = 10.0
"""Seconds of a sentence that are heard: more tells no more of the voice, and takes time."""


def hear_sentences(recording: Path, sound: SoundChoice, spans: Sequence[Span]) -> list[Vector | None]:
    """Return what the voice in each of these times sounds like, None where they are too short; they are in order.

    Raises ModelError where the models of voices are missing, MediaError for a file that cannot be decoded.
    """
    embedder = Embedder(find_voice_models().embedding)
    heard = [Span(span.start, min(span.end, span.start + LONGEST)) for span in spans]
    return [_embed(embedder, piece) for piece in cut_spans(decode_audio(recording, sound), heard)]


def _embed(embedder: Embedder, sound: Samples) -> Vector | None:
    if len(sound) < SHORTEST * SAMPLE_RATE:
        return None
    whole = np.ones(len(sound) // STEP_SAMPLES + 2, np.bool_)
    return np.asarray(embedder.embed(sound, [whole])[0], np.float32)


def cut_spans(blocks: Iterable[Samples], spans: Sequence[Span]) -> Iterator[Samples]:
    """Yield the sound of each of these times, which are in order: float32, (samples,), 16 kHz."""
    waiting = deque((round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE)) for span in spans)
    held, begin = np.zeros(0, np.float32), 0
    for block in blocks:
        held = np.concatenate([held, block])
        while waiting and waiting[0][1] <= begin + len(held):
            yield _slice(held, begin, *waiting.popleft())
        if not waiting:
            return
        dropped = min(max(waiting[0][0] - begin, 0), len(held))
        held, begin = held[dropped:], begin + dropped
    for start, end in waiting:
        yield _slice(held, begin, start, end)


def _slice(held: Samples, begin: int, start: int, end: int) -> Samples:
    return held[max(start - begin, 0) : max(end - begin, 0)]


def tell_two_apart(vectors: Sequence[Vector | None], seconds: Sequence[float]) -> list[bool] | None:
    """Return which of some sentences are of another voice than the first one; None if they are all of one.

    One that is too short to tell is of the voice of the one before it.
    """
    known = [number for number, vector in enumerate(vectors) if vector is not None]
    if len(known) < 2:
        return None
    stacked = np.stack([vector for vector in vectors if vector is not None])
    centroids = find_voices(stacked, np.array([seconds[number] for number in known]), VoiceCount(2, 2))
    found = np.argmax(stacked @ centroids.T, axis=1)
    others = dict(zip(known, (found != found[0]).tolist(), strict=True))
    told: list[bool] = []
    for number in range(len(vectors)):
        told.append(others.get(number, told[-1] if told else False))
    return told if any(told) else None
