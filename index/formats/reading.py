"""Read any transcript file. Its format is detected from the contents; the suffix is used only for error messages."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audio.errors import repair_file
from index.errors import TranscriptFileError
from index.formats.cues import MalformedError, TranscriptFile
from index.formats.import_assembly import assemble_import
from index.formats.json.json_fields import parse_document
from index.formats.json.other_json import is_cpp_json, is_podcast_json, read_cpp_json, read_podcast_json
from index.formats.json.whisper_json import has_whisper_segments, read_whisper_json
from index.formats.subtitles.srt import has_timings, read_srt
from index.formats.subtitles.vtt import is_vtt, read_vtt
from index.formats.text.whisper_text import is_tsv, read_tsv
from index.transcript import Transcript

_MAX_BYTES = 256 * 2**20
"""For comparison: a day of speech is 20 MB of Whisper's JSON with words."""

_PROBE_BYTES = 2**16
_KINDS = "Whisper's JSON, SRT, WebVTT or TSV"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_transcript(path: Path) -> Transcript:
    """Read a transcript file; see ``parse_file``."""
    return assemble_import(parse_file(read_file(path), path))


def parse_file(data: bytes, path: Path) -> TranscriptFile:
    """Parse the content of a file of JSON (Whisper, WhisperX, whisper.cpp, Podcasting 2.0), SRT, WebVTT or TSV.

    Times are seconds. Raises TranscriptFileError, with ``path``, place and what was expected there, for anything else.
    """
    with _explained(path):
        return _parse(_decode(data), path.suffix.lower())


def read_file(path: Path) -> bytes:
    """Return the content of a transcript file. Raises TranscriptFileError, also for one that is empty or not text."""
    with _explained(path):
        return _read_bytes(path)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except MalformedError as error:
        raise TranscriptFileError(
            f"{path} cannot be read as a transcript: {error.place}: {error.problem}.",
            repair_file("Correct that place, or export the transcript again."),
            where=path,
        ) from error
    except OSError as error:
        raise TranscriptFileError(f"{path} cannot be read: {error.strerror or error}.", where=path) from error


def _read_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(_PROBE_BYTES)
        if not head.strip():
            raise MalformedError("line 1", f"the file is empty, expected {_KINDS}")
        if b"\0" in head and not head.startswith(_UTF16):
            raise MalformedError(f"byte {head.index(0)}", f"this is not text, expected {_KINDS}")
        data = head + file.read(_MAX_BYTES - len(head) + 1)
    if len(data) > _MAX_BYTES:
        raise MalformedError(f"byte {_MAX_BYTES}", "too long for a transcript")
    return data


def _decode(data: bytes) -> str:
    """Decode UTF-8 or, with a byte order mark, UTF-16; old SRT subtitles that are not UTF-8 as Windows-1252."""
    utf16 = data.startswith(_UTF16)
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        unreadable = MalformedError(f"line {line}", f"this is not UTF-8 text, expected {_KINDS}")
        if utf16 or b"-->" not in data or data.lstrip().startswith((b"{", b"[", b"WEBVTT")):
            raise unreadable from None
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise unreadable from None
    if "\0" in text:
        raise MalformedError(f"line {text.count(chr(10), 0, text.index(chr(0))) + 1}", "this is not text")
    return text


TEXT_LAYOUTS: tuple[tuple[str, Callable[[str], bool], Callable[[str], TranscriptFile]], ...] = (
    ("vtt", is_vtt, read_vtt),
    ("tsv", is_tsv, read_tsv),
    ("srt", has_timings, read_srt),
)
"""The layouts of text that are read: name, whether a text has it, and its reader. The first that fits is taken."""

JSON_LAYOUTS: tuple[tuple[str, Callable[[Any], bool], Callable[[Any], TranscriptFile]], ...] = (
    ("whisper-cpp-json", is_cpp_json, read_cpp_json),
    ("podcast-json", is_podcast_json, read_podcast_json),
    ("whisper-json", has_whisper_segments, read_whisper_json),
)
"""The same for the layouts of JSON, whose detectors and readers take the parsed document."""


def _parse(text: str, ending: str) -> TranscriptFile:
    if text.lstrip().startswith(("{", "[")):
        document = parse_document(text)
        for _, fits, read in JSON_LAYOUTS:
            if fits(document):
                return read(document)
        raise MalformedError("the document", 'expected an object with a list "segments"')
    for _, fits, read in TEXT_LAYOUTS:
        if fits(text):
            return read(text)
    expected = {".json": "JSON", ".vtt": "WEBVTT", ".srt": "cues (00:00:01,000 --> 00:00:02,500)"}.get(ending, _KINDS)
    found = text.lstrip()[:40].splitlines()[0] if text.strip() else ""
    raise MalformedError("line 1", f"expected {expected}, found {found!r}")
