"""Transcribe one file: voice activity detection, windows, words, in groups that can be saved as they are finished.

The engine begins as soon as the first windows are known, while the rest of the file is scanned for speech beside it.
What group a window is in follows from its number alone. So a run that was killed resumes after the groups that were
saved, and ends with the same transcript as an uninterrupted one.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

from audio.decode import decode_audio
from audio.prefetch import prefetch
from audio.recording.sound_choice import SoundChoice
from audio.recording.tracks import choose_track
from audio.samples import Samples
from audio.seeking.sampled_speech import sample_speech
from audio.timecode import Span
from audio.voice_activity import SpeechDetector
from audio.windows import Window, read_windows
from pipeline.engines.base import DecodingOptions, Engine, check_language
from pipeline.transcription import quality
from pipeline.transcription.decoding import WindowSound
from pipeline.transcription.diarization import FoundVoices, VoiceRequest, VoicesScanned, find_voices
from pipeline.transcription.fallback import decode_windows
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan, Scanned, first_window, group_number
from pipeline.transcription.surveying.channel_speech import pack_channels, silence_others
from pipeline.transcription.surveying.scanning import Scan, is_plainly_cut_off

_log = logging.getLogger("airquote.transcription")

_LANGUAGE_WINDOWS = 5
"""Windows, spread over the file, that are used for language identification."""

_GroupSounds = tuple[int, list[tuple[Window, WindowSound]]]
"""The number of a group, and its windows with their sound."""


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
    """Yield the plan of a file and each group that is not ``done``, then who speaks when, if that is asked for and not
    known; channels that are transcribed separately are a speaker each.

    Without a complete ``plan`` for this engine the file is scanned for speech, how far is yielded too, and the plan is
    yielded again as it grows. One that does not continue the plan before begins anew: the groups before it are void.

    ``seed`` is that of the file: sampling in a window is seeded with it and the window's number.
    Raises MediaError for a file that cannot be decoded, ModelError for a language that the model does not know,
    LanguageError if the file does not seem to be in the language assumed.
    """
    transcriber = _FileTranscriber(media, engine, options, seed)
    if plan is not None and plan.settings != transcriber.settings:
        plan, done = None, ()
    if plan is not None and plan.complete:
        yield from transcriber.decode_planned(plan, done)
    else:
        plan = yield from transcriber.scan_and_decode(plan, done)
    if voices is not None and plan.windows and not plan.parts and voices.needs(plan.sound):
        yield from find_voices(media, plan.sound, voices.count)


def settings_of(engine: Engine) -> dict[str, str | int | float]:
    """Return what shapes the words of a plan besides engine and model: those with the same are of one transcript."""
    return {**engine.settings, "guards": quality.VERSION}


@dataclass(frozen=True, slots=True)
class _FileTranscriber:
    """The transcription of one file; see ``transcribe_media``."""

    media: Path
    engine: Engine
    options: TranscriptionOptions
    seed: int

    @property
    def settings(self) -> dict[str, str | int | float]:
        """What shapes the words besides engine and model."""
        return settings_of(self.engine)

    @property
    def mixed(self) -> bool:
        """Whether the language is to be identified, and may change."""
        return self.options.language is None and self.engine.multilingual

    def decode_planned(self, plan: Plan, done: Collection[int]) -> Iterator[Group]:
        """Yield the groups of a complete plan that are not done."""
        # The next group is read while the engine works.
        for number, sounds in prefetch(_in_groups(self._read_planned(plan, done)), 1):
            yield self._decode(plan, number, sounds)

    def scan_and_decode(
        self, saved: Plan | None, done: Collection[int]
    ) -> Generator[Scanned | Plan | Group, None, Plan]:
        """Scan the file and decode what is known of it meanwhile; return the complete plan.

        ``saved`` is the plan of an earlier run that did not scan the file to its end.
        """
        if self.options.language is not None:
            check_language(self.engine.model, self.engine.multilingual, self.options.language, known=True)
        choice = choose_track(self.media, self.options.track, SpeechDetector)
        sound = saved.sound if saved is not None and saved.sound.weights is not None else None
        while True:
            partial = self.options.partial
            with closing(Scan(self.media, choice, sound, partial=partial, pause_at=first_window(1))) as scan:
                if self.options.channels == "separate":
                    plan = yield from self._plan_channels(scan)
                    scan.close()
                    yield plan
                    yield from self.decode_planned(plan, ())
                    return plan
                whole = yield from self._decode_scanned(scan, saved, done)
                if whole is not None:
                    return whole
                assert scan.result is not None
                sound = scan.result.sound
            _log.info("%s: the standard mix of its channels loses speech; it begins anew with another", self.media)
            saved, done = None, ()

    def _decode_scanned(
        self, scan: Scan, saved: Plan | None, done: Collection[int]
    ) -> Generator[Scanned | Plan | Group, None, Plan | None]:
        """Decode the windows that a scan finds; return the complete plan, or None if another mix is to be used."""
        whole_first = not self.options.partial and is_plainly_cut_off(self.media)
        yield from scan.wait(None if whole_first else max(first_window(1), len(saved.windows) if saved else 0))
        language = saved.language if saved else (yield from self._find_language(scan))
        plan = scan.plan(language, self.settings, mixed=self.mixed)
        if scan.is_mixed_otherwise:
            return None
        if saved is not None and not plan.continues(saved):
            done = ()
        yield plan
        windows = (window for window in scan.each_window() if group_number(window.number) not in done)
        groups = prefetch(_in_groups(self._read_sounds(scan.blocks(), windows, scan.speech, language)), 1)
        try:
            for number in count():
                yield from scan.wait(first_window(number + 1))
                if scan.is_mixed_otherwise:
                    return None
                known = plan if plan.complete else scan.plan(language, self.settings, mixed=self.mixed)
                if number in done and not known.complete:
                    continue
                if known != plan:
                    plan = known
                    yield plan  # before its group: what is saved of a group is of windows that are saved
                if number >= plan.groups:
                    break
                if number not in done:
                    yield self._decode(plan, *next(groups))
        finally:
            scan.close()  # first, because the thread that reads ahead may be waiting for it
            groups.close()
        _log.info("%s: %.1f s, %d windows, language %s", self.media, plan.duration, len(plan.windows), language)
        return plan

    def _plan_channels(self, scan: Scan) -> Generator[Scanned, None, Plan]:
        """Return the plan of a file whose channels are transcribed separately, where there are several."""
        yield from scan.wait()
        language = yield from self._find_language(scan)
        assert scan.result is not None
        plan = replace(scan.plan(language, self.settings, mixed=self.mixed), sound=scan.result.sound)
        if scan.result.channels > 1:
            windows, parts = pack_channels(self.media, plan.sound, scan.result.channels)
            plan = replace(plan, windows=windows, parts=parts)
        return plan

    def _find_language(self, scan: Scan) -> Generator[Scanned, None, str]:
        """Return the language that was asked for, or else that of speech at some places of the file.

        Where these cannot be sought the scan is waited for.
        """
        if not self.mixed:
            return self.options.language or "en"
        if len(scan.windows) >= first_window(1):
            sampled = sample_speech(self.media, scan.sound, _LANGUAGE_WINDOWS, SpeechDetector)
            if sampled:
                return self.engine.detect_language(sampled)
        yield from scan.wait()
        return self._identify_language(scan.sound, scan.windows) if scan.windows else "en"

    def _identify_language(self, sound: SoundChoice, windows: Sequence[Window]) -> str:
        number = min(_LANGUAGE_WINDOWS, len(windows))
        chosen = [windows[(2 * place + 1) * len(windows) // (2 * number)] for place in range(number)]
        sounds = read_windows(decode_audio(self.media, sound, allow_truncated=True), chosen)
        return self.engine.detect_language([samples for _, samples in sounds])

    def _read_planned(self, plan: Plan, done: Collection[int]) -> Iterator[tuple[Window, WindowSound]]:
        """Yield the windows of the groups that are not done, with their sound."""
        for sound, windows, speech in plan.sounds():
            missing = [window for window in windows if plan.group_of(window) not in done]
            if missing:
                blocks = decode_audio(self.media, sound, allow_truncated=True)
                yield from self._read_sounds(blocks, missing, speech, plan.language, separate=bool(plan.parts))

    def _read_sounds(
        self,
        blocks: Iterable[Samples],
        windows: Iterable[Window],
        speech: Sequence[Span],
        language: str,
        *,
        separate: bool = False,
    ) -> Iterator[tuple[Window, WindowSound]]:
        """Yield windows with their sound; ``speech`` reaches to the end of each when it is its turn."""
        for window, samples in read_windows(blocks, windows):
            spans = window.window_spans(speech)
            heard = silence_others(samples, spans) if separate else samples
            yield window, WindowSound(heard, spans, language, self.seed + window.number)

    def _decode(self, plan: Plan, number: int, sounds: Sequence[tuple[Window, WindowSound]]) -> Group:
        decoding = DecodingOptions(prompt=self.options.window_prompt(plan.language), detect_language=plan.mixed)
        refuse = number == 0 and not self.options.force
        heard = [sound for _, sound in sounds]
        texts = decode_windows(self.engine, heard, decoding, refuse_wrong_language=refuse)
        return Group(number, tuple(texts), plan.progress(sounds[-1][0]))


def _in_groups(sounds: Iterator[tuple[Window, WindowSound]]) -> Iterator[_GroupSounds]:
    """Yield whole groups, each as soon as its last window is there."""
    for window, sound in sounds:
        number = group_number(window.number)
        others = islice(sounds, first_window(number + 1) - window.number - 1)
        yield number, [(window, sound), *others]
