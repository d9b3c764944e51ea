"""Find speech at places spread over a recording, without decoding all of it.

Where exactly a place lies does not matter here: a container is sought as it can be.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np

from audio.decode import resample_blocks
from audio.errors import MediaError
from audio.headers import estimated_duration, stated_duration
from audio.media import open_media
from audio.packets import PacketDecoder, read_packets
from audio.recording.ogg_links import find_links
from audio.recording.sound_choice import SoundChoice
from audio.recording.tracks import NewDetector
from audio.samples import Samples
from audio.windows import pack_windows, read_windows

SEARCHED = 90
"""Pieces of sound, of about a second, that are searched for speech at each place: it fills a window where half of them
are speech, and reaches beyond nearly any music and advertisement."""

MOST_OFF = 60.0
"""Seconds by which a place may be missed: beyond it the container cannot be sought."""


def sample_speech(path: Path, sound: SoundChoice, places: int, new_detector: NewDetector) -> list[Samples]:
    """Return up to 30 s of speech, float32, (samples,), from each of several places where there is any.

    Empty for a file that is too short for them or cannot be sought.
    """
    try:
        if len(find_links(path)) > 1:
            return []
        found = [_speech_at(path, sound, (2 * place + 1) / (2 * places), new_detector) for place in range(places)]
    except (MediaError, _NotSoughtError):
        return []
    return [samples for samples in found if len(samples)]


class _NotSoughtError(Exception):
    """A seek did not lead to where it should."""


def _speech_at(path: Path, sound: SoundChoice, share: float, new_detector: NewDetector) -> Samples:
    """Return the first window of speech behind a ``share`` of a recording."""
    with open_media(path, sound.track) as (container, stream):
        duration = stated_duration(path, container, stream) or estimated_duration(container, stream)
        if not duration or stream.time_base is None:
            raise _NotSoughtError
        start = (stream.start_time or 0) + int(share * duration / stream.time_base)
        container.seek(start, stream=stream)
        packets = read_packets(container, stream)
        reached = next((packet.pts for packet in packets if packet.pts is not None), None)
        if reached is None or abs(float((reached - start) * stream.time_base)) > MOST_OFF:
            raise _NotSoughtError
        decoder = PacketDecoder(container, stream, from_start=False)
        blocks = (block for packet in packets for block, real in decoder.decode(packet) if real)
        pieces = [mixes[0] for mixes in islice(resample_blocks(blocks, [sound.weights]), SEARCHED)]
    detector = new_detector()
    for piece in pieces:
        detector.feed(piece)
    windows = pack_windows(detector.finish())
    return next((samples for _, samples in read_windows(pieces, windows[:1])), np.zeros(0, np.float32))
