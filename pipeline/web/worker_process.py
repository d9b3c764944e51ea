"""A child process that holds an open library and answers one question after the other."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from audio.errors import AirquoteError
from pipeline.answers import as_list
from pipeline.library import Library

Question = tuple[Callable[..., Any], tuple[Any, ...], bool]
"""A function of a library and its arguments, and whether its results are sent one by one."""
Message = tuple[Literal["item", "progress", "end", "error"], Any]


class NoAnswerError(Exception):
    """A question has no answer, for a reason that lies neither in it nor in the library."""


class QuestionTooLongError(NoAnswerError):
    """A question took longer than the server allows."""


class QuestionLeftError(NoAnswerError):
    """Whoever asked has gone before it was their turn."""


class WorkerDiedError(NoAnswerError):
    """The process that was asked has ended before it answered."""


class WorkerProcess:
    """A child process; it ends with its parent, however that ends.

    ``niceness`` is by how much it stands back where others want the processor too; only one that ``creates`` makes a
    library where there is none.
    """

    def __init__(self, directory: Path, niceness: int = 0, *, creates: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_answer_questions, args=(directory, theirs, niceness, creates), daemon=True
        )
        self._process.start()
        theirs.close()

    @property
    def is_alive(self) -> bool:
        """Whether it runs; it may have been killed, as where memory is short."""
        return self._process.is_alive()

    def ask(self, question: Question, limit: float | None) -> Iterator[Message]:
        """Ask a question and yield the messages of its answer.

        Raises QuestionTooLongError if one takes longer than ``limit`` seconds, WorkerDiedError if the process has
        ended: it is of no use then.
        """
        try:
            self._connection.send(question)
        except OSError:
            raise WorkerDiedError from None
        while True:
            try:
                if not self._connection.poll(limit):
                    raise QuestionTooLongError
                message: Message = self._connection.recv()
            except (EOFError, OSError):
                raise WorkerDiedError from None
            yield message
            if message[0] in ("end", "error"):
                return

    def kill(self) -> None:
        """End the process while another thread waits for its answer, which raises WorkerDiedError there."""
        with suppress(ValueError):  # that thread has just closed it
            self._process.kill()

    def close(self) -> None:
        """End the process, whatever it does."""
        self._connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _answer_questions(directory: Path, connection: Connection, niceness: int, creates: bool) -> None:
    if hasattr(os, "nice"):  # not on Windows
        os.nice(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the server ends this one
    with ExitStack() as opened:

        @cache
        def open_library() -> Library:
            """Return the library, opened at the first question for which there is one."""
            library = opened.enter_context(Library.open(directory, create=creates, numbers=False))
            library.progress = lambda event: connection.send(("progress", event))
            return library

        try:
            while True:
                _answer(open_library, connection.recv(), connection)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def _answer(open_library: Callable[[], Library], question: Question, connection: Connection) -> None:
    function, arguments, one_by_one = question
    try:
        answer = function(open_library(), *arguments)
        for item in answer if one_by_one else as_list((answer,)):
            connection.send(("item", item))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception as error:  # noqa: BLE001 - the server tells it, and the process lives on
        connection.send(("error", error if isinstance(error, AirquoteError) else _describe(error)))
    else:
        connection.send(("end", None))


def _describe(error: Exception) -> RuntimeError:
    """Return an exception that crosses processes for one that may not."""
    import traceback

    return RuntimeError("".join(traceback.format_exception(error)))
