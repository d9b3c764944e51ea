"""A rule of thumb for models that were not measured: seconds for an hour of speech, by operations counted.

airquote's time is taken to grow with the multiply-adds of its windows (`whisper_operations`): from the time measured
with tiny.en, from that with base, and along the line through both, whose constant is what decoding, voice activity
detection and features take with every model. How far base is from what tiny.en predicts tells what the rule is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.kept_results import Row
from bench.scoring import Score, recognised_words
from bench.systems import AIRQUOTE
from bench.whisper_operations import SIZES, WhisperSize
from bench.yardstick import Yardstick, load_yardstick

HOUR = 3600
SMALL, LARGE = "tiny.en", "base"
"""The two models that are measured."""
COLUMNS = (
    "| model | 10¹² multiply-adds for an hour of speech | from tiny.en, s | from base, s | line through both, s "
    "| measured, s |"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What airquote took with a model for an hour of speech, in so many windows with so many tokens of text each."""

    seconds: float
    windows: float
    tokens: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """Seconds for an hour of speech, predicted from one measured model, from the other, and along the line."""

    operations: float
    from_small: float | None
    from_large: float | None
    line: float | None


def hour_operations(size: WhisperSize, measured: Measured, beams: int) -> float:
    """Return the multiply-adds for an hour of speech in windows like the measured ones."""
    return measured.windows * size.window_operations(measured.tokens, beams)


def predict(size: WhisperSize, measured: Mapping[str, Measured], beams: int) -> Prediction:
    """Predict the seconds for an hour of speech with a model, from what was ``measured`` with tiny.en and base."""
    like = measured[SMALL] if SMALL in measured else measured[LARGE]
    operations = hour_operations(size, like, beams)
    known = {name: hour_operations(SIZES[name], one, beams) for name, one in measured.items()}
    alone = {name: one.seconds * operations / known[name] for name, one in measured.items()}
    line = None
    if SMALL in measured and LARGE in measured:
        slope = (measured[LARGE].seconds - measured[SMALL].seconds) / (known[LARGE] - known[SMALL])
        line = measured[SMALL].seconds + slope * (operations - known[SMALL])
    return Prediction(operations, alone.get(SMALL), alone.get(LARGE), line)


def measured_hour(row: Row, score: Score, yardstick: Yardstick) -> Measured:
    """Return what a row of airquote measured, converted to an hour of speech."""
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(multilingual=not row.model.endswith(".en"))
    texts = ("".join(word.text for word in words) for words in recognised_words(row.runs()[0]))
    tokens = sum(len(tokenizer.encode(text)) for text in texts)
    hours = yardstick.speech_seconds / HOUR
    windows = yardstick.planned_windows
    return Measured(score.seconds / hours, windows / hours, tokens / windows)


def print_larger_models(scores: Mapping[Row, Score]) -> None:
    """Print predictions for each material that was measured, and what checks the rule."""
    from pipeline.engines.faster_whisper import BEAM_SIZE

    for material in dict.fromkeys(row.material for row in scores):
        yardsticks = {model: load_yardstick(material, model) for model in (SMALL, LARGE)}
        measured: dict[str, Measured] = {}
        for model, yardstick in yardsticks.items():
            row = Row(material, AIRQUOTE, model)
            if yardstick and row in scores:
                measured[model] = measured_hour(row, scores[row], yardstick)
        if not measured:
            continue
        print(f"\nAn hour of speech like {material}, by operations counted\n\n{COLUMNS}\n|{' --- |' * 6}")
        for name, size in SIZES.items():
            guess = predict(size, measured, BEAM_SIZE)
            cells = [f"{value:.0f}" if value is not None else "" for value in (guess.from_small, guess.from_large)]
            cells += [f"{guess.line:.0f}" if guess.line is not None else ""]
            cells += [f"{measured[name].seconds:.0f}" if name in measured else ""]
            print(f"| {name} | {guess.operations / 1e12:.1f} | {' | '.join(cells)} |")
        print_check(measured, yardsticks, BEAM_SIZE)


def print_check(measured: Mapping[str, Measured], yardsticks: Mapping[str, Yardstick | None], beams: int) -> None:
    """Print base as predicted from tiny.en beside base as measured: airquote's total, and the encoder alone."""
    if SMALL in measured and LARGE in measured:
        guess = predict(SIZES[LARGE], {SMALL: measured[SMALL]}, beams).from_small
        assert guess is not None
        told = measured[LARGE].seconds
        print(f"\ncheck: base from tiny.en {guess:.0f} s, measured {told:.0f} s: {100 * (guess / told - 1):+.0f} %")
    small, large = yardsticks[SMALL], yardsticks[LARGE]
    if small and large:
        ratio = SIZES[LARGE].encoder_operations() / SIZES[SMALL].encoder_operations()
        guess, told = ratio * small.window_seconds, large.window_seconds
        print(
            f"check: base's encoder from that of tiny.en {guess:.2f} s a window, measured {told:.2f} s: "
            f"{100 * (guess / told - 1):+.0f} %"
        )
