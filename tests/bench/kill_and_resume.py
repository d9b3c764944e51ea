"""Kill the batch command at random moments, rerun it, and check that nothing is lost or done twice.

    python -m bench.kill_and_resume 25

Every trial has its own library, in which an SQL trigger records each saved group of windows: so the counts are of what
the command did, not of what it reports.
"""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.kept_results import RESULTS, bench_environment, code_version, keep
from bench.materials import ROOT, load_material

from index.storage.store import STORE_NAME, Store
from index.transcript import Transcript

MATERIAL, MODEL = "interview-10min", "tiny.en"


@dataclass(frozen=True, slots=True)
class Trial:
    """One kill: its time in seconds, the groups saved before, those saved twice, whether the transcript is the same."""

    second: float
    saved_before: int
    saved_twice: int
    same: bool


def result_file() -> Path:
    """Return the file of the trials."""
    return RESULTS / code_version() / "kill-and-resume.json"


def kept_trials() -> list[Trial]:
    """Return the trials so far."""
    file = result_file()
    return [Trial(**fields) for fields in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else []


def run_trials(count: int) -> list[Trial]:
    """Run trials until there are ``count``, including saved ones."""
    trials = kept_trials()
    if len(trials) >= count:
        return trials
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole"
        watch_library(whole)
        began = time.perf_counter()
        start_command(whole).wait()
        seconds = time.perf_counter() - began
        expected = read_transcript(whole)
        assert expected is not None and expected.words
        while len(trials) < count:
            number = len(trials)
            moment = random.Random(number).uniform(0, seconds)
            trials.append(try_kill(Path(folder) / str(number), moment, expected))
            keep(result_file(), [asdict(trial) for trial in trials])
            print(trials[-1], file=sys.stderr, flush=True)
    return trials


def try_kill(library: Path, moment: float, expected: Transcript) -> Trial:
    """Run one trial; if the command finishes before the kill, repeat with an earlier moment."""
    watch_library(library)
    process = start_command(library)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    else:
        return try_kill(library.with_name(f"{library.name}x"), moment * 0.9, expected)
    before = saved_groups(library)
    again = start_command(library)
    again.wait()
    after = saved_groups(library)
    same = again.returncode == 0 and read_transcript(library) == expected
    return Trial(moment, len(before), len(after) - len(set(after)), same)


def start_command(library: Path) -> subprocess.Popen[bytes]:
    """Start the batch command on the interview."""
    (recording,) = load_material(MATERIAL)
    asked = ["--engine", "faster-whisper", "--model", MODEL, "--library", str(library)]
    command = [sys.executable, "-m", "pipeline.cli.main", "transcribe", str(recording.media), *asked]
    return subprocess.Popen(
        command, cwd=ROOT, env=bench_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def watch_library(library: Path) -> None:
    """Create a library whose database records every saved group of windows."""
    with Store.open(library, create=True):
        pass
    with closing(sqlite3.connect(library / STORE_NAME)) as connection, connection:
        connection.execute("CREATE TABLE bench_saved (part INTEGER)")
        connection.execute(
            "CREATE TRIGGER bench_note AFTER INSERT ON draft_parts"
            " BEGIN INSERT INTO bench_saved VALUES (new.number); END"
        )


def saved_groups(library: Path) -> list[int]:
    """Return the number of each saved group, as often as it was saved."""
    with closing(sqlite3.connect(library / STORE_NAME)) as connection:
        rows: list[Any] = connection.execute("SELECT part FROM bench_saved").fetchall()
    return [part for (part,) in rows]


def read_transcript(library: Path) -> Transcript | None:
    """Return the complete transcript, None if there is none."""
    with Store.open(library) as store:
        episodes = store.episodes()
        return store.transcript(episodes[0].id) if episodes else None


def main() -> None:
    """Run the trials and print a summary."""
    trials = run_trials(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
    wrong = [trial for trial in trials if not trial.same or trial.saved_twice]
    print(f"{len(trials)} kills, {len(wrong)} wrong; groups saved before: {[t.saved_before for t in trials]}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
