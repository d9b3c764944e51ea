"""Abbreviations and compounds are found in each way to write them, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import airquote
from hypothesis import assume, given
from hypothesis import strategies as st
from libraries import add_spoken, add_text, hit_text, make_library, search

from index.language.capitals import ABBREVIATED, SENTENCE_REACH, tokenize_spoken
from index.language.other_writings import other_writings
from index.language.tokens import find_token_runs, tokenize
from index.query.parser import parse_query
from index.query.tree import Phrase, Term, parts_of
from index.storage.store import Store
from index.verification.word_forms import read_forms

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


@pytest.mark.parametrize("option", ["--context=0", "--count", "--facets=show"])
def test_the_answer_says_what_it_did_not_take_literally(transcript: Path, option: str) -> None:
    assert transcript.exists()
    capitals = airquote("search", '"the US spends more on R&D"', option)
    assert "US is read as the abbreviation (US, U.S.); us in small letters is the word." in capitals.err
    assert 'Equal in phrases: "US" and "U.S.".' in capitals.err
    said = airquote("search", '"about co-operation and an email about"', option).err
    assert '"email" and "e-mail"' in said
    assert '"cooperation"' not in said, "which the library does not have"
    assert 'Equal in phrases: "nine" in any notation.' in airquote("search", '"at nine"', option).err
    assert not {"abbreviation", "Equal"} & set(airquote("search", "they told us", option).err.split())


def test_a_search_for_the_other_of_word_and_abbreviation_says_how_to_ask(transcript: Path) -> None:
    assert transcript.exists()
    small = airquote("search", "us spends trillions")
    assert (small.code, "us in small letters is the word; US asks for the abbreviation" in small.err) == (1, True)
    assert "WHO is nowhere in the library as an abbreviation; who in small letters" in airquote("search", "WHO").err


AMBIGUOUS = {word: ".".join(word.upper()) + "." for word in sorted(ABBREVIATED)}
AROUND = ["the", "said", "Friday", "budget", "radio", "of", "and", "helps", "9", "ferries"]
SENTENCES = st.lists(st.sampled_from(AROUND), min_size=2, max_size=6)


def asked_tokens(query: str) -> set[tuple[str, ...]]:
    """The tokens of the leaves of a query of one word."""
    leaves = [one for one in parts_of(parse_query(query)) if isinstance(one, Term | Phrase)]
    return {(one.token,) if isinstance(one, Term) else tuple(map(str, one.parts)) for one in leaves}


def holds(texts: list[str], asked: set[tuple[str, ...]]) -> bool:
    """Whether one of these rows of tokens is in a transcript of these words."""
    tokens, _ = tokenize_spoken(texts, "en")
    return any(find_token_runs(tokens, row) for row in asked)


@given(st.sampled_from(sorted(AMBIGUOUS)), SENTENCES, st.data())
def test_dots_and_capitals_ask_for_the_abbreviation_and_small_letters_for_the_word(
    word: str, sentence: list[str], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(sentence)))
    for dotted in (word.upper(), AMBIGUOUS[word], AMBIGUOUS[word].lower()):
        asked = asked_tokens(dotted)
        for said in (word, word.capitalize(), f"{word},", f"“{word}”"):
            texts = [*sentence[:place], said, *sentence[place:]]
            assert not holds(texts, asked), (texts, dotted)
            assert holds(texts, asked_tokens(word)), (texts, word)
        for said in (word.upper(), AMBIGUOUS[word], f"({word.upper()})", f"{word.upper()}-led", f"{word.upper()}'s"):
            texts = [*sentence[:place], said, *sentence[place:], "here"]
            assert holds(texts, asked) or "'" in said, (texts, dotted)
            assert not holds(texts, asked_tokens(word)), (texts, word)


@given(st.sampled_from(sorted(AMBIGUOUS)), SENTENCES)
def test_in_a_sentence_in_capitals_a_word_is_the_word(word: str, sentence: list[str]) -> None:
    texts = ["Yes", "now.", *(one.upper() for one in [*sentence, "TELL", word, "TRULY!"]), "And", "so", "on."]
    assert not holds(texts, asked_tokens(AMBIGUOUS[word]))
    assert holds(texts, asked_tokens(word))


@given(st.sampled_from(sorted(AMBIGUOUS)), SENTENCES, st.data())
def test_no_verdict_takes_an_abbreviation_for_the_word(word: str, sentence: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sentence)))
    assume(sentence[max(0, place - 1) : place] != ["9"])  # 9 AM is a time of day
    small, *others = (
        read_forms(["Friday", *sentence[:place], said, *sentence[place:]], "en").forms for said in (word, word.upper())
    )
    (one,) = [form for form in small if form.key == word]
    for forms in others:
        assert not any({one.key, *one.also} & {form.key, *form.also} for form in forms)


@given(st.lists(st.sampled_from(["US", "IT", "WHO", "and", "Then", "now.", "THE", "us", "so"]), max_size=40), st.data())
def test_a_word_reads_the_same_in_every_part_of_its_transcript(texts: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(texts)))
    last = data.draw(st.integers(first, len(texts)))
    whole, owners = tokenize_spoken(texts, "en")
    begin = max(0, first - SENTENCE_REACH)
    part = range(first - begin, last - begin)
    tokens, numbers = tokenize_spoken(texts[begin : last + SENTENCE_REACH], "en", part)
    inside = [place for place, owner in enumerate(owners) if first <= owner < last]
    assert (tokens, numbers) == ([whole[place] for place in inside], [owners[place] - first for place in inside])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("US", ["US", "U.S."]), ("U.S.", ["US", "U.S."]), ("us", ["us", "US"]), ("USA", []),
        ('"the US spends"', ["the U.S. spends"]), ('"the US spend"', []),
        ('"tell us"', ["tell us", "TELL US"]), ('"tell US"', []), ("TELL US MORE", []), ("near(U.S., spends, 3s)",
         ["U.S. spends"]), ("speaker:ann US", ["U.S."]), ("speaker:ben US", ["US"]), ("troops -US", []),
        ("spends NOT us", ["spends"]), ("spends -US", []), ("us -U.S.", ["us"]), ('"spends US"~3', ["U.S. spends"]),
        ("aid*", ["AIDS", "aids"]), ("who", ["who"]), ("IT", ["IT"]), ("it", ["it"]), ("AM", ["AM", "AM."]),
        ("am", ["am"]), ("W.H.O.", ["WHO"]), ("9am", ["9 AM."]),
    ],
)  # fmt: skip
def test_abbreviations_are_told_apart_wherever_a_query_has_them(tmp_path: Path, query: str, found: list[str]) -> None:
    with Store.open(tmp_path, create=True) as store:
        add_spoken(store, "words", [("Ann Lee", "They tell us who I am, and that it aids them.")])
        add_spoken(store, "dots", [("Ann Lee", "You know the U.S. spends little.")])
        said = "TELL US! The WHO saw AIDS and US troops and IT staff on AM radio at 9 AM."
        add_spoken(store, "capitals", [("Ben", said)])
        bare = [hit_text(store, hit).strip(",!") for hit in search(store, query)]
        assert sorted(bare) == sorted(found)


def test_languages_without_these_words_do_not_tell_their_capitals_apart(tmp_path: Path) -> None:
    with make_library(tmp_path, ["Wir sind bei der IT, sagt us."], "de") as store:
        add_text(store, "english", "We know that it is IT staff.", "en")
        assert sorted(hit_text(store, hit) for hit in search(store, "IT")) == ["IT", "IT,"]
        assert sorted(hit_text(store, hit) for hit in search(store, "it")) == ["IT,", "it"]


@pytest.mark.parametrize("word", ["us", "it", "am", "THE", "NOT", "4-5", "2024-05-31", "well", "energy", "a", ""])
def test_no_other_word_is_taken_for_an_abbreviation(word: str) -> None:
    assert other_writings(word) == ()


@given(st.text(alphabet="aeUSn16.-‑ ,é'", max_size=12))  # without St, which is Saint
def test_another_writing_has_the_same_letters_and_digits(word: str) -> None:
    for other in other_writings(word):
        assert letters("".join(tokenize(other))) == letters("".join(tokenize(word)))
        assert other != word


def letters(text: str) -> str:
    return text.replace("'", "")
