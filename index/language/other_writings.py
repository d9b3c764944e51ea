"""Other ways to write words of a query: abbreviations with and without dots, titles, compounds, lost apostrophes.

The words of transcripts are found as they are written; a search therefore asks for each way. Lower case says nothing of
an abbreviation, and one that is another word without its dots is only asked for in capitals: "us" is not U.S., nor is
U.S. "us" (index/language/capitals.py). Numbers have readings of their own (index/language/numbers).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.language.capitals import ABBREVIATED
from index.language.common_words import common_words
from index.language.spelling import long_forms, short_forms
from index.language.tokens import fold_text

_AROUND = ",;:!?…\"'“”‘’()[]"
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_]){1,5}\.?|[A-Z][a-z]{0,3}(?:\.[A-Z][a-z]{0,3}){1,5}\.?")
_CAPITALS = re.compile(r"[A-Z]{2,5}")
_CAMEL = re.compile(r"([A-Z][a-z]{1,12})([A-Z][A-Za-z]{0,12})")
_HYPHENED = re.compile(r"[^\W_]{1,40}(?:[-‐‑][^\W_]{1,40}){1,3}")
_BETWEEN_DIGITS = re.compile(r"\d[-‐‑]\d")
_HYPHENS = re.compile(r"[-‐‑]")
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]{1,5})(\d{1,4})|(\d{1,4})([^\W\d_]{1,5})")
_NAME = re.compile(r"[A-Z]{1,2}")
_INITIAL = re.compile(r"[A-Z]\.?")
_FIGURE = re.compile(r"[0-9]{1,4}")
_COMPOUND = re.compile(
    r"(e)(mail(?:s|ed|ing)?|books?|commerce|learning|bikes?|cigarettes?|sports|readers?|scooters?|waste|health|voting)"
    r"|(x)(ray(?:s|ed)?)|(t)(shirts?)|(u)(turns?|boats?)"
    r"|(anti|cyber|multi|non|pseudo|self|semi|ultra)(\w{4,30})"
    r"|(co)((?:operat|ordinat|exist|found|author|host|pilot|work)\w{0,20})",
    re.IGNORECASE,
)
_OFTEN_DOTTED_TEXT = "cd ceo cia dc dj dvd eg eu fbi ie nba nfl nyc pc tv uae uk un usa ussr"
_OFTEN_DOTTED = frozenset(_OFTEN_DOTTED_TEXT.split())
"""Abbreviations that are no other words, also in small letters."""
_DEGREES = {"bsc": "B.Sc.", "dphil": "D.Phil.", "edd": "Ed.D.", "msc": "M.Sc.", "phd": "Ph.D.", "psyd": "Psy.D."}
_TITLE_TEXT = """captain department doctor governor government junior lieutenant missus mister mount professor saint
    senior sergeant versus"""
_TITLES = frozenset(_TITLE_TEXT.split())
"""Words that are also asked for by their abbreviation, since that is no other word."""
_CONTRACTION_TEXT = """aren't can't couldn't didn't doesn't don't hadn't hasn't haven't i'm i've isn't mustn't shouldn't
    that's there's they're they've wasn't weren't what's won't wouldn't you're you've"""
_CONTRACTIONS = {word.replace("'", ""): word for word in _CONTRACTION_TEXT.split()}
"""Contractions that are no other words without their apostrophe, by how they are written without it."""
_IRISH = re.compile(
    r"o'?(?:brien|callaghan|connell|connor|donnell|dowd|driscoll|grady|hara|keefe|leary|malley|meara|neill?|reilly"
    r"|rourke|shea|sullivan|toole)s?"
)
_NUMBER_SIGNS = ("No.", "number")
_FIRST = ("1", "one")
"""The one number that is another word where it is written out; every other is found in any notation."""


@dataclass(frozen=True, slots=True)
class Writings:
    """Words ``first`` to ``last``, inclusive, of a run of words, and the ``others`` that are written for them."""

    first: int
    last: int
    others: tuple[tuple[str, ...], ...]


def find_writings(texts: Sequence[str]) -> list[Writings]:
    """Return the words of a run that are also written in other ways, in order, without overlap."""
    found: list[Writings] = []
    place = 0
    while place < len(texts):
        pair = tuple(_pair_writings(*texts[place : place + 2])) if place + 1 < len(texts) else ()
        last = place + bool(pair)
        others = pair or tuple((one,) for one in other_writings(texts[place], is_last=place + 1 == len(texts)))
        if others:
            found.append(Writings(place, last, others))
        place = last + 1
    return found


def other_writings(word: str, *, is_last: bool = True) -> tuple[str, ...]:
    """Return the other ways to write a word: US as U.S., U.K. as UK, e-mail as email, email as e-mail, F16 as F-16.

    The full stop of a word that ``is_last`` may end a sentence: "gen." is an abbreviation only before another word.
    """
    bare = word.strip(_AROUND)
    if _DOTTED.fullmatch(bare):
        joined = bare.replace(".", "")
        return (joined.upper() if fold_text(joined) in ABBREVIATED else joined,)
    plain = bare.rstrip(".")
    others = (*_by_letters(bare), *_by_meaning(plain, dotted=bare != plain and not is_last), *_by_parts(plain))
    return tuple(dict.fromkeys(others))


def _by_letters(bare: str) -> Iterator[str]:
    """Yield an abbreviation with its dots, and a word that is joined of two with a hyphen: UK, YouTube."""
    folded = fold_text(bare)
    if _CAPITALS.fullmatch(bare) and (folded in ABBREVIATED or folded not in common_words("en")):
        yield ".".join(bare) + "."  # other common words are shouted
    elif bare in _OFTEN_DOTTED:
        yield ".".join(bare.upper()) + "."
    elif folded in _DEGREES:
        yield _DEGREES[folded]
    elif found := _CAMEL.fullmatch(bare):
        yield "-".join(found.groups())


def _by_meaning(plain: str, *, dotted: bool) -> Iterator[str]:
    """Yield what a title is short for and what it is shortened to, and a contraction or name by its apostrophe."""
    folded = fold_text(plain)
    yield from long_forms(folded, dotted=dotted)
    yield from short_forms(folded) if folded in _TITLES else ()
    joined = folded.replace("'", "")
    if joined in _CONTRACTIONS:
        yield _CONTRACTIONS[joined] if joined == folded else joined
    elif _IRISH.fullmatch(folded):
        yield f"o'{joined[1:]}" if joined == folded else joined


def _by_parts(plain: str) -> Iterator[str]:
    """Yield a word with and without its hyphens."""
    if _HYPHENED.fullmatch(plain):
        if not _BETWEEN_DIGITS.search(plain):
            yield _HYPHENS.sub("", plain)
    elif found := _LETTERS_AND_DIGITS.fullmatch(plain) or _COMPOUND.fullmatch(fold_text(plain)):
        yield "-".join(filter(None, found.groups()))


def _pair_writings(one: str, other: str) -> Iterator[tuple[str, ...]]:
    """Yield the other ways to write two words: F 16 as F-16, e mail as email, U. S. as US, No. 1 as number one.

    There are none if a mark stands between the two.
    """
    first, second = one.lstrip(_AROUND), other.rstrip(_AROUND).rstrip(".")
    named = _NAME.fullmatch(first) and _FIGURE.fullmatch(second)
    compound = _COMPOUND.fullmatch(f"{first}{second}")
    if _INITIAL.fullmatch(first) and _INITIAL.fullmatch(second):
        yield (f"{first[0]}.{second[0]}.",)
        yield (f"{first[0]}{second[0]}",)
    elif named or (compound and first in compound.groups()):
        yield (f"{first}-{second}",)
        yield (f"{first}{second}",)
    elif fold_text(first) in map(str.lower, _NUMBER_SIGNS) and (_FIGURE.fullmatch(second) or second.lower() == "one"):
        for sign in _NUMBER_SIGNS:
            for number in _FIRST if second.lower() in _FIRST else (second,):
                if (sign.lower(), number) != (first.lower(), second.lower()):
                    yield sign, number
