"""Makers of quotations that change what was said: one content word, name, number or negation is another."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from bench.quotes_drawing import NUMBER_WORDS, Draw, Quoted, is_near_number
from rapidfuzz import fuzz, process

from index.language.common_words import COMMON_WORDS
from index.language.phonetics import sound_of
from index.language.tokens import stem_token, tokenize

NEAREST_SHARE = 0.5  # of changed content words are the nearest other words: challenges, changes
MOST_ALIKE, LEAST_NEAR = 85, 60  # fuzz.ratio: above, two words may be two spellings of one; below, they are not near
NAMES_ALIKE = 60

_SCALES = ("hundred", "thousand", "million", "billion")
# "one" is often no number, and "second" is a time as well.
_COUNTS = tuple(sorted(NUMBER_WORDS - {"one", *_SCALES, "trillion"}))
_ORDINALS = ("third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_WITHOUT_NOT = {"can't": "can", "won't": "will", "cannot": "can"}
_WITH_NOT = {
    "is": "isn't", "are": "aren't", "was": "wasn't", "were": "weren't", "can": "can't", "will": "won't",
    "did": "didn't", "would": "wouldn't", "should": "shouldn't", "could": "couldn't", "does": "doesn't",
    "have": "haven't",
}  # fmt: skip
_PRONOUNS = frozenset({
    "i", "you", "he", "she", "it", "we", "they", "that", "this", "there",
})  # fmt: skip
_TELEPHONE = re.compile(r"(?:\d{3}-)?\d{3}-\d{4}")
"""The same number without its hyphens."""

_NEAR_NEGATION = re.compile(
    r"n't$|^(?:not|no|never|nothing|nobody|none|nor|neither|or|whether|if|without|cannot|only|just|care|help)$"
)
_NOT_REACH = 4  # words around a negation in which another negation, or an idiom, might make the change none


def change_content_word(draw: Draw) -> Quoted | None:
    """Substitute a content word: half by the nearest other words, half by any."""
    places = [
        number
        for number in range(draw.first, draw.last + 1)
        if re.fullmatch(r"[a-z]{4,}", word := draw.talk.words[number])
        and word not in COMMON_WORDS["en"]
        and word not in NUMBER_WORDS
    ]
    if not places or not draw.within_turn:
        return None
    place = draw.choose.choice(places)
    old = draw.talk.words[place]
    near = draw.choose.random() < NEAREST_SHARE
    new = _nearest_word(old, draw.substitutes.content) if near else draw.choose.choice(draw.substitutes.content)
    return (draw.with_word(place, new), draw.places) if new and _are_different(old, new) else None


def change_name(draw: Draw) -> Quoted | None:
    """Substitute a name by an unlike one."""
    names = draw.substitutes.names
    known = frozenset(names)
    places = [n for n in range(draw.first, draw.last + 1) if draw.talk.words[n].rstrip(",.?!") in known]
    if not places or not draw.within_turn:
        return None
    place = draw.choose.choice(places)
    word = draw.talk.words[place]
    old = word.rstrip(",.?!")
    new = draw.choose.choice(names)
    if fuzz.ratio(old.lower(), new.lower()) > NAMES_ALIKE or sound_of(old.lower()) == sound_of(new.lower()):
        return None
    return draw.with_word(place, new + word[len(old) :]), draw.places


def change_negation(draw: Draw) -> Quoted | None:
    """Drop a negation, or add one, where that turns the statement: not in tags, idioms and beside another negation."""
    words = [word.lower().replace("’", "'") for word in draw.talk.words[draw.first : draw.last + 1]]
    places = [
        number
        for number, word in enumerate(words)
        if 0 < number < len(words) - 1
        and (word in ("not", "never") or word.endswith("n't") or word in _WITHOUT_NOT or word in _WITH_NOT)
        and not _is_near_negation(words, number)
    ]
    if not places or not draw.within_turn:
        return None
    place = draw.choose.choice(places)
    word = words[place]
    if word in _WITH_NOT:
        other = draw.choose.choice((_WITH_NOT[word], f"{draw.talk.words[draw.first + place]} not"))
    elif word in ("not", "never"):
        other = ""
    elif word in ("ain't", "shan't"):
        return None
    else:
        other = _WITHOUT_NOT.get(word, word.removesuffix("n't"))
    return draw.with_word(draw.first + place, other), draw.places


def change_number(draw: Draw) -> Quoted | None:
    """Substitute a number: another value, another magnitude, or its digits run together."""
    places = [n for n in range(draw.first, draw.last + 1) if _has_number(draw.talk.words[n].rstrip(",.?!"))]
    if not places or not draw.within_turn:
        return None
    place = draw.choose.choice(places)
    word = draw.talk.words[place]
    old = word.rstrip(",.?!")
    if old in _SCALES:
        new = draw.choose.choice([scale for scale in _SCALES if scale != old])
    elif old in _COUNTS:
        new = draw.choose.choice([count for count in _COUNTS if count != old])
        if is_near_number(draw.talk, place):
            return None  # "thirty" for "five" in "twenty-five" reads as two numbers
    elif old in _ORDINALS:
        new = draw.choose.choice([ordinal for ordinal in _ORDINALS if ordinal != old])
    else:
        new = change_figures(old, draw.choose)
    return (draw.with_word(place, new + word[len(old) :]), draw.places) if new != old else None


def change_figures(figures: str, choose: random.Random) -> str:
    """Return a number in figures as another one: a digit differs, digits are added, or what parts them is left out."""
    digits = [place for place, letter in enumerate(figures) if letter.isdigit()]
    joined = re.sub(r"(?<=\d)[-–/:.](?=\d)", "", figures)
    joins = joined != figures and not figures.startswith("0") and not _TELEPHONE.fullmatch(figures)
    ways = ["digit", "prefix"] + (["join", "join"] if joins else [])
    way = choose.choice(ways)
    if way == "join":
        return joined
    if way == "prefix":
        if "," in figures or figures[digits[0]] == "0":
            way = "digit"
        else:
            return f"{figures[: digits[0]]}{choose.randint(1, 9)}{figures[digits[0] :]}"
    place = choose.choice(digits)
    # No zero: 05 is 5.
    other = choose.choice([digit for digit in "123456789" if digit != figures[place]])
    return figures[:place] + other + figures[place + 1 :]


def _has_number(word: str) -> bool:
    return (
        word in (*_SCALES, *_COUNTS, *_ORDINALS)
        or re.fullmatch(r"[$€£]?\d[\d,.:/–-]*(?:%|[kK]|s|th)?", word) is not None
    )


def _nearest_word(word: str, others: Sequence[str]) -> str | None:
    found = process.extract(word, others, scorer=fuzz.ratio, limit=20, score_cutoff=LEAST_NEAR)
    return next((other for other, _, _ in found if _are_different(word, other)), None)


def _are_different(old: str, new: str) -> bool:
    """Whether they are two words, and not two forms or spellings of one."""
    if fuzz.ratio(old, new) > MOST_ALIKE or stem_token(old, "en") == stem_token(new, "en"):
        return False
    return sound_of(old) != sound_of(new) and tokenize(old) != tokenize(new)


def _is_near_negation(words: Sequence[str], place: int) -> bool:
    around = [*words[max(0, place - _NOT_REACH) : place], *words[place + 1 : place + 1 + _NOT_REACH]]
    if any(_NEAR_NEGATION.search(token) for word in around for token in tokenize(word)):
        return True
    following = tokenize(words[place + 1])
    return words[place].endswith((",", ".", "?")) or (bool(following) and following[0] in _PRONOUNS)
