"""Compare two written names: whether they can be those of one person."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import cache, lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from index.language.phonetics import sound_of
from index.language.tokens import fold_words
from index.verification.person_names import (
    GIVEN_NAMES_TOO,
    PARTICLES,
    NameWord,
    PersonName,
    Reading,
    is_host,
    read_name,
    script_of,
)

if TYPE_CHECKING:
    from nicknames import NickNamer

_LEAST_ALIKE, _LONG = 3, 8
"""Letters from which on a word with one other letter may be the same name, and one with two."""


class Likeness(IntEnum):
    """How two words of names, or two names, agree.

    different: they cannot be of one person. unclear: by one letter, by sound, or because one of them may be the given
    name and the other the surname. weak: by initials or by a given name alone. same: in all that both of them say.
    """

    different = 0
    unclear = 1
    weak = 2
    same = 3


def can_be_same_person(
    quoted: str, speaking: str, speakers: Sequence[str] = (), show: str | None = None
) -> bool | None:
    """Return whether two written names can be of one person; None if that cannot be told.

    ``speakers`` are all who speak in the episode. A name that fits another of them as well (Adam, where there are two)
    does not tell who is meant; one that fits another better is the other's. A role names no one, unless the label of
    the speaker has both, or it is the host's and the name is in the title of the ``show``.
    """
    if _is_host_by_name(quoted, speaking, show) or _is_host_by_name(speaking, quoted, show):
        return True
    likeness = compare_names(quoted, speaking)
    if likeness == Likeness.different:
        return False
    others = (name for name in speakers if compare_names(name, speaking) == Likeness.different)
    rival = max((compare_names(quoted, name) for name in others), default=Likeness.different)
    if likeness == Likeness.unclear:
        return False if rival >= Likeness.weak else None
    return True if likeness > rival or rival <= Likeness.unclear else None


def _is_host_by_name(role: str, named: str, show: str | None) -> bool:
    """Whether ``role`` says only "host", and ``named`` is a name that says so too, or stands in the show's title."""
    name = read_name(named)
    if name is None or read_name(role) is not None or not is_host(role):
        return False
    title = f" {fold_words(show or '')} "
    return is_host(named) or any(
        len(reading) > 1 and f" {' '.join(word.text for word in reading)} " in title for reading in name.readings
    )


def compare_names(one: str, other: str) -> Likeness:
    """Compare two written names, each by the reading that fits best; unclear if one of them is no person's name."""
    first, second = read_name(one), read_name(other)
    if first is None or second is None:
        return Likeness.unclear
    best = max(
        (_compare_readings(*pair) for pair in product(first.readings, second.readings)), default=Likeness.different
    )
    if _differ_in_generation(first, second):
        return Likeness.different
    return max(best, Likeness.unclear) if first.doubtful or second.doubtful else best


def _differ_in_generation(one: PersonName, other: PersonName) -> bool:
    """Whether one is the father or the son of the other: Jr. and II may be one person, as may those without either."""
    given = {one.generation, other.generation} - {None}
    return len(given) == 2 and given != {"jr", "ii"}


def _compare_readings(one: Reading, other: Reading) -> Likeness:
    joined, joined_other = ("".join(word.text for word in reading) for reading in (one, other))
    if joined == joined_other:
        return Likeness.same
    script = script_of(joined)
    if script != script_of(joined_other):
        return Likeness.unclear
    if script in ("CJK", "HANGUL"):
        return _compare_unspaced(joined, joined_other)
    short, long = sorted((one, other), key=len)
    if len(short) > 1:
        return _compare_full_names(short, long)
    return _compare_single_name(short[0], long)


def _compare_unspaced(one: str, other: str) -> Likeness:
    """Compare names that are written without spaces, the surname first, perhaps with an honorific at the end."""
    short, long = sorted((one, other), key=len)
    if len(short) > 1 and short in long:
        return Likeness.same
    return Likeness.unclear if len(short) < 3 or set(short) & set(long) else Likeness.different


def _compare_single_name(single: NameWord, name: Reading) -> Likeness:
    """Compare a surname or a given name alone; two of these may be the two names of one person."""
    if _compare_words(single, name[-1]) == Likeness.same:
        return Likeness.same
    if len(name) == 1:
        return Likeness.unclear
    best = max(_compare_words(single, word) for word in name)
    if best == Likeness.same:
        return Likeness.weak
    return min(best, Likeness.unclear)


def _compare_full_names(short: Reading, long: Reading) -> Likeness:
    """Compare names of several words: each of the shorter one has its own in the longer one, surname first or last."""
    orders = [short[first:] + short[:first] for first in range(len(short))]
    chosen = list(combinations(long, len(short)))
    best = max(min(map(_compare_words, order, words)) for order, words in product(orders, chosen))
    agreeing = sum(any(_compare_words(word, other) == Likeness.same for other in long) for word in short)
    if agreeing or best < Likeness.weak:
        return max(best, Likeness.unclear) if agreeing > 1 else best
    # Initials alone: D. H. may be David Hansson, but J. D. Greef is not Dmitry Jemerov.
    by_initials = len(short) == len(long) or all(len(word.text) == 1 for word in short)
    return Likeness.unclear if by_initials else Likeness.different


@lru_cache(maxsize=100_000)
def _compare_words(one: NameWord, other: NameWord) -> Likeness:
    if one.text == other.text or ((one.accented or other.accented) and one.plain == other.plain):
        return Likeness.same
    short, long = sorted((one.text, other.text), key=len)
    if _is_short_form(short, long):
        return Likeness.same
    if len(short) == 1 and long in PARTICLES - GIVEN_NAMES_TOO:
        return Likeness.different
    if len(short) == 1:
        initials = {name[:1] for name in (long, *_nicknames().canonicals_of(long))}
        return Likeness.weak if short in initials else Likeness.different
    if len(short) < _LEAST_ALIKE:
        return Likeness.different
    return Likeness.unclear if _may_be_one_word(short, long) else Likeness.different


def _may_be_one_word(short: str, long: str) -> bool:
    """Whether one may be a spelling, a mishearing or a short form of the other."""
    if long.startswith(short) or (long.endswith(short) and _nicknames().canonicals_of(short)):
        return True  # Sam and Samuel, Tony and Antony
    if _share_full_form(short, long):
        return True
    sound = sound_of(short)
    if len(sound) > 1 and sound == sound_of(long):
        return True
    return Levenshtein.distance(short, long) <= (2 if len(short) >= _LONG else 1)


def _is_short_form(one: str, other: str) -> bool:
    """Whether one is a nickname of the other: Bill and William."""
    return one in _nicknames().nicknames_of(other) or other in _nicknames().nicknames_of(one)


def _share_full_form(one: str, other: str) -> bool:
    """Whether both are nicknames of one name, or nicknames of nicknames: Meg and Peggy, Katie (Kate) and Katherine."""
    return not _full_forms(one).isdisjoint(_full_forms(other))


def _full_forms(word: str) -> set[str]:
    forms = {word} | _nicknames().canonicals_of(word)
    return forms.union(*map(_nicknames().canonicals_of, forms))


@cache
def _nicknames() -> NickNamer:
    from nicknames import NickNamer

    return NickNamer()
