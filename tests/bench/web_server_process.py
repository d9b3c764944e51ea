"""``airquote serve`` as a process of its own: its start, memory and processor time, with its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from bench.kept_results import bench_environment
from bench.materials import ROOT

KB_A_MEGABYTE = 1e6 / 1024
LONGEST_GOODBYE = 20
"""Seconds that a server gets to end."""


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that runs: its process, where it answers, and the seconds from its start to its printed address."""

    number: int
    address: str
    start_seconds: float

    @property
    def port(self) -> int:
        """The port on which it listens."""
        port = urlsplit(self.address).port
        assert port is not None
        return port

    def fetch(self, path: str, *, compressed: bool = False) -> bytes:
        """Return the body of an answer as it is sent. Raises ValueError if that is an error."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"} if compressed else {})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(f"{path} answers {answer.status}: {body.decode()}")
        return body

    def memory(self) -> dict[str, float]:
        """Return the memory of it and its children in MB: all that is resident, and what of it is no file (anon)."""
        return add_memory(family_of(self.number))

    def processor_seconds(self) -> float:
        """Return the processor time that it and its living children have used."""
        return sum(map(_processor_seconds, family_of(self.number)))


@contextmanager
def served(library: Path) -> Iterator[ServerProcess]:
    """Serve a library in a process of its own while the context lasts."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli.main", "serve", "--port", "0", "--library", str(library)],
        env=bench_environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            seconds = time.perf_counter() - began
            yield ServerProcess(process.pid, line.split()[-1], seconds)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(LONGEST_GOODBYE)
            except subprocess.TimeoutExpired:
                process.kill()


def family_of(number: int) -> list[int]:
    """Return a process and its descendants."""
    found = [number]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:  # it has ended
                continue
    return found


def add_memory(processes: list[int]) -> dict[str, float]:
    """Return the resident memory of processes in MB, and what of it is no file."""
    added = {"resident": 0.0, "anonymous": 0.0}
    for number in processes:
        try:
            lines = Path(f"/proc/{number}/status").read_text().splitlines()
        except OSError:
            continue
        facts = dict(line.split(":", 1) for line in lines)
        for name, field in (("resident", "VmRSS"), ("anonymous", "RssAnon")):
            added[name] += int(facts[field].split()[0]) / KB_A_MEGABYTE if field in facts else 0
    return added


def _processor_seconds(number: int) -> float:
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")  # utime and stime
