"""Resolve a query's words and conditions against one library: matching words, transcripts and speakers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain, product

from index.fulltext.alike import WordPairs
from index.fulltext.lexicon import Expanded, Lexicon
from index.fulltext.token_cache import TokenCache
from index.language.tokens import find_token_runs, tokenize
from index.query.dates import lies_between
from index.query.tree import Alike, AllOf, AnyOf, Filter, Query, Term, WordQuery, parts_of
from index.search.circumstances import Said

_OF_WORDS = ("speaker", "chapter")
"""Fields of which words of one episode may satisfy some and others not."""
_ANYHOW = Said()


class QueryResolver:
    """Resolves one query against one library (a ``Meaning``), caching every result."""

    def __init__(self, cache: TokenCache, lexicon: Lexicon) -> None:
        self._cache = cache
        self._lexicon = lexicon
        self.languages: Sequence[str | None] = lexicon.languages()
        self.expanded: dict[WordQuery, Expanded] = {}
        self._kept_forms: dict[tuple[str, str | None], dict[str, float]] = {}
        self._pairs: dict[str, WordPairs] = {}
        self._alike: dict[tuple[str, str | None], dict[str, float]] = {}
        self._transcripts: dict[Query, frozenset[int]] = {}
        self._satisfied: dict[tuple[Query, int, Said], bool] = {}
        self._chaptered: dict[tuple[str, ...], dict[str, set[str]]] = {}

    def words(self, asked: WordQuery, language: str | None) -> Mapping[str, float]:
        """Return the words of the library that match one word of a query in a transcript of this language.

        With how alike they are to it, above 0 to 1: its own forms.
        """
        match asked:
            case Term(token):
                return self._forms(token, language)
            case Alike(token):
                key = (token, language)
                if key not in self._alike:
                    self._alike[key] = self._lexicon.alike(token) | self._forms(token, language)
                return self._alike[key]
        if asked not in self.expanded:
            self.expanded[asked] = self._lexicon.matching(asked)
        return self.expanded[asked].words

    def pairs(self, token: str) -> WordPairs:
        """Return the pairs of words of the library that together sound nearly like a word."""
        if token not in self._pairs:
            self._pairs[token] = self._lexicon.pairs(token)
        return self._pairs[token]

    def _forms(self, token: str, language: str | None) -> dict[str, float]:
        key = (token, language)
        if key not in self._kept_forms:
            self._kept_forms[key] = dict.fromkeys(self._lexicon.forms(token, language), 1.0)
        return self._kept_forms[key]

    def transcripts(self, condition: Query) -> frozenset[int]:
        """Return the transcripts in which some word may satisfy a condition."""
        if condition not in self._transcripts:
            found = self._bounds(condition)[1]
            if asked := [part for part in parts_of(condition) if isinstance(part, Filter) and part.field in _OF_WORDS]:
                found = frozenset(number for number in found if self._some_word_may_satisfy(condition, number, asked))
            self._transcripts[condition] = found
        return self._transcripts[condition]

    def _some_word_may_satisfy(self, condition: Query, number: int, asked: Sequence[Filter]) -> bool:
        """Whether any speaker, in any of the chapters that are ``asked`` for or another, satisfies a condition."""
        if number not in self._episodes:
            return False  # the lexicon may know speakers of a transcript that was removed meanwhile
        speakers: list[str | None] = [None, *self._speakers.get(number, ())]
        chapters: set[str | None] = {None}
        for part in asked:
            if part.field == "chapter":
                chapters |= self._titles(part.values).get(self._episodes[number], set())
        return any(self.satisfies(condition, number, Said(*said)) for said in product(speakers, chapters))

    def _bounds(self, condition: Query) -> tuple[frozenset[int], frozenset[int]]:
        """Return the transcripts in which every word satisfies a condition, and those in which some word may.

        They differ only by speakers and chapters.
        """
        match condition:
            case AllOf(children, excluded):
                surely, maybe = self._everything, self._everything
                for inside, reach in map(self._bounds, children):
                    surely, maybe = surely & inside, maybe & reach
                for inside, reach in map(self._bounds, excluded):
                    surely, maybe = surely - reach, maybe - inside
                return surely, maybe
            case AnyOf(children):
                surely, maybe = frozenset(), frozenset()
                for inside, reach in map(self._bounds, children):
                    surely, maybe = surely | inside, maybe | reach
                return surely, maybe
            case Filter("speaker", values):
                names = {name for name in {*chain(*self._speakers.values())} if is_named(name, values)}
                speaking = (number for number, named in self._speakers.items() if not names.isdisjoint(named))
                return frozenset(), frozenset(speaking)
            case Filter("chapter", values):
                titled = self._titles(values)
                chaptered = (number for number, episode, *_ in self._cache.conditions if episode in titled)
                return frozenset(), frozenset(chaptered)
            case Filter() as asked:
                found = self._filtered(asked)
                return found, found
            case _:
                raise ValueError(f"{condition} is not a condition")

    def _filtered(self, asked: Filter) -> frozenset[int]:
        """Return the transcripts that satisfy a filter other than by speaker or chapter."""
        if asked not in self._transcripts:
            self._transcripts[asked] = frozenset(self._filter(asked.field, asked.values))
        return self._transcripts[asked]

    def _filter(self, field: str, values: tuple[str, ...]) -> list[int]:
        rows = self._cache.conditions
        match field:
            case "show":
                shows = {show for show in {show for _, _, show, _, _ in rows} if is_named(show, values)}
                return [number for number, _, show, _, _ in rows if show in shows]
            case "title":
                # Equal words have equal stems, so no other title can have these words.
                likely = chain(*(self._lexicon.titled(values, language) for language in self.languages))
                known = filter(None, map(self._cache.transcript, likely))
                return [one.number for one in known if is_named(one.episode.title, values)]
            case "notes":
                noted = set(self._cache.noted_episodes(values))
                return [number for number, episode, *_ in rows if episode in noted]
            case "lang":
                return [number for number, _, _, _, language in rows if language == values[0]]
            case "episode":
                exact = [number for number, episode, _, _, _ in rows if episode == values[0]]
                return exact or [number for number, episode, _, _, _ in rows if episode.startswith(values[0])]
            case "date":
                first, last = values
                return [number for number, _, _, day, _ in rows if day is not None and lies_between(day, first, last)]
            case _:
                raise ValueError(f"there is no field {field}")

    @cached_property
    def _everything(self) -> frozenset[int]:
        return frozenset([number for number, *_ in self._cache.conditions])

    @cached_property
    def _episodes(self) -> dict[int, str]:
        """The id of the episode of each transcript."""
        return {number: episode for number, episode, *_ in self._cache.conditions}

    @cached_property
    def _speakers(self) -> dict[int, list[str]]:
        return self._lexicon.speakers()

    def _titles(self, values: tuple[str, ...]) -> dict[str, set[str]]:
        """Return the titles of chapters that satisfy a filter, by the ids of their episodes."""
        if values not in self._chaptered:
            self._chaptered[values] = self._cache.chaptered_episodes(values)
        return self._chaptered[values]

    def satisfies(self, condition: Query, transcript: int, said: Said = _ANYHOW) -> bool:
        """Whether words of a transcript that are said so satisfy a condition."""
        key = (condition, transcript, said)
        if key not in self._satisfied:
            self._satisfied[key] = self._judge(condition, transcript, said)
        return self._satisfied[key]

    def _judge(self, condition: Query, transcript: int, said: Said) -> bool:
        match condition:
            case AllOf(children, excluded):
                return all(self.satisfies(child, transcript, said) for child in children) and not any(
                    self.satisfies(child, transcript, said) for child in excluded
                )
            case AnyOf(children):
                return any(self.satisfies(child, transcript, said) for child in children)
            case Filter("speaker", values):
                return is_named(said.speaker, values)
            case Filter("chapter", values):
                return is_named(said.chapter, values)
            case Filter() as asked:
                return transcript in self._filtered(asked)
            case _:
                raise ValueError(f"{condition} is not a condition")


def is_named(name: str | None, wanted: tuple[str, ...]) -> bool:
    """Whether these tokens stand in a row in a name; not if it is unknown."""
    return name is not None and bool(find_token_runs(tokenize(name), wanted))
