"""An alignment as a word-level diff from speech to quotation: the class of each difference, and its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz.distance import OSA

from index.formats.word_split import is_spaced, join_texts
from index.language.phonetics import sound_of
from index.language.spelling import has_other_accents, is_ordinary_word, may_join, written_out
from index.language.tokens import fold_case, fold_text, tokenize
from index.verification.alignment import Alignment, Step
from index.verification.costs import are_equal
from index.verification.quoted_words import QuotedWords
from index.verification.word_classes import DEGREES, find_untranscribed, opposites_of
from index.verification.word_forms import Form, Forms, repeated_starts

LONG_WORD = 8
"""Letters of a word from which on two of them may be misspelt: "tommorow", "publically"."""

MOST_UNDER_BRACKETS = 5
"""Spoken words that words in brackets may replace; of more, some were left out."""

_BY_WEIGHT: tuple[Difference | None, ...] = (
    None, "spelling", "masked", "insertion", "omission", "filler", "repeat", "hedge", "small word", "untranscribed",
    "misspelling", "sound-alike", "content", "name", "number", "negation",
)  # fmt: skip


_SCARCE = frozenset({"few", "little"})
"""Words of which "a" turns the sense: few people came, a few people came."""

_NEAR = 50  # groups that are searched backwards for a part of the same word


Difference = Literal[
    "spelling", "masked", "omission", "insertion", "filler", "repeat", "hedge", "small word", "untranscribed",
    "misspelling", "sound-alike", "content", "name", "number", "negation",
]  # fmt: skip
"""Classes of differences between a quotation and speech.

spelling: the same words in another spelling (25 and twenty-five, it's and it is). masked, omission and insertion: as
marked in the quotation (s***, three dots, brackets). filler, repeat, hedge ("I think" left out), small word: usual when
speech is cleaned for print. untranscribed: a quoted word where the transcript only notes that there was speech
([inaudible]). misspelling: a quoted word that is not in the library and sounds like the one said, or has nearly its
letters and is no word at all. The rest changes, or may change, what was said.
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """One step from speech to a quotation of it.

    ``op`` is ``equal`` (except for case, punctuation and spelling), ``replace``, ``insert`` (quoted, but not said) or
    ``delete`` (said, but not quoted). ``quoted`` and ``said`` are verbatim, or empty. ``first`` and ``last`` are the
    numbers of the words said, None if ``said`` is empty. ``difference`` is None if there is none.
    """

    op: Literal["equal", "replace", "insert", "delete"]
    quoted: str
    said: str
    first: int | None
    last: int | None
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class _StepGroup:
    """Steps that share a word of either text, and so form one edit. Word numbers, the last one inclusive."""

    quoted: tuple[int, int] | None
    said: tuple[int, int] | None
    difference: Difference | None
    equal: bool


def make_edits(
    alignment: Alignment, quoted: QuotedWords, speech: Forms, offset: int = 0, language: str | None = None
) -> tuple[Edit, ...]:
    """Convert an alignment to edits; ``offset`` is the number of the first word of ``speech`` in its transcript.

    Joined, they are the aligned words of the quotation, and all words that were said from the first aligned one to
    the last.
    """
    judged = _judge_steps(alignment, _without_spoken_brackets(alignment, quoted, speech), speech)
    groups = _group(judged, quoted.forms, _attach_wordless(speech, alignment.end))
    edits = [_make_edit(group, quoted, speech, offset) for group in groups]
    return tuple(_merge(_mark_accents(_mark_exchanged(edits), language)))


def _mark_accents(edits: list[Edit], language: str | None) -> list[Edit]:
    """Let words count that differ in their accents, but for those of a text that has none."""
    differing = {
        number
        for number, edit in enumerate(edits)
        if edit.op == "equal" and has_other_accents(edit.quoted, edit.said, language)
    }
    sides = " ".join(edit.quoted for edit in edits), " ".join(edit.said for edit in edits)
    if len(differing) > 1 and any(fold_case(side) == fold_text(side) for side in sides):
        return edits
    return [
        replace(edit, op="replace", difference="misspelling") if number in differing else edit
        for number, edit in enumerate(edits)
    ]


def _mark_exchanged(edits: list[Edit]) -> list[Edit]:
    """Let small words count that are exchanged with each other: "in it, not on it" for "on it, not in it"."""
    replaced = {(tokenize(edit.quoted), tokenize(edit.said)) for edit in edits if edit.difference == "small word"}
    return [
        replace(edit, difference="content")
        if edit.difference == "small word" and edit.quoted and (tokenize(edit.said), tokenize(edit.quoted)) in replaced
        else edit
        for edit in edits
    ]


def _without_spoken_brackets(alignment: Alignment, quoted: QuotedWords, speech: Forms) -> QuotedWords:
    """Return the quotation without the round brackets of which a word was said: they are only punctuation.

    "(or the main thereof)" for "or the lack thereof" inserts no words, it substitutes one.
    """
    spoken = {
        step.first
        for step in alignment.steps
        if step.stop == step.first + 1
        and step.end == step.begin + 1
        and are_equal(quoted.forms.forms[step.first], speech.forms[step.begin])
    }
    optional, gaps = list(quoted.optional), list(quoted.gaps)
    for first, stop in _find_round_brackets(quoted):
        if not spoken.isdisjoint(range(first, stop)):
            optional[first:stop] = [False] * (stop - first)
            gaps[first + 1 : stop + 1] = ["none" if gap == "insertion" else gap for gap in gaps[first + 1 : stop + 1]]
    return replace(quoted, optional=tuple(optional), gaps=tuple(gaps))


def _find_round_brackets(quoted: QuotedWords) -> list[tuple[int, int]]:
    """Return the range of forms in each pair of round brackets, the end exclusive."""
    forms = quoted.forms
    found: list[tuple[int, int]] = []
    for number in [number for number, optional in enumerate(quoted.optional) if optional]:
        same_word = number > 0 and forms.firsts[number] == forms.firsts[number - 1]
        if "(" in forms.texts[forms.firsts[number]] and not same_word:
            found.append((number, number + 1))
        elif found and found[-1][1] == number:
            found[-1] = found[-1][0], number + 1
    return found


def _judge_steps(
    alignment: Alignment, quoted: QuotedWords, speech: Forms
) -> list[tuple[Step, Difference | None, bool]]:
    """Return each step with its difference and whether its words are equal; deletions one form at a time."""
    repeated = repeated_starts(speech)
    untranscribed = find_untranscribed(speech.texts)
    judged: list[tuple[Step, Difference | None, bool]] = []
    difference: Difference
    for step in alignment.steps:
        if step.first == step.stop:
            gap = quoted.gaps[step.first]
            long = step.end - step.begin > MOST_UNDER_BRACKETS
            for place in range(step.begin, step.end):
                form = speech.forms[place]
                difference = "repeat" if repeated[place] else _unaligned(speech, place)
                if gap == "omission":
                    difference = "omission"
                elif gap == "insertion" and form.kind not in ("negation", "number") and not long:
                    difference = "insertion"
                judged.append((Step(step.first, step.stop, place, place + 1), difference, False))
        elif step.begin == step.end:
            difference = _unaligned(quoted.forms, step.first)
            if quoted.optional[step.first] and difference != "negation":
                difference = "insertion"
            elif any(untranscribed[slice(*_wordless(speech, step.begin))]):
                difference = "untranscribed"
            judged.append((step, difference, False))
        elif step.stop - step.first > 1 or step.end - step.begin > 1:
            judged.append((step, *_compare_joined(step, quoted.forms, speech)))
        else:
            one, other = quoted.forms.forms[step.first], speech.forms[step.begin]
            judged.append((step, *_compare(one, other, quoted.optional[step.first])))
    return judged


def _compare_joined(step: Step, quoted: Forms, speech: Forms) -> tuple[Difference | None, bool]:
    forms = [quoted.forms[step.first : step.stop], speech.forms[step.begin : step.end]]
    one, other = (written_out("".join(form.surface for form in side)) for side in forms)
    if one == other and may_join(one):
        return None, True
    if any(form.kind == "number" for side in forms for form in side):
        return "number", False
    negations = {any(form.kind == "negation" for form in side) for side in forms}
    return ("negation" if len(negations) > 1 else "sound-alike"), False


def _wordless(speech: Forms, place: int) -> tuple[int, int]:
    """Return the range of words without a form before a form, the end exclusive."""
    first = speech.lasts[place - 1] + 1 if place else 0
    return first, speech.firsts[place] if place < len(speech) else len(speech.texts)


def _unaligned(forms: Forms, number: int) -> Difference:
    form = forms.forms[number]
    if form.key == "a" and any(following.key in _SCARCE for following in forms.forms[number + 1 : number + 2]):
        return "content"
    if form.key in DEGREES and any(before.kind == "negation" for before in forms.forms[max(0, number - 1) : number]):
        return "content"
    return "small word" if form.kind == "small" else form.kind


def _compare(quoted: Form, spoken: Form, optional: bool) -> tuple[Difference | None, bool]:
    if are_equal(quoted, spoken):
        masked = quoted.key != spoken.key and (quoted.mask is not None or spoken.mask is not None)
        return "masked" if masked else None, True
    kinds = {quoted.kind, spoken.kind}
    if "negation" in kinds:
        return "negation", False
    if optional:
        return "insertion", False
    if "number" in kinds:
        return "number", False
    if kinds <= {"small", "filler"}:
        turned = any(
            not opposites_of(one.key).isdisjoint((other.key, *other.also))
            for one, other in ((quoted, spoken), (spoken, quoted))
        )
        return ("content" if turned else "small word"), False
    if sound_of(quoted.key) and sound_of(quoted.key) == sound_of(spoken.key):
        return "sound-alike", False
    return ("name" if "name" in kinds else "content"), False


def _group(judged: Sequence[tuple[Step, Difference | None, bool]], quoted: Forms, speech: Forms) -> list[_StepGroup]:
    groups: list[_StepGroup] = []
    for step, difference, equal in judged:
        group = _StepGroup(
            _word_range(quoted, step.first, step.stop), _word_range(speech, step.begin, step.end), difference, equal
        )
        # Usually the last one; but the rest of a word that is quoted in part comes after the insertions next to it.
        sharing = [
            number
            for number, other in enumerate(groups[-_NEAR:], max(0, len(groups) - _NEAR))
            if _overlap(other.quoted, group.quoted) or _overlap(other.said, group.said)
        ]
        while sharing and len(groups) > sharing[0]:
            before = groups.pop()
            group = _StepGroup(
                _union(before.quoted, group.quoted),
                _union(before.said, group.said),
                max(before.difference, group.difference, key=_BY_WEIGHT.index),
                before.equal and group.equal,
            )
        groups.append(group)
    return groups


def _attach_wordless(speech: Forms, end: int) -> Forms:
    """Extend each form up to ``end`` by the words after it that have no form, such as a dash."""
    lasts = tuple(
        max(last, following - 1) for last, following in zip(speech.lasts[: end - 1], speech.firsts[1:end], strict=True)
    )
    return Forms(speech.texts, speech.forms, speech.firsts, lasts + speech.lasts[max(0, end - 1) :])


def _word_range(forms: Forms, first: int, stop: int) -> tuple[int, int] | None:
    return (min(forms.firsts[first:stop]), max(forms.lasts[first:stop])) if stop > first else None


def _overlap(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    return one is not None and other is not None and one[0] <= other[1] and other[0] <= one[1]


def _union(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def mark_misspellings(edits: Iterable[Edit], is_known: Callable[[str], bool], language: str | None) -> tuple[Edit, ...]:
    """Name as misspellings the words that seem to be the ones said, wrongly spelt; ``is_known``: to the library."""
    return tuple(
        replace(edit, difference="misspelling") if _is_misspelt(edit, is_known, language) else edit for edit in edits
    )


def _is_misspelt(edit: Edit, is_known: Callable[[str], bool], language: str | None) -> bool:
    """Whether each word that differs is not in the library, and sounds like the one said or is no word and near it.

    A name is no misspelling of another one, unless it sounds the same.
    """
    quoted, said = tokenize(edit.quoted), tokenize(edit.said)
    if edit.op != "replace" or len(quoted) != len(said):
        return False
    differing = [(one, other) for one, other in zip(quoted, said, strict=True) if one != other]
    named = edit.difference == "name" and not edit.said[:1].islower()
    return bool(differing) and all(
        not is_known(one)
        and (
            sound_of(one) == sound_of(other) != ""
            or (not named and _are_near(one, other) and not is_ordinary_word(one, language))
        )
        for one, other in differing
    )


def _are_near(one: str, other: str) -> bool:
    """Whether two words differ in one letter, or in two if they are long; a transposition counts as one."""
    words = one.isalpha() and other.isalpha() and min(len(one), len(other)) > 1
    return words and OSA.distance(one, other) <= (2 if len(other) >= LONG_WORD else 1)


def _make_edit(group: _StepGroup, quoted: QuotedWords, speech: Forms, offset: int) -> Edit:
    quote = "".join(quoted.forms.texts[group.quoted[0] : group.quoted[1] + 1]).strip() if group.quoted else ""
    said = "".join(speech.texts[group.said[0] : group.said[1] + 1]).strip() if group.said else ""
    first, last = (group.said[0] + offset, group.said[1] + offset) if group.said else (None, None)
    op: Literal["equal", "replace", "insert", "delete"]
    difference = group.difference
    if group.equal:
        op = "equal"
        if difference is None and tokenize(quote) != tokenize(said):
            difference = "spelling"
    elif not group.said:
        op = "insert"
    elif not quote:
        op = "delete"
    else:
        op = "replace"
    return Edit(op, quote, said, first, last, difference)


def _merge(edits: list[Edit]) -> list[Edit]:
    """Merge adjacent edits of the same kind."""
    merged: list[Edit] = []
    for edit in edits:
        if not (merged and _are_one(merged[-1], edit)):
            merged.append(edit)
            continue
        before = merged[-1]
        quoted, said = join_texts([before.quoted, edit.quoted]), join_texts([before.said, edit.said])
        merged[-1] = replace(
            before,
            op=before.op if before.op == edit.op else "replace" if quoted and said else "delete",
            quoted=quoted,
            said=said,
            first=before.first if before.first is not None else edit.first,
            last=edit.last if edit.last is not None else before.last,
        )
    return merged


def _are_one(before: Edit, edit: Edit) -> bool:
    """Whether two edits in a row are one: in scripts without spaces, where a word has several characters, any two."""
    if before.difference != edit.difference:
        return False
    if before.op == edit.op != "replace" or edit.difference == "omission":
        return True
    return "equal" not in (before.op, edit.op) and not is_spaced(edit.quoted or edit.said)


MOST_SHOWN = 3
"""Differences of one class that are shown."""

_NAMES: dict[Difference, str] = {
    "filler": "fillers left out",
    "repeat": "repeated starts left out",
    "hedge": "a hedge left out",
    "small word": "small words differ",
    "untranscribed": "words where speech was not transcribed",
    "misspelling": "another spelling",
    "sound-alike": "a word that sounds alike",
    "content": "other words",
    "name": "another name",
    "number": "another number",
    "negation": "a negation differs",
}


def list_changes(edits: Sequence[Edit]) -> str:
    """Describe the differences that count."""
    kinds: dict[Difference, list[Edit]] = {}
    for edit in edits:
        if edit.difference in _NAMES:
            kinds.setdefault(edit.difference, []).append(edit)
    listed = []
    for kind, found in kinds.items():
        shown = [_describe_edit(edit) for edit in found[:MOST_SHOWN]]
        listed.append(f"{_NAMES[kind]} ({', '.join(shown)}{', ...' if len(found) > MOST_SHOWN else ''})")
    return "; ".join(listed)


def _describe_edit(edit: Edit) -> str:
    if edit.op == "insert":
        return f"“{edit.quoted}” was not said"
    return f"“{edit.said}” left out" if edit.op == "delete" else f"“{edit.quoted}” for “{edit.said}”"


def count_places(places: int, most: int) -> str:
    """Return "12 places", or "more than 50 places" if no more than ``most`` are counted."""
    return f"more than {most} places" if places > most else f"{places} {'place' if places == 1 else 'places'}"
