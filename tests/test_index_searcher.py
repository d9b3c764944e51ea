"""Search finds every place and no other: properties checked against a scan of the words, and edge cases."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libraries import add_text, hit_text, make_library, search

from index.fulltext.maintenance import open_index, rebuild_index
from index.language.tokens import find_token_runs, stem_token, tokenize_words
from index.query.parser import parse_query
from index.query.tree import AllOf, Phrase, Term
from index.search import searcher
from index.storage.store import Store

# Few words, so that phrases recur; common ones, rare ones, apostrophes, accents, several tokens, none.
WORDS = [
    "the", "of", "to", "be", "or", "not", "and", "I", "a", "it's", "don't", "don’t", "café", "cafe", "U.S.", "3.5",
    "twenty-five", "—", "♪", "ferry", "harbour", "harbours", "Harbour,", "storm.", "night", "running", "run",
]  # fmt: skip


def scan(store: Store, wanted: tuple[str, ...]) -> set[tuple[str, int, int]]:
    """Return every place of a token sequence in the library, by scanning every word."""
    places = set()
    for number, episode in store.transcripts().items():
        facts = store.facts(episode)
        assert facts is not None
        tokens, owners = tokenize_words(store.texts(number, 0, facts.words - 1))
        places |= {
            (episode, owners[start], owners[start + len(wanted) - 1]) for start in find_token_runs(tokens, wanted)
        }
    return places


def places(store: Store, text: str) -> set[tuple[str, int, int]]:
    hits = search(store, text)
    found = {(hit.episode.id, hit.first, hit.last) for hit in hits}
    assert len(found) == len(hits), "the same place twice"
    return found


@settings(max_examples=40)
@given(data=st.data())
def test_an_exact_phrase_finds_every_place_and_no_other(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=420), min_size=1, max_size=3))
    with (
        tempfile.TemporaryDirectory() as folder,
        make_library(Path(folder), [" ".join(words) for words in texts]) as store,
        open_index(store) as index,
    ):
        for _ in range(12):
            words = data.draw(st.sampled_from(texts))
            start = data.draw(st.integers(0, len(words) - 1))
            phrase = " ".join(words[start : start + data.draw(st.sampled_from([1, 2, 3, 5, 8, 29, 30, 31, 32, 70]))])
            tokens, _ = tokenize_words([phrase])
            if not tokens:
                continue
            hits = searcher.search(Phrase(tuple(tokens)), index, limit=None).hits
            found = [(hit.episode.id, hit.first, hit.last) for hit in hits]
            assert len(set(found)) == len(found)
            assert set(found) == scan(store, tuple(tokens))
            assert found, "a phrase taken from the text was not found"


@settings(max_examples=25)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=300), asked=st.sampled_from(WORDS))
def test_a_word_finds_all_its_forms(words: list[str], asked: str) -> None:
    tokens, _ = tokenize_words([asked])
    assume(len(tokens) == 1)
    with tempfile.TemporaryDirectory() as folder, make_library(Path(folder), [" ".join(words)]) as store:
        there, owners = tokenize_words(words)
        stem = stem_token(tokens[0], "en")
        expected = {
            ("episode-a", owner, owner)
            for token, owner in zip(there, owners, strict=True)
            if stem_token(token, "en") == stem
        }
        with open_index(store) as index:
            hits = searcher.search(Term(tokens[0]), index, limit=None).hits
        assert {(hit.episode.id, hit.first, hit.last) for hit in hits} == expected


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Hamlet asks: to be, or not to be? That is it.", '"to be or not to be"', "to be, or not to be?"),
        ("A friend of that man came.", '"friend of that man"', "friend of that man"),
        ("A friend of that man came.", '"friend man"', None),
        ("We met in the café at noon.", "cafe", "café"),
        ("We met in the cafe at noon.", "CAFÉ", "cafe"),
        ("I don’t know.", "don't", "don’t"),
        ("I don't know.", "“don’t know”", "don't know."),
        ("Plan B was a mess.", "b", "B"),
        ("Plan B was a mess.", '"b was a"', "B was a"),
        ("We never stopped. There is more to come.", '"stopped there is more"', "stopped. There is more"),
        ("It is U.S. policy, 3.5 percent.", '"us policy"', None),
        ("It is U.S. policy, 3.5 percent.", "U.S.", "U.S."),
        ("It is U.S. policy, 3.5 percent.", '"3.5 percent"', "3.5 percent."),
        ("She sang ♪ la ♪ la here.", '"sang la la here"', "sang ♪ la ♪ la here."),
        ("this team is old", '"i am"', None),
        ("Two ferries left.", "ferry", "ferries"),
        ("Two ferries left.", '"ferry"', None),
        ("東京に行きました", '"東京"', "東京に行きました"),
    ],
)
def test_the_classic_traps(tmp_path: Path, text: str, query: str, found: str | None) -> None:
    with make_library(tmp_path, [text]) as store:
        hits = search(store, query)
        assert [hit_text(store, hit) for hit in hits] == ([found] if found else [])


def test_and_or_not_and_brackets(tmp_path: Path) -> None:
    texts = ["the ferry left at night", "the ferry left by day", "a boat left at night", "nothing of the kind"]
    with make_library(tmp_path, texts) as store:

        def episodes(query: str) -> str:
            return "".join(sorted({hit.episode.id[-1] for hit in search(store, query)}))

        assert episodes("ferry night") == "a"
        assert episodes("ferry AND night") == "a"
        assert episodes("ferry OR boat") == "abc"
        assert episodes("ferry NOT night") == "b"
        assert episodes("ferry -night") == "b"
        assert episodes("(ferry OR boat) night") == "ac"
        assert episodes('(ferry OR boat) -"at night"') == "b"
        assert episodes('left -"by day" -"ferry left"') == "c"


def test_scattered_words_give_the_tightest_range_and_every_further_one(tmp_path: Path) -> None:
    text = "rust one two three async four rust async five six seven eight async rust nine"
    with make_library(tmp_path, [text]) as store:
        found = [hit_text(store, hit) for hit in search(store, "async rust")]
        assert found == ["async rust", "rust async", "rust one two three async"]


def test_words_close_together_come_before_words_far_apart(tmp_path: Path) -> None:
    filler = " ".join(["so"] * 40)
    texts = [f"storm {filler} harbour", f"{filler} storm harbour", f"storm {filler[:50]} harbour {filler}"]
    with make_library(tmp_path, texts) as store:
        assert search(store, "storm harbour")[0].episode.id == "episode-b"


def test_a_hit_carries_exactly_the_times_of_its_words(tmp_path: Path) -> None:
    with make_library(tmp_path, ["ferry left at night again"]) as store:
        (hit,) = search(store, '"left at night"')
        assert (hit.span.start, hit.span.end) == pytest.approx((0.35, 1.4))


def test_hits_that_are_not_timed_are_the_same_without_their_times(tmp_path: Path) -> None:
    with make_library(tmp_path, ["ferry left at night again", "the night ferry"]) as store, open_index(store) as index:
        timed, untimed = (searcher.search(parse_query("ferry night"), index, timed=timed) for timed in (True, False))
        assert len(timed.hits) == 2
        assert untimed.hits == [replace(hit, span=searcher.UNKNOWN_SPAN) for hit in timed.hits]


def test_search_before_and_after_reindex_gives_the_same(tmp_path: Path) -> None:
    texts = [" ".join(WORDS[start:] + WORDS[:start]) * 9 for start in range(6)]
    queries = ["ferry", "the harbour", '"to be or not to be"', "(night OR storm) -café", '"run that the"']
    with make_library(tmp_path, texts) as store:
        before = [search(store, query) for query in queries]
        rebuild_index(store)
        assert [search(store, query) for query in queries] == before
        assert any(before)


def test_the_limit_keeps_the_best(tmp_path: Path) -> None:
    with make_library(tmp_path, ["ferry " * 400, "one ferry only"]) as store:
        everything = search(store, "ferry")
        assert len(everything) == 401
        assert search(store, "ferry", 7) == everything[:7]


def test_each_language_is_searched_by_its_own_stems(tmp_path: Path) -> None:
    with make_library(tmp_path, ["the running boats"]) as store:
        add_text(store, "deutsch", "die Häuser am Hafen", "de")
        add_text(store, "unbekannt", "Häuser überall", None)
        assert [hit.episode.id for hit in search(store, "haus")] == ["deutsch"]
        assert [hit.episode.id for hit in search(store, "runs")] == ["episode-a"]
        assert {hit.episode.id for hit in search(store, "häuser")} == {"deutsch", "unbekannt"}
        assert [hit.episode.id for hit in search(store, '"am hafen"')] == ["deutsch"]


def test_an_empty_library_answers_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        assert search(store, "ferry") == []


def test_a_query_within_a_query() -> None:
    assert parse_query("a (b c)") == AllOf((Term("a"), AllOf((Term("b"), Term("c")))))
