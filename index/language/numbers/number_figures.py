"""Split written words into the pieces of numbers: figures, signs, suffixes, and the words that number words are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from index.language.tokens import fold_text

LONGEST_FIGURE = 40
"""Characters; a longer run of digits is not a number that anyone says."""

LONGEST_CALCULATED = 15
"""The most digits of a figure that is calculated with: 28 digits, to which Decimal rounds, include it in trillions.
Longer ones are compared as they are written."""

_SIGNS = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", "us$": "dollars", "#": "#"}
NUMBER_SIGN = "#"
_SUFFIXES = {
    **{suffix: ("scale", Decimal(value), "") for suffix, value in {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9,
        "bn": 10**9, "t": 10**12, "tn": 10**12}.items()},
    **{suffix: ("half of day", Decimal(0), suffix.replace(".", "")) for suffix in ("am", "pm", "a.m", "p.m")},
    **{suffix: ("measure", Decimal(0), unit) for suffix, unit in {"%": "percent", "€": "euros", "£": "pounds",
        "$": "dollars"}.items()},
    "¢": ("cents", Decimal(0), "dollars"),
}  # fmt: skip
_VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
           "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6"}  # fmt: skip
_FRACTIONS = frozenset({2, 3, 4, 5, 6, 8})
"""Denominators of a fraction; with any other the slash makes a ratio or a date: 80/20, 24/7, 9/11."""

_BEFORE_A_NUMBER = frozenset({"mid", "pre", "post", "early", "late", "over", "under", "sub", "non", "all", "near"})
"""Words that are glued to a number without making it a name: mid-1990s, but not F-16, COVID-19."""

_LEADING = re.compile(r"^[^\w#$€£¥'’‘+−½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚.-]+")
_TRAILING = re.compile(r"(?<![^\w%€£$¢])[^\w%€£$¢]+$")
_CLOSERS = "\"'”’»)]"
"""What may stand between the mark that ends a phrase and the end of a word."""
_JOINER = re.compile(r"([-‐‑–−/])")
_FIGURE = re.compile(
    r"(?P<sign>us\$|[$€£¥#])?(?P<figure>[0-9](?:[0-9.,:]*[0-9])?)"
    r"(?P<after>a\.m|p\.m|%|€|£|\$|¢|'?s|[a-z]{1,4})?\.?"
)
_VERSION = re.compile(r"v\.?(?P<figure>[0-9]{1,4}(?:\.[0-9]{1,4})*)")
_GROUPED = re.compile(
    r"(?:\+?[0-9]{1,3}-)?[0-9]{3}-[0-9]{3}-[0-9]{4}|[0-9]{3}-[0-9]{4}|[0-9]{3}\.[0-9]{3}\.[0-9]{4}"
    r"|[0-9](?:-[0-9]){2,}|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{5}-[0-9]{4}|[0-9]{4}(?:-[0-9]{4}){3}"
)
"""Numbers of telephones, of social security, of accounts, and postal codes: digits in groups that are never counted."""
_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})
_OTHER_ENDINGS = frozenset({"e", "er", "re", "eme", "de", "ste", "o", "a"})
"""The endings of ordinals where a decimal comma is written: 3e, 1er, 3ème, 3º."""
_SIGN_ALONE = re.compile(r"\s*([%€£$¢])[.,;:!?…)\]\"'”’»]*\s*")
"""A sign without a token of its own: it belongs to the one before."""
_HOURS = re.compile(r"([0-9]{1,2})h([0-5][0-9])")
_COLON = re.compile(r"([1-9][0-9]{0,3}):([1-9][0-9]{0,3})")
_NOTHING = Decimal(0)
_ASCII_TOKEN = re.compile(r"[a-z0-9_]+(?:'[a-z0-9_]+)*")


Entry = tuple[str, Decimal, str]
"""The kind, value and text of a word of which numbers are made."""

Lookup = Callable[[str], Entry | None]
"""Returns the entry of a word in lower case; None for a word that is no part of a number."""


class Piece(NamedTuple):
    """A piece of a number: its kind, its value, and its tokens.

    ``glued``: a hyphen joins it to the piece before. ``closes``: the mark after it that ends a phrase. ``written``: the
    digits of a figure as written, or the name of a unit.
    """

    kind: str
    value: Decimal
    first: int
    last: int
    glued: bool = False
    closes: str = ""
    written: str = ""


def _piece(entry: Entry, first: int, last: int) -> Piece:
    kind, value, written = entry
    return Piece(kind, value, first, last, written=written)


def split_word(text: str, lookup: Lookup, comma: bool) -> tuple[list[Piece], bool]:
    """Return the pieces of numbers in one written word, and whether a number may go on in the next word.

    ``comma``: whether a decimal comma is written, not a point. There are no pieces in other words, nor in one in which
    a figure is glued to letters: MP3, F-16.
    """
    if "*" in text or "&" in text or "＆" in text:
        return [], False  # masked letters, and names such as S&P500
    closes = _closing_mark(text)
    if sign := _SIGN_ALONE.fullmatch(text):
        return [_piece(_SUFFIXES[sign[1]], -1, -1)._replace(closes=closes)], True
    bare = _TRAILING.sub("", _LEADING.sub("", text.strip(), count=1))
    has_vulgar = not _VULGAR.keys().isdisjoint(bare)
    folded = bare if has_vulgar else fold_text(bare)  # which would write ½ as 1⁄2
    if not has_vulgar and not any(map(str.isdigit, folded)):
        return _split_words(bare.lower().replace("’", "'"), lookup, "" if _is_dotted(text) else closes)
    if len(folded) > LONGEST_FIGURE:
        return [], False
    pieces, goes_on = _split_figures(folded, lookup, comma)
    if pieces and closes and not (pieces[-1].kind == "half of day" and _is_dotted(text)):
        pieces[-1] = pieces[-1]._replace(closes=closes)
    return pieces, goes_on


def _closing_mark(text: str) -> str:
    """Return the mark after a word that ends a phrase, "" if there is none."""
    inner = text.rstrip(_CLOSERS)
    if inner.endswith(".."):
        return "…"
    if inner[-1:] in tuple(",.;:!?…—–"):
        return inner[-1]
    return ")" if ")" in text[len(inner) :] else ""


def _is_dotted(text: str) -> bool:
    """Whether the point at its end belongs to a.m. or p.m."""
    return text.lower().rstrip(",;:!?").endswith("m.")


def _split_words(written: str, lookup: Lookup, closes: str) -> tuple[list[Piece], bool]:
    known = lookup(written)
    if known is not None:
        return [_piece(known, 0, written.count("."))._replace(closes=closes)], True
    if "-" not in written:
        return [], False
    pieces: list[Piece] = []
    for place, part in enumerate(written.split("-")):
        if found := lookup(part):
            pieces.append(_piece(found, place, place)._replace(glued=bool(pieces)))
        elif pieces or part not in _BEFORE_A_NUMBER:
            halves = [piece.kind for piece in pieces] in (["half"], ["quarter"])
            return ([] if halves else pieces), False  # half-built, but not five-year
    if pieces:
        pieces[-1] = pieces[-1]._replace(closes=closes)
    return pieces, True


def _split_figures(folded: str, lookup: Lookup, comma: bool) -> tuple[list[Piece], bool]:
    spans = [found.span() for found in _ASCII_TOKEN.finditer(folded)]
    if not spans:
        return ([_read_vulgar(folded)] if folded in _VULGAR else []), True
    if folded[-1] in _VULGAR:
        return _mixed_fraction(folded, comma)
    digits = re.sub(r"\D", "", folded)
    if _GROUPED.fullmatch(folded) and not _is_round(folded) and not is_counting(digits):
        return [Piece("digits", _NOTHING, 0, len(spans) - 1, written=digits)], True
    return _split_at_joiners(folded, spans, lookup, comma)


def _split_at_joiners(
    folded: str, spans: Sequence[tuple[int, int]], lookup: Lookup, comma: bool
) -> tuple[list[Piece], bool]:
    """Return the pieces of a word with hyphens and slashes: 4-5, 80/20, mid-1990s; ``spans`` are its tokens."""
    split = _JOINER.split(folded)
    pieces: list[Piece] = []
    stop = numbers = 0
    for joiner, part in zip(["", *split[1::2]], split[::2], strict=True):
        start = stop + len(joiner)
        stop = start + len(part)
        if not part and not pieces and joiner != "/":
            continue
        tokens = [number for number, (begin, end) in enumerate(spans) if begin < stop and end > start]
        read = _read_part(part, tokens[0], tokens[-1], lookup, comma) if part and tokens else []
        if not read and (pieces or part not in _BEFORE_A_NUMBER):
            is_word = part and tokens and not part[0].isdigit() and joiner != "/"
            return (pieces if is_word else []), False  # 20-year-old
        numbers += bool(read) and read[0].kind not in ("to", "and")
        if pieces:
            read = _link(joiner, read)
        elif start == 1 and joiner in "-−":
            first = read[0].first if read else 0
            read = [Piece("minus", _NOTHING, first, first), *read]
        pieces += read
    return (pieces, True) if numbers <= 2 else ([], False)  # 2024-07-12


def _link(joiner: str, read: Sequence[Piece]) -> list[Piece]:
    """Return the pieces after a hyphen or slash with what joins them to those before it."""
    first = read[0].first
    if joiner == "/":
        return [Piece("slash", _NOTHING, first, first - 1, glued=True), *read]
    return [read[0]._replace(glued=True), *read[1:]]


def _read_part(part: str, first: int, last: int, lookup: Lookup, comma: bool) -> list[Piece]:
    """Return the pieces of a part without hyphens: $5, 40k, 8:30pm, 21st, '90s; none for other text."""
    if word := lookup(part):
        return [_piece(word, first, last)]
    if (found := _HOURS.fullmatch(part)) and lookup("h") and int(found[1]) < 24:
        return [Piece("clock", Decimal(60 * int(found[1]) + int(found[2])), first, last, written=part)]
    if found := _VERSION.fullmatch(part):
        version = Piece("version", _NOTHING, first, last, written=found["figure"])
        return [version._replace(value=Decimal(1), last=first, written=""), version]
    found = _FIGURE.fullmatch(part.lstrip("'.+"))
    if not found:
        return []
    figure, after = found["figure"], found["after"] or ""
    if part[0] == "." and figure.isdigit():
        figure = "0" + ("," if comma else ".") + figure
    if after in ("s", "'s"):
        return [Piece("decade", Decimal(figure), first, last)] if _is_decade(figure) and not found["sign"] else []
    if after in (_OTHER_ENDINGS if comma else _ORDINAL_ENDINGS):
        whole = figure.replace(",", "")
        fits = whole.isdigit() and len(whole) <= LONGEST_CALCULATED
        return [Piece("ordinal", Decimal(whole), first, last, written=figure)] if fits else []
    return _read_measured(found["sign"], figure, after, first, last, comma) or _read_colon(part, first, last)


def _read_measured(sign: str | None, figure: str, after: str, first: int, last: int, comma: bool) -> list[Piece]:
    """Return the pieces of a figure with the sign before it and the suffix after it: $5, 40k, 8:30pm."""
    if after and after not in _SUFFIXES:
        return []
    if after in ("am", "pm", "a.m", "p.m"):
        figure = figure.replace(".", ":")
    read = _read_figure(figure, first, last, comma)
    if read is None:
        return []
    pieces = [Piece("sign", _NOTHING, first, first, written=_SIGNS[sign])] if sign else []
    if not after:
        return [*pieces, read]
    dotted = after in ("a.m", "p.m")
    unit = _piece(_SUFFIXES[after], last - dotted, last)._replace(glued=True)
    return [*pieces, read._replace(last=last - dotted), unit]


def _read_colon(part: str, first: int, last: int) -> list[Piece]:
    """Return the pieces of a ratio with a colon: 16:9; none for other text."""
    found = _COLON.fullmatch(part)
    if not found or last == first:
        return []
    one, other = (
        Piece("figure", Decimal(side), token, token, written=side)
        for side, token in zip(found.groups(), (first, last), strict=True)
    )
    return [one, Piece("colon", _NOTHING, last, last, glued=True), other]


def _read_figure(figure: str, first: int, last: int, comma: bool) -> Piece | None:
    """Return the piece of a figure without sign and suffix: 1,100, 2.5, 8:30, 2.0.1; None for others."""
    if found := re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", figure):
        hour, minute = int(found[1]), int(found[2])
        is_time = hour < 24 and minute < 60
        return Piece("clock", Decimal(60 * hour + minute), first, last, written=figure) if is_time else None
    thousands, point = (".", ",") if comma else (",", ".")
    if re.fullmatch(rf"[0-9]{{1,3}}(?:\{thousands}[0-9]{{3}})+(?:\{point}[0-9]+)?", figure):
        return Piece("figure", Decimal(figure.replace(thousands, "").replace(point, ".")), first, last, written=",")
    if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,4}){2,}", figure):
        return Piece("version", _NOTHING, first, last, written=figure)
    if re.fullmatch(rf"[0-9]+(?:\{point}[0-9]+)?", figure):
        figure = figure.replace(point, ".")
        if figure.isdigit() and ((len(figure) > 1 and figure[0] == "0") or len(figure) > LONGEST_CALCULATED):
            return Piece("digits", _NOTHING, first, last, written=figure)
        return Piece("figure", Decimal(figure), first, last, written=figure) if len(figure) <= 28 else None
    return None


def _is_decade(figure: str) -> bool:
    return figure.isdigit() and len(figure) in (2, 4) and figure[-1] == "0" and figure != "00"


def _is_round(folded: str) -> bool:
    """Whether both sides are round numbers: 100-1000 is a range, 555-1234 a telephone number."""
    sides = folded.split("-")
    return len(sides) == 2 and all(side[-1] == "0" for side in sides)


def is_counting(digits: str) -> bool:
    """Whether digits count up, one, two, three: they are not the digits of a number."""
    return digits in "0123456789"


def read_fraction(over: Decimal, under: Decimal) -> Decimal | None:
    """Return the value of a written fraction: 3/4; None for a ratio or a date, 80/20, 9/11."""
    return over / under if 0 < over < under and int(under) in _FRACTIONS and under == int(under) else None


def _read_vulgar(sign: str) -> Piece:
    over, under = _VULGAR[sign].split("/")
    return Piece("fraction", Decimal(over) / Decimal(under), 0, 1)


def _mixed_fraction(folded: str, comma: bool) -> tuple[list[Piece], bool]:
    whole = _read_figure(folded[:-1], 0, 1, comma)
    if whole is None or whole.kind != "figure":
        return [], False
    return [Piece("figure", whole.value + _read_vulgar(folded[-1]).value, 0, 1)], True
