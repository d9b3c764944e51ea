"""What publishers say of episodes: in the store, and as searches ask for it."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import add_episode, add_spoken, add_text, search

from audio.recording.chapters import Chapter
from index.errors import LibraryError, QueryError
from index.fulltext.maintenance import open_index
from index.language.tokens import find_token_runs, tokenize
from index.notes import EpisodeNotes, Person, Soundbite
from index.query.dates import lies_between
from index.query.parser import parse_with_writings
from index.query.tree import AllOf, AnyOf, Filter, Query, describing_filters
from index.search.described import find_descriptions
from index.storage.episode_notes import searched_words
from index.storage.store import Store
from index.transcript import Episode

NOTES = EpisodeNotes(
    "David Duchovny on <b>failure</b>.\nLinks: https://example.com/café",
    (Person("Ann Lee"), Person("Zoë Ray", "guest")),
    (Soundbite(65.0, 20.5, "More to come"), Soundbite(70.0, 5.0)),
    (Chapter(0.0, "Intro"), Chapter(60.0, "Failure")),
    "https://example.com/1",
    "2",
)
"""Notes with everything in them."""


def change_content(store: Store, content: Any) -> None:
    """Put content into the rows of the notes, as a stranger might."""
    with store.transaction():
        store._connection.execute("UPDATE episode_notes SET content = ?", (json.dumps(content),))


def test_notes_are_read_as_they_were_saved_and_go_with_their_episode(store: Store) -> None:
    talk, other = add_episode(store, "Talk").id, add_episode(store, "Other").id
    assert store.notes(talk) is None
    store.save_notes(talk, EpisodeNotes("earlier"))
    store.save_notes(talk, NOTES)
    store.save_notes(other, EpisodeNotes())
    assert store.notes(talk) == NOTES
    assert dict(store.all_notes()) == {talk: NOTES, other: EpisodeNotes()}
    assert store.people() == {talk: NOTES.people}
    store.rename_episode(talk, "renamed")
    assert store.notes("renamed") == NOTES
    store.remove_episode("renamed")
    assert dict(store.all_notes()) == {other: EpisodeNotes()}


@pytest.mark.parametrize(
    "content",
    [
        "notes",
        {},
        [],
        ["", [], [], [], None],
        [None, [], [], [], None, None],
        ["", ["Ann"], [], [], None, None],
        ["", [["Ann", None]], [], [], None, None],
        ["", [], [[-1.0, 2.0, None]], [], None, None],
        ["", [], [[0.0, 2.0, 5]], [], None, None],
        ["", [], [], [["0", "Intro"]], None, None],
        ["", [], [], [], "javascript:alert(1)", None],
        ["", [], [], [], None, 2],
    ],
)
def test_notes_that_airquote_does_not_write_are_an_error_of_the_library(store: Store, content: Any) -> None:
    talk = add_episode(store, "Talk").id
    store.save_notes(talk, NOTES)
    change_content(store, content)
    with pytest.raises(LibraryError, match=f"The notes of {talk}"):
        store.notes(talk)


@pytest.mark.parametrize("people", ["Ann", [5], [["Ann"]], [["Ann", 5]]])
def test_people_that_airquote_does_not_write_are_an_error_of_the_library(store: Store, people: Any) -> None:
    talk = add_episode(store, "Talk").id
    store.save_notes(talk, NOTES)
    change_content(store, ["", people if isinstance(people, list) else [people], [], [], None, None])
    with pytest.raises(LibraryError):
        store.people()


TITLE_WORDS = [
    "ferry",
    "Ferry",
    "férry",
    "&",
    "and",
    "c",
    "C++",
    "plus",
    "a_b",
    "don't",
    "don`t",
    "\0",
    "x",
    "中",
    "ﬁ",
    "fi",
]
WORDS_OF_TITLES = st.lists(st.sampled_from(TITLE_WORDS), min_size=1, max_size=3).map(" ".join)
WORDS = st.text(st.sampled_from("ab é'\n-Ü中"), max_size=12)


@given(notes=WORDS, name=WORDS, wanted=WORDS)
def test_tokens_are_found_where_they_stand_in_a_row_in_one_part_of_the_notes(
    notes: str, name: str, wanted: str
) -> None:
    tokens = tokenize(wanted)
    words = searched_words(EpisodeNotes(notes, (Person(name),)))
    inside = any(find_token_runs(tokenize(part), tokens) for part in (notes, name))
    assert (f" {' '.join(tokens)} " in words) == inside or not tokens


@settings(max_examples=30)
@given(titles=st.lists(WORDS_OF_TITLES, min_size=1, max_size=8), wanted=WORDS_OF_TITLES)
def test_chapters_are_found_by_tokens_that_stand_in_a_row_in_their_titles(titles: list[str], wanted: str) -> None:
    tokens = tokenize(wanted)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        talk = add_episode(store, "Talk").id
        store.save_chapters(talk, [Chapter(float(number), title) for number, title in enumerate(titles)])
        named = [one.title for one in store.chapters_named(tokens).get(talk, ())] if tokens else []
    assert named == [title for title in titles if find_token_runs(tokenize(title), tokens)]


def test_episodes_are_found_by_the_words_of_their_notes(store: Store) -> None:
    talk, other = add_episode(store, "Talk").id, add_episode(store, "Other").id
    store.save_notes(talk, NOTES)
    store.save_notes(other, replace(NOTES, notes="", soundbites=()))
    for words, ids in {
        "duchovny": [talk],
        "DAVID Duchovny": [talk],
        "cafe": [talk],
        "zoe ray": [other, talk],
        "lee zoe": [],
        "more to come": [talk],
        "uchovny": [],
    }.items():
        assert sorted(store.noted_episodes(tokenize(words))) == sorted(ids), words


def test_a_chapter_narrows_a_search_to_the_words_that_begin_in_it(store: Store) -> None:
    words = "ferry " * 6  # 0.35 s each
    talk = add_text(store, "Talk", words).id
    add_text(store, "Without chapters", words)
    store.save_chapters(talk, [Chapter(0.35, "News of Brexit"), Chapter(1.05, "Sport"), Chapter(1.4, "Brexit again")])
    for query, found in {
        "ferry chapter:brexit": [1, 2, 4, 5],
        'ferry chapter:"brexit again"': [4, 5],
        "ferry chapter:sport": [3],
        "ferry chapter:weather": [],
        "ferry (chapter:sport OR chapter:again)": [3, 4, 5],
        "ferry episode:talk -chapter:brexit": [0, 3],
        "ferry chapter:brexit -chapter:news": [4, 5],
        '"ferry ferry" chapter:brexit': [1, 4],
    }.items():
        assert sorted(hit.first for hit in search(store, query)) == found, query


def test_fields_of_words_combine_word_by_word(store: Store) -> None:
    talk = add_spoken(store, "Talk", [("Ann", "ferry ferry"), ("Bob", "ferry ferry")]).id
    store.save_chapters(talk, [Chapter(0.35, "Sea"), Chapter(1.05, "Land")])
    for query, found in {
        "ferry chapter:sea speaker:ann": [1],
        "ferry chapter:sea -speaker:ann": [2],
        "ferry (chapter:land OR speaker:ann)": [0, 1, 3],
    }.items():
        assert sorted(hit.first for hit in search(store, query)) == found, query


def test_notes_narrow_a_search_to_their_episodes_as_soon_as_they_are_stored(store: Store) -> None:
    talk = add_text(store, "Talk", "ferry").id
    add_text(store, "Other", "ferry")
    assert search(store, "ferry notes:duchovny") == []
    store.save_notes(talk, NOTES)
    assert [hit.episode.id for hit in search(store, "ferry notes:duchovny")] == [talk]
    assert [hit.episode.id for hit in search(store, "ferry -notes:duchovny")] != [talk]


@pytest.mark.parametrize("query", ["show:a", "show:a -title:b", "speaker:a date:2024"])
def test_fields_of_which_none_asks_for_what_publishers_write_are_no_query(query: str) -> None:
    with pytest.raises(QueryError, match="fields only narrow"):
        parse_with_writings(query, descriptions=True)


WORD = st.sampled_from(["sea", "land", "ferry"])
NAME = st.lists(WORD, min_size=1, max_size=2).map(" ".join)
FILTERS: st.SearchStrategy[Query] = st.one_of(
    st.builds(Filter, st.sampled_from(["title", "chapter", "notes"]), NAME.map(str.split).map(tuple)),
    st.builds(Filter, st.sampled_from(["show", "speaker"]), WORD.map(lambda word: (word,))),
    st.builds(Filter, st.just("date"), st.just(("2024-01-01", "2024-12-31"))),
    st.builds(Filter, st.just("lang"), st.just(("en",))),
    st.builds(Filter, st.just("episode"), st.sampled_from([("e1",), ("e",), ("1",)])),
)
CONDITIONS = st.recursive(
    FILTERS,
    lambda inner: st.one_of(
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=2).map(tuple)),
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=2).map(tuple), st.lists(inner, max_size=1).map(tuple)),
    ),
    max_leaves=4,
)


def holds(text: str | None, values: tuple[str, ...]) -> bool:
    return text is not None and f" {' '.join(values)} " in f" {text} "


def is_true(query: Query, store: Store, episode: Episode, chapter: str | None) -> bool:
    """Whether an episode satisfies a query in one of its chapters, or outside of all."""
    match query:
        case AllOf(children, excluded):
            return all(is_true(one, store, episode, chapter) for one in children) and not any(
                is_true(one, store, episode, chapter) for one in excluded
            )
        case AnyOf(children):
            return any(is_true(one, store, episode, chapter) for one in children)
        case Filter("notes", values):
            notes = store.notes(episode.id)
            texts = (notes.notes, *(person.name for person in notes.people)) if notes else ()
            return any(holds(one, values) for one in texts)
        case Filter("speaker", values):
            facts = store.facts(episode.id)
            return facts is not None and any(holds(one, values) for one in store.speakers(facts.number))
        case Filter("date", (first, last)):
            return episode.published is not None and lies_between(episode.published, first, last)
        case Filter("lang", (code,)):
            facts = store.facts(episode.id)
            return facts is not None and facts.language == code
        case Filter("episode", (name,)):
            ids = {one.id for one in store.episodes()}
            return episode.id == name if name in ids else episode.id.startswith(name)
        case Filter(field, values):
            return holds({"title": episode.title, "show": episode.show, "chapter": chapter}[field], values)
        case _:
            raise NotImplementedError


def expected(query: Query, store: Store) -> list[tuple[str, str, float]]:
    """The places of a query as the docstring of index/search/described.py tells them."""
    found = []
    asked = list(describing_filters(query))
    for episode in store.episodes():
        for chapter in store.chapters(episode.id):
            fits = any(one.field == "chapter" and holds(chapter.title, one.values) for one in asked)
            if fits and is_true(query, store, episode, chapter.title):
                found.append((episode.id, "chapter", chapter.start))
        if is_true(query, store, episode, None):
            fitting = [one.field for one in asked if is_true(one, store, episode, None)]
            if fitting:
                found.append((episode.id, "title" if "title" in fitting else "notes", 0.0))
    return found


@settings(max_examples=25)
@given(data=st.data())
def test_what_publishers_write_is_found_as_the_query_says(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        for number in range(data.draw(st.integers(1, 3))):
            date, show = data.draw(st.sampled_from([None, "2023-05-17", "2024-02-29"])), data.draw(NAME)
            fields = {"show": show, "published": date}
            if data.draw(st.booleans()):
                speaker = data.draw(NAME)
                episode = add_spoken(store, f"{number}", [(speaker, "hello")], **fields)
            else:
                episode = add_episode(store, f"{number}", **fields)
            name = f"e{number}" if number else "e"
            store.rename_episode(episode.id, name)
            store.update_episode(replace(episode, id=name, title=data.draw(NAME)))
            starts = data.draw(st.lists(st.integers(0, 90), unique=True, max_size=3).map(sorted))
            store.save_chapters(name, [Chapter(float(start), data.draw(NAME)) for start in starts])
            if data.draw(st.booleans()):
                store.save_notes(name, EpisodeNotes(data.draw(NAME), (Person(data.draw(NAME)),)))
        with open_index(store) as opened:
            for query in data.draw(st.lists(CONDITIONS, min_size=10, max_size=10)):
                found = [(one.episode.id, one.kind, one.start) for one in find_descriptions(query, opened)]
                assert sorted(found) == sorted(expected(query, store))
                for sort in ("date", "time"):
                    ordered = find_descriptions(query, opened, sort)
                    assert sorted((one.episode.id, one.kind, one.start) for one in ordered) == sorted(found)
                    dates = [one.episode.published for one in ordered if one.episode.published]
                    assert dates == sorted(dates, reverse=sort == "date")
                    known = [one.episode.published is not None for one in ordered]
                    assert known == sorted(known, reverse=True), "undated episodes are the last"
