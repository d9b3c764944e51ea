"""Pair the quotation marks of a text, in the styles of all languages.

Whether a mark opens or closes follows from its form where that is unambiguous („ always opens), else from its
neighbours (a space before, a letter after), else from whether a mark is open. Marks of one class are then paired like
brackets, paragraph by paragraph. A pair inside a pair is nested and not reported, and an unpaired opening mark ends at
the next outer mark or with its paragraph, so that it never absorbs the text after it.

A marked span continues in the next paragraph if that begins with a mark again, as newspapers print long quotations, or
if its first mark is an unpaired closing one, as on web pages.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

_NOT_INSIDE_A_WORD = re.compile(r"(?<![^\W_])['‘’‚‛]|['‘’‚‛](?![^\W_])")

_OPENING = frozenset("'‘‚‛")

_CURLY = frozenset("‘‚")

_AFTER_OPENING = re.compile(r"[\w\"“„«‹(\[¿¡…$€£#@—–-]|\.\.")

# Words whose beginning is elided. Word processors often turn that apostrophe into an opening mark, so the unambiguous
# ones count with ‘ too.
_ELISION = re.compile(r"['‘](?:\d0s|\d\d(?![\d\w])|em|tis|twas|twere|twill|n|s)(?![^\W_])", re.IGNORECASE)

_STRAIGHT_ELISION = re.compile(r"'(?:til|till|cause|cos|coz|cuz|bout|round|fraid|nuff|neath|ne|nen)(?![^\W_])", re.I)

_SENTENCE_MARKS = frozenset(".,!?…")
_BEFORE_CLOSING = frozenset('.,!?…;:—–-)]}"”»“。！？')

_DOUBTFUL = re.compile(r"(?:[szxSZX\d]|in|\bo)$")
_STYLES = {
    "double": ['"', "“", "”", "„", "‟", "＂", "〝", "〞", "〟", "``", "''"],
    "angle": ["«", "»"],
    "narrow angle": ["‹", "›"],
    "corner": ["「", "」", "｢", "｣"],
    "white corner": ["『", "』"],
}
_STYLE_OF = {form: style for style, forms in _STYLES.items() for form in forms}
_ALWAYS_OPENS = frozenset("„‟「『｢〝") | {"``"}
_ALWAYS_CLOSES = frozenset("」』｣〞〟")
_FACING = frozenset({("“", "”"), ("«", "»"), ("»", "«"), ("‹", "›"), ("›", "‹"), ("``", "''")})
_OPENS_WHERE_UNCLEAR = frozenset("“«‹")
_MARK = re.compile("``|''|[" + "".join(form for form in _STYLE_OF if len(form) == 1) + "]")

# 6'2" is always a measure; 12" is one where no quotation can end; 1984" has too many digits for inches.
_FEET_AND_INCHES = re.compile(r"(?<![\w.,])\d{1,3}['’′]\s?\d{1,2}[½¼¾]?$")
_INCHES = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,/]\d{1,2})?[½¼¾]?$")
_LONGEST_MEASURE = 12
_MARKS_LOOKED_AHEAD = 8

_HEBREW = re.compile(r"[\u0590-\u05ff]")
_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

_MOST_INVISIBLE = 8
"""Direction marks and joiners occur in ones and twos next to a mark; the bound keeps hostile text linear."""

_BEFORE_OPENING = frozenset("([{¿¡/=>*_–—―-'‘’‚“\"«„»‹")

_AFTER_CLOSING = frozenset(".,;:!?)]}/<*_–—―-'’”\"»«›。，、！？；：؟،؛")

_CUT_OFF = ("…", "..", "¿", "¡")


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """A span of text between an opening and a closing mark, in one paragraph.

    ``start`` and ``end`` include the marks; ``inner_start`` and ``inner_end`` exclude them and the white space next
    to them. ``style`` is the class of the marks. ``continues``: it continues the span of the previous paragraph.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    style: str
    paragraph: int
    closed: bool = True
    continues: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    form: str

    @property
    def style(self) -> str:
        return _STYLE_OF[self.form]


@dataclass(frozen=True, slots=True)
class _Pair:
    """An opening and a closing mark; None for the one that lies in another paragraph or is missing."""

    opening: _Mark | None
    closing: _Mark | None
    continues: bool = False


def find_marked_spans(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[MarkedSpan]:
    """Return the outermost marked spans of ``text``, in order, without overlaps; they may be empty."""
    marked_spans: list[MarkedSpan] = []
    for number, bounds in enumerate(paragraphs):
        before = marked_spans[-1] if marked_spans and _left_open(marked_spans[-1], number, paragraphs) else None
        marks = [_Mark(*match.span(), match.group()) for match in _MARK.finditer(text, *bounds)]
        pairs = _Pairing(text, bounds[0], marks).run(None if before is None else text[before.start])
        doubles = [_marked_span(text, bounds, number, pair, limit) for pair, limit in _with_next(pairs, bounds[1])]
        following = text[paragraphs[number + 1][0]] if number + 1 < len(paragraphs) else ""
        in_singles = before is not None and before.style == "single"
        marked_spans += add_single_marks(text, bounds, number, doubles, in_singles, following)
    return marked_spans


def _left_open(marked: MarkedSpan, number: int, paragraphs: Sequence[tuple[int, int]]) -> bool:
    """Whether ``marked`` was still open when paragraph ``number`` began."""
    return not marked.closed and marked.paragraph == number - 1 and marked.inner_end == paragraphs[number - 1][1]


def _with_next(pairs: list[_Pair], end: int) -> list[tuple[_Pair, int]]:
    """Return each pair with the offset where the next one begins, or the paragraph ends."""
    starts = [pair.opening.start for pair in pairs[1:] if pair.opening is not None]
    return list(zip(pairs, [*starts, end], strict=False))


def _marked_span(text: str, bounds: tuple[int, int], number: int, pair: _Pair, limit: int) -> MarkedSpan:
    start, inner_start = (pair.opening.start, pair.opening.end) if pair.opening else (bounds[0], bounds[0])
    inner_end, end = (pair.closing.start, pair.closing.end) if pair.closing else (limit, limit)
    inner = trim(text, inner_start, inner_end)
    style = (pair.opening or pair.closing or _Mark(0, 0, '"')).style
    return MarkedSpan(
        start, end if pair.closing else inner[1], *inner, style, number, pair.closing is not None, pair.continues
    )


class _Pairing:
    """Pairs the marks of one paragraph like brackets, each class of marks separately."""

    def __init__(self, text: str, start: int, marks: Sequence[_Mark]) -> None:
        self.text = text
        self.start = start
        self.marks = marks
        self.open: list[_Mark] = []
        self.open_of_style: dict[str, list[_Mark]] = {style: [] for style in _STYLES}
        self.pairs: list[_Pair] = []

    def run(self, carried: str | None) -> list[_Pair]:
        """Return the outermost pairs in order; ``carried`` is the mark that the previous paragraph left open."""
        style = None if carried is None else _STYLE_OF.get(carried)
        continues = False
        for row, mark in enumerate(self.marks):
            if row == 0 and style == mark.style and mark.start == self.start:
                continues = mark.form == carried or style == "angle"
            side = "opens" if row == 0 and continues else self._side(row)
            if side == "opens":
                self.open.append(mark)
                self.open_of_style[mark.style].append(mark)
            elif side == "closes" and self.open_of_style[mark.style]:
                self._close(mark, continues)
            elif side == "closes" and style == mark.style and not continues and not self.open and not self.pairs:
                self.pairs.append(_Pair(None, mark, continues=True))
        unclosed = [_Pair(mark, None, continues and mark is self.marks[0]) for mark in self.open]
        return sorted([*self.pairs, *unclosed], key=lambda pair: pair.opening.start if pair.opening else self.start)

    def _close(self, mark: _Mark, continues: bool) -> None:
        """Pair ``mark`` with the last open one of its class; marks in between are nested or unpaired."""
        opening = self.open_of_style[mark.style][-1]
        while True:
            last = self.open.pop()
            self.open_of_style[last.style].pop()
            if last is opening:
                break
        while self.pairs and self.pairs[-1].opening is not None and self.pairs[-1].opening.start > opening.start:
            self.pairs.pop()
        self.pairs.append(_Pair(opening, mark, continues and opening is self.marks[0]))

    def _side(self, row: int) -> str | None:
        """Return "opens" or "closes"; None for a character that is not a quotation mark here."""
        mark = self.marks[row]
        opened = self.open_of_style[mark.style]
        opener = opened[-1].form if opened else None
        if mark.form in _ALWAYS_OPENS or mark.form in _ALWAYS_CLOSES:
            return "opens" if mark.form in _ALWAYS_OPENS else "closes"
        if self._is_measure(row, opener) or self._is_hebrew_abbreviation(mark):
            return None
        if opener is not None and (opener, mark.form) in _FACING:
            return "closes"
        room_before, room_after = may_open(self.text, mark.start), may_close(self.text, mark.end)
        if room_before != room_after:
            if room_after or mark.form != "”" or opener in (None, "”"):
                return "opens" if room_before else "closes"
            return "closes"
        if mark.form == "“" and opener in ("„", "‟"):
            return "closes"
        if mark.style == "double" and mark.form not in "“”":
            return "closes" if opener else "opens"
        return "opens" if mark.form in _OPENS_WHERE_UNCLEAR else "closes"

    def _is_measure(self, row: int, opener: str | None) -> bool:
        """Whether the mark means inches: 6'2" always, 12" unless it closes the open quotation."""
        mark = self.marks[row]
        before = self.text[max(0, mark.start - _LONGEST_MEASURE) : mark.start]
        if mark.form not in ('"', "”", "''") or not before or not (before[-1].isdigit() or before[-1] in "½¼¾"):
            return False
        if _FEET_AND_INCHES.search(before):
            return True
        if not _INCHES.search(before):
            return False
        if opener is None:
            return True
        for later in self.marks[row + 1 : row + 1 + _MARKS_LOOKED_AHEAD]:
            if later.style == mark.style and not self.text[later.start - 1].isdigit():
                return not may_open(self.text, later.start) and may_close(self.text, later.end)
        return False

    def _is_hebrew_abbreviation(self, mark: _Mark) -> bool:
        after = self._character_after(mark) if mark.form == '"' else ""
        return bool(_HEBREW.match(after) and _HEBREW.match(character_before(self.text, mark.start)))

    def _character_after(self, mark: _Mark) -> str:
        place = next_visible(self.text, mark.end)
        return self.text[place : place + 1]


@dataclass(frozen=True, slots=True)
class _Single:
    place: int
    form: str
    opens: bool
    closes: bool
    sure: bool  # closes after punctuation, where an apostrophe is impossible
    doubtful: bool  # may be a possessive (James'), a dropped g (goin') or feet (6')


def add_single_marks(
    text: str, bounds: tuple[int, int], number: int, doubles: list[MarkedSpan], carried: bool, following: str
) -> list[MarkedSpan]:
    """Merge ``doubles``, the spans of paragraph ``number`` in other marks, with those in single marks.

    ``carried``: the previous paragraph ended inside single marks; ``following``: the first character of the next
    paragraph. Double-marked spans inside a pair of single marks are nested in it. An unpaired opening mark counts if
    it is curly, or if the next paragraph begins with one again.
    """
    singles = _read(text, bounds, doubles)
    starts = [double.start for double in doubles]
    taken_in: set[int] = set()
    found: list[MarkedSpan] = []
    row = 0
    while row < len(singles):
        opener = singles[row]
        row += 1
        if not opener.opens:
            continue
        closer = _partner(singles, row)
        continues = carried and opener.place == bounds[0]
        first = bisect_left(starts, opener.place)
        if closer is None:
            end = starts[first] if first < len(starts) else bounds[1]
            if row < len(singles):
                end = min(end, singles[row].place)
            if opener.form not in _CURLY and not (end == bounds[1] and following == opener.form) and not continues:
                continue
        else:
            end = singles[closer].place + 1
            inside = range(first, bisect_left(starts, end))
            if inside and not (opener.form in _CURLY or singles[closer].sure):
                continue
            taken_in.update(inside)
            row = closer + 1
        inner = trim(text, opener.place + 1, end - (closer is not None))
        end = end if closer is not None else inner[1]
        found.append(MarkedSpan(opener.place, end, *inner, "single", number, closer is not None, continues))
    kept = [double for nested, double in enumerate(doubles) if nested not in taken_in]
    return sorted([*kept, *found], key=lambda marked: marked.start)


def _read(text: str, bounds: tuple[int, int], doubles: list[MarkedSpan]) -> list[_Single]:
    """Find the single marks outside the ``doubles``, without the unambiguous apostrophes."""
    singles: list[_Single] = []
    passed = 0
    for match in _NOT_INSIDE_A_WORD.finditer(text, *bounds):
        place = match.start()
        while passed < len(doubles) and doubles[passed].end <= place:
            passed += 1
        if passed < len(doubles) and doubles[passed].start <= place:
            continue
        form = match.group()
        if text[place + 1 : place + 2] == form or text[place - 1 : place] == form:
            continue  # '' is a double mark
        opens = form in _OPENING and may_open(text, place) and _AFTER_OPENING.match(text, place + 1) is not None
        if opens and (_ELISION.match(text, place) or _STRAIGHT_ELISION.match(text, place)):
            continue
        before = character_before(text, place)
        closes = not opens and bool(before) and not before.isspace() and not text[place + 1 : place + 2].isalnum()
        if opens or closes:
            doubtful = _DOUBTFUL.search(text, max(0, place - 2), place) is not None
            singles.append(_Single(place, form, opens, closes, before in _BEFORE_CLOSING, doubtful))
    return singles


def find_lone_marks(
    text: str, paragraphs: Sequence[tuple[int, int]], spans: Sequence[MarkedSpan]
) -> list[tuple[int, int]]:
    """Return what may be quoted by a mark without its partner, in order and outside the marked ``spans``.

    After a single mark that opens, it goes to the next span or the end of the paragraph; before a double mark that
    closes after punctuation, it begins at the last span or the start of the paragraph.
    """
    starts = [span.start for span in spans]
    found: list[tuple[int, int]] = []
    for start, end in paragraphs:
        inside = list(spans[bisect_left(starts, start) : bisect_left(starts, end)])
        lone = [(one.place, True) for one in _read(text, (start, end), inside) if one.opens]
        lone += [(mark.start(), False) for mark in _MARK.finditer(text, start, end) if _closes_alone(text, mark)]
        for place, opens in sorted(lone):
            following = bisect_left(starts, place + 1)
            before = max(start, spans[following - 1].end if following else 0, found[-1][1] if found else 0)
            if place < before or (opens and place + 1 >= end):
                continue
            limit = min(end, starts[following] if following < len(starts) else end)
            found.append(trim(text, place + 1, limit) if opens else trim(text, before, place))
    return found


def _closes_alone(text: str, mark: re.Match[str]) -> bool:
    return character_before(text, mark.start()) in _SENTENCE_MARKS and may_close(text, mark.end())


def _partner(singles: list[_Single], row: int) -> int | None:
    """Return the row of the mark that closes the one before ``row``, None if the next opening mark comes first."""
    doubtful = None
    while row < len(singles) and not singles[row].opens:
        if singles[row].sure or not singles[row].doubtful:
            return row
        doubtful = row if doubtful is None else doubtful
        row += 1
    return doubtful


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Move ``start`` and ``end`` inwards over white space and invisible characters."""
    while start < end and (text[start].isspace() or text[start] in _INVISIBLE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _INVISIBLE):
        end -= 1
    return start, end


def character_before(text: str, place: int) -> str:
    """Return the visible character before ``place``, or "" at the beginning of the text."""
    for step in range(1, min(place, _MOST_INVISIBLE) + 1):
        if text[place - step] not in _INVISIBLE:
            return text[place - step]
    return ""


def next_visible(text: str, place: int) -> int:
    """Return the offset of the first visible character from ``place`` on, or the length of the text."""
    for step in range(place, min(len(text), place + _MOST_INVISIBLE)):
        if text[step] not in _INVISIBLE:
            return step
    return len(text)


def may_open(text: str, start: int) -> bool:
    """Whether a mark can open after the character before it: none, space, a bracket, a dash or a mark."""
    before = character_before(text, start)
    return not before or before.isspace() or before in _BEFORE_OPENING


def may_close(text: str, end: int) -> bool:
    """Whether a mark can close before the text after it: none, space, punctuation or a mark, but no ellipsis or ¿¡."""
    place = next_visible(text, end)
    after = text[place : place + 1]
    if not after or after.isspace():
        return True
    return after in _AFTER_CLOSING and not text.startswith(_CUT_OFF, place)
