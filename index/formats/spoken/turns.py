"""Changes of speaker that are marked in the text of cues: by names, by ``>>``, by a dash that begins a line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from index.formats.cues import spread_cues
from index.formats.spoken.speaker_names import find_names, split_label
from index.formats.word_split import flat_text, with_leading_space
from index.transcript import Cue, Word

_ARROWS = re.compile(r"(?<!\S)>{2,3}(?!>)\s*")
_BEGINS_SPEECH = r"(?=[^\W\d_]|[\"“«'‘¿¡(\[♪])"
_DASH = re.compile(rf"(?:[-‐‑]\s*|[–—]\s+){_BEGINS_SPEECH}")
_LATER_DASH = re.compile(rf"(?<=[.!?…\"”»)\]])\s[-–—]\s?{_BEGINS_SPEECH}")
"""A dash behind the end of a sentence, in a cue that begins with one: its second line, where lines were joined."""
_SIGNS = frozenset(">:：-‐‑–—")


@dataclass(frozen=True, slots=True)
class _Change:
    """A place in a cue's text, its lines joined, where somebody else may begin to speak.

    Behind a mark (if ``marked``) text begins at ``after_mark``; if there is a ``label``, at ``after_label``.
    """

    start: int
    marked: bool
    after_mark: int
    label: str | None
    after_label: int


def split_turns(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues with the speakers that their texts name, each cue divided where somebody else begins to speak.

    A name holds until the next name or mark. Cues whose layout names the speaker stay as they are.
    """
    changes = [list(_find_changes(cue.text)) if cue.speaker is None else [] for cue in cues]
    labelled = [(one.label, one.marked) for found in changes for one in found if one.label is not None]
    names = find_names(
        [label for label, _ in labelled],
        texts=sum(len(found) or cue.speaker is None for cue, found in zip(cues, changes, strict=True)),
        announced=[label for label, marked in labelled if marked],
    )
    divided: list[Cue] = []
    speaker, turn = None, False
    for cue, found in zip(cues, changes, strict=True):
        if cue.speaker is not None:
            divided.append(cue)
            continue
        for piece in _divide(cue, [one for one in found if one.marked or one.label in names], names):
            if piece.turn:
                turn = turn or piece.speaker is None or piece.speaker != speaker
                speaker = piece.speaker
            if piece.text.strip():
                divided.append(replace(piece, speaker=speaker, turn=turn))
                turn = False
    return divided


def _find_changes(text: str) -> Iterator[_Change]:
    flat = flat_text(text)
    if _SIGNS.isdisjoint(flat):
        return
    lines = list(_line_starts(text))
    marks = {found.start(): found.end() for found in _ARROWS.finditer(flat)}
    dashes = {line: found.end() for line in lines if (found := _DASH.match(flat, line)) is not None}
    if lines[0] in dashes:
        dashes.update((found.start() + 1, found.end()) for found in _LATER_DASH.finditer(flat))
    marks = dashes | marks
    for start in sorted({*marks, *lines}):
        after_mark = marks.get(start, start)
        label = split_label(flat, after_mark)
        if label is not None:
            yield _Change(start, start in marks, after_mark, *label)
        elif start in marks:
            yield _Change(start, True, after_mark, None, after_mark)


def _line_starts(text: str) -> Iterator[int]:
    """Yield where each line begins, counted where the lines are joined."""
    place = len(text) - len(text.lstrip())
    for line in text.strip().split("\n"):
        yield place
        place += len(line.strip()) + 1


def _divide(cue: Cue, changes: Sequence[_Change], names: Collection[str]) -> list[Cue]:
    """Return the parts of a cue, without marks and names; the times of its words, or shares of its time, are theirs."""
    if not changes:
        return [cue]
    flat = flat_text(cue.text)
    begins = [(one.after_label if one.label in names else one.after_mark) for one in changes]
    ends = [*(one.start for one in changes[1:]), len(flat)]
    speakers = [one.label.strip("[]") if one.label is not None and one.label in names else None for one in changes]
    parts = [(begin, end, speaker, True) for begin, end, speaker in zip(begins, ends, speakers, strict=True)]
    if flat[: changes[0].start].strip():
        parts.insert(0, (0, changes[0].start, cue.speaker, cue.turn))
    texts = [with_leading_space(flat[begin:end].strip()) for begin, end, _, _ in parts]
    spread = spread_cues([(None, text) for text in texts], cue.start, cue.end)
    pieces = []
    for row, (begin, end, speaker, turn) in enumerate(parts):
        words = _slice_words(cue.words, begin, end, texts[row])
        start, stop = spread[row].start, spread[row].end
        if words:
            start, stop = words[0].start, max(word.end for word in words)
        pieces.append(Cue(start, stop, texts[row], speaker, words, turn))
    return pieces


def _slice_words(words: Sequence[Word], begin: int, end: int, text: str) -> tuple[Word, ...]:
    """Return the words that lie between two characters of their joined text, so that joined they are ``text``."""
    kept: list[Word] = []
    for word, stop in zip(words, accumulate(len(word.text) for word in words), strict=True):
        start = stop - len(word.text)
        inside = word.text[max(0, begin - start) : max(0, end - start)]
        if inside.strip():
            kept.append(replace(word, text=inside if kept else with_leading_space(inside.lstrip())))
    if kept and "".join(word.text for word in kept).rstrip() == text:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
        return tuple(kept)
    return ()
