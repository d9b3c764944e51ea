"""Benchmark of finding passages that recur: planted advertisements, and marks checked by brute force (docs/repeats.md).

    python -m bench.bench_repeats [--shows SHOW ...] [--sample N] [--sizes N ...]

Run by ``make bench-repeats``. Constants are tuned on some shows; the bars are checked on the others. Fails if one is
missed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from bench.bench_report import Bars
from bench.quotes_damage import leave_whole
from bench.quotes_libraries import REPORTED_SHOWS, SEED, TUNED_SHOWS
from bench.quotes_materials import Talk, episode_id, load_talks, make_transcript
from bench.repeats_planted import PlantedEpisode, passages_elsewhere, plant
from bench.repeats_truth import Episodes
from numpy.typing import NDArray

from index.repeats.repeat_updates import update_repeats
from index.storage.store import Store
from index.transcript import Episode

FOUND, WRONG = 95.0, 0.5  # % of planted words, of marked words
OTHER_EPISODES = 2
SAMPLE = 50
SIZES = (100, 400, 1600)
ARRIVING = 20  # episodes that come in one by one, to time them
TIMED_WORDS = 3000  # of each episode, where time is measured


@dataclass(frozen=True)
class Scored:
    """Counts of one show: planted and found words, and words that are marked, checked and wrong."""

    planted: int
    found: int
    found_apart: int
    """Words found of the advertisements in at least three episodes."""
    planted_apart: int
    words: int
    marked: int
    checked: int
    wrong: int
    off_centre: int
    """Words that are right, but not by the twelve words of which they are the middle."""


def main() -> int:
    """Print the tables; return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shows", nargs="*", default=[*TUNED_SHOWS, *REPORTED_SHOWS])
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    asked = parser.parse_args()
    bars = Bars()
    print(
        "| show | episodes | planted words | found % | in 3 and more % | all words marked % | checked | wrong"
        " | in the middle: wrong |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    reported = [scored for show in asked.shows for scored in score_show(show, asked.sample) if show in REPORTED_SHOWS]
    if reported:
        planted, found = (sum(getattr(one, name) for one in reported) for name in ("planted", "found"))
        checked, wrong = (sum(getattr(one, name) for one in reported) for name in ("checked", "wrong"))
        bars.least("planted words that are marked, %", 100 * found / planted, FOUND)
        bars.most("marked words that are wrong, %", 100 * wrong / checked, WRONG)
    if asked.sizes:
        time_growth(asked.sizes)
    return 0 if bars.met else 1


def score_show(show: str, sample: int) -> Iterator[Scored]:
    """Plant advertisements into the episodes of a show, mark them, and yield how well, if there are any."""
    talks = list(load_talks([show]))
    if not talks:
        return
    half = TUNED_SHOWS if show in REPORTED_SHOWS else REPORTED_SHOWS
    episodes = plant(talks, passages_elsewhere(half, SEED), SEED)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        for talk, episode in zip(talks, episodes, strict=True):
            add_episode(store, talk, episode.words)
        update_repeats(store)
        marks = [read_marks(store, talk) for talk in talks]
    scored = score(episodes, marks, sample)
    print(
        f"| {show} | {len(talks)} | {scored.planted:,} | {100 * scored.found / scored.planted:.1f}"
        f" | {100 * scored.found_apart / scored.planted_apart:.1f} | {100 * scored.marked / scored.words:.2f}"
        f" | {scored.checked} | {scored.wrong} | {scored.off_centre} |",
        flush=True,
    )
    yield scored


def score(episodes: Sequence[PlantedEpisode], marks: Sequence[NDArray[np.bool_]], sample: int) -> Scored:
    """Count what was found of the planted words, and what is wrong in a sample of the marked ones."""
    copies: dict[int, int] = {}
    for episode in episodes:
        for *_, number in episode.planted:
            copies[number] = copies.get(number, 0) + 1
    planted, found = ([0, 0], [0, 0])
    for episode, marked in zip(episodes, marks, strict=True):
        for first, end, number in episode.planted:
            for row in {0, int(copies[number] > OTHER_EPISODES)}:
                planted[row] += end - first
                found[row] += int(marked[first:end].sum())
    everywhere = [(number, word) for number, marked in enumerate(marks) for word in np.flatnonzero(marked).tolist()]
    checked = random.Random(SEED).sample(everywhere, min(sample, len(everywhere)))
    truth = Episodes([episode.words for episode in episodes])
    wrong, off_centre = (
        sum(truth.others(*place, OTHER_EPISODES, centred=centred) < OTHER_EPISODES for place in checked)
        for centred in (False, True)
    )
    words = sum(len(episode.words) for episode in episodes)
    return Scored(planted[0], found[0], found[1], planted[1], words, len(everywhere), len(checked), wrong, off_centre)


def add_episode(store: Store, talk: Talk, words: Sequence[str]) -> None:
    """Add an episode whose transcript is these words, all in one turn."""
    episode = store.add_episode(Episode(episode_id(talk), "the show", talk.name, None, talk.name, "registered"))
    spoken = Talk(talk.name, talk.show, tuple(words), (), ("",))
    store.save_transcript(episode.id, make_transcript(spoken, leave_whole(words)))


def read_marks(store: Store, talk: Talk) -> NDArray[np.bool_]:
    """Return which words of an episode are marked."""
    facts = store.facts(episode_id(talk))
    assert facts is not None
    marked = np.zeros(facts.words, bool)
    for one in store.repeats(facts.number):
        marked[one.first : one.last + 1] = True
    return marked


def time_growth(sizes: Sequence[int]) -> None:
    """Print how long episodes take to mark: all at once, and each that comes in when the others are marked.

    Times are those of the processor: others may use the machine meanwhile.
    """
    talks = list(load_talks())
    print(
        "\n| episodes | million words | marked at once, s | an episode, ms | one that comes in, ms"
        " | MB of fingerprints |"
    )
    print("|---:|---:|---:|---:|---:|---:|")
    for size in sizes:
        chosen = random.Random(SEED).sample(talks, min(size + ARRIVING, len(talks)))
        chosen = [replace(talk, words=talk.words[:TIMED_WORDS]) for talk in chosen]
        episodes = plant(chosen, passages_elsewhere(REPORTED_SHOWS, SEED), SEED)
        pairs = iter(zip(chosen, episodes, strict=True))
        with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
            for talk, episode in islice(pairs, len(chosen) - ARRIVING):
                add_episode(store, talk, episode.words)
            before, began = store.size(), time.process_time()
            update_repeats(store)
            seconds, megabytes = time.process_time() - began, (store.size() - before) / 1e6
            each = []
            for talk, episode in pairs:
                add_episode(store, talk, episode.words)
                began = time.process_time()
                update_repeats(store)
                each.append(time.process_time() - began)
        million = sum(len(episode.words) for episode in episodes) / 1e6
        print(
            f"| {len(chosen) - ARRIVING:,} | {million:.1f} | {seconds:.0f} | {1000 * seconds / len(chosen):.0f}"
            f" | {1000 * float(np.median(each)):.0f} | {megabytes:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
