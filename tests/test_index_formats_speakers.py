"""Speakers are read from every format that names them, and never guessed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.formats.reading import read_transcript
from index.formats.spoken.speaker_names import read_speakers, write_speakers
from index.formats.writing import write_transcript
from index.transcript import Segment, Transcript, Word

SAID = [("Ann Lee", "We never stopped."), ("Ann Lee", "There is more."), ("SPEAKER_01", "To come?")]


def as_srt(texts: Sequence[str]) -> str:
    return "\n".join(
        f"{n}\n00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},990\n{text}\n"
        for n, text in enumerate(texts)
    )


def as_vtt(texts: Sequence[str]) -> str:
    return "WEBVTT\n\n" + as_srt(texts).replace(",", ".")


def as_json(**names: str) -> str:
    """Segments with a program's own keys for start, end, text and speaker."""
    keys = {key: names.get(key, key) for key in ("start", "end", "text", "speaker")}
    segments: list[dict[str, Any]] = [
        {keys["start"]: n, keys["end"]: n + 1, keys["text"]: text, keys["speaker"]: speaker}
        for n, (speaker, text) in enumerate(SAID)
    ]
    return json.dumps({"segments": segments})


LAYOUTS = {
    "whisperx.json": as_json(),
    "podcast.json": as_json(start="startTime", end="endTime", text="body"),
    "voices.vtt": as_vtt([f"<v {speaker}>{text}</v>" for speaker, text in SAID]),
    "one cue.vtt": as_vtt([" ".join(f"<v.loud {speaker}>{text}" for speaker, text in SAID)]),
    "names.srt": as_srt([f"{speaker}: {text}" for speaker, text in SAID]),
    "names at changes.srt": as_srt(["Ann Lee: We never stopped.", "There is more.", "SPEAKER_01: To come?"]),
    "whisperx.srt": as_srt([f"[{speaker}]: {text}" for speaker, text in SAID]),
}


def read(name: str, content: str) -> Transcript:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(content, encoding="utf-8")
        return read_transcript(path)


def spoken(transcript: Transcript) -> list[tuple[str | None, str]]:
    return [(segment.speaker, transcript.segment_text(segment).strip()) for segment in transcript.segments]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_that_names_speakers_keeps_them(name: str) -> None:
    assert spoken(read(name, LAYOUTS[name])) == SAID


def test_the_speakers_of_whisperx_words_are_those_of_their_segment() -> None:
    words = [{"word": word, "start": n, "end": n + 1, "speaker": "SPEAKER_00"} for n, word in enumerate(("To", "come"))]
    segment = {"start": 0, "end": 2, "text": "To come", "words": words}
    assert spoken(read("x.json", json.dumps({"segments": [segment]}))) == [("SPEAKER_00", "To come")]


def test_what_is_said_in_one_cue_shares_its_time_by_length() -> None:
    transcript = read("x.vtt", "WEBVTT\n\n00:10.000 --> 00:20.000\nMusic. <v Ann>Yes, yes.</v> <v Bob>No?\n")
    assert spoken(transcript) == [(None, "Music."), ("Ann", "Yes, yes."), ("Bob", "No?")]
    spans = [transcript.segment_span(segment) for segment in transcript.segments]
    assert (spans[0].start, spans[-1].end) == (10.0, 20.0)
    assert all(first.end == second.start for first, second in pairwise(spans))
    assert spans[1].duration > spans[2].duration


@pytest.mark.parametrize(
    "texts",
    [
        ["Today: a new thing.", "It is here."],
        ["We begin.", "Note: this is text.", "Note: so is this."],
        ["at 10:30 we met", "and then: nothing"],
        ["what: ever", "so: what"],
        ["https://example.org: a page", "https://example.org: another"],
        ["12: noon", "13: one"],
    ],
)
def test_a_colon_alone_makes_no_speaker(texts: list[str]) -> None:
    transcript = read("x.srt", as_srt(texts))
    assert transcript.text.split() == " ".join(texts).split()
    assert {speaker for speaker, _ in spoken(transcript)} == {None}


def test_speakers_go_out_as_they_came_in() -> None:
    transcript = read("x.srt", LAYOUTS["names at changes.srt"])
    assert "\nAnn Lee: We never stopped.\n" in write_transcript(transcript, "srt")
    assert spoken(read("y.srt", write_transcript(transcript, "srt"))) == SAID


TEXTS = st.lists(st.sampled_from(["Ann", "Bob: no", "C:", "Note: yes", ": ", "a: b", "[X]: y", "[X]"]), min_size=1)
SPEAKERS = st.sampled_from([None, "Ann", "Bob Lee", "SPEAKER_00", "[X]", "ann", " ", "A: B", "1", "Ann "])


@given(st.lists(st.tuples(SPEAKERS, TEXTS.map(" ".join)), min_size=1, max_size=8))
@example([("Ann", "yes"), ("Ann", "no")])
@example([(None, "Ann: yes"), (None, "Bob: no")])
def test_what_is_written_is_read_back_and_written_the_same(lines: list[tuple[str | None, str]]) -> None:
    lines = [(speaker, text.strip()) for speaker, text in lines]
    written = list(write_speakers(lines))
    again = read_speakers(written)
    assert list(write_speakers(again)) == written
    if len(lines) > 1 and all(speaker in ("Ann", "Bob Lee", "SPEAKER_00") for speaker, _ in lines):
        assert [speaker for speaker, _ in again] == [speaker for speaker, _ in lines]
    if not any(speaker for speaker, _ in lines):
        assert not any(speaker for speaker, _ in again)


def test_a_speaker_without_a_name_that_srt_can_hold_is_left_out() -> None:
    words = (Word(" Yes.", 0, 1), Word(" No.", 1, 2))
    transcript = Transcript(
        "en", "x", "y", "{}", "aligned", words, (Segment(0, 0, "Ann: the host"), Segment(1, 1, "B"))
    )
    assert spoken(read("x.srt", write_transcript(transcript, "srt"))) == [(None, "Yes."), (None, "No.")]


DIALOGUES = {
    "Zoom": (["Ann Lee: We will", "Ann Lee: not pay.", "Bob Ray: Nobody resigned."],
             [("Ann Lee", "We will not pay."), ("Bob Ray", "Nobody resigned.")]),
    "an introduction": (["Welcome.", "[SPEAKER_00]: Hello.", "And you?", "[SPEAKER_01]: Fine."],
                        [(None, "Welcome."), ("SPEAKER_00", "Hello."), ("SPEAKER_00", "And you?"),
                         ("SPEAKER_01", "Fine.")]),
    "numbered speakers": (["Music plays.", "Speaker 1: Hello.", "Speaker 2: Hi."],
                          [(None, "Music plays."), ("Speaker 1", "Hello."), ("Speaker 2", "Hi.")]),
    "two in a cue": (["Ann: Never.\nBob: Never?", "Ann: No."], [("Ann", "Never."), ("Bob", "Never?"), ("Ann", "No.")]),
    "arrows": ([">> We will not pay.", ">> Really? >> Yes.", "It is so."],
               [(None, "We will not pay."), (None, "Really?"), (None, "Yes."), (None, "It is so.")]),
    "arrows and names": ([">> ANN LEE: We will not pay.", ">> Really?", ">>> Yes."],
                         [("ANN LEE", "We will not pay."), (None, "Really?"), (None, "Yes.")]),
    "arrows within sentences": ([">> and so we", "left >> did you >> we did"],
                                [(None, "and so we left"), (None, "did you"), (None, "we did")]),
    "dashes": (["- It is not for sale\n- Really?", "–No.", "- No. - Never."],
               [(None, "It is not for sale"), (None, "Really?"), (None, "–No."), (None, "No."), (None, "Never.")]),
    "dashes and names": (["- Ann: Never.\n- Bob: Never?", "- Ann: No."],
                         [("Ann", "Never."), ("Bob", "Never?"), ("Ann", "No.")]),
    "another script": (["田中：はい。", "鈴木：いいえ。", "田中：はい。"],
                       [("田中", "はい。"), ("鈴木", "いいえ。"), ("田中", "はい。")]),
    "news": (["Breaking news: the ferry sank.", "The mayor spoke.", "Remember: stay at home."],
             [(None, "Breaking news: the ferry sank."), (None, "The mayor spoke."), (None, "Remember: stay at home.")]),
    "headings": (["Sport: Ferries lose.", "Weather: Rain.", "Sport: Ferries lose again."],
                 [(None, "Sport: Ferries lose."), (None, "Weather: Rain."), (None, "Sport: Ferries lose again.")]),
    "a label in a dialogue": (["Ann Lee: Hello.", "Bob Ray: Hello.", "Ann Lee: Look.", "Remember: stay at home.",
                               "Bob Ray: Yes."],
                              [("Ann Lee", "Hello."), ("Bob Ray", "Hello."), ("Ann Lee", "Look."),
                               ("Ann Lee", "Remember: stay at home."), ("Bob Ray", "Yes.")]),
    "a rare label": ([*["We go on and on."] * 60, "Monica: no.", "Monica: yes."],
                     [*[(None, "We go on and on.")] * 60, (None, "Monica: no."), (None, "Monica: yes.")]),
    "signs in speech": (["It was -5 degrees.", "-- And then we left.", "F-16s -- or not."],
                        [(None, "It was -5 degrees. -- And then we left."), (None, "F-16s -- or not.")]),
}  # fmt: skip


@pytest.mark.parametrize("layout", [as_srt, as_vtt], ids=["srt", "vtt"])
@pytest.mark.parametrize("name", DIALOGUES)
def test_marks_and_names_tell_who_speaks(name: str, layout: Callable[[Sequence[str]], str]) -> None:
    texts, expected = DIALOGUES[name]
    transcript = read(f"x.{layout.__name__[3:]}", layout(texts))
    assert spoken(transcript) == expected
    assert [cue.text.strip() for cue in transcript.cues] == texts, "the cues stay as they were"


def test_arrows_among_words_with_times_are_no_words() -> None:
    vtt = (
        "WEBVTT\n\n00:01.000 --> 00:03.000\n&gt;&gt; we<00:01.500><c> left</c><00:02.000><c> &gt;&gt;</c>"
        "<00:02.100><c> did</c><00:02.500><c> you</c>\n"
    )
    transcript = read("x.vtt", vtt)
    assert spoken(transcript) == [(None, "we left"), (None, "did you")]
    assert [word.start for word in transcript.words] == [1.0, 1.5, 2.1, 2.5]
    assert transcript.timing == "aligned"
