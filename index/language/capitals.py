"""Tell abbreviations from the words that they are without their capitals: US from us, AM from am.

What tells them apart is how they are written. In a sentence in capitals throughout nobody can tell, and neither does
this module.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from index.language.common_words import common_words
from index.language.tokens import tokenize_words

ABBREVIATED = frozenset(("aids", "am", "it", "us", "who"))
"""Words that are others in capitals, or with dots: US, I.T., WHO."""
TOLD_APART = frozenset(("en", None))
"""Languages that have these words; in others IT and it are one. A transcript of unknown language is read as English."""
SENTENCE_REACH = 12
"""Words of a sentence, on either side of an abbreviation, of which one has a small letter."""

_IN_CAPITALS = tuple(sorted(map(str.upper, ABBREVIATED)))
_CAPITALS = re.compile(rf"(?<![^\W_])(?:{'|'.join(_IN_CAPITALS)})(?![^\W_])")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_AROUND = " .,;:!?…\"'“”‘’()[]-–—"


def hold_capitals(texts: Iterable[str]) -> bool:
    """Whether one of the words is written like an abbreviation in capitals."""
    run = "\n".join(set(texts))
    return any(written in run for written in _IN_CAPITALS) and _CAPITALS.search(run) is not None


def find_capitals(texts: Sequence[str]) -> list[int]:
    """Return the words that hold an abbreviation in capitals, inside a sentence that is not in capitals throughout.

    None is next to a common word that is in capitals too: "and IT IS true", "I AM".
    """
    written = set(filter(_CAPITALS.search, set(texts)))
    return [place for place, text in enumerate(texts) if text in written and _stands_out(texts, place)]


def tokenize_spoken(
    texts: Sequence[str], language: str | None, part: range | None = None
) -> tuple[list[str], list[int]]:
    """Return tokens and owners as tokenize_words does, with abbreviations that are told apart as tokens in capitals.

    ``part``: only those of these words, counted from the first of them; the others are the sentences around them.
    """
    part = range(len(texts)) if part is None else part
    inside = texts[part.start : part.stop]
    tokens, owners = tokenize_words(inside)
    if language in TOLD_APART and hold_capitals(inside):
        found = {number - part.start for number in find_capitals(texts) if number in part}
        _write_in_capitals(tokens, owners, found, inside)
    return tokens, owners


def tokenize_asked(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return tokens and owners of words of a query as tokenize_words does: those in capitals are abbreviations."""
    tokens, owners = tokenize_words(texts)
    found = {number for number, text in enumerate(texts) if _CAPITALS.search(text)}
    _write_in_capitals(tokens, owners, found, texts)
    return tokens, owners


def without_shouts(texts: Sequence[str]) -> list[str]:
    """Return the words of a query, in small letters where common words beside them are in capitals too."""
    return [
        text.lower() if _CAPITALS.search(text) and _is_beside_shout(texts, place) else text
        for place, text in enumerate(texts)
    ]


def _write_in_capitals(
    tokens: list[str], owners: Sequence[int], numbers: Collection[int], texts: Sequence[str]
) -> None:
    """Write tokens of these words in capitals that are so in their texts: US-led is US and led, WHO's is WHO's."""
    for place, (token, owner) in enumerate(zip(tokens, owners, strict=True) if numbers else ()):
        if owner in numbers:
            letters, apostrophe, ending = token.partition("'")
            if letters.upper() in _CAPITALS.findall(texts[owner]):
                tokens[place] = letters.upper() + apostrophe + ending


def _stands_out(texts: Sequence[str], place: int) -> bool:
    if _is_beside_shout(texts, place):
        return False
    if place and texts[place - 1][-1:].isdigit() and texts[place].strip(_AROUND) == "AM":
        return True  # 9 AM
    first, last = place, place
    while first > max(0, place - SENTENCE_REACH) and not _SENTENCE_END.search(texts[first - 1].rstrip()):
        first -= 1
    while last < min(len(texts) - 1, place + SENTENCE_REACH) and not _SENTENCE_END.search(texts[last].rstrip()):
        last += 1
    return any(any(map(str.islower, text)) for text in texts[first : last + 1])


def _is_beside_shout(texts: Sequence[str], place: int) -> bool:
    """Whether the word before or after a word is a common one in capitals."""
    beside = (texts[other].strip(_AROUND) for other in (place - 1, place + 1) if 0 <= other < len(texts))
    return any(_is_shouted(word, texts[place]) for word in beside)


def _is_shouted(word: str, beside: str) -> bool:
    if word == "I":
        return beside.strip(_AROUND) == "AM"
    return len(word) > 1 and word.isupper() and word.lower() in common_words("en") - ABBREVIATED
