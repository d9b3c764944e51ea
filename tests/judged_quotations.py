"""Quotations judged by hand, and a library of the speech that they quote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from libraries import add_episode, make_transcript

from index.storage.store import Store

FILE = Path(__file__).parent / "data" / "judged_quotations.jsonl"


@dataclass(frozen=True, slots=True)
class JudgedByHand:
    """A quotation, the kinds of verdict that are right, why, and the excerpt that it quotes (None: nobody says it)."""

    quotation: str
    kinds: tuple[str, ...]
    reason: str
    show: str
    episode: str | None
    speaker: str | None
    speech: str | None
    unsure: Mapping[str, float]


@cache
def load_judged() -> tuple[JudgedByHand, ...]:
    """Return all quotations that were judged by hand."""
    rows = map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    return tuple(JudgedByHand(**{**row, "kinds": tuple(row["kinds"])}) for row in rows)


def excerpt_id(speech: str) -> str:
    """Return the id of the episode that holds an excerpt in the library of all."""
    return f"excerpt-{list(_excerpts()).index(speech)}"


def fill_with_excerpts(store: Store) -> None:
    """Add every excerpt as an episode; unsure words have their low probability."""
    for number, (speech, one) in enumerate(_excerpts().items()):
        episode = add_episode(store, f"excerpt {number}", show=one.show)
        transcript = make_transcript(speech)
        words = tuple(
            replace(word, probability=one.unsure.get(word.text.strip(" .,?!"), word.probability))
            for word in transcript.words
        )
        segments = tuple(replace(segment, speaker=one.speaker) for segment in transcript.segments)
        store.save_transcript(episode.id, replace(transcript, words=words, segments=segments))


@cache
def _excerpts() -> dict[str, JudgedByHand]:
    return {one.speech: one for one in load_judged() if one.speech}
