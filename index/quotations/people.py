"""Find the persons of a text: their full names, their roles, and whether he or she refers to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

import regex

from index.quotations.descriptions import (
    ARTICLES,
    MOST_DESCRIPTION,
    describe_name,
    gives_name,
    is_of_another,
    nouns_before,
    title_gender,
)
from index.quotations.name_words import (
    FEMALE_KIN,
    FEMALE_ROLES,
    FEMALE_TITLES,
    FIRST_NAMES,
    INVERSE_KIN,
    KIN,
    MALE_KIN,
    MALE_ROLES,
    MALE_TITLES,
    ORGANISATION_ENDINGS,
    PLACE_LEADS,
    POSSESSIVES,
    ROLES,
    TITLES,
    WORK_LEADS,
)
from index.quotations.names import Token, read_phrase, read_possessor
from index.quotations.speech_words import FEMININE, MASCULINE, words_of

_GENDERS = {
    **dict.fromkeys(MALE_TITLES | MALE_ROLES | MALE_KIN | MASCULINE, "m"),
    **dict.fromkeys(FEMALE_TITLES | FEMALE_ROLES | FEMALE_KIN | FEMININE, "f"),
}
_BEFORE_SURNAMES = TITLES - words_of("king queen prince princess saint st ex former father brother sister don m")
_ALIASES = {
    **dict.fromkeys(words_of("gastgeber gastgeberin moderatorin animateur animatrice presenter co-host"), "host"),
    **dict.fromkeys(words_of("rep congressman congresswoman"), "representative"),
    **dict.fromkeys(words_of("dr doc physician"), "doctor"),
    "sen": "senator", "gov": "governor", "prof": "professor", "rev": "reverend", "justice": "judge", "sgt": "sergeant",
    "capt": "captain", "col": "colonel", "gen": "general", "lt": "lieutenant", "maj": "major", "mp": "lawmaker",
}  # fmt: skip
"""Roles by other words: the podcast's Gastgeber is its host, Sen. Keller the senator."""

_INTERVIEWERS = words_of(
    "interviewer journalist journaliste journalistin periodista presentador presentadora locutor locutora "
    "présentateur présentatrice intervieweur reporter moderator"
)
_FEMININE_ENDING = regex.compile(r"(?:trice|euse|ière|ienne|esa|isa|woman)$")
_BEGIN_A_NAME = ARTICLES | ROLES
_KIND_OF_KIN = {noun: kind for kind, (nouns, _) in INVERSE_KIN.items() for noun in nouns}
_NO_NAMES = ROLES | ORGANISATION_ENDINGS
_GENDERED = MASCULINE | FEMININE
_THEIR = words_of("their ihre ihr leur leurs sus loro hun")
_AND = words_of("and und et y e en")
LEAST_NAMED = 3

MOST_NAMESAKES = 20
"""Persons with one name, or one role, that are told apart; more than a family, or the members of a panel."""

MOST_RELATIVES = 50
"""Relatives that are remembered; a family history has ten."""

Name = tuple[str, int, int]
"""A name of a sentence, with the row of its first token and the row after its last."""

NamedSentence = tuple[Sequence[Token], Sequence[Name]]

LEADING = 1.5
"""How many times more often than anybody else the person is named whom a text is about."""


def surname(name: str) -> str:
    """Return the last word of a name, or the one before Jr. and the like."""
    words = name.split()
    while len(words) > 1 and words[-1].rstrip(".").lower() in ("jr", "sr", "ii", "iii", "iv"):
        words.pop()
    return words[-1]


class People:
    """The persons named in the narration of a text."""

    def __init__(
        self, sentences: Sequence[NamedSentence], quoted: Collection[str], headings: Sequence[NamedSentence] = ()
    ) -> None:
        """Learn from the tokens and names of sentences; ``quoted`` are the names to which the text gives quotations.

        Of ``headings``, where other words are capitalised too, only names that the sentences have are learned.
        """
        self._quoted = frozenset(quoted)
        self.mentions: Counter[str] = Counter()
        self._full: dict[str, list[str]] = defaultdict(list)
        self._fullest: dict[str, str] = {}
        """What ``full_name`` returned, once all names are learned."""
        self._first: dict[str, list[str]] = defaultdict(list)
        self._roles: dict[str, dict[str, None]] = defaultdict(dict)
        self._with_role: set[str] = set()
        self._genders: dict[str, Counter[str]] = defaultdict(Counter)
        self._places: set[str] = set()
        self._doubtful: set[str] = set()
        """Names of several words that stand only where names of places and works do."""
        self._described: set[str] = set()
        self._titled: list[str] = []
        self._relatives: set[str] = set()
        """Persons who are introduced as somebody's: his daughter, Clara Finch. The bare surname is not theirs."""
        self._kin: list[tuple[str | None, str, str]] = []
        """Whose relative by which noun a person is: Anna Keller, "son", Paul."""
        self._couples: list[tuple[str, str]] = []
        """Names that share a surname: Paul and Anna Keller."""
        known = {surname(name) for _, names in sentences for name, _, _ in names}
        self._doubtful.update(name for _, names in headings for name, _, _ in names if surname(name) not in known)
        titles = [(tokens, [one for one in names if surname(one[0]) in known]) for tokens, names in headings]
        sentences = [*sentences, *titles]
        for tokens, names in sentences:
            for name, first, _ in names:
                self._learn_name(tokens, name, first)
            for (one, _, end), (other, first, _) in pairwise(names):
                if " " not in one and " " in other and first == end + 1 and tokens[end].lower in _AND:
                    self._couples = [*self._couples, (one, other)][:MOST_RELATIVES]
                    self._learn_first_name(one)
        for name in self._titled:
            if not self._full[name]:
                self._learn_first_name(name)
        titled = []
        subject = None
        for tokens, names in sentences:
            for name, first, end in names:
                if " " not in name and title_gender(tokens, first):
                    titled.append((tokens, name, first, end))
                else:
                    self._learn_facts(tokens, self.full_name(name), first, end, subject)
            acting = {self.full_name(name) for name, first, _ in names if tokens[first - 1].lower not in PLACE_LEADS}
            self._learn_pronouns(tokens, acting)
            subject = self.full_name(names[0][0]) if names and self.is_person(names[0][0]) else subject
        for tokens, name, first, end in titled:
            self._learn_facts(tokens, self.full_name(name, title_gender(tokens, first)), first, end, None)
        self.leading = self._find_leading({self.full_name(name) for _, names in titles for name, _, _ in names})
        """The person whom the text is about: named far more often than anybody else, or alone in its headings."""

    def full_name(self, name: str, gender: str | None = None) -> str:
        """Return the fullest form of a name in the text; ``name`` itself where several persons share it.

        ``gender`` is that of its title: Mr Keller is not Anna Keller, and may be her son, Paul.
        """
        if " " in name or gender is None:
            if name not in self._fullest:
                self._fullest[name] = self._find_fullest(name)
            return self._fullest[name]
        known = self._full[name] or self._first[name]
        if known and all(self.gender(one) not in (None, gender) for one in known):
            sons = {one for _, _, one in self._kin if " " not in one and self.gender(one) == gender}
            return sons.pop() if len(sons) == 1 else name
        fitting = [one for one in known if self.likely_gender(one) == gender]
        return fitting[0] if len(fitting) == 1 else self.full_name(name)

    def _find_fullest(self, name: str) -> str:
        if " " in name:
            longer = [
                full
                for full in self._full[surname(name)]
                if full.split()[0] == name.split()[0] or full.endswith(f" {name}")
            ]
            return max([name, *longer], key=lambda full: len(full.split()))
        known = self._full[name] or self._first[name]
        leading = [one for one in known if one not in self._relatives] or known
        fullest = max(leading, key=lambda full: len(full.split()), default=name)
        return fullest if all(_is_same(one, fullest) for one in leading) else name

    def is_person(self, name: str) -> bool:
        """Whether ``name`` is a person's: of several words, a part of such a name, or quoted, and then no place."""
        if " " in name:
            return name not in self._doubtful or name in self._full[surname(name)] or name in self._quoted
        if self._full[name] or self._first[name]:
            return True
        return name in self._quoted and name not in self._places and name.lower() not in _NO_NAMES

    def of_role(self, role: str) -> list[str]:
        """Return the persons who are described by a noun and fit its gender, in the order of the text.

        The journalist may be the host, where the text calls nobody else a journalist.
        """
        described = self._roles[_ALIASES.get(role, role)] or (self._roles["host"] if role in _INTERVIEWERS else {})
        gender = gender_of_role(role)
        return [one for one in described if gender is None or self.gender(one) in (None, gender)]

    def relative(self, noun: str, person: str | None) -> str | None:
        """Return whom a noun of a relative of ``person`` means: the only one described so, or the other way round.

        After "Paul's sister, Anna" her brother is Paul; of two persons with one surname, it is the other.
        """
        if len(described := self.of_role(noun)) == 1:
            return described[0]
        _, inverse = INVERSE_KIN.get(_KIND_OF_KIN.get(noun, ""), ("", ""))
        others = {
            owner for owner, other, one in self._kin if owner and one == person and _KIND_OF_KIN.get(other) == inverse
        }
        if not others and person is not None and not described:
            others |= {*self._full[surname(person)]} - {person} - self._relatives
            others |= {one for one, other in self._couples if self.full_name(other) == person}
        fitting = {one for one in others if self.gender(one) in (None, _GENDERS.get(noun))}
        return fitting.pop() if len(fitting) == 1 else None

    def gender(self, name: str) -> str | None:
        """Return "m" or "f" where titles, roles and pronouns of the text agree."""
        counts = self._genders[name]
        return next(iter(counts)) if len(counts) == 1 else None

    def has_role(self, name: str) -> bool:
        """Whether the text says by a role who a person is."""
        return name in self._with_role

    def is_introduced(self, name: str) -> bool:
        """Whether more tells that a name is a person's than its capitals: a first name, a role, a second mention."""
        described = self.mentions[name] > 1 or name in self._described or name in self._quoted
        return described or name.split()[0].casefold() in FIRST_NAMES

    def likely_gender(self, name: str) -> str | None:
        """Return the gender, from a first name if the text does not tell it."""
        if " " in name and not self._genders[name]:
            return FIRST_NAMES.get(name.split()[0].casefold())
        return self.gender(name)

    def may_be(self, name: str, pronoun: str) -> bool:
        """Whether a pronoun can refer to a person, by gender."""
        wanted = "m" if pronoun in MASCULINE else "f" if pronoun in FEMININE else None
        return wanted is None or self.likely_gender(name) in (None, wanted)

    def learn_role(self, role: str, name: str) -> None:
        """Remember that a role was resolved to a person."""
        described = self._roles[_ALIASES.get(role, role)]
        if len(described) < MOST_NAMESAKES:
            described[name] = None
        if role in ROLES:
            self._with_role.add(name)

    def learn_gender(self, name: str, pronoun: str) -> None:
        """Remember that a pronoun was resolved to a person."""
        if pronoun in _GENDERS:
            self._count_gender(name, _GENDERS[pronoun])

    def _count_gender(self, name: str, gender: str) -> None:
        """Count a pronoun for a person, unless the first name says that it means somebody else."""
        if FIRST_NAMES.get(name.split()[0].casefold(), gender) == gender:
            self._genders[name][gender] += 1

    def _find_leading(self, titled: Collection[str]) -> str | None:
        ranked = self.mentions.most_common(2)
        if len(titled) == 1 and ranked and self.mentions[name := next(iter(titled))] == ranked[0][1] >= LEAST_NAMED:
            return name
        if not ranked or ranked[0][1] < LEAST_NAMED or (len(ranked) > 1 and ranked[0][1] < LEADING * ranked[1][1]):
            return None
        return ranked[0][0]

    def _learn_name(self, tokens: Sequence[Token], name: str, first: int) -> None:
        before = tokens[first - 1].lower if first else ""
        if " " not in name:
            if before in PLACE_LEADS:
                self._places.add(name)
            elif {token.lower for token in tokens[max(0, first - 2) : first]} & _BEFORE_SURNAMES:
                self._titled.append(name)
            elif not KIN.isdisjoint(nouns_before(tokens, first)) or gives_name(tokens, first):
                self._relatives.add(name)
                self._learn_first_name(name)
            return
        if before in WORK_LEADS or before in PLACE_LEADS:
            self._doubtful.add(name)
            return
        if any(token.lower in POSSESSIVES for token in tokens[max(0, first - 4) : first]):
            self._relatives.add(name)
        if name not in self._full[surname(name)] and len(self._full[surname(name)]) < MOST_NAMESAKES:
            self._full[surname(name)].append(name)
            if len(self._first[name.split()[0]]) < MOST_NAMESAKES:
                self._first[name.split()[0]].append(name)

    def _learn_first_name(self, name: str) -> None:
        """Remember that a single word is a person's first name."""
        if not self._first[name]:
            self._first[name].append(name)

    def _learn_facts(self, tokens: Sequence[Token], name: str, first: int, end: int, subject: str | None) -> None:
        """Learn what a sentence says of a person; ``subject`` is whom the sentences before were about."""
        if not self.is_person(name) or (first and tokens[first - 1].lower in WORK_LEADS):
            return
        self.mentions[name] += 1
        if nouns := describe_name(tokens, first, end):
            self._described.add(name)
        for noun in nouns:
            if noun in _GENDERS:
                self._genders[name][_GENDERS[noun]] += 1
            if noun in ROLES or noun in _ALIASES or noun not in TITLES:
                self.learn_role(noun, name)
            if noun in KIN and len(self._kin) < MOST_RELATIVES:
                before = tokens[max(0, first - MOST_DESCRIPTION) : first]
                if self._couples and any(token.lower in _THEIR for token in before):
                    self._kin += [(self.full_name(one), noun, name) for one in self._couples[-1]]
                owners = [token.text for token in before if token.possessive and token.is_capital]
                owner = self.full_name(owners[-1][:-2]) if owners else subject
                self._kin.append((owner, noun, name))

    def _learn_pronouns(self, tokens: Sequence[Token], names: set[str]) -> None:
        """Count the pronouns of a sentence that begins with the only person it names."""
        if len(names) != 1:
            return
        [name] = names
        found = read_phrase(tokens, 0)
        if found is None or found[0].name is None or self.full_name(found[0].name) != name:
            return
        pronouns = [row for row in range(found[1], len(tokens)) if tokens[row].lower in _GENDERED]
        others = {_GENDERS[tokens[row].lower] for row in pronouns if is_of_another(tokens, row)}
        genders = {_GENDERS[tokens[row].lower] for row in pronouns} - others
        if len(genders) == 1:
            self._count_gender(name, genders.pop())


def name_sentences(sentences: Iterable[Sequence[Token]]) -> list[NamedSentence]:
    """Find the names of each sentence."""
    return [(tokens, find_names(tokens)) for tokens in sentences]


def gender_of_role(role: str) -> str | None:
    """Return the gender of a role's noun: of Sprecherin, regidora, élue and others that are made from another one."""
    if role in _GENDERS:
        return _GENDERS[role]
    made = (role[-1:] in ("a", "e") and role[:-1] in ROLES) or (role.endswith("in") and role[:-2] in ROLES)
    return "f" if made or _FEMININE_ENDING.search(role) else None


def is_same_gender(pronoun: str, other: str) -> bool:
    """Whether two pronouns can mean one person."""
    return _GENDERS.get(pronoun) in (None, _GENDERS.get(other)) or _GENDERS.get(other) is None


def find_names(tokens: Sequence[Token]) -> list[Name]:
    """Return the names of persons in a sentence, each with the row of its first word and the row after its last."""
    found = []
    row = 0
    while row < len(tokens):
        step = row + 1
        if tokens[row].is_word and (tokens[row].is_capital or tokens[row].lower in _BEGIN_A_NAME):
            first = row
            owner = read_possessor(tokens, row)
            if owner is not None and owner[0].name is not None:
                found.append((owner[0].name, row, owner[1]))
                row = owner[1]
                continue
            phrase = read_phrase(tokens, row)
            if phrase is not None:
                owned = phrase[0].name is None and any(token.possessive for token in tokens[row : phrase[1]])
                step = step if owned else max(step, phrase[1])
                if phrase[0].name is not None:
                    while tokens[first].start < phrase[0].start:
                        first += 1
                    if not (first == 1 and tokens[0].lower in ("by", "von", "par", "por")):
                        found.append((phrase[0].name, first, phrase[1]))
        row = step
    return found


def _is_same(name: str, fuller: str) -> bool:
    """Whether the words of a name stand in a fuller one, initials for what they begin."""
    words = fuller.split()
    return all(any(one == word or (one.endswith(".") and word[0] == one[0]) for word in words) for one in name.split())
