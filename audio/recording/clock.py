"""The clock of players: what they show when the first sample of a recording is heard.

Times in airquote count samples from the first. A player shows the file's own clock: the sound of a video may begin
seconds after its pictures, and an MP3 without a LAME header begins with samples that are not part of the sound.
"""

from __future__ import annotations

from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from audio.headers import LONGEST
from audio.media import is_sound, open_media
from audio.packets import read_packets, unstated_delay
from audio.recording.tags import zero_of


def read_offset(path: Path, track: int | None = None) -> float:
    """Return the seconds, to the millisecond, that players show at the first sample of a track.

    0.0 where the file does not tell. Raises MediaError as ``open_media`` does.
    """
    with open_media(path, track) as (container, stream):
        first = _first_time(container, stream)
        offset = 0.0 if first is None else round(first - zero_of(container), 3)
    return offset if abs(offset) <= LONGEST else 0.0


def _first_time(container: InputContainer, stream: AudioStream) -> float | None:
    """Return the time of the first sample on the file's clock, after what is trimmed from its beginning."""
    delay = unstated_delay(container, stream)
    for packet in read_packets(container, stream):
        try:
            frames = [frame for frame in packet.decode() if is_sound(frame)]
        except av.error.FFmpegError:
            continue
        for frame in frames:
            if frame.pts is None or frame.time_base is None:
                return None
            return float(frame.pts * frame.time_base) + delay / frame.sample_rate
    return None
