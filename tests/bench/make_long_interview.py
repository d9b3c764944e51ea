"""Make the interviews of the transcription benchmark: ten minutes, an hour, five hours.

    python -m bench.make_long_interview 10 60 300

The two voices of the sample speak long_interview.txt once; longer interviews reorder its exchanges, with other pauses,
so that hours of known words need no further synthesis. Output goes to .cache/bench; existing files are kept. Needs the
`voices` dependency group of pyproject.toml.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from bench.materials import CACHE
from data.make_interview import (
    GAP_SECONDS,
    MAX_OFFSET_SECONDS,
    MP3_FRAME,
    PAUSE_SECONDS,
    RATE,
    ROOM_DBFS,
    Samples,
    Sentence,
    make_music,
    make_noise,
    measure_offset,
    read_mp3,
    speak_utterance,
    write_json,
    write_mp3,
)
from hibari import Hibari

SCRIPT = Path(__file__).with_name("long_interview.txt")
VOICES = {"H": "heart", "G": "joe"}
MUSIC_SECONDS = 9.0
REST_SECONDS = (0.8, 3.0)  # after music, and at the end of a chapter
GAIN = 0.7  # of the mix, whose loudest peak would clip slightly
LONG_PAUSES, LONG_PAUSE_SECONDS = 10, (2.0, 6.0)  # in each chapter, between exchanges

Exchange = list[tuple[str, list[Sentence]]]
"""A question and its answer: who speaks, and the sentences."""


def read_script() -> list[tuple[str, list[str]]]:
    """Return the speaker and sentences of each turn, in order."""
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    turns = [line.split(": ", 1) for line in lines if line]
    return [(speaker, re.split(r"(?<=[.?!]) ", text)) for speaker, text in turns]


def speak_script() -> list[tuple[str, list[Sentence]]]:
    """Synthesise every utterance in its voice; the result is cached."""
    script, kept = read_script(), CACHE / "voices.npz"
    texts = [text for _, sentences in script for text in sentences]
    if kept.exists():
        with np.load(kept) as saved:
            if saved["texts"].tolist() == texts:
                spoken = [
                    Sentence(text, saved[f"samples_{number}"], *saved["edges"][number].tolist())
                    for number, text in enumerate(texts)
                ]
                following = iter(spoken)
                return [(speaker, [next(following) for _ in sentences]) for speaker, sentences in script]
    heart = Hibari()
    utterances = [(speaker, speak_utterance(texts, VOICES[speaker], heart)) for speaker, texts in script]
    sentences = [sentence for _, spoken in utterances for sentence in spoken]
    arrays = {f"samples_{number}": sentence.samples for number, sentence in enumerate(sentences)}
    edges = np.array([(sentence.first, sentence.last) for sentence in sentences])
    CACHE.mkdir(parents=True, exist_ok=True)
    np.savez(kept, allow_pickle=False, texts=np.array(texts), edges=edges, **arrays)
    return utterances


def split_exchanges(utterances: list[tuple[str, list[Sentence]]]) -> list[Exchange]:
    """Split utterances into exchanges, each beginning with the host."""
    exchanges: list[Exchange] = []
    for speaker, sentences in utterances:
        if speaker == "H" or not exchanges:
            exchanges.append([])
        exchanges[-1].append((speaker, sentences))
    return exchanges


def mix_chapter(exchanges: list[Exchange], number: int, seed: int, began: int, truth: list[dict[str, Any]]) -> Samples:
    """Mix about ten minutes at RATE Hz; add its utterances to ``truth``, with times offset by ``began`` samples."""
    pauses, order = random.Random(seed), list(exchanges)
    if number:
        pauses.shuffle(order)
    thoughtful = set(pauses.sample(range(1, len(order)), LONG_PAUSES))
    placed: list[tuple[int, Samples]] = [(round(0.5 * RATE), make_music(MUSIC_SECONDS))]
    now = round((0.5 + MUSIC_SECONDS + pauses.uniform(*REST_SECONDS)) * RATE)
    for place, exchange in enumerate(order):
        now += round(pauses.uniform(*LONG_PAUSE_SECONDS) * RATE) if place in thoughtful else 0
        for speaker, spoken in exchange:
            now += round(pauses.uniform(*GAP_SECONDS) * RATE)
            sentences: list[dict[str, Any]] = []
            for sentence in spoken:
                now += round(pauses.uniform(*PAUSE_SECONDS) * RATE) if sentences else 0
                placed.append((now - sentence.first, sentence.samples))
                end = now + sentence.last - sentence.first
                sentences.append({"start": (began + now) / RATE, "end": (began + end) / RATE, "text": sentence.text})
                now = end
            truth.append(
                {
                    "speaker": speaker,
                    "start": sentences[0]["start"],
                    "end": sentences[-1]["end"],
                    "text": " ".join(sentence.text for sentence in spoken),
                    "sentences": sentences,
                }
            )
    now += round(pauses.uniform(*REST_SECONDS) * RATE)
    mix = make_noise(-(-now // MP3_FRAME) * MP3_FRAME, ROOM_DBFS, np.random.default_rng(seed))
    for start, samples in placed:
        mix[start : start + len(samples)] += samples[: len(mix) - start]
    mix *= np.float32(GAIN)
    if np.abs(mix).max() >= 1.0:
        raise ValueError("the mix clips")
    return mix


def make_interview(minutes: int) -> tuple[Path, Path]:
    """Return the audio and ground-truth files of an interview of about this length, made if missing."""
    media, truth_file = CACHE / f"interview-{minutes}min.mp3", CACHE / f"interview-{minutes}min.json"
    if media.exists() and truth_file.exists():
        return media, truth_file
    exchanges = split_exchanges(speak_script())
    truth: list[dict[str, Any]] = []
    lengths: list[int] = []
    first: list[Samples] = []

    def chapters() -> Iterator[Samples]:
        number = 0
        while not number or sum(lengths) < minutes * 60 * RATE * 0.97:
            chapter = mix_chapter(exchanges, number, 1000 * minutes + number, sum(lengths), truth)
            lengths.append(len(chapter))
            first.extend([] if first else [chapter])
            yield chapter
            number += 1

    write_mp3(media, chapters(), f"Slow Freight, {minutes} minutes", "Slow Freight")
    if len(lengths) == 1:
        offset = measure_offset(first[0], read_mp3(media))
        if abs(offset) >= MAX_OFFSET_SECONDS:
            raise ValueError(f"the decoded MP3 is {1000 * offset:.1f} ms off the mix")
    write_json(truth_file, {"language": "en", "duration": sum(lengths) / RATE, "utterances": truth})
    return media, truth_file


def main() -> None:
    """Make interviews of the lengths given as arguments, in minutes."""
    for minutes in sys.argv[1:] or ["10"]:
        media, truth = make_interview(int(minutes))
        facts = json.loads(truth.read_text(encoding="utf-8"))
        words = sum(len(utterance["text"].split()) for utterance in facts["utterances"])
        print(f"{media}: {facts['duration']:.1f} s, {len(facts['utterances'])} utterances, {words} words")


if __name__ == "__main__":
    main()
