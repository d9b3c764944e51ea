"""The readers of the data folder: their sound, in sentences and pauses that are known, with the words of each.

Eight readers are told apart for certain; Allison reads the English and the Spanish prompts, of which only the former
count here. They are parted into two halves: constants are chosen on one and reported on the other, both ways.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from audio_samples import write_wav
from bench.kept_results import keep
from bench.materials import CACHE
from bench.systems import AIRQUOTE, load_system

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from audio.voice_activity import SpeechDetector
from index.transcript import Word

FOLDER = CACHE / "voices"
HALVES = {"a": ("notes", "linda", "1688", "2033"), "b": ("address", "allison", "1998", "2414")}
READERS = tuple(reader for half in HALVES.values() for reader in half)
SOURCES = {
    "notes": tuple(f"speech/voice_notes/{name}.flac" for name in (
        "01_email_dictation", "02_project_planning", "03_todo_list", "04_meeting_notes", "05_parenting_question",
        "06_technical_troubleshooting", "07_blog_outline", "08_calendar_scheduling",
    )),
    "address": ("speech/address/address.mp3",),
    "linda": ("speech/long/mix_music_silence_lj.mp3",),
    "allison": ("speech/long/asterisk_en_long.mp3",),
    "1688": ("speech/long/libri_2spk_1688_1998.mp3",),
    "1998": ("speech/long/libri_2spk_1688_1998.mp3",),
    "2033": ("speech/long/libri_2spk_2033_2414.mp3",),
    "2414": ("speech/long/libri_2spk_2033_2414.mp3",),
}  # fmt: skip
NAMES_IN_DATA = {"allison": "en_US_f_Allison"}
MOST_SECONDS = 400.0
"""Of one file: the prompts would take a quarter of an hour to hear."""

PAUSE = 0.15
"""Seconds between words at which a clip may begin or end."""

LONGEST_PAUSE = 0.5
"""Seconds of silence that a turn may hold; a longer pause parts two."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """What one reader says at one go: ``samples`` at 16 kHz, the ``spans`` of speech and the ``words`` in it."""

    reader: str
    samples: Samples
    spans: tuple[Span, ...]
    words: tuple[Word, ...]

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / SAMPLE_RATE


def data_folder() -> Path:
    """Return the folder of real speech; its absence ends the benchmark."""
    folder = os.environ.get("AIRQUOTE_BENCH_DATA")
    if not folder:
        raise SystemExit("AIRQUOTE_BENCH_DATA must name a folder of real speech: see docs/voices-benchmark.md.")
    return Path(folder)


@cache
def facts() -> dict[str, dict[str, Any]]:
    """Return what is known of each file of the data folder, by name."""
    lines = (data_folder() / "speech.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["file"]: row for row in map(json.loads, lines)}


@cache
def sound_of(name: str) -> Samples:
    """Return the sound of a file of the data folder: float32, (samples,), 16 kHz."""
    return np.concatenate(list(decode_audio(data_folder() / name)))


def write_sound(path: Path, sound: Samples) -> None:
    """Write sound at 16 kHz as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_wav(path, np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16), SAMPLE_RATE)


@cache
def phrases_of(reader: str) -> tuple[Clip, ...]:
    """Return all that a reader says, cut at the pauses between words."""
    return tuple(phrase for name in SOURCES[reader] for phrase in _cut_phrases(reader, name))


def _cut_phrases(reader: str, name: str) -> Iterator[Clip]:
    sound, words, regions = sound_of(name), _words_of(name), _regions_of(name)
    for span in _spans_of(reader, name):
        inside = [word for word in words if span.start <= word.span.middle < span.end]
        inside = [word for word in inside if word.end > word.start]
        firsts = [row for row in range(len(inside)) if row == 0 or inside[row].start - inside[row - 1].end >= PAUSE]
        for first, following in zip(firsts, [*firsts[1:], len(inside)], strict=True):
            before = inside[first - 1].end if first else span.start
            after = inside[following].start if following < len(inside) else span.end
            begin = max(inside[first].start - 0.1, (before + inside[first].start) / 2)
            end = min(inside[following - 1].end + 0.1, (after + inside[following - 1].end) / 2)
            yield _clip(reader, sound, Span(begin, max(begin, end)), regions, inside[first:following])


def _clip(reader: str, sound: Samples, span: Span, regions: Sequence[Span], words: Sequence[Word]) -> Clip:
    first, last = round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE)
    start = first / SAMPLE_RATE
    spans = [
        Span(max(region.start, span.start) - start, min(region.end, span.end) - start)
        for region in regions
        if region.overlaps(span)
    ]
    moved = [
        Word(word.text, max(0.0, word.start - start), max(0.0, word.end - start), word.probability) for word in words
    ]
    return Clip(reader, sound[first:last], tuple(spans), tuple(moved))


def join_spans(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those joined that are less than LONGEST_PAUSE apart."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start - joined[-1].end < LONGEST_PAUSE:
            joined[-1] = joined[-1].union(span)
        else:
            joined.append(span)
    return tuple(joined)


def _spans_of(reader: str, name: str) -> list[Span]:
    """Return where a reader speaks in a file: in its segments, or from end to end."""
    row = facts()[name]
    if "segments" not in row:
        return [Span(0.0, row["duration"])]
    known_as = NAMES_IN_DATA.get(reader, reader)
    spoken = [Span(one["start"], one["end"]) for one in row["segments"] if one["speaker"] == known_as]
    return [span for span in spoken if span.end <= MOST_SECONDS]


@cache
def _regions_of(name: str) -> tuple[Span, ...]:
    detector = SpeechDetector()
    detector.feed(sound_of(name))
    return detector.finish().regions


@cache
def _words_of(name: str) -> list[Word]:
    """Return the words of a file, as tiny.en hears them in the clean reading; kept, as that takes a while."""
    kept = FOLDER / "words" / f"{Path(name).stem}.json"
    if not kept.exists():
        cut = FOLDER / "words" / f"{Path(name).stem}.wav"
        write_sound(cut, sound_of(name)[: round(MOST_SECONDS * SAMPLE_RATE)])
        words = _recogniser()(cut, "en")
        cut.unlink()
        keep(kept, [[word.text, word.start, word.end, word.probability] for word in words])
    return [Word(*row) for row in json.loads(kept.read_text(encoding="utf-8"))]


@cache
def _recogniser() -> Any:
    return load_system(AIRQUOTE, "tiny.en", os.cpu_count() or 1)
