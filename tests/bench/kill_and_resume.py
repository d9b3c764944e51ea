"""Kill the batch command at random moments, rerun it, and check that nothing is lost or done twice.

    python -m bench.kill_and_resume 25

Every trial has its own library, and the command records each group of windows after it has saved it: so the counts are
of what the command did, not of what it reports.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.kept_results import RESULTS, bench_environment, code_version, keep
from bench.materials import ROOT, load_material

from index.storage.store import Store
from index.transcript import Transcript

RECORDING_COMMAND = """
import sys
from index.storage.store import Store
from pipeline.cli.main import main
record, save = sys.argv.pop(1), Store.save_draft_parts
def save_and_record(store, draft, parts):
    parts = list(parts)
    save(store, draft, parts)
    with open(record, "a") as file:
        file.writelines(f"{number}\\n" for number, _ in parts)
Store.save_draft_parts = save_and_record
main()
"""
"""The command line, with a record of the saved groups: a library with a trigger for it would be refused."""

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


def start_command(library: Path, material: str = MATERIAL) -> subprocess.Popen[bytes]:
    """Start the batch command on an interview."""
    (recording,) = load_material(material)
    asked = ["--engine", "faster-whisper", "--model", MODEL, "--library", str(library)]
    command = [
        sys.executable,
        "-c",
        RECORDING_COMMAND,
        str(record_of(library)),
        "transcribe",
        str(recording.media),
        *asked,
    ]
    return subprocess.Popen(
        command, cwd=ROOT, env=bench_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def record_of(library: Path) -> Path:
    """Return the file that records the saved groups, next to the library."""
    return library.with_name(f"{library.name}.saved")


def saved_groups(library: Path) -> list[int]:
    """Return the number of each saved group, as often as it was saved."""
    record = record_of(library)
    return list(map(int, record.read_text().split())) if record.exists() else []


def read_transcript(library: Path) -> Transcript | None:
    """Return the complete transcript, None if there is none."""
    if not library.exists():
        return None
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
