"""What a site publishes: the facts that are meant for everybody, and none of the others; feeds that others can read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from libraries import add_spoken, add_text, make_transcript
from lxml import etree
from made_voices import make_vector

from audio.recording.chapters import Chapter
from audio.recording.sound_choice import SoundChoice
from audio.timecode import Span
from index.language.tokens import tokenize
from index.notes import EpisodeNotes, Person, Soundbite
from index.storage.published_files import PublishedFile
from index.storage.show_facts import KnownItem
from index.storage.store import Store
from index.transcript import Cue, Episode, Flaw, Segment
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.library import Library
from pipeline.shows.feeds.feed_reader import read_feed
from pipeline.shows.feeds.values import Feed, FeedItem, OfferedSound, OfferedTranscript
from pipeline.shows.stored_values import write_value
from pipeline.site.public_transcripts import PublicGap, PublicParagraph, list_blocks
from pipeline.site.search_files import encode_numbers, encode_rising
from pipeline.site.site_files import SiteOptions

SHA256 = "5ec4e7" + "0d" * 29
SECRETS = (
    SHA256, "PATHSECRET", "PASSWORDSECRET", "USERSECRET", "HEARDSECRET", "PROFILESECRET", "FLAWSECRET", "CUESECRET",
    "IDENTIFIERSECRET", "SETTINGSECRET", "PUBLISHEDSECRET", "OTHERSECRET", "FAULTSECRET", "TAGSECRET", "BITESECRET",
    "CHOICESECRET", "LABELSECRET",
)  # fmt: skip
ADDRESS = "https://cdn.example.com/roof.mp3"
SITE = "https://example.com/archive/"
XML = {"podcast": "https://podcastindex.org/namespace/1.0", "atom": "http://www.w3.org/2005/Atom"}


def add_roof(store: Store) -> None:
    """Add an episode of a show about which the library knows much that is nobody's business."""
    login = "USERSECRET:PASSWORDSECRET@"
    private = ADDRESS.replace("://", f"://{login}")
    path = "/home/PATHSECRET/roof.mp3"
    episode = Episode("roof", "Night Boat", "The Roof", "2024-05-31", path, "registered", path, SHA256, 42.5, private)
    store.add_episode(episode)
    store.save_address("roof", private)
    store.remember_file(path, 4711, 1, SHA256)
    spoken = make_transcript(
        "The ferry left the harbour at noon and never came back again. It was cold.", words_a_segment=6
    )
    words = [replace(word, heard="HEARDSECRET") if number == 1 else word for number, word in enumerate(spoken.words)]
    words[3] = replace(words[3], probability=0.2)
    segments = [
        replace(one, speaker="LABELSECRET" if number % 2 else "Voice 2") for number, one in enumerate(spoken.segments)
    ]
    cue = Cue(0, 2, "CUESECRET", payload="<b>CUESECRET</b>", identifier="IDENTIFIERSECRET", settings="line:CUESECRET")
    transcript = replace(
        spoken, words=tuple(words), segments=tuple(segments), gaps=(Span(2.5, 3.5),), model="/models/PATHSECRET/large",
        settings=json.dumps({"file_sha256": SHA256, "note": "SETTINGSECRET"}), cues=(cue,),
        flaws=(Flaw("line 1", "FLAWSECRET", "FLAWSECRET"),),
    )  # fmt: skip
    store.save_transcript("roof", transcript)
    store.name_speakers("roof", {"LABELSECRET": "Ann Lee"})
    store.record_edits("roof", ["speakers"])
    store.save_sound("roof", SoundChoice(offset=2.0))
    store.save_number("roof", "7")
    store.save_chapters("roof", [Chapter(0.0, "The <b>harbour</b>"), Chapter(3.0, "The end")])
    notes = EpisodeNotes(
        "On roofs & boats.\nA line.\n\nMore at <https://example.com>.", (Person("Zoe Quist", "guest"),),
        (Soundbite(1.0, 2.0, "BITESECRET"),), (), f"https://{login}example.com/roof", "3",
    )  # fmt: skip
    store.save_notes("roof", notes)
    store.save_published("roof", PublishedFile("https://example.com/PUBLISHEDSECRET", None, None, b"PUBLISHEDSECRET"))
    add_show(store, private, login)


def add_show(store: Store, sound: str, login: str) -> None:
    feed = Feed("Night Boat", notes="All about boats & roofs.", language="en", page=f"https://{login}example.com")
    show = store.add_show(
        "Night Boat", f"https://{login}example.com/feed.xml", write_value(feed), '{"match": "CHOICESECRET"}'
    )
    store.save_feed_state(show.number, "2024-06-01", entity_tag='"TAGSECRET"', fault="FAULTSECRET")
    item = FeedItem(
        "guid-of-the-roof", "The Roof", sounds=(OfferedSound(sound, "audio/mpeg", 12345),),
        transcripts=(OfferedTranscript(f"https://{login}example.com/PUBLISHEDSECRET.vtt"),),
    )  # fmt: skip
    store.save_items([KnownItem(show.number, item.identity, write_value(item), sound)])
    store.link_item(show.number, item.identity, "roof")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site of a show of two episodes, in a library that knows much besides."""
    place = tmp_path_factory.mktemp("published")
    with Store.open(place / "library", create=True) as store:
        add_roof(store)
        add_text(store, "Later", "Hello there.", show="Night Boat", published="2024")
        add_text(store, "OTHERSECRET", "OTHERSECRET was said.", show="OTHERSECRET")
        add_spoken(store, "Source", [("Voice 1", "OTHERSECRET was said too.")])
        store.add_profile_voice("PROFILESECRET", "source", 1, 30.0, make_vector(2))
    with Library.open(place / "library") as library:
        library.publish_site(place / "site", EpisodeSelection(show="Night Boat"), SiteOptions(address=SITE))
    yield place / "site"


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_no_file_of_a_site_holds_a_secret_of_the_library(folder: Path) -> None:
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert len(files) > 15
    for path, content in files.items():
        told = content.decode().casefold() + str(path.relative_to(folder)).casefold()
        assert [secret for secret in SECRETS if secret.casefold() in told] == [], path
        assert str(folder.parent) not in told
    public = read(folder, "episodes/roof.html")
    for told in ("The Roof", "Ann Lee", "Voice 2", "Zoe Quist", "(guest)", "On roofs &amp; boats.", "0:42", "number 7"):
        assert told in public


def test_the_planted_secrets_are_in_the_library(folder: Path) -> None:
    with Store.open(folder.parent / "library") as store:
        known = repr([store.episodes(), store.transcript("roof"), store.notes("roof"), store.shows(), store.profiles()])
        known += repr([store.published("roof"), store.items(1)])
    assert [secret for secret in SECRETS if secret not in known] == []


def test_times_lead_into_the_published_sound_as_players_count_them(folder: Path) -> None:
    page = read(folder, "episodes/roof.html")
    links = re.findall(r'class="time" href="([^"]+)" data-second="(\d+)"', page)
    assert links
    assert all(link == f"{ADDRESS}#t={float(link.rpartition('=')[2]):.1f}" for link, _ in links)
    assert all(abs(float(link.rpartition("=")[2]) - 2.0 - int(second)) < 1 for link, second in links)
    assert 'data-offset="2.0"' in page


def test_the_page_tells_whose_words_these_are_and_where_they_are_doubtful(folder: Path) -> None:
    page = read(folder, "episodes/roof.html")
    assert "Words: <bdi>Whisper large</bdi>." in page
    assert re.search(r'<span class="doubt"> the</span>', page)
    assert "No words were recognised from 0:02 to 0:03." in page
    later = read(folder, "episodes/later.html")
    assert "doubt" not in later
    assert "<audio" not in later
    assert "media-src 'none'" in later


def test_a_page_of_an_episode_without_sound_has_times_without_links(folder: Path) -> None:
    assert '<span class="time">0:00</span>' in read(folder, "episodes/later.html")


def test_the_feed_is_rss_with_transcripts_that_others_read(folder: Path) -> None:
    text = read(folder, "feeds/night-boat.xml")
    parsed = feedparser.parse(text)
    assert not parsed.bozo
    assert parsed.version == "rss20"
    assert parsed.feed.title == "Night Boat"
    assert parsed.feed.description == "<p>All about boats &amp; roofs.</p>"
    roof, later = parsed.entries
    assert (roof.id, roof.link) == ("guid-of-the-roof", f"{SITE}episodes/roof.html")
    assert (later.id, later.link) == (f"{SITE}episodes/later.html", f"{SITE}episodes/later.html")
    (sound,) = roof.enclosures
    assert (sound.href, sound.length, sound.type) == (ADDRESS, "12345", "audio/mpeg")
    assert roof.description == "<p>On roofs &amp; boats.<br />A line.</p><p>More at &lt;https://example.com&gt;.</p>"
    own = read_feed(text.encode(), f"{SITE}feeds/night-boat.xml")
    assert {one.address for one in own.items[0].transcripts} == {
        f"{SITE}episodes/roof.{end}" for end in ("vtt", "json")
    }
    assert own.items[0].chapters_address == f"{SITE}episodes/roof.chapters.json"
    assert own.items[0].people == (Person("Zoe Quist", "guest"),)


def test_the_feed_keeps_to_the_rules_of_rss(folder: Path) -> None:
    """What RSS 2.0 and the podcast namespace demand (rssboard.org/rss-specification, podcastindex.org/namespace)."""
    root = etree.fromstring(read(folder, "feeds/night-boat.xml").encode())
    (channel,) = root
    assert (root.tag, root.get("version"), channel.tag) == ("rss", "2.0", "channel")
    for needed in ("title", "link", "description"):
        assert len(channel.findall(needed)) == 1, needed
    own = channel.find("atom:link", XML)
    assert own.get("href") == f"{SITE}feeds/night-boat.xml"
    for item in channel.findall("item"):
        assert item.findtext("title")
        assert len(item.findall("guid")) == 1
        for day in item.findall("pubDate"):
            assert parsedate_to_datetime(day.text) == datetime(2024, 5, 31, tzinfo=UTC)
        for sound in item.findall("enclosure"):
            assert set(sound.attrib) == {"url", "length", "type"}
            assert sound.get("length").isdigit()
        named: list[Any] = [*item.findall("podcast:transcript", XML), *item.findall("podcast:chapters", XML)]
        for one in named:
            assert (folder / one.get("url").removeprefix(SITE)).is_file()
            assert one.get("type") in ("text/vtt", "application/json", "application/json+chapters")


def test_the_files_beside_a_page_are_read_by_what_reads_such_files(folder: Path) -> None:
    vtt = read(folder, "episodes/roof.vtt")
    assert vtt.startswith("WEBVTT\n")
    assert "<v Ann Lee>" in vtt
    segments = json.loads(read(folder, "episodes/roof.json"))["segments"]
    assert [one["speaker"] for one in segments[:2]] == ["Voice 2", "Ann Lee"]
    chapters = json.loads(read(folder, "episodes/roof.chapters.json"))["chapters"]
    assert [one["startTime"] for one in chapters] == [2.0, 5.0], "as players count"


def test_every_link_within_a_site_leads_to_a_file_or_a_place_in_it(folder: Path) -> None:
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r'(?:href|src|action)="([^"]+)"', text):
            if link.startswith(("https:", "data:")):
                continue
            path, _, anchor = link.partition("#")
            target = page.parent / path.partition("?")[0] if path else page
            assert target.is_file(), (page, link)
            assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8"), (page, link)


def test_names_in_any_script_are_linked_as_addresses(tmp_path: Path) -> None:
    with Store.open(tmp_path / "library", create=True) as store:
        add_text(store, "日本 & co", "いろは", show="Été", published="2024-01-01")
    with Library.open(tmp_path / "library") as library:
        library.publish_site(tmp_path / "site", EpisodeSelection(show="ete"), SiteOptions(address=SITE))
    (page,) = (tmp_path / "site" / "episodes").glob("*.html")
    link = f"episodes/{quote(page.name)}"
    assert f'href="{link}"' in read(tmp_path / "site", "index.html")
    for name in ("sitemap.xml", "feeds/ete.xml"):
        assert f"{SITE}{link}<" in read(tmp_path / "site", name)


def test_paragraphs_gaps_and_chapters_follow_each_other_in_time() -> None:
    spoken = make_transcript("word " * 600)
    transcript = replace(spoken, gaps=(Span(0.0, 0.1), Span(100.0, 101.0), Span(300.0, 301.0)))
    blocks = list_blocks(transcript, [Chapter(0.0, "a"), Chapter(70.0, "b"), Chapter(400.0, "c")])
    times = [block.start for block in blocks]
    assert sorted(times) == pytest.approx(times, abs=65)
    assert [block.start for block in blocks if isinstance(block, PublicGap)] == [0.0, 100.0, 300.0]
    assert [block.title for block in blocks if isinstance(block, Chapter)] == ["a", "b", "c"]
    shown = [one for block in blocks if isinstance(block, PublicParagraph) for one in block.sentences]
    assert " ".join(one.text for one in shown).split() == ["word"] * 600
    anchors = [one.anchor for one in shown if one.anchor]
    assert len(anchors) == len(set(anchors))
    assert {f"t{one.second}" for one in shown} == set(anchors)


def test_empty_and_hidden_words_make_no_paragraph() -> None:
    transcript = replace(make_transcript("a b"), segments=(Segment(0, 1, " \u202e "),))
    (paragraph,) = list_blocks(transcript, ())
    assert isinstance(paragraph, PublicParagraph)
    assert paragraph.speaker is None


def test_numbers_of_the_index_are_read_back() -> None:
    def decode(text: str) -> list[int]:
        digits = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "\"'<\\")
        base, found, number, scale = len(digits) // 2, [], 0, 1
        for digit in text:
            value = digits.index(digit)
            number += scale * (value % base)
            scale *= base
            if value < base:
                found.append(number)
                number, scale = 0, 1
        return found

    numbers = [0, 1, 44, 45, 46, 2024, 2025, 10**6, 10**9]
    assert decode(encode_numbers(numbers)) == numbers
    steps = decode(encode_rising(numbers))
    assert [sum(steps[: place + 1]) for place in range(len(steps))] == numbers


def test_every_word_of_a_page_is_in_the_index(folder: Path) -> None:
    words = " ".join(
        read(folder, f"search/words/{n}.js") for n in range(len(list((folder / "search/words").iterdir())))
    )
    known = set(words.split('["')[1].split('","')[0].split())
    assert {token for text in ("ferry", "harbour", "Hello") for token in tokenize(text)} <= known
