"""Import transcript files into the library, and export transcripts as files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from audio.atomic_write import check_new_file, write_output
from audio.errors import InputError, UsageError, correct_input
from index.formats.reading import parse_transcript, read_file
from index.formats.writing import WRITERS, write_transcript
from index.language.common_words import guess_language
from index.language.language_codes import language_code
from index.language.tokens import tokenize_words
from index.storage.episode_names import file_stem, name_episode
from index.storage.store import Store
from index.storage.word_codec import round_word
from index.transcript import Episode, Transcript, Word
from pipeline.answers import Exported, Outcome
from pipeline.errors import as_failure, check_text, remove_first
from pipeline.progress import ProgressCallback, ignore_progress


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """Metadata given with an import; None leaves what is known. ``published`` is YYYY-MM-DD.

    Raises UsageError for a show or title that is not UTF-8.
    """

    show: str | None = None
    title: str | None = None
    published: str | None = None

    def __post_init__(self) -> None:
        check_text("show", self.show)
        check_text("title", self.title)

    def applied_to(self, episode: Episode) -> Episode:
        """Return the episode with this metadata."""
        return replace(
            episode,
            show=self.show or episode.show,
            title=self.title or episode.title,
            published=self.published or episode.published,
        )


NO_DETAILS = EpisodeDetails()

SHOWN_LANGUAGE = 40
"""The most characters shown of the language that a file states."""


def parse_date(text: str) -> str:
    """Return the date of an episode as YYYY-MM-DD. Raises UsageError for text that is not a date."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise UsageError(f"{text!r} is not a date.", correct_input("Write it as 2024-05-31."), where=text) from None


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


def import_transcripts(
    store: Store,
    files: Sequence[Path],
    *,
    audio: Path | None = None,
    details: EpisodeDetails = NO_DETAILS,
    language: str | None = None,
    timing: TimingOptions = STATED_TIMES,
    progress: ProgressCallback = ignore_progress,
) -> list[Outcome]:
    """Import transcript files, each as an episode; skip those that were imported before, unless ``timing`` is asked.

    ``audio`` is the recording of the only file, with which its times are compared. A file that fails does not stop the
    others. The index is not updated: the caller does that once, at the end.
    """
    from pipeline.batch.background_merge import BackgroundMerge  # with Whoosh, which an export does not need

    outcomes: list[Outcome] = []
    with BackgroundMerge(store) as merge:
        merge.begin()
        for file in files:
            try:
                outcomes.append(_import_transcript(store, file, audio, details, language, timing, progress))
            except Exception as error:  # noqa: BLE001 - one file never stops the others
                failure = as_failure(error, file)
                outcomes.append(Outcome(str(file), None, "failed", str(failure), failure))
    return outcomes


def _import_transcript(
    store: Store,
    file: Path,
    audio: Path | None,
    details: EpisodeDetails,
    language: str | None,
    timing: TimingOptions,
    progress: ProgressCallback,
) -> Outcome:
    data = read_file(file)
    transcript = parse_transcript(data, file)
    digest = hashlib.sha256(data).hexdigest()
    timed = _Timed(_normalize(transcript, language), {"offset": timing.offset} if timing.offset else {})
    with ExitStack() as lock:
        sha256 = _lock_recording(store, audio, lock) if audio is not None else None
        if audio is not None and sha256 is None:
            return Outcome(str(file), None, "skipped", f"another airquote is transcribing or importing {audio}")
        if audio is not None and (timing.asks or store.imported_episode(_settings(digest)) is None):
            timed = _fit_to_sound(timed.transcript, audio, timing, progress)
        recording = _find_recording(store, audio, sha256, timed.duration) if audio is not None and sha256 else None
        placed = replace(_shift_times(timed.transcript, timed.shift), settings=_settings(digest, timed.changes))
        # One transaction: an interruption leaves all or nothing, and a second import of the file finds the first.
        with store.transaction():
            known = store.imported_episode(_settings(digest))
            updated = _update_details(store, known, recording, details) if known is not None else None
            if known is not None and not timing.asks:
                return Outcome(str(file), known.id, "skipped", updated)
            episode = known or _add_episode(store, file, digest, recording, details)
            store.save_transcript(episode.id, placed)
    remark = _remark(transcript.language, language, placed)
    return Outcome(str(file), episode.id, "done", "; ".join(filter(None, (remark, *timed.remarks))) or None)


def _settings(digest: str, changes: Mapping[str, object] = MappingProxyType({})) -> str:
    """The settings of an import: the file's hash, by which it is found again, and how its times were changed."""
    return json.dumps({"file_sha256": digest, **changes}, ensure_ascii=False)


# Times


@dataclass(frozen=True, slots=True)
class _Timed:
    """A transcript, how its times were or are to be changed, what a person should know of them, and the seconds that
    its recording lasts, if that was heard."""

    transcript: Transcript
    changes: Mapping[str, object]
    remarks: tuple[str, ...] = ()
    duration: float | None = None

    @property
    def shift(self) -> float:
        """The seconds by which all times are still to be moved."""
        offset = self.changes.get("offset")
        return offset if isinstance(offset, float) else 0.0


def _fit_to_sound(transcript: Transcript, audio: Path, timing: TimingOptions, progress: ProgressCallback) -> _Timed:
    """Align a transcript with its recording, or check its clock."""
    from pipeline.alignment.clock_check import check_clock, find_speech
    from pipeline.alignment.listening_model import load_named_or_smallest
    from pipeline.alignment.realignment import align_transcript

    language = transcript.language or "en"
    if timing.align:
        engine = load_named_or_smallest(timing.model, language, progress)
        aligned = align_transcript(transcript, audio, engine, language, progress)
        return _Timed(aligned.transcript, aligned.settings, (aligned.remark,), aligned.duration)
    speech = find_speech(audio)
    checked = check_clock(transcript, audio, speech, language, timing.offset)
    return _Timed(transcript, {"offset": checked.shift} if checked.shift else {}, checked.remarks, speech.duration)


def _shift_times(transcript: Transcript, seconds: float) -> Transcript:
    """Return the transcript with all times so many seconds later, as they are stored; none is before the sound."""
    return replace(transcript, words=tuple(round_word(_shift_word(word, seconds)) for word in transcript.words))


def _shift_word(word: Word, seconds: float) -> Word:
    return replace(word, start=max(0.0, word.start + seconds), end=max(0.0, word.end + seconds))


# Recordings and episodes


@dataclass(frozen=True, slots=True)
class _MeasuredAudio:
    """The recording of an import, with its SHA-256 and its duration in seconds."""

    path: Path
    sha256: str
    duration: float

    def applied_to(self, episode: Episode) -> Episode:
        return replace(episode, media=str(self.path.absolute()), sha256=self.sha256, duration=self.duration)


def _lock_recording(store: Store, audio: Path, lock: ExitStack) -> str | None:
    """Lock a recording and return its SHA-256; None if another process holds its lock.

    Raises MediaError for a file that cannot be read.
    """
    from audio.media import hash_file
    from pipeline.batch.locks import Taken, lock_source

    sha256 = hash_file(audio)
    try:
        lock.enter_context(lock_source(store.directory, sha256))
    except Taken:
        return None
    return sha256


def _find_recording(store: Store, audio: Path, sha256: str, duration: float | None) -> _MeasuredAudio:
    """Return a recording with its duration, which is measured unless it is known. Raises MediaError if it is none."""
    owner = store.episode_by_hash(sha256)
    known = owner.duration if owner is not None else None
    return _MeasuredAudio(audio, sha256, known or duration or _measure_duration(audio))


def _measure_duration(audio: Path) -> float:
    from audio.decode import decode_audio
    from audio.samples import SAMPLE_RATE

    return sum(map(len, decode_audio(audio))) / SAMPLE_RATE


def _add_episode(
    store: Store, file: Path, digest: str, recording: _MeasuredAudio | None, details: EpisodeDetails
) -> Episode:
    """Return the new episode of a transcript file, or the one of its recording where that has no transcript yet."""
    name = details.title or file.stem
    draft = Episode(name_episode(name), details.show, name, details.published, str(file), "registered")
    if recording is None:
        return store.add_episode(draft, digest)
    owner = store.episode_by_hash(recording.sha256)
    if owner is None:
        return store.add_episode(recording.applied_to(draft))
    if store.facts(owner.id) is not None:
        raise _already_there(recording, owner)
    owner = details.applied_to(owner)
    store.update_episode(owner)
    return owner


def _update_details(store: Store, known: Episode, recording: _MeasuredAudio | None, details: EpisodeDetails) -> str:
    """Update the recording, show, title and date of an imported episode; return a remark on what was done."""
    updated = details.applied_to(known)
    if recording is not None:
        owner = store.episode_by_hash(recording.sha256)
        if owner is not None and owner.id != known.id:
            raise _already_there(recording, owner)
        if known.sha256 not in (None, recording.sha256):
            raise InputError(f"{known.id} has another recording already.", remove_first(known.id), where=known.id)
        updated = recording.applied_to(updated)
    if updated == known:
        return "already imported"
    store.update_episode(updated)
    return "already imported; recording, show, title or date updated"


def _already_there(recording: _MeasuredAudio, owner: Episode) -> InputError:
    message = f"{recording.path} is in the library already, as {owner.id}."
    return InputError(message, remove_first(owner.id), where=recording.path)


def _normalize(transcript: Transcript, asked: str | None) -> Transcript:
    """The transcript in the language asked for, stated in the file, or guessed."""
    language = asked or language_code(transcript.language)
    if language is None:
        language = guess_language(tokenize_words(word.text for word in transcript.words)[0])
    return replace(transcript, language=language)


def _remark(stated: str | None, asked: str | None, imported: Transcript) -> str | None:
    """What is remarkable about an import that succeeded."""
    if not imported.words:
        return "no words in it"
    if asked is not None or stated is None or language_code(stated) is not None:
        return None
    guessed = (
        f"guessed {imported.language} from its words"
        if imported.language
        else "and it cannot be guessed from its words"
    )
    return f"it states {stated[:SHOWN_LANGUAGE]!r}, which is not a language; {guessed}"


def export_transcript(
    episode: Episode, transcript: Transcript, format: str | None, target: str | Path | None, *, overwrite: bool = False
) -> Exported:
    """Write a transcript in a format to ``target``, or to a file in that folder; without one return its text.

    Without a ``format`` it is that of the target's extension, else txt. Raises UsageError for an unknown format and as
    ``check_new_file`` does, OutputError if it cannot be written.
    """
    if format is None:
        ending = Path(target).suffix[1:] if target is not None else ""
        format = ending if ending in WRITERS else "txt"
    text = write_transcript(transcript, format)
    if target is None:
        return Exported(episode.id, format, None, text)
    file = Path(target)
    if file.is_dir():
        file /= f"{file_stem(episode.id)}.{format}"
    check_new_file(file, overwrite)
    with write_output(file) as unfinished:
        unfinished.write_bytes(text.encode())
    return Exported(episode.id, format, str(file), None)
