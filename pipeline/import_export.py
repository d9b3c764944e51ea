"""Import transcript files into the library, and export transcripts as files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from audio.atomic_write import check_new_file, write_output
from audio.errors import InputError, UsageError, correct_input
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
from pipeline.errors import as_failure, remove_first


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """Metadata given with an import; None leaves what is known. ``published`` is YYYY-MM-DD."""

    show: str | None = None
    title: str | None = None
    published: str | None = None

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


def import_transcripts(
    store: Store,
    files: Sequence[Path],
    *,
    audio: Path | None = None,
    details: EpisodeDetails = NO_DETAILS,
    language: str | None = None,
) -> list[Outcome]:
    """Import transcript files, each as an episode; skip those that were imported before.

    ``audio`` is the recording of the only file. A file that fails does not stop the others. The index is not updated:
    the caller does that once, at the end.
    """
    from pipeline.batch.background_merge import BackgroundMerge  # with Whoosh, which an export does not need

    outcomes: list[Outcome] = []
    with BackgroundMerge(store) as merge:
        merge.begin()
        for file in files:
            try:
                outcomes.append(_import_transcript(store, file, audio, details, language))
            except Exception as error:  # noqa: BLE001 - one file never stops the others
                failure = as_failure(error, file)
                outcomes.append(Outcome(str(file), None, "failed", str(failure), failure))
    return outcomes


def _import_transcript(
    store: Store, file: Path, audio: Path | None, details: EpisodeDetails, language: str | None
) -> Outcome:
    transcript = read_transcript(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    settings = json.dumps({"file_sha256": digest})
    known = store.imported_episode(settings)
    if known is not None:
        return Outcome(str(file), known.id, "skipped", _update_details(store, known, audio, details))
    episode = _episode(store, file, audio, details)
    normalized = _normalize(transcript, settings, language)
    store.save_transcript(episode.id, normalized)
    return Outcome(str(file), episode.id, "done", _remark(transcript.language, language, normalized))


def _episode(store: Store, file: Path, audio: Path | None, details: EpisodeDetails) -> Episode:
    name = details.title or file.stem
    draft = Episode(name_episode(name), details.show, name, details.published, str(file), "registered")
    if audio is None:
        return store.add_episode(draft)
    from audio.media import hash_file

    sha256 = hash_file(audio)
    owner = store.episode_by_hash(sha256)
    if owner is None:
        return store.add_episode(_with_recording(draft, audio, sha256))
    if store.facts(owner.id) is not None:
        raise _already_there(audio, owner)
    owner = details.applied_to(owner)
    store.update_episode(owner)
    return owner


def _update_details(store: Store, known: Episode, audio: Path | None, details: EpisodeDetails) -> str:
    """Update the recording, show, title and date of an imported episode; return a remark on what was done."""
    updated = details.applied_to(known)
    if audio is not None:
        from audio.media import hash_file

        sha256 = hash_file(audio)
        owner = store.episode_by_hash(sha256)
        if owner is not None and owner.id != known.id:
            raise _already_there(audio, owner)
        if known.sha256 not in (None, sha256):
            raise InputError(f"{known.id} has another recording already.", remove_first(known.id), where=known.id)
        updated = _with_recording(updated, audio, sha256)
    if updated == known:
        return "already imported"
    store.update_episode(updated)
    return "already imported; recording, show, title or date updated"


def _with_recording(episode: Episode, audio: Path, sha256: str) -> Episode:
    from audio.decode import decode_audio
    from audio.samples import SAMPLE_RATE

    duration = sum(map(len, decode_audio(audio))) / SAMPLE_RATE
    return replace(episode, media=str(audio.absolute()), sha256=sha256, duration=duration)


def _already_there(audio: Path, owner: Episode) -> InputError:
    return InputError(f"{audio} is in the library already, as {owner.id}.", remove_first(owner.id), where=audio)


def _normalize(transcript: Transcript, settings: str, asked: str | None) -> Transcript:
    """The transcript as the store will return it, in the language asked for, stated in the file, or guessed."""
    words = tuple(round_word(word) for word in transcript.words)
    language = asked or language_code(transcript.language)
    if language is None:
        language = guess_language(tokenize_words(word.text for word in words)[0])
    return replace(transcript, words=words, settings=settings, language=language)


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
        file /= f"{episode.id}.{format}"
    check_new_file(file, overwrite)
    with write_output(file) as unfinished:
        unfinished.write_bytes(text.encode())
    return Exported(episode.id, format, str(file), None)
