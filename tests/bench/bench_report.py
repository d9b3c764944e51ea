"""The results table of the transcription benchmark, and its bars."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from bench.first_words import kept_first_words
from bench.kept_results import ENCODER, Row
from bench.kill_and_resume import kept_trials
from bench.materials import INTERVIEWS, TIMED, WITHOUT_SPEECH
from bench.scoring import Score, drift, percentile_95, score_row
from bench.systems import AIRQUOTE, AIRQUOTE_OPENAI, BATCHED, COMMAND, FASTER_WHISPER, OPENAI_WHISPER, SYSTEMS
from bench.yardstick import Yardstick, load_yardstick, multiples

Scores = Mapping[Row, Score]

BATCHED_RATIO = {"tiny.en": 1.6, "base": 1.5}  # how many times as fast
OPENAI_RATIO, OWN_OPENAI_RATIO = 6.0, 1.6
YARDSTICK_MULTIPLE = 3  # of the encoder alone on full windows
REAL_SPEECH_POINTS = 0.2  # of WER, above the best of the others
START_MEDIAN, START_P95, END_MEDIAN, END_P95 = 60, 250, 120, 400  # ms
DRIFT_MEDIAN = 20  # ms, by which the last ten minutes may be worse: two frames of the spectrogram
MEMORY_RATIO = 1.1
FIRST_WORDS_SECONDS = 10.0
OTHERS = (BATCHED, FASTER_WHISPER, OPENAI_WHISPER)
COLUMNS = (
    "| system | time, s | CPU, s | × real time | × airquote's time | WER, % | starts: median, p95, ms "
    "| ends: median, p95, ms | starts found | words | peak, MB | whole process, s |"
)


class Bars:
    """Measurements checked against bars, each printed when it is added."""

    def __init__(self) -> None:
        self.met = True

    def most(self, what: str, value: float, bar: float) -> None:
        """Check that ``value`` is at most ``bar``."""
        self._add(what, value, f"at most {bar:.4g}", value <= bar)

    def least(self, what: str, value: float, bar: float) -> None:
        """Check that ``value`` is at least ``bar``."""
        self._add(what, value, f"at least {bar:.4g}", value >= bar)

    def _add(self, what: str, value: float, bar: str, met: bool) -> None:
        self.met = self.met and met
        print(f"| {what} | {value:.4g} | {bar} | {'met' if met else 'MISSED'} |", flush=True)


def print_table(rows: Sequence[Row]) -> dict[Row, Score]:
    """Print one table for each material and model, of the rows that were run."""
    scores = {row: score for row in rows if row.system != ENCODER and (score := score_row(row))}
    for material, model in dict.fromkeys((row.material, row.model) for row in scores):
        print(f"\n{material}, {model}\n\n{COLUMNS}\n|{' --- |' * 12}")
        airquote = scores.get(Row(material, AIRQUOTE, model))
        for row, score in scores.items():
            if (row.material, row.model) == (material, model):
                print(f"| {SYSTEMS[row.system]} | {' | '.join(cells(row, score, airquote))} |")
    return scores


def cells(row: Row, score: Score, airquote: Score | None) -> list[str]:
    """Return the printed cells of one row."""
    if row.system == COMMAND:  # its time includes loading the weights
        speed = ["", "", "", ""]
    else:
        ratio = f"{score.seconds / airquote.seconds:.2f}" if airquote else ""
        used = f"{score.cpu_seconds:.1f}" if score.cpu_seconds is not None else ""
        speed = [f"{score.seconds:.1f}", used, f"{score.speed:.1f}", ratio]
    edges = [
        f"{statistics.median(errors):.0f}, {percentile_95(errors):.0f}" if errors else ""
        for errors in (score.starts, score.ends)
    ]
    found = f"{len(score.starts)} of {score.utterances}" if score.utterances else ""
    rate = f"{score.word_error_rate:.2f}" if score.true_words else ""
    facts = [found, str(score.recognised_words), f"{score.megabytes:.0f}", f"{score.process_seconds:.1f}"]
    return [*speed, rate, *edges, *facts]


def print_bars(scores: Scores) -> bool:
    """Print every bar that the rows allow to check; return whether all are met."""
    bars = Bars()
    print("\n| what | measured | bar | |\n| --- | --- | --- | --- |")
    for model in dict.fromkeys(row.model for row in scores):
        for material in dict.fromkeys(row.material for row in scores if row.model == model):
            here = {
                row.system: score for row, score in scores.items() if (row.material, row.model) == (material, model)
            }
            if material in TIMED:
                judge_speed(bars, f"{material}, {model}", model, here)
                judge_yardstick(bars, f"{material}, {model}", load_yardstick(material, model), here.get(AIRQUOTE))
            if material in INTERVIEWS:
                judge_interview(bars, f"{material}, {model}", here)
        judge_real_speech(bars, model, scores)
        judge_against_batched(bars, model, scores)
    judge_without_speech(bars, scores)
    judge_hours(bars, scores)
    first_words = kept_first_words()
    if first_words is not None:
        bars.most("an hour: the first words saved, s from the start of the command", first_words, FIRST_WORDS_SECONDS)
    trials = kept_trials()
    if trials:
        bars.most(f"{len(trials)} kills: transcripts that differ", sum(not trial.same for trial in trials), 0)
        bars.most(f"{len(trials)} kills: saved groups done twice", sum(trial.saved_twice for trial in trials), 0)
    return bars.met


def judge_speed(bars: Bars, what: str, model: str, here: Mapping[str, Score]) -> None:
    """Check the speed of airquote relative to the others."""
    for system, other, ratio in (
        (AIRQUOTE, BATCHED, BATCHED_RATIO[model]),
        (AIRQUOTE, OPENAI_WHISPER, OPENAI_RATIO),
        (AIRQUOTE_OPENAI, OPENAI_WHISPER, OWN_OPENAI_RATIO),
    ):
        if system in here and other in here:
            times = here[other].seconds / here[system].seconds
            bars.least(f"{what}: {system}, times as fast as {other}", times, ratio)


def judge_yardstick(bars: Bars, what: str, yardstick: Yardstick | None, airquote: Score | None) -> None:
    """Check airquote's total against the encoder alone, in wall time and, where it was measured, in CPU time."""
    if yardstick is None or airquote is None:
        return
    wall, used = multiples(yardstick, airquote)
    bars.most(f"{what}: airquote, times the encoder alone", wall, YARDSTICK_MULTIPLE)
    if used is not None:
        bars.most(f"{what}: airquote, times the encoder alone, CPU seconds", used, YARDSTICK_MULTIPLE)


def judge_interview(bars: Bars, what: str, here: Mapping[str, Score]) -> None:
    """Check WER, times and sentences on material with exact ground truth."""
    for system, others in ((AIRQUOTE, (BATCHED, OPENAI_WHISPER)), (AIRQUOTE_OPENAI, (OPENAI_WHISPER,))):
        for other in others:
            if system in here and other in here:
                rate = here[system].word_error_rate
                bars.most(f"{what}: {system}, WER against {other}", rate, here[other].word_error_rate)
        if system in here and here[system].starts:
            score = here[system]
            bars.most(f"{what}: {system}, starts, median ms", statistics.median(score.starts), START_MEDIAN)
            bars.most(f"{what}: {system}, starts, p95 ms", percentile_95(score.starts), START_P95)
            bars.most(f"{what}: {system}, ends, median ms", statistics.median(score.ends), END_MEDIAN)
            bars.most(f"{what}: {system}, ends, p95 ms", percentile_95(score.ends), END_P95)
            bars.most(f"{what}: {system}, sentences lost", len(score.lost), 0)


def judge_real_speech(bars: Bars, model: str, scores: Scores) -> None:
    """Check WER on real speech, pooled by language, against the best of the others."""
    real = [row for row in scores if row.model == model and row.material not in (*INTERVIEWS, WITHOUT_SPEECH)]
    for language in dict.fromkeys(row.material.rsplit("-", 1)[1] for row in real):
        pooled: dict[str, list[int]] = {}
        sets: dict[str, set[str]] = {}
        for row in real:
            if row.material.endswith(f"-{language}"):
                total = pooled.setdefault(row.system, [0, 0])
                total[0] += scores[row].wrong_words
                total[1] += scores[row].true_words
                sets.setdefault(row.system, set()).add(row.material)
        rates = {system: 100 * wrong / true for system, (wrong, true) in pooled.items() if true}
        for system in (AIRQUOTE, AIRQUOTE_OPENAI):
            # Pools of different sets are not comparable.
            best = [rates[other] for other in OTHERS if other in rates and sets[other] == sets.get(system)]
            if system in rates and best:
                what = f"real speech, {language}, {model}: {system}, WER"
                bars.most(what, rates[system], min(best) + REAL_SPEECH_POINTS)


def judge_against_batched(bars: Bars, model: str, scores: Scores) -> None:
    """Check WER against the batched pipeline on all real speech that both recognised, pooled."""
    wrong, true = {AIRQUOTE: 0, BATCHED: 0}, 0
    for row, score in scores.items():
        other = scores.get(Row(row.material, BATCHED, model))
        if (row.system, row.model) == (AIRQUOTE, model) and row.material not in (*INTERVIEWS, WITHOUT_SPEECH) and other:
            wrong[AIRQUOTE] += score.wrong_words
            wrong[BATCHED] += other.wrong_words
            true += score.true_words
    if true:
        what = f"real speech, {model}: {AIRQUOTE}, WER against {BATCHED}"
        bars.most(what, 100 * wrong[AIRQUOTE] / true, 100 * wrong[BATCHED] / true)


def judge_without_speech(bars: Bars, scores: Scores) -> None:
    """Check that clips without speech give no words: no hallucination."""
    for row, score in scores.items():
        if row.material == WITHOUT_SPEECH:
            bars.most(f"six clips without speech: {row.system}, words", score.recognised_words, 0)


def judge_hours(bars: Bars, scores: Scores) -> None:
    """Check memory and drift on the long interviews."""
    for row, score in scores.items():
        short = scores.get(Row("interview-10min", row.system, row.model))
        if row.system != AIRQUOTE or row.material not in INTERVIEWS or row.material == "interview-10min" or not short:
            continue
        bars.most(f"{row.material}: peak memory against ten minutes", score.megabytes / short.megabytes, MEMORY_RATIO)
        errors = drift(row)
        if errors:
            first, last = (statistics.median(part) for part in errors)
            bars.most(f"{row.material}: starts in the last ten minutes, median ms", last, first + DRIFT_MEDIAN)
