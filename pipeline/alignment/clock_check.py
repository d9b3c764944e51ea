"""Check the clock of an imported transcript: do its times fit the recording, and which offset would?

A file's own times count from the start of its container, which for a video may be seconds before its sound begins;
airquote's count from the first sample. That difference is known and applied. What else does not fit is only told: a
person can hear which is right.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from audio.decode import decode_audio
from audio.errors import MachineError
from audio.prefetch import prefetch
from audio.recording.sound_choice import SoundChoice
from audio.timecode import format_time
from audio.voice_activity import Speech, SpeechDetector
from index.transcript import Transcript
from pipeline.alignment.activity_fit import fit_activity
from pipeline.alignment.hearing_fit import HeardWindows, fit_hearing
from pipeline.alignment.listening_model import load_smallest
from pipeline.alignment.stated_spans import ClockFit, StatedSpan, read_spans

_log = logging.getLogger("airquote.alignment")

LEAST_START = 0.1
"""Seconds: an earlier start is the delay of a codec, or too little to tell."""


@dataclass(frozen=True, slots=True)
class ClockCheck:
    """The result of the check: the seconds by which the times are moved, and what a person should know."""

    shift: float = 0.0
    remarks: tuple[str, ...] = ()


def find_speech(media: Path, sound: SoundChoice) -> Speech:
    """Detect the speech in a whole recording. Raises MediaError as ``decode_audio`` does."""
    detector = SpeechDetector()
    for block in prefetch(decode_audio(media, sound, allow_truncated=True)):
        detector.feed(block)
    return detector.finish()


def check_clock(
    transcript: Transcript, media: Path, sound: SoundChoice, language: str, *, fixed: bool = False
) -> ClockCheck:
    """Compare the times of a transcript with the sound of its recording.

    Moved are times that count from the start of a file in which the sound begins later, unless they are ``fixed``. The
    sound is asked by a few recognised windows, or by voice activity alone where no model on this machine knows the
    ``language``.
    """
    spans = read_spans(transcript)
    speech = find_speech(media, sound)
    heard = _hear(spans, media, sound, speech, language)
    fit = heard.fit if heard.matched is not None else fit_activity(spans, speech)
    start = sound.offset if sound.offset >= LEAST_START and not fixed else 0.0
    shift = _choose_shift(fit, start)
    remarks = []
    if shift:
        remarks.append(f"moved by {shift:+.2f} s, since the sound begins {start:.2f} s after the video")
    remarks += _describe_misfit(heard, fit, shift)
    return ClockCheck(shift, tuple(remarks))


def _hear(spans: list[StatedSpan], media: Path, sound: SoundChoice, speech: Speech, language: str) -> HeardWindows:
    if not spans or not speech.regions:
        return HeardWindows(None, None)
    try:
        return fit_hearing(spans, speech, media, sound, load_smallest(language), language)
    except MachineError as error:
        _log.info("no words are compared: %s", error)
        return HeardWindows(None, None)


def _choose_shift(fit: ClockFit | None, start: float) -> float:
    """Return the shift for a sound that begins at ``start``, or none if the times fit better as they are."""
    if fit is not None and abs(fit.lag) < abs(fit.lag + start):
        return 0.0
    return -start if start else 0.0


def _describe_misfit(heard: HeardWindows, fit: ClockFit | None, shift: float) -> list[str]:
    """Say what does not fit, with the offset that would."""
    if heard.other_words:
        return ["the sound says other words: is it the transcript of another recording?"]
    if heard.torn:
        return ["its times fit different parts of the sound by different offsets, as those of another cut: align it"]
    if fit is None or fit.is_right(shift):
        return []
    first, last = fit.first_and_last
    by = f"by {fit.method}"
    if fit.drift:
        return [
            f"its times do not fit the sound ({by}): an offset of {first:+.2f} s would at its beginning, of"
            f" {last:+.2f} s at its end, {format_time(fit.duration)}: they drift by {100 * fit.drift:+.3f} %; align it"
        ]
    return [f"its times do not fit the sound ({by}): an offset of {fit.lag:+.2f} s would"]
