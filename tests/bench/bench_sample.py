"""Benchmark on the sample interview: WER, utterance times, start-up, store and index. Run by ``make bench``.

Prints each measurement with its bar, and fails if a bar is missed.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from libraries import search
from measuring import INTERVIEW, end_errors, load_utterances, start_errors, word_error_rate

from index.language.sentences import split_sentences
from index.storage.store import STORE_NAME, Store
from index.transcript import Episode, Transcript, Word

HEAVY = ("torch", "whisper", "numba", "ctranslate2", "onnxruntime", "av")
RUNS = 9


class Table:
    """Rows of measurements, and whether all bars are met."""

    def __init__(self) -> None:
        self.met = True

    def add(self, what: str, value: float, unit: str, bar: float | None = None) -> None:
        """Print one row; ``bar`` is the maximum of ``value``."""
        verdict = "" if bar is None else f"at most {bar:g}" if value <= bar else f"MISSED: at most {bar:g}"
        self.met = self.met and (bar is None or value <= bar)
        print(f"{what:<58}{value:>10.3g} {unit:<8}{verdict}", flush=True)


def airquote(*arguments: str, library: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a new process."""
    command = [sys.executable, "-m", "pipeline.cli.main", *arguments, "--library", str(library)]
    return subprocess.run(command, check=True, capture_output=True, text=True)


def median_seconds(action: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of several runs, after a warm-up run."""
    action()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def measure_engines(table: Table, folder: Path) -> None:
    """Measure both engines on the sample: WER, mutual WER, starts and ends of utterances, speed."""
    utterances = load_utterances()
    truth = " ".join(utterance.text for utterance in utterances)
    texts = {}
    for engine in ("faster-whisper", "openai-whisper"):
        library = folder / engine
        began = time.perf_counter()
        airquote(
            "transcribe", str(INTERVIEW), "--model", "tiny.en", "--engine", engine, "--speakers", "off", library=library
        )
        seconds = time.perf_counter() - began
        with Store.open(library) as store:
            (episode,) = store.episodes()
            transcript = store.transcript(episode.id)
        assert transcript is not None and episode.duration is not None
        texts[engine] = transcript.text
        starts = [abs(error) * 1000 for error in start_errors(utterances, transcript.words)]
        ends = [abs(error) * 1000 for error in end_errors(utterances, transcript.words)]
        table.add(f"{engine}: WER", 100 * word_error_rate(truth, transcript.text), "%", 6)
        table.add(f"{engine}: utterance starts found, of {len(utterances)}", len(starts), "")
        table.add(f"{engine}: utterance starts, median error", statistics.median(starts), "ms", 80)
        table.add(f"{engine}: utterance starts, p95", statistics.quantiles(starts, n=20)[-1], "ms")
        table.add(f"{engine}: utterance ends, median error", statistics.median(ends), "ms")
        table.add(f"{engine}: whole process, times real time", episode.duration / seconds, "x")
    table.add("WER of one engine's text against the other's", 100 * word_error_rate(*texts.values()), "%", 3)


def measure_start(table: Table, library: Path) -> None:
    """Measure whole processes, and list their heavy imports."""
    script = Path(sys.executable).with_name("airquote")
    for name, arguments, bar in (
        ("airquote --help, whole process", ["--help"], 0.3),
        ("airquote search, whole process", ["search", "roof", "--library", str(library)], 0.6),
    ):
        command = [str(script), *arguments]
        seconds = median_seconds(partial(subprocess.run, command, check=True, capture_output=True))
        table.add(name, seconds, "s", bar)
        heavy = imported_heavy(command[1:])
        table.add(f"{name.split(',')[0]}: heavy imports {' '.join(heavy)}", len(heavy), "", 0)


def imported_heavy(arguments: Sequence[str]) -> list[str]:
    """Return the heavy packages that one run of the command line imports."""
    command = [sys.executable, "-X", "importtime", "-m", "pipeline.cli.main", *arguments]
    log = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in log.splitlines() if line.startswith("import")}
    return [name for name in HEAVY if name in imported]


def spoken_hour(chooser: random.Random, vocabulary: Sequence[str]) -> Transcript:
    """Make a transcript of 10,000 words with times and probabilities as irregular as real ones."""
    words, now = [], 0.0
    for text in chooser.choices(vocabulary, k=10_000):
        end = now + chooser.uniform(0.06, 0.6)
        words.append(Word(f" {text}", round(now, 3), round(end, 3), chooser.betavariate(8, 1)))
        now = end + chooser.choice((0.0, 0.0, 0.0, chooser.uniform(0.1, 0.8)))
    return Transcript("en", "bench", "bench", "{}", "aligned", tuple(words), split_sentences(words, "en"))


def measure_store(table: Table, folder: Path) -> None:
    """Measure reading of words, and the size of an hour of speech (10,000 words from a small real vocabulary)."""
    chooser = random.Random(1)
    words = " ".join(utterance.text for utterance in load_utterances()).split()
    with Store.open(folder / "hour", create=True) as store:
        for number in range(10):
            episode = store.add_episode(Episode(f"hour-{number}", None, f"hour {number}", None, "", "registered"))
            store.save_transcript(episode.id, spoken_hour(chooser, words))
        number = next(iter(store.transcripts()))
        passages = [chooser.randrange(9_800) for _ in range(200)]
        times = [median_seconds(partial(store.words, number, first, first + 149), 3) for first in passages]
        table.add("words of one passage (150), warm", 1000 * statistics.median(times), "ms", 1)
        hour = median_seconds(partial(store.words, number, 0, 9_999))
        table.add("words of an hour (10,000), warm", 1000 * hour, "ms", 50)
    # Closed first, so that the write-ahead log is empty.
    table.add("store, an hour of speech", (folder / "hour" / STORE_NAME).stat().st_size / 10 / 1000, "KB", 150)
    with Store.open(folder / "hour") as store:
        search(store, "roof", 10)
        index = sum(path.stat().st_size for path in (folder / "hour" / "index").rglob("*") if path.is_file())
        table.add("index, an hour of speech", index / 10 / 1000, "KB")
        for kind, query in (("word", "roof"), ("phrase", '"there is more to come"')):
            seconds = median_seconds(partial(search, store, query, 10))
            table.add(f"search of a {kind} in ten hours, warm", 1000 * seconds, "ms")


def main() -> None:
    """Measure everything and print it."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    table = Table()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        measure_engines(table, folder)
        measure_start(table, folder / "faster-whisper")
        measure_store(table, folder)
    sys.exit(0 if table.met else 1)


if __name__ == "__main__":
    main()
