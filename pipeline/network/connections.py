"""Connections for one address and its redirects: to IP addresses that the rule permits, within one limit of time."""

from __future__ import annotations

import logging
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import httpcore2
import httpx2

from audio.errors import WayOut, correct_input, try_again
from index.credentials import without_credentials
from pipeline.errors import ALLOW_PRIVATE, AddressError, BusyServerError
from pipeline.network.addresses import AddressKind, AddressRule, classify_address

_log = logging.getLogger("airquote.network")

_PORTS = {"http": 80, "https": 443}
_QUERY = re.compile(r"\?[^#\s]*")
_DESCRIPTIONS: dict[AddressKind, str] = {
    "public": "a public address",
    "loopback": "a loopback address",
    "private": "a private address",
    "link-local": "a link-local address",
    "special": "a special-purpose address",
    "behind a proxy": "an address behind a proxy",
}

Endpoint = tuple[socket.AddressFamily, tuple[Any, ...]]
"""An address family, and a socket address of it: IP address, port and, for IPv6, flow and zone."""


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds to ``connect``, to ``read`` the next block of bytes, and for the ``whole``.

    The whole is everything from the lookup of the first name to the last byte of the body, over all redirects. With a
    ``rate``, in bytes a second, it may last as long as bytes come at that rate on average: what arrives puts the end
    off, to at most a whole from then.
    """

    connect: float
    read: float
    whole: float
    rate: float | None = None


def _look_up(host: str, port: int) -> list[Endpoint]:
    return [(one[0], one[4]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _connect(endpoint: Endpoint, seconds: float) -> socket.socket:
    family, address = endpoint
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


@dataclass(frozen=True, slots=True)
class Network:
    """The functions that look up names, connect, and return the time in seconds: the system's, or a test's."""

    look_up: Callable[[str, int], Sequence[Endpoint]] = _look_up
    connect: Callable[[Endpoint, float], socket.socket] = _connect
    now: Callable[[], float] = time.monotonic


class CheckedConnections(httpcore2.NetworkBackend):
    """Opens the connections for one address and its redirects; ``proxied`` says that the next one is to a proxy."""

    proxied = False

    def __init__(self, address: str, rule: AddressRule, limits: TimeLimits, network: Network) -> None:
        self._named = self._place = without_credentials(address)
        self._is_secret = self._named != address
        self._rule = rule
        self._limits = limits
        self._network = network
        self._end = network.now() + limits.whole
        self._bound_by_end = False
        self._kind: AddressKind = "special"
        self._requested: httpx2.URL | None = None
        self._looked_up: dict[tuple[str, int], Sequence[Endpoint]] = {}

    def prepare_for(self, url: httpx2.URL) -> None:
        """Apply the rule to the next request; all but the first are redirects. Raises AddressError if it may not be."""
        before, self._requested = self._requested, url
        if before is not None:
            self._place = f"{self._named} (redirected to {without_credentials(str(url))})"
        if url.scheme not in _PORTS or not url.raw_host:
            raise httpcore2.UnsupportedProtocol("it needs http:// or https://, and a host")
        if before is None:
            return
        rule = self._rule.for_redirect(self._kind, _host_and_port(before) == _host_and_port(url))
        if rule is None:
            only = f"{_DESCRIPTIONS[self._kind]} may only redirect to the same host and port"
            raise self.error(f"is not fetched: {only}.", ALLOW_PRIVATE)
        self._rule = rule

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *_unused: object, **_unused_too: object
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of ``host`` that the rule permits and that answers."""
        failure: OSError | None = None
        with _raised_as(httpcore2.ConnectError):
            for kind, endpoint in self._permitted(host, port, timeout):
                try:
                    connection = self._network.connect(endpoint, self.seconds_for(timeout))
                except OSError as error:
                    failure = error
                    continue
                _log.info("%s: connected to %s, %s", for_log(self._place), endpoint[1][0], _DESCRIPTIONS[kind])
                self._kind = kind
                return _CheckedStream(connection, self)
            raise failure or OSError(f"{host} has no address")

    def _permitted(self, host: str, port: int, timeout: float | None) -> list[tuple[AddressKind, Endpoint]]:
        """Return the addresses of ``host`` that the rule permits. Raises AddressError if it permits none of them."""
        found = [
            ("behind a proxy" if self.proxied else classify_address(endpoint[1][0]), endpoint)
            for endpoint in self._look_up(host, port, timeout)
        ]
        permitted = [(kind, endpoint) for kind, endpoint in found if self._rule.permits(kind)]
        if found and not permitted:
            kind, (_, address) = found[0]
            what = "this" if self.proxied else address[0]
            raise self.error(f"is not fetched: {what} is {_DESCRIPTIONS[kind]}.", ALLOW_PRIVATE)
        return permitted

    def _look_up(self, host: str, port: int, timeout: float | None) -> Sequence[Endpoint]:
        """Look up a host, once for all redirects, in a thread that is abandoned when the time is over."""
        if (host, port) not in self._looked_up:
            found: Future[Sequence[Endpoint]] = Future()

            def look_up() -> None:
                try:
                    found.set_result(self._network.look_up(host, port))
                except (OSError, ValueError, OverflowError) as error:  # the last two: of impossible names and ports
                    found.set_exception(error)

            Thread(target=look_up, daemon=True).start()
            self._looked_up[host, port] = found.result(self.seconds_for(timeout))
        return self._looked_up[host, port]

    def seconds_for(self, timeout: float | None) -> float:
        """Return how long the next operation may take: ``timeout``, or what is left of the whole if that is less."""
        left = self._end - self._network.now()
        self._bound_by_end = timeout is None or left <= timeout
        if left <= 0:
            raise TimeoutError
        return min(left, timeout or left)

    def note_received(self, count: int) -> None:
        """Put the end off for ``count`` bytes that arrived, if there is a rate at which they must."""
        if self._limits.rate is not None:
            now = self._network.now()
            self._end = min(now + self._limits.whole, self._end + count / self._limits.rate)

    @contextmanager
    def clock_stopped(self) -> Iterator[None]:
        """Do not count what happens inside as time of the whole."""
        began = self._network.now()
        yield
        self._end += self._network.now() - began

    def error(self, what: str, way_out: WayOut, kind: type[AddressError] = AddressError) -> AddressError:
        """Return an AddressError whose message begins with the address, and what it redirected to."""
        return kind(f"{self._place} {what}", way_out, where=self._named)

    @contextmanager
    def errors_explained(self) -> Iterator[None]:
        """Raise the errors of the network and of the protocol as AddressError."""
        try:
            yield
        except TimeoutError as error:
            if self._bound_by_end:
                raise self.error(self._describe_end(), try_again("Try again later."), BusyServerError) from error
            raise self.error("did not answer in time.", try_again("Try again later.")) from error
        except (httpx2.InvalidURL, httpx2.RemoteProtocolError, httpcore2.UnsupportedProtocol, ValueError) as error:
            # ValueError: what is raised about host names (idna, urllib.parse) and is not turned into one of the others.
            advice = correct_input("Check how it is written.")
            reason = "" if self._is_secret else f": {error}"  # which may quote a part of the password
            raise self.error(f"is not an address of a web page{reason}.", advice) from error
        except (httpcore2.ConnectError, httpcore2.ProxyError) as error:
            advice = correct_input("Check the address and the network.")
            raise self.error(f"cannot be reached: {error}.", advice) from error
        except (OSError, httpcore2.NetworkError, httpcore2.ProtocolError, zlib.error) as error:
            raise self.error(f"could not be read to its end: {error}.", try_again("Try again.")) from error

    def _describe_end(self) -> str:
        whole, rate = self._limits.whole, self._limits.rate
        if rate is None:
            return f"took longer than {whole:g} seconds."
        return f"sent less than {rate:g} bytes a second for {whole:g} seconds."


class _CheckedStream(httpcore2.NetworkStream):
    """A connected socket; ``limits`` are those of each operation, TLS handshakes included."""

    def __init__(self, connection: socket.socket, limits: CheckedConnections) -> None:
        self._connection = connection
        self._limits = limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the next bytes, at most ``max_bytes``; none at the end."""
        with _raised_as(httpcore2.ReadError):
            self._connection.settimeout(self._limits.seconds_for(timeout))
            data = self._connection.recv(max_bytes)
        self._limits.note_received(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of ``buffer``."""
        with _raised_as(httpcore2.WriteError):
            self._connection.settimeout(self._limits.seconds_for(timeout))
            self._connection.sendall(buffer)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Shake hands; the certificate must be that of ``server_hostname``."""
        with _raised_as(httpcore2.ConnectError):
            self._connection.settimeout(self._limits.seconds_for(timeout))
            try:
                secured = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
            except BaseException:
                self.close()
                raise
        return _CheckedStream(secured, self._limits)


@contextmanager
def _raised_as(kind: type[Exception]) -> Iterator[None]:
    """Raise errors of a socket as ``kind``, an exception of httpcore2; TimeoutError stays."""
    try:
        yield
    except TimeoutError:
        raise
    except (OSError, ValueError, OverflowError) as error:
        raise kind(str(error)) from error


def for_log(address: str) -> str:
    """Return an address without credentials and queries, which may hold the key to a private feed."""
    return _QUERY.sub("?...", without_credentials(address))


def _host_and_port(url: httpx2.URL) -> tuple[bytes, int]:
    return url.raw_host, url.port or _PORTS[url.scheme]
