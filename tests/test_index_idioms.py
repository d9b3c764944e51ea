"""Words that many episodes say in a row are little evidence for one of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import make_library
from quoting import quote

from index.fulltext.maintenance import OpenIndex, open_index
from index.verification.edits import Edit
from index.verification.significance import WordRarity
from index.verification.verdicts import verify_quotation

IDIOM = "if you're watching the video"
ONCE = "when sailors paint the lighthouse"
EPISODES = [f"{opening} {IDIOM}, {closing}" for opening, closing in (
    ("Here is the anvil", "it glows in the dark."),
    ("You can see the harbour", "the boats come in at noon."),
    ("We baked the bread", "the crust is dark and thin."),
    ("The choir stands there", "they sing of the storm."),
)]  # fmt: skip
TALK = f"The keeper told us that {ONCE} nobody sleeps. Look at my orchard {IDIOM}, pears grow on every branch."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIndex]:
    """A library whose first episode has words of its own and an idiom that the others have too: an index."""
    with make_library(tmp_path_factory.mktemp("idioms"), [TALK, *EPISODES]) as store, open_index(store) as index:
        yield index


def weigh(index: OpenIndex, text: str) -> tuple[float, float]:
    """Return the bits of words of the first episode by themselves, and where the other episodes count."""
    rarity = WordRarity(index)
    edits = [Edit("equal", text, text, 0, len(text.split()) - 1)]
    episode = index.store.episodes()[0]
    facts = index.store.facts(episode.id)
    assert facts is not None
    return rarity.weigh_edits(edits, "en"), rarity.weigh_edits(edits, "en", facts.number)


def test_an_idiom_is_less_evidence_than_words_said_once(library: OpenIndex) -> None:
    alone, among = weigh(library, IDIOM)
    assert among < alone - 2
    once, once_among = weigh(library, ONCE)
    assert once_among > once - 1


@given(start=st.integers(0, len(TALK.split()) - 2), length=st.integers(1, 12))
def test_other_episodes_only_take_evidence(library: OpenIndex, start: int, length: int) -> None:
    alone, among = weigh(library, " ".join(TALK.split()[start : start + length]))
    assert 0 <= among <= alone + 1e-9


def test_an_idiom_with_another_word_beside_it_has_no_place(library: OpenIndex) -> None:
    assert verify_quotation(quote(f"the screen {IDIOM}"), library).kind == "not found"
    changed = ONCE.replace("paint", "clean")
    assert verify_quotation(quote(f"The keeper told us that {changed} nobody sleeps"), library).kind == "altered"
