"""Vectors in little memory are nearly the same, whichever of them are taken."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audio.voices.packed_vectors import PackedVectors, pack_vectors, unpack_vectors

MASKS = st.lists(st.lists(st.booleans(), min_size=1, max_size=4), min_size=1, max_size=5).filter(
    lambda masks: any(map(any, masks))
)


def draw_vectors(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    vectors = np.random.default_rng(count).standard_normal((count, 192)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_packing_changes_cosines_by_less_than_five_thousandths() -> None:
    vectors = draw_vectors(500)
    unpacked = unpack_vectors(pack_vectors(vectors))
    np.testing.assert_allclose(np.linalg.norm(unpacked, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(unpacked @ unpacked.T, vectors @ vectors.T, atol=5e-3)


@given(MASKS, st.integers(0, 20), st.integers(0, 20))
def test_a_slice_has_the_chosen_vectors_in_order(masks: list[list[bool]], start: int, stop: int) -> None:
    parts = [pack_vectors(draw_vectors(len(mask))) for mask in masks]
    chosen = [np.array(mask) for mask in masks]
    expected = np.concatenate([part[mask] for part, mask in zip(parts, chosen, strict=True)])
    packed = PackedVectors(parts, chosen)
    assert len(packed) == len(expected)
    np.testing.assert_array_equal(packed[start:stop], unpack_vectors(expected[start:stop]))
