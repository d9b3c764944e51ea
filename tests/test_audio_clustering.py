"""Vectors to voices: laws of their number, their independence of order, and memory that batches bound."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.voices import clustering
from audio.voices.clustering import LEAST_SECONDS, find_voices
from audio.voices.piece_labels import give_each_a_piece, label_pieces
from audio.voices.pieces import AROUND, REGION_FRAMES, SLOTS, cut_pieces, describe_region, find_runs
from audio.voices.segmentation import LOCAL_VOICES
from audio.voices.voice_turns import VoiceCount

ANY = VoiceCount()


def voices_of(count: int, each: int, seed: int = 0, spread: float = 0.6) -> tuple[NDArray[np.float32], list[int]]:
    """Vectors of voices that are far from each other: those of one have a cosine of some 1 / (1 + spread ** 2)."""
    rng = np.random.default_rng(seed)
    centres = np.linalg.qr(rng.standard_normal((192, count)))[0].T
    labels = [number for number in range(count) for _ in range(each)]
    vectors = centres[labels] + spread * rng.standard_normal((len(labels), 192)) / np.sqrt(192)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), labels


@given(count=st.integers(1, 12), seed=st.integers(0, 1000))
@settings(max_examples=25)
def test_each_voice_is_found_whatever_the_order(count: int, seed: int) -> None:
    vectors, labels = voices_of(count, 20, seed)
    order = np.random.default_rng(seed).permutation(len(vectors))
    centroids = find_voices(vectors[order], np.ones(len(vectors)), ANY)
    assert centroids.shape == (count, 192)
    nearest = np.argmax(vectors @ centroids.T, axis=1)
    assert len({(label, found) for label, found in zip(labels, nearest.tolist(), strict=True)}) == count
    assert np.linalg.norm(centroids, axis=1) == pytest.approx(1)


@given(true=st.integers(1, 6), fewest=st.integers(1, 9), more=st.integers(0, 3), seed=st.integers(0, 100))
@settings(max_examples=40)
def test_there_are_as_many_voices_as_is_said(true: int, fewest: int, more: int, seed: int) -> None:
    vectors, _ = voices_of(true, 10, seed)
    seconds = np.ones(len(vectors))
    assert len(find_voices(vectors, seconds, VoiceCount(fewest, fewest))) == fewest
    assert fewest <= len(find_voices(vectors, seconds, VoiceCount(fewest, None)))
    assert 1 <= len(find_voices(vectors, seconds, VoiceCount(None, fewest))) <= fewest
    assert fewest <= len(find_voices(vectors, seconds, VoiceCount(fewest, fewest + more))) <= fewest + more


def test_there_are_no_more_voices_than_vectors_that_differ() -> None:
    vectors = np.repeat(voices_of(2, 1)[0], 5, axis=0)
    assert len(find_voices(vectors, np.ones(10), VoiceCount(4, 4))) == 2
    assert len(find_voices(vectors[:1], np.ones(1), VoiceCount(3, 3))) == 1


def test_little_speech_is_no_voice_where_there_is_more() -> None:
    vectors, labels = voices_of(3, 20)
    seconds = np.where(np.array(labels) == 2, LEAST_SECONDS / 40, 1.0)
    assert len(find_voices(vectors, seconds, ANY)) == 2
    assert len(find_voices(vectors[:3], np.full(3, LEAST_SECONDS / 40), ANY)) == 1


def test_batches_find_the_same_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, _ = voices_of(5, 60)
    mixed = vectors[np.random.default_rng(0).permutation(len(vectors))]
    seconds = np.ones(len(mixed))
    whole = find_voices(mixed, seconds, ANY)
    monkeypatch.setattr(clustering, "BATCH", 64)
    parts = find_voices(mixed, seconds, ANY)
    assert len(parts) == len(whole) == 5
    assert (parts @ whole.T).max(axis=1) == pytest.approx(1, abs=1e-3)


Turns = list[tuple[int, int]]
"""The voice of each turn, and its half seconds."""


def vectors_of_turns(turns: Turns, voices: int, seed: int) -> NDArray[np.float32]:
    """Vectors of turns, one each half second: three at every sixth change are like both voices (0.54)."""
    rng = np.random.default_rng(seed)
    directions = np.linalg.qr(rng.standard_normal((192, voices * (voices + 1) // 2)))[0].T
    own = {frozenset(pair): row for row, pair in enumerate(combinations(range(voices), 2), voices)}
    vectors = np.concatenate([np.repeat(directions[[voice]], length, axis=0) for voice, length in turns])
    borders = np.cumsum([length for _, length in turns])[:-1].tolist()
    for border, ((one, _), (other, _)) in list(zip(borders, pairwise(turns), strict=True))[::6]:
        mixture = directions[one] + directions[other] + 1.2 * directions[own[frozenset((one, other))]]
        vectors[border - 1 : border + 2] = mixture / np.linalg.norm(mixture)
    vectors += 0.6 * rng.standard_normal(vectors.shape) / np.sqrt(192)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def draw_turns(voices: int, halves: int, seed: int) -> Turns:
    """Turns of 3 to 12 s of voices in another order each time."""
    rng = np.random.default_rng(seed)
    turns: Turns = []
    while sum(length for _, length in turns) < halves:
        order = rng.permutation(voices).tolist()
        if turns and order[0] == turns[-1][0]:
            order.reverse()
        turns += [(voice, int(rng.integers(6, 25))) for voice in order]
    return turns


def count_voices(turns: Turns, voices: int, seed: int) -> int:
    vectors = vectors_of_turns(turns, voices, seed)
    return len(find_voices(vectors, np.full(len(vectors), 1 / 3), ANY, np.arange(len(vectors))))


@pytest.mark.parametrize("times", [1, 6, 60])
@pytest.mark.parametrize("voices", [2, 4, 5])
def test_mixtures_at_changes_are_no_voices_however_long_it_is(voices: int, times: int) -> None:
    assert count_voices(draw_turns(voices, 120 * times, voices), voices, times) == voices


@pytest.mark.parametrize("times", [1, 6, 60])
def test_a_guest_of_twenty_seconds_is_found_however_long_it_is(times: int) -> None:
    turns = draw_turns(3, 120 * times, 1)
    for place in (2, len(turns) // 2, len(turns)):
        turns.insert(place, (3, 14))
    assert count_voices(turns, 4, times) == 4


@pytest.mark.parametrize(("each", "apart", "voices"), [(0.05, 1, 2), (0.05, 2, 1), (1.0, 2, 2)])
def test_little_speech_is_no_voice_where_it_comes_in_moments(each: float, apart: int, voices: int) -> None:
    vectors, labels = voices_of(2, 120)
    seconds = np.where(np.array(labels) == 1, each, 1.0)
    places = np.concatenate([np.arange(120), 200 + apart * np.arange(120)])
    assert len(find_voices(vectors, seconds, ANY, places)) == voices
    assert len(find_voices(vectors, seconds, VoiceCount(2, 2), places)) == 2


@st.composite
def activities(draw: st.DrawFn) -> NDArray[np.bool_]:
    """Up to three local voices in a region, at most two at once, as the segmentation gives them."""
    activity = np.zeros((REGION_FRAMES, LOCAL_VOICES), np.bool_)
    for local in range(draw(st.integers(0, LOCAL_VOICES))):
        for _ in range(draw(st.integers(1, 3))):
            start = draw(st.integers(0, REGION_FRAMES - 1))
            activity[start : start + draw(st.integers(1, 200)), local] = True
    activity[activity.all(axis=1), 2] = False
    return activity


@given(activity=activities(), voices=st.integers(1, 4), seed=st.integers(0, 99))
def test_runs_cover_just_the_frames_in_which_somebody_speaks(
    activity: NDArray[np.bool_], voices: int, seed: int
) -> None:
    pieces = list(cut_pieces(activity))
    assert {piece.local for piece in pieces} == set(np.flatnonzero(activity.any(axis=0)).tolist())
    if not pieces:
        return
    assert all(piece.heard.any() and piece.alone <= AROUND + 1 and 0 <= piece.slot < SLOTS for piece in pieces)
    vectors = voices_of(1, len(pieces), seed, spread=3.0)[0]
    region = describe_region(2, activity, pieces, vectors)
    assert np.array_equal(region.activity, activity)
    labels = label_pieces(region, voices_of(voices, 1, seed)[0])
    assert set(labels.tolist()) <= set(range(voices))
    spoken = np.zeros(REGION_FRAMES, np.int64)
    for voice, start, end in find_runs(region, labels):
        assert 0 <= voice < voices
        assert 2 * REGION_FRAMES <= start < end <= 3 * REGION_FRAMES
        spoken[start - 2 * REGION_FRAMES : end - 2 * REGION_FRAMES] += 1
    assert np.array_equal(spoken, activity.sum(axis=1))


def test_two_who_speak_at_once_are_two_voices() -> None:
    activity = np.zeros((REGION_FRAMES, LOCAL_VOICES), np.bool_)
    activity[:200, 0] = activity[100:, 1] = True
    centroids, _ = voices_of(3, 1)
    pieces = list(cut_pieces(activity))
    near = 0.9 * centroids[0] + 0.3 * centroids[2]
    vectors = np.stack([centroids[0] if piece.local == 0 else near / np.linalg.norm(near) for piece in pieces])
    labels = label_pieces(describe_region(0, activity, pieces, vectors), centroids)
    assert {label for label, piece in zip(labels.tolist(), pieces, strict=True) if piece.local == 0} == {0}
    assert {label for label, piece in zip(labels.tolist(), pieces, strict=True) if piece.local == 1} == {2}


def test_a_change_that_the_segmentation_missed_is_found() -> None:
    activity = np.zeros((REGION_FRAMES, LOCAL_VOICES), np.bool_)
    activity[:, 0] = True
    centroids, _ = voices_of(2, 1)
    pieces = list(cut_pieces(activity))
    vectors = np.stack([centroids[0 if piece.slot < 5 else 1] for piece in pieces])
    region = describe_region(0, activity, pieces, vectors)
    assert list(find_runs(region, label_pieces(region, centroids))) == [(0, 0, 148), (1, 148, 296)]


def test_a_voice_without_a_piece_gets_one() -> None:
    activity = np.zeros((REGION_FRAMES, LOCAL_VOICES), np.bool_)
    activity[:, 0] = True
    pieces = list(cut_pieces(activity))
    centroids, _ = voices_of(2, 1)
    region = describe_region(0, activity, pieces, np.repeat(centroids[:1], len(pieces), axis=0))
    labels = [label_pieces(region, centroids)]
    give_each_a_piece([region], labels, centroids)
    assert sorted(set(labels[0].tolist())) == [0, 1]
