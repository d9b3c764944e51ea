"""Patterns of attributions that are read as text: labels, signatures, remarks inside the marks, ends of sentences."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from index.quotations.name_words import ABBREVIATIONS, CALENDAR, NO_FIRST_NAMES, PARTICLES
from index.quotations.speech_words import AUXILIARIES, INVERTED_PRONOUNS, PARTICIPLES, PRONOUNS, SAYING


def _any_of(words: Iterable[str]) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_CAPITALISED = (
    r"(?:[\p{Lu}\p{Lt}](?:\.(?:[\p{Lu}]\.)*|['’][\p{Lu}])?[\p{L}\p{M}]*+(?:[-'’](?!s\b)[\p{L}][\p{L}\p{M}]*+)*+)"
)
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|St|Sr|Sra|Mme|Mlle|Hr|Fr|M)\.?\s)"
_FIRST = rf"(?!(?i:{_any_of(NO_FIRST_NAMES)})\b){_CAPITALISED}"
_FURTHER = (
    rf"\s(?:(?:{_any_of(PARTICLES)})\s){{0,2}}"
    rf"(?!(?i:{_any_of(CALENDAR)})\b){_CAPITALISED}(?![\p{{L}}\p{{M}}])"
)
NAME = rf"(?:{_TITLE}?{_FIRST}(?![\p{{L}}\p{{M}}])(?:{_FURTHER}){{0,4}}+)"
_VERBS = _any_of(SAYING)
_INVERTED = rf"-(?:t-)?(?P<inverted>{_any_of(INVERTED_PRONOUNS)})\b"
_WITH_AUXILIARY = rf"(?:{_any_of(AUXILIARIES)})\s(?:\p{{Ll}}+\s)?(?:{_any_of(PARTICIPLES)})"
_SAYS = rf"\b(?:{_WITH_AUXILIARY}|(?:l[’']|s[’'])?(?:{_VERBS})|put\sit)\b(?!-)"
_PRONOUN = rf"(?P<pronoun>(?i:{_any_of(PRONOUNS)}))\b"

LABEL = regex.compile(rf"^\W*+(?P<name>{NAME})(?:\s\([^()]*\)|\s(?:on|about)\s[^:*\n]{{1,40}})?\s?[*_]*:[*_]*\s*$")
"""A whole line before a quotation, in an interview: Keller:"""

SIGNATURE = regex.compile(rf"[\s>]*[–—―-]{{1,2}}\s*(?P<name>{NAME})[^.!?\n]{{0,60}}$")
"""A separate line after a quotation: — Anna Keller, farmer"""

SENTENCE_END = regex.compile(
    rf"(?<!\b(?:{_any_of(ABBREVIATIONS)}|\p{{Lu}}))[.!?…。！？][’)\]]*+(?=\s+[\p{{Lu}}\p{{Lo}}\p{{N}}¿¡\ufffc]|\s*$)"
)
"""In narration: not an abbreviation, and followed by what may begin a sentence."""

ENDS = regex.compile(r"[.!?…。！？][^\w\s]*(?:\s[»›])?$")
"""A sentence-final mark at the end of a text."""

REMARK = regex.compile(
    rf""",\s(?:(?:{_any_of(AUXILIARIES)}){_INVERTED}\s(?:\p{{Ll}}+\s)?(?:{_any_of(PARTICIPLES)})|(?:{_VERBS}){_INVERTED})
          (?:\s\p{{Ll}}+){{0,4}}+(?:,\s|(?=[.!?…]?\s?$))
      | \s?[—–]\s?(?:{_SAYS})\s(?:{_PRONOUN}|(?P<name>{NAME}))[^—–\n]{{0,60}}[—–][,.;]?\s?""",
    regex.VERBOSE,
)
"""Attribution inside the marks: , dit-il, in French and —dijo Juan—, in Spanish."""
