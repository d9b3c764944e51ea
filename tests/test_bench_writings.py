"""The statements in a changed writing: one change each, of its kind, by tables that the search does not use."""

from __future__ import annotations

import random

import pytest
from bench.search_respelling import misspell_by_letters, misspell_by_sound
from bench.search_writings import plant_writings, spell_number, strip_accents
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from test_bench_search import speak

from index.language.tokens import tokenize

SAID = [
    "We spent 40,000 on it in that year.",
    "They asked the API for a new token.",
    "It is an open-source tool for all of us.",
    "There is an open-source tool for them too.",
    "She met him in a café near the sea.",
    "The color of it is what they wanted.",
    "And then Duchovny came and sang a song.",
]
KINDS = [
    "number", "abbreviation", "compound", "accent", "spelling", "name by letters", "name by sound", "one word dropped",
]  # fmt: skip


def test_each_kind_changes_what_it_says_and_nothing_else() -> None:
    planted = plant_writings(speak(*(f"So so so so {said}" for said in SAID)), 10)
    assert list(dict.fromkeys(one.change for one in planted)) == KINDS
    changes = {
        "number": {"40000", "forty thousand", "40K"}, "abbreviation": {"A.P.I."},
        "compound": {"open source", "opensource"}, "accent": {"cafe"}, "spelling": {"colour"},
    }  # fmt: skip
    for one in planted:
        assert one.places
        assert one.fuzzy == one.change.startswith("name")
        text = " ".join(one.asked)
        assert one.change != "one word dropped" or len(tokenize(text)) < len(one.said)
        assert any(change in text for change in changes.get(one.change, {""})), text
        if one.fuzzy:
            (name,) = (word for word, said in zip(one.asked, one.said, strict=True) if word.lower() != said)
            assert name[0].isupper()


@given(value=st.integers(0, 999_999))
def test_numbers_are_spelled_as_one_says_them(value: int) -> None:
    from text_to_num import text2num

    assert text2num(spell_number(value).replace("-", " "), "en") == value


@given(seed=st.integers(), name=st.sampled_from(["Duchovny", "Okafor", "Prometheus", "Kubernetes", "Stephen"]))
def test_misspelt_names_are_other_names(seed: int, name: str) -> None:
    chance = random.Random(seed)
    assert 1 <= OSA.distance(name, misspell_by_letters(name, chance)) <= 3
    heard = misspell_by_sound(name, chance)
    assert heard is None or heard.lower() != name.lower()


@pytest.mark.parametrize(
    ("word", "bare"), [("naïve", "naive"), ("Søren", "Soren"), ("Łukasz", "Lukasz"), ("plain", "plain")]
)
def test_accents_are_stripped(word: str, bare: str) -> None:
    assert strip_accents(word) == bare
