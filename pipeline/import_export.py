"""Transcripts that exist already come in, and transcripts go out, as files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from audio.atomic_write import write_atomically
from audio.errors import (
    InputError,
    OutputError,
    UsageError,
    allow_overwrite,
    choose_other_file,
    correct_input,
    make_room,
)
from index.formats.reading import read_transcript
from index.formats.writing import WRITERS, write_transcript
from index.language.common_words import guess_language
from index.language.language_codes import language_code
from index.language.tokens import tokenize_words
from index.storage.episode_names import name_episode
from index.storage.store import Store
from index.storage.word_codec import round_word
from index.transcript import Episode, Transcript
from pipeline.answers import Exported, Outcome
from pipeline.errors import remove_first


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """What is told of an episode beside its transcript; None leaves what is known. ``published`` is YYYY-MM-DD."""

    show: str | None = None
    title: str | None = None
    published: str | None = None

    def applied_to(self, episode: Episode) -> Episode:
        """The episode with what is told here."""
        return replace(
            episode,
            show=self.show or episode.show,
            title=self.title or episode.title,
            published=self.published or episode.published,
        )


UNTOLD = EpisodeDetails()

SHOWN_LANGUAGE = 40
"""Characters shown of what a file states as its language."""


def parse_date(text: str) -> str:
    """``text`` as the date of an episode, YYYY-MM-DD. Raises UsageError for what is no day of the calendar."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise UsageError(f"{text!r} is not a date.", correct_input("Write it as 2024-05-31."), where=text) from None


def parse_language(text: str) -> str:
    """``text`` as the code of a language. Raises UsageError for what is not one."""
    code = language_code(text)
    if code is None:
        advice = correct_input("Write its code or its English name, such as de or German.")
        raise UsageError(f"{text!r} is not a language.", advice, where=text)
    return code


def import_transcripts(
    store: Store,
    files: Sequence[Path],
    *,
    audio: Path | None = None,
    details: EpisodeDetails = UNTOLD,
    language: str | None = None,
) -> list[Outcome]:
    """Put transcript files into the library, each as an episode; the same file again is skipped.

    ``audio`` ties the only file to its sound. A file that fails does not stop the others. The index is not touched:
    whoever imports updates it once, at the end.
    """
    from pipeline.batch.background_merge import BackgroundMerge  # with Whoosh, which an export does not need

    outcomes: list[Outcome] = []
    with BackgroundMerge(store) as merge:
        merge.begin()
        for file in files:
            try:
                outcomes.append(_import_transcript(store, file, audio, details, language))
            except InputError as error:
                outcomes.append(Outcome(str(file), None, "failed", str(error), error))
    return outcomes


def _import_transcript(
    store: Store, file: Path, audio: Path | None, details: EpisodeDetails, language: str | None
) -> Outcome:
    transcript = read_transcript(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    settings = json.dumps({"file_sha256": digest})
    known = store.imported_episode(settings)
    if known is not None:
        return Outcome(str(file), known.id, "skipped", _renew(store, known, audio, details))
    episode = _episode(store, file, audio, details)
    settled = _settled(transcript, settings, language)
    store.save_transcript(episode.id, settled)
    return Outcome(str(file), episode.id, "done", _remark(transcript.language, language, settled))


def _episode(store: Store, file: Path, audio: Path | None, details: EpisodeDetails) -> Episode:
    name = details.title or file.stem
    draft = Episode(name_episode(name), details.show, name, details.published, str(file), "registered")
    if audio is None:
        return store.add_episode(draft)
    from audio.media import hash_file

    sha256 = hash_file(audio)
    owner = store.episode_by_hash(sha256)
    if owner is None:
        return store.add_episode(_tied(draft, audio, sha256))
    if store.facts(owner.id) is not None:
        raise _taken(audio, owner)
    owner = details.applied_to(owner)
    store.update_episode(owner)
    return owner


def _renew(store: Store, known: Episode, audio: Path | None, details: EpisodeDetails) -> str:
    """Give an imported episode the sound, show, title and date that are asked for now; tells what was done."""
    renewed = details.applied_to(known)
    if audio is not None:
        from audio.media import hash_file

        sha256 = hash_file(audio)
        owner = store.episode_by_hash(sha256)
        if owner is not None and owner.id != known.id:
            raise _taken(audio, owner)
        if known.sha256 not in (None, sha256):
            raise InputError(f"{known.id} is tied to other sound already.", remove_first(known.id), where=known.id)
        renewed = _tied(renewed, audio, sha256)
    if renewed == known:
        return "already imported"
    store.update_episode(renewed)
    return "already imported; its sound, show, title or date is now as asked"


def _tied(episode: Episode, audio: Path, sha256: str) -> Episode:
    from audio.decode import decode_audio
    from audio.samples import SAMPLE_RATE

    duration = sum(map(len, decode_audio(audio))) / SAMPLE_RATE
    return replace(episode, media=str(audio.absolute()), sha256=sha256, duration=duration)


def _taken(audio: Path, owner: Episode) -> InputError:
    return InputError(f"{audio} is in the library already, as {owner.id}.", remove_first(owner.id), where=audio)


def _settled(transcript: Transcript, settings: str, asked: str | None) -> Transcript:
    """The transcript as the store will give it back, in the language asked for, stated in the file, or guessed."""
    words = tuple(round_word(word) for word in transcript.words)
    language = asked or language_code(transcript.language)
    if language is None:
        language = guess_language(tokenize_words(word.text for word in words)[0])
    return replace(transcript, words=words, settings=settings, language=language)


def _remark(stated: str | None, asked: str | None, settled: Transcript) -> str | None:
    """What a person should know of an import that succeeded."""
    if not settled.words:
        return "no words in it"
    if asked is not None or stated is None or language_code(stated) is not None:
        return None
    guessed = f"guessed {settled.language} from its words" if settled.language else "and its words do not tell which"
    return f"it states {stated[:SHOWN_LANGUAGE]!r}, which is not a language; {guessed}"


def export_transcript(
    episode: Episode, transcript: Transcript, layout: str, target: Path | None, *, overwrite: bool = False
) -> Exported:
    """Write the transcript in a layout to ``target``, or to a file in it if that is a folder.

    Without a target the text is returned and nothing is written. Raises UsageError for an unknown layout and for a
    file that exists, OutputError for one that cannot be written.
    """
    if layout not in WRITERS:
        raise UsageError(
            f"{layout!r} is not a transcript format.",
            correct_input(f"Choose one of {', '.join(WRITERS)}."),
            where=layout,
        )
    text = write_transcript(transcript, layout)
    if target is None:
        return Exported(episode.id, layout, None, text)
    file = target / f"{episode.id}.{layout}" if target.is_dir() else target
    if file.exists() and not overwrite:
        raise UsageError(f"{file} exists already.", allow_overwrite(), where=file)
    if not file.parent.is_dir():
        raise UsageError(
            f"There is no folder {file.parent}.",
            choose_other_file("Make it first, or name another."),
            where=file.parent,
        )
    try:
        with write_atomically(file) as unfinished:
            unfinished.write_bytes(text.encode())
    except OSError as error:
        raise OutputError(
            f"{file} could not be written: {error.strerror}.", make_room("Make room, or choose another."), where=file
        ) from error
    return Exported(episode.id, layout, str(file), None)
