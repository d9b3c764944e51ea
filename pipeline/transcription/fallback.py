"""A group of windows heard once, and again where what came out cannot be believed.

Whisper's own fallback (Radford et al. 2022, section 4.5) with more reasons to use it. What a window ends with follows
from its sound, the model and the seed alone, so a resumed run ends like one that was not stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np

from audio.decode import SAMPLE_RATE, Samples
from audio.errors import LanguageError
from audio.timecode import Span
from index.transcript import Word
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, Engine, Note, WindowText
from pipeline.transcription.code_switching import Turn, join_texts, split_languages
from pipeline.transcription.quality import (
    DOUBTS,
    MOST_NO_SPEECH,
    Fault,
    find_faults,
    find_gaps,
    find_loops,
    is_foreign,
    rank,
)

WIDE_BEAM = 5  # openai-whisper's and faster-whisper's own
TEMPERATURES = (0.2, 0.4, 0.6, 0.8, 1.0)  # openai-whisper, transcribe.py
LAST_PROMPTED = 0.5  # a prompt can be what a window stumbles over; from here on it is left out (transcribe.py, too)

GAP_PAD = 0.3  # seconds of sound around a stretch that is heard alone
# A stretch heard alone has little sound to be sure of, so its words are believed only from here on: music and noise,
# which the voice detector takes for speech now and then, shall stay without words.
GAP_LEAST_LOG_PROBABILITY = -0.7

# Faults for which no words are kept at all, and for which the sentence says that it may be made up.
_DROPPED: frozenset[Fault] = frozenset({"no speech", "stock phrase"})
_MADE_UP: frozenset[Fault] = frozenset({"repetitive", "too fast", "loop", "repeat"})


def hear_windows(
    engine: Engine,
    sounds: Sequence[Samples],
    speech: Sequence[Sequence[Span]],
    language: str,
    seeds: Sequence[int],
    prompt: str | None = None,
    *,
    mixed: bool = False,
    refuse_foreign: bool = False,
) -> list[WindowText]:
    """The best text of each window, with notes on what stayed wrong.

    ``speech`` is where somebody speaks, in seconds from each window's start; ``seeds`` has one number a window.
    ``mixed`` lets a window, or a part of one, be in another language than ``language``.
    ``refuse_foreign`` raises LanguageError before anything is heard again with care if hardly a window makes sense.
    """
    texts = engine.transcribe_windows(sounds, language, DecodingOptions(prompt=prompt, detect_language=mixed))
    windows = [Turn(0.0, *window) for window in zip(sounds, speech, texts, strict=True)]
    split = split_languages(engine, windows, language, prompt)
    turns = [turn for window in split for turn in window]
    if refuse_foreign and is_foreign([turn.text for turn in turns]):
        raise LanguageError(
            f"{engine.model} makes no sense of what is said when it takes it for {language!r}.",
            "Is that the language? Say --language and choose a model that knows it, or go on with --force.",
        )
    of_turns = [seed for seed, window in zip(seeds, split, strict=True) for _ in window]
    best = iter(_hear_carefully(engine, turns, of_turns, prompt))
    told = [[_tell_language(next(best), language) for _ in window] for window in split]
    offsets = [[turn.offset for turn in window] for window in split]
    return [join_texts(*window) for window in zip(told, offsets, strict=True)]


def _hear_carefully(
    engine: Engine, turns: Sequence[Turn], seeds: Sequence[int], prompt: str | None
) -> list[WindowText]:
    """The best text of each turn, each in the language of the text that it has."""
    sounds, speech, texts = [t.sound for t in turns], [t.speech for t in turns], [t.text for t in turns]
    bad = [number for number, text in enumerate(texts) if find_faults(text, speech[number])]
    # A prompt can be what a window stumbles over, so it is heard without it too.
    for again in dict.fromkeys((prompt, None)):
        decoding = DecodingOptions(beam_size=WIDE_BEAM, prompt=again)
        wide = _hear_each(engine, [sounds[number] for number in bad], [texts[number] for number in bad], decoding)
        for number, text in zip(bad, wide, strict=True):
            texts[number] = max((texts[number], text), key=partial(rank, speech=speech[number]))
        bad = [number for number in bad if find_faults(texts[number], speech[number])]
    bad = [number for number in bad if not DOUBTS.issuperset(find_faults(texts[number], speech[number]))]
    for number, text in _hear_halves(engine, sounds, speech, texts, bad, prompt).items():
        texts[number] = max((texts[number], text), key=partial(rank, speech=speech[number]))
    for number in bad:
        texts[number] = _fall_back(engine, sounds[number], speech[number], texts[number], seeds[number], prompt)
    texts = [_settle(text, spans) for text, spans in zip(texts, speech, strict=True)]
    return _fill_gaps(engine, sounds, speech, texts)


def _hear_each(
    engine: Engine, sounds: Sequence[Samples], texts: Sequence[WindowText], decoding: DecodingOptions = DEFAULT_DECODING
) -> list[WindowText]:
    """What is heard in each sound, in the language of its text; those of one language go to the engine together."""
    heard: dict[int, WindowText] = {}
    for language in sorted({text.language for text in texts}):
        numbers = [number for number, text in enumerate(texts) if text.language == language]
        told = engine.transcribe_windows([sounds[number] for number in numbers], language, decoding)
        heard |= zip(numbers, told, strict=True)
    return [heard[number] for number in range(len(sounds))]


def _tell_language(text: WindowText, language: str) -> WindowText:
    if not text.words or text.language == language:
        return text
    return replace(text, notes=(*text.notes, Note("language change", text.words[0].start, text.words[-1].end)))


def _hear_halves(
    engine: Engine,
    sounds: Sequence[Samples],
    speech: Sequence[Sequence[Span]],
    texts: Sequence[WindowText],
    numbers: Sequence[int],
    prompt: str | None,
) -> dict[int, WindowText]:
    """What the windows with these numbers give when each is heard in two halves, where it has a pause to part them.

    A model that jumps over sentences does so whatever it draws: on an hour of an interview (tiny.en) one window lost
    the same twelve seconds in every search and at every temperature, and lost nothing in halves.
    """
    cuts = {number: cut for number in numbers if (cut := _middle_pause(speech[number])) is not None}
    halves = [half for n, cut in cuts.items() for half in np.split(sounds[n], [round(cut * SAMPLE_RATE)])]
    whole = [texts[n] for n in cuts for _ in range(2)]
    told = _hear_each(engine, halves, whole, DecodingOptions(beam_size=WIDE_BEAM, prompt=prompt))
    pairs = zip(told[::2], told[1::2], strict=True)
    return {n: join_texts(pair, (0.0, cut)) for (n, cut), pair in zip(cuts.items(), pairs, strict=True)}


def _middle_pause(speech: Sequence[Span]) -> float | None:
    """The middle of the longest pause in the middle third of some speech, in seconds."""
    if not speech:
        return None
    first, last = speech[0].start, speech[-1].end
    third = (last - first) / 3
    pauses = [(after.start - before.end, (before.end + after.start) / 2) for before, after in pairwise(speech)]
    middle = [(length, at) for length, at in pauses if first + third <= at <= last - third]
    return max(middle)[1] if middle else None


def _fall_back(
    engine: Engine, sound: Samples, speech: Sequence[Span], text: WindowText, seed: int, prompt: str | None
) -> WindowText:
    """The text, or a better one that is drawn at rising temperatures."""
    best = text
    for temperature in TEMPERATURES:
        if DOUBTS.issuperset(find_faults(best, speech)):
            break
        decoding = DecodingOptions(
            temperature=temperature, seed=seed, prompt=prompt if temperature < LAST_PROMPTED else None
        )
        (drawn,) = engine.transcribe_windows([sound], text.language, decoding)
        best = max((best, drawn), key=partial(rank, speech=speech))
    return best


def _settle(text: WindowText, speech: Sequence[Span]) -> WindowText:
    """The text without what nobody said, and with notes on what is doubtful."""
    faults = find_faults(text, speech)
    if not text.words or not faults:
        return text
    if _DROPPED.intersection(faults):
        return replace(text, words=())
    notes: list[Note] = []
    words = list(text.words)
    for first, after in reversed(find_loops(words)):
        said = words[max(0, 2 * first - after) : first]  # what was repeated
        notes.append(Note("loop removed", said[0].start, said[-1].end))
        del words[first:after]
    left = replace(text, words=tuple(words))
    still = find_faults(left, speech)
    start, end = text.words[0].start, text.words[-1].end
    if _MADE_UP.intersection(still):
        notes.append(Note("possible hallucination", start, end))
    if "improbable" in still:
        notes.append(Note("low confidence", start, end))
    return replace(left, notes=tuple(notes))


def _fill_gaps(
    engine: Engine, sounds: Sequence[Samples], speech: Sequence[Sequence[Span]], texts: Sequence[WindowText]
) -> list[WindowText]:
    """The texts with what is heard when the stretches without words are listened to alone; what stays is noted."""
    gaps = [(number, gap) for number, text in enumerate(texts) for gap in find_gaps(text.words, speech[number])]
    filled = list(texts)
    heard = _hear_each(engine, [_cut(sounds[n], gap) for n, gap in gaps], [texts[n] for n, _ in gaps])
    for (number, gap), text in zip(gaps, heard, strict=True):
        filled[number] = _insert(filled[number], _believed(text, gap))
    return [
        replace(
            text, notes=(*text.notes, *(Note("no text", gap.start, gap.end) for gap in find_gaps(text.words, spans)))
        )
        for text, spans in zip(filled, speech, strict=True)
    ]


def _cut(sound: Samples, gap: Span) -> Samples:
    return sound[round(max(0.0, gap.start - GAP_PAD) * SAMPLE_RATE) : round((gap.end + GAP_PAD) * SAMPLE_RATE)]


def _believed(text: WindowText, gap: Span) -> list[Word]:
    """The words of a stretch that was heard alone, in its window's time, if they can be believed."""
    offset = max(0.0, gap.start - GAP_PAD)
    spoken = [Span(gap.start - offset, gap.end - offset)]
    if text.mean_log_probability < GAP_LEAST_LOG_PROBABILITY or text.no_speech_probability > MOST_NO_SPEECH:
        return []
    if find_faults(text, spoken):
        return []
    words = [replace(word, start=word.start + offset, end=word.end + offset) for word in text.words]
    return [word for word in words if gap.start <= (word.start + word.end) / 2 <= gap.end]


def _insert(text: WindowText, words: Sequence[Word]) -> WindowText:
    if not words:
        return text
    middle = (words[0].start + words[-1].end) / 2
    place = next((n for n, word in enumerate(text.words) if (word.start + word.end) / 2 > middle), len(text.words))
    before = max((word.start for word in text.words[:place]), default=0.0)
    after = min((word.start for word in text.words[place:]), default=float("inf"))
    kept = [replace(w, start=min(max(w.start, before), after), end=max(w.end, min(w.start, after))) for w in words]
    return replace(text, words=(*text.words[:place], *kept, *text.words[place:]))
