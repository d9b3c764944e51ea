"""Read transcripts to be indexed, as many together as an index commits, and none of them before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from index.fulltext.merge_policy import SEGMENT_PASSAGES
from index.fulltext.passages import STEP_TOKENS, CutPassage, cut_passages, find_numbers
from index.language.capitals import tokenize_spoken
from index.language.numbers.number_readings import NumberReading
from index.storage.store import Store


@dataclass(frozen=True, slots=True)
class IndexedText:
    """The tokens of a transcript, each with the number of its word, and its numbers."""

    number: int
    language: str | None
    tokens: list[str]
    owners: list[int]
    readings: list[NumberReading]

    def passages(self) -> Iterable[CutPassage]:
        """Cut it into passages."""
        return cut_passages(self.tokens, self.owners, self.readings)


def read_texts(store: Store, transcripts: Mapping[int, str]) -> Iterator[IndexedText]:
    """Read transcripts, by number with the ids of their episodes, each when it is asked for."""
    for number, episode in transcripts.items():
        with store.snapshot():
            facts = store.facts(episode)
            if facts is None or facts.number != number:
                continue  # replaced or removed meanwhile: the next update handles it
            texts = store.spoken_texts(number, 0, facts.words - 1)
        yield IndexedText(
            number, facts.language, *tokenize_spoken(texts, facts.language), find_numbers(texts, facts.language)
        )


def batch_texts(texts: Iterator[IndexedText]) -> Iterator[Iterator[IndexedText]]:
    """Yield texts together, as many as an index commits at a time, read as they are asked for.

    Each batch must be read to its end before the next.
    """
    for first in texts:
        yield _until_full(chain([first], texts))


def _until_full(texts: Iterator[IndexedText]) -> Iterator[IndexedText]:
    tokens = 0
    for text in texts:
        yield text
        tokens += len(text.tokens)
        if tokens > SEGMENT_PASSAGES * STEP_TOKENS:
            return
