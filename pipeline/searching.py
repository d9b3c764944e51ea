"""Search with options: query text -> statements or counts, and suggestions where nothing is found."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import accumulate, chain, islice
from string import ascii_lowercase

from audio.errors import WayOut, correct_input
from index.fulltext.maintenance import OpenIndex
from index.fulltext.passages import asked_keys
from index.language.capitals import ABBREVIATED
from index.language.language_codes import parse_language
from index.language.tokens import find_token_runs, tokenize
from index.query.dates import read_date_range
from index.query.foreign_operators import note_stars
from index.query.parser import parse_with_writings
from index.query.rewriting import widen, with_filters, without_filters
from index.query.tree import (
    AllOf,
    AnyOf,
    Filter,
    Near,
    Numeral,
    Part,
    Phrase,
    Query,
    Term,
    Within,
    is_about_descriptions,
    parts_of,
)
from index.query.word_reader import Equal
from index.search.described import find_descriptions
from index.search.hit_speakers import find_hit_speakers, note_unnamed_voices
from index.search.resolver import QueryResolver
from index.search.searcher import Found, Hit, has_hits, search
from index.search.writings import write_query
from index.storage.codecs.word_codec import CHUNK_WORDS
from index.storage.store import Store
from index.storage.transcript_reader import TranscriptFacts
from index.transcript import Segment
from pipeline.answers import FoundStatement, HitCount, SearchAnswer, SearchOptions
from pipeline.citing.citations import cite_span
from pipeline.citing.styles import cite_plain
from pipeline.descriptions.described_places import answer_with_descriptions, mention_descriptions
from pipeline.episodes.chosen_episodes import EpisodeSelection, select_episodes
from pipeline.episodes.unknown_names import explain_filter, find_shows, read_name, unknown_language, unknown_speaker
from pipeline.errors import (
    LEAVE_OUT_FILTERS,
    SEARCH_FUZZILY,
    did_you_mean,
    state_language,
    write_capitals,
    write_small,
)
from pipeline.imported.word_origin import origin_of
from pipeline.lookup import chapter_at

_LETTERS = frozenset(ascii_lowercase)
"""Letters of abbreviations: alone they explain nothing."""
_SUGGESTED, _WIDENED = 5, 30
"""The most words that get suggestions, and the most of a query that is tried as a fuzzy one: each takes some 10 ms."""
_LITTLE = 2
"""Hits up to which a fuzzy search is suggested, if it finds more."""
_READ_WHOLE = 20
"""An episode with more hits than this and than rows of words is read at once: all 122,000 hits of a word took 15 s one
by one."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A query as it was written, its options, the parsed query that includes them, and what is equal in its phrases."""

    text: str
    options: SearchOptions
    query: Query
    equal: tuple[Equal, ...]


def read_query(text: str, options: SearchOptions, store: Store, *, descriptions: bool = False) -> SearchRequest:
    """Parse a query and add its options. With ``descriptions`` it may ask only for titles, chapters and notes.

    Raises QueryError, EpisodeError, and UsageError for an invalid option.
    """
    parsed = parse_with_writings(text, store.languages(), descriptions=descriptions)
    query = with_filters(parsed.query, list(_conditions(options, store)))
    return SearchRequest(text, options, widen(query) if options.fuzzy else query, parsed.equal)


def _conditions(options: SearchOptions, store: Store) -> Iterator[Query]:
    """Yield the conditions that options add to a query. Raises UsageError for what no episode has, as EpisodeError."""
    if any((options.episode, options.show, options.since, options.until)):
        names = (options.episode,) if options.episode is not None else ()
        episodes = store.episodes()
        select_episodes(episodes, EpisodeSelection(names, options.show, options.since, options.until))
        if options.show is not None:
            yield _in_shows(options.show, [one.show for one in episodes])
    if options.speaker is not None:
        yield Filter("speaker", read_name("speaker", options.speaker))
    if options.episode is not None:
        yield Filter("episode", (store.resolve_episode(options.episode).id,))
    if options.lang is not None:
        code = parse_language(options.lang)
        if (known := store.languages()) and code not in known:
            raise unknown_language(code, known)
        yield Filter("lang", (code,))
    if days := read_date_range(options.since, options.until):
        yield Filter("date", days)


def _in_shows(asked: str, shows: Sequence[str | None]) -> Query:
    """Return the condition for the shows that ``find_shows`` finds, of which a name may be part of other names."""
    chosen = find_shows(shows, asked)
    other = {show for show in filter(None, shows) if find_token_runs(tokenize(show), tokenize(asked))} - chosen
    condition = Filter("show", tokenize(asked))
    return AllOf((condition,), tuple(Filter("show", tokenize(show)) for show in sorted(other))) if other else condition


def find_statements(request: SearchRequest, index: OpenIndex) -> SearchAnswer:
    """Return the hits of a query as statements, in order, or suggestions where it has none."""
    options = request.options
    if is_about_descriptions(request.query):
        described = answer_with_descriptions(request.query, options, index)
        return described if described.total else replace(described, suggestions=explain_nothing(request, index))
    query, notes = write_for(index, request)
    found = search(
        query,
        index,
        limit=options.limit,
        offset=options.offset,
        sort=options.sort,
        by_episode=options.by_episode,
        repeats=options.repeats,
    )
    by_episode = defaultdict(list)
    for number, hit in enumerate(found.hits, start=options.offset + 1):
        by_episode[hit.episode.id].append((number, hit))
    statements = []
    for episode, hits in by_episode.items():
        describe = _Describer(index.store, episode, len(hits), found, options.context)
        statements += [describe(number, hit) for number, hit in hits]
    statements.sort(key=lambda statement: statement.n)
    suggestions = _explain_little(request, found.total, index) if found.total else explain_nothing(request, index)
    notes += _expansion_notes(found)
    return SearchAnswer(statements, found.total, found.exact, found.error, notes, suggestions=suggestions)


def count_hits(request: SearchRequest, index: OpenIndex) -> HitCount:
    """Count the hits of a query, and the episodes that have any, exactly."""
    if is_about_descriptions(request.query):
        described = find_descriptions(request.query, index)
        suggestions = () if described else explain_nothing(request, index)
        return HitCount(len(described), len({one.episode.id for one in described}), True, suggestions)
    query, notes = write_for(index, request)
    found = search(query, index, limit=0, count=True, repeats=request.options.repeats)
    suggestions = () if found.total else explain_nothing(request, index)
    return HitCount(found.total, len(found.counts), found.exact, suggestions, notes)


def write_for(index: OpenIndex, request: SearchRequest) -> tuple[Query, tuple[str, ...]]:
    """Return a query in the ways in which a library writes its words, and notes on what it does not take literally.

    The notes are also on what it holds as text, although that may be meant as something else.
    """
    query, notes = write_query(request.query, request.equal, index.lexicon)
    return query, (*note_stars(request.text), *notes, *note_unnamed_voices(request.query, index))


def explain_nothing(request: SearchRequest, index: OpenIndex) -> tuple[WayOut, ...]:
    """Suggest what to change about a query that found nothing."""
    _check_speaker(request.options, index)
    query = request.query
    words = [part for part in _parts(query) if isinstance(part, str)]
    mentions = [correct_input(mention) for mention in mention_descriptions(words, index)]
    if not index.store.transcripts() and not is_about_descriptions(query):
        return (*mentions, correct_input("No episode of this library has a transcript yet."))
    languages = index.lexicon.languages()
    parsed = parse_with_writings(request.text, languages, descriptions=True).query
    asked = [part for part in dict.fromkeys(_parts(parsed)) if part not in _LETTERS]
    unknown = islice((part for part in asked if not _is_known(part, index)), _SUGGESTED)
    suggestions = [_explain_unknown(part, index) for part in unknown]
    suggestions += [*mentions, *map(correct_input, _explain_fields(parsed, index))]
    capitals = (part for part in asked if isinstance(part, str) and part in ABBREVIATED)
    suggestions += [write_capitals(part) for part in capitals if _is_abbreviated(part, index)]
    bare = query if is_about_descriptions(query) else without_filters(query)
    if bare != query and _finds(bare, index):
        suggestions.append(LEAVE_OUT_FILTERS)
    elif not request.options.fuzzy and len(asked) <= _WIDENED and widen(bare) != bare and _finds(widen(query), index):
        suggestions.append(SEARCH_FUZZILY)
    if {"and", "or", "not"} & set(request.text.split()):
        suggestions.append(correct_input("Operators are written in capitals: AND, OR, NOT."))
    return (*suggestions, *_explain_languages(index.store))


def _explain_little(request: SearchRequest, hits: int, index: OpenIndex) -> tuple[WayOut, ...]:
    """Suggest a fuzzy search for a query that found little, if it finds more, and to state languages."""
    if hits > _LITTLE:
        return ()
    unknown = tuple(_explain_languages(index.store))
    if request.options.fuzzy or len(_parts(request.query)) > _WIDENED:
        return unknown
    return (SEARCH_FUZZILY, *unknown) if has_hits(widen(request.query), index, hits + 1) else unknown


def _explain_languages(store: Store) -> Iterator[WayOut]:
    """Suggest to state the language of transcripts that have none: only one that is known is searched by stems."""
    unknown = [episode for _, episode, *_, language in store.conditions() if language is None]
    if unknown:
        yield state_language(min(unknown), len(unknown))


def _explain_fields(query: Query, index: OpenIndex) -> Iterator[str]:
    """Yield why fields of a query are satisfied by no episode."""
    fields = list(dict.fromkeys(part for part in parts_of(query) if isinstance(part, Filter)))
    if not fields or not index.store.transcripts():
        return
    speakers = {*chain(*index.lexicon.speakers().values())}
    episodes, languages = index.store.episodes(), index.store.languages()
    yield from filter(None, (explain_filter(field, episodes, languages, speakers) for field in fields))


def _check_speaker(options: SearchOptions, index: OpenIndex) -> None:
    """Raise UsageError if nobody of the name asked for speaks in the transcripts that the other options allow."""
    if options.speaker is None:
        return
    others = tuple(_conditions(replace(options, speaker=None), index.store))
    reach = QueryResolver(index.cache, index.lexicon).transcripts(AllOf(others))
    names = {name for number, named in index.lexicon.speakers().items() if number in reach for name in named}
    asked = tokenize(options.speaker)
    if index.store.transcripts() and not any(find_token_runs(tokenize(name), asked) for name in names):
        raise unknown_speaker(" ".join(asked), names)


def _finds(query: Query, index: OpenIndex) -> bool:
    return has_hits(query, index, 1)


def _parts(query: Query) -> list[Part]:
    """The words and numbers of a query and its phrases, not those of patterns."""
    match query:
        case Term(token):
            return [token]
        case Numeral():
            return [query]
        case Phrase(parts) | Within(parts):
            return list(parts)
        case AllOf(children) | AnyOf(children) | Near(children):
            return [part for child in children for part in _parts(child)]
        case _:
            return []


def _is_known(part: Part, index: OpenIndex) -> bool:
    """Whether a word in any form, or a number in any notation, is in the library."""
    lexicon = index.lexicon
    if isinstance(part, Numeral):
        named = any(index.fulltext.frequency("numbers", key) for key in asked_keys(part.number))
        return named or (part.word is not None and _is_known(part.word, index))
    spelled = part.lower() in ABBREVIATED and _is_abbreviated(part.lower(), index)
    return spelled or any(lexicon.forms(part, language) for language in lexicon.languages())


def _explain_unknown(part: Part, index: OpenIndex) -> WayOut:
    if isinstance(part, Numeral):
        return correct_input(f"{part.text!r} is nowhere in the library, neither in figures nor in words.")
    if part.isupper():
        return write_small(part)
    others = index.lexicon.suggest(part)
    if not others:
        return correct_input(f"{part!r} is nowhere in the library, nor is anything like it.")
    return did_you_mean(part, " ".join(others))


def _is_abbreviated(word: str, index: OpenIndex) -> bool:
    """Whether a word in small letters is in the library as an abbreviation, in capitals or with dots."""
    return index.lexicon.count(word.upper()) > 0 or _finds(Phrase(tuple(word)), index)


def _expansion_notes(found: Found) -> tuple[str, ...]:
    return tuple(
        f"A term of the query matches {number} words of the library; only the most frequent were searched for."
        for number in found.cut.values()
    )


class _Describer:
    """Turn hits of one episode into statements, with ``context`` sentences before and after."""

    def __init__(self, store: Store, episode: str, hits: int, found: Found, context: int) -> None:
        facts = store.facts(episode)
        assert facts is not None
        self._words, self._origin = facts.words, origin_of(facts.engine, facts.settings)
        self._offset = store.sound(episode).offset
        self._chapters = store.chapters(episode)
        whole = hits > max(_READ_WHOLE, facts.words // CHUNK_WORDS)
        self._reader = _WholeTranscript(store, facts) if whole else _TranscriptParts(store, facts.number)
        self._found = found
        self._context = context
        self._other_episodes = cache(store.other_episodes)

    def __call__(self, number: int, hit: Hit) -> FoundStatement:
        """The statement of a hit."""
        segments = self._reader.segments(hit.first, hit.last)
        speaking = find_hit_speakers(hit, segments)
        for _ in range(self._context):
            inner, segments = segments, self._widen(segments)
            if len(segments) == len(inner):
                break  # the whole episode is shown
        first, last = segments[0].first, segments[-1].last
        texts = self._reader.texts(first, last)
        cited = cite_span(hit.episode, hit.span.start, hit.span.end, speaking.most, self._offset)
        return FoundStatement(
            n=number,
            episode=hit.episode.id,
            title=hit.episode.title,
            show=hit.episode.show,
            published=hit.episode.published,
            speaker=speaking.most,
            start=cited.start,
            end=cited.end,
            text="".join(texts[hit.first - first : hit.last + 1 - first]).strip(),
            context="".join(texts).strip(),
            score=round(hit.score, 4),
            citation=cite_plain(cited),
            link=cited.link,
            total=self._found.total,
            total_exact=self._found.exact,
            total_error=round(self._found.error, 3),
            marks=_marks(texts, [word - first for word in hit.asked]),
            chapter=chapter_at(self._chapters, hit.span.start),
            repeat=None if hit.family is None else self._other_episodes(hit.family),
            origin=self._origin,
            speakers=speaking.every,
            overlap=speaking.overlap,
        )

    def _widen(self, segments: list[Segment]) -> list[Segment]:
        return self._reader.segments(max(0, segments[0].first - 1), min(self._words - 1, segments[-1].last + 1))


class _TranscriptParts:
    """Sentences and texts of a transcript, read from the store one range at a time."""

    def __init__(self, store: Store, transcript: int) -> None:
        self.segments = partial(store.segments, transcript)
        self.texts = partial(store.texts, transcript)


class _WholeTranscript:
    """Sentences and texts of a transcript, read from the store at once."""

    def __init__(self, store: Store, facts: TranscriptFacts) -> None:
        self._segments = store.segments(facts.number, 0, facts.words - 1)
        self._firsts = [segment.first for segment in self._segments]
        self._texts = store.texts(facts.number, 0, facts.words - 1)

    def segments(self, first: int, last: int) -> list[Segment]:
        """See Store.segments."""
        return self._segments[bisect_right(self._firsts, first) - 1 : bisect_right(self._firsts, last)]

    def texts(self, first: int, last: int) -> list[str]:
        """See Store.texts."""
        return self._texts[first : last + 1]


def _marks(texts: Sequence[str], asked: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The ranges of characters of the ``asked`` words in the joined and stripped text; adjacent words are one range."""
    leading = len(texts[0]) - len(texts[0].lstrip()) if texts else 0
    ends = [end - leading for end in accumulate(map(len, texts))]
    numbers = set(asked)
    marks: list[tuple[int, int]] = []
    for number in asked:
        text = texts[number]
        begin, end = ends[number] - len(text.lstrip()), ends[number] - len(text) + len(text.rstrip())
        joins = marks and number - 1 in numbers
        marks[-1:] = [(marks[-1][0], end)] if joins else [*marks[-1:], (begin, end)]
    return tuple(marks)
