"""A real HTTP server on the loopback that misbehaves as it is told, and a clock and a network that wait for nothing.

    with serve({"/feed": [status(500), whole(data)]}) as server:
        courier = Courier(allow_private=True, network=..., clock=...)
        courier.fetch(server.address("/feed"))

Each path has a list of behaviours, one for each request in turn; the last one stays.
"""

from __future__ import annotations

import gzip
import re
import socket
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pipeline.network.connections import Endpoint, Network
from pipeline.shows.downloads.patience import CourierClock

ENTITY_TAG = '"first"'
Headers = Mapping[str, str]


class Answer(BaseHTTPRequestHandler):
    """One request, and what a behaviour needs to answer it."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.answer(self)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send_head(self, code: int, headers: Headers) -> None:
        """Send a status line and these headers alone."""
        self.send_response_only(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send_whole(self, code: int, body: bytes, headers: Headers) -> None:
        """Send an answer with its length."""
        self.send_head(code, {"Content-Length": str(len(body)), **headers})
        self.wfile.write(body)

    def cut(self) -> None:
        """Close the connection in the middle."""
        self.close_connection = True

    def wanted_from(self, entity_tag: str) -> int:
        """The first byte that is asked for: 0 without a Range, or with an If-Range of something else."""
        found = re.fullmatch(r"bytes=([0-9]+)-", self.headers.get("Range", ""))
        if found is None or self.headers.get("If-Range", entity_tag) != entity_tag:
            return 0
        return int(found[1])


Behaviour = Callable[[Answer], None]


def status(code: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer with a status; an underscore in the name of a header is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda answer: answer.send_whole(code, body, named)


def redirect(target: str, code: int = 302) -> Behaviour:
    """Redirect to another address."""
    return status(code, Location=target)


def whole(data: bytes, entity_tag: str | None = ENTITY_TAG, cut_after: int | None = None, **headers: str) -> Behaviour:
    """Serve data as a good server does: If-None-Match, Range with If-Range, 416.

    ``cut_after`` is the number of bytes after which it cuts the connection, in this answer.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named |= {"ETag": entity_tag} if entity_tag is not None else {}

    def answer_whole(answer: Answer) -> None:
        if entity_tag is not None and answer.headers.get("If-None-Match") == entity_tag:
            answer.send_head(304, named)
            return
        start = answer.wanted_from(entity_tag or "")
        if start >= len(data) > 0:
            answer.send_whole(416, b"", {"Content-Range": f"bytes */{len(data)}", **named})
            return
        part = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if start else {}
        body = data[start:]
        answer.send_head(206 if start else 200, {"Content-Length": str(len(body)), **part, **named})
        answer.wfile.write(body[:cut_after])
        if cut_after is not None and cut_after < len(body):
            answer.cut()

    return answer_whole


def range_ignored(data: bytes, cut_after: int | None = None, **headers: str) -> Behaviour:
    """Send everything, whatever is asked for."""

    def answer_all(answer: Answer) -> None:
        answer.send_head(200, {"Content-Length": str(len(data)), "ETag": ENTITY_TAG, **headers})
        answer.wfile.write(data[:cut_after])
        answer.cut()

    return answer_all


def stated_length(data: bytes, stated: int) -> Behaviour:
    """Announce another length than is sent, and close the connection."""

    def answer_wrongly(answer: Answer) -> None:
        answer.send_head(200, {"Content-Length": str(stated), "ETag": ENTITY_TAG})
        answer.wfile.write(data)
        answer.cut()

    return answer_wrongly


def until_closed(data: bytes) -> Behaviour:
    """Send without a length, as HTTP/1.0 does: the connection ends where the data does."""

    def answer_openly(answer: Answer) -> None:
        answer.send_head(200, {"Connection": "close"})
        answer.wfile.write(data)
        answer.cut()

    return answer_openly


def chunked(data: bytes, ended: bool = True) -> Behaviour:
    """Send in chunks without a length; not ``ended``: the last chunk is missing."""

    def answer_in_chunks(answer: Answer) -> None:
        answer.send_head(200, {"Transfer-Encoding": "chunked", "ETag": ENTITY_TAG})
        for at in range(0, len(data), 5000):
            piece = data[at : at + 5000]
            answer.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        answer.wfile.write(b"0\r\n\r\n" if ended else b"")
        answer.cut()

    return answer_in_chunks


def gzipped(data: bytes) -> Behaviour:
    """Send compressed, whether that was asked for or not."""
    return status(200, gzip.compress(data), Content_Encoding="gzip", ETag=ENTITY_TAG)


class Server(ThreadingHTTPServer):
    """The server; ``requests`` lists path and headers of each request, ``busiest`` the most at once by host."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, behaviours: Mapping[str, Sequence[Behaviour]]) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.behaviours = {path: list(listed) for path, listed in behaviours.items()}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.busiest: Counter[str] = Counter()
        self._busy: defaultdict[str, int] = defaultdict(int)
        self._guard = threading.Lock()

    def address(self, path: str, host: str = "127.0.0.1", credentials: str = "") -> str:
        """The address of a path, by any name that the network of the test knows."""
        return f"http://{credentials}{host}:{self.server_port}{path}"

    def headers(self, path: str) -> list[dict[str, str]]:
        """The headers of all requests for a path."""
        return [headers for asked, headers in self.requests if asked == path]

    def answer(self, answer: Answer) -> None:
        host = answer.headers.get("Host", "").partition(":")[0]
        with self._guard:
            self.requests.append((answer.path, dict(answer.headers)))
            left = self.behaviours.get(answer.path.partition("?")[0], [status(404)])
            behaviour = left.pop(0) if len(left) > 1 else left[0]
            self._busy[host] += 1
            self.busiest[host] = max(self.busiest[host], self._busy[host])
        try:
            behaviour(answer)
            answer.wfile.flush()
        except OSError:  # the client has left
            answer.cut()
        finally:
            with self._guard:
                self._busy[host] -= 1

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients leave in the middle."""


@contextmanager
def serve(behaviours: Mapping[str, Sequence[Behaviour]]) -> Iterator[Server]:
    """Context manager: a server with these behaviours by path."""
    with Server(behaviours) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@dataclass
class FakeTime:
    """A clock that moves when somebody sleeps, or waits for a socket; ``sleeps`` lists how long.

    Connections bring ``bytes_a_second`` by it, in pieces of ten seconds; with ``silent`` nothing ever comes. Every name
    leads to the loopback.
    """

    seconds: float = 1_000.0
    sleeps: list[float] = field(default_factory=list)
    bytes_a_second: int = 1 << 40
    silent: bool = False

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.seconds += seconds

    @property
    def clock(self) -> CourierClock:
        """What a courier takes; its date is 2026-01-01 at the start."""
        return CourierClock(self.sleep, lambda: 1_767_225_600.0 - 1_000.0 + self.seconds, lambda: 0.5)

    @property
    def network(self) -> Network:
        """What a courier takes."""
        connect: Any = self._connect
        return Network(self._look_up, connect, lambda: self.seconds)

    def _look_up(self, _host: str, port: int) -> list[Endpoint]:
        return [(socket.AF_INET, ("127.0.0.1", port))]

    def _connect(self, endpoint: Endpoint, seconds: float) -> _SlowConnection:
        return _SlowConnection(Network().connect(endpoint, max(seconds, 30.0)), self)


class _SlowConnection:
    """A socket whose reads take time on the clock of the test."""

    def __init__(self, connection: socket.socket, time: FakeTime) -> None:
        self._connection = connection
        self._time = time
        self._timeout = 0.0

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0
        self._timeout = seconds

    def recv(self, most: int) -> bytes:
        if self._time.silent:
            self._time.seconds += self._timeout
            raise TimeoutError("timed out")
        data = self._connection.recv(min(most, 10 * self._time.bytes_a_second))
        self._time.seconds += len(data) / self._time.bytes_a_second
        return data

    def sendall(self, data: bytes) -> None:
        self._connection.sendall(data)

    def close(self) -> None:
        self._connection.close()
