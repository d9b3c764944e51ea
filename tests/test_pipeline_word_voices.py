"""Who says each word: by turns, sentences and pauses; the segments still cover the words as they are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.voices.voice_turns import Diarization, Voice, VoiceTurn, find_overlaps
from index.language.sentences import split_sentences
from index.transcript import Segment, Transcript, Word
from pipeline.voices.labels import label_of, number_of
from pipeline.voices.word_voices import CHANGE_INSIDE, OVERLAP, SHORTEST_OVERLAP, assign_voices

SECONDS = st.floats(0.0, 60.0).map(lambda value: round(value, 2))


def diarized(*turns: VoiceTurn) -> Diarization:
    numbers = sorted({turn.voice for turn in turns})
    spoken = {number: sum(turn.span.duration for turn in turns if turn.voice == number) for number in numbers}
    return Diarization(tuple(Voice(number, spoken[number], None) for number in numbers), turns)


def said(text: str, start: float = 0.0, seconds: float = 0.3) -> list[Word]:
    """The words of a text without pauses."""
    return [
        Word(f" {word}", start + seconds * place, start + seconds * (place + 1))
        for place, word in enumerate(text.split())
    ]


def speakers(words: list[Word], *turns: VoiceTurn) -> list[tuple[str | None, str]]:
    segments = assign_voices(words, split_sentences(words, "en"), diarized(*turns))
    return [
        (segment.speaker, "".join(word.text for word in words[segment.first : segment.last + 1]).strip())
        for segment in segments
    ]


@st.composite
def talks(draw: st.DrawFn) -> tuple[tuple[Word, ...], tuple[Segment, ...], Diarization]:
    """Words in order, sentences that cover them, and turns of which those of one voice are apart."""
    starts = sorted(draw(st.lists(SECONDS, min_size=1, max_size=30)))
    words = tuple(Word(f" {place}", start, start + draw(st.floats(0.0, 1.0))) for place, start in enumerate(starts))
    firsts = sorted({0, *draw(st.sets(st.integers(0, len(words) - 1)))})
    flags = draw(st.sampled_from([(), ("low confidence",)]))
    segments = tuple(Segment(first, following - 1, None, flags) for first, following in pairwise([*firsts, len(words)]))
    turns = []
    for voice in range(1, draw(st.integers(0, 4)) + 1):
        moments = sorted(draw(st.sets(SECONDS, min_size=2, max_size=8)))
        turns += [VoiceTurn(start, end, voice) for start, end in zip(moments[::2], moments[1::2], strict=False)]
    return words, segments, diarized(*sorted(turns, key=lambda turn: turn.start))


@given(talks())
def test_segments_cover_all_words_in_order_inside_their_sentences(
    talk: tuple[tuple[Word, ...], tuple[Segment, ...], Diarization],
) -> None:
    words, sentences, diarization = talk
    segments = assign_voices(words, sentences, diarization)
    Transcript("en", "engine", "model", "{}", "aligned", words, segments)  # raises where they do not cover the words
    assert {segment.first for segment in sentences} <= {segment.first for segment in segments}
    voices: set[str | None] = {label_of(voice.number) for voice in diarization.voices} or {None}
    for segment in segments:
        (sentence,) = (one for one in sentences if one.first <= segment.first <= segment.last <= one.last)
        assert segment.speaker in voices
        assert set(segment.flags) - {OVERLAP} == set(sentence.flags)
    for before, after in pairwise(segments):
        assert before.speaker != after.speaker or any(one.first == after.first for one in sentences)


@given(talks())
def test_segments_are_flagged_where_two_speak_at_once(
    talk: tuple[tuple[Word, ...], tuple[Segment, ...], Diarization],
) -> None:
    words, sentences, diarization = talk
    overlaps = find_overlaps(diarization.turns)
    for segment in assign_voices(words, sentences, diarization):
        seconds = sum(
            max(0.0, min(word.end, span.end) - max(word.start, span.start))
            for word in words[segment.first : segment.last + 1]
            for span in overlaps
        )
        if abs(seconds - SHORTEST_OVERLAP) > 1e-6:
            assert (OVERLAP in segment.flags) == (seconds > SHORTEST_OVERLAP)


@given(talks())
def test_voices_that_nobody_has_at_a_place_are_never_chosen_over_the_only_one(
    talk: tuple[tuple[Word, ...], tuple[Segment, ...], Diarization],
) -> None:
    words, sentences, _ = talk
    alone = diarized(VoiceTurn(0.0, 100.0, 2), VoiceTurn(200.0, 201.0, 1))
    assert {segment.speaker for segment in assign_voices(words, sentences, alone)} == {"Voice 2"}


def test_a_sentence_is_cut_where_somebody_else_goes_on() -> None:
    words = said("I was about to say that he never came home at all")
    assert speakers(words, VoiceTurn(0.0, 1.8, 1), VoiceTurn(1.8, 9.0, 2)) == [
        ("Voice 1", "I was about to say that"),
        ("Voice 2", "he never came home at all"),
    ]


def test_a_lone_word_inside_a_sentence_is_nobody_elses() -> None:
    words = said("I was about to say that he never came")
    assert speakers(words, VoiceTurn(0.0, 1.2, 1), VoiceTurn(1.2, 1.5, 2), VoiceTurn(1.5, 9.0, 1)) == [
        ("Voice 1", "I was about to say that he never came")
    ]


def test_a_word_that_is_a_sentence_is_whose_turn_it_is() -> None:
    words = said("I was about to say that. Yeah. He never came.")
    assert speakers(words, VoiceTurn(0.0, 1.8, 1), VoiceTurn(1.8, 2.1, 2), VoiceTurn(2.1, 9.0, 1)) == [
        ("Voice 1", "I was about to say that."),
        ("Voice 2", "Yeah."),
        ("Voice 1", "He never came."),
    ]


@pytest.mark.parametrize("late", [-0.2, -0.1, 0.1, 0.2])
def test_a_border_of_turns_that_is_off_changes_no_word(late: float) -> None:
    words = said("I was about to say that. He never came home at all.")
    assert [text for _, text in speakers(words, VoiceTurn(0.0, 1.8 + late, 1), VoiceTurn(1.8 + late, 9.0, 2))] == [
        "I was about to say that.",
        "He never came home at all.",
    ]


def test_words_in_nobodys_turn_have_the_voice_of_their_sentence() -> None:
    words = said("He never came home. I was about to say that.")
    assert speakers(words, VoiceTurn(0.0, 0.6, 1), VoiceTurn(1.9, 9.0, 2)) == [
        ("Voice 1", "He never came home."),
        ("Voice 2", "I was about to say that."),
    ]


def test_a_pause_is_where_the_voice_changes() -> None:
    words = [*said("he never came home"), *said("and I was about to say that", start=1.6)]
    assert [text for _, text in speakers(words, VoiceTurn(0.0, 0.9, 1), VoiceTurn(1.7, 9.0, 2))] == [
        "he never came home",
        "and I was about to say that",
    ]


def test_words_without_length_are_in_somebodys_segment() -> None:
    words = [Word(" so", 1.0, 1.0), Word(" it", 1.0, 1.0), Word(" is", 1.0, 1.0 + CHANGE_INSIDE)]
    assert speakers(words, VoiceTurn(0.0, 0.5, 1), VoiceTurn(0.9, 2.0, 2)) == [("Voice 2", "so it is")]


def test_without_voices_segments_stay_as_they_are() -> None:
    segments = (Segment(0, 2, "Ann Lee", ("low confidence",)),)
    assert assign_voices(said("so it is"), segments, Diarization((), ())) == segments
    assert assign_voices((), (), diarized(VoiceTurn(0.0, 1.0, 1))) == ()


@given(st.integers(1, 10**9 - 1))
def test_labels_tell_their_numbers(number: int) -> None:
    assert number_of(label_of(number)) == number


@pytest.mark.parametrize(
    "label", [None, "", "Voice", "Voice 0", "Voice 01", "voice 1", "Voice 1 ", "Voice 1\n", "Voice ٣"]
)
def test_other_speakers_have_no_number(label: str | None) -> None:
    assert number_of(label) is None


def test_spans_of_words_need_no_order_of_their_ends() -> None:
    words = [Word(" one", 0.0, 2.0), Word(" two", 0.5, 0.8), Word(" three", 1.0, 3.0)]
    segments = assign_voices(words, [Segment(0, 2)], diarized(VoiceTurn(0.0, 3.0, 1)))
    assert segments == (Segment(0, 2, "Voice 1"),)
