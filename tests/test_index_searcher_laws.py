"""Search against the reference implementation (tests/bench/search_truth.py), on small random libraries."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from bench.search_corpus import load_corpus
from bench.search_truth import Truth
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import make_transcript

from audio.recording.chapters import Chapter
from index.fulltext.maintenance import OpenIndex, open_index
from index.language.tokens import tokenize
from index.notes import EpisodeNotes, Person
from index.query.query_numbers import read_parts
from index.query.tree import (
    Alike,
    AllOf,
    AnyOf,
    Filter,
    Fuzzy,
    Near,
    Numeral,
    Part,
    Phrase,
    Query,
    Sounds,
    Term,
    Wildcard,
    Within,
)
from index.search.searcher import Sort, has_hits, search
from index.storage.episode_names import name_episode
from index.storage.store import Store
from index.transcript import Episode, Transcript

# Few words, shared by all languages and used by most queries, so that queries match; and some of each language.
SHARED = ["the", "of", "ferry", "night"]
WORDS = {
    "en": [*SHARED, "ferries", "fairy", "harbour", "knight", "run", "running", "don't", "—", "U.S.", "US", "us", "IT"],
    "de": [*SHARED, "der", "Hafen", "Häfen", "zu", "IT"],
    "ja": [*SHARED, "東京", "に", "京都"],
    "he": [*SHARED, "שלום", "הים"],
    None: [*SHARED, "naïve", "ferries", "twenty-five"],
}
SHOWS = [None, "Night Boat", "Night Train"]
DATES = [None, "2023-05-17", "2023-12-31", "2024-02-29"]
SORTS: tuple[Sort, ...] = ("score", "date", "time")
CHAPTERS = [
    [],
    [Chapter(0.0, "Part one")],
    [Chapter(3.5, "Part one"), Chapter(10.0, "Half two"), Chapter(10.0, "Part two")],
]
NOTES = [None, EpisodeNotes("A ferry at night."), EpisodeNotes("", (Person("Ann Lee"), Person("Bob Night")))]
SPEAKERS = [None, "Bob Night", "Alice"]
NUMBERS = [
    "twenty", "20", "five", "5", "twenty-five", "25", "1,100", "100", "$5", "5%", "4-5", "80/20", "1.0", "10", "40K",
    "second", "2nd", "half", "0.5", "hundred", "eleven", "thousand", "million", "8:00", "8", "p.m.", "2019", "nineteen",
]  # fmt: skip
WORDS |= {"en": [*WORDS["en"], *NUMBERS], "fr": [*SHARED, "vingt", "cinq", "25", "1.100", "5", "%"]}
ASKED_NUMBERS = [*NUMBERS, "twenty five", "one hundred", "eleven hundred", "forty thousand", "8 p.m.", "5 million"]
TOKENS = sorted({token for words in WORDS.values() for word in words for token in tokenize(word)} | {"US", "IT"})
A_TOKEN = st.sampled_from(SHARED) | st.sampled_from([*TOKENS, "boats"])


def numbers_of(text: str) -> list[Part]:
    """The parts of a text, in the tree that a query has for it."""
    (parts, *_) = read_parts(text.split(), ["en"])
    return [placed.part for placed in parts]


NUMERALS = [part for text in ASKED_NUMBERS for part in numbers_of(text) if isinstance(part, Numeral)]
A_PART = A_TOKEN | st.sampled_from(NUMERALS)

MISHEARD = ["nite", "ferri", "harbor", "feri", "runenite", "farharber"]

KINDS: dict[str, st.SearchStrategy[Query]] = {
    "Term": st.builds(Term, A_TOKEN),
    "Numeral": st.sampled_from(NUMERALS),
    "Phrase": st.builds(Phrase, st.lists(A_PART, min_size=1, max_size=3).map(tuple)),
    "Within": st.builds(Within, st.lists(A_PART, min_size=1, max_size=3).map(tuple), st.sampled_from([5, 1, 0, 40])),
    "Wildcard": st.builds(Wildcard, st.sampled_from(["*r*", "f*", "?he", "ferr*s", "n*t", "h?fen", "*f*r*y*", "東*"])),
    "Fuzzy": st.builds(Fuzzy, A_TOKEN.map(str.lower), st.sampled_from([1, 2])),
    "Sounds": st.builds(Sounds, A_TOKEN.map(str.lower)),
    "Alike": st.builds(
        Alike, A_TOKEN.map(str.lower) | st.sampled_from(["nite", "ferri", "harbor", "feri", "runenite", "farharber"])
    ),
}
LEAVES: st.SearchStrategy[Query] = st.one_of(*KINDS.values())


def some_of(inner: st.SearchStrategy[Query], least: int, most: int) -> st.SearchStrategy[tuple[Query, ...]]:
    return st.lists(inner, min_size=least, max_size=most).map(tuple)


def both(wanted: tuple[Query, ...], conditions: tuple[Query, ...], excluded: tuple[Query, ...]) -> Query:
    return AllOf((*wanted, *conditions), excluded)


PARTS = st.recursive(LEAVES, lambda inner: st.builds(AnyOf, some_of(inner, 2, 3)), max_leaves=4)
NEARS: st.SearchStrategy[Query] = st.builds(Near, some_of(PARTS, 2, 3), st.sampled_from([0.7, 1.2, 5.0, 60.0]))
FILTERS: st.SearchStrategy[Query] = st.one_of(
    st.builds(Filter, st.just("show"), st.sampled_from([("night",), ("night", "boat"), ("boat", "night")])),
    st.builds(Filter, st.just("title"), st.sampled_from([("talk",), ("1",), ("talk", "2")])),
    st.builds(Filter, st.just("chapter"), st.sampled_from([("one",), ("two",), ("part", "one"), ("half",)])),
    st.builds(Filter, st.just("notes"), st.sampled_from([("ferry",), ("ann", "lee"), ("lee", "bob"), ("night",)])),
    st.builds(Filter, st.just("speaker"), st.sampled_from([("bob",), ("alice",), ("night",)])),
    st.builds(Filter, st.just("episode"), st.sampled_from([("talk-1",), ("talk",), ("lk",)])),
    st.builds(Filter, st.just("lang"), st.sampled_from([("en",), ("de",), ("ja",)])),
    st.builds(Filter, st.just("date"), st.sampled_from([("2023-01-01", "2023-12-31"), ("2023-12-31", "9999-12-31")])),
)
CONDITIONS = st.recursive(
    FILTERS,
    lambda inner: st.one_of(
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=2).map(tuple)),
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=2).map(tuple), st.lists(inner, max_size=1).map(tuple)),
    ),
    max_leaves=3,
)


# Nested queries: alternatives, conjunctions, exclusions.
QUERIES = st.recursive(
    LEAVES | NEARS,
    lambda inner: st.one_of(
        st.builds(both, some_of(inner, 1, 3), some_of(CONDITIONS, 0, 2), some_of(inner | CONDITIONS, 0, 2)),
        st.builds(AnyOf, some_of(inner, 2, 3)),
    ),
    max_leaves=8,
)

KINDS |= {
    "Near": NEARS,
    "AllOf": st.builds(both, some_of(LEAVES, 1, 3), st.just(()), some_of(LEAVES, 0, 1)),
    "AnyOf": st.builds(AnyOf, some_of(LEAVES, 2, 3)),
    "Filter": st.builds(both, some_of(LEAVES | NEARS, 1, 2), some_of(CONDITIONS, 1, 2), some_of(CONDITIONS, 0, 1)),
    "anything": QUERIES,
}


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    language = draw(st.sampled_from(list(WORDS)))
    # Hypothesis draws short lists only, so draw a length and a seed.
    length, seed = draw(st.sampled_from([160, 330, 20, 1, 0])), draw(st.integers(0, 999))
    words = random.Random(seed).choices(WORDS[language], k=length)
    transcript = make_transcript(" ".join(words), language, draw(st.integers(1, 20)))
    speakers = draw(st.lists(st.sampled_from(SPEAKERS), min_size=1, max_size=4))
    segments = tuple(
        replace(segment, speaker=speakers[number % len(speakers)]) for number, segment in enumerate(transcript.segments)
    )
    return replace(transcript, segments=segments)


@contextmanager
def library_of(data: st.DataObject) -> Iterator[tuple[OpenIndex, Truth]]:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        for number, transcript in enumerate(data.draw(st.lists(transcripts(), min_size=1, max_size=3))):
            title = f"talk {number}"
            show, date = data.draw(st.sampled_from(SHOWS)), data.draw(st.sampled_from(DATES))
            episode = Episode(name_episode(title), show, title, date, f"{title}.mp3", "registered")
            store.save_transcript(store.add_episode(episode).id, transcript)
            store.save_chapters(episode.id, data.draw(st.sampled_from(CHAPTERS)))
            if notes := data.draw(st.sampled_from(NOTES)):
                store.save_notes(episode.id, notes)
        truth = Truth(load_corpus(Path(folder)))
        with open_index(store) as opened:
            yield opened, truth


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=7)
@given(data=st.data())
def test_a_query_finds_what_its_nodes_say_and_nothing_else(kind: str, data: st.DataObject) -> None:
    with library_of(data) as (opened, truth):
        for query in data.draw(st.lists(KINDS[kind], min_size=10, max_size=10)):
            found = search(query, opened, limit=None)
            places = [(hit.episode.id, hit.first, hit.last) for hit in found.hits]
            assert len(set(places)) == len(places), "the same place twice"
            assert set(places) == truth.places(query)
            assert found.exact
            assert found.total == len(places) == sum(found.counts.values())
            for number in {1, len(places) or 1, len(places) + 1}:
                assert has_hits(query, opened, number) == (number <= len(places))
            for hit in found.hits:
                assert hit.first in hit.asked or hit.last in hit.asked
                assert set(hit.asked) <= set(range(hit.first, hit.last + 1))
                assert hit.score > 0


@pytest.mark.parametrize("counted", [0, 1_000])  # passages
@settings(max_examples=6)
@given(data=st.data())
def test_a_part_of_the_hits_is_that_part_of_all_in_any_order(counted: int, data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as changed, library_of(data) as (opened, _):
        changed.setattr("index.search.searcher.COUNTED_PASSAGES", counted)
        for query in data.draw(st.lists(QUERIES, min_size=6, max_size=6)):
            for sort in SORTS:
                everything = search(query, opened, limit=None, sort=sort)
                limit, offset = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 8))
                part = search(
                    query, opened, limit=limit, offset=offset, sort=sort,
                )  # fmt: skip
                assert part.hits == everything.hits[offset : offset + limit]
                assert part.total >= len(part.hits)
                assert part.total == everything.total if part.exact else not counted
                whole = search(query, opened, limit=0, count=True)
                assert (whole.exact, whole.total) == (True, everything.total)
                grouped = search(
                    query, opened, limit=2, by_episode=True, sort=sort,
                )  # fmt: skip
                first_of_each = {hit.episode.id: hit for hit in reversed(everything.hits)}
                assert {hit.episode.id: hit for hit in grouped.hits}.items() <= first_of_each.items()
                assert len(grouped.hits) == min(2, len(first_of_each))
                if sort != "score":
                    dates = [hit.episode.published or "" for hit in everything.hits if hit.episode.published]
                    assert dates == sorted(dates, reverse=sort == "date")


@settings(max_examples=15)
@given(data=st.data())
def test_a_long_phrase_and_what_stands_beside_it_are_found_whatever_passage_they_are_in(data: st.DataObject) -> None:
    with library_of(data) as (opened, truth):
        store = opened.store
        for episode in [episode.id for episode in store.episodes()]:
            facts = store.facts(episode)
            assert facts is not None
            tokens = tuple(opened.cache.tokens(facts.number, 0, facts.words - 1)[0])
            if len(tokens) < 31:
                continue
            start = data.draw(st.integers(0, len(tokens) - 31))
            phrase = Phrase(tokens[start : start + data.draw(st.sampled_from([29, 30, 31, 45, 150, 200]))])
            for query in (
                phrase,
                AllOf((phrase, Term(data.draw(A_TOKEN)))),
                AllOf((Term(data.draw(A_TOKEN)),), (phrase,)),
            ):
                hits = search(query, opened, limit=None).hits
                found = {(hit.episode.id, hit.first, hit.last) for hit in hits}
                assert found == truth.places(query)
                assert found or query is not phrase
