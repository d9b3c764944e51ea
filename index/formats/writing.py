"""Write a transcript as a file: in the formats of Whisper's own writers, and in those of players, sites and tables."""

from __future__ import annotations

from collections.abc import Callable

from audio.errors import UsageError, correct_input
from index.formats.json.podcast_segments import write_podcast_json
from index.formats.json.whisper_json import write_whisper_json
from index.formats.subtitles.reading_habits import Subtitles
from index.formats.subtitles.srt import write_srt, write_srt_cues
from index.formats.subtitles.subtitle_lines import srt_cues, ttml_cues, vtt_cues
from index.formats.subtitles.ttml_writer import write_ttml, write_ttml_cues
from index.formats.subtitles.vtt import write_vtt, write_vtt_cues
from index.formats.text.markdown import NO_HEADING, Heading, write_markdown
from index.formats.text.spreadsheet import write_csv
from index.formats.text.whisper_text import write_tsv, write_txt
from index.transcript import Transcript

WRITERS: dict[str, Callable[[Transcript], str]] = {
    "json": write_whisper_json,
    "srt": write_srt,
    "vtt": write_vtt,
    "txt": write_txt,
    "tsv": write_tsv,
    "ttml": write_ttml,
    "podcast-json": write_podcast_json,
    "csv": write_csv,
    "md": write_markdown,
}
"""The writer of each format. A format's name is the ending of its files, unless ENDINGS has another."""

CHAPTERS = "chapters"
"""The format of the chapters of an episode, which are no part of its transcript."""

SPEAKERS = "rttm"
"""The format of who speaks when in an episode, without its words."""

BESIDES = (SPEAKERS, CHAPTERS)
"""The formats of what is not the text of a transcript."""

ENDINGS = {"podcast-json": "json", CHAPTERS: "chapters.json"}

SUBTITLE_WRITERS: dict[str, Callable[[Subtitles, str | None], str]] = {
    "srt": lambda subtitles, _: write_srt_cues(srt_cues(subtitles)),
    "vtt": lambda subtitles, _: write_vtt_cues(vtt_cues(subtitles)),
    "ttml": lambda subtitles, language: write_ttml_cues(ttml_cues(subtitles), language),
}
"""The writers of subtitles that keep to reading habits, which are given the language of the transcript too."""


def write_transcript(transcript: Transcript, format: str, heading: Heading = NO_HEADING) -> str:
    """Return the file's text, to be written as UTF-8 without newline translation.

    For formats that airquote reads, export, import, export reproduces the same file, but for times to the format's
    resolution. ``heading`` is for the formats that have one: md. Raises UsageError for an unknown ``format``.
    """
    check_format(format)
    return write_markdown(transcript, heading) if format == "md" else WRITERS[format](transcript)


def write_subtitles(subtitles: Subtitles, language: str | None, format: str) -> str:
    """Return the text of a file of subtitles. Raises UsageError for a ``format`` that has none."""
    check_format(format, subtitles=True)
    return SUBTITLE_WRITERS[format](subtitles, language)


def check_format(format: str, subtitles: bool = False) -> None:
    """Raise UsageError for an unknown ``format``, or one without ``subtitles`` if these are wanted."""
    formats, what = (SUBTITLE_WRITERS, "a format of subtitles") if subtitles else (WRITERS, "a transcript format")
    if format not in formats:
        offered = [*formats] if subtitles else [*formats, *BESIDES]
        raise UsageError(
            f"{format!r} is not {what}.", correct_input(f"Choose one of {', '.join(offered)}."), where=format
        )
