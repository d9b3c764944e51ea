"""A network in memory: names, addresses and servers of the test's own, and a clock that they move."""

from __future__ import annotations

import random
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from pipeline.errors import AddressError
from pipeline.network.addresses import AddressRule
from pipeline.network.connections import Endpoint, Network, TimeLimits
from pipeline.network.fetching import open_address

LIMITS = TimeLimits(connect=10.0, read=20.0, whole=60.0)
PUBLIC = "93.184.215.14"
OTHER_PUBLIC = "2606:2800:21f::1"


def reply(body: bytes = b"ok", status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    """A response as it is sent; an underscore in the name of a header is a hyphen."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def redirect(target: str) -> bytes:
    """A redirect to ``target``."""
    return reply(b"", "302 Found", Location=target)


class FakeConnection:
    """The client's end of a connection: sends what the server yields, a block for each call of ``recv``."""

    def __init__(self, blocks: Iterable[bytes], network: FakeNetwork) -> None:
        self.sent = b""
        self.server_hostname: str | None = None
        self._blocks = iter(blocks)
        self._left = b""
        self._network = network

    def settimeout(self, seconds: float) -> None:
        assert 0 < seconds <= LIMITS.whole - self._network.clock, "no operation may last beyond the whole"

    def sendall(self, data: bytes) -> None:
        self.sent += data

    def recv(self, most: int) -> bytes:
        self._network.reads += 1
        self._left = self._left or next(self._blocks, b"")
        block, self._left = self._left[:most], self._left[most:]
        return block

    def close(self) -> None:
        """Nothing to close."""


class FakeTLS:
    """In place of an ssl.SSLContext: notes whose certificate is asked for, and encrypts nothing."""

    def set_alpn_protocols(self, protocols: list[str]) -> None:
        """Nothing to negotiate."""

    def wrap_socket(self, connection: FakeConnection, server_hostname: str | None) -> FakeConnection:
        connection.server_hostname = server_hostname
        return connection


class FakeNetwork:
    """Names and servers: ``servers`` gives the blocks that an (address, port) sends, to each connection in turn.

    A name may have several addresses, or a function that returns them. An address is its own. What is not known cannot
    be looked up or connected to. ``connected`` and ``looked_up`` list what was; ``clock`` is moved by the servers.
    """

    def __init__(
        self,
        names: Mapping[str, list[str] | Callable[[], list[str]]],
        servers: Mapping[tuple[str, int], Sequence[Iterable[bytes]]],
    ) -> None:
        self.names = names
        self.servers = {place: iter(connections) for place, connections in servers.items()}
        self.connections: list[FakeConnection] = []
        self.connected: list[tuple[str, int]] = []
        self.looked_up: list[str] = []
        self.reads = 0
        self.clock = 0.0

    @property
    def network(self) -> Network:
        """The functions that ``open_address`` takes."""
        connect: Any = self._connect  # its connections have what is used of a socket
        return Network(self._look_up, connect, lambda: self.clock)

    @property
    def requests(self) -> list[str]:
        """What was sent over each connection."""
        return [connection.sent.decode("latin-1") for connection in self.connections]

    def _look_up(self, host: str, port: int) -> list[Endpoint]:
        self.looked_up.append(host)
        known = self.names.get(host)
        if known is None:
            try:
                ip_address(host)
            except ValueError:
                raise socket.gaierror(socket.EAI_NONAME, "no such name") from None
            known = [host]
        found = known() if callable(known) else known
        return [(socket.AF_INET6, (one, port, 0, 0)) if ":" in one else (socket.AF_INET, (one, port)) for one in found]

    def _connect(self, endpoint: Endpoint, _seconds: float) -> FakeConnection:
        place = endpoint[1][:2]
        self.connected.append(place)
        blocks = next(self.servers.get(place, iter(())), None)
        if blocks is None:
            raise ConnectionRefusedError(f"nobody at {place}")
        self.connections.append(FakeConnection(blocks, self))
        return self.connections[-1]


def fetch(
    address: str, fake: FakeNetwork, rule: AddressRule | None = None, limits: TimeLimits = LIMITS, most: int = 1000
) -> tuple[str, bytes]:
    """Return the final address and the body of ``address`` in a fake network."""
    with open_address(address, rule or AddressRule(), limits, {}, fake.network) as answer:
        return answer.address, answer.read(most)


_PIECES = [
    "http://", "https://", "HTTP://", "//", "/", "\\", "@", "127.0.0.1", "[::1]", "[fe80::1%eth0]", "xn--", "xn--a",
    ":", "80", "99999", "-1", " ", "\t", "\x7f", "%", "%00", "..", ".", "?", "#", "[", "]", "ⓛ", "。", "a" * 64,
    "é", "user", "b.example", "file:", "ws:", "\udc80", "１２７", ";", "&", "<", "İ", "ß", "xn--bcher-kva.example",
    "\u200b", "::",
]  # fmt: skip
"""What addresses that are none are made of."""


def fuzz_addresses(tries: int, seed: int) -> Counter[str]:
    """Fetch addresses made of fragments, with redirects made of fragments; count what came of it.

    Raises whatever is not an AddressError, and AssertionError for a connection to an address that is not public.
    """
    choice = random.Random(seed)
    ended: Counter[str] = Counter()

    def write(beginning: str = "") -> str:
        return beginning + "".join(choice.choices(_PIECES, k=choice.randint(1, 7)))

    def serve() -> Iterator[Any]:
        for target in (write("http://" * choice.randint(0, 1)) for _ in range(2)):
            location = target.encode("utf-8", "surrogatepass").strip()
            yield [b"HTTP/1.1 302 Found\r\nSet-Cookie: a=" + location + b"\r\nLocation: " + location + b"\r\n\r\n"]
        yield [reply()]

    for _ in range(tries):
        fake = FakeNetwork(_AllNames(), {})
        served = serve()
        fake.servers = {(PUBLIC, port): served for port in (80, 443)}
        first = choice.choice(["http://a.example/", write("http://"), write()])
        try:
            fetch(first, fake, AddressRule("document"))
            ended["fetched"] += 1
        except AddressError as error:
            assert error.way_out, error
            ended["refused"] += 1
        assert {place[0] for place in fake.connected} <= {PUBLIC}, fake.connected
    return ended


class _AllNames(dict[str, Any]):
    """Every name, which is not an IP address, has one public address."""

    def get(self, host: str, default: Any = None) -> Any:
        try:
            ip_address(host)
        except ValueError:
            return [PUBLIC]
        return default
