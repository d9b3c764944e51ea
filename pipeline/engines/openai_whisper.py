"""Whisper as OpenAI published it, on PyTorch: its features and layers, with our own search and alignment in batches."""

from __future__ import annotations

import math
import pickle
import warnings
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from audio.samples import Samples
from index.language.compression import compression_ratio
from index.transcript import Word
from pipeline.engines.base import (
    BEST_OF,
    DEFAULT_DECODING,
    MOST_SCORED_TOKENS,
    DecodingOptions,
    TextScore,
    WindowText,
    check_language,
    encoded_length,
    is_audible,
    pad_window,
    place_texts,
    plan_batches,
    refuse_to_detect,
    score_tokens,
    scored_length,
    start_tokens,
)
from pipeline.engines.word_times import correct_word_times, group_words
from pipeline.errors import ModelError, fetch_weights_again
from pipeline.models.weights import Weights

if TYPE_CHECKING:
    from pipeline.engines.batched_search import TokenHypothesis
    from pipeline.engines.text_decoder import BatchDecoder

BEAM_SIZE = 3  # as the faster-whisper engine, where it was measured
CPU_BATCH, CUDA_BATCH = 8, 16  # windows
# Batches run side by side, each with its share of the threads: three notes of a minute took 22.5 and 26.2 s (tiny.en,
# two cores), one batch at a time on both threads 32.8 s.
CPU_WORKERS = 2


class OpenAIWhisperEngine:
    """A `.pt` checkpoint on the ``device`` "cpu" or "cuda"; ``threads`` is the number of CPU threads.

    Raises ModelError if the weights do not load.
    """

    name = "openai-whisper"
    files_at_once = 1  # the sampling of all threads draws from one generator

    def __init__(self, weights: Weights, device: str = "cpu", threads: int | None = None) -> None:
        import torch

        threads = threads or torch.get_num_threads()
        self._workers = 1 if device == "cuda" else min(CPU_WORKERS, threads)
        torch.set_num_threads(threads // self._workers)
        self.model = weights.model
        self.device = device
        self.batch_size = CUDA_BATCH if device == "cuda" else CPU_BATCH
        self._whisper = _load_whisper(weights, device)
        self.multilingual = bool(self._whisper.is_multilingual)
        with warnings.catch_warnings():  # the first call leaves the vocabulary's file open
            warnings.simplefilter("ignore", ResourceWarning)
            self._tokenizer("en")

    @property
    def settings(self) -> dict[str, str | int | float]:
        """Beam width and compute type."""
        return {"beam_size": BEAM_SIZE, "compute_type": "float16" if self.device == "cuda" else "float32"}

    def detect_language(self, windows: Sequence[Samples]) -> str:
        """The language with the highest mean probability over the windows; English if all are silent."""
        if not self.multilingual:
            raise refuse_to_detect(self.model)
        from pipeline.engines.batched_search import identify_languages
        from pipeline.engines.text_decoder import BatchDecoder

        total: defaultdict[str, float] = defaultdict(float, en=0.0)
        for window in filter(is_audible, windows):
            decoder = BatchDecoder(self._whisper, self._encode_batch([window]), places=1)
            (probabilities,) = identify_languages(decoder, self._tokenizer("en"))
            for language, probability in probabilities.items():
                total[language] += probability
        return max(total, key=lambda language: total[language])

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        """The words of each window, in order. Raises ModelError or UsageError for a language it does not know."""
        self._check_language(language)
        batches = plan_batches(windows, self.batch_size, 1 if self.device == "cuda" else CPU_WORKERS)
        sounds = [[windows[number] for number in batch] for batch in batches]
        transcribe = partial(self._transcribe_batch, language=language, decoding=decoding)
        with ThreadPoolExecutor(self._workers) as workers:
            return place_texts(windows, batches, workers.map(transcribe, sounds), language, decoding)

    def score_texts(
        self, windows: Sequence[Samples], texts: Sequence[Sequence[str]], language: str
    ) -> list[list[TextScore]]:
        """How well each text fits its window, in order. Raises as ``transcribe_windows`` does."""
        self._check_language(language)
        tokenizer = self._tokenizer(language)
        return [
            [self._score(tokenizer, encoded, tokenizer.encode(text)[:MOST_SCORED_TOKENS]) for text in of_window]
            for window, of_window in zip(windows, texts, strict=True)
            for encoded in (self._encode([window], scored_length(window)),)
        ]

    def _score(self, tokenizer: Any, encoded: Any, text: Sequence[int]) -> TextScore:
        """As openai-whisper's `find_alignment` computes the probabilities of tokens, without the alignment."""
        import torch

        start = start_tokens(tokenizer)
        tokens = torch.tensor([[*start, *text]], device=self._whisper.device)
        logits = self._whisper.decoder(tokens, encoded)[0, len(start) - 1 : -1, : tokenizer.eot]
        probabilities = logits.float().softmax(dim=-1)
        return score_tokens(probabilities[torch.arange(len(text)), list(text)].tolist())

    def _encode(self, windows: Sequence[Samples], length: int) -> Any:
        """The encoder's output, (windows, steps, width), for windows padded to ``length`` samples: as
        `AudioEncoder.forward`, which takes only 30 s, on the first steps of its positional embedding."""
        import torch
        import whisper

        encoder, dtype = self._whisper.encoder, torch.float16 if self.device == "cuda" else torch.float32
        padded = [pad_window(window, length) for window in windows]
        sounds = [whisper.log_mel_spectrogram(sound, self._whisper.dims.n_mels) for sound in padded]
        hidden = torch.stack(sounds).to(self.device, dtype)
        for convolution in (encoder.conv1, encoder.conv2):
            hidden = torch.nn.functional.gelu(convolution(hidden))
        hidden = hidden.permute(0, 2, 1)
        hidden = (hidden + encoder.positional_embedding[: hidden.shape[1]]).to(dtype)
        for block in encoder.blocks:
            hidden = block(hidden)
        return encoder.ln_post(hidden)

    def _encode_batch(self, windows: Sequence[Samples]) -> Any:
        """As ``_encode``, as long as the longest window needs; on a CPU one at a time, which is faster there."""
        import torch

        length = encoded_length(windows)
        if self.device == "cuda":
            return self._encode(windows, length)
        return torch.cat([self._encode([window], length) for window in windows])

    def _check_language(self, language: str) -> None:
        from whisper.tokenizer import LANGUAGES

        known = language in list(LANGUAGES)[: self._whisper.num_languages]
        check_language(self.model, self.multilingual, language, known)

    def _transcribe_batch(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions
    ) -> list[WindowText]:
        from pipeline.engines.batched_search import BatchedSearch, BatchedSearchOptions, identify_languages
        from pipeline.engines.text_decoder import BatchDecoder

        tokenizer = self._tokenizer(language)
        width = BEST_OF if decoding.temperature else decoding.beam_size or BEAM_SIZE
        options = BatchedSearchOptions(width, decoding.temperature, decoding.seed, decoding.prompt)
        search = BatchedSearch(self._whisper, tokenizer, options)
        decoder = BatchDecoder(self._whisper, self._encode_batch(windows), search.places)
        spoken = [("", 0.0)] * len(windows)
        if decoding.detect_language:
            spoken = [
                max(of_window.items(), key=lambda item: item[1]) for of_window in identify_languages(decoder, tokenizer)
            ]
        texts = []
        for number, (window, decoded) in enumerate(zip(windows, search.run(decoder), strict=True)):
            words = correct_word_times(self._time_words(tokenizer, decoder, number, decoded.best, len(window)), window)
            texts.append(
                WindowText(
                    words=words,
                    language=language,
                    mean_log_probability=decoded.best.mean_log_probability,
                    compression_ratio=compression_ratio("".join(word.text for word in words)),
                    no_speech_probability=decoded.no_speech_probability,
                    temperature=decoding.temperature,
                    spoken_language=spoken[number][0],
                    spoken_probability=spoken[number][1],
                )
            )
        return texts

    def _tokenizer(self, language: str) -> Any:
        from whisper.tokenizer import get_tokenizer

        return get_tokenizer(
            self.multilingual, num_languages=self._whisper.num_languages, language=language, task="transcribe"
        )

    def _time_words(
        self, tokenizer: Any, decoder: BatchDecoder, number: int, text: TokenHypothesis, samples: int
    ) -> list[Word]:
        from pipeline.engines.attention_times import find_token_times

        texts, groups = tokenizer.split_to_word_tokens([*text.tokens, tokenizer.eot])
        if not text.tokens or len(groups) < 2:
            return []
        times = find_token_times(self._whisper, decoder, tokenizer, number, text.tokens, samples)
        probabilities = [math.exp(one) for one in text.log_probabilities]
        return group_words(texts[:-1], [len(group) for group in groups[:-1]], times.tolist(), probabilities)


def _load_whisper(weights: Weights, device: str) -> Any:
    """The model with its alignment heads, which `whisper.load_model` sets only for files that it downloads itself."""
    import torch
    import whisper

    try:
        checkpoint = torch.load(weights.path, map_location="cpu", weights_only=True, mmap=True)
        model = whisper.model.Whisper(whisper.ModelDimensions(**checkpoint["dims"]))
        model.load_state_dict(checkpoint["model_state_dict"])
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise ModelError(
            f"The weights of {weights.model} in {weights.path} do not load: {str(error).splitlines()[0]}",
            fetch_weights_again("If they are damaged, get them again."),
            where=weights.path,
        ) from error
    heads = checkpoint.get("alignment_heads")
    if heads is not None:
        mask = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
        mask[heads[:, 0], heads[:, 1]] = True
        model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
    elif weights.path.stem in whisper._ALIGNMENT_HEADS:
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[weights.path.stem])
    return model.to(device).eval().requires_grad_(False)
