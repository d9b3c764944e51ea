"""Voice activity detection for any block sizes, without music; windows neither lose nor duplicate speech."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_samples import detect_speech
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE, Samples
from audio.timecode import Span
from audio.voice_activity import (
    FRAME,
    FRAME_SECONDS,
    RegionFinder,
    Speech,
    SpeechDetector,
    SpeechPart,
    SpeechStream,
    find_regions,
)
from audio.windows import OVERLAP, PAD, Window, WindowPacker, pack_windows, read_windows

INTERVIEW = Path(__file__).parent / "data" / "interview.mp3"


@cache
def interview() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(INTERVIEW.with_suffix(".json").read_text(encoding="utf-8"))
    return facts


@cache
def interview_sound() -> Samples:
    return np.concatenate(list(decode_audio(INTERVIEW)))


@cache
def interview_speech() -> Speech:
    return detect_speech(decode_audio(INTERVIEW))


def cut_at(sound: Samples, cuts: list[int]) -> Iterator[Samples]:
    """The values between the cuts."""
    edges = [0, *sorted(cuts), len(sound)]
    return (sound[start:end] for start, end in pairwise(edges))


@settings(max_examples=12)
@given(cuts=st.lists(st.integers(0, 30 * SAMPLE_RATE), max_size=20))
def test_the_cuts_between_blocks_make_no_difference(cuts: list[int]) -> None:
    sound = interview_sound()[: 30 * SAMPLE_RATE]
    cut, uncut = detect_speech(cut_at(sound, cuts)), detect_speech([sound])
    assert cut.regions == uncut.regions
    assert uncut.regions
    assert np.array_equal(cut.probabilities, uncut.probabilities)
    assert np.array_equal(cut.levels, uncut.levels)


@settings(max_examples=12)
@given(cuts=st.lists(st.integers(0, 30 * SAMPLE_RATE), max_size=20))
def test_a_stream_gives_in_parts_what_is_in_the_whole(cuts: list[int]) -> None:
    sound = interview_sound()[: 30 * SAMPLE_RATE]
    whole, stream, seconds = detect_speech([sound]), SpeechStream(), 0.0
    parts = []
    for block in cut_at(sound, cuts):
        parts.append(stream.feed(block))
        assert all(region.start >= seconds for region in parts[-1].regions)
        seconds = parts[-1].settled
    parts.append(stream.end())
    assert tuple(region for part in parts for region in part.regions) == whole.regions
    assert np.array_equal(np.concatenate([part.probabilities for part in parts]), whole.probabilities)
    assert np.array_equal(np.concatenate([part.levels for part in parts]), whole.levels)
    assert stream.duration == whole.duration


def test_nothing_but_speech_in_the_interview() -> None:
    speech = interview_speech()
    pieces = [piece for window in pack_windows(speech) for piece in window.pieces]
    assert speech.duration == pytest.approx(interview()["duration"], abs=0.01)
    for silent in interview()["nonspeech"]:
        # Half a second inside it, since the padding around speech may reach in.
        span = Span(silent["start"] + 0.5, silent["end"] - 0.5)
        assert not [piece for piece in pieces if piece.overlaps(span)]


def test_all_speech_of_the_interview() -> None:
    speech = interview_speech()
    inside = np.zeros(len(speech.levels), bool)
    for window in pack_windows(speech):
        for piece in window.pieces:
            inside[round(piece.start / FRAME_SECONDS) : round(piece.end / FRAME_SECONDS) + 1] = True
    for utterance in interview()["utterances"]:
        frames = slice(round(utterance["start"] / FRAME_SECONDS), round(utterance["end"] / FRAME_SECONDS))
        levels = speech.levels[frames]
        audible = levels > levels.max() * 10 ** (-30 / 20)
        assert np.sum(audible & ~inside[frames]) * FRAME_SECONDS <= 0.1, utterance["text"]


def no_speech() -> dict[str, Samples]:
    times = np.arange(20 * SAMPLE_RATE) / SAMPLE_RATE
    noise = np.random.default_rng(0).normal(0, 0.1, len(times))
    chord = np.sin(2 * np.pi * np.outer((220, 277.2, 329.6), times)).sum(axis=0) / 10
    return {
        "silence": np.zeros(len(times), np.float32),
        "noise": noise.astype(np.float32),
        "chord": chord.astype(np.float32),
        "nothing": np.zeros(0, np.float32),
        "one sample": np.zeros(1, np.float32),
    }


@pytest.mark.parametrize("name", no_speech())
def test_no_speech(name: str) -> None:
    sound = no_speech()[name]
    speech = detect_speech([sound])
    assert speech.regions == ()
    assert speech.duration == len(sound) / SAMPLE_RATE
    assert pack_windows(speech) == ()


def test_a_detector_that_was_fed_nothing() -> None:
    assert SpeechDetector().finish().regions == ()


def test_regions_begin_high_and_end_low() -> None:
    probabilities = np.zeros(100, np.float32)
    probabilities[10:50] = 0.9
    probabilities[20:30] = 0.4  # unsure, so still speech
    probabilities[40:42] = 0.0  # a pause of 64 ms
    probabilities[70:72] = 0.9  # 64 ms: a click
    probabilities[90:] = 0.9
    assert find_regions(probabilities, 3.19) == (Span(10 * FRAME_SECONDS, 50 * FRAME_SECONDS), Span(2.88, 3.19))


RUNS = st.lists(st.tuples(st.sampled_from([0.0, 0.3, 0.4, 0.9]), st.integers(1, 12)), max_size=40)
"""Probabilities of speech, each with the number of frames that have it."""


@given(runs=RUNS, cuts=st.lists(st.integers(0, 200), max_size=8), missing=st.integers(0, FRAME - 1))
def test_regions_are_found_in_parts_as_in_the_whole(
    runs: list[tuple[float, int]], cuts: list[int], missing: int
) -> None:
    probabilities = np.array([probability for probability, frames in runs for _ in range(frames)], np.float32)
    duration = max(0, len(probabilities) * FRAME - missing) / SAMPLE_RATE
    finder, found = RegionFinder(), list[Span]()
    for part in cut_at(probabilities, [min(cut, len(probabilities)) for cut in cuts]):
        settled = finder.settled
        regions = finder.feed(part)
        assert all(region.start >= settled for region in regions)
        found += regions
    assert tuple(found) + finder.end(duration) == find_regions(probabilities, duration)


def test_finding_speech_does_not_load_ctranslate2() -> None:
    code = (
        "import sys, audio.voice_activity; audio.voice_activity.SpeechDetector(); print('ctranslate2' in sys.modules)"
    )
    root = Path(__file__).parent.parent
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


@st.composite
def speeches(draw: st.DrawFn) -> Speech:
    """Regions of up to 80 s, 0.1 to 20 s apart, over a random track."""
    edge, regions = draw(st.integers(0, 100)), []
    for length, pause in draw(
        st.lists(st.tuples(st.integers(4, 2500), st.integers(4, 600) | st.integers(4, 30)), max_size=30)
    ):
        regions.append(Span(edge * FRAME_SECONDS, (edge + length) * FRAME_SECONDS))
        edge += length + pause
    # As in a real file, the last region may extend to the end, which need not be a whole frame.
    edge = max(1, edge - draw(st.integers(0, 3)))
    if regions:
        edge = max(edge, round(regions[-1].end / FRAME_SECONDS))
    track = np.random.default_rng(draw(st.integers(0, 99))).uniform(0, 1, edge).astype(np.float32)
    return Speech(tuple(regions), edge * FRAME_SECONDS, track, track)


@settings(max_examples=150)
@given(speech=speeches())
def test_windows_lose_nothing_and_double_only_where_speech_is_cut(speech: Speech) -> None:
    windows = pack_windows(speech)
    shared = [(one.span.end, other.span.start) for one, other in pairwise(windows) if other.span.start < one.span.end]
    for end, start in shared:
        assert end - start == pytest.approx(2 * OVERLAP / SAMPLE_RATE)
        padded = [region.padded(PAD / SAMPLE_RATE, PAD / SAMPLE_RATE) for region in speech.regions]
        assert any(region.start < start and end < region.end for region in padded), "cut in a pause"
    cut = {start: (start + end) / 2 for end, start in shared} | {end: (start + end) / 2 for end, start in shared}
    pieces = [
        Span(cut.get(piece.start, piece.start), cut.get(piece.end, piece.end))
        for window in windows
        for piece in window.pieces
    ]
    assert [window.number for window in windows] == list(range(len(windows)))
    assert all(window.duration <= 30 for window in windows)
    assert all(before.end <= after.start for before, after in pairwise(pieces))
    assert all(0 <= piece.start < piece.end <= speech.duration for piece in pieces)
    for region in speech.regions:
        inside = sum(max(0, min(region.end, piece.end) - max(region.start, piece.start)) for piece in pieces)
        assert inside == pytest.approx(region.duration, abs=1e-6)
    for window in windows:
        assert window.span == Span(window.pieces[0].start, window.pieces[-1].end)
        # Only pauses of more than a second are cut out, less 0.4 s on each side.
        assert all(after.start - before.end > 0.15 for before, after in pairwise(window.pieces))


def speech_parts(speech: Speech, cuts: list[int]) -> Iterator[SpeechPart]:
    """What a stream gives for the frames up to each of ``cuts``: regions that end there by a pause of 0.1 s."""
    edges = [0, *sorted(min(cut, len(speech.levels)) for cut in cuts)]
    for first, last in pairwise(edges):
        known = [
            [one for one in speech.regions if round(one.end / FRAME_SECONDS) + 4 <= frame] for frame in (first, last)
        ]
        begun = [one.start for one in speech.regions[len(known[1]) :] if one.start < last * FRAME_SECONDS]
        yield SpeechPart(
            tuple(known[1][len(known[0]) :]),
            speech.probabilities[first:last],
            speech.levels[first:last],
            min([*begun, last * FRAME_SECONDS]),
        )
    given = sum(round(one.end / FRAME_SECONDS) + 4 <= edges[-1] for one in speech.regions)
    rest = slice(edges[-1], None)
    yield SpeechPart(speech.regions[given:], speech.probabilities[rest], speech.levels[rest], speech.duration)


@settings(max_examples=150)
@given(speech=speeches(), cuts=st.lists(st.integers(0, 12000), max_size=20))
def test_windows_are_packed_in_parts_as_in_the_whole(speech: Speech, cuts: list[int]) -> None:
    packer = WindowPacker()
    windows: list[Window] = []
    regions: list[Span] = []
    for part in speech_parts(speech, cuts):
        windows += packer.add(part)
        regions += part.regions
        reached = windows[-1].span.end if windows else 0.0
        waiting = sum(max(0.0, one.end - max(one.start, reached)) for one in regions[:-1])
        assert waiting <= 30, "a window is given as soon as what follows it is known"
    windows += packer.finish(speech.duration)
    assert tuple(windows) == pack_windows(speech)


@settings(max_examples=25)
@given(speech=speeches(), cuts=st.lists(st.integers(0, 60 * SAMPLE_RATE), max_size=8), first=st.integers(0, 3))
def test_windows_are_read_from_any_blocks(speech: Speech, cuts: list[int], first: int) -> None:
    total = round(speech.duration * SAMPLE_RATE)
    # Each sample's value is its index, which shows its origin in the file.
    sound = np.arange(total, dtype=np.float64).astype(np.float32)
    windows = pack_windows(speech)[first:]
    blocks = cut_at(sound, [min(cut, total) for cut in cuts])
    read = list(read_windows(blocks, windows))
    assert [window for window, _ in read] == list(windows)
    for window, samples in read:
        assert len(samples) == round(window.duration * SAMPLE_RATE)
        for index in range(0, len(samples), 7001):
            seconds = index / SAMPLE_RATE
            assert sound[round(window.file_span(seconds, seconds).start * SAMPLE_RATE)] == samples[index]


def test_a_stream_that_ends_early() -> None:
    window = Window(0, (Span(0.5, 1.5), Span(2, 3)))
    [(_, samples)] = read_windows([np.ones(SAMPLE_RATE, np.float32)], [window])
    assert len(samples) == SAMPLE_RATE // 2


def test_times_in_a_window() -> None:
    window = Window(3, (Span(10, 12), Span(20, 25)))
    assert window.duration == 7
    assert [window.file_span(time, time).start for time in (-1, 0, 1.5, 2, 3, 7, 9)] == [10, 10, 11.5, 20, 21, 25, 25]
    assert window.file_span(1.5, 2.2) == Span(11.5, 12)
    assert window.file_span(1.9, 2.6) == Span(20, 20.6)
    assert window.file_span(6.5, 7.5) == Span(24.5, 25)


def test_endless_speech_is_cut_where_it_is_quietest() -> None:
    frames = 2000
    levels = np.full(frames, 0.5, np.float32)
    probabilities = np.ones(frames, np.float32)
    quiet = 800  # 25.6 s
    levels[quiet - 1 : quiet + 2] = 0.1
    levels[300:310] = 0.0  # quieter, but too early in the window
    duration = frames * FRAME_SECONDS
    windows = pack_windows(Speech((Span(0, duration),), duration, probabilities, levels))
    cut = (quiet * FRAME + FRAME // 2) / SAMPLE_RATE
    assert windows[0].span.end == cut + OVERLAP / SAMPLE_RATE
    assert windows[1].span.start == cut - OVERLAP / SAMPLE_RATE
    assert windows[-1].span.end == duration


def test_a_window_ends_at_the_longest_pause_of_its_last_third() -> None:
    regions = (Span(0, 10), Span(10.2, 22), Span(22.9, 27), Span(27.2, 29), Span(29.2, 40))
    track = np.ones(round(41 / FRAME_SECONDS), np.float32)
    windows = pack_windows(Speech(regions, 41.0, track, track))
    assert [window.span for window in windows] == [Span(0, 22.4), Span(22.5, 40.4)]


def test_listening_reports_to_nobody(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    command = [
        sys.executable,
        "-c",
        "import audio.voice_activity; audio.voice_activity.SpeechDetector(); import onnxruntime",
    ]
    home = {**environment, "HOME": str(tmp_path)}
    subprocess.run(command, check=True, cwd=Path(__file__).parent.parent, env=home)
    assert list(tmp_path.rglob("*")) == [], "ONNX Runtime's telemetry keeps its identity and database in the home"
