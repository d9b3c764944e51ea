"""Feeds are read alike however they are written: RSS, RDF and Atom, with their additions, in any namespaces."""

from __future__ import annotations

import pytest
from feed_texts import ADDRESS, SOUND, read, read_one, rss

from audio.recording.chapters import Chapter
from pipeline.errors import FeedError
from pipeline.shows.feeds.feed_reader import read_feed
from pipeline.shows.feeds.values import OfferedSound, OfferedTranscript, Person, Soundbite

WHOLE_ITEM = f"""
<title>One &amp; only</title><guid isPermaLink="false"> g-1 </guid><link>/one</link>
<pubDate>Tue, 01 Jan 2019 23:30:00 -0500</pubDate>{SOUND}
<description>short</description><content:encoded><![CDATA[<p>First&nbsp;line<br>second</p><p>Third</p>]]></content:encoded>
<itunes:duration>1:02:03</itunes:duration><itunes:episode>07</itunes:episode><itunes:season>2</itunes:season>
<itunes:author>Ann Lee</itunes:author>
<podcast:transcript url="/1.vtt" type="text/VTT; charset=utf-8" language="en_US" rel="captions"/>
<podcast:transcript url="https://example.org/1.json" type="application/json"/>
<podcast:chapters url="1.chapters.json" type="application/json+chapters"/>
<podcast:person role="Guest">Bo Lind</podcast:person><podcast:person>Ann Lee</podcast:person>
<podcast:soundbite startTime="12.5" duration="30">A bite</podcast:soundbite>
<podcast:alternateEnclosure type="audio/opus" length="500">
  <podcast:source uri="https://example.org/1.opus"/>
  <podcast:source uri="ipfs://some"/>
  <podcast:source uri="https://example.org/1.m3u8" contentType="application/x-mpegURL"/>
</podcast:alternateEnclosure>
<psc:chapters><psc:chapter start="00:01:00" title="Middle"/><psc:chapter start="0" title="Start"/></psc:chapters>
"""


def test_an_item_is_read_with_all_that_is_said_of_it() -> None:
    item = read_one(WHOLE_ITEM)
    assert (item.identity, item.title, item.published) == ("g-1", "One & only", "2019-01-02")
    assert item.page == "https://example.org/one"
    assert item.notes == "First line\nsecond\n\nThird"
    assert (item.duration, item.number, item.season, item.author) == (3723.0, "7", "2", "Ann Lee")
    assert item.sounds == (
        OfferedSound("https://example.org/1.mp3", "audio/mpeg", 1000),
        OfferedSound("https://example.org/1.opus", "audio/opus", 500),
        OfferedSound("https://example.org/1.m3u8", "application/x-mpegurl", 500),
    )
    assert item.transcripts == (
        OfferedTranscript("https://example.org/1.vtt", "text/vtt", "en-US", captions=True),
        OfferedTranscript("https://example.org/1.json", "application/json"),
    )
    assert item.chapters_address == "https://example.org/shows/1.chapters.json"
    assert item.chapters == (Chapter(0.0, "Start"), Chapter(60.0, "Middle"))
    assert item.people == (Person("Bo Lind", "guest"), Person("Ann Lee", "host"))
    assert item.soundbites == (Soundbite(12.5, 30.0, "A bite"),)


def test_a_channel_is_read_with_all_that_is_said_of_it() -> None:
    feed = read(
        rss("""<link>https://example.org/</link><language>de-AT</language><description>About it</description>
        <podcast:guid>917393e3</podcast:guid><podcast:locked owner="x">yes</podcast:locked>
        <itunes:author>Ann Lee</itunes:author><podcast:person role="host">Ann Lee</podcast:person>
        <atom:link rel="self" href="https://example.org/self"/><atom:link rel="next" href="?page=2"/>
        <itunes:new-feed-url>https://example.org/new</itunes:new-feed-url>
        <image><title>Picture</title><link>https://example.org/picture</link></image>""")
    )
    assert (feed.title, feed.page, feed.language, feed.notes) == ("Talk", "https://example.org/", "de-AT", "About it")
    assert (feed.guid, feed.locked, feed.author, feed.people) == ("917393e3", True, "Ann Lee", (Person("Ann Lee"),))
    assert (feed.own_address, feed.next_page) == ("https://example.org/self", f"{ADDRESS}?page=2")
    assert feed.new_address == "https://example.org/new"
    assert not feed.items
    assert not feed.flaws


def test_a_feed_that_names_its_own_address_has_not_moved() -> None:
    assert read(rss(f"<itunes:new-feed-url>{ADDRESS}/</itunes:new-feed-url>")).new_address is None


@pytest.mark.parametrize(
    ("itunes", "podcast"),
    [
        ("http://www.itunes.com/dtds/podcast-1.0.dtd", "https://podcastindex.org/namespace/1.0"),
        ("HTTPS://itunes.com/DTDs/Podcast-1.0.dtd", "http://podcastindex.org/namespace/1.0/"),
        ("http://example.com/dtds/podcast-1.0.dtd", "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("prefixes", [("itunes", "podcast"), ("i", "p"), ("podcast", "itunes")])
def test_namespaces_are_known_by_what_they_are_not_by_their_prefix(
    itunes: str, podcast: str, prefixes: tuple[str, str]
) -> None:
    i, p = prefixes
    inside = f"{SOUND}<{i}:duration>60</{i}:duration><{p}:person>Ann Lee</{p}:person>"
    item = read_one(inside, f'xmlns:{i}="{itunes}" xmlns:{p}="{podcast}"')
    assert (item.duration, item.people) == (60.0, (Person("Ann Lee"),))


@pytest.mark.parametrize("namespaces", ["", 'xmlns:itunes="urn:odd" xmlns:podcast="urn:other"'])
def test_prefixes_without_their_namespace_are_known(namespaces: str) -> None:
    item = read_one(f"{SOUND}<itunes:title>Not this</itunes:title><title>This</title>"
                    "<podcast:person>Ann Lee</podcast:person><odd:title>Nor this</odd:title>", namespaces)  # fmt: skip
    assert (item.title, item.people) == ("This", (Person("Ann Lee"),))


def test_atom_is_read_as_rss_is() -> None:
    feed = read("""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://example.net/a/">
    <title type="html">Talk &amp;amp; more</title><link href="site"/><link rel="self" href="feed.atom"/>
    <author><name>Ann Lee</name></author><subtitle>About it</subtitle>
    <entry><id>urn:1</id><title>Old</title><updated>2020-02-03T10:00:00Z</updated><published>2020-01-02T23:30:00-05:00</published>
      <link rel="alternate" href="one"/><link rel="enclosure" href="/one.mp3" type="audio/mpeg" length="9"/>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A &lt; B</p><p>C</p></div></content></entry>
    <entry><id>urn:2</id><title>New</title><updated>2020-02-03T10:00:00Z</updated><summary>Text</summary></entry>
    </feed>""")
    assert (feed.title, feed.page, feed.language) == ("Talk & more", "https://example.net/a/site", "fr")
    assert (feed.own_address, feed.author, feed.notes) == ("https://example.net/a/feed.atom", "Ann Lee", "About it")
    new, old = feed.items
    assert (new.identity, new.title, new.published, new.notes) == ("urn:2", "New", "2020-02-03", "Text")
    assert (old.identity, old.published, old.page) == ("urn:1", "2020-01-03", "https://example.net/a/one")
    assert old.sounds == (OfferedSound("https://example.net/one.mp3", "audio/mpeg", 9),)
    assert old.notes == "A < B\n\nC"


def test_rdf_is_read_as_rss_is() -> None:
    feed = read("""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel rdf:about="x"><title>Talk</title><items><rdf:Seq/></items></channel>
    <item rdf:about="y"><title>One</title><link>https://example.org/1</link><dc:date>2020-01-02</dc:date></item></rdf:RDF>""")
    (item,) = feed.items
    assert (feed.title, item.title, item.identity) == ("Talk", "One", "https://example.org/1")
    assert item.published == "2020-01-02"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<!DOCTYPE html><html><head><title>Talk</title></head></html>", "a web page"),
        (b"<!doctype html>\n<head><title>Talk</title>", "a web page"),
        (b"<opml version='2.0'><body/></opml>", "a list of feeds"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "{"),
        (b"ID3\x04\x00\x00\x00\x00" + bytes(range(128, 256)) * 9, "an MP3 recording"),
        (b"\x1f\x8b\x08\x00" + bytes(range(128, 256)), "a gzip archive"),
        (b"<?xml version='1.0'?><svg/>", "an XML document <svg>"),
        (b"Not found", "'Not found'"),
    ],
)
def test_what_is_no_feed_is_named(data: bytes, kind: str) -> None:
    with pytest.raises(FeedError, match=r"example\.org/shows/talk\.xml is not a feed, but ") as raised:
        read_feed(data, "https://ann:secret@example.org/shows/talk.xml")
    assert kind in raised.value.message
    assert "secret" not in str(raised.value)
    assert raised.value.way_out


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_an_empty_feed_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(FeedError, match="is empty"):
        read_feed(data, ADDRESS)
