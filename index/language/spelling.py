"""Normalise variants of words: contractions, colloquial short forms, abbreviations, accents that may be left out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from index.language.tokens import fold_case, fold_words

_SHORT_FORMS = {
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "hafta": "have to",
    "kinda": "kind of",
    "sorta": "sort of",
    "outta": "out of",
    "lotta": "lot of",
    "lemme": "let me",
    "gimme": "give me",
    "dunno": "do not know",
    "c'mon": "come on",
    "y'all": "you all",
    "alright": "all right",
    "cannot": "can not",
    "won't": "will not",
    "can't": "can not",
    "shan't": "shall not",
    "ok": "okay",
    "cause": "because",
    "cuz": "because",
    "coz": "because",
    "em": "them",
    "ya": "you",
    "yep": "yeah",
    "till": "until",
    "til": "until",
    "thru": "through",
    "tho": "though",
    "donut": "doughnut",
    "donuts": "doughnuts",
    "mr": "mister",
    "vs": "versus",
    "dr": "doctor",
    "etc": "et cetera",
    "dollar": "dollars",
    "euro": "euros",
}
_SHORT_TITLES = ("mr", "dr", "vs")
_ABBREVIATIONS = {
    "st": "saint street", "v": "versus", "rd": "road", "hr": "hour", "hrs": "hours", "yr": "year", "yrs": "years",
    "govt": "government", "univ": "university", "assoc": "association", "bros": "brothers",
    "mrs": "missus", "ave": "avenue", "blvd": "boulevard", "mt": "mount mountain",
    "prof": "professor",
    "sgt": "sergeant", "lt": "lieutenant", "capt": "captain", "gov": "governor", "jr": "junior", "sr": "senior",
    "dept": "department", "approx": "approximately", "jan": "january", "feb": "february", "apr": "april",
    "aug": "august",
    "sept": "september", "oct": "october", "nov": "november", "dec": "december", "kg": "kilograms kilogram kilos kilo",
    "km": "kilometers kilometer", "cm": "centimeters centimeter", "mm": "millimeters millimeter", "lb": "pounds pound",
    "lbs": "pounds pound", "oz": "ounces ounce", "ft": "feet foot fort",
}  # fmt: skip
_DOTTED = {
    "gen": "general", "col": "colonel", "maj": "major", "sen": "senator", "rep": "representative", "rev": "reverend",
    "pres": "president", "co": "company", "corp": "corporation", "inc": "incorporated", "ltd": "limited",
    "sep": "september", "hon": "honorable honourable",
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thur": "thursday",
    "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday",
    "mar": "march", "jun": "june", "jul": "july", "min": "minutes minute", "sec": "seconds second",
}  # fmt: skip
"""Abbreviations only before a full stop; without it they are other words, such as Gen Z and co-founder."""
_OTHER_LANGUAGES = {
    "da": {"dr": "doktor", "nr": "nummer", "f.eks": "for eksempel", "bl.a": "blandt andet"},
    "de": {"dr": "doktor", "hr": "herr", "prof": "professor", "nr": "nummer", "str": "strasse", "st": "sankt",
        "z.b": "zum beispiel", "d.h": "das heisst", "u.a": "unter anderem", "z.t": "zum teil", "v.a": "vor allem",
        "s.o": "siehe oben", "o.a": "oder ahnliches"},
    "es": {"sr": "senor", "sra": "senora", "srta": "senorita", "dr": "doctor", "dra": "doctora", "num": "numero",
        "p.ej": "por ejemplo", "ud": "usted", "uds": "ustedes"},
    "fr": {"m": "monsieur", "mm": "messieurs", "mme": "madame", "mmes": "mesdames", "mlle": "mademoiselle",
        "dr": "docteur", "pr": "professeur", "st": "saint", "ste": "sainte", "p.ex": "par exemple"},
    "it": {"sig": "signor signore", "dott": "dottor dottore", "prof": "professor professore", "avv": "avvocato"},
    "nl": {"dhr": "meneer", "mevr": "mevrouw", "mw": "mevrouw", "dr": "doctor dokter", "nr": "nummer",
        "b.v": "bij voorbeeld", "m.a.w": "met andere woorden", "d.w.z": "dat wil zeggen"},
    "pt": {"sr": "senhor", "sra": "senhora", "dr": "doutor", "dra": "doutora", "prof": "professor",
        "p.ex": "por exemplo"},
}  # fmt: skip
"""Abbreviations of other languages: of a word, and of several, by the words of each letter."""
_MEANINGS = {
    **{short: frozenset(words.split()) for short, words in _ABBREVIATIONS.items()},
    **{f"{short}.": frozenset(words.split()) for short, words in _DOTTED.items()},
    "'s": frozenset({"is", "has", "us"}),
    "'d": frozenset({"would", "had", "did"}),
    "'ll": frozenset({"will", "shall"}),
    "'re": frozenset({"are"}),
    "'ve": frozenset({"have"}),
    "'m": frozenset({"am"}),
    "ain": frozenset({"am", "is", "are", "has", "have"}),
}
WORD_LISTS = frozenset({"ar", "de", "en", "es", "eu", "fa", "fr", "it", "lv", "nl", "pt", "ru"})
"""Languages whose ordinary words are known."""

LONGEST_CONTRACTION = 60
"""Characters; a longer token is not a word, and its parts, each found in what the one before leaves, take too long."""

_APOSTROPHE = re.compile(r"(.+)('(?:s|d|ll|re|ve|m))")
# Words that happen to be spelt like a contraction without its apostrophe, or like another with "re-": re-signed.
_AND = {"da": "og", "de": "und", "en": "and", "es": "y", "fr": "et", "it": "e", "nl": "en", "no": "og", "pt": "e",
        "sv": "och"}  # fmt: skip
_UNRELATED_TEXT = """were well hell ill shell wed shed id resign resigned resigning resent recover recovered recovering
    recreation reform reformed represent represented resort resorted relay remark remarked retreat reserve reserved
    resound recollect recollected"""
_UNRELATED = frozenset(_UNRELATED_TEXT.split())


def split_contraction(token: str) -> tuple[str, ...]:
    """Split an English token into the words it stands for: it's -> it 's, don't -> do not, gonna -> going to."""
    if token in _SHORT_FORMS:
        return tuple(_SHORT_FORMS[token].split())
    if len(token) > LONGEST_CONTRACTION:
        return (token,)
    if token.endswith("n't") and len(token) > 3:
        return token[:-3], "not"
    found = _APOSTROPHE.fullmatch(token)
    if found:
        return (*split_contraction(found[1]), found[2])
    if token.startswith("d'") and len(token) > 2:
        return "do", *split_contraction(token[2:])
    return (token,)


def meanings_of(part: str) -> frozenset[str]:
    """Return what an abbreviation, or a part of a contraction, may stand for: 's is "is", "has" or "us"."""
    return _MEANINGS.get(part, frozenset())


def long_forms(token: str, *, dotted: bool) -> tuple[str, ...]:
    """Return the words that an English abbreviation is short for: dr for doctor, and gen. only if it is ``dotted``."""
    listed = _ABBREVIATIONS.get(token, "") or (_SHORT_FORMS[token] if token in _SHORT_TITLES else "")
    return tuple((listed or (_DOTTED.get(token, "") if dotted else "")).split())


def short_forms(word: str) -> tuple[str, ...]:
    """Return the English abbreviations of a word that are no letter and, without a full stop, no other word."""
    known = (short for short in (*_SHORT_TITLES, *_ABBREVIATIONS) if len(short) > 1)
    return tuple(short for short in known if word in long_forms(short, dotted=False))


def meanings_in(written: str, language: str | None) -> tuple[frozenset[str], ...]:
    """Return what the tokens of an abbreviation in another language than English may stand for: z.B., Dr., Mme."""
    listed = _OTHER_LANGUAGES.get(language or "", {}).get(written, "")
    if "." in written:
        return tuple(frozenset({word}) for word in listed.split())
    return (frozenset(listed.split()),) if listed else ()


_WITHOUT_ACCENTS = frozenset({"en", "ar", "fa", "he", "ur", "yi"})
"""Languages whose accents and vowel signs are often left out: café, naïve."""
_OPTIONAL_ACCENTS = {"ru": str.maketrans("ё", "е"), "fr": str.maketrans("îû", "iu")}
"""Letters that may be written without theirs: those of French since 1990, but not in short words such as sûr."""
_SHORT_WORD = 4  # letters
_SAME_WORDS_TEXT = "solo ese esa esos esas aquel aquella aquellos aquellas guion"
_SAME_WORDS = {"es": frozenset(_SAME_WORDS_TEXT.split())}
"""Words that were written with an accent until 2010."""


def has_other_accents(one: str, other: str, language: str | None) -> bool:
    """Whether two texts of the same words differ in accents that count: konnte and könnte, papa and papá."""
    if language is None or language in _WITHOUT_ACCENTS or (one.isascii() and other.isascii()):
        return False
    pairs = zip(one.split(), other.split(), strict=False)
    return any(_differ_in_accents(first, second, language) for first, second in pairs)


def _differ_in_accents(one: str, other: str, language: str) -> bool:
    """Whether two words are the same but for accents; capitals are often written without."""
    words = ["".join(filter(str.isalnum, normalize("NFC", word))) for word in (one, other)]
    folded = fold_words(words[0])
    same = folded == fold_words(words[1]) and folded not in _SAME_WORDS.get(language, ())
    if not same or any(map(str.isupper, words)):
        return False
    first = any(word[:1].isupper() for word in words)
    optional = {} if language == "fr" and len(words[0]) <= _SHORT_WORD else _OPTIONAL_ACCENTS.get(language, {})
    return len({fold_case(word)[first:].translate(optional) for word in words}) > 1


def may_join(joined: str) -> bool:
    """Whether ``joined`` can be two words joined, not an unrelated word (we're is not "were")."""
    return joined not in _UNRELATED


@lru_cache(maxsize=100_000)
def written_out(joined: str) -> str:
    """Return the word that letters joined stand for: O.K. is okay."""
    parts = split_contraction(joined)
    return parts[0] if len(parts) == 1 else joined


def sign_word(language: str | None) -> str:
    """Return the word that "&" is read as."""
    return _AND.get(language or "", "")


def is_ordinary_word(token: str, language: str | None) -> bool:
    """Whether a folded token is in the word list of its language; False in a language without a list."""
    return language in WORD_LISTS and token.replace("'", "") in ordinary_words(language)


@lru_cache(maxsize=2)
def ordinary_words(language: str) -> frozenset[str]:
    """Return the words of pyspellchecker's list of a language (from OpenSubtitles), folded, without spaces."""
    from spellchecker import SpellChecker  # reading a list takes 0.3 s

    checker: Any = SpellChecker(language=language, distance=1)
    return frozenset(fold_words(word).replace(" ", "") for word in checker.word_frequency.words())
