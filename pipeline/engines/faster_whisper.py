"""Whisper on CTranslate2: encode, decode and align in batches, with faster-whisper's features and tokenizer.

Batches go straight to CTranslate2's model: faster-whisper's own batched pipeline drops what the quality checks need
and decodes with timestamp tokens, which costs the end of many packed windows (measured: WER 18 % instead of 9 %).
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import weakref
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio.samples import SAMPLE_RATE, Samples
from index.language.compression import compression_ratio
from index.transcript import Word
from pipeline.engines.base import (
    BEST_OF,
    DEFAULT_DECODING,
    ENCODER_STEP,
    HOP_SAMPLES,
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
from pipeline.engines.vocabulary import load_vocabulary
from pipeline.engines.word_times import correct_word_times, group_words
from pipeline.errors import ModelError, fetch_weights_again
from pipeline.models.weights import Weights

# Measured with tiny.en on eight minutes of dictated notes (22 windows, two threads): WER 9.2 % greedy and with 2 beams,
# 9.5 % with 3 and with 5; 3 beams cost no more time than 2. Greedy loses sentences elsewhere (3 points on dialogue).
BEAM_SIZE = 3
# The same notes, one at a time: int8 WER 9.5 % in 16 s, float32 9.3 % in 25 s.
CPU_COMPUTE_TYPE = "int8"
CUDA_COMPUTE_TYPE = "float16"
# Windows. On a CPU decoding 22 windows of an interview took 2.8 s four at a time, 2.5 s six at a time, 2.6 s eleven at
# a time, and each window takes memory: 18 MB of keys and values in tiny.en.
CPU_BATCH, CUDA_BATCH = 6, 16
# Encoding 18 windows took 4.5 s one at a time, 9.6 s eight at a time (tiny.en, two threads).
CPU_ENCODED = 1
# Alignment scores every token against the whole vocabulary: 22 windows of a ten-minute interview took 1.25 s in batches
# of eight, 1.0 s in fours, 0.8 s in twos, and 0.8 s one at a time, which takes the least memory.
CPU_ALIGNED = 1
# On a CPU batches run in parallel, each with its share of the threads. Measured on the notes, from file to words, two
# cores, alternating three times: 9.1, 9.4, 9.6 s; one batch at a time on both threads 12.8, 12.3, 12.4 s. The batches
# do not depend on the number of threads.
CPU_WORKERS = 2

_seeding = threading.Lock()  # CTranslate2 has one seed per process


class FasterWhisperEngine:
    """Weights in CTranslate2's format on the ``device`` "cpu" or "cuda"; ``threads`` is the number of CPU threads.

    Raises ModelError if the weights do not load.
    """

    name = "faster-whisper"

    def __init__(self, weights: Weights, device: str = "cpu", threads: int | None = None) -> None:
        import ctranslate2
        from faster_whisper.feature_extractor import FeatureExtractor

        self.model = weights.model
        self.device = device
        self.batch_size = CUDA_BATCH if device == "cuda" else CPU_BATCH
        self._compute_type = CUDA_COMPUTE_TYPE if device == "cuda" else CPU_COMPUTE_TYPE
        self._encoded_at_once = CUDA_BATCH if device == "cuda" else CPU_ENCODED
        self._aligned_at_once = CUDA_BATCH if device == "cuda" else CPU_ALIGNED
        threads = threads or int(os.environ.get("OMP_NUM_THREADS") or 0) or _available_cores()
        self._workers = 1 if device == "cuda" else min(CPU_WORKERS, threads)
        self.files_at_once = self._workers
        self._pool = ThreadPoolExecutor(self._workers, "windows")
        self._load = partial(
            ctranslate2.models.Whisper, str(weights.path), device=device, compute_type=self._compute_type
        )
        try:
            self._whisper = self._load(inter_threads=self._workers, intra_threads=threads // self._workers)
            self._vocabulary = load_vocabulary(weights.path / "tokenizer.json")
        except Exception as error:  # tokenizers raises no narrower one
            raise ModelError(
                f"The weights of {weights.model} in {weights.path} do not load: {error}.",
                fetch_weights_again("If they are damaged, get them again."),
                where=weights.path,
            ) from error
        self.multilingual = bool(self._whisper.is_multilingual)
        self._features = FeatureExtractor(feature_size=self._whisper.n_mels)
        self._to_storage = ctranslate2.StorageView.from_array
        self._encoded: dict[int, NDArray[np.float32]] = {}

    @property
    def settings(self) -> dict[str, str | int | float]:
        """Beam width and compute type."""
        return {"beam_size": BEAM_SIZE, "compute_type": self._compute_type}

    def detect_language(self, windows: Sequence[Samples]) -> str:
        """The language with the highest mean probability over the windows; English if all are silent."""
        if not self.multilingual:
            raise refuse_to_detect(self.model)
        total: defaultdict[str, float] = defaultdict(float, en=0.0)
        for window in filter(is_audible, windows):
            encoded = self._encode([window], encoded_length([window]))
            (probabilities,) = self._whisper.detect_language(self._rows(encoded, slice(None)))
            for token, probability in probabilities:
                total[token.strip("<|>")] += probability
        return max(total, key=lambda language: total[language])

    def transcribe_windows(
        self, windows: Sequence[Samples], language: str, decoding: DecodingOptions = DEFAULT_DECODING
    ) -> list[WindowText]:
        """The words of each window, in order. Raises ModelError or UsageError for a language it does not know."""
        tokenizer = self._tokenizer(language)
        _return_freed_memory()
        batches = self._plan_batches(windows)
        decoded = self._transcribe_batches([[windows[n] for n in batch] for batch in batches], tokenizer, decoding)
        return place_texts(windows, batches, decoded, language, decoding)

    def score_texts(
        self, windows: Sequence[Samples], texts: Sequence[Sequence[str]], language: str
    ) -> list[list[TextScore]]:
        """How well each text fits its window, in order. Raises as ``transcribe_windows`` does."""
        score = partial(self._score, self._tokenizer(language))
        return list(self._pool.map(score, windows, texts))

    def _score(self, tokenizer: Any, window: Samples, texts: Sequence[str]) -> list[TextScore]:
        # On a CPU the window is encoded once and its rows are copied; on CUDA, where rows cannot be, encoding is cheap.
        copies = 1 if self.device == "cpu" else len(texts)
        encoded = self._encode([window] * copies, scored_length(window))
        alignments = self._whisper.align(
            self._to_storage(np.repeat(encoded, len(texts), axis=0)) if self.device == "cpu" else encoded,
            tokenizer.sot_sequence,
            [tokenizer.encode(text)[:MOST_SCORED_TOKENS] for text in texts],
            self._frames(window),
        )
        return [score_tokens(alignment.text_token_probs) for alignment in alignments]

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        known = self._vocabulary.token_to_id(f"<|{language}|>") is not None
        check_language(self.model, self.multilingual, language, known)
        return Tokenizer(self._vocabulary, self.multilingual, task="transcribe", language=language)

    def _frames(self, window: Samples) -> int:
        """The frames of a window's spectrogram that are not padding."""
        most: int = self._features.nb_max_frames
        return min(len(window) // HOP_SAMPLES, most)

    def _transcribe_batches(
        self, batches: Sequence[Sequence[Samples]], tokenizer: Any, decoding: DecodingOptions
    ) -> list[list[WindowText]]:
        """The words of each batch. The workers share encoding and alignment window by window, so none is idle long."""
        # All encoding is submitted before any decoding, so that decoding never waits for encoding that is queued after
        # it.
        encoded = [self._submit_encoding(batch) for batch in batches]
        decoded = {self._pool.submit(self._decode, parts, tokenizer, decoding): n for n, parts in enumerate(encoded)}
        timed: dict[int, list[Future[list[WindowText]]]] = {}
        for done in as_completed(decoded):
            number = decoded[done]
            timed[number] = [
                self._pool.submit(self._time_words, batches[number][part], part, *done.result(), tokenizer, decoding)
                for part in _parts(len(batches[number]), self._aligned_at_once)
            ]
        return [[text for part in timed[number] for text in part.result()] for number in range(len(batches))]

    def _plan_batches(self, windows: Sequence[Samples]) -> list[list[int]]:
        """As ``plan_batches``; windows that are encoded already are with others of the same encoded length."""
        parts = 1 if self.device == "cuda" else CPU_WORKERS
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for number, window in enumerate(windows):
            by_length[self._cached_length(window)].append(number)
        return [
            [numbers[place] for place in batch]
            for _, numbers in sorted(by_length.items())
            for batch in plan_batches([windows[number] for number in numbers], self.batch_size, parts)
        ]

    def _submit_encoding(self, batch: Sequence[Samples]) -> list[Future[Any]]:
        length = self._cached_length(batch[0]) or encoded_length(batch)
        return [
            self._pool.submit(self._encode_once, batch[part], length)
            for part in _parts(len(batch), self._encoded_at_once)
        ]

    def _cached_length(self, window: Samples) -> int:
        """The samples that a window was padded to when it was encoded; 0 if it was not."""
        encoded = self._encoded.get(id(window))
        return 0 if encoded is None else encoded.shape[1] * ENCODER_STEP

    def _encode_once(self, windows: Sequence[Samples], length: int) -> Any:
        """As ``_encode``. The result for a single window is cached for as long as its samples live: it may be decoded
        again, and encoding is half of the work (measured with base on a ten-minute interview: 8 of 18 seconds)."""
        if len(windows) > 1 or self.device == "cuda":
            return self._encode(windows, length)
        (window,) = windows
        if id(window) not in self._encoded:
            self._encoded[id(window)] = self._encode(windows, length)
            weakref.finalize(window, self._encoded.pop, id(window), None)
        return self._encoded[id(window)]

    def _encode(self, windows: Sequence[Samples], length: int) -> Any:
        """The encoder's output for some windows padded to ``length``, (windows, length / 320, width): on the device for
        CUDA, else an array."""
        spectrograms = [self._features(pad_window(window, length), padding=0) for window in windows]
        encoded = self._whisper.encode(self._to_storage(np.stack(spectrograms).astype(np.float32)))
        return encoded if self.device == "cuda" else np.array(encoded)

    def _rows(self, hidden: Any, part: slice) -> Any:
        """A ``part`` of a batch's encoder output, as CTranslate2 takes it; on CUDA the batch is never split."""
        return hidden if self.device == "cuda" else self._to_storage(hidden[part])

    def _decode(
        self, encoded: Sequence[Future[Any]], tokenizer: Any, decoding: DecodingOptions
    ) -> tuple[Any, list[_Hypothesis]]:
        """A batch's encoder output, once it is there, and the best hypothesis for each of its windows."""
        parts = [part.result() for part in encoded]
        hidden = parts[0] if len(parts) == 1 else np.concatenate(parts)
        start = start_tokens(tokenizer, decoding.prompt)
        rows = self._rows(hidden, slice(None))
        best = [_best_hypothesis(result) for result in self._generate(rows, [start] * hidden.shape[0], decoding)]
        if decoding.detect_language:
            likeliest = (languages[0] for languages in self._whisper.detect_language(rows))
            best = [
                replace(hypothesis, language=token.strip("<|>"), language_probability=probability)
                for hypothesis, (token, probability) in zip(best, likeliest, strict=True)
            ]
        return hidden, best

    def _generate(self, encoded: Any, starts: list[list[int]], decoding: DecodingOptions) -> Any:
        """CTranslate2's result for each window. Sampling is repeatable: the same seed gives the same tokens."""
        options: dict[str, Any] = {"return_scores": True, "return_no_speech_prob": True, "suppress_tokens": [-1]}
        if not decoding.temperature:
            return self._whisper.generate(encoded, starts, beam_size=decoding.beam_size or BEAM_SIZE, **options)
        import ctranslate2

        options |= {"beam_size": 1, "num_hypotheses": BEST_OF, "sampling_topk": 0}
        with _seeding:
            # A thread of CTranslate2 seeds its generator at its first random number, and never again. So each sampling
            # has a model, and with it threads, of its own (loading tiny: 0.1 s).
            ctranslate2.set_random_seed(decoding.seed % 2**32)
            whisper = self._load(inter_threads=1, intra_threads=1)
            return whisper.generate(encoded, starts, sampling_temperature=decoding.temperature, **options)

    def _time_words(
        self,
        windows: Sequence[Samples],
        part: slice,
        hidden: Any,
        hypotheses: Sequence[_Hypothesis],
        tokenizer: Any,
        decoding: DecodingOptions,
    ) -> list[WindowText]:
        """The texts of the windows of a ``part`` of a batch, with word times from cross-attention and the sound."""
        best = hypotheses[part]
        alignments = self._whisper.align(
            self._rows(hidden, part),
            tokenizer.sot_sequence,
            [one.tokens for one in best],
            [self._frames(window) for window in windows],
        )
        texts = []
        for window, one, alignment in zip(windows, best, alignments, strict=True):
            words = correct_word_times(_words(tokenizer, one.tokens, alignment), window)
            texts.append(
                WindowText(
                    words=words,
                    language=tokenizer.language_code,
                    mean_log_probability=one.mean_log_probability,
                    compression_ratio=compression_ratio("".join(word.text for word in words)),
                    no_speech_probability=one.no_speech_probability,
                    temperature=decoding.temperature,
                    spoken_language=one.language,
                    spoken_probability=one.language_probability,
                )
            )
        return texts


@dataclass(frozen=True, slots=True)
class _Hypothesis:
    """The tokens decoded from one window; the other fields are as in WindowText."""

    tokens: list[int]
    mean_log_probability: float
    no_speech_probability: float
    language: str = ""
    language_probability: float = 0.0


def _best_hypothesis(result: Any) -> _Hypothesis:
    """The hypothesis with the highest score of those that CTranslate2 gives for a window."""
    score, tokens = max(zip(result.scores, result.sequences_ids, strict=True), key=lambda pair: pair[0])
    # The score is per token of text; Whisper's mean counts the end token too.
    return _Hypothesis(list(tokens), score * len(tokens) / (len(tokens) + 1), result.no_speech_prob)


def _return_freed_memory() -> None:
    """Make glibc return to the system the memory that threads have freed, which it keeps otherwise.

    Measured with tiny.en on an hour, every group of windows: at most 756 MB instead of 860 MB, for 0.03 s a group.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def _parts(count: int, size: int) -> list[slice]:
    """The slices that cut ``count`` windows into parts of at most ``size``."""
    return [slice(first, min(first + size, count)) for first in range(0, count, size)]


def _words(tokenizer: Any, tokens: list[int], alignment: Any) -> list[Word]:
    """Words with the times at which the alignment path enters their tokens."""
    path: NDArray[np.int64] = np.array(alignment.alignments, dtype=np.int64).reshape(-1, 2)
    enters = np.concatenate(([True], np.diff(path[:, 0]) > 0))[: len(path)]
    times = path[enters, 1] * ENCODER_STEP / SAMPLE_RATE
    texts, groups = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
    return group_words(texts[:-1], [len(group) for group in groups[:-1]], times, alignment.text_token_probs)


def _available_cores() -> int:
    """The number of processors that this process may use; all of them where the system does not tell."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
