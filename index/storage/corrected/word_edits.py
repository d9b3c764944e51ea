"""Replace runs of words in a transcript: times for the words that take their place, and the sentences after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from index.transcript import Segment, Word


@dataclass(frozen=True, slots=True)
class WordEdit:
    """The words ``first`` to before ``stop`` become ``words``, at least one."""

    first: int
    stop: int
    words: tuple[Word, ...]


def apply_edits(words: Sequence[Word], edits: Iterable[WordEdit]) -> list[Word]:
    """Return the words with edits, which are in order and do not overlap."""
    edited: list[Word] = []
    reached = 0
    for one in edits:
        edited += [*words[reached : one.first], *one.words]
        reached = one.stop
    return [*edited, *words[reached:]]


def move_segments(segments: Iterable[Segment], edits: Sequence[WordEdit]) -> list[Segment]:
    """Return the sentences with the numbers that their words have after these edits.

    One of which no word is left is left out. They cover all words if they did before.
    """
    moved = ((one, _move(one.first, edits), _move(one.last + 1, edits)) for one in segments)
    return [replace(one, first=first, last=stop - 1) for one, first, stop in moved if first < stop]


def _move(boundary: int, edits: Sequence[WordEdit]) -> int:
    """Return where the beginning of a word is after edits; inside of one it is at the word of the same place."""
    shift = 0
    for one in edits:
        if boundary <= one.first:
            break
        if boundary < one.stop:
            return one.first + shift + min(boundary - one.first, len(one.words))
        shift += len(one.words) - (one.stop - one.first)
    return boundary + shift


def fit_words(heard: Sequence[Word], texts: Sequence[str], limit: float | None) -> tuple[Word, ...]:
    """Return words with these ``texts`` in the place of words that were ``heard``, neither of which is empty.

    Equal words keep their times, and so does one that takes the place of one. Where the numbers differ, the time of
    some words is divided among those that take their place, by their letters; none begins after ``limit`` (seconds),
    the start of the next word. The first of these has all that was ``heard`` there.
    """
    fitted: list[Word] = []
    runs = _pair_runs([word.text.strip().casefold() for word in heard], [text.strip().casefold() for text in texts])
    for number, (first, stop, begin, end) in enumerate(runs):
        following = heard[runs[number + 1][0]].start if number + 1 < len(runs) else limit
        fitted += _replace_run(heard[first:stop], texts[begin:end], following)
    return tuple(fitted)


def tell_heard(words: Sequence[Word], heard: Sequence[Word]) -> tuple[Word, ...]:
    """Return words that replace what was ``heard``, all of which the first one has beside it."""
    first, *others = words
    return replace(first, heard=_join_said(heard)), *(replace(one, heard=None) for one in others)


_Run = tuple[int, int, int, int]
"""Words from a number to before another one, and likewise the texts that take their place; neither is empty."""


def _pair_runs(heard: Sequence[str], texts: Sequence[str]) -> list[_Run]:
    """Divide words and texts into runs that belong together, as many of them one to one as possible."""
    runs: list[_Run] = []
    added = (0, 0)  # how many at the beginning have nothing to belong to yet
    for _, first, stop, begin, end in SequenceMatcher(None, heard, texts, autojunk=False).get_opcodes():
        if stop - first == end - begin:
            runs += [(first + one, first + one + 1, begin + one, begin + one + 1) for one in range(stop - first)]
        elif stop > first and end > begin:
            runs.append((first, stop, begin, end))
        elif runs:
            runs[-1] = (runs[-1][0], stop, runs[-1][2], end)
        else:
            added = (stop, end)
        if runs and added != (0, 0):
            runs[0], added = (0, runs[0][1], 0, runs[0][3]), (0, 0)
    return runs


def _replace_run(heard: Sequence[Word], texts: Sequence[str], limit: float | None) -> Iterator[Word]:
    if len(heard) == len(texts) == 1 and heard[0].text == texts[0]:
        yield heard[0]
        return
    said = _join_said(heard)
    known = [word.probability for word in heard if word.probability is not None]
    start, end = heard[0].start, max(word.end for word in heard)
    for number, (text, (begin, stop)) in enumerate(zip(texts, _divide(start, end, limit, texts), strict=True)):
        yield Word(
            text,
            begin,
            stop,
            min(known, default=None),
            said if number == 0 and said != text.strip() else None,
            any(word.spoken for word in heard),
        )


def _join_said(words: Iterable[Word]) -> str:
    """Return what was said in words, before a glossary or a person replaced it."""
    spaces = ((word, word.text[: len(word.text) - len(word.text.lstrip())]) for word in words)
    return "".join(word.text if word.heard is None else f"{space}{word.heard}" for word, space in spaces).strip()


def _divide(start: float, end: float, limit: float | None, texts: Sequence[str]) -> list[tuple[float, float]]:
    """Divide a time by the letters of texts, in milliseconds; the last part goes to its end, wherever it begins."""
    last = end if limit is None else max(start, min(end, limit))
    letters = [0, *accumulate(max(1, len(text.strip())) for text in texts)]
    borders = [round(start + (last - start) * count / letters[-1], 3) for count in letters[:-1]]
    return list(pairwise([*borders, end]))
