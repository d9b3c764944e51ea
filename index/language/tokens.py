"""The tokenizer and stemmer shared by indexing, queries and verification.

A token is a maximal run of letters, digits, marks and ``_``, with apostrophes only between such characters.
In scripts without spaces each character, with its marks, is a token. Case, accents, width and the form of
apostrophes are folded; there are no stop words. Signs that are said are the words that are said for them: R&D is
"r and d", C++ "c plus plus", C# "c sharp".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from typing import Any

import regex

from index.language.british import usual_spelling

_APOSTROPHES = "\u2019\u2018\u02bc\u02bb\u2032\uff07\u0060\u00b4"
# Invisible characters that do not split a word: soft hyphen, joiners, text direction.
_INVISIBLE = [0xAD, 0x2060, 0xFEFF, *range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
# The zeros of the digits of Arabic, Persian, the scripts of India, Thai, Lao, Myanmar and Khmer.
_ZEROS = [0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xBE6, 0xC66, 0xCE6, 0xE50, 0xED0, 0x1040, 0x17E0]
_BEFORE = (
    dict.fromkeys(map(ord, _APOSTROPHES), "'")
    | dict.fromkeys(_INVISIBLE, "")
    | {zero + digit: str(digit) for zero in _ZEROS for digit in range(10)}
)
# Letters with a stroke, and ligatures, that Unicode does not decompose.
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "ı": "i"})
# Accents, niqqud and harakat. The vowel signs of Indic scripts are also marks, but not accents.
_ACCENTS = regex.compile(r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TOKEN = regex.compile(
    rf"[{_SPACELESS}&&[\p{{L}}\p{{N}}]]\p{{M}}*"
    rf"|[\p{{L}}\p{{N}}\p{{M}}_--[{_SPACELESS}]]+(?:'[\p{{L}}\p{{N}}\p{{M}}_--[{_SPACELESS}]]+)*",
    regex.VERSION1,
)
_ASCII_TOKEN = regex.compile(r"[a-z0-9_]+(?:'[a-z0-9_]+)*")
_SAID_SIGNS = {"&": "and", "++": "plus plus", "+": "plus", "#": "sharp"}
SAID_FOR_SIGNS = frozenset({"and", "plus", "sharp"})
"""The only tokens of an ASCII text whose letters need not stand in it."""
# The last three only after a letter that stands alone: 5+ and #1 are other things.
_SAID_SIGN = regex.compile(r"&|(?<=\b[^\W\d_])(?:\+\+?|#)(?![\w+#])")

STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""ISO 639-1 code to Snowball algorithm; other languages are searched without stemming."""


def fold_text(text: str) -> str:
    """Fold case, accents, width and the form of apostrophes."""
    if text.isascii():
        return text.translate(_BEFORE).lower()
    wide = unicodedata.normalize("NFKC", text.translate(_BEFORE)).translate(_BEFORE).casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", wide))
    return unicodedata.normalize("NFC", bare).translate(_STROKES)


def fold_case(text: str) -> str:
    """Fold case, width and the form of apostrophes, but not accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text.translate(_BEFORE)).casefold())


def fold_words(text: str) -> str:
    """Fold to letters and digits separated by single spaces, for comparing text that is not indexed."""
    letters = (character if character.isalnum() else " " for character in fold_text(text).replace("'", ""))
    return " ".join("".join(letters).split())


@lru_cache(maxsize=100_000)
def tokenize(text: str) -> tuple[str, ...]:
    """Return the folded tokens of a word or a short text, in order; they are cached."""
    return split_tokens(text)


def split_tokens(text: str) -> tuple[str, ...]:
    """Return the folded tokens of ``text``, in order."""
    folded = fold_text(text)
    if "&" in folded or "+" in folded or "#" in folded:
        folded = _SAID_SIGN.sub(lambda sign: f" {_SAID_SIGNS[sign[0]]} ", folded)
    return tuple((_ASCII_TOKEN if folded.isascii() else _TOKEN).findall(folded))


def tokenize_words(texts: Iterable[str]) -> tuple[list[str], list[int]]:
    """Return the tokens of a run of words, and for each token the number of its word, from zero.

    A word can have no tokens, or several with the same number.
    """
    split = list(map(tokenize, texts))
    tokens = list(chain.from_iterable(split))
    if len(tokens) == len(split) and all(split):
        return tokens, list(range(len(split)))
    return tokens, [number for number, tokens in enumerate(split) for _ in tokens]


@lru_cache(maxsize=200_000)
def stem_token(token: str, language: str | None) -> str:
    """Return the Snowball stem of a folded token, or the token itself if the language has no stemmer.

    The British and the American spelling of an English word have one stem.
    """
    algorithm = STEMMERS.get(language or "")
    if algorithm is None:
        return token
    if language == "en":
        token = usual_spelling(token)
    # Snowball itself removes a possessive; accents are already folded, in queries as in the index.
    stem: str = _stemmer(algorithm).stemWord(token)
    return stem or token


@lru_cache(maxsize=len(STEMMERS))
def _stemmer(algorithm: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(algorithm)


def find_token_runs(tokens: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return all positions in ``tokens`` at which the run ``wanted`` begins, including overlapping ones."""
    if not wanted:
        return []
    first, length, sought = wanted[0], len(wanted), list(wanted)
    places: list[int] = []
    start, stop = 0, len(tokens) - length + 1
    # Sequence.index finds the first token at the speed of C.
    with suppress(ValueError):
        while start < stop:
            start = tokens.index(first, start, stop)
            if list(tokens[start : start + length]) == sought:
                places.append(start)
            start += 1
    return places
