"""The publisher's own transcript of an episode, kept as it was fetched, whatever words of the episode are searched."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from index.storage.codecs.word_codec import decompress_row
from index.storage.schema import CHECKS_TABLE, SHOWS_TABLES
from index.storage.transcript_reader import TranscriptReader
from index.storage.untrusted import CHECK_COLUMNS, PUBLISHED_COLUMNS, check_row, check_types, is_header

MOST_PUBLISHED_BYTES = 32 * 2**20
"""Bytes of a kept file: a day of speech is 20 MB of Whisper's JSON with words."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """The bytes of a publisher's transcript, its address without credentials, and its type and language as announced.

    ``language`` is a code, None if none is announced.
    """

    address: str
    type: str | None
    language: str | None
    data: bytes


@dataclass(frozen=True, slots=True)
class PublishedCheck:
    """What came of asking for a publisher's transcript the last time: its address, and the SHA-256 of what was sent.

    That is not always the file that is kept. ``entity_tag`` and ``modified`` are what the server said of it, ``fault``
    why asking again failed, as it was told.
    """

    address: str
    digest: str
    entity_tag: str | None = None
    modified: str | None = None
    fault: str | None = None


class PublishedFiles(TranscriptReader):
    """The part of a store that is about publishers' transcripts."""

    def save_published(self, episode_id: str, file: PublishedFile) -> None:
        """Keep the publisher's transcript of an episode, in the place of an earlier one.

        Raises ValueError for more than MOST_PUBLISHED_BYTES.
        """
        if len(file.data) > MOST_PUBLISHED_BYTES:
            raise ValueError(f"a publisher's transcript has at most {MOST_PUBLISHED_BYTES} bytes")
        with self.transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO published_transcripts VALUES (?, ?, ?, ?, ?)",
                (episode_id, file.address, file.type, file.language, zlib.compress(file.data, 9)),
            )

    def published(self, episode_id: str) -> PublishedFile | None:
        """Return the publisher's transcript of an episode, None if none is kept."""
        if self._version() < SHOWS_TABLES:
            return None  # a library of an earlier version, opened read-only
        row = next(
            self._rows(
                "SELECT address, type, language, content FROM published_transcripts WHERE episode = ?", episode_id
            ),
            None,
        )
        if row is None:
            return None
        with self._damage_noticed(f"The publisher's transcript of {episode_id}"):
            check_row(row, PUBLISHED_COLUMNS)
            address, kind, language, packed = row
            return PublishedFile(address, kind, language, decompress_row(packed, MOST_PUBLISHED_BYTES))

    def published_addresses(self) -> dict[str, str]:
        """Return the addresses of the publishers' transcripts that are kept, by the ids of their episodes."""
        if self._version() < SHOWS_TABLES:
            return {}
        addresses = dict(self._rows("SELECT episode, address FROM published_transcripts"))
        with self._damage_noticed("The list of publishers' transcripts"):
            check_types([*addresses, *addresses.values()], str)
        return addresses

    def save_published_check(self, episode_id: str, check: PublishedCheck) -> None:
        """Store what came of asking for the publisher's transcript; of what its server said, what can be sent back."""
        tag, date = (one if is_header(one) else None for one in (check.entity_tag, check.modified))
        with self.transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO published_checks VALUES (?, ?, ?, ?, ?, ?)",
                (episode_id, check.address, check.digest, tag, date, check.fault),
            )

    def published_check(self, episode_id: str) -> PublishedCheck | None:
        """Return what came of asking for the publisher's transcript, None if an earlier version of airquote asked."""
        if self._version() < CHECKS_TABLE:
            return None
        rows = self._rows(
            "SELECT address, digest, entity_tag, modified, fault FROM published_checks WHERE episode = ?", episode_id
        )
        for row in rows:
            with self._damage_noticed(f"What is known of the publisher's transcript of {episode_id}"):
                check_row(row, CHECK_COLUMNS)
                return PublishedCheck(*row)
        return None
