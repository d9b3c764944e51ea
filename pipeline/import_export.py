"""Import transcript files into the library."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from audio.errors import InputError, WayOut, correct_input
from audio.recording.tag_dates import find_date
from index.errors import TranscriptFileError
from index.formats.cues import TranscriptFile
from index.formats.encodings.transcript_decoding import check_encoding
from index.formats.import_assembly import assemble_import
from index.formats.reading import parse_file, read_file, read_stream
from index.language.language_codes import language_code
from index.language.language_guess import guess_language
from index.storage.codecs.cue_codec import round_cue
from index.storage.codecs.word_codec import round_word
from index.storage.episode_names import name_episode
from index.storage.store import Store
from index.transcript import Episode, Flaw, Transcript
from pipeline.answers import Outcome
from pipeline.batch.episode_details import (
    NO_DETAILS,
    EpisodeDetails,
    describe_changes,
    describe_corrections,
    describe_kept,
)
from pipeline.batch.transcript_files import name_source
from pipeline.errors import IMPORT_ANEW, REPLACE_RECORDING, REPLACE_TRANSCRIPT, TOLERATE_FLAWS, as_failure, remove_first
from pipeline.imported.import_times import (
    STATED_TIMES,
    MeasuredAudio,
    TimedTranscript,
    TimingOptions,
    fit_to_sound,
    open_recording,
)
from pipeline.imported.word_origin import PUBLISHER, file_of, publisher_of
from pipeline.progress import ProgressCallback, ignore_progress

NAMED_FLAWS = 3
"""The most flaws of a file that a remark names."""

SHOWN_LANGUAGE = 40
"""The most characters shown of the language that a file states."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The options of an import.

    ``details`` are for all files, ``dates`` for single ones. ``audio`` is the recording of the only file, with which
    its times are compared; ``partial`` accepts one that is cut off. ``encoding`` is that of the files, detected without
    one. ``strict`` refuses a file with flaws; ``force`` imports a file anew that was imported before, or whose
    recording has a transcript, which it replaces.
    """

    audio: Path | None = None
    details: EpisodeDetails = NO_DETAILS
    dates: Mapping[Path, str] = field(default_factory=dict)
    language: str | None = None
    encoding: str | None = None
    strict: bool = False
    partial: bool = False
    force: bool = False
    timing: TimingOptions = STATED_TIMES

    def details_of(self, file: Path) -> EpisodeDetails:
        """Return the details of the episode of a file."""
        return replace(self.details, published=self.dates.get(file, self.details.published))


DEFAULT_OPTIONS = ImportOptions()


def import_transcripts(
    store: Store,
    files: Sequence[Path | BinaryIO],
    options: ImportOptions = DEFAULT_OPTIONS,
    progress: ProgressCallback = ignore_progress,
) -> list[Outcome]:
    """Import transcript files or streams, each as an episode; skip those imported before, also if changed since.

    A file that fails does not stop the others. Raises UsageError for an unknown encoding. The index is not updated: the
    caller does that once, at the end.
    """
    from pipeline.batch.background_merge import BackgroundMerge  # with Whoosh, which an export does not need

    check_encoding(options.encoding)
    outcomes: list[Outcome] = []
    with BackgroundMerge(store) as merge:
        merge.begin()
        for file in files:
            name = name_source(file)
            try:
                outcomes.append(_import_transcript(store, file, name, options, progress))
            except Exception as error:  # noqa: BLE001 - one file never stops the others
                failure = as_failure(error, name)
                outcomes.append(Outcome(str(name), None, "failed", str(failure), failure))
    return outcomes


@dataclass(frozen=True, slots=True)
class _ReadTranscript:
    """A file or stream as it was read: what it is called, its absolute path (None for a stream), hash and content."""

    file: Path
    path: Path | None
    sha256: str
    content: TranscriptFile


@dataclass(frozen=True, slots=True)
class _EarlierImport:
    """The episode that was imported from a file before, and whether the file has another content now."""

    episode: Episode
    changed: bool

    def is_kept(self, options: ImportOptions) -> bool:
        """Whether its transcript stays: options that give the same words other times need not be forced."""
        return not (options.force or (options.timing.asks and not self.changed))


def _import_transcript(
    store: Store, source: Path | BinaryIO, file: Path, options: ImportOptions, progress: ProgressCallback
) -> Outcome:
    audio, timing = options.audio, options.timing
    read = _read_transcript(source, file, options)
    earlier = _find_earlier(store, read)
    spoken = options.language or _edited_language(store, earlier) or find_language(read.content)
    timed = TimedTranscript(assemble_import(read.content, spoken)).moved(timing.offset)
    if timing.offset and all(word.end <= 0 for word in timed.transcript.words):
        raise TranscriptFileError(
            f"With an offset of {timing.offset:g} s all of {file} lies before the recording begins.",
            correct_input("Give a smaller offset."),
            where=file,
        )
    with ExitStack() as lock:
        recording = open_recording(store, audio, lock, options.partial) if audio is not None else None
        if audio is not None and recording is None:
            return Outcome(str(file), None, "skipped", f"another airquote is transcribing or importing {audio}")
        if recording is not None and not (earlier and earlier.is_kept(options)):
            timed = fit_to_sound(timed, recording, timing, progress)
        # One transaction: an interruption leaves all or nothing, and a second import of the file finds the first.
        with store.transaction():
            return _save_import(store, read, timed, recording, options)


def _read_transcript(source: Path | BinaryIO, file: Path, options: ImportOptions) -> _ReadTranscript:
    data = read_file(source) if isinstance(source, Path) else read_stream(source, file)
    content = parse_file(data, file, options.encoding, untimed=options.timing.align)
    if options.strict and content.flaws:
        raise TranscriptFileError(
            f"{file} is not imported: {_describe_flaws(content.flaws)}.", TOLERATE_FLAWS, where=file
        )
    path = file.absolute() if isinstance(source, Path) else None
    return _ReadTranscript(file, path, hashlib.sha256(data).hexdigest(), content)


def _find_earlier(store: Store, read: _ReadTranscript) -> _EarlierImport | None:
    """Return the episode of a file with this hash, or of an earlier content at this path; None if there is none."""
    same = store.imported_episode(describe_settings(read.sha256))
    other = store.imported_from(str(read.path)) if same is None and read.path is not None else None
    found = same or other
    return _EarlierImport(found, changed=other is not None) if found else None


def _save_import(
    store: Store,
    read: _ReadTranscript,
    timed: TimedTranscript,
    recording: MeasuredAudio | None,
    options: ImportOptions,
) -> Outcome:
    """Save the transcript of a file as an episode, or skip a file that was imported before."""
    earlier, details, source = _find_earlier(store, read), options.details_of(read.file), str(read.file)
    kept = earlier is not None and earlier.is_kept(options)
    if earlier and earlier.changed and kept:
        reason = f"imported before as {earlier.episode.id}, and changed since"
        return Outcome(source, earlier.episode.id, "skipped", reason, advice=IMPORT_ANEW)
    news = _update_details(store, earlier.episode, recording, details, force=options.force) if earlier else ()
    if earlier and kept:
        news = (*news, *_update_language(store, earlier.episode, options.language))
        return Outcome(source, earlier.episode.id, "skipped", "; ".join(["already imported", *news]))
    episode = earlier.episode if earlier else _add_episode(store, read, recording, details, force=options.force)
    if store.facts(episode.id) is not None:
        news = ("transcript replaced", *news)
    if recording is not None:
        recording.save_to(store, episode.id)
    changes = {**_publisher_of(store, episode, read.sha256), **timed.changes}
    placed = as_stored(timed.transcript, describe_settings(read.sha256, changes))
    store.save_transcript(episode.id, placed)
    news = (*news, *describe_corrections(store, episode.id))
    given = options.language or _edited_language(store, earlier)
    remarks = (describe_import(read.content.language, given, placed), *timed.remarks, *news)
    guess = placed.language or "" if given is None and language_code(read.content.language) is None else None
    return Outcome(
        source, episode.id, "done", "; ".join(filter(None, remarks)) or None, flaws=read.content.flaws, guess=guess
    )


def _publisher_of(store: Store, episode: Episode, digest: str) -> dict[str, object]:
    """Return the publisher of an episode as a setting if this file is its transcript: that stays the publisher's."""
    facts = store.facts(episode.id)
    publisher = publisher_of(facts.settings) if facts is not None and file_of(facts.settings) == digest else None
    return {} if publisher is None else {PUBLISHER: publisher}


def describe_settings(digest: str, changes: Mapping[str, object] | None = None) -> str:
    """The settings of an import: the file's hash, by which it is found again, and how its times were changed."""
    return json.dumps({"file_sha256": digest, **(changes or {})}, ensure_ascii=False)


# Episodes


def _add_episode(
    store: Store, read: _ReadTranscript, recording: MeasuredAudio | None, details: EpisodeDetails, *, force: bool
) -> Episode:
    """Return the new episode of a file, or that of its recording: without a transcript yet, or one to be replaced."""
    file = read.path or read.file
    name = details.title or file.stem
    published = details.published or (recording and recording.published) or find_date(file.stem)
    draft = Episode(name_episode(name), details.show, name, published, str(file), "registered")
    if recording is None:
        return store.add_episode(draft, read.sha256)
    owner = store.episode_by_hash(recording.sha256)
    if owner is None:
        return store.add_episode(recording.applied_to(draft))
    if store.facts(owner.id) is not None and not force:
        raise _already_there(recording, owner, REPLACE_TRANSCRIPT)
    owner = details.applied_to(owner, store.edited_fields(owner.id))
    store.update_episode(owner)
    return owner


def _update_details(
    store: Store, known: Episode, recording: MeasuredAudio | None, details: EpisodeDetails, *, force: bool
) -> tuple[str, ...]:
    """Update the recording, show, title and date of an imported episode; return remarks on what was changed."""
    updated = details.applied_to(known, store.edited_fields(known.id))
    if recording is not None:
        if force and known.sha256 != recording.sha256:
            store.replace_recording(known.id, None, None)
            known = replace(known, media=None, sha256=None)
        check_recording(store, known, recording)
        updated = recording.applied_to(updated)
    if updated != known:
        store.update_episode(updated)
        if recording is not None:
            recording.save_to(store, known.id)
    return (*describe_changes(known, updated), *describe_kept(store, known, details))


def _update_language(store: Store, known: Episode, language: str | None) -> list[str]:
    """Give a transcript that stays as it is the language that is given now; return a remark if that changes it."""
    facts = store.facts(known.id)
    if facts is None or language in (None, facts.language):
        return []
    if "language" in store.edited_fields(known.id):
        return ["language edited by hand, so kept"]
    store.save_language(known.id, language)
    return [f"language: {facts.language or '-'} → {language}"]


def check_recording(store: Store, known: Episode, recording: MeasuredAudio) -> None:
    """Raise InputError for a recording that another episode has, or an episode that has another recording."""
    owner = store.episode_by_hash(recording.sha256)
    if owner is not None and owner.id != known.id:
        raise _already_there(recording, owner, remove_first(owner.id))
    if known.sha256 not in (None, recording.sha256):
        raise InputError(f"{known.id} has another recording already.", REPLACE_RECORDING, where=known.id)


def _already_there(recording: MeasuredAudio, owner: Episode, way_out: WayOut) -> InputError:
    message = f"{recording.path} is in the library already, as {owner.id}."
    return InputError(message, way_out, where=recording.path)


def _edited_language(store: Store, earlier: _EarlierImport | None) -> str | None:
    """The language that a person gave the transcript of this file, None if nobody did."""
    if earlier is None or "language" not in store.edited_fields(earlier.episode.id):
        return None
    facts = store.facts(earlier.episode.id)
    return facts.language if facts is not None else None


def find_language(content: TranscriptFile) -> str | None:
    """The language that a file states or, where that is none, a guess."""
    return language_code(content.language) or guess_language(cue.text for cue in content.cues)


def as_stored(transcript: Transcript, settings: str) -> Transcript:
    """The transcript as the store will return it."""
    words = tuple(round_word(word) for word in transcript.words)
    cues = tuple(round_cue(cue) for cue in transcript.cues)
    return replace(transcript, words=words, cues=cues, settings=settings)


def describe_import(stated: str | None, asked: str | None, imported: Transcript) -> str | None:
    """What is remarkable about an import that succeeded."""
    remarks = [_describe_flaws(imported.flaws)] if imported.flaws else []
    if not imported.words:
        remarks.append("no words in it")
    elif asked is None and stated is not None and language_code(stated) is None:
        guessed = (
            f"guessed {imported.language} from its words"
            if imported.language
            else "and it cannot be guessed from its words"
        )
        remarks.append(f"it states {stated[:SHOWN_LANGUAGE]!r}, which is not a language; {guessed}")
    return "; ".join(remarks) or None


def _describe_flaws(flaws: Sequence[Flaw]) -> str:
    """How many places were left out or repaired, and the first of them with what is wrong."""
    lost = sum(flaw.left_out for flaw in flaws)
    counts = [f"{lost} left out" if lost else "", f"{len(flaws) - lost} repaired" if lost < len(flaws) else ""]
    named = "; ".join(f"{flaw.place}: {flaw.problem}" for flaw in flaws[:NAMED_FLAWS])
    more = ", ..." if len(flaws) > NAMED_FLAWS else ""
    return f"{', '.join(filter(None, counts))} ({named}{more})"
