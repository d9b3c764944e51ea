"""A site in a real browser, opened from its folder: search, sound, hostile texts, keyboard, and accessibility."""

from __future__ import annotations

import io
import random
import re
import shutil
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from libraries import add_episode, add_spoken, make_transcript
from test_report_browser import CONTRASTS, LEAST_CONTRAST, wait

from audio.recording.chapters import Chapter
from audio.timecode import Span
from index.language.tokens import split_tokens
from index.notes import EpisodeNotes, Person
from index.storage.store import Store
from index.transcript import Segment
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.library import Library
from pipeline.printable import clean_text
from pipeline.site.site_files import SiteOptions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

HOSTILE = (
    "</script><script>trapped=1</script><img src=x onerror=trapped=1> ]]> --> \"'`${trapped=1} {{ 7*7 }} \\u0041 \\"
    " \u2028 \u2029 \u202e right \u2066 \x00 \x1b[95m &lt;b&gt; javascript:trapped=1"
)
SHOWN = " ".join(clean_text(HOSTILE).split())
SOUND = "https://cdn.example.com/harbour.mp3"
SENTENCES = (
    "The last boat to the harbour leaves at nine tonight.", "Nobody told the ferry crew about the harbour fire.",
    "I don't know, the boat and the boat again, she said.", "Straße, Σίσυφος und die Fähre im Hafen.",
    "日本語の船は港に戻った。", "السفينة في الميناء القديم", "Twenty-five boats were at the harbour, R&D said.",
    "The last of the boats, the last, the last boat.", "Ночной паром ушёл, паром вернулся.",
)  # fmt: skip


@dataclass
class Archive:
    """A site, and the tokens of each paragraph of each episode, by which queries are answered in plain code."""

    folder: Path
    paragraphs: list[list[list[str]]] = field(default_factory=list)

    def address(self, name: str = "index.html") -> str:
        return (self.folder / name).as_uri()

    def count(self, terms: Sequence[Sequence[str]]) -> int:
        """In how many paragraphs each of these rows of tokens begins."""
        found = 0
        for episode in self.paragraphs:
            all_tokens = [token for paragraph in episode for token in paragraph]
            begin = 0
            for paragraph in episode:
                places = range(begin, begin + len(paragraph))
                found += all(any(all_tokens[at : at + len(term)] == [*term] for at in places) for term in terms)
                begin += len(paragraph)
        return found


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The site of eight episodes, of which one is hostile in all its texts and one has sound."""
    place = tmp_path_factory.mktemp("archive")
    archive = Archive(place / "site")
    drawn = random.Random(17)
    with Store.open(place / "library", create=True) as store:
        for number in range(6):
            turns = [(drawn.choice(("Ann Lee", "Bob Marsh")), drawn.choice(SENTENCES)) for _ in range(40)]
            episode = add_spoken(
                store, f"Harbour {number}", turns, show="Night Boat", published=f"2024-05-0{number + 1}"
            )
        store.save_address(episode.id, SOUND)
        store.save_chapters(episode.id, [Chapter(0.0, "Boats"), Chapter(20.0, "Ferries")])
        add_hostile(store)
    with Library.open(place / "library") as library:
        made = library.publish_site(archive.folder, EpisodeSelection(("*",)), SiteOptions())
    assert len(made.episodes) == 7
    for listed in made.episodes:
        page = (archive.folder / "episodes" / f"{listed.episode}.html").read_text(encoding="utf-8")
        archive.paragraphs.append(
            [tokens_of(html) for html in re.findall(r'<p dir="auto" lang="en">(.*?)</p>', page, re.S)]
        )
    return archive


def tokens_of(html: str) -> list[str]:
    from html import unescape

    text = unescape(re.sub(r"<[^>]*>", "", html))
    return [token for word in text.split() for token in split_tokens(word)]


def add_hostile(store: Store) -> None:
    episode = add_episode(store, "Hostile", show=HOSTILE, published=HOSTILE)
    stored = replace(episode, title=HOSTILE)
    store.update_episode(stored)
    spoken = make_transcript("They never left the old pier and so it stayed there. " * 4)
    words = [
        replace(word, text=f" {HOSTILE}", probability=0.1) if n in (2, 30) else word
        for n, word in enumerate(spoken.words)
    ]
    segments = [Segment(one.first, one.last, HOSTILE if n % 2 else None) for n, one in enumerate(spoken.segments)]
    store.save_transcript(
        episode.id,
        replace(spoken, words=tuple(words), segments=tuple(segments), model=HOSTILE, gaps=(Span(1.0, 2.0),)),
    )
    store.save_chapters(episode.id, [Chapter(0.0, HOSTILE)])
    store.save_notes(episode.id, EpisodeNotes(HOSTILE, (Person(HOSTILE, HOSTILE),), (), (), None, HOSTILE))
    store.save_number(episode.id, HOSTILE)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    yield context
    context.close()


@dataclass
class Watched:
    """What a page asked for and complained of."""

    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def watch(context: BrowserContext) -> Watched:
    watched = Watched()
    context.on("request", lambda request: watched.asked.append(request.url))
    context.on("console", lambda message: watched.said.append(message.text))
    context.on("weberror", lambda error: watched.said.append(str(error.error)))
    return watched


def ask(page: Page, archive: Archive, query: str) -> str:
    """Ask a query and return what is told of its results."""
    if "search.html" not in page.url:
        page.goto(archive.address("search.html"))
    page.evaluate("document.getElementById('told').textContent = 'waiting'")
    page.fill("#q", query)
    page.press("#q", "Enter")
    page.locator("#told:not(:text-is('waiting'))").wait_for(state="attached")
    return page.inner_text("#told")


def test_search_finds_what_stands_in_the_transcripts(context: BrowserContext, archive: Archive) -> None:
    page = context.new_page()
    watched = watch(context)
    drawn = random.Random(4)
    tokens = [token for episode in archive.paragraphs[:6] for paragraph in episode for token in paragraph]
    queries = [
        "boat",
        "the",
        "日本",
        '"last boat"',
        "r&d",
        "STRASSE σισυφος",
        "паром",
        "السفينة",
        "pier stayed",
        "zebra",
    ]
    for _ in range(15):
        at = drawn.randrange(len(tokens) - 4)
        queries += [f'"{" ".join(tokens[at : at + 3])}" {drawn.choice(tokens)}', " ".join(drawn.sample(tokens, 2))]
    for query in queries:
        terms = [split_tokens(quoted or word) for quoted, word in re.findall(r'"([^"]*)"|([^\s"]+)', query)]
        expected = archive.count(terms)
        told = ask(page, archive, query)
        if expected or "begin so" not in told:
            assert told.startswith(f"{expected} place" if expected else "Nothing found"), (query, told)
    assert watched.said == []
    assert all(address.startswith(archive.folder.as_uri()) for address in watched.asked)


def test_a_result_shows_its_words_and_leads_to_their_second(context: BrowserContext, archive: Archive) -> None:
    page = context.new_page()
    ask(page, archive, '"ferry crew"')
    assert page.locator("#found li").count() == 10
    first = page.locator("#found li").first
    assert first.locator("mark").all_inner_texts()[:2] == ["ferry", "crew"]
    page.click("#more")
    page.locator("#found li").nth(10).wait_for()
    assert page.evaluate("document.activeElement.closest('li') !== null")
    first.locator("a").click()
    page.wait_for_url("**/episodes/*#t*")
    assert "Nobody told the ferry crew" in page.inner_text(":target")
    page.go_back()
    page.locator("#found li").first.wait_for()
    assert page.input_value("#q") == '"ferry crew"'


def test_parts_of_words_titles_and_the_form_of_other_pages(context: BrowserContext, archive: Archive) -> None:
    page = context.new_page()
    assert ask(page, archive, "harb*") == ask(page, archive, "harbour")
    assert "of words that begin so" in ask(page, archive, "harbou")
    ask(page, archive, "harbour 3")
    assert page.locator("#found .titled a").all_inner_texts() == ["Harbour 3"]
    assert ask(page, archive, "日本").startswith(ask(page, archive, "日本語").split(" ")[0])
    assert page.locator("mark").first.inner_text() == "日"
    page.goto(archive.address())
    page.fill("#q", "last boat")
    page.press("#q", "Enter")
    page.locator("#found li").first.wait_for()
    assert page.input_value("#q") == "last boat"
    page.fill("#q", "")
    page.locator("#found:empty").wait_for(state="attached")


def test_the_last_question_wins(context: BrowserContext, archive: Archive) -> None:
    page = context.new_page()
    page.goto(archive.address("search.html"))
    for query in ("boat", "ferry", "zebra", "паром"):
        page.fill("#q", query)
        page.press("#q", "Enter")
    page.locator("mark", has_text=re.compile("паром", re.I)).first.wait_for()
    assert page.locator("mark", has_text="boat").count() == 0


def test_a_missing_part_of_the_index_is_told(context: BrowserContext, archive: Archive, tmp_path: Path) -> None:
    copy = Archive(shutil.copytree(archive.folder, tmp_path / "copy"))
    for file in (copy.folder / "search" / "texts").iterdir():
        file.unlink()
    page = context.new_page()
    assert re.match(r"A part of the index is missing: search/texts/\S+\.js", ask(page, copy, "boat"))
    (copy.folder / "search" / "catalogue.js").unlink()
    page.reload()
    assert "search/catalogue.js" in page.inner_text("#told")


PAGES = ("index.html", "search.html#q=never%20left", "episodes/hostile.html", "episodes/harbour-5.html")


def test_hostile_texts_are_texts_on_every_page(context: BrowserContext, archive: Archive) -> None:
    page = context.new_page()
    watched = watch(context)
    for name in PAGES:
        page.goto(f"{archive.folder.as_uri()}/{name}")
        if name.startswith("search"):
            page.locator("#found li").first.wait_for()
        assert page.evaluate("typeof trapped") == "undefined"
        assert page.locator("img, iframe, object, [onerror]").count() == 0
        if "harbour" not in name:
            shown = page.inner_text("main")
            assert SHOWN in " ".join(shown.split()), name
            assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", shown)
    assert SHOWN in " ".join(page.context.pages[0].title().split()) or "harbour" in name
    assert watched.said == []
    assert all(address.startswith((archive.folder.as_uri(), "data:,")) for address in watched.asked), watched.asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_into_a_narrow_window(browser: Browser, archive: Archive, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": 360, "height": 640}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for name in PAGES:
        page.goto(f"{archive.folder.as_uri()}/{name}")
        if name.startswith("search"):
            page.locator("#found li").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == 360, name
        contrasts = page.evaluate(CONTRASTS)
        assert [one for one in contrasts if one[0] < LEAST_CONTRAST] == []
        found = Axe().run(page)
        assert found.violations_count == 0, (name, found.generate_report())
    context.close()


def test_the_keyboard_reaches_every_control(context: BrowserContext, archive: Archive) -> None:
    page = context.new_page()
    page.goto(archive.address("episodes/hostile.html"))
    number = "[...document.querySelectorAll('a, summary, input, button')].map((it, n) => it.dataset.n = String(n))"
    controls = page.evaluate(number)
    stops: list[str] = []
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement !== document.body"):
        stops.append(page.evaluate("document.activeElement.dataset.n"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.keyboard.press("Tab")
    assert stops == controls


def test_all_but_search_works_without_scripts(browser: Browser, archive: Archive) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(archive.address("search.html"))
    assert "Search needs JavaScript" in page.inner_text("main")
    page.click("noscript a")
    page.click("text=Harbour 5")
    assert page.locator(".time").first.get_attribute("href") == f"{SOUND}#t=0.0"
    page.click("nav >> text=Ferries")
    assert "#chapter-2" in page.url
    context.close()


def silence(seconds: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * seconds)
    return file.getvalue()


def test_a_time_plays_the_sound_from_there(context: BrowserContext, archive: Archive) -> None:
    page = context.new_page()
    watched = watch(context)
    sound = silence(60)
    context.route(
        SOUND, lambda route: route.fulfill(body=sound, headers={"Content-Type": "audio/wav", "Accept-Ranges": "none"})
    )
    page.goto(archive.address("episodes/harbour-5.html") + "#t30")
    assert not any(address.startswith("https:") for address in watched.asked), "nothing is loaded before it is played"
    time = page.locator("a.time").nth(2)
    second = int(time.get_attribute("data-second") or "0")
    time.click()
    wait(page, f"document.getElementById('player').currentTime > {second}")
    assert page.evaluate("document.getElementById('player').currentTime") < second + 5
    assert page.url.endswith(f"#t{second}")
    assert watched.said == []


def test_print_shows_the_transcript_and_no_controls(context: BrowserContext, archive: Archive) -> None:
    page = context.new_page()
    page.goto(archive.address("episodes/harbour-5.html"))
    page.emulate_media(media="print")
    assert page.locator("audio, form, .skip").filter(visible=True).count() == 0
    assert page.locator(".paragraph").first.is_visible()
