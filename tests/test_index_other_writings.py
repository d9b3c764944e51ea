"""Abbreviations and compounds are found in each way to write them, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import airquote
from hypothesis import given
from hypothesis import strategies as st

from index.language.other_writings import other_writings
from index.language.tokens import tokenize

SPOKEN = (
    "The U.S. spends more on R&D, and the U.K. does not.",
    "They told us that it was over; the NATO meeting is at nine.",
    "An F-16 and a Boeing B52 flew by on COVID-19 duty.",
    "She sent an e-mail about co-operation, and an email about a T-shirt.",
    "We work in the nonprofit sector with an ice cream van.",
)


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    """The library, with one sentence every ten seconds."""
    file = tmp_path / "talk.srt"
    file.write_text(
        "".join(
            f"{row + 1}\n00:00:{10 * row:02},000 --> 00:00:{10 * row + 9:02},000\n{text}\n\n"
            for row, text in enumerate(SPOKEN)
        )
    )
    assert airquote("import", file).code == 0
    return file


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("U.S.", [0]), ("UK", [0]), ("U.K.", [0]), ('"the UK does"', [0]), ("us", [1]), ("N.A.T.O.", [1]),
        ("near(UK, spends, 9s)", [0]), ("F16", [2]), ("F-16", [2]), ('"F 16"', [2]), ("B-52", [2]), ('"B 52"', [2]),
        ("COVID19", [2]), ("covid-19", [2]), ("email", [3, 3]), ("e-mail", [3, 3]), ('"an email about"', [3, 3]),
        ("cooperation", [3]), ("tshirt", [3]), ("non-profit", [4]), ("ice-cream", [4]), ("4-5", []),
        ("mail -email", []),
    ],
)  # fmt: skip
def test_each_writing_is_found(query: str, found: list[int], transcript: Path) -> None:
    assert transcript.exists()
    run = airquote("search", query, "--json", "--sort", "time")
    assert sorted(int(hit["start"] // 10) for hit in run.answers) == found
    assert run.code == (0 if found else 1)


def test_capitals_ask_for_the_country_too(transcript: Path) -> None:
    assert transcript.exists()
    found = {int(hit["start"] // 10) for hit in airquote("search", "US", "--json").answers}
    assert found == {0, 1}, "tokens do not tell US from us"


@pytest.mark.parametrize(
    "word", ["us", "it", "THE", "NOT", "4-5", "2024-05-31", "well", "energy", "U.S.", "I.T.", "a", ""]
)
def test_no_other_word_is_taken_for_an_abbreviation(word: str) -> None:
    assert other_writings(word) == ()


@given(st.text(alphabet="aeUSt16.-‑ ,é", max_size=12))
def test_another_writing_has_the_same_letters_and_digits(word: str) -> None:
    for other in other_writings(word):
        assert "".join(tokenize(other)) == "".join(tokenize(word))
        assert other != word
