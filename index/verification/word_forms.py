"""Normalise words for the alignment: one form for all spellings of the same word.

A form is a word or a part of one: "it's" has two, "twenty-five" and "25" have the same one. Each form keeps the numbers
of its words, and the text itself is not changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.language.british import usual_spelling
from index.language.capitals import ABBREVIATED, find_capitals
from index.language.numbers.number_kinds import JOINER
from index.language.numbers.number_readings import Part, parts_in_context, read_numbers
from index.language.spelling import meanings_in, meanings_of, sign_word, split_contraction
from index.language.tokens import find_token_runs, fold_text, tokenize, tokenize_words
from index.verification.word_classes import (
    Kind,
    filler_phrases,
    find_stage_directions,
    hedge_phrases,
    is_hedge,
    kind_of,
    set_apart_fillers,
)

_LEADING_MARKS = re.compile(r"[^\w$€£¥*]+")
_TRAILING_MARKS = re.compile(r"(?<![^\w%€*])[^\w%€*]+$")
_LAST_MARK = re.compile(r"[.,;:!?…—–\-。！？，、；：؟،؛।][\"'”’»)\]」』]*$")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]」』]*$")
_NUMBER_SIGN = (r"[^\w]*[Nn]o\.", r"\d.*")
_AROUND = ".,;:!?…—–-\"'“”‘’()[] "
_STARRED = re.compile(r"[\w*]*\*[\w*]*")
_DASHED = re.compile(r"([^\W\d_]{1,3})(?:[-_]{2,}|[—–]+)([^\W\d_]{0,4})")
_FALSE_START = re.compile(r"[^\w]*[^\W\d_]{1,4}-+[,.…]*")
_ONE = frozenset({"1", "count:1", "digit:1"})
"""What "one" may be, where it is no pronoun."""
_PERSONS = frozenset({"i"})
_DETERMINER_TEXT = "a an the this that these those some any what which one every each no same"
_DETERMINERS = frozenset(_DETERMINER_TEXT.split())
_LONGEST_MASK = 60  # characters: longer than any word that is masked
_WHETHER_REACH = 12  # forms: "whether we can find the time for it or not"
_LONGEST_REPEAT = 4  # forms: "I would have, I would have"
REPEAT_REACH = 2 * _LONGEST_REPEAT - 1
"""Forms before and after a form on which it depends whether it is part of a repeated start."""


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One normalised word. Two are the same word if they share ``key`` or one's key is in the other's ``also``.

    ``surface`` is the form's part of its word as written, without apostrophes. ``mask`` is a pattern for the surface of
    a masked word, s*** or f------: ``*`` stands for any number of letters, ``?`` for one.
    """

    key: str
    kind: Kind
    surface: str
    also: frozenset[str] = frozenset()
    mask: str | None = None

    @property
    def joins_amounts(self) -> bool:
        """Whether it stands between the two sides of a range or ratio."""
        return self.key.startswith(JOINER)

    @property
    def is_no_abbreviation(self) -> bool:
        """Whether it is "us" or "it", not US or I.T., as far as capitals tell."""
        return (
            self.surface in ABBREVIATED and self.key == self.surface and abbreviation_key(self.surface) not in self.also
        )

    @property
    def is_digit(self) -> bool:
        """Whether it is one of several digits that were said one by one."""
        return self.key.startswith("digit:")

    @property
    def is_amount(self) -> bool:
        """Whether it is a number by itself, not the unit of one."""
        return self.kind == "number" and not self.key.startswith((JOINER, "unit:"))


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of consecutive words. ``firsts`` and ``lasts``: each form's words, inclusive, from zero."""

    texts: tuple[str, ...]
    forms: tuple[Form, ...]
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.forms)

    def part(self, begin: int, end: int) -> Forms:
        """Return the forms from ``begin`` to ``end``, exclusive, of the same words."""
        return Forms(self.texts, self.forms[begin:end], self.firsts[begin:end], self.lasts[begin:end])


_MAY_BE_LEFT_OUT = {"range": "between", "version": "version"}
"""Words before numbers of these kinds that add nothing: between 8 and 9, version 2.0."""

_PlacedForm = tuple[Form, int, int]
"""A form with its first and last word."""


def read_forms(texts: Sequence[str], language: str | None, *, spoken: bool = True) -> Forms:
    """Return the forms of these words of a transcript or, if not ``spoken``, of a quotation."""
    silent = find_stage_directions(texts, spoken=spoken)
    numbers = _read_number_forms(texts, language)
    placed: list[_PlacedForm] = []
    closing = list(map(_ends_with_mark, texts))
    opens, apart, place = True, True, 0
    for number, text in enumerate(texts):
        word = "number" if "o." in text and _is_number_sign(texts[number : number + 2], language) else text.strip()
        read = () if silent[number] else _read_word(word, language, opens, apart and closing[number])
        size = len(tokenize(text))
        for token, form in read:
            if size and place + token in numbers:
                placed += numbers[place + token]
                numbers[place + token] = []
            else:
                placed.append((form, number, number))
        if read or (closing[number] and not silent[number]):
            opens, apart = ends_sentence(text), closing[number]
        place += size
    forms = [form for form, _, _ in placed]
    lasts = tuple(last for _, _, last in placed)
    ends = [closing[last] and last != after for last, after in zip(lasts, (*lasts[1:], -1), strict=False)]
    if language == "en":
        _mark_abbreviations(forms, texts, [first for _, first, _ in placed], spoken=spoken)
    _mark_phrases(forms, ends, language)
    if spoken:
        _mark_hedges(forms, language)
    if language == "en":
        _mark_alternatives(forms)
    return Forms(tuple(texts), tuple(forms), tuple(first for _, first, _ in placed), lasts)


def _is_number_sign(texts: Sequence[str], language: str | None) -> bool:
    """Whether the first of two words is "No." before a figure."""
    return language == "en" and len(texts) == 2 and all(map(re.fullmatch, _NUMBER_SIGN, map(str.strip, texts)))


@lru_cache(maxsize=100_000)
def _ends_with_mark(text: str) -> bool:
    return _LAST_MARK.search(text.rstrip()) is not None


@lru_cache(maxsize=100_000)
def ends_sentence(text: str) -> bool:
    """Whether a word ends with the mark that ends a sentence."""
    return _SENTENCE_END.search(text.rstrip()) is not None


def _read_number_forms(texts: Sequence[str], language: str | None) -> dict[int, list[_PlacedForm]]:
    """Return the forms of each number by its first token; of its other tokens, none."""
    readings = read_numbers(texts, language)
    if not readings:
        return {}
    tokens, owners = tokenize_words(texts)
    found: dict[int, list[_PlacedForm]] = {}
    for reading, parts in zip(readings, parts_in_context(readings, texts, tokens, owners), strict=True):
        found.update((token, []) for token in range(reading.first, reading.last + 1))
        before = tokens[reading.first - 1 : reading.first]
        if before and before[0] == _MAY_BE_LEFT_OUT.get(reading.number.kind):
            owner = owners[reading.first - 1]
            found[reading.first - 1] = [(Form(before[0], "small", before[0]), owner, owner)]
        found[reading.first] = [(_number_form(part, tokens), owners[part.first], owners[part.last]) for part in parts]
    return found


def _number_form(part: Part, tokens: Sequence[str]) -> Form:
    """Return the form of a part of a number; it is also the word itself, which may be no number elsewhere."""
    kind, _, value = part.key.partition(":")
    if not value:
        return Form(part.key, "small", part.key, part.also)
    also = set(part.also)
    token = tokens[part.first] if part.first == part.last else ""
    if token.isalpha() or (token.isdigit() and kind not in ("unit", "joined")):
        also.add(token)
    if kind in ("unit", "count"):
        also.add(value)
    return Form(part.key, "number", part.key if kind == "joined" else value, frozenset(also))


@lru_cache(maxsize=200_000)
def _read_word(text: str, language: str | None, opens: bool, apart: bool) -> tuple[tuple[int, Form], ...]:
    """Return the forms of one word, each with the number of its token in the word.

    The word ``opens`` a sentence, or is set ``apart`` by punctuation.
    """
    leading = _LEADING_MARKS.match(text)
    bare = _TRAILING_MARKS.sub("", text[leading.end() :] if leading else text)
    if mask := _read_mask(text, bare):
        return ((0, mask),)
    name = not opens and bare[:1].isupper()
    dropped_g = text.rstrip(',.;:!?…"”').endswith("in'")
    read: list[tuple[int, Form]] = []
    place = 0
    for number, piece in enumerate(text.split("&")):
        if number:
            if word := sign_word(language):
                read.append((place, Form(word, kind_of(word, language), word)))
            place += 1
        for token in tokenize(piece):
            read += [(place, form) for form in _read_token(token, language, name, dropped_g, dotted="." in text)]
            place += 1
    for number, meanings in enumerate(meanings_in(fold_text(bare).rstrip("."), language)):
        read[number] = number, replace(read[number][1], also=meanings)
    if len(read) == 1 and ((apart and read[0][1].key in set_apart_fillers(language)) or _FALSE_START.fullmatch(text)):
        return ((0, replace(read[0][1], kind="filler")),)
    return tuple(read)


def _read_token(token: str, language: str | None, name: bool, dropped_g: bool, dotted: bool) -> list[Form]:
    if language != "en":
        kind = kind_of(token, language)
        return [Form(token, "name" if name and kind == "content" else kind, token.replace("'", ""))]
    parts = split_contraction(token + "g" if dropped_g and token.endswith("in") else token)
    surfaces = _surfaces(token, parts)
    read = []
    for part, surface in zip(parts, surfaces, strict=True):
        key = usual_spelling(part)
        kind = kind_of(part.strip("'"), "en")
        if name and kind == "content" and part not in _PERSONS and not part.startswith("'"):
            kind = "name"
        also = meanings_of(part) | meanings_of(f"{part}." if dotted else "")
        read.append(Form(key, kind, surface, _ONE if part == "one" else also))
    return read


def _surfaces(token: str, parts: Sequence[str]) -> list[str]:
    """Split ``token`` into the surfaces of its parts; the parts themselves if they do not add up to it."""
    letters = token.replace("'", "")
    if len(parts) == 1:
        return [letters]
    pieces = [part.replace("'", "") for part in parts]
    if pieces[-1] == "not" and letters.endswith("nt"):
        pieces = [letters[: -2 if letters[:-2] == pieces[0] else -1], ""]
        pieces[1] = letters[len(pieces[0]) :]
    return pieces if "".join(pieces) == letters else [part.replace("'", "") for part in parts]


def _read_mask(text: str, bare: str) -> Form | None:
    """Return the form of a word masked by stars or dashes, None for any other."""
    folded = fold_text(bare if "*" in bare else text.strip(".,;:!?\"'“”‘’()"))
    if _STARRED.fullmatch(folded):
        mask = re.sub(r"\*+", "*", folded)
        return Form(folded, "content", folded, mask=mask) if len(mask) <= _LONGEST_MASK else None
    found = _DASHED.fullmatch(folded)
    if found and (len(found[1]) == 1 or "--" in folded or "__" in folded) and found[1] not in ("i", "a"):
        return Form(folded, "content", folded, mask=f"{found[1]}*{found[2]}")
    return Form("-", "content", "-", mask="?*") if re.fullmatch(r"[-_]{3,}|[—]{2,}", folded) else None


def abbreviation_key(word: str) -> str:
    """Return the key of an abbreviation that is written like another word but for its capitals."""
    return f".{word}"


def _mark_abbreviations(forms: list[Form], texts: Sequence[str], firsts: Sequence[int], *, spoken: bool) -> None:
    """Mark US, IT and WHO as other words than us, it and who; in a transcript without capitals they may be both."""
    upper = any(map(str.isupper, "".join(texts)))
    in_capitals = set(find_capitals(texts))
    for place, (form, first) in enumerate(zip(forms, firsts, strict=True)):
        if form.surface not in ABBREVIATED or form.key != form.surface:
            continue
        key = abbreviation_key(form.key)
        if not upper and spoken:
            forms[place] = replace(form, also=form.also | {key})
        elif first in in_capitals:
            forms[place] = replace(form, key=key, kind="name")


def _mark_phrases(forms: list[Form], ends: Sequence[bool], language: str | None) -> None:
    """Mark "you know" as filler next to punctuation, and "kind of" unless a determiner precedes it."""
    keys = [form.key for form in forms]
    for phrase in filler_phrases(language):
        for start in find_token_runs(keys, phrase):
            stop = start + len(phrase)
            if phrase[-1] == "of":
                fits = start > 0 and keys[start - 1] not in _DETERMINERS
            else:
                fits = ends[stop - 1] or (start > 0 and ends[start - 1])
            if fits:
                forms[start:stop] = [replace(form, kind="filler") for form in forms[start:stop]]


def _mark_hedges(forms: list[Form], language: str | None) -> None:
    """Mark "I think" as a hedge inside a clause."""
    keys = [form.key for form in forms]
    for phrase in hedge_phrases(language):
        for start in find_token_runs(keys, phrase):
            stop = start + len(phrase)
            if start == 0 or stop == len(forms):
                continue
            before, after = forms[start - 1], forms[stop]
            if "negation" not in (before.kind, after.kind) and is_hedge(before.key, after.key, language):
                forms[start:stop] = [
                    form if form.kind == "filler" else replace(form, kind="hedge") for form in forms[start:stop]
                ]


def _mark_alternatives(forms: list[Form]) -> None:
    """Mark the "not" of "whether or not" as a small word: it may be left out, and negates nothing."""
    for place in range(2, len(forms)):
        if (forms[place - 1].key, forms[place].key) == ("or", "not"):
            before = forms[max(0, place - _WHETHER_REACH) : place - 1]
            if any(form.key == "whether" for form in before):
                forms[place] = replace(forms[place], kind="small")


def repeated_starts(forms: Forms) -> list[bool]:
    """Return for each form whether it is part of a repeated start: the first "I was" of "I was, I was"."""
    keys = [form.key for form in forms.forms]
    kinds = [form.kind for form in forms.forms]
    repeated = [False] * len(keys)
    for place in range(len(keys) - 1):
        for length in range(1, min(_LONGEST_REPEAT, (len(keys) - place) // 2) + 1):
            again = place + length
            if keys[place] != keys[again]:
                continue
            # "Not not" is not a slip of the tongue, and "five five" are two numbers.
            slip = "number" not in kinds[place:again] and (length > 1 or kinds[place] != "negation")
            if slip and keys[place:again] == keys[again : again + length]:
                repeated[place:again] = [True] * length
                break
    return repeated
