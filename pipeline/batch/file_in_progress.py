"""A file in progress: what is known of it until its outcome is, and how what was heard becomes its transcript."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from audio.recording.tag_dates import find_date
from audio.recording.tags import Tags
from index.storage.drafts import VOICES_PART, Draft
from index.storage.store import Store
from index.transcript import Episode, Transcript
from pipeline.batch.episode_details import describe_corrections
from pipeline.batch.remembered_files import remember_hash
from pipeline.batch.sound_remarks import describe_sound
from pipeline.batch.voicing.saved_voices import describe_voices, settle_voices, speak_words
from pipeline.transcription.assembly import assemble_transcript
from pipeline.transcription.corrections import correct_names
from pipeline.transcription.diarization import FoundVoices, VoiceRequest
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Plan, texts_from_json
from pipeline.transcription.verbatim import describe_verbatim
from pipeline.voices.recognition.accepting import accept_unasked

DAMAGE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
"""What parsing raises for a draft or settings that airquote did not write: the library may come from a stranger."""


@dataclass(slots=True)
class FileInProgress:
    """A file in progress, until its outcome is known; ``copies`` are other files with the same content.

    A new episode is not ``stored`` before there is a plan; then ``draft`` is the number of its draft, of which the
    groups are done up to the second ``reached``. ``voices`` are to be found in it, if any are.
    """

    source: Path
    options: TranscriptionOptions
    episode: Episode
    tags: Tags
    stored: bool
    status: tuple[int, int] | None
    draft: int | None
    plan: Plan | None
    voices: VoiceRequest | None
    lock: ExitStack
    reached: float = 0.0
    copies: list[Path] = field(default_factory=list)

    @property
    def key(self) -> str:
        """See InProgress: the SHA-256 of the file."""
        assert self.episode.sha256 is not None
        return self.episode.sha256

    @property
    def name(self) -> str:
        """See InProgress."""
        return str(self.source)

    @property
    def episode_id(self) -> str | None:
        """See InProgress."""
        return self.episode.id if self.stored else None


@dataclass(frozen=True, slots=True)
class BegunFile:
    """What an earlier run has saved of a file: its plan, the numbers of the groups that are done, and its voices."""

    plan: Plan
    done: frozenset[int]
    voices: FoundVoices | None

    @property
    def reached(self) -> float:
        """The time in seconds up to which the finished groups cover the file without a gap."""
        reached = 0.0
        for window in self.plan.windows:
            if self.plan.group_of(window) not in self.done:
                break
            reached = self.plan.progress(window)
        return reached


def read_draft(draft: Draft) -> BegunFile | None:
    """Return what a draft holds; None if it is damaged, and the file is transcribed from its beginning."""
    with suppress(*DAMAGE):
        plan = Plan.from_json(draft.plan)
        if all(window.span.duration > 0 for window in plan.windows):
            return BegunFile(plan, frozenset(draft.parts) - {VOICES_PART}, _read_voices(draft))
    return None


def _read_voices(draft: Draft) -> FoundVoices | None:
    with suppress(*DAMAGE):
        return FoundVoices.from_json(draft.parts[VOICES_PART])
    return None


@dataclass(frozen=True, slots=True)
class HeardFile:
    """What was heard in a file: its words, and who speaks when if that was found."""

    transcript: Transcript
    voices: FoundVoices | None


def is_heard(store: Store, file: FileInProgress) -> bool:
    """Whether all groups of a file are saved, so that its words are known."""
    if file.plan is None or not file.plan.complete:
        return False
    draft = store.draft(file.episode.id, file.options.recipe)
    return draft is not None and draft.parts.keys() >= set(range(file.plan.groups))


def assemble_heard(store: Store, file: FileInProgress) -> HeardFile:
    """Return what was heard in a file whose groups are all saved. Raises DAMAGE for what is not as it was saved."""
    assert file.plan is not None
    draft = store.draft(file.episode.id, file.options.recipe)
    parts = draft.parts if draft else {}
    texts = (text for number in range(file.plan.groups) for text in texts_from_json(parts.pop(number)))
    transcript = assemble_transcript(file.plan, texts, file.options)
    if file.options.glossary:
        transcript = correct_names(transcript, file.options.glossary)
    wanted = draft if file.options.voice_count is not None else None
    return HeardFile(transcript, _read_voices(wanted) if wanted else None)


def save_heard(store: Store, file: FileInProgress, heard: HeardFile) -> list[str]:
    """Save what was heard as the transcript of the file's episode, in one transaction; return remarks on it."""
    assert file.plan is not None
    assert file.episode.sha256 is not None
    transcript = heard.transcript
    tells_speakers = file.options.voice_count is not None and not file.plan.parts  # or each channel is a speaker
    with store.transaction():
        episode = store.episode(file.episode.id) or file.episode  # its title may have been changed meanwhile
        published, edited = episode.published, store.edited_fields(episode.id)
        if "published" not in edited:
            published = published or file.tags.published or find_date(file.source.stem)
        if "language" in edited and file.options.language is None and (facts := store.facts(episode.id)):
            transcript = replace(transcript, language=facts.language)
        store.update_episode(replace(episode, duration=file.plan.duration, published=published))
        is_same = episode.sha256 == file.episode.sha256
        if not is_same:
            store.replace_recording(episode.id, str(file.source.absolute()), file.episode.sha256)
        _save_facts(store, episode.id, file.tags, file.plan)
        voices, remarks = settle_voices(store, episode.id, heard.voices, file.plan.sound if is_same else None)
        if voices is not None and tells_speakers:
            transcript = speak_words(transcript, voices)
            remarks = [*describe_voices(voices), *remarks]
        store.save_transcript(episode.id, transcript)
        remarks = [*remarks, *describe_corrections(store, episode.id)]
        if voices is not None:
            remarks += accept_unasked(store, episode.id, file.options.accept_above)
        remember_hash(store, file.source, file.status, file.episode.sha256)
    silent = [] if transcript.words else ["no speech in it"]
    verbatim = describe_verbatim(file.options.verbatim, file.plan.language)
    return [*silent, *describe_sound(file.plan), *verbatim, *remarks]


def _save_facts(store: Store, episode_id: str, tags: Tags, plan: Plan) -> None:
    store.save_sound(episode_id, plan.sound)
    store.save_number(episode_id, tags.number)
    if tags.chapters:  # else those that its publisher gave stay
        store.save_chapters(episode_id, [chapter.moved(-plan.sound.offset) for chapter in tags.chapters])
