"""Import transcript files into the library."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial as partial_call
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from audio.errors import InputError, correct_input
from audio.recording.tag_dates import find_date
from index.errors import TranscriptFileError
from index.formats.cues import TranscriptFile
from index.formats.encodings.transcript_decoding import check_encoding
from index.formats.import_assembly import assemble_import
from index.formats.reading import parse_file, read_file, read_stream
from index.language.common_words import guess_language
from index.language.language_codes import language_code
from index.language.tokens import tokenize_words
from index.storage.cue_codec import round_cue
from index.storage.episode_names import name_episode
from index.storage.store import Store
from index.storage.word_codec import round_word
from index.transcript import Episode, Flaw, Transcript
from pipeline.answers import Outcome
from pipeline.batch.episode_details import NO_DETAILS, EpisodeDetails, describe_kept
from pipeline.batch.transcript_files import name_source
from pipeline.errors import TOLERATE_FLAWS, as_failure, remove_first
from pipeline.imported.import_times import (
    STATED_TIMES,
    MeasuredAudio,
    TimedTranscript,
    TimingOptions,
    fit_to_sound,
    open_recording,
)
from pipeline.progress import ProgressCallback, ignore_progress

NO_DATES: Mapping[Path, str] = MappingProxyType({})

SHOWN_LANGUAGE = 40
"""The most characters shown of the language that a file states."""


def import_transcripts(
    store: Store,
    files: Sequence[Path | BinaryIO],
    *,
    audio: Path | None = None,
    details: EpisodeDetails = NO_DETAILS,
    dates: Mapping[Path, str] = NO_DATES,
    language: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    partial: bool = False,
    timing: TimingOptions = STATED_TIMES,
    progress: ProgressCallback = ignore_progress,
) -> list[Outcome]:
    """Import transcript files or streams, each as an episode; skip those imported before, unless ``timing`` is asked.

    ``dates`` are those of single files. ``audio`` is the recording of the only file, with which its times are
    compared; ``partial`` accepts one that is cut off. ``encoding`` is that of the files, detected without one.
    ``strict`` refuses a file with flaws. A file that fails does not stop the others. Raises UsageError for an unknown
    encoding. The index is not updated: the caller does that once, at the end.
    """
    from pipeline.batch.background_merge import BackgroundMerge  # with Whoosh, which an export does not need

    check_encoding(encoding)
    one = partial_call(
        _import_transcript, store, audio=audio, language=language, encoding=encoding, strict=strict,
        partial=partial, timing=timing, progress=progress,
    )  # fmt: skip
    outcomes: list[Outcome] = []
    with BackgroundMerge(store) as merge:
        merge.begin()
        for file in files:
            name = name_source(file)
            try:
                outcomes.append(one(file, name, details=replace(details, published=dates.get(name, details.published))))
            except Exception as error:  # noqa: BLE001 - one file never stops the others
                failure = as_failure(error, name)
                outcomes.append(Outcome(str(name), None, "failed", str(failure), failure))
    return outcomes


def _import_transcript(
    store: Store,
    source: Path | BinaryIO,
    file: Path,
    *,
    audio: Path | None,
    details: EpisodeDetails,
    language: str | None,
    encoding: str | None,
    strict: bool,
    partial: bool,
    timing: TimingOptions,
    progress: ProgressCallback,
) -> Outcome:
    data = read_file(source) if isinstance(source, Path) else read_stream(source, file)
    content = parse_file(data, file, encoding, untimed=timing.align)
    if strict and content.flaws:
        raise TranscriptFileError(
            f"{file} is not imported: {_describe_flaws(content.flaws)}.", TOLERATE_FLAWS, where=file
        )
    digest = hashlib.sha256(data).hexdigest()
    spoken = language or _edited_language(store, digest) or find_language(content)
    timed = TimedTranscript(assemble_import(content, spoken)).moved(timing.offset)
    if timing.offset and all(word.end <= 0 for word in timed.transcript.words):
        raise TranscriptFileError(
            f"With an offset of {timing.offset:g} s all of {file} lies before the recording begins.",
            correct_input("Give a smaller offset."),
            where=file,
        )
    with ExitStack() as lock:
        recording = open_recording(store, audio, lock, partial) if audio is not None else None
        if audio is not None and recording is None:
            return Outcome(str(file), None, "skipped", f"another airquote is transcribing or importing {audio}")
        if recording is not None and (timing.asks or store.imported_episode(describe_settings(digest)) is None):
            timed = fit_to_sound(timed, recording, timing, progress)
        placed = as_stored(timed.transcript, describe_settings(digest, timed.changes))
        # One transaction: an interruption leaves all or nothing, and a second import of the file finds the first.
        with store.transaction():
            known = store.imported_episode(describe_settings(digest))
            updated = _update_details(store, known, recording, details) if known is not None else None
            if known is not None and not timing.asks:
                return Outcome(str(file), known.id, "skipped", updated)
            episode = known or _add_episode(store, file, digest, recording, details)
            if recording is not None:
                recording.save_to(store, episode.id)
            store.save_transcript(episode.id, placed)
    remarks = (describe_import(content.language, language, placed), *timed.remarks)
    return Outcome(str(file), episode.id, "done", "; ".join(filter(None, remarks)) or None, flaws=content.flaws)


def describe_settings(digest: str, changes: Mapping[str, object] | None = None) -> str:
    """The settings of an import: the file's hash, by which it is found again, and how its times were changed."""
    return json.dumps({"file_sha256": digest, **(changes or {})}, ensure_ascii=False)


# Episodes


def _add_episode(
    store: Store, file: Path, digest: str, recording: MeasuredAudio | None, details: EpisodeDetails
) -> Episode:
    """Return the new episode of a transcript file, or the one of its recording where that has no transcript yet."""
    name = details.title or file.stem
    published = details.published or (recording and recording.published) or find_date(file.stem)
    draft = Episode(name_episode(name), details.show, name, published, str(file), "registered")
    if recording is None:
        return store.add_episode(draft, digest)
    owner = store.episode_by_hash(recording.sha256)
    if owner is None:
        return store.add_episode(recording.applied_to(draft))
    if store.facts(owner.id) is not None:
        raise _already_there(recording, owner)
    owner = details.applied_to(owner, store.edited_fields(owner.id))
    store.update_episode(owner)
    return owner


def _update_details(store: Store, known: Episode, recording: MeasuredAudio | None, details: EpisodeDetails) -> str:
    """Update the recording, show, title and date of an imported episode; return a remark on what was done."""
    updated = details.applied_to(known, store.edited_fields(known.id))
    kept = describe_kept(store, known, details)
    if recording is not None:
        check_recording(store, known, recording)
        updated = recording.applied_to(updated)
    if updated == known:
        return "; ".join(filter(None, ["already imported", kept]))
    store.update_episode(updated)
    if recording is not None:
        recording.save_to(store, known.id)
    return "; ".join(filter(None, ["already imported", "recording, show, title or date updated", kept]))


def check_recording(store: Store, known: Episode, recording: MeasuredAudio) -> None:
    """Raise InputError for a recording that another episode has, or an episode that has another recording."""
    owner = store.episode_by_hash(recording.sha256)
    if owner is not None and owner.id != known.id:
        raise _already_there(recording, owner)
    if known.sha256 not in (None, recording.sha256):
        raise InputError(f"{known.id} has another recording already.", remove_first(known.id), where=known.id)


def _already_there(recording: MeasuredAudio, owner: Episode) -> InputError:
    message = f"{recording.path} is in the library already, as {owner.id}."
    return InputError(message, remove_first(owner.id), where=recording.path)


def _edited_language(store: Store, digest: str) -> str | None:
    """The language that a person gave the transcript of this file, None if nobody did."""
    known = store.imported_episode(describe_settings(digest))
    facts = store.facts(known.id) if known is not None and "language" in store.edited_fields(known.id) else None
    return facts.language if facts is not None else None


def find_language(content: TranscriptFile) -> str | None:
    """The language that a file states or, where that is none, a guess."""
    return language_code(content.language) or guess_language(tokenize_words(cue.text for cue in content.cues)[0])


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
    """How many places were left out or repaired, and the first of them."""
    lost = sum(flaw.left_out for flaw in flaws)
    counts = [f"{lost} left out" if lost else "", f"{len(flaws) - lost} repaired" if lost < len(flaws) else ""]
    more = ", ..." if len(flaws) > 1 else ""
    return f"{', '.join(filter(None, counts))} ({flaws[0].place}: {flaws[0].problem}{more})"
