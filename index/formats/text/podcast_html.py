"""Podcasting 2.0's HTML transcripts: ``<cite>Name:</cite><time>0:12</time><p>text</p>``, again and again."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace

from index.formats.cues import CueCollector, TranscriptFile
from index.formats.text.html_events import HtmlPage, read_html
from index.formats.word_split import clean_texts, one_line, writable
from index.formats.written_times import checked_start, end_at_next, parse_written_time
from index.transcript import Cue

_PARTS = re.compile(r"<time[\s>]", re.IGNORECASE)
_TEXTS = re.compile(r"<(?:p|cite)[\s>]", re.IGNORECASE)
_IGNORED = frozenset({"script", "style", "head", "title", "template"})


def is_podcast_html(text: str) -> bool:
    """Whether a text is HTML with times and paragraphs or names."""
    head = text.lstrip()[:1]
    return head == "<" and _PARTS.search(text) is not None and _TEXTS.search(text) is not None


def read_podcast_html(text: str) -> TranscriptFile:
    """Read the paragraphs behind each time; each ends at the next time. A name holds for what follows it."""
    page = _TranscriptPage()
    read_html(writable(text), page)
    page.finish()
    end_at_next(page.collected)
    collected = page.collected
    texts = clean_texts([cue.text for cue in collected.cues])
    collected.cues = [replace(cue, text=said) for cue, said in zip(collected.cues, texts, strict=True)]
    return collected.file("podcast-html")


class _TranscriptPage(HtmlPage):
    def __init__(self) -> None:
        super().__init__()
        self.collected = CueCollector()
        self._inside: str | None = None
        self._ignored = 0
        self._in_paragraph = False
        self._text: list[str] = []
        self._speaker: str | None = None
        self._start: tuple[str, str] | None = None
        self._said: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin a name, a time or a paragraph."""
        if tag in _IGNORED:
            self._ignored += 1
        elif tag in ("cite", "time", "p"):
            self._close_part()
            if tag != "p" and self._said:
                self.finish()
            self._inside = tag
            self._in_paragraph |= tag == "p"
            if tag == "time" and (stated := attributes.get("datetime")):
                self._start = (stated, f"line {self.line}")
        elif tag == "br":
            self._text.append("\n")

    def end(self, tag: str) -> None:
        """End it."""
        if tag in _IGNORED:
            self._ignored = max(0, self._ignored - 1)
        elif tag == "p":
            self._close_part()
            self._in_paragraph = False
        elif tag == self._inside:
            self._close_part()
            self._inside = "p" if self._in_paragraph else None

    def data(self, text: str) -> None:
        """Collect its text."""
        if self._inside and not self._ignored:
            self._text.append(text)

    def _close_part(self) -> None:
        said = writable("".join(self._text)).strip()
        self._text.clear()
        if self._inside == "cite":
            self._speaker = one_line(said).rstrip(":").strip() or None
        elif self._inside == "time" and said:
            self._start = (said.strip("[]() "), f"line {self.line}")
        elif self._inside == "p" and said:
            self._said.append(said)
        self._inside = None

    def finish(self) -> None:
        """Keep what was said since the last time as a cue."""
        self._close_part()
        said, start = "\n".join(self._said), self._start
        self._said.clear()
        if not said:
            return
        if start is None:
            self.collected.left_out(f"line {self.line}", "there is no time before it", said)
            return
        with self.collected.leaving_out(said):
            seconds = checked_start(parse_written_time(start[0], start[1]), start[1])
            self.collected.cues.append(Cue(seconds, math.nan, said, self._speaker))
