"""The page of an episode in a real browser: it follows the sound, and everything on it works, also by keyboard."""

from __future__ import annotations

import hashlib
import re
import shutil
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from libraries import add_episode, add_spoken, make_transcript
from made_voices import add_voices
from measuring import INTERVIEW, load_utterances
from web_pages import NARROW, NODES, OpenPage, check_accessibility, is_wider_than_its_window
from web_pages import browser as browser
from web_pages import open_page as open_page
from web_server import RunningServer, running_server

from audio.recording.chapters import Chapter
from audio.timecode import Span
from index.notes import EpisodeNotes, Person
from index.storage.published_files import PublishedFile
from index.storage.store import Store
from index.transcript import Episode, Segment, Transcript, Word
from pipeline.library import Library

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ATTACK = "<img src=x onerror=trapped=1><script>trapped=1</script>"
MANY = 30_000
MOST_NODES = 5_000
CLIPBOARD = ("clipboard-read", "clipboard-write")

MARKED = "kind => [...CSS.highlights.get(kind)].map(String)"
HEARD = """() => new Promise(async told => {
  const { events } = await import("/static/player.js");
  const tell = ({ detail }) => told([detail.time, ...CSS.highlights.get("now")].map(String));
  events.addEventListener("time", tell, { once: true });
})"""
"""The second at which the player is, and the words that are lit then."""
IN_SIGHT = """kind => {
  const box = [...CSS.highlights.get(kind)][0]?.getBoundingClientRect();
  return Boolean(box) && box.top > 0 && box.bottom < innerHeight }"""
DRAWN_IN_THE_MIDDLE = """() => [...document.querySelectorAll(".piece")].some(piece => {
  const { top, bottom } = piece.getBoundingClientRect();
  return piece.firstElementChild && top < innerHeight / 2 && bottom > innerHeight / 2 })"""
POSITION = """() => import("/static/player.js").then(({ position }) => position())"""
POINT = """([begin, end]) => {
  const walker = document.createTreeWalker(document.getElementById("transcript"), NodeFilter.SHOW_TEXT);
  for (let text, left = begin; text = walker.nextNode();) {
    if (text.parentElement.tagName !== "P" || text.parentElement.matches(".gap")) continue;
    const words = [...text.data.matchAll(/\\S+/g)];
    if (left >= words.length) { left -= words.length; continue }
    const range = document.createRange();
    range.setStart(text, words[left].index);
    range.setEnd(text, words[left].index + words[left][0].length);
    text.parentElement.scrollIntoView({ block: "center" });
    const box = range.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
  throw new Error(`no word ${begin}`) }"""
"""The middle of a word in the window, by its number in a text that is drawn from its first word on."""


@pytest.fixture(scope="module")
def spoken() -> Transcript:
    """The sample interview, the words of each sentence spread over its time."""
    words: list[Word] = []
    segments: list[Segment] = []
    for number, one in enumerate(load_utterances()):
        pieces = one.text.split()
        step, first = (one.end - one.start) / len(pieces), len(words)
        for place, piece in enumerate(pieces):
            start = one.start + place * step
            words.append(Word(f" {piece}", round(start, 3), round(start + step, 3), 0.3 if place % 7 == 3 else 0.9))
        ends = [place for place in range(first, len(words)) if words[place].text[-1] in ".?!"]
        bounds = pairwise([first, *(end + 1 for end in ends if end + 1 < len(words)), len(words)])
        segments += [Segment(begin, stop - 1, f"Voice {number % 2 + 1}") for begin, stop in bounds]
    gaps = (Span(words[-1].end + 1, words[-1].end + 3),)
    return replace(make_transcript(""), words=tuple(words), segments=tuple(segments), gaps=gaps)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, spoken: Transcript) -> Iterator[RunningServer]:
    """A server of a library with the sample interview, hostile text, a long transcript, and an episode without one."""
    folder = tmp_path_factory.mktemp("page")
    sound = folder / INTERVIEW.name
    shutil.copy(INTERVIEW, sound)
    sha256 = hashlib.sha256(sound.read_bytes()).hexdigest()
    with Store.open(folder / "library", create=True) as store:
        roof = Episode(
            "roof", "The Quiet Harbor", "The Roof", "2024-05-31", str(sound), "registered", str(sound), sha256, 174.59
        )
        store.save_transcript(store.add_episode(roof).id, spoken)
        store.save_chapters("roof", [Chapter(0.0, "Begin"), Chapter(60.0, "Go on")])
        store.save_notes("roof", EpisodeNotes("What it is about.", (Person("Ann Lee", "guest"),)))
        other = spoken.text.replace(" stars", " moon")
        store.save_published("roof", PublishedFile("https://a.b/c.txt", None, "en", other.encode()))
        add_spoken(store, f"Hostile {ATTACK}", [(f"Ann {ATTACK}", f"Nobody {ATTACK} said so.")], show=ATTACK)
        add_voices(store, "Talk", voices=3)
        long = [
            (f"Voice {turn % 5 + 1}", " ".join(f"w{turn * 6 + word}" for word in range(6))) for turn in range(MANY // 6)
        ]
        add_spoken(store, "Long", long)
        add_episode(store, "Waiting")
        store.save_transcript(add_episode(store, "Music").id, make_transcript(""))
    with Library.open(folder / "library", numbers=False) as library:
        library.search("stars")
    with running_server(folder / "library") as running:
        yield running


@dataclass(frozen=True, slots=True)
class Reader:
    """The page of an episode, and what tests do on it."""

    page: Page

    def wait(self, condition: str, argument: object = None) -> None:
        """Wait until a condition holds."""
        for _ in range(1500):
            if self.page.evaluate(condition, argument):
                return
            self.page.wait_for_timeout(20)
        pytest.fail(f"never: {condition}")

    def marked(self, kind: str) -> list[str]:
        """The texts of the marks of a kind."""
        texts: list[str] = self.page.evaluate(MARKED, kind)
        return texts

    def position(self) -> dict[str, Any]:
        """What the player tells."""
        position: dict[str, Any] = self.page.evaluate(POSITION)
        return position

    def click_word(self, word: int) -> None:
        """Click a word of a short episode."""
        self.page.mouse.click(*self.page.evaluate(POINT, [word, word]))

    def lit(self) -> tuple[float, list[str]]:
        """The second at which the player is in a frame, and the words that are lit in it."""
        time, *words = self.page.evaluate(HEARD)
        return float(time), words

    def copied(self) -> str:
        """What is on the clipboard."""
        text: str = self.page.evaluate("navigator.clipboard.readText()")
        return text


OpenReader = Callable[..., Reader]


@pytest.fixture
def read(open_page: OpenPage, server: RunningServer) -> OpenReader:
    """A function that opens the page of an episode, and returns it when the transcript is there."""

    def open_reader(episode: str, query: str = "", **window: Any) -> Reader:
        page = open_page(f"{server.address}/e/{episode}{query}", **window)
        page.locator("#columns").wait_for()
        return Reader(page)

    return open_reader


def expect_text(page: Page, selector: str, text: str) -> None:
    """Wait until an element has a text."""
    page.locator(selector, has_text=text).first.wait_for()


def test_the_lit_word_is_the_one_at_the_players_time(read: OpenReader, spoken: Transcript) -> None:
    reader = read("roof")
    starts = [word.start for word in spoken.words]
    for clicked in (0, 40, 25):
        reader.click_word(clicked)
        reader.wait(f"import('/static/player.js').then(it => it.position().time > {starts[clicked]} + 0.3)")
        for _ in range(3):
            time, lit = reader.lit()
            assert lit == [spoken.words[bisect_right(starts, time) - 1].text.strip()]
            assert starts[clicked] <= time < starts[clicked] + 5


def test_a_click_plays_from_the_word_and_is_in_the_address(read: OpenReader, spoken: Transcript) -> None:
    reader = read("roof")
    reader.click_word(30)
    reader.wait("import('/static/player.js').then(it => !it.position().paused)")
    assert reader.position()["time"] >= spoken.words[30].start
    assert reader.page.url.endswith(f"?t={spoken.words[30].start:g}")
    reader.page.keyboard.press("Space")
    reader.wait("import('/static/player.js').then(it => it.position().paused)")


def test_a_link_opens_at_its_place_and_lights_it(read: OpenReader, spoken: Transcript) -> None:
    first, last = 120, 124
    start, end = spoken.words[first].start, spoken.words[last].end
    reader = read("roof", f"?t={start}&to={end}")
    texts = [word.text.strip() for word in spoken.words[first : last + 1]]
    assert " ".join(reader.marked("linked")).split() == texts
    assert reader.page.evaluate(IN_SIGHT, "linked")
    assert reader.position()["time"] == pytest.approx(start, abs=0.01)


def test_the_text_scrolls_along_with_the_sound(read: OpenReader) -> None:
    reader = read("roof", viewport={"width": 700, "height": 420})
    reader.page.get_by_label("Speed").select_option("2×")
    reader.click_word(0)
    there = reader.page.evaluate("scrollY")
    for _ in range(2):
        reader.wait("there => scrollY > there + 60", there)
        there = reader.page.evaluate("scrollY")
        reader.wait(IN_SIGHT, "now")
        assert reader.page.locator("#follow").is_hidden()


def test_a_reader_who_scrolls_away_is_left_there_until_they_follow(read: OpenReader) -> None:
    reader = read("roof")
    reader.click_word(0)
    reader.page.mouse.wheel(0, 4000)
    reader.page.locator("#follow").wait_for()
    there, lit = reader.page.evaluate("scrollY"), reader.lit()[1]
    reader.wait(f"String([...CSS.highlights.get('now')]) !== {lit[0]!r}")
    assert reader.page.evaluate("scrollY") == there
    reader.page.click("#follow")
    reader.wait(IN_SIGHT, "now")
    assert reader.page.locator("#follow").is_hidden()


def test_selected_words_are_quoted_linked_and_cut(read: OpenReader, server: RunningServer, spoken: Transcript) -> None:
    reader = read("roof", permissions=CLIPBOARD)
    page = reader.page
    page.mouse.move(*page.evaluate(POINT, [3, 3]))
    page.mouse.down()
    page.mouse.move(*page.evaluate(POINT, [6, 6]), steps=4)
    page.mouse.up()
    toolbar = page.get_by_role("toolbar", name="Selected words")
    toolbar.wait_for()
    toolbar.get_by_label("Style of the citation").select_option("markdown")
    toolbar.get_by_role("button", name="Copy quotation").click()
    expect_text(page, "#selected", "Quotation copied")
    quoted = server.ask("/api/episodes/roof/quote?first=3&last=6").json
    assert reader.copied() == f"“{quoted['text']}”\n{quoted['citations']['markdown']}"
    toolbar.get_by_role("button", name="Copy link").click()
    expect_text(page, "#selected", "Link copied")
    with page.expect_download() as download:
        toolbar.get_by_role("link", name="Clip").click()
    assert download.value.suggested_filename == f"roof-{int(spoken.words[3].start)}s.mp3"
    link = reader.copied()
    page.goto(link)
    page.locator("#columns").wait_for()
    assert " ".join(reader.marked("linked")) == quoted["text"]


def test_searching_inside_goes_round_all_hits(read: OpenReader, server: RunningServer) -> None:
    reader = read("roof")
    page = reader.page
    page.keyboard.press("/")
    page.keyboard.type("the")
    expect_text(page, "#find output", "1 of ")
    hits = server.ask("/api/episodes/roof/hits?q=the").json["hits"]
    assert len(hits) > 3
    seen = []
    page.locator("#transcript").focus()
    for number in range(len(hits)):
        expect_text(page, "#find output", f"{number + 1} of {len(hits)}")
        seen += reader.marked("found-now")
        assert page.evaluate(IN_SIGHT, "found-now")
        page.keyboard.press("n")
    assert {text.lower().strip(".,") for text in seen} == {"the"}
    expect_text(page, "#find output", f"1 of {len(hits)}")
    page.keyboard.press("N")
    expect_text(page, "#find output", f"{len(hits)} of {len(hits)}")
    assert "q=the" in page.url
    page.reload()
    expect_text(page, "#find output", f"{len(hits)} found")


def test_a_speaker_is_renamed_merged_and_both_undone_in_every_tab(read: OpenReader) -> None:
    reader = read("talk")
    page = reader.page
    other = page.context.new_page()
    other.goto(page.url)
    expect_text(other, ".who", "Voice 2")
    page.get_by_role("button", name="Rename Voice 2").click()
    page.keyboard.type("Ann Lee")
    page.keyboard.press("Enter")
    for tab in (page, other):
        expect_text(tab, "#speakers .name", "Ann Lee")
        expect_text(tab, ".who", "Ann Lee")
    page.get_by_role("button", name="Rename Voice 3").click()
    page.get_by_label("Voice 3 is the same voice as").select_option("Ann Lee")
    reader.wait("document.querySelectorAll('#speakers li').length === 2")
    page.get_by_role("button", name="Undo the last change").click()
    reader.wait("document.querySelectorAll('#speakers li').length === 3")
    page.get_by_role("button", name="Undo the last change").click()
    for tab in (page, other):
        expect_text(tab, "#speakers .name", "Voice 2")
    page.locator("#speakers footer button").wait_for(state="detached")


def test_a_word_is_corrected_beside_what_was_heard_and_undone(read: OpenReader, spoken: Transcript) -> None:
    reader = read("roof", f"?t={spoken.words[20].start}")
    page = reader.page
    heard = spoken.words[20].text.strip()
    page.keyboard.press("w")
    page.keyboard.press("e")
    page.keyboard.type("<b>Corrected</b>")
    page.keyboard.press("Enter")
    expect_text(page, "#transcript", "<b>Corrected</b>")
    listed = page.locator("#corrections li")
    assert listed.locator("del").inner_text() == heard
    assert page.locator("#transcript b").count() == 0
    listed.get_by_role("button", name="Undo").click()
    page.locator("#corrections").wait_for(state="hidden")
    assert "Corrected" not in page.locator("#transcript").inner_text()


def test_a_wording_is_checked_where_it_was_said(read: OpenReader, spoken: Transcript) -> None:
    reader = read("roof", f"?t={spoken.words[4].start}")
    page = reader.page
    for key in ("w", "W", "W", "W", "W", "W", "W"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Check wording").click()
    dialog = page.get_by_role("dialog", name="Check a wording")
    said = spoken.words[6].text.strip()
    field = dialog.get_by_role("textbox")
    field.fill(field.input_value().replace(said, "xylophone"))
    dialog.get_by_role("button", name="Check").click()
    dialog.locator("del", has_text="xylophone").wait_for()
    assert said in dialog.locator("ins").inner_text()


def test_what_is_doubtful_is_shaded_when_asked_for_and_stays_in_the_address(read: OpenReader) -> None:
    reader = read("roof")
    page = reader.page
    assert reader.marked("doubtful") == []
    assert page.locator(".gap:visible").count() == 0
    page.get_by_role("button", name="Show").click()
    page.get_by_label("Doubtful words").check()
    page.get_by_label("Speech without words").check()
    assert len(reader.marked("doubtful")) > 3
    page.reload()
    page.locator("#columns").wait_for()
    reader.wait("CSS.highlights.get('doubtful').size > 3")
    page.keyboard.press("End")
    page.locator(".gap").first.wait_for()


def test_the_publishers_words_are_shown_beside_those_that_were_heard(read: OpenReader) -> None:
    reader = read("roof")
    reader.page.click("#publisher summary")
    expect_text(reader.page, "#publisher dd", "moon")
    expect_text(reader.page, "#publisher dd", "stars")


def test_the_transcript_is_exported_under_its_name(read: OpenReader) -> None:
    page = read("roof").page
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="WebVTT").click()
    page.get_by_role("button", name="Export").focus()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="WebVTT").wait_for(state="hidden")
    assert download.value.suggested_filename == "roof.vtt"


def test_the_keyboard_alone_works_everything(read: OpenReader, spoken: Transcript) -> None:
    reader = read("roof", permissions=CLIPBOARD)
    page = reader.page
    sentences = [spoken.segment_span(one) for one in spoken.segments]
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert reader.position()["time"] == pytest.approx(sentences[2].start, abs=0.01)
    expect_text(page, "#status", spoken.segment_text(spoken.segments[2]).strip())
    page.keyboard.press("j")
    assert reader.position()["time"] == pytest.approx(sentences[1].start, abs=0.01)
    page.keyboard.press("ArrowRight")
    assert reader.position()["time"] == pytest.approx(sentences[1].start + 5, abs=0.01)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("c")
    expect_text(page, "#selected", "Quotation copied")
    assert reader.copied().startswith(f"“{spoken.segment_text(spoken.segments[1]).strip()}”")
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.textContent") == "Play"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "Copy quotation"
    page.keyboard.press("Escape")
    page.locator("#selected").wait_for(state="hidden")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Space")
    reader.wait("import('/static/player.js').then(it => !it.position().paused)")


def test_few_stops_of_the_tab_key_lead_past_the_words(read: OpenReader) -> None:
    page = read("long").page
    stops = page.evaluate(
        "[...document.querySelectorAll('#reading :is(button, a, [tabindex])')].filter(it => it.tabIndex >= 0).length"
    )
    assert stops == 1


def test_the_text_of_others_is_text(read: OpenReader, server: RunningServer) -> None:
    (hostile,) = (one["episode"] for one in server.ask("/api/episodes").json["episodes"] if "Hostile" in one["title"])
    page = read(hostile).page
    assert page.evaluate("typeof trapped") == "undefined"
    for where in ("h1", "#facts", ".who", "#transcript p", "#speakers .name"):
        assert ATTACK in page.inner_text(where), where
    assert page.locator("main :is(img, script)").count() == 0


def test_thirty_thousand_words_keep_the_page_small_and_are_all_there(read: OpenReader) -> None:
    reader = read("long")
    page, most = reader.page, 0
    for share in (0, 0.25, 0.5, 0.75, 1):
        page.evaluate(f"scrollTo(0, {share} * document.body.scrollHeight)")
        reader.wait(DRAWN_IN_THE_MIDDLE)
        most = max(most, page.evaluate(NODES))
    assert most <= MOST_NODES
    page.keyboard.press("Control+a")
    selected = page.evaluate("getSelection().toString()")
    assert re.findall(r"\bw\d+\b", selected) == [f"w{number}" for number in range(MANY)]


def test_all_of_it_is_printed(read: OpenReader) -> None:
    page = read("roof").page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".piece > :not(.paragraph)").count() == 0
    assert page.evaluate("[...document.querySelectorAll('.piece')].every(it => it.firstElementChild)")
    page.emulate_media(media="print")
    assert page.locator("#tools").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("window", [NARROW, {"width": 1280, "height": 900}], ids=["narrow", "wide"])
def test_the_page_is_accessible_and_fits_its_window(read: OpenReader, scheme: str, window: dict[str, int]) -> None:
    reader = read("roof", "?t=20&to=22&show=doubtful,gaps", color_scheme=scheme, viewport=window, bypass_csp=True)
    page = reader.page
    page.evaluate("document.querySelectorAll('#beside > details').forEach(it => { it.open = true })")
    expect_text(page, "#publisher dd", "moon")
    page.keyboard.press("w")
    page.locator("#selected").wait_for()
    assert not is_wider_than_its_window(page)
    check_accessibility(page)
    page.keyboard.press("e")
    check_accessibility(page)


@pytest.mark.parametrize(("episode", "told"), [("waiting", "not transcribed yet"), ("nothing", "nothing")])
def test_an_episode_without_a_transcript_says_what_to_do(
    open_page: OpenPage, server: RunningServer, episode: str, told: str
) -> None:
    page = open_page(f"{server.address}/e/{episode}")
    expect_text(page, "#facts", told)
    assert page.get_by_role("link", name="Open the library").get_attribute("href") == "/library"


def test_an_episode_without_words_says_so(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page(f"{server.address}/e/music")
    expect_text(page, ".notice", "No words")
    page.keyboard.press("k")
    assert page.locator("#tools").is_hidden()


def test_an_episode_without_sound_says_so_and_is_read(read: OpenReader) -> None:
    page = read("talk").page
    expect_text(page, ".notice", "without a recording")
    assert page.locator("#player").is_hidden()
    page.keyboard.press("Space")
    page.keyboard.press("k")
    page.keyboard.press("w")
    page.get_by_role("toolbar", name="Selected words").wait_for()
    assert page.get_by_role("link", name="Clip").count() == 0
