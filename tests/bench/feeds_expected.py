"""Read the test files of feed parsers, and compare each with the values that its parser expects.

The folder ``feeds`` of AIRQUOTE_BENCH_DATA holds test files of podcastparser (a feed and its values as JSON), of
feedparser (a condition in a comment of each file), and feeds of partytime and of the podcast namespace, which are
compared with what feedparser reads. docs/feeds.md argues each kind of difference.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import FeedError
from pipeline.shows.feeds.feed_decoding import decode_feed
from pipeline.shows.feeds.feed_reader import read_feed
from pipeline.shows.feeds.plain_text import read_line
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.feeds.written_values import read_length, read_time

NOT_READ = frozenset({
    "cover_url", "episode_art_url", "explicit", "funding_url", "generator", "itunes_categories", "itunes_keywords",
    "itunes_owner", "paged_feed_first", "payment_url", "subtitle", "type", "description_html", "itunes_block",
    "itunes_explicit", "tags", "image", "publisher_detail", "where",
})  # fmt: skip
"""What airquote has no use for: pictures, categories, payment, ratings."""


ARGUED = (
    (r"no_guid\.rss .*guid", "without a guid, the enclosure identifies an episode, before its page"),
    (
        r"(atom_(published_)?updated|html_description_rss_both|itunes_subtitle)\.rss .*description",
        "notes are the longest text",
    ),
    (r"(image_and_audio|multi_enclosures)\.rss .*enclosures", "pictures are no sound, and an address is listed once"),
    (r"itunes_type_serial\.rss", "items are in the order of their dates, the newest first"),
    (r"max_episodes\.rss", "the test reads one item on purpose"),
    (r"no_enclosure\.rss|no_title_multi_enclosure\.rss", "items without sound, or without a title, are read"),
    (r"podcast-example\.xml item title", "an item without a title gets one"),
    (r"bozo_linenoise\.xml", "what is UTF-8 is read as that, one wrong byte aside"),
    (r"demoronize-3\.xml|euc-kr-attribute\.xml", "notes are plain text, not HTML"),
    (r"(tcvn|viscii)", "Python has no such encoding; feedparser skips the file too"),
    (r"georss|itunes_item_(author_map_author|duration)\.xml", "an item with nothing to identify it is left out"),
    (r"podverse-test-feed\.xml title", "feedparser takes the title of a live item for that of the show"),
    (r"\.xml people", "each role of a person is listed once, and those without a name or of live items are not"),
    (r"\.rss episode \d+: (guid|link)", "guids are kept as they are written, and are addresses only where they say so"),
)
"""Differences that are meant, by file and value, with the reason; docs/feeds.md argues each."""


class Compared(NamedTuple):
    """One expected value and what was read: NOT_READ where airquote keeps no such value."""

    file: str
    what: str
    expected: object
    read: object

    @property
    def agrees(self) -> bool:
        """Whether the value was read as expected."""
        return self.expected == self.read

    @property
    def reason(self) -> str | None:
        """Why they differ, if that is known and meant."""
        return next((reason for pattern, reason in ARGUED if re.search(pattern, f"{self.file} {self.what}")), None)


def compare_all(folder: Path) -> list[Compared]:
    """Compare all files of the folder, those without a value too: they must be read, or refused with a FeedError."""
    found: list[Compared] = []
    for file in sorted((folder / "podcastparser").glob("*.rss")):
        found += _of_podcastparser(file)
    for file in sorted((folder / "feedparser").rglob("*.xml")):
        found += _of_feedparser(file)
    for file in sorted([*(folder / "partytime").rglob("*.xml"), *(folder / "podcast-namespace").rglob("*.xml")]):
        found += _against_feedparser(file)
    return found


def _of_podcastparser(file: Path) -> Iterator[Compared]:
    expected = json.loads(file.with_suffix(".json").read_text(encoding="utf-8").replace("file://", "http://"))
    feed = read_feed(file.read_bytes(), f"http://tests/data/{file.name}")
    keys: dict[str, object] = {
        "title": feed.title, "link": feed.page, "description": feed.notes, "language": feed.language,
        "new_url": feed.new_address, "paged_feed_next": feed.next_page, "itunes_author": feed.author,
        "import_prohibited": feed.locked,
    }  # fmt: skip
    for key, value in expected.items():
        if key == "episodes":
            yield Compared(file.name, "number of episodes", len(value), len(feed.items))
            for row, (episode, item) in enumerate(zip(value, feed.items, strict=False)):
                for name, wanted in episode.items():
                    yield _compare(file.name, f"episode {row}: {name}", name, wanted, _podcastparser_values(item))
        else:
            yield _compare(file.name, key, key, value, keys)


def _compare(file: str, what: str, key: str, expected: Any, values: dict[str, object]) -> Compared:
    """Compare one value, of which only what airquote keeps: days of dates, names and roles, starts and titles."""
    if key == "published":
        expected = datetime.fromtimestamp(expected, UTC).date().isoformat() if expected else None
    elif key in ("persons", "chapters"):
        kept = ("name", "role", "start", "title")
        expected = [{name: one[name] for name in one if name in kept} for one in expected]
    return Compared(file, what, expected, values.get(key, NOT_READ if key in NOT_READ else None))


def _podcastparser_values(item: FeedItem) -> dict[str, object]:
    return {
        "guid": item.identity,
        "title": item.title,
        "link": item.page or "",
        "description": item.notes,
        "total_time": int(item.duration or 0),
        "published": item.published,
        "number": item.number and int(item.number),
        "season": item.season and int(item.season),
        "itunes_author": item.author,
        "enclosures": [
            {"url": sound.address, "mime_type": sound.type or "application/octet-stream", "file_size": sound.size or -1}
            for sound in item.sounds
        ],
        "transcript_url": next((one.address for one in item.transcripts), None),
        "chapters_json_url": item.chapters_address,
        "chapters": [{"start": int(chapter.start), "title": chapter.title} for chapter in item.chapters],
        "persons": [{"name": person.name, "role": person.role} for person in item.people],
    }


_EXPECT = re.compile(rb"Expect:\s*(.*?)\s*-->", re.DOTALL)
_CHARSET = re.compile(rb"Header:\s*Content-type:[^\n]*charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def _of_feedparser(file: Path) -> Iterator[Compared]:
    data = file.read_bytes()
    text = data if b"Expect:" in data else decode_feed(data)[0].encode()
    condition, header = _EXPECT.search(text), _CHARSET.search(text)
    charset = header[1].decode() if header else None
    name = "/".join(file.parts[-2:])
    try:
        feed: Feed | None = read_feed(data, "http://example.com/feed.xml", charset)
    except FeedError:
        feed = None
    expression = condition[1].decode() if condition else "1"
    if feed is None:
        yield Compared(name, "is read", "not bozo" in expression, False)
        return
    for key, value in _conditions(expression):
        if key == "encoding":
            yield Compared(name, key, _decoded(data, str(value)), decode_feed(data, charset)[0].strip("\ufeff"))
        else:
            yield _compare_condition(name, key, value, feed)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).strip("\ufeff")
    except (LookupError, UnicodeError):
        return encoding


def _conditions(expression: str) -> Iterator[tuple[str, object]]:
    """Yield what an expected condition says: ``title`` and its value for ``feed['title'] == 'Talk'``."""
    for node in ast.walk(ast.parse(expression.strip(), mode="eval")):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.Is):
            value = ast.literal_eval(node.comparators[0])
            left = ast.unparse(node.left)
            if left.startswith("ord("):
                left, value = left[4:-1], chr(value)
            yield left, value


def _compare_condition(name: str, key: str, value: Any, feed: Feed) -> Compared:
    item = feed.items[0] if feed.items else None
    found = re.match(r"(feed|entries\[0\])(?:\['(\w+)'\]|\.(\w+))(.*)", key)
    what = (found[2] or found[3]) if found else key
    if what in NOT_READ or found is None:
        return Compared(name, key, value, NOT_READ)
    if found[1] == "feed":
        return Compared(name, key, value, {"title": feed.title}.get(what, feed.notes))
    if item is None:
        return Compared(name, key, value, None)
    values: dict[str, object] = {
        "title": item.title, "description": item.notes, "summary": item.notes, "subtitle": item.notes,
        "link": item.page or "", "author": item.author or "", "itunes_duration": item.duration or 0,
    }  # fmt: skip
    if what == "itunes_duration":
        value = read_length(value)
    return Compared(name, key, value, values.get(what))


def _against_feedparser(file: Path) -> Iterator[Compared]:
    """Compare with what feedparser reads: of each item title, guid, date, sound, length; and count elements."""
    import feedparser

    data = file.read_bytes()
    # The schema's example is the inside of an item.
    data = re.sub(
        rb"<test-wrapper[^>]*>", b"<rss><channel><title>x</title><item><guid isPermaLink='false'>1</guid>", data
    )
    data = data.replace(b"</test-wrapper>", b"</item></channel></rss>")
    address = f"http://example.com/{file.name}"
    try:
        feed = read_feed(data, address)
    except FeedError as error:
        yield Compared(file.name, "is read", True, error.message)
        return
    other: Any = feedparser.parse(io.BytesIO(data), response_headers={"content-location": address})
    yield Compared(file.name, "title", read_line(other.feed.get("title", "")), feed.title)
    yield Compared(file.name, "items", len(other.entries), len(feed.items))
    items = {item.identity: item for item in feed.items}
    for entry in other.entries:
        sounds = [one.get("href") for one in entry.get("enclosures", ())]
        identity = entry.get("id") or (sounds[0] if sounds else entry.get("link"))
        item = items.get(identity)
        if item is None:
            yield Compared(file.name, "item", identity, None)
            continue
        time = read_time(entry.get("published", "") or entry.get("updated", ""))
        yield Compared(file.name, "item title", read_line(entry.get("title", "")), item.title)
        yield Compared(file.name, "item date", time and time.date().isoformat(), item.published)
        yield Compared(
            file.name, "item sound", sounds[0] if sounds else None, item.sounds[0].address if item.sounds else None
        )
        yield Compared(file.name, "item length", read_length(entry.get("itunes_duration", "")), item.duration)
    for element, kept in (("transcript", "transcripts"), ("person", "people"), ("soundbite", "soundbites")):
        inside = sum(len(getattr(item, kept)) for item in feed.items) + (len(feed.people) if kept == "people" else 0)
        yield Compared(file.name, kept, len(re.findall(rb"<podcast:%b[\s>/]" % element.encode(), data)), inside)


def report(folder: Path) -> list[str]:
    """Return the lines of the report: how many values agree, and each that differs, grouped by its reason."""
    compared = compare_all(folder)
    kept = [one for one in compared if one.read is not NOT_READ]
    differing = [one for one in kept if not one.agrees]
    files = len({one.file for one in compared})
    lines = [
        f"{files} files: {len(kept) - len(differing):,} of {len(kept):,} expected values are read so; "
        f"{len(compared) - len(kept)} more are of kinds that airquote does not keep."
    ]
    for reason, times in Counter(one.reason or "NOT EXPLAINED" for one in differing).most_common():
        lines.append(f"{times:4} {reason}")
        lines += [f"       {one.file}, {one.what}: {one.expected!r:.60} / {one.read!r:.60}"
                  for one in differing if (one.reason or "NOT EXPLAINED") == reason]  # fmt: skip
    return lines


if __name__ == "__main__":
    print(*report(Path(os.environ["AIRQUOTE_BENCH_DATA"]) / "feeds"), sep="\n")
