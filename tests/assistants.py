"""Assistants for tests: a library with something of each kind, and the SDK's own client that asks a server of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
from fake_engine import airquote
from feed_server import feed_of, items
from libraries import add_episode, add_spoken, make_transcript
from made_voices import add_voices
from mcp.client.client import Client
from mcp_types import CallToolResult

from index.storage.store import Store
from pipeline.library import Library
from pipeline.web.assistants.assistant_server import AssistantServer, create_server
from pipeline.web.library_pool import LibraryPool

READING = {
    "search", "read_around", "read_episode", "locate_quotation", "verify_article", "cite", "list_episodes",
    "list_shows", "list_voices",
}  # fmt: skip
CHANGING = {"name_voice", "edit_episode"}
TURNS = [
    ("Ann Lee", "We never stopped working on the roof of the harbour."),
    ("Bob", "And did the ferry run in winter?"),
    ("Ann Lee", "There is more to come, and it begins this winter, I promise."),
]
ARTICLE = (
    '"We never stopped working on the roof of the harbour," said Ann Lee. "There is more to come, and it begins this'
    ' summer, I promise," she added. He called it "a miracle".'
)


def build(folder: Path) -> Path:
    """A library: an episode with an address, one with a recording on this machine, one without words, and a show."""
    private = folder / "my private folder"
    private.mkdir(parents=True)
    feed = private / "feed.xml"
    feed.write_bytes(feed_of("Day Boat", items(2)))
    library = private / "library"
    with Store.open(library, create=True) as store:
        add_spoken(
            store, "Talk", TURNS, show="Fail Better", published="2024-12-12", address="https://pod.example/1.mp3"
        )
        local = add_episode(store, "Local", media=str(private / "local.wav"), duration=60.0)
        heard = make_transcript("The storm came over the harbour at night, and nobody slept at all.")
        store.save_transcript(local.id, replace(heard, model=str(private / "weights")))
        add_voices(store, "Voices", words=60)
        add_episode(store, "Unheard", media=str(private / "unheard.wav"))
    assert airquote("subscribe", feed, "--library", library).code == 0
    assert airquote("edit", "talk", "--address", "https://pod.example/1.mp3", "--library", library).code == 0
    return library


class PoolHere(LibraryPool):
    """Answers in this process, with one library for each question."""

    async def ask(self, function: Callable[..., Any], *arguments: Any, limit: float = 0.0) -> Any:  # noqa: ARG002
        """Return the answer of a library."""
        with Library.open(self.directory, numbers=False) as library:
            return function(library, *arguments)

    async def change(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return the answer of a library."""
        return await self.ask(function, *arguments)

    async def stream(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        limit: float = 0.0,  # noqa: ARG002
        progress: Any = None,
    ) -> AsyncIterator[Any]:
        """Yield what a library answers."""
        with Library.open(self.directory, numbers=False) as library:
            library.progress = progress
            for item in function(library, *arguments):
                yield item


def server_of(library: Path, *, allow_writes: bool = False) -> AssistantServer:
    """A server that answers in this process."""
    return create_server(PoolHere(library), allow_writes=allow_writes)


def ask(server: Any, tool: str, **arguments: Any) -> CallToolResult:
    """The answer to one call of a tool, by a client of its own."""

    async def call() -> CallToolResult:
        async with Client(server) as client:
            return await client.call_tool(tool, arguments)

    return anyio.run(call)


def text_of(answer: CallToolResult) -> str:
    """The text of an answer."""
    (content,) = answer.content
    assert content.type == "text"
    return content.text


def results_of(answer: CallToolResult) -> list[dict[str, Any]]:
    """The results of an answer that is no error."""
    assert not answer.is_error, text_of(answer)
    assert answer.structured_content is not None
    return list(answer.structured_content["results"])
