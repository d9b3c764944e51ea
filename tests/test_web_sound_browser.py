"""What is heard in a real browser at a second of a recording, whatever its format: the sound of that second."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from heard_tones import KINDS, heard_time, listen, make_tones, repeat_mp3, write_tones
from libraries import add_episode
from web_pages import CHROMIUM, FLAGS
from web_server import running_server

from audio.media import hash_file
from audio.seeking import wav_file
from index.storage.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SECONDS = 45
LONG, LONG_PIECE = "MP3, VBR without a header", 90
HOURS = 3
PLACES = (0.7, 21.65, 43.6)
WANTED = 0.6
"""Seconds that are listened to: enough for the border to the next second."""
TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Tones:
    """A page of a server of recordings of tones; ``period`` is after how many seconds the longest repeats itself."""

    page: Page
    period: float


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tones]:
    from playwright.sync_api import sync_playwright

    folder = tmp_path_factory.mktemp("tones")
    sound = make_tones(LONG_PIECE)
    files = [write_tones(kind, folder / f"e{number}", sound[: len(sound) // 2]) for number, kind in enumerate(KINDS)]
    files.append(folder / "long.mp3")
    period = repeat_mp3(write_tones(LONG, folder / "piece", sound), files[-1], HOURS * 3600 // LONG_PIECE)
    with Store.open(folder / "library", create=True) as store:
        for file in files:
            add_episode(store, file.stem, media=str(file), sha256=hash_file(file))
    with running_server(folder / "library") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which(CHROMIUM), args=[*FLAGS, "--autoplay-policy=no-user-gesture-required"]
        )
        # The page's policy allows no script that is not its own: what listens is none.
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(server.address)
        yield Tones(page, period)
        browser.close()


@pytest.mark.parametrize("place", PLACES)
def test_every_format_is_heard_from_the_second_that_was_asked_for(place: float, tones: Tones) -> None:
    heard = listen(tones.page, [(f"/sound/e{number}.wav", place) for number in range(len(KINDS))], WANTED)
    assert [heard_time(one) for one in heard] == pytest.approx([place] * len(KINDS), abs=TOLERANCE)


def test_a_long_recording_is_heard_from_any_second(tones: Tones) -> None:
    repeats = HOURS * 3600 // LONG_PIECE
    places = {round(repeats * share): place for share, place in zip((0.1, 0.5, 0.98), (80.7, 7.65, 44.6), strict=True)}
    asked = [("/sound/long.wav", times * tones.period + place) for times, place in places.items()]
    heard = [heard_time(one) for one in listen(tones.page, asked, WANTED)]
    assert heard == pytest.approx(list(places.values()), abs=TOLERANCE)


def test_a_file_with_the_header_of_more_than_4_gb_is_heard(tones: Tones, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wav_file, "LARGEST_RIFF", 0xFFFF)
    (heard,) = listen(tones.page, [("/sound/e0.wav", 30.7)], WANTED)
    assert heard_time(heard) == pytest.approx(30.7, abs=TOLERANCE)
