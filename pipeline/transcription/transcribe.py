"""Transcribe one file: voice activity detection, windows, words, in groups that can be saved as they are finished.

Groups follow from the list of windows alone. So a run that was killed resumes after the groups that were saved,
and ends with the same transcript as an uninterrupted one.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np

from audio.decode import DecodeReport, decode_audio
from audio.prefetch import prefetch
from audio.recording.bleed import own_speech
from audio.recording.channels import detect_mixes, one_channel
from audio.recording.mix_loss import MixLoss
from audio.recording.sound_choice import SoundChoice
from audio.recording.survey import settle_sound
from audio.recording.tracks import choose_track
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span, join_near
from audio.voice_activity import Speech, SpeechDetector
from audio.windows import Window, pack_windows, read_windows
from pipeline.engines.base import DecodingOptions, Engine, check_language
from pipeline.transcription import quality
from pipeline.transcription.decoding import WindowSound
from pipeline.transcription.diarization import FoundVoices, VoiceRequest, VoicesScanned, find_voices
from pipeline.transcription.fallback import decode_windows
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import ChannelPart, Group, Plan, Scanned

_log = logging.getLogger("airquote.transcription")

_HOLE_DISTANCE = 1.0
"""Seconds: holes that are closer to each other are reported as one."""

_OWN_MARGIN = 0.2
"""Seconds of a channel that are kept around its own speech: soft onsets and fading ends."""

_LANGUAGE_WINDOWS = 5
"""Windows, spread over the file, that are used for language identification."""


def transcribe_media(
    media: Path,
    engine: Engine,
    options: TranscriptionOptions,
    plan: Plan | None = None,
    done: Collection[int] = (),
    *,
    seed: int = 0,
    voices: VoiceRequest | None = None,
) -> Iterator[Scanned | Plan | Group | VoicesScanned | FoundVoices]:
    """Yield the plan of a file, unless one for this engine is given, then each group that is not ``done``, then who
    speaks when, if that is asked for and not known; channels that are transcribed separately are a speaker each.

    While the plan is made, yield how far the file is scanned for speech, and likewise for voices.

    ``seed`` is that of the file: sampling in a window is seeded with it and the window's number.
    Raises MediaError for a file that cannot be decoded, ModelError for a language that the model does not know,
    LanguageError if the file does not seem to be in the language assumed.
    """
    if plan is None or plan.settings != _settings(engine):
        plan, done = (yield from make_plan(media, engine, options)), ()
        _log.info("%s: %.1f s, %d windows, language %s", media, plan.duration, len(plan.windows), plan.language)
        yield plan
    groups = groupby(_read_sounds(media, plan, done, seed), key=lambda item: plan.group_of(item[0]))
    decoding = DecodingOptions(prompt=options.window_prompt(plan.language), detect_language=plan.mixed)
    # The next group is read while the engine works.
    for number, group in prefetch(((number, list(group)) for number, group in groups), 1):
        refuse = number == 0 and not options.force
        texts = decode_windows(engine, [sound for _, sound in group], decoding, refuse_wrong_language=refuse)
        yield Group(number, tuple(texts), plan.progress(group[-1][0]))
    if voices is not None and plan.windows and not plan.parts and voices.needs(plan.sound):
        yield from find_voices(media, plan.sound, voices.count)


def _read_sounds(media: Path, plan: Plan, done: Collection[int], seed: int) -> Iterator[tuple[Window, WindowSound]]:
    """Yield the windows of the groups that are not done, with their sound."""
    for sound, windows, speech in plan.sounds():
        missing = [window for window in windows if plan.group_of(window) not in done]
        blocks = decode_audio(media, sound, allow_truncated=True) if missing else iter(())
        for window, samples in read_windows(blocks, missing):
            spans = window.window_spans(speech)
            heard = _silence_others(samples, spans) if plan.parts else samples
            yield window, WindowSound(heard, spans, plan.language, seed + window.number)


def _silence_others(samples: Samples, speech: Sequence[Span]) -> Samples:
    """Return the samples of a channel with silence where others speak, whom its microphone hears too."""
    own = np.zeros(len(samples), bool)
    for span in speech:
        own[max(0, round((span.start - _OWN_MARGIN) * SAMPLE_RATE)) : round((span.end + _OWN_MARGIN) * SAMPLE_RATE)] = (
            True
        )
    return np.where(own, samples, np.float32(0))


def _settings(engine: Engine) -> dict[str, str | int | float]:
    return {**engine.settings, "guards": quality.VERSION}


def make_plan(media: Path, engine: Engine, options: TranscriptionOptions) -> Generator[Scanned, None, Plan]:
    """Find the speech in the whole file, cut it into windows and determine the language; yield how far it is scanned.

    Three hours of sound take half a minute, and the first step a tenth of a second.
    """
    if options.language is not None:
        check_language(engine.model, engine.multilingual, options.language, known=True)
    choice = choose_track(media, options.track, SpeechDetector)
    loss = MixLoss()
    report = DecodeReport(loss=loss)
    speech = yield from _detect_speech(media, SoundChoice(choice.number), options, report)
    sound = settle_sound(media, choice, loss, SpeechDetector)
    if sound.weights is not None:
        speech = yield from _detect_speech(media, sound, options, DecodeReport())
    windows = pack_windows(speech)
    parts: tuple[ChannelPart, ...] = ()
    if options.channels == "separate" and loss.channels > 1:
        windows, parts = _pack_channels(media, sound, loss.channels)
    mixed = options.language is None and engine.multilingual
    language = options.language or "en"
    if mixed and speech.regions:
        language = _identify_language(media, sound, engine, pack_windows(speech))
    settings, holes = _settings(engine), tuple(join_near(report.holes, _HOLE_DISTANCE))
    return Plan(
        speech.duration, windows, language, settings, holes, round(report.lost, 3), speech.regions, mixed, sound,
        choice.tracks, parts,
    )  # fmt: skip


def _pack_channels(
    media: Path, sound: SoundChoice, channels: int
) -> tuple[tuple[Window, ...], tuple[ChannelPart, ...]]:
    """Find the speech of each channel and cut it into windows; those of all channels are numbered through."""
    weights = [one_channel(channel, channels) for channel in range(channels)]
    windows: list[Window] = []
    parts: list[ChannelPart] = []
    own = own_speech(detect_mixes(media, sound.track, weights, SpeechDetector))
    for number, (alone, speech) in enumerate(zip(weights, own, strict=True), start=1):
        packed, before = pack_windows(speech), len(windows)
        if packed:
            parts.append(ChannelPart(number, alone, len(packed), speech.regions))
            windows += [replace(window, number=before + window.number) for window in packed]
    return tuple(windows), tuple(parts)


def _detect_speech(
    media: Path, sound: SoundChoice, options: TranscriptionOptions, report: DecodeReport
) -> Generator[Scanned, None, Speech]:
    detector = SpeechDetector()
    for block in prefetch(decode_audio(media, sound, allow_truncated=options.partial, report=report)):
        detector.feed(block)
        yield Scanned(detector.samples / SAMPLE_RATE)
    return detector.finish()


def _identify_language(media: Path, sound: SoundChoice, engine: Engine, windows: Sequence[Window]) -> str:
    count = min(_LANGUAGE_WINDOWS, len(windows))
    chosen = [windows[(2 * number + 1) * len(windows) // (2 * count)] for number in range(count)]
    sounds = read_windows(decode_audio(media, sound, allow_truncated=True), chosen)
    return engine.detect_language([samples for _, samples in sounds])
