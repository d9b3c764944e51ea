"""A text -> the quotations in it: what stands between the marks, and who said it.

What counts as one quotation:

- A nested quotation belongs to the one around it.
- A quotation over several paragraphs is one, with a part for each.
- A quotation broken by attribution is one, with a part before it and one behind: the words between are an
  attribution that ends in a comma, or goes on in small letters ("I think," he said, "that it rains"). Where the
  attribution ends its sentence, what follows is another quotation by the same person ("I think so," he said. "It
  rains."), and so it is where anything but an attribution lies between.
- A remark inside the marks, as French and Spanish print it (« Je pense, dit-il, que ... »), is narration and parts
  the quotation too.
- A block quote (lines that begin with >) without marks of its own is a quotation if a name behind a dash signs it.

One to three words are a fragment, a scare quote or a title, unless they are a sentence that somebody says: they
begin one and end as one does, and they stand alone, or beside an attribution or a colon ("No," he said).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from index.quotations.attribution import (
    Attribution,
    Narration,
    is_broken_by,
    is_sentence_end,
    opens_speech,
    read_before,
    read_behind,
    read_signature,
    split_at_remarks,
)
from index.quotations.marks import MarkedStretch, find_stretches, trim
from index.quotations.paragraphs import find_paragraphs
from index.quotations.speakers import Utterance, find_speakers

FRAGMENT_WORDS = 3

LONGEST_BREAK = 160
"""Characters of an attribution that stands in the middle of a sentence: two lines of a newspaper column or so."""

_BLOCK = regex.compile(r"^>[^\n]*(?:\n(?:[ \t]*\n)?>[^\n]*)*+", regex.MULTILINE)

_LINE = regex.compile(r"^[> \t]*+(?P<line>[^\n]+)$", regex.MULTILINE)
_SPACELESS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_WORD_CHARACTER = regex.compile(r"[\p{L}\p{N}]")
_CHARACTERS_A_WORD = 2
"""In scripts without spaces, where a word has two characters on average."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation as it stands in a text.

    ``text`` is what is quoted, verbatim, without its outer marks, its parts joined by one space. ``parts`` has one
    entry for each stretch between marks: a quotation broken by attribution has several. ``start`` and ``end`` count
    characters of the text it was found in, from the opening mark to behind the closing mark of the last part.
    ``speaker`` is who said it, as the text attributes it, or None where it does not tell. ``fragment`` marks a scare
    quote or a title: one to three words that state nothing.
    """

    text: str
    parts: tuple[str, ...]
    start: int
    end: int
    speaker: str | None = None
    fragment: bool = False


@dataclass(frozen=True, slots=True)
class _RawQuotation:
    """The stretches of one quotation, the spans of its parts, what stands around it in its sentence."""

    stretches: tuple[MarkedStretch, ...]
    spans: tuple[tuple[int, int], ...]
    before: str
    behind: str
    attribution: Attribution | None

    @property
    def begins_sentence(self) -> bool:
        return opens_speech(self.before)


def find_quotations(text: str) -> list[Quotation]:
    """The quotations of ``text`` in their order; they never overlap. Takes time in proportion to the text."""
    paragraphs = list(find_paragraphs(text))
    stretches = find_stretches(text, paragraphs)
    narration = Narration(text, [(stretch.start, stretch.end) for stretch in stretches], paragraphs)
    groups = [group for group in _group(text, stretches) if _says_anything(text, group)]
    drafts = [_draft(text, narration, group) for group in groups]
    speakers = find_speakers(narration, [_utterance(draft) for draft in drafts])
    found = [_quotation(text, draft, speaker) for draft, speaker in zip(drafts, speakers, strict=True)]
    return sorted([*found, *_signed_blocks(text, stretches)], key=lambda quotation: quotation.start)


def _group(text: str, stretches: Sequence[MarkedStretch]) -> Iterator[list[MarkedStretch]]:
    """The stretches of each quotation together."""
    group: list[MarkedStretch] = []
    for stretch in stretches:
        if group and (stretch.goes_on or _belong_together(text, group[-1], stretch)):
            group.append(stretch)
            continue
        if group:
            yield group
        group = [stretch]
    if group:
        yield group


def _says_anything(text: str, group: Sequence[MarkedStretch]) -> bool:
    return any(_WORD_CHARACTER.search(text, stretch.inner_start, stretch.inner_end) for stretch in group)


def _belong_together(text: str, first: MarkedStretch, second: MarkedStretch) -> bool:
    """Whether an attribution in the middle of a sentence is all that parts two stretches."""
    if first.paragraph != second.paragraph or first.style != second.style or not first.closed:
        return False
    if second.start - first.end > LONGEST_BREAK or _ends_with_full_stop(text[first.inner_start : first.inner_end]):
        return False
    return is_broken_by(text[first.end : second.start], text[second.inner_start : second.inner_start + 1].islower())


def _ends_with_full_stop(quoted: str) -> bool:
    """A single one: three are an omission, after which a sentence may go on."""
    return quoted.endswith((".", "。")) and not quoted.endswith("..")


def _draft(text: str, narration: Narration, group: Sequence[MarkedStretch]) -> _RawQuotation:
    spans: list[tuple[int, int]] = []
    remark: Attribution | None = None
    for stretch in group:
        pieces, remarked = split_at_remarks(text[stretch.inner_start : stretch.inner_end])
        remark = remark or remarked
        spans += [trim(text, stretch.inner_start + start, stretch.inner_start + end) for start, end in pieces]
    first, last = group[0], group[-1]
    before = narration.before(first.start, first.paragraph)
    behind = narration.behind(last.end, last.paragraph)
    broken_by = [text[one.end : two.start] for one, two in pairwise(group) if one.paragraph == two.paragraph]
    new_sentence = _ends_with_full_stop(text[last.inner_start : last.inner_end]) and behind.lstrip()[:1].isupper()
    told = [
        *map(read_behind, broken_by),
        None if new_sentence else read_behind(behind),
        remark,
        read_before(before),
        narration.signature(last.end, last.paragraph),
    ]
    found = [attribution for attribution in told if attribution]
    somebody = [attribution for attribution in found if attribution.name or attribution.pronoun]
    attribution = next(iter(somebody or found), None)
    said = tuple(span for span in spans if _WORD_CHARACTER.search(text, *span))
    return _RawQuotation(tuple(group), said, before, behind, attribution)


def _utterance(draft: _RawQuotation) -> Utterance:
    first, last = draft.stretches[0], draft.stretches[-1]
    return Utterance(
        first.start, first.paragraph, last.paragraph, draft.attribution, draft.begins_sentence, draft.before
    )


def _quotation(text: str, draft: _RawQuotation, speaker: str | None) -> Quotation:
    parts = tuple(text[start:end] for start, end in draft.spans)
    quoted = " ".join(parts)
    alone = not draft.before.strip() and is_sentence_end(quoted)
    told = alone or draft.attribution is not None or speaker is not None or bool(draft.before.strip())
    ends = (
        is_sentence_end(quoted)
        or quoted.endswith((",", "—", "–", "-"))
        or draft.behind.lstrip().startswith((",", ".", "!", "?"))
        or text.startswith(",", draft.spans[-1][1])
    )
    statement = told and ends and draft.begins_sentence and not quoted[:1].islower()
    fragment = _count_words(quoted) <= FRAGMENT_WORDS and not statement
    return Quotation(quoted, parts, draft.stretches[0].start, draft.stretches[-1].end, speaker, fragment)


def _count_words(quoted: str) -> int:
    characters = len(_SPACELESS.findall(quoted))
    words = sum(_WORD_CHARACTER.search(word) is not None for word in _SPACELESS.sub(" ", quoted).split())
    return words + -(-characters // _CHARACTERS_A_WORD)


def _signed_blocks(text: str, stretches: Sequence[MarkedStretch]) -> Iterator[Quotation]:
    """The block quotes that hold no marks and are signed."""
    starts = [stretch.start for stretch in stretches]
    for block in find_block_quotes(text):
        beside = bisect_left(starts, block.end)
        if beside and stretches[beside - 1].end > block.start:
            continue
        parts = tuple(text[start:end] for start, end in block.spans)
        quoted = " ".join(parts)
        yield Quotation(quoted, parts, block.start, block.end, block.signature)


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
