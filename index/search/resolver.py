"""Resolve a query's words and conditions against one library: matching words, transcripts and speakers."""

from __future__ import annotations

from collections.abc import Sequence

from index.fulltext.lexicon import Expanded, Lexicon
from index.fulltext.token_cache import SearchedTranscript, TokenCache
from index.language.tokens import find_token_runs, tokenize
from index.query.tree import AllOf, AnyOf, Filter, Query, Term, WordQuery, parts_of


class QueryResolver:
    """Resolves one query against one library (a ``Meaning``), caching every result."""

    def __init__(self, cache: TokenCache, lexicon: Lexicon) -> None:
        self._cache = cache
        self._lexicon = lexicon
        self.languages: Sequence[str | None] = lexicon.languages()
        self.expanded: dict[WordQuery, Expanded] = {}
        self._forms: dict[tuple[str, str | None], frozenset[str]] = {}
        self._transcripts: dict[Query, frozenset[int]] = {}
        self._satisfied: dict[tuple[Query, int, str | None], bool] = {}
        self._ids = {one.episode.id for one in cache.transcripts.values()}

    def words(self, asked: WordQuery, language: str | None) -> frozenset[str]:
        """Return the words of the library that match one word of a query in a transcript of this language."""
        if isinstance(asked, Term):
            key = (asked.token, language)
            if key not in self._forms:
                self._forms[key] = self._lexicon.forms(asked.token, language)
            return self._forms[key]
        if asked not in self.expanded:
            self.expanded[asked] = self._lexicon.matching(asked)
        return self.expanded[asked].words

    def transcripts(self, condition: Query) -> frozenset[int]:
        """Return the transcripts in which some word may satisfy a condition."""
        if condition not in self._transcripts:
            by_speaker = asks_for_speaker(condition)
            self._transcripts[condition] = frozenset(
                number
                for number, one in self._cache.transcripts.items()
                if self.satisfies(condition, one, None)
                or (by_speaker and any(self.satisfies(condition, one, who) for who in self._cache.speakers[number]))
            )
        return self._transcripts[condition]

    def satisfies(self, condition: Query, searched: SearchedTranscript, speaker: str | None) -> bool:
        """Whether this speaker's words in a transcript satisfy a condition."""
        key = (condition, searched.number, speaker)
        if key not in self._satisfied:
            self._satisfied[key] = self._judge(condition, searched, speaker)
        return self._satisfied[key]

    def _judge(self, condition: Query, searched: SearchedTranscript, speaker: str | None) -> bool:
        match condition:
            case AllOf(children, excluded):
                return all(self.satisfies(child, searched, speaker) for child in children) and not any(
                    self.satisfies(child, searched, speaker) for child in excluded
                )
            case AnyOf(children):
                return any(self.satisfies(child, searched, speaker) for child in children)
            case Filter("show", values):
                return _names(searched.episode.show, values)
            case Filter("title", values):
                return _names(searched.episode.title, values)
            case Filter("speaker", values):
                return _names(speaker, values)
            case Filter("lang", (code,)):
                return searched.language == code
            case Filter("episode", (name,)):
                known = searched.episode.id
                return known == name if name in self._ids else known.startswith(name)
            case Filter("date", (first, last)):
                return searched.episode.published is not None and first <= searched.episode.published[:10] <= last
            case _:
                raise ValueError(f"{condition} is not a condition")


def asks_for_speaker(query: Query) -> bool:
    """Whether a query filters by speaker."""
    return any(isinstance(part, Filter) and part.field == "speaker" for part in parts_of(query))


def _names(name: str | None, wanted: tuple[str, ...]) -> bool:
    return name is not None and bool(find_token_runs(tokenize(name), wanted))
