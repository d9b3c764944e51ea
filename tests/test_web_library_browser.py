"""The page of the library in a real browser: files are added and watched, in every tab, stopped, edited, removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_engine import speak
from fake_jobs import HOLD_AT, make_runner
from feed_server import items, serve_feeds
from web_pages import NARROW, OpenPage, check_accessibility, is_wider_than_its_window
from web_server import RunningServer, running_server

from pipeline.library import Library

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
ATTACK = "<img src=x onerror=trapped=1>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a library with one show, with the fake engine."""
    library = tmp_path_factory.mktemp("served") / "library"
    with serve_feeds() as feeds, Library.open(library, create=True) as opened:
        opened.subscribe([feeds.feed("/feed", f"Night Boat {ATTACK}", items(3))])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.web.app.JobRunner", make_runner)
        with running_server(library) as running:
            yield running


@pytest.fixture
def page(open_page: OpenPage, server: RunningServer) -> Page:
    """The page of the library."""
    return open_library(open_page, server)


def open_library(open_page: OpenPage, server: RunningServer) -> Page:
    """Open the page and wait until it shows the library."""
    page = open_page(f"{server.address}/library", bypass_csp=True)
    page.locator("#storage dt").first.wait_for()
    return page


def test_a_file_is_added_stopped_gone_on_with_and_seen_in_a_second_tab(
    page: Page, open_page: OpenPage, server: RunningServer, tmp_path: Path
) -> None:
    hold = server.settings.library.parent / HOLD_AT
    hold.write_text("2")
    second = open_library(open_page, server)
    page.set_input_files("#files", [speak(tmp_path / "Harbour talk.wav", 8)])
    for tab in (page, second):
        tab.locator("#job-list .entry", has_text="Harbour talk").get_by_text("transcribing: 0:").wait_for()
        tab.locator("#job-list progress").wait_for()
    page.get_by_role("button", name="Stop: Harbour talk.wav").click()
    go_on = second.get_by_role("button", name="Go on: Harbour talk.wav")
    go_on.wait_for()
    hold.unlink()
    go_on.click()
    for tab in (page, second):
        tab.locator("#job-list .entry", has_text="Harbour talk").locator(".state.done").wait_for()
        assert tab.locator("#episode-list a", has_text="Harbour talk").get_attribute("href") == "/e/harbour-talk"
    assert "done" in page.locator("#status").inner_text()


def test_a_file_that_fails_tells_why_and_does_not_stop_the_others(page: Page, tmp_path: Path) -> None:
    (tmp_path / "notes.mp3").write_bytes(b"no sound at all" * 99)
    (tmp_path / "words.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nThere is more to come.\n")
    page.set_input_files("#files", [tmp_path / "notes.mp3", tmp_path / "words.srt"])
    page.locator("#add-notice", has_text="notes.mp3").wait_for()
    page.locator("#episode-list .entry", has_text="words").get_by_text("imported").wait_for()
    assert page.locator("#sending li").count() == 0


def test_an_address_in_this_network_is_refused_with_the_reason(page: Page) -> None:
    page.fill("#address", "http://127.0.0.1:1/talk.mp3")
    page.get_by_role("button", name="Transcribe", exact=True).click()
    page.locator("#job-list .entry", has_text="127.0.0.1").locator(".state.failed").wait_for()
    assert "private" in page.locator("#job-list .entry", has_text="127.0.0.1").inner_text()
    page.get_by_role("button", name="Remove: http://127.0.0.1:1/talk.mp3").click()
    page.locator("#job-list .entry", has_text="127.0.0.1").wait_for(state="detached")


def test_it_is_told_that_the_server_has_gone(page: Page) -> None:
    lost = page.locator("#lost")
    assert not lost.inner_text()
    page.route("**/api/events", lambda route: route.fulfill(status=404, json={}))
    page.reload()
    lost.filter(has_text="does not answer").wait_for()


def test_files_and_folders_can_be_dropped(page: Page) -> None:
    text = json.dumps("WEBVTT\n\n00:01.000 --> 00:02.000\nThe ferry left.\n")
    page.evaluate(f"""() => {{
      const data = new DataTransfer();
      data.items.add(new File([{text}], "dropped.vtt"));
      const over = new DragEvent("dragover", {{ dataTransfer: data, bubbles: true, cancelable: true }});
      document.body.dispatchEvent(over);
      const drop = new DragEvent("drop", {{ dataTransfer: data, bubbles: true, cancelable: true }});
      document.body.dispatchEvent(drop);
    }}""")
    page.locator("#episode-list .entry", has_text="dropped").wait_for()


def test_an_episode_is_edited_and_removed_with_the_keyboard(page: Page, server: RunningServer, tmp_path: Path) -> None:
    (tmp_path / "draft.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nThe play began.\n")
    with Library.open(server.settings.library) as library:  # the page follows what others do
        library.import_transcripts([tmp_path / "draft.vtt"])
    page.get_by_role("button", name="Edit: draft").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(ATTACK)
    page.keyboard.press("Enter")
    remove = page.get_by_role("button", name=f"Remove: {ATTACK}")
    remove.wait_for()
    remove.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#episode-list .entry", has_text=ATTACK).wait_for(state="detached")
    assert page.evaluate("typeof trapped") == "undefined"


def test_the_episodes_of_a_show_are_offered_one_by_one(page: Page) -> None:
    page.get_by_role("button", name="Episodes: Night Boat").click()
    page.get_by_role("button", name="Transcribe: Episode 2").wait_for()
    assert page.locator("#show-list .items li").count() == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits_a_phone(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.locator("details summary").click()
    page.get_by_role("button", name="Edit:").first.click()
    check_accessibility(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert not is_wider_than_its_window(page)
