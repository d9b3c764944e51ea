"""Download the sound of a web page, as of YouTube, through yt-dlp if it is installed.

yt-dlp finds the sound and puts it together; it connects to nothing itself. Its only way to the network is a handler
that asks the courier, so that the rule for addresses, the limits and the log are those of all other requests. It runs
no other program, and reads no settings, cookies or plugins of the user.
"""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from contextvars import copy_context
from typing import Any

from audio.errors import AirquoteError, OutputError, choose_other_file, correct_input, make_room, try_again
from index.credentials import without_credentials
from pipeline.errors import INSTALL_PAGES, AddressError
from pipeline.network.fetching import Cookies, Reply
from pipeline.progress import DownloadAdvanced, ProgressCallback
from pipeline.shows.downloads.outcomes import DownloadLimits, PageDetails
from pipeline.shows.downloads.part_file import PartFile

_log = logging.getLogger("airquote.pages")

MOST_PAGE_BYTES = 64 * 2**20
"""Of what is read at once: pages and lists, not sound."""

_PROTOCOLS = r"[protocol~='^(https?|m3u8_native|http_dash_segments)$']"
"""Those that yt-dlp downloads by itself, in the one process, and through its handler."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


AskAnything = Callable[[str, dict[str, str], str, bytes | None, Cookies], AbstractContextManager[Reply]]
"""Request an address with headers, method, content and cookies, by the rule for addresses; yield any answer."""


def save_page_sound(
    address: str, part: PartFile, ask: AskAnything, limits: DownloadLimits, progress: ProgressCallback
) -> PageDetails:
    """Write the best sound of the page at ``address`` to ``part``; return what the page says of it.

    Raises AddressError if yt-dlp is not installed, knows no sound there, or cannot have it; OutputError for a file that
    cannot be written.
    """
    shown = without_credentials(address)
    if not address.lower().startswith(("http://", "https://")):  # yt-dlp has names and schemes of its own
        advice = correct_input("It begins with http:// or https://.")
        raise AddressError(f"{shown} is not an address of a web page.", advice, where=shown)
    try:
        watch = _Watch(address, part, limits, progress)
        downloader = _make_downloader(part, ask, limits, watch)
    except ImportError:
        raise AddressError(f"{shown} is a web page, which yt-dlp reads.", INSTALL_PAGES, where=shown) from None
    with downloader:
        try:
            found = copy_context().run(_extract, downloader, address)
        except Exception as error:
            if isinstance(error, AirquoteError) or error is watch.stopped_by:
                raise
            raise _explain(error, shown, watch.hide_secret(str(error))) from error
    if not part.size:
        raise _no_sound(shown, "yt-dlp finds no sound there")
    return _describe(found)


def _make_downloader(part: PartFile, ask: AskAnything, limits: DownloadLimits, watch: _Watch) -> Any:
    """Return a YoutubeDL that has one way to the network, and no other program."""
    import yt_dlp
    from yt_dlp.globals import plugin_dirs
    from yt_dlp.networking.common import RequestHandler, Response
    from yt_dlp.networking.exceptions import HTTPError, TransportError

    class CourierRH(RequestHandler):  # type: ignore[misc] # yt-dlp has no types
        """The way to the network: the courier's."""

        _SUPPORTED_URL_SCHEMES = ("http", "https")
        _SUPPORTED_PROXY_SCHEMES = None
        _SUPPORTED_FEATURES = None

        def _check_extensions(self, extensions: dict[str, Any]) -> None:
            super()._check_extensions(extensions)
            for known in ("cookiejar", "timeout", "legacy_ssl", "keep_header_casing", "impersonate"):
                extensions.pop(known, None)

        def _send(self, request: Any) -> Any:
            stack = ExitStack()
            content = (
                request.data if request.data is None or isinstance(request.data, bytes) else b"".join(request.data)
            )
            cookies = self._get_cookiejar(request)
            asked = ask(request.url, self._get_headers(request), request.method, content, cookies)
            try:
                reply = stack.enter_context(asked)
            except AddressError as error:
                raise TransportError(cause=error) from error
            body = _ReplyFile(reply.pieces(limits.most_bytes), stack)
            response = Response(body, reply.address, dict(reply.headers), reply.status)
            if not 200 <= reply.status < 300:
                raise HTTPError(response)
            return response

    class OneWayDownloader(yt_dlp.YoutubeDL):  # type: ignore[misc]
        """A YoutubeDL whose requests all go through the courier."""

        def build_request_director(self, handlers: Any, preferences: Any = None) -> Any:
            del handlers, preferences
            return super().build_request_director([CourierRH])

    plugin_dirs.value = []
    return OneWayDownloader(_options(part, limits, watch))


def _extract(downloader: Any, address: str) -> Any:
    """Download; to be called in a context of its own, where yt-dlp looks for ffmpeg at a place without it."""
    from yt_dlp.postprocessor.ffmpeg import FFmpegPostProcessor

    FFmpegPostProcessor._ffmpeg_location.set(downloader.params["ffmpeg_location"])
    return downloader.extract_info(address)


def _options(part: PartFile, limits: DownloadLimits, watch: _Watch) -> dict[str, Any]:
    return {
        "format": f"bestaudio{_PROTOCOLS}/best{_PROTOCOLS}",
        "outtmpl": str(part.path).replace("%", "%%"),
        "max_filesize": limits.most_bytes,
        "match_filter": watch.check_info,
        "progress_hooks": [watch.note],
        "logger": watch,
        "noprogress": True,
        "noplaylist": True,
        "playlist_items": "1",
        "continuedl": False,  # its resumption does not ask whether the file is still the same
        "updatetime": False,
        "cachedir": False,
        "fixup": "never",
        "hls_prefer_native": True,
        "ffmpeg_location": os.fspath(part.path.with_suffix(".none")),
        "js_runtimes": {},
        "remote_components": [],
        "color": "never",
    }


class _Watch:
    """Watches yt-dlp: size and progress of the download, the room on the disk, and what it says, for the log.

    ``stopped_by`` is what the caller's callback raised.
    """

    def __init__(self, address: str, part: PartFile, limits: DownloadLimits, progress: ProgressCallback) -> None:
        self._secret = address.partition("//")[2].partition("/")[0].rpartition("@")[0]
        self._target = part.target
        self._limits = limits
        self._progress = progress
        self.stopped_by: Exception | None = None

    def check_info(self, info: dict[str, Any], *, incomplete: bool = False) -> str | None:
        """Refuse what has no end."""
        del incomplete
        if info.get("is_live"):
            raise _no_sound(str(info.get("webpage_url")), "it is live, and has no end yet")
        return None

    def note(self, state: dict[str, Any]) -> None:
        """Check and report how far a download is."""
        done = int(state.get("downloaded_bytes") or 0)
        total = state.get("total_bytes") or state.get("total_bytes_estimate")
        if done > self._limits.most_bytes:
            raise _no_sound(self._target.name, f"it has more than {self._limits.most_bytes / 2**20:.0f} MB")
        if shutil.disk_usage(self._target.parent).free < self._limits.room_left:
            raise OutputError(
                "The disk is almost full.", make_room("Make room on the disk."), where=self._target.parent
            )
        try:
            self._progress(DownloadAdvanced(self._target.name, done, None if total is None else int(total)))
        except Exception as error:
            self.stopped_by = error
            raise

    def hide_secret(self, text: str) -> str:
        """Return a text without name and password of the address."""
        return text.replace(self._secret, "...") if self._secret else text

    def debug(self, text: str) -> None:
        """Log a line for developers; nothing is printed."""
        _log.debug("%s", self.hide_secret(text))

    info = warning = error = debug


class _ReplyFile(io.RawIOBase):
    """The body of an answer as a file; the connection is closed with it, and at its end."""

    def __init__(self, pieces: Iterator[bytes], connection: ExitStack) -> None:
        super().__init__()
        self._pieces = pieces
        self._connection = connection
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Return ``size`` bytes, fewer at the end; all if it is negative or None, at most MOST_PAGE_BYTES."""
        wanted = MOST_PAGE_BYTES if size is None or size < 0 else size
        data = bytearray(self._left)
        while len(data) < wanted and (piece := next(self._pieces, None)) is not None:
            data += piece
        self._left = bytes(data[wanted:])
        if len(data) < wanted:
            self.close()
        return bytes(data[:wanted])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        super().close()


def _explain(error: Exception, shown: str, told: str) -> AirquoteError:
    """Return the error of the courier or the disk that made yt-dlp fail, or one that says what it ``told``."""
    for cause in _causes(error):
        if isinstance(cause, AirquoteError):
            return cause
    text = _COLOURS.sub("", told).removeprefix("ERROR: ").partition("; please report")[0].strip()
    if "Unsupported URL" in text:
        return _no_sound(shown, "yt-dlp finds no sound there")
    advice = try_again("Try again later, or with a newer yt-dlp: pip install -U yt-dlp")
    return AddressError(f"{shown} could not be read by yt-dlp: {text.rstrip('.')}.", advice, where=shown)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what caused it, as Python and yt-dlp say it."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            told = (getattr(one, "exc_info", None) or (None, None))[1]
            waiting += [told, getattr(one, "cause", None), one.__cause__, one.__context__]


def _no_sound(what: str, why: str) -> AddressError:
    advice = choose_other_file("Give the address of the sound itself, or of another page.")
    return AddressError(f"{what} is not downloaded: {why}.", advice, where=what)


def _describe(found: Any) -> PageDetails:
    """Return what yt-dlp found out; where it has no rules for a site, it numbers what a page has."""
    page = found if isinstance(found, dict) else {}
    info = next(iter(page.get("entries") or ()), None) or page
    title = _text(info.get("title"))
    if title is not None and info.get("extractor_key") == "HTML5MediaEmbed":
        title = title.removesuffix(" (1)")
    date = str(info.get("upload_date") or info.get("release_date") or "")
    published = f"{date[:4]}-{date[4:6]}-{date[6:]}" if re.fullmatch(r"[0-9]{8}", date) else None
    shows = (info.get(name) for name in ("series", "channel", "uploader"))
    return PageDetails(title, next(filter(None, map(_text, shows)), None), published)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
