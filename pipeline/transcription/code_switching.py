"""A window that may hold several languages, cut into turns of one language each.

A model hears a window in one language; what is said in another becomes a translation, noise, or a gap. So a window
that looks like that is heard part by part, from pause to pause, and parts in another language are heard in theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from audio.decode import SAMPLE_RATE, Samples
from audio.timecode import Span
from index.language.compression import compression_ratio
from pipeline.engines.base import DecodingOptions, Engine, WindowText
from pipeline.transcription.quality import DOUBTS, find_faults, rank

# A window with less for its language, or with faults, may hold another one. Measured with base: of 78 windows in one
# language two had less (0.73 and 0.78); of 64 in two, 49 had less for what most of the file is in, ten more had faults.
SURE_WINDOW = 0.8
# Seconds. Speakers who change the language pause, and much shorter speech does not tell its language: of parts of at
# least 3 s base detected 104 of 107 rightly, of parts below 1.5 s 20 of 25 (FLEURS sentences and telephone prompts).
TURN_PAUSE, SHORTEST_TURN = 0.3, 3.0
# Below it parts of a window stay in the file's language. Above it they need not be in theirs: the text decides.
LIKELY_LANGUAGE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A window or a part of one. Its ``sound`` begins ``offset`` seconds after the window's; the times in ``speech``
    and in ``text``, which is what was heard in it, count from its own start."""

    offset: float
    sound: Samples
    speech: Sequence[Span]
    text: WindowText


def split_languages(
    engine: Engine, windows: Sequence[Turn], language: str, prompt: str | None = None
) -> list[list[Turn]]:
    """The turns of each window, in order; a window in one language is one turn, all of it.

    ``windows`` were heard in ``language``. Where no language was detected beside, they are left as they are.
    """
    turns = [[window] for window in windows]
    doubtful = [number for number, window in enumerate(windows) if _may_be_mixed(window, language)]
    parts = {number: _cut_at_pauses(windows[number]) for number in doubtful}
    several = [part for cut in parts.values() if len(cut) > 1 for part in cut]
    heard = iter(_hear_in(engine, language, several, DecodingOptions(detect_language=True)))
    for number, cut in parts.items():
        told = cut if len(cut) == 1 else [next(heard) for _ in cut]
        turns[number] = _join_alike([_with_likely_language(part, language) for part in told])
    mixed = [number for number in doubtful if any(turn.text.spoken_language != language for turn in turns[number])]
    own = iter(_hear_in_their_own(engine, [turn for number in mixed for turn in turns[number]], language, prompt))
    for number in mixed:
        turns[number] = [next(own) for _ in turns[number]]
    return [
        cut if any(turn.text.language != language for turn in cut) else [window]
        for cut, window in zip(turns, windows, strict=True)
    ]


def join_texts(texts: Sequence[WindowText], offsets: Sequence[float]) -> WindowText:
    """The text of a window from those of its parts, each of which begins so many seconds after the window."""
    if len(texts) == 1:
        return texts[0]
    moved = [_move(text, offset) for text, offset in zip(texts, offsets, strict=True)]
    words = tuple(word for text in moved for word in text.words)
    count = max(1, len(words))
    return replace(
        moved[0],
        words=words,
        notes=tuple(note for text in moved for note in text.notes),
        mean_log_probability=sum(text.mean_log_probability * len(text.words) for text in moved) / count,
        compression_ratio=compression_ratio("".join(word.text for word in words)),
        no_speech_probability=min(text.no_speech_probability for text in moved),
    )


def _may_be_mixed(window: Turn, language: str) -> bool:
    """Whether what was heard in ``language`` looks as if some of it were said in another."""
    text = window.text
    sure = text.spoken_language == language and text.spoken_probability >= SURE_WINDOW
    return bool(text.spoken_language) and not (sure and DOUBTS.issuperset(find_faults(text, window.speech)))


def _cut_at_pauses(window: Turn) -> list[Turn]:
    """The window in parts, whose texts are still to be heard."""
    cuts = [round(cut * SAMPLE_RATE) for cut in _find_pauses(window.speech)]
    sounds = np.split(window.sound, cuts)
    edges = [0.0, *(cut / SAMPLE_RATE for cut in cuts), float("inf")]
    return [
        replace(
            window,
            offset=start,
            sound=sound,
            speech=[_shift(span, -start) for span in window.speech if start <= span.start < end],
        )
        for sound, (start, end) in zip(sounds, pairwise(edges), strict=True)
    ]


def _find_pauses(speech: Sequence[Span]) -> list[float]:
    """Where to cut: in the middle of the longest pause first, and then on both sides of it."""
    lengths = [span.duration for span in speech]
    pauses = [
        (after.start - before.end, number)
        for number, (before, after) in enumerate(pairwise(speech), start=1)
        if after.start - before.end >= TURN_PAUSE and min(sum(lengths[:number]), sum(lengths[number:])) >= SHORTEST_TURN
    ]
    if not pauses:
        return []
    _, number = max(pauses)
    middle = (speech[number - 1].end + speech[number].start) / 2
    return [*_find_pauses(speech[:number]), middle, *_find_pauses(speech[number:])]


def _hear_in(engine: Engine, language: str, turns: Sequence[Turn], decoding: DecodingOptions) -> list[Turn]:
    """The turns with what is heard in them; not all at once, for each takes as much memory as a window."""
    size = 2 * engine.batch_size
    texts: list[WindowText] = []
    for first in range(0, len(turns), size):
        texts += engine.transcribe_windows([turn.sound for turn in turns[first : first + size]], language, decoding)
    return [replace(turn, text=text) for turn, text in zip(turns, texts, strict=True)]


def _with_likely_language(part: Turn, language: str) -> Turn:
    """The part, taken to be in ``language`` unless another one is likely."""
    if part.text.spoken_probability >= LIKELY_LANGUAGE:
        return part
    return replace(part, text=replace(part.text, spoken_language=language))


def _join_alike(parts: Sequence[Turn]) -> list[Turn]:
    """The parts, with neighbours in one language joined."""
    joined: list[Turn] = []
    for _, alike in groupby(parts, key=lambda part: part.text.spoken_language):
        run = list(alike)
        offsets = [part.offset - run[0].offset for part in run]
        sound = np.concatenate([part.sound for part in run])
        speech = [_shift(span, offset) for part, offset in zip(run, offsets, strict=True) for span in part.speech]
        joined.append(Turn(run[0].offset, sound, speech, join_texts([part.text for part in run], offsets)))
    return joined


def _hear_in_their_own(engine: Engine, turns: Sequence[Turn], language: str, prompt: str | None) -> list[Turn]:
    """The turns as they were heard, or as each is heard in the language spoken in it, whichever can be believed more.

    Turns in ``language`` are always heard again: they were heard in parts, and without the prompt.
    """
    own: dict[int, Turn] = {}
    for other in sorted({turn.text.spoken_language for turn in turns}):
        numbers = [number for number, turn in enumerate(turns) if turn.text.spoken_language == other]
        decoding = DecodingOptions(prompt=prompt if other == language else None)
        own |= zip(numbers, _hear_in(engine, other, [turns[number] for number in numbers], decoding), strict=True)
    return [
        own[number] if turn.text.spoken_language == language else max(turn, own[number], key=_rank)
        for number, turn in enumerate(turns)
    ]


def _rank(turn: Turn) -> tuple[float, ...]:
    return rank(turn.text, turn.speech)


def _move(text: WindowText, seconds: float) -> WindowText:
    """The text with all its times so much later."""
    words = tuple(replace(word, start=word.start + seconds, end=word.end + seconds) for word in text.words)
    notes = tuple(replace(note, start=note.start + seconds, end=note.end + seconds) for note in text.notes)
    return replace(text, words=words, notes=notes)


def _shift(span: Span, seconds: float) -> Span:
    return Span(span.start + seconds, span.end + seconds)
