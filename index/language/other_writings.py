"""Other ways to write a word: abbreviations with and without dots, compounds with and without a hyphen.

The words of transcripts are found as they are written; a search therefore asks for each way. Lower case says nothing of
an abbreviation, and a word that is another without its dots is not asked for: "us" is not U.S., nor is U.S. "us".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.language.common_words import common_words
from index.language.tokens import fold_text

ABBREVIATED = frozenset(("aids", "it", "us", "who"))
"""Words that are others in capitals, or with dots: US, I.T., WHO."""

_AROUND = ",;:!?…\"'“”‘’()[]"
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_]){1,5}\.?")
_CAPITALS = re.compile(r"[A-Z]{2,5}")
_HYPHENED = re.compile(r"[^\W_]{1,40}(?:[-‐‑][^\W_]{1,40}){1,3}")
_BETWEEN_DIGITS = re.compile(r"\d[-‐‑]\d")
_HYPHENS = re.compile(r"[-‐‑]")
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]{1,5})(\d{1,4})|(\d{1,4})([^\W\d_]{1,5})")
_NAME = re.compile(r"[A-Z]{1,2}")
_NUMBER = re.compile(r"[0-9]{1,4}")
_COMPOUND = re.compile(
    r"(e)(mail(?:s|ed|ing)?|books?|commerce|learning|bikes?|cigarettes?|sports|readers?|scooters?|waste|health|voting)"
    r"|(x)(ray(?:s|ed)?)|(t)(shirts?)|(u)(turns?|boats?)"
    r"|(anti|cyber|multi|non|pseudo|self|semi|ultra)(\w{4,30})"
    r"|(co)((?:operat|ordinat|exist|found|author|host|pilot|work)\w{0,20})",
    re.IGNORECASE,
)


def other_writings(word: str) -> tuple[str, ...]:
    """Return the other ways to write a word: US as U.S., U.K. as UK, e-mail as email, email as e-mail, F16 as F-16."""
    bare = word.strip(_AROUND)
    if _DOTTED.fullmatch(bare):
        joined = bare.replace(".", "")
        return () if fold_text(joined) in ABBREVIATED else (joined,)
    if _CAPITALS.fullmatch(bare):
        folded = fold_text(bare)
        if folded in common_words("en") and folded not in ABBREVIATED:
            return ()  # a shout
        return (".".join(bare) + ".",)
    bare = bare.rstrip(".")
    if _HYPHENED.fullmatch(bare):
        return () if _BETWEEN_DIGITS.search(bare) else (_HYPHENS.sub("", bare),)
    found = _LETTERS_AND_DIGITS.fullmatch(bare) or _COMPOUND.fullmatch(bare)
    return ("-".join(filter(None, found.groups())),) if found else ()


def join_names(texts: Sequence[str], hyphen: str) -> list[str]:
    """Return words in a row with names of a letter or two and a number as one word: F 16 as F-16, or F16."""
    joined: list[str] = []
    for text in texts:
        bare = text.strip(_AROUND)
        if joined and _NAME.fullmatch(joined[-1].lstrip(_AROUND)) and _NUMBER.fullmatch(bare):
            joined[-1] += f"{hyphen}{bare}"
        else:
            joined.append(text)
    return joined
