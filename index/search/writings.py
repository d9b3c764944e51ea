"""Write a query in the ways of one library, and say what it then treats as equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.fulltext.lexicon import Lexicon
from index.language.tokens import tokenize
from index.query.tree import Numeral, Phrase, Query, Term, Within, parts_of
from index.query.word_reader import Equal
from index.search.compounds import Compounds


def write_query(query: Query, equal: Iterable[Equal], lexicon: Lexicon) -> tuple[Query, tuple[str, ...]]:
    """Return a query with its compounds in the ways of a library, and notes on what it does not take literally.

    ``equal`` are the writings that the parser found to be equal in its phrases.
    """
    compounds = Compounds(lexicon)
    written = compounds.write(query)
    phrased = [*_describe_numbers(query), *_describe_equal((*equal, *compounds.equal), lexicon)]
    notes = [*_describe_capitals(query)]
    if phrased:
        notes.append(f"Equal in phrases: {'; '.join(dict.fromkeys(phrased))}.")
    return written, tuple(notes)


def _describe_capitals(query: Query) -> Iterator[str]:
    """Yield a note for each word that is asked for as an abbreviation."""
    tokens = (token for part in parts_of(query) for token in _tokens(part) if token.isupper())
    for token in dict.fromkeys(tokens):
        dotted = ".".join(token) + "."
        yield f"{token} is read as the abbreviation ({token}, {dotted}); {token.lower()} in small letters is the word."


def _tokens(query: Query) -> Iterator[str]:
    match query:
        case Term(token):
            yield token
        case Phrase(parts) | Within(parts):
            yield from (part for part in parts if isinstance(part, str))


def _describe_numbers(query: Query) -> Iterator[str]:
    for one in parts_of(query):
        if isinstance(one, Phrase | Within):
            yield from (f'"{part.text}" in any notation' for part in one.parts if isinstance(part, Numeral))


def _describe_equal(equal: Iterable[Equal], lexicon: Lexicon) -> Iterator[str]:
    """Yield the writings that are equal and whose words are in the library."""
    for given, other in equal:
        words = set(tokenize(" ".join(other)))
        if words <= lexicon.known(words):
            yield f'"{" ".join(given)}" and "{" ".join(other)}"'
