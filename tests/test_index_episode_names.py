"""Episode names: ids in any script, and lookup by what a user may write."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_episode

from index.errors import EpisodeError
from index.storage.episode_names import file_stem, name_episode
from index.storage.store import Store
from index.transcript import Episode


@given(st.text(max_size=60))
def test_an_id_is_short_readable_and_never_only_digits(title: str) -> None:
    name = name_episode(title)
    assert name
    assert len(name) <= 48
    assert not name.replace("-", "").isdigit()
    assert name == name_episode(title) == name_episode(name)
    assert not any(part.isspace() or part in "/\\.:'\"" for part in name)
    assert name.strip("-") == name
    assert not regex.search(r"\p{C}|\p{Z}|\p{Default_Ignorable_Code_Point}", name), "all of it can be seen"
    assert not regex.search(r"(?<![\p{L}\p{M}])\p{M}", name), "no mark stands alone"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Fail Better: There's more to come!", "fail-better-theres-more-to-come"),
        ("2024-05-01", "episode-2024-05-01"),
        ("42", "episode-42"),
        ("٤٢", "episode-42"),
        ("…", "episode"),
        ("", "episode"),
        ("Café Größe", "cafe-grosse"),
        ("東京の朝", "東京の朝"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("Новости дня", "новости-дня"),
        ("a" * 60, "a" * 40),
        ("🎙️ Ep. 5", "ep-5"),
        ("🎙\ufe0f Ep. 5 (name begins with an emoji)", "ep-5-name-begins-with-an-emoji"),
        ("5\ufe0f\u20e3 fragen", "5-fragen"),
        ("Ep\u20e3 one", "ep-one"),
        ("Kaf\u200bka\u2060 on the\u00ad shore", "kafka-on-the-shore"),
        ("\u202eTalk\u202c \u2066one\u2069", "talk-one"),
        ("می\u200cخواهم", "میخواهم"),
        ("\u3164\u115f talk \uffa0", "talk"),
        ("👩\u200d🚀 Space 👨\u200d👩\u200d👧", "space"),
        ("🏴\U000e0067\U000e0062\U000e007f Flags", "flags"),
        ("葛\U000e0100城", "葛城"),
        ("7\u0e31 talk", "7-talk"),
        ("\ufeffTalk", "talk"),
        ("CON", "episode-con"),
        ("Lpt1", "episode-lpt1"),
        ("\u0301\u202e../../x\x1b[2J", "x-2j"),
    ],
)
def test_an_id_is_made_of_the_title_in_any_script(title: str, name: str) -> None:
    assert name_episode(title) == name


@given(st.text(max_size=300))
def test_a_file_can_be_called_by_the_id_of_any_episode(episode: str) -> None:
    stem = file_stem(episode)
    assert stem == file_stem(stem)
    assert 0 < len(stem.encode()) <= 208
    assert regex.fullmatch(r"[\p{L}\p{N}\p{M}_-]+", stem)
    assert stem.casefold() not in ("con", "prn", "aux", "nul", "com1", "lpt9")
    assert file_stem(name_episode(episode)) == name_episode(episode), "ids made here are names as they are"


def test_ids_are_unique_and_stable(store: Store) -> None:
    first = add_episode(store, "Talk", sha256="a" * 64)
    second = add_episode(store, "Talk", sha256="b" * 64)
    third = add_episode(store, "Talk")
    fourth = add_episode(store, "Talk")
    assert (first.id, second.id) == ("talk", "talk-bbbbbb")
    assert len({first.id, second.id, third.id, fourth.id}) == 4
    assert {episode.id for episode in store.episodes()} == {first.id, second.id, third.id, fourth.id}


def test_an_episode_is_named_by_id_beginning_or_title(store: Store) -> None:
    for title in ("The Storm", "The Storm at Sea", "Night Ferry", "東京の朝", "Ferry"):
        add_episode(store, title)

    def resolved(name: str) -> str:
        return store.resolve_episode(name).title

    assert resolved("the-storm") == "The Storm"
    assert resolved("the-storm-") == "The Storm at Sea"
    assert resolved("THE STORM") == "The Storm"
    assert resolved("The-Storm") == "The Storm"
    assert resolved("nig") == "Night Ferry"
    assert resolved("night ferry") == "Night Ferry"
    assert resolved("ferry") == "Ferry"
    assert resolved("東") == "東京の朝"


def test_a_title_that_an_id_begins_with_is_that_episode(store: Store) -> None:
    add_episode(store, "Storm", sha256="a" * 64)
    other = add_episode(store, "Other name")
    store.update_episode(Episode(other.id, None, "St", None, "x", "registered"))
    assert store.resolve_episode("st").id == other.id


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("the", r"could be any of: the-storm \(The Storm\), the-storm-at-sea \(The Storm at Sea\)"),
        ("storn", "no episode 'storn' .*Do you mean the-storm"),
        ("zzzz", "no episode 'zzzz' in the library. See"),
        ("", "no episode ''"),
        ("-", "no episode '-'"),
        ("bad\udcff", "no episode 'bad"),
    ],
)
def test_a_name_that_fits_none_or_several_says_so(store: Store, name: str, said: str) -> None:
    add_episode(store, "The Storm")
    add_episode(store, "The Storm at Sea")
    with pytest.raises(EpisodeError, match=said):
        store.resolve_episode(name)


def test_of_many_candidates_eight_are_named(store: Store) -> None:
    for number in range(11):
        add_episode(store, f"Talk {number}")
    with pytest.raises(EpisodeError, match=r"talk-0 .* and 3 more"):
        store.resolve_episode("talk")


def test_an_id_of_an_older_library_stays_and_can_be_typed(store: Store) -> None:
    old = store.add_episode(Episode("5\ufe0f\u20e3-kafka", None, "Kafka", None, "a.mp3", "registered"))
    add_episode(store, "Other")
    for typed in ("5-kafka", "5-kaf", "5\u20e3-kafka", "5\ufe0f\u20e3-kafka"):
        assert store.resolve_episode(typed) == old
