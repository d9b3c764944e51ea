"""Fetch feeds and transcripts, and download sound: one courier for a run, which threads may share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from audio.atomic_write import check_parent, raise_output_error
from audio.errors import MediaError, WayOut, choose_other_file, correct_input, try_again
from index.credentials import without_credentials
from pipeline.errors import AddressError
from pipeline.network.addresses import AddressRule, Origin
from pipeline.network.connections import Network, TimeLimits
from pipeline.network.fetching import Cookies, Reply, open_address
from pipeline.progress import ProgressCallback, ignore_progress
from pipeline.shows.downloads.host_turns import Turns
from pipeline.shows.downloads.outcomes import Downloaded, DownloadLimits, Fetched, PageDetails
from pipeline.shows.downloads.page_sound import save_page_sound
from pipeline.shows.downloads.part_file import PartFile, lock_part, taken
from pipeline.shows.downloads.patience import CourierClock, Patience, read_retry_after
from pipeline.shows.downloads.transfer import Transfer
from pipeline.shows.downloads.whole_sound import SOUND_EXTENSIONS, check_sound, name_with_extension

FETCH_LIMITS = TimeLimits(connect=10.0, read=20.0, whole=60.0)
DOWNLOAD_LIMITS = TimeLimits(connect=10.0, read=30.0, whole=60.0, rate=1000.0)
"""A download lasts as long as 1000 bytes a second come on average: the rate of the leanest speech, at 8 kbit/s. What is
slower takes longer to come than to hear."""
MOST_FETCHED = 64 * 2**20
"""Bytes of the largest feed or transcript that is read."""


class Courier:
    """Fetches and downloads for one run: politely, with patience, every address by the rule.

    An address is a document's unless its ``origin`` says otherwise; ``allow_private`` is as in docs/addresses.md.
    ``named_by`` is what an address that the user named counts as: not as typed where a server was given it.
    ``limits`` are those of downloads; ``network`` and ``clock`` are the system's, or a test's.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        named_by: Origin = "typed",
        limits: DownloadLimits | None = None,
        network: Network | None = None,
        clock: CourierClock | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._named_by = named_by
        self._limits = limits or DownloadLimits()
        self._network = network or Network()
        self._clock = clock or CourierClock()
        self._turns = Turns(self._clock, self._network.now)
        self._headers = {"User-Agent": f"airquote/{version('airquote')} (podcast transcripts and search)"}

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
        entity_tag, modified = _sendable(entity_tag), _sendable(modified)
        conditions = {"If-None-Match": entity_tag, "If-Modified-Since": modified}
        headers = {name: value for name, value in conditions.items() if value is not None}
        patience = Patience(self._clock, self._network.now)
        while True:
            try:
                with self._ask(address, origin, FETCH_LIMITS, headers) as reply:
                    return _read(reply, entity_tag, modified, most)
            except AddressError as error:
                patience.wait_after(error)

    def download(
        self,
        address: str,
        target: Path,
        announced_size: int | None = None,
        progress: ProgressCallback = ignore_progress,
        *,
        origin: Origin = "document",
        partial: bool = False,
    ) -> Downloaded:
        """Download sound to ``target``, whose extension becomes that of what it really is; see ``Downloaded.path``.

        A part that an earlier download left is continued. With ``partial``, sound whose own end is missing is taken.
        Raises AddressError as ``fetch`` does, MediaError for what is not sound or lacks its end, InputError where
        another file or process has the target, OutputError where it cannot be written.
        """
        check_parent(target)
        _check_free(target)

        @contextmanager
        def ask(headers: Mapping[str, str]) -> Iterator[Reply]:
            plain = {"Accept-Encoding": "identity", **headers}
            with self._ask(address, origin, DOWNLOAD_LIMITS, plain) as reply:
                if reply.status != 416:
                    _check_status(reply, (200, 206))
                yield reply

        with lock_part(target) as part:
            while True:
                patience = Patience(self._clock, self._network.now)
                transfer = Transfer(address, part, ask, patience, self._limits, announced_size, progress)
                try:
                    came_from = transfer.run()
                    return _finish(part, came_from, partial, resumed=transfer.resumed)
                except MediaError:
                    part.discard()
                    if not transfer.resumed:
                        raise
                # What was kept was not the beginning of this file: once more, from the start.

    def download_page(
        self,
        address: str,
        target: Path,
        progress: ProgressCallback = ignore_progress,
        *,
        origin: Origin = "document",
        partial: bool = False,
    ) -> Downloaded:
        """Download the sound of a web page through yt-dlp, as ``download`` does; ``Downloaded.page`` describes it.

        Nothing is continued from an earlier download. Raises AddressError also where yt-dlp is not installed.
        """
        check_parent(target)
        _check_free(target)

        def ask(
            url: str, headers: dict[str, str], method: str, content: bytes | None, cookies: Cookies
        ) -> AbstractContextManager[Reply]:
            rule = self._rule(origin if _host_of(url) == _host_of(address) else "document")
            return open_address(
                url, rule, DOWNLOAD_LIMITS, headers, self._network, method=method, content=content, cookies=cookies
            )

        with lock_part(target) as part:
            part.discard()
            try:
                page = save_page_sound(address, part, ask, self._limits, progress)
                return _finish(part, without_credentials(address), partial, page=page)
            except BaseException:
                part.discard()
                raise

    def _rule(self, origin: Origin) -> AddressRule:
        return AddressRule(self._named_by if origin == "typed" else origin, self._allow_private)

    @contextmanager
    def _ask(self, address: str, origin: Origin, limits: TimeLimits, headers: Mapping[str, str]) -> Iterator[Reply]:
        """Context manager: the answer to one request. Raises AddressError if the server is busy or has a fault."""
        rule = self._rule(origin)
        sent = {**self._headers, **headers}
        with open_address(address, rule, limits, sent, self._network, take_turn=self._turns.take) as reply:
            if _is_passing(reply.status):
                self._let_rest(reply)
                what = "wants fewer requests" if reply.status == 429 else "has a fault"
                raise _status_error(reply, what, try_again("Try again later."))
            yield reply

    def _let_rest(self, reply: Reply) -> None:
        """Leave a host alone for as long as it asks."""
        asked, date = reply.headers.get("retry-after"), reply.headers.get("date")
        seconds = read_retry_after(asked, date, self._clock.date())
        if seconds is not None:
            self._turns.rest(urlsplit(reply.address).hostname or "", seconds)


def _read(reply: Reply, entity_tag: str | None, modified: str | None, most: int) -> Fetched:
    if reply.status == 304 and (entity_tag is not None or modified is not None):
        return Fetched("unchanged", b"", reply.address, reply.moved, entity_tag, modified)
    if reply.status == 410:
        return Fetched("gone", b"", reply.address)
    _check_status(reply, (200, 203))
    return Fetched(
        "new",
        reply.read(most),
        reply.address,
        reply.moved,
        _sendable(reply.headers.get("etag")),
        _sendable(reply.headers.get("last-modified")),
        reply.content_type,
        reply.encoding,
    )


def _sendable(text: str | None) -> str | None:
    """Return what may be the value of a header, else None: some servers send entity tags that they may not send."""
    return text if text is not None and text.isascii() and text.isprintable() else None


def _finish(
    part: PartFile, came_from: str, partial: bool, *, resumed: bool = False, page: PageDetails | None = None
) -> Downloaded:
    """Give a part its name if it is sound and whole."""
    info = check_sound(part.path, came_from, partial)
    path, size = name_with_extension(part.target, info), part.size
    part.keep_as(path)
    return Downloaded(path, size, info.duration, came_from, resumed, page)


def _host_of(address: str) -> str:
    """Return host and port of an address, as far as it has them."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def _check_free(target: Path) -> None:
    """Raise InputError if there is a file with the name of the target, with any extension of sound.

    Raises OutputError for a name that no file can have.
    """
    named = target.stem if target.suffix.lower() in SOUND_EXTENSIONS else target.name
    names = [target.name, *(f"{named}{extension}" for extension in sorted(SOUND_EXTENSIONS))]
    with raise_output_error(target):  # a name that is too long
        for path in map(target.with_name, names):
            if path.exists() or path.is_symlink():
                raise taken(path)


def _is_passing(status: int) -> bool:
    """Whether a status tells of a fault that may be over soon."""
    return status in (408, 425, 429) or (status >= 500 and status not in (501, 505))


def _check_status(reply: Reply, expected: tuple[int, ...]) -> None:
    """Raise AddressError for another status than these."""
    if reply.status in expected:
        return
    if reply.status in (404, 410):
        raise _status_error(reply, "has nothing", correct_input("Check the address: it may have moved, or be gone."))
    if reply.status in (401, 407):
        advice = correct_input("Give name and password in the address: https://name:password@host/")
        raise _status_error(reply, "asks for a name and a password", advice)
    if reply.status in (402, 403, 451):
        raise _status_error(reply, "refuses access", choose_other_file("Try it in a browser, or another address."))
    if reply.status == 304:  # of a server, or a proxy before it, that overlooks that nothing was asked
        raise _status_error(reply, "says that nothing changed, which was not asked", try_again("Try again later."))
    what = "redirects to no web address" if 300 <= reply.status < 400 else "did not send it"
    raise _status_error(reply, what, correct_input("Check the address."))


def _status_error(reply: Reply, what: str, way_out: WayOut) -> AddressError:
    return AddressError(f"{reply.address} {what} ({reply.status}).", way_out, where=reply.address)
