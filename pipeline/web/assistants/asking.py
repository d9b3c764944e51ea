"""Ask the library for a tool: in a process of the pool, with errors and answers in the form of the protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent

from audio.errors import AirquoteError
from pipeline.progress import ProgressEvent, QuotationsAdvanced
from pipeline.web.assistants.answer_texts import write_answer
from pipeline.web.assistants.local_places import explain_error
from pipeline.web.assistants.tool_answers import ToolAnswer
from pipeline.web.library_pool import LibraryPool
from pipeline.web.worker_process import QuestionTooLongError

_TOO_LONG = "This took too long and was given up. Ask for less: fewer or more special words, one episode, one show."


class Asking:
    """Asks a pool of libraries, and gives answers and errors the form of the protocol."""

    def __init__(self, pool: LibraryPool) -> None:
        self._pool = pool

    async def ask(self, tool: str, question: Callable[..., ToolAnswer], *arguments: Any) -> CallToolResult:
        """Return the answer of a library that is only read. Raises ToolError."""
        with self.in_neutral_words():
            return _as_result(tool, await self._pool.ask(question, *arguments))

    async def change(self, tool: str, question: Callable[..., ToolAnswer], *arguments: Any) -> CallToolResult:
        """Return the answer of a library that is changed. Raises ToolError."""
        with self.in_neutral_words():
            return _as_result(tool, await self._pool.change(question, *arguments))

    async def read(self, question: Callable[..., str], *arguments: Any) -> str:
        """Return a text. Raises ToolError."""
        with self.in_neutral_words():
            return await self._pool.ask(question, *arguments)

    async def ask_at_length(
        self, tool: str, context: Context, question: Callable[..., Iterator[ToolAnswer]], *arguments: Any
    ) -> CallToolResult:
        """Return the answer to a question that may take minutes, and report its progress. Raises ToolError."""
        reports = set[asyncio.Task[None]]()

        def report(event: ProgressEvent) -> None:
            if isinstance(event, QuotationsAdvanced):
                reports.add(asyncio.create_task(_report(context, event)))

        with self.in_neutral_words():
            answers = [one async for one in self._pool.stream(question, *arguments, progress=report)]
        await asyncio.gather(*reports)
        return _as_result(tool, answers[0])

    @contextmanager
    def in_neutral_words(self) -> Iterator[None]:
        """Turn errors of the library into those of tools: what happened and what to do, without places of files."""
        try:
            yield
        except AirquoteError as error:
            raise ToolError(explain_error(error, self._pool.directory)) from error
        except QuestionTooLongError as error:
            raise ToolError(_TOO_LONG) from error


async def _report(context: Context, event: QuotationsAdvanced) -> None:
    """Report the progress of two steps, each of which counts all quotations."""
    before = event.total if event.step == "listened to" else 0
    done = before + event.done
    await context.report_progress(done, 2 * event.total, f"{event.done} of {event.total} quotations {event.step}")


def _as_result(tool: str, answer: ToolAnswer) -> CallToolResult:
    content = TextContent(type="text", text=write_answer(tool, answer))
    return CallToolResult(content=[content], structured_content=answer.model_dump(mode="json"))
