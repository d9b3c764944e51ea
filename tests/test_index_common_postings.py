"""The postings of common terms that a Tantivy index keeps in files of its own are those that Tantivy has."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from index_truth import SECRET, assert_true_to_store
from libraries import add_text, make_library, search

from index.errors import IndexDamagedError
from index.fulltext.maintenance import index_folder, open_index, update_index
from index.fulltext.merging import purge_index
from index.fulltext.tantivy.common_postings import CommonPostings, file_of_block
from index.fulltext.tantivy.tantivy_files import DELETED
from index.fulltext.tantivy.tantivy_reader import TantivyFullText
from index.storage.store import Store

WORD = SECRET.split()[0].encode()
WORDS = ["the", "ferry", "of", "harbour", "and", "night", "storm", *"abcdefgh", SECRET]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.fulltext.tantivy.common_postings.BLOCK_PASSAGES", 4)
    monkeypatch.setattr("index.fulltext.tantivy.common_postings._SAMPLED", 3)
    monkeypatch.setattr("index.fulltext.tantivy.common_postings.LEAST_SHARE", 1 / 2)
    monkeypatch.setattr("index.fulltext.tantivy.tantivy_reader._RANGE_POSTINGS", 0)


def draw_text(chance: Random) -> str:
    """Draw words, some rare and some common, of one to eight passages."""
    return " ".join(chance.choices(WORDS, range(1, len(WORDS) + 1), k=chance.randrange(100, 1_000)))


def folder_of(store: Store) -> Path:
    (folder,) = index_folder(store).glob("tantivy-*")
    return folder


def assert_same_postings(store: Store) -> None:
    """Assert that each term has the postings that Tantivy has, whatever part of them is read from its files."""
    with open_index(store) as opened:
        fulltext = opened.fulltext
        assert isinstance(fulltext, TantivyFullText)
        for field in ("stems", "grams", "language"):
            terms = [term for term, _ in fulltext._searcher.terms_with_prefix(field, "") if "\x1f" not in term]
            assert terms or field == "grams"
            for term in terms:
                text = term.replace("\x1e", " ")
                read, expected = fulltext.kept_postings(field, text), fulltext.read_within(field, text, None)
                assert read.passages.tolist() == expected.passages.tolist()
                assert read.counts.tolist() == expected.counts.tolist()


def blocks(store: Store) -> list[str]:
    return sorted(file.name for file in folder_of(store).glob("common-*.bin"))


@pytest.mark.parametrize("range_postings", [0, 8])
@pytest.mark.parametrize("seed", range(4))
def test_each_term_has_the_postings_that_tantivy_has(
    tmp_path: Path, seed: int, range_postings: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.fulltext.tantivy.tantivy_reader._RANGE_POSTINGS", range_postings)
    chance = Random(seed)
    with make_library(tmp_path, [draw_text(chance)]) as store:
        store.save_index_kind("tantivy")
        update_index(store)
        kept = ["episode-a"]
        for number in range(5):
            add_text(store, f"more-{number}", draw_text(chance), language=chance.choice(["en", "de", None]))
            kept.append(f"more-{number}")
            if len(kept) > 2 and chance.random() < 0.5:
                store.remove_episode(kept.pop(chance.randrange(len(kept))))
            update_index(store)
            assert_same_postings(store)
        with open_index(store) as opened:
            assert len(blocks(store)) == opened.fulltext.numbers() // 4
            common = CommonPostings(folder_of(store), opened.fulltext.numbers())
            assert common.read("stems", "h")[0]  # most passages have it
            assert common.read("language", "en")[0]
            assert not common.read("stems", "zeppelin")[0]


def test_postings_of_removed_passages_are_erased(tmp_path: Path) -> None:
    texts = [f"the ferry {SECRET} " * 300, "the harbour at night " * 300]
    with make_library(tmp_path, texts) as store:
        store.save_index_kind("tantivy")
        update_index(store)
        assert WORD in file_of_block(folder_of(store), 0).read_bytes()
        store.remove_episode("episode-a")
        update_index(store)
        assert not search(store, SECRET)
        purge_index(store)
        for file in folder_of(store).glob("common-*.bin"):
            assert WORD not in file.read_bytes()
        assert_same_postings(store)
        assert_true_to_store(store)
        before = {file: file.stat().st_ino for file in folder_of(store).iterdir()}
        purge_index(store)  # nothing is left to do
        assert before == {file: file.stat().st_ino for file in folder_of(store).iterdir()}


def test_an_index_without_the_files_gets_them_with_its_next_change(tmp_path: Path) -> None:
    with make_library(tmp_path, ["the ferry and the storm " * 200]) as store:
        store.save_index_kind("tantivy")
        update_index(store)
        made = blocks(store)
        assert made
        for name in made:
            (folder_of(store) / name).unlink()
        with pytest.MonkeyPatch.context() as changed:
            changed.setattr("index.fulltext.maintenance.files_match", lambda *_: True)  # as if it had been made so
            assert len(search(store, "storm")) == 200
            add_text(store, "another", "the storm came")
            update_index(store)
        assert blocks(store) == made
        assert_same_postings(store)


@pytest.mark.parametrize("damage", ["cut off", "empty", "not in order", "beyond the block"])
def test_damage_is_noticed_and_the_index_is_rebuilt(tmp_path: Path, damage: str) -> None:
    with make_library(tmp_path, ["the ferry and the storm " * 200]) as store:
        store.save_index_kind("tantivy")
        update_index(store)
        file = file_of_block(folder_of(store), 0)
        content = bytearray(file.read_bytes())
        ordered = np.arange(4, dtype="<u2").tobytes()
        at = content.index(ordered)
        if damage == "cut off":
            del content[-1]
        elif damage == "empty":
            content.clear()
        else:
            other = [0, 2, 1, 3] if damage == "not in order" else [0, 1, 2, 4]
            content = content.replace(ordered, np.array(other, "<u2").tobytes())
        assert at
        file.write_bytes(content)
        with pytest.raises(IndexDamagedError):
            read_all(folder_of(store))
        assert len(search(store, "storm")) == 200  # its sizes or times are not those of the manifest
        assert_same_postings(store)


def read_all(folder: Path) -> None:
    opened = TantivyFullText(folder)
    for text in ("the", "ferri", "and", "storm"):
        opened.postings("stems", text)


def test_deleted_passages_keep_their_places_in_a_block(tmp_path: Path) -> None:
    with make_library(tmp_path, ["the ferry " * 400, "the storm " * 400]) as store:
        store.save_index_kind("tantivy")
        update_index(store)
        store.remove_episode("episode-a")
        update_index(store)
        with open_index(store) as opened:
            fulltext = opened.fulltext
            dead = [n for n in range(fulltext.numbers()) if fulltext.passage(n).transcript == DELETED]
            assert dead
            assert set(fulltext.postings("stems", "the").tolist()).isdisjoint(dead)
            assert len(fulltext.postings("stems", "the")) == fulltext.passages()
