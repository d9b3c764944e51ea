"""Benchmark of names across files: how many that profiles suggest are right, and how many true ones are suggested.

    python -m bench.voices_names

People are the readers and speakers of AIRQUOTE_BENCH_DATA, each heard in several files, or else in parts of one, as
they are and through one of four channels that are made here. Half of the voices are of people with a profile, which
knows one other recording of each. The constants are fitted on one half of the people and names reported of the other,
both ways; of all together, to see the chance of more profiles. Vectors are kept in .cache/bench/voices.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from bench.bench_report import Bars
from bench.kept_results import code_version
from bench.materials import CACHE
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.signal import butter, fftconvolve, sosfilt

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE, Samples
from audio.voices.diarizer import Diarizer
from audio.voices.voice_turns import Vector, Voice, VoiceCount
from pipeline.models.voice_weights import find_voice_models
from pipeline.voices.recognition import profiles
from pipeline.voices.recognition.profiles import NOISE_SECONDS, Profile
from pipeline.voices.recognition.suggestions import LEAST_LIKELY, Candidate, choose_names, expect_known

HEARING_CODE = ("audio/voices/*.py", "tests/bench/voices_names.py", "constraints.txt")
KEPT = CACHE / "voices" / f"people-{code_version(HEARING_CODE)}.npz"
SEED = 20260201
LONGEST, MOST_PARTS, MOST_TRIALS = 30.0, 6, 12  # seconds of a part; parts of a file; trials of a person
RIGHT, SUGGESTED = 95.0, 80.0  # %
ONE_READER = {"voice_notes": "notes", "address": "address", "librivox_words": "librivox", "asterisk": "allison"}


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What a person sounds like in a part of a file; ``doubtful`` groups people of whom two may be one."""

    person: str
    file: str
    part: int
    channel: str
    doubtful: str
    seconds: float
    vector: Vector


def main() -> None:
    """Print the table, and exit with 1 if a bar is missed."""
    bars = Bars()
    print("| names across files | measured | bar | |\n| --- | --- | --- | --- |")
    report_names(bars)
    sys.exit(not bars.met)


def report_names(bars: Bars) -> None:
    """Check what names are suggested of each half of the people, and of all."""
    heard = hear_people()
    people = np.random.default_rng(SEED).permutation(sorted({one.person for one in heard}))
    halves = [set(people[::2]), set(people[1::2])]
    for name, half, other in (("first half", halves[0], halves[1]), ("second half", halves[1], halves[0])):
        middle, slope = fit_odds([one for one in heard if one.person in other])
        print(f"| the fit of the other half for the {name} | middle {middle:.3f}, slope {slope:.1f} | | |")
        with patch.multiple(profiles, MIDDLE=middle, SLOPE=slope):
            _report(bars, f"{name}, so fitted", [one for one in heard if one.person in half])
        _report(bars, name, [one for one in heard if one.person in half])
    _report(bars, "all", heard)


def _report(bars: Bars, name: str, heard: Sequence[Heard]) -> None:
    right, suggested, true = try_names(heard)
    people = len({one.person for one in heard})
    bars.least(f"{name}, {people} people: right of {suggested} suggested, %", 100 * right / max(suggested, 1), RIGHT)
    bars.least(f"{name}: of {true} true names suggested, %", 100 * right / max(true, 1), SUGGESTED)


def try_names(heard: Sequence[Heard]) -> tuple[int, int, int]:
    """Return how many suggested names are right, how many are suggested, and how many people had a profile."""
    random = np.random.default_rng(SEED)
    of_person: dict[str, list[Heard]] = {}
    for one in heard:
        of_person.setdefault(one.person, []).append(one)
    right = suggested = true = 0
    for person, own in of_person.items():
        for row in random.permutation(len(own))[:MOST_TRIALS]:
            trial, known = own[row], bool(random.random() < 0.5)
            drawn = list(_draw_profiles(trial, of_person, known, random))
            true += any(profile.name == person for profile in drawn)
            candidates = [Candidate(one.name, expect_known(len(drawn)), one) for one in drawn]
            names = choose_names([Voice(1, trial.seconds, trial.vector)], candidates, (), LEAST_LIKELY)
            suggested += len(names)
            right += sum(one.name == person for one in names)
    return right, suggested, true


def _draw_profiles(
    trial: Heard, of_person: dict[str, list[Heard]], known: bool, random: np.random.Generator
) -> Iterator[Profile]:
    """Yield a profile of everybody of one plain recording: of the person of the trial if ``known``, another file's."""
    for person, parts in of_person.items():
        own = person == trial.person
        if (own and not known) or (not own and trial.doubtful and parts[0].doubtful == trial.doubtful):
            continue
        plain = [one for one in parts if one.channel == "plain" and (one.file, one.part) != (trial.file, trial.part)]
        other_files = [one for one in plain if one.file != trial.file] if own else plain
        if plain:
            chosen = (other_files or plain)[random.integers(len(other_files or plain))]
            yield Profile(person, chosen.vector, chosen.seconds, (chosen.file,))


def fit_odds(heard: Sequence[Heard]) -> tuple[float, float]:
    """Return the cosine at which two are as likely one person as not, and the slope: by logistic regression.

    Pairs of parts of one person count as much as those of two people, and those of many parts less each.
    """
    vectors = np.stack([one.vector for one in heard])
    seconds = np.array([one.seconds for one in heard])
    reliability = np.sqrt(seconds / (seconds + NOISE_SECONDS))
    alike = vectors @ vectors.T / np.outer(reliability, reliability)
    pairs = [
        (a, b)
        for a, one in enumerate(heard)
        for b, other in enumerate(heard[:a])
        if (one.person == other.person and (one.file, one.part) != (other.file, other.part))
        or (one.person != other.person and not (one.doubtful and one.doubtful == other.doubtful))
    ]
    cosines = np.array([alike[pair] for pair in pairs])
    same = np.array([heard[a].person == heard[b].person for a, b in pairs])
    kinds = [tuple(sorted((heard[a].person, heard[b].person))) for a, b in pairs]
    times = Counter(kinds)
    weights = np.array([times[kind] ** -0.5 for kind in kinds])
    for group in (same, ~same):
        weights[group] *= 1000 / weights[group].sum()

    def loss(values: NDArray[np.float64]) -> float:
        odds = values[0] + values[1] * cosines
        return float((weights * np.logaddexp(0, np.where(same, -odds, odds))).sum() + 1e-3 * values[1] ** 2)

    bias, slope = minimize(loss, [-10.0, 15.0]).x
    return -bias / slope, slope


def hear_people() -> list[Heard]:
    """Return what all people sound like in all parts and channels, heard once and kept."""
    if not KEPT.exists():
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        heard = list(_hear_all())
        facts = [{field.name: getattr(one, field.name) for field in fields(one)[:-1]} for one in heard]
        np.savez(KEPT, facts=json.dumps(facts), vectors=np.stack([one.vector for one in heard]))
    kept = np.load(KEPT)
    facts = json.loads(str(kept["facts"]))
    return [Heard(**values, vector=vector) for values, vector in zip(facts, kept["vectors"], strict=True)]


def _hear_all() -> Iterator[Heard]:
    models = find_voice_models()
    channels = list(CHANNELS)
    for number, (person, file, part, doubtful, sound) in enumerate(_parts()):
        for channel in ("plain", channels[1 + number % (len(channels) - 1)]):
            diarizer = Diarizer(models.segmentation, models.embedding, VoiceCount(1, 1))
            diarizer.feed(CHANNELS[channel](sound).astype(np.float32))
            for voice in diarizer.finish().voices:
                if voice.vector is not None:
                    yield Heard(person, file, part, channel, doubtful, voice.seconds, voice.vector)


def _parts() -> Iterator[tuple[str, str, int, str, Samples]]:
    """Yield each part of a file with its person, and with the language of a sentence whose reader may read another."""
    folder = Path(
        os.environ.get("AIRQUOTE_BENCH_DATA") or sys.exit("AIRQUOTE_BENCH_DATA must name a folder of speech.")
    )
    for row in map(json.loads, (folder / "speech.jsonl").read_text(encoding="utf-8").splitlines()):
        sound = np.concatenate(list(decode_audio(folder / row["file"])))
        kind, stem = row["file"].split("/")[1], Path(row["file"]).stem
        if kind == "fleurs":
            speech, doubtful = {stem: sound}, row["lang"]
        else:
            one = next((reader for name, reader in ONE_READER.items() if name in row["file"]), None)
            speech, doubtful = {one: sound} if one else _alone(row, sound), ""
        for person, samples in speech.items():
            half = len(samples) // (1 if kind == "librivox_words" else 2)
            length = min(round(LONGEST * SAMPLE_RATE), half)
            for part in range(min(MOST_PARTS, len(samples) // length)):
                yield person, row["file"], part, doubtful, samples[part * length : (part + 1) * length]


def _alone(row: dict[str, Any], sound: Samples) -> dict[str, Samples]:
    """Return what each person of a file says alone; ids of people are the same in all meetings."""
    found: dict[str, list[Samples]] = {}
    for segment in row["segments"]:
        alone = np.zeros(len(sound), np.bool_)
        alone[round(segment["start"] * SAMPLE_RATE) : round(segment["end"] * SAMPLE_RATE)] = True
        for other in row["segments"]:
            if other.get("speaker") != segment.get("speaker"):
                alone[round(other["start"] * SAMPLE_RATE) : round(other["end"] * SAMPLE_RATE)] = False
        found.setdefault(segment.get("speaker", "linda"), []).append(sound[alone])
    joined = {person: np.concatenate(parts) for person, parts in found.items()}
    return {person: samples for person, samples in joined.items() if len(samples) >= 3 * SAMPLE_RATE}


def _telephone(sound: Samples) -> Samples:
    return np.asarray(sosfilt(butter(4, [300, 3400], "band", fs=SAMPLE_RATE, output="sos"), sound))


def _dull(sound: Samples) -> Samples:
    low = sosfilt(butter(1, 1500, "low", fs=SAMPLE_RATE, output="sos"), sound)
    return np.asarray(0.7 * low + 0.3 * sound)


def _room(sound: Samples, seconds: float) -> Samples:
    """The sound in a room whose echo fades by 60 dB in these seconds."""
    length = round(seconds * SAMPLE_RATE)
    echo = np.random.default_rng(SEED).standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
    echo[0] = 3.0 * np.sqrt(length) / 20
    return np.asarray(fftconvolve(sound, echo / np.sqrt((echo**2).sum()))[: len(sound)])


def _noisy(sound: Samples, decibels: float) -> Samples:
    noise = np.cumsum(np.random.default_rng(SEED).standard_normal(len(sound)))
    noise = sosfilt(butter(2, 80, "high", fs=SAMPLE_RATE, output="sos"), noise)
    level = np.sqrt((sound**2).mean() / (noise**2).mean())
    return np.asarray(sound + noise * level * 10 ** (-decibels / 20))


CHANNELS: dict[str, Callable[[Samples], Samples]] = {
    "plain": lambda sound: sound,
    "telephone": _telephone,
    "room": partial(_room, seconds=0.3),
    "noise": partial(_noisy, decibels=15.0),
    "dull": _dull,
}


if __name__ == "__main__":
    main()
