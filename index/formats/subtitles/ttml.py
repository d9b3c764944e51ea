"""Timed Text (.ttml, .dfxp, .xml; https://www.w3.org/TR/ttml2/): paragraphs in XML, which broadcasters use."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from index.formats.cues import CueCollector, MalformedError, TranscriptFile, checked_span
from index.formats.text_times import TimedPiece, time_text
from index.formats.word_split import clean_texts, flat_text, writable
from index.formats.written_times import parse_written_time
from index.language.language_codes import stated_language
from index.transcript import Cue

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?tt[\s>]")
_DECLARATION = re.compile(r"<\?xml[^<>]{0,400}\?>")
_OWN_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]{1,32};")
_CLOCK = re.compile(r"([0-9]{1,6}):([0-9]{2}):([0-9]{2})(?:[:;]([0-9]{1,3})(?:\.([0-9]+))?)?")
_COUNT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?)([ft])")
_HEAD_CHARACTERS = 100_000
_DEEPEST = 100


def is_ttml(text: str) -> bool:
    """Whether a text begins as XML with the root element of Timed Text."""
    return text.lstrip()[:1] == "<" and _ROOT.search(text, 0, _HEAD_CHARACTERS) is not None


def read_ttml(text: str) -> TranscriptFile:
    """Read the paragraphs of a file, with agents as speakers and spans with times as pieces of text.

    The XML is repaired where it is broken. Raises MalformedError for a file that declares entities of its own, which
    could make a text of any length, or name other files.
    """
    if declared := _OWN_ENTITY.search(text):
        place = f"line {text.count(chr(10), 0, declared.start()) + 1}"
        raise MalformedError(place, "an entity is declared, which is not read")
    root, error = _parse_xml(text)
    clock = _Clock.of(root)
    collected = CueCollector()
    if error:
        collected.repaired(error, "this is not well-formed XML", "")
    agents = _find_agents(root)
    for paragraph in _find_paragraphs(root, clock, collected):
        place = f"line {paragraph.element.sourceline}"
        spoken = _SpokenParagraph(clock, paragraph)
        said = clean_texts([spoken.text])[0]
        with collected.leaving_out(said):
            start, end = spoken.span(place)
            speaker = next((agents.get(key, key) for key in spoken.agents), None)
            words = time_text(flat_text(said), spoken.pieces, start, end) if len(spoken.pieces) > 1 else ()
            collected.cues.append(Cue(start, end, said, speaker, words))
    return collected.file("ttml", stated_language(_attribute(root, "lang")))


def _parse_xml(text: str) -> tuple[Any, str | None]:
    """Return the root element, and where the first error is that was repaired."""
    from lxml import etree

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True,
        encoding="utf-8",
    )  # fmt: skip
    try:
        plain = _REFERENCE.sub(lambda found: html.unescape(found[0]), _DECLARATION.sub("", writable(text), count=1))
        root = etree.fromstring(plain.lstrip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MalformedError("line 1", f"not XML: {error}") from None
    if root is None or _name(root) != "tt":
        raise MalformedError("line 1", "expected the element tt")
    errors = [entry for entry in parser.error_log if entry.level_name in ("ERROR", "FATAL")]
    return root, f"line {errors[0].line}" if errors else None


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: Any, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _find_agents(root: Any) -> dict[str, str]:
    agents: dict[str, str] = {}
    for element in root.iter():
        if _name(element) == "agent" and (key := _attribute(element, "id")):
            name = next((one for one in element.iter() if _name(one) == "name"), None)
            said = "".join(name.itertext()).strip() if name is not None else ""
            agents[key] = " ".join(said.split()) or key
    return agents


@dataclass(frozen=True, slots=True)
class _Clock:
    """The rates of a document: frames and ticks a second."""

    frames: float
    ticks: float

    @staticmethod
    def of(root: Any) -> _Clock:
        """Return the clock that the root element's parameters state."""
        frames = _positive(_attribute(root, "frameRate")) or 30.0
        factor = [_positive(part) for part in (_attribute(root, "frameRateMultiplier") or "").replace(":", " ").split()]
        if len(factor) == 2 and factor[0] and factor[1]:
            frames *= factor[0] / factor[1]
        rate = _positive(_attribute(root, "tickRate"))
        stated_frames = _attribute(root, "frameRate") is not None
        return _Clock(frames, rate or (frames if stated_frames else 1.0))

    def seconds(self, text: str, place: str) -> float:
        """Parse a time: 01:02:03.4, 01:02:03:12 (frames), 12.5s, 75f, 120t. Raises MalformedError for another."""
        text = text.strip()
        if found := _CLOCK.fullmatch(text):
            hours, minutes, seconds, frames = (int(field or 0) for field in found.groups()[:4])
            return hours * 3600 + minutes * 60 + seconds + frames / self.frames
        if found := _COUNT.fullmatch(text):
            return float(found[1]) / (self.frames if found[2] == "f" else self.ticks)
        return parse_written_time(text, place)

    def span(self, element: Any, within: tuple[float, float | None]) -> tuple[float, float | None]:
        """Return the start and end of an element in those of its parent; an end may be unknown."""
        place = f"line {element.sourceline}"
        begin, end, length = (_attribute(element, key) for key in ("begin", "end", "dur"))
        start = within[0] + (self.seconds(begin, place) if begin else 0.0)
        if end:
            until: float | None = within[0] + self.seconds(end, place)
        elif length:
            until = start + self.seconds(length, place)
        else:
            until = within[1]
        return start, until


def _positive(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 < value < 1e9 else None


@dataclass(frozen=True, slots=True)
class _PlacedParagraph:
    element: Any
    within: tuple[float, float | None]


def _find_paragraphs(root: Any, clock: _Clock, collected: CueCollector) -> Iterator[_PlacedParagraph]:
    """Yield the paragraphs with the times that hold around them."""
    waiting: list[tuple[Any, tuple[float, float | None]]] = [(root, (0.0, None))]
    while waiting:
        element, within = waiting.pop()
        if _name(element) == "p":
            yield _PlacedParagraph(element, within)
        elif _name(element) != "head":
            inner = within
            try:
                inner = clock.span(element, within) if _name(element) in ("body", "div") else within
            except MalformedError as error:
                collected.repaired(error.place, f"{error.problem}; it is passed over")
            waiting.extend((child, inner) for child in reversed(element))


class _SpokenParagraph:
    """The text of a paragraph with its line breaks, the pieces of it that have times, and its agents."""

    def __init__(self, clock: _Clock, paragraph: _PlacedParagraph) -> None:
        self._clock = clock
        self._paragraph = paragraph
        self.pieces: list[TimedPiece] = []
        self.agents: list[str] = []
        self.text = ""
        self._times: tuple[float, float | None] | None = None
        self._problem: MalformedError | None = None
        preserved = _attribute(paragraph.element, "space") == "preserve"
        try:
            times = clock.span(paragraph.element, paragraph.within)
        except MalformedError as error:
            self._problem, times = error, paragraph.within
        self._times = times
        self._read(paragraph.element, times, preserved, 0)
        self._count_from_zero(times)

    def _count_from_zero(self, times: tuple[float, float | None]) -> None:
        """Take times of spans for the document's, if counted from the paragraph's start they go beyond its end."""
        start, end = times
        latest = max((piece.end for piece in self.pieces), default=0.0)
        if end is not None and latest > end >= latest - start:
            moved = [(piece.start - start, piece.end - start) for piece in self.pieces]
            if all(begin >= start for begin, _ in moved):
                self.pieces = [
                    replace(piece, start=begin, end=until)
                    for piece, (begin, until) in zip(self.pieces, moved, strict=True)
                ]

    def span(self, place: str) -> tuple[float, float]:
        """Return the times of the paragraph, or those of its pieces. Raises MalformedError where there are none."""
        if self._problem is not None:
            raise self._problem
        start, end = self._times or (0.0, None)
        timed = any(_attribute(self._paragraph.element, key) for key in ("begin", "end", "dur"))
        if self.pieces and not timed:
            start, end = self.pieces[0].start, max(piece.end for piece in self.pieces)
        if end is None:
            raise MalformedError(place, "expected a begin and an end")
        return checked_span(start, end, place)

    def _read(self, element: Any, times: tuple[float, float | None], preserved: bool, depth: int) -> None:
        if agent := _attribute(element, "agent"):
            self.agents += [key for key in agent.split() if key not in self.agents]
        self._add(element.text, preserved)
        for child in element:
            if _name(child) == "br":
                self.text += "\n"
            elif _name(child) == "span" and depth < _DEEPEST:
                begun = len(self.text)
                inner = times
                timed = any(_attribute(child, key) for key in ("begin", "end", "dur"))
                if timed:
                    try:
                        inner = self._clock.span(child, times)
                    except MalformedError:
                        timed = False
                self._read(child, inner, preserved, depth + 1)
                if timed and inner[1] is not None and 0 <= inner[0] <= inner[1]:
                    self.pieces.append(TimedPiece(self.text[begun:], inner[0], inner[1]))
            self._add(child.tail, preserved)

    def _add(self, text: str | None, preserved: bool) -> None:
        if text:
            said = text if preserved else re.sub(r"\s+", " ", text)
            self.text += said
