"""Fetch an http(s) address: every connection by the rule for addresses, everything within one limit of time.

httpx2 handles redirects, cookies and credentials, httpcore2 and h11 the protocol; connections are airquote's own.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from audio.errors import choose_other_file, correct_input
from pipeline.network.addresses import AddressRule
from pipeline.network.connections import CheckedConnections, Network, TimeLimits, without_credentials

MOST_REDIRECTS = 10


class Reply:
    """A server's answer: ``address`` after redirects and without credentials, ``status`` and ``headers``."""

    def __init__(self, response: httpx2.Response, connections: CheckedConnections) -> None:
        self.address = without_credentials(str(response.url))
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

    def blocks(self) -> Iterator[bytes]:
        """Yield the body in blocks, as it was sent: compressed or not. Raises AddressError as ``open_address`` does."""
        with self._connections.errors_explained():
            yield from self._response.iter_raw()

    def read(self, most: int) -> bytes:
        """Return the decompressed body. Raises AddressError as ``blocks`` does, and for more than ``most`` bytes."""
        data = bytearray()
        for block in self.blocks():
            data += block
            self._check_size(len(data), most)
        coding = str(self.headers.get("content-encoding", "")).strip().lower() or "identity"
        if coding == "identity" or not data:
            return bytes(data)
        with self._connections.errors_explained():
            if coding not in ("gzip", "x-gzip"):
                raise zlib.error(f"it is compressed in a way that was not asked for, {coding}")
            unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
            text = unpacker.decompress(data, most + 1)
            self._check_size(len(text), most)
            if not unpacker.eof or unpacker.unused_data:
                raise zlib.error("the compressed text does not end where the body does")
        return text

    def _check_size(self, size: int, most: int) -> None:
        if size > most:
            advice = choose_other_file("Give the address of something smaller.")
            raise self._connections.error(f"is larger than {most // 2**20} MB.", advice)


@contextmanager
def open_address(
    address: str, rule: AddressRule, limits: TimeLimits, headers: Mapping[str, str], network: Network | None = None
) -> Iterator[Reply]:
    """Request ``address``, follow its redirects, and yield the server's answer, whatever its status.

    Raises AddressError for an address that is not valid or may not be fetched, and for a server that cannot be reached,
    breaks the protocol, or takes too long.
    """
    connections = CheckedConnections(address, rule, limits, network or Network())
    client = httpx2.Client(
        transport=_Transport(connections),
        timeout=httpx2.Timeout(limits.read, connect=limits.connect),
        headers={"Accept-Encoding": "gzip", **headers},
        trust_env=False,
    )
    with client:
        with connections.errors_explained():
            response = _follow_redirects(client, address, connections)
        with closing(response):
            yield Reply(response, connections)


def _follow_redirects(client: httpx2.Client, address: str, connections: CheckedConnections) -> httpx2.Response:
    request = client.build_request("GET", address)
    for _ in range(MOST_REDIRECTS + 1):
        response = client.send(request, stream=True)
        if response.next_request is None:
            return response
        response.close()  # unread: the body of a redirect may be of any size
        request = response.next_request
    raise connections.error("redirects without end.", correct_input("Check the address."))


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
