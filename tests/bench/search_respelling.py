"""Misspell names: by a slip of the fingers, and by the ear."""

from __future__ import annotations

import random

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TWO_SLIPS = 9
"""The letters of a name from which on two of them may be wrong."""
_SOUNDS = (
    "ph f ff", "ck k c kk", "kh k", "ch k", "c s ss", "s z", "z s", "ee ea ie y i", "ai ay ey", "er or ar ur",
    "oo u ou",
    "au aw o", "o a", "e i", "i e y", "a e", "u o", "y i ie", "th t", "x ks", "qu kw", "j g", "g k", "d t", "b p",
    "v f", "m mm", "n nn", "l ll", "t tt", "p pp", "r rr", "nn n", "ll l", "tt t", "rr r", "ss s", "mm m", "sch sh",
    "tz ts", "ts tz", "w wh", "wh w", "gh g", "ow o", "ei ie", "ie ei", "ia ea", "mc mac", "sh sch", "cz ch",
)  # fmt: skip
"""Letters, and others that are heard as the same or nearly."""


def misspell_by_letters(name: str, chance: random.Random) -> str:
    """Return a name with one letter too many, missing, wrong or exchanged, long names sometimes with two."""
    slips = 2 if len(name) >= _TWO_SLIPS and chance.random() < 0.3 else 1
    wrong = name
    while wrong == name:
        for _ in range(slips):
            at = chance.randrange(1, len(wrong))
            letter = chance.choice(_LETTERS)
            wrong = chance.choice(
                (
                    wrong[:at] + letter + wrong[at:],
                    wrong[:at] + wrong[at + 1 :],
                    wrong[:at] + letter + wrong[at + 1 :],
                    wrong[: at - 1] + wrong[at : at + 1] + wrong[at - 1 : at] + wrong[at + 1 :],
                )
            )
    return wrong


def misspell_by_sound(name: str, chance: random.Random) -> str | None:
    """Return a name written as it is heard, with up to two sounds in other letters; None if there are none."""
    wrong = name.lower()
    for _ in range(chance.randint(1, 2)):
        ways = [
            wrong[:at] + new + wrong[at + len(old) :]
            for old, *others in map(str.split, _SOUNDS)
            for at in range(len(wrong))
            if wrong.startswith(old, at)
            for new in others
        ]
        wrong = chance.choice(ways) if ways else wrong
    return wrong.capitalize() if wrong != name.lower() else None
