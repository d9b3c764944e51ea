"""Each layout in the disguises of programs: all files of tests/data/sources/layouts have the same sentences."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from fake_engine import ROOT
from hypothesis import given
from hypothesis import strategies as st

from index.errors import TranscriptFileError
from index.formats.cues import TranscriptFile
from index.formats.import_assembly import assemble_import
from index.formats.reading import JSON_LAYOUTS, TEXT_LAYOUTS, parse_file, read_file
from index.formats.writing import write_transcript
from index.transcript import Cue

SOURCES = sorted((ROOT / "tests" / "data" / "sources" / "layouts").iterdir())
TEXTS = ["The bridge will open in May.", "It cost nineteen million.", "Nobody resigned."]
WORDS = [1.0, 1.2, 1.6, 2.0, 2.4, 2.6, 3.5, 3.9, 4.4, 5.2, 6.5, 7.2]
"""When the words of the three sentences begin, in files that state it."""

ANN_AND_BOB = ["Ann Lee", "Bob Ray", "Ann Lee"]
SPEAKERS = {
    "console_log_speakers": ["SPEAKER_00", "SPEAKER_01", "SPEAKER_00"],
    "assemblyai_utterances": ["Speaker A", "Speaker B", "Speaker A"],
    "aws_channels": ["ch_0", "ch_1", "ch_0"],
    "aws_speaker": ["spk_0", "spk_1", "spk_0"],
    "azure_no_words": ["Channel 0", "Channel 1", "Channel 0"],
    "azure": ["Speaker 1", "Speaker 2", "Speaker 1"],
    "google_speaker_tags": ["Speaker 1", "Speaker 2", "Speaker 1"],
    "deepgram_channels": ["Channel 1", "Channel 2", "Channel 1"],
    "deepgram_diarized": ["Speaker 0", "Speaker 1", "Speaker 0"],
    "rev_ai": ["Speaker 0", "Speaker 1", "Speaker 0"],
} | dict.fromkeys(
    ["ass_aegisub", "csv_durations_ms", "csv_in_seconds", "csv_premiere", "listed_clock", "listed_milliseconds",
     "podcast_cite_time", "podcast_page", "rev_named", "rev_speaker_info", "text_descript", "text_name_in_brackets",
     "text_otter", "text_rev", "text_riverside", "ttml_frames_and_agents"],
    ANN_AND_BOB,
)  # fmt: skip
MEASURED = ("deepgram", "assemblyai_utterances.", "assemblyai_words", "rev_", "aws", "google", "azure_batch",
            "azure_fast", "youtube_json3")  # fmt: skip
FIRST_CUE_MEASURED = ("ass_karaoke", "lrc_words", "ttml_words")
STARTS_ONLY = ("podcast_", "text_", "tsv_starts_only", "lrc_")
WHOLE_SECONDS = ("podcast_", "text_descript", "text_name", "text_otter", "text_people", "text_rev", "text_youtube")
STATED_ENDS = ("text_ranges", "lrc_words")


def read(path: Path) -> TranscriptFile:
    return parse_file(read_file(path), path)


def of(path: Path, prefixes: tuple[str, ...]) -> bool:
    return path.name.startswith(prefixes)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_file_of_another_program_is_read(path: Path) -> None:
    file = read(path)
    cues = [cue for cue in file.cues if cue.text.strip()]
    transcript = assemble_import(file)
    assert transcript.text.split() == " ".join(TEXTS).split()
    late = 3660.0 if "over_60" in path.name else 0.0
    starts = [1.0, 3.0, 6.0] if of(path, WHOLE_SECONDS) and not of(path, ("text_riverside",)) else [1.0, 3.5, 6.5]
    assert [cue.start for cue in cues] == pytest.approx([start + late for start in starts])
    speakers = next((names for prefix, names in SPEAKERS.items() if path.name.startswith(prefix)), [None] * 3)
    if path.name == "assemblyai_words.json":
        speakers = [None] * 3
    assert [segment.speaker for segment in transcript.segments] == speakers
    if of(path, STARTS_ONLY) and not of(path, STATED_ENDS):
        assert [cue.end for cue in cues[:2]] == [cue.start for cue in cues[1:]]
        assert cues[2].start + 1 <= cues[2].end <= cues[2].start + 2
    else:
        assert [cue.end for cue in cues] == pytest.approx([3.0, 6.0, 8.0])
    measured = [word.start for cue in cues for word in cue.words]
    assert measured == pytest.approx(WORDS if of(path, MEASURED) else WORDS[:6] if of(path, FIRST_CUE_MEASURED) else [])
    assert not any(flaw.left_out for flaw in file.flaws)


@pytest.mark.parametrize(
    ("path", "language"),
    [("console_log_whisper.txt", "en"), ("lrc_offset.lrc", "en"), ("ttml_netflix.dfxp", "en"), ("google_v1.json", "en"),
     ("aws_speaker_labels.json", "en"), ("deepgram_diarized.json", "en"), ("azure_fast.json", "en")],
)  # fmt: skip
def test_a_language_that_is_stated_is_kept(path: str, language: str) -> None:
    assert read(ROOT / "tests" / "data" / "sources" / "layouts" / path).language == language


def test_confidences_are_probabilities() -> None:
    for name in (
        "deepgram_diarized",
        "assemblyai_utterances",
        "rev_ai",
        "aws_speaker_labels",
        "google_v1",
        "azure_batch",
    ):
        file = read(ROOT / "tests" / "data" / "sources" / "layouts" / f"{name}.json")
        assert {word.probability for cue in file.cues for word in cue.words} == {0.9}


def test_every_layout_has_three_sources() -> None:
    """Those of Whisper and of subtitles are in the tests of their readers."""
    elsewhere = {"vtt", "srt", "tsv", "whisper-json", "whisper-cpp-json", "podcast-json", "faster-whisper-tuples"}
    layouts = [read(path).layout for path in SOURCES]
    known = {name for name, _, _ in (*TEXT_LAYOUTS, *JSON_LAYOUTS)} - elsewhere - {"youtube-json"}
    assert {name for name in known if layouts.count(name) < 3} == set()


BAD = {
    "console_log_whisper.txt": ("[00:03.500 --> 00:06.000]", "[00:06.500 --> 00:06.000]"),
    "sbv_youtube.sbv": ("0:00:03.500,", "0:00:06.500,"),
    "lrc_whisper_cpp.lrc": ("[00:03.50]", "[00:03.50"),
    "ass_events_only.txt": ("0:00:03.50", "-0:00:03.50"),
    "ttml_netflix.dfxp": ('"35000000t"', '"x"'),
    "csv_in_seconds.csv": (",3.5,", ",NaN,"),
    "text_ranges.txt": ("00:00:03.500", "00:00:06.500"),
    "listed_clock.json": ("00:00:03.5", "00:00:93.5"),
    "podcast_cite_time.html": ("0:03", "soon"),
    "azure_no_words.json": ("PT3.5S", "PT-3.5S"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_bad_cue_is_left_out_and_named(name: str) -> None:
    text = (ROOT / "tests" / "data" / "sources" / "layouts" / name).read_text("utf-8")
    right, wrong = BAD[name]
    assert right in text
    file = parse_file(text.replace(right, wrong).encode(), Path(name))
    kept = [" ".join(cue.text.split()) for cue in file.cues]
    assert kept == [TEXTS[0], TEXTS[2]]
    assert any(flaw.left_out and "nineteen" in flaw.text for flaw in file.flaws)


def test_a_bad_word_of_a_service_keeps_its_place_and_is_named() -> None:
    document = json.loads((ROOT / "tests" / "data" / "sources" / "layouts" / "deepgram_plain.json").read_text("utf-8"))
    words = document["results"]["channels"][0]["alternatives"][0]["words"]
    words[1]["end"] = -1
    file = parse_file(json.dumps(document).encode(), Path("a.json"))
    assert [cue.text.strip() for cue in file.cues] == TEXTS
    assert [flaw.place for flaw in file.flaws] == ["results.channels[0].alternatives[0].words[1]"]
    assert 1.2 <= file.cues[0].words[1].start <= 1.6


BOMB = f"<!DOCTYPE tt [<!ENTITY a '{'x' * 1000}'><!ENTITY b '{'&a;' * 1000}'>]>"
OUTSIDE = "<!DOCTYPE tt [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE])
def test_xml_with_entities_of_its_own_is_refused(declared: str) -> None:
    page = f"<?xml version='1.0'?>{declared}<tt><body><div><p begin='1s' end='2s'>&b;</p></div></body></tt>"
    with pytest.raises(TranscriptFileError, match="line 1: an entity is declared"):
        parse_file(page.encode(), Path("a.ttml"))


def test_a_document_type_alone_does_no_harm() -> None:
    page = (
        "<!DOCTYPE tt SYSTEM 'http://127.0.0.1:9/a.dtd'><tt><body><p begin='1s' end='2s'>Yes &amp; no.</p></body></tt>"
    )
    assert [cue.text for cue in parse_file(page.encode(), Path("a.ttml")).cues] == [" Yes & no."]


def test_xml_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    text = (ROOT / "tests" / "data" / "sources" / "layouts" / "ttml_netflix.dfxp").read_text("utf-8")
    file = parse_file(text[: text.index("Nobody") + 4].encode(), Path("a.ttml"))
    assert [cue.text.split()[0] for cue in file.cues] == ["The", "It", "Nobo"]
    assert any("not well-formed" in flaw.problem and not flaw.left_out for flaw in file.flaws)


@pytest.mark.parametrize(
    "text",
    ["Just prose.\nAnd more of it.\n", "At 10:30 we left.\nAt 10:45 we came back.\n", "Chapter 1\n\nIt was 5:30.\n",
     "name,age\nAnn,42\n", "# Notes\n\n- one\n- two\n", "<html><body><p>Hello.</p></body></html>", "a,b,c\n1,2,3\n"],
)  # fmt: skip
def test_text_without_times_is_refused(text: str) -> None:
    with pytest.raises(TranscriptFileError, match="line 1: expected"):
        parse_file(text.encode(), Path("a.txt"))


def test_what_stands_before_the_first_time_is_named() -> None:
    file = parse_file(b"Interview with Ann\nFriday\n\n[00:01] Hello.\n[00:02] Yes.\n", Path("a.txt"))
    assert [cue.text for cue in file.cues] == [" Hello.", " Yes."]
    (flaw,) = file.flaws
    assert (flaw.text, flaw.left_out) == ("Interview with Ann Friday", True)


PROSE = "Ann Lee: The bridge will open in May.\n\nBob Ray: It cost nineteen\nmillion.\n"


def test_prose_is_read_where_a_recording_gives_it_times() -> None:
    file = parse_file(PROSE.encode(), Path("a.txt"), untimed=True)
    assert [(cue.start, cue.end) for cue in file.cues] == [(0.0, 0.0)] * 2
    assert assemble_import(file).text.split()[-4:] == ["It", "cost", "nineteen", "million."]
    with pytest.raises(TranscriptFileError) as caught:
        parse_file(PROSE.encode(), Path("a.txt"))
    assert caught.value.way_out is not None
    assert caught.value.way_out.kind == "align_text"


@pytest.mark.parametrize("text", ["{'a': 1}", "<p> </p>", "<x>Hello</x>", "1;2;3\n4;5;6\n", ""])
def test_what_is_no_prose_is_refused_there_too(text: str) -> None:
    with pytest.raises(TranscriptFileError):
        parse_file(text.encode(), Path("a.txt"), untimed=True)


SAID = st.lists(
    st.sampled_from(
        ["Yes.", "=1+1", "'", "-", "+", "@a", ",", ";", '"', "<b>", "&amp;", "&", "\n", "{b}", "42", "你好", "\t"]
    ),
    max_size=6,
).map(" ".join)
ROWS = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 9), st.sampled_from(["", "Ann", "=Bob"]), SAID), min_size=1
)


@pytest.mark.parametrize("layout", ["csv", "ttml"])
@given(rows=ROWS)
def test_import_export_import_gives_the_same_cues(layout: str, rows: list[tuple[int, int, str, str]]) -> None:
    cues = [Cue(start / 4, (start + length) / 4, f" {said}", name or None) for start, length, name, said in rows]
    made = assemble_import(TranscriptFile("made", tuple(cues)))
    first = parse_file(write_transcript(made, layout).encode(), Path("a"))
    written = write_transcript(assemble_import(first), layout)
    again = parse_file(written.encode(), Path("a"))
    assert again.cues == first.cues
    assert write_transcript(assemble_import(again), layout) == written


@pytest.mark.parametrize(
    "text",
    ["Ann Lee:\n[00:00:01] Hello there.\n\nBob Ray:\n[00:00:03] Yes.\n",
     "Ann Lee: (00:01)\nHello there.\n\nBob Ray: (00:03)\nYes.\n",
     "Ann Lee | 00:01\nHello there.\n\nBob Ray | 00:03\nYes.\n",
     "### Ann Lee [00:00:01]\n\nHello there.\n\n### Bob Ray [00:00:03]\n\nYes.\n"],
)  # fmt: skip
def test_a_name_stands_in_many_places(text: str) -> None:
    file = parse_file(text.encode(), Path("a.txt"))
    assert [(cue.start, cue.text, cue.speaker) for cue in file.cues] == [
        (1.0, " Hello there.", "Ann Lee"), (3.0, " Yes.", "Bob Ray"),
    ]  # fmt: skip


def test_a_time_inside_a_sentence_begins_no_paragraph() -> None:
    file = parse_file(b"Ann: (00:01)\nHello there. At (00:02) more.\n\nBob: (00:03)\nYes.\n", Path("a.txt"))
    assert [cue.text for cue in file.cues] == [" Hello there. At (00:02) more.", " Yes."]


def test_json_lines_and_pairs_of_times_are_read() -> None:
    lines = b'{"start": 1, "end": 2, "text": "Hello."}\n{"start": 2, "end": 3, "text": "Yes."}\n'
    assert [cue.start for cue in parse_file(lines, Path("a.jsonl")).cues] == [1.0, 2.0]
    chunks = {
        "text": "x",
        "chunks": [{"timestamp": [1, 2.5], "text": " Hello."}, {"timestamp": [2.5, None], "text": " Yes."}],
    }
    file = parse_file(json.dumps(chunks).encode(), Path("a.json"))
    assert [(cue.start, cue.end) for cue in file.cues] == [(1.0, 2.5), (2.5, 3.5)]


@pytest.mark.parametrize("signature", ["webvtt", "\n\nWEBVTT", "\ufeff \nWEBVTT - talk"])
def test_the_signature_of_webvtt_may_be_odd(signature: str) -> None:
    file = parse_file(f"{signature}\n\n00:01.000 --> 00:02.000\nHi.\n".encode(), Path("a.vtt"))
    assert (file.layout, [cue.text for cue in file.cues]) == ("vtt", [" Hi."])


TIMED_PARAGRAPHS = "<p>{}0:03{} Ann Lee: We never stopped.</p><p>{}0:07{} Ben: There is more &amp; more.</p>"


@pytest.mark.parametrize("marks", [("[", "]"), ("(", ")"), ("", "")])
@pytest.mark.parametrize("page", ["{}", "<!DOCTYPE html><html><body><nav><p>0:00 Home</p></nav>{}</body></html>"])
def test_html_whose_paragraphs_begin_with_times_is_read(page: str, marks: tuple[str, str]) -> None:
    file = parse_file(page.format(TIMED_PARAGRAPHS.format(*marks, *marks)).encode(), Path("page.html"))
    assert [cue.start for cue in file.cues] == [3.0, 7.0]
    assert "more & more" in file.cues[1].text
    assert "Home" not in "".join(cue.text for cue in file.cues)


@pytest.mark.parametrize("text", ["<p>We never stopped.</p>", "<div>We never stopped.", "<html><br>We never stopped."])
def test_html_without_times_is_read_to_be_aligned_alone(text: str) -> None:
    with pytest.raises(TranscriptFileError):
        parse_file(text.encode(), Path("page.html"))
    file = parse_file(text.encode(), Path("page.html"), untimed=True)
    assert [cue.text.strip() for cue in file.cues] == ["We never stopped."]


def test_what_a_page_has_besides_its_paragraphs_is_left_out() -> None:
    menus = "<ul><li>Home</li><li>Shop</li></ul><script>let x = 1</script><footer><p>All rights reserved</p></footer>"
    said = "We never stopped, and there is more to come this winter, when the harbor is quiet."
    page = f"<html><head><title>Talk</title></head><body>{menus}<cite>Ann:</cite><p>{said}</p></body></html>"
    file = parse_file(page.encode(), Path("page.html"), untimed=True)
    assert [cue.text.strip() for cue in file.cues] == [f"Ann: {said}"]


@pytest.mark.parametrize("unit", ["<a ", '<a b="', "<!--", "<![CDATA[", "<script>", "</", "<cite>", "<p>", "&"])
@pytest.mark.parametrize("head", ["<p>Hello there ", "<time>0:01</time><p>Hello there "])
def test_a_page_that_is_made_to_be_slow_is_read_or_refused_at_once(head: str, unit: str) -> None:
    with suppress(TranscriptFileError):
        parse_file((head + unit * 100_000).encode(), Path("page.html"), untimed=True)
