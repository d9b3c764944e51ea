"""The search page in a real browser: typing, filters, the plot, the address, keys, sound, and who cannot see."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from libraries import add_episode
from searched_library import ATTACK, FERRIES, make_searched_library
from web_pages import NARROW, OpenPage, check_accessibility, is_wider_than_its_window
from web_server import RunningServer, running_server

from index.storage.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

FOUND = re.compile(rf"^{FERRIES} hits$")
OpenSearch = Callable[..., "Page"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of the library."""
    with running_server(make_searched_library(tmp_path_factory.mktemp("library"))) as running:
        yield running


@pytest.fixture
def open_search(server: RunningServer, open_page: OpenPage) -> OpenSearch:
    """A function that opens the search page, with what is asked for."""

    def open_search(asked: str = "", **window: Any) -> Page:
        page = open_page(f"{server.address}/{asked}", **window)
        page.set_default_timeout(60_000)
        return page

    return open_search


def wait_for(page: Page, selector: str, text: str | re.Pattern[str] = "") -> None:
    """Wait until an element with this text is shown."""
    page.locator(selector).filter(has_text=text).first.wait_for()


def wait_for_hits(page: Page, text: str | re.Pattern[str] = FOUND) -> None:
    """Wait until so many hits are found."""
    wait_for(page, "#total", text)
    page.locator("#hits:not([aria-busy])").wait_for()


def test_hits_come_as_one_types(open_search: OpenSearch) -> None:
    page = open_search()
    wait_for(page, ".holds", "5 episodes of 3 shows")
    page.keyboard.type("ferry")  # the query has the focus
    wait_for_hits(page)
    assert {mark.lower() for mark in page.locator(".said mark").all_inner_texts()} == {"ferry"}
    assert page.locator(".hit").count() == 20
    wait_for(page, "#unsearched", "1 of 6 episodes")
    page.get_by_role("button", name="Show more hits").click()
    page.locator(".hit").nth(FERRIES - 1).wait_for()
    assert page.get_by_role("button", name="Show more hits").count() == 0
    assert page.locator("#status").inner_text() == "10 more hits"


def test_the_last_answer_wins(open_search: OpenSearch) -> None:
    page = open_search()
    held: list[Route] = []
    page.route("**/api/search?q=ferry&*", lambda route: held.append(route))
    with page.expect_request("**/api/search?q=ferry&*"):
        page.fill("#query", "ferry")
    page.fill("#query", "captain")
    wait_for_hits(page, "3 hits")
    held[0].fulfill(json={"hits": [], "marks": [], "total": 0, "total_exact": True, "notes": [], "suggestions": []})
    wait_for(page, "#unsearched", "1 of 6 episodes")
    assert page.locator("#total").inner_text() == "3 hits"
    assert "captain" in page.locator(".said").first.inner_text()


def test_filters_count_and_narrow(open_search: OpenSearch) -> None:
    page = open_search("?q=ferry")
    values = page.locator(".facet .value")
    values.filter(has_text="Ann Lee").wait_for()
    told = [re.sub(r"\s+", " ", text) for text in values.all_inner_texts()]
    assert [text for text in told if "Harbour News" in text] == ["Harbour News 27 hits"]
    values.filter(has_text="Ann Lee").click()
    wait_for_hits(page, "18 hits")
    assert set(page.locator(".speaker").all_inner_texts()) == {"Ann Lee"}
    page.locator("#chips").get_by_text("speaker: Ann Lee").click()
    wait_for_hits(page)
    page.fill("#since", "2023-06")
    page.keyboard.press("Enter")
    wait_for_hits(page, "3 hits")
    assert set(page.locator(".group h2").all_inner_texts()) == {"Boat 1"}


def test_the_plot_narrows_to_what_is_clicked(open_search: OpenSearch) -> None:
    page = open_search("?q=ferry")
    bar = page.get_by_role("button", name="2023-02: 9 hits in 1 of 1 episodes")
    bar.click()
    wait_for_hits(page, "9 hits")
    assert set(page.locator(".group h2").all_inner_texts()) == {"Harbour 2"}
    chosen = page.locator(".bar.chosen")
    chosen.wait_for()
    assert chosen.get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="2023-03: 9 hits").click(modifiers=["Shift"])
    wait_for_hits(page, "18 hits")
    page.keyboard.press("Tab")
    assert page.evaluate("new URLSearchParams(location.search).get('until')") == "2023-03"


def test_months_without_episodes_are_empty_in_the_plot(open_search: OpenSearch) -> None:
    page = open_search("?q=ferry")
    wait_for(page, ".trend svg")
    fills = page.locator(".trend .area").evaluate_all("all => all.map(one => getComputedStyle(one).fill)")
    assert page.locator(".trend g:not(.bar)").count() > 0
    assert set(fills) == {"rgba(0, 0, 0, 0)"}


def test_the_address_holds_everything_and_the_back_button_undoes(open_search: OpenSearch) -> None:
    page = open_search()
    wait_for(page, ".holds")
    page.keyboard.type("captain", delay=30)
    wait_for_hits(page, "3 hits")
    page.get_by_label("Sort").select_option("date")
    page.locator("#show-options").click()
    page.get_by_label("Misspelt").check()
    page.keyboard.press("Escape")
    assert page.url.endswith("/?q=captain&sort=date&fuzzy=true")
    wait_for_hits(page, "hits")
    shared = open_search(page.url.rpartition("/")[2])
    wait_for_hits(shared, page.locator("#total").inner_text())
    assert shared.locator("#query").input_value() == "captain"
    assert shared.get_by_label("Sort").input_value() == "date"
    assert shared.locator(".said").all_inner_texts() == page.locator(".said").all_inner_texts()
    page.go_back()
    assert page.url.endswith("/?q=captain&sort=date")
    page.go_back()
    assert page.url.endswith("/?q=captain")
    wait_for_hits(page, "3 hits")
    assert page.get_by_label("Sort").input_value() == ""
    page.go_back()  # the letters of a word are one entry
    wait_for(page, ".holds")
    assert page.locator("#query").input_value() == ""


def test_words_that_are_meant_are_put_in_place(open_search: OpenSearch) -> None:
    page = open_search("?q=fery+island")
    wait_for(page, ".nothing", "fery island")
    page.locator(".advice .try", has_text=re.compile("^ferry$")).click()
    wait_for_hits(page, "27 hits")
    assert page.locator("#query").input_value() == "ferry island"


def test_a_broken_query_is_shown_its_place(open_search: OpenSearch) -> None:
    page = open_search("?q=%22ferry")
    wait_for(page, "#problem", "never closed")
    assert page.locator("#problem .caret").inner_text().splitlines()[-1].strip() == "^"
    assert page.locator("#query").get_attribute("aria-invalid") == "true"
    page.get_by_role("button", name="See the query syntax").click()
    page.locator("dialog .try").filter(has_text=re.compile("^ferry OR boat$")).click()
    wait_for_hits(page)
    assert page.locator("#query").get_attribute("aria-invalid") is None


def test_one_hit_for_each_episode_opens_to_all(open_search: OpenSearch) -> None:
    page = open_search("?q=ferry&by_episode=true&sort=time")
    wait_for_hits(page)
    assert page.locator(".hit").count() == page.locator(".group").count() == 4
    page.get_by_role("button", name="More in this episode").first.click()
    wait_for(page, ".group", "All 9 in this episode.")
    assert page.locator(".group").first.locator(".hit").count() == 9


def test_the_keyboard_alone_is_enough(open_search: OpenSearch) -> None:
    page = open_search("?q=ferry")
    played = serve_sound(page)
    wait_for_hits(page)
    page.locator("body").press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "query"
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    focused = "[...document.querySelectorAll('.hit')].indexOf(document.activeElement.closest('.hit'))"
    assert page.evaluate(focused) == 1
    page.keyboard.press("Space")
    page.locator(".hit.playing").wait_for()
    assert played
    page.keyboard.press("Space")
    page.locator(".hit.playing").wait_for(state="hidden")
    address = page.locator(".hit .when").nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_a_hit_plays_from_before_its_first_word(open_search: OpenSearch) -> None:
    page = open_search("?q=captain&sort=time")
    serve_sound(page)
    wait_for_hits(page, "3 hits")
    started = "performance.getEntriesByType('resource').some(one => one.name.includes('/sound/boat-1.wav'))"
    assert not page.evaluate(started)
    page.get_by_role("button", name="Play from").nth(2).click()
    page.locator(".hit.playing").wait_for()
    times = page.locator("#player .times")
    wait_for(page, "#player .times", re.compile("0:0[789] / 0:30"))  # 25 words of 0.35 s before, less one second
    page.get_by_role("button", name="Play from").nth(2).click()
    page.locator(".hit.playing").wait_for(state="hidden")
    assert times.is_visible()


def test_without_sound_the_publisher_is_offered(open_search: OpenSearch) -> None:
    page = open_search("?q=captain")
    page.route("**/sound/**", lambda route: route.fulfill(status=404, json={"error": "There is no sound."}))
    wait_for_hits(page, "3 hits")
    page.get_by_role("button", name="Play from").first.click()
    link = page.locator(".unheard").get_by_role("link")
    link.wait_for()
    assert (link.get_attribute("href") or "").startswith("https://example.org/boat-1#t=")


def test_sound_that_failed_is_not_played_and_can_be_tried_again(open_search: OpenSearch) -> None:
    page = open_search("?q=captain")
    page.route("**/sound/**", lambda route: route.fulfill(status=404, json={"error": "There is no sound."}))
    wait_for_hits(page, "3 hits")
    page.get_by_role("button", name="Play from").first.click()
    wait_for(page, "#player .error")
    assert page.locator("#player").get_by_role("button", name="Pause").count() == 0
    page.unroute("**/sound/**")
    page.locator("#player").get_by_role("button", name="Play").click()
    page.locator("#player .error").wait_for(state="detached")


def test_what_has_no_recording_is_not_offered_to_be_played(open_search: OpenSearch) -> None:
    page = open_search("?q=lighthouse")
    wait_for_hits(page, "1 hit")
    assert page.get_by_role("button", name="Play from").count() == 0
    assert page.locator(".hit .tag").inner_text() == "no recording"


def test_hostile_words_are_words(open_search: OpenSearch) -> None:
    page = open_search("?q=lighthouse")
    wait_for_hits(page, "1 hit")
    assert ATTACK in page.locator(".said").inner_text()
    assert ATTACK in page.locator(".group h2").inner_text()
    page.fill("#query", ATTACK)
    wait_for(page, "#found")
    assert page.evaluate("typeof trapped") == "undefined"
    assert page.locator("#found img, #start img").count() == 0


def test_titles_are_found_without_a_transcript(open_search: OpenSearch) -> None:
    page = open_search("?q=title:lost")
    wait_for_hits(page, "1 hit")
    wait_for(page, ".tag", "in the title")


STATES = {
    "": ".holds", "?q=ferry&speaker=Ann+Lee": ".facet", "?q=fery": ".advice", "?q=(ferry": "#problem:not([hidden])",
    f"?q={'a' * 200}": ".nothing",
}  # fmt: skip
"""What is asked for, and what is shown then."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(open_search: OpenSearch, scheme: str) -> None:
    page = open_search(bypass_csp=True, color_scheme=scheme)
    painted = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)")
    assert (max(painted) < 128) == (scheme == "dark")
    for asked, shown in STATES.items():
        page.goto(page.url.partition("?")[0] + asked)
        page.locator(shown).first.wait_for()
        check_accessibility(page)


def test_a_narrow_window_needs_no_scrolling_sideways(open_search: OpenSearch) -> None:
    page = open_search(viewport=NARROW)
    for asked, shown in STATES.items():
        page.goto(page.url.partition("?")[0] + asked)
        if shown == ".facet":
            page.locator("summary").click()
        page.locator(shown).first.wait_for()
        assert not is_wider_than_its_window(page), asked


def test_an_empty_library_leads_to_where_it_is_filled(
    tmp_path_factory: pytest.TempPathFactory, open_page: OpenPage
) -> None:
    folder = tmp_path_factory.mktemp("empty")
    with running_server(folder) as server:
        page = open_page(server.address)
        wait_for(page, ".invite", "nothing to search yet")
        assert page.get_by_role("link", name="Open the library").get_attribute("href") == "/library"
        with Store.open(folder) as store:
            add_episode(store, "Later")
        page.reload()
        wait_for(page, ".invite", "1 episode, none with a transcript yet")


def serve_sound(page: Page) -> list[str]:
    """Answer for the sound of every episode with half a minute of silence, and return what was asked for."""
    asked: list[str] = []
    silence = io.BytesIO()
    with wave.open(silence, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * 30))

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        begin = int((route.request.headers.get("range") or "bytes=0-")[6:].partition("-")[0])
        whole = silence.getvalue()
        headers = {"content-range": f"bytes {begin}-{len(whole) - 1}/{len(whole)}", "accept-ranges": "bytes"}
        route.fulfill(status=206, body=whole[begin:], content_type="audio/wav", headers=headers)

    page.route("**/sound/**", answer)
    return asked
