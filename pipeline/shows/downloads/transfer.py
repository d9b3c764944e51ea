"""Transfer what is at an address into a part file, in as many requests as it takes, until it is whole."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import BinaryIO

from audio.errors import OutputError, choose_other_file, make_room, try_again
from audio.recording.sniffing import HEAD
from pipeline.errors import AddressError
from pipeline.network.fetching import Reply
from pipeline.progress import DownloadAdvanced, ProgressCallback
from pipeline.shows.downloads.outcomes import DownloadLimits
from pipeline.shows.downloads.part_file import PartFile, note_for
from pipeline.shows.downloads.patience import Patience
from pipeline.shows.downloads.whole_sound import check_head

REPORT_BYTES = 1 << 20
"""Progress is reported at least this many bytes apart."""

_RANGE = re.compile(r"bytes (?:([0-9]{1,18})-[0-9]{1,18}|\*)/([0-9]{1,18}|\*)")

Ask = Callable[[dict[str, str]], AbstractContextManager[Reply]]
"""Request the address with these headers more. What it yields has the status 200, 206 or 416."""


@dataclass(frozen=True, slots=True)
class _SentBody:
    """What an answer brings: bytes from ``start`` on, of ``total`` in all (None: unstated), and its validator."""

    start: int
    total: int | None
    validator: str | None


class Transfer:
    """One download. ``announced`` is the size that the feed states, for progress where the server states none.

    ``resumed`` is whether what an earlier download left is part of it.
    """

    def __init__(
        self,
        address: str,
        part: PartFile,
        ask: Ask,
        patience: Patience,
        limits: DownloadLimits,
        announced: int | None,
        progress: ProgressCallback,
    ) -> None:
        self.resumed = part.validator_for(address) is not None
        self._address = address
        self._part = part
        self._ask = ask
        self._patience = patience
        self._limits = limits
        self._announced = announced
        self._progress = progress
        self._start = 0

    def run(self) -> str:
        """Complete the part; return the address that it came from, after redirects.

        Raises AddressError if that fails for good, OutputError if the part cannot be written.
        """
        while True:
            before = self._part.size
            try:
                return self._request()
            except AddressError as error:
                kept = self._part.validator_for(self._address) is not None and self._start == before
                self._patience.wait_after(error, gained=kept and self._part.size > before)

    def _request(self) -> str:
        validator = self._part.validator_for(self._address)
        have = self._part.size if validator is not None else 0
        wanted = {"Range": f"bytes={have}-", "If-Range": validator} if validator is not None else {}
        with self._ask(wanted) as reply:
            body = _describe(reply)
            if reply.status == 416 and have and body.total == have:
                return reply.address
            if reply.status == 200 or (reply.status == 206 and body.start == have and _is_same(body, validator)):
                self._receive(reply, body)
                return reply.address
        if not wanted:
            raise AddressError(
                f"{reply.address} answered with a part of a file that was not asked for.",
                try_again("Try again later."),
                where=reply.address,
            )
        self._part.discard()  # it is a part of something else; without it there is no Range that can be refused
        return self._request()

    def _receive(self, reply: Reply, body: _SentBody) -> None:
        self._start = body.start
        self._check_size(reply, body.total)
        self._check_room((body.total or 0) - body.start)
        if not body.start:
            self._part.begin(note_for(self._address, body.validator))
            self.resumed = False
        with self._part.open(append=body.start > 0) as file:
            self._write(reply, body, file)
        if body.total is not None and self._part.size != body.total:
            what = f"sent {self._part.size} bytes, not the {body.total} that it announced"
            raise AddressError(f"{reply.address} {what}.", try_again("Try again later."), where=reply.address)

    def _write(self, reply: Reply, body: _SentBody, file: BinaryIO) -> None:
        total = body.total or self._announced
        done = reported = body.start
        head = None if body.start else b""
        self._progress(DownloadAdvanced(self._part.target.name, done, total))
        for piece in reply.pieces(self._limits.most_bytes + REPORT_BYTES):  # the bound itself is checked below
            if head is not None:
                head += piece
                if len(head) >= HEAD:
                    check_head(head[:HEAD], reply.address)
                    head = None
            done += len(piece)
            self._check_size(reply, done)
            file.write(piece)
            if done - reported >= REPORT_BYTES:
                self._check_room(0)
                self._progress(DownloadAdvanced(self._part.target.name, done, total))
                reported = done
        self._progress(DownloadAdvanced(self._part.target.name, done, done))

    def _check_size(self, reply: Reply, size: int | None) -> None:
        most = self._limits.most_bytes
        if size is not None and size > most:
            self._part.discard()
            told = f"has {size / 2**20:.0f} MB, more than the {most / 2**20:.0f} MB that a download may have"
            advice = choose_other_file("Allow larger downloads, or choose another episode.")
            raise AddressError(f"{reply.address} {told}.", advice, where=reply.address)

    def _check_room(self, needed: int) -> None:
        """Raise OutputError if the disk has not the room for what is still to come, and what is to be left free."""
        folder = self._part.target.parent
        free = shutil.disk_usage(folder).free
        if free < needed + self._limits.room_left:
            wanted = f"{needed / 2**20:.0f} MB for it and {self._limits.room_left / 2**20:.0f} MB to be left free"
            raise OutputError(
                f"{self._part.target} is not downloaded: the disk has {free / 2**20:.0f} MB, not {wanted}.",
                make_room("Make room on the disk."),
                where=folder,
            )


def _describe(reply: Reply) -> _SentBody:
    """Read from the headers of an answer what it brings. Nothing vouches for the parts of a compressed body."""
    headers = reply.headers
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        return _SentBody(0 if reply.status == 200 else -1, None, None)
    validator = _find_validator(headers.get("etag"), headers.get("last-modified"), headers.get("date"))
    if reply.status != 200:
        stated = _RANGE.fullmatch(headers.get("content-range", "").strip())
        if stated is None:
            return _SentBody(-1, None, validator)
        start, total = stated.groups()
        return _SentBody(int(start or 0), None if total == "*" else int(total), validator)
    length = headers.get("content-length", "")
    known = "transfer-encoding" not in headers and length.isascii() and length.isdigit()
    return _SentBody(0, int(length) if known else None, validator)


def _is_same(body: _SentBody, validator: str | None) -> bool:
    """Whether what an answer brings belongs to the part, as far as it says: some servers overlook If-Range."""
    return body.validator is None or body.validator == validator


def _find_validator(entity_tag: str | None, modified: str | None, date: str | None) -> str | None:
    """Return what a part may be continued by (RFC 9110, 13.1.5): an entity tag that is not weak, or else a date.

    The date must be a minute older than the answer: within that, the file may have changed again (8.8.2.2).
    """
    if entity_tag is not None and entity_tag.startswith('"') and entity_tag.isascii() and entity_tag.isprintable():
        return entity_tag
    try:
        age = parsedate_to_datetime(date or "") - parsedate_to_datetime(modified or "")
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return modified if age.total_seconds() >= 60 else None
