"""Read digit strings: digits said one by one, and telephone and account numbers in groups, with pauses between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.language.numbers.number_figures import Piece, is_counting

MOST_DIGITS = 20
_LEAST_DIGITS = 3
_LEAST_OF_DOUBT = 5
"""Least digits of what is rather something else if it is shorter: digits that count up, that begin with "oh", and that
have pauses between them."""

PAUSES = frozenset(",;…—–)")
"""Marks between the groups of one number."""

_SAID_LENGTHS = frozenset({7, 10, 11})
"""Digits of a telephone number that may have a group of one digit, a group in figures, or two pairs at its end."""

_FIGURE_GROUPS = frozenset({(3, 4), (3, 3, 4), (3, 7), (1, 3, 3, 4), (1, 3, 7), (1, 10), (4, 4, 4, 4)})
"""Sizes of groups of figures that are one number; those that begin with zero may have others."""

_MOST_AFTER_ZERO = 15
_YEARS = range(1900, 2100)
"""Four digits that are rather a year after a pause."""

_OTHER_NUMBER = frozenset({"hundred", "scale", "point", "o'clock", "half of day", "parts", "slash", "measure", "cents"})
"""Kinds of pieces that make another number of the digits before them."""

_Tokens = tuple[int, int]


class DigitString(NamedTuple):
    """Digits, the tokens of each, and the piece after them."""

    digits: str
    places: tuple[_Tokens, ...]
    stop: int


class _DigitGroup(NamedTuple):
    """Digits without a pause; ``how`` they are said: in singles, pairs, as eight "hundred", or written in "figures"."""

    digits: str
    places: tuple[_Tokens, ...]
    stop: int
    how: str


def may_pause(piece: Piece) -> bool:
    """Whether a digit string may go on after the mark behind this piece."""
    return piece.closes in PAUSES and (_is_digit(piece) or piece.kind in ("hundred", "word"))


def may_resume(piece: Piece) -> bool:
    """Whether a digit string may go on with this piece after a pause."""
    return _is_digit(piece) or piece.kind in ("double", "teen", "ten", "word")


def _is_digit(piece: Piece) -> bool:
    return piece.kind in ("unit", "oh", "digits", "one") or _is_plain(piece)


def _is_plain(piece: Piece) -> bool:
    """Whether this is a figure of at most four digits; number words of other languages are figures without a text."""
    written = piece.written or (str(piece.value) if piece.value in range(10) else "")
    return piece.kind == "figure" and written.isdigit() and len(written) <= 4


def read_digit_string(pieces: Sequence[Piece], place: int) -> DigitString | None:
    """Return the longest digit string that begins at this piece: three digits or more, in one group or several."""
    groups = list(_read_groups(pieces, place))
    while groups:
        if _is_one_number(groups, pieces[place]) and not _goes_on(pieces, groups[-1]):
            digits = "".join(group.digits for group in groups)
            return DigitString(digits, tuple(one for group in groups for one in group.places), groups[-1].stop)
        groups.pop()
    return None


def _goes_on(pieces: Sequence[Piece], last: _DigitGroup) -> bool:
    """Whether the last digit begins another number: five five five hundred."""
    stop = last.stop
    if stop == len(pieces) or pieces[stop - 1].closes or pieces[stop - 1].kind == "digits":
        return False
    return pieces[stop].kind in _OTHER_NUMBER


def _read_groups(pieces: Sequence[Piece], place: int) -> Iterator[_DigitGroup]:
    """Yield the groups from a piece on, until something else follows."""
    length, paused = 0, False
    while place < len(pieces):
        group = _read_singles(pieces, place) or _read_figures(pieces[place], place) or _read_pairs(pieces, place)
        if group is None or (paused and group.how in ("figures", "pairs") and int(group.digits) in _YEARS):
            return
        length += len(group.digits)
        if length > MOST_DIGITS and length > len(group.digits):
            return
        yield group
        place = group.stop
        mark = pieces[place - 1].closes
        if mark and mark not in PAUSES:
            return
        paused = bool(mark)


def _read_singles(pieces: Sequence[Piece], place: int) -> _DigitGroup | None:
    """Read digits that are said one by one, five five five, double oh seven, or eight hundred, one nine hundred."""
    digits = ""
    places: list[_Tokens] = []
    stop = place
    while stop < len(pieces) and not (stop > place and pieces[stop - 1].closes):
        start = stop + (pieces[stop].kind == "double")
        single = pieces[start] if start < len(pieces) else None
        if single is None or not _is_said(single) or (start > stop and pieces[stop].closes):
            break
        times = int(pieces[stop].value) if start > stop else 1
        said = single.written if single.kind == "digits" else str(single.value)
        digits += said * times
        places += [(pieces[stop].first, single.last)] * (times * len(said))
        stop = start + 1
        after = pieces[stop] if stop < len(pieces) and not single.closes else None
        if after and after.kind == "hundred" and digits in ("8", "9", "18", "19"):
            return _DigitGroup(f"{digits}00", (*places, *[(after.first, after.last)] * 2), stop + 1, "hundred")
    return _DigitGroup(digits, tuple(places), stop, "singles") if _are_said(pieces[place:stop]) else None


def _is_said(piece: Piece) -> bool:
    """Whether this is one digit, or a zero and the digits after it as other languages compose their words."""
    composed = piece.kind == "digits" and piece.last - piece.first + 1 == len(piece.written)
    return piece.kind in ("unit", "oh", "one") or composed or (_is_plain(piece) and len(piece.written) <= 1)


def _are_said(pieces: Sequence[Piece]) -> bool:
    """Whether these are digits said one by one; a figure alone is a group of figures, "one" at an edge an article."""
    if not pieces or "one" in (pieces[0].kind, pieces[-1].kind):
        return False
    return len(pieces) > 1 or not pieces[0].written.isdigit()


def _read_figures(piece: Piece, place: int) -> _DigitGroup | None:
    is_group = (piece.kind == "digits" and piece.written) or (_is_plain(piece) and piece.written)
    places = ((piece.first, piece.last),) * len(piece.written)
    return _DigitGroup(piece.written, places, place + 1, "figures") if is_group else None


def _read_pairs(pieces: Sequence[Piece], place: int) -> _DigitGroup | None:
    """Read four digits that are said in two pairs: twelve thirty-four."""
    digits = ""
    places: list[_Tokens] = []
    while place < len(pieces) and len(digits) < 4 and pieces[place].kind in ("teen", "ten"):
        first = last = pieces[place]
        value = int(first.value)
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        if value >= 20 and after and after.kind == "unit" and after.value and not first.closes:
            value, last, place = value + int(after.value), after, place + 1
        digits += str(value)
        places += [(first.first, last.last)] * 2
        place += 1
        if len(digits) < 4 and last.closes:
            return None
    return _DigitGroup(digits, tuple(places), place, "pairs") if len(digits) == 4 else None


def _is_one_number(groups: Sequence[_DigitGroup], first: Piece) -> bool:
    digits = "".join(group.digits for group in groups)
    length, sizes, ways = len(digits), tuple(len(group.digits) for group in groups), {group.how for group in groups}
    if len(groups) == 1 and first.kind == "digits":
        return True
    if length < (_LEAST_OF_DOUBT if first.kind == "oh" or len(groups) > 1 else _LEAST_DIGITS):
        return False
    if ways == {"figures"}:
        return _are_figure_groups(groups, sizes)
    if len(groups) == 1:
        return ways == {"singles"} and not (is_counting(digits) and length < _LEAST_OF_DOUBT)
    if "hundred" in ways:
        return groups[0].how == "hundred" and ways <= {"hundred", "singles", "figures"} and length == sizes[0] + 7
    if is_counting(digits) or (1 in sizes and _is_sorted(digits)):
        return False
    if "pairs" in ways:
        return groups[-1].how == "pairs" and ways == {"pairs", "singles"} and length in _SAID_LENGTHS
    if "figures" in ways:
        return length in _SAID_LENGTHS and not groups[-1].digits.endswith("00")
    return min(sizes) > 1 or max(sizes) == 1 or length in _SAID_LENGTHS


def _are_figure_groups(groups: Sequence[_DigitGroup], sizes: tuple[int, ...]) -> bool:
    digits = "".join(group.digits for group in groups)
    if digits[0] == "0" and min(sizes) > 1 and min(_SAID_LENGTHS) <= len(digits) <= _MOST_AFTER_ZERO:
        return True
    two_counts = len(digits) == 7 and all(group.digits[-1] == "0" for group in groups)
    return sizes in _FIGURE_GROUPS and not two_counts


def _is_sorted(digits: str) -> bool:
    """Whether digits only rise or only fall, as those that are counted or listed do."""
    return all(one <= other for one, other in pairwise(digits)) or all(one >= other for one, other in pairwise(digits))
