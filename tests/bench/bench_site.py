"""Time search in the browser in a site of 300 episodes of an hour, and count what a query loads.

    python -m bench.bench_site --episodes 300

The transcripts are the synthetic text of the search benchmark. The site is opened from its folder in Chromium, each
query in a window that has loaded nothing yet: the time is from opening the address to the shown answer, and the bytes
are those of every file that was loaded for it, the page itself and its scripts among them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from bench.bench_sample import Table
from bench.search_text import Turns, make_episodes
from libraries import add_spoken
from web_pages import CHROMIUM, FLAGS

from index.storage.store import Store
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.library import Library
from pipeline.site.site_files import SiteOptions

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MOST_SECONDS, MOST_MEGABYTES = 1.0, 2.0
"""What is promised of the first answer, and of what a query loads."""
RUNS = 3
MOST_WORDS = 12  # of a query
NOTE_TIME = """new MutationObserver((_, observer) => {
  const told = document.getElementById("told");
  if (!told?.textContent) return;
  window.answered = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true, characterData: true });"""


def make_library(folder: Path, episodes: int) -> list[Turns]:
    """Make a library of so many episodes, and return them."""
    made = list(islice(make_episodes(17), episodes))
    with Store.open(folder, create=True) as store:
        for number, one in enumerate(made):
            turns = [*one.turns]
            add_spoken(store, f"{one.title} {number}", turns, show="All", published=one.published)
    return made


def choose_queries(made: list[Turns]) -> dict[str, str]:
    """Return queries that are easy and hard to answer, by what they are."""
    words = " ".join(text for _, text in made[len(made) // 2].turns).split()
    common = [word for word, _ in Counter(words).most_common(MOST_WORDS)]
    pairs = Counter(pairwise(words)).most_common(1)
    return {
        "a word": words[4711 % len(words)],
        "two words": " ".join(words[100:110:5]),
        "the commonest word": common[0],
        "the commonest two words in a row": f'"{" ".join(pairs[0][0])}"',
        "twelve words in a row": f'"{" ".join(words[500 : 500 + MOST_WORDS])}"',
        "the twelve commonest words": " ".join(common),
        "the beginning of many words": "s*",
        "a word that nobody said": "zzyzx",
    }


def ask(browser: Browser, site: Path, query: str) -> tuple[float, float, str]:
    """Return the seconds until a query is answered in a new window, the megabytes that were loaded, and the answer."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(NOTE_TIME)
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(f"{(site / 'search.html').as_uri()}#q={quote(query)}")
    page.locator("#told:not(:empty)").wait_for()
    seconds = page.evaluate("answered") / 1000
    told = page.inner_text("#told")
    context.close()
    files = [Path(unquote(urlsplit(one).path)) for one in asked if one.startswith("file:")]
    return seconds, sum(one.stat().st_size for one in files) / 1e6, told


def main() -> int:
    """Print the measurements; return 1 if one misses its bar."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--episodes", type=int, default=300)
    episodes = parser.parse_args().episodes
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        made = make_library(Path(folder, "library"), episodes)
        site = Path(folder, "site")
        with Library.open(Path(folder, "library")) as library:
            for what in ("write the site", "bring it up to date, unchanged"):
                began = time.perf_counter()
                published = library.publish_site(site, EpisodeSelection(show="All"), SiteOptions())
                table.add(what, time.perf_counter() - began, "s")
        table.add("all files", sum(one.bytes or 0 for one in published.files) / 1e6, "MB")
        table.add("the index, without the texts", _size_of(site / "search" / "words"), "MB")
        _measure_queries(table, site, choose_queries(made))
    return 0 if table.met else 1


def _size_of(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


def _measure_queries(table: Table, site: Path, queries: dict[str, str]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=FLAGS)
        for what, query in queries.items():
            answers = [ask(browser, site, query) for _ in range(RUNS)]
            print(f"{query[:60]}: {answers[0][2]}")
            table.add(f"{what}: answered after", sorted(one[0] for one in answers)[RUNS // 2], "s", MOST_SECONDS)
            table.add(f"{what}: loaded", answers[0][1], "MB", MOST_MEGABYTES)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
