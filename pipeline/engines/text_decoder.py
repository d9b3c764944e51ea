"""Whisper's text decoder on PyTorch for several windows at once, with the model's own layers and weights.

openai-whisper's own (`model.py`) gives each beam a copy of its window's keys and values and appends to tensors at each
step. Most of a step's time is reading memory, so here the beams of a window share one copy, in buffers that are
allocated once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


class BatchDecoder:
    """The decoder with the keys and values of a batch of windows.

    ``encoded`` is the encoder's output, (windows, frames, width). ``places`` is how many tokens a window may hold,
    those of all its beams together. The windows can be reordered and left out from the end (``exchange``, ``keep``);
    ``windows`` is how many take part.
    """

    def __init__(self, whisper: Any, encoded: Tensor, places: int) -> None:
        self._decoder = whisper.decoder
        self._blocks = list(whisper.decoder.blocks)
        self._heads: int = whisper.dims.n_text_head
        self.device, self.dtype = encoded.device, encoded.dtype
        self.windows = len(encoded)
        self._numbers = list(range(len(encoded)))
        shape = (len(encoded), self._heads, places, whisper.dims.n_text_state // self._heads)
        self._keys = [encoded.new_empty(shape) for _ in self._blocks]
        self._values = [encoded.new_empty(shape) for _ in self._blocks]
        self._sound_keys = [self._split(block.cross_attn.key(encoded)).contiguous() for block in self._blocks]
        self._sound_values = [self._split(block.cross_attn.value(encoded)).contiguous() for block in self._blocks]
        self._vocabulary = self._decoder.token_embedding.weight.to(self.dtype)

    def exchange(self, first: int, second: int) -> None:
        """Let the windows at two places of the batch change places."""
        for tensor in (*self._keys, *self._values, *self._sound_keys, *self._sound_values):
            tensor[[first, second]] = tensor[[second, first]]
        numbers = self._numbers
        numbers[first], numbers[second] = numbers[second], numbers[first]

    def keep(self, windows: int) -> None:
        """Let only the first ``windows`` of the batch take part from now on."""
        self.windows = windows

    def advance(self, tokens: Tensor, positions: Sequence[int], place: int, mask: Tensor) -> Tensor:
        """The hidden states, (windows, n, width), of ``tokens``, (windows, n), at ``positions`` of the text.

        Their keys and values are kept from ``place`` on. ``mask`` is added to attention over all places up to theirs,
        (windows or 1, 1, n, places).
        """
        after = place + tokens.shape[1]
        taking_part = slice(self.windows)
        hidden = self._embed(tokens, positions)
        for layer, block in enumerate(self._blocks):
            keys, values = self._keys[layer][taking_part], self._values[layer][taking_part]
            normal = block.attn_ln(hidden)
            keys[:, :, place:after] = self._split(block.attn.key(normal))
            values[:, :, place:after] = self._split(block.attn.value(normal))
            attended = scaled_dot_product_attention(
                self._split(block.attn.query(normal)), keys[:, :, :after], values[:, :, :after], attn_mask=mask
            )
            hidden = hidden + block.attn.out(_join(attended))
            attended = scaled_dot_product_attention(
                self._split(block.cross_attn.query(block.cross_attn_ln(hidden))),
                self._sound_keys[layer][taking_part],
                self._sound_values[layer][taking_part],
            )
            hidden = hidden + block.cross_attn.out(_join(attended))
            hidden = hidden + block.mlp(block.mlp_ln(hidden))
        return hidden

    def attention_to_sound(self, window: int, tokens: Sequence[int]) -> Iterator[Tensor]:
        """The products of queries and keys, (heads, tokens, frames), with which the ``tokens`` of a text attend to the
        sound of a window (its number in ``encoded``), layer by layer: what openai-whisper's `find_alignment` uses."""
        place = self._numbers.index(window)
        hidden = self._embed(torch.tensor([list(tokens)], device=self.device), range(len(tokens)))
        for layer, block in enumerate(self._blocks):
            normal = block.attn_ln(hidden)
            query, key, value = (
                self._split(part(normal)) for part in (block.attn.query, block.attn.key, block.attn.value)
            )
            attended = scaled_dot_product_attention(query, key, value, is_causal=True)
            hidden = hidden + block.attn.out(_join(attended))
            query = self._split(block.cross_attn.query(block.cross_attn_ln(hidden)))
            keys, values = self._sound_keys[layer][place], self._sound_values[layer][place]
            scale = query.shape[-1] ** -0.25
            yield ((query[0] * scale) @ (keys * scale).transpose(-1, -2)).float()
            attended = scaled_dot_product_attention(query, keys[None], values[None])
            hidden = hidden + block.cross_attn.out(_join(attended))
            hidden = hidden + block.mlp(block.mlp_ln(hidden))

    def score_vocabulary(self, hidden: Tensor) -> Tensor:
        """The logits, float32, (rows, tokens of the vocabulary), of hidden states, (rows, width)."""
        # Measured for 8 rows of tiny.en: 18 ms; with the factors the other way round 42 ms.
        return (self._vocabulary @ self._decoder.ln(hidden).T).T.float().contiguous()

    def _embed(self, tokens: Tensor, positions: Sequence[int]) -> Tensor:
        of_positions = self._decoder.positional_embedding[list(positions)]
        return (self._decoder.token_embedding(tokens) + of_positions).to(self.dtype)

    def _split(self, hidden: Tensor) -> Tensor:
        """(windows, tokens, width) by heads: (windows, heads, tokens, width of a head)."""
        return hidden.view(*hidden.shape[:2], self._heads, -1).transpose(1, 2)


def _join(attended: Tensor) -> Tensor:
    return attended.transpose(1, 2).flatten(start_dim=2)
