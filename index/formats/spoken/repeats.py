"""Captions that repeat earlier text: rolling lines, lines that grow word by word, and the same cue twice.

Whoever really says "No. No. No." keeps his words: text counts as repeated where the times do not allow that it was
spoken again, or where the whole file is made so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from audio.timecode import Span
from index.formats.spoken.highlights import LONGEST_BREAK, join_highlighted
from index.formats.word_split import flat_text, split_words, with_leading_space
from index.transcript import Cue, Word, span_of

_FASTEST_SPEECH = 8.0
"""Words in a second that nobody speaks over a whole cue; the fastest quarter of podcast speech is at 4."""

_USUAL_SPEECH = 2.5
"""Words in a second above which a few repeating cues count as shown again, and not as spoken again."""

_ENOUGH_PAIRS = 4
"""So many repeating pairs of cues need no other evidence."""

_REPEATING_SHARE = 0.5
"""The share of adjoining pairs of cues that repeat, from which a file is one of captions that do: in rolling and in
growing captions 0.8 to 1, in subtitles of speech below 0.05."""

_SHARED_TIME = 0.5
"""The share of the time of two equal cues that both have, from which they are one."""


def drop_repeats(cues: Sequence[Cue]) -> list[Cue]:
    """Return cues, which are in the order of their starts, without what they repeat."""
    once = [_Shown.of(cue) for cue in join_highlighted(_drop_duplicates(cues))]
    if _is_repeating(once):
        return list(_new_parts(once))
    return [shown.cue for shown in _drop_flashes(once)]


def _drop_duplicates(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Leave out a cue that has the text, the speaker and the time of an earlier one."""
    latest: dict[tuple[str | None, ...], Cue] = {}
    for cue in cues:
        key = (cue.speaker, cue.payload, *cue.text.split())
        before = latest.get(key)
        if before is not None and _are_simultaneous(before, cue):
            continue
        latest[key] = cue
        yield cue


def _are_simultaneous(one: Cue, other: Cue) -> bool:
    before, after = _spoken_span(one), _spoken_span(other)
    shared = min(before.end, after.end) - max(before.start, after.start)
    whole = max(before.end, after.end) - min(before.start, after.start)
    if len(other.text.split()) > 2 and shared > 0:
        return True  # so much text is not said twice at once
    return whole > 0 and shared >= _SHARED_TIME * whole  # cues without length share no time


def _spoken_span(cue: Cue) -> Span:
    return span_of(cue.words) if cue.words else Span(cue.start, cue.end)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A cue with its words as they are compared, and the numbers of words after which its lines end."""

    cue: Cue
    words: tuple[str, ...]
    line_ends: frozenset[int]

    @classmethod
    def of(cls, cue: Cue) -> _Shown:
        lines = [split_words(line) for line in cue.text.split("\n")]
        ends, count = [], 0
        for line in lines:
            count += len(line)
            ends.append(count)
        words = [word.text for word in cue.words] or split_words(flat_text(cue.text))
        return cls(cue, tuple(word.strip() for word in words), frozenset(ends[:-1]))

    def follows(self, before: _Shown) -> bool:
        """Whether this cue is shown directly after another, for the same speaker."""
        near = self.cue.start - before.cue.end <= LONGEST_BREAK
        return near and self.cue.speaker == before.cue.speaker


def _is_repeating(shown: Sequence[_Shown]) -> bool:
    """Whether the cues of a file repeat the text before them so regularly that it is only shown, not spoken again."""
    pairs = scrolled = repeated = 0
    words: set[str] = set()
    lines = False
    for before, after in pairwise(shown):
        count = _overlap(before, after)
        if not after.follows(before) and count not in after.line_ends:
            continue
        pairs += 1
        repeated += count > 0
        if count and before.words != after.words:
            scrolled += 1
            words.update(after.words[:count])
            lines = lines or (count in after.line_ends and count > 2)
    if scrolled < 2 or len(words) < 2 or repeated < _REPEATING_SHARE * pairs:
        return False
    seconds = sum(one.cue.end - one.cue.start for one in shown)
    spoken = sum(len(one.words) for one in shown)
    return scrolled >= _ENOUGH_PAIRS or lines or spoken > _USUAL_SPEECH * seconds


def _overlap(before: _Shown, after: _Shown) -> int:
    """Return how many words at the beginning of a cue are the last ones of the cue before it.

    A single word counts only if it is a whole line or cue: speech may repeat one.
    """
    if after.words[0] not in before.words:
        return 0
    count = _longest_border(before.words, after.words)
    whole = count in (len(before.words), len(after.words)) or count in after.line_ends
    return count if count > 1 or whole else 0


def _longest_border(before: Sequence[str], after: Sequence[str]) -> int:
    """Return the length of the longest end of ``before`` that is a beginning of ``after`` (Knuth, Morris, Pratt)."""
    size = min(len(before), len(after))
    text: list[str | None] = [*after[:size], None, *before[len(before) - size :]]
    borders = [0] * len(text)
    for row in range(1, len(text)):
        length = borders[row - 1]
        while length and text[row] != text[length]:
            length = borders[length - 1]
        borders[row] = length + (text[row] == text[length])
    return borders[-1] if size else 0


def _new_parts(shown: Sequence[_Shown]) -> Iterator[Cue]:
    """Yield what each cue of a repeating file adds to the one before it."""
    before: _Shown | None = None
    for one in shown:
        count = _overlap(before, one) if before is not None else 0
        if before is not None and not one.follows(before) and count not in one.line_ends:
            count = 0
        before = one
        if count < len(one.words):
            yield _without_first(one.cue, count, grows=len(one.words) == count + 1)


def _without_first(cue: Cue, count: int, *, grows: bool) -> Cue:
    """Return a cue without its first words; one that ``grows`` by a word states the time of that word."""
    if not count and not grows:
        return cue
    words = list(cue.words)[count:] or split_words(flat_text(cue.text))[count:]
    texts = [word if isinstance(word, str) else word.text for word in words]
    text = with_leading_space("".join(texts))
    timed = cue.words[count:]
    if grows and not timed:
        timed = (Word(text, cue.start, cue.end),)
    elif timed:
        timed = (replace(timed[0], text=with_leading_space(timed[0].text)), *timed[1:])
    return replace(cue, text=text, words=timed)


def _drop_flashes(shown: Sequence[_Shown]) -> Iterator[_Shown]:
    """Join equal cues that follow each other too quickly for their text to have been spoken each time."""
    run: list[_Shown] = []
    for one in shown:
        if run and one.words == run[-1].words and one.follows(run[-1]):
            run.append(one)
            continue
        yield from _join_flashes(run)
        run = [one]
    yield from _join_flashes(run)


def _join_flashes(run: list[_Shown]) -> list[_Shown]:
    if len(run) < 2 or len(run[0].words) < 2:
        return run
    end = max(one.cue.end for one in run)
    spoken = sum(len(one.words) for one in run)
    if spoken <= _FASTEST_SPEECH * (end - run[0].cue.start):
        return run
    return [replace(run[0], cue=replace(run[0].cue, end=end))]
