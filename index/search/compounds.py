"""Compounds in each way that a library writes them: lifelong, life-long and life long are one word.

A query knows no words (index/language/other_writings.py has the compounds that can be told without); the lexicon has
those of the library. Two words are joined, and one is parted, only if the library has the other writing's words and
neither half is a common or closed-class word: "notable" is not "not able", "maybe" not "may be". A word that the
library does not have may also have common words for halves, but no closed-class ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.fulltext.lexicon import Lexicon
from index.language.common_words import COMMON_WORDS
from index.language.phrase_words import CLOSE_WORDS, LEADING_WORDS
from index.query.tree import Alike, AllOf, AnyOf, Near, Part, Phrase, Query, Term
from index.query.word_reader import Equal

SHORTEST_HALF = 3
"""Letters of either half of a compound."""
LONGEST = 30
"""Letters of a word that is parted."""
MOST_WRITINGS = 4
"""Other writings of one phrase."""

_USUAL_HALVES_TEXT = "time work way"
_ENDING_TEXT = """able ants ate ding eds ely ens ent ents ers ess est ful hood ier ies iest ily ing ings ion ions
    ish ism ist ists ity ive ize less ling lings men ment ments ness ous ship ten ted ter ters tic
    tin ting tion tions ward"""
_NO_HALVES = LEADING_WORDS["en"] | CLOSE_WORDS["en"] | set(_ENDING_TEXT.split())
"""Words that are no half of a compound, even of a word that the library does not have."""
_LAST_HALVES = frozenset({"down", "in", "off", "on", "out", "over", "up"})
"""Behind a verb in words that are written as two as well, such as dialup; for words that the library does not have."""
_UNSAFE = (COMMON_WORDS["en"] | _NO_HALVES) - set(_USUAL_HALVES_TEXT.split())
"""Words that make others of what stands beside them, "set up" and setup, "in sight" and insight; and endings of words,
which a library may also have as words: "com ing"."""


@dataclass(slots=True)
class Compounds:
    """Writes the compounds of a query in the ways of a library.

    ``equal`` are the words of phrases with the words that are found for them.
    """

    lexicon: Lexicon
    equal: list[Equal] = field(default_factory=list)

    def write(self, query: Query) -> Query:
        """Return the query with the other writings of its compounds as alternatives."""
        match query:
            case Term(token) | Alike(token):
                return _any_of((query, *map(Phrase, self._part(token))))
            case Phrase():
                return _any_of((query, *self._rewrite_phrase(query)))
            case AllOf(children, excluded):
                return AllOf(self._join_words(children), tuple(map(self.write, excluded)))
            case AnyOf(children):
                return _any_of((*map(self.write, children), *self._other_forms(children)))
            case Near(children):
                return replace(query, children=tuple(map(self.write, children)))
            case _:
                return query

    def _part(self, token: str) -> list[tuple[str, str]]:
        """Return the two words that a word in any form is also written as: websites is "web sites" and "web site"."""
        if len(token) > LONGEST:
            return []
        splits = [(form[:at], form[at:]) for form in _forms(token) for at in range(SHORTEST_HALF, len(form) - 1)]
        known = self.lexicon.known({token, *(half for split in splits for half in split)})
        may_be_halves = _are_halves if token in known else _may_be_halves
        return [split for split in splits if known.issuperset(split) and may_be_halves(*split)]

    def _rewrite_phrase(self, phrase: Phrase) -> Iterator[Phrase]:
        """Yield a phrase with one of its words parted, or two of them joined."""
        parts = phrase.parts
        found: list[tuple[int, int, tuple[str, ...]]] = [
            (at, at + 1, split) for at, part in enumerate(parts) for split in self._exactly_parted(part)
        ]
        found += [(at, at + 2, (joined,)) for at, joined in self._joined(parts)]
        for start, stop, words in found[:MOST_WRITINGS]:
            self.equal.append((tuple(map(str, parts[start:stop])), words))
            yield Phrase((*parts[:start], *words, *parts[stop:]))

    def _exactly_parted(self, part: Part) -> list[tuple[str, str]]:
        return [split for split in self._part(part) if "".join(split) == part] if isinstance(part, str) else []

    def _joined(self, words: Sequence[Part | None]) -> list[tuple[int, str]]:
        """Return the words of the library that two words in a row are when they are joined, and the first's place."""
        pairs = [
            (at, f"{one}{other}")
            for at, (one, other) in enumerate(pairwise(words))
            if _is_half(one) and _is_half(other)
        ]
        known = self.lexicon.known({joined for _, joined in pairs})
        return [(at, joined) for at, joined in pairs if joined in known]

    def _join_words(self, children: Sequence[Query]) -> tuple[Query, ...]:
        """Return the words of a conjunction, those in a row that may be one word with it as an alternative."""
        joined = dict(self._joined(list(map(_plain_word, children))))
        written: list[Query] = []
        at = 0
        while at < len(children):
            one, two = children[at : at + 1], children[at : at + 2]
            if at in joined:
                written.append(AnyOf((AllOf(tuple(map(self.write, two))), Term(joined[at]))))
            else:
                written += map(self.write, one)
            at += 1 + (at in joined)
        return tuple(written)

    def _other_forms(self, children: Sequence[Query]) -> Iterator[Phrase]:
        """Yield the other forms of words that are asked for with a hyphen and without: e-mails is e-mail too."""
        words = {child.token for child in children if isinstance(child, Term)}
        for child in children:
            if isinstance(child, Phrase) and "".join(map(str, child.parts)) in words:
                *before, last = map(str, child.parts)
                yield from (Phrase((*before, form)) for form in self.lexicon.known(set(_forms(last)) - {last}))


def _any_of(queries: Iterable[Query]) -> Query:
    alternatives = tuple(dict.fromkeys(queries))
    return alternatives[0] if len(alternatives) == 1 else AnyOf(alternatives)


def _forms(word: str) -> tuple[str, ...]:
    """Return a word, and its plural or what it is the plural of."""
    return word, word[:-1] if word.endswith("s") else f"{word}s"


def _are_halves(first: str, last: str) -> bool:
    return len(last) >= SHORTEST_HALF and first not in _UNSAFE and last not in _UNSAFE


def _may_be_halves(first: str, last: str) -> bool:
    """Whether these may be the halves of a word that the library does not have: source-first, dial-up."""
    if last in _LAST_HALVES:
        return first not in _NO_HALVES
    return len(last) >= SHORTEST_HALF and first not in _NO_HALVES and last not in _NO_HALVES


def _is_half(word: Part | None) -> bool:
    return isinstance(word, str) and len(word) >= SHORTEST_HALF and word.isalpha() and word not in _UNSAFE


def _plain_word(query: Query) -> str | None:
    """Return the word that a query asks for, perhaps beside others that are spelled or sound like it."""
    first = query.children[0] if isinstance(query, AnyOf) else query
    return first.token if isinstance(first, Term | Alike) else None
