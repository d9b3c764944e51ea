"""What shapes the voices that are found in a recording, as JSON: how many they may be, and which sound is heard."""

from __future__ import annotations

import json

from audio.recording.sound_choice import SoundChoice
from audio.voices.voice_count import VoiceCount


def describe_finding(count: VoiceCount, sound: SoundChoice) -> str:
    """Return the settings with which voices are found, as a canonical JSON object."""
    settings = {"fewest": count.fewest, "most": count.most, "track": sound.track, "weights": sound.weights}
    return json.dumps(settings, sort_keys=True)


def read_count(settings: str) -> VoiceCount:
    """Return for how many voices these settings are. Raises ValueError, TypeError or LookupError for other text."""
    saved = json.loads(settings)
    fewest, most = saved["fewest"], saved["most"]
    if not all(number is None or isinstance(number, int) for number in (fewest, most)):
        raise ValueError(f"voices cannot be from {fewest!r:.60} to {most!r:.60}")
    return VoiceCount(fewest, most)
