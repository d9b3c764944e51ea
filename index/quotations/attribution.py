"""Speaker attribution: read the speaker of a quotation from the narration around it.

An attribution follows a quotation (`..., said Anna Keller`) or precedes it (`Keller told the host: "...`, `according to
Keller, "...` or, in an interview, `Keller: "...`), or follows in the rest of its sentence (`Noting that "...", Keller
added`). A name is a person's: titles and places before it are left out, and an organisation is nobody. Pronouns and
roles ("he", "the host") are resolved in index/quotations/speakers.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from index.quotations.attribution_patterns import ENDS, LABEL, REMARK, SENTENCE_END
from index.quotations.clauses import read_attribution_after, read_attributions_before
from index.quotations.names import Attribution, Token, read_tokens
from index.quotations.speech_words import (
    ANSWERING_VERBS,
    AUXILIARIES,
    GOVERNING,
    PARTICIPLES,
    SAYING,
    SUBORDINATORS,
    words_of,
)
from index.quotations.subjects import read_sentence_subject, read_source

_WHO_SAID = regex.compile(r"[#*\s]*(?:who|wer|quién|qui|chi)\b", regex.IGNORECASE)
_OPENS_CLAUSE = SUBORDINATORS | words_of("noting saying adding calling describing asked speaking recalling explaining")
_READING = words_of("read reads heard hears saw sees found finds noticed spotted titled entitled")
"""What somebody does with the words of somebody else: Keller read the sign: “...”"""


_SHOWING = words_of("read reads reading")
"""What words on a thing do."""

_NO_LABELS = GOVERNING | _READING


def read_after(after: str, tokens: Sequence[Token], is_same_sentence: bool = False) -> Attribution | None:
    """Read the speaker from the words after a quotation, which are ``tokens``: `, said Anna Keller.`

    ``is_same_sentence``: the quotation ends in a comma, so that words which introduce the next one are of this one too.
    """
    if after.rstrip().endswith(":") and not is_same_sentence and after.lstrip()[:1].isupper():
        return None
    found = read_attribution_after(tokens)
    return replace(found, answers=any(token.lower in ANSWERING_VERBS for token in tokens[:6])) if found else None


def read_before(before: str, tokens: Sequence[Token]) -> Attribution | None:
    """Read the speaker from the words before a quotation, ``tokens``: `Keller told us: `; of several, the nearest.

    Without a reporting verb, a final colon says that the subject of the sentence speaks: `Keller ended with a promise:`
    """
    if asks_who(before):
        return Attribution()
    if match := LABEL.match(before):
        return read_label(match["name"])
    if tokens and tokens[-1].lower in _SHOWING:
        return read_source(tokens) or Attribution(is_thing=True)  # the note that Okafor left read
    unknown = None
    for found in read_attributions_before(tokens):
        if found.is_known:
            return found
        unknown = unknown or found
        if found.noun or found.is_thing or found.is_hearsay or before.rstrip().endswith((":", "：", ",")):
            break  # according to Keller, the firm promised; Keller reported that they had been told
    if (unknown is None or unknown.is_thing) and before.rstrip().endswith((":", "：", ",")):
        source = read_source(tokens)
        if unknown is not None:
            return source or unknown
        if source or before.rstrip().endswith(","):
            return source
        if any(token.lower in _READING for token in tokens):
            return Attribution()
        subject = read_sentence_subject(tokens)
        return replace(subject, inferred=True) if subject else None
    return unknown


def asks_who(before: str) -> bool:
    """Whether a sentence asks who said the words quoted in it: Who first said “...”?"""
    return _WHO_SAID.match(before) is not None


def read_label(label: str) -> Attribution:
    """Read the name before a colon, where capitals alone are no sign of an organisation: KELLER:"""
    if label.casefold() in _NO_LABELS:  # Found on the noticeboard:
        return Attribution()
    tokens = read_tokens(label.title() if label.isupper() else label)
    subject = read_sentence_subject(tokens)
    return subject if subject and subject.name else Attribution()


def read_rest(before: Sequence[Token], rest: Sequence[Token]) -> Attribution | None:
    """Read the speaker from the main clause after a quotation inside a clause that precedes it.

    Although he is “grateful”, Keller thinks that ...; Noting that “...” and so on, Keller added ...
    """
    if not before or before[0].lower not in _OPENS_CLAUSE:
        return None
    for row in (row for row, token in enumerate(rest) if token.text == ","):
        following = rest[row + 1 : row + 13]
        subject = read_sentence_subject(following)
        if subject and subject.is_known and any(token.lower in GOVERNING for token in following):
            return replace(subject, inferred=True)
    return None


def is_broken_by(between: str, continues_lowercase: bool) -> bool:
    """Whether the words between two marked spans are only an attribution inside one quoted sentence.

    They are if they end in a comma, or if the second span starts in lower case and they end in a dash or with the
    speaker.
    """
    stripped = between.rstrip()
    if between.lstrip().startswith(":"):  # a headline: ‘It was hard’: Anna Keller on ‘the worst year’
        return False
    if SENTENCE_END.search(stripped) or stripped.endswith(":") or read_attribution_after(read_tokens(between)) is None:
        return False
    return stripped.endswith(",") or (
        continues_lowercase and (stripped.endswith(("—", "–")) or _ends_with_speaker(stripped))
    )


def _ends_with_speaker(between: str) -> bool:
    tokens = [token for token in read_tokens(between) if token.is_word]
    return len(tokens) <= _MOST_SPEAKER_WORDS and not any(token.lower == "that" for token in tokens)


_MOST_SPEAKER_WORDS = 6
"""Of an attribution without a comma after it: “I think,” said the host Anna Keller “that it rains”."""


def split_at_remarks(quoted: str) -> tuple[list[tuple[int, int]], Attribution | None]:
    """Split a quoted text at attributions inside the marks: the spans between them, and the speaker they give.

    French and Spanish print them like this: « Je pense, dit-il, que ... », «No lo sé —dijo Juan—, pero ...».
    """
    remarks = list(REMARK.finditer(quoted)) if any(dash in quoted for dash in "-–—") else []
    starts = [0, *(remark.end() for remark in remarks)]
    ends = [*(remark.start() for remark in remarks), len(quoted)]
    return list(zip(starts, ends, strict=True)), _of_remark(remarks[0]) if remarks else None


def _of_remark(remark: regex.Match[str]) -> Attribution:
    groups = remark.groupdict()
    pronoun = groups["pronoun"] or groups["inverted"]
    return Attribution(name=groups["name"], pronoun=pronoun.lower() if pronoun else None)


def opens_speech(before: str) -> bool:
    """Whether the words before a quotation introduce speech: none, or a final colon or reporting verb."""
    bare = before.rstrip()
    return not bare or bare.endswith((":", "：")) or _ends_in_verb(bare)


def _ends_in_verb(before: str) -> bool:
    """Whether words end in a reporting verb, whatever its subject, and perhaps a comma: Keller has said,"""
    words = before[-_LONGEST_VERB:].removesuffix(",").split()
    last = words[-1].removeprefix("l’").removeprefix("s’").lstrip("(“‘—–") if words else ""
    if last in SAYING or words[-2:] == ["put", "it"]:
        return True
    return last in PARTICIPLES and not AUXILIARIES.isdisjoint(words[-3:-1])


_LONGEST_VERB = 40
"""Characters of a reporting verb with its auxiliary and an adverb."""


def is_sentence_end(text: str) -> bool:
    """Whether ``text`` ends with a sentence-final mark."""
    return ENDS.search(text, max(0, len(text) - 6)) is not None
