"""What a site says of episodes and shows: these facts alone are published, whatever else the library knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from audio.recording.chapters import Chapter
from index.credentials import without_credentials
from index.formats.json.podcast_chapters import write_podcast_chapters
from index.formats.writing import write_transcript
from index.notes import EpisodeNotes, Person
from index.speaker_labels import is_unnamed
from index.storage.store import Store
from index.storage.transcript_reader import TranscriptFacts
from index.transcript import Episode, Transcript
from pipeline.imported.word_origin import find_origin
from pipeline.lookup import find_transcript
from pipeline.printable import clean_text
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.stored_values import read_value
from pipeline.site.public_transcripts import Block, PublicParagraph, list_blocks

SOUND_TYPES = {
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg", ".opus": "audio/ogg",
    ".flac": "audio/flac", ".wav": "audio/wav", ".mp4": "video/mp4", ".webm": "video/webm",
}  # fmt: skip
"""Media types by the extensions of addresses, for sound whose feed states none."""

DOCUMENT_TYPES = {"vtt": "text/vtt", "json": "application/json", "chapters.json": "application/json+chapters"}
"""Media types of the files beside the page of an episode, by their endings (podcast-namespace, tags/transcript.md)."""


@dataclass(frozen=True, slots=True)
class PublicSound:
    """Where visitors hear an episode: ``type`` is None for an address that is no sound file, ``size`` in bytes."""

    address: str
    type: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class PublicEpisode:
    """What the page of an episode shows. ``stem`` is the name of its files without their endings.

    ``identity`` is what its feed calls it, None if it is of no feed. ``notes`` are paragraphs of lines. ``words_from``
    says whose words these are, and ``offset`` what players show at the first sample. ``documents`` are the texts of the
    files beside the page.
    """

    id: str
    stem: str
    title: str
    show: str | None
    published: str | None
    number: str | None
    season: str | None
    duration: float | None
    language: str | None
    identity: str | None
    sound: PublicSound | None
    page: str | None
    offset: float
    people: tuple[Person, ...]
    speakers: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]
    words_from: str
    blocks: tuple[Block, ...]
    documents: Mapping[str, str]

    @property
    def chapters(self) -> list[Chapter]:
        """Its chapters, in order."""
        return [block for block in self.blocks if isinstance(block, Chapter)]

    @property
    def is_doubtful(self) -> bool:
        """Whether one of its words is."""
        sentences = (one for block in self.blocks if isinstance(block, PublicParagraph) for one in block.sentences)
        return any(doubtful for one in sentences for _, doubtful in one.runs)


@dataclass(frozen=True, slots=True)
class PublicShow:
    """What a feed states of its show: ``notes`` as paragraphs of lines, ``language`` None where it states none."""

    title: str
    notes: tuple[tuple[str, ...], ...] = ()
    language: str | None = None


def read_episode(store: Store, episode_id: str, stem: str, number: str | None) -> PublicEpisode:
    """Read what is published of an episode. Raises EpisodeError if it has no transcript."""
    episode, facts = find_transcript(store, episode_id)
    transcript = store.transcript(episode_id)
    assert transcript is not None
    notes, item = store.notes(episode_id) or EpisodeNotes(), _read_item(store, episode_id)
    offset = store.sound(episode_id).offset
    chapters = sorted(store.chapters(episode_id), key=lambda one: one.start)
    return PublicEpisode(
        id=episode.id,
        stem=stem,
        title=episode.title,
        show=episode.show,
        published=episode.published,
        number=number,
        season=notes.season,
        duration=episode.duration or (transcript.words[-1].end if transcript.words else None),
        language=facts.language,
        identity=without_credentials(item.identity) if item is not None else None,
        sound=_find_sound(episode, item),
        page=without_credentials(notes.page) if notes.page else None,
        offset=offset,
        people=notes.people,
        speakers=_list_speakers(transcript),
        notes=_split_notes(notes.notes),
        words_from=_describe_words(facts),
        blocks=list_blocks(transcript, chapters),
        documents=_write_documents(episode, transcript, [one.moved(offset) for one in chapters]),
    )


def read_show(store: Store, episodes: Iterable[Episode], title: str) -> PublicShow:
    """Return what the feed of a show states, by the items that its ``episodes`` were made from."""
    for episode in episodes:
        item = store.item_of_episode(episode.id)
        show = next((one for one in store.shows() if item is not None and one.number == item.show), None)
        if show is not None:
            feed = read_value(Feed, show.feed, store.directory)
            return PublicShow(title, _split_notes(feed.notes), feed.language)
    return PublicShow(title)


def _read_item(store: Store, episode_id: str) -> FeedItem | None:
    """Return the item of a feed that an episode was made from, None if there is none."""
    known = store.item_of_episode(episode_id)
    return read_value(FeedItem, known.content, store.directory) if known is not None else None


def _find_sound(episode: Episode, item: FeedItem | None) -> PublicSound | None:
    """Return the address at which others can hear an episode, never a file; with what its feed states of it."""
    if episode.address is None:
        return None
    address = without_credentials(episode.address)
    offered = item.sounds if item is not None else ()
    for sound in offered:
        if without_credentials(sound.address) == address and sound.type:
            return PublicSound(address, sound.type, sound.size)
    ending = PurePosixPath(urlsplit(address).path).suffix.lower()
    return PublicSound(address, SOUND_TYPES.get(ending))


def _list_speakers(transcript: Transcript) -> tuple[str, ...]:
    """Return the names of those who speak, in order; labels of voices without a name are none."""
    names = dict.fromkeys(segment.speaker for segment in transcript.segments)
    return tuple(name for name in names if name and name.strip() and not is_unnamed(name))


def _split_notes(notes: str) -> tuple[tuple[str, ...], ...]:
    """Return the paragraphs of a publisher's notes, as lines."""
    paragraphs = (tuple(filter(None, map(clean_text, part.split("\n")))) for part in notes.split("\n\n"))
    return tuple(filter(None, paragraphs))


def _describe_words(facts: TranscriptFacts) -> str:
    """Return whose words a transcript holds; of a model that was named by its path, its name alone."""
    if "/" in facts.model or "\\" in facts.model:
        facts = replace(facts, model=PureWindowsPath(facts.model).name)
    return find_origin(facts).description


def _write_documents(episode: Episode, transcript: Transcript, chapters: Sequence[Chapter]) -> dict[str, str]:
    """Return the files beside a page by their endings, without the cues and comments of a file that was imported."""
    transcript = replace(transcript, cues=(), flaws=(), renamed=())
    documents = {
        "vtt": write_transcript(transcript, "vtt"),
        "json": write_transcript(transcript, "podcast-json"),
    }
    if chapters:
        documents["chapters.json"] = write_podcast_chapters(episode.title, episode.show, chapters)
    return documents
