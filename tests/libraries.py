"""Libraries for tests: transcripts of plain texts, put into a store in a temporary folder."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from index.fulltext.maintenance import open_index
from index.query.parser import parse_query
from index.search import searcher
from index.search.searcher import Hit
from index.search.writings import write_query
from index.storage.episode_names import name_episode
from index.storage.store import Store
from index.transcript import Episode, Segment, Transcript, Word

SECONDS_A_WORD = 0.35


def make_transcript(text: str, language: str | None = "en", words_a_segment: int = 12) -> Transcript:
    """Make every run of ``text`` between spaces a word of 0.35 s, and every twelve words a segment."""
    pieces = re.findall(r"\s*\S+", text)
    words = tuple(
        Word(piece, round(number * SECONDS_A_WORD, 3), round((number + 1) * SECONDS_A_WORD, 3), 0.9)
        for number, piece in enumerate(pieces)
    )
    segments = tuple(
        Segment(first, min(first + words_a_segment, len(words)) - 1) for first in range(0, len(words), words_a_segment)
    )
    return Transcript(language, "fake", "fake", "{}", "aligned", words, segments)


def add_episode(store: Store, title: str = "Talk", **fields: Any) -> Episode:
    """Register an episode without a transcript."""
    fields = {"show": None, "published": None, **fields}
    return store.add_episode(
        Episode(id=name_episode(title), title=title, source=f"{title}.mp3", state="registered", **fields)
    )


def add_text(store: Store, title: str, text: str, language: str | None = "en", **fields: Any) -> Episode:
    """Add an episode whose transcript is ``text``."""
    episode = add_episode(store, title, **fields)
    store.save_transcript(episode.id, make_transcript(text, language))
    return episode


def add_recurring(store: Store) -> str:
    """Add `Talk 0` to `Talk 2`, each with 40 words of its own, and return the advertisement that all end with."""
    advertisement = (
        "this show is brought to you by the very best of all shoes go to shoes dot com slash show today and save"
    )
    for number in range(3):
        own = " ".join(f"word{number}{place}" for place in range(40))
        add_text(store, f"Talk {number}", f"{own} {advertisement}", show="Fail Better")
    return advertisement


def add_spoken(store: Store, title: str, turns: Sequence[tuple[str | None, str]], **fields: Any) -> Episode:
    """Add an episode of turns, each a speaker and what they say, which is one segment."""
    episode = add_episode(store, title, **fields)
    segments: list[Segment] = []
    for speaker, text in turns:
        first = segments[-1].last + 1 if segments else 0
        segments.append(Segment(first, first + len(text.split()) - 1, speaker))
    transcript = make_transcript(" ".join(text for _, text in turns))
    store.save_transcript(episode.id, replace(transcript, segments=tuple(segments)))
    return episode


def make_library(folder: Path, texts: Sequence[str], language: str | None = "en") -> Store:
    """Create a library with one episode per text, titled ``episode a``, ``episode b`` and so on."""
    store = Store.open(folder, create=True)
    for number, text in enumerate(texts):
        add_text(store, f"episode {chr(ord('a') + number)}", text, language)
    return store


def search(store: Store, text: str, limit: int | None = None) -> list[Hit]:
    """Bring the index up to date and return the hits of a query."""
    with open_index(store) as index:
        query, _ = write_query(parse_query(text), (), index.lexicon)
        return searcher.search(query, index, limit=limit).hits


def hit_text(store: Store, hit: Hit) -> str:
    """The words of a hit."""
    facts = store.facts(hit.episode.id)
    assert facts is not None
    return "".join(store.texts(facts.number, hit.first, hit.last)).strip()


def everything_in(folder: Path) -> bytes:
    """All bytes of all files of a folder, and what zlib compressed in them."""
    files = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"\n".join([*files, *chain.from_iterable(map(decompressed, files))])


def decompressed(content: bytes) -> Iterator[bytes]:
    """What can be decompressed at any place of a file, also where its end is missing."""
    for begin in re.finditer(rb"x[\x01\x5e\x9c\xda]", content):
        decompressor = zlib.decompressobj()
        with suppress(zlib.error):
            for place in range(begin.start(), len(content), 64):
                yield decompressor.decompress(content[place : place + 64])
                if decompressor.eof:
                    break
