"""A command line for each command of airquote, to try all of them on a small library."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fake_engine import ENGINE, FakeEngine, speak
from feed_server import feed_of, items
from libraries import add_episode, add_spoken, add_text
from made_voices import add_voices

from audio.media import hash_file
from index.storage.published_files import PublishedFile
from index.storage.store import Store

PUBLISHED = b"WEBVTT\n\n00:00.000 --> 00:02.000\nThere is less to come.\n"


def lines_with_results(folder: Path, engine: FakeEngine, patch: pytest.MonkeyPatch) -> dict[str, tuple[object, ...]]:
    """The arguments of each command, in an order in which each has at least one result."""
    engine.answers.extend(["There is more to come.", "It begins this winter."])
    talk = speak(folder / "talk.wav", 2)
    cues = folder / "cues.srt"
    cues.write_text("1\n00:00:01,000 --> 00:00:02,000\nSomething else.\n")
    article = folder / "article.txt"
    article.write_text('"There is more to come," said Anna Keller.')
    feed = folder / "feed.xml"
    feed.write_bytes(feed_of("Day Boat", items(2)))
    moved = speak(folder / "moved.wav", 1, seed=1)
    with Store.open(Path(os.environ["AIRQUOTE_LIBRARY"]), create=True) as store:
        read = add_text(store, "Read", "There is more to come.")
        store.save_published(read.id, PublishedFile("https://example.com/read.vtt", "text/vtt", "en", PUBLISHED))
        add_voices(store, "Voices", words=60)
        add_spoken(
            store, "Told", [("Speaker 1", "Hello, I'm Ann Lee, and this is the news."), ("Speaker 2", "Good day.")]
        )
        add_episode(store, "Moved", media=str(folder / "gone.wav"), sha256=hash_file(moved))
    patch.setenv("AIRQUOTE_PLAYER", "true")
    patch.setattr("pipeline.web.serving._Server.run", lambda server, **_: server._listening())  # and does not wait
    patch.setattr("pipeline.engines.choose.choose_engine", lambda *_: ("faster-whisper", "cpu"))
    return {
        "transcribe": (*ENGINE, talk),
        "import": (cues, "--show", "Night Boat"),
        "list": (),
        "show": ("talk",),
        "search": ("more OR else",),
        "trend": ("more", "else"),
        "at": ("1",),
        "words": ("talk", "1", "4"),
        "locate": ("There is more to come.",),
        "verify": (article,),
        "quotations": (article,),
        "play": ("talk", "1"),
        "clip": ("talk", "1", "2", "-o", folder / "clip.wav", "--overwrite"),
        "cite": ("talk", "1", "+1"),
        "serve": ("--port", "0"),
        "mcp": ("--http", "--port", "0"),
        "compare": ("read",),
        "edit": ("cues", "--show", "News"),
        "correct": ("voices", "1", "mended"),
        "export": ("talk", "-f", "srt"),
        "site": (folder / "site", "talk"),
        "subscribe": (feed, "--latest", "5"),
        "update": ("--dry-run",),
        "download": ("talk",),
        "shows": (),
        "unsubscribe": ("day",),
        "relink": (moved,),
        "reindex": ("--index", "whoosh"),
        "backup": (folder / "saved.db", "--overwrite"),
        "restore": (folder / "saved.db", "--force"),
        "doctor": (),
        "models": (),
        "voices": ("voices",),
        "voices name": ("voices", "1", "Ann Lee"),
        "voices split": ("voices", "1", "--from", "10"),
        "voices merge": ("voices", "1", "2"),
        "voices undo": ("voices",),
        "voices find": ("voices",),
        "voices accept": ("told", "--all"),
        "voices forget": ("--all",),
        "voices profiles": (),
        "remove": ("cues",),
    }
