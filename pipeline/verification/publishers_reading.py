"""What the publisher's transcript has at the places of a verdict that rests on other words: a remark beside it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import TranscriptFileError
from index.formats.word_split import join_texts
from index.language.tokens import tokenize
from index.storage.store import Store
from index.transcript import Word
from index.verification.edits import Difference, Edit
from index.verification.judging import MARKED
from index.verification.locate import Match
from index.verification.quoted_words import split_quotation
from index.verification.verdicts import Verdict
from pipeline.imported.parallel_words import ParallelWords
from pipeline.imported.published_words import are_foreign, load_published
from pipeline.imported.reading_edits import find_quotation
from pipeline.imported.word_origin import origin_of

_AROUND = 4
"""Words on both sides of the place in which the quotation is looked for: its edges may be what differs."""

_AS_QUOTED: frozenset[Difference | None] = MARKED | {"filler", "repeat"}
"""Differences with which a transcript has it as quoted."""

_log = logging.getLogger("airquote.verification")


@dataclass(frozen=True, slots=True)
class _Reading:
    language: str | None
    words: Sequence[Word]
    parallel: ParallelWords


class PublishersReadings:
    """The publishers' transcripts that are kept beside the words of the library, each read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept = store.published_addresses()
        self._readings: dict[str, _Reading | None] = {}

    def remark_on(self, verdict: Verdict) -> str | None:
        """Return what the publisher's transcript has at a place of a verdict, or at the closest one, where it says
        something else of the quotation than the words that were judged; None for nothing."""
        places = verdict.parts or tuple(filter(None, [verdict.closest]))
        remarks = (self._compare(verdict, place) for place in places if place.episode.id in self._kept)
        return next(filter(None, remarks), None)

    def _compare(self, verdict: Verdict, place: Match) -> str | None:
        reading = self._read(place.episode.id)
        if reading is None:
            return None
        found = reading.parallel.counterpart(place.first, place.last)
        words = reading.words[max(0, found.start - _AROUND) : found.stop + _AROUND] if found else ()
        quoted = "".join(split_quotation(verdict.quotation.text)[place.quoted[0] : place.quoted[1] + 1])
        edits = find_quotation(quoted, [word.text if word.spoken else "" for word in words], reading.language)
        if not edits:
            return None
        judged, other = _changes(place.edits), _changes(edits)
        text = join_texts(edit.said for edit in edits if edit.said)
        if not other:
            return f"The publisher's transcript has it as quoted: “{text}”." if judged or not verdict.parts else None
        if not verdict.parts or other == judged:
            return None
        return f"The publisher's transcript has it otherwise: “{text}”."

    def _read(self, episode: str) -> _Reading | None:
        if episode not in self._readings:
            self._readings[episode] = self._load(episode)
        return self._readings[episode]

    def _load(self, episode: str) -> _Reading | None:
        """Read the publisher's transcript of an episode.

        None if its words are those judged, if it is a translation, which has other words everywhere, or unreadable.
        """
        facts = self._store.facts(episode)
        if facts is None or origin_of(facts.engine, facts.settings) == "publisher":
            return None
        try:
            published = load_published(self._store, episode, facts.language)
        except TranscriptFileError as error:  # of a library of unknown origin
            _log.warning("%s: %s", episode, error)
            return None
        if published is None or are_foreign(published.language, facts.language):
            return None
        words = self._store.words(facts.number, 0, facts.words - 1)
        return _Reading(published.language, published.words, ParallelWords(words, published.words))


def _changes(edits: Sequence[Edit]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the words of the differences that are no cleaning, as quoted and as said."""
    return [(tokenize(edit.quoted), tokenize(edit.said)) for edit in edits if edit.difference not in _AS_QUOTED]
