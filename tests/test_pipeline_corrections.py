"""Names are corrected by the glossary, the recognised text is kept, and ordinary words stay as they are."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_sample import Sample

from index.language.sentences import split_sentences
from index.language.tokens import tokenize
from index.transcript import Transcript, Word
from pipeline.transcription.corrections import correct_names, sound_distance
from pipeline.transcription.glossary import Glossary, GlossaryName

NAMES = Glossary(
    (
        GlossaryName("Daniel Okafor"),
        GlossaryName("Helen Marsh"),
        GlossaryName("Port Ellery"),
        GlossaryName("Kubernetes", ("cooper netties",)),
        GlossaryName("Jo\u00e3o Pessoa"),
        GlossaryName("Ng", ("ing",)),
    )
)


def transcript(text: str, language: str | None = "en") -> Transcript:
    words = tuple(Word(f" {word}", n * 0.5, n * 0.5 + 0.4, 0.9 - n / 1000) for n, word in enumerate(text.split()))
    return Transcript(language, "fake", "tiny", "{}", "aligned", words, split_sentences(words, language))


def corrected(text: str, language: str | None = "en") -> str:
    return correct_names(transcript(text, language), NAMES).text.strip()


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("I'm Daniel Akhofer.", "I'm Daniel Okafor."),
        ("and I'm Akafir.", "and I'm Okafor."),
        ("That is Akhofer's theater.", "That is Okafor's theater."),
        ("That is \u201cAkafir\u2019s\u201d play.", "That is \u201cOkafor\u2019s\u201d play."),
        ("Come to Port Ellory, and stay.", "Come to Port Ellery, and stay."),
        ("Come to Portellery.", "Come to Port Ellery."),
        ("Thank you, Okah for.", "Thank you, Okafor."),
        ("This is Helen March.", "This is Helen Marsh."),
        ("We run it on Cooper Netties, too.", "We run it on Kubernetes, too."),
        ("ask Ing about it.", "ask Ng about it."),
        ("ask okafor about it.", "ask Okafor about it."),
        ("He lives in Joao Pessoa now.", "He lives in Jo\u00e3o Pessoa now."),
    ],
)
def test_a_name_that_sounds_alike_is_written_as_in_the_glossary(heard: str, written: str) -> None:
    assert corrected(heard) == written


@pytest.mark.parametrize(
    "text",
    [
        "They march in March over the marsh to the port.",
        "Any celery at the port today?",
        "Daniel is here. Helen is there.",
        "In Helen, March is cold.",
        "Welcome, Mr. Kaufer and Mrs. Hillary Kefir.",
        "Sing a song, Inga.",
        "Daniel Okafor's guest is Helen Marsh of Port Ellery.",
        "The cooper is here.",
    ],
)
def test_what_is_right_or_an_ordinary_word_stays(text: str) -> None:
    shown = correct_names(transcript(text), NAMES)
    assert shown == transcript(text)


def test_what_was_heard_is_kept_with_times_and_probability() -> None:
    before = transcript("Thank you, Daniel Akhofer.")
    after = correct_names(before, NAMES)
    assert [word.heard for word in after.words] == [None, None, None, "Akhofer"]
    was, now = before.words[-1], after.words[-1]
    assert (now.start, now.end, now.probability) == (was.start, was.end, was.probability)


def test_words_that_become_one_name_are_one_word_of_all_their_time() -> None:
    before = transcript("Thank you, Okah for. We run Cooper Netties.")
    after = correct_names(before, NAMES)
    name = after.words[2]
    assert (name.text, name.heard) == (" Okafor.", "Okah for")
    assert (name.start, name.end) == (before.words[2].start, before.words[3].end)
    assert name.probability == before.words[3].probability
    assert [after.segment_text(segment) for segment in after.segments] == [" Thank you, Okafor.", " We run Kubernetes."]


def test_where_no_words_are_known_only_the_listed_forms_are_corrected() -> None:
    assert corrected("Akhofer, Ing", "sw") == "Akhofer, Ng"


def test_sounds_and_letters_both_count() -> None:
    assert sound_distance("akafir", "okafor") is not None
    assert sound_distance("okafor", "okafor") == 0
    assert sound_distance("kaufer", "okafor") is None
    assert sound_distance("li", "lee") is None


TEXTS = st.lists(
    st.sampled_from(
        ["Daniel", "Akhofer", "Okah", "for", "Port", "Ellory.", "Helen", "March", "-", "Cooper", "Netties's"]
    ),
    max_size=12,
)


@given(TEXTS)
def test_whatever_is_corrected_the_laws_of_a_transcript_hold(texts: list[str]) -> None:
    before = transcript(" ".join(texts))
    after = correct_names(before, NAMES)
    assert "".join(map(after.segment_text, after.segments)) == after.text
    assert all(word.start <= following.start for word, following in pairwise(after.words))
    assert len(after.segments) == len(before.segments)
    changed = [word for word in after.words if word not in before.words]
    assert all(word.heard for word in changed)
    assert correct_names(after, NAMES).text == after.text


@pytest.mark.weights
def test_with_a_glossary_the_names_of_the_sample_are_right_and_nothing_else_changes(sample: Sample) -> None:
    before, truth = sample.transcript(), sample.recording("faster-whisper")
    names = ("Daniel Okafor", "Helen Marsh", "Port Ellery")
    after = correct_names(before, Glossary(tuple(map(GlossaryName, names))))
    said, heard, written = (Counter({name: text.count(name) for name in names})
                            for text in (truth.text, before.text, after.text))  # fmt: skip
    assert heard <= written <= said, "a right name stays, and none is written that was not said"
    assert written.total() >= 0.75 * said.total(), "tiny.en alone gets about half of them right"
    # Only a name is written for another word, and only where it is said.
    for word in after.words:
        if word.heard is not None:
            assert any(word.text.strip(" .,?!").removesuffix("'s") in name for name in names), word
            (there,) = [u for u in truth.utterances if u.start - 0.5 <= word.start and word.end <= u.end + 0.5]
            assert any(name in there.text for name in names), word
    told = " ".join(word.text if word.heard is None else word.heard for word in after.words)
    assert tokenize(told) == tokenize(before.text), "the recognised words are kept, and every other word stays"
    unrelated = Glossary(
        (
            GlossaryName("Kowalczyk"),
            GlossaryName("Marisol Etxeberria"),
            GlossaryName("Beauchamp"),
            GlossaryName("Tolliver"),
        )
    )
    assert correct_names(before, unrelated) == before
