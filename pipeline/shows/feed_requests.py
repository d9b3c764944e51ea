"""Ask for feeds: those of several hosts at once, one at a time of each host; or read one from its file."""

from __future__ import annotations

import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from audio.errors import AirquoteError, InputError, UsageError, choose_other_file, correct_input
from index.credentials import without_credentials
from pipeline.errors import NAME_ADDRESS, NAME_FEED, as_failure
from pipeline.network.addresses import Origin
from pipeline.shows.downloads.courier import MOST_FETCHED, Courier
from pipeline.shows.downloads.outcomes import Fetched
from pipeline.shows.item_merging import address_key

T = TypeVar("T")
HOSTS_AT_ONCE = 8
"""Feeds that are asked for at once, each of another host."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """A feed to ask for: its address, or the path of its file, and what its server said of what it sent last."""

    address: str
    origin: Origin = "document"
    entity_tag: str | None = None
    modified: str | None = None


def fetch_feeds(
    requests: Sequence[FeedRequest], courier: Courier
) -> Iterator[tuple[FeedRequest, Fetched | AirquoteError]]:
    """Ask for feeds, and yield each answer as it comes: what was fetched, or the error.

    Few answers wait at once, so that not all are in memory. Raises MachineError and UsageError, which would meet every
    other feed too.
    """
    waiting: dict[str, deque[FeedRequest]] = {}
    for request in requests:
        waiting.setdefault(host_of(request.address), deque()).append(request)
    hosts = deque(waiting)
    under_way: dict[Future[Fetched], tuple[str, FeedRequest]] = {}

    def begin() -> None:
        while hosts and len(under_way) < HOSTS_AT_ONCE:
            host = hosts.popleft()
            request = waiting[host].popleft()
            under_way[_in_thread(fetch_feed, request, courier)] = (host, request)

    begin()
    while under_way:
        for done in wait(under_way, return_when=FIRST_COMPLETED).done:
            host, request = under_way.pop(done)
            if waiting[host]:
                hosts.append(host)
            begin()  # the next ones come while this one is read
            yield request, _result_of(done, request)


def fetch_feed(request: FeedRequest, courier: Courier) -> Fetched:
    """Ask for one feed. Raises InputError (AddressError) if it cannot be had."""
    if not is_on_the_web(request.address):
        return _read_file(Path(request.address), request.entity_tag)
    return courier.fetch(
        request.address, entity_tag=request.entity_tag, modified=request.modified, origin=request.origin
    )


def check_addresses(named: Iterable[object], origin: Origin) -> None:
    """Raise UsageError for what is no http(s) address, unless the user of this machine typed it: it may be a path."""
    for one in named:
        if origin != "typed" and not (isinstance(one, str) and is_on_the_web(one)):
            raise UsageError(f"{one} is not an http(s) address.", NAME_ADDRESS, where=str(one))


def is_on_the_web(address: str) -> bool:
    """Whether this is an http(s) address, not the path of a file."""
    return address.lower().startswith(("http://", "https://"))


def is_same_feed(address: str, other: str) -> bool:
    """Whether two addresses are of one feed, whatever their name and password and however they are written."""
    on_the_web = is_on_the_web(address) and is_on_the_web(other)
    return address_key(address) == address_key(other) if on_the_web else address == other


def host_of(address: str) -> str:
    """Return the host and port of an address, empty for a file and for an address that cannot be read."""
    return (_split(address) or SplitResult("", "", "", "", "")).netloc.rpartition("@")[2].lower()


def with_credentials_of(known: str, address: str) -> str:
    """Return an address with the name and password of a ``known`` one, if it has none and is of the same host.

    From http to https of the same host is allowed, never the other way.
    """
    old, new = _split(known), _split(address)
    if not (old and new) or "@" in new.netloc or "@" not in old.netloc:
        return address
    same = (old.scheme, host_of(known)) == (new.scheme, host_of(address))
    secured = (old.scheme, new.scheme) == ("http", "https") and _is_usual(old) and _is_usual(new)
    if not (same or (secured and old.hostname == new.hostname)):
        return address
    return new._replace(netloc=f"{old.netloc.rpartition('@')[0]}@{new.netloc}").geturl()


def _is_usual(address: SplitResult) -> bool:
    return address.port in (None, _PORTS[address.scheme])


def _split(address: str) -> SplitResult | None:
    try:
        split = urlsplit(address)
        split.port  # noqa: B018 - raises ValueError for a port that is not one
    except ValueError:
        return None
    return split if split.scheme in _PORTS else None


def _read_file(path: Path, known: str | None) -> Fetched:
    """Read a feed's file; it is unchanged if its SHA-256 is ``known``. Raises InputError."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path} is not a file.", NAME_FEED, where=path)
        with path.open("rb") as file:
            data = file.read(MOST_FETCHED + 1)
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}.", NAME_FEED, where=path) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        advice = correct_input("Check its name and its permissions.")
        raise InputError(f"{path} cannot be read: {reason}.", advice, where=path) from error
    if len(data) > MOST_FETCHED:
        advice = choose_other_file("Give a smaller feed.")
        raise InputError(f"{path} is larger than {MOST_FETCHED // 2**20} MB.", advice, where=path)
    digest = sha256(data).hexdigest()
    return Fetched("unchanged" if digest == known else "new", data, path.absolute().as_uri(), entity_tag=digest)


def _in_thread(function: Callable[..., T], *arguments: object) -> Future[T]:
    """Call a function in a thread that does not hold up the end of the program."""
    future: Future[T] = Future()

    def call() -> None:
        try:
            future.set_result(function(*arguments))
        except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
            future.set_exception(error)

    Thread(target=call, daemon=True).start()
    return future


def _result_of(done: Future[Fetched], request: FeedRequest) -> Fetched | AirquoteError:
    try:
        return done.result()
    except Exception as error:  # noqa: BLE001 - one feed never stops the others
        return as_failure(error, without_credentials(request.address))
