"""How well machines of a cluster are used, and how much one writer takes: the tables of docs/cluster.md.

    python -m bench.bench_scale_cluster workers --counts 1 2 3 4
    python -m bench.bench_scale_cluster writer --groups 1000000

``workers`` transcribes two hours in four files on a real Ray cluster on this machine, with so many workers of one
core each. Instead of decoding the sound, scanning it and recognising windows they sleep as long as that would take on a
core of their own, because this machine may have fewer cores. ``overhead`` is what a group takes more there than in one
process, where each is a short sleep. ``writer`` has a simulation instead of the cluster: 1,000 workers, scheduled as on
a cluster, whose groups come as fast as the writer takes them, with texts of a few words; the batch, its store and the
index are real.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median

import numpy as np
from audio_samples import write_wav
from bench.materials import ROOT
from bench.processor import describe_processor
from bench.sleeping_engine import (
    SECONDS_A_GROUP,
    SECONDS_A_WINDOW,
    SPEECH,
    TURN,
    SleepingEngine,
    SleepingGroups,
    load_sleeping,
)
from fake_engine import MODEL

from audio.samples import SAMPLE_RATE
from audio.timecode import Span
from audio.windows import Window
from index.storage.store import Store
from index.transcript import Word
from pipeline.batch.batch import Batch
from pipeline.batch.batch_request import Request
from pipeline.batch.cluster.file_worker import FileWorker
from pipeline.batch.cluster.schedule import Schedule
from pipeline.batch.cluster.unit import EngineSettings, FileUnit, WorkerFacts
from pipeline.batch.running.executor import Event, Finished, Transcription, Work
from pipeline.engines.base import WindowText
from pipeline.engines.choose import EngineSpec
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan, first_window
from pipeline.transcription.transcribe import settings_of

HOUR_LONG = ROOT / ".cache" / "bench" / "interview-60min.mp3"
SPEC = EngineSpec("faster-whisper", MODEL, "cpu")
OPTIONS = TranscriptionOptions(SPEC, speakers="off", partial=True)  # parts of a file look cut off
SPEEDUP_BARS = {2: 1.8, 3: 2.6, 4: 3.4}
OVERHEAD_BAR = 0.050
WRITER_BAR = 200
SETTLE_SECONDS = 40
"""How long the workers may take to start, before time is taken."""
SIMULATED_WORKERS = 1000
GROUPS_A_FILE = 25


@dataclass(frozen=True, slots=True)
class ClusterRun:
    """A run with some workers: seconds until all is done, without their start, and the number of groups."""

    workers: int
    seconds: float
    groups: int


def run_on_cluster(workers: int, recordings: Sequence[Path], pause: float) -> ClusterRun:
    """Transcribe recordings on so many workers of one core each."""
    from fake_cluster import run_cluster

    from pipeline.batch.cluster.on_cluster import OnCluster

    works = [Transcription(f"{n:064x}", file, OPTIONS, None, frozenset()) for n, file in enumerate(recordings)]
    with run_cluster() as cluster:
        for _ in range(workers):
            cluster.add(variables={SECONDS_A_WINDOW: pause})
        begun, groups = 0.0, 0

        def send() -> Iterator[Transcription]:
            nonlocal begun
            yield Transcription("f" * 64, write_wav(recordings[0].parent / "short.wav", np.zeros(16_000, np.int16),
                                                    SAMPLE_RATE), OPTIONS, None, frozenset())  # fmt: skip
            time.sleep(SETTLE_SECONDS)
            begun = time.monotonic()
            yield from works

        for _, event in OnCluster(cluster.place, SPEC, load=load_sleeping).run(send()):
            groups += isinstance(event, Group)
        return ClusterRun(workers, time.monotonic() - begun, groups)


def plan_groups(folder: Path, groups: int) -> SleepingGroups:
    """Return the work on a file of so many groups, for which nothing is scanned or decoded."""
    recording = write_wav(folder / "groups.wav", np.zeros(SAMPLE_RATE, np.int16), SAMPLE_RATE)
    windows = tuple(Window(n, (Span(TURN * n, TURN * n + SPEECH),)) for n in range(first_window(groups)))
    plan = Plan(TURN * len(windows), windows, "en", settings_of(SleepingEngine()))
    return SleepingGroups("0" * 64, recording, OPTIONS, plan, frozenset())


def seconds_a_group(events: Iterable[Event]) -> float:
    """Take the events of one file; return the seconds from the first group to the last, by their number."""
    times = [time.monotonic() for event in events if isinstance(event, Group)]
    return (times[-1] - times[0]) / (len(times) - 1)


def do_here(work: SleepingGroups) -> Iterator[Event]:
    """Let a worker in this process do the work, and yield its events."""
    worker = FileWorker(load_sleeping, SPEC, 1)
    worker.prepare(None, ())
    worker.begin(FileUnit(work.key, work), "shared", work.media.stat().st_size, ())
    while not isinstance(event := worker.next_event(), Finished):
        assert isinstance(event, Group), event
        yield event


def measure_overhead(groups: int, rounds: int, folder: Path) -> bool:
    """Print what a group takes more on a cluster of one worker than in this process; return whether the bar is met."""
    from fake_cluster import run_cluster

    from pipeline.batch.cluster.on_cluster import OnCluster

    work = plan_groups(folder, groups)
    print(f"{describe_processor()}\n{groups} groups, {SECONDS_A_GROUP} s each\n")
    print("| here, ms a group | on a cluster | more |\n|---|---|---|")
    more = []
    with run_cluster() as cluster:
        cluster.add()
        for _ in range(rounds):
            here = seconds_a_group(do_here(work))
            events = OnCluster(cluster.place, SPEC, load=load_sleeping).run([work])
            there = seconds_a_group(event for _, event in events)
            more.append(there - here)
            print(f"| {here * 1000:.1f} | {there * 1000:.1f} | {more[-1] * 1000:.1f} |", flush=True)
    overhead = median(more)
    print(f"\noverhead of a group: {overhead * 1000:.1f} ms, the median (bar {OVERHEAD_BAR * 1000:.0f} ms)")
    return overhead <= OVERHEAD_BAR


def measure_workers(counts: Sequence[int], pause: float, files: int, folder: Path) -> bool:
    """Print what each number of workers takes; return whether the bars are met."""
    sound, recordings = HOUR_LONG.read_bytes(), []
    for number in range(files):
        part = folder / f"part {number}.mp3"
        first = number * 2 * len(sound) // files % len(sound)  # a stream of MP3 can be cut anywhere
        part.write_bytes(sound[first : first + 2 * len(sound) // files] + bytes([number]) * 128)
        recordings.append(part)
    print(f"{describe_processor()}\ntwo hours in {files} files, {pause} s a window\n")
    print("| workers | seconds | times one worker | bar |\n|---|---|---|---|")
    one, met = 0.0, True
    for count in counts:
        run = run_on_cluster(count, recordings, pause)
        one = run.seconds if count == 1 else one
        times = one / run.seconds if one else float("nan")
        bar = SPEEDUP_BARS.get(count)
        met = met and (bar is None or times >= bar)
        print(f"| {count} | {run.seconds:.1f} | {times:.2f} | {bar or ''} |", flush=True)
    return met


@dataclass(slots=True)
class SimulatedCluster:
    """An executor: workers that deliver a group each time that they are asked, as on a cluster, without one."""

    workers: int
    words: int
    vocabulary: int = 5000
    delivered: int = 0
    _settings: EngineSettings = field(default_factory=lambda: {"fake": 1})

    def run(self, works: Iterable[Work]) -> Iterator[tuple[str, Event]]:
        """See Executor."""
        waiting, schedule = iter(works), Schedule()
        facts = WorkerFacts("host", "1", "faster-whisper", MODEL, "cpu", 1, self._settings)
        running: dict[str, Iterator[Event]] = {}
        for number in range(self.workers):
            schedule.join(str(number), facts)
        all_known = False
        while not all_known or schedule.files:
            for name in map(str, range(self.workers)):
                while not all_known and not schedule.has_work(name) and not schedule.new_files:
                    work = next(waiting, None)
                    all_known = work is None
                    if work is not None:
                        yield from schedule.add(work)
                if not schedule.has_work(name):
                    unit = schedule.assign(name)
                    if unit is None:
                        continue
                    running[name] = self._do(unit.work)
                event = next(running[name])
                self.delivered += isinstance(event, Group)
                yield from schedule.take(name, event)

    def _do(self, work: Work) -> Iterator[Event]:
        assert isinstance(work, Transcription)
        plan = work.plan
        if plan is None:
            windows = first_window(GROUPS_A_FILE)
            spans = tuple(Window(n, (Span(25.0 * n, 25.0 * n + 24),)) for n in range(windows))
            plan = Plan(25.0 * windows, spans, "en", self._settings)
            yield plan
        for number in range(plan.groups):
            if number not in work.done:
                chance, last = Random(f"{work.key} {number}"), first_window(number + 1)
                texts = tuple(self._text(chance) for _ in range(first_window(number), last))
                yield Group(number, texts, 25.0 * last)
        yield Finished()

    def _text(self, chance: Random) -> WindowText:
        drawn = enumerate(chance.choices(range(self.vocabulary), k=self.words))
        words = tuple(Word(f" w{word}", 0.3 * n, 0.3 * n + 0.2, 0.5) for n, word in drawn)
        return WindowText(words, "en", -0.1, 1.0, 0.0, 0.0)


def measure_writer(groups: int, words: int, folder: Path) -> bool:
    """Print how many groups a second the batch writes, and its memory on the way; return whether the bar is met."""
    files = -(-groups // GROUPS_A_FILE)
    print(f"{describe_processor()}\n{SIMULATED_WORKERS} simulated workers, {words} words a window\n")
    print("| groups | episodes | groups a second since the row before | memory, MB |\n|---|---|---|---|")
    executor, recordings = SimulatedCluster(SIMULATED_WORKERS, words), _make_files(folder, files)
    begun = since = time.monotonic()
    before, told, slowest = 0, max(1, groups // 10), float("inf")
    with Store.open(folder / "library", create=True) as store:
        closed = 0

        def note(event: object) -> None:
            nonlocal closed, since, before, slowest
            if type(event).__name__ != "FileClosed":
                return
            closed += 1
            if executor.delivered - before >= told:
                now = time.monotonic()
                rate = (executor.delivered - before) / (now - since)
                slowest = min(slowest, rate)
                memory = _memory()
                print(f"| {executor.delivered:,} | {closed:,} | {rate:.0f} | {memory:.0f} |", flush=True)
                since, before = now, executor.delivered

        batch = Batch(store, executor, Request(OPTIONS.resolve(), model_named=True), note)
        batch.run(recordings)
        done = sum(outcome.status == "done" for outcome in batch.outcomes)
    seconds = time.monotonic() - begun
    print(
        f"\n{executor.delivered:,} groups in {seconds:.0f} s: {executor.delivered / seconds:.0f} a second; {done} done"
    )
    return done == files and executor.delivered / seconds >= WRITER_BAR


def _make_files(folder: Path, files: int) -> list[Path]:
    made = []
    for number in range(files):
        sound = np.full(16, number % 30_000, np.int16)
        sound[0] = number // 30_000
        place = folder / "sound" / f"{number // 1000}"
        place.mkdir(parents=True, exist_ok=True)
        made.append(write_wav(place / f"{number}.wav", sound, SAMPLE_RATE))
    return made


def _memory() -> float:
    """The memory of this process now, in MB."""
    told = Path("/proc/self/statm")
    if told.exists():
        return int(told.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> int:
    """Run what is named, and return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["workers", "overhead", "writer"], help="workers, overhead, writer")
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--seconds-a-window", type=float, default=0.5)
    parser.add_argument("--files", type=int, default=4, help="that the two hours are in, at least 2")
    parser.add_argument("--overhead-groups", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5, help="of overhead")
    parser.add_argument("--groups", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=2, help="in each window of the simulation")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="airquote-bench-"))
    try:
        met = True
        if "workers" in chosen.parts:
            met = measure_workers(chosen.counts, chosen.seconds_a_window, chosen.files, folder)
        if "overhead" in chosen.parts:
            met = measure_overhead(chosen.overhead_groups, chosen.rounds, folder) and met
        if "writer" in chosen.parts:
            met = measure_writer(chosen.groups, chosen.words, folder) and met
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
