"""Read names, pronouns and roles of persons from the noun phrases of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from index.quotations.name_words import (
    ABBREVIATIONS,
    CALENDAR,
    DEFINITE,
    DETERMINERS,
    DOCUMENT_NOUNS,
    EPITHETS,
    FIRST_NAMES,
    KIN,
    NO_FIRST_NAMES,
    NOT_NAMES,
    ORGANISATION_ENDINGS,
    ORGANISATION_NOUNS,
    ORGANISATIONS,
    PARTICLES,
    POSSESSIVES,
    ROLES,
    TIMES,
    TITLE_GENDERS,
    TITLES,
    WORK_LEADS,
)
from index.quotations.speech_words import (
    AUXILIARIES,
    CONJUNCTIONS,
    GOVERNING,
    PASSIVES,
    PREPOSITIONS,
    PRESENT_PARTICIPLES,
    PRONOUNS,
    VERBS,
    words_of,
)

_ROYAL = words_of("pope prince princess king queen saint st")
_IMPERSONAL = words_of("it they we them us")
"""Subjects that are no single person with a name."""

_COUNTING = words_of("one another some many")
_DETERMINERS = DETERMINERS | POSSESSIVES
_GENDER_OF_ARTICLE: dict[str | None, str] = {"el": "m", "le": "m", "der": "m", "la": "f", "die": "f"}
_NOT_NAMES = NOT_NAMES | CALENDAR
_THINGS = ORGANISATION_NOUNS | DOCUMENT_NOUNS
_NATIONALITY = regex.compile(
    r"[A-Z]\p{Ll}+(?:an|ese|ish)|Scot|Dane|Swede|Dutchman|Englishman|Frenchman|Scotsman|Irishman|Finn|Pole|Turk|Greek|Briton|Spaniard"
)
_WITH_OF = ROLES | words_of("university bank department house institute museum ministry duke duchess earl lord bureau")
_NO_PERSON = WORK_LEADS | TIMES | words_of("woche jahr monat podcasts folge episode staffel teil")
_TITLED = words_of(
    "podcast podcasts show programme program series novel film movie album newsletter blog pódcast sendung"
)
"""After a title in capitals: Keller told the Fail Better podcast."""

_HEADLINE_WORDS = words_of(
    "is are was were has have had on in at to and with for as after who that his her the over from"
)
"""In a headline, with a capital, they end a name."""

_NO_TIMES = ROLES | ORGANISATION_NOUNS | WORK_LEADS
_OFFICES = ROLES | TITLES
_POST_NOMINALS = words_of("KC QC SC MP MEP MSP MS OBE MBE CBE MD PhD JD RN FRS")
"""Letters behind a name, which are no part of it: Jane Frost KC."""

_SUFFIXES = words_of("jr sr ii iii iv")
_AUXILIARIES = AUXILIARIES | words_of("est était y en ne se s")
_FINITE = GOVERNING | _AUXILIARIES
_NO_DESCRIPTION = (
    _NOT_NAMES | GOVERNING | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | PASSIVES | PRESENT_PARTICIPLES | TIMES
)
_HEADLINE_VERBS = frozenset(verb for verb in VERBS["en"] if verb.endswith("s") or verb in ("said", "told"))

BLANK = "\ufffc"
"""Replaces each character of a quotation, so that offsets in the narration are those of the text; it is no token."""

MOST_PHRASE_WORDS = 9
"""A longer noun phrase before a name is none: "the 65-year-old former New Mexico state senator Mary Sommer" has 8."""

_MOST_NAME_WORDS = 5

_TOKEN = regex.compile(
    rf"""(?:(?:{"|".join(sorted(ABBREVIATIONS))}|\p{{Lu}})\.(?=\s)
      | [\p{{L}}\p{{N}}][\p{{L}}\p{{M}}\p{{N}}]*+(?:['’&/.-](?=[\p{{L}}\p{{N}}])[\p{{L}}\p{{M}}\p{{N}}]*+)*+
          (?:(?<=\.\p{{L}})\.|(?<=s)['’](?=\s\p{{L}}))?
      | [^\s{BLANK}])""",
    regex.VERBOSE,
)
_GERMAN_ROLE = regex.compile(
    r"\p{Ll}{2}(?:minister|präsident|kanzler|sprecher|meister|chef|leiter|direktor|trainer|forscher|kapitän)(?:in)?$"
)
_AGED = regex.compile(r"-year-old$|-jährigen?r?$|-of-(?:one|two|three|four|five|six|seven|eight|\d+)$")
_AGE = regex.compile(r", (?:de )?\d\d(?: años| ans)?(?: [,.]|$)")
"""After a description of the person whom the text is about: the Canal Street favourite, 54, said."""

_AGENT = regex.compile(r"(?:er|or|ist|ian|man|woman|eur|ant|ent|ee|mate|graph|[’']s)$")
_ELIDED = regex.compile(r"(?:[ldsnmcjt]|qu)['’](?=\p{L})|[LD]['’](?=\p{Ll})")
_POSSESSIVE = regex.compile(r"['’]s$|(?<=s)['’]$")


class Token(NamedTuple):
    """A word or a punctuation mark, with its place in the narration.

    ``lower`` is the word in lower case, without an elided article (l’actrice) or a possessive ending. ``is_word``: it
    begins with a letter or a digit; ``is_capital``: it may belong to a name.
    """

    text: str
    start: int
    end: int
    lower: str
    possessive: bool
    is_word: bool
    is_capital: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker according to the text: a name as written, a pronoun, the noun of a role, or a person without a name.

    ``epithet``: the role is a description that texts use for the person whom they are about ("the Oscar nominee").
    ``start`` is its place in the narration. ``inferred``: no reporting verb has it as its subject, so that a single
    word may be no name. ``answers``: the verb says that somebody else asked before. ``signs``: the name stands below.
    ``noun``: of a description that is no known role (the handyman), so that only the text can tell whom it means.
    ``gender``: "m" or "f", of a title (Mr Keller). ``kin``: the role is a relative of somebody (her brother, Keller's
    wife). ``is_thing``: it is a document or an organisation, which no "he" means. ``is_somebody``: it is a person by a
    role, without a name (a woman of 90). ``is_hearsay``: another person tells what this one said.
    """

    name: str | None = None
    pronoun: str | None = None
    role: str | None = None
    noun: str | None = None
    epithet: bool = False
    start: int = 0
    inferred: bool = False
    answers: bool = False
    signs: bool = False
    gender: str | None = None
    kin: bool = False
    is_thing: bool = False
    is_somebody: bool = False
    is_hearsay: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it says who speaks."""
        return self.name is not None or self.pronoun is not None or self.role is not None


def is_role(token: Token) -> bool:
    """Whether a word is the noun of a person's role; German composes them: Ministerpräsident."""
    return token.lower in ROLES or (token.is_capital and _is_german_role(token.lower))


@lru_cache(maxsize=1 << 12)
def _is_german_role(word: str) -> bool:
    return _GERMAN_ROLE.search(word) is not None


def read_tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words and punctuation marks of ``text[start:end]``."""
    tokens = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = match.group()
        start, stop = match.span()
        tokens.append(Token(word, start, stop, *_describe(word)))
    return tokens


@lru_cache(maxsize=1 << 15)
def _describe(word: str) -> tuple[str, bool, bool, bool]:
    """Return the fields of a token that follow from its text; an article repeats its words."""
    bare = _POSSESSIVE.sub("", word)
    lower = _ELIDED.sub("", bare).rstrip(".").lower()
    return lower, bare != word, word[0].isalnum(), word[0].isupper() or word[0].istitle()


def read_phrase(tokens: Sequence[Token], first: int) -> tuple[Attribution, int] | None:
    """Read the noun phrase that begins at row ``first``: who it is, and the row after it. None if there is none.

    The person of "the actor David Duchovny" is David Duchovny, of "the actor" the role "actor", of "a spokesman" or
    "Keller's lawyer" a person without a name.
    """
    row = first
    if row >= len(tokens) or not tokens[row].is_word:
        return None
    here = tokens[row]
    if here.lower in PRONOUNS and not (here.lower == "il" and _is_article(tokens, row)):
        return Attribution(pronoun=here.lower, start=here.start), row + 1
    if here.lower in _IMPERSONAL and not here.text.isupper():
        return Attribution(start=here.start), row + 1
    determiner = None
    if here.lower == "that" and row + 1 < len(tokens) and tokens[row + 1].is_capital:
        return None  # said that Anna Keller left
    if here.lower in _DETERMINERS and not (here.is_capital and row and _is_capital_name(tokens, row)):
        determiner, row = here.lower, row + 1
    elif here.text[:2].lower() in ("l'", "l’") and _ELIDED.match(here.text):
        determiner = "l"
    run: list[Token] = []
    nouns: list[Token] = []
    owned = False
    while row < len(tokens) and row - first < MOST_PHRASE_WORDS:
        token = tokens[row]
        if not token.is_word or (token.text[0].isdigit() and "-" not in token.text):
            break
        if token.is_capital and not run and nouns and _ends_complement(tokens, first, nouns[-1]):
            break
        if token.is_capital and not (run and token.lower in _HEADLINE_VERBS):
            run.append(token)
            if token.possessive:
                owned, run, nouns = True, [], []
        elif run and (_begins_office(tokens, row) or (token.lower in PARTICLES and _name_goes_on(tokens, row))):
            run.append(token)
        elif (
            token.lower in _NO_DESCRIPTION
            or token.lower.endswith("ly")
            or (run and (determiner is None or _is_titled(run, nouns)) and not _role_before_name(tokens, row))
        ):
            break
        else:
            nouns.append(token)
            run = []
        row += 1
    if run and row < len(tokens) and tokens[row].lower in _TITLED:
        return Attribution(start=here.start), row  # on the Fail Better podcast
    if run:
        return _read_run(run, determiner, nouns, owned), row
    if not nouns:
        return (Attribution(start=here.start), row) if determiner in _COUNTING else None  # one of them
    head = next((one for one in reversed(nouns) if one.lower in ROLES or _is_age(one.lower)), nouns[-1])
    if head.lower in KIN and (owned or determiner in POSSESSIVES):
        return Attribution(role=head.lower, kin=True, start=here.start), row
    if owned or determiner not in DEFINITE:
        somebody = head.lower in ROLES and determiner is not None
        return Attribution(start=here.start, is_thing=head.lower in _THINGS, is_somebody=somebody), row
    age = _is_age(head.lower) or _is_of_age(tokens, row)
    epithet = age or head.lower in EPITHETS
    if head.lower not in ROLES and not age:
        is_thing = head.lower in _THINGS
        return Attribution(noun=None if is_thing else head.lower, start=here.start, is_thing=is_thing), row
    gender = _GENDER_OF_ARTICLE.get(determiner)
    return Attribution(role=head.lower, epithet=epithet, start=here.start, gender=gender), row


def _is_age(noun: str) -> bool:
    return "-" in noun and _AGED.search(noun) is not None


def _is_of_age(tokens: Sequence[Token], row: int) -> bool:
    """Whether an age follows a description: the Canal Street favourite, 54, said."""
    if row >= len(tokens) or tokens[row].text != ",":
        return False
    return _AGE.match(" ".join(one.text for one in tokens[row : row + 5])) is not None


def _is_titled(run: Sequence[Token], nouns: Sequence[Token]) -> bool:
    """Whether a name follows the noun of a role, so that no other noun does: der Wirt Konrad Keller, sa sœur Jeanne."""
    return is_role(nouns[-1]) if nouns else len(run) > 1 and is_role(run[0])


def _ends_complement(tokens: Sequence[Token], first: int, noun: Token) -> bool:
    """Whether a noun ends a phrase of time or place, so that a name after it begins the clause: in the end Keller."""
    if first == 0 or tokens[first - 1].lower not in PREPOSITIONS or tokens[first].lower not in _DETERMINERS:
        return False
    return noun.lower not in _NO_TIMES and _AGENT.search(noun.lower) is None


def _is_capital_name(tokens: Sequence[Token], row: int) -> bool:
    """Whether a capitalised article inside a sentence belongs to a name: précise Le Guen, Mathieu Le Guen."""
    return tokens[row - 1].is_capital or (
        tokens[row].lower in PARTICLES and row + 1 < len(tokens) and tokens[row + 1].is_capital
    )


def read_possessor(tokens: Sequence[Token], first: int) -> tuple[Attribution, int] | None:
    """Read the name of a possessor at row ``first``, and the row after it: Anna Keller's house."""
    row = first
    while row < len(tokens) and row - first < _MOST_NAME_WORDS and tokens[row].is_capital:
        row += 1
        if tokens[row - 1].possessive:
            return _read_run(list(tokens[first:row]), None, [], False), row
    return None


def _begins_office(tokens: Sequence[Token], row: int) -> bool:
    """Whether "of" at ``row`` is part of an office or an institution: Secretary of State, University of Leeds."""
    before, following = tokens[row - 1 : row], tokens[row + 1 : row + 2]
    return tokens[row].lower == "of" and before[0].lower in _WITH_OF and bool(following) and following[0].is_capital


def _is_article(tokens: Sequence[Token], row: int) -> bool:
    """Whether "il" is the Italian article, which no verb follows, and not the French pronoun."""
    following = tokens[row + 1] if row + 1 < len(tokens) else None
    return following is not None and following.is_word and following.lower not in _FINITE


def _name_goes_on(tokens: Sequence[Token], row: int) -> bool:
    """Whether particles from ``row`` on lead to another word of a name: Ursula von der Leyen."""
    following = [token for token in tokens[row + 1 : row + 3] if token.lower not in PARTICLES or token.is_capital]
    if tokens[row - 1].lower in _NO_PERSON:  # Podcast von Anton Kreisler
        return False
    begins = tokens[row].lower not in ("al", "du", "des", "y", "e", "la") or tokens[row - 1].lower == "de"
    return bool(following) and following[0].is_capital and begins


def _role_before_name(tokens: Sequence[Token], row: int) -> bool:
    """Whether a role follows within three words: NASA engineer, Fail Better host."""
    for token in tokens[row : row + 3]:
        if not token.is_word or token.is_capital or token.lower in _NO_DESCRIPTION:
            return False
        if token.lower in ROLES:
            return True
    return False


def _read_run(run: list[Token], determiner: str | None, nouns: list[Token], owned: bool) -> Attribution:
    """Read a run of capitalised words as the name of a person, without titles; unnamed if it is something else."""
    start = run[0].start
    while (
        len(run) > 1
        and (run[0].lower in NO_FIRST_NAMES or (run[0].lower.endswith("ly") and run[0].lower not in FIRST_NAMES))
        and not run[0].text.endswith(".")
    ):
        run = run[1:]
    cut = next((row for row, token in enumerate(run) if row and token.is_capital and token.lower in _HEADLINE_WORDS), 0)
    run = run[:cut] if cut else run
    while len(run) > 1 and (run[-1].lower in CALENDAR or (len(run) > 2 and run[-1].text in _POST_NOMINALS)):
        run = run[:-1]
    titled = bool(nouns) or owned
    gender = next((TITLE_GENDERS[token.lower] for token in run[:-1] if token.lower in TITLE_GENDERS), None)
    if of := [row for row, token in enumerate(run) if token.lower == "of"]:  # Secretary of State Antony Blinken
        run, titled = run[of[-1] + 2 :], True
        if len(run) < 2:
            return Attribution(start=start)
    titles = [row for row, token in enumerate(run[:-1]) if token.lower in TITLES or is_role(token)]
    if titles and not all(token.lower in _SUFFIXES for token in run[titles[-1] + 1 :]):
        kept = titles[-1] + (0 if run[titles[-1]].lower in _ROYAL and titles[-1] == len(run) - 2 else 1)
        run, titled = run[kept:], True
    if len(run) == 1 and run[0].lower in _OFFICES and (determiner or titled):
        kin = run[0].lower in KIN and (owned or determiner in POSSESSIVES)
        role = run[0].lower if kin or determiner in DEFINITE else None
        return Attribution(role=role, kin=kin, start=start)
    if len(run) > 1 and run[-1].lower in ROLES and (determiner in DEFINITE or run[-1].text.isupper()):
        return Attribution(role=run[-1].lower, epithet=True, start=start)  # the Ohio Republican, Lumen CEO
    if len(run) == 1 and determiner in DEFINITE and _NATIONALITY.fullmatch(run[0].text):
        return Attribution(role=run[0].lower, epithet=True, start=start)
    if len(run) > 2 and run[0].lower in ORGANISATIONS:
        run = run[1:]
    if nouns and nouns[-1].lower in ORGANISATION_NOUNS and run[0].lower not in FIRST_NAMES:
        return Attribution(start=start)
    if (determiner and not titled) or not is_person(run, titled):
        return Attribution(start=start)
    return Attribution(name=_name_of(run), start=run[0].start, gender=gender)


def is_person(run: Sequence[Token], titled: bool = False) -> bool:
    """Whether capitalised words can be the name of a person, by what is known of organisations and places."""
    last = run[-1]
    if any(token.lower in _NO_PERSON for token in run):
        return False
    if len(run) > 1 and all(token.text.isupper() for token in run):
        return False
    if len(run) > _MOST_NAME_WORDS or run[0].lower in NO_FIRST_NAMES or last.lower in CALENDAR:
        return False
    if last.lower in ORGANISATION_ENDINGS and len(run) > 1 and not (titled and len(run) == 2):
        return False
    if len(run) == 1:
        letters = last.text.rstrip(".")
        if last.lower in ORGANISATIONS and not titled:
            return False
        return len(letters) > 1 and last.lower not in _NO_PERSON and not (letters.isupper() and len(letters) < 6)
    return not any(token.text.isupper() and len(token.text) > 3 and "." not in token.text for token in run)


def without_titles(name: str) -> str:
    """Return a name as a signature gives it without titles: State Senator Anna Keller."""
    found = read_phrase(read_tokens(name), 0)
    return found[0].name if found and found[0].name else name


def _name_of(run: Sequence[Token]) -> str:
    words = [token.text for token in run]
    words[-1] = _POSSESSIVE.sub("", words[-1])
    if words[0][1:2] in "'’" and words[0][0] in "LD" and words[0][2:3].islower():
        words[0] = words[0][2:]
    return " ".join(words)
