"""Find speech that stands without quotation marks: block quotes, italic and indented paragraphs, words after a colon.

An article's text marks its layout as Markdown does: ``> `` begins each line of a block quote, ``**`` surrounds a bold
paragraph or the bold words that begin one, ``*`` surrounds an italic paragraph, ``# `` begins a heading. Plain text may
indent a block quote instead.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from index.quotations.attribution_patterns import NAME, SENTENCE_END
from index.quotations.clauses import read_attributions_before
from index.quotations.marks import MarkedSpan, trim
from index.quotations.names import Attribution, read_tokens, without_titles
from index.quotations.narration import read_signature
from index.quotations.speech_words import FIRST_PERSON

MARKED_SHARE = 0.5
"""Of the characters of a block or an answer: with more in quotation marks, these say what is quoted."""

ITALIC = "an italic paragraph that no sentence introduces and nobody signs"

LEAST_BLOCK_WORDS = 4
"""Of an indented paragraph; shorter ones are headings, dates and names."""

_LINE = regex.compile(r"^[> \t]*+(?P<line>[^\n]+)$", regex.MULTILINE)
_WHOLE_LINE = regex.compile(r"[^\n]+")
_BLOCK = regex.compile(r"^>[^\n]*(?:\n(?:[ \t]*\n)?>[^\n]*)*+", regex.MULTILINE)
_SIGNED_END = regex.compile(
    rf"""(?<=[.!?…”"’»'])\s?(?:(?:[—–―]|--)\s?(?P<name>{NAME})[^.!?\n]{{0,60}}|\((?P<name>{NAME})[^().!?\n]{{0,60}}\))$"""
)
_BARE_SIGNATURE = regex.compile(rf"(?P<name>{NAME})(?:(?:,|\s(?:on|to|in|at|about|via))\s?[^.!?\n]{{1,60}})?")
_SIGNED_REACH = 120
_WORD = regex.compile(r"[\p{L}\p{N}]")
_NO_SPEECH = regex.compile(r"[-*•·–—#|+\d(\[{<=/]")
_CODE = regex.compile(r"[{}<>=;\\|]")
_COLON = regex.compile(r"(?<=\p{L})[:：]\s+(?=[\p{Lu}])")
_SENTENCE_REACH = 200
_SAID_JUST_BEFORE = 8
"""Words between a reporting verb's subject and the colon: Keller told the host of the show:"""


@dataclass(frozen=True, slots=True)
class Unmarked:
    """Speech without quotation marks, or text that may be such; ``reason`` is why it is passed over, None if it is not.

    ``spans`` are its lines or paragraphs. ``attribution`` is the speaker where the layout tells.
    """

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    attribution: Attribution | None = None
    reason: str | None = None


class MarkedSpans:
    """The marked spans of a text, by place."""

    def __init__(self, spans: Sequence[MarkedSpan]) -> None:
        self.spans = spans
        self._starts = [span.start for span in spans]

    def within(self, start: int, end: int) -> Sequence[MarkedSpan]:
        """Return the spans that overlap ``start`` to ``end``."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        if first and self.spans[first - 1].end > start:
            first -= 1
        return self.spans[first:last]

    def share(self, start: int, end: int) -> float:
        """Return the share of the characters that are in marks."""
        marked = sum(min(span.end, end) - max(span.start, start) for span in self.within(start, end))
        return marked / max(1, end - start)


def find_blocks(text: str, marked: MarkedSpans) -> Iterator[Unmarked]:
    """Yield the block quotes (lines that begin with >), one for each signature in them."""
    for block in _BLOCK.finditer(text):
        start = block.start()
        spans: list[tuple[int, int]] = []
        for line in _LINE.finditer(text, *block.span()):
            span = _without_italics(text, *line.span("line"))
            signature = read_signature(text[slice(*span)]) or (
                _bare_signature(text, span, spans[-1]) if spans else None
            )
            if signature is None:
                span, signature = _without_signature(text, span)
                spans += [span] if _WORD.search(text, *span) else []
            if signature is not None and spans:
                yield from _block(text, start, spans, signature, marked)
            if signature is not None:
                start, spans = text.find(">", line.end()), []
        if spans:
            yield from _block(text, start, spans, None, marked)


def _without_italics(text: str, start: int, end: int) -> tuple[int, int]:
    """Trim a line of a block, and the marks around it if it is italic as a whole."""
    start, end = trim(text, start, end)
    inside = end - start > 2 and text[start] in "*_" and text[end - 1] == text[start] and text[start + 1] != text[start]
    return trim(text, start + 1, end - 1) if inside else (start, end)


def _bare_signature(text: str, line: tuple[int, int], before: tuple[int, int]) -> str | None:
    """Read the name from a line of a block that has no dash, after a line that ends a sentence: Anna Keller, farmer"""
    if text[before[1] - 1] not in ".!?…”\"’'»)" or line[1] - line[0] > _SIGNED_REACH:
        return None
    match = _BARE_SIGNATURE.fullmatch(text, *line)
    return without_titles(match["name"]) if match else None


def _without_signature(text: str, span: tuple[int, int]) -> tuple[tuple[int, int], str | None]:
    """Split a signature from the end of a line: We never stopped. — Anna Keller"""
    found = _SIGNED_END.search(text, max(span[0], span[1] - _SIGNED_REACH), span[1])
    return (trim(text, span[0], found.start()), without_titles(found["name"])) if found else (span, None)


def _block(
    text: str, start: int, spans: list[tuple[int, int]], name: str | None, marked: MarkedSpans
) -> Iterator[Unmarked]:
    first, last = spans[0][0], spans[-1][1]
    if marked.share(first, last) < MARKED_SHARE and not _is_report(text, first, last, marked):
        yield Unmarked(start, last, tuple(spans), Attribution(name=name, signs=True) if name else None)


def _is_report(text: str, start: int, end: int, marked: MarkedSpans) -> bool:
    """Whether a block is a piece of a report, which attributes words in quotation marks to a third person."""
    for span in marked.within(start, end):
        if span.inner_end - span.inner_start < _LEAST_REPORTED:
            continue
        around = [text[max(start, span.start - 60) : span.start], text[span.end : min(end, span.end + 60)]]
        if any(found.is_known for piece in around for found in read_attributions_before(read_tokens(piece))):
            return True
    return False


_LEAST_REPORTED = 20
"""Characters in marks that a report attributes; fewer are a title or a single word."""


def find_indented(text: str, paragraphs: Sequence[tuple[int, int]], marked: MarkedSpans) -> Iterator[Unmarked]:
    """Yield the indented paragraphs of a plain text in which most are not; those that follow each other are one."""
    indented = [bounds for bounds in paragraphs if _is_indented(text, bounds)]
    if not indented or len(indented) * 2 > len(paragraphs):
        return
    following = dict(zip(paragraphs, [*paragraphs[1:], (len(text), len(text))], strict=True))
    run: list[tuple[int, int]] = []
    for bounds in indented:
        run.append(bounds)
        if _is_indented(text, following[bounds]):
            continue
        lines = [trim(text, *line.span()) for one in run for line in _WHOLE_LINE.finditer(text, *one)]
        signature = read_signature(text[slice(*lines[-1])])
        lines = lines[:-1] if signature else lines
        if lines and _is_speech(text, lines) and marked.share(lines[0][0], lines[-1][1]) < MARKED_SHARE:
            name = Attribution(name=signature, signs=True) if signature else None
            yield Unmarked(lines[0][0], lines[-1][1], tuple(lines), name)
        run = []


def _is_indented(text: str, bounds: tuple[int, int]) -> bool:
    """Whether every line of a paragraph begins with two spaces or a tab."""
    start = text.rfind("\n", 0, bounds[0]) + 1
    if start == len(text):
        return False
    return all(line.startswith(("  ", "\t")) for line in text[start : bounds[1]].split("\n") if line.strip())


def _is_speech(text: str, lines: Sequence[tuple[int, int]]) -> bool:
    """Whether indented lines are sentences: not a list, code, an address or a heading."""
    whole = text[lines[0][0] : lines[-1][1]]
    if any(_NO_SPEECH.match(text, start) for start, _ in lines) or _CODE.search(whole):
        return False
    return len(whole.split()) >= LEAST_BLOCK_WORDS and whole.rstrip("”\"’'»)")[-1:] in tuple(".!?…。")


def find_italics(text: str, paragraphs: Sequence[tuple[int, int]], marked: MarkedSpans) -> Iterator[Unmarked]:
    """Yield the paragraphs that are italic as a whole: quotations if a sentence introduces them or they are signed."""
    for row, (start, end) in enumerate(paragraphs):
        mark = text[start : start + 1]
        if mark not in ("*", "_") or text[start + 1 : start + 2] in (mark, " ", "") or end - start < 3:
            continue
        following = text[slice(*paragraphs[row + 1])] if row + 1 < len(paragraphs) else ""
        signature = read_signature(following) if len(following) < _SIGNED_REACH else None
        close = text.find(mark, start + 1, end)
        if signature is None and close + 1 < end:
            signature = read_signature(text[close + 1 : end]) if close >= 0 and end - close < _SIGNED_REACH else None
            if signature is None:
                continue
        inner = trim(text, start + 1, close)
        if close < 0 or marked.share(*inner) >= MARKED_SHARE or not _WORD.search(text, *inner):
            continue
        introduced = row and text[slice(*paragraphs[row - 1])].rstrip("*_").endswith((":", "："))
        if not (signature or introduced) and marked.within(*inner):
            continue  # the marks in it say what is quoted
        attribution = Attribution(name=signature, signs=True) if signature else None
        reason = None if signature or introduced else ITALIC
        yield Unmarked(start, close + 1, (inner,), attribution, reason)


def find_after_colons(text: str, paragraphs: Sequence[tuple[int, int]], marked: MarkedSpans) -> Iterator[Unmarked]:
    """Yield what follows a reporting verb and a colon without quotation marks: He said: I never did that.

    It is the first sentence, and those after it that speak in the first person.
    """
    for start, end in paragraphs:
        done = start
        for colon in _COLON.finditer(text, start, end):
            if colon.start() < done or marked.within(colon.start(), colon.end() + 1):
                continue
            before = text[max(done, colon.start() - _SENTENCE_REACH) : colon.start() + 1]
            cut = [match.end() for match in SENTENCE_END.finditer(before)]
            tokens = read_tokens(before, cut[-1] if cut else 0)
            found = next(iter(read_attributions_before(tokens)), None)
            if found is None or sum(token.start > found.start for token in tokens) > _SAID_JUST_BEFORE:
                continue
            stop = _end_of_speech(text, colon.end(), end)
            if not marked.within(colon.end(), stop):
                yield Unmarked(colon.end(), stop, ((colon.end(), stop),), found)
            done = stop


def _end_of_speech(text: str, start: int, end: int) -> int:
    stop = start
    for match in [*SENTENCE_END.finditer(text, start, end), None]:
        after = match.end() if match else end
        if stop > start and not speaks_in_first_person(text[stop:after]):
            break
        stop = after
    return trim(text, start, stop)[1]


def speaks_in_first_person(text: str) -> bool:
    """Whether a text says I or we."""
    return speaks_in(text, FIRST_PERSON)


def speaks_in(text: str, pronouns: frozenset[str]) -> bool:
    """Whether a text has one of some pronouns."""
    return any(word.strip("“”\"'‘’.,!?:;()…¿—–").replace("’", "'").lower() in pronouns for word in text.split())
