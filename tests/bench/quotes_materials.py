"""Material for quotations: real podcasts if present, else synthetic ones; and libraries made of them.

Real podcasts are in the folder AIRQUOTE_BENCH_DATA, in ``podcasts/*.jsonl.xz``: one episode a line, with
``episode``, ``show`` and ``turns`` (``speaker``, ``text``).
"""

from __future__ import annotations

import json
import lzma
import os
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from bench.quotes_damage import DamagedWord

from index.fulltext.maintenance import update_index
from index.language.common_words import COMMON_WORDS
from index.language.sentences import split_sentences
from index.storage.store import Store
from index.transcript import Episode, Segment, Transcript, Word

SECONDS_A_WORD = 0.35
PAUSE = 0.5  # seconds between turns
EPISODES_A_COMMIT = 200  # between commits while filling a library; a stopped build resumes there


@dataclass(frozen=True, slots=True)
class Talk:
    """One episode as spoken: its words in order, with the turn number and speaker of each."""

    name: str
    show: str
    words: tuple[str, ...]
    turns: tuple[int, ...]
    speakers: tuple[str, ...]


def load_talks(shows: Sequence[str] | None = None) -> Iterator[Talk]:
    """Yield the episodes of these shows (None: of all), in file order; synthetic ones if there is no data."""
    folder = os.environ.get("AIRQUOTE_BENCH_DATA")
    files = sorted((Path(folder) / "podcasts").glob("*.jsonl.xz")) if folder else []
    if not files:
        yield from (talk for talk in _made_up_talks() if shows is None or talk.show in shows)
        return
    for file in files:
        if shows is None or file.name.partition(".")[0] in shows:
            with lzma.open(file, "rt", encoding="utf-8") as lines:
                for line in lines:
                    row = json.loads(line)
                    turns = [(turn["speaker"], turn["text"]) for turn in row["turns"]]
                    yield _talk(row["episode"], row["show"], turns)


def _talk(name: str, show: str, turns: Iterable[tuple[str, str]]) -> Talk:
    words: list[str] = []
    numbers: list[int] = []
    speakers: list[str] = []
    for number, (speaker, text) in enumerate(turns):
        spoken = [sys.intern(word) for word in text.split()]  # ten million words, few of them different
        words += spoken
        numbers += [number] * len(spoken)
        speakers += [speaker] * len(spoken)
    return Talk(name, show, tuple(words), tuple(numbers), tuple(speakers))


def make_transcript(talk: Talk, recognised: Sequence[DamagedWord]) -> Transcript:
    """Make the transcript of these words, with 0.35 s a word and a pause after each turn."""
    words: list[Word] = []
    turns: list[int] = []
    clock, turn = 0.0, 0
    for word in recognised:
        now = talk.turns[word.first] if talk.turns else 0
        clock += PAUSE if now != turn else 0.0
        turn = now
        words.append(Word(f" {word.text}", round(clock, 3), round(clock + SECONDS_A_WORD, 3), word.probability))
        turns.append(turn)
        clock += SECONDS_A_WORD
    segments: list[Segment] = []
    start = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or turns[end] != turns[start]:
            speaker = talk.speakers[recognised[start].first]
            segments += [
                Segment(start + part.first, start + part.last, speaker)
                for part in split_sentences(words[start:end], "en")
            ]
            start = end
    return Transcript("en", "bench", "bench", "{}", "interpolated", tuple(words), tuple(segments))


def fill_library(folder: Path, talks: Sequence[Talk], recognise: Callable[[int], Sequence[DamagedWord]]) -> None:
    """Fill a library with the recognised words of these talks and index it; existing episodes are kept."""
    with Store.open(folder, create=True) as store:
        known = {episode.id for episode in store.episodes()}
        for number, talk in enumerate(talks):
            if episode_id(talk) not in known:
                title = talk.name
                episode = store.add_episode(
                    Episode(episode_id(talk), talk.show, title, None, f"{title}.mp3", "registered")
                )
                store.save_transcript(episode.id, make_transcript(talk, recognise(number)))
            if (number + 1) % EPISODES_A_COMMIT == 0 or number + 1 == len(talks):
                update_index(store)


def episode_id(talk: Talk) -> str:
    """Return the episode id of a talk in a library."""
    return re.sub(r"[^a-z0-9]+", "-", f"{talk.show}-{talk.name}".lower()).strip("-")


def _made_up_talks() -> Iterator[Talk]:
    """Yield sixty episodes of 3,000 words: pseudo-words, names and common words with frequencies as in speech."""
    choose = random.Random(2026)
    small = sorted(COMMON_WORDS["en"])[::5]
    syllables = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]
    content = ["".join(choose.choices(syllables, k=choose.choice((2, 2, 3, 4)))) for _ in range(6000)]
    names = ["".join(choose.choices(syllables, k=3)).capitalize() for _ in range(200)]
    weights = list(accumulate(1 / (10 + rank) for rank in range(len(content))))
    for number in range(60):
        turns = []
        for turn in range(60):
            sentences = []
            for _ in range(4):
                said = [
                    choose.choice(small) if choose.random() < 0.5 else choose.choices(content, cum_weights=weights)[0]
                    for _ in range(choose.randint(6, 18))
                ]
                if choose.random() < 0.15:
                    said.insert(choose.randrange(len(said)), str(choose.randint(2, 2000)))
                if choose.random() < 0.3:
                    said.insert(choose.randrange(1, len(said)), choose.choice(names))
                if choose.random() < 0.2:
                    said.insert(choose.randrange(len(said)), choose.choice(("um", "uh", "er")))
                said[0] = said[0].capitalize()
                sentences.append(" ".join(said) + ".")
            turns.append((("Ada Lind", "Ben Carter")[turn % 2], " ".join(sentences)))
        yield _talk(f"episode {number}", ("made up", "made up too")[number % 2], turns)
