"""Query text -> query tree, with a small grammar; errors give the column.

A query is parsed once. Each index uses the tree to propose passages, and index/search/searcher.py to verify them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.tree import Meta

from audio.errors import TimeError, UsageError
from audio.timecode import parse_time
from index.errors import QueryError
from index.language.language_codes import parse_language
from index.language.tokens import fold_text, tokenize
from index.query.dates import parse_days
from index.query.foreign_operators import FIELDS, advise_on_field, dotted_range, find_foreign, straighten_quotes
from index.query.tree import (
    AllOf,
    AnyOf,
    Filter,
    Fuzzy,
    Near,
    Phrase,
    Query,
    Sounds,
    Wildcard,
    Within,
    is_about_descriptions,
    is_condition,
)
from index.query.word_reader import Equal, WordReader

MAX_DEPTH = 100
"""Nesting depth of brackets; the tree is walked recursively."""
MAX_EDITS = 2
MAX_PATTERN = 200
"""Characters of a word with wildcards: each piece between stars is searched for in every word of the library."""

_GRAMMAR = r"""
    ?start: any
    ?any: all (_OR all)*
    ?all: item (_AND? item)*
    ?item: PHRASE | LOOSE | WORD | field | near | "(" any ")" | without | required
    without: (_NOT | _MINUS) item
    required: _PLUS item
    field: FIELD (WORD | PHRASE | LOOSE | RANGE | "(" any ")")
    near: NEAR part (_COMMA part)* ")"
    ?part: PHRASE | LOOSE | PART | near_field | "(" any ")"
    near_field: FIELD (PART | PHRASE)
    _OR.2: /OR(?![^\s()"])|\|\|?/
    _AND.2: /AND(?![^\s()"])|&&/
    _NOT.2: /NOT(?![^\s()"])/
    _MINUS.1: /[-!](?=["(\w])/
    _PLUS.1: /\+(?=["(]|[^\W\d_])/
    _COMMA: ","
    NEAR.3: /near\(/i
    FIELD.3: /(?:FIELDS):(?=\S)|[^\W\d]+:(?=[\w".(\[{<>=])/i
    RANGE.3: /[\[{][^\[\]{}"]*[\]}]/
    LOOSE.2: /"[^"]*"~[^\s()",]*/
    PHRASE.1: /"[^"]*"/
    WORD: /(?!(?:OR|AND|NOT)(?![^\s()"]))(?:[^\s()"|&]|&(?!&))+/
    PART: /(?:[^\s()",|&]|&(?!&)|(?<=[0-9]),(?=[0-9]{3}(?![0-9])))+/
    %ignore /\s+/
""".replace("FIELDS", "|".join(FIELDS))
_MARKS = frozenset("*?~")
"""Characters that make a pattern of a word."""
_PIECE = regex.compile(r"[\p{L}\p{N}\p{M}_'*?]+")
_ONLY_FIELDS = "fields only narrow a search: add words to search for."
_FUZZY = regex.compile(r"([^~]+)~([\d.]*)")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query tree, and what is equal in its phrases."""

    query: Query
    equal: tuple[Equal, ...]


def parse_query(text: str, languages: Iterable[str | None] = ("en",)) -> Query:
    """Return the tree of a query, with its numbers as they are read in each of these languages.

    Raises QueryError, which gives the column.
    """
    return parse_with_writings(text, languages).query


def parse_with_writings(
    text: str, languages: Iterable[str | None] = ("en",), *, descriptions: bool = False
) -> ParsedQuery:
    """Return what ``parse_query`` does, with the writings that are equal in its phrases.

    With ``descriptions`` the query may ask only for what publishers write: titles, chapters and notes.
    """
    plain = straighten_quotes(text)
    _check_brackets(text, plain)
    if foreign := find_foreign(text, plain):
        raise QueryError(text, foreign[0] + 1, foreign[1])
    try:
        tree = _parser().parse(plain)
    except UnexpectedInput as error:
        raise _explain(text, error) from None
    builder = _Builder(text, tuple(languages))
    query = builder.build(tree)
    if query is None:
        raise QueryError(text, 1, "it has no letter or digit to search for.")
    if is_condition(query) and not (descriptions and is_about_descriptions(query)):
        raise QueryError(text, builder.position(tree) + 1, _ONLY_FIELDS)
    return ParsedQuery(query, builder.equal)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", propagate_positions=True)


def _check_brackets(text: str, plain: str) -> None:
    opened: list[int] = []
    quoted = False
    for place, character in enumerate(plain):
        if character == '"':
            quoted = not quoted
        elif character == "(" and not quoted:
            opened.append(place)
            if len(opened) > MAX_DEPTH:
                raise QueryError(text, place + 1, f"brackets are nested more than {MAX_DEPTH} deep.")
        elif character == ")" and not quoted:
            if not opened:
                raise QueryError(text, place + 1, "this bracket was never opened.")
            opened.pop()
    if quoted:
        raise QueryError(text, plain.rindex('"') + 1, "this quotation mark is never closed.")
    if opened and plain[opened[-1] + 1 :].strip():
        raise QueryError(text, opened[-1] + 1, "this bracket is never closed.")


def _explain(text: str, error: UnexpectedInput) -> QueryError:
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        place, found = error.token.start_pos or 0, str(error.token)
        if "_COMMA" in error.expected and error.token.type in ("_OR", "_AND"):
            return QueryError(text, place + 1, "alternatives go in brackets, as in near((ferry OR boat), storm, 30s).")
        if "_COMMA" in error.expected:
            return QueryError(text, place + 1, "a comma is missing here, as in near(ferry, storm, 30s).")
    elif isinstance(error, UnexpectedCharacters):
        place = error.pos_in_stream
        found = text[place:].split()[0]
    else:
        if not text.strip():
            return QueryError(text, 1, "it is empty.")
        return QueryError(text, len(text.rstrip()), f"something is missing after {text.split()[-1]!r}.")
    return QueryError(text, place + 1, f"something is missing before {found!r}.")


class _Built(NamedTuple):
    query: Query
    column: int


class _Builder:
    """Converts the parser's tree of one query to a query tree, dropping words without a letter or digit."""

    def __init__(self, text: str, languages: tuple[str | None, ...]) -> None:
        self._text = text
        self._reader = WordReader(languages)

    @property
    def equal(self) -> tuple[Equal, ...]:
        """What is equal in the phrases of the query."""
        return tuple(dict.fromkeys(self._reader.equal))

    def build(self, node: Tree[Token] | Token) -> Query | None:
        """Return the query of a node, None if all its words are dropped."""
        if isinstance(node, Token):
            return self._word(node)
        if node.data == "without":
            raise self._error(node, "NOT, - and ! only exclude: add words to search for.")
        if node.data in ("field", "near_field"):
            name, value = node.children
            assert isinstance(name, Token)
            return self._field(name, value) if isinstance(value, Token) else self.build(self._spread(name, value))
        if node.data == "required":
            return self.build(node.children[0])
        if node.data == "near":
            return self._near(node)
        return self._any(node) if node.data == "any" else self._all(node)

    def position(self, node: Tree[Token] | Token) -> int:
        """Return the offset of a node in the text."""
        return (node.start_pos if isinstance(node, Token) else node.meta.start_pos) or 0

    def _any(self, node: Tree[Token]) -> Query | None:
        for child in node.children:
            for one in (child, *(child.children if isinstance(child, Tree) and child.data == "all" else ())):
                if isinstance(one, Tree) and one.data == "required":
                    raise self._error(one, "+ demands a word that OR makes an alternative: leave one of them out.")
        found = [_Built(query, self.position(child)) for child in node.children if (query := self.build(child))]
        conditions = [one for one in found if is_condition(one.query)]
        if conditions and len(conditions) < len(found):
            raise QueryError(
                self._text, conditions[0].column + 1, "a field cannot be an alternative to words: write it without OR."
            )
        queries = tuple(one.query for one in found)
        return queries[0] if len(queries) == 1 else AnyOf(queries) if queries else None

    def _all(self, node: Tree[Token]) -> Query | None:
        wanted: list[Query] = []
        excluded: list[Query] = []
        for child in self._words_together(node.children):
            if isinstance(child, list):
                wanted += self._reader.words(child)
            elif isinstance(child, Tree) and child.data == "without":
                excluded += filter(None, [self.build(self._inside(child))])
            else:
                wanted += filter(None, [self.build(child)])
        if not wanted:
            return self.build(node.children[0])
        if all(map(is_condition, wanted)) and not all(map(is_condition, excluded)):
            raise self._error(node, _ONLY_FIELDS)
        return wanted[0] if len(wanted) == 1 and not excluded else AllOf(tuple(wanted), tuple(excluded))

    def _words_together(self, children: Iterable[Tree[Token] | Token]) -> Iterator[Tree[Token] | Token | list[str]]:
        """Yield the parts of a conjunction, words in a row as one list: several may be one number."""
        together: list[str] = []
        end = 0
        for child in children:
            is_word = isinstance(child, Token) and child.type == "WORD" and _MARKS.isdisjoint(child)
            start = self.position(child)
            if together and not (is_word and self._text[end:start].isspace()):
                yield together
                together = []
            if isinstance(child, Token) and is_word:
                together.append(self._original(child))
                end = start + len(child)
            else:
                yield child
        if together:
            yield together

    def _inside(self, without: Tree[Token]) -> Tree[Token] | Token:
        inner = without.children[0]
        if isinstance(inner, Tree) and inner.data == "without":
            raise self._error(inner, "NOT, - and ! cannot be doubled.")
        return inner

    def _near(self, node: Tree[Token]) -> Query:
        *parts, last = node.children[1:]
        try:
            seconds = parse_time(str(last))
        except TimeError:
            raise self._error(last, "the last part of near() is the time: near(ferry, storm, 30s).") from None
        children = []
        for part in parts:
            query = self.build(part)
            if query is None or not _is_plain(query):
                raise self._error(part, "near() takes words, phrases, and alternatives in brackets.")
            children.append(query)
        if len(children) < 2:
            raise self._error(node, "near() takes two words or more: near(ferry, storm, 30s).")
        return Near(tuple(children), seconds)

    def _spread(self, name: Token, node: Tree[Token] | Token) -> Tree[Token]:
        """Return what stands in brackets after a field, with the field before each of its words and phrases."""
        if isinstance(node, Token):
            place = Meta()  # type: ignore[no-untyped-call]
            place.start_pos, place.empty = self.position(node), False
            return Tree("field", [name, node], place)
        if node.data in ("field", "near"):
            raise self._error(node, f"brackets after {name} hold words and phrases, as in {name}(bob OR ann).")
        return Tree(node.data, [self._spread(name, child) for child in node.children], node.meta)

    def _field(self, name: Token, value: Token) -> Query | None:
        field = name[:-1].casefold()
        text = self._original(value).strip('"“”„‟«»＂') if value.type == "PHRASE" else self._original(value)
        if field not in FIELDS:
            raise self._error(name, advise_on_field(name[:-1], self._original(value)))
        if value.type == "WORD" and text[0] in "-!+" and field != "date":
            raise self._error(value, f"{text[0]} stands before the field: {text[0]}{name}{text[1:]}")
        tokens = tokenize(text)
        if field == "date":
            try:
                return Filter("date", parse_days(dotted_range(text)))
            except ValueError as error:
                raise self._error(value, f"{error}.") from None
        if not tokens:
            raise self._error(value, f"no letter or digit follows {name}")
        if value.type == "RANGE":
            raise self._error(value, "only dates have ranges, as in date:[2023 TO 2024].")
        if value.type != "PHRASE" and any(mark in text for mark in "*~"):
            raise self._error(value, f"* and ~ are not allowed after {name}")
        if field == "lang":
            try:
                return Filter("lang", (parse_language(text),))
            except UsageError as error:
                raise self._error(value, str(error)) from None
        if field == "sounds":
            words = tuple(map(Sounds, tokens))
            return words[0] if len(words) == 1 else AllOf(words)
        return Filter(field, (text,) if field == "episode" else tokens)

    def _word(self, token: Token) -> Query | None:
        text = self._original(token)
        if token.type == "LOOSE":
            return self._within(token, text)
        if token.type == "PHRASE":
            return self._reader.parts(text, Phrase)
        if "~" in text:
            return self._fuzzy(token, text)
        if any(mark in text for mark in "*?") and "://" not in text and (found := self._wildcard(token, text)):
            return found
        return next(iter(self._reader.words([text])), None)

    def _within(self, token: Token, text: str) -> Query | None:
        phrase, _, number = text.rpartition("~")
        if not (number.isascii() and number.isdecimal() and len(number) < 4):
            raise self._error(token, '"..."~ needs the number of other words allowed in between: "storm harbour"~5.')
        return self._reader.parts(phrase, lambda parts: Within(parts, int(number)))

    def _fuzzy(self, token: Token, text: str) -> Query:
        written = _FUZZY.fullmatch(text)
        tokens = tokenize(written[1]) if written and not any(mark in text for mark in "*?") else ()
        if written is None or len(tokens) != 1:
            raise self._error(token, f"{text!r}: ~ must follow a single word; in quotation marks it is text.")
        number = written[2] or "1"
        if not number.isdecimal() or not 1 <= int(number[:3]) <= MAX_EDITS:
            raise self._error(token, f"{text!r}: the number after ~ can be 1 or {MAX_EDITS}.")
        return Fuzzy(tokens[0], int(number))

    def _wildcard(self, token: Token, text: str) -> Query | None:
        """Return the pattern in a word with ``*`` or ``?``; None if these are only punctuation."""
        pieces = [piece.strip("'") for piece in _PIECE.findall(fold_text(text))]
        patterns = [piece for piece in pieces if any(mark in piece for mark in "*?")]
        tokens = tokenize(text.replace("*", "").replace("?", ""))
        in_one_word = len(tokens) == len(patterns) == 1 and bool(
            tokenize(patterns[0].replace("*", "").replace("?", ""))
        )
        if not tokens or ("*" not in text and not in_one_word):
            return None  # only marks, or question marks between words
        if not in_one_word:
            raise self._error(token, f"{text!r}: * stands for letters of one word.")
        pattern = regex.sub(r"\*[*]+", "*", patterns[0])
        if len(pattern) > MAX_PATTERN:
            raise self._error(token, f"a word with wildcards can have at most {MAX_PATTERN} characters.")
        asked = pattern.rstrip("?")
        if asked == pattern:
            return Wildcard(pattern)
        if any(mark in asked for mark in "*?"):
            return AnyOf((Wildcard(asked), Wildcard(pattern)))
        return AnyOf((*self._reader.words([text.replace("?", "")]), Wildcard(pattern)))

    def _original(self, token: Token) -> str:
        start = token.start_pos or 0
        return self._text[start : start + len(token)]

    def _error(self, node: Tree[Token] | Token, reason: str) -> QueryError:
        return QueryError(self._text, self.position(node) + 1, reason)


def _is_plain(query: Query) -> bool:
    """Whether a query is allowed as a part of near()."""
    if isinstance(query, AnyOf):
        return all(map(_is_plain, query.children))
    return not isinstance(query, AllOf | Near | Filter)
