"""Quotations are located to the word in any spelling, with their differences word by word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libraries import make_library
from quoting import OTHER, SPEECH, locate, locate_in

from index.fulltext.maintenance import OpenIndex

WORDS = SPEECH.split()
CHANGES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "capitals": str.upper,
    "small letters": str.lower,
    "without marks": lambda text: "".join(c for c in text if c.isalnum() or c in " '"),
    "other marks": lambda text: text.replace(",", " —").replace(".", "!").replace("'", "’"),
    "accents": lambda text: text.replace("e", "é"),
    "long forms": lambda text: text.replace("'s", " is").replace("gonna", "going to").replace("didn't", "did not"),
    "figures": lambda text: text.replace("forty thousand", "40,000").replace("fourteenth", "14th"),
    "American": lambda text: text.replace("harbour", "harbor").replace("colour", "color"),
}


@given(
    first=st.integers(0, len(WORDS) - 4),
    length=st.integers(4, 40),
    change=st.sampled_from(sorted(CHANGES)),
)
@settings(max_examples=40)
def test_what_was_said_is_found_to_the_word_in_any_letters(
    two_episodes: OpenIndex, first: int, length: int, change: str
) -> None:
    last = min(first + length, len(WORDS)) - 1
    assume("forty" not in (WORDS[first - 1], WORDS[last]))  # half of a number is another number
    text = CHANGES[change](" ".join(WORDS[first : last + 1]))
    match = locate_in(two_episodes, text)[0]
    assert match.episode.title == "episode b"
    assert (match.first, match.last) == (first, last)
    assert match.similarity == 1
    assert {edit.op for edit in match.edits} == {"equal"}
    assert match.span.start == pytest.approx(0.35 * first, abs=0.001)
    assert match.span.end == pytest.approx(0.35 * (last + 1), abs=0.001)


@given(
    st.lists(st.sampled_from([*WORDS, "never", "26", "[so]", "...", "crocodile", "—", "s***"]), min_size=3, max_size=25)
)
@settings(max_examples=40)
def test_edits_joined_are_the_quotation_and_the_speech(two_episodes: OpenIndex, quoted: list[str]) -> None:
    matches = locate_in(two_episodes, " ".join(quoted))
    assert matches or len(set(quoted) & set(WORDS)) < 4, "four words that were said must have a match"
    for match in matches:
        said = "".join(two_episodes.store.texts(match.transcript, match.first, match.last)).split()
        assert " ".join(edit.said for edit in match.edits).split() == said
        assert " ".join(edit.quoted for edit in match.edits).split() == quoted
        assert 0 <= match.similarity <= 1
        numbers = [
            n for e in match.edits if e.first is not None and e.last is not None for n in range(e.first, e.last + 1)
        ]
        assert numbers == list(range(match.first, match.last + 1))


def test_each_difference_is_told_for_what_it_is(two_episodes: OpenIndex) -> None:
    def differences(text: str) -> list[tuple[str, str, str, str | None]]:
        match = locate_in(two_episodes, text)[0]
        return [(e.op, e.quoted, e.said, e.difference) for e in match.edits if e.difference]

    assert differences("the first builder asked for forty thousand dollars") == [("delete", "", "you know,", "filler")]
    assert differences("asked for fifty thousand dollars and we didn't have it") == [
        ("replace", "fifty thousand", "forty thousand", "number")
    ]
    assert differences("dollars, and we did have it") == [("replace", "did", "didn't", "negation")]
    assert differences("come for the wine and they stay for the wine") == [("replace", "wine", "play", "content")]
    assert differences("never stopped rehearsing in an old harbour kitchen") == [("replace", "an", "the", "small word")]
    assert differences("for the wine. We never stopped rehearsing") == [("delete", "", "We,", "repeat")]
    assert differences("gave us a crane ... and the school sold cakes") == [
        ("delete", "", "which nobody believed,", "omission")
    ]
    assert differences("it is going to begin this winter") == [("equal", "it is going to", "it's gonna", "spelling")]
    assert differences("[The town] never stopped rehearsing in the old harbour kitchen") == [
        ("insert", "[The town]", "", "insertion")
    ]


def test_a_long_quotation_over_many_passages_is_found_whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    words = [f"{WORDS[n % len(WORDS)].strip('.,')}{n // 7}" for n in range(1500)]
    with make_library(tmp_path_factory.mktemp("long"), [" ".join(words)]) as store:
        match = locate(store, " ".join(words[300:1100]), 1)[0]
    assert (match.first, match.last, match.similarity) == (300, 1099, 1)


def test_the_same_words_said_twice_are_two_matches(tmp_path_factory: pytest.TempPathFactory) -> None:
    texts = ["we set sail at dawn and then again we set sail at dawn " + OTHER, "they say we set sail at dawn"]
    with make_library(tmp_path_factory.mktemp("twice"), texts) as store:
        perfect = [match for match in locate(store, "We set sail at dawn.") if match.similarity == 1]
        assert sorted((match.episode.title, match.first) for match in perfect) == [
            ("episode a", 0), ("episode a", 8), ("episode b", 2)
        ]  # fmt: skip
        assert len(locate(store, "We set sail at dawn.", limit=2)) == 2


def test_only_the_transcripts_asked_for_are_searched(tmp_path_factory: pytest.TempPathFactory) -> None:
    with make_library(tmp_path_factory.mktemp("within"), [SPEECH, SPEECH]) as store:
        for number, episode in store.transcripts().items():
            found = locate(store, "the wind took half of the roof", within={number})
            assert {match.episode.id for match in found} == {episode}
        assert locate(store, "the wind took half of the roof", within=set()) == []


def test_a_word_that_was_misheard_does_not_hide_the_place(two_episodes: OpenIndex) -> None:
    match = locate_in(two_episodes, "the wined tuck half of the ruf")[0]
    assert match.episode.title == "episode b"
    said = two_episodes.store.texts(match.transcript, match.first, match.last)
    assert "".join(said).strip() == "the wind took half of the roof."


@pytest.mark.parametrize("text", ["", "   ", "...", "—", "?!", "[...]", "“”"])
def test_a_text_without_words_is_nowhere(two_episodes: OpenIndex, text: str) -> None:
    assert locate_in(two_episodes, text) == []


@pytest.mark.parametrize("text", ["крыша сорвана ветром", "屋根が飛んだ", "zzyzx", "crocodile xylophone"])
def test_what_shares_no_word_is_nowhere(two_episodes: OpenIndex, text: str) -> None:
    assert locate_in(two_episodes, text) == []


@pytest.mark.parametrize(
    ("language", "said", "quoted"),
    [
        (
            "de",
            "Die Fähre kam nicht, weil der Sturm über Nacht die Straße verschüttet hatte.",
            "Sturm über Nacht die Strasse",
        ),
        ("ru", "Ветер сорвал половину крыши, и мы видели звёзды над сценой.", "ветер сорвал половину крыши"),
        ("ja", "風 が 屋根 の 半分 を 吹き飛ばし て、 星 が 見え まし た。", "屋根の半分を吹き飛ばして"),
    ],
)
def test_other_languages_and_scripts_are_found(
    tmp_path_factory: pytest.TempPathFactory, language: str, said: str, quoted: str
) -> None:
    with make_library(tmp_path_factory.mktemp(language), [said], language) as store:
        match = locate(store, quoted, 1)[0]
    assert match.similarity == 1


def test_an_empty_library_holds_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    with make_library(tmp_path_factory.mktemp("empty"), []) as store:
        assert locate(store, "the wind took half of the roof") == []


def test_passages_that_hold_more_of_the_words_apart_do_not_hide_the_place(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    apart = "Ninety people came. She will talk about it, we were going to talk, and then I'm going home at ten."
    said = "On Monday I'm going to talk about two."
    with make_library(tmp_path_factory.mktemp("apart"), [*[apart] * 20, said]) as store:
        (match,) = locate(store, "I'm going to talk about ninety", 1)
        assert match.episode.title == "episode u"


def test_dots_may_leave_out_minutes_between_pieces_that_stand_singly_elsewhere(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    one, other = "the crocodile sold seventeen violins", "nobody believed the harbour master"
    between = " ".join(f"and then came number {number}," for number in range(200))
    texts = [f"{between} {one} {between} {other} {between}", f"{one} {between}", f"{between} {other}"]
    with make_library(tmp_path_factory.mktemp("dots"), texts) as store:
        match, *_ = locate(store, f"{one} ... {other}")
    assert (match.episode.title, match.similarity) == ("episode a", 1)
    assert match.last - match.first + 1 == len(f"{one} {between} {other}".split())
