"""Subtitle files as programs write them: line ends, counters, arrows, markup, and times that are not quite right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import TranscriptFileError
from index.formats.cues import TranscriptFile
from index.formats.reading import parse_file

SRT = (
    "1\n00:00:01,000 --> 00:00:03,000\nThe bridge will open.\n\n2\n00:00:03,500 --> 00:00:06,000\nIt cost nineteen.\n\n"
)
VTT = "WEBVTT\n\n1\n00:01.000 --> 00:03.000\nThe bridge will open.\n\n2\n00:03.500 --> 00:06.000\nIt cost nineteen.\n\n"
CUES = [(1.0, 3.0, "The bridge will open."), (3.5, 6.0, "It cost nineteen.")]


def read(text: str, name: str = "a.srt") -> TranscriptFile:
    return parse_file(text.encode(), Path(name))


def cues(file: TranscriptFile) -> list[tuple[float, float, str]]:
    return [(cue.start, cue.end, cue.text.strip()) for cue in file.cues]


DISGUISES: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "CR CR LF": lambda text: text.replace("\n", "\r\r\n"),
    "trailing spaces": lambda text: text.replace("\n", "  \n"),
    "no end": lambda text: text.rstrip(),
    "blank behind the times": lambda text: text.replace("000\n", "000\n\n"),
    "blank line of a space": lambda text: text.replace("bridge will", "bridge\n \nwill"),
    "byte order mark inside": lambda text: text.replace("\n2\n", "\n\ufeff2\n"),
    "spaces before the times": lambda text: text.replace("00:0", " 00:0"),
    "br": lambda text: text.replace("bridge will", "bridge<br />will"),
    "break of ASS": lambda text: text.replace("bridge will", "bridge\\Nwill"),
    "hard space of ASS": lambda text: text.replace("bridge will", "bridge\\hwill"),
    "position": lambda text: text.replace("The", "{\\an8}The"),
    "italic in braces": lambda text: text.replace("bridge", "{i}bridge{/i}"),
    "font": lambda text: text.replace("bridge", '<font color="#fff" size=2>bridge</font>'),
    "entities": lambda text: text.replace("bridge", "&#98;ridge").replace("open.", "open&period;"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DISGUISES)
@pytest.mark.parametrize("text", [SRT, VTT], ids=["srt", "vtt"])
def test_a_file_in_disguise_has_the_same_cues(text: str, kind: str) -> None:
    file = read(DISGUISES[kind](text))
    assert [(start, end, " ".join(said.split())) for start, end, said in cues(file)] == CUES
    assert file.flaws == ()


ONLY_SRT = {
    "no numbers": "\n".join(line for line in SRT.split("\n") if not line.isdigit()),
    "lines twice": SRT.replace("\n", "\n\n").replace("\n\n\n\n", "\n\n\n"),
    "no blank lines": SRT.replace("\n\n", "\n"),
    "words as counters": SRT.replace("1\n00", "first cue\n00").replace("2\n00", "second cue\n00"),
    "points": SRT.replace(",", "."),
    "colons": SRT.replace(",", ":"),
    "no decimals": SRT.replace(",000", "").replace("03,500", "3,5"),
    "no hours": SRT.replace("00:00:", "00:"),
    "short arrow": SRT.replace("-->", "->"),
    "one arrow": SRT.replace(" --> ", " → "),
    "dash": SRT.replace("-->", "–>"),
    "escaped arrow": SRT.replace("-->", "--&gt;"),
    "no spaces": SRT.replace(" --> ", "-->"),
    "coordinates": SRT.replace("000\n", "000  X1:100 X2:200 Y1:1 Y2:2\n"),
    "space in the decimals": SRT.replace("01,000", "01, 000"),
}


@pytest.mark.parametrize("kind", ONLY_SRT)
def test_times_and_counters_of_srt_vary(kind: str) -> None:
    file = read(ONLY_SRT[kind])
    assert cues(file) == CUES
    assert file.flaws == ()


def test_escapes_that_were_escaped_again_are_decoded_twice() -> None:
    assert cues(read(SRT.replace("The bridge", "We don&amp;#39;t &amp;quot;open&amp;quot;")))[0][2].startswith(
        'We don\'t "open"'
    )
    assert cues(read(SRT.replace("The bridge", "AT&amp;amp;T")))[0][2].startswith("AT&amp;T")


@pytest.mark.parametrize(
    "text", ["if a < b and c > d", "AT&T; and R&D", "I <3 you", "C:\\New", "a {b c} d", "x <- y -> z", "<laughs>"]
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    for content in (SRT, VTT):
        assert cues(read(content.replace("The bridge will open.", text)))[0][2] == text


REPAIRED = {
    "00:00:01,249.0999 --> 00:00:03,000": (1.249, 3.0),
    "-00:00:00,400 --> 00:00:03,000": (0.0, 3.0),
    "00:00:00,1000 --> 00:00:03,000": (1.0, 3.0),
    "00:00:01,000 --> 00:00:60,000": (1.0, 60.0),
}


@pytest.mark.parametrize("timing", REPAIRED)
def test_times_that_can_be_read_with_a_repair_are_named(timing: str) -> None:
    for content in (SRT, VTT.replace("1\n00:01.000 --> 00:03.000", "1\n00:00:01,000 --> 00:00:03,000")):
        file = read(content.replace("00:00:01,000 --> 00:00:03,000", timing))
        assert cues(file)[0][:2] == REPAIRED[timing]
        (flaw,) = file.flaws
        assert not flaw.left_out
        assert flaw.text == timing
        assert flaw.place in ("line 2", "line 4")


@pytest.mark.parametrize(
    "timing",
    ["-00:00:03,000 --> -00:00:01,000", "00:00:03,000 --> 00:00:01,000", "NaN --> NaN", "00:00:01,000 --> ",
     "00:00:01,000 --> 00:61:00,000", "999999:00:00,000 --> 999999:00:01,000", "00:00:01,1249.5 --> 00:00:02,000",
     "00:00:01:10 --> 00:00:02:10"],
)  # fmt: skip
def test_a_cue_whose_times_mean_nothing_is_left_out_and_named(timing: str) -> None:
    for content in (SRT, VTT.replace("1\n00:01.000 --> 00:03.000", "1\n00:00:01,000 --> 00:00:03,000")):
        file = read(content.replace("00:00:01,000 --> 00:00:03,000", timing))
        assert cues(file) == CUES[1:]
        (flaw,) = file.flaws
        assert flaw.left_out
        assert flaw.text == "The bridge will open."
        assert flaw.place in ("line 2", "line 4")


def test_a_number_that_is_said_is_no_counter() -> None:
    said = "1\n00:00:01,000 --> 00:00:03,000\n\n\n1984\n\n2\n00:00:03,500 --> 00:00:06,000\nWhat year?\n"
    assert [text for _, _, text in cues(read(said))] == ["1984", "What year?"]


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF"),
        (b"PK\x03\x04\x14\0\0\0", "a zip archive"),
        (b"{\\rtf1\\ansi hello}", "an RTF document"),
        (b"<!DOCTYPE html><html><body><p>Hello.</p></body></html>", "an HTML page"),
        (b'{"kind": "x", "items": []}', "keys 'kind', 'items'"),
        (b"<?xml version='1.0'?><rss></rss>", "an XML document <rss>"),
    ],
)
def test_what_is_no_transcript_is_said_to_be_what_it_is(data: bytes, seen: str, tmp_path: Path) -> None:
    from index.formats.reading import read_transcript

    file = tmp_path / "a.txt"
    file.write_bytes(data)
    with pytest.raises(TranscriptFileError, match=seen):
        read_transcript(file)
