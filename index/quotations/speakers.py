"""Resolve the speaker of each quotation: names as attributed, pronouns where the reference is unambiguous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.quotations.attribution import Attribution, Narration, find_names

PERSONS_REACH = 600
"""Characters of a paragraph before a quotation that are searched for names of persons."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What speaker resolution needs of a quotation: its place, its attribution, whether it begins a sentence.

    ``lead`` is the part of its sentence before it.
    """

    start: int
    paragraph: int
    last_paragraph: int
    attribution: Attribution | None
    begins_sentence: bool
    lead: str


def find_speakers(narration: Narration, utterances: Sequence[Utterance]) -> list[str | None]:
    """Return the speaker of each utterance: the name it is attributed to, or the only candidate in the narration.

    The latter for a pronoun, and for a sentence without attribution that follows another in the same paragraph. None
    where there is no candidate, or more than one.
    """
    named = [utterance.attribution.name for utterance in utterances if utterance.attribution]
    known = {_surname(name) for name in named if name}
    speakers: list[str | None] = []
    for row, utterance in enumerate(utterances):
        previous = (utterances[row - 1], speakers[-1]) if row else None
        attribution = utterance.attribution
        if attribution is None:
            speakers.append(
                _announced_speaker(utterance, known) or _continued_speaker(narration, utterance, previous, known)
            )
        elif attribution.pronoun:
            speakers.append(_resolve_pronoun(narration, utterance, previous, known))
        else:
            speakers.append(attribution.name)
    return speakers


def _announced_speaker(utterance: Utterance, known: set[str]) -> str | None:
    """Return the only known speaker named in a sentence that ends in a colon: Keller ended with a promise: “...”"""
    if not utterance.lead.rstrip().endswith((":", "：")):
        return None
    return _only_known(_persons(utterance.lead, known), known)


def _continued_speaker(
    narration: Narration, utterance: Utterance, previous: tuple[Utterance, str | None] | None, known: set[str]
) -> str | None:
    """Return the previous speaker if the same paragraph continues and names no one else: “A,” Keller said. “B.”"""
    if previous is None or previous[0].last_paragraph != utterance.paragraph or not utterance.begins_sentence:
        return None
    before, speaker = previous
    between = narration.text[max(before.start, utterance.start - PERSONS_REACH) : utterance.start]
    others = {_surname(name) for name in _persons(between, known)} - {_surname(speaker or "")}
    return None if others else speaker


def _resolve_pronoun(
    narration: Narration, utterance: Utterance, previous: tuple[Utterance, str | None] | None, known: set[str]
) -> str | None:
    start, _ = narration.paragraphs[utterance.paragraph]
    persons = _persons(narration.text[max(start, utterance.start - PERSONS_REACH) : utterance.start], known)
    before, speaker = previous if previous else (None, None)
    if not persons and speaker and before and before.last_paragraph == utterance.paragraph:
        return speaker
    if not persons and utterance.paragraph:
        first, end = narration.paragraphs[utterance.paragraph - 1]
        persons = _persons(narration.text[max(first, end - PERSONS_REACH) : end], known)
        if speaker and before and before.last_paragraph == utterance.paragraph - 1:
            persons = [speaker, *persons]
    return _only_known(persons, known)


def _only_known(persons: Sequence[str], known: set[str]) -> str | None:
    """Return the last name in ``persons`` if all are one person, who is a known speaker; else None."""
    surnames = {_surname(name) for name in persons}
    return persons[-1] if len(surnames) == 1 and surnames <= known else None


def _persons(narration: str, known: set[str]) -> list[str]:
    """Return the names in ``narration`` of known speakers, or of several words, like first name and surname."""
    return [name for name in find_names(narration) if _surname(name) in known or " " in name]


def _surname(name: str) -> str:
    return name.rpartition(" ")[2]
