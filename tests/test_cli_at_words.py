"""`airquote at` with several times and more context, and `airquote words`, through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import airquote
from hypothesis import given
from hypothesis import strategies as st
from libraries import SECONDS_A_WORD, make_library, make_transcript

from index.transcript import Segment, Transcript, Word
from pipeline.cli.printing import isolate
from pipeline.lookup import moment_at, words_between

SENTENCES = [f"One{n} two{n} three{n} four{n}." for n in range(6)]
CUES = "".join(f"{n + 1}\n00:00:{4 * n:02},000 --> 00:00:{4 * n + 2:02},000\n{s}\n\n" for n, s in enumerate(SENTENCES))


@pytest.fixture
def imported_talk(tmp_path: Path) -> None:
    """An episode of six sentences of two seconds, one every four seconds."""
    file = tmp_path / "talk.srt"
    file.write_text(CUES, encoding="utf-8")
    assert airquote("import", file).code == 0


@pytest.mark.parametrize(("before", "after"), [(0, 0), (2, 0), (0, 3), (99, 99)])
@pytest.mark.parametrize("time", [9, 11])  # in the third sentence, and in the pause after it
@pytest.mark.usefixtures("imported_talk")
def test_at_shows_as_many_neighbours_as_are_asked_for(before: int, after: int, time: int) -> None:
    moment = airquote("at", "talk", time, "--before", before, "--after", after, "--json").answer
    first, behind = (2, 3) if time == 9 else (3, 3)
    assert [one["text"] for one in moment["before"]] == SENTENCES[max(0, first - before) : first]
    assert [one["text"] for one in moment["after"]] == SENTENCES[behind : behind + after]


@pytest.mark.usefixtures("imported_talk")
def test_several_times_are_answered_in_the_order_in_which_they_are_asked() -> None:
    times = ["0:09", "1", "9.5"]
    run = airquote("at", "talk", *times, "--json")
    assert [moment["time"] for moment in run.answers] == [9.0, 1.0, 9.5]
    assert run.answers == [airquote("at", "talk", time, "--json").answer for time in times]
    parts = airquote("at", "talk", *times).out.split("\n\n")
    assert [part.strip("\n") for part in parts] == [airquote("at", "talk", time).out.strip("\n") for time in times]


@pytest.mark.parametrize("times", [("1", "soon"), ("1", "99")])
@pytest.mark.usefixtures("imported_talk")
def test_one_bad_time_among_several_is_wrong_usage_and_nothing_is_printed(times: tuple[str, str]) -> None:
    run = airquote("at", "talk", *times)
    assert (run.code, run.out) == (2, "")


@pytest.mark.usefixtures("imported_talk")
def test_words_prints_every_word_of_a_span_with_its_times() -> None:
    run = airquote("words", "talk", "4.5", "8.1", "--json")
    assert [word["text"] for word in run.answers] == ["two1", "three1", "four1.", "One2"]
    assert all(word["episode"] == "talk" and word["probability"] is None for word in run.answers)
    header, *rows = airquote("words", "talk", "4.5", "8.1").out.splitlines()
    assert header.split() == ["start", "end", "sure", "word"]
    assert [row.split()[-1] for row in rows] == ["two1", "three1", "four1.", "One2"]


@pytest.mark.usefixtures("imported_talk")
def test_words_of_a_hit_are_the_words_that_match() -> None:
    airquote("search", '"three1 four1 one2"')
    assert [word["text"] for word in airquote("words", 1, "--json").answers] == ["three1", "four1.", "One2"]


@pytest.mark.usefixtures("imported_talk")
def test_a_span_without_words_is_nothing_found() -> None:
    run = airquote("words", "talk", "2.5", "3.5")
    assert (run.code, run.out) == (1, "")
    assert "0:02.5" in run.err


@pytest.mark.parametrize("arguments", [("talk",), ("talk", "1"), ("1", "2"), ("talk", "3", "1"), ("talk", "99", "100")])
@pytest.mark.usefixtures("imported_talk")
def test_a_span_that_is_none_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    run = airquote("words", *arguments)
    assert (run.code, run.out) == (2, "")


def test_probability_correction_and_speaker_are_told() -> None:
    words = (Word(" Port", 0, 1, 0.5), Word(" Ellery", 1, 2, 0.25, "Elery"))
    transcript = Transcript("en", "x", "y", "{}", "aligned", words, (Segment(0, 1, "Ann"),))
    first, second = words_between("talk", transcript, 0, 2)
    assert (first.probability, first.heard, first.speaker) == (0.5, None, "Ann")
    assert (second.text, second.heard) == ("Ellery", "Elery")


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0, 30), st.integers(0, 4), st.integers(0, 4))
def test_words_and_moments_agree_with_the_transcript(
    first: int, count: int, time: float, before: int, after: int
) -> None:
    transcript = make_transcript(" ".join(f"w{n}" for n in range(60)))
    start, end = first * SECONDS_A_WORD, (first + count) * SECONDS_A_WORD
    found = words_between("a", transcript, round(start, 3), round(end, 3))
    assert [word.text for word in found] == [f"w{n}" for n in range(60)][first : first + count]
    moment = moment_at("a", transcript, time, before, after)
    said = [moment.text] if moment.text is not None else []
    shown = [one.text for one in moment.before] + said + [one.text for one in moment.after]
    texts = [transcript.segment_text(segment).strip() for segment in transcript.segments]
    where = [texts.index(text) for text in shown]
    assert where == list(range(where[0], where[0] + len(where))) if where else True
    assert len(moment.before) <= before
    assert len(moment.after) <= after


def test_right_to_left_words_leave_times_and_columns_in_place(library: Path) -> None:
    make_library(library, ["שלום עולם", "hello world"]).close()
    header, *rows = airquote("words", "episode-a", "0", "1").out.splitlines()
    assert header.split() == ["start", "end", "sure", "word"]
    assert [row.split()[-1] for row in rows] == ["\u2068שלום\u2069", "\u2068עולם\u2069"]
    assert "\u2068**שלום** עולם\u2069" in airquote("at", "episode-a", "0.1").out
    assert [word["text"] for word in airquote("words", "episode-a", "0", "1", "--json").answers] == ["שלום", "עולם"]
    assert "\u2068" not in airquote("at", "episode-b", "0").out + airquote("words", "episode-b", "0", "1").out


@pytest.mark.parametrize(("text", "alone"), [("plain", True), ("你好 café", True), ("a שלום", False), ("مرحبا", False)])
def test_only_text_that_would_reorder_its_line_is_isolated(text: str, alone: bool) -> None:
    assert isolate(text) == (text if alone else f"\u2068{text}\u2069")
