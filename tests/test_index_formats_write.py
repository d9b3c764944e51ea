"""Transcripts written as Whisper writes them, and read back."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import tempfile
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from audio.errors import InputError, UsageError
from index.formats.cues import TranscriptFile
from index.formats.import_assembly import assemble_import
from index.formats.reading import JSON_LAYOUTS, TEXT_LAYOUTS, parse_file, read_transcript
from index.formats.text.markdown import Heading
from index.formats.text.spreadsheet import cell_text, text_cell
from index.formats.writing import WRITERS, write_transcript
from index.transcript import Cue, Segment, Transcript, Word

SAMPLE = Transcript(
    "en",
    "faster-whisper",
    "tiny.en",
    "{}",
    "aligned",
    (
        Word(" Hello", 0.0, 0.42, 0.5),
        Word(" there.", 0.42, 1.2345, 1.0),
        Word(" There's", 3599.9996, 3600.5, 0.9),
        Word(" more\tto", 3600.5, 3600.9, 0.9),
        Word(" come.", 3600.9, 3601.0005, None),
    ),
    (Segment(0, 1), Segment(2, 4)),
)


def imported(content: str, format: str) -> Transcript:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"talk.{format}"
        path.write_bytes(content.encode())
        return read_transcript(path)


def as_whisper_result(transcript: Transcript) -> dict[str, Any]:
    """The dict that Whisper's own writers take, without word times (their default)."""
    segments = [
        {
            "start": transcript.segment_span(segment).start,
            "end": transcript.segment_span(segment).end,
            "text": transcript.segment_text(segment),
        }
        for segment in transcript.segments
    ]
    return {"text": transcript.text, "segments": segments, "language": transcript.language}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("format", ["srt", "vtt", "txt", "tsv"])
def test_the_formats_are_whispers_own(format: str) -> None:
    from whisper.utils import get_writer

    theirs = io.StringIO()
    get_writer(format, ".").write_result(as_whisper_result(SAMPLE), file=theirs)
    assert write_transcript(SAMPLE, format) == theirs.getvalue()


def test_json_has_whispers_keys() -> None:
    content = write_transcript(SAMPLE, "json")
    result = json.loads(content)
    assert content == json.dumps(result)
    assert list(result) == ["text", "segments", "language"]
    first, second = result["segments"]
    assert list(first) == [
        *("id", "seek", "start", "end", "text", "tokens", "temperature", "avg_logprob"),
        *("compression_ratio", "no_speech_prob", "words"),
    ]
    assert (first["text"], first["start"], first["end"]) == (" Hello there.", 0.0, 1.2345)
    assert first["words"][0] == {"word": " Hello", "start": 0.0, "end": 0.42, "probability": 0.5}
    assert first["avg_logprob"] == pytest.approx(-0.34657, abs=1e-5)
    assert second["avg_logprob"] is None


def test_interpolated_times_are_not_presented_as_measured() -> None:
    srt = imported(write_transcript(SAMPLE, "srt"), "srt")
    result = json.loads(write_transcript(srt, "json"))
    assert all("words" not in segment for segment in result["segments"])


def test_speakers_and_escapes() -> None:
    words = (Word(" Q&A <b>", 0, 1), Word(" a --> b", 1, 2))
    transcript = Transcript("en", "x", "y", "{}", "aligned", words, (Segment(0, 1, "Ann <Lee>"),))
    assert write_transcript(transcript, "vtt") == (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Ann &lt;Lee&gt;>Q&amp;A &lt;b&gt; a -&gt; b\n\n"
    )
    assert write_transcript(transcript, "srt") == "1\n00:00:00,000 --> 00:00:02,000\nQ&A ‹b> a -> b\n\n"
    assert json.loads(write_transcript(transcript, "json"))["segments"][0]["speaker"] == "Ann <Lee>"
    assert imported(write_transcript(transcript, "vtt"), "vtt").segments[0].speaker == "Ann <Lee>"


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(UsageError, match="json, srt, vtt, txt, tsv"):
        write_transcript(SAMPLE, "docx")


SPOKEN = Transcript(
    "en",
    "x",
    "y",
    "{}",
    "aligned",
    (
        Word(" Is", 1.0, 1.2), Word(" it", 1.2, 1.3), Word(' "R&D"', 1.3, 1.8), Word(" <here>?", 1.8, 2.25),
        Word(" =1+1,", 2.5, 3.0), Word(" yes.", 3.0, 3.5),
        Word(" *No*", 70.0, 70.5), Word(" [one].", 70.5, 71.0),
    ),
    (Segment(0, 3, "Ann Lee"), Segment(4, 5, "Bob"), Segment(6, 7, "Bob")),
)  # fmt: skip


def test_podcast_json_is_as_the_namespace_states() -> None:
    document = json.loads(write_transcript(SPOKEN, "podcast-json"))
    assert list(document) == ["version", "segments"]
    assert document["version"] == "1.0.0"
    assert document["segments"][:2] == [
        {"speaker": "Ann Lee", "startTime": 1.0, "endTime": 2.25, "body": 'Is it "R&D" <here>?'},
        {"speaker": "Bob", "startTime": 2.5, "endTime": 3.5, "body": "=1+1, yes."},
    ]
    unknown = json.loads(write_transcript(SAMPLE, "podcast-json"))["segments"][0]
    assert list(unknown) == ["startTime", "endTime", "body"]


TTML, STYLING, METADATA, XML = (
    "{http://www.w3.org/ns/ttml}", "{http://www.w3.org/ns/ttml#styling}", "{http://www.w3.org/ns/ttml#metadata}",
    "{http://www.w3.org/XML/1998/namespace}",
)  # fmt: skip


def test_ttml_names_its_language_and_speakers() -> None:
    root = ElementTree.fromstring(write_transcript(SPOKEN, "ttml"))
    assert (root.tag, root.get(f"{XML}lang")) == (f"{TTML}tt", "en")
    agents = {one.get(f"{XML}id"): one[0].text for one in root.iter(f"{METADATA}agent")}
    assert list(agents.values()) == ["Ann Lee", "Bob"]
    first, second, _ = root.iter(f"{TTML}p")
    assert (first.get("begin"), first.get("end"), first.text) == ("00:00:01.000", "00:00:02.250", 'Is it "R&D" <here>?')
    assert [agents[one.get(f"{METADATA}agent")] for one in (first, second)] == ["Ann Lee", "Bob"]
    assert ElementTree.fromstring(write_transcript(replace(SPOKEN, language=None), "ttml")).get(f"{XML}lang") == ""


def test_other_readers_open_the_ttml() -> None:
    ttconv = pytest.importorskip("ttconv.imsc.reader")
    document = ttconv.to_model(ElementTree.ElementTree(ElementTree.fromstring(write_transcript(SPOKEN, "ttml"))))
    (division,) = document.get_body()
    times = [(float(one.get_begin()), float(one.get_end())) for one in division]
    assert times == [(1.0, 2.25), (2.5, 3.5), (70.0, 71.0)]
    assert document.get_lang() == "en"


def test_a_table_has_a_header_and_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(write_transcript(SPOKEN, "csv"))))
    assert rows == [
        ["start", "end", "speaker", "text"],
        ["1.000", "2.250", "Ann Lee", 'Is it "R&D" <here>?'],
        ["2.500", "3.500", "Bob", "'=1+1, yes."],
        ["70.000", "71.000", "Bob", "*No* [one]."],
    ]


@given(st.text(alphabet="' =+-@\t\r\n＝a", max_size=5))
def test_no_cell_is_calculated_and_each_gives_its_text_back(text: str) -> None:
    cell = text_cell(text)
    assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝"))
    assert cell_text(cell) == text


def test_markdown_has_a_paragraph_for_each_turn_with_a_link_to_its_moment() -> None:
    heading = Heading("Bridges *and* roofs", "Harbor", "2024-05-31", lambda seconds: f"https://x.org/a#t={seconds:.1f}")
    assert write_transcript(SPOKEN, "md", heading) == (
        "# Bridges \\*and\\* roofs\n\nHarbor, 2024-05-31\n\n"
        '[0:01](<https://x.org/a#t=1.0>) **Ann Lee:** Is it "R\\&D" \\<here\\>?\n\n'
        "[0:02](<https://x.org/a#t=2.5>) **Bob:** =1+1, yes.\n\n"
        "[1:10](<https://x.org/a#t=70.0>) \\*No\\* \\[one\\].\n"
    )
    assert write_transcript(SAMPLE, "md") == "0:00 Hello there.\n\n59:59 There's more to come.\n"


@given(st.text(max_size=30))
def test_markdown_shows_the_text_as_it_was_said(text: str) -> None:
    words = (Word(" Said", 0, 1), Word(f" {text}", 1, 2))
    page = MarkdownIt().render(
        write_transcript(Transcript("en", "x", "y", "{}", "aligned", words, (Segment(0, 1),)), "md")
    )
    shown = html.unescape(re.sub(r"</?p>", "", page))
    assert "".join(shown.split()) == "".join(f"0:00 Said {text}".replace("\0", "\ufffd").split())


PIECES = st.sampled_from(
    [
        *(
            "Hello",
            "there.",
            "你好",
            "。",
            "שלום",
            "مرحبا",
            "🎙️",
            "สวัสดี",
            "は",
            "42",
            "5",
            "e\u0301",
            "00:00:01,000",
        ),
        *(
            "<i>",
            "</i>",
            "{\\an8}",
            "-->",
            "--->",
            "&",
            "&amp;",
            "&lt;",
            "<",
            ">",
            "<v",
            "NOTE",
            "WEBVTT",
            "<v a>",
        ),
    ]
) | st.text(max_size=4)
WORD_TEXTS = st.builds(str.__add__, st.sampled_from([" ", "", "  ", "\n", "\u3000"]), PIECES)
NAMES = st.none() | st.sampled_from(["Ann", "SPEAKER_00", "A <b> & c", " ", "a\nb"]) | st.text(max_size=6)


@st.composite
def transcripts(draw: st.DrawFn, timing: Literal["aligned", "interpolated"]) -> Transcript:
    """Transcripts with overlapping, zero-length and simultaneous words, in any script.

    No two segments say the same at once: readers take those for one cue that is written twice.
    """
    seconds = st.sampled_from([0.0, 0.0005, 0.1, 1 / 3, 2.5, 3600.0]) | st.floats(0, 30)
    start, words = 0.0, []
    for text in draw(st.lists(WORD_TEXTS, max_size=12)):
        start += draw(seconds)
        known = draw(st.none() | st.floats(0, 1))
        words.append(Word(text, start, start + draw(seconds), known))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(words) - 1))))) if len(words) > 1 else []
    borders = [0, *cuts, len(words)] if words else []
    segments = [Segment(first, following - 1, draw(NAMES)) for first, following in pairwise(borders)]
    language = draw(st.sampled_from(["en", "zh", "yue", None]))
    transcript = Transcript(language, "e", "m", "{}", timing, tuple(words), tuple(segments))
    assume(not any(_are_said_at_once(transcript, *both) for both in combinations(segments, 2)))
    return transcript


def _are_said_at_once(transcript: Transcript, one: Segment, other: Segment) -> bool:
    before, after = transcript.segment_span(one), transcript.segment_span(other)
    texts = [transcript.segment_text(segment).split() for segment in (one, other)]
    return texts[0] == texts[1] and after.start <= before.end + 0.001  # the times of SRT are rounded


@pytest.mark.parametrize("format", ["json", "srt", "vtt"])
@given(transcript=transcripts("aligned") | transcripts("interpolated"))
def test_export_import_export_gives_the_same_file(format: str, transcript: Transcript) -> None:
    first = write_transcript(transcript, format)
    if not first:
        assert format == "srt", "only an SRT file can be empty"
        assert not any(transcript.segment_text(segment).strip() for segment in transcript.segments)
        with pytest.raises(InputError, match="empty"):
            imported(first, format)
        return
    again = imported(first, format)
    assert write_transcript(again, format) == first
    assert "".join(again.segment_text(segment) for segment in again.segments) == again.text
    starts = [word.start for word in again.words]
    assert starts == sorted(starts)
    assert all(word.start <= word.end for word in again.words)
    for segment in again.segments:
        span = again.segment_span(segment)
        own = again.words[segment.first : segment.last + 1]
        assert all(span.start <= word.start and word.end <= span.end for word in own)
    if format == "json" and (transcript.timing == "aligned" or len(again.cues) < 5):  # else they may be single words
        assert again.timing == transcript.timing or not again.words


@given(transcripts("aligned"))
def test_json_keeps_words_exactly(transcript: Transcript) -> None:
    again = imported(write_transcript(transcript, "json"), "json")
    spoken = [
        word
        for segment in transcript.segments
        if transcript.segment_text(segment).strip()
        for word in transcript.words[segment.first : segment.last + 1]
    ]
    assert [(word.text.replace("\0", "\ufffd"), word.start, word.end, word.probability) for word in spoken] == [
        (word.text, word.start, word.end, word.probability) for word in again.words
    ]


@given(transcripts("aligned"), st.sampled_from(sorted(WRITERS)))
def test_every_format_takes_every_transcript(transcript: Transcript, format: str) -> None:
    content = write_transcript(transcript, format).encode().decode()
    if format == "ttml":
        content = "".join(ElementTree.fromstring(content).itertext())
    for segment in transcript.segments:
        for part in re.findall(r"[A-Za-z0-9]+", transcript.segment_text(segment)):
            assert part in content


NEW_LAYOUTS = [
    name for name in ("podcast-json", "ttml", "csv") if name in {row[0] for row in TEXT_LAYOUTS + JSON_LAYOUTS}
]
SAID = st.sampled_from(["-Yes.", "=1+1", "'=1", "a <b> & c", '"Quoted", he said', "你好。", "שלום", "x\ny"]) | st.text(
    alphabet="abc<>&'\"=+-,; é你", min_size=1, max_size=12
)


@pytest.mark.parametrize("layout", NEW_LAYOUTS)
@given(
    said=st.lists(st.tuples(st.integers(0, 5000), SAID.map(str.strip).filter(str), NAMES), min_size=2, max_size=6),
)
def test_an_import_is_exported_in_its_layout_with_the_same_cues(
    layout: str, said: list[tuple[int, str, str | None]]
) -> None:
    cues, start = [], 0
    for length, text, name in said:
        speaker = " ".join("".join(filter(str.isprintable, name or "")).split()) or None
        cues.append(Cue(start / 1000, (start + length) / 1000, f" {text}", speaker))
        start += length + 1
    written = write_transcript(assemble_import(TranscriptFile(layout, tuple(cues), "en")), layout)
    again = parse_file(written.encode(), Path(f"a.{layout}"))
    assert again.layout == layout
    assert [(round(cue.start, 3), round(cue.end, 3), cue.text.strip(), cue.speaker) for cue in again.cues] == [
        (cue.start, cue.end, cue.text.strip(), cue.speaker) for cue in cues
    ]
    assert write_transcript(assemble_import(again), layout) == written
