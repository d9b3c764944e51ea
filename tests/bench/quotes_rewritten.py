"""Makers of quotations in another writing of the same words: numbers, abbreviations, contractions, spelling, compounds.

The writers are independent of the code under test: each writes one value in several ways.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bench.quotes_drawing import Draw, Quoted, is_near_number

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = (
    "zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_ORDINALS = {
    3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth", 10: "tenth", 11: "eleventh",
    12: "twelfth", 20: "twentieth",
}  # fmt: skip
_MOST_SPELT = 999_999

_ABBREVIATIONS = {
    "U.S.": "US", "US": "U.S.", "UK": "U.K.", "EU": "E.U.", "AI": "A.I.", "okay": "OK", "Okay": "OK", "OK": "okay",
    "Dr.": "Doctor", "Mr.": "Mister", "vs.": "versus", "versus": "vs.", "etc.": "et cetera", "a.m.": "am", "p.m.": "pm",
    "PhD": "Ph.D.", "percent": "per cent",
}  # fmt: skip
_CONTRACTIONS = {
    "I'm": "I am", "you're": "you are", "we're": "we are", "they're": "they are", "I've": "I have",
    "you've": "you have", "we've": "we have", "they've": "they have", "I'll": "I will", "you'll": "you will",
    "we'll": "we will", "they'll": "they will", "don't": "do not", "doesn't": "does not", "didn't": "did not",
    "can't": "cannot", "won't": "will not", "isn't": "is not", "aren't": "are not", "wasn't": "was not",
    "weren't": "were not", "haven't": "have not", "couldn't": "could not", "wouldn't": "would not",
    "shouldn't": "should not", "gonna": "going to", "wanna": "want to", "gotta": "got to", "kinda": "kind of",
}  # fmt: skip
_EXPANSIONS = {expanded: short for short, expanded in _CONTRACTIONS.items()}
_SPELLINGS = {
    "color": "colour", "colors": "colours", "favorite": "favourite", "favorites": "favourites", "behavior": "behaviour",
    "behaviors": "behaviours", "center": "centre", "organize": "organise", "organization": "organisation",
    "organizations": "organisations", "organized": "organised", "realize": "realise", "realized": "realised",
    "optimize": "optimise", "optimized": "optimised", "analyze": "analyse", "recognize": "recognise", "labor": "labour",
    "defense": "defence", "theater": "theatre", "gray": "grey", "customize": "customise", "prioritize": "prioritise",
    "honor": "honour", "humor": "humour", "neighbor": "neighbour", "flavor": "flavour", "traveling": "travelling",
    "catalog": "catalogue", "dialog": "dialogue", "program": "programme", "virtualization": "virtualisation",
    "modeling": "modelling", "canceled": "cancelled", "containerized": "containerised", "specialized": "specialised",
}  # fmt: skip
_BOTH_SPELLINGS = _SPELLINGS | {british: american for american, british in _SPELLINGS.items()}
_FINAL_MARKS = re.compile(r"[,.?!;:]+$")

Rewriter = Callable[[Draw, int], "tuple[str, int] | None"]
"""Rewrites the words from a number on: returns their other writing and how many they are."""


def write_otherwise(draw: Draw) -> Quoted | None:
    """Return the words with one of them in another writing."""
    if not draw.within_turn:
        return None
    rewrite = draw.choose.choices(list(REWRITERS), weights=list(REWRITERS.values()))[0]
    found = []
    for number in range(draw.first, draw.last + 1):
        other = rewrite(draw, number)
        if other and number + other[1] - 1 <= draw.last:
            found.append((number, *other))
    if not found:
        return None
    number, text, count = draw.choose.choice(found)
    words = draw.talk.words
    marks = _FINAL_MARKS.search(words[number + count - 1])
    if marks and not text.endswith(".") and words[number] not in _ABBREVIATIONS:  # the dot of Dr. is no full stop
        text += marks[0]
    rest = [*words[draw.first : number], text, *words[number + count : draw.last + 1]]
    return " ".join(rest), draw.places


def spell_count(value: int, hyphen: str = "-", conjunction: str = " and ") -> str:
    """Return a count below a million in words, with these signs between tens and ones, and after hundreds."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10] + (hyphen + _ONES[value % 10] if value % 10 else "")
    if value < 1000:
        below = conjunction + spell_count(value % 100, hyphen) if value % 100 else ""
        return f"{_ONES[value // 100]} hundred{below}"
    thousands, rest = divmod(value, 1000)
    link = conjunction if rest < 100 else " "
    tail = link + spell_count(rest, hyphen, conjunction) if rest else ""
    return f"{spell_count(thousands, hyphen, conjunction)} thousand{tail}"


def spell_year(year: int) -> str:
    """Return a year from 1100 to 2099 as it is said: nineteen ninety-five, two thousand nine, twenty nineteen."""
    if 2000 <= year < 2010:
        return "two thousand" + (f" {_ONES[year - 2000]}" if year > 2000 else "")
    century, year = divmod(year, 100)
    rest = spell_count(year) if year >= 10 else f"oh {_ONES[year]}" if year else "hundred"
    return f"{spell_count(century)} {rest}"


def rewrite_number(draw: Draw, number: int) -> tuple[str, int] | None:
    """Write a number in figures in words or in other figures, or one in words in figures."""
    word = _FINAL_MARKS.sub("", draw.talk.words[number])
    choose = draw.choose
    if re.fullmatch(r"[$€£]?\d[\d.,–:-]*(?:%|s|th|am|pm)?", word):
        if is_near_number(draw.talk, number) or draw.talk.words[number - 1].endswith(("$", "#")):
            return None
        other = _write_figures_otherwise(word, choose)
    elif word in _TENS[2:] and (ones := _FINAL_MARKS.sub("", draw.talk.words[number + 1])) in _ONES[1:10]:
        after = draw.talk.words[number + 2]
        return None if is_near_number(draw.talk, number + 1) and _starts_scale(after) else (
            str(10 * _TENS.index(word) + _ONES.index(ones)), 2
        )  # fmt: skip
    elif word in _ONES[2:] + _TENS[2:] and not is_near_number(draw.talk, number):
        other = str(_ONES.index(word) if word in _ONES else 10 * _TENS.index(word))
    elif word in _ORDINALS.values() and not is_near_number(draw.talk, number):
        value = next(value for value, ordinal in _ORDINALS.items() if ordinal == word)
        other = f"{value}{'rd' if value == 3 else 'th'}"
    else:
        return None
    return (other, 1) if other else None


def _write_figures_otherwise(word: str, choose: random.Random) -> str | None:
    """Return a number in figures in another writing, None where it has none that is surely the same."""
    if found := re.fullmatch(r"(19|20)(\d0)s", word):
        return f"{spell_count(int(found[1]))} {_decade(int(found[2]))}"
    if re.fullmatch(r"(?:19|20)\d\d", word):
        return spell_year(int(word))
    if found := re.fullmatch(r"([1-9]\d?)[-–]([1-9]\d?)", word):
        low, high = int(found[1]), int(found[2])
        ways = [f"{low} to {high}", f"{spell_count(low)} to {spell_count(high)}", f"{low}–{high}"]
        return choose.choice([way for way in ways if way != word]) if low < high else None
    if found := re.fullmatch(r"\$([\d,]+)", word):
        figures = found[1].rstrip(",")
        return choose.choice((f"{figures} dollars", f"{_spell(figures, choose)} dollars"))
    if found := re.fullmatch(r"(\d{1,3})%", word):
        return choose.choice((f"{found[1]} percent", f"{_spell(found[1], choose)} percent"))
    if found := re.fullmatch(r"(\d{1,2})(am|pm)", word):
        half = found[2][0]
        return choose.choice((f"{found[1]} {half}m", f"{found[1]} {half}.m.", f"{found[1]}{half.upper()}M"))
    if found := re.fullmatch(r"([1-9]\d?)(?:th)", word):
        return _ORDINALS.get(int(found[1]))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+|0|[1-9]\d{0,5}", word):
        others = [spelt] if (spelt := _spell(word, choose)) else []
        others += [word.replace(",", "")] if "," in word else [f"{int(word):,}"] if len(word) > 3 else []
        others += [f"{word.replace(',', '')[:-3]}K"] if re.fullmatch(r"[1-9][\d,]*,000", word) else []
        return choose.choice(others) if others else None
    return None


def _spell(figures: str, choose: random.Random) -> str:
    value = int(figures.replace(",", ""))
    if value > _MOST_SPELT:
        return f"{value:,}"
    return spell_count(value, choose.choice(("-", " ")), choose.choice((" ", " and ")))


def _decade(tens: int) -> str:
    return "hundreds" if not tens else "tens" if tens == 10 else _TENS[tens // 10].removesuffix("y") + "ies"


def _starts_scale(word: str) -> bool:
    return _FINAL_MARKS.sub("", word) in ("hundred", "thousand", "million", "billion", "percent")


def rewrite_abbreviation(draw: Draw, number: int) -> tuple[str, int] | None:
    """Write an abbreviation with or without its dots, or in full."""
    word = draw.talk.words[number]
    other = _ABBREVIATIONS.get(word) or _ABBREVIATIONS.get(_FINAL_MARKS.sub("", word))
    return (other, 1) if other else None


def rewrite_contraction(draw: Draw, number: int) -> tuple[str, int] | None:
    """Write a contraction in full, or contract two words."""
    word = _FINAL_MARKS.sub("", draw.talk.words[number].replace("’", "'"))
    if other := _CONTRACTIONS.get(word):
        return other, 1
    pair = draw.text(number, number + 1)
    return (_EXPANSIONS[pair], 2) if pair in _EXPANSIONS else None


def rewrite_spelling(draw: Draw, number: int) -> tuple[str, int] | None:
    """Write a word in British spelling instead of American, or the other way round."""
    other = _BOTH_SPELLINGS.get(_FINAL_MARKS.sub("", draw.talk.words[number]))
    return (other, 1) if other else None


def rewrite_compound(draw: Draw, number: int) -> tuple[str, int] | None:
    """Write a compound without its hyphen, as two words or as one."""
    word = _FINAL_MARKS.sub("", draw.talk.words[number])
    if not re.fullmatch(r"[a-z]{2,}-[a-z]{3,}", word):
        return None
    return word.replace("-", draw.choose.choice((" ", " ", ""))), 1


# Numbers are what matters most, and contractions are in every other sentence.
REWRITERS: dict[Rewriter, int] = {
    rewrite_number: 8,
    rewrite_abbreviation: 6,
    rewrite_contraction: 1,
    rewrite_spelling: 6,
    rewrite_compound: 2,
}
