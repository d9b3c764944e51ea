"""Shows that a server on the loopback offers: feeds, and the sound and transcripts of their items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, quoteattr

from fake_engine import speak
from misbehaving_server import Server, serve, status, whole

CUES = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Ann Lee>The publisher says that the ferry left.\n"


@dataclass
class OfferedItem:
    """An item of a feed, its sound (None: no enclosure) and the publisher's transcript (None: none)."""

    title: str
    published: str
    sound: bytes | None
    transcript: str | None = None
    guid: str = ""
    notes: str = ""
    people: tuple[str, ...] = ()
    chapters: str | None = None
    transcript_language: str = "en"

    @property
    def name(self) -> str:
        """What its addresses end in."""
        return (self.guid or self.title).lower().replace(" ", "-")


@dataclass
class OfferedShow:
    """A show with its items, the newest first, at a path of a server."""

    server: Server
    path: str
    title: str
    items: list[OfferedItem] = field(default_factory=list)

    @property
    def feed(self) -> str:
        """The address of its feed."""
        return self.server.address(f"{self.path}/feed.xml")

    def offer(self) -> str:
        """Serve the feed and the files as they are now; return the address of the feed."""
        behaviours = self.server.behaviours
        data = self._write().encode()
        behaviours[f"{self.path}/feed.xml"] = [whole(data, f'"{hash(data)}"')]
        for item in self.items:
            files = {"wav": item.sound, "vtt": item.transcript, "json": item.chapters}
            for ending, content in files.items():
                if content is not None:
                    bytes_of = content if isinstance(content, bytes) else content.encode()
                    behaviours[f"{self.path}/{item.name}.{ending}"] = [whole(bytes_of, f'"{hash(bytes_of)}"')]
        return self.feed

    def break_sound(self, item: OfferedItem) -> None:
        """Serve nothing in the place of the sound of an item."""
        self.server.behaviours[f"{self.path}/{item.name}.wav"] = [status(404)]

    def asked(self, ending: str) -> list[str]:
        """The names of the files with this ending that were asked for, in order."""
        return [Path(path).stem for path, _ in self.server.requests if path.endswith(f".{ending}")]

    def _write(self) -> str:
        return (
            '<?xml version="1.0"?><rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"'
            ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
            f"<title>{escape(self.title)}</title><language>en</language>{''.join(map(self._write_item, self.items))}"
            "</channel></rss>"
        )

    def _write_item(self, item: OfferedItem) -> str:
        base = self.server.address(f"{self.path}/{item.name}")
        parts = [
            f"<title>{escape(item.title)}</title>",
            f"<guid>{escape(item.guid or item.title)}</guid>",
            f"<pubDate>{item.published}T10:00:00Z</pubDate>",
            f"<description>{escape(item.notes)}</description>",
            "<itunes:duration>9</itunes:duration>",
            *(f"<podcast:person>{escape(name)}</podcast:person>" for name in item.people),
        ]
        if item.sound is not None:
            parts.append(f'<enclosure url={quoteattr(base + ".wav")} type="audio/wav" length="{len(item.sound)}"/>')
        if item.transcript is not None:
            told = f'type="text/vtt" language={quoteattr(item.transcript_language)}'
            parts.append(f"<podcast:transcript url={quoteattr(base + '.vtt')} {told}/>")
        if item.chapters is not None:
            parts.append(f'<podcast:chapters url={quoteattr(base + ".json")} type="application/json+chapters"/>')
        return f"<item>{''.join(parts)}</item>"


def make_sound(seed: int, utterances: int = 2) -> bytes:
    """Return a WAV file of speech for the fake engine, another for each seed."""
    with TemporaryDirectory() as folder:
        return speak(Path(folder, "sound.wav"), utterances, seed).read_bytes()


def make_items(count: int) -> list[OfferedItem]:
    """Return so many items with sound, the newest first."""
    return [
        OfferedItem(f"Episode {number}", f"2024-05-{number:02}", make_sound(number)) for number in range(count, 0, -1)
    ]


@contextmanager
def offer_shows(titles: Sequence[str] = ("Night Boat",), count: int = 3) -> Iterator[list[OfferedShow]]:
    """Context manager: a server that offers shows with these titles and so many items each."""
    with serve({}) as server:
        shows = [OfferedShow(server, f"/show{number}", title, make_items(count)) for number, title in enumerate(titles)]
        for show in shows:
            show.offer()
        yield shows


@contextmanager
def offer_all_kinds() -> Iterator[OfferedShow]:
    """Context manager: a server that offers a show with an item of each kind: with sound, with words, with both."""
    with offer_shows(count=0) as (show,):
        show.items = [
            OfferedItem(
                "Newest", "2024-05-03", make_sound(11, 3), CUES, notes="About the ferry.", people=("Ann Okafor",)
            ),
            OfferedItem("Words alone", "2024-05-02", None, CUES),
            OfferedItem("Unwanted", "2024-05-02", make_sound(13, 1)),
            OfferedItem("Oldest", "2024-05-01", make_sound(12, 1)),
        ]
        show.offer()
        yield show
