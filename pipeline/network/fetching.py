"""Fetch an http(s) address: every connection by the rule for addresses, everything within one limit of time.

httpx2 handles redirects, cookies and credentials, httpcore2 and h11 the protocol; connections are airquote's own.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from contextvars import ContextVar
from http.cookiejar import CookieJar
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from audio.errors import choose_other_file, correct_input
from index.credentials import without_credentials
from pipeline.network.addresses import AddressRule
from pipeline.network.connections import CheckedConnections, Network, TimeLimits

MOST_REDIRECTS = 10
PERMANENT_REDIRECTS = (301, 308)
PIECE_BYTES = 64 * 1024
"""A compressed body is unpacked in pieces of at most this size."""

TakeTurn = Callable[[str], AbstractContextManager[object]]
"""Given a host, what is entered before a request to it, and left when its answer was read."""

Cookies = CookieJar
"""Cookies that several requests share."""

_sending = ContextVar("_sending", default=False)


class Reply:
    """A server's answer: ``address`` after redirects and without credentials, ``status`` and ``headers``.

    ``moved`` is the address that permanent redirects name instead of the one that was asked for, with its credentials
    where they are sent there too; None without such redirects, and where they would give up https.
    """

    def __init__(self, response: httpx2.Response, connections: CheckedConnections, moved: str | None) -> None:
        self.address = without_credentials(str(response.url))
        self.moved = moved
        self.status = response.status_code
        self.headers = response.headers
        self._response = response
        self._connections = connections

    @property
    def content_type(self) -> str:
        """The content type without parameters, in lower case; empty if the server states none."""
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def encoding(self) -> str | None:
        """The charset of the content type, as declared by the server."""
        try:
            return self._response.charset_encoding
        except ValueError:  # RFC 2231 lets a charset name have a charset of its own, which may hold a NUL
            return None

    def read(self, most: int) -> bytes:
        """Return the decompressed body. Raises AddressError as ``pieces`` does."""
        return b"".join(self.pieces(most))

    def pieces(self, most: int) -> Iterator[bytes]:
        """Yield the decompressed body.

        Raises AddressError as ``open_address`` does, and for more than ``most`` bytes, compressed or not.
        """
        coding = str(self.headers.get("content-encoding", "")).strip().lower() or "identity"
        with self._connections.errors_explained():
            blocks = self._limited(self._response.iter_raw(), most)
            yield from blocks if coding == "identity" else self._limited(_unpack(blocks, coding), most)

    def _limited(self, blocks: Iterator[bytes], most: int) -> Iterator[bytes]:
        size = 0
        for block in blocks:
            size += len(block)
            if size > most:
                advice = choose_other_file("Give the address of something smaller.")
                raise self._connections.error(f"is larger than {most // 2**20} MB.", advice)
            yield block


def _unpack(blocks: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """Decompress a body in pieces. Raises zlib.error for one that is not whole, or not packed as it was asked for."""
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    packed = b""
    for packed in blocks:
        if coding not in ("gzip", "x-gzip"):
            raise zlib.error(f"it is compressed in a way that was not asked for, {coding}")
        if unpacker.eof:
            raise zlib.error("the compressed text ends before the body does")
        left = packed
        while left:
            yield unpacker.decompress(left, PIECE_BYTES)
            left = unpacker.unconsumed_tail
    yield unpacker.flush()
    if packed and (not unpacker.eof or unpacker.unused_data):
        raise zlib.error("the compressed text does not end where the body does")


@contextmanager
def open_address(
    address: str,
    rule: AddressRule,
    limits: TimeLimits,
    headers: Mapping[str, str],
    network: Network | None = None,
    *,
    take_turn: TakeTurn = nullcontext,
    method: str = "GET",
    content: bytes | None = None,
    cookies: Cookies | None = None,
) -> Iterator[Reply]:
    """Request ``address``, follow its redirects, and yield the server's answer, whatever its status.

    Waiting to ``take_turn`` does not count as time. Raises AddressError for an address that is not valid or may not be
    fetched, and for a server that cannot be reached, breaks the protocol, or takes too long.
    """
    connections = CheckedConnections(address, rule, limits, network or Network())
    client = httpx2.Client(
        transport=_Transport(connections),
        timeout=httpx2.Timeout(limits.read, connect=limits.connect),
        headers={"Accept-Encoding": "gzip", **headers},
        cookies=cookies,
        trust_env=False,
    )
    with client, _Hops(client, connections, take_turn) as hops:
        with connections.errors_explained():
            response = hops.send(client.build_request(method, address, content=content))
        with closing(response):
            yield Reply(response, connections, hops.moved)


class _Hops(ExitStack):
    """The way of a request over its redirects; as a context, it holds the turn at the present host.

    ``moved`` is what ``Reply`` says.
    """

    def __init__(self, client: httpx2.Client, connections: CheckedConnections, take_turn: TakeTurn) -> None:
        super().__init__()
        self.moved: str | None = None
        self._client = client
        self._connections = connections
        self._take_turn = take_turn

    def send(self, request: httpx2.Request) -> httpx2.Response:
        """Return the first response that redirects no further, its body unread."""
        credentials, permanent = request.url.userinfo, True
        for _ in range(MOST_REDIRECTS + 1):
            response = self._send_once(request)
            following = response.next_request
            if following is None:
                return response
            response.close()  # unread: the body of a redirect may be of any size
            permanent = (
                permanent and response.status_code in PERMANENT_REDIRECTS and not _gives_up_https(following, request)
            )
            if permanent:
                self.moved = str(_with_credentials(following, credentials))
            request = following
        raise self._connections.error("redirects without end.", correct_input("Check the address."))

    def _send_once(self, request: httpx2.Request) -> httpx2.Response:
        _move_credentials(request)
        with self._connections.clock_stopped():
            self.close()
            self.enter_context(self._take_turn(request.url.raw_host.decode()))
        token = _sending.set(True)
        try:
            return self._client.send(request, stream=True)
        finally:
            _sending.reset(token)


def _gives_up_https(following: httpx2.Request, request: httpx2.Request) -> bool:
    return request.url.scheme == "https" and following.url.scheme != "https"


def _move_credentials(request: httpx2.Request) -> None:
    """Move name and password from the address into a header, so that nothing shows them with the address."""
    if request.url.userinfo:
        next(httpx2.BasicAuth(request.url.username, request.url.password).auth_flow(request))
        request.url = request.url.copy_with(userinfo=b"")


def _with_credentials(request: httpx2.Request, credentials: bytes) -> httpx2.URL:
    """Return the address of a redirect, with the credentials of the first request if they are sent there."""
    if credentials and not request.url.userinfo and "Authorization" in request.headers:
        return request.url.copy_with(userinfo=credentials)
    return request.url


def _is_of_others(_record: logging.LogRecord) -> bool:
    """Whether httpx2 logs a request of another program: its line holds the query, which may be a secret."""
    return not _sending.get()


logging.getLogger("httpx2").addFilter(_is_of_others)


class _Transport(httpx2.BaseTransport):
    """Sends each request over a connection of its own, so that each is checked."""

    def __init__(self, connections: CheckedConnections) -> None:
        self._connections = connections
        self._pools = ExitStack()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and return the response with its body unread."""
        self._connections.prepare_for(request.url)
        pool = self._pools.enter_context(self._pool(request.url))
        response = pool.handle_request(
            httpcore2.Request(
                request.method,
                _to_httpcore(request.url),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        """Close the connections."""
        self._pools.close()

    def _pool(self, url: httpx2.URL) -> httpcore2.ConnectionPool:
        """Return a pool for one request: to the server, or to the proxy that environment or system name for it."""
        proxy = _find_proxy(url)
        context = httpx2.create_ssl_context() if url.scheme == "https" else None
        self._connections.proxied = proxy is not None
        if proxy is None:
            return httpcore2.ConnectionPool(ssl_context=context, network_backend=self._connections)
        return httpcore2.HTTPProxy(
            _to_httpcore(proxy.url),
            proxy_auth=proxy.raw_auth,
            ssl_context=context,
            network_backend=self._connections,
        )


class _Body(httpx2.SyncByteStream):
    """The body of a response of httpcore2, for httpx2."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        """Close the connection, unless the body was read to its end."""
        self._response.close()


def _find_proxy(url: httpx2.URL) -> httpx2.Proxy | None:
    """Return the proxy for an address by the variables HTTP_PROXY and so on, or the settings of the system."""
    if proxy_bypass(url.netloc.decode()):
        return None
    proxies = getproxies()
    named = proxies.get(url.scheme) or proxies.get("all")
    if named is None:
        return None
    if "://" in named and not named.lower().startswith("http://"):
        raise httpcore2.ProxyError(f"its proxy {without_credentials(named)} does not begin with http://")
    try:
        return httpx2.Proxy(named if "://" in named else f"http://{named}")
    except httpx2.InvalidURL as error:
        raise httpcore2.ProxyError(f"its proxy is not an address: {error}") from error


def _to_httpcore(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
