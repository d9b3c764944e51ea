"""The operations and parameters of Whisper, against PyTorch's own count on openai-whisper's networks."""

from __future__ import annotations

from typing import Any

import pytest
from bench.whisper_operations import SIZES, WhisperSize


def networks(size: WhisperSize) -> tuple[Any, Any]:
    """Return openai-whisper's encoder and decoder of that size on PyTorch's device without memory: shapes alone."""
    import torch
    from whisper.model import AudioEncoder, TextDecoder

    width, heads = size.width, size.width // 64
    with torch.device("meta"):
        encoder = AudioEncoder(size.mels, size.audio_positions, width, heads, size.encoder_layers)
        decoder = TextDecoder(size.vocabulary, size.text_positions, width, heads, size.decoder_layers)
    return encoder.eval(), decoder.eval()


def counted(call: Any, *arguments: Any) -> int:
    """Return the multiply-adds that PyTorch counts during a call."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode
    from whisper.model import disable_sdpa

    # Not every kernel of fused attention has a formula there.
    with torch.no_grad(), disable_sdpa(), FlopCounterMode(display=False) as counter:
        call(*arguments)
    operations = int(counter.get_total_flops())
    assert operations % 2 == 0
    return operations // 2  # a multiplication and an addition each


@pytest.mark.parametrize("name", ["tiny.en", "base", "large-v3-turbo"])
def test_the_encoder_has_the_operations_that_pytorch_counts(name: str) -> None:
    import torch

    size = SIZES[name]
    mels = torch.zeros(1, size.mels, 3000, device="meta")
    assert counted(networks(size)[0], mels) == size.encoder_operations()


@pytest.mark.parametrize("name", ["tiny.en", "base", "large-v3-turbo"])
def test_the_decoder_has_the_operations_that_pytorch_counts(name: str) -> None:
    """PyTorch passes all tokens at once, so each attends to all of them, as the last does when they come one by one."""
    import torch

    size, tokens = SIZES[name], 20
    text = torch.zeros(1, tokens, dtype=torch.int64, device="meta")
    sound = torch.zeros(1, size.audio_positions, size.width, device="meta")
    expected = size.cross_attention_operations() + tokens * size.token_operations(before=tokens - 1)
    assert counted(networks(size)[1], text, sound) == expected


@pytest.mark.parametrize("name", SIZES)
def test_the_network_has_as_many_parameters(name: str) -> None:
    counts = [one.numel() for part in networks(SIZES[name]) for one in part.parameters()]
    assert sum(counts) == SIZES[name].parameters()


@pytest.mark.parametrize(
    ("name", "millions"), [("tiny", 39), ("base", 74), ("small", 244), ("medium", 769), ("large-v3-turbo", 809)]
)
def test_the_sizes_are_those_that_openai_whisper_tells(name: str, millions: int) -> None:
    """The numbers of its README; those of tiny and base leave out the positions that are not learned."""
    assert SIZES[name].parameters() / 1e6 == pytest.approx(millions, rel=0.05)


def test_a_window_costs_its_encoder_and_every_token_of_every_beam() -> None:
    size = SIZES["base"]
    silent = size.window_operations(tokens=0, beams=3)
    assert silent == size.encoder_operations() + size.cross_attention_operations()
    one, two = (size.window_operations(80, beams) - silent for beams in (1, 3))
    assert two == pytest.approx(2 * one)
    assert size.window_operations(100, 3) > size.window_operations(80, 3)
