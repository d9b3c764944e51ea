"""Voices for tests that need no sound: made vectors, and episodes whose voices take turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from libraries import add_episode, make_transcript

from audio.voices.voice_turns import Diarization, Vector, Voice, VoiceTurn
from index.storage.codecs.turn_codec import VECTOR_SIZE
from index.storage.store import Store
from index.transcript import Segment, Transcript
from pipeline.voices.word_voices import assign_voices

WORDS_A_SENTENCE = 12


def make_vector(seed: int) -> Vector:
    """What a made voice sounds like."""
    drawn = np.random.default_rng(seed).normal(size=VECTOR_SIZE).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn), np.float32)


def take_turns(transcript: Transcript, voices: int) -> Diarization:
    """Let the voices speak the sentences of a transcript in turn."""
    turns = tuple(
        VoiceTurn(transcript.segment_span(one).start, transcript.segment_span(one).end, number % voices + 1)
        for number, one in enumerate(transcript.segments)
    )
    spoken = {turn.voice for turn in turns}
    return Diarization(
        tuple(
            Voice(number, sum(turn.end - turn.start for turn in turns if turn.voice == number), make_vector(number))
            for number in sorted(spoken)
        ),
        turns,
    )


def make_speech(words: int) -> Transcript:
    """A transcript of sentences of twelve words, with the punctuation of sentences."""
    texts = [
        f"{'Word' if number % WORDS_A_SENTENCE == 0 else 'word'}{number}"
        f"{'.' if number % WORDS_A_SENTENCE == WORDS_A_SENTENCE - 1 else ''}"
        for number in range(words)
    ]
    return make_transcript(" ".join(texts), words_a_segment=WORDS_A_SENTENCE)


def add_voices(store: Store, title: str = "Talk", *, words: int = 120, voices: int = 2) -> str:
    """Add an episode whose voices take turns; return its id."""
    episode, transcript = add_episode(store, title).id, make_speech(words)
    found = take_turns(transcript, voices)
    store.save_transcript(
        episode, replace(transcript, segments=assign_voices(transcript.words, transcript.segments, found))
    )
    store.save_voices(episode, found, '{"version": 1}')
    return episode


def plain(voices: Sequence[Voice]) -> list[tuple[int, float, list[float] | None]]:
    """Voices as values that can be compared."""
    return [(one.number, one.seconds, None if one.vector is None else one.vector.tolist()) for one in voices]


def labels(store: Store, episode: str) -> list[Segment]:
    """The sentences of an episode with the labels of their speakers."""
    facts = store.facts(episode)
    assert facts is not None
    return store.labelled_segments(facts.number)


def everything_about(store: Store, episode: str) -> tuple[Any, ...]:
    """All that a change by hand may change of an episode."""
    found = store.voices_of(episode)
    transcript = store.transcript(episode)
    assert found is not None
    assert transcript is not None
    profiles = [(one.name, one.number, one.seconds, one.vector.tolist()) for one in store.profiles()]
    return (
        transcript, labels(store, episode), store.edited_fields(episode), plain(found.voices), found.turns,
        store.voice_settings(episode), profiles,
    )  # fmt: skip
