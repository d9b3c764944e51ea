"""Names are corrected by the glossary, the recognised text is kept, and ordinary words stay as they are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measuring import INTERVIEW, load_utterances

from index.language.sentences import split_sentences
from index.transcript import Transcript, Word
from pipeline.engines.choose import EngineSpec, load_engine
from pipeline.transcription.assembly import assemble_transcript
from pipeline.transcription.corrections import correct_names, sound_distance
from pipeline.transcription.glossary import Glossary, Name
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan
from pipeline.transcription.transcribe import transcribe_media

NAMES = Glossary(
    (
        Name("Daniel Okafor"),
        Name("Helen Marsh"),
        Name("Port Ellery"),
        Name("Kubernetes", ("cooper netties",)),
        Name("Jo\u00e3o Pessoa"),
        Name("Ng", ("ing",)),
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
def test_the_names_of_the_sample_are_right_with_a_glossary_and_nothing_else_changes() -> None:
    options = TranscriptionOptions(EngineSpec("faster-whisper", "tiny.en", "cpu"), "en")
    plan, *groups = transcribe_media(INTERVIEW, load_engine(options.engine, threads=2), options)
    assert isinstance(plan, Plan)
    texts = [text for group in groups if isinstance(group, Group) for text in group.texts]
    before = assemble_transcript(plan, texts, options)
    names = Glossary((Name("Daniel Okafor"), Name("Helen Marsh"), Name("Port Ellery")))
    after = correct_names(before, names)
    for name in names.names:
        said = " ".join(utterance.text for utterance in load_utterances()).count(name.text)
        assert after.text.count(name.text) == said
    assert before.text.count("Okafor") < after.text.count("Okafor"), "tiny.en recognises it as something else"
    unchanged = [(word.text, after_word.text) for word, after_word in zip(before.words, after.words, strict=True)
                 if after_word.heard is None]  # fmt: skip
    assert all(text == same for text, same in unchanged)
    assert len(before.words) - len(unchanged) <= 2
    unrelated = Glossary((Name("Kowalczyk"), Name("Marisol Etxeberria"), Name("Beauchamp"), Name("Tolliver")))
    assert correct_names(before, unrelated) == before
