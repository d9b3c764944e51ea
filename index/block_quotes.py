"""Block quotes, as Markdown and mail write them: lines that begin with >, signed by a name behind a dash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from index.quotations.attribution import read_signature
from index.stretches import trim

_BLOCK = regex.compile(r"^>[^\n]*(?:\n(?:[ \t]*\n)?>[^\n]*)*+", regex.MULTILINE)
_LINE = regex.compile(r"^[> \t]*+(?P<line>[^\n]+)$", regex.MULTILINE)
_WORD_CHARACTER = regex.compile(r"[\p{L}\p{N}]")


@dataclass(frozen=True, slots=True)
class BlockQuote:
    """From its first > to the end of its last quoted line; ``spans`` are the lines, ``signature`` is the name."""

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    signature: str


def find_block_quotes(text: str) -> Iterator[BlockQuote]:
    """The signed block quotes of ``text``, in order. Those without a signature do not tell who speaks."""
    for block in _BLOCK.finditer(text):
        start = block.start()
        spans: list[tuple[int, int]] = []
        for line in _LINE.finditer(text, *block.span()):
            span = trim(text, *line.span("line"))
            signed = read_signature(text[slice(*span)])
            if signed is None or signed.name is None:
                spans += [span] if _WORD_CHARACTER.search(text, *span) else []
                continue
            if spans:
                yield BlockQuote(start, spans[-1][1], tuple(spans), signed.name)
            start, spans = text.find(">", line.end()), []
