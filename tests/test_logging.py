"""Logs: under the name airquote, quiet unless a program or -v asks for them."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import airquote
from libraries import make_library

LOGGER = logging.getLogger("airquote")


@pytest.fixture(autouse=True)
def logger_as_it_was() -> Iterator[None]:
    """A command in this process adds a handler: take it off again."""
    handlers, level = list(LOGGER.handlers), LOGGER.level
    yield
    LOGGER.handlers[:] = handlers
    LOGGER.setLevel(level)


@pytest.fixture
def ferry_library(library: Path) -> Path:
    """This test's own library, in which a ferry leaves; its index is not built yet."""
    make_library(library, ["the ferry left"]).close()
    return library


@pytest.mark.usefixtures("ferry_library")
@pytest.mark.parametrize("place", ["before", "after", "both"])
def test_verbose_shows_each_record_once_on_stderr(place: str) -> None:
    before, after = ["-v"] * (place != "after"), ["--verbose"] * (place != "before")
    run = airquote(*before, "search", "ferry", *after)
    assert run.code == 0
    assert run.err.count("airquote.library: opening") == 1
    assert run.err.count("airquote.index: rebuilding") == 1
    assert "airquote." not in run.out


@pytest.mark.usefixtures("ferry_library")
def test_a_command_logs_nothing_by_default() -> None:
    run = airquote("search", "ferry")
    assert run.code == 0
    assert run.err.splitlines() == ["Read around one: airquote at N."]


def test_a_program_gets_records_only_through_logging(ferry_library: Path) -> None:
    program = f"""
import logging, sys, airquote
if "told" in sys.argv:
    logging.basicConfig(level=logging.DEBUG, format="%(name)s %(message)s")
with airquote.Library.open({str(ferry_library)!r}) as library:
    library.reindex()
"""
    quiet, told = (
        subprocess.run([sys.executable, "-c", program, *more], capture_output=True, text=True, check=True)
        for more in ([], ["told"])
    )
    assert (quiet.stdout, quiet.stderr) == ("", "")
    assert told.stdout == ""
    assert "airquote.index rebuilding" in told.stderr
