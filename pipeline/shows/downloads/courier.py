"""Fetch feeds and transcripts, and download sound: one courier for a run, which threads may share."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from audio.atomic_write import write_atomically
from audio.errors import correct_input, try_again
from audio.media import probe_media
from pipeline.errors import AddressError
from pipeline.network.addresses import AddressRule, Origin
from pipeline.network.connections import Network, TimeLimits
from pipeline.network.fetching import Reply, open_address
from pipeline.progress import ProgressCallback, ignore_progress
from pipeline.shows.downloads.outcomes import Downloaded, DownloadLimits, Fetched

FETCH_LIMITS = TimeLimits(connect=10.0, read=20.0, whole=60.0)
MOST_FETCHED = 64 * 2**20
"""Bytes of the largest feed or transcript that is read."""


class Courier:
    """Fetches and downloads for one run. Every address is a document's unless its ``origin`` says otherwise."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        limits: DownloadLimits | None = None,
        network: Network | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._limits = limits or DownloadLimits()
        self._network = network or Network()
        self._headers = {"User-Agent": f"airquote/{version('airquote')}"}

    def fetch(
        self,
        address: str,
        *,
        entity_tag: str | None = None,
        modified: str | None = None,
        most: int = MOST_FETCHED,
        origin: Origin = "document",
    ) -> Fetched:
        """Fetch what is at an address, at most ``most`` bytes, unless it is as ``entity_tag`` and ``modified`` say.

        Raises AddressError for an address that may not be fetched, cannot be, or has nothing.
        """
        conditions = {"If-None-Match": entity_tag, "If-Modified-Since": modified}
        headers = self._headers | {name: value for name, value in conditions.items() if value is not None}
        rule = AddressRule(origin, self._allow_private)
        with open_address(address, rule, FETCH_LIMITS, headers, self._network) as reply:
            if reply.status == 304:
                return Fetched("unchanged", b"", reply.address, None, entity_tag, modified)
            if reply.status == 410:
                return Fetched("gone", b"", reply.address)
            _check_status(reply)
            return Fetched(
                "new",
                reply.read(most),
                reply.address,
                None,
                reply.headers.get("etag"),
                reply.headers.get("last-modified"),
                reply.content_type,
                reply.encoding,
            )

    def download(
        self,
        address: str,
        target: Path,
        announced_size: int | None = None,
        progress: ProgressCallback = ignore_progress,
        *,
        origin: Origin = "document",
    ) -> Downloaded:
        """Download sound to ``target``, which must not exist yet; a part of it that was kept is continued.

        Raises AddressError as ``fetch`` does, MediaError for what is not sound or ends too early, OutputError where it
        cannot be written.
        """
        del announced_size, progress
        rule = AddressRule(origin, self._allow_private)
        with (
            open_address(address, rule, FETCH_LIMITS, self._headers, self._network) as reply,
            write_atomically(target) as unfinished,
        ):
            _check_status(reply)
            with unfinished.open("xb") as file:
                for block in reply.blocks():
                    file.write(block)
            duration = probe_media(unfinished).duration
        return Downloaded(target, target.stat().st_size, duration, reply.address)


def _check_status(reply: Reply) -> None:
    """Raise AddressError for a status other than success."""
    if reply.status in (404, 410):
        raise AddressError(
            f"There is nothing at {reply.address} ({reply.status}).",
            correct_input("Check the address."),
            where=reply.address,
        )
    if not 200 <= reply.status < 300:
        raise AddressError(
            f"{reply.address} answered with an error ({reply.status}).",
            try_again("Try again later."),
            where=reply.address,
        )
