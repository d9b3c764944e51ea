"""Normalise spelling variants of English words: contractions, colloquial short forms, British and American."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

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
    "mr": "mister",
    "vs": "versus",
    "dr": "doctor",
    "etc": "et cetera",
    "dollar": "dollars",
    "euro": "euros",
}
_ABBREVIATIONS = {
    "st": "saint street", "mrs": "missus", "ave": "avenue", "blvd": "boulevard", "mt": "mount mountain",
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
    "sep": "september",
    "mar": "march", "jun": "june", "jul": "july", "min": "minutes minute", "sec": "seconds second",
}  # fmt: skip
"""Abbreviations only before a full stop; without it they are other words, such as Gen Z and co-founder."""
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
_DIRECTION_TEXT = "towards afterwards backwards forwards upwards downwards inwards outwards onwards"
_DIRECTIONS = frozenset(_DIRECTION_TEXT.split())
LONGEST_CONTRACTION = 60
"""Characters; a longer token is not a word, and its parts, each found in what the one before leaves, take too long."""

_APOSTROPHE = re.compile(r"(.+)('(?:s|d|ll|re|ve|m))")
# Words that happen to be spelt like a contraction without its apostrophe.
_UNRELATED = frozenset({"were", "well", "hell", "ill", "shell", "wed", "shed", "id"})


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


def may_join(joined: str) -> bool:
    """Whether ``joined`` can be two words joined, not an unrelated word (we're is not "were")."""
    return joined not in _UNRELATED


@lru_cache(maxsize=100_000)
def usual_spelling(token: str) -> str:
    """Return the American spelling of a token: colour -> color, organise -> organize."""
    if token in _DIRECTIONS:
        return token[:-1]
    listed = _british_to_american().get(token)
    if listed:
        return listed
    return re.sub(r"(?<=[a-z]{3})is(e|ed|es|er|ers|ing|ation|ations)$", r"iz\1", token) if len(token) > 5 else token


@lru_cache(maxsize=1)
def _british_to_american() -> dict[str, str]:
    # The list of openai-whisper's normalizer (Radford et al. 2022, appendix C). The package is located, not imported,
    # since that would load PyTorch.
    package = find_spec("whisper")
    if package is None or not package.submodule_search_locations:
        return {}
    file = Path(package.submodule_search_locations[0], "normalizers", "english.json")
    if not file.is_file():
        return {}
    words: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return words
