"""Verdicts on quotations that were judged by hand, in a library of the speech that they quote."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from bench.quotes_judging import Judged, ask, verify
from judged_quotations import JudgedByHand, excerpt_id, fill_with_excerpts, load_judged

from index.fulltext.maintenance import open_index
from index.storage.store import Store

LEAST_AGREEMENT = 0.88
"""Of all quotations; 0.92 are judged as by hand."""

KINDS = {"verbatim", "cleaned", "altered", "spliced", "paraphrase", "not found", "cannot tell"}
SHOWS = {"afk", "bigtent", "friends", "jsparty", "news", "podcast", "practicalai", "rfc", "shipit"}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[JudgedByHand, Judged]]:
    """Every quotation with its verdict."""
    with Store.open(tmp_path_factory.mktemp("judged") / "library", create=True) as store:
        fill_with_excerpts(store)
        with open_index(store) as opened:
            return [(one, verify(ask(one.quotation), opened)[0]) for one in load_judged()]


def test_every_kind_and_show_is_among_the_quotations_judged_by_hand() -> None:
    judged = load_judged()
    assert len(judged) >= 200
    assert {kind for one in judged for kind in one.kinds} == KINDS
    assert {one.show for one in judged} >= SHOWS
    assert all(one.reason.endswith(".") for one in judged)
    assert len({(one.quotation, one.speech) for one in judged}) == len(judged)


def test_nobody_says_what_is_judged_not_found() -> None:
    said = " ".join(one.speech for one in load_judged() if one.speech)
    assert not any(one.quotation in said for one in load_judged() if one.speech is None)


def test_verbatim_ones_without_marks_and_numbers_are_in_their_excerpts() -> None:
    plain = re.compile(r"[a-z ]+")
    for one in load_judged():
        if one.kinds == ("verbatim",) and one.reason == "Word for word." and plain.fullmatch(one.quotation):
            assert one.speech
            assert one.quotation in re.sub(r"[^a-z ]", "", one.speech.lower())


def test_verdicts_agree_with_those_by_hand(verdicts: list[tuple[JudgedByHand, Judged]]) -> None:
    wrong = Counter((one.kinds[0], judged.kind) for one, judged in verdicts if judged.kind not in one.kinds)
    assert 1 - wrong.total() / len(verdicts) >= LEAST_AGREEMENT, wrong.most_common()


def test_places_are_in_the_excerpts_that_are_quoted(verdicts: list[tuple[JudgedByHand, Judged]]) -> None:
    for one, judged in verdicts:
        if judged.kind in one.kinds and judged.kind in ("verbatim", "cleaned", "altered", "spliced"):
            assert one.speech
            assert judged.places[0].episode == excerpt_id(one.speech), one.quotation


def test_other_words_are_not_called_verbatim(verdicts: list[tuple[JudgedByHand, Judged]]) -> None:
    harmless = {"verbatim", "cleaned", "cannot tell"}
    wrong = [one.quotation for one, judged in verdicts if judged.kind == "verbatim" and harmless.isdisjoint(one.kinds)]
    assert not wrong
