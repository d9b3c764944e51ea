"""The cues of an import: kept beside its sentences, and written again as they were."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.reading import read_transcript
from index.formats.writing import write_transcript
from index.storage.codecs.cue_codec import round_cue
from index.transcript import Transcript


def read(content: str, name: str) -> Transcript:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content.encode())
        return read_transcript(path)


def sentences(transcript: Transcript) -> list[str]:
    return [transcript.segment_text(segment).strip() for segment in transcript.segments]


CUES = [
    (1.0, 3.0, "The bridge will open"),
    (3.0, 5.5, "in May. It cost"),
    (5.5, 8.25, "nineteen million, said Dr."),
    (8.25, 10.0, "Lee. Nobody resigned."),
]
SENTENCES = ["The bridge will open in May.", "It cost nineteen million, said Dr. Lee.", "Nobody resigned."]


def clock(seconds: float, mark: str) -> str:
    return f"00:00:{seconds:06.3f}".replace(".", mark)


def as_srt(cues: list[tuple[float, float, str]]) -> str:
    return "".join(
        f"{row}\n{clock(start, ',')} --> {clock(end, ',')}\n{text}\n\n"
        for row, (start, end, text) in enumerate(cues, start=1)
    )


def as_vtt(cues: list[tuple[float, float, str]]) -> str:
    blocks = (f"{clock(start, '.')} --> {clock(end, '.')}\n{text}\n\n" for start, end, text in cues)
    return "WEBVTT\n\n" + "".join(block.replace("00:00:", "00:", 2) for block in blocks)


def as_tsv(cues: list[tuple[float, float, str]]) -> str:
    rows = (f"{round(1000 * start)}\t{round(1000 * end)}\t{text}\n" for start, end, text in cues)
    return "start\tend\ttext\n" + "".join(rows)


def as_json(cues: list[tuple[float, float, str]]) -> str:
    segments = [{"start": start, "end": end, "text": f" {text}"} for start, end, text in cues]
    return json.dumps({"text": "".join(f" {text}" for *_, text in cues), "segments": segments, "language": "en"})


LAYOUTS: dict[str, Callable[[list[tuple[float, float, str]]], str]] = {
    "srt": as_srt,
    "vtt": as_vtt,
    "tsv": as_tsv,
    "json": as_json,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_cues_are_no_sentences(layout: str) -> None:
    transcript = read(LAYOUTS[layout](CUES), f"a.{layout}")
    assert sentences(transcript) == SENTENCES
    assert [(cue.start, cue.end, cue.text.strip()) for cue in transcript.cues] == CUES


def test_a_sentence_ends_with_its_speaker_and_at_a_long_pause() -> None:
    turns = read(as_vtt([(1, 2, "<v Ann>and then"), (2, 3, "<v Bob>we left"), (3, 4, "<v Ann>too late")]), "a.vtt")
    assert [(one.speaker, text) for one, text in zip(turns.segments, sentences(turns), strict=True)] == [
        ("Ann", "and then"), ("Bob", "we left"), ("Ann", "too late"),
    ]  # fmt: skip
    assert sentences(read(as_srt([(1, 2, "and then"), (7, 8, "we left")]), "a.srt")) == ["and then", "we left"]


def test_lines_without_punctuation_become_sentences_of_whole_lines() -> None:
    lines = [(2.0 * row, 2.0 * row + 2, f"so this is line {row} of the talk") for row in range(300)]
    transcript = read(as_srt([(start, end, text) for start, end, text in lines if start < 60]), "a.srt")
    assert len(transcript.segments) >= 3
    assert max(len(text.split()) for text in sentences(transcript)) <= 60
    assert all(text.startswith("so this") for text in sentences(transcript))


def test_an_export_in_the_same_layout_gives_the_same_cues() -> None:
    srt = (
        "1\n00:00:05,000 --> 00:00:06,000\n<i>- Later,\nin two lines.</i>\n\n"
        "2\n00:00:01,000 --> 00:00:02,000\nAnn: {\\an8}Never.\n\n3\n00:00:01,500 --> 00:00:04,000\n\n\n"
    )
    assert write_transcript(read(srt.replace("\n", "\r\n"), "a.srt"), "srt") == srt
    vtt = (
        "WEBVTT\n\nintro\n00:01.000 --> 00:03.000 align:start line:0\n<v.loud Ann Lee>Tom &amp; I <c.x>say</c></v>\n\n"
        "01:00:04.000 --> 01:00:05.000\n<v Ann>Yes. <v Bob>No.\n\n"
    )
    assert write_transcript(read(vtt, "a.vtt"), "vtt") == vtt


def test_an_export_in_another_layout_has_plain_cues_or_sentences() -> None:
    tagged = as_srt(CUES).replace("Nobody", "<i>Nobody</i>").replace("in May", "in\nMay")
    transcript = read(tagged, "a.srt")
    assert write_transcript(transcript, "vtt") == as_vtt(CUES)
    assert write_transcript(transcript, "tsv") == as_tsv(CUES)
    assert write_transcript(transcript, "txt").splitlines() == SENTENCES
    voices = read("WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann>Yes.\n\n00:03.000 --> 00:04.000\n<v Bob>No.\n", "a.vtt")
    assert "\nAnn: Yes.\n" in write_transcript(voices, "srt")


TEXTS = st.lists(
    st.sampled_from(
        ["Ann:", "No.", "<i>", "</i>", "{\\an8}", "<v Ann>", "<v Bob>", "&amp;", "&", "42", "\n", " ", "-", "- ", ">>",
         "♪", "[Music]", "(laughs)", "你好", "<00:00:01.500>", "<c>", "</c>", "word", "--", "NOTE", "\t", "\u3000"]
    ),
    max_size=6,
).map(" ".join)  # fmt: skip
TIMES = st.tuples(st.integers(0, 40), st.integers(0, 20)).map(lambda pair: (pair[0] / 4, (pair[0] + pair[1]) / 4))


@pytest.mark.parametrize("layout", LAYOUTS)
@given(cues=st.lists(st.tuples(TIMES, TEXTS), min_size=1, max_size=8))
def test_import_export_import_gives_the_same_cues(layout: str, cues: list[tuple[tuple[float, float], str]]) -> None:
    one_line = layout in ("tsv", "json")
    flat = [(*times, text.replace("\n", " ").replace("\t", " ") if one_line else text) for times, text in cues]
    first = read(LAYOUTS[layout]([(start, end, text) for start, end, text in flat]), f"a.{layout}")
    written = write_transcript(first, layout)
    again = read(written, f"a.{layout}")
    assert list(map(round_cue, again.cues)) == list(map(round_cue, first.cues))
    assert (again.words, again.segments) == (first.words, first.segments)
    assert write_transcript(again, layout) == written


def test_a_text_without_words_takes_no_time() -> None:
    from index.formats.text_times import TimedPiece, time_text

    assert time_text(" One two.", [TimedPiece("one", 1, 2), TimedPiece("", 2, 3), TimedPiece("other", 3, 4)], 0, 4)
