"""Read what a sentence says of a name in it: the nouns before it, its title, its apposition."""

from __future__ import annotations

from collections.abc import Sequence

from index.quotations.name_words import (
    COPULAS,
    DEFINITE,
    NOT_NAMES,
    POSSESSIVES,
    ROLES,
    TITLE_GENDERS,
    TITLES,
    WORK_LEADS,
)
from index.quotations.names import Token
from index.quotations.speech_words import CONJUNCTIONS, GOVERNING, PREPOSITIONS, SAYING, words_of

ARTICLES = DEFINITE | {"a", "an", "ein", "eine", "un", "une", "una"}
_SHOWS = words_of("podcast show programme program pódcast émission sendung")
_BEFORE_A_NAME = COPULAS | {","}
_NO_NOUNS = GOVERNING | CONJUNCTIONS | PREPOSITIONS | NOT_NAMES | WORK_LEADS | COPULAS
_NO_DESCRIPTION = GOVERNING | (CONJUNCTIONS - PREPOSITIONS)
_ENDS_DESCRIPTION = words_of("of who at in for from with whose that on")
_BEGIN_A_DESCRIPTION = ARTICLES | POSSESSIVES | ROLES
_OFFICES = ROLES | TITLES
MOST_DESCRIPTION = 10
"""Words before the comma of an apposition: "the chief executive of the Bank of Leeds, Anna Keller"."""

_AGENTS = {"hosts": "host", "hosted": "host", "directs": "director", "directed": "director", "owns": "owner",
           "founded": "founder", "wrote": "author", "edits": "editor", "chairs": "chair", "leads": "leader",
           "coaches": "coach", "presents": "presenter", "teaches": "teacher", "runs": "owner"}  # fmt: skip
_MOST_APPOSITION = 12


def describe_name(tokens: Sequence[Token], first: int, end: int) -> list[str]:
    """Return the nouns that describe a name: actor Alec Baldwin; Keller, a farmer; the host, Daniel Okafor."""
    nouns = nouns_before(tokens, first)
    if tokens[end - 1].possessive and any(token.lower in _SHOWS for token in tokens[end : end + 5]):
        nouns.append("host")  # on David Duchovny's Fail Better podcast
    by = first > 0 and tokens[first - 1].lower in ("von", "de", "by", "of", "di", "du", "van")
    if by and any(token.lower in _SHOWS for token in tokens[max(0, first - 6) : first]):
        nouns.append("host")  # im Podcast „Nachhall“ von Anton Kreisler
    if [token.lower for token in tokens[end : end + 2]] == [",", "as"] and end + 2 < len(tokens):
        nouns.append(tokens[end + 2].lower)
    if end < len(tokens) and (tokens[end].text in ",(" or tokens[end].lower in ("is", "was")):
        nouns += _apposition(tokens, end + 1)
    return nouns


def nouns_before(tokens: Sequence[Token], first: int) -> list[str]:
    """Return the nouns that describe the name at row ``first`` before it: actor Alec Baldwin; the host, Daniel Okafor.

    Of a description with a complement (the mayor of Leeds, Anna Keller) it is the noun before that.
    """
    nouns = []
    row = first - 1
    while row >= 0 and tokens[row].is_word and tokens[row].lower in _OFFICES:
        nouns.append(tokens[row].lower)
        row -= 1
    if not nouns and row >= 0 and _is_description(tokens[row]):
        return [tokens[row].lower]
    if nouns or row < 1 or tokens[row].lower not in _BEFORE_A_NAME:
        return nouns
    begin = row
    while begin and row - begin < MOST_DESCRIPTION:
        token = tokens[begin - 1]
        if not token.is_word or token.lower in _NO_DESCRIPTION:
            break
        begin -= 1
    if tokens[row].text == "," and begin > 1 and tokens[begin - 1].text == "," and tokens[begin - 2].is_capital:
        return []  # Keller, the mayor of Leeds, Paul Reyes and others
    for token in tokens[begin:row]:
        if token.lower in PREPOSITIONS and nouns:
            break
        nouns = [token.lower] if token.lower in ROLES else nouns
    return nouns


def _is_description(token: Token) -> bool:
    """Whether a word may be the noun of a description that is no known role: handyman Paul Keller."""
    return token.is_word and not token.is_capital and token.lower.isalpha() and token.lower not in _NO_NOUNS


def gives_name(tokens: Sequence[Token], first: int) -> bool:
    """Whether somebody gives a name that is theirs: a roofer who gave his name as Dave."""
    return any(token.lower == "name" for token in tokens[max(0, first - 3) : first]) and tokens[first - 1].lower == "as"


def is_of_another(tokens: Sequence[Token], row: int) -> bool:
    """Whether a pronoun means another person than the subject: Keller began as her assistant, and called her great."""
    if tokens[row].lower == "him" or (row and tokens[row - 1].lower in GOVERNING):
        return True
    return row + 1 < len(tokens) and tokens[row + 1].lower in ROLES


def title_gender(tokens: Sequence[Token], first: int) -> str | None:
    """Return the gender of the title before a name: Mr Keller."""
    return TITLE_GENDERS.get(tokens[first - 1].lower) if first else None


def _apposition(tokens: Sequence[Token], row: int) -> list[str]:
    if row >= len(tokens):
        return []
    if tokens[row].lower == "who":
        agents = [_AGENTS.get(token.lower) for token in tokens[row + 1 : row + 4]]
        return [agent for agent in agents if agent]
    if row < len(tokens) and tokens[row].text[0].isdigit():  # Keller, 54, a farmer,
        row += 2
    nouns: list[str] = []
    last = None
    for token in tokens[row : row + _MOST_APPOSITION]:
        if token.lower in SAYING:  # according to Keller, the chef said
            return []
        if not token.is_word or token.lower in _ENDS_DESCRIPTION:
            break
        last = token
        if token.lower in ROLES:
            nouns.append(token.lower)
    if not nouns and last is not None and _is_description(last):
        nouns.append(last.lower)
    described = row < len(tokens) and tokens[row].lower in _BEGIN_A_DESCRIPTION
    return nouns if described else []
