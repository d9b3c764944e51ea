"""Read any transcript file. Its layout is detected from the content; the suffix is used only for error messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from audio.errors import repair_file
from index.errors import ALIGN_TEXT, TranscriptFileError
from index.formats.cues import MalformedError, TranscriptFile
from index.formats.encodings.transcript_decoding import decode_transcript, is_wide_text
from index.formats.import_assembly import assemble_import
from index.formats.json.json_fields import parse_document, parse_lines
from index.formats.json.listed_cues import (
    has_listed_cues,
    has_listed_durations,
    is_youtube_events,
    read_listed_cues,
    read_youtube_events,
)
from index.formats.json.other_json import (
    is_cpp_json,
    is_podcast_json,
    is_segment_tuples,
    read_cpp_json,
    read_podcast_json,
    read_segment_tuples,
)
from index.formats.json.speech_services import SERVICES
from index.formats.json.whisper_json import has_whisper_segments, read_whisper_json
from index.formats.subtitles.lrc import is_lrc, read_lrc
from index.formats.subtitles.sbv import is_sbv, read_sbv
from index.formats.subtitles.srt import has_timings, read_srt
from index.formats.subtitles.substation import is_substation, read_substation
from index.formats.subtitles.ttml import is_ttml, read_ttml
from index.formats.subtitles.vtt import is_vtt, read_vtt
from index.formats.text.columns import is_table, read_table
from index.formats.text.console_log import is_console_log, read_console_log
from index.formats.text.html_text import is_html, is_timed_html, read_timed_html, read_untimed_html
from index.formats.text.podcast_html import is_podcast_html, read_podcast_html
from index.formats.text.prose import is_prose, read_prose
from index.formats.text.timed_lines import is_timed_text, read_timed_text
from index.formats.text.whisper_text import is_tsv, read_tsv
from index.formats.unknown_content import describe_bytes, describe_document, describe_text
from index.transcript import Transcript

_MAX_BYTES = 256 * 2**20
"""For comparison: a day of speech is 20 MB of Whisper's JSON with words."""

_PROBE_BYTES = 2**16
_KINDS = "Whisper's JSON, SRT, WebVTT, TTML, a table or text with times"


def read_transcript(path: Path) -> Transcript:
    """Read a transcript file; see ``parse_file``."""
    return assemble_import(parse_file(read_file(path), path))


def parse_file(data: bytes, path: Path, encoding: str | None = None, *, untimed: bool = False) -> TranscriptFile:
    """Parse the content of a transcript file in any of TEXT_LAYOUTS and JSON_LAYOUTS; times are seconds.

    ``encoding`` is a codec's name; without one it is detected. ``untimed`` reads text without any times too, whose cues
    all have the time 0, to be aligned with a recording. Raises TranscriptFileError, with ``path``, place and
    what was expected there, for anything else.
    """
    with _explained(path):
        decoded = decode_transcript(data, encoding)
        file = _parse(decoded.text, path.suffix.lower(), untimed)
    return replace(file, flaws=(*decoded.flaws, *file.flaws))


def read_file(path: Path) -> bytes:
    """Return the content of a transcript file. Raises TranscriptFileError, also for one that is empty or not text."""
    with _explained(path), path.open("rb") as file:
        return _read_bytes(file)


def read_stream(stream: BinaryIO, name: Path) -> bytes:
    """Return the content of a transcript in an open stream, which errors call ``name``. Raises as ``read_file``."""
    with _explained(name):
        return _read_bytes(stream)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except MalformedError as error:
        raise TranscriptFileError(
            f"{path} cannot be read as a transcript: {error.place}: {error.problem}.",
            error.way_out or repair_file("Correct that place, or export the transcript again."),
            where=path,
        ) from error
    except OSError as error:
        raise TranscriptFileError(f"{path} cannot be read: {error.strerror or error}.", where=path) from error


def _read_bytes(file: BinaryIO) -> bytes:
    head = file.read(_PROBE_BYTES)
    if not head.strip():
        raise MalformedError("line 1", f"the file is empty, expected {_KINDS}")
    kind = describe_bytes(head)
    if kind or (b"\0" in head and not is_wide_text(head)):
        place = head.find(0) if b"\0" in head else 0
        is_kind = f" but {kind}" if kind else ""
        raise MalformedError(f"byte {place}", f"this is not text{is_kind}, expected {_KINDS}")
    data = head + file.read(_MAX_BYTES - len(head) + 1)
    if len(data) > _MAX_BYTES:
        raise MalformedError(f"byte {_MAX_BYTES}", "too long for a transcript")
    return data


TEXT_LAYOUTS: tuple[tuple[str, Callable[[str], bool], Callable[[str], TranscriptFile]], ...] = (
    ("vtt", is_vtt, read_vtt),
    ("ttml", is_ttml, read_ttml),
    ("podcast-html", is_podcast_html, read_podcast_html),
    ("substation", is_substation, read_substation),
    ("tsv", is_tsv, read_tsv),
    ("csv", is_table, read_table),
    ("sbv", is_sbv, read_sbv),
    ("console-log", is_console_log, read_console_log),
    ("srt", has_timings, read_srt),
    ("lrc", is_lrc, read_lrc),
    ("timed-text", is_timed_text, read_timed_text),
    ("timed-text", is_timed_html, read_timed_html),
    ("srt", lambda text: "-->" in text, read_srt),  # whose error names the line
)
"""The layouts of text that are read: name, whether a text has it, and its reader. The first that fits is taken."""

JSON_LAYOUTS: tuple[tuple[str, Callable[[Any], bool], Callable[[Any], TranscriptFile]], ...] = (
    ("whisper-cpp-json", is_cpp_json, read_cpp_json),
    ("podcast-json", is_podcast_json, read_podcast_json),
    ("faster-whisper-tuples", is_segment_tuples, read_segment_tuples),
    *SERVICES,
    ("youtube-json", is_youtube_events, read_youtube_events),
    ("listed-json", has_listed_durations, read_listed_cues),
    ("whisper-json", has_whisper_segments, read_whisper_json),
    ("listed-json", has_listed_cues, read_listed_cues),
)
"""The same for the layouts of JSON, whose detectors and readers take the parsed document."""


def _parse(text: str, ending: str, untimed: bool) -> TranscriptFile:
    start = text.lstrip()[:1]
    if start and start in "{[":
        try:
            document = parse_document(text)
        except MalformedError:
            # Lines of text may begin with a time in brackets.
            readers = [read for _, fits, read in TEXT_LAYOUTS if start == "[" and fits(text)]
            if readers:
                return readers[0](text)
            document = parse_lines(text)
        return _parse_document(document)
    for _, fits, read in TEXT_LAYOUTS:
        if fits(text):
            return read(text)
    if untimed and is_html(text):
        return read_untimed_html(text)
    prose = (untimed or ending not in (".json", ".vtt", ".srt")) and is_prose(text)
    if prose and untimed:
        return read_prose(text)
    expected = {".json": "JSON", ".vtt": "WEBVTT", ".srt": "cues (00:00:01,000 --> 00:00:02,500)"}.get(ending, _KINDS)
    found = f"text without times: {describe_text(text)}" if prose else describe_text(text)
    raise MalformedError("line 1", f"expected {expected}, found {found}", ALIGN_TEXT if prose else None)


def _parse_document(document: Any) -> TranscriptFile:
    for _, fits, read in JSON_LAYOUTS:
        if fits(document):
            return read(document)
    found = describe_document(document)
    raise MalformedError("the document", f'expected an object with a list "segments", found {found}')
