"""Read chapters: of Podlove Simple Chapters in a feed or a file, and of the JSON files of Podcasting 2.0."""

from __future__ import annotations

import json
from collections.abc import Iterable

from audio.errors import try_again
from audio.recording.chapters import Chapter
from audio.recording.tags import MOST_CHAPTERS
from index.credentials import without_credentials
from pipeline.errors import FeedError
from pipeline.shows.feeds.feed_decoding import decode_feed
from pipeline.shows.feeds.plain_text import read_name
from pipeline.shows.feeds.written_values import read_seconds
from pipeline.shows.feeds.xml_elements import Element, parse_xml
from pipeline.shows.feeds.xml_repair import OversizedTagError, repair_xml


def read_chapters(data: bytes, address: str) -> tuple[Chapter, ...]:
    """Return the chapters in a file, as JSON or as Podlove Simple Chapters, in order; ``address`` is for the message.

    Chapters that the JSON leaves out of the table of contents are left out. Raises FeedError.
    """
    text, _ = decode_feed(data)
    if text.lstrip().startswith("<"):
        try:
            return read_simple_chapters(parse_xml(repair_xml(text), "", lambda _item: None).top)
        except OversizedTagError:
            raise _not_chapters(address) from None
    try:
        listed = json.loads(text)["chapters"]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise _not_chapters(address) from None
    if not isinstance(listed, list):
        raise _not_chapters(address)
    shown = (entry for entry in listed if isinstance(entry, dict) and entry.get("toc") is not False)
    return _in_order((entry.get("startTime"), entry.get("title")) for entry in shown)


def read_simple_chapters(parent: Element) -> tuple[Chapter, ...]:
    """Return the Podlove Simple Chapters in an element of a feed, in order."""
    entries = (entry for group in parent.all("psc:chapters") for entry in group.all("psc:chapter"))
    return _in_order((entry.attribute("start"), entry.attribute("title")) for entry in entries)


def _in_order(stated: Iterable[tuple[object, object]]) -> tuple[Chapter, ...]:
    chapters: dict[float, str] = {}
    for start, title in stated:
        seconds = read_seconds(start)
        if seconds is not None and len(chapters) < MOST_CHAPTERS:
            named = read_name(title) if isinstance(title, str) else ""
            chapters.setdefault(seconds, named or f"Chapter {len(chapters) + 1}")
    return tuple(Chapter(start, chapters[start]) for start in sorted(chapters))


def _not_chapters(address: str) -> FeedError:
    message = f"{without_credentials(address)} is not a file of chapters."
    return FeedError(message, try_again("Try again later, or go without its chapters."), where=address)
