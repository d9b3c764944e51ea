"""A speaker for each quotation of a text: names as attributed, pronouns resolved where that is safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.quotations.attribution import Attribution, Narration, find_names

PERSONS_REACH = 600
"""Characters of a paragraph before a quotation that are read for the persons it names."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A quotation as its speaker is sought: where it is, what is attributed, whether it begins a sentence.

    ``lead`` is what stands before it in its sentence.
    """

    start: int
    paragraph: int
    last_paragraph: int
    attribution: Attribution | None
    begins_sentence: bool
    lead: str


def find_speakers(narration: Narration, utterances: Sequence[Utterance]) -> list[str | None]:
    """Who speaks each utterance: the name it is attributed to, or what the narration says without doubt.

    A pronoun, and a sentence that follows another of the same paragraph without a word on who speaks, belong to the
    one person who comes into question. None where nobody does, or several do.
    """
    named = [utterance.attribution.name for utterance in utterances if utterance.attribution]
    known = {_surname(name) for name in named if name}
    speakers: list[str | None] = []
    for row, utterance in enumerate(utterances):
        previous = (utterances[row - 1], speakers[-1]) if row else None
        told = utterance.attribution
        if told is None:
            speakers.append(_announced(utterance, known) or _goes_on(narration, utterance, previous, known))
        elif told.pronoun:
            speakers.append(_resolve_pronoun(narration, utterance, previous, known))
        else:
            speakers.append(told.name)
    return speakers


def _announced(utterance: Utterance, known: set[str]) -> str | None:
    """The one known speaker named in a sentence that ends in a colon: Keller ended with a promise: “...”"""
    if not utterance.lead.rstrip().endswith((":", "：")):
        return None
    return _only_known(_persons(utterance.lead, known), known)


def _goes_on(
    narration: Narration, utterance: Utterance, previous: tuple[Utterance, str | None] | None, known: set[str]
) -> str | None:
    """The speaker before, where the same paragraph goes on without naming anybody: “A,” Keller said. “B.”"""
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
    """The name last used for the one person in ``persons``, if there is but one, and known as a speaker."""
    surnames = {_surname(name) for name in persons}
    return persons[-1] if len(surnames) == 1 and surnames <= known else None


def _persons(narration: str, known: set[str]) -> list[str]:
    """The names in ``narration`` that are known speakers, or look like a person's: first name and surname."""
    return [name for name in find_names(narration) if _surname(name) in known or " " in name]


def _surname(name: str) -> str:
    return name.rpartition(" ")[2]
