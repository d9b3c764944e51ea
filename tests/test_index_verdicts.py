"""Verdicts: the same words are verbatim in any spelling, and a changed word never is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from libraries import make_library, make_transcript
from quoting import OTHER, SPEECH, quote, verify

from audio.timecode import Span
from index.fulltext.maintenance import OpenIndex
from index.storage.store import Store
from index.transcript import Segment, Transcript
from index.verification.verdicts import verify_quotation
from index.verification.word_forms import read_forms

WORDS = SPEECH.split()


def kind_of(two_episodes: OpenIndex, text: str) -> str:
    return verify_quotation(quote(text), two_episodes).kind


WORD_RANGE = st.tuples(st.integers(0, len(WORDS) - 8), st.integers(8, 24)).map(lambda at: WORDS[at[0] : at[0] + at[1]])
LIBRARY = settings(max_examples=30)


@given(WORD_RANGE, st.sampled_from([str, str.upper, str.lower]))
@example(words=["have", "it.", "The", "U.S.", "Coast", "Guard"], letters=str.upper)
@LIBRARY
def test_what_was_said_is_verbatim(two_episodes: OpenIndex, words: list[str], letters: Callable[[str], str]) -> None:
    assume("forty" not in words[-1:] and "thousand" not in words[:1])
    assert kind_of(two_episodes, letters(" ".join(words))) == "verbatim"


@given(WORD_RANGE, st.data())
@LIBRARY
def test_a_changed_word_negation_or_number_is_never_verbatim_nor_cleaned(
    two_episodes: OpenIndex, words: list[str], data: st.DataObject
) -> None:
    (forms,) = [read_forms(words, "en")]
    places = [
        first
        for form, first, last in zip(forms.forms, forms.firsts, forms.lasts, strict=True)
        if form.kind in ("content", "name", "number", "negation") and first == last
    ]
    place = data.draw(st.sampled_from(places))
    number = any(form.kind == "number" for form, first in zip(forms.forms, forms.firsts, strict=True) if first == place)
    # Without its first or last word, the rest of a quotation is still verbatim.
    dropped = words[place] in ("never", "nobody") and 0 < place < len(words) - 1
    other = "" if dropped else "77" if number else "crocodile"
    changed = " ".join([*words[:place], other, *words[place + 1 :]])
    assert kind_of(two_episodes, changed) not in ("verbatim", "cleaned")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The wind took half of the roof. I stood in the front row", "verbatim"),
        ("and we did not have it. The US coast guard gave us a crane", "verbatim"),
        ("There is more to come, and it is going to begin this winter", "verbatim"),
        ("gave us a crane ... and the school sold cakes every Friday for a year", "altered"),  # "nobody" is left out
        ("you know, asked for ... and we didn't have it", "verbatim"),
        ("The first builder asked for $40,000", "cleaned"),
        ("the school sold cakes [on] every Friday for a year", "verbatim"),
        ("the school (ours) sold cakes (every Friday) for a year", "verbatim"),
        ("the school sold (cakes every Monday) for a year", "altered"),  # round brackets around what was said
        ("the school sold c**** every Friday for a year", "verbatim"),
        ("and the school sold the cakes every Friday of a year", "cleaned"),
        ("people come for the wine and they stay for the wine", "altered"),
        ("dollars, and we did have it. The U.S. Coast Guard", "altered"),
        ("The first builder asked for fifty thousand dollars", "altered"),
        ("We stopped rehearsing in the old harbour kitchen", "altered"),
        ("The school sold cakes every Friday. The wind took half of the roof.", "spliced"),
        ("I would sell my own boat before I let them tear it down", "not found"),
        # From two episodes: a splice is of one, and half a quotation is only a lead.
        ("beans between the rows of lavender and we never stopped rehearsing in the old", "not found"),
        ("xylophone", "not found"),
        ("", "not found"),
        ("...", "not found"),
        ("?! —", "not found"),
        ("больше не будет", "not found"),
        ("the stars", "verbatim"),
    ],
)
def test_the_table(two_episodes: OpenIndex, text: str, kind: str) -> None:
    verdict = verify_quotation(quote(text), two_episodes)
    assert verdict.kind == kind, verdict.reason
    assert verdict.reason.endswith(".")
    assert 0 <= verdict.confidence <= 1
    assert len(verdict.parts) == {"not found": 0, "spliced": 2}.get(kind, 1)


def test_the_parts_of_a_splice_come_in_the_order_of_the_quotation(two_episodes: OpenIndex) -> None:
    text = "The school sold cakes every Friday. The wind took half of the roof."
    verdict = verify_quotation(quote(text), two_episodes)
    first, second = verdict.parts
    assert second.last < first.first
    assert [part.quoted for part in verdict.parts] == [(0, 5), (6, 12)]
    assert "another order" in verdict.reason


def test_dots_over_another_speaker_are_told(tmp_path: Path) -> None:
    transcript = make_transcript("we sold cakes on every friday yes you did and the town paid for the crane")
    segments = (Segment(0, 5, "Helen"), Segment(6, 8, "Daniel"), Segment(9, 15, "Helen"))
    with make_library(tmp_path, [OTHER, "x"]) as store:
        store.save_transcript("episode-b", replace(transcript, segments=segments))
        verdict = verify(store, "we sold cakes on every friday ... and the town paid for the crane")
    assert verdict.kind == "verbatim"
    assert "leave out 3 words" in verdict.reason
    assert "another speaker" in verdict.reason


def library_with(folder: Path, transcript: Transcript) -> Store:
    store = make_library(folder, [OTHER, "x"])
    store.save_transcript("episode-b", transcript)
    return store


def unsure(transcript: Transcript, *texts: str) -> Transcript:
    words = tuple(
        replace(word, probability=0.2) if word.text.strip().strip(".,") in texts else word for word in transcript.words
    )
    return replace(transcript, words=words)


def test_where_the_recogniser_was_unsure_it_cannot_be_told(tmp_path: Path) -> None:
    sure, doubtful = make_transcript(SPEECH), unsure(make_transcript(SPEECH), "play")
    text = "People come for the wine and they stay for the wine"
    with library_with(tmp_path / "sure", sure) as store:
        assert verify(store, text).kind == "altered"
    with library_with(tmp_path / "doubtful", doubtful) as store:
        verdict = verify(store, text)
    assert verdict.kind == "cannot tell"
    assert "the words that differ were recognised with low confidence: play" in verdict.reason


def test_a_gap_where_words_are_missing_cannot_be_told(tmp_path: Path) -> None:
    transcript = make_transcript(SPEECH)
    place = WORDS.index("sold")
    gap = Span(transcript.words[place].end, transcript.words[place].end + 0.2)
    text = "and the school sold hundreds of lemon cakes every Friday for a year"
    with library_with(tmp_path / "whole", transcript) as store:
        assert verify(store, text).kind == "altered"
    with library_with(tmp_path / "gap", replace(transcript, gaps=(gap,))) as store:
        assert verify(store, text).kind == "cannot tell"


def test_half_a_word_is_not_what_was_said(two_episodes: OpenIndex) -> None:
    assert kind_of(two_episodes, "asked for forty thousand dollars, and we did") == "altered"


def test_only_the_transcripts_asked_for_count(two_episodes: OpenIndex) -> None:
    store = two_episodes.store
    garden = next(number for number, episode in store.transcripts().items() if episode == "episode-a")
    assert verify(store, "the wind took half of the roof").kind == "verbatim"
    assert verify(store, "the wind took half of the roof", {garden}).kind == "not found"
