"""The scores of the transcription benchmark."""

from __future__ import annotations

from pathlib import Path

from bench.materials import Recording
from bench.scoring import lost_sentences, normalized, percentile_95
from measuring import Utterance

from index.transcript import Word

SENTENCES = ("The goat stood between the rails.", "No.", "It took us four days to go eleven miles.")


def heard(text: str) -> list[Word]:
    return [Word(f" {word}", float(place), place + 0.5) for place, word in enumerate(text.split())]


def interview() -> Recording:
    utterance = Utterance("G", 0.0, 10.0, " ".join(SENTENCES))
    return Recording(Path("interview.mp3"), 10.0, "en", utterance.text, (utterance,), SENTENCES)


def test_nothing_is_lost_of_what_was_heard() -> None:
    assert lost_sentences(interview(), heard(" ".join(SENTENCES))) == []


def test_a_sentence_of_which_most_is_missing_is_lost() -> None:
    assert lost_sentences(interview(), heard("The goat stood between the rails. No. It took.")) == [SENTENCES[2]]


def test_misheard_words_are_not_a_lost_sentence() -> None:
    text = "The coat stood between the rails. No. It took us for days to go eleven miles."
    assert lost_sentences(interview(), heard(text)) == []


def test_a_short_sentence_is_never_called_lost() -> None:
    assert lost_sentences(interview(), heard(f"{SENTENCES[0]} {SENTENCES[2]}")) == []


def test_texts_of_other_languages_keep_their_letters() -> None:
    assert normalized("¿Qué dijo el niño?", "es") == ["qué", "dijo", "el", "niño"]


def test_the_95th_percentile_lies_near_the_top() -> None:
    assert 94 <= percentile_95([float(value) for value in range(100)]) <= 96
    assert percentile_95([3.0]) == 3.0
