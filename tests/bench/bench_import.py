"""Benchmark of imports: the clock of transcripts, and their alignment. Run by ``make bench-import``; docs/alignment.md.

    python -m bench.bench_import [clock] [alignment] [--pairs 50] [--talks 3] [--minutes 60] [--cuts 1]

Made talks (``import_talks``), with tiny.en and, for the clock, by voice activity alone too. Constants were fitted on
talks with seeds up to 19; those here begin with FIRST_SEED. Needs the `voices` dependency group of pyproject.toml.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from unittest import mock

from bench.bench_report import Bars
from bench.import_talks import (
    HABITS,
    OtherCut,
    Spoken,
    Talk,
    make_other_cut,
    make_talk,
    subtitles,
    to_transcript,
    write_srt,
)
from bench.scoring import percentile_95
from rapidfuzz.distance import Levenshtein

from audio.recording.sound_choice import FIRST_SOUND
from audio.timecode import Span
from audio.voice_activity import Speech
from index.storage.store import Store
from index.transcript import Transcript
from pipeline.alignment.clock_check import check_clock, find_speech
from pipeline.library import Library

FIRST_SEED = 20
PARTS = ("clock", "alignment")
OFFSETS = (0.3, -0.3, 0.5, -1.0, 2.0, -4.0, 10.0, -20.0, 30.0, -30.0)
DRIFTS = (0.001, -0.001)
TOLD = 0.2  # seconds by which a told offset may be wrong
PART_SECONDS = 195.0  # three right pairs of a talk of ten minutes
ONE = re.compile(r"an offset of (\S+) s would$")
TWO = re.compile(r"an offset of (\S+) s would at its beginning, of (\S+) s at its end")


@contextmanager
def by_activity_alone() -> Iterator[None]:
    """No model on this machine."""
    with mock.patch("pipeline.alignment.listening_model.list_models", list):
        yield


def read_remark(remarks: Sequence[str]) -> tuple[float, float] | None:
    """The offsets that a check says would fit at the beginning and at the end; None if it says that the times fit."""
    for remark in remarks:
        if told := TWO.search(remark):
            return float(told[1]), float(told[2])
        if told := ONE.search(remark):
            return float(told[1]), float(told[1])
        raise ValueError(f"neither right nor an offset: {remark}")
    return None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A talk as a file."""

    talk: Talk
    file: Path
    speech: Speech

    def check(self, cues: Sequence[Spoken]) -> tuple[float, float] | None:
        """What the check says of these cues."""
        transcript = to_transcript([one for one in cues if one.start >= 0])
        with mock.patch("pipeline.alignment.clock_check.find_speech", lambda *_: self.speech):
            return read_remark(check_clock(transcript, self.file, FIRST_SOUND, "en").remarks)


def record(talk: Talk, file: Path) -> Recorded:
    """Write a talk, and find its speech."""
    return Recorded(talk, talk.write(file), find_speech(file, FIRST_SOUND))


def measure_clock(pairs: int, talks: int, minutes: int, folder: Path, bars: Bars) -> None:
    """Count false alarms of right pairs, and offsets and drifts that are told."""
    print("\nThe clock: right pairs, by habit of their cues\n\n| method | pairs | false alarms |\n| --- | --- | --- |")
    alarms = {"tiny.en": 0, "voice activity alone": 0}
    recorded = [record(make_talk(1, FIRST_SEED + n), folder / f"{n}.wav") for n in range(max(talks, -(-pairs // 3)))]
    for number in range(pairs):
        whole, part = recorded[number // 3], number % 3
        span = Span(part * PART_SECONDS, min((part + 1) * PART_SECONDS, whole.talk.duration))
        right = record(whole.talk.part(span), folder / "part.wav")
        cues = HABITS[number % len(HABITS)](right.talk.sentences, random.Random(number))
        alarms["tiny.en"] += right.check(cues) is not None
        with by_activity_alone():
            alarms["voice activity alone"] += right.check(cues) is not None
    for method, count in alarms.items():
        print(f"| {method} | {pairs} | {count} |")
    for method, count in alarms.items():
        bars.most(f"false alarms by {method}", count, 0)
    print("\nOffsets and drifts that are told\n")
    print("| method | cues | pairs | told | median error, s | worst error, s |\n|" + " --- |" * 6)
    errors: dict[tuple[str, str], list[float | None]] = {}
    for number, whole in enumerate(recorded[:talks]):
        for habit in HABITS:
            for offset in OFFSETS:
                cues = habit(whole.talk.sentences, random.Random(number))
                moved = [one.moved(-offset) for one in cues]
                for method, told in _check_both(whole, moved):
                    error = None if told is None else max(abs(at - offset) for at in told)
                    errors.setdefault((method, habit.__name__), []).append(error)
    _print_errors(errors)
    long = record(make_talk(max(1, minutes // 10), FIRST_SEED + 90), folder / "long.wav")
    drifted: dict[tuple[str, str], list[float | None]] = {}
    for habit in HABITS:
        for drift in DRIFTS:
            cues = habit(long.talk.sentences, random.Random(7))
            for method, told in _check_both(long, [one.moved(0.0, -drift) for one in cues]):
                ends = 0.0, drift * long.talk.duration
                error = None if told is None else max(abs(at - end) for at, end in zip(told, ends, strict=True))
                drifted.setdefault((method, f"{habit.__name__}, drift of {minutes} minutes"), []).append(error)
    _print_errors(drifted)
    for (method, what), found in (errors | drifted).items():
        if what.startswith("tight"):
            bars.least(f"told by {method}, {what}", sum(one is not None for one in found), len(found))
            bars.most(f"worst error by {method}, {what}, s", max(one or 0.0 for one in found), TOLD)


def _check_both(recorded: Recorded, cues: Sequence[Spoken]) -> Iterator[tuple[str, tuple[float, float] | None]]:
    yield "tiny.en", recorded.check(cues)
    with by_activity_alone():
        yield "voice activity alone", recorded.check(cues)


def _print_errors(errors: dict[tuple[str, str], list[float | None]]) -> None:
    for (method, habit), found in errors.items():
        told = [one for one in found if one is not None]
        middle, worst = (f"{median(told):.2f}", f"{max(told):.2f}") if told else ("-", "-")
        print(f"| {method} | {habit} | {len(found)} | {len(told)} | {middle} | {worst} |", flush=True)


# Alignment


@dataclass(frozen=True, slots=True)
class Placed:
    """How the words of a text of another cut were placed: counts, and errors in seconds."""

    in_sound: int
    placed: int
    not_in_sound: int
    misplaced: int
    edge_errors: tuple[float, ...]
    all_errors: tuple[float, ...]


def measure_alignment(minutes: int, cuts: int, folder: Path, bars: Bars) -> None:
    """Align texts of another cut of long talks, and refuse those of others."""
    print(f"\nAlignment: {cuts} talks of {minutes} minutes, another cut, 5 % wrong words, subtitles, tiny.en\n")
    for number in range(cuts):
        seed = FIRST_SEED + 50 + number
        cut = make_other_cut(make_talk(max(1, minutes // 10), seed), seed, music=bool(number % 2))
        sound = Talk(cut.sound, ()).write(folder / f"cut-{seed}.wav")
        cues = subtitles(cut.text, random.Random(seed))
        file = write_srt(folder / f"cut-{seed}.srt", cues)
        began = time.perf_counter()
        with Library.open(folder / f"library-{seed}", create=True) as library:
            (outcome,) = library.import_transcripts([file], audio=sound, align=True)
        seconds = time.perf_counter() - began
        print(f"{seconds:.0f} s; {outcome.reason}\n")
        with Store.open(folder / f"library-{seed}") as store:
            transcript = store.transcript(store.episodes()[0].id)
        assert transcript is not None
        _report(cut, transcript, bars)
        _refuse_other(sound, folder, bars)


def _report(cut: OtherCut, transcript: Transcript, bars: Bars) -> None:
    placed = score_words(cut, transcript)
    bars.least("words in the sound that are placed, %", 100 * placed.placed / placed.in_sound, 98)
    bars.most("error of the first and last words of sentences, median, ms", 1000 * median(placed.edge_errors), 100)
    bars.most("the same, 95th percentile, ms", 1000 * percentile_95(placed.edge_errors), 400)
    bars.most("largest error of all words (interpolated truth), s", max(placed.all_errors), 2)
    bars.most("words placed that are not in the sound, %", 100 * placed.misplaced / placed.not_in_sound, 5)
    aligned = json.loads(transcript.settings)["aligned"]
    found = [Span(*one) for one in aligned["inserted"]], [Span(one["start"], one["end"]) for one in aligned["missing"]]
    for kind, true, named in zip(("inserted", "missing"), (cut.inserted, cut.missing), found, strict=True):
        bars.most(f"{kind} stretches named too many or too few", abs(len(true) - len(named)), 0)
        borders = [
            max(abs(one.start - other.start), abs(one.end - other.end)) for one in true for other in named
            if one.overlaps(other)
        ]  # fmt: skip
        bars.most(f"error of the borders of {kind} stretches, s", max(borders, default=float("inf")), 1)


def score_words(cut: OtherCut, transcript: Transcript) -> Placed:
    """Compare the words of an aligned transcript with the truth."""
    written = [word for one in cut.text for word in one.text.split()]
    kept = [word.text.strip() for word in transcript.words]
    times: dict[int, Span] = {}
    for block in Levenshtein.opcodes(written, kept):
        if block.tag == "equal":
            for offset in range(block.src_end - block.src_start):
                times[block.src_start + offset] = transcript.words[block.dest_start + offset].span
    edges, everything, misplaced, in_sound = [], [], 0, 0
    for number, (true, is_first, is_last) in enumerate(cut.words):
        span = times.get(number)
        in_sound += true is not None
        misplaced += true is None and span is not None
        if true is not None and span is not None:
            edges += [abs(span.start - true.start)] if is_first else []
            edges += [abs(span.end - true.end)] if is_last else []
            everything.append(abs(span.start - true.start))
    return Placed(in_sound, len(everything), len(cut.words) - in_sound, misplaced, tuple(edges), tuple(everything))


def _refuse_other(sound: Path, folder: Path, bars: Bars) -> None:
    """Import the sample's text for this sound."""
    from measuring import load_utterances

    cues = [Spoken(one.start, one.end, one.text) for one in load_utterances()]
    file = write_srt(folder / "other.srt", cues)
    with Library.open(folder / f"other-{sound.stem}", create=True) as library:
        (outcome,) = library.import_transcripts([file], audio=sound, align=True)
    bars.least("the text of another episode is refused", int(outcome.status == "failed"), 1)


def main() -> int:
    """Run the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(PARTS))
    parser.add_argument("--pairs", type=int, default=50, help="right pairs")
    parser.add_argument("--talks", type=int, default=3, help="talks of ten minutes for offsets")
    parser.add_argument("--minutes", type=int, default=60, help="length of the talks for drifts and alignment")
    parser.add_argument("--cuts", type=int, default=2, help="talks that are aligned")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    bars = Bars()
    with tempfile.TemporaryDirectory() as folder:
        if not asked.parts or "clock" in asked.parts:
            measure_clock(asked.pairs, asked.talks, asked.minutes, Path(folder), bars)
        if not asked.parts or "alignment" in asked.parts:
            measure_alignment(asked.minutes, asked.cuts, Path(folder), bars)
    return 0 if bars.met else 1


if __name__ == "__main__":
    sys.exit(main())
