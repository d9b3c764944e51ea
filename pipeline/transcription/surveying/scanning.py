"""Scan a file for speech in a background thread, and tell what is known of it while that goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from threading import Condition, Thread

from audio.decode import DecodeReport, decode_audio
from audio.headers import seems_cut_off
from audio.media import open_media, probe_media
from audio.prefetch import prefetch
from audio.recording.clock import read_offset
from audio.recording.mix_loss import MixLoss
from audio.recording.sound_choice import SoundChoice
from audio.recording.survey import settle_sound
from audio.recording.tracks import TrackChoice
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span, join_near
from audio.voice_activity import SpeechDetector, SpeechPart, SpeechStream
from audio.windows import Window, WindowPacker
from pipeline.transcription.plan import Plan, Scanned

_HOLE_DISTANCE = 1.0
"""Seconds: holes that are closer to each other are reported as one."""
KEPT_SOUND = 720.0
"""Seconds of a file's beginning whose sound is kept until it is read, in 46 MB at most. When it was decoded again for
them, the first two groups of an interview waited 1.5 and 1.7 s for their sound, of 34 s in all (two cores)."""


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """What is known of a file that is scanned to its end: its duration in seconds, the ``holes`` that could not be
    decoded, the seconds ``lost`` besides them, the sound to use, and how many channels were mixed for it."""

    duration: float
    holes: tuple[Span, ...]
    lost: float
    sound: SoundChoice
    channels: int


class Scan:
    """A file is decoded as fast as it can be, its speech found and packed into windows, in a thread until ``close``.

    ``windows`` and ``speech`` are what is known so far: both only grow. By its end it is settled which mix of the
    channels is used; where that is another than the one that was scanned, what was found is of no use.

    With ``pause_at`` windows it pauses until more are waited for, and then no more: on two cores the first words of an
    hour came after 12 s beside a scan at full speed.
    """

    def __init__(
        self, media: Path, choice: TrackChoice, sound: SoundChoice | None = None, *, partial: bool, pause_at: int
    ) -> None:
        """Begin to scan the ``choice`` of track by its standard mix, or a ``sound`` that is settled.

        ``partial`` accepts a truncated file. Raises MediaError as ``open_media`` does.
        """
        self.media, self.choice = media, choice
        self.sound = sound or SoundChoice(choice.number, None, read_offset(media, choice.number))
        self.windows: list[Window] = []
        self.speech: list[Span] = []
        self.result: ScannedFile | None = None
        """What is known at the end."""
        self._settled, self._partial = sound is not None, partial
        self._pause_at: int | None = pause_at
        self._stated = probe_media(media).duration or 0.0
        self._reached = 0.0
        self._kept: deque[Samples] = deque()
        self._left_to_keep = round(KEPT_SOUND * SAMPLE_RATE)
        self._unread: list[float] = []
        self._error: BaseException | None = None
        self._closed = False
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="scan", daemon=True)
        self._thread.start()

    @property
    def is_mixed_otherwise(self) -> bool:
        """Whether another mix of the channels is to be used than the one that was scanned."""
        return self.result is not None and self.result.sound.weights != self.sound.weights

    def wait(self, windows: int | None = None) -> Iterator[Scanned]:
        """Yield how far the file is scanned until so many windows are known; by default, until all are.

        Raises MediaError for a file that cannot be decoded, as soon as that is known.
        """
        with self._changed:
            if windows is None or (self._pause_at is not None and windows > self._pause_at):
                self._pause_at = None
                self._changed.notify_all()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._unread or self._knows(windows))
                unread, self._unread = self._unread, []
                known = self._knows(windows)
            yield from map(Scanned, unread)
            if known:
                if self._error is not None:
                    raise self._error
                return

    def each_window(self) -> Iterator[Window]:
        """Yield all windows, each as soon as it is known; none after ``close`` that was not known before."""
        for number in count():
            with self._changed:
                while not (self._knows(number + 1) or self._closed):
                    self._changed.wait()
                if number >= len(self.windows):
                    return
                window = self.windows[number]
            yield window

    def blocks(self) -> Iterator[Samples]:
        """Yield the sound from the file's beginning, as ``decode_audio`` does, once: what the scan keeps, as soon as it
        is there, and then the rest, decoded again. It ends after ``close``."""
        read = 0
        while (block := self._take_kept()) is not None:
            read += 1
            yield block
        if self._kept_all_it_may and not self._closed:
            yield from islice(decode_audio(self.media, self.sound, allow_truncated=True), read, None)

    def plan(self, language: str, settings: dict[str, str | int | float], *, mixed: bool) -> Plan:
        """Return the plan of what is known; before the end of the scan its duration is what the header states."""
        with self._changed:
            windows, speech, result = tuple(self.windows), tuple(self.speech), self.result
        tracks = self.choice.tracks
        if result is None:
            duration = max(self._stated, self._reached)
            return Plan(duration, windows, language, settings, (), 0.0, speech, mixed, self.sound, tracks, (), False)
        return Plan(
            result.duration, windows, language, settings, result.holes, result.lost, speech, mixed, result.sound, tracks
        )

    def close(self) -> None:
        """End the scan. What waits for windows or sound gets no more."""
        with self._changed:
            self._closed = True
            self._kept.clear()
            self._changed.notify_all()
        self._thread.join()

    @property
    def _kept_all_it_may(self) -> bool:
        return self._left_to_keep <= 0

    @property
    def _is_over(self) -> bool:
        return self.result is not None or self._error is not None

    def _knows(self, windows: int | None) -> bool:
        return self._is_over or (windows is not None and len(self.windows) >= windows)

    def _run(self) -> None:
        result: ScannedFile | None = None
        try:
            result = self._scan()
        except BaseException as error:  # noqa: BLE001 - raised where the scan is waited for
            self._error = error
        with self._changed:
            self.result = result
            self._changed.notify_all()

    def _scan(self) -> ScannedFile | None:
        """Scan the file; None if it was closed before its end."""
        loss = None if self._settled else MixLoss()
        report = DecodeReport(loss=loss)
        stream, packer = SpeechStream(), WindowPacker()
        for block in prefetch(decode_audio(self.media, self.sound, allow_truncated=self._partial, report=report)):
            self._keep(block)
            part = stream.feed(block)
            self._publish(part, packer.add(part), stream.duration)
            with self._changed:
                while not self._closed and self._pause_at is not None and len(self.windows) >= self._pause_at:
                    self._changed.wait()
            if self._closed:
                return None
        part = stream.end()
        windows = [*packer.add(part), *packer.finish(stream.duration)]
        sound = settle_sound(self.media, self.choice, loss, SpeechDetector) if loss is not None else self.sound
        self._publish(part, windows, None)
        holes = tuple(join_near(report.holes, _HOLE_DISTANCE))
        channels = loss.channels if loss is not None else 0
        return ScannedFile(stream.duration, holes, round(report.lost, 3), sound, channels)

    def _keep(self, block: Samples) -> None:
        with self._changed:
            if not self._kept_all_it_may:
                self._left_to_keep -= len(block)
                self._kept.append(block)
                self._changed.notify_all()

    def _take_kept(self) -> Samples | None:
        """The next kept block, as soon as it is there; None if no more will be kept."""
        with self._changed:
            while not (self._kept or self._kept_all_it_may or self._is_over or self._closed):
                self._changed.wait()
            return self._kept.popleft() if self._kept else None

    def _publish(self, part: SpeechPart, windows: list[Window], reached: float | None) -> None:
        with self._changed:
            self.speech += part.regions
            self.windows += windows
            if reached is not None:
                self._reached = reached
                self._unread.append(reached)
            self._changed.notify_all()


def is_plainly_cut_off(media: Path) -> bool:
    """Whether a file says itself that it lacks its end, so that a scan will hardly find it whole.

    Raises MediaError as ``open_media`` does.
    """
    with open_media(media) as (container, _):
        return seems_cut_off(media, container.format.name)
