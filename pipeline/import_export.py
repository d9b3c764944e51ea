"""Transcripts that exist already come in, and transcripts go out, as files."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from audio.errors import InputError, OutputError, UsageError
from index.formats.reading import read_transcript
from index.formats.writing import WRITERS, write_transcript
from index.language.common_words import guess_language
from index.language.tokens import tokenize_words
from index.storage.episode_names import name_episode
from index.storage.store import Store
from index.storage.word_codec import round_word
from index.transcript import Episode, Transcript
from pipeline.answers import Outcome


@dataclass(frozen=True, slots=True)
class About:
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


NOTHING = About()


def parse_date(text: str) -> str:
    """``text`` as the date of an episode, YYYY-MM-DD. Raises UsageError for what is no day of the calendar."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise UsageError(f"{text!r} is not a date.", "Write it as 2024-05-31.") from None


def import_transcript(
    store: Store,
    file: Path,
    *,
    audio: Path | None = None,
    about: About = NOTHING,
    language: str | None = None,
) -> Outcome:
    """Put a transcript file into the library as an episode; the same file again is skipped.

    ``audio`` ties it to its sound. The index is not touched: whoever imports a batch updates it once, at its end.
    Raises InputError for a file that is no transcript, or sound that is not sound or is in the library already.
    """
    transcript = read_transcript(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    settings = json.dumps({"file_sha256": digest})
    known = store.imported_episode(settings)
    if known is not None:
        return Outcome(str(file), known.id, "skipped", _renew(store, known, audio, about))
    episode = _episode(store, file, audio, about)
    store.save_transcript(episode.id, _settled(transcript, settings, language))
    return Outcome(str(file), episode.id, "done", None if transcript.words else "no words in it")


def _episode(store: Store, file: Path, audio: Path | None, about: About) -> Episode:
    name = about.title or file.stem
    draft = Episode(name_episode(name), about.show, name, about.published, str(file), "registered")
    if audio is None:
        return store.add_episode(draft)
    from audio.media import hash_file

    sha256 = hash_file(audio)
    owner = store.episode_by_hash(sha256)
    if owner is None:
        return store.add_episode(_tied(draft, audio, sha256))
    if store.facts(owner.id) is not None:
        raise _taken(audio, owner)
    owner = about.applied_to(owner)
    store.update_episode(owner)
    return owner


def _renew(store: Store, known: Episode, audio: Path | None, about: About) -> str:
    """Give an imported episode the sound, show, title and date that are asked for now; tells what was done."""
    renewed = about.applied_to(known)
    if audio is not None:
        from audio.media import hash_file

        sha256 = hash_file(audio)
        owner = store.episode_by_hash(sha256)
        if owner is not None and owner.id != known.id:
            raise _taken(audio, owner)
        if known.sha256 not in (None, sha256):
            raise InputError(f"{known.id} is tied to other sound already.", f"First: airquote remove {known.id}")
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
    return InputError(
        f"{audio} is in the library already, as {owner.id}.", f"To replace it, first: airquote remove {owner.id}"
    )


def _settled(transcript: Transcript, settings: str, language: str | None) -> Transcript:
    """The transcript as the store will give it back, in a language that search can use."""
    words = tuple(round_word(word) for word in transcript.words)
    spoken = language or transcript.language
    if spoken is None:
        spoken = guess_language(tokenize_words(word.text for word in words)[0])
    return replace(transcript, words=words, settings=settings, language=spoken)


def export_transcript(
    episode: Episode, transcript: Transcript, layout: str, target: Path | None, *, overwrite: bool = False
) -> tuple[str, Path | None]:
    """The transcript in a layout, and the file it was written to: ``target``, or one in it if that is a folder.

    Without a target nothing is written. Raises UsageError for an unknown layout and for a file that exists.
    """
    if layout not in WRITERS:
        raise UsageError(f"{layout!r} is not a transcript format.", f"Choose one of {', '.join(WRITERS)}.")
    text = write_transcript(transcript, layout)
    if target is None:
        return text, None
    file = target / f"{episode.id}.{layout}" if target.is_dir() else target
    if file.exists() and not overwrite:
        raise UsageError(f"{file} exists already.", "Name another file, or add --overwrite.")
    if not file.parent.is_dir():
        raise UsageError(f"There is no folder {file.parent}.", "Make it first, or name another.")
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        partial.write_bytes(text.encode())
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(f"{file} could not be written: {error.strerror}.", "Make room, or choose another.") from error
    return text, file
