"""The page's server for tests: on a free port of this machine, in a thread of the test."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from pipeline.web.app import create_app
from pipeline.web.serving import bind, configure_server
from pipeline.web.web_settings import LOOPBACK, WebSettings


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of the server."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body, read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that runs, and requests to it."""

    settings: WebSettings

    @property
    def address(self) -> str:
        """The address of its pages, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.settings.port}"

    def ask(
        self, path: str, method: str = "GET", body: object = None, headers: Mapping[str, str | None] | None = None
    ) -> Answered:
        """Send a request: with the token for changes, and ``body`` as JSON unless it is bytes."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"X-Airquote-Token": self.settings.change_token, **(headers or {})}
        if content is not None and not isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/json")
        connection = HTTPConnection(LOOPBACK, self.settings.port, timeout=60)
        try:
            connection.request(method, path, content, {name: text for name, text in sent.items() if text is not None})
            answer = connection.getresponse()
            return Answered(answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@contextmanager
def running_server(
    library: Path, application: Callable[[WebSettings], ASGIApp] = create_app, **settings: Any
) -> Iterator[RunningServer]:
    """Serve a library while the context lasts."""
    with bind(LOOPBACK, 0) as bound:
        chosen = WebSettings(library, port=bound.getsockname()[1], **settings)
        config = configure_server(application(chosen))
        config.timeout_graceful_shutdown = 1
        server = uvicorn.Server(config)
        ready = threading.Event()
        config.load()
        thread = threading.Thread(target=_run, args=(server, [bound], ready), daemon=True)
        thread.start()
        assert ready.wait(60)
        try:
            yield RunningServer(chosen)
        finally:
            server.should_exit = True
            thread.join(20)


def _run(server: uvicorn.Server, sockets: Any, ready: threading.Event) -> None:
    begin = server.startup

    async def startup(sockets: Any = None) -> None:
        await begin(sockets)
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    server.run(sockets=sockets)
