"""The benchmark of wrong attributions: what it makes, and what it counts."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from bench.quotes_damage import leave_whole
from bench.quotes_materials import Talk, fill_library, load_talks
from bench.quotes_speakers import FAMOUS, WAYS, SpeakerTally, measure_speakers
from bench.quotes_voices import hear_voices
from hypothesis import given
from hypothesis import strategies as st

from index.fulltext.maintenance import open_index
from index.storage.store import Store


def measure(folder: Path, talks: list[Talk], count: int) -> SpeakerTally:
    fill_library(folder, talks, lambda number: leave_whole(talks[number].words))
    with Store.open(folder) as store, open_index(store) as opened:
        return measure_speakers(talks, opened, count)


def test_right_and_wrong_attributions_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRQUOTE_BENCH_DATA", raising=False)
    whole = next(iter(load_talks()))
    talk = Talk(whole.name, whole.show, whole.words[:600], whole.turns[:600], whole.speakers[:600])
    assert measure(tmp_path, [talk], 3) == SpeakerTally(wrong=3, noticed=3, right=3, alarms=0)


def test_talks_without_names_end_the_draws(tmp_path: Path) -> None:
    words = tuple(f"word{number}" for number in range(60))
    talk = Talk("talk", "show", words, (0,) * 60, ("Speaker 1",) * 60)
    assert measure(tmp_path, [talk], 2) == SpeakerTally()


@pytest.mark.parametrize("way", sorted(WAYS))
def test_each_way_keeps_a_part_of_the_surname(way: str) -> None:
    for name in FAMOUS:
        written = WAYS["accents dropped"](WAYS[way](name.split(), random.Random(1)).split(), random.Random(1))
        surname = WAYS["accents dropped"](name.split(), random.Random(1)).split()[-1]
        assert surname.casefold() in written.casefold()


@given(st.floats(0, 0.2), st.floats(0, 1), st.integers(0, 50))
def test_voices_that_are_told_apart_with_errors_keep_the_words_and_end_turns_where_they_change(
    wrong: float, split: float, seed: int
) -> None:
    speakers = ("Ada Lind",) * 40 + ("Ben Carter",) * 30 + ("Ada Lind",) * 50
    talk = Talk(
        "talk", "show", tuple(f"word{number}" for number in range(120)), (0,) * 40 + (1,) * 30 + (2,) * 50, speakers
    )
    heard = hear_voices(talk, wrong, split, random.Random(seed))
    assert heard.words == talk.words
    assert set(heard.speakers) <= {"Ada Lind", "Ben Carter", *(f"Voice {number}" for number in range(1, 5))}
    for word, (before, now) in enumerate(pairwise(heard.speakers), start=1):
        assert before == now or heard.turns[word - 1] < heard.turns[word]
    if wrong == split == 0:
        assert len(set(zip(talk.speakers, heard.speakers, strict=True))) == 2
