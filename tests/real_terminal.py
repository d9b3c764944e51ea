"""Run airquote in a real terminal (a pseudo-terminal) of some width, and read what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path

from fake_engine import ROOT

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\]8;;[^\x1b]*\x1b\\")
"""Colours, movements of the cursor and links."""


def run_in_terminal(
    *arguments: object,
    columns: int,
    environment: Mapping[str, str] | None = None,
    program: Path | None = None,
    folder: Path = ROOT,
) -> str:
    """Run a command (or a driver program) with stdout and stderr on a terminal; return all that was written to it."""
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, (40, columns))
    inherited = {key: value for key, value in os.environ.items() if key not in _OF_TERMINALS}
    process = subprocess.Popen(
        [sys.executable, *([str(program)] if program else ["-m", "pipeline.cli.main"]), *map(str, arguments)],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **(environment or {})},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(master)
    process.wait()
    return shown.decode(errors="backslashreplace").replace("\r\n", "\n")


_OF_TERMINALS = {"COLUMNS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"}


def visible(text: str) -> str:
    """Return the text without escape sequences."""
    return ESCAPES.sub("", text)
