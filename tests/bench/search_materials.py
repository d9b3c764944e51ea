"""Libraries of the search benchmark: real podcast transcripts if present, else synthetic text.

Real transcripts are in the folder AIRQUOTE_BENCH_DATA, in ``podcasts/*.jsonl.xz``: one episode a line, with
``episode``, ``show`` and ``turns`` (``speaker``, ``text``). They have no times and no dates. So each word lasts 0.35 s,
turns are a second apart, and a show's episodes are weekly. Each is written as a WhisperX file and imported as by
``airquote import``.
"""

from __future__ import annotations

import json
import lzma
import os
import random
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bench.materials import CACHE
from bench.search_text import Turns, make_episodes

from index.fulltext.passages import OVERLAP_TOKENS, PASSAGE_TOKENS
from index.language.tokens import tokenize
from index.storage.store import Store
from pipeline.batch.episode_details import EpisodeDetails
from pipeline.import_export import ImportOptions, import_transcripts

SECONDS_A_WORD = 0.35
PAUSE = 1.0
SHOW_PASSAGES = 30_000
"""A show of 500 hours, at 10,000 words an hour and 120 new words a passage, rounded down."""

_MADE_EPISODES = 1_600
_FIRST_DAY = date(2012, 1, 2)
_SEED = 20_240_531
_SENTENCE = re.compile(r".+?(?:[.?!][\"'”’)]*(?=\s)|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Imported:
    """An imported library: its contents, and the seconds that the import took."""

    folder: str
    real: bool
    episodes: int
    words: int
    passages: int
    import_seconds: float


def library_name(full: bool) -> str:
    """Return the name of the library, also of its folder in the cache."""
    kind = "podcasts" if real_files() else "made"
    return f"search-{kind}-{'full' if full else SHOW_PASSAGES}"


def load_library(full: bool) -> Imported:
    """Return the library, importing it if it is not in the cache."""
    folder = CACHE / library_name(full)
    facts = folder / "imported.json"
    if not facts.exists():
        imported = _import_library(folder / "library", full)
        facts.write_text(json.dumps(asdict(imported)), encoding="utf-8")
    return Imported(**json.loads(facts.read_text(encoding="utf-8")))


def spare_episode() -> Turns:
    """Make about one hour of speech (10,000 words) from turns of episodes that the library does not contain."""
    turns: list[tuple[str, str]] = []
    words = 0
    for episode in episodes(spare=True):
        for speaker, text in episode.turns:
            turns.append((speaker, text))
            words += len(text.split())
            if words >= 10_000:
                return Turns("the added hour", episode.show, "2024-05-31", tuple(turns))
    return Turns("the added hour", "spare", "2024-05-31", tuple(turns))


def import_turns(store: Store, episode: Turns) -> None:
    """Import an episode as ``airquote import`` does, without updating the index."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{episode.title}.json")
        file.write_text(json.dumps(whisperx_document(episode)), encoding="utf-8")
        details = EpisodeDetails(episode.show, episode.title, episode.published)
        (outcome,) = import_transcripts(store, [file], ImportOptions(details=details))
        if outcome.status != "done":
            raise ValueError(outcome.reason)


def whisperx_document(episode: Turns) -> dict[str, Any]:
    """Return the episode in WhisperX's format: a segment a sentence, with its speaker and timed words."""
    segments = []
    now = 0.0
    for speaker, text in episode.turns:
        for sentence in split_sentences(text):
            words = []
            for word in sentence.split():
                words.append({"word": word, "start": round(now, 3), "end": round(now + SECONDS_A_WORD, 3)})
                now += SECONDS_A_WORD
            if words:
                start, end = words[0]["start"], words[-1]["end"]
                line = " ".join(sentence.split())
                segments.append({"start": start, "end": end, "text": line, "speaker": speaker, "words": words})
        now += PAUSE
    return {"language": "en", "segments": segments}


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a turn."""
    return _SENTENCE.findall(text)


def _import_library(folder: Path, full: bool) -> Imported:
    began = time.perf_counter()
    wanted = None if full else SHOW_PASSAGES
    count = words = passages = 0
    with Store.open(folder, create=True) as store:
        for episode in episodes():
            size = _passages(episode)
            if wanted is not None and passages + size > wanted:
                break
            import_turns(store, episode)
            count += 1
            passages += size
            words += sum(len(text.split()) for _, text in episode.turns)
    seconds = time.perf_counter() - began
    return Imported(str(folder), bool(real_files()), count, words, passages, seconds)


def _passages(episode: Turns) -> int:
    """Return the number of passages of an episode."""
    tokens = sum(len(tokenize(word)) for _, text in episode.turns for word in text.split())
    return max(1, -(-(tokens - OVERLAP_TOKENS) // (PASSAGE_TOKENS - OVERLAP_TOKENS))) if tokens else 0


def episodes(*, spare: bool = False) -> Iterator[Turns]:
    """Yield the episodes in import order; with ``spare`` from the end, or of another seed if synthetic."""
    if not real_files():
        yield from islice(make_episodes(_SEED + spare), _MADE_EPISODES)
        return
    numbered: list[Turns] = []
    for file in real_files():
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                row = json.loads(line)
                turns = tuple((turn["speaker"], turn["text"]) for turn in row["turns"] if turn["text"].strip())
                published = (_FIRST_DAY + timedelta(weeks=number)).isoformat()
                numbered.append(Turns(row["episode"], row["show"], published, turns))
    random.Random(_SEED).shuffle(numbered)
    yield from reversed(numbered) if spare else numbered


def real_files() -> list[Path]:
    folder = os.environ.get("AIRQUOTE_BENCH_DATA")
    return sorted((Path(folder) / "podcasts").glob("*.jsonl.xz")) if folder else []
