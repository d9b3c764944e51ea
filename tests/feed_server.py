"""A server of feeds on the loopback, and the feeds that it sends."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import sleep
from xml.sax.saxutils import escape

FIRST_DATE = datetime(2000, 1, 1, 10, tzinfo=UTC)


@dataclass
class Answer:
    """What is sent for a path; its entity tag is the hash of the body, unless ``tagged`` is false."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str = "application/rss+xml"
    password: str | None = None
    tagged: bool = True
    delay: float = 0.0


class FeedServer:
    """Answers by path. ``requests`` are the paths that were asked for; ``most_at_once`` the requests at one time."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.most_at_once = 0
        self.under_way = 0
        self.lock = Lock()

    def url(self, path: str, credentials: str = "") -> str:
        """The address of a path."""
        return f"http://{credentials}{self.address}{path}"

    def feed(self, path: str, title: str, items: Iterable[str], **more: object) -> str:
        """Send a feed of ``items`` for a path; return its address."""
        head = str(more.pop("head", ""))
        self.answers[path] = Answer(feed_of(title, items, head), **more)  # type: ignore[arg-type]
        return self.url(path)


def item(number: int, **changes: str) -> str:
    """An item of a feed, with other texts for guid, title, date and enclosure."""
    values = {
        "guid": f"guid-{number}",
        "title": f"Episode {number}",
        "pubDate": format_datetime(FIRST_DATE + timedelta(days=number)),
        "enclosure": f"https://media.example/{number}.mp3",
        **changes,
    }
    enclosure = f'<enclosure url="{escape(values.pop("enclosure"))}" type="audio/mpeg" length="1000"/>'
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in values.items() if text) + enclosure


def items(count: int) -> list[str]:
    """So many items, the newest first."""
    return [item(number) for number in range(count, 0, -1)]


def feed_of(title: str, items: Iterable[str], head: str = "") -> bytes:
    """A feed in RSS 2.0, with more elements of the channel in ``head``."""
    entries = "\n".join(f"<item>{one}</item>" for one in items)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>{escape(title)}</title>{head}
{entries}
</channel></rss>""".encode()


@contextmanager
def serve_feeds() -> Iterator[FeedServer]:
    """Serve on a free port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with server.lock:
                server.requests.append(self.path)
                server.under_way += 1
                server.most_at_once = max(server.most_at_once, server.under_way)
            try:
                self._answer(server.answers.get(self.path, Answer(status=404)))
            finally:
                with server.lock:
                    server.under_way -= 1

        def _answer(self, answer: Answer) -> None:
            sleep(answer.delay)
            tag = f'"{sha256(answer.body).hexdigest()[:16]}"'
            given = self.headers.get("Authorization", "").removeprefix("Basic ")
            status, body = answer.status, answer.body
            if answer.password is not None and b64decode(given).decode() != answer.password:
                status, body = 401, b""
            elif answer.tagged and status == 200 and self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            self.send_response(status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.tagged:
                self.send_header("ETag", tag)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        server = FeedServer(f"127.0.0.1:{running.server_port}")
        Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            running.shutdown()
