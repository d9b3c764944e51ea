"""The evidence for a place, in bits: laws of equal writings, of dots, and of words that stand together elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import make_library
from quoting import OTHER, SPEECH, verify

from index.fulltext.maintenance import OpenIndex, open_index
from index.verification.edits import Edit
from index.verification.significance import WordRarity, difference_bits

IDIOM = "and all that, and then"
WRITINGS = [
    ("you'd", "you would"),
    ("25", "twenty-five"),
    ("isn't", "is not"),
    ("harbour", "harbor"),
    ("it's", "it is"),
]


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIndex]:
    """A library of four episodes: an index that is open."""
    texts = [SPEECH, OTHER, f"{OTHER} you would isn't 25", f"{SPEECH} it is it's"]
    with make_library(tmp_path_factory.mktemp("talks"), texts) as store, open_index(store) as index:
        yield index


def equal(quoted: str, said: str) -> Edit:
    return Edit("equal", quoted, said, 0, len(said.split()) - 1, None if quoted == said else "spelling")


@given(
    pairs=st.lists(
        st.sampled_from([*WRITINGS, *[(word, word) for word in SPEECH.split()[:30]]]), min_size=1, max_size=6
    )
)
def test_equal_words_have_the_bits_of_their_commoner_writing(talks: OpenIndex, pairs: list[tuple[str, str]]) -> None:
    rarity = WordRarity(talks)
    bits = rarity.weigh_edits([equal(one, other) for one, other in pairs], "en")
    assert bits == pytest.approx(rarity.weigh_edits([equal(other, one) for one, other in pairs], "en"))
    for side in (0, 1):
        text = " ".join(pair[side] for pair in pairs)
        assert bits <= rarity.weigh_edits([equal(text, text)], "en") + 1e-9


@given(left_out=st.tuples(st.integers(1, 500), st.integers(1, 500)))
def test_the_more_words_dots_leave_out_the_more_bits_they_take(left_out: tuple[int, int]) -> None:
    fewer, more = (
        difference_bits([Edit("delete", "...", " ".join(["word"] * count), 0, count - 1, "omission")])
        for count in sorted(left_out)
    )
    assert 0 < fewer <= more


def test_an_idiom_beside_a_bracket_of_the_writer_has_no_place(tmp_path: Path) -> None:
    with make_library(tmp_path, [f"{SPEECH} {IDIOM} {OTHER}"] * 60) as store:
        assert verify(store, f"(three-legged races in the park) {IDIOM}").kind != "verbatim"


@pytest.mark.parametrize(("elsewhere", "kind"), [(0, "paraphrase"), (6, "not found")])
def test_content_words_that_stand_together_elsewhere_are_no_paraphrase(
    tmp_path: Path, elsewhere: int, kind: str
) -> None:
    said = "the velvet crocodile swallowed a saxophone near the observatory"
    turned = "A saxophone near our observatory, they told us, was swallowed by that velvet crocodile"
    others = [f"{OTHER} a crocodile of velvet swallowed some saxophone near an observatory {SPEECH}"] * elsewhere
    with make_library(tmp_path, [f"{SPEECH} {said} {OTHER}", SPEECH, OTHER, *others]) as store:
        assert verify(store, turned).kind == kind
