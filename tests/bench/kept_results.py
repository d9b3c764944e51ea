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

from bench.materials import CACHE, ROOT, TIMED

RESULTS = CACHE / "results"
# What a transcript comes from, and with what else it is measured; the rest of the project may change meanwhile.
MEASURED_CODE = (
    "audio/*.py", "index/language/abbreviations.py", "index/language/sentences.py", "index/storage/*.py",
    "pipeline/engines/*.py", "pipeline/transcription/*.py", "pipeline/batch/*.py", "constraints.txt",
)  # fmt: skip
OTHERS_CODE = ("tests/bench/systems.py", "constraints.txt")


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one material with one model."""

    material: str
    system: str
    model: str

    @property
    def file(self) -> Path:
        """Where its runs are kept: under what it measures. Another system's words stay what they are when ours
        change; where its speed counts too, it is measured again beside ours."""
        others = not self.system.startswith("airquote") and self.material not in TIMED
        version = code_version(OTHERS_CODE) if others else code_version()
        return RESULTS / version / f"{self.material}.{self.system}.{self.model}.json"

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
def code_version(files: tuple[str, ...] = MEASURED_CODE) -> str:
    """A digest of the files that these patterns name."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in files for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
