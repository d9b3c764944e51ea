"""Whisper as OpenAI published it, on PyTorch: its own features, batched `decode` and word alignment."""

from __future__ import annotations

import pickle
import warnings
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from audio.samples import Samples
from index.language.compression import compression_ratio
from index.transcript import Word
from pipeline.engines.base import (
    BEST_OF,
    DEFAULT_DECODING,
    HOP_SAMPLES,
    MOST_SCORED_TOKENS,
    DecodingOptions,
    TextScore,
    WindowText,
    check_language,
    is_audible,
    pad_window,
    place_texts,
    plan_batches,
    refuse_to_detect,
    score_tokens,
    scored_length,
)
from pipeline.engines.word_times import correct_word_times, group_words
from pipeline.errors import ModelError, fetch_weights_again
from pipeline.models.weights import Weights

BEAM_SIZE = 3  # as the faster-whisper engine, where it was measured
CPU_BATCH, CUDA_BATCH = 8, 16  # windows


class OpenAIWhisperEngine:
    """A `.pt` checkpoint on the ``device`` "cpu" or "cuda"; ``threads`` is the number of CPU threads.

    Raises ModelError if the weights do not load.
    """

    name = "openai-whisper"

    def __init__(self, weights: Weights, device: str = "cpu", threads: int | None = None) -> None:
        import torch

        if threads:
            torch.set_num_threads(threads)
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
        import whisper

        total: defaultdict[str, float] = defaultdict(float, en=0.0)
        for window in filter(is_audible, windows):
            _, (probabilities,) = whisper.detect_language(self._whisper, self._encode([window]))
            for language, probability in probabilities.items():
                total[language] += probability
        return max(total, key=lambda language: total[language])

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        """The words of each window, in order. Raises ModelError or UsageError for a language it does not know."""
        self._check_language(language)
        batches = plan_batches(windows, self.batch_size)
        decoded = (
            self._transcribe_batch([windows[number] for number in batch], language, decoding) for batch in batches
        )
        return place_texts(windows, batches, decoded, language, decoding)

    def score_texts(
        self, windows: Sequence[Samples], texts: Sequence[Sequence[str]], language: str
    ) -> list[list[TextScore]]:
        """How well each text fits its window, in order. Raises as ``transcribe_windows`` does."""
        self._check_language(language)
        tokenizer = self._tokenizer(language)
        return [
            [self._score(tokenizer, encoded, tokenizer.encode(text)[:MOST_SCORED_TOKENS]) for text in of_window]
            for window, of_window in zip(windows, texts, strict=True)
            for encoded in (self._encode_short(window),)
        ]

    def _score(self, tokenizer: Any, encoded: Any, text: Sequence[int]) -> TextScore:
        """As openai-whisper's `find_alignment` computes the probabilities of tokens, without the alignment."""
        import torch

        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        tokens = torch.tensor([[*start, *text]], device=self._whisper.device)
        with torch.no_grad():
            logits = self._whisper.decoder(tokens, encoded)[0, len(start) - 1 : -1, : tokenizer.eot]
        probabilities = logits.float().softmax(dim=-1)
        return score_tokens(probabilities[torch.arange(len(text)), list(text)].tolist())

    def _encode_short(self, window: Samples) -> Any:
        """The encoder's output for a window with little padding, (1, steps, width): `AudioEncoder.forward`, which takes
        only 30 s, on the first steps of its positional embedding."""
        import torch
        import whisper

        encoder, dtype = self._whisper.encoder, torch.float16 if self.device == "cuda" else torch.float32
        sound = whisper.log_mel_spectrogram(pad_window(window, scored_length(window)), self._whisper.dims.n_mels)
        with torch.no_grad():
            hidden = sound[None].to(self.device, dtype)
            for convolution in (encoder.conv1, encoder.conv2):
                hidden = torch.nn.functional.gelu(convolution(hidden))
            hidden = hidden.permute(0, 2, 1)
            hidden = (hidden + encoder.positional_embedding[: hidden.shape[1]]).to(dtype)
            for block in encoder.blocks:
                hidden = block(hidden)
            return encoder.ln_post(hidden)

    def _check_language(self, language: str) -> None:
        from whisper.tokenizer import LANGUAGES

        known = language in list(LANGUAGES)[: self._whisper.num_languages]
        check_language(self.model, self.multilingual, language, known)

    def _transcribe_batch(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions
    ) -> list[WindowText]:
        import torch
        import whisper

        encoded = self._encode(windows)
        options = whisper.DecodingOptions(
            language=language,
            temperature=decoding.temperature,
            beam_size=None if decoding.temperature else decoding.beam_size or BEAM_SIZE,
            best_of=BEST_OF if decoding.temperature else None,
            prompt=decoding.prompt,
            without_timestamps=True,
            fp16=self.device == "cuda",
        )
        tokenizer = self._tokenizer(language)
        texts = []
        with torch.random.fork_rng(devices=[0] if self.device == "cuda" else []):
            torch.manual_seed(decoding.seed % 2**63)
            results = _decode_batch(self._whisper, encoded, options)
        spoken = [("", 0.0)] * len(windows)
        if decoding.detect_language:
            _, each = whisper.detect_language(self._whisper, encoded)
            spoken = [max(probabilities.items(), key=lambda item: item[1]) for probabilities in each]
        for window, features, result, (spoken_language, spoken_probability) in zip(
            windows, encoded, results, spoken, strict=True
        ):
            words = correct_word_times(self._align(tokenizer, result.tokens, features, len(window)), window)
            texts.append(
                WindowText(
                    words=words,
                    language=language,
                    mean_log_probability=float(result.avg_logprob),
                    compression_ratio=compression_ratio("".join(word.text for word in words)),
                    no_speech_probability=float(result.no_speech_prob),
                    temperature=decoding.temperature,
                    spoken_language=spoken_language,
                    spoken_probability=spoken_probability,
                )
            )
        return texts

    def _tokenizer(self, language: str) -> Any:
        from whisper.tokenizer import get_tokenizer

        return get_tokenizer(
            self.multilingual, num_languages=self._whisper.num_languages, language=language, task="transcribe"
        )

    def _align(self, tokenizer: Any, tokens: list[int], features: Any, samples: int) -> list[Word]:
        from whisper.timing import find_alignment

        with warnings.catch_warnings():  # a CUDA device without Triton: slower, with the same result
            warnings.filterwarnings("ignore", "Failed to launch Triton kernels", UserWarning)
            timings = find_alignment(
                _EncodedWhisper(self._whisper), tokenizer, tokens, features, samples // HOP_SAMPLES
            )
        # find_alignment gives times per word, so each word counts as one token here.
        times = [float(timing.start) for timing in timings] + [float(timing.end) for timing in timings[-1:]]
        return group_words(
            [timing.word for timing in timings],
            [1] * len(timings),
            times,
            [float(timing.probability) for timing in timings],
        )

    def _encode(self, windows: Sequence[Samples]) -> Any:
        """The encoder's output for some windows, (windows, 1500, width), in half precision on CUDA."""
        import torch
        import whisper

        dtype = torch.float16 if self.device == "cuda" else torch.float32
        spectrograms = [
            whisper.log_mel_spectrogram(pad_window(window), self._whisper.dims.n_mels) for window in windows
        ]
        with torch.no_grad():
            if self.device == "cuda":
                return self._whisper.encoder(torch.stack(spectrograms).to(self.device, dtype))
            return torch.cat([self._whisper.encoder(spectrogram[None]) for spectrogram in spectrograms])


def _decode_batch(whisper: Any, encoded: Any, options: Any) -> list[Any]:
    """`whisper.decode` for several windows with several beams each.

    Since openai-whisper's pull request 1483 it gives each window's sound to one beam only, which fails for more than
    one window (its open pull requests 1959, 2197 and 2389); here every beam gets it.
    """
    from whisper.decoding import DecodingTask

    task = DecodingTask(whisper, options)
    task._get_audio_features = lambda features: features.repeat_interleave(task.n_group, dim=0)
    task._detect_language = lambda _, tokens: ([options.language] * len(tokens), None)  # one per window
    with warnings.catch_warnings():  # it sorts a tensor with NumPy, which works but is deprecated
        warnings.filterwarnings("ignore", "__array_wrap__ must accept context", DeprecationWarning)
        results: list[Any] = task.run(encoded)
    return results


class _EncodedWhisper:
    """A model for `find_alignment` that takes the encoder's output, so that no window is encoded again."""

    def __init__(self, whisper: Any) -> None:
        self._whisper = whisper

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whisper, name)

    def __call__(self, encoded: Any, tokens: Any) -> Any:
        return self._whisper.decoder(tokens, encoded)


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
    return model.to(device).eval()
