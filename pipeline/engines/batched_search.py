"""Greedy search, beam search and sampling for several windows at once, by the rules of openai-whisper's `decoding.py`.

The results are those of `whisper.decode` without timestamps, apart from how sums round. The beams of a window form a
tree: no key or value is moved when beams change their order, each beam has a mask over the tokens before it instead. A
window whose search has ended no longer takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from pipeline.engines.base import start_tokens
from pipeline.engines.text_decoder import BatchDecoder


@dataclass(frozen=True, slots=True)
class TokenHypothesis:
    """The tokens of a text, without the end token, and the natural logarithm of each one's probability.

    ``score`` is the sum of these and that of the end token, if the search has come to it.
    """

    tokens: tuple[int, ...] = ()
    log_probabilities: tuple[float, ...] = ()
    score: float = 0.0

    def extend(self, token: int, log_probability: float) -> TokenHypothesis:
        """The hypothesis with one token more."""
        return TokenHypothesis(
            (*self.tokens, token), (*self.log_probabilities, log_probability), self.score + log_probability
        )

    def end(self, log_probability: float) -> TokenHypothesis:
        """The hypothesis with the end token after it."""
        return TokenHypothesis(self.tokens, self.log_probabilities, self.score + log_probability)

    @property
    def mean_log_probability(self) -> float:
        """The score per token, the end token counted (`DecodingResult.avg_logprob`)."""
        return self.score / (len(self.tokens) + 1)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The best hypothesis of a window, and the probability of the no-speech token before its text."""

    best: TokenHypothesis
    no_speech_probability: float


@dataclass(frozen=True, slots=True)
class BatchedSearchOptions:
    """``width`` beams; at a ``temperature`` above 0 as many candidates, sampled with ``seed``.

    ``prompt`` is what was said before.
    """

    width: int
    temperature: float = 0.0
    seed: int = 0
    prompt: str | None = None


class BatchedSearch:
    """A search with one model in one language; it may be run for any number of batches."""

    def __init__(self, whisper: Any, tokenizer: Any, options: BatchedSearchOptions) -> None:
        self._whisper, self._tokenizer, self._options = whisper, tokenizer, options
        self._start = start_tokens(tokenizer, options.prompt)
        most = int(whisper.dims.n_text_ctx)
        self._steps = min(most // 2, most + 1 - len(self._start))
        self._candidates = options.width + 1 if options.width > 1 and not options.temperature else 1
        self._suppressed = [*tokenizer.non_speech_tokens, tokenizer.transcribe, tokenizer.translate, tokenizer.sot]
        self._suppressed += [tokenizer.sot_prev, tokenizer.sot_lm, tokenizer.no_speech]
        self._suppressed_at_first = [*tokenizer.encode(" "), tokenizer.eot]

    @property
    def places(self) -> int:
        """The places for tokens that a window needs in the decoder."""
        return len(self._start) + self._steps * self._options.width

    def run(self, decoder: BatchDecoder) -> list[Decoded]:
        """The best text of each window, in order."""
        hidden = self._read_start(decoder)
        no_speech = self._no_speech_probabilities(decoder, hidden)
        generator = torch.Generator(decoder.device).manual_seed(self._options.seed % 2**63)
        logits = decoder.score_vocabulary(hidden[:, -1])
        logits[:, self._suppressed_at_first] = -torch.inf
        kind = _WindowSamples if self._options.temperature else _WindowSearch
        windows = [kind(number, self._options.width, self._tokenizer.eot) for number in range(decoder.windows)]
        tree = _Tree(decoder, len(self._start), self._options.width, self.places)
        for step in range(self._steps):
            log_probabilities, tokens = self._choose(logits, generator, first=step == 0)
            for window, of_window, their_tokens in zip(windows, log_probabilities, tokens, strict=False):
                window.extend(of_window, their_tokens)
            self._leave_out_ended(decoder, tree, windows)
            if not decoder.windows or step + 1 == self._steps:
                break
            taking_part = windows[: decoder.windows]
            hidden = tree.advance([w.last_tokens for w in taking_part], [w.parents for w in taking_part], step)
            logits = decoder.score_vocabulary(hidden.flatten(end_dim=1))
        windows.sort(key=lambda window: window.number)
        return [Decoded(window.best(), no_speech[window.number]) for window in windows]

    def _read_start(self, decoder: BatchDecoder) -> Tensor:
        start = torch.tensor([self._start] * decoder.windows, device=decoder.device)
        causal = torch.full((len(self._start),) * 2, -torch.inf, device=decoder.device, dtype=decoder.dtype).triu_(1)
        return decoder.advance(start, range(len(self._start)), 0, causal[None, None])

    def _no_speech_probabilities(self, decoder: BatchDecoder, hidden: Tensor) -> list[float]:
        at = self._start.index(self._tokenizer.sot)
        probabilities = decoder.score_vocabulary(hidden[:, at]).softmax(dim=-1)
        of_windows: list[float] = probabilities[:, self._tokenizer.no_speech].tolist()
        return of_windows

    def _choose(
        self, logits: Tensor, generator: torch.Generator, *, first: bool
    ) -> tuple[list[list[list[float]]], list[list[list[int]]]]:
        """The log-probabilities and the tokens that may follow, by windows and beams.

        In the first step there are only the windows' own rows: one beam for a search, and the same for all samples.
        """
        logits[:, self._suppressed] = -torch.inf
        if self._options.temperature:
            logits = logits.repeat_interleave(self._options.width, dim=0) if first else logits
            probabilities = (logits / self._options.temperature).softmax(dim=-1)
            tokens = torch.multinomial(probabilities, 1, generator=generator)
            chosen = logits.log_softmax(dim=-1).gather(1, tokens)
            beams = self._options.width
        else:
            chosen, tokens = logits.log_softmax(dim=-1).topk(self._candidates)
            beams = 1 if first else self._options.width
        shape = (-1, beams, tokens.shape[1])
        return chosen.view(shape).tolist(), tokens.view(shape).tolist()

    @staticmethod
    def _leave_out_ended(decoder: BatchDecoder, tree: _Tree, windows: list[Any]) -> None:
        """Move the windows that have ended behind those that go on."""
        going_on = decoder.windows
        for place in reversed(range(going_on)):
            if windows[place].has_ended:
                going_on -= 1
                if place != going_on:
                    decoder.exchange(place, going_on)
                    tree.exchange(place, going_on)
                    windows[place], windows[going_on] = windows[going_on], windows[place]
        decoder.keep(going_on)


def identify_languages(decoder: BatchDecoder, tokenizer: Any) -> list[dict[str, float]]:
    """The probability of each language (ISO 639-1) for each window, as `whisper.detect_language` computes it."""
    start = torch.full((decoder.windows, 1), tokenizer.sot, device=decoder.device)
    none_hidden = torch.zeros((1, 1, 1, 1), device=decoder.device, dtype=decoder.dtype)
    logits = decoder.score_vocabulary(decoder.advance(start, [0], 0, none_hidden)[:, 0])
    of_windows = logits[:, list(tokenizer.all_language_tokens)].softmax(dim=-1).tolist()
    return [dict(zip(tokenizer.all_language_codes, of_window, strict=True)) for of_window in of_windows]


class _Tree:
    """Which of the tokens of a window come before each of its beams, as a mask for attention.

    The tokens of the start are common to all beams; after them each step adds one for each beam.
    """

    def __init__(self, decoder: BatchDecoder, start: int, width: int, places: int) -> None:
        self._decoder, self._start, self._width = decoder, start, width
        device, dtype = decoder.device, decoder.dtype
        self._mask = torch.full((decoder.windows, 1, width, places), -torch.inf, device=device, dtype=dtype)
        self._mask[..., :start] = 0
        self._itself = torch.full((width, width), -torch.inf, device=device, dtype=dtype).fill_diagonal_(0)

    def exchange(self, first: int, second: int) -> None:
        self._mask[[first, second]] = self._mask[[second, first]]

    def advance(self, tokens: list[list[int]], parents: list[list[int]], step: int) -> Tensor:
        """The hidden states, (windows, beams, width), of the beams' last tokens; ``parents`` are the beams that they
        follow."""
        place = self._start + step * self._width
        after = place + self._width
        mask = self._mask[: len(tokens)]
        if self._width > 1:
            following = torch.tensor(parents, device=mask.device)[:, None, :, None]
            mask[..., :place] = mask[..., :place].take_along_dim(following, dim=2)
        mask[..., place:after] = self._itself
        taken = torch.tensor(tokens, device=mask.device)
        return self._decoder.advance(taken, [self._start + step] * self._width, place, mask[..., :after])


class _WindowSearch:
    """Beam search in one window, as `BeamSearchDecoder` of openai-whisper does it; with one beam it is greedy."""

    def __init__(self, number: int, width: int, end_token: int) -> None:
        self.number = number
        self.parents: list[int] = []
        self._width, self._end_token = width, end_token
        self._beams = [TokenHypothesis()]
        self._ended: list[TokenHypothesis] = []

    @property
    def last_tokens(self) -> list[int]:
        """The last token of each beam."""
        return [beam.tokens[-1] for beam in self._beams]

    @property
    def has_ended(self) -> bool:
        """Whether as many hypotheses have ended as there are beams."""
        return len(self._ended) >= self._width

    def extend(self, log_probabilities: Sequence[Sequence[float]], tokens: Sequence[Sequence[int]]) -> None:
        """Go on with the likeliest of the tokens that may follow each beam, given with their log-probabilities."""
        ranked = [
            (beam.score + log_probability, log_probability, token, parent)
            for parent, beam in enumerate(self._beams)
            for log_probability, token in zip(log_probabilities[parent], tokens[parent], strict=True)
        ]
        ranked.sort(key=lambda candidate: -candidate[0])
        beams: list[TokenHypothesis] = []
        ended: list[TokenHypothesis] = []
        self.parents = []
        for _, log_probability, token, parent in ranked:
            if token == self._end_token:
                ended.append(self._beams[parent].end(log_probability))
                continue
            beams.append(self._beams[parent].extend(token, log_probability))
            self.parents.append(parent)
            if len(beams) == self._width:
                break
        self._beams = beams
        self._ended += ended[: self._width - len(self._ended)]

    def best(self) -> TokenHypothesis:
        """The hypothesis with the highest score per token; those that have not ended make up the number."""
        unended = sorted(self._beams, key=lambda beam: -beam.score)[: self._width - len(self._ended)]
        return _best_per_token([*self._ended, *unended])


class _WindowSamples:
    """Independent candidates for one window, each going on with what was sampled for it: `GreedyDecoder`."""

    def __init__(self, number: int, width: int, end_token: int) -> None:
        self.number = number
        self.parents = list(range(width))
        self._end_token = end_token
        self._candidates = [TokenHypothesis()] * width
        self._ended = [False] * width

    @property
    def last_tokens(self) -> list[int]:
        """The last token of each candidate; one that has ended goes on with it, and nobody looks at the result."""
        return [candidate.tokens[-1] for candidate in self._candidates]

    @property
    def has_ended(self) -> bool:
        """Whether all candidates have."""
        return all(self._ended)

    def extend(self, log_probabilities: Sequence[Sequence[float]], tokens: Sequence[Sequence[int]]) -> None:
        """Go on with the one token that is given for each candidate, with its log-probability."""
        for place, ((log_probability,), (token,)) in enumerate(zip(log_probabilities, tokens, strict=True)):
            if self._ended[place]:
                continue
            self._ended[place] = token == self._end_token
            candidate = self._candidates[place]
            self._candidates[place] = (
                candidate.end(log_probability) if self._ended[place] else candidate.extend(token, log_probability)
            )

    def best(self) -> TokenHypothesis:
        """The candidate with the highest score per token."""
        return _best_per_token(self._candidates)


def _best_per_token(hypotheses: Sequence[TokenHypothesis]) -> TokenHypothesis:
    """`MaximumLikelihoodRanker` of openai-whisper: the score counts the end token, the length does not."""
    return max(hypotheses, key=lambda one: one.score / max(1, len(one.tokens)))
