"""What correcting words by hand answers with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordCorrection:
    """Words of an episode that a person corrected: what was ``heard``, and the ``text`` in its place.

    ``correction`` is the number by which it is undone. It stands at the words ``first`` to ``last`` of the transcript;
    both are None if it is ``set_aside``: the episode was transcribed anew, and other words were heard there then.
    ``undone``: what was heard stands there again.
    """

    episode: str
    correction: int
    start: float
    end: float
    heard: str
    text: str
    first: int | None
    last: int | None
    set_aside: bool
    undone: bool = False
