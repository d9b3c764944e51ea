"""Code-switching: windows that may hold several languages, cut into parts of one language each.

A model decodes a window in one language; speech in another comes out as a translation, noise, or a gap. So a window
that looks like that is cut at pauses, the language of each part is identified, and parts in another language are
decoded in theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from audio.samples import SAMPLE_RATE
from audio.timecode import Span
from pipeline.engines.base import DecodingOptions, Engine
from pipeline.transcription.decoding import DecodedWindow, WindowSound, decode, join_sounds, join_texts
from pipeline.transcription.quality import WEAK_CHECKS

# A window with a lower probability of its language, or that fails quality checks, may hold another one. Measured with
# base: of 78 windows in one language two had less (0.73 and 0.78); of 64 in two, 49 had less for the language of most
# of the file, ten more failed checks.
SURE_WINDOW = 0.8
# Seconds. Speakers who change the language pause, and the language of much shorter speech is not identified: of parts
# of at least 3 s base identified 104 of 107 rightly, of parts below 1.5 s 20 of 25 (FLEURS sentences and telephone
# prompts).
SWITCH_PAUSE, SHORTEST_PART = 0.3, 3.0
# Parts with a lower probability stay in the file's language. Those with a higher one are decoded in theirs too, and the
# better text is taken.
LIKELY_LANGUAGE = 0.5


def split_languages(
    engine: Engine, windows: Sequence[DecodedWindow], prompt: str | None = None
) -> list[list[DecodedWindow]]:
    """The parts of each window, in order; a window in one language is one part, all of it.

    Windows that were decoded without language identification are left as they are.
    """
    parts = [[window] for window in windows]
    doubtful = [number for number, window in enumerate(windows) if _may_hold_another_language(window)]
    split = {number: sounds for number in doubtful if len(sounds := _split_at_pauses(windows[number].sound)) > 1}
    several = [sound for sounds in split.values() for sound in sounds]
    identified = iter(_decode_parts(engine, several, DecodingOptions(detect_language=True)))
    for number in doubtful:
        of_window = [next(identified) for _ in split[number]] if number in split else [windows[number]]
        parts[number] = _join_by_language([_with_likely_language(part) for part in of_window])
    switching = [number for number in doubtful if any(_is_in_another_language(part) for part in parts[number])]
    own = iter(_decode_in_own_languages(engine, [part for number in switching for part in parts[number]], prompt))
    for number in switching:
        parts[number] = [next(own) for _ in parts[number]]
    return [
        of_window if any(part.sound.language != window.sound.language for part in of_window) else [window]
        for of_window, window in zip(parts, windows, strict=True)
    ]


def _may_hold_another_language(window: DecodedWindow) -> bool:
    text = window.text
    sure = not _is_in_another_language(window) and text.spoken_probability >= SURE_WINDOW
    return bool(text.spoken_language) and not (sure and WEAK_CHECKS.issuperset(window.failed_checks))


def _is_in_another_language(part: DecodedWindow) -> bool:
    """Whether the identified language is not the one that the part was decoded in."""
    return part.text.spoken_language != part.sound.language


def _split_at_pauses(sound: WindowSound) -> list[WindowSound]:
    return sound.split(_find_cuts(sound.speech))


def _find_cuts(speech: Sequence[Span]) -> list[float]:
    """Where to cut, on whole samples: in the middle of the longest pause first, and then on both sides of it."""
    lengths = [span.duration for span in speech]
    pauses = [
        (after.start - before.end, number)
        for number, (before, after) in enumerate(pairwise(speech), start=1)
        if after.start - before.end >= SWITCH_PAUSE
        and min(sum(lengths[:number]), sum(lengths[number:])) >= SHORTEST_PART
    ]
    if not pauses:
        return []
    _, number = max(pauses)
    middle = round((speech[number - 1].end + speech[number].start) / 2 * SAMPLE_RATE) / SAMPLE_RATE
    return [*_find_cuts(speech[:number]), middle, *_find_cuts(speech[number:])]


def _decode_parts(engine: Engine, parts: Sequence[WindowSound], decoding: DecodingOptions) -> list[DecodedWindow]:
    """The parts decoded in their languages; not all at once, because each takes as much memory as a window."""
    size = 2 * engine.batch_size
    return [
        decoded
        for first in range(0, len(parts), size)
        for decoded in decode(engine, parts[first : first + size], decoding)
    ]


def _with_likely_language(part: DecodedWindow) -> DecodedWindow:
    """The part with the language that it was decoded in as the spoken one, unless another is likely."""
    if part.text.spoken_probability >= LIKELY_LANGUAGE:
        return part
    return replace(part, text=replace(part.text, spoken_language=part.sound.language))


def _join_by_language(parts: Sequence[DecodedWindow]) -> list[DecodedWindow]:
    """The parts, with neighbours in one language joined."""
    runs = [list(run) for _, run in groupby(parts, key=lambda part: part.text.spoken_language)]
    return [DecodedWindow(join_sounds([part.sound for part in run]), join_texts(run)) for run in runs]


def _decode_in_own_languages(engine: Engine, parts: Sequence[DecodedWindow], prompt: str | None) -> list[DecodedWindow]:
    """Each part as it is, or as decoded in the language that is spoken in it, whichever has the better text.

    Parts in their window's language are always decoded again: their text was decoded in pieces and without the prompt.
    """
    own: dict[int, DecodedWindow] = {}
    languages = [(part.text.spoken_language, _is_in_another_language(part)) for part in parts]
    for language, is_another in sorted(set(languages)):
        numbers = [number for number, of_part in enumerate(languages) if of_part == (language, is_another)]
        sounds = [replace(parts[number].sound, language=language) for number in numbers]
        decoding = DecodingOptions(prompt=None if is_another else prompt)
        own |= zip(numbers, _decode_parts(engine, sounds, decoding), strict=True)
    return [
        part.or_better(own[number]) if _is_in_another_language(part) else own[number]
        for number, part in enumerate(parts)
    ]
