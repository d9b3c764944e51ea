"""Find the voices of a recording: decode the sound that was transcribed for the diarizer, and tell how far it is."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from audio.decode import decode_audio
from audio.prefetch import prefetch
from audio.recording.sound_choice import SoundChoice
from audio.samples import SAMPLE_RATE, Samples
from audio.voices.finding_settings import describe_finding
from audio.voices.voice_count import VoiceCount
from audio.voices.voice_turns import Diarization, Voice
from index.storage.codecs.turn_codec import decode_turns, decode_vector, encode_turns, encode_vector


class _VoiceHearing(Protocol):
    def feed(self, block: Samples) -> None: ...

    def finish(self) -> Diarization: ...


@dataclass(frozen=True, slots=True)
class VoiceRequest:
    """How many voices are to be found, and the settings of those that are found already."""

    count: VoiceCount
    there: frozenset[str] = frozenset()

    def needs(self, sound: SoundChoice) -> bool:
        """Whether voices are yet to be found in this sound."""
        return describe_finding(self.count, sound) not in self.there


@dataclass(frozen=True, slots=True)
class VoicesScanned:
    """A file is listened to for its voices up to the second ``reached``."""

    reached: float


@dataclass(frozen=True, slots=True, eq=False)
class FoundVoices:
    """Who speaks when in a file, and the settings with which that was found."""

    diarization: Diarization
    settings: str

    def to_json(self, *, with_vectors: bool = True) -> str:
        """Serialize them for a draft, if that is allowed with what the voices sound like."""
        voices = [
            (one.number, one.seconds, _as_text(encode_vector(one.vector if with_vectors else None)))
            for one in self.diarization.voices
        ]
        turns = _as_text(encode_turns(self.diarization.turns))
        return json.dumps({"settings": self.settings, "voices": voices, "turns": turns})

    @classmethod
    def from_json(cls, text: str) -> FoundVoices:
        """Parse what ``to_json`` wrote. Raises ValueError, TypeError or LookupError for anything else."""
        saved = json.loads(text)
        voices = tuple(
            Voice(int(number), float(seconds), decode_vector(b64decode(vector) if vector else None))
            for number, seconds, vector in saved["voices"]
        )
        turns = decode_turns(b64decode(saved["turns"]))
        return cls(Diarization(voices, turns), str(saved["settings"]))


def _as_text(packed: bytes | None) -> str | None:
    return None if packed is None else b64encode(packed).decode()


def find_voices(media: Path, sound: SoundChoice, count: VoiceCount) -> Iterator[VoicesScanned | FoundVoices]:
    """Yield how far the sound of a file is listened to, and then its voices.

    Raises MediaError for a file that cannot be decoded, ModelError where the models of voices are missing.
    """
    diarizer = load_diarizer(count)
    samples = 0
    for block in prefetch(decode_audio(media, sound, allow_truncated=True)):
        diarizer.feed(block)
        samples += len(block)
        yield VoicesScanned(samples / SAMPLE_RATE)
    yield FoundVoices(diarizer.finish(), describe_finding(count, sound))


def load_diarizer(count: VoiceCount) -> _VoiceHearing:
    """Return a diarizer with the models of voices of this machine."""
    from audio.voices.diarizer import Diarizer
    from pipeline.models.voice_weights import find_voice_models

    files = find_voice_models()
    return Diarizer(files.segmentation, files.embedding, count)
