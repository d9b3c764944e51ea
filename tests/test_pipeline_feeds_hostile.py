"""Feeds that a stranger made: nothing is opened or grows, addresses are of the web, and faults have their error."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from feed_texts import ADDRESS, SOUND, read, read_one, rss
from hypothesis import example, given
from hypothesis import strategies as st
from operations import count_lines

from audio.errors import InputError
from index.storage.untrusted import is_address
from pipeline.errors import FeedError
from pipeline.shows.feeds.chapter_files import read_chapters
from pipeline.shows.feeds.feed_addresses import LONGEST_ADDRESS, web_address
from pipeline.shows.feeds.feed_reader import read_feed
from pipeline.shows.feeds.opml import read_opml
from pipeline.shows.feeds.page_feeds import find_feeds
from pipeline.shows.feeds.values import Feed
from pipeline.shows.feeds.xml_repair import repair_xml

MOST_GROWTH = 6
"""How much more a feed of four times the size may take: linear time, and what is done once."""

BOMB = "".join(f'<!ENTITY b{row} "{f"&b{row - 1};" * 10}">' for row in range(1, 12))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE rss [{}]>",
        "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd' [{}]>",
        "<!-- <rss> --><!DOCTYPE rss [<!ENTITY c '<rss>'>{}]>",
    ],
)
def test_entities_are_neither_expanded_nor_opened(doctype: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("opened", encoding="utf-8")
    opened = f'SYSTEM "{secret.as_uri()}"'
    entities = f'<!ENTITY b0 "lol">{BOMB}<!ENTITY file {opened}><!ENTITY % all {opened}>%all;'
    text = "&b11;|&file;|&b0;|&eacute;"
    feed = read(f'{doctype.format(entities)}<rss><channel><title>{text}</title><item><guid>{text}</guid>'
                f'<enclosure url="https://example.org/&b11;"/></item></channel></rss>')  # fmt: skip
    assert feed.title == feed.items[0].identity == "&b11;|&file;|&b0;|é"
    assert feed.items[0].sounds[0].address == "https://example.org/&b11;"


def test_nothing_of_a_dtd_reaches_the_parser() -> None:
    assert repair_xml('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss>&a;</rss>') == b"<rss>&amp;a;</rss>"


BAD_ADDRESSES = [
    "file:///etc/passwd", "FILE:/etc/passwd", "ftp://example.org/1.mp3", "javascript:alert(1)", "data:audio/mpeg,AA",
    "ipfs://Qm", "magnet:?xt=1", "http:", "http://", "https:///x", "http:\\\\example.org", "mailto:a@example.org",
    "https://example.org/" + "a" * LONGEST_ADDRESS, "https://exa\u202emple.org/", "http://[::1",
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_ADDRESSES)
@pytest.mark.parametrize(
    "inside",
    [
        '<item><guid>1</guid><enclosure url="{}" type="audio/mpeg"/></item>',
        '<item><guid>1</guid><podcast:transcript url="{}" type="text/vtt"/></item>',
        '<item><guid>1</guid><podcast:chapters url="{}"/></item>',
        '<item><guid>1</guid><media:content url="{}"/></item>',
        '<item><podcast:alternateEnclosure><podcast:source uri="{}"/></podcast:alternateEnclosure></item>',
        "<item><guid>1</guid><link>{}</link></item>",
        '<item><guid>1</guid><atom:link rel="enclosure" href="{}"/></item>',
        "<link>{}</link>",
        "<itunes:new-feed-url>{}</itunes:new-feed-url>",
        '<atom:link rel="next" href="{}"/>',
        '<atom:link rel="self" href="{}"/>',
    ],
)
def test_addresses_that_are_not_of_the_web_are_left_out_and_told(inside: str, bad: str) -> None:
    feed = read(rss(inside.format(bad)))
    assert not list(addresses_of(feed))
    assert [flaw for flaw in feed.flaws if flaw.startswith("address left out, since it is not http or https")]


def addresses_of(feed: Feed) -> list[str]:
    """All addresses in a feed."""
    found = [feed.page, feed.own_address, feed.new_address, feed.next_page]
    for item in feed.items:
        found += [item.page, item.chapters_address]
        found += [one.address for one in item.sounds] + [one.address for one in item.transcripts]
    return [address for address in found if address is not None]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" HTTPS://Example.org/a b.mp3\n", "https://Example.org/a%20b.mp3"),
        ("http://exam\nple.org/1", "http://example.org/1"),
        ("/1.mp3", "https://example.org/1.mp3"),
        ("1.mp3?a=1&amp;b=2", "https://example.org/shows/1.mp3?a=1&b=2"),
        ("1.mp3?a=1&b=2", "https://example.org/shows/1.mp3?a=1&b=2"),
        ("//example.net/1.mp3", "https://example.net/1.mp3"),
        ("http://müller.example/ü.mp3", "http://müller.example/ü.mp3"),
        ("http://ann:secret@example.org/1", "http://ann:secret@example.org/1"),
    ],
)
def test_addresses_are_made_absolute(written: str, address: str) -> None:
    assert read_one(f"<link>{written}</link>").page == address


def test_addresses_are_relative_to_the_nearest_base() -> None:
    feed = read("""<rss xml:base="http://example.net/a/"><channel xml:base="b/">
    <link>c</link><item xml:base="file:///etc/"><guid>1</guid><link>passwd</link></item></channel></rss>""")
    assert feed.page == "http://example.net/a/b/c"
    assert feed.items[0].page is None


def test_a_password_in_an_address_is_not_told() -> None:
    feed = read(rss(f"<item>{SOUND}<link>ftp://ann:secret@example.org/</link></item>"))
    assert feed.flaws == ("address left out, since it is not http or https: ftp://example.org/",)


@given(st.text(), st.sampled_from(["", ADDRESS, "file:///etc/passwd", "http://["]))
def test_an_address_is_one_that_the_library_keeps_or_none(text: str, base: str) -> None:
    address = web_address(text, base)
    assert address is None or is_address(address)


SAMPLE = rss(f"""<item><title>Öne</title><guid>1</guid>{SOUND}<pubDate>Tue, 01 Jan 2019 07:00:00 +0000</pubDate>
<description><![CDATA[<p>A &amp; b</p>]]></description><podcast:person>Ann</podcast:person></item>
<item><title>Two</title><guid>2</guid><psc:chapters><psc:chapter start="0" title="x"/></psc:chapters></item>""")
OPML = (
    b'<?xml version="1.0"?><opml version="2.0"><body><outline text="a" xmlUrl="https://example.org/a"/></body></opml>'
)
CHAPTERS = b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Start"}, {"startTime": 60.5}]}'
READERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "feed": (SAMPLE, lambda data: read_feed(data, ADDRESS, None)),
    "list": (OPML, read_opml),
    "chapters": (CHAPTERS, lambda data: read_chapters(data, ADDRESS)),
    "page": (b'<link rel="alternate" type="application/rss+xml" href="/feed">', lambda data: find_feeds(data, ADDRESS)),
}


PIECES = [b"&", b"<", b"<![CDATA[", b"]]>", b"\xff\xfe", b"\0", b"<item>", b"</item>", b"<!DOCTYPE x [", b"&#0;", b'"']


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Bytes that were cut, doubled, exchanged or inserted somewhere."""
    data = whole
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.tuples(st.integers(0, len(data)), st.integers(0, len(data)))))
        middle = draw(st.sampled_from([b"", data[start:end] * 2, *PIECES])) or draw(st.binary(max_size=6))
        data = data[:start] + middle + data[end:]
    return data


@pytest.mark.parametrize("reader", READERS)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused_with_an_error(reader: str, data: st.DataObject) -> None:
    whole, read_bytes = READERS[reader]
    try:
        read_bytes(data.draw(damaged(whole) | st.binary() | st.text().map(str.encode)))
    except InputError as error:
        assert error.way_out


@given(st.binary() | damaged(SAMPLE), st.text() | st.sampled_from(["utf-16", "cp037", "gb18030", "mbcs"]))
@example(b"<rss>", "\udc80")
def test_any_bytes_with_any_charset_are_a_feed_or_an_error(data: bytes, charset: str) -> None:
    try:
        feed = read_feed(data, ADDRESS, charset)
    except FeedError:
        return
    assert feed.title
    assert all(item.identity and item.title for item in feed.items)
    assert len({item.identity for item in feed.items}) == len(feed.items)
    assert all(map(is_address, addresses_of(feed)))


HEAD = "<rss><channel><title>t</title>"
ITEM = f"{HEAD}<item><guid>1</guid>"
SHAPES: dict[str, Callable[[int], str]] = {
    "elements in elements": lambda n: HEAD + "<a>" * n,
    "items": lambda n: HEAD + "<item><guid>1</guid></item>" * n,
    "items that differ": lambda n: HEAD + "".join(f"<item><guid>{row}</guid></item>" for row in range(n)),
    "ends of others": lambda n: HEAD + "<a></b>" * n,
    "damaged tags": lambda n: HEAD + "<a " * n,
    "people": lambda n: ITEM + "".join(f"<podcast:person>{row}</podcast:person>" for row in range(n)),
    "names": lambda n: ITEM + "".join(f"<a{row}/>" for row in range(n)),
    "prefixes": lambda n: ITEM + "".join(f"<p{row}:a/>" for row in range(n)),
    "namespaces": lambda n: ITEM + "".join(f"<p{row}:a xmlns:p{row}='u{row}'/>" for row in range(n)),
    "attributes": lambda n: ITEM + "<enclosure " + " ".join(f"a{row}=''" for row in range(n)) + "/>",
    "sections": lambda n: ITEM + "<![CDATA[" * n,
    "references": lambda n: ITEM + "&foo;&" * n,
    "tags in notes": lambda n: f"{ITEM}<description>{'&lt;a &lt;!-- ' * n}",
    "paragraphs in notes": lambda n: f"{ITEM}<description>{'&lt;p&gt;a&lt;/p&gt;' * n}",
    "items in items": lambda n: HEAD + "<item><title>a" * n,
    "items after the end": lambda n: f"{HEAD}</channel></rss>" + "<item><guid>1</guid></item>" * n,
    "bases": lambda n: HEAD + "<item xml:base='b/'><link>c</link></item>" * n,
    "chapters": lambda n: ITEM + "<psc:chapters>" + "<psc:chapter start='0'/>" * n,
    "flaws": lambda n: HEAD + "".join(f"<item><guid>{row}</guid><link>ftp://{row}</link></item>" for row in range(n)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_operations_on_a_feed_grow_with_it(shape: str) -> None:
    read(SHAPES[shape](10))  # imports and caches
    short, long = (count_lines(lambda n=n: read(SHAPES[shape](n))) for n in (250, 1000))  # type: ignore[misc]
    assert long <= MOST_GROWTH * max(short, 1000)


@pytest.mark.parametrize(
    "piece", ["<base href='b/'>", "<a href='/feed'>", "<link rel=alternate type=text/xml href=f>", "<a "]
)
def test_the_operations_on_a_page_that_names_feeds_grow_with_it(piece: str) -> None:
    find_feeds(piece.encode(), ADDRESS)
    short, long = (count_lines(lambda n=n: find_feeds((piece * n).encode(), ADDRESS)) for n in (250, 1000))  # type: ignore[misc]
    assert long <= MOST_GROWTH * max(short, 1000)


def test_bases_in_each_other_do_not_grow() -> None:
    base = "a" * (LONGEST_ADDRESS // 2) + "/"
    nested = f'<a xml:base="{base}">' * 5
    feed = read(f"<rss>{nested}<channel><title>t</title><link>b</link>")
    assert feed.page == f"https://example.org/shows/{base}b"


MEASURED = """
import resource, sys
sys.path[:0] = sys.argv[1:]
from test_pipeline_feeds_hostile import LARGE
from feed_texts import read
read("<rss><item><title>caf\\xe9</title></item></rss>".encode("latin-1"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for make in LARGE.values():
    read(make())
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
SIZE = 1_000_000
LARGE: dict[str, Callable[[], bytes]] = {
    "one attribute": lambda: rss(f'<item><guid>1</guid><itunes:image href="data:{"a" * SIZE}"/></item>'),
    "one text": lambda: rss(f"<item><guid>1</guid><description>{'a ' * (SIZE // 2)}</description></item>"),
    "one guid": lambda: rss(f"<item><guid>{'a' * SIZE}</guid></item>"),
    "ampersands": lambda: rss(f"<item><guid>1</guid><title>{'&' * SIZE}</title></item>"),
    "attributes": lambda: rss(" ".join(["<a", *(f"a{row}=''" for row in range(SIZE // 12)), "/>"])),
    "elements": lambda: rss("<a/>" * (SIZE // 4)),
    "damaged tags": lambda: rss("<a " * (SIZE // 3)),
    "zeros": lambda: b"<rss>" + bytes(SIZE),
}


def test_large_feeds_take_a_bounded_multiple_of_their_size() -> None:
    here = Path(__file__).resolve().parent
    command = [sys.executable, "-c", MEASURED, str(here), str(here.parent)]
    megabytes = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert megabytes <= 60 * SIZE // 1_000_000


def test_a_tag_of_several_megabytes_is_refused() -> None:
    with pytest.raises(FeedError, match="has a tag of more than 2 MB"):
        read(rss(f'<item><guid>1</guid><itunes:image href="data:{"a" * 2_100_000}"/></item>'))


def test_a_feed_beyond_the_largest_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.shows.feeds.feed_reader.LARGEST_FEED", 1_000_000)
    with pytest.raises(FeedError, match="has more than 1 MB"):
        read(b" " * 1_000_001)
