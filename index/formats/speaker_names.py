"""Speakers of a file that has no field for them: ``Ann Lee: text``, where the speaker changes.

Podcasting 2.0 (podcast-namespace, transcripts.md) names the speaker so in SRT, at the cue with which he begins. A text
that merely begins with a word and a colon must not become a speaker, so names are read only in a file whose first cue
has one and which names somebody again; and what is written without names is written so that none is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Line = tuple[str | None, str]
"""Who speaks, if that is known, and what is said, on one line."""

_NAME = re.compile(r"(?!\d)(\w[\w.'’-]*(?: [\w.'’()-]+){0,4}): +(?=\S)")
_BRACKETED = re.compile(r"\[([^\[\]:<>{}]{1,40})\]: +(?=\S)")
_LONGEST_NAME = 40
_COLON = "\N{RATIO}"
"""A look-alike, for a colon that is meant as text."""


def read_speakers(texts: Sequence[str]) -> list[Line]:
    """Each text of a file with its speaker, who speaks on until the next name; or all texts as they are."""
    if not _has_names(texts):
        return [(None, text) for text in texts]
    lines: list[Line] = []
    speaker = None
    for text in texts:
        named = _split(text)
        speaker, said = named or (speaker, text)
        lines.append((speaker, said))
    return lines


def write_speakers(lines: Sequence[Line]) -> Iterator[str]:
    """The texts of a file, with a name where the speaker changes; without any if that could not be read back."""
    texts = [said for _, said in lines]
    if len(lines) < 2 or not all(speaker and _split(f"{speaker}: x") == (speaker, "x") for speaker, _ in lines):
        for row, text in enumerate(texts):
            yield _without_name(text) if row == 0 and _has_names(texts) else text
        return
    alone = len({speaker for speaker, _ in lines}) == 1
    before = None
    for speaker, said in lines:
        # One name in a whole file is not read as one: who speaks alone is named at every cue.
        yield f"{speaker}: {said}" if alone or speaker != before else _without_name(said)
        before = speaker


def _has_names(texts: Sequence[str]) -> bool:
    spoken = [text for text in texts if text]
    return bool(spoken) and _split(spoken[0]) is not None and any(map(_split, spoken[1:]))


def _split(text: str) -> tuple[str, str] | None:
    """The name at the beginning of a text and what follows it, if there is one; no name begins with a small letter."""
    found = _BRACKETED.match(text) or _NAME.match(text)
    if found is None or len(found[1]) > _LONGEST_NAME or found[1][0].islower() or not found[1].strip():
        return None
    return found[1], text[found.end() :]


def _without_name(text: str) -> str:
    return text.replace(":", _COLON, 1) if _split(text) else text
