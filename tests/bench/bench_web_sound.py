"""What Chromium plays at a second of a three-hour recording: how far off it is, and how long one waits for the sound.

Each format is played as it is, from a server that answers requests for parts of files, and as ``airquote serve`` serves
it: with tones of their own in every second. Distances are modulo the ten minutes after which the tones come again.

Run: PYTHONPATH=.:tests python -m bench.bench_web_sound [--places 10] [--hours 3]
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import av
import numpy as np
import uvicorn
from bench.bench_report import Bars
from heard_tones import KINDS, PERIOD, heard_time, listen, make_tones, write_tones
from libraries import add_episode
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from web_pages import CHROMIUM, FLAGS
from web_server import RunningServer, running_server

from audio.media import hash_file
from index.storage.store import Store
from pipeline.web.serving import bind
from pipeline.web.web_settings import LOOPBACK

if TYPE_CHECKING:
    from playwright.sync_api import Page

WANTED = 0.6
MOST_OFF, LONGEST_WAIT = 50, 300
"""What is promised of the sound as it is served, in milliseconds."""
ROW = "{:26} {:10} {:>9} {:>9} {:>9} {:>9} {:>9}"


class LongFile(NamedTuple):
    """A file whose tones come again after ``period`` seconds."""

    path: Path
    period: float


def repeat(kind: str, piece: Path, path: Path, times: int) -> LongFile:
    """Write the packets of a file as often as that, one after the other, with the headers that the kind has."""
    with av.open(str(path), "w", options=KINDS[kind][3]) as written:
        stream: Any = None
        begin, period = 0, 0.0
        for _ in range(times):
            with av.open(str(piece)) as container:
                (source,) = container.streams.audio
                assert source.time_base is not None
                stream = stream or written.add_stream_from_template(source)
                packets = [packet for packet in container.demux(source) if packet.size]
                first, end = packets[0].pts or 0, (packets[-1].pts or 0) + (packets[-1].duration or 0)
                shift = begin - first if begin else 0
                for packet in packets:
                    packet.pts = packet.dts = (packet.pts or 0) + shift
                    packet.stream = stream
                    written.mux(packet)
                begin = end + shift
                period = float((end - first) * source.time_base)
    return LongFile(path, period)


@contextmanager
def served_files(folder: Path) -> Iterator[str]:
    """Serve a folder's files as they are, and yield the address."""
    (folder / "index.html").write_text("<!doctype html><title>Sound</title>")
    app = Starlette(routes=[Mount("/", StaticFiles(directory=folder, html=True))])
    with bind(LOOPBACK, 0) as bound:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        yield f"http://{LOOPBACK}:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


def measure(page: Page, addresses: dict[str, str], places: Sequence[tuple[int, float]], files: dict[str, LongFile],
            how: str) -> tuple[float, float]:  # fmt: skip
    """Play every file at places, each a number of repeats and the second after them, and print a row for each file.

    Returns the largest error of all, and the longest median wait of a file, in milliseconds.
    """
    worst, longest = 0.0, 0.0
    for kind, address in addresses.items():
        errors, waits = [], []
        for times, place in places:
            (heard,) = listen(page, [(address, times * files[kind].period + place)], WANTED)
            error = (heard_time(heard) - place + PERIOD / 2) % PERIOD - PERIOD / 2
            errors.append(abs(error) * 1000)
            waits.append(heard.wait)
        worst, longest = max(worst, *errors), max(longest, statistics.median(waits))
        print(ROW.format(kind, how, *(f"{value:.0f}" for value in (
            statistics.median(errors), max(errors), statistics.median(waits), np.percentile(waits, 95), waits[0]))
        ), flush=True)  # fmt: skip
    return worst, longest


def time_opening(server: RunningServer, kinds: Sequence[str]) -> None:
    """Print how long the first request for each recording takes, which checks and indexes it, and the second."""
    print(f"\n{'milliseconds to open':37} {'first':>9} {'again':>9}")
    for number, kind in enumerate(kinds):
        taken = []
        for _ in range(2):
            begun = time.perf_counter()
            assert server.ask(f"/sound/e{number}.wav", "HEAD").status == 200
            taken.append(1000 * (time.perf_counter() - begun))
        print(f"{kind:37} {taken[0]:9.0f} {taken[1]:9.0f}", flush=True)
    print()


def make_files(folder: Path, hours: float) -> dict[str, LongFile]:
    """Write a recording of each kind into the folder."""
    tones, files, repeats = make_tones(PERIOD), {}, round(hours * 3600 / PERIOD)
    for number, kind in enumerate(KINDS):
        if kind == "FLAC":  # whose packets have numbers of their own
            files[kind] = LongFile(write_tones(kind, folder / f"e{number}", tones, repeats), PERIOD)
            continue
        piece = write_tones(kind, folder / f"piece{number}", tones)
        target = folder / f"e{number}{piece.suffix}"
        files[kind] = repeat(kind, piece, target, repeats)
        piece.unlink()
    return files


def main() -> int:
    """Print the tables and the bars; return 1 if one is missed."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=10)
    parser.add_argument("--hours", type=float, default=3.0)
    asked = parser.parse_args()
    drawn = random.Random(1)
    repeats = round(asked.hours * 3600 / PERIOD)
    places = [(drawn.randrange(repeats), drawn.randrange(5, PERIOD - 5) + 0.7) for _ in range(asked.places)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = name  # where indexes are kept
        (folder / "files").mkdir()
        files = make_files(folder / "files", asked.hours)
        with Store.open(folder / "library", create=True) as store:
            for number, one in enumerate(files.values()):
                add_episode(store, f"e{number}", media=str(one.path), sha256=hash_file(one.path))
        with served_files(folder / "files") as plain, running_server(folder / "library") as server:
            print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
            time_opening(server, list(files))
            print(ROW.format("format", "served", "ms off", "largest", "ms wait", "p95", "first"))
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which(CHROMIUM), args=[*FLAGS, "--autoplay-policy=no-user-gesture-required"]
                )
                page = browser.new_context(bypass_csp=True).new_page()
                page.goto(plain)
                measure(page, {kind: f"/{one.path.name}" for kind, one in files.items()}, places, files, "as it is")
                page.goto(server.address)
                exact = {kind: f"/sound/e{number}.wav" for number, kind in enumerate(files)}
                worst, longest = measure(page, exact, places, files, "exact")
                browser.close()
            print(f"load {os.getloadavg()[0]:.1f}\n")
    bars = Bars()
    bars.most("as it is served, off by at most, ms", worst, MOST_OFF)
    bars.most("to the first sound, the longest median, ms", longest, LONGEST_WAIT)
    return 0 if bars.met else 1


if __name__ == "__main__":
    sys.exit(main())
