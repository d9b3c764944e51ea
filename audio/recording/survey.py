"""Settle which sound of a recording is used, once all of it has been decoded by its standard mix."""

from __future__ import annotations

from pathlib import Path

from audio.decode import DecodeReport, decode_audio
from audio.recording.channels import choose_weights
from audio.recording.clock import read_offset
from audio.recording.mix_loss import MixLoss
from audio.recording.sound_choice import SoundChoice
from audio.recording.tracks import NewDetector, TrackChoice, choose_track
from audio.samples import SAMPLE_RATE
from audio.voice_activity import SpeechDetector


def settle_sound(
    path: Path, choice: TrackChoice, loss: MixLoss, new_detector: NewDetector = SpeechDetector
) -> SoundChoice:
    """Return the sound of a track whose ``loss`` was measured while it was decoded: with its mix and its offset."""
    weights = choose_weights(path, choice.number, loss, new_detector)
    return SoundChoice(choice.number, weights, read_offset(path, choice.number))


def survey_recording(path: Path, *, partial: bool = False) -> tuple[SoundChoice, float]:
    """Return the sound of a recording that is used, and its length in seconds.

    Raises MediaError as ``decode_audio`` does, TruncatedMediaError for a file that is cut off, unless ``partial``.
    """
    choice, loss = choose_track(path, None), MixLoss()
    blocks = decode_audio(path, SoundChoice(choice.number), allow_truncated=partial, report=DecodeReport(loss=loss))
    duration = sum(map(len, blocks)) / SAMPLE_RATE
    return settle_sound(path, choice, loss), duration
