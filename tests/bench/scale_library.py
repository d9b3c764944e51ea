"""Libraries of the benchmark of large ones: episodes of sentences drawn from the podcasts, written in bulk.

    python -m bench.scale_library PASSAGES KIND [--seconds N]

The sentences are those of bench.search_materials: real ones where AIRQUOTE_BENCH_DATA names podcasts, else generated
ones. Each episode has about 10,000 words of one to three speakers. A library is kept under .cache/bench and grows by
some 20,000 passages at a time, each time with its index, so that a stopped run goes on; ``--seconds`` stops it itself.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import repeat
from pathlib import Path

from bench.materials import CACHE
from bench.search_materials import SECONDS_A_WORD, episodes, real_files, split_sentences

from index.fulltext.maintenance import index_folder, update_index
from index.fulltext.passages import STEP_TOKENS
from index.storage.episode_names import name_episode
from index.storage.library_defaults import IndexKind
from index.storage.store import STORE_NAME, Store
from index.transcript import Episode, Segment, Transcript, Word

EPISODE_WORDS = 10_000
EPISODES_A_STEP = 240
"""Some 20,000 passages: what an index commits at a time."""
_SHOWS = 40
_FIRST_DAY = date(2004, 1, 5)
_SEED = 20_261_127
_PROBABILITY = 0.9


@dataclass(frozen=True, slots=True)
class Grown:
    """What a library holds, and the seconds that its words and its index have taken."""

    episodes: int
    passages: int
    store_seconds: float
    index_seconds: float
    store_bytes: int
    index_bytes: int


def library_folder(passages: int, kind: IndexKind) -> Path:
    """Return the folder of a library with so many passages and this index."""
    source = "podcasts" if real_files() else "made"
    return CACHE / f"scale-{source}-{passages}-{kind}"


def read_grown(folder: Path) -> Grown | None:
    """Return what a library holds so far, None if it was not begun."""
    file = folder / "grown.json"
    return Grown(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None


def grow_library(passages: int, kind: IndexKind, seconds: float = float("inf")) -> bool:
    """Add episodes and index them until the library has so many passages; False if the time was over before."""
    began = time.monotonic()
    folder = library_folder(passages, kind)
    wanted = -(-passages * STEP_TOKENS // EPISODE_WORDS)
    sentences: list[tuple[str, ...]] = []
    with Store.open(folder / "library", create=True) as store:
        store.save_index_kind(kind)
        while (grown := read_grown(folder) or Grown(0, 0, 0.0, 0.0, 0, 0)).episodes < wanted:
            if time.monotonic() - began > seconds:
                return False
            sentences = sentences or load_sentences()
            report(folder, grown, wanted)
            step(store, folder, grown, min(wanted, grown.episodes + EPISODES_A_STEP), sentences)
    return True


def copy_library(passages: int, source: IndexKind, kind: IndexKind) -> None:
    """Copy the words of a library that is done to one for another index, if that was not begun."""
    folder = library_folder(passages, kind)
    if not (folder / "library" / STORE_NAME).exists():
        (folder / "library").mkdir(parents=True, exist_ok=True)
        shutil.copy2(library_folder(passages, source) / "library" / STORE_NAME, folder / "library" / STORE_NAME)


def step(store: Store, folder: Path, grown: Grown, until: int, sentences: list[tuple[str, ...]]) -> None:
    """Add the episodes up to a number, those that are not there yet, and index them."""
    began = time.perf_counter()
    known = len(store.transcripts())
    with store.transaction():
        for number in range(known, until):
            episode, transcript = make_episode(number, sentences)
            store.save_transcript(store.add_episode(episode).id, transcript)
    written = time.perf_counter()
    update_index(store)
    indexed = time.perf_counter()
    words = sum(store.word_counts().values())
    index = sum(file.stat().st_size for file in index_folder(store).rglob("*") if file.is_file())
    now = Grown(
        until,
        words // STEP_TOKENS,
        grown.store_seconds + written - began,
        grown.index_seconds + indexed - written,
        (store.directory / STORE_NAME).stat().st_size,
        index,
    )
    (folder / "grown.json").write_text(json.dumps(asdict(now)), encoding="utf-8")


def load_sentences() -> list[tuple[str, ...]]:
    """Return the sentences to draw from, each as its words with the spaces before them."""
    kept: dict[str, str] = {}
    return [
        tuple(kept.setdefault(word, word) for word in (f" {word}" for word in sentence.split()))
        for episode in episodes()
        for _, text in episode.turns
        for sentence in split_sentences(text)
        if sentence.strip()
    ]


def make_episode(number: int, sentences: list[tuple[str, ...]]) -> tuple[Episode, Transcript]:
    """Make an episode of about 10,000 words; the same for the same number."""
    chance = random.Random(f"{_SEED} {number}")
    texts: list[str] = []
    segments: list[Segment] = []
    while len(texts) < EPISODE_WORDS:
        speaker = f"Speaker {chance.randint(1, 3)}"
        for _ in range(chance.randint(1, 8)):
            sentence = chance.choice(sentences)
            segments.append(Segment(len(texts), len(texts) + len(sentence) - 1, speaker))
            texts += sentence
    words = tuple(map(Word, texts, _TIMES, _TIMES[1:], repeat(_PROBABILITY)))
    title = f"Episode {number}"
    show, week = number % _SHOWS, number // _SHOWS
    day = (_FIRST_DAY + timedelta(weeks=week)).isoformat()
    episode = Episode(name_episode(title), f"Show {show}", title, day, f"{title}.mp3", "registered")
    return episode, replace(_EMPTY, words=words, segments=tuple(segments))


_TIMES = [round(place * SECONDS_A_WORD, 2) for place in range(2 * EPISODE_WORDS)]
_EMPTY = Transcript("en", "import", "made", "{}", "aligned", (), ())


def report(folder: Path, grown: Grown, wanted: int) -> None:
    """Print progress to standard error."""
    print(f"{folder.name}: {grown.episodes} of {wanted} episodes", file=sys.stderr, flush=True)


def main() -> None:
    """Grow a library; exit code 3 if the time was over before it was done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passages", type=int)
    parser.add_argument("kind", choices=["whoosh", "tantivy"])
    parser.add_argument("--seconds", type=float, default=float("inf"))
    asked = parser.parse_args()
    sys.exit(0 if grow_library(asked.passages, asked.kind, asked.seconds) else 3)


if __name__ == "__main__":
    main()
