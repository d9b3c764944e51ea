"""What publishers say of episodes: in the store, and as searches ask for it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_episode

from audio.recording.chapters import Chapter
from index.errors import LibraryError
from index.language.tokens import find_token_runs, tokenize
from index.notes import EpisodeNotes, Person, Soundbite
from index.storage.episode_notes import searched_words
from index.storage.store import Store

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


WORDS = st.text(st.sampled_from("ab é'\n-Ü中"), max_size=12)


@given(notes=WORDS, name=WORDS, wanted=WORDS)
def test_tokens_are_found_where_they_stand_in_a_row_in_one_part_of_the_notes(
    notes: str, name: str, wanted: str
) -> None:
    tokens = tokenize(wanted)
    words = searched_words(EpisodeNotes(notes, (Person(name),)))
    inside = any(find_token_runs(tokenize(part), tokens) for part in (notes, name))
    assert (f" {' '.join(tokens)} " in words) == inside or not tokens


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
