"""Choose the audio track of a file with several: the default one, else the first with speech."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from av.audio.stream import AudioStream
from av.stream import Disposition

from audio.decode import decode_audio
from audio.errors import MediaError
from audio.media import open_media
from audio.recording.sound_choice import SoundChoice
from audio.voice_activity import SpeechDetector

LEAST_SPEECH = 1.0
"""Seconds of speech that a track must have: a microphone that nobody used has clicks, and no second of them."""

BLOCKS_AT_ONCE = 4
"""Blocks that are searched for speech together: most tracks that have any have it in their first two minutes."""

ASIDE = Disposition.comment | Disposition.visual_impaired | Disposition.descriptions | Disposition.karaoke
"""Marks of tracks that hold something else beside the programme itself, or lack its voices."""

NewDetector = Callable[[], SpeechDetector]


@dataclass(frozen=True, slots=True)
class TrackChoice:
    """The number of the track that is used, from 1, and how many audio tracks there are."""

    track: int
    tracks: int

    @property
    def number(self) -> int | None:
        """The number by which the track is opened and remembered; None for the only one of a file."""
        return self.track if self.tracks > 1 else None


def choose_track(path: Path, asked: int | None, new_detector: NewDetector = SpeechDetector) -> TrackChoice:
    """Return the track ``asked`` for, else the default one, else the first; one without speech only if none has any.

    Raises MediaError as ``open_media`` does.
    """
    with open_media(path, asked) as (container, _):
        ranked = _rank_tracks(container.streams.audio)
    if asked is not None or len(ranked) == 1:
        return TrackChoice(asked or 1, len(ranked))
    decodable: list[int] = []
    for number in ranked:
        with suppress(MediaError):
            if _has_speech(path, number, new_detector):
                return TrackChoice(number, len(ranked))
            decodable.append(number)
    return TrackChoice(decodable[0] if decodable else ranked[0], len(ranked))


def _rank_tracks(streams: Iterable[AudioStream]) -> list[int]:
    """Return the numbers of all tracks, the default ones first, and those aside from the programme last."""
    ranks = {
        number: (bool(stream.disposition & ASIDE), not stream.disposition & Disposition.default)
        for number, stream in enumerate(streams, start=1)
    }
    return sorted(ranks, key=ranks.__getitem__)


def _has_speech(path: Path, track: int, new_detector: NewDetector) -> bool:
    blocks = decode_audio(path, SoundChoice(track), allow_truncated=True)
    found = 0.0
    while found < LEAST_SPEECH and (searched := list(islice(blocks, BLOCKS_AT_ONCE))):
        detector = new_detector()
        for block in searched:
            detector.feed(block)
        found += sum(region.duration for region in detector.finish().regions)
    return found >= LEAST_SPEECH
