"""Makers of quotations that keep the words: as they are, without fillers, with marked omissions, or spliced."""

from __future__ import annotations

from bench.quotes_drawing import HIDES, LONGEST, SHORTEST, Draw, Quoted, sentence_start

from index.language.tokens import tokenize

APART = 60  # words between the two places of a splice, at least
LEAST_KEPT = 4  # words before an omission

_HUMS = {"um", "uh", "er", "erm", "hmm"}
_ASIDES = ("you know,", "i mean,", "like,")


def quote_as_it_is(draw: Draw) -> Quoted | None:
    """Return the words of one speaker."""
    return (draw.text(), draw.places) if draw.within_turn else None


def quote_over_sentences(draw: Draw) -> Quoted | None:
    """Return words of one speaker across a sentence boundary."""
    inside = draw.talk.words[draw.first + 2 : draw.last - 2]
    crosses = any(word.endswith((".", "?", "!")) for word in inside)
    return (draw.text(), draw.places) if crosses and draw.within_turn else None


def quote_over_speakers(draw: Draw) -> Quoted | None:
    """Return words across a speaker change."""
    return None if draw.within_turn else (draw.text(), draw.places)


def leave_out_fillers(draw: Draw) -> Quoted | None:
    """Return the words without hums and asides."""
    words = draw.talk.words
    # An ellipsis in the transcript would count as a mark of omission.
    if not draw.within_turn or _has_dots(" ".join(words[draw.first - 1 : draw.last + 1])):
        return None
    kept: list[int] = []
    number = draw.first
    while number <= draw.last:
        set_apart = words[number - 1].endswith((",", ".", "?", "!"))
        aside = next((a for a in _ASIDES if draw.text(number, number + a.count(" ")).lower() == a), None)
        if aside and set_apart:
            number += aside.count(" ")
        elif words[number].lower().strip(",.…") not in _HUMS:
            kept.append(number)
        number += 1
    if not kept or kept[0] != draw.first or kept[-1] != draw.last or len(kept) == draw.last + 1 - draw.first:
        return None
    return " ".join(words[number] for number in kept), draw.places


def leave_out_with_dots(draw: Draw) -> Quoted | None:
    """Return the words with three dots for some of them, none of which is a negation."""
    omitted = draw.choose.randint(3, 12)
    begin = draw.first + draw.choose.randint(LEAST_KEPT, max(LEAST_KEPT, draw.last - draw.first - LEAST_KEPT))
    end, last = begin + omitted, draw.last + omitted
    words = draw.talk.words
    if last >= len(words) or draw.talk.turns[draw.first] != draw.talk.turns[last] or end + 3 > last:
        return None
    if any(HIDES.search(token) for word in words[begin:end] for token in tokenize(word)):
        return None
    dots = draw.choose.choice(("...", "…", "[...]"))
    return f"{draw.text(last=begin - 1)} {dots} {draw.text(end, last)}", ((draw.first, last),)


def splice(draw: Draw) -> Quoted | None:
    """Return words of two places, at least APART words from each other, as one quotation without a mark."""
    talk, choose = draw.talk, draw.choose
    one = (draw.first, draw.first + choose.randint(SHORTEST, 12) - 1)
    start = sentence_start(talk, choose.randrange(len(talk.words) - 3 * LONGEST))
    two = (start, start + choose.randint(SHORTEST, 12) - 1)
    if abs(two[0] - one[0]) < APART or any(talk.turns[first] != talk.turns[last] for first, last in (one, two)):
        return None
    text = f"{draw.text(*one)} {draw.text(*two)}"
    return None if _has_dots(text) else (text, (one, two))


def _has_dots(text: str) -> bool:
    return "..." in text or "…" in text
