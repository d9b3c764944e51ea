"""The evidence page in a real browser: self-contained, without scripts, with sound, accessible."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import pytest
from measuring import INTERVIEW, load_utterances

from index.fulltext.maintenance import open_index
from index.storage.store import Store
from index.transcript import Episode, Segment, Transcript, Word
from pipeline.articles.article import Article
from pipeline.articles.selection import select_quotations
from pipeline.library import Library
from pipeline.verification.checks import verify_articles
from pipeline.verification.results import CheckedQuotation
from pipeline.verification.scope import find_scope
from pipeline.verification.sound import AFTER, BEFORE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ATTACK = "<script>trapped=1</script><img src=x onerror=trapped=1>"
ARABIC = "لم نتوقف أبدا عن العمل في هذا البيت القديم قرب البحر"
TEXT = f"""“I stood in the front row and I could see the stars,” Marsh said.

“People come for the wine and they stay for the play,” she said. “{ARABIC}” said Ann Lee.

“I would sell my own {ATTACK} boat before I let {"them" * 30} tear it down,” {ATTACK} Marsh added.

“Nobody here {ATTACK} ever wanted to leave the harbour,” Marsh said.
"""
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, for text of any size
PROBABILITIES = (0.95, 0.7, 0.4, 0.2)
SETTINGS = '{"beam_size": 3}'


@dataclass(frozen=True, slots=True)
class Report:
    """The page, and the data it was made from."""

    address: str
    judged: tuple[CheckedQuotation, ...]
    sha256: str


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The evidence page of an article with hostile text in all its parts, in a library with the sample's sound."""
    folder = tmp_path_factory.mktemp("report")
    sound = folder / INTERVIEW.name
    shutil.copy(INTERVIEW, sound)
    sha256 = hashlib.sha256(sound.read_bytes()).hexdigest()
    spoken = [(one.text, one.start, one.end) for one in load_utterances()]
    hostile = f"Nobody here {ATTACK} ever wanted to leave the harbour."
    with Store.open(folder / "library", create=True) as store, Library.open(folder / "library") as library:
        heard = Episode("roof", ATTACK, f"Roof {ATTACK}", None, str(sound), "registered", str(sound), sha256, 174.59)
        add(store, heard, "en", spoken)
        silent = Episode("silent", None, "Silent", None, "silent.srt", "registered")
        add(store, silent, "en", [(hostile, 0.0, 5.0)])
        add(
            store,
            Episode("arabic", None, "Arabic", None, "arabic.srt", "registered"),
            "ar",
            [(ARABIC, 0.0, 5.0)],
        )
        article = Article(TEXT, f"The {ATTACK} title", "https://example.org/article")
        with open_index(store) as index:
            checked = verify_articles([select_quotations(article, fragments=False)], index, find_scope(store))
        library.write_report(checked, folder / "report.html")
    return Report((folder / "report.html").as_uri(), checked[0].quotations, sha256)


def add(store: Store, episode: Episode, language: str, sentences: list[tuple[str, float, float]]) -> None:
    """Put an episode into the store, the words of each sentence spread evenly over its time."""
    words: list[Word] = []
    segments = []
    for text, start, end in sentences:
        pieces = text.split()
        step = (end - start) / len(pieces)
        segments.append(Segment(len(words), len(words) + len(pieces) - 1))
        for n, piece in enumerate(pieces):
            probability = PROBABILITIES[len(words) % len(PROBABILITIES)]
            words.append(Word(f" {piece}", start + n * step, start + (n + 1) * step, probability))
    transcript = Transcript(language, "fake", "tiny.en", SETTINGS, "aligned", tuple(words), tuple(segments))
    store.save_transcript(store.add_episode(episode).id, transcript)


@pytest.fixture
def opened(browser: Browser, report: Report) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the page in a browser context with the given options."""
    contexts = []

    def open_page(**window: Any) -> Page:
        contexts.append(browser.new_context(**window))
        page = contexts[-1].new_page()
        page.goto(report.address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def wait(page: Page, condition: str) -> None:
    """Wait until the condition holds; Playwright's own wait needs eval, which the page forbids."""
    for _ in range(1000):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"never: {condition}")


def test_the_page_asks_for_nothing_and_runs_nothing(browser: Browser, report: Report) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.address, wait_until="networkidle")
    assert [address for address in asked if not address.startswith("data:")] == [report.address]
    assert page.evaluate("typeof trapped") == "undefined"
    assert page.evaluate("document.querySelectorAll('script, img, [onerror], iframe, object, link').length") == 0
    page.close()


def test_hostile_words_are_shown_as_words(opened: Callable[..., Page]) -> None:
    page = opened()
    assert ATTACK in page.title()
    for part in ("cite", "nav", "#q4 blockquote", "#q5 blockquote", "#q1 .where", "footer"):
        assert ATTACK in page.inner_text(part), part
    said = page.locator(".said", has_text="Nobody").last.inner_text()
    assert ATTACK in said


def test_the_button_plays_the_clip_to_its_end(opened: Callable[..., Page], report: Report) -> None:
    page = opened()
    audio = page.locator("#q1 audio")
    box = audio.bounding_box()
    assert box is not None
    span = report.judged[0].places[0].span
    wait(page, "document.querySelector('#q1 audio').readyState > 0")
    assert audio.evaluate("it => it.duration") == pytest.approx(span.duration + BEFORE + AFTER, abs=0.1)
    audio.click(position={"x": box["height"] / 2, "y": box["height"] / 2})
    wait(page, "document.querySelector('#q1 audio').currentTime > 0.2")
    audio.evaluate("it => { it.playbackRate = 8 }")
    wait(page, "document.querySelector('#q1 audio').ended")
    assert audio.evaluate("it => it.currentTime === it.duration && it.error === null")


def test_the_keyboard_alone_reaches_every_control_in_order(opened: Callable[..., Page]) -> None:
    page = opened()
    number = "[...document.querySelectorAll('a, summary, audio')].map((it, n) => it.dataset.n = String(n))"
    controls = page.evaluate(number)
    stops: list[str] = []
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement !== document.body"):
        stop = page.evaluate("document.activeElement.dataset.n")
        outline = page.evaluate("(it => [it.outlineStyle, it.outlineWidth])(getComputedStyle(document.activeElement))")
        assert outline[0] in ("solid", "auto"), stop
        assert outline[1] != "0px", stop
        place = page.evaluate("(it => [it.left, it.top])(document.activeElement.getBoundingClientRect())")
        assert min(place) >= 0, stop
        stops.append(stop)
        page.keyboard.press("Tab")
    # A player is several stops, one for each of the browser's own buttons.
    assert [stop for stop, _ in groupby(stops)] == controls


def test_the_keyboard_alone_works_every_kind_of_control(opened: Callable[..., Page]) -> None:
    page = opened()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"
    page.locator("nav a").last.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target').tagName") == "ARTICLE"
    page.locator("audio").first.focus()
    page.keyboard.press("Space")
    wait(page, "document.querySelector('audio').currentTime > 0.1")
    page.keyboard.press("Space")
    wait(page, "document.querySelector('audio').paused")


# The contrast of every piece of text that is shown, against all that is painted behind it (WCAG 2.2).
CONTRASTS = """() => {
  const parse = colour => { const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number); return [r, g, b, a] };
  const over = (top, under) => under.map((part, n) => top[n] * top[3] + part * (1 - top[3]));
  const light = colour => [0.2126, 0.7152, 0.0722].reduce((sum, share, n) => {
    const part = colour[n] / 255;
    return sum + share * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4) }, 0);
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; text = walker.nextNode();) {
    if (!text.data.trim()) continue;
    const chain = [];
    for (let it = text.parentElement; it; it = it.parentElement)
      chain.unshift(parse(getComputedStyle(it).backgroundColor));
    const behind = chain.reduce((under, top) => over(top, under), [255, 255, 255]);
    const front = over(parse(getComputedStyle(text.parentElement).color), behind);
    const [low, high] = [light(front), light(behind)].sort((a, b) => a - b);
    found.push([(high + 0.05) / (low + 0.05), text.data.trim().slice(0, 40), text.parentElement.className]);
  }
  return found }"""


@pytest.mark.parametrize("medium", ["screen", "print"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_piece_of_text_has_contrast(opened: Callable[..., Page], scheme: str, medium: str) -> None:
    page = opened(color_scheme=scheme)
    page.emulate_media(media="print" if medium == "print" else "screen")
    contrasts = page.evaluate(CONTRASTS)
    assert [one for one in contrasts if one[0] < LEAST_CONTRAST] == []
    shades = {one[2] for one in contrasts}
    assert {"doubtful-1", "doubtful-2", "doubtful-3", "badge verbatim", "badge not-found"} <= shades
    painted = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)")
    assert (max(painted) < 128) == (scheme == "dark" and medium == "screen")


SHOWN = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const shown = [];
  for (let text; text = walker.nextNode();)
    if (text.data.trim() && text.parentElement.checkVisibility()) shown.push(text.data.trim());
  return shown }"""


def test_print_shows_everything_but_what_is_pressed(opened: Callable[..., Page]) -> None:
    page = opened()
    on_screen = page.evaluate(SHOWN)
    page.emulate_media(media="print")
    on_paper = page.evaluate(SHOWN)
    assert page.locator("audio").count() > 0
    assert page.locator("audio").filter(visible=True).count() == 0
    assert set(on_screen) - set(on_paper) == {"Skip to the quotations", "Back to the top"}
    up = on_screen.count("Back to the top")
    assert len(on_screen) == len(on_paper) + up + 2  # the link to the verdicts' meaning has its target's text


def test_a_narrow_window_needs_no_scrolling_sideways(opened: Callable[..., Page]) -> None:
    page = opened(viewport={"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    beyond = "[...document.body.querySelectorAll('*')].filter(it => it.getBoundingClientRect().right > 361).length"
    assert page.evaluate(beyond) == 0


def test_what_runs_from_right_to_left_is_shown_so(opened: Callable[..., Page]) -> None:
    page = opened()
    shown = page.locator(".quotation p:not(.context)", has_text=ARABIC)
    assert shown.count() == 3  # the quotation, what was quoted, and what was said
    assert set(shown.evaluate_all("all => all.map(it => getComputedStyle(it).direction)")) == {"rtl"}
    assert page.locator("[lang=ar]").count() == 3
    assert (
        page.locator(".quotation p", has_text="front row").first.evaluate("it => getComputedStyle(it).direction")
        == "ltr"
    )


def test_the_foot_says_how_to_repeat_it(opened: Callable[..., Page], report: Report) -> None:
    foot = opened().inner_text("footer")
    for told in (report.sha256, "tiny.en", "beam size", "interview.mp3", "To repeat this"):
        assert told in foot


def test_a_screen_reader_finds_its_way(opened: Callable[..., Page]) -> None:
    page = opened()
    assert page.get_attribute("html", "lang") == "en"
    for landmark in ("main", "nav", "body > header", "body > footer", "h1"):
        assert page.locator(landmark).count() == 1, landmark
    levels = [int(tag[1]) for tag in page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(it => it.tagName)")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = page.eval_on_selector_all("[id]", "all => all.map(it => it.id)")
    assert len(ids) == len(set(ids))
    named = page.eval_on_selector_all("[aria-labelledby]", "all => all.map(it => it.getAttribute('aria-labelledby'))")
    assert set(named) <= set(ids)
    labels = page.eval_on_selector_all("audio", "all => all.map(it => it.getAttribute('aria-label'))")
    assert all(labels)
    assert len(labels) == len(set(labels))
