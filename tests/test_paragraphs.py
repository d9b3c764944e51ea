"""Speakers in paragraphs of news (tests/data/paragraphs.json), each with whom a careful reader names, or nobody."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from index.quotations.extraction import extract_quotations

PARAGRAPHS = json.loads(Path(__file__).with_name("data").joinpath("paragraphs.json").read_text(encoding="utf-8"))
LEAST_RIGHT, MOST_WRONG = 0.85, 0.02


def judge(true: str | None, found: str | None) -> str:
    """Whether a speaker is right, by the last name; another one is wrong, and none is not known."""
    if true is None or found is None:
        return "right" if true is found else "wrong" if true is None else "not known"
    return "right" if found.split()[-1] == true.split()[-1] else "wrong"


@pytest.mark.parametrize("paragraph", PARAGRAPHS, ids=lambda one: one["text"][:40])
def test_every_quotation_of_a_paragraph_is_found(paragraph: dict[str, object]) -> None:
    found = [one for one in extract_quotations(str(paragraph["text"])).quotations if not one.fragment]
    assert len(found) == len(paragraph["speakers"])  # type: ignore[arg-type]


def test_most_speakers_are_right_and_hardly_any_is_wrong() -> None:
    judged = Counter(
        judge(true, one.speaker)
        for each in PARAGRAPHS
        for true, one in zip(
            each["speakers"], (q for q in extract_quotations(each["text"]).quotations if not q.fragment), strict=True
        )
    )
    assert judged["right"] >= LEAST_RIGHT * judged.total(), judged
    assert judged["wrong"] <= MOST_WRONG * judged.total(), judged
