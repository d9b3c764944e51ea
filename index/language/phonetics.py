"""Phonetic codes: equal for words that are pronounced alike, and close for words that are pronounced nearly alike."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=100_000)
def sound_of(token: str) -> str:
    """Return a word's phonetic code (Metaphone, Lawrence Philips 1990), empty for other than ASCII letters."""
    if not (token.isascii() and token.replace("'", "").isalpha()):
        return ""
    import jellyfish

    return jellyfish.metaphone(token.replace("'", ""))


_PHONES = {
    "p": "ppp", "b": "ppb", "t": "ttt", "d": "ttd", "th": "ttT", "k": "kkk", "g": "kkg", "ch": "kkc", "j": "kkj",
    "f": "fff", "v": "ffv", "s": "sss", "z": "ssz", "sh": "ssS", "l": "lll", "m": "nnm", "n": "nnn", "ng": "nng",
    "r": "rrr", "w": "www", "coda r": "r", "y": "y", "h": "h",
    "a": "@a", "e": "@e", "i": "@i", "o": "@o", "u": "@u", "schwa": "@",
}  # fmt: skip
"""Consonants have three characters, two of their kind and one of their own, vowels two. So the Levenshtein distance is
1 for another voice (f and v), a neighbouring consonant (m and n, s and sh, ch and k) or another vowel, 2 for a vowel
left out, 3 for another consonant or one left out. What is often not spoken has one: h, y, r not before a vowel."""
_BEFORE_VOWEL = "(?=[aeiouy])"
_BEFORE_FRONT = "(?=[eiyE])"
_SPELLINGS = {
    "^[kgpm]n": "n",
    "^wr|^rh": "r",
    "^p(?=[st])|^t(?=s)": "",
    "^x": "z",
    "^mc(?=[^aeiouy])": "m schwa k",
    "^gh": "g",
    "(?<=[aeiou])gh(?![aeiouy])": "",
    "t?ch(?=[lrnm])|k?h?kh|c?k|[cq](?=[kq])": "k",
    "sch(?=oo|ol|em)": "s k",
    "sch|sh|(?:s?[cst]i)(?=on|an|ou|a$|al$)": "sh",
    "t?ch": "ch",
    "qu": "k w",
    "q": "k",
    "ph": "f",
    "th": "th",
    f"dg{_BEFORE_FRONT}|dj": "j",
    "zh": "sh",
    "m[bn]$": "m",
    "ng(?![aeiouyE])": "ng",
    f"sc{_BEFORE_FRONT}": "s",
    f"cc{_BEFORE_FRONT}|x": "k s",
    f"c{_BEFORE_FRONT}": "s",
    f"g{_BEFORE_FRONT}": "j",
    "tz": "t s",
    f"wh?{_BEFORE_VOWEL}": "w",
    f"r{_BEFORE_VOWEL}": "r",
    f"(?<![aeiou])h{_BEFORE_VOWEL}|(?<=[aeiou])h{_BEFORE_VOWEL}": "h",
    "y(?=[aeiou])": "y",
    "(?<=[^aeiouy])le$": "schwa l",
    "(?<=[^aeiouy])re$": "schwa coda r",
    "igh|e[aeiy]|ie|ae": "i",
    "a[iy]|eh": "e",
    "o[ou]|[eu]w|ue|eu|ui": "u",
    "a[uw]|o[aweh]": "o",
    "a[ah]": "a",
    "c": "k",
    "r": "coda r",
    "y": "i",
    "[hwE]": "",
}
"""What letters are spoken as, the first that fits: enough of English, and of names in it, to tell what sounds alike."""
_SPELLING = re.compile("|".join(f"({spelling})" for spelling in _SPELLINGS) + "|([abdefgijklmnopstuvz])")
_SPOKEN = ["".join(_PHONES[phone] for phone in re.findall("coda r|[a-z]+", phones)) for phones in _SPELLINGS.values()]
_SILENT_E = re.compile(r"(?:(?<=[bcdfghjkmnpqstvwxz])|(?<=[aeiou][lr]))e$")
_UNSTRESSED_R = re.compile(r"(?<![aeiouy])(?:ou|[aou])rs?$")
_DOUBLED = re.compile(r"([bdfghjklmnpqrstvwxz])\1+")
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=100_000)
def pronounce(token: str) -> str:
    """Return how a word is about spoken, so that the Levenshtein distance tells how nearly two words sound alike.

    Empty for other than ASCII letters, and for letters without a vowel, which are spoken one by one.
    """
    letters = token.replace("'", "")
    if not (letters.isascii() and letters.isalpha()) or _VOWELS.isdisjoint(letters):
        return ""
    letters = _DOUBLED.sub(r"\1", letters)
    if not _VOWELS.isdisjoint(letters[:-1]):
        letters = _SILENT_E.sub("E", letters)
    ending = _UNSTRESSED_R.search(letters)
    if ending and not _VOWELS.isdisjoint(letters[: ending.start()]):
        letters = f"{letters[: ending.start()]}er{ending[0].partition('r')[2]}"
    return "".join(
        _SPOKEN[found.lastindex - 1] if found.lastindex <= len(_SPOKEN) else _PHONES[found[0]]
        for found in _SPELLING.finditer(letters)
        if found.lastindex
    )
