"""Reading transcript files of many programs, and refusing what is not a transcript."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from index.errors import TranscriptFileError
from index.formats.reading import read_transcript
from index.formats.word_split import split_words
from index.transcript import Transcript

SRT = "1\n00:00:01,000 --> 00:00:03,000\nHello there.\n\n2\n00:00:03,500 --> 00:00:05,000\nHow are you?\n\n"


def read(tmp_path: Path, content: str | bytes, name: str = "talk.srt") -> Transcript:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_transcript(path)


def read_json(tmp_path: Path, document: Any) -> Transcript:
    return read(tmp_path, json.dumps(document), "talk.json")


def cues(transcript: Transcript) -> list[tuple[float, float, str]]:
    spans = [transcript.segment_span(segment) for segment in transcript.segments]
    texts = [transcript.segment_text(segment) for segment in transcript.segments]
    return [(span.start, span.end, text) for span, text in zip(spans, texts, strict=True)]


def test_an_srt_file_becomes_words_with_interpolated_times(tmp_path: Path) -> None:
    transcript = read(tmp_path, SRT)
    assert (transcript.engine, transcript.model, transcript.timing) == ("import", "srt", "interpolated")
    assert transcript.text == " Hello there. How are you?"
    assert cues(transcript) == [(1.0, 3.0, " Hello there."), (3.5, 5.0, " How are you?")]
    assert transcript.words[1].start == pytest.approx(1 + 2 * 5 / 11)  # five letters of eleven


@pytest.mark.parametrize(
    "content",
    [
        SRT.replace("\n", "\r\n"),
        "\ufeff" + SRT,
        SRT.encode("utf-16"),
        SRT.replace(",", "."),
        SRT.replace("1\n", "", 1).replace("\n2\n", "\n"),  # no numbers
        SRT.replace("Hello there.", "{\\an8}<i>Hello</i>\n\n<font color='red'>there.</font>"),
        SRT.replace("03,000\n", "03,000 X1:10 Y1:20\n"),
        "\n\n" + SRT.rstrip(),
    ],
)
def test_variants_of_srt_read_the_same(tmp_path: Path, content: str | bytes) -> None:
    assert cues(read(tmp_path, content)) == cues(read(tmp_path, SRT))


def test_srt_details(tmp_path: Path) -> None:
    late = read(tmp_path, "1\n101:00:00,000 --> 101:00:01,000\nLate.\n")
    assert late.words[0].start == 101 * 3600
    digits = read(tmp_path, "1\n00:00:00,000 --> 00:00:01,000\n42\n\n2\n00:00:01,000 --> 00:00:02,000\n7\n")
    assert digits.text == " 42 7"
    arrow = read(tmp_path, "1\n00:00:00,000 --> 00:00:01,000\nfrom a\nto --> b\n")
    assert arrow.text == " from a to --> b"
    old = read(tmp_path, SRT.replace("Hello", "Café").encode("cp1252"))
    assert old.text.startswith(" Café there.")


def test_cues_without_text_go_and_late_ones_are_put_in_order(tmp_path: Path) -> None:
    content = (
        "1\n00:00:05,000 --> 00:00:06,000\nSecond.\n\n2\n00:00:01,000 --> 00:00:02,000\n<i> </i>\n\n"
        "3\n00:00:02,000 --> 00:00:09,000\nFirst of all the cues.\n"
    )
    transcript = read(tmp_path, content)
    assert cues(transcript) == [(2.0, 9.0, " First of all the cues."), (5.0, 6.0, " Second.")]
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)


VTT = """\
WEBVTT - a talk
Kind: captions
Language: en-GB

NOTE a comment
over two lines

STYLE
::cue { color: lime }

REGION
id:fred

intro
00:01.000 --> 00:03.000 align:start position:0%
<v.loud Ann Lee>Tom &amp; I <c.yellow>say</c></v>
<00:00:02.000><i>"AT&T" &lt;3</i>

01:00:04.000 --> 01:00:05.000
<v Ann Lee>Yes. <v Bob>No.

NOTE the end
"""


def test_a_webvtt_file(tmp_path: Path) -> None:
    transcript = read(tmp_path, VTT, "talk.vtt")
    assert (transcript.model, transcript.language) == ("vtt", "en")
    assert cues(transcript) == [
        (1.0, 3.0, ' Tom & I say "AT&T" <3'),
        (3604.0, pytest.approx(3604.571, abs=0.001), " Yes."),
        (pytest.approx(3604.571, abs=0.001), 3605.0, " No."),
    ]
    assert [segment.speaker for segment in transcript.segments] == ["Ann Lee", "Ann Lee", "Bob"]
    assert cues(read(tmp_path, VTT.replace("\n", "\r\n"), "lies.srt")) == cues(transcript)


def test_webvtt_without_cues_is_a_transcript_without_words(tmp_path: Path) -> None:
    assert read(tmp_path, "WEBVTT\n", "talk.vtt").words == ()


WHISPER: dict[str, Any] = {
    "text": " Hello there. Yes.",
    "segments": [
        {
            "id": 0,
            "start": 0.0,
            "end": 2.0,
            "text": " Hello there.",
            "words": [
                {"word": " Hello", "start": 0.25, "end": 0.8, "probability": 0.9},
                {"word": " there.", "start": 0.8, "end": 1.2, "probability": 0.75},
            ],
        },
        {"id": 1, "start": 2.0, "end": 2.0, "text": "", "words": []},
        {
            "id": 2,
            "start": 2.0,
            "end": 3.0,
            "text": " Yes.",
            "words": [{"word": " Yes.", "start": 2.1, "end": 2.6, "probability": 1}],
        },
    ],
    "language": "en",
}


def test_whispers_json_keeps_measured_times(tmp_path: Path) -> None:
    transcript = read_json(tmp_path, WHISPER)
    assert (transcript.timing, transcript.language, transcript.model) == ("aligned", "en", "whisper-json")
    assert [(word.text, word.start, word.probability) for word in transcript.words] == [
        (" Hello", 0.25, 0.9),
        (" there.", 0.8, 0.75),
        (" Yes.", 2.1, 1.0),
    ]
    assert len(transcript.segments) == 2


def test_whispers_json_without_words_is_interpolated(tmp_path: Path) -> None:
    plain = {"segments": [{"start": 1, "end": 3, "text": "Hello there."}, {"start": 3, "end": 4, "text": "Yes."}]}
    transcript = read_json(tmp_path, plain)
    assert transcript.timing == "interpolated"
    assert cues(transcript) == [(1.0, 3.0, " Hello there."), (3.0, 4.0, " Yes.")]
    assert cues(read_json(tmp_path, plain["segments"])) == cues(transcript)


def test_whisperx_json(tmp_path: Path) -> None:
    words: list[dict[str, Any]] = [
        {"word": word, "start": n, "end": n + 0.5, "score": 0.5} for n, word in enumerate(["It", "cost", "me", "about"])
    ]
    words += [{"word": "$5", "speaker": "SPEAKER_00"}]
    words += [{"word": word, "start": n, "end": n + 0.5} for n, word in enumerate(["or", "so", "in", "the", "end."], 6)]
    text = " It cost me about $5 or so in the end."
    transcript = read_json(tmp_path, {"segments": [{"start": 0, "end": 12, "text": text, "words": words}]})
    assert (transcript.timing, transcript.text) == ("aligned", text)
    five = transcript.words[4]
    assert (five.text, five.start, five.end, five.probability) == (" $5", 3.5, 6.0, None)
    assert transcript.segments[0].speaker == "SPEAKER_00"


def test_words_without_times_are_not_called_aligned(tmp_path: Path) -> None:
    segment = {"start": 0, "end": 2, "text": "a b", "words": [{"word": "a"}, {"word": "b", "start": 1, "end": 2}]}
    assert read_json(tmp_path, {"segments": [segment]}).timing == "interpolated"


def test_other_programs_json(tmp_path: Path) -> None:
    podcast = {
        "version": "1.0.0",
        "segments": [{"startTime": 0.5, "endTime": 1.5, "speaker": "Vader", "body": "I am."}],
    }
    transcript = read_json(tmp_path, podcast)
    assert (transcript.model, transcript.segments[0].speaker) == ("podcast-json", "Vader")
    assert cues(transcript) == [(0.5, 1.5, " I am.")]
    cpp = {
        "result": {"language": "de"},
        "transcription": [{"offsets": {"from": 0, "to": 1500}, "text": " Guten Tag."}],
    }
    transcript = read_json(tmp_path, cpp)
    assert (transcript.model, transcript.language) == ("whisper-cpp-json", "de")
    assert cues(transcript) == [(0.0, 1.5, " Guten Tag.")]


def test_tsv(tmp_path: Path) -> None:
    assert cues(read(tmp_path, "start\tend\ttext\n0\t1500\tHello.\n", "talk.tsv")) == [(0.0, 1.5, " Hello.")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" Hello  there. ", [" Hello", "  there. "]),
        ("你好，世界。", ["你", "好，", "世", "界。"]),
        (" 「はい」 OK!", [" 「は", "い」", " OK!"]),
        ("สวัสดี", ["ส", "วั", "ส", "ดี"]),
        ("안녕 세상", ["안녕", " 세상"]),
        ("  ", []),
    ],
)
def test_words_of_every_script(text: str, words: list[str]) -> None:
    assert list(split_words(text)) == words


def test_a_script_without_spaces_gets_none(tmp_path: Path) -> None:
    content = SRT.replace("Hello there.", "你好。").replace("How are you?", "世界。")
    assert read(tmp_path, content).text == "你好。世界。"


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"", "a.srt", "empty"),
        (b"\xef\xbb\xbf \n", "a.vtt", "line 1: expected WEBVTT"),
        (b"ID3\x04\0\0\0\0\0", "a.srt", "byte 4: this is not text"),
        (b"abc\n\xff\xfb\x90", "a.srt", "line 2: this is not UTF-8"),
        ("Just prose.", "a.vtt", "line 1: expected WEBVTT, found 'Just prose.'"),
        ("Just prose.", "a.json", "expected JSON"),
        ('{"a": 1', "a.json", "line 1, column 8: not JSON"),
        ('{"a": 1}', "a.json", "segments"),
        ("[1]", "a.json", r"segments\[0\]: expected an object"),
        ('{"segments": [{"start": 0, "end": 1}]}', "a.json", r"segments\[0\].text: expected text, found nothing"),
        ('[{"start": "x", "end": 1, "text": ""}]', "a.json", r"segments\[0\].start: expected a time, found 'x'"),
        ('[{"start": NaN, "end": 1, "text": ""}]', "a.json", r"segments\[0\]: expected a time between"),
        ('[{"start": -1, "end": 1, "text": ""}]', "a.json", r"segments\[0\]: expected a time between"),
        ('[{"start": 0, "end": 1e999, "text": ""}]', "a.json", "found inf"),
        ('[{"start": 0, "end": 1' + "0" * 400 + ', "text": ""}]', "a.json", "found inf"),
        ('[{"start": 0, "end": ' + "1" * 5000 + ', "text": ""}]', "a.json", "not a transcript"),
        ('[{"start": 2, "end": 1, "text": ""}]', "a.json", "expected an end after the start"),
        ("[" * 100_000, "a.json", "nested too deeply"),
        ("1\n00:00:0x,000 --> 00:00:02,000\nHi\n", "a.srt", "line 2: expected 00:00:01,000 --> "),
        ("1\n00:00:03,000 --> 00:00:02,000\nHi\n", "a.srt", "line 2: expected an end after the start"),
        ("1\n00:99:03,000 --> 00:99:04,000\nHi\n", "a.srt", "line 2: expected minutes and seconds below 60"),
        ("1\n999999:00:00,000 --> 999999:00:01,000\nHi\n", "a.srt", "line 2: expected a time between"),
        ("prose\n" + SRT, "a.srt", "line 1: expected a cue number"),
        ("WEBVTT\n\n00:01 --> soon\nHi\n", "a.vtt", "line 3: expected 00:00:01,000 --> "),
        ("start\tend\ttext\n1\tx\tHi\n", "a.tsv", "line 2: expected start, end and text"),
    ],
)
def test_what_is_no_transcript_is_named_with_its_place(
    tmp_path: Path, content: str | bytes, name: str, expected: str
) -> None:
    with pytest.raises(TranscriptFileError, match=expected) as caught:
        read(tmp_path, content, name)
    assert str(tmp_path / name) in str(caught.value)


GOOD_AND_BAD = {
    "a.srt": "1\n00:00:01,000 --> 00:00:02,000\nGood.\n\n2\n00:00:05,000 --> 00:00:04,000\nBad.\n",
    "a.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nGood.\n\n00:05.000 --> 00:04.000\n<i>Bad.</i>\n",
    "a.tsv": "start\tend\ttext\n1000\t2000\tGood.\n5000\t4000\tBad.\n",
    "whisper.json": '[{"start": 1, "end": 2, "text": "Good."}, {"start": 5, "end": NaN, "text": "Bad."}]',
    "podcast.json": '{"segments": [{"startTime": 1, "endTime": 2, "body": "Good."},'
    ' {"startTime": -5, "endTime": 6, "body": "Bad."}]}',
    "cpp.json": '{"transcription": [{"offsets": {"from": 1000, "to": 2000}, "text": " Good."},'
    ' {"offsets": {"from": 5000, "to": 4000}, "text": " Bad."}]}',
}


@pytest.mark.parametrize("name", GOOD_AND_BAD)
def test_one_bad_cue_is_left_out_and_named(tmp_path: Path, name: str) -> None:
    transcript = read(tmp_path, GOOD_AND_BAD[name], name)
    assert cues(transcript) == [(1.0, 2.0, " Good.")]
    (flaw,) = transcript.flaws
    assert "Bad." in flaw.text
    assert flaw.left_out
    assert re.search(r"line|\[1\]", flaw.place)
    assert "expected" in flaw.problem


def test_the_cues_of_a_file_are_kept_beside_its_words(tmp_path: Path) -> None:
    transcript = read(tmp_path, VTT, "talk.vtt")
    first, second, third = transcript.cues
    assert (first.identifier, first.settings) == ("intro", "align:start position:0%")
    assert first.payload == '<v.loud Ann Lee>Tom &amp; I <c.yellow>say</c></v>\n<00:00:02.000><i>"AT&T" &lt;3</i>'
    assert (second.payload, third.payload, third.continued) == ("<v Ann Lee>Yes. <v Bob>No.", None, True)
    assert (second.identifier, second.settings) == (None, None)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.srt"):
        with pytest.raises(TranscriptFileError, match="cannot be read"):
            read_transcript(path)


@pytest.mark.parametrize("piece", ["<", "<i ", "<v ", "{\\", "&", "&#9", "-", "(", " ", "\u3000\u200b", "00:"])
def test_hostile_repetition_takes_no_time(tmp_path: Path, piece: str) -> None:
    noise = piece * 100_000
    for head in ("WEBVTT\n\n00:00.000 --> 00:01.000\nA", "1\n00:00:00,000 --> 00:00:01,000\nA"):
        assert read(tmp_path, head + noise + "\n").words
