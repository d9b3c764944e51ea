"""Read one item of a feed, of RSS or Atom, into a value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from pipeline.shows.feeds.chapter_files import read_simple_chapters
from pipeline.shows.feeds.feed_addresses import name_in, web_address
from pipeline.shows.feeds.feed_flaws import FeedFlaws
from pipeline.shows.feeds.plain_text import (
    LONGEST_LINE,
    LONGEST_NOTES,
    LONGEST_SOURCE,
    clean_line,
    cut_text,
    read_line,
    read_name,
    read_notes,
)
from pipeline.shows.feeds.values import FeedItem, OfferedSound, OfferedTranscript, Person, Soundbite
from pipeline.shows.feeds.written_values import (
    read_count,
    read_language,
    read_length,
    read_number,
    read_seconds,
    read_time,
    read_type,
)
from pipeline.shows.feeds.xml_elements import Element

LONGEST_GUID = 1000
"""Characters: most guids are addresses or UUIDs; a longer one is replaced by its checksum."""
_MOST_OFFERED = 200
"""Sounds, transcripts, people or soundbites of an item; feeds have 20 of each at most."""

_NOTES = (
    "content:encoded", "atom:content", "description", "atom:summary", "itunes:summary", "media:description",
    "itunes:subtitle", "atom:subtitle", "atom:tagline",
)  # fmt: skip
_DATES = ("pubdate", "atom:published", "dc:date", "atom:issued", "atom:updated", "atom:modified", "atom:created")
_NO_SOUND = ("image/", "text/", "font/", "application/pdf", "application/epub", "application/json", "application/xml",
             "application/zip", "application/rss", "application/atom")  # fmt: skip
_NO_SOUND_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".pdf", ".epub", ".html", ".htm", ".zip")

Value = TypeVar("Value")


def read_item(item: Element, flaws: FeedFlaws) -> tuple[datetime | None, FeedItem] | None:
    """Return when an item was published, and the item; None if nothing identifies it."""
    sounds = _read_sounds(item, flaws)
    page = read_page(item, flaws)
    title = read_title(item, flaws)
    notes = read_notes_of(item, flaws)
    source = sounds[0].address if sounds else page
    identity = _read_guid(item, flaws) or source or title or (_checksum(notes) if notes else "")
    if not identity:
        flaws.add("item left out, since it has neither a guid nor an enclosure, a link, a title or notes")
        return None
    time = _read_date(item, flaws)
    return time, FeedItem(
        identity=identity,
        title=title or clean_line(name_in(source) if source else notes.partition("\n")[0] or identity) or identity,
        published=time.date().isoformat() if time else None,
        page=page,
        notes=notes,
        number=read_number(item.text_of("podcast:episode", "itunes:episode")),
        season=read_number(item.text_of("podcast:season", "itunes:season")),
        duration=read_length(item.text_of("itunes:duration")),
        language=read_language(item.text_of("language", "dc:language")),
        author=read_author(item),
        sounds=sounds,
        transcripts=_read_transcripts(item, flaws),
        chapters=read_simple_chapters(item),
        chapters_address=next((address for _, address in _addresses(item.all("podcast:chapters"), "url", flaws)), None),
        people=read_people(item, flaws),
        soundbites=_at_most(_MOST_OFFERED, _read_soundbites(item), "soundbites", flaws),
    )


def read_title(element: Element, flaws: FeedFlaws) -> str:
    """Return the title of a show or an item, empty if it has none."""
    title = read_line(element.text_of("title", "atom:title", "itunes:title", "media:title", "dc:title"))
    if len(title) > LONGEST_LINE:
        flaws.add(f"title cut to {LONGEST_LINE} characters", title)
    return cut_text(title, LONGEST_LINE)


def read_notes_of(element: Element, flaws: FeedFlaws) -> str:
    """Return the notes of a show or an item: the longest of its texts that is not only markup."""
    stated = (child.text for child in element.all(*_NOTES) if child.text)
    for text in sorted(stated, key=len, reverse=True):
        if notes := read_notes(text):
            if len(notes) > LONGEST_NOTES or len(text) > LONGEST_SOURCE:
                flaws.add(f"notes cut to {LONGEST_NOTES:,} characters", notes)
            return cut_text(notes, LONGEST_NOTES)
    return ""


def read_author(element: Element) -> str | None:
    """Return whom a show or an item names as its author."""
    stated = element.text_of("itunes:author", "dc:creator", "author", "managingeditor")
    persons = (
        person.text_of("atom:name", "name", "itunes:name") for person in element.all("atom:author", "itunes:owner")
    )
    return read_name(stated or next(filter(None, persons), "")) or None


def read_page(element: Element, flaws: FeedFlaws) -> str | None:
    """Return the address of the web page of a show or an item."""
    links = [link for link in element.all("atom:link") if link.attribute("rel").lower() in ("", "alternate")]
    stated = [(link, link.text) for link in element.all("link")] + [(link, link.attribute("href")) for link in links]
    guids = element.all("guid")
    stated += [(guid, guid.text) for guid in guids if guid.attribute("isPermaLink").lower() == "true"]
    for link, text in stated:
        if text.strip() and (address := checked_address(link, text, flaws)):
            return address
    # A guid is an address unless it says that it is not; most that say nothing are none.
    return next((web_address(guid.text) for guid in guids if not guid.attribute("isPermaLink")), None)


def checked_address(element: Element, text: str, flaws: FeedFlaws) -> str | None:
    """Return an address that an element states, made absolute; None, with a flaw, if it is not of the web."""
    address = web_address(text, element.base)
    if address is None:
        flaws.add("address left out, since it is not http or https", text)
    return address


def _addresses(elements: Iterable[Element], attribute: str, flaws: FeedFlaws) -> Iterator[tuple[Element, str]]:
    """Yield the elements whose attribute is an address of the web, with it."""
    for element in elements:
        text = element.attribute(attribute)
        if text and (address := checked_address(element, text, flaws)):
            yield element, address


def _read_guid(item: Element, flaws: FeedFlaws) -> str:
    guid = " ".join(item.text_of("guid", "atom:id").split())
    if len(guid) <= LONGEST_GUID:
        return clean_line(guid, LONGEST_GUID)
    flaws.add(f"guid of more than {LONGEST_GUID:,} characters replaced by its checksum", guid)
    return _checksum(guid)


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read_date(item: Element, flaws: FeedFlaws) -> datetime | None:
    for text in (child.text for child in item.all(*_DATES)):
        if time := read_time(text):
            return time
        if text.strip():
            flaws.add("date left out, since it is not understood", text)
    return None


def _read_sounds(item: Element, flaws: FeedFlaws) -> tuple[OfferedSound, ...]:
    """Return the enclosures, then other files, each address once; pictures and documents are left out."""
    links = [link for link in item.all("atom:link") if link.attribute("rel").lower() == "enclosure"]
    media = [content for group in (item, *item.all("media:group")) for content in group.all("media:content")]
    found = [*_sounds_in(item.all("enclosure"), "url", "length", flaws), *_sounds_in(links, "href", "length", flaws)]
    found += _sounds_in(
        (one for one in media if one.attribute("medium") not in ("image", "document")), "url", "fileSize", flaws
    )
    for alternate in item.all("podcast:alternateenclosure"):
        for source, address in _addresses(alternate.all("podcast:source"), "uri", flaws):
            kind = source.attribute("contentType") or alternate.attribute("type")
            found.append(OfferedSound(address, read_type(kind), read_count(alternate.attribute("length"))))
    unique = {sound.address: sound for sound in reversed(found) if _may_be_sound(sound)}
    return _at_most(_MOST_OFFERED, reversed(unique.values()), "files of sound", flaws)


def _sounds_in(elements: Iterable[Element], attribute: str, size: str, flaws: FeedFlaws) -> Iterator[OfferedSound]:
    for element, address in _addresses(elements, attribute, flaws):
        yield OfferedSound(address, read_type(element.attribute("type")), read_count(element.attribute(size)))


def _may_be_sound(sound: OfferedSound) -> bool:
    if sound.type:
        return not sound.type.startswith(_NO_SOUND)
    return not sound.address.partition("?")[0].lower().endswith(_NO_SOUND_ENDINGS)


def _read_transcripts(item: Element, flaws: FeedFlaws) -> tuple[OfferedTranscript, ...]:
    offered = dict.fromkeys(
        OfferedTranscript(
            address,
            read_type(element.attribute("type")),
            read_language(element.attribute("language")),
            captions=element.attribute("rel").lower() == "captions",
        )
        for element, address in _addresses(item.all("podcast:transcript"), "url", flaws)
    )
    return _at_most(_MOST_OFFERED, offered, "transcripts", flaws)


def read_people(element: Element, flaws: FeedFlaws) -> tuple[Person, ...]:
    """Return the people that a show or an item names, each role of a person once."""
    people = dict.fromkeys(
        Person(name, clean_line(element.attribute("role")).lower() or "host")
        for element in element.all("podcast:person")
        if (name := read_name(element.text))
    )
    return _at_most(_MOST_OFFERED, people, "people", flaws)


def _read_soundbites(item: Element) -> Iterator[Soundbite]:
    for element in item.all("podcast:soundbite"):
        start, duration = read_seconds(element.attribute("startTime")), read_seconds(element.attribute("duration"))
        if start is not None and duration:
            yield Soundbite(start, duration, read_name(element.text) or None)


def _at_most(most: int, values: Iterable[Value], what: str, flaws: FeedFlaws) -> tuple[Value, ...]:
    kept = tuple(values)
    if len(kept) > most:
        flaws.add(f"{what} beyond the first {most} of an item left out", times=len(kept) - most)
    return kept[:most]
