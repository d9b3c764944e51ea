"""List the voices of an episode, and those of the whole library by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from audio.voices.turns import Diarization
from index.speaker_labels import is_unnamed
from index.storage.store import Store
from index.transcript import Segment
from pipeline.voices.episode_speech import EpisodeSpeech, number_labels
from pipeline.voices.labels import label_of
from pipeline.voices.samples import choose_samples
from pipeline.voices.spoken_voices import EpisodeVoice, LibraryVoice


def list_voices(speech: EpisodeSpeech) -> list[EpisodeVoice]:
    """Return the voices of an episode, by number."""
    samples, sentences = choose_samples(speech), _sentences_by_label(speech.segments)
    return [
        _describe(speech, number, label, sentences.get(label, []), samples) for number, label in speech.labels.items()
    ]
