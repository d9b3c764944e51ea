"""The index of Tantivy answers as that of Whoosh does, and either takes the other's place."""

from __future__ import annotations

import importlib.util
import random
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fake_engine import airquote, speak, transcribe
from hypothesis import given, settings
from hypothesis import strategies as st
from index_truth import SECRET, answers, assert_no_secret, assert_true_to_store, build_library
from libraries import add_text, make_library, search
from test_index_searcher_laws import KINDS, library_of

import index.fulltext.index_kinds
import index.fulltext.needed_passages
import index.fulltext.tantivy.common_postings
import index.fulltext.tantivy.tantivy_reader
from index.errors import REINDEX, IndexDamagedError
from index.fulltext.index_kinds import IndexReport
from index.fulltext.maintenance import index_folder, open_index, present_kind, rebuild_index, update_index
from index.fulltext.merging import is_merge_due, purge_index
from index.fulltext.needed_passages import NeededPassages
from index.fulltext.tantivy.stored_words import read_words
from index.fulltext.tantivy.tantivy_files import bit_terms, count_terms, write_term
from index.fulltext.tantivy.tantivy_reader import TantivyFullText
from index.query.tree import Query
from index.search import searcher
from index.search.searcher import Found
from index.storage.store import Store

READING = {"without files of common terms": (10_000, 16), "common terms": (3, 0)}
"""Ways in which the reader finds passages: BLOCK_PASSAGES, and _MANY of needed passages."""


@pytest.mark.parametrize("reading", READING)
@pytest.mark.parametrize("counted", [0, 1_000])  # passages
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=2)
@given(data=st.data())
def test_both_indexes_give_the_same_hits_scores_and_totals(
    kind: str, counted: int, reading: str, data: st.DataObject
) -> None:
    block, many = READING[reading]
    with pytest.MonkeyPatch.context() as changed, library_of(data) as (opened, truth):
        changed.setattr("index.search.searcher.COUNTED_PASSAGES", counted)
        changed.setattr(index.fulltext.tantivy.tantivy_reader, "_RANGE_POSTINGS", 0)
        changed.setattr(index.fulltext.tantivy.common_postings, "BLOCK_PASSAGES", block)
        changed.setattr(index.fulltext.needed_passages, "_MANY", many)
        queries = data.draw(st.lists(KINDS[kind], min_size=10, max_size=10))
        with pytest.MonkeyPatch.context() as all_ranked:
            all_ranked.setattr(NeededPassages, "_find", lambda *_: None)
            by_whoosh = [ask(query, opened) for query in queries]
        store = opened.store
        rebuild_index(store, kind="tantivy")
        with open_index(store) as of_tantivy:
            for query, found in zip(queries, by_whoosh, strict=True):
                for limit, expected in found.items():
                    assert searcher.search(query, of_tantivy, limit=limit) == expected
                places = {(hit.episode.id, hit.first, hit.last) for hit in found[None].hits}
                assert places == truth.places(query)


def ask(query: Query, opened: Any) -> dict[int | None, Found]:
    return {limit: searcher.search(query, opened, limit=limit) for limit in (None, 2)}


@given(st.lists(st.sampled_from(["a", "b c", "d"]), max_size=200))
def test_counts_are_read_as_they_were_written(terms: list[str]) -> None:
    written = count_terms(terms).split("\n")
    for term in set(terms):
        bits = [2**bit for bit, one in enumerate(bit_terms(term)) if one in written]
        assert 1 + sum(bits) == terms.count(term)
    assert len(written) == len(set(written))
    assert {write_term(term) for term in terms} <= set(written)


WORDS = st.sampled_from(
    ["ferry", "Well-known", "--", "AT&T", "the US", "O'Neill's", "am", "I AM", "25%", "été", "東京"]
)


@settings(max_examples=15)
@given(st.lists(WORDS, min_size=1, max_size=400))
def test_the_words_that_the_index_holds_are_those_of_the_library(said: list[str]) -> None:
    with TemporaryDirectory() as folder, make_library(Path(folder), [" ".join(said)]) as store:
        rebuild_index(store, kind="tantivy")
        with open_index(store) as opened:
            for number in range(opened.fulltext.numbers()):
                passage = opened.fulltext.passage(number)
                tokens, owners = opened.cache.tokens(passage.transcript, passage.first, passage.last)
                held = opened.fulltext.tokens(number)
                assert held is not None
                assert held[0] == tokens
                assert list(held[1]) == list(owners)


@pytest.mark.parametrize(
    "stored",
    [
        "a b\x1f",
        "a b\x1f0:1",
        "a b c\x1f7:1",
        "a b c\x1f0:-1 1:3",
        "a b c\x1fb",
        "a b c d\x1f",
        "a b c\x1f-1:1",
        "a b c\x1f2:1 0:2",
        "a b c\x1f0:99999999999999",
    ],
)
def test_stored_words_that_are_not_those_of_the_passage_are_noticed(stored: str) -> None:
    assert read_words(b"a b c\x1f", 10, 12) == (["a", "b", "c"], range(10, 13))
    assert read_words(b"a b c\x1f0:2 1:0", 10, 12) == (["a", "b", "c"], [10, 10, 12])
    with pytest.raises(ValueError, match=r"10 to 12|invalid literal"):
        read_words(stored.encode(), 10, 12)


def test_a_removed_episode_is_purged_from_the_segment_that_it_shares(tmp_path: Path) -> None:
    texts = ["The ferry left. " * 400, f"The storm came. {SECRET} " * 30, "A harbour at night. " * 300]
    with make_library(tmp_path, texts) as store:
        store.save_index_kind("tantivy")
        update_index(store)
        before = len(search(store, "harbour"))
        store.remove_episode("episode-b")
        update_index(store)
        assert not search(store, "storm")
        purge_index(store)
        assert_no_secret(index_folder(store))
        assert not list(index_folder(store).rglob("*.del"))
        assert len(search(store, "harbour")) == before == 300
        assert_true_to_store(store)
        purge_index(store)  # nothing is left to do
        assert not is_merge_due(store)
        assert_true_to_store(store)


def test_the_kind_of_index_is_kept_until_another_is_asked_for(indexed_library: Path) -> None:
    with Store.open(indexed_library) as store:
        before = answers(store)
        for kind in ("tantivy", "whoosh", "tantivy"):
            rebuild_index(store, kind=kind)
            assert present_kind(index_folder(store)) == kind
            assert answers(store) == before
            rebuild_index(store)
            (index_folder(store) / "manifest.json").unlink()
            update_index(store)
            assert present_kind(index_folder(store)) == kind
            assert_true_to_store(store)


def test_what_damage_leaves_of_the_files_of_tantivy_is_read_or_noticed(tantivy_original: Path, tmp_path: Path) -> None:
    (folder,) = index_folder_of(tantivy_original).glob("tantivy-*")
    noticed = 0
    for number in range(60):
        chance = random.Random(number)
        damaged = shutil.copytree(folder, tmp_path / str(number))
        file = chance.choice([file for file in sorted(damaged.iterdir()) if file.stat().st_size])
        content = bytearray(file.read_bytes())
        for _ in range(chance.choice([1, 8])):
            content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        file.write_bytes(content[: chance.choice([len(content), chance.randrange(len(content))])])
        try:
            opened = TantivyFullText(damaged)
            for word in ("the", "ferri", "storm"):
                opened.postings("stems", word)
        except IndexDamagedError as error:
            assert error.way_out == REINDEX
            noticed += 1
    assert noticed > 30


def index_folder_of(library: Path) -> Path:
    with Store.open(library) as store:
        return index_folder(store)


@contextmanager
def without_tantivy() -> Any:
    """Make Tantivy a package that is not installed."""
    found = importlib.util.find_spec
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(
            index.fulltext.index_kinds, "find_spec", lambda name: None if name == "tantivy" else found(name)
        )
        yield


def reporting(told: list[tuple[str, str]]) -> IndexReport:
    return IndexReport(lambda _, __: None, lambda kind, reason: told.append((kind, reason)))


@pytest.mark.parametrize("asked", [True, False])
def test_a_library_of_tantivy_is_searched_where_that_is_not_installed(tmp_path: Path, asked: bool) -> None:
    told: list[tuple[str, str]] = []
    with Store.open(build_library(tmp_path / "library", "tantivy")) as store:
        before = answers(store)
        if not asked:
            with store.transaction():
                store._connection.execute("DELETE FROM defaults")
        with without_tantivy():
            with open_index(store, reporting(told)):
                assert told == [("whoosh", "not installed")]
            assert answers(store) == before
            assert present_kind(index_folder(store)) == "whoosh"
            assert_true_to_store(store)
        # Where it is installed, nothing changes by itself: else each of two machines would undo what the other did.
        add_text(store, "new", "a new ferry")
        if not asked:
            update_index(store, reporting(told))
            assert present_kind(index_folder(store)) == "whoosh"
        assert len(told) == 1
        rebuild_index(store, kind="tantivy")
        assert present_kind(index_folder(store)) == "tantivy"


def test_a_library_that_has_grown_large_gets_an_index_of_tantivy(
    indexed_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(index.fulltext.index_kinds, "LARGE_PASSAGES", 10)
    with Store.open(indexed_library) as store:
        update_index(store, reporting(told))
        assert told == []
        add_text(store, "new", "a new ferry " * 500)
        with without_tantivy():
            update_index(store, reporting(told))
        assert (present_kind(index_folder(store)), told) == ("whoosh", [])
        before = answers(store)
        update_index(store)  # as while a batch goes on
        assert present_kind(index_folder(store)) == "whoosh"
        update_index(store, reporting(told))
        assert (present_kind(index_folder(store)), told) == ("tantivy", [("tantivy", "large")])
        assert answers(store) == before
        rebuild_index(store, kind="whoosh")
        update_index(store, reporting(told))
        assert (present_kind(index_folder(store)), len(told)) == ("whoosh", 1)


def test_a_library_that_transcriptions_make_large_gets_an_index_of_tantivy(
    recorded_talk: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(library) as store:
        assert present_kind(index_folder(store)) == "whoosh"
        monkeypatch.setattr(index.fulltext.index_kinds, "LARGE_PASSAGES", 0)
        run = transcribe(speak(recorded_talk.with_name("second.wav"), 3, seed=1))
        assert (run.code, run.err.count("reindex --index whoosh")) == (0, 1)
        assert present_kind(index_folder(store)) == "tantivy"
        assert_true_to_store(store)


def test_the_command_changes_the_index_and_says_what_it_needs(indexed_library: Path) -> None:
    where = ("--library", indexed_library)
    before = airquote("search", "ferry", "--json", *where).out
    assert airquote("reindex", "--index", "tantivy", *where).out.strip() == "The index holds 3 transcripts."
    assert "Tantivy, holds all 3 transcripts" in airquote("doctor", *where).out
    assert airquote("search", "ferry", "--json", *where).out == before
    with without_tantivy():
        refused = airquote("reindex", "--index", "tantivy", *where)
        assert refused.code == 2
        assert "pip install 'airquote[large]'" in refused.err
        run = airquote("search", "ferry", "--json", *where)
        assert run.out == before
        assert "is built again with Whoosh" in run.err
        assert "airquote reindex --index tantivy" in run.err
        assert "Whoosh" not in airquote("search", "ferry", "--json", *where).err
    assert airquote("reindex", "--index", "other", *where).code == 2
