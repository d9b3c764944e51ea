"""Normalise words for the alignment: one form for all spellings of the same word.

A form is a word or a part of one: "it's" has two, "twenty-five" and "25" have the same one. Each form keeps the numbers
of its words, and the text itself is not changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.language.numerals import NUMERAL_WORDS, SCALES, read_numeral, split_figure
from index.language.spelling import meanings_of, split_contraction, usual_spelling
from index.language.tokens import fold_text, tokenize
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
_LAST_MARK = re.compile(r"[.,;:!?…—–-][\"'”’»)\]]*$")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_STARRED = re.compile(r"[\w*]*\*[\w*]*")
_DASHED = re.compile(r"([^\W\d_]{1,3})(?:[-_]{2,}|[—–]+)([^\W\d_]{0,4})")
_FALSE_START = re.compile(r"[^\w]*[^\W\d_]{1,4}-+[,.…]*")
_PERSONS = frozenset({"i"})
_DETERMINER_TEXT = "a an the this that these those some any what which one every each no same"
_DETERMINERS = frozenset(_DETERMINER_TEXT.split())
_LONGEST_MASK = 60  # characters: longer than any word that is masked
_LONGEST_REPEAT = 4  # forms: "I would have, I would have"


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


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of consecutive words. ``firsts`` and ``lasts``: each form's words, inclusive, from zero."""

    texts: tuple[str, ...]
    forms: tuple[Form, ...]
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.forms)


def read_forms(texts: Sequence[str], language: str | None, *, spoken: bool = True) -> Forms:
    """Return the forms of these words of a transcript or, if not ``spoken``, of a quotation."""
    silent = find_stage_directions(texts, spoken=spoken)
    forms: list[Form] = []
    owners: list[int] = []
    ends: list[bool] = []
    opens, apart = True, True
    for number, text in enumerate(texts):
        if silent[number]:
            continue
        closes = bool(_LAST_MARK.search(text.rstrip()))
        read = _read_word(text.strip(), language, opens, apart and closes)
        forms += read
        owners += [number] * len(read)
        ends += [False] * (len(read) - 1) + [closes] if read else []
        if read or closes:
            opens, apart = bool(_SENTENCE_END.search(text.rstrip())), closes
    _mark_phrases(forms, ends, language)
    if spoken:
        _mark_hedges(forms, language)
    if language == "en":
        return _with_numerals(tuple(texts), forms, owners, ends)
    return Forms(tuple(texts), tuple(forms), tuple(owners), tuple(owners))


@lru_cache(maxsize=200_000)
def _read_word(text: str, language: str | None, opens: bool, apart: bool) -> tuple[Form, ...]:
    """Return the forms of one word, which ``opens`` a sentence, or is set ``apart`` by punctuation."""
    leading = _LEADING_MARKS.match(text)
    bare = _TRAILING_MARKS.sub("", text[leading.end() :] if leading else text)
    if mask := _read_mask(text, bare):
        return (mask,)
    if not language or language == "en":
        figure = split_figure(bare)
        if figure:
            return tuple(Form(piece, kind_of(piece, "en"), piece) for piece in figure)
    name = not opens and bare[:1].isupper()
    read: list[Form] = []
    for token in tokenize(text):
        read += _read_token(token, language, name, text.rstrip(',.;:!?…"”').endswith("in'"))
    if len(read) == 1 and ((apart and read[0].key in set_apart_fillers(language)) or _FALSE_START.fullmatch(text)):
        return (replace(read[0], kind="filler"),)
    return tuple(read)


def _read_token(token: str, language: str | None, name: bool, dropped_g: bool) -> list[Form]:
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
        read.append(Form(key, kind, surface, meanings_of(part)))
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


def _mark_phrases(forms: list[Form], ends: Sequence[bool], language: str | None) -> None:
    """Mark "you know" as filler next to punctuation, and "kind of" unless a determiner precedes it."""
    for phrase in filler_phrases(language):
        for start in range(len(forms) - len(phrase) + 1):
            stop = start + len(phrase)
            if forms[start].key != phrase[0] or any(forms[start + n].key != part for n, part in enumerate(phrase)):
                continue
            if phrase[-1] == "of":
                fits = start > 0 and forms[start - 1].key not in _DETERMINERS
            else:
                fits = ends[stop - 1] or (start > 0 and ends[start - 1])
            if fits:
                forms[start:stop] = [replace(form, kind="filler") for form in forms[start:stop]]


def _mark_hedges(forms: list[Form], language: str | None) -> None:
    """Mark "I think" as a hedge inside a clause."""
    for phrase in hedge_phrases(language):
        for start in range(1, len(forms) - len(phrase)):
            stop = start + len(phrase)
            if forms[start].key != phrase[0] or tuple(form.key for form in forms[start:stop]) != phrase:
                continue
            before, after = forms[start - 1], forms[stop]
            if "negation" not in (before.kind, after.kind) and is_hedge(before.key, after.key, language):
                forms[start:stop] = [
                    form if form.kind == "filler" else replace(form, kind="hedge") for form in forms[start:stop]
                ]


def _with_numerals(texts: tuple[str, ...], forms: list[Form], owners: list[int], ends: list[bool]) -> Forms:
    """Return the forms with each run of number words merged into one."""
    _move_currency(forms, owners)
    pieces = [form.surface if form.surface in NUMERAL_WORDS else form.key for form in forms]
    read: list[Form] = []
    firsts: list[int] = []
    lasts: list[int] = []
    place = 0
    while place < len(forms):
        form, length = forms[place], 1
        if _may_count(pieces, place) and (numeral := read_numeral(pieces, place, ends)):
            length = numeral.length
            if length == 1 and pieces[place] == "one":
                form = Form("one", "small", "one", frozenset({"1"}))
            elif numeral.key != form.key:
                form = Form(numeral.key, "number", numeral.key)
        read.append(form)
        firsts.append(owners[place])
        lasts.append(owners[place + length - 1])
        place += length
    return Forms(texts, tuple(read), tuple(firsts), tuple(lasts))


def _move_currency(forms: list[Form], owners: Sequence[int]) -> None:
    """Read "$5 million" as it is spoken: five, million, dollars."""
    for place in range(len(forms) - 2):
        digits, unit, scale = forms[place : place + 3]
        if scale.key in SCALES and digits.key[:1].isdigit() and owners[place] == owners[place + 1] != owners[place + 2]:
            forms[place + 1], forms[place + 2] = scale, unit


def _may_count(pieces: Sequence[str], place: int) -> bool:
    piece = pieces[place]
    return piece in NUMERAL_WORDS or piece[:1].isdigit() or (piece in ("a", "an") and place + 1 < len(pieces))


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
