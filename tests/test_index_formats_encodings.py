"""Transcript files in any encoding: read right or refused, never read wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from encoding_texts import TEXTS, encode

from audio.errors import UsageError
from index.errors import TranscriptFileError
from index.formats.cues import TranscriptFile
from index.formats.encodings.transcript_decoding import check_encoding
from index.formats.reading import parse_file, read_file

PAIRS = [(language, encoding) for language, (encodings, _) in TEXTS.items() for encoding in encodings]


def as_srt(lines: tuple[str, ...] | list[str]) -> str:
    return "".join(f"{row}\n00:00:{row:02},000 --> 00:00:{row:02},900\n{line}\n\n" for row, line in enumerate(lines, 1))


def read(data: bytes, tmp_path: Path, encoding: str | None = None, name: str = "a.srt") -> TranscriptFile:
    file = tmp_path / name
    file.write_bytes(data)
    return parse_file(read_file(file), file, encoding)


def texts(file: TranscriptFile) -> list[str]:
    return [cue.text.strip() for cue in file.cues]


@pytest.mark.parametrize(("language", "encoding"), PAIRS)
def test_a_transcript_of_six_lines_is_read_in_its_encoding(language: str, encoding: str, tmp_path: Path) -> None:
    lines = list(TEXTS[language][1])
    read_back = read(encode(as_srt(lines), encoding), tmp_path)
    assert texts(read_back) == lines
    assert read_back.flaws == ()


@pytest.mark.parametrize(("language", "encoding"), PAIRS)
def test_a_single_line_is_read_right_or_refused(language: str, encoding: str, tmp_path: Path) -> None:
    for line in TEXTS[language][1]:
        data = encode(as_srt([f"<i>{line}</i>"]), encoding)
        try:
            assert texts(read(data, tmp_path)) == [line]
        except TranscriptFileError as error:
            assert error.way_out is not None
            assert error.way_out.kind == "name_encoding"
        assert texts(read(data, tmp_path, encoding)) == [line]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("language", ["German", "Russian", "Chinese", "Japanese", "Thai"])
def test_unicode_is_read_with_and_without_a_byte_order_mark(language: str, encoding: str, tmp_path: Path) -> None:
    lines = list(TEXTS[language][1])
    assert texts(read(as_srt(lines).encode(encoding), tmp_path)) == lines


def test_byte_order_marks_in_the_middle_are_no_text(tmp_path: Path) -> None:
    both = as_srt(["One."]).encode("utf-8-sig") + as_srt(["Two."]).encode("utf-8-sig")
    assert texts(read(both, tmp_path)) == ["One.", "Two."]


WHISPER = {
    "segments": [{"start": 0, "end": 1, "text": " Die Brücke ist zu."}, {"start": 1, "end": 2, "text": " \udc98"}]
}
CPP = {"transcription": [{"offsets": {"from": 0, "to": 1000}, "text": " Die Brücke \udc98ist zu."}]}
DAMAGED = {
    "a.srt": as_srt(["Die Brücke ist zu.", " \udc98"]),
    "a.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nDie Brücke\n\udc98ist zu.\n",
    "a.tsv": "start\tend\ttext\n0\t1000\tDie Brücke \udc98ist zu.\n",
    "whisper.json": json.dumps(WHISPER, ensure_ascii=False, indent=1),
    "cpp.json": json.dumps(CPP, ensure_ascii=False),
    "english.srt": as_srt(["The bridge is closed.", "\udcc3"]),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_bad_byte_in_utf8_is_replaced_and_named(name: str, tmp_path: Path) -> None:
    file = read(DAMAGED[name].encode("utf-8", "surrogateescape"), tmp_path, name=name)
    assert "\ufffd" in "".join(cue.text for cue in file.cues)
    (flaw,) = file.flaws
    assert not flaw.left_out
    assert "UTF-8" in flaw.problem
    lines = DAMAGED[name].split("\n")
    bad = next(row for row, line in enumerate(lines, 1) if any("\udc80" <= letter <= "\udcff" for letter in line))
    assert flaw.place == f"line {bad}"


def test_a_replacement_character_of_the_file_itself_is_no_flaw(tmp_path: Path) -> None:
    assert read(as_srt(["So \ufffd it is."]).encode(), tmp_path).flaws == ()


@pytest.mark.parametrize("noise", [bytes(range(128, 256)) * 3, b"\xc4\xe0\n", b"\xff\xfb\x90abc\n" * 9])
def test_what_is_no_text_of_any_encoding_is_refused_with_the_way_out(noise: bytes, tmp_path: Path) -> None:
    with pytest.raises(
        TranscriptFileError, match="line 3: this is not UTF-8 text, and its encoding is unsure"
    ) as caught:
        read(as_srt(["x"]).encode().replace(b"x", noise), tmp_path)
    assert caught.value.way_out is not None
    assert caught.value.way_out.kind == "name_encoding"


@pytest.mark.parametrize("name", ["nonsense", "base64", "rot13", "hex", "utf\0", "\udc80"])
def test_only_an_encoding_of_text_can_be_named(name: str) -> None:
    check_encoding("cp1251")
    with pytest.raises(UsageError, match="not an encoding"):
        check_encoding(name)


def test_a_named_encoding_replaces_what_it_cannot_decode(tmp_path: Path) -> None:
    data = as_srt(["Да."]).encode("cp1251") + b"\n\x98\n"
    file = read(data, tmp_path, "cp1251")
    assert texts(file)[0].startswith("Да.")
    assert [flaw.left_out for flaw in file.flaws] == [False]


def test_a_declared_encoding_is_used(tmp_path: Path) -> None:
    page = "<?xml version='1.0' encoding='{}'?><tt><body><div><p begin='1s' end='2s'>Да.</p></div></body></tt>"
    file = read(page.format("windows-1251").encode("cp1251"), tmp_path, name="a.ttml")
    assert texts(file) == ["Да."]
