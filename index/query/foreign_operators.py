"""Operators of other search engines that airquote does not have: recognise them, and name what to type instead.

Read as text they would be words that a passage must hold, and the answer would look like one to the question asked.
Known are those in the manuals of Lucene, Google, dtSearch, LexisNexis, Westlaw, Sphinx and PostgreSQL. In quotation
marks everything is text.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

FIELDS = ("show", "episode", "title", "chapter", "notes", "speaker", "date", "lang", "sounds")

_SAME_FIELDS = {
    "show": ("site", "podcast", "series", "channel", "feed", "source"),
    "title": ("intitle", "allintitle", "headline"),
    "chapter": ("chapters", "section", "segment"),
    "notes": ("note", "shownotes", "description", "summary", "subtitle", "caption"),
    "episode": ("inurl", "allinurl", "id"),
    "speaker": ("author", "by", "from", "who", "person", "host", "guest", "name"),
    "date": ("year", "month", "day", "published", "pubdate", "daterange"),
    "lang": ("language", "lr"),
    "sounds": ("soundex", "phonetic", "soundslike"),
}
"""Fields of other engines that ask for the same as one of airquote."""
_FROM_DAY = ("after", "since", "newer", "newer_than")
_TO_DAY = ("before", "until", "older", "older_than")
_OF_WORDS = ("intext", "allintext", "inbody", "text", "content", "body", "transcript", "all", "any")
"""Fields of other engines that ask for words."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_QUOTED = re.compile(r'"[^"]*"')
_AFTER = re.compile(r"\s*(\"[^\"]*\"|[\w'’-]+)")
_DISTANCE = re.compile(r"\d{1,3}")

_ENDS = re.compile(r"\[\s*([^\s\]]+)\s+(?i:to)\s+([^\s\]]+)\s*\]")

_WEIGHT = re.compile(r"(?<=[^\s(])\^[0-9.]+(?![^\s)])")
_REGULAR_EXPRESSION = re.compile(r"(?<![^\s(:])/[^\s/\"](?:[^/\"]*[^\s/\"])?/(?![^\s)])")
_NEARNESS = re.compile(
    r"(?<![^\s(])(?:"
    r"(?i:w|n|p|pre|near|onear|within|adj|around)?/(?:[0-9]+|[sp])"
    r"|(?:NEAR|ADJ)[0-9]+|(?i:around|near)[(][0-9]+[)]|(?:AROUND|NEAR) [(][0-9]+[)]|<(?:-|[0-9]+)>"
    r"|(?<=\s)(?:NEAR|ADJ)(?=\s+[\w\"(])"
    r")(?![^\s)])"
)
_RANGE = re.compile(r"(?<![^\s(])[\[{](?=[^][{}\"]*[]}])[^][{}\"]*\s(?i:to)\s")
_RANGE_OF_NUMBERS = re.compile(r"(?<![^\s(])[0-9-]+\.\.[0-9-]+(?![^\s)])")
_FIELD_APART = re.compile(rf"(?<![^\s(+!-])(?i:{'|'.join(FIELDS)}|site|intitle)(?::\s+|\s?=\s?)(?=[^\s=])")
_BRACKETS_IN_WORD = re.compile(r"\w\[[^][\s\"]+\]|\[[^][\s\"]+\]\w")
_EVERYTHING = re.compile(r"(?<![^\s(])\*:\*?(?![^\s)])")
_OTHER_OPERATOR = re.compile(r"(?<![^\s(])(?:ANDNOT|BUTNOT|BUT NOT|XOR)(?![^\s)])")
_MARK_ALONE = re.compile(r"(?<=\s)!(?=\s+[\w\"(])")
_DOUBLED_MARK = re.compile(r"(?<![^\s(])(?=-*[!+])[-!+]{2,}(?=[\w\"(])")
_AFTER_PHRASE = re.compile(r"(?<=x\")(?:\*|[/@][0-9]+)(?![^\s)])")
_STAR_ALONE = re.compile(r"(?<=\s)\*(?=\s+[\w\"(])")
_EXACT_FORM = re.compile(r"(?<![^\s(])={1,2}(?=\w)")

_ADVICE = {
    _WEIGHT: "words have no weights, and the best hits come first anyway: leave {0} out.",
    _REGULAR_EXPRESSION: "{0} is not a regular expression here: in a word * is letters and ? is one (presid*, wom?n).",
    _RANGE: "only dates have ranges: date:2023..2024 or date:[2023 TO 2024].",
    _RANGE_OF_NUMBERS: "only dates have ranges: date:{0}.",
    _FIELD_APART: "a field and a colon are joined to what follows, as in speaker:bob.",
    _BRACKETS_IN_WORD: "brackets have no meaning in a word: ? is one letter (wom?n), * is any number of them.",
    _EVERYTHING: "{0} finds nothing: name words that were said.",
    _OTHER_OPERATOR: "{0} is not an operator: write ferry NOT night, or (ferry NOT night) OR (night NOT ferry).",
    _MARK_ALONE: "! is joined to what it excludes, as in !night or -night; leave it out where it ends a sentence.",
    _DOUBLED_MARK: "one mark is enough: !night and -night exclude a word, +night demands it.",
    _AFTER_PHRASE: 'only ~ and a number may follow a phrase: "storm harbour"~5 allows five other words.',
    _EXACT_FORM: 'exactly this form of a word is asked for in quotation marks: "ferry".',
}
"""What to type instead of an operator outside of quotation marks; {0} is the operator."""


def find_foreign(text: str, plain: str) -> tuple[int, str] | None:
    """Return the offset of the first operator that airquote does not have, and the advice; None if there is none.

    ``plain`` is the text with straight quotation marks, each of them closed.
    """
    unquoted = _QUOTED.sub(lambda phrase: f'"{"x" * (len(phrase[0]) - 2)}"', plain)
    matches = filter(None, (pattern.search(unquoted) for pattern in (_NEARNESS, *_ADVICE)))
    first = min(matches, key=lambda match: match.start(), default=None)
    if first is None:
        return None
    if first.re is _NEARNESS:
        advice = _advise_on_nearness(first[0], plain[: first.start()], plain[first.end() :])
    else:
        advice = _ADVICE[first.re].format(text[first.start() : first.end()])
    return first.start(), f"{advice} In quotation marks it is text."


def note_stars(text: str) -> tuple[str, ...]:
    """Return notes on stars that a query holds as text, and that elsewhere stand for words or letters."""
    plain = straighten_quotes(text)
    notes = []
    if _STAR_ALONE.search(_QUOTED.sub("", plain)):
        notes.append('A * without letters is left out: "ferry storm"~1 and near(ferry, storm, 5s) allow for words.')
    if any("*" in phrase for phrase in _QUOTED.findall(plain)):
        notes.append("In quotation marks * is text, and left out: outside of them it stands for letters of a word.")
    return tuple(notes)


def straighten_quotes(text: str) -> str:
    """Return a text with straight quotation marks in the place of all others."""
    return text.translate(_QUOTES)


def _advise_on_nearness(operator: str, before: str, after: str) -> str:
    """Return how the nearness of the two words or phrases around an operator is written."""
    one, next_one = _last_item(before), _AFTER.match(after)
    one, other = (one, next_one[1]) if one and next_one else ("ferry", "storm")
    number = _DISTANCE.search(operator)
    distance = number[0] if number else "5"
    words = f"{one} {other}".replace('"', "")
    return (
        f'nearness is written "{words}"~{distance} (these words in any order, with at most {distance} others among'
        f" them) or near({one}, {other}, {distance}s) (within {distance} seconds)."
    )


def _last_item(text: str) -> str:
    """Return the word or phrase that a text ends with, empty where it ends with a bracket or another mark."""
    if text.rstrip().endswith('"'):
        return "".join(('"', text.split('"')[-2], '"'))
    last = (text.split() or [""])[-1]
    matched = _AFTER.fullmatch(last)
    return matched[1] if matched else ""


def dotted_range(text: str) -> str:
    """Return a range of dates that is written as in Lucene with the dots of airquote, other text as it is.

    Raises ValueError for a range that leaves its ends out: there are no such ranges.
    """
    if within := _ENDS.fullmatch(text):
        return "..".join("" if end == "*" else end for end in within.groups())
    if text.startswith((">=", "<=")):
        return f"{text[2:]}.." if text[0] == ">" else f"..{text[2:]}"
    if text.startswith((">", "<", "{", "[")):
        raise ValueError("a range has both of its ends: write 2023..2024, [2023 TO 2024], >=2023 or <=2024")
    return text


def advise_on_field(name: str, value: str) -> str:
    """Return what to write instead of a field that does not exist, and its value."""
    folded = name.casefold()
    unknown = f"there is no field {name!r}"
    if folded in _OF_WORDS:
        return f"{unknown}: what was said is searched without a field: {value}"
    if folded in _FROM_DAY or folded in _TO_DAY:
        value = value if value[:4].isdecimal() else "2024-05-31"
        return f"{unknown}: write date:{f'{value}..' if folded in _FROM_DAY else f'..{value}'}"
    for field, others in _SAME_FIELDS.items():
        if folded in others:
            return f"{unknown}: write {field}:{value}"
    likely = get_close_matches(folded, FIELDS, 1)
    meant = f" Do you mean {likely[0]}:{value}?" if likely else ""
    return f"{unknown}, only {', '.join(FIELDS)}; in quotation marks it is text.{meant}"
