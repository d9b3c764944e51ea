"""Import a publisher's transcript as the words of an episode, or keep it beside those that the episode has."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from audio.timecode import format_time
from index.credentials import without_credentials
from index.formats.cues import TranscriptFile
from index.formats.import_assembly import assemble_import
from index.formats.text.prose import spread_over
from index.formats.written_times import LETTERS_PER_SECOND
from index.storage.episode_names import name_episode
from index.storage.published_files import PublishedCheck
from index.storage.store import Store
from index.storage.transcript_reader import TranscriptFacts
from index.storage.untrusted import is_address
from index.transcript import Episode
from pipeline.answers import Outcome
from pipeline.batch.episode_details import NO_DETAILS, EpisodeDetails, describe_corrections
from pipeline.import_export import as_stored, check_recording, describe_import, describe_settings, find_language
from pipeline.imported.import_times import (
    STATED_TIMES,
    MeasuredAudio,
    TimedTranscript,
    TimingOptions,
    fit_to_sound,
    open_recording,
)
from pipeline.imported.word_origin import PUBLISHER, SPREAD, TRANSLATED, file_of, find_origin, is_aligned, origin_of
from pipeline.progress import ProgressCallback, ignore_progress
from pipeline.shows.feeds.values import FeedItem
from pipeline.shows.published.published_fetching import Published

WORDS_EDITED = frozenset({"language", "speakers"})
"""What a person can set of an episode that belongs to its words: other words would take it away."""


CHANGED = "the publisher changed it: its words replace those before"


def save_published(store: Store, episode: str, published: Published) -> None:
    """Keep a publisher's transcript as it was fetched beside the words of an episode, of whatever origin these are."""
    with store.transaction():
        store.save_published(episode, published.file)
        store.save_published_check(episode, describe_check(published))


def describe_check(published: Published) -> PublishedCheck:
    """Return what is stored of asking for a transcript: with it the next request asks whether it changed."""
    return PublishedCheck(published.file.address, published.digest, published.entity_tag, published.modified)


def import_published(
    store: Store,
    item: FeedItem,
    published: Published,
    details: EpisodeDetails = NO_DETAILS,
    timing: TimingOptions = STATED_TIMES,
    *,
    episode: str | None = None,
    audio: Path | None = None,
    partial: bool = False,
    progress: ProgressCallback = ignore_progress,
    stored: Callable[[str], object] = lambda _: None,
) -> Outcome:
    """Make a publisher's transcript the words of an episode of a feed, in one transaction with its details.

    ``episode`` is the id of one that the item became already, None for a new one. Words that are not the publisher's
    stay: the transcript is then kept beside them. So do words of an earlier version of it for which a person set
    something (WORDS_EDITED); what else changed at the publisher replaces them. ``details`` go before those of the item.
    ``audio`` is the sound of the episode, with which the times are compared or, if ``timing`` asks for it, aligned;
    ``partial`` accepts one that is cut off. ``stored`` is called in the transaction with the episode's id, to store
    what else belongs to it. The index is not updated: the caller does that once, at the end.
    Raises InputError for a transcript of another recording, MediaError for a file that is none.
    """
    known = store.episode(episode) if episode is not None else None
    with ExitStack() as lock:
        recording = open_recording(store, audio, lock, partial) if audio is not None else None
        if audio is not None and recording is None:
            return Outcome(_source_of(published), episode, "skipped", f"another airquote works on {audio}")
        if known is None and recording is not None:
            known = store.episode_by_hash(recording.sha256)
        if known is not None and (kept := _keep_words(store, known, published, recording, timing, stored)):
            return kept
        news = CHANGED if known is not None and _has_other_words(store, known, published) else None
        language = _edited_language(store, known) or published.language or find_language(published.content)
        timed = _give_times(published, item, details, language, recording, timing, progress)
        placed = as_stored(timed.transcript, describe_settings(published.digest, timed.changes))
        with store.transaction():
            own = _store_episode(store, known, item, details, recording)
            store.save_transcript(own, placed)
            corrected = describe_corrections(store, own)
            save_published(store, own, published)
            stored(own)
    read = describe_import(published.content.language, language, placed)
    reason = "; ".join(filter(None, (news, *published.remarks, read, *timed.remarks, *corrected))) or None
    return Outcome(_source_of(published), own, "done", reason, flaws=published.content.flaws)


def _has_other_words(store: Store, known: Episode, published: Published) -> bool:
    """Whether an episode has the words of another file."""
    facts = store.facts(known.id)
    return facts is not None and file_of(facts.settings) != published.digest


def _keep_words(
    store: Store,
    known: Episode,
    published: Published,
    recording: MeasuredAudio | None,
    timing: TimingOptions,
    stored: Callable[[str], object],
) -> Outcome | None:
    """Return the outcome for an episode whose words stay, None if those of the publisher's transcript take their place.

    The file is then kept beside words that are not the publisher's.
    """
    facts = store.facts(known.id)
    if facts is not None and origin_of(facts.engine, facts.settings) == "publisher":
        gets_sound = recording is not None and known.sha256 is None
        return _keep_publishers_words(store, known, facts, published, anew=gets_sound or timing.asks)
    if facts is None and known.state != "transcribing":
        return None
    before = store.published(known.id)
    with store.transaction():
        save_published(store, known.id, published)
        stored(known.id)
    words = f"of {find_origin(facts).description}" if facts else "that are being transcribed"
    beside = f"kept beside the words {words}"
    if before is not None and before.data == published.file.data:
        return Outcome(_source_of(published), known.id, "skipped", f"already {beside}")
    changed = "the publisher changed it" if before is not None else None
    reason = "; ".join(filter(None, (changed, beside, *published.remarks)))
    return Outcome(_source_of(published), known.id, "done", reason, flaws=published.content.flaws)


def _keep_publishers_words(
    store: Store, known: Episode, facts: TranscriptFacts, published: Published, *, anew: bool
) -> Outcome | None:
    """The same for an episode whose words are the publisher's; ``anew``: the same file may get other times."""
    if file_of(facts.settings) == published.digest:
        if anew and not is_aligned(facts.settings):
            return None
        store.save_published_check(known.id, describe_check(published))
        return Outcome(_source_of(published), known.id, "skipped", "already imported")
    edited = sorted(WORDS_EDITED & store.edited_fields(known.id))
    if not edited:
        return None
    store.save_published_check(known.id, describe_check(published))
    reason = f"the publisher changed it; the words before stay, since their {' and '.join(edited)} were edited by hand"
    return Outcome(_source_of(published), known.id, "skipped", reason)


def _edited_language(store: Store, known: Episode | None) -> str | None:
    """Return the language that a person gave the transcript of an episode, None if nobody did."""
    if known is None or "language" not in store.edited_fields(known.id):
        return None
    facts = store.facts(known.id)
    return facts.language if facts else None


def _give_times(
    published: Published,
    item: FeedItem,
    details: EpisodeDetails,
    language: str | None,
    recording: MeasuredAudio | None,
    timing: TimingOptions,
    progress: ProgressCallback,
) -> TimedTranscript:
    """Return the transcript with the times of its file, of the sound or, where neither states any, guessed ones."""
    changes: dict[str, object] = {PUBLISHER: details.show or urlsplit(published.file.address).hostname or ""}
    if published.translated_from is not None:
        changes[TRANSLATED] = published.translated_from
    if not published.untimed or (timing.align and recording is not None):
        timed = TimedTranscript(assemble_import(published.content, language), changes).moved(timing.offset)
        return fit_to_sound(timed, recording, timing, progress) if recording is not None else timed
    seconds, whose = _guess_duration(published.content, item, recording)
    spread = assemble_import(spread_over(published.content, seconds), language)
    remark = f"it has no times: its words are spread evenly over {whose}, {format_time(seconds)}"
    return TimedTranscript(spread, {**changes, SPREAD: round(seconds, 3)}, (remark,))


def _guess_duration(content: TranscriptFile, item: FeedItem, recording: MeasuredAudio | None) -> tuple[float, str]:
    """Return the seconds over which to spread a text without times, and what they are."""
    if recording is not None:
        return recording.duration, "its sound"
    if item.duration:
        return item.duration, "the announced duration"
    letters = sum(len(cue.text) for cue in content.cues)
    return letters / LETTERS_PER_SECOND, "the time that it takes to say them"


def _store_episode(
    store: Store, known: Episode | None, item: FeedItem, details: EpisodeDetails, recording: MeasuredAudio | None
) -> str:
    """Store an episode with its details, its number, its address and its sound; return its id."""
    if known is None:
        title = details.title or item.title
        of_recording = recording.published if recording is not None else None
        published = details.published or item.published or of_recording
        source = address_of(item) or item.identity
        draft = Episode(name_episode(title), details.show, title, published, source, "registered")
        digest = hashlib.sha256(item.identity.encode()).hexdigest()
        episode = store.add_episode(recording.applied_to(draft) if recording else draft, digest)
    else:
        episode = details.applied_to(known, store.edited_fields(known.id))
        if recording is not None:
            check_recording(store, known, recording)
            episode = recording.applied_to(episode)
        store.update_episode(episode)
    if recording is not None:
        recording.save_to(store, episode.id)
    store.save_number(episode.id, item.number)
    if episode.address is None and "address" not in store.edited_fields(episode.id):
        store.save_address(episode.id, address_of(item))
    return episode.id


def address_of(item: FeedItem) -> str | None:
    """Return the address at which others can hear an episode: of its sound, else of its page, without credentials."""
    offered = (*(sound.address for sound in item.sounds), item.page)
    return next((found for one in offered if one and is_address(found := without_credentials(one))), None)


def _source_of(published: Published) -> str:
    return published.file.address
