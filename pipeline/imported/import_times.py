"""The times of an imported transcript, and the recording that they are compared or aligned with."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from audio.recording.sound_choice import SoundChoice
from audio.recording.tag_dates import find_date
from index.storage.store import Store
from index.transcript import Cue, Episode, Transcript, Word
from pipeline.progress import ProgressCallback


@dataclass(frozen=True, slots=True)
class TimingOptions:
    """How the times of a file become those of the sound: ``offset`` seconds are added to all, or each word is aligned
    with what a ``model`` hears, by default the smallest one on this machine. Without either, the clock is checked."""

    offset: float | None = None
    align: bool = False
    model: str | None = None

    @property
    def asks(self) -> bool:
        """Whether times are asked for, also for a file that was imported before."""
        return self.align or self.offset is not None


STATED_TIMES = TimingOptions()


@dataclass(frozen=True, slots=True)
class TimedTranscript:
    """A transcript, how its times were changed, as settings, and what a person should know of them."""

    transcript: Transcript
    changes: Mapping[str, object] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def moved(self, seconds: float | None, *, with_cues: bool = True) -> TimedTranscript:
        """The same with all times so many seconds later; none is before the first sample."""
        if not seconds:
            return self
        words = tuple(_move(word, seconds) for word in self.transcript.words)
        cues = self.transcript.cues
        if with_cues:
            cues = tuple(replace(_move(c, seconds), words=tuple(_move(w, seconds) for w in c.words)) for c in cues)
        moved = replace(self.transcript, words=words, cues=cues)
        return replace(self, transcript=moved, changes={**self.changes, "offset": round(seconds, 3)})


Timed = TypeVar("Timed", Word, Cue)


def _move(timed: Timed, seconds: float) -> Timed:
    return replace(timed, start=max(0.0, timed.start + seconds), end=max(0.0, timed.end + seconds))


def fit_to_sound(
    timed: TimedTranscript, recording: MeasuredAudio, timing: TimingOptions, progress: ProgressCallback
) -> TimedTranscript:
    """Align a transcript with its recording, or check its clock."""
    from pipeline.alignment.clock_check import check_clock
    from pipeline.alignment.listening_model import load_named_or_smallest
    from pipeline.alignment.realignment import align_transcript

    language = timed.transcript.language or "en"
    if timing.align:
        engine = load_named_or_smallest(timing.model, language, progress)
        aligned = align_transcript(timed.transcript, recording.path, recording.sound, engine, language, progress)
        return TimedTranscript(aligned.transcript, {**timed.changes, **aligned.settings}, (aligned.remark,))
    checked = check_clock(timed.transcript, recording.path, recording.sound, language, fixed=timing.offset is not None)
    # The cues stay on the clock of the file: in an export they fit the video that they were made for.
    return replace(timed.moved(checked.shift, with_cues=False), remarks=checked.remarks)


@dataclass(frozen=True, slots=True)
class MeasuredAudio:
    """The recording of an import, with its SHA-256, its size and time, its duration in seconds, which sound of it is
    used, and the date in its tags or name."""

    path: Path
    sha256: str
    status: tuple[int, int] | None
    duration: float
    sound: SoundChoice
    published: str | None

    def applied_to(self, episode: Episode) -> Episode:
        return replace(episode, media=str(self.path.absolute()), sha256=self.sha256, duration=self.duration)

    def save_to(self, store: Store, episode_id: str) -> None:
        """Store which sound is used, and size and time of the file, by which it is found again when it was moved."""
        from pipeline.batch.remembered_files import remember_hash

        store.save_sound(episode_id, self.sound)
        remember_hash(store, self.path, self.status, self.sha256)


def open_recording(store: Store, audio: Path, lock: ExitStack, partial: bool) -> MeasuredAudio | None:
    """Lock a recording and measure it; None if another process holds its lock.

    Raises MediaError for a file that is not a recording.
    """
    from audio.media import hash_file, probe_media
    from audio.recording.survey import survey_recording
    from pipeline.batch.locks import Taken, lock_source
    from pipeline.batch.remembered_files import file_status

    status = file_status(audio)
    sha256 = hash_file(audio)
    try:
        lock.enter_context(lock_source(store.directory, sha256))
    except Taken:
        return None
    owner = store.episode_by_hash(sha256)
    if owner is not None and owner.duration is not None:
        return MeasuredAudio(audio, sha256, status, owner.duration, store.sound(owner.id), owner.published)
    sound, duration = survey_recording(audio, partial=partial)
    published = probe_media(audio).tags.published or find_date(audio.stem)
    return MeasuredAudio(audio, sha256, status, duration, sound, published)
