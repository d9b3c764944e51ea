"""Find in what is said whose voice is whose: "I'm Ann Lee", "my guest is Ann Lee", "thanks for having me, Ann"."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import regex

from index.quotations.name_words import CALENDAR, FIRST_NAMES, NOT_NAMES, ORGANISATIONS
from index.verification.name_comparison import Likeness, compare_names
from index.verification.person_names import read_name
from pipeline.voices.recognition.introduction_phrases import (
    ADDRESSES_FIRST,
    ADDRESSES_LAST,
    BETWEEN_NAMES,
    INTRODUCES,
    IS_INTRODUCED,
    NAME,
    NAME_WORD,
    REPLIES,
    SAYS_OWN_NAME,
    SENTENCE_END,
    SINGLE_NAME,
    THANKS,
    WELCOMES,
)

Clue = Literal[
    "itself", "introduced", "listed", "welcomed", "thanked", "called", "addressed", "answered", "follows", "says"
]
"""What is heard of a name. itself: the voice says it of itself. introduced, listed: the voice is the next new one after
somebody introduces this person, alone or with others; follows: the one after that. welcomed: it speaks after somebody
welcomes this person. thanked: it spoke before somebody who thanks this person for the invitation. called, addressed: it
speaks after a sentence that begins or ends with the name. answered: it spoke before one that greets or thanks this
person. says: the voice says the name, so it is likely another's.
"""

LATEST_OWN_NAME = 1500
"""Characters that a voice has said before it says its own name; later ones are of others, whom it plays or quotes."""

SOONEST = 8
"""Turns in which somebody who is introduced begins to speak."""

OPENING = 6
"""Turns of a recording before which somebody who is introduced may have spoken: a preview of what is to come."""

LEAST_SAID = 3
"""How often a single word is said as a name before it counts as one if it is not a known first name."""

MOST_PERSONS = 60
"""Persons of an episode who are considered, by how often they are named; more than speak in one."""

_CLUES: dict[Clue, regex.Pattern[str]] = {
    "itself": SAYS_OWN_NAME,
    "thanked": THANKS,
    "welcomed": WELCOMES,
    "introduced": IS_INTRODUCED,
}


class SpokenTurn(NamedTuple):
    """What a voice says until another one speaks."""

    voice: str
    text: str


class _Mention(NamedTuple):
    """A name that is said in turn number ``turn``, in a phrase of this kind."""

    clue: Clue
    name: str
    turn: int
    sentence: str


@dataclass(frozen=True, slots=True)
class NamedVoice:
    """What speaks for a name of a voice: how often each clue to it is heard, and the ``sentence`` of the first one.

    The voice says that ``by_itself``, or somebody else does.
    """

    voice: str
    name: str
    clues: Counter[Clue]
    sentence: str
    by_itself: bool


def find_introductions(turns: Iterable[SpokenTurn], known: Sequence[str] = ()) -> list[NamedVoice]:
    """Find what is said of the names of voices; ``known`` are names of persons who may speak, to which others fit."""
    spoken = _joined(turns)
    mentions = [mention for number, turn in enumerate(spoken) for mention in _read_turn(turn.text, number)]
    mentions = _unite_spellings(mentions, spoken)
    persons = _find_persons(mentions, known)
    meant = {name: _person_of(name, persons) for name in {mention.name for mention in mentions}}
    clues: dict[tuple[str, str], Counter[Clue]] = defaultdict(Counter)
    sentences: dict[tuple[str, str], tuple[str, bool]] = {}
    for mention, voice, clue in _find_clues(mentions, spoken):
        name = meant[mention.name]
        if name is not None:
            clues[voice, name][clue] += 1
            sentences.setdefault((voice, name), (mention.sentence, clue == "itself"))
    for pair, times in _count_said(spoken, persons).items():
        if pair in clues:
            clues[pair]["says"] = times
    return [NamedVoice(*pair, found, *sentences[pair]) for pair, found in clues.items()]


def _count_said(turns: Sequence[SpokenTurn], persons: Sequence[str]) -> Counter[tuple[str, str]]:
    """Count how often each voice says the given name of each person, except as its own."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for person in persons:
        by_word[person.split()[0]].append(person)
    said: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        own = {word for match in SAYS_OWN_NAME.finditer(turn.text) for word in (match[1] or match[2]).split()}
        for word, times in Counter(NAME_WORD.findall(turn.text)).items():
            if word not in own and len(by_word.get(word, ())) == 1:
                said[turn.voice, by_word[word][0]] += times
    return said


def _joined(turns: Iterable[SpokenTurn]) -> list[SpokenTurn]:
    """Join the turns of one voice that follow each other."""
    joined: list[SpokenTurn] = []
    for turn in turns:
        if joined and joined[-1].voice == turn.voice:
            joined[-1] = SpokenTurn(turn.voice, f"{joined[-1].text} {turn.text}")
        else:
            joined.append(turn)
    return joined


def _read_turn(text: str, turn: int) -> Iterator[_Mention]:
    """Yield the names that are said in a turn, each once a sentence, by the clearest phrase in which it stands."""
    for number, sentence in enumerate(one.strip() for one in SENTENCE_END.split(text)):
        clues: dict[str, Clue] = {}
        for clue, name in _read_sentence(sentence, replies=number == 0 and REPLIES.match(sentence) is not None):
            clues.setdefault(name, clue)
        yield from (_Mention(clue, name, turn, sentence) for name, clue in clues.items() if _may_be_person(name))


def _read_sentence(sentence: str, *, replies: bool) -> Iterator[tuple[Clue, str]]:
    """Yield the names that are said in a sentence, from the clearest phrase to the least clear."""
    for clue, pattern in _CLUES.items():
        for match in pattern.finditer(sentence):
            yield from ((clue, name) for name in match.groups() if name)
    for match in INTRODUCES.finditer(sentence):
        names = _read_list(sentence, match.end())
        yield from (("introduced" if len(names) == 1 else "listed", name) for name in names)
    for match in ADDRESSES_LAST.finditer(sentence):
        yield ("answered" if replies else "addressed"), match[1]
    for match in ADDRESSES_FIRST.finditer(sentence):
        yield ("answered" if replies else "called"), match[1]


def _unite_spellings(mentions: Sequence[_Mention], turns: Sequence[SpokenTurn]) -> list[_Mention]:
    """Give the full names that a voice says of itself after one given name a single spelling, the first.

    A rare surname is recognised otherwise each time; as two persons, its spellings would speak against each other.
    """
    first: dict[tuple[str, str], str] = {}
    spelling: dict[str, str] = {}
    for mention in mentions:
        if mention.clue == "itself" and " " in mention.name:
            given_name = mention.name.split()[0]
            spelling[mention.name] = first.setdefault((turns[mention.turn].voice, given_name), mention.name)
    return [mention._replace(name=spelling.get(mention.name, mention.name)) for mention in mentions]


def _read_list(sentence: str, start: int) -> list[str]:
    """Return the names that stand in a row from ``start``: Ann Lee, Bob Ray and Carla Stein."""
    names = []
    found = NAME.match(sentence, start)
    while found:
        names.append(found.group())
        between = BETWEEN_NAMES.match(sentence, found.end())
        found = NAME.match(sentence, between.end()) if between else None
    return [name for name in names if _may_be_person(name)]


def _may_be_person(name: str) -> bool:
    first = name.split()[0].lower()
    if read_name(name) is None or first in NOT_NAMES or name.lower() in CALENDAR | ORGANISATIONS:
        return False
    return " " in name or SINGLE_NAME.fullmatch(name) is not None


def _find_persons(mentions: Sequence[_Mention], known: Sequence[str]) -> list[str]:
    """Return those who may speak: who is known, and who is introduced or addressed, each by the fullest name."""
    times = Counter(mention.name for mention in mentions)
    introduced = {mention.name for mention in mentions if mention.clue not in ("called", "addressed", "answered")}
    certain = Counter(mention.name for mention in mentions if mention.clue != "called")
    named = [
        name
        for name, _ in times.most_common()
        if name.lower() in FIRST_NAMES or (" " in name and name in introduced) or certain[name] >= LEAST_SAID
    ]
    persons = [name for name in known if name.split()]  # a stranger's library may have empty ones
    for name in sorted(named[:MOST_PERSONS], key=lambda name: -len(name.split())):
        if not any(compare_names(name, person) >= Likeness.weak for person in persons):
            persons.append(name)
    return persons


def _person_of(name: str, persons: Sequence[str]) -> str | None:
    """Return the one person whose name this may be; None if it is nobody's or several have it."""
    fitting = [(compare_names(name, person), person) for person in persons]
    best = max((likeness for likeness, _ in fitting), default=Likeness.different)
    chosen = [person for likeness, person in fitting if likeness == best]
    return chosen[0] if best >= Likeness.weak and len(chosen) == 1 else None


def _find_clues(mentions: Iterable[_Mention], turns: Sequence[SpokenTurn]) -> Iterator[tuple[_Mention, str, Clue]]:
    """Yield each mention with the voices whose name it may be, and how it speaks for that."""
    first: dict[str, int] = {}
    said: Counter[str] = Counter()
    before = []
    for number, (voice, text) in enumerate(turns):
        first.setdefault(voice, number)
        before.append(said[voice])
        said[voice] += len(text)
    for mention in mentions:
        if mention.clue != "itself" or before[mention.turn] <= LATEST_OWN_NAME:
            yield from ((mention, voice, clue) for voice, clue in _voices_meant(mention, turns, first))


def _voices_meant(
    mention: _Mention, turns: Sequence[SpokenTurn], first: Mapping[str, int]
) -> Iterator[tuple[str, Clue]]:
    """Yield the voices that a mention may mean; ``first`` is the turn in which each begins to speak."""
    here = mention.turn
    following = turns[here + 1 : here + 1 + SOONEST]
    if mention.clue == "itself":
        yield turns[here].voice, "itself"
    elif mention.clue in ("introduced", "listed"):
        new = list(dict.fromkeys(one.voice for one in following if first[one.voice] > here))
        yield from ((voice, mention.clue) for voice in new[:1])
        yield from ((voice, "follows") for voice in new[1:2])
        if not new and here < OPENING and following:
            yield following[0].voice, "follows"
    elif mention.clue in ("thanked", "answered"):
        yield from ((one.voice, mention.clue) for one in turns[max(0, here - 1) : here])
    else:
        yield from ((one.voice, mention.clue) for one in following[:1])
