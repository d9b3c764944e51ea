"""What Whisper and its relatives print while they transcribe: ``[00:00.000 --> 00:02.000]  text``."""

from __future__ import annotations

import re
from dataclasses import replace

from index.formats.cues import CueCollector, TranscriptFile, checked_span
from index.formats.word_split import clean_texts, split_lines
from index.formats.written_times import parse_written_time
from index.language.language_codes import stated_language
from index.transcript import Cue

_TIME = r"\s{0,8}([0-9][0-9:.,]{0,20})s?\s{0,8}"
_LINE = re.compile(rf"(?:Transcript:\s?|Segment:\s?)?\[{_TIME}-{{1,2}}>{_TIME}\](.*)", re.DOTALL)
_SPEAKER = re.compile(r"\s*[\[(]((?:SPEAKER|Speaker)[_ ]?[0-9A-Z]{1,4})[\])]:?\s*(.*)", re.DOTALL)
_LANGUAGE = re.compile(
    r"(?:Detected language:?|.*auto-detected language:|Language:) '?([A-Za-z]{2,20})'?.*", re.IGNORECASE
)
_ABOUT_THE_RUN = re.compile(
    r"(?:whisper_|main:|system_info|Detecting language|Detected language|Performing|Processing|>>|ggml_|load_|init|"
    r"output_|Transcribing|\s*[0-9]{1,3}%\||Lightning|Model was|No language|Language:|.{0,80}(?:Warning|warn\())"
)
_MOST_LINES_BEFORE = 200


def is_console_log(text: str) -> bool:
    """Whether a text has such a line among its first."""
    return any(_LINE.match(line.lstrip()) for line in split_lines(text[:100_000])[:_MOST_LINES_BEFORE])


def read_console_log(text: str) -> TranscriptFile:
    """Read a log; lines about the run are passed over, others that have no times are left out and named."""
    collected = CueCollector()
    language = None
    for number, line in enumerate(split_lines(text), start=1):
        found = _LINE.match(line.lstrip())
        if found:
            with collected.leaving_out(found[3]):
                place = f"line {number}"
                span = checked_span(parse_written_time(found[1], place), parse_written_time(found[2], place), place)
                named = _SPEAKER.fullmatch(found[3])
                speaker, said = (named[1], f" {named[2]}") if named else (None, found[3])
                collected.cues.append(Cue(*span, said, speaker))
        elif stated := _LANGUAGE.fullmatch(line.strip()):
            language = stated_language(stated[1].lower())
        elif line.strip() and not _ABOUT_THE_RUN.match(line.strip()):
            collected.left_out(f"line {number}", "expected [00:00.000 --> 00:02.000] before a text", line)
    texts = clean_texts([cue.text for cue in collected.cues])
    collected.cues = [replace(cue, text=said) for cue, said in zip(collected.cues, texts, strict=True)]
    return collected.file("console-log", language)
