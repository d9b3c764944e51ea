"""Splitting words into sentences by punctuation and pauses."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.sentences import MAX_SENTENCE_SECONDS, MAX_WORDS, split_sentences
from index.transcript import Word


def speak(text: str, *, separator: str = " ") -> list[Word]:
    """Words of 0.35 s; ``_`` is half a second of silence."""
    words: list[Word] = []
    now = 0.0
    for piece in text.split(" "):
        now += 0.5 * (len(piece) - len(piece.lstrip("_")))
        if piece.lstrip("_"):
            words.append(Word(separator + piece.lstrip("_"), now, now + 0.35, 0.9))
            now += 0.35
    return words


def sentences(words: list[Word], language: str | None = "en") -> list[str]:
    return [
        "".join(word.text for word in words[segment.first : segment.last + 1]).strip()
        for segment in split_sentences(words, language)
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello there. | How are you? | Fine!", "en"),
        ("Dr. J. K. Rowling met Mr. Smith at 5 p.m. on Monday. | Then she left.", "en"),
        ("He lives in the U.S. | We do not.", "en"),
        ("The U.S. Senate voted. | It passed.", "en"),
        ("It rose by 3.5 percent in 2014. | Nobody knew.", "en"),
        ("Kurt from Fly.io. | Build it with a Ph.D. Student.", "en"),
        ("No. | I said No. 5 is alive.", "en"),
        ('She said "Stop!" and left. | "Why?" | Nobody knew (really.) | Well.', "en"),
        ("I thought... well, maybe not. | So do I. | Good.", "en"),
        ("Many use tools, e.g. Python or C. | It works.", "en"),
        ("Am 14. Oktober kam z.B. Dr. Weber. | Das war gut.", "de"),
        ("El Sr. García llegó. | ¿Quién es? | ¡Nadie!", "es"),
        ("M. Dupont et Mme. Curie sont là. | C'est bien.", "fr"),
        ("O Dr. Silva chegou. | Ele saiu.", "pt"),
        ("Il Sig. Rossi è qui. | Non parla.", "it"),
        ("Mevr. Jansen kwam, d.w.z. Anna. | Dat was het.", "nl"),
        ("यह अच्छा है। | क्या?", "hi"),
        ("كيف حالك؟ | بخير", "ar"),
    ],
)
def test_punctuation_ends_a_sentence_unless_it_belongs_to_a_word(text: str, language: str) -> None:
    expected = text.split(" | ")
    assert sentences(speak(text.replace(" | ", " ")), language) == expected


def test_a_script_without_spaces() -> None:
    words = speak("你好。 今天 天气 很好， 是吗？ 」 对", separator="")
    assert sentences(words, "zh") == ["你好。", "今天天气很好，是吗？」", "对"]


def test_a_number_in_two_words_is_one() -> None:
    words = [Word(" It's", 0, 0.3), Word(" 3.", 0.3, 0.6), Word("5.", 0.6, 0.9), Word(" Good.", 1, 1.3)]
    assert sentences(words) == ["It's 3.5.", "Good."]


@pytest.mark.parametrize(
    "text",
    [
        "And I knew, __there's more to come.",
        "And I knew ____that there's more to come.",
        "I said, ____There's more to come.",
        "Mr. ___Smith is here.",
    ],
)
def test_a_dramatic_pause_does_not_end_a_sentence(text: str) -> None:
    assert len(sentences(speak(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "And I knew ___There's more.",
        "And I knew, _______there's more.",
        "Wait. ____iPhones.",
        "In the U.S. __Senators.",
    ],
)
def test_a_long_silence_ends_one(text: str) -> None:
    assert len(sentences(speak(text))) == 2


def test_without_punctuation_breaths_decide() -> None:
    words = speak("so that is what we did __and then we left __nobody saw us")
    assert sentences(words) == ["so that is what we did", "and then we left", "nobody saw us"]
    opening = speak("We began. La " + "la " * 20 + "__" + "lo " * 20 + "end.")
    assert [len(text.split()) for text in sentences(opening)] == [2, 21, 21]


def test_a_sentence_without_end_is_cut_at_its_longest_pause() -> None:
    words = speak("Well. On " + "on " * 29 + "_" + "and " * 35 + "done.")
    assert [len(text.split()) for text in sentences(words)] == [1, 30, 36]


def test_no_words_and_one_word() -> None:
    assert split_sentences([]) == ()
    assert sentences(speak("Yes")) == ["Yes"]


TEXTS = st.sampled_from(["so", "I", "Mr.", "end.", "what?", "well,", "3.", "U.S.", "好。", "”", "", "J.", "...", "And"])


@given(
    st.lists(st.tuples(TEXTS, st.sampled_from([0.0, 0.2, 0.8, 1.6, 4.0])), max_size=200),
    st.sampled_from(["en", "de", None]),
)
def test_sentences_cover_all_words_in_order_and_end_for_a_reason(
    spoken: list[tuple[str, float]], language: str | None
) -> None:
    words: list[Word] = []
    now = 0.0
    for text, pause in spoken:
        words.append(Word(f" {text}", now + pause, now + pause + 0.35))
        now += pause + 0.35
    segments = split_sentences(words, language)
    covered = [row for segment in segments for row in range(segment.first, segment.last + 1)]
    assert covered == list(range(len(words)))
    for segment, following in pairwise(segments):
        silent = words[following.first].start - words[segment.last].end >= 0.7
        said = "".join(word.text for word in words[: segment.last + 1])
        punctuated = said.rstrip(" ”")[-1:] in tuple(".!?。…")
        together = words[following.last].end - words[segment.first].start
        long = following.last - segment.first + 1 > MAX_WORDS / 2 or together > MAX_SENTENCE_SECONDS / 2
        assert silent or punctuated or long
    for segment in segments:
        assert segment.last - segment.first < MAX_WORDS
