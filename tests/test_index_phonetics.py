"""Codes of sounds: equal for what sounds alike, close for what nearly does, far for the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from index.language.phonetics import pronounce

ALIKE = """night/knight smith/smyth phone/fone wright/right christopher/kristofer fairy/ferry xavier/zavier cruz/krooz
    center/senter quick/kwik philip/filip harbour/harbor duchess/dutchess wrist/rist psalter/salter rhine/rine
    catherine/katherine schmitt/shmit whale/wale edge/ej comb/com mckay/mckay thomas/thomas jeff/geff"""
NEARLY = """okafor/akhofer steven/stefan duchovny/dukovny fogle/vogel hutchins/hutchens jerod/jared bach/back
    prometeus/prometheus callahan/callaghan mckenzie/mackenzie kubernetes/coobernetties dmitri/timitri santos/zantos
    gibson/kipson bergman/pergman catherine/kathryn"""
OTHERS = "fogle/vcl okafor/offer prometheus/promise storm/harbour night/day kubernetes/computers miller/tiller"


def difference(one: str, other: str) -> float:
    return Levenshtein.normalized_distance(pronounce(one), pronounce(other))


@pytest.mark.parametrize("pair", ALIKE.split())
def test_words_that_sound_alike_have_one_code(pair: str) -> None:
    one, other = pair.split("/")
    assert pronounce(one) == pronounce(other) != ""


@pytest.mark.parametrize("pair", NEARLY.split())
def test_words_that_sound_nearly_alike_differ_by_a_quarter_at_most(pair: str) -> None:
    assert 0 < difference(*pair.split("/")) <= 0.25


@pytest.mark.parametrize("pair", OTHERS.split())
def test_other_words_differ_by_more(pair: str) -> None:
    assert difference(*pair.split("/")) > 0.25


@pytest.mark.parametrize("token", ["", "2024", "東", "ελλαδα", "_", "a1", "vcl", "'"])
def test_what_is_no_latin_word_with_a_vowel_has_no_code(token: str) -> None:
    assert pronounce(token) == ""


@given(st.text("abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=20))
def test_every_word_with_a_vowel_has_a_code(token: str) -> None:
    assert bool(pronounce(token)) == any(letter in "aeiouy" for letter in token)
