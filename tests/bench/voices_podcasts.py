"""Podcasts composed of the clips of readers: who speaks when is known, and who says each word.

Turns of 1.5 to 12 s, one in eight of which begins before the last one ends; music at the beginning, under the first
turn and in the middle; each reader at another level, in a room that is never silent. Kept in .cache/bench/voices.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.kept_results import keep
from bench.voices_readers import FOLDER, HALVES, READERS, Clip, facts, join_spans, phrases_of, sound_of, write_sound

from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from index.transcript import Word

TURN_SECONDS = (1.5, 12.0)
PAUSE_SECONDS = (0.05, 0.9)
OVERLAP_SECONDS = (0.3, 1.5)
OVERLAP_SHARE = 0.125
LEVEL_DBFS, LEVEL_SPREAD_DB = -23.0, 4.0
ROOM_DBFS = -62.0
MUSIC_FILE = "speech/long/mix_music_silence_lj.mp3"
INTRO_SECONDS, UNDER_SECONDS, BREAK_SECONDS = 8.0, 4.0, 5.0
UNDER_DB = -15.0  # of the music, while somebody speaks
PODCAST_SECONDS, HOUR = 200.0, 3600.0
VERSION = 1  # of the composition: files of another one are made again


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A time range in seconds in which one speaker is heard; those of different speakers may overlap."""

    speaker: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Podcast:
    """A composed file with its ground truth; ``spoken`` has the speaker of each word."""

    name: str
    media: Path
    readers: tuple[str, ...]
    turns: tuple[SpokenTurn, ...]
    words: tuple[Word, ...]
    spoken: tuple[str, ...]


PODCASTS = {
    **{
        f"half-{half}-{count}-{take}": (HALVES[half][:count] if take == 1 else HALVES[half][-count:], PODCAST_SECONDS)
        for half in HALVES
        for count in (2, 3, 4)
        for take in (1, 2)
    },
    **{f"all-{count}": (READERS[-count:] if count % 2 else READERS[:count], 60.0 * count) for count in (5, 6, 7, 8)},
}
"""The readers of each podcast, and its length in seconds. Those of one half hold no reader of the other."""

INTERVIEWS = {"hour-2": (("notes", "allison"), HOUR), "hour-4": (("address", "linda", "1688", "2414"), HOUR)}


def load_podcast(name: str) -> Podcast:
    """Return a podcast by name; made where it is not kept."""
    readers, seconds = {**PODCASTS, **INTERVIEWS}[name]
    media, truth_file = (FOLDER / f"{name}.v{VERSION}.{ending}" for ending in ("wav", "json"))
    if not truth_file.exists():
        _compose(media, truth_file, readers, seconds, random.Random(name))
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    turns = tuple(SpokenTurn(*row) for row in truth["turns"])
    words = tuple(Word(*row) for row in truth["words"])
    return Podcast(name, media, tuple(readers), turns, words, tuple(truth["spoken"]))


def _compose(media: Path, truth_file: Path, readers: Sequence[str], seconds: float, choose: random.Random) -> None:
    levels = {reader: LEVEL_DBFS + choose.uniform(-LEVEL_SPREAD_DB, LEVEL_SPREAD_DB) for reader in readers}
    places = {reader: choose.randrange(len(phrases_of(reader))) for reader in readers}
    sound = np.zeros(round((seconds + 60) * SAMPLE_RATE), np.float32)
    turns: list[SpokenTurn] = []
    said: list[tuple[Word, str]] = []
    reached = end_of_speech = INTRO_SECONDS
    waiting, had_break, reader = list(readers), False, ""
    _add(sound, _music(0.0, INTRO_SECONDS + UNDER_SECONDS), 0.0)
    while reached < seconds:
        waiting = waiting or choose.sample(readers, len(readers))
        place = next((row for row, one in enumerate(waiting) if one != reader), 0)
        reader = waiting.pop(place)
        clip = _draw_clip(reader, places, choose)
        overlapping = choose.random() < OVERLAP_SHARE and turns and turns[-1].end - turns[-1].start > 3
        pause = -choose.uniform(*OVERLAP_SECONDS) if overlapping else choose.uniform(*PAUSE_SECONDS)
        if not had_break and reached > seconds / 2:
            _add(sound, _music(30.0, BREAK_SECONDS), reached + 0.5)
            had_break, pause = True, BREAK_SECONDS + 1.0
        start = max(reached + pause, end_of_speech - OVERLAP_SECONDS[1])
        _add(sound, _at_level(clip, levels[reader]), start)
        turns += [SpokenTurn(reader, start + span.start, start + span.end) for span in join_spans(clip.spans)]
        said += [
            (Word(word.text, start + word.start, start + word.end, word.probability), reader) for word in clip.words
        ]
        end_of_speech, reached = reached, start + clip.seconds
    noise = np.random.default_rng(len(readers)).standard_normal(round((reached + 1) * SAMPLE_RATE))
    mix = sound[: len(noise)] + np.float32(10 ** (ROOM_DBFS / 20)) * noise.astype(np.float32)
    write_sound(media, np.float32(0.7) * mix)
    said.sort(key=lambda one: one[0].start)
    keep(truth_file, {
        "turns": [[turn.speaker, turn.start, turn.end] for turn in sorted(turns, key=lambda turn: turn.start)],
        "words": [[word.text, round(word.start, 3), round(word.end, 3), word.probability] for word, _ in said],
        "spoken": [speaker for _, speaker in said],
    })  # fmt: skip


def _draw_clip(reader: str, places: dict[str, int], choose: random.Random) -> Clip:
    """Return the reader's next phrases, as many as fit into a turn; after the last one comes the first."""
    phrases = phrases_of(reader)
    length = choose.uniform(*TURN_SECONDS)
    taken = [phrases[places[reader] % len(phrases)]]
    while True:
        places[reader] += 1
        following = phrases[places[reader] % len(phrases)]
        seconds = sum(phrase.seconds for phrase in taken)
        if seconds + following.seconds / 2 > length or seconds + following.seconds > TURN_SECONDS[1]:
            return _join(taken)
        taken.append(following)


def _join(phrases: Sequence[Clip]) -> Clip:
    spans: list[Span] = []
    words: list[Word] = []
    start = 0.0
    for phrase in phrases:
        spans += [Span(span.start + start, span.end + start) for span in phrase.spans]
        words += [Word(word.text, word.start + start, word.end + start, word.probability) for word in phrase.words]
        start += phrase.seconds
    return Clip(phrases[0].reader, np.concatenate([one.samples for one in phrases]), tuple(spans), tuple(words))


def _at_level(clip: Clip, dbfs: float) -> Samples:
    """Return the sound of a clip at a level: RMS over its speech, with 5 ms of fading at both ends."""
    speech = [clip.samples[round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)] for span in clip.spans] or [
        clip.samples
    ]
    level = float(np.sqrt(np.mean(np.concatenate(speech) ** 2))) or 1.0
    sound: Samples = clip.samples * np.float32(10 ** (dbfs / 20) / level)
    edge = min(SAMPLE_RATE // 200, len(sound) // 2)
    sound[:edge] *= np.linspace(0, 1, edge, dtype=np.float32)
    sound[len(sound) - edge :] *= np.linspace(1, 0, edge, dtype=np.float32)
    return sound


def _music(start: float, seconds: float) -> Samples:
    """Return music at the level of speech, that goes down after INTRO_SECONDS and fades out."""
    spans = [span for span in facts()[MUSIC_FILE]["nonspeech"] if span["kind"] == "music"]
    whole = np.concatenate([
        sound_of(MUSIC_FILE)[round(span["start"] * SAMPLE_RATE) : round(span["end"] * SAMPLE_RATE)] for span in spans
    ])  # fmt: skip
    sound = whole[round(start * SAMPLE_RATE) : round((start + seconds) * SAMPLE_RATE)]
    times = np.arange(len(sound)) / SAMPLE_RATE
    under = np.interp(times, [INTRO_SECONDS - 1, INTRO_SECONDS], [0.0, UNDER_DB])
    fading = np.minimum(1.0, (seconds - times) / 1.0)
    level = 10 ** (LEVEL_DBFS / 20) / float(np.sqrt(np.mean(sound**2)))
    quieter: Samples = (sound * level * 10 ** (under / 20) * fading).astype(np.float32)
    return quieter


def _add(sound: Samples, part: Samples, start: float) -> None:
    first = round(start * SAMPLE_RATE)
    sound[first : first + len(part)] += part[: max(0, len(sound) - first)]
