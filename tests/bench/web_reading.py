"""The page of a three-hour episode of 30,000 words in Chromium: when it can be used, how it scrolls, when it sounds."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.bench_web_sound import repeat
from bench.search_text import make_episodes
from heard_tones import PERIOD, make_tones, write_tones
from libraries import add_spoken
from web_pages import CHROMIUM, FLAGS, NODES

from audio.media import hash_file
from index.storage.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOURS = 3
SOUND = "MP3, VBR"
EPISODE = "three-hours"
LONGEST = 30.0
"""Seconds that something on the page may take before the benchmark gives up."""
WHEEL = 700  # pixels of one turn of the wheel
BETWEEN_TURNS = 50  # ms
TRACED = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]

NOTE_USABLE = """(() => {
  const look = () => {
    const words = document.querySelector("#transcript p");
    const box = words?.getBoundingClientRect();
    const at = box?.height && document.elementFromPoint(box.left + 5, box.top + 5);
    if (!at || !words.contains(at)) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => (window.usable = performance.now()))); // painted, and idle
  };
  document.addEventListener("DOMContentLoaded", look);
})()"""
"""Notes when words are drawn, nothing lies over them, and the page is free to take a click."""
LISTEN = """(() => {
  const capture = `registerProcessor("capture", class extends AudioWorkletProcessor {
    process([[samples]]) {
      if (samples?.some((one) => one)) this.port.postMessage(null);
      return true;
    }
  })`;
  const context = new AudioContext();
  const ready = context.audioWorklet.addModule(URL.createObjectURL(new Blob([capture], { type: "text/javascript" })));
  ready.then(() => (window.listens = true));
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    if (!window.sounding) {
      const node = new AudioWorkletNode(context, "capture");
      context.createMediaElementSource(this).connect(node);
      node.port.onmessage = () => {
        window.lastHeard = performance.now();
        window.heard ??= window.lastHeard;
      };
      context.resume();
    }
    window.sounding = this;
    return play.call(this);
  };
  addEventListener("pointerdown", () => ([window.clicked, window.heard] = [performance.now(), null]), true);
})()"""
"""Notes when the mouse goes down, and when the first sound after that comes out of the player."""
POINT_IN_SIGHT = """() => {
  for (const words of document.querySelectorAll("#transcript p[data-first]")) {
    const letters = document.createRange();
    const begin = words.textContent.indexOf(" ", words.textContent.length / 2) + 1;
    letters.setStart(words.firstChild, begin);
    letters.setEnd(words.firstChild, Math.min(begin + 2, words.textContent.length));
    const { x, y, width, height } = letters.getBoundingClientRect();
    const point = [x + width / 2, y + height / 2];
    if (y > 0 && y < innerHeight && document.elementFromPoint(...point) === words) return point;
  }
}"""
"""A place in the window at which there is a word, and nothing over it."""
SILENT = "!window.sounding || performance.now() - (window.lastHeard ?? 0) > 200"


def make_long_library(folder: Path) -> Path:
    """Make a library with one episode of three hours, 30,000 words of the search benchmark's text, and its sound."""
    piece = write_tones(SOUND, folder / "piece", make_tones(PERIOD))
    sound = repeat(SOUND, piece, folder / "sound.mp3", HOURS * 3600 // PERIOD)
    turns = [*chain.from_iterable(one.turns for one in islice(make_episodes(17), HOURS))]
    with Store.open(folder / "library", create=True) as store:
        add_spoken(store, "Three hours", turns, media=str(sound.path), sha256=hash_file(sound.path))
    return folder / "library"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium while the context lasts."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which(CHROMIUM), args=[*FLAGS, "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


def time_opening(browser: Browser, address: str, runs: int) -> list[float]:
    """Return the milliseconds from opening the page, with nothing kept by the browser, until it can be used."""
    taken = []
    for _ in range(runs):
        context = browser.new_context()
        page = context.new_page()
        page.add_init_script(NOTE_USABLE)
        page.goto(address)
        wait_until(page, "window.usable")
        taken.append(page.evaluate("usable"))
        context.close()
    return taken


def scroll_through(browser: Browser, address: str) -> dict[str, Any]:
    """Scroll by the wheel from the first word to the last, and back by keys; return what Chromium's trace says of it.

    That are milliseconds of the longest task of the page's main thread, how many took more than 50, and the most nodes
    in the document, which are counted in another walk.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.locator("#transcript p").first.wait_for()
    page.mouse.move(500, 400)
    browser.start_tracing(page=page, categories=TRACED)
    turns = sum(1 for _ in _turn_wheel(page))
    for key in ("Home", "End", "Home"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    tasks = read_tasks(browser.stop_tracing())
    nodes = max(page.evaluate(NODES) for _ in _turn_wheel(page))
    context.close()
    return {"turns": turns, "tasks": len(tasks), "longest": sorted(tasks)[-5:], "nodes": nodes}


def _turn_wheel(page: Page) -> Iterator[None]:
    """Turn the wheel until the end of the page, and yield after each turn."""
    while page.evaluate("scrollY + innerHeight < document.documentElement.scrollHeight - 2"):
        page.mouse.wheel(0, WHEEL)
        page.wait_for_timeout(BETWEEN_TURNS)
        yield


def read_tasks(trace: bytes) -> list[float]:
    """Return the milliseconds of the tasks of pages' main threads in a trace of Chromium."""
    events = json.loads(trace)["traceEvents"]
    pages = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return [
        event["dur"] / 1000
        for event in events
        if event["name"].endswith("RunTask") and event["ph"] == "X" and (event["pid"], event["tid"]) in pages
    ]


def time_sound(browser: Browser, address: str, clicks: int, chance: random.Random) -> list[float]:
    """Click words at places all over the recording; return the milliseconds from each click to the first sound."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.goto(address)
    page.locator("#transcript p").first.wait_for()
    wait_until(page, "window.listens")
    taken = []
    for _ in range(clicks):
        page.evaluate("part => scrollTo(0, part * document.documentElement.scrollHeight)", chance.uniform(0.02, 0.95))
        page.evaluate("window.sounding?.pause()")
        wait_until(page, SILENT)
        page.mouse.click(*wait_until(page, POINT_IN_SIGHT))
        wait_until(page, "window.heard")
        taken.append(page.evaluate("heard - clicked"))
    context.close()
    return taken


def wait_until(page: Page, condition: str) -> Any:
    """Wait until an expression is true, and return its value. Playwright's own way is against the page's policy."""
    deadline = time.monotonic() + LONGEST
    while not (value := page.evaluate(condition)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"never: {condition}")
        page.wait_for_timeout(20)
    return value
