"""Single quotation marks, told from apostrophes and feet.

‘…’ and '…' may hold a quotation of their own where no double mark stands around them, as British newspapers print
them; ‚…‘ likewise. Inside a double mark they are nested, and nobody asks for them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from index.stretches import Stretch, character_before, may_open, trim

_NOT_INSIDE_A_WORD = re.compile(r"(?<![^\W_])['‘’‚‛]|['‘’‚‛](?![^\W_])")
_OPENING = frozenset("'‘‚‛")
_CURLY = frozenset("‘‚")
_BEHIND_OPENING = re.compile(r"[\w\"“„«‹(\[¿¡…$€£#@—–-]|\.\.")
# Words that lost their beginning to an apostrophe. A text processor often turns that into an opening mark, so the
# words that can be nothing else count for ‘ too.
_ELISION = re.compile(r"['‘](?:\d0s|\d\d(?![\d\w])|em|tis|twas|twere|twill|n|s)(?![^\W_])", re.IGNORECASE)
_STRAIGHT_ELISION = re.compile(r"'(?:til|till|cause|cos|coz|cuz|bout|round|fraid|nuff|neath|ne|nen)(?![^\W_])", re.I)
_BEFORE_CLOSING = frozenset('.,!?…;:—–-)]}"”»“。！？')
_DOUBTFUL = re.compile(r"(?:[szxSZX\d]|in|\bo)$")


@dataclass(frozen=True, slots=True)
class _Single:
    place: int
    form: str
    opens: bool
    closes: bool
    sure: bool  # closes behind punctuation, where no apostrophe stands
    doubtful: bool  # may be a possessive (James'), a dropped g (goin') or feet (6')


def add_single_marks(
    text: str, bounds: tuple[int, int], number: int, doubles: list[Stretch], carried: bool, following: str
) -> list[Stretch]:
    """``doubles``, the stretches of paragraph ``number`` in other marks, with those in single marks.

    ``carried`` tells that the paragraph before ended inside single marks, ``following`` is the first character of
    the paragraph behind. A pair of single marks that holds double ones takes them in. An opening mark without a
    partner counts if it is curly, or if the next paragraph begins with one again.
    """
    singles = _read(text, bounds, doubles)
    starts = [double.start for double in doubles]
    taken_in: set[int] = set()
    found: list[Stretch] = []
    row = 0
    while row < len(singles):
        opener = singles[row]
        row += 1
        if not opener.opens:
            continue
        closer = _partner(singles, row)
        goes_on = carried and opener.place == bounds[0]
        first = bisect_left(starts, opener.place)
        if closer is None:
            end = starts[first] if first < len(starts) else bounds[1]
            if row < len(singles):
                end = min(end, singles[row].place)
            if opener.form not in _CURLY and not (end == bounds[1] and following == opener.form) and not goes_on:
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
        found.append(Stretch(opener.place, end, *inner, "single", number, closer is not None, goes_on))
    kept = [double for nested, double in enumerate(doubles) if nested not in taken_in]
    return sorted([*kept, *found], key=lambda stretch: stretch.start)


def _read(text: str, bounds: tuple[int, int], doubles: list[Stretch]) -> list[_Single]:
    """The single marks outside the ``doubles``, without apostrophes that are sure to be some."""
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
        opens = form in _OPENING and may_open(text, place) and _BEHIND_OPENING.match(text, place + 1) is not None
        if opens and (_ELISION.match(text, place) or _STRAIGHT_ELISION.match(text, place)):
            continue
        before = character_before(text, place)
        closes = not opens and bool(before) and not before.isspace() and not text[place + 1 : place + 2].isalnum()
        if opens or closes:
            doubtful = _DOUBTFUL.search(text, max(0, place - 2), place) is not None
            singles.append(_Single(place, form, opens, closes, before in _BEFORE_CLOSING, doubtful))
    return singles


def _partner(singles: list[_Single], row: int) -> int | None:
    """The row of the mark that closes what the one before ``row`` opened, if there is one before the next opens."""
    doubtful = None
    while row < len(singles) and not singles[row].opens:
        if singles[row].sure or not singles[row].doubtful:
            return row
        doubtful = row if doubtful is None else doubtful
        row += 1
    return doubtful
