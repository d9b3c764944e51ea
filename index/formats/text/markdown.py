"""Markdown (CommonMark) for reading: paragraphs with the time, the speaker, and links to the moment."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from audio.recording.chapters import Chapter
from audio.timecode import format_time
from index.formats.word_split import writable
from index.notes import Person
from index.transcript import Segment, Transcript

_LONGEST_PARAGRAPH = 60.0
"""Seconds after which a paragraph ends with the sentence, so that every minute has its time."""

_NEW_THOUGHT = 3.0
"""Seconds of silence that begin a paragraph."""

_MARKUP = re.compile(r"[\\`*_\[\]<>&#~|!]")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a document says of its episode, None where unknown; ``link_to`` gives the address of a second of it.

    ``people`` are those whom its publisher names; ``chapters``, in order, become headings.
    """

    title: str | None = None
    show: str | None = None
    published: str | None = None
    link_to: Callable[[float], str | None] = lambda _: None
    people: tuple[Person, ...] = ()
    chapters: tuple[Chapter, ...] = ()


NO_HEADING = Heading()


def write_markdown(transcript: Transcript, heading: Heading = NO_HEADING) -> str:
    """Write the sentences as paragraphs, one for each turn, with a title where there is one."""
    blocks = []
    if heading.title:
        blocks.append(f"# {escape_markdown(heading.title)}")
    if about := ", ".join(filter(None, (heading.show, heading.published))):
        blocks.append(escape_markdown(about))
    if people := ", ".join(f"{one.name} ({one.role})" for one in heading.people):
        blocks.append(f"With {escape_markdown(people)}")
    before = None
    chapters = deque(heading.chapters)
    for sentences in split_paragraphs(transcript, [one.start for one in chapters]):
        while chapters and chapters[0].start <= transcript.segment_span(sentences[0]).middle:
            blocks.append(_chapter(chapters.popleft(), heading))
        text = escape_markdown(" ".join(transcript.segment_text(one).strip() for one in sentences))
        speaker = sentences[0].speaker if sentences[0].speaker != before else None
        before = sentences[0].speaker
        name = f" **{escape_markdown(speaker)}:**" if speaker and speaker.strip() else ""
        blocks.append(f"{_time(transcript.segment_span(sentences[0]).start, heading)}{name} {text}")
    blocks += [_chapter(chapter, heading) for chapter in chapters]
    return "".join(f"{block}\n\n" for block in blocks).removesuffix("\n")


def _chapter(chapter: Chapter, heading: Heading) -> str:
    return f"## {_time(chapter.start, heading)} {escape_markdown(chapter.title)}"


def split_paragraphs(transcript: Transcript, chapters: Sequence[float]) -> Iterator[Sequence[Segment]]:
    """Yield the sentences with text, those of a paragraph together; a chapter begins with a paragraph."""
    paragraph: list[Segment] = []
    for segment in transcript.segments:
        if not transcript.segment_text(segment).strip():
            continue
        if paragraph:
            span, last = transcript.segment_span(segment), transcript.segment_span(paragraph[-1])
            begun = transcript.segment_span(paragraph[0]).start
            silent, long = span.start - last.end >= _NEW_THOUGHT, span.start - begun >= _LONGEST_PARAGRAPH
            begins = bisect_right(chapters, span.middle) > bisect_right(chapters, last.middle)
            if segment.speaker != paragraph[0].speaker or silent or long or begins:
                yield paragraph
                paragraph = []
        paragraph.append(segment)
    if paragraph:
        yield paragraph


def _time(seconds: float, heading: Heading) -> str:
    """Return a time, as a link where there is an address."""
    shown = format_time(int(seconds), 0)
    address = heading.link_to(seconds)
    return f"[{shown}](<{address}>)" if address else shown


def escape_markdown(text: str) -> str:
    """Return a text on one line in which nothing is Markdown."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(writable(text).split()))
