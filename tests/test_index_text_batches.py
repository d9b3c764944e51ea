"""Transcripts are read one after the other when they are indexed, and dropped when they are written."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import make_library

from index.fulltext import text_batches
from index.fulltext.index_kinds import FullTextWriter
from index.fulltext.maintenance import rebuild_index
from index.fulltext.passages import STEP_TOKENS, CutPassage
from index.fulltext.text_batches import IndexedText, batch_texts
from index.fulltext.whoosh import writer


@settings(max_examples=50)
@given(st.lists(st.integers(0, 500), max_size=20), st.integers(0, 5))
def test_texts_are_batched_in_order_and_each_is_read_when_it_is_asked_for(sizes: list[int], passages: int) -> None:
    read: list[int] = []

    def texts() -> Iterator[IndexedText]:
        for number, size in enumerate(sizes):
            read.append(number)
            yield IndexedText(number, "en", ["a"] * size, [0] * size, [])

    seen, batches = 0, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_batches, "SEGMENT_PASSAGES", passages)
        for batch in batch_texts(texts()):
            batches.append(0)
            for text in batch:
                assert text.number == read[-1] == seen, "none is read ahead"
                seen += 1
                batches[-1] += len(text.tokens)
    assert seen == len(sizes)
    assert all(tokens > passages * STEP_TOKENS for tokens in batches[:-1]), "no batch ends before it is full"
    longest = max(sizes, default=0)
    assert all(tokens <= passages * STEP_TOKENS + longest for tokens in batches)


def test_what_a_commit_holds_in_memory_is_one_transcript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change = FullTextWriter.change

    def change_without_passages(
        self: FullTextWriter, removed: Iterable[int], added: Iterable[tuple[int, str | None, Iterable[CutPassage]]]
    ) -> None:
        change(self, removed, [(number, language, ()) for number, language, _ in added])

    monkeypatch.setattr(FullTextWriter, "change", change_without_passages)
    words = 6_000
    text = " ".join(f"w{number}" for number in range(words))
    few, many = (_peak(tmp_path / name, [text] * count) for name, count in (("few", 2), ("many", 8)))
    assert many - few < words * 64, "six transcripts more take less than the tokens of one"


def test_postings_beyond_a_limit_are_not_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "WRITER_MEGABYTES", 1)
    chosen = Random(1)
    texts = [" ".join(f"w{chosen.randrange(2000)}" for _ in range(2_000)) for _ in range(12)]
    few, many = (_peak(tmp_path / name, texts[:count]) for name, count in (("few", 4), ("many", 12)))
    assert many - few < 2**20, "sixteen thousand words more"


def _peak(folder: Path, texts: list[str]) -> int:
    """The most memory in bytes that building the index of a library takes."""
    with make_library(folder, texts) as store:
        rebuild_index(store)  # what caches keep is there then
        tracemalloc.start()
        try:
            rebuild_index(store)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
