"""Word times from Whisper's cross-attention, corrected by the silences in the sound.

Cross-attention tells which sound a word was decoded from, not where it begins: words include the pauses next to them,
and the first word after a long pause begins seconds early (openai-whisper's `timing.py` cuts such words to twice the
median duration and calls it a hack; stable-ts moves them out of silence). Here the window's own sound decides. Its
silences are found, each is assigned to the boundary between two words that has to move words least for it, and the
words next to it then end and begin where the sound does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import join_near_ranges
from index.transcript import Word

LEVEL_SECONDS = 0.01
LEVEL_SAMPLES = round(LEVEL_SECONDS * SAMPLE_RATE)
SHORTEST_WORD = 0.02  # seconds: one step of Whisper's encoder, the unit of its times
LONGEST_WORD = 3.0  # seconds: longer than any spoken word

# Attention lags behind the beginning of a word. Measured with tiny.en: 0.12 s late against forced alignments of
# LibriVox (which begin 0.03 s early), and on a two-voice interview the right boundary is chosen most often with 0.06
# to 0.1 s.
ATTENTION_LAG = 0.07  # seconds

# Silence, chosen on a two-voice interview and on readings from LibriVox (see the bench).
BELOW_PEAK_DB = 35.0  # a frame is silent if it is so far below the loudest one around it
ABOVE_FLOOR_DB = 6.0  # in noise: a frame is silent if it is so close to the noise floor around it
FLOOR_PERCENTILE = 5.0  # of the levels around a frame: the noise floor
AROUND_SECONDS = 5.0  # "around": loudness changes between speakers and rooms
SHORTEST_PAUSE = 0.16  # seconds: shorter silences are the closures inside words ("that cake")
LONGEST_BLIP = 0.03  # seconds: a click between two silences does not end the silence
MOST_MOVED = 0.3  # share of the silence: if words must move further for it, it lies inside a word
# Costs per second of a boundary's distance to the silence; moving whole words costs 1 per second. A start that is too
# early costs least: that the first word after a pause reaches back over it is Whisper's commonest error.
BOUNDARY_WEIGHT, EARLY_START_WEIGHT = 0.2, 0.1
SOUND_NEEDED = 0.06  # seconds: a word with less sound left on its side of the silence counts as moved
REACH_BACK = 0.15  # seconds by which a start may move back to where sound begins; further back, it is a breath
REACH_ON = 0.3  # seconds by which an end may move on to where sound ends

PREPENDED = "\"'“¿([{-"  # punctuation that belongs to the next word, as in openai-whisper's timing.py
APPENDED = "\"'.。,，!！?？:：”)]}、"  # and to the word before
INSIDE_WORD = re.compile(r"[.'’]\w|[,:]\d")  # 3.5, U.S., l'eau, 40,000, 10:30: Whisper's tokenizer splits them


def group_words(
    texts: Sequence[str], token_counts: Sequence[int], times: Sequence[float], probabilities: Sequence[float]
) -> list[Word]:
    """Words from their tokens; punctuation that stands alone joins its word, "40" and ",000" become one.

    ``texts`` and ``token_counts`` are those of the words; ``times`` (seconds) has one entry more than there are
    tokens: the start of each, and the end of the last; ``probabilities`` has one per token.
    """
    joined: list[str] = []
    boundaries = [0]
    for text, count in zip(texts, token_counts, strict=True):
        if joined and INSIDE_WORD.match(text) and joined[-1][-1:].isalnum():
            joined[-1] += text
            boundaries[-1] += count
        else:
            joined.append(text)
            boundaries.append(boundaries[-1] + count)
    last = len(times) - 1
    words = [
        Word(text, float(times[min(first, last)]), float(times[min(end, last)]), _mean(probabilities[first:end]))
        for text, (first, end) in zip(joined, pairwise(boundaries), strict=True)
    ]
    return merge_punctuation(words)


def _mean(probabilities: Sequence[float]) -> float | None:
    return float(np.clip(np.mean(probabilities), 0.0, 1.0)) if len(probabilities) else None


def merge_punctuation(words: Sequence[Word]) -> list[Word]:
    """Join punctuation that stands alone to its word, whose times it takes; the joined text stays the same.

    The rule of openai-whisper's `timing.merge_punctuations`.
    """
    from_the_right: list[Word] = []
    for word in reversed(words):
        if from_the_right and word.text.startswith(" ") and word.text.strip() in PREPENDED:
            from_the_right[-1] = replace(from_the_right[-1], text=word.text + from_the_right[-1].text)
        else:
            from_the_right.append(word)
    merged: list[Word] = []
    for word in reversed(from_the_right):
        if merged and word.text in APPENDED and not merged[-1].text.endswith(" "):
            merged[-1] = replace(merged[-1], text=merged[-1].text + word.text)
        else:
            merged.append(word)
    return merged


def correct_word_times(words: Sequence[Word], samples: Samples) -> tuple[Word, ...]:
    """Correct attention's word times by the silences in the sound.

    ``samples``: the window, float32, (samples,), 16 kHz. In the result starts never decrease, every word lies inside
    the window, and none is longer than LONGEST_WORD; each lasts at least SHORTEST_WORD if the window has the room.
    """
    if not words:
        return ()
    duration = len(samples) / SAMPLE_RATE
    starts = np.array([word.start for word in words]) - ATTENTION_LAG
    ends = np.array([word.end for word in words]) - ATTENTION_LAG
    starts = np.maximum.accumulate(np.clip(starts, 0.0, duration))
    ends = np.clip(np.maximum(ends, starts), 0.0, duration)
    for silence in find_silences(samples):
        _assign_silence(starts, ends, *silence)
    _shorten_stretched(starts, ends, words)
    starts, ends = _limit_times(starts, ends, duration)
    return tuple(
        replace(word, start=start, end=end)
        for word, start, end in zip(words, starts.tolist(), ends.tolist(), strict=True)
    )


def find_silences(samples: Samples) -> list[tuple[float, float]]:
    """The silences, (start, end) in seconds; ``samples`` is float32, (samples,), 16 kHz."""
    levels = frame_levels(samples)
    if not len(levels):
        return []
    quiet = levels < _thresholds(levels)
    return [
        (first * LEVEL_SECONDS, last * LEVEL_SECONDS)
        for first, last in join_near_ranges(_runs(quiet), round(LONGEST_BLIP / LEVEL_SECONDS))
        if (last - first) * LEVEL_SECONDS >= SHORTEST_PAUSE or first == 0 or last == len(levels)
    ]


def frame_levels(samples: Samples) -> NDArray[np.float64]:
    """The level of each whole 10 ms frame in dB of full scale, (frames,)."""
    frames = samples[: len(samples) // LEVEL_SAMPLES * LEVEL_SAMPLES].reshape(-1, LEVEL_SAMPLES)
    power: NDArray[np.float64] = np.mean(frames.astype(np.float64) ** 2, axis=1)
    return 10 * np.log10(power + 1e-10)


def _thresholds(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each frame the level below which it is silent, from the frames around it."""
    around, step = round(AROUND_SECONDS / LEVEL_SECONDS), round(0.5 / LEVEL_SECONDS)
    centres = np.arange(0, len(levels), step)
    found = []
    for centre in centres:
        near = levels[max(0, centre - around) : centre + around]
        found.append(max(near.max() - BELOW_PEAK_DB, np.percentile(near, FLOOR_PERCENTILE) + ABOVE_FLOOR_DB))
    thresholds: NDArray[np.float64] = np.interp(np.arange(len(levels)), centres, found)
    return thresholds


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    changes = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(first), int(last)) for first, last in changes.reshape(-1, 2)]


def _assign_silence(starts: NDArray[np.float64], ends: NDArray[np.float64], quiet: float, sound: float) -> None:
    """Assign the silence from ``quiet`` to ``sound`` to the boundary that it fits best, and move the words there."""
    # How far each word must move if it comes after the silence, and if it comes before.
    pushed_on = np.maximum(0.0, sound + SOUND_NEEDED - ends)
    pushed_back = np.maximum(0.0, starts + SOUND_NEEDED - quiet)
    moved = np.concatenate((np.cumsum(pushed_on[::-1])[::-1], [0.0]))
    moved += np.concatenate(([0.0], np.cumsum(pushed_back)))
    late = BOUNDARY_WEIGHT * np.maximum(0.0, starts - sound) + EARLY_START_WEIGHT * np.maximum(0.0, sound - starts)
    boundary = np.concatenate((late, [0.0])) + np.concatenate(([0.0], BOUNDARY_WEIGHT * np.abs(ends - quiet)))
    after = int(np.argmin(moved + boundary))  # the first word after the silence
    if moved[after] > MOST_MOVED * (sound - quiet):
        return
    if after < len(starts) and starts[after] < sound + REACH_BACK:
        starts[after] = sound
        starts[after:] = np.maximum(starts[after:], sound)
        ends[after:] = np.maximum(ends[after:], starts[after:])
    if after > 0 and ends[after - 1] > quiet - REACH_ON:
        ends[after - 1] = quiet
        ends[:after] = np.minimum(ends[:after], quiet)
        starts[:after] = np.minimum(starts[:after], ends[:after])


def _shorten_stretched(starts: NDArray[np.float64], ends: NDArray[np.float64], words: Sequence[Word]) -> None:
    """Cut long words at the edges of sentences and window to twice the median duration, as openai-whisper does."""
    durations = (ends - starts)[ends > starts]
    longest = 2 * min(0.7, float(np.median(durations))) if len(durations) else 0.0
    for number in np.flatnonzero(ends - starts > longest).tolist():
        if number == 0 or words[number - 1].text.rstrip().endswith((".", "。", "!", "！", "?", "？")):
            starts[number] = ends[number] - longest
        elif number == len(words) - 1:
            ends[number] = starts[number] + longest


def _limit_times(
    starts: NDArray[np.float64], ends: NDArray[np.float64], duration: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    latest = max(0.0, duration - SHORTEST_WORD)
    starts = np.maximum.accumulate(np.clip(starts, 0.0, latest))
    following = np.append(starts[1:], duration)
    ends = np.clip(ends, starts + SHORTEST_WORD, starts + LONGEST_WORD)
    ends = np.maximum(np.minimum(ends, following), starts + SHORTEST_WORD)
    return starts, np.minimum(ends, duration)
