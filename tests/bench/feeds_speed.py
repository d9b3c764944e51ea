"""Measure how long a feed of 5,106 episodes takes to read, with what memory, and how long feedparser takes for it."""

from __future__ import annotations

import io
import random
import resource
import time
from collections.abc import Callable

from pipeline.shows.feeds.feed_reader import read_feed

EPISODES = 5106
ADDRESS = "https://example.org/feed.xml"
_WORDS = 200
"""Words of notes, as of a daily news show: with the same notes in two elements, a feed of 27 MB."""
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:podcast="https://podcastindex.org/namespace/1.0">'
    "<channel><title>A show</title><link>https://example.org</link><language>en</language>"
)
_ITEM = """
<item><title>Episode {number}: {title}</title><link>https://example.org/{number}</link>
<guid isPermaLink="false">show-{number}</guid><pubDate>Tue, {day:02} Jan 2019 07:00:00 +0000</pubDate>
<description><![CDATA[<p>{first} &amp; <a href="https://example.org/?a=1&b=2">link</a></p><p>{second}</p>]]></description>
<content:encoded><![CDATA[<p>{first}</p><ul><li>one</li><li>two</li></ul><p>{second}</p>]]></content:encoded>
<itunes:summary>{first}</itunes:summary>
<enclosure url="https://example.org/{number}.mp3?a=1&amp;b=2" length="{number}000" type="audio/mpeg"/>
<itunes:duration>01:02:{seconds:02}</itunes:duration><itunes:episode>{number}</itunes:episode>
<itunes:season>1</itunes:season><itunes:explicit>no</itunes:explicit><itunes:author>Ann Lee</itunes:author>
<podcast:transcript url="https://example.org/{number}.vtt" type="text/vtt" language="en"/>
<podcast:transcript url="https://example.org/{number}.json" type="application/json"/>
<podcast:chapters url="https://example.org/{number}.chapters.json" type="application/json+chapters"/>
<podcast:person role="host">Ann Lee</podcast:person><podcast:person role="guest">Bo Lind {number}</podcast:person>
<podcast:soundbite startTime="12.5" duration="30">A bite</podcast:soundbite></item>"""


def make_feed(episodes: int) -> bytes:
    """Return a feed of as many episodes, the newest first, each with notes of its own."""
    drawn = random.Random(episodes)
    items = []
    for number in range(episodes, 0, -1):
        words = [f"word{drawn.randrange(5000)}" for _ in range(_WORDS)]
        items.append(
            _ITEM.format(
                number=number, title=" ".join(words[:5]), day=number % 28 + 1, seconds=number % 60,
                first=" ".join(words[:60]), second=" ".join(words[60:]),
            )
        )  # fmt: skip
    return f"{_HEAD}{''.join(items)}</channel></rss>".encode()


def _measure(read: Callable[[], object], times: int) -> float:
    """Return the shortest time of several, in seconds of the processor: others may use the machine at the same time."""
    measured = []
    for _ in range(times):
        begin = time.process_time()
        read()
        measured.append(time.process_time() - begin)
    return min(measured)


def report() -> list[str]:
    """Return the lines of the report."""
    import feedparser

    data = make_feed(EPISODES)
    read_feed(make_feed(10), ADDRESS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours = _measure(lambda: read_feed(data, ADDRESS), 3)
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    theirs = _measure(lambda: feedparser.parse(io.BytesIO(data)), 1)
    return [
        f"a feed of {EPISODES:,} episodes, {len(data) / 1e6:.1f} MB: {ours:.2f} s, {megabytes:.0f} MB more memory; "
        f"feedparser {theirs:.1f} s"
    ]


if __name__ == "__main__":
    print(*report(), sep="\n")
