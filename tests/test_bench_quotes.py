"""The quotation benchmark's material: damage at the requested rate, quotations of the requested kind."""

from __future__ import annotations

import random

import pytest
from bench.quotes_damage import SoundAlikes, damage_words
from bench.quotes_made import MAKERS, make_quotations
from bench.quotes_materials import Talk, load_talks, make_transcript
from rapidfuzz.distance import Levenshtein

from index.language.tokens import tokenize


@pytest.fixture(scope="module")
def made_up_talks() -> list[Talk]:
    """A few synthetic episodes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AIRQUOTE_BENCH_DATA", raising=False)
        return list(load_talks())[:6]


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2])
def test_the_damage_is_of_the_rate_asked_for_and_knows_what_was_said(made_up_talks: list[Talk], rate: float) -> None:
    words = made_up_talks[0].words
    alikes = SoundAlikes(token for talk in made_up_talks for word in talk.words for token in tokenize(word))
    heard = damage_words(words, rate, alikes, random.Random(1))
    said = [token for word in words for token in tokenize(word)]
    written = [token for word in heard for token in tokenize(word.text)]
    assert Levenshtein.distance(said, written) / len(said) == pytest.approx(rate, rel=0.25)
    assert [word.first for word in heard] == sorted(word.first for word in heard)
    assert all(words[word.first] == word.text for word in heard if word.text in words and word.text[-1] == ".")
    transcript = make_transcript(made_up_talks[0], heard)
    assert transcript.text.split() == " ".join(word.text for word in heard).split()


@pytest.mark.parametrize("how", sorted(set(MAKERS) - {"a negation dropped"}))  # synthetic speech has no negations
def test_a_quotation_is_made_of_the_words_of_its_places(made_up_talks: list[Talk], how: str) -> None:
    made = make_quotations(made_up_talks, range(len(made_up_talks)), how, 10, 1, ["zebra"])
    assert len(made) == 10
    for quotation in made:
        words = made_up_talks[quotation.talk].words
        said = [
            token for first, last in quotation.places for word in words[first : last + 1] for token in tokenize(word)
        ]
        quoted = list(tokenize(quotation.text))
        if how in ("as it is", "over a sentence border", "over a speaker border", "two places spliced"):
            assert quoted == said
        elif how in ("with three dots", "fillers removed"):
            rest = iter(said)
            assert all(token in rest for token in quoted)
            assert len(quoted) < len(said)
        else:
            assert len(quoted) == len(said)
            assert sum(one != other for one, other in zip(quoted, said, strict=True)) == 1
