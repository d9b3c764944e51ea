"""Speaker names in formats without a field for them: ``Ann Lee: text``, where the speaker changes.

Podcasting 2.0 (podcast-namespace, transcripts.md) specifies this for SRT. A text that merely begins with a word and a
colon must not become a speaker, so names are read only in a file whose first cue has one and at least one other cue as
well; and texts without names are written so that none is read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Line = tuple[str | None, str]
"""The speaker, None if unknown, and the text, on one line."""

_NAME = re.compile(r"(?!\d)(\w[\w.'’-]*(?: [\w.'’()-]+){0,4}): +(?=\S)")
_BRACKETED = re.compile(r"\[([^\[\]:<>{}]{1,40})\]: +(?=\S)")
_LONGEST_NAME = 40
_COLON = "\N{RATIO}"
"""A look-alike, written for a colon that is part of the text."""


def read_speakers(texts: Sequence[str]) -> list[Line]:
    """Split the texts of a file into speakers and texts, a name holding until the next; without names, None for all."""
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
    """Yield the texts of a file with a name at each change of speaker; without names if they could not be read back."""
    texts = [text for _, text in lines]
    if len(lines) < 2 or not all(speaker and _split(f"{speaker}: x") == (speaker, "x") for speaker, _ in lines):
        for row, text in enumerate(texts):
            yield _without_name(text) if row == 0 and _has_names(texts) else text
        return
    alone = len({speaker for speaker, _ in lines}) == 1
    before = None
    for speaker, text in lines:
        # A single name is not read back, so an only speaker is named at every cue.
        yield f"{speaker}: {text}" if alone or speaker != before else _without_name(text)
        before = speaker


def _has_names(texts: Sequence[str]) -> bool:
    spoken = [text for text in texts if text]
    return bool(spoken) and _split(spoken[0]) is not None and any(map(_split, spoken[1:]))


def _split(text: str) -> tuple[str, str] | None:
    """Split a leading name off a text, None if it has none; names do not begin with a lower-case letter."""
    found = _BRACKETED.match(text) or _NAME.match(text)
    if found is None or len(found[1]) > _LONGEST_NAME or found[1][0].islower() or not found[1].strip():
        return None
    return found[1], text[found.end() :]


def _without_name(text: str) -> str:
    return text.replace(":", _COLON, 1) if _split(text) else text
