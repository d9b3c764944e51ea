"""What a comparison of two transcripts of an episode answers with: where the publisher's differs from the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReadingKind = Literal["number", "name", "negation", "other words", "small words", "passage"]
"""What differs, the gravest first: a number, a name, a negation, other words, small words alone, or many words that
only one of the two has."""

READING_KINDS: tuple[ReadingKind, ...] = ("number", "name", "negation", "other words", "small words", "passage")


@dataclass(frozen=True, slots=True)
class ReadingDifference:
    """A place at which the ``publisher`` has other words than a model heard (``said``); either may be none.

    ``n`` is its number for ``Library.hit``, from 1; ``words_before`` and ``words_after`` are what was heard around it.
    Where nothing was heard, the times are those of the pause, and ``speaker`` is None, as it is where it is not known.
    """

    n: int
    episode: str
    start: float
    end: float
    difference: ReadingKind
    said: str
    publisher: str
    words_before: str
    words_after: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The transcript of an episode held against the publisher's.

    ``equal`` is the share of equal words among those of both, 0 to 1; fillers, stutters, spelling and punctuation are
    no difference. ``words`` and ``publishers_words`` are how many both have, ``rests_on`` whose words were held against
    the publisher's, ``publisher`` the address of these. ``media`` is the recording, None for none. ``kept``: the places
    were saved, so that their numbers are valid until the next search.
    """

    episode: str
    rests_on: str
    publisher: str
    words: int
    publishers_words: int
    equal: float
    differences: tuple[ReadingDifference, ...]
    media: str | None = None
    kept: bool = False
