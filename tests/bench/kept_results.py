"""Rows of a bench: each is run as a command of its own, and what it gave is kept, so that a bench can go on later."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.materials import CACHE, ROOT

RESULTS = CACHE / "results"
MEASURED_CODE = ("audio", "index", "pipeline")


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one material with one model."""

    material: str
    system: str
    model: str

    @property
    def file(self) -> Path:
        """Where its runs are kept: under the commit, and under the change to it that is not committed."""
        return RESULTS / code_version() / f"{self.material}.{self.system}.{self.model}.json"

    def runs(self) -> list[dict[str, Any]]:
        """Its runs so far: seconds, process_seconds, megabytes, words."""
        runs: list[dict[str, Any]] = json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else []
        return runs

    def run(self) -> bool:
        """Run it once more and keep what it gave; whether it gave anything."""
        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "run.json"
            asked = [self.material, self.system, self.model, str(result)]
            command = [sys.executable, "-m", "bench.transcribe_one", *asked]
            began = time.perf_counter()
            # What the batch command prints is not the bench's.
            done = subprocess.run(command, env=bench_environment(), cwd=ROOT, stdout=subprocess.DEVNULL)
            process_seconds = time.perf_counter() - began
            if done.returncode:
                return False
            told = json.loads(result.read_text(encoding="utf-8"))
        keep(self.file, [*self.runs(), {**told, "process_seconds": process_seconds}])
        return True


def keep(file: Path, value: object) -> None:
    """Write a result so that it is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    waiting = file.with_suffix(".new")
    waiting.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    waiting.replace(file)


def bench_environment() -> dict[str, str]:
    """For a process of the bench: this working tree's code, and no look at the net for weights."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    return {**os.environ, "PYTHONPATH": path, "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}


@cache
def code_version() -> str:
    """The commit, with a digest of what differs from it in the code that is measured."""
    git = ["git", "-C", str(ROOT)]
    commit = subprocess.run([*git, "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True)
    changes = subprocess.run([*git, "diff", "HEAD", "--", *MEASURED_CODE], check=True, capture_output=True)
    digest = f"-{hashlib.sha256(changes.stdout).hexdigest()[:8]}" if changes.stdout else ""
    return commit.stdout.strip() + digest
