"""Multiply-adds of Whisper, counted from the dimensions of a model: what a window and a token cost.

Counted are the products of matrices, convolutions included; normalisation, softmax, GELU and additions are not, which
grow with the width and not with its square. `tests/test_whisper_operations.py` compares the counts with what PyTorch
counts while openai-whisper runs, and the parameters with those of its networks.
"""

from __future__ import annotations

from dataclasses import dataclass

INPUT_FRAMES = 3000  # of the spectrogram of 30 s
CONVOLUTION_WIDTH = 3
EXPANSION = 4  # of the feed-forward layers


@dataclass(frozen=True, slots=True)
class WhisperSize:
    """The dimensions of a model, as in ``whisper.model.ModelDimensions``; encoder and decoder are equally wide."""

    width: int
    encoder_layers: int
    decoder_layers: int
    mels: int = 80
    vocabulary: int = 51865
    audio_positions: int = 1500
    text_positions: int = 448

    def encoder_operations(self) -> int:
        """Multiply-adds of the encoder for one window, whatever sound is in it."""
        positions, width = self.audio_positions, self.width
        convolutions = CONVOLUTION_WIDTH * width * (INPUT_FRAMES * self.mels + positions * width)
        projections = 4 * positions * width**2  # queries, keys, values, output
        attention = 2 * positions**2 * width  # scores, and the sum that they weight
        feed_forward = 2 * EXPANSION * positions * width**2
        return convolutions + self.encoder_layers * (projections + attention + feed_forward)

    def cross_attention_operations(self) -> int:
        """Multiply-adds for the keys and values of cross-attention: once for a window."""
        return self.decoder_layers * 2 * self.audio_positions * self.width**2

    def token_operations(self, before: int = 0) -> int:
        """Multiply-adds of the decoder for one token with ``before`` others before it, keys and values kept.

        Includes the projection to the vocabulary, which is more than half of it in the small models.
        """
        width = self.width
        own = 4 * width**2 + 2 * (before + 1) * width
        cross = 2 * width**2 + 2 * self.audio_positions * width
        feed_forward = 2 * EXPANSION * width**2
        return self.decoder_layers * (own + cross + feed_forward) + self.vocabulary * width

    def window_operations(self, tokens: float, beams: int) -> float:
        """Multiply-adds for one window with ``tokens`` of text: encoded once, decoded with so many beams, and aligned,
        which passes each token through the decoder once more."""
        token = self.token_operations(round(tokens / 2))
        return self.encoder_operations() + self.cross_attention_operations() + tokens * (beams + 1) * token

    def parameters(self) -> int:
        """Weights of the network, as PyTorch counts them: the projection to the vocabulary is the embedding."""
        width, norm = self.width, 2 * self.width
        attention = 4 * width**2 + 3 * width  # keys have no bias
        feed_forward = 2 * EXPANSION * width**2 + (EXPANSION + 1) * width
        convolutions = CONVOLUTION_WIDTH * width * (self.mels + width) + 2 * width
        encoder = convolutions + self.encoder_layers * (attention + feed_forward + 2 * norm) + norm
        embeddings = (self.vocabulary + self.text_positions) * width
        decoder = embeddings + self.decoder_layers * (2 * attention + feed_forward + 3 * norm) + norm
        return encoder + decoder


# The dimensions in the checkpoints of openai-whisper; the number of parameters that it tells is checked by the tests.
SIZES = {
    "tiny.en": WhisperSize(384, 4, 4, vocabulary=51864),
    "tiny": WhisperSize(384, 4, 4),
    "base": WhisperSize(512, 6, 6),
    "small": WhisperSize(768, 12, 12),
    "medium": WhisperSize(1024, 24, 24),
    "large-v3-turbo": WhisperSize(1280, 32, 4, mels=128, vocabulary=51866),
    "large-v3": WhisperSize(1280, 32, 32, mels=128, vocabulary=51866),
}
