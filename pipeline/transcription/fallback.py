"""Decode a group of windows; fall back to wider beams and sampling where quality checks fail.

Whisper's own fallback (Radford et al. 2022, section 4.5) with more checks. The text of a window follows from its
sound, the model and the seed alone, so a resumed run ends like an uninterrupted one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from audio.samples import SAMPLE_RATE
from audio.timecode import Span
from index.transcript import Word
from pipeline.engines.base import DEFAULT_DECODING, DecodingOptions, Engine, Note, WindowText
from pipeline.errors import NAME_LANGUAGE, LanguageError
from pipeline.transcription.code_switching import split_languages
from pipeline.transcription.decoding import DecodedWindow, WindowSound, decode, join_texts
from pipeline.transcription.quality import (
    NO_SPEECH_THRESHOLD,
    WEAK_CHECKS,
    Check,
    find_failed_checks,
    find_gaps,
    find_loops,
    is_wrong_language,
)

WIDE_BEAM = 5  # openai-whisper's and faster-whisper's own
TEMPERATURES = (0.2, 0.4, 0.6, 0.8, 1.0)  # openai-whisper, transcribe.py
LAST_PROMPTED = 0.5  # from this temperature on the prompt is left out, because it may be the cause (transcribe.py, too)

GAP_PAD = 0.3  # seconds of sound around a gap that is decoded alone
# A gap decoded alone has little context, so its words are accepted only from this log-probability on: music and noise,
# which voice activity detection sometimes takes for speech, must stay without words.
GAP_LEAST_LOG_PROBABILITY = -0.7

# Failed checks for which all words are dropped, and for which they are flagged as a possible hallucination.
_DROPPED: frozenset[Check] = frozenset({"no speech", "stock phrase"})
_FLAGGED: frozenset[Check] = frozenset({"compression ratio", "too fast", "repetition loop", "repetition"})


def decode_windows(
    engine: Engine,
    windows: Sequence[WindowSound],
    decoding: DecodingOptions = DEFAULT_DECODING,
    *,
    refuse_wrong_language: bool = False,
) -> list[WindowText]:
    """The best text of each window, with notes on what still fails the quality checks.

    With ``decoding.detect_language`` a window, or a part of one, may be in another language than its own.
    ``refuse_wrong_language`` raises LanguageError before any fallback if hardly a window makes sense.
    """
    split = split_languages(engine, decode(engine, windows, decoding), decoding.prompt)
    parts = [part for window in split for part in window]
    if refuse_wrong_language and is_wrong_language([part.text for part in parts]):
        language = windows[0].language
        raise LanguageError(
            f"{engine.model} finds hardly any plausible text in this recording as language {language!r}.",
            NAME_LANGUAGE,
        )
    best = iter(_fall_back(engine, parts, decoding.prompt))
    return [
        join_texts([_note_language(next(best), window.language) for _ in of_window])
        for window, of_window in zip(windows, split, strict=True)
    ]


def _note_language(part: DecodedWindow, language: str) -> DecodedWindow:
    text = part.text
    if not text.words or part.sound.language == language:
        return part
    note = Note("language change", text.words[0].start, text.words[-1].end)
    return replace(part, text=replace(text, notes=(*text.notes, note)))


def _fall_back(engine: Engine, windows: Sequence[DecodedWindow], prompt: str | None) -> list[DecodedWindow]:
    """The windows with their best texts: decoded with a wider beam, in halves and by sampling as far as needed."""
    best = _improve(windows, _fails, lambda bad: _decode_wide(engine, bad, prompt))
    if prompt:  # it may be the cause
        best = _improve(best, _fails, lambda bad: _decode_wide(engine, bad, None))
    best = _improve(best, _fails_badly, lambda bad: _decode_halves(engine, bad, prompt))
    best = _improve(best, _fails_badly, lambda bad: [_sample(engine, window, prompt) for window in bad])
    return _fill_gaps(engine, [replace(window, text=_drop_hallucinations(window)) for window in best])


def _improve(
    windows: Sequence[DecodedWindow],
    fails: Callable[[DecodedWindow], bool],
    decode_again: Callable[[list[DecodedWindow]], list[DecodedWindow]],
) -> list[DecodedWindow]:
    """The windows, each that fails replaced by the better of itself and the result of decoding it again."""
    bad = [window for window in windows if fails(window)]
    again = iter(decode_again(bad))
    return [window.or_better(next(again)) if fails(window) else window for window in windows]


def _fails(window: DecodedWindow) -> bool:
    return bool(window.failed_checks)


def _fails_badly(window: DecodedWindow) -> bool:
    return not WEAK_CHECKS.issuperset(window.failed_checks)


def _decode_wide(engine: Engine, windows: Sequence[DecodedWindow], prompt: str | None) -> list[DecodedWindow]:
    return decode(engine, [window.sound for window in windows], DecodingOptions(beam_size=WIDE_BEAM, prompt=prompt))


def _decode_halves(engine: Engine, windows: Sequence[DecodedWindow], prompt: str | None) -> list[DecodedWindow]:
    """The windows, each decoded in two halves if there is a pause to cut it at.

    A model that skips sentences does so however it decodes: on an hour of an interview (tiny.en) one window lost the
    same twelve seconds with every beam and at every temperature, and lost nothing in halves.
    """
    cuts = [_middle_pause(window.sound.speech) for window in windows]
    halves = [half for w, cut in zip(windows, cuts, strict=True) if cut is not None for half in w.sound.split([cut])]
    decoded = iter(decode(engine, halves, DecodingOptions(beam_size=WIDE_BEAM, prompt=prompt)))
    return [
        window if cut is None else replace(window, text=join_texts([next(decoded), next(decoded)]))
        for window, cut in zip(windows, cuts, strict=True)
    ]


def _middle_pause(speech: Sequence[Span]) -> float | None:
    """The middle of the longest pause in the middle third of some speech, in seconds."""
    if not speech:
        return None
    first, last = speech[0].start, speech[-1].end
    third = (last - first) / 3
    pauses = [(after.start - before.end, (before.end + after.start) / 2) for before, after in pairwise(speech)]
    middle = [(length, at) for length, at in pauses if first + third <= at <= last - third]
    return max(middle)[1] if middle else None


def _sample(engine: Engine, window: DecodedWindow, prompt: str | None) -> DecodedWindow:
    """The window with its best text so far, or a better one that is sampled at rising temperatures."""
    for temperature in TEMPERATURES:
        if not _fails_badly(window):
            break
        prompted = prompt if temperature < LAST_PROMPTED else None
        decoding = DecodingOptions(temperature=temperature, seed=window.sound.seed, prompt=prompted)
        (sampled,) = decode(engine, [window.sound], decoding)
        window = window.or_better(sampled)
    return window


def _drop_hallucinations(window: DecodedWindow) -> WindowText:
    """The window's text without hallucinations and repetition loops, with notes on what may be one or is uncertain."""
    text, failed = window.text, window.failed_checks
    if not text.words or not failed:
        return text
    if _DROPPED.intersection(failed):
        return replace(text, words=())
    notes: list[Note] = []
    words = list(text.words)
    for first, after in reversed(find_loops(words)):
        repeated = words[max(0, 2 * first - after) : first]
        notes.append(Note("loop removed", repeated[0].start, repeated[-1].end))
        del words[first:after]
    left = replace(text, words=tuple(words))
    still = find_failed_checks(left, window.sound.speech)
    start, end = text.words[0].start, text.words[-1].end
    if _FLAGGED.intersection(still):
        notes.append(Note("possible hallucination", start, end))
    if "log-probability" in still:
        notes.append(Note("low confidence", start, end))
    return replace(left, notes=tuple(notes))


def _fill_gaps(engine: Engine, windows: Sequence[DecodedWindow]) -> list[DecodedWindow]:
    """The windows with the words that are found when each gap is decoded alone; gaps that remain are noted."""
    gaps = [find_gaps(window.text.words, window.sound.speech) for window in windows]
    sounds = [_cut_gap(w.sound, gap) for w, of_window in zip(windows, gaps, strict=True) for gap in of_window]
    decoded = iter(decode(engine, sounds))
    filled = []
    for window, of_window in zip(windows, gaps, strict=True):
        text = window.text
        for gap in of_window:
            text = _insert_words(text, _acceptable_words(next(decoded), gap))
        remaining = find_gaps(text.words, window.sound.speech)
        notes = (*text.notes, *(Note("no text", gap.start, gap.end) for gap in remaining))
        filled.append(replace(window, text=replace(text, notes=notes)))
    return filled


def _gap_start(gap: Span) -> float:
    """Where the sound of a gap begins in its window, in seconds."""
    return max(0.0, gap.start - GAP_PAD)


def _cut_gap(sound: WindowSound, gap: Span) -> WindowSound:
    start = _gap_start(gap)
    samples = sound.samples[round(start * SAMPLE_RATE) : round((gap.end + GAP_PAD) * SAMPLE_RATE)]
    speech = (Span(gap.start - start, gap.end - start),)
    return replace(sound, samples=samples, speech=speech, offset=sound.offset + start)


def _acceptable_words(decoded: DecodedWindow, gap: Span) -> list[Word]:
    """The words of a gap that was decoded alone, in its window's time; none if they fail the quality checks."""
    text, start = decoded.text, _gap_start(gap)
    if text.mean_log_probability < GAP_LEAST_LOG_PROBABILITY or text.no_speech_probability > NO_SPEECH_THRESHOLD:
        return []
    if decoded.failed_checks:
        return []
    words = [replace(word, start=word.start + start, end=word.end + start) for word in text.words]
    return [word for word in words if gap.start <= (word.start + word.end) / 2 <= gap.end]


def _insert_words(text: WindowText, words: Sequence[Word]) -> WindowText:
    """The text with ``words`` at the place of their middle; their times are limited by their neighbours."""
    if not words:
        return text
    middle = (words[0].start + words[-1].end) / 2
    place = next((n for n, word in enumerate(text.words) if (word.start + word.end) / 2 > middle), len(text.words))
    before = max((word.start for word in text.words[:place]), default=0.0)
    after = min((word.start for word in text.words[place:]), default=float("inf"))
    kept = [replace(w, start=min(max(w.start, before), after), end=max(w.end, min(w.start, after))) for w in words]
    return replace(text, words=(*text.words[:place], *kept, *text.words[place:]))
