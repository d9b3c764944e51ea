"""Passages that recur: what is marked, whatever comes first, and whatever is removed or interrupted."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bench.repeats_planted import damage, reread
from bench.repeats_truth import Episodes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libraries import add_text, make_library, make_transcript

from index.repeats import marking, repeat_updates
from index.repeats.recurrence import find_recurrence
from index.repeats.repeat_updates import rebuild_repeats, update_repeats
from index.storage.recurring.fingerprint_lists import MarkableTranscript
from index.storage.schema import connect
from index.storage.store import STORE_NAME, Store

ADVERTISEMENT = (
    "This episode is brought to you by Harrow and Pine, the makers of mattresses that are built one at a time "
    "in a small workshop by the sea. If you wake up tired, your bed may be the reason. Their springs are "
    "wrapped by hand, their covers are wool from farms they know by name, and every mattress comes with a "
    "trial of a hundred nights."
)
WORDS = [first + vowel + last for first in "bdfgklmnprst" for vowel in "aeiou" for last in ("", "n", "rk", "sting")]


def talk(seed: int, words: int = 150) -> list[str]:
    """The words of an episode that shares no passage with another."""
    return random.Random(seed).choices(WORDS, k=words)


def with_passage(seed: int, passage: str | Sequence[str]) -> str:
    """An episode with a passage in its middle."""
    words = talk(seed)
    words[70:70] = passage.split() if isinstance(passage, str) else passage
    return " ".join(words)


def marked_words(store: Store) -> dict[str, str]:
    """The marked words of each episode, in order."""
    return {
        episode: " ".join("".join(store.texts(number, one.first, one.last)).strip() for one in store.repeats(number))
        for number, episode in store.transcripts().items()
    }


def families(store: Store) -> list[int]:
    """The families of all marks, each once."""
    return sorted({one.family for number in store.transcripts() for one in store.repeats(number)})


def test_a_passage_of_three_episodes_is_marked_and_one_of_two_is_not(tmp_path: Path) -> None:
    with make_library(tmp_path, [with_passage(seed, ADVERTISEMENT) for seed in range(2)]) as store:
        update_repeats(store)
        assert set(marked_words(store).values()) == {""}
        add_text(store, "third", with_passage(3, ADVERTISEMENT))
        update_repeats(store)
        assert set(marked_words(store).values()) == {ADVERTISEMENT}
        assert [store.other_episodes(family) for family in families(store)] == [2]


def test_stock_phrases_are_not_marked(tmp_path: Path) -> None:
    phrases = (
        "at the end of the day",
        "to be honest with you",
        "you know what I mean by that",
        "one of the things that",
    )
    texts = []
    for seed in range(12):
        words = talk(seed)
        for place in range(140, 0, -9):
            words[place:place] = phrases[place % 4].split()
        texts.append(" ".join(words))
    with make_library(tmp_path, texts) as store:
        update_repeats(store)
        assert set(marked_words(store).values()) == {""}


def test_copies_with_errors_cut_or_read_by_another_are_marked(tmp_path: Path) -> None:
    choose = random.Random(5)
    copies = [damage(ADVERTISEMENT.split(), choose, WORDS) for _ in range(8)]
    other = reread(ADVERTISEMENT, choose)
    copies += [damage(other.split(), choose, WORDS) for _ in range(4)]
    with make_library(tmp_path, [with_passage(seed, copy) for seed, copy in enumerate(copies)]) as store:
        update_repeats(store)
        found = sum(len(words.split()) for words in marked_words(store).values())
    assert found >= 0.95 * sum(map(len, copies))


def test_what_recurs_in_other_shows_only_is_not_marked(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        for seed in range(6):
            add_text(store, f"talk {seed}", with_passage(seed, ADVERTISEMENT), show=f"show {seed % 3}")
        update_repeats(store)
        assert set(marked_words(store).values()) == {""}
        for episode in store.episodes():
            store.update_episode(replace(episode, show="one show"))
        update_repeats(store)
        assert set(marked_words(store).values()) == {ADVERTISEMENT}


def test_removed_and_replaced_transcripts_take_their_share_back(tmp_path: Path) -> None:
    with make_library(tmp_path, [with_passage(seed, ADVERTISEMENT) for seed in range(4)]) as store:
        update_repeats(store)
        store.remove_episode("episode-a")
        update_repeats(store)
        assert set(marked_words(store).values()) == {ADVERTISEMENT}
        store.save_transcript("episode-b", make_transcript(" ".join(talk(9))))
        update_repeats(store)
        assert set(marked_words(store).values()) == {""}
        rows = store._rows("SELECT (SELECT count(*) FROM fingerprinted), (SELECT count(*) FROM repeats)")
        assert next(rows) == (3, 0)


def test_an_episode_has_the_families_of_both_advertisements_in_it(tmp_path: Path) -> None:
    first, second = ADVERTISEMENT, " ".join(talk(99, 60))
    passages = [first] * 3 + [second] * 3 + [f"{first} {second}", f"{second} {first}"]
    with make_library(tmp_path, [with_passage(seed, passage) for seed, passage in enumerate(passages)]) as store:
        update_repeats(store)
        assert [store.other_episodes(family) for family in families(store)] == [4, 4]


def test_words_of_several_tokens_and_of_none_are_part_of_a_passage(tmp_path: Path) -> None:
    laughter = " ".join(
        "-".join([word] * 9) for word in ("trallala", "hahaha", "dumdidum", "hohoho", "lalelu", "tirili")
    )
    passage = ADVERTISEMENT.replace("Harrow and Pine", "Harrow-and-Pine").replace(
        " by hand,", f" by-hand — … {laughter}"
    )
    with make_library(tmp_path, [with_passage(seed, passage) for seed in range(3)]) as store:
        update_repeats(store)
        assert set(marked_words(store).values()) == {passage}


show_texts = st.lists(
    st.lists(st.integers(0, 4), min_size=0, max_size=2), min_size=3, max_size=6
)  # the passages of each episode


def make_texts(episodes: Sequence[Sequence[int]], seed: int) -> list[str]:
    """Episodes with copies of these passages, as different recognisers would write them."""
    choose = random.Random(seed)
    passages = [talk(1000 + number, 50) for number in range(5)]
    texts = []
    for number, held in enumerate(episodes):
        words = talk(number + 100 * seed, 60)
        for passage in held:
            words += [*damage(passages[passage], choose, WORDS), *talk(choose.randrange(10**6), 30)]
        texts.append(" ".join(words))
    return texts


@given(show_texts, st.integers(0, 1000), st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_arrival_does_not_change_what_is_marked(
    tmp_path_factory: pytest.TempPathFactory, episodes: list[list[int]], seed: int, choose: random.Random
) -> None:
    texts = make_texts(episodes, seed)
    with make_library(tmp_path_factory.mktemp("at once"), texts) as store:
        update_repeats(store)
        at_once = marked_words(store)
        rebuild_repeats(store)
        assert marked_words(store) == at_once
    order = choose.sample(range(len(texts)), len(texts))
    with Store.open(tmp_path_factory.mktemp("one by one"), create=True) as store:
        for number in order:
            add_text(store, f"episode {chr(ord('a') + number)}", texts[number])
            update_repeats(store)
        assert marked_words(store) == at_once


@given(show_texts, st.integers(0, 1000))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_marked_word_recurs_in_two_other_episodes_by_brute_force(
    tmp_path_factory: pytest.TempPathFactory, episodes: list[list[int]], seed: int
) -> None:
    texts = make_texts(episodes, seed)
    truth = Episodes([text.split() for text in texts])
    with make_library(tmp_path_factory.mktemp("library"), texts) as store:
        update_repeats(store)
        for number, episode in enumerate(sorted(store.transcripts().items(), key=lambda item: item[1])):
            for one in store.repeats(episode[0]):
                assert all(truth.others(number, word, 2) == 2 for word in range(one.first, one.last + 1))


class Killed(BaseException):
    """The process ends."""


def test_an_update_that_is_killed_at_any_moment_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [with_passage(seed, ADVERTISEMENT) for seed in range(3)]
    statements = 0
    execute = Store._rows
    for last in range(0, 10_000, 40):  # of some hundred statements
        with make_library(tmp_path / str(last), texts) as store, monkeypatch.context() as patch:

            def run(store: Store, statement: str, *arguments: object, last: int = last) -> Iterator[Any]:
                nonlocal statements
                statements += 1
                if statements > last:
                    raise Killed
                return execute(store, statement, *arguments)

            statements = 0
            patch.setattr(Store, "_rows", run)
            try:
                update_repeats(store)
            except Killed:
                patch.undo()
                update_repeats(store)
                assert set(marked_words(store).values()) == {ADVERTISEMENT}, last
            else:
                break
    assert last > 60


def test_a_text_recurs_in_itself_from_its_first_word_to_its_last() -> None:
    words = talk(1, 40)
    assert find_recurrence(words, ["other", *words, "others"]).recurs.all()
    assert not find_recurrence(words, talk(2, 40)).recurs.any()
    assert not find_recurrence([], words).recurs.any()
    assert not find_recurrence(words[:8], words).recurs.any()


def test_words_are_marked_by_twelve_in_a_row_not_by_scattered_ones() -> None:
    words = [str(number) for number in range(100)]
    other = [word for number in words for word in (number, "x")]
    assert not find_recurrence(words, other).recurs.any(), "nine of 12 stand in 17 words"
    changed = [word if int(word) % 4 else "y" for word in words]
    assert find_recurrence(words, changed).recurs[1:].all(), "nine of 12 are the same"
    changed = [word if int(word) % 3 else "y" for word in words]
    assert not find_recurrence(words, changed).recurs.any(), "eight of 12 are the same"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lists=st.lists(st.sets(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=8), max_size=6),
    asked=st.lists(st.integers(1, 5), max_size=6),
    most=st.integers(1, 5),
)
def test_the_first_owners_of_fingerprints_are_found_by_key_and_place(
    lists: list[set[tuple[int, int]]], asked: list[int], most: int, tmp_path: Path
) -> None:
    with Store.open(tmp_path, create=True) as store:
        store.forget_fingerprints()
        store.add_fingerprints(
            (key, MarkableTranscript(key, 9, "en", None), prints) for key, prints in enumerate(lists)
        )
        expected = {
            hash_: sorted((key, place) for key, prints in enumerate(lists) for one, place in prints if one == hash_)
            for hash_ in asked
        }
        assert store.owners_of(asked, most) == {hash_: owners[:most] for hash_, owners in expected.items() if owners}


def test_the_owners_of_a_fingerprint_that_all_episodes_have_are_not_all_read(tmp_path: Path) -> None:
    connection = connect(tmp_path / STORE_NAME)
    with Store(tmp_path / STORE_NAME, connection) as store:
        steps = []
        for keys in (range(100), range(100, 2_000)):
            store.add_fingerprints((key, MarkableTranscript(key, 9, "en", None), [(7, 0)]) for key in keys)
            begun: list[None] = []
            connection.set_progress_handler(partial(begun.append, None), 10)
            assert len(store.owners_of([7], 24)[7]) == 24
            connection.set_progress_handler(None, 0)
            steps.append(len(begun))
        assert 0 < steps[1] <= steps[0] + 1, "tens of steps of SQLite's virtual machine"


@pytest.mark.parametrize("batch", [1, 10_000])
def test_an_old_episode_is_marked_though_many_others_are_added_at_once_before_it(
    batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeat_updates, "_BATCH_FINGERPRINTS", batch)
    monkeypatch.setattr(marking, "MOST_OWNERS", 2)
    for old in range(12):  # one of them has the largest key
        with make_library(tmp_path / str(old), [with_passage(old, ADVERTISEMENT)]) as store:
            update_repeats(store)
            for seed in range(12):
                if seed != old:
                    add_text(store, f"other {seed}", with_passage(seed, ADVERTISEMENT))
            update_repeats(store)
            assert store.pending() == []
            assert store.repeats(next(number for number, of in store.transcripts().items() if "other" not in of))
