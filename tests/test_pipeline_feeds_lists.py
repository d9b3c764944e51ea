"""Lists of feeds, pages that name feeds, files of chapters, and the items of feeds: their identity and order."""

from __future__ import annotations

import pytest
from feed_texts import ADDRESS, SOUND, read, read_one, rss
from hypothesis import given
from hypothesis import strategies as st

from audio.recording.chapters import Chapter
from audio.recording.tags import MOST_CHAPTERS
from pipeline.errors import FeedError
from pipeline.shows.feeds.chapter_files import read_chapters
from pipeline.shows.feeds.opml import read_opml, write_opml
from pipeline.shows.feeds.page_feeds import find_feeds
from pipeline.shows.feeds.plain_text import LONGEST_LINE, clean_line, read_name
from pipeline.shows.feeds.values import Subscription

LIST = """<?xml version="1.0" encoding="UTF-8"?><opml version="1.1"><head><title>Podcasts</title></head><body>
<outline text="Folder"><outline type="rss" text="Text" title="Tom &amp; Jerry" xmlUrl="https://example.org/a?b=1&amp;c=2"/>
<outline text="Deeper"><outline type="rss" text="Only text" xmlurl=" http://example.org/b "/></outline></outline>
<outline type="rss" url="https://example.org/c"/><outline type="link" url="https://example.org/page"/>
<outline type="rss" text="Again" xmlUrl="https://example.org/a?b=1&amp;c=2"/>
<outline text="Mine" xmlUrl="file:///etc/passwd"/><outline text="Old" xmlUrl="feed://example.org/d"/></body></opml>"""


def test_a_list_is_read_with_its_folders_and_without_what_is_not_of_the_web() -> None:
    told: list[str] = []
    assert read_opml(LIST.encode(), told.append) == [
        Subscription("https://example.org/a?b=1&c=2", "Tom & Jerry"),
        Subscription("http://example.org/b", "Only text"),
        Subscription("https://example.org/c"),
    ]
    assert told == ["address left out, since it is not http or https: file:///etc/passwd, and 1 more"]
    assert read_opml(LIST.encode("utf-16")) == read_opml(LIST.encode())


@pytest.mark.parametrize(
    "data", [b"", b"<html></html>", rss(""), b"{}", b"\xff\xd8\xff\xe0", b"<?xml version='1.0'?><a/>"]
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(FeedError, match="is not a list of feeds") as raised:
        read_opml(data)
    assert raised.value.way_out


TITLES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=LONGEST_LINE)
ADDRESSES = st.builds(
    "{}://example.org/{}".format, st.sampled_from(["http", "https"]), st.text("!#$%&'()+;=?@~az09/ü漢")
)


@given(st.lists(st.builds(Subscription, ADDRESSES, st.none() | TITLES), unique_by=lambda one: one.address))
def test_a_list_that_is_written_is_read_as_it_was(subscriptions: list[Subscription]) -> None:
    assert read_opml(write_opml(subscriptions)) == [
        Subscription(one.address, read_name(clean_line(one.title or one.address)) or None) for one in subscriptions
    ]


@pytest.mark.parametrize("folders", [False, True])
def test_a_list_of_any_number_of_feeds_is_read(folders: bool) -> None:
    feeds = [Subscription(f"https://example.org/{number}") for number in range(25_000)]
    outlines = [f'<outline xmlUrl="{one.address}"/>' for one in feeds]
    if folders:
        outlines = [
            f'<outline text="Folder">{"".join(outlines[first : first + 100])}</outline>'
            for first in range(0, len(outlines), 100)
        ]
    lines = "".join(outlines)
    told: list[str] = []
    assert read_opml(f'<opml version="2.0"><body>{lines}</body></opml>'.encode(), told.append) == feeds
    assert told == []


@pytest.mark.parametrize("path", ["a//@b", "a/https:/ann@b", "?a=//b@c", "#//b@c", "/@"])
def test_a_path_is_no_password(path: str) -> None:
    address = f"https://example.org/{path}"
    assert read_opml(write_opml([Subscription(address)]))[0].address == address


def test_a_list_that_is_written_has_no_passwords() -> None:
    written = write_opml([Subscription("https://ann:secret@example.org/feed")])
    assert b"secret" not in written
    assert read_opml(written) == [Subscription("https://example.org/feed", "https://example.org/feed")]


PAGE = """<!doctype html><html><head><base href="/shows/">
<link rel="stylesheet" type="text/css" href="x.css"><link rel="alternate" hreflang="de" href="/de">
<link REL="alternate home" type="application/rss+xml; charset=utf-8" title="Comments on Talk" href="talk/comments.xml">
<link rel=alternate type=application/rss+xml title=Talk href="talk.xml?a=1&amp;b=2">
<link rel="alternate" type="application/atom+xml" href="//example.net/atom"><link rel="alternate" type="text/xml" href="ftp://x/">
<link rel="alternate" type="application/rss+xml" href="talk.xml?a=1&amp;b=2">
</head><body><a href="https://example.org/other/feed">Feed</a></body></html>"""


def test_a_page_names_its_feeds_best_first() -> None:
    assert find_feeds(PAGE.encode(), "https://example.org/about") == [
        "https://example.org/shows/talk.xml?a=1&b=2",
        "https://example.net/atom",
        "https://example.org/shows/talk/comments.xml",
    ]


def test_a_page_without_named_feeds_has_the_links_that_look_like_feeds() -> None:
    page = "<a href='/feed/'>a</a><a href='/about'>b</a><a href='x.rss?y=1'>c</a><a href='javascript:x/feed'>d</a>"
    assert find_feeds(page.encode(), "https://example.org/") == [
        "https://example.org/feed/",
        "https://example.org/x.rss?y=1",
    ]
    assert (
        find_feeds(b"<p>no links</p>", ADDRESS)
        == find_feeds(b"\x89PNG\r\n\x1a\n\0\0", ADDRESS)
        == find_feeds(b"", ADDRESS)
        == []
    )


def test_files_of_chapters_are_read_as_json_and_as_xml() -> None:
    json = """{"version": "1.2.0", "chapters": [{"startTime": 60.5, "title": "A &amp; b"}, {"startTime": 0},
    {"startTime": 70, "title": "Silent", "toc": false}, {"startTime": -1, "title": "x"}, {"startTime": true},
    {"title": "y"}, {"startTime": "80", "title": 5}, 7, {"startTime": 1e300, "title": "late"}]}"""
    assert read_chapters(json.encode(), ADDRESS) == (
        Chapter(0.0, "Chapter 2"),
        Chapter(60.5, "A & b"),
        Chapter(80.0, "Chapter 3"),
    )
    xml = """<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters/">
    <psc:chapter start="00:01:00.5" title="Two"/><psc:chapter start="0" title="One"/></psc:chapters>"""
    assert read_chapters(xml.encode(), ADDRESS) == (Chapter(0.0, "One"), Chapter(60.5, "Two"))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"chapters": {}}', b"[" * 100_000, b"<html/>", b'{"chapters":', b"\xff"]
)
def test_what_is_no_file_of_chapters_is_refused_or_has_none(data: bytes) -> None:
    try:
        assert read_chapters(data, "https://ann:secret@example.org/c.json") == ()
    except FeedError as error:
        assert error.message == "https://example.org/c.json is not a file of chapters."


def test_chapters_are_bounded() -> None:
    chapters = ",".join(f'{{"startTime": {number}}}' for number in range(MOST_CHAPTERS + 5))
    assert len(read_chapters(f'{{"chapters": [{chapters}]}}'.encode(), ADDRESS)) == MOST_CHAPTERS


def test_an_item_is_identified_by_its_guid_or_else_its_sound_page_title_or_notes() -> None:
    page = "<link>https://example.org/page</link>"
    assert read_one(f"<guid> a  b </guid>{SOUND}{page}").identity == "a b"
    assert read_one(f"<guid/>{SOUND}{page}").identity == "https://example.org/1.mp3"
    assert read_one(f"{page}<title>One</title>").identity == "https://example.org/page"
    assert read_one("<title>One</title>").identity == "One"
    noted = read_one("<description>First line\nsecond</description>")
    assert (len(noted.identity), noted.title) == (64, "First line")


def test_items_without_a_title_are_called_like_their_sound() -> None:
    assert read_one('<enclosure url="https://example.org/a/My%20talk.2.mp3?x=1"/>').title == "My talk"
    assert read_one("<link>https://example.org/</link>").title == "example.org"
    assert read(b"<rss><channel/></rss>").title == "talk"


def test_one_guid_for_every_episode_identifies_none() -> None:
    items = "".join(f'<item><guid>same</guid><enclosure url="https://example.org/{n}.mp3"/></item>' for n in (1, 2))
    assert [item.identity for item in read(rss(items)).items] == [
        "https://example.org/1.mp3",
        "https://example.org/2.mp3",
    ]


def test_an_item_that_is_listed_twice_is_read_once_and_told_if_it_differs() -> None:
    feed = read(
        rss(f"<item><title>a</title><guid>1</guid>{SOUND}</item><item><title>b</title><guid>1</guid>{SOUND}</item>")
    )
    assert [item.title for item in feed.items] == ["a"]
    assert feed.flaws == ("item left out, since another has its guid: b",)


def test_the_newest_item_is_first_and_those_of_one_time_are_as_in_the_feed() -> None:
    dates = ["2019-01-01T10:00", "2020-01-01T10:00", "", "2020-01-01T11:00", "2019-01-01T10:00", "soon"]
    feed = read(
        rss("".join(f"<item><guid>{row}</guid><pubDate>{date}</pubDate></item>" for row, date in enumerate(dates)))
    )
    assert [item.identity for item in feed.items] == ["3", "1", "0", "4", "2", "5"]
    assert feed.flaws == ("date left out, since it is not understood: soon",)


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><title>Talk</title>{items}",
        "<rss><channel><title>Talk{items}</rss></channel>",
        "Warning: line 3\n<?xml version='1.0'?><rss><channel><title>Talk</title>{items}</channel></rss>",
        "<rss><channel><title>Talk</title></channel></rss>{items}",
        "<channel><title>Talk</title>{items}</channel>",
        "<RSS><Channel><Title>Talk</Title>{items}</Channel></RSS>",
        "<rss><channel><title>Talk & &nbsp;</title>{items}\x01</channel></rss>",
        "<rss>" + "<a>" * 300 + "</a>" * 300 + "<channel><title>Talk</title>{items}</channel></rss>",
    ],
)
@pytest.mark.parametrize(
    "items",
    [
        "<item><title>A & b</title><guid>1</guid></item><item><title>C</title><guid>2</guid></item>",
        "<item><title>A & b</title><guid>1</guid><item><title>C</title><guid>2</guid>",
        "<item><title>A & b<guid>1</guid></item><item><title>C</title><guid>2</item>",
    ],
)
def test_broken_feeds_are_read_as_far_as_they_go(feed: str, items: str) -> None:
    read_as = read(feed.format(items=items))
    assert "Talk" in read_as.title or read_as.title == "talk"
    assert [(item.title, item.identity) for item in read_as.items] == [("A & b", "1"), ("C", "2")]


def test_damage_is_told_with_its_line() -> None:
    feed = read(
        "<?xml version='1.0'?>\n<!-- a\n comment -->\n<rss><channel><title>Talk</title>\n<item><guid>1</item></rss>"
    )
    assert feed.flaws[0].startswith("damaged XML, read as far as it goes: line 5: ")


def test_items_of_a_broken_feed_beyond_the_most_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.shows.feeds.feed_reader.MOST_ITEMS", 2)
    items = "".join(f"<item><guid>{number}</guid></item>" for number in range(5))
    feed = read(f"<rss><channel><title>Talk</title></channel></rss>{items}")
    assert [item.identity for item in feed.items] == ["0", "1"]
    assert "items beyond the first 2 left out, and 2 more" in feed.flaws


def test_the_word_item_in_a_text_is_none() -> None:
    text = "<title>&lt;item&gt;</title><description><![CDATA[<item><guid>2</guid></item>]]></description>"
    feed = read(rss(f"<item><guid>1</guid>{text}</item>") + b"<item><guid>3</guid><!-- x --></item>")
    assert [item.identity for item in feed.items] == ["1", "3"]
