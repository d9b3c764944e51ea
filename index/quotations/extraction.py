"""A text -> its quotations, with their speakers, and what looks like a quotation and is passed over.

What counts as one quotation:

- A nested quotation belongs to the one around it.
- A quotation over several paragraphs is one, with a part for each.
- A quotation interrupted by an attribution is one, with a part before it and one after it. The attribution ends in
  a comma, or the second part continues in lower case ("I think," he said, "that it rains"). If the attribution ends
  its sentence, or the words between are anything else, the second part is a separate quotation ("I think so," he
  said. "It rains.").
- An attribution inside the marks, as in French and Spanish (« Je pense, dit-il, que ... »), is narration and splits
  the quotation into parts too.
- A block quote without quotation marks is a quotation, signed or not; so are italic and indented paragraphs that are
  introduced or signed, the answers of an interview, and what follows a reporting verb and a colon.
- Text that looks like one of these and is not checked is told as passed over, with the reason.

One to three words are a fragment (a scare quote or a title), unless they are a complete spoken sentence: they begin
and end one, and stand alone or next to an attribution or a colon ("No," he said).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise

import regex

from index.quotations.attribution import (
    asks_who,
    is_broken_by,
    is_sentence_end,
    opens_speech,
    read_after,
    read_before,
    read_rest,
    split_at_remarks,
)
from index.quotations.interviews import find_unmarked
from index.quotations.marks import MarkedSpan, find_lone_marks, find_marked_spans, trim
from index.quotations.names import Attribution
from index.quotations.narration import Narration, find_paragraphs
from index.quotations.speakers import SpeakerFinder, Utterance
from index.quotations.unmarked import MarkedSpans, Unmarked, speaks_in_first_person

FRAGMENT_WORDS = 3
MOST_SPACES = 8
"""In a text of so few words; there may be dashes and other marks between them."""

LEAST_COMMON = 5
LEAST_BORROWED = 4
"""Words of a quotation that somebody else may not have said too, as "It is": its attribution does not tell who."""

LEAST_SHARED = 0.8
"""Of the words of a pull quote, in the quotation that it shortens: all but one or two."""

REPEATED = "words that the article quotes elsewhere too"

LONE_MARK = "a quotation mark without its partner, so that nothing tells where the quotation begins or ends"
LEAST_LONE_WORDS = 4
"""After or before a mark without its partner; fewer are an elision, feet or inches."""

LONE_OPENING = "'‘’"

MOST_PULL_QUOTES = 50
"""Block quotes that are compared with the other quotations; an article has one to five."""

LONGEST_BREAK = 160
"""Characters of an attribution in the middle of a sentence: about two lines of a newspaper column."""

_SPACELESS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_WORDS = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_WORD_CHARACTER = regex.compile(r"[\p{L}\p{N}]")
_LETTERS = regex.compile(r"[\p{L}\p{M}]+")
_TITLE_WORD = 4
"""Letters. In titles, words of so many are capitalised."""

_OF_WORK = regex.compile(
    r"\b(?:memoir|autobiography|book|novel|album|song|film|movie|play|podcast|show|series|essay|column),?\s*$"
)
"""Before the title of a work."""

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
    """Text that may be a quotation and is not checked, with its offsets and the reason for a reader.

    ``speaker`` is the person it is attributed to, None if unknown.
    """

    text: str
    start: int
    end: int
    reason: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """The quotations of a text, and what was passed over, both in order."""

    quotations: tuple[Quotation, ...]
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True)
class _DraftQuotation:
    """A quotation before its speaker is known: its place, the spans of its parts, and the rest of its sentence."""

    start: int
    end: int
    paragraphs: tuple[int, int]
    spans: tuple[tuple[int, int], ...]
    before: str
    after: str
    attribution: Attribution | None
    is_marked: bool = True
    is_apart: bool = False
    """Whether it is a paragraph of its own in a block quote: a pull quote, if nobody signs it."""

    def goes_on(self, before: _DraftQuotation) -> bool:
        """Whether it follows another quotation in its paragraph, without words of its own that tell who speaks."""
        return self.attribution is None and self.begins_sentence and self.paragraphs == before.paragraphs

    @cached_property
    def begins_sentence(self) -> bool:
        return opens_speech(self.before)


def extract_quotations(text: str) -> Extraction:
    """Return the quotations of ``text``, which never overlap, and what was passed over. Runs in linear time."""
    paragraphs = list(find_paragraphs(text))
    marked = MarkedSpans(find_marked_spans(text, paragraphs))
    unmarked = find_unmarked(text, paragraphs, marked)
    quoted = [one for one in unmarked if one.reason is None]
    kept = _outside(marked.spans, quoted)
    blanks = _merge([*((one.start, one.end) for one in kept), *((one.start, one.end) for one in unmarked)])
    narration = Narration(text, blanks, paragraphs)
    drafts = [_draft(text, narration, group) for group in _group(text, kept) if _has_words(text, group)]
    passed_over = []
    for one in unmarked:
        if one.reason is None:
            drafts.append(_draft_unmarked(narration, one))
        else:
            passed_over.append(PassedOver(_joined(text, one.spans), one.start, one.end, one.reason))
    passed_over += _lone(text, narration, paragraphs, marked, unmarked)
    drafts.sort(key=lambda draft: draft.start)
    speakers = SpeakerFinder(narration, [_utterance(text, narration, draft) for draft in drafts]).find()
    found = [_quotation(text, draft, speaker) for draft, speaker in zip(drafts, speakers, strict=True)]
    texts = [_plain(one.text) for one in found]
    found = _borrow_speakers(found, drafts, texts)
    repeated = _find_repeated(drafts, texts)
    passed_over += [PassedOver(found[row].text, found[row].start, found[row].end, REPEATED) for row in repeated]
    return Extraction(
        tuple(one for row, one in enumerate(found) if row not in repeated),
        tuple(sorted(passed_over, key=lambda one: one.start)),
    )


def _lone(
    text: str,
    narration: Narration,
    paragraphs: Sequence[tuple[int, int]],
    marked: MarkedSpans,
    unmarked: Sequence[Unmarked],
) -> Iterator[PassedOver]:
    """Yield what a mark without its partner may quote: words beside an attribution or a colon, or a whole paragraph."""
    ends = [0, *(one.end for one in unmarked)]
    starts = [one.start for one in unmarked]
    for start, end in find_lone_marks(text, paragraphs, marked.spans):
        if ends[bisect_left(starts, end)] > start or len(text[start:end].split()) < LEAST_LONE_WORDS:
            continue
        opening = narration.before(start - 1, narration.paragraph_at(start))
        closing = narration.after(narration.rest(min(end + 1, len(text)), narration.paragraph_at(start)))
        lead, rest = narration.text[opening], narration.text[closing]
        if opens_speech(lead.rstrip(LONE_OPENING)) or read_after(rest, narration.tokens(closing)):
            yield PassedOver(text[start:end], start, end, LONE_MARK)


def _outside(spans: Sequence[MarkedSpan], quoted: Sequence[Unmarked]) -> list[MarkedSpan]:
    """Return the marked spans that are in none of the quotations without marks."""
    starts = [one.start for one in quoted]
    ends = [0, *(one.end for one in quoted)]
    return [span for span in spans if ends[bisect_left(starts, span.end)] <= span.start]


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _find_repeated(drafts: Sequence[_DraftQuotation], texts: Sequence[str]) -> set[int]:
    """Return the rows of the block quotes whose words another quotation has too: a pull quote repeats the text."""
    blocks = [row for row, draft in enumerate(drafts) if not draft.is_marked and draft.attribution is None]
    others = " | ".join(text for row, text in enumerate(texts) if row not in set(blocks))
    return {row for row in blocks[:MOST_PULL_QUOTES] if texts[row] and texts[row] in others}


def _borrow_speakers(
    found: Sequence[Quotation], drafts: Sequence[_DraftQuotation], texts: Sequence[str]
) -> list[Quotation]:
    """Give headlines and pull quotes the speaker of the quotation whose words they repeat, where that is one person."""
    texts = [f" {text} " for text in texts]
    unnamed = [
        asks_who(draft.before)
        or (draft.attribution is not None and not draft.attribution.is_known and draft.paragraphs[0] > 0)
        for draft in drafts
    ]
    nameless = [
        row
        for row, one in enumerate(found)
        if one.speaker is None
        and not unnamed[row]
        and len(texts[row].split()) >= (LEAST_BORROWED if drafts[row].attribution else 2)
    ]
    borrowed = list(found)
    for row in nameless[:MOST_PULL_QUOTES]:
        speakers = {other.speaker for other, text in zip(found, texts, strict=True) if texts[row] in text}
        if drafts[row].is_apart and speakers == {None}:
            speakers = {other.speaker for other, text in zip(found, texts, strict=True) if _shortens(texts[row], text)}
        speakers.discard(None)
        if len(speakers) == 1:
            borrowed[row] = replace(found[row], speaker=speakers.pop())
            _lend_to_next(borrowed, drafts, row)
    return borrowed


def _lend_to_next(found: list[Quotation], drafts: Sequence[_DraftQuotation], row: int) -> None:
    """Give the speaker of a quotation to the one that goes on in its paragraph: “...,” said the singer. “...”"""
    if row + 1 < len(found) and drafts[row].attribution is not None and drafts[row + 1].goes_on(drafts[row]):
        found[row + 1] = replace(found[row + 1], speaker=found[row].speaker)


def _shortens(short: str, text: str) -> bool:
    """Whether a pull quote is a quotation in fewer words, nearly all of which are in that one."""
    if len(text) < len(short):
        return False
    words = Counter(short.split())
    shared = (words & Counter(text.split())).total()
    return shared >= LEAST_COMMON and shared >= LEAST_SHARED * words.total()


def _plain(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return " ".join(text[start:end] for start, end in spans)


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


def _draft(text: str, narration: Narration, group: Sequence[MarkedSpan]) -> _DraftQuotation:
    spans: list[tuple[int, int]] = []
    inside: Attribution | None = None
    for marked in group:
        pieces, remark = split_at_remarks(text[marked.inner_start : marked.inner_end])
        inside = inside or remark
        spans += [trim(text, marked.inner_start + start, marked.inner_start + end) for start, end in pieces]
    first, last = group[0], group[-1]
    lead, rest = narration.before(first.start, first.paragraph), narration.rest(last.end, last.paragraph)
    tail = narration.after(rest)
    before, after = narration.text[lead], narration.text[tail]
    broken_by = [slice(one.end, two.start) for one, two in pairwise(group) if one.paragraph == two.paragraph]
    new_sentence = _ends_with_full_stop(text[last.inner_start : last.inner_end]) and after.lstrip()[:1].isupper()
    signature = narration.signature(last.end, last.paragraph)
    continues = text[last.inner_start : last.inner_end].endswith((",", "…")) or after.lstrip().startswith(",")
    attribution = _first_known(
        *(partial(read_after, text[between], narration.tokens(between)) for between in broken_by),
        lambda: None if new_sentence else read_after(after, narration.tokens(tail), continues),
        lambda: inside,
        lambda: read_before(before, narration.tokens(lead)),
        lambda: Attribution(name=signature) if signature else None,
    )
    if attribution is None or not attribution.name:
        attribution = read_rest(narration.tokens(lead), narration.tokens(rest)) or attribution
    parts = tuple(span for span in spans if _WORD_CHARACTER.search(text, *span))
    start, end = narration.paragraphs[first.paragraph]
    apart = (first.start, last.end) == (start, end) and text[max(0, start - 2) : start].lstrip().startswith(">")
    return _DraftQuotation(
        first.start, last.end, (first.paragraph, last.paragraph), parts, before, after, attribution, is_apart=apart
    )


def _first_known(*readers: Callable[[], Attribution | None]) -> Attribution | None:
    """Return what the first reader finds that says who speaks, or else what the first one finds at all."""
    unknown = None
    for read in readers:
        if (found := read()) is not None and found.is_known:
            return found
        unknown = unknown or found
    return unknown


def _draft_unmarked(narration: Narration, one: Unmarked) -> _DraftQuotation:
    first, last = narration.paragraph_at(one.spans[0][0]), narration.paragraph_at(one.end - 1)
    start = max(one.start, narration.paragraphs[first][0])  # a paragraph begins after the marks of a block
    lead = narration.before(start, first)
    before = narration.text[lead]
    attribution = one.attribution
    if attribution is None and (signature := narration.signature(one.end, last)):
        attribution = Attribution(name=signature)
    if attribution is None and before.rstrip().endswith((":", "：")):
        attribution = read_before(before, narration.tokens(lead)) or Attribution()
    return _DraftQuotation(one.start, one.end, (first, last), one.spans, before, "", attribution, is_marked=False)


def _utterance(text: str, narration: Narration, draft: _DraftQuotation) -> Utterance:
    first, last = draft.paragraphs
    alone = draft.start == narration.paragraphs[first][0] and draft.end == narration.paragraphs[last][1]
    attribution = draft.attribution
    is_block = not draft.is_marked and attribution is None and speaks_in_first_person(_joined(text, draft.spans))
    if not draft.is_marked and not is_block:
        attribution = attribution or Attribution()
    stands = not draft.before.strip() and not draft.after.lstrip()[:1].islower() and not draft.after.startswith(",")
    start = max(draft.start, narration.paragraphs[first][0])
    words = frozenset(_LETTERS.findall(_joined(text, draft.spans))) if is_block else frozenset()
    return Utterance(start, draft.end, first, last, attribution, draft.begins_sentence, alone, stands, is_block, words)


def _quotation(text: str, draft: _DraftQuotation, speaker: str | None) -> Quotation:
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
    short = draft.is_marked and quoted.count(" ") <= MOST_SPACES and _count_words(quoted) <= FRAGMENT_WORDS
    title = short and _is_title(quoted)
    fragment = short and (not statement or (title and _OF_WORK.search(draft.before) is not None))
    speaker = None if fragment and title else speaker
    return Quotation(quoted, parts, draft.start, draft.end, speaker, fragment)


def _is_title(quoted: str) -> bool:
    """Whether a fragment is written like the title of a work: Dark Water."""
    return (
        all(word[0].isupper() or len(word) < _TITLE_WORD for word in _LETTERS.findall(quoted)) and quoted[:1].isupper()
    )


def _count_words(quoted: str) -> int:
    characters = len(_SPACELESS.findall(quoted))
    words = sum(_WORD_CHARACTER.search(word) is not None for word in _SPACELESS.sub(" ", quoted).split())
    return words + -(-characters // _CHARACTERS_A_WORD)
