"""Fetch the publisher's transcript of an episode: the best of those that its feed offers, or the next one that can be
read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from audio.errors import AirquoteError, InputError, MachineError, WayOut, repair_file
from index.credentials import without_credentials
from index.formats.cues import TranscriptFile
from index.formats.text.prose import is_untimed
from index.language.language_codes import language_code
from index.language.tokens import tokenize
from index.storage.published_files import MOST_PUBLISHED_BYTES, PublishedCheck, PublishedFile
from pipeline.errors import TranscriptUnavailableError
from pipeline.imported.published_words import read_published
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.downloads.outcomes import Fetched
from pipeline.shows.feeds.values import FeedItem, OfferedTranscript
from pipeline.shows.published.offered_transcripts import is_foreign, rank_transcripts

LEAST_WORDS = 20
"""Words of a transcript without times: a page that says that something was not found has fewer."""

LEAST_WORDS_PER_SECOND = 0.25
"""The same by the announced duration. People say 2 to 3 words a second; an error page or a start page that comes in the
place of an hour's transcript has some hundred words."""


@dataclass(frozen=True, slots=True)
class Published:
    """A publisher's transcript as it was fetched, and its content; ``remarks`` tell what failed before it or is odd.

    ``language`` is the code of its own or, where it states none, of its episode. ``untimed``: it has no times.
    ``translated_from`` is the language of the episode, a code, if it is in another; ``entity_tag`` and ``modified`` are
    what its server says of it.
    """

    file: PublishedFile
    content: TranscriptFile
    language: str | None = None
    untimed: bool = False
    remarks: tuple[str, ...] = ()
    translated_from: str | None = None
    entity_tag: str | None = None
    modified: str | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.file.data).hexdigest()


def fetch_published(courier: Courier, item: FeedItem, language: str | None = None) -> Published | None:
    """Fetch the best transcript that a feed offers for an episode, or the next one where one fails.

    ``language`` is that of the show, for an item that states none. Returns None if none is offered. Raises
    TranscriptUnavailableError if none of them can be had, and MachineError at once, which would meet all.
    """
    spoken = item.language or language
    failures: list[str] = []
    advice: WayOut | None = None
    for offered in rank_transcripts(item.transcripts, spoken):
        try:
            published = _read(offered, _fetch(courier, offered), item.duration)
        except MachineError:
            raise
        except AirquoteError as error:
            failures.append(error.message.rstrip("."))
            advice = error.way_out
            continue
        return _complete(published, offered, spoken, [f"not taken: {failure}" for failure in failures])
    if failures:
        raise TranscriptUnavailableError(
            f"No transcript of the publisher can be had for {item.title}: {'; '.join(failures)}.",
            advice,
            where=item.identity,
        )
    return None


def fetch_again(
    courier: Courier, item: FeedItem, offered: OfferedTranscript, check: PublishedCheck, language: str | None = None
) -> Published | None:
    """Fetch a transcript of an episode unless its server says that it is as it was when it was fetched last.

    Raises InputError (AddressError) if it cannot be had, or is no transcript now.
    """
    fetched = _fetch(courier, offered, check)
    if fetched.status == "unchanged":
        return None
    return _complete(_read(offered, fetched, item.duration), offered, item.language or language, [])


def _fetch(courier: Courier, offered: OfferedTranscript, check: PublishedCheck | None = None) -> Fetched:
    """Fetch a transcript, with ``check`` only if it changed since. Raises InputError if it cannot be had."""
    address = without_credentials(offered.address)
    tag, date = (check.entity_tag, check.modified) if check is not None else (None, None)
    fetched = courier.fetch(offered.address, entity_tag=tag, modified=date, most=MOST_PUBLISHED_BYTES)
    if fetched.status == "gone":
        raise InputError(f"There is nothing at {address} any more.", repair_file("Tell the publisher."), where=address)
    return fetched


def _complete(published: Published, offered: OfferedTranscript, spoken: str | None, remarks: list[str]) -> Published:
    """Return a transcript with its language, that of its episode (``spoken``) if it states none, and what is odd."""
    code = language_code(spoken)
    is_translation = is_foreign(offered, code)
    if is_translation:
        remarks.append(f"a translation: it is in {offered.language}, the episode in {spoken}")
    return replace(
        published, language=published.language or code, remarks=tuple(remarks),
        translated_from=code if is_translation else None,
    )  # fmt: skip


def _read(offered: OfferedTranscript, fetched: Fetched, duration: float | None) -> Published:
    address = without_credentials(offered.address)
    file = PublishedFile(address, offered.type, language_code(offered.language), fetched.data)
    content = read_published(file)
    words = sum(len(tokenize(cue.text)) for cue in content.cues)
    untimed = is_untimed(content)
    least = max(LEAST_WORDS, LEAST_WORDS_PER_SECOND * (duration or 0.0)) if untimed else 1
    if words < least:
        raise InputError(
            f"{address} is no transcript: it has {words} words{' and no times' if untimed else ''}.",
            repair_file("Tell the publisher."),
            where=address,
        )
    language = file.language or language_code(content.language)
    return Published(file, content, language, untimed, entity_tag=fetched.entity_tag, modified=fetched.modified)
