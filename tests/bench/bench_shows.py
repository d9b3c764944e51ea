"""Time subscriptions and the look for new episodes, on a server of the loopback; and read test files of feed parsers.

    python -m bench.bench_shows --shows 200 --episodes 5000

A feed of 5,000 episodes with notes is subscribed to by the command line, start of the program included. Then a library
of 200 such shows is asked for what is new, while the server answers that nothing is (304). Each runs in a process of
its own, whose processor time and largest memory are told too. The folder ``feeds`` of AIRQUOTE_BENCH_DATA holds test
files of feed parsers: how many of the values that they expect are read so, and each that is not.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.feeds_expected import report
from bench.materials import ROOT
from feed_server import FeedServer, feed_of, item, serve_feeds

from index.storage.store import Store
from pipeline.shows.downloads.courier import Courier
from pipeline.shows.feed_requests import FeedRequest
from pipeline.shows.show_choices import ShowChoices
from pipeline.shows.subscribing import subscribe

MOST_SUBSCRIBE_SECONDS, MOST_REFRESH_SECONDS, MOST_MEGABYTES = 3.0, 5.0, 200.0
"""The limits that are promised."""
WITH_MEMORY = (
    "import atexit, os, shutil, sys\natexit.register(shutil.copy, '/proc/self/status', os.environ['STATUS_FILE'])\n"
)
"""What a measured program does at its end: it copies what the kernel says of its memory, since it was begun."""
SUBSCRIBE = f"{WITH_MEMORY}from pipeline.cli.main import main; sys.argv[0] = 'airquote'; main()"
REFRESH = (
    f"{WITH_MEMORY}from pipeline.library import Library\n"
    "with Library.open(sys.argv[1]) as library:\n"
    "    statuses = [one.status for one in library.refresh(allow_private=True)]\n"
    "assert set(statuses) == {'unchanged'} and len(statuses) == int(sys.argv[2]), statuses"
)
NOTES = "<p>This week Ann and Ben talk about <b>the ferry</b>, the winter and the letters that came. </p>" * 12
"""Notes as long as those of most episodes: 1.1 KB."""


def make_items(count: int) -> Iterator[str]:
    """Items of a feed, the newest first."""
    for number in range(count, 0, -1):
        yield item(number, description=NOTES, link=f"https://show.example/{number}", author="Ann Lee")


def run_and_tell(what: str, most_seconds: float, program: str, *arguments: object) -> None:
    """Run a program in a process of its own, and print a row of the table, with the limits."""
    with tempfile.NamedTemporaryFile("r") as status_file:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "STATUS_FILE": status_file.name}
        began = time.perf_counter()
        process = os.posix_spawn(sys.executable, [sys.executable, "-c", program, *map(str, arguments)], environment)
        _, status, usage = os.wait4(process, 0)
        seconds = time.perf_counter() - began
        if status:
            raise SystemExit(f"{what}: failed")
        peak = next(line for line in status_file if line.startswith("VmHWM"))
    megabytes, processor = int(peak.split()[1]) / 1024, usage.ru_utime + usage.ru_stime
    print(
        f"{what:<46} {seconds:5.2f} s (at most {most_seconds:g}; {processor:.2f} s of a processor)"
        f" {megabytes:4.0f} MB (at most {MOST_MEGABYTES:g})"
    )


def measure_subscription(server: FeedServer, library: Path, episodes: int) -> None:
    """Subscribe to one feed from the command line."""
    address = server.feed("/one.xml", "The Long Show", make_items(episodes))
    size = len(server.answers["/one.xml"].body) / 1e6
    what = f"subscribe to {episodes:,} episodes ({size:.1f} MB)"
    run_and_tell(what, MOST_SUBSCRIBE_SECONDS, SUBSCRIBE, "subscribe", address, "--json", "--library", library)


def measure_refresh(server: FeedServer, library: Path, shows: int, episodes: int) -> None:
    """Ask for many unchanged shows."""
    with Store.open(library, create=True) as store:
        body = feed_of("The First Show", make_items(episodes))
        for number in range(shows):
            server.answers[f"/{number}.xml"] = replace(server.answers["/one.xml"], body=body)
        request = FeedRequest(server.url("/0.xml"), "typed")
        assert subscribe(store, [request], Courier(), ShowChoices())[0].status == "done"
        (first,) = store.shows()
        items = store.items(first.number)
        for number in range(1, shows):
            with store.transaction():
                show = store.add_show(f"Show {number}", server.url(f"/{number}.xml"), first.feed, first.choices)
                store.save_feed_state(show.number, "2026-01-01T00:00:00Z", entity_tag=first.entity_tag)
                store.save_items(replace(one, show=show.number) for one in items)
    server.requests.clear()
    what = f"look for new ones in {shows} shows of {episodes:,}"
    run_and_tell(what, MOST_REFRESH_SECONDS, REFRESH, library, shows)
    assert len(server.requests) == shows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shows", type=int, default=200)
    parser.add_argument("--episodes", type=int, default=5000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="airquote-shows-") as folder, serve_feeds() as server:
        measure_subscription(server, Path(folder, "one"), given.episodes)
        measure_refresh(server, Path(folder, "many"), given.shows, given.episodes)
    data = os.environ.get("AIRQUOTE_BENCH_DATA")
    if data:
        print(*report(Path(data) / "feeds"), sep="\n")


if __name__ == "__main__":
    main()
