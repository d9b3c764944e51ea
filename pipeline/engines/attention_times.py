"""Times of tokens from cross-attention: dynamic time warping over the alignment heads, as openai-whisper's `timing.py`.

The same steps as `find_alignment`, without what it does twice: the sound's keys and values and the probabilities of the
tokens are those of the search. Its median filter sorts each seven numbers, and its dynamic time warping is compiled in
every process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad

from audio.samples import SAMPLE_RATE
from pipeline.engines.base import ENCODER_STEP, start_tokens
from pipeline.engines.text_decoder import BatchDecoder

STEP_SECONDS = ENCODER_STEP / SAMPLE_RATE
FILTER_WIDTH = 7  # frames: the median filter of openai-whisper (timing.py, medfilt_width)
# A network that moves the median of seven to the middle by comparing pairs (N. Devillard, Fast median search, 1998).
MEDIAN_OF_SEVEN = (
    (0, 5),
    (0, 3),
    (1, 6),
    (2, 4),
    (0, 1),
    (3, 5),
    (2, 6),
    (2, 3),
    (3, 6),
    (4, 5),
    (1, 4),
    (1, 3),
    (3, 4),
)


def find_token_times(
    whisper: Any, decoder: BatchDecoder, tokenizer: Any, window: int, tokens: Sequence[int], samples: int
) -> NDArray[np.float64]:
    """When each of the ``tokens`` of a text begins, and when the last one ends, in seconds: (tokens + 1,).

    ``window`` is the window's number in the decoder; of its sound the first ``samples`` are not padding.
    """
    start = start_tokens(tokenizer)
    heads = [(int(layer), int(head)) for layer, head in whisper.alignment_heads.indices().T.tolist()]
    last_layer = max(layer for layer, _ in heads)
    frames = samples // ENCODER_STEP
    total: Tensor | None = None
    for layer, products in enumerate(decoder.attention_to_sound(window, [*start, *tokens, tokenizer.eot])):
        chosen = [head for of_layer, head in heads if of_layer == layer]
        for head in chosen:
            weights = _normalize(products[head, :, :frames])
            total = weights if total is None else total + weights
        if layer == last_layer:
            break
    assert total is not None
    cost = -(total / len(heads))[len(start) - 1 : -1]
    times: NDArray[np.float64] = warp_time(cost.double().cpu().numpy()) * np.float64(STEP_SECONDS)
    return times


def _normalize(products: Tensor) -> Tensor:
    """The attention of one head, (tokens, frames), as standard scores over the tokens, smoothed along time."""
    weights = products.softmax(dim=-1)
    deviation, mean = torch.std_mean(weights, dim=0, keepdim=True, unbiased=False)
    return filter_median((weights - mean) / deviation)


def filter_median(values: Tensor) -> Tensor:
    """The median of seven neighbours along the last dimension of (rows, length), mirrored at its ends."""
    length = values.shape[-1]
    if length <= FILTER_WIDTH // 2:
        return values
    mirrored = pad(values[None], (FILTER_WIDTH // 2, FILTER_WIDTH // 2), mode="reflect")[0]
    lanes = [mirrored[:, shift : shift + length] for shift in range(FILTER_WIDTH)]
    for low, high in MEDIAN_OF_SEVEN:
        lanes[low], lanes[high] = torch.minimum(lanes[low], lanes[high]), torch.maximum(lanes[low], lanes[high])
    return lanes[FILTER_WIDTH // 2]


def warp_time(cost: NDArray[np.float64]) -> NDArray[np.int64]:
    """The column in which the cheapest path from corner to corner of ``cost``, (rows, columns), enters each row.

    Steps go down, right or both; between equal costs right is preferred, as in `timing.py`.
    """
    rows, columns = cost.shape
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0.0
    for row in range(1, rows + 1):
        # The path comes into the row at some column from above and goes right from there.
        along = np.cumsum(cost[row - 1])
        above = np.minimum(total[row - 1, :-1], total[row - 1, 1:])
        total[row, 1:] = along + np.minimum.accumulate(above - (along - cost[row - 1]))
    entered = np.zeros(rows, dtype=np.int64)
    row, column = rows, columns
    while row > 0:
        entered[row - 1] = column - 1
        both, down, right = total[row - 1, column - 1], total[row - 1, column], total[row, column - 1]
        if both < down and both < right:
            row, column = row - 1, column - 1
        elif down < both and down < right:
            row -= 1
        else:
            column -= 1
    return entered
