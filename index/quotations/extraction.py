"""A text -> its quotations: the words between quotation marks, and their speaker.

What counts as one quotation:

- A nested quotation belongs to the one around it.
- A quotation over several paragraphs is one, with a part for each.
- A quotation interrupted by an attribution is one, with a part before it and one after it. The attribution ends in
  a comma, or the second part continues in lower case ("I think," he said, "that it rains"). If the attribution ends
  its sentence, or the words between are anything else, the second part is a separate quotation ("I think so," he
  said. "It rains.").
- An attribution inside the marks, as in French and Spanish (« Je pense, dit-il, que ... »), is narration and splits
  the quotation into parts too.
- A block quote (lines that begin with >) without quotation marks is a quotation if it is signed: a dash and a name.

One to three words are a fragment (a scare quote or a title), unless they are a complete spoken sentence: they begin
and end one, and stand alone or next to an attribution or a colon ("No," he said).
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
    read_after,
    read_before,
    read_signature,
    split_at_remarks,
)
from index.quotations.marks import MarkedSpan, find_marked_spans, trim
from index.quotations.paragraphs import find_paragraphs
from index.quotations.speakers import Utterance, find_speakers

FRAGMENT_WORDS = 3

LONGEST_BREAK = 160
"""Characters of an attribution in the middle of a sentence: about two lines of a newspaper column."""

_BLOCK = regex.compile(r"^>[^\n]*(?:\n(?:[ \t]*\n)?>[^\n]*)*+", regex.MULTILINE)

_LINE = regex.compile(r"^[> \t]*+(?P<line>[^\n]+)$", regex.MULTILINE)
_SPACELESS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_WORD_CHARACTER = regex.compile(r"[\p{L}\p{N}]")
_CHARACTERS_A_WORD = 2
"""In scripts without spaces, where a word has two characters on average."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation in a text.

    ``text`` is the quoted text, verbatim, without its outer marks, its parts joined by one space. ``parts`` has one
    entry for each span between marks: a quotation interrupted by an attribution has several. ``start`` and ``end``
    are character offsets in the text it was found in, from the opening mark to after the closing mark of the last
    part. ``speaker`` is the person it is attributed to, None if unknown. ``fragment`` marks a scare quote or a title:
    one to three words that are not a statement.
    """

    text: str
    parts: tuple[str, ...]
    start: int
    end: int
    speaker: str | None = None
    fragment: bool = False


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A passage that may be quoted, but is not checked, and the reason."""

    text: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class _RawQuotation:
    """The marked spans of one quotation, the spans of its parts, and the rest of its sentence."""

    marked_spans: tuple[MarkedSpan, ...]
    spans: tuple[tuple[int, int], ...]
    before: str
    after: str
    attribution: Attribution | None

    @property
    def begins_sentence(self) -> bool:
        return opens_speech(self.before)


def find_quotations(text: str) -> list[Quotation]:
    """Return the quotations of ``text`` in order; they never overlap. Runs in linear time."""
    paragraphs = list(find_paragraphs(text))
    marked_spans = find_marked_spans(text, paragraphs)
    narration = Narration(text, [(marked.start, marked.end) for marked in marked_spans], paragraphs)
    groups = [group for group in _group(text, marked_spans) if _has_words(text, group)]
    drafts = [_draft(text, narration, group) for group in groups]
    speakers = find_speakers(narration, [_utterance(draft) for draft in drafts])
    found = [_quotation(text, draft, speaker) for draft, speaker in zip(drafts, speakers, strict=True)]
    return sorted([*found, *_signed_blocks(text, marked_spans)], key=lambda quotation: quotation.start)


def _group(text: str, marked_spans: Sequence[MarkedSpan]) -> Iterator[list[MarkedSpan]]:
    """Group the marked spans by quotation."""
    group: list[MarkedSpan] = []
    for marked in marked_spans:
        if group and (marked.continues or _belong_together(text, group[-1], marked)):
            group.append(marked)
            continue
        if group:
            yield group
        group = [marked]
    if group:
        yield group


def _has_words(text: str, group: Sequence[MarkedSpan]) -> bool:
    return any(_WORD_CHARACTER.search(text, marked.inner_start, marked.inner_end) for marked in group)


def _belong_together(text: str, first: MarkedSpan, second: MarkedSpan) -> bool:
    """Whether only an attribution in the middle of a sentence separates two marked spans."""
    if first.paragraph != second.paragraph or first.style != second.style or not first.closed:
        return False
    if second.start - first.end > LONGEST_BREAK or _ends_with_full_stop(text[first.inner_start : first.inner_end]):
        return False
    return is_broken_by(text[first.end : second.start], text[second.inner_start : second.inner_start + 1].islower())


def _ends_with_full_stop(quoted: str) -> bool:
    """Whether it ends in a single full stop: three are an omission, after which a sentence may continue."""
    return quoted.endswith((".", "。")) and not quoted.endswith("..")


def _draft(text: str, narration: Narration, group: Sequence[MarkedSpan]) -> _RawQuotation:
    spans: list[tuple[int, int]] = []
    inside: Attribution | None = None
    for marked in group:
        pieces, remark = split_at_remarks(text[marked.inner_start : marked.inner_end])
        inside = inside or remark
        spans += [trim(text, marked.inner_start + start, marked.inner_start + end) for start, end in pieces]
    first, last = group[0], group[-1]
    before = narration.before(first.start, first.paragraph)
    after = narration.after(last.end, last.paragraph)
    broken_by = [text[one.end : two.start] for one, two in pairwise(group) if one.paragraph == two.paragraph]
    new_sentence = _ends_with_full_stop(text[last.inner_start : last.inner_end]) and after.lstrip()[:1].isupper()
    candidates = [
        *map(read_after, broken_by),
        None if new_sentence else read_after(after),
        inside,
        read_before(before),
        narration.signature(last.end, last.paragraph),
    ]
    found = [attribution for attribution in candidates if attribution]
    named = [attribution for attribution in found if attribution.name or attribution.pronoun]
    attribution = next(iter(named or found), None)
    parts = tuple(span for span in spans if _WORD_CHARACTER.search(text, *span))
    return _RawQuotation(tuple(group), parts, before, after, attribution)


def _utterance(draft: _RawQuotation) -> Utterance:
    first, last = draft.marked_spans[0], draft.marked_spans[-1]
    return Utterance(
        first.start, first.paragraph, last.paragraph, draft.attribution, draft.begins_sentence, draft.before
    )


def _quotation(text: str, draft: _RawQuotation, speaker: str | None) -> Quotation:
    parts = tuple(text[start:end] for start, end in draft.spans)
    quoted = " ".join(parts)
    alone = not draft.before.strip() and is_sentence_end(quoted)
    spoken = alone or draft.attribution is not None or speaker is not None or bool(draft.before.strip())
    ends = (
        is_sentence_end(quoted)
        or quoted.endswith((",", "—", "–", "-"))
        or draft.after.lstrip().startswith((",", ".", "!", "?"))
        or text.startswith(",", draft.spans[-1][1])
    )
    statement = spoken and ends and draft.begins_sentence and not quoted[:1].islower()
    fragment = _count_words(quoted) <= FRAGMENT_WORDS and not statement
    return Quotation(quoted, parts, draft.marked_spans[0].start, draft.marked_spans[-1].end, speaker, fragment)


def _count_words(quoted: str) -> int:
    characters = len(_SPACELESS.findall(quoted))
    words = sum(_WORD_CHARACTER.search(word) is not None for word in _SPACELESS.sub(" ", quoted).split())
    return words + -(-characters // _CHARACTERS_A_WORD)


def _signed_blocks(text: str, marked_spans: Sequence[MarkedSpan]) -> Iterator[Quotation]:
    """Yield the signed block quotes that contain no quotation marks."""
    starts = [marked.start for marked in marked_spans]
    for block in find_block_quotes(text):
        following = bisect_left(starts, block.end)
        if following and marked_spans[following - 1].end > block.start:
            continue
        parts = tuple(text[start:end] for start, end in block.spans)
        quoted = " ".join(parts)
        yield Quotation(quoted, parts, block.start, block.end, block.signature)


@dataclass(frozen=True, slots=True)
class BlockQuote:
    """A block quote, from its first > to its last quoted line; ``spans``: the lines, ``signature``: the name."""

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    signature: str


def find_block_quotes(text: str) -> Iterator[BlockQuote]:
    """Yield the signed block quotes of ``text``, in order. Without a signature the speaker is unknown."""
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
