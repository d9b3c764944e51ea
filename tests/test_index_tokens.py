"""Tokenization and folding, and that no letter or digit is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.common_words import COMMON_WORDS
from index.language.tokens import STEMMERS, find_token_runs, fold_text, fold_words, stem_token, tokenize, tokenize_words

# Letters with special folding, in addition to all of Unicode, so that they are drawn often.
TRICKY = (
    "aZßẞİıŉǅﬁøÆœŁđ½²①Ｑ゛ｶﾞが々ー東ไทยกำหนมြန်ខ្មែរहिन्दीশ্রীதமிழ்שָׁלוֹםمُحَمَّد_'’‘ʼ＇`´-.,$&+#♪\u0301\u0345\u200d\u00ad\u202e "
)
TEXTS = st.text(st.one_of(st.sampled_from(TRICKY), st.characters(exclude_categories=["Cs", "Cn"])), max_size=40)


@given(TEXTS)
def test_tokens_joined_by_spaces_are_the_same_tokens_again(text: str) -> None:
    tokens = tokenize(text)
    assert tokenize(" ".join(tokens)) == tokens


@given(TEXTS)
def test_every_letter_and_digit_of_the_folded_text_is_in_a_token(text: str) -> None:
    def carriers(part: str) -> list[str]:
        return [character for character in part if unicodedata.category(character)[0] in "LN" or character == "_"]

    text = "".join(character for character in text if not set(fold_text(character)) & set("&+#"))  # which are said
    assert carriers("".join(tokenize(text))) == carriers(fold_text(text))


@given(TEXTS)
def test_a_token_holds_only_letters_digits_marks_underscores_and_inner_apostrophes(text: str) -> None:
    for token in tokenize(text):
        assert token
        assert token[0] != "'" != token[-1]
        assert "''" not in token
        assert all(unicodedata.category(part)[0] in "LNM" or part in "_'" for part in token)


@pytest.mark.parametrize(
    ("written", "said"),
    [("R&D", "r and d"), ("AT&T", "at and t"), ("rock & roll", "rock and roll"), ("Q＆A", "q and a"),
     ("C++, C# and F#.", "c plus plus c sharp and f sharp"), ("an A+", "an a plus"), ("5+ a+b #1 c++17 Disney+ x#y",
      "5 a b 1 c 17 disney x y")],
)  # fmt: skip
def test_signs_are_the_words_that_are_said_for_them(written: str, said: str) -> None:
    assert tokenize(written) == tuple(said.split())


@given(st.text(st.sampled_from("abz09_'’ .-,$"), max_size=30))
def test_a_token_is_a_maximal_run(text: str) -> None:
    place = 0
    folded = fold_text(text)
    for token in tokenize(text):
        place = folded.index(token, place)
        before, after = folded[:place], folded[place + len(token) :]
        assert not before or not (before[-1].isalnum() or before[-1] == "_")
        assert not after or not (after[0].isalnum() or after[0] == "_")
        assert not (after[:1] == "'" and after[1:2] and (after[1].isalnum() or after[1] == "_"))
        place += len(token)


@given(TEXTS)
def test_folding_ignores_how_the_text_is_composed(text: str) -> None:
    assert tokenize(unicodedata.normalize("NFD", text)) == tokenize(unicodedata.normalize("NFC", text))


@given(st.text(st.characters(max_codepoint=0x24F), max_size=20))
def test_case_makes_no_difference_in_latin_script(text: str) -> None:
    assert tokenize(text.swapcase().casefold()) == tokenize(text.casefold()) == tokenize(text)


@given(st.lists(TEXTS, max_size=12))
def test_each_token_of_a_run_of_words_knows_its_word(texts: list[str]) -> None:
    tokens, owners = tokenize_words(texts)
    assert [
        [token for token, owner in zip(tokens, owners, strict=True) if owner == number] for number in range(len(texts))
    ] == [list(tokenize(text)) for text in texts]
    assert owners == sorted(owners)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I don't know a thing.", "i don't know a thing"),
        ("rock 'n' roll, ’tis the dogs' day", "rock n roll tis the dogs day"),
        ("o''clock 'quoted' it's_ok", "o clock quoted it's_ok"),
        ("U.S. 3.5 twenty-five $1,000", "u s 3 5 twenty five 1 000"),
        ("CAFÉ cafe\u0301 café", "cafe cafe cafe"),
        ("Straße STRASSE ﬁnd ＦＵＬＬ ½", "strasse strasse find full 1 2"),
        ("Øre Łódź Œuvre İstanbul ısı", "ore lodz oeuvre istanbul isi"),
        ("don’t don‘t donʼt don＇t don`t don´t", " ".join(["don't"] * 6)),
        ("co\u00adoperate na\u200cme \u202aleft\u202c", "cooperate name left"),
        ("Ёлка ёлка Βίος", "елка елка βιοσ"),
        ("♪ — … !?", ""),
        ("", ""),
    ],
)
def test_what_is_a_token(text: str, tokens: str) -> None:
    assert " ".join(tokenize(text)) == tokens


@given(TEXTS)
def test_words_are_folded_to_letters_and_digits_and_one_space_between_them(text: str) -> None:
    folded = fold_words(text)
    assert all(map(str.isalnum, folded.split(" "))) if folded else not any(map(str.isalnum, fold_text(text)))
    assert folded.replace(" ", "") == "".join(filter(str.isalnum, fold_text(text)))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        (" Don’t—STOP!", "dont stop"),
        ("the dogs' day", "the dogs day"),
        ("Ça va, nº 3.5?", "ca va no 3 5"),
        ("snake_case", "snake case"),
        ("ありがとう", "ありがとう"),
        (" … ", ""),
    ],
)
def test_how_words_are_folded(text: str, folded: str) -> None:
    assert fold_words(text) == folded


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("東京へ", ["東", "京", "へ"]),
        ("カメラ", ["カ", "メ", "ラ"]),
        ("ｶﾞ", ["カ\u3099"]),
        ("AIと話す2024年", ["ai", "と", "話", "す", "2024", "年"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("ที่", ["ที่"]),
    ],
)
def test_scripts_without_spaces_give_a_token_a_character_with_its_marks(text: str, tokens: list[str]) -> None:
    assert list(tokenize(text)) == [unicodedata.normalize("NFC", token) for token in tokens]


@pytest.mark.parametrize("word", ["हिन्दी", "বাংলা", "தமிழ்", "తెలుగు", "ಕನ್ನಡಿ", "മലയാളം"])
def test_vowel_signs_of_indic_scripts_are_no_accents(word: str) -> None:
    (token,) = tokenize(word)
    assert [unicodedata.category(part)[0] for part in token].count("M") >= 2
    assert tokenize("हल") != tokenize("हाल")


@pytest.mark.parametrize(
    ("pointed", "bare"), [("שָׁלוֹם", "שלום"), ("مُحَمَّد", "محمد"), ("\u202bשלום\u202c עולם", "שלום עולם")]
)
def test_scripts_written_from_right_to_left_are_found_with_and_without_points(pointed: str, bare: str) -> None:
    assert tokenize(pointed) == tokenize(bare)


@given(st.lists(st.sampled_from("ab"), max_size=12), st.lists(st.sampled_from("ab"), max_size=3))
def test_every_place_of_a_run_is_found(tokens: list[str], wanted: list[str]) -> None:
    expected = [place for place in range(len(tokens)) if wanted and tokens[place : place + len(wanted)] == wanted]
    assert find_token_runs(tokens, wanted) == expected


@pytest.mark.parametrize("language", [*STEMMERS, None, "xx"])
def test_every_language_has_a_stem_for_every_token(language: str | None) -> None:
    for token in ("running", "don't", "häuser", "s", "2024", "東", "_"):
        assert stem_token(token, language)
    if language not in STEMMERS:
        assert stem_token("running", language) == "running"


def test_common_words_are_folded_as_tokens_are() -> None:
    for words in COMMON_WORDS.values():
        assert all(tokenize(word) == (word,) for word in words)
