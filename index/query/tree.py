"""The query tree: what each node asks for, precisely enough for a reference implementation in plain code.

A *place* is a range of tokens of one episode, first and last included. Places are looked for passage by passage
(index/fulltext/passages.py), and what a query finds is the union over all passages; each place counts once, as the
words in which it begins and ends. A leaf's place is in a passage if all its tokens are, with two exceptions, which
are looked for in the whole episode: a place of a phrase that has more than 30 tokens is in every passage that holds
its first 30, and a place of ``Near`` is in every passage that holds its first token.

*Conditions* ask about words, not for them: a ``Filter``, or an ``AllOf`` or ``AnyOf`` of conditions alone. Alone they
have no places; index/search/described.py says what they find then. Next to
other children of an ``AllOf`` a condition binds every leaf below those children, at whatever depth (for ``Near``,
its children): of a leaf's places only those are left of which every word, from the first to the last, satisfies it;
for a condition that is excluded, those of which no word does. What is excluded is itself bound by no condition.

A *number* is read as index/language/numbers/number_readings.py reads it: from the words of the query, and from
those of the whole transcript in its language. What it matches are the places of readings: all tokens of a reading,
whatever they are.

Tokens are folded as index/language/tokens.py folds them, but for five: where index/language/capitals.py tells by its
capitals that a transcript has an abbreviation, the token is in capitals, US, and not the token us. One in capitals is
asked for only in languages that have both; in others it stands for the one in small letters.

Where words of the library are meant by a pattern, by spelling or by sound, they are the EXPANSION_LIMIT most frequent
that fit in small letters, counted over the whole library (of two that are equally frequent, the first by alphabet), in
whatever language, and not their other forms. For ``Alike`` they are the ALIKE_LIMIT closest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.language.numbers.number_readings import Number
from index.language.tokens import fold_text, tokenize

EXPANSION_LIMIT = 1_000
"""Maximum number of words that one pattern expands to."""
ALIKE_LIMIT = 30
"""Maximum number of words that are alike one: their postings are read for every word of a query."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word in any of its forms: every token that has the same stem in the language of its transcript."""

    token: str


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in any notation: every reading of a number that ``answers`` to it: is equal, or has a unit more.

    A reading that takes more tokens than two for each digit and four is no place, nor one of more than 30. ``text`` is
    how the query writes the number. If that is a single word without digits ("twenty", "second", "half"), also
    every token, outside of all numbers, that is the word: as for a ``Term`` if it stands alone, exactly it in a
    ``Phrase`` or ``Within``. There it may also be one of the words of a digit string without figures: five digits in a
    row are one number, and still five words.
    """

    text: str
    number: Number

    @property
    def word(self) -> str | None:
        """The single word without digits that it is written as, folded; None if it is written otherwise."""
        folded = fold_text(self.text)
        return folded if tokenize(self.text) == (folded,) and not any(map(str.isdigit, folded)) else None


Part = str | Numeral
"""A part of a phrase: exactly this token, or a number."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exactly these parts in this order, with no token between them; places may overlap."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """Exactly these parts in any order, with at most ``distance`` other tokens among them.

    A part that is asked for twice must be there twice. Of all ranges of a passage that hold the parts and hold no
    smaller range that does, those that are short enough are its places; they may overlap. For the length of a range
    each place of a number in it counts as one token. A passage of fewer tokens than parts has no places.
    """

    parts: tuple[Part, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every word that is wholly of this pattern: ``*`` is any number of characters, also none, ``?`` exactly one."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every word within this unrestricted Damerau-Levenshtein distance.

    Edits are insertions, deletions and substitutions of a character, and transpositions of two neighbours.
    """

    token: str
    distance: int


@dataclass(frozen=True, slots=True)
class Sounds:
    """Every word with the same sound code (``sound_of`` in index/language/phonetics.py); the word itself if it has
    none."""

    token: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Every token that a ``Term`` finds, every word that is spelled or sounds nearly like it, and pairs of such words.

    A pair are two tokens in a row that together sound nearly like the word, as a name may be misheard (Okafor, oak
    afford); one of them is rare, and so is the word, else it has none. index/fulltext/alike.py says how near, and how
    rare. The nearer, the higher the score of a place; the places of the ``Term`` come first.
    """

    token: str


@dataclass(frozen=True, slots=True)
class Near:
    """A place of each child, all within ``seconds``: from the first word's start to the latest end of the words.

    Children are leaves or an ``AnyOf`` of leaves. Candidates are, from wherever in the episode a child's place
    begins, the shortest range that begins there and holds a place of every child. Those that last too long are left
    out; of the others the places are chosen as those of an ``AllOf`` are, for the whole episode at once.
    """

    children: tuple[Query, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition that a word satisfies by what is known of it.

    ``show``, ``title``, ``chapter``, ``speaker``: the tokens of ``values`` stand in a row in the name of its show, the
    title of its episode, that of the last chapter that has begun when the word begins, the name of whoever speaks its
    sentence. ``notes``: they do in what the publisher says of its episode: in the notes, the name of a person, or the
    title of a soundbite. ``episode``: its episode's id is the value or, where no id
    of the library is, begins with it. ``lang``: its transcript's language is the value (a code). ``date``: its
    episode came out on a day from the first value to the second (YYYY-MM-DD, both included).
    What is not known satisfies nothing.
    """

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """A place of each child within one passage that holds no place of anything ``excluded``.

    With one child apart from conditions and what is excluded, its places. Else, from wherever a child's place begins in
    the passage, the shortest range that begins there and holds a place of every child; of these ranges the shortest
    (of two the earlier), then the shortest that shares no token with it, and so on.
    Of conditions alone: the words that satisfy all of them and nothing ``excluded``.
    """

    children: tuple[Query, ...]
    excluded: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The places of every child; of conditions alone, the words that satisfy one of them."""

    children: tuple[Query, ...]


WordQuery = Term | Wildcard | Fuzzy | Sounds | Alike
"""Nodes that a single token can match."""
Leaf = WordQuery | Numeral | Phrase | Within
Query = Leaf | Near | Filter | AllOf | AnyOf


def is_condition(query: Query) -> bool:
    """Whether a query is a condition: asks about words, not for them."""
    match query:
        case Filter():
            return True
        case AllOf(children, excluded):
            return all(map(is_condition, (*children, *excluded)))
        case AnyOf(children):
            return all(map(is_condition, children))
        case _:
            return False


DESCRIBING = ("title", "chapter", "notes")
"""The fields of what publishers write, which is found where only fields are asked for."""


def describing_filters(query: Query) -> Iterator[Filter]:
    """Yield the filters by what publishers write that a query asks for, without those that it excludes."""
    match query:
        case Filter(field) if field in DESCRIBING:
            yield query
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from describing_filters(child)


def is_about_descriptions(query: Query) -> bool:
    """Whether a query asks for what publishers write, and for no words that were said."""
    return is_condition(query) and any(describing_filters(query))


def condition_of(query: AllOf) -> AllOf | None:
    """Return the conditions among the children and exclusions as one AllOf, None if there are none."""
    wanted = tuple(child for child in query.children if is_condition(child))
    excluded = tuple(child for child in query.excluded if is_condition(child))
    return AllOf(wanted, excluded) if wanted or excluded else None


def parts_of(query: Query) -> Iterator[Query]:
    """Yield the query and all nodes below it, including exclusions."""
    yield query
    match query:
        case AllOf(children, excluded):
            below = (*children, *excluded)
        case AnyOf(children) | Near(children):
            below = children
        case _:
            below = ()
    for child in below:
        yield from parts_of(child)
