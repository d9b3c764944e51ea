"""Rows of a benchmark: each is run as its own command, and its result saved, so that a benchmark can resume."""

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
ENCODER = "encoder"
"""The system of the rows that time the encoder alone (`encoder_one`), which recognise nothing."""
# The code that the results depend on; changes to the rest of the project leave them valid.
MEASURED_CODE = (
    "audio/*.py", "audio/recording/*.py", "audio/seeking/*.py", "index/language/abbreviations.py",
    "index/language/sentences.py", "index/storage/*.py", "pipeline/engines/*.py", "pipeline/transcription/*.py",
    "pipeline/transcription/surveying/*.py", "pipeline/batch/*.py", "pipeline/batch/running/*.py", "constraints.txt",
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
        """The file of its runs, by code version. Results of other systems stay valid when our code changes, except
        where speed counts: then both are measured under the same conditions."""
        others = not self.system.startswith("airquote") and self.material not in TIMED
        version = code_version(OTHERS_CODE) if others else code_version()
        return RESULTS / version / f"{self.material}.{self.system}.{self.model}.json"

    def runs(self) -> list[dict[str, Any]]:
        """Return its runs so far: seconds, cpu_seconds, process_seconds, megabytes, processor, words."""
        runs: list[dict[str, Any]] = json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else []
        return runs

    def run(self) -> bool:
        """Run it once more and save the result; return whether it succeeded."""
        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "run.json"
            asked = [self.material, self.system, self.model, str(result)]
            module = "bench.encoder_one" if self.system == ENCODER else "bench.transcribe_one"
            command = [sys.executable, "-m", module, *asked]
            began = time.perf_counter()
            # The output of the batch command is discarded.
            done = subprocess.run(command, env=bench_environment(), cwd=ROOT, stdout=subprocess.DEVNULL)
            process_seconds = time.perf_counter() - began
            if done.returncode:
                return False
            measured = json.loads(result.read_text(encoding="utf-8"))
        keep(self.file, [*self.runs(), {**measured, "process_seconds": process_seconds}])
        return True


def keep(file: Path, value: object) -> None:
    """Write a result atomically."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".new")
    unfinished.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(file)


def bench_environment() -> dict[str, str]:
    """Return the environment of a benchmark process: code of this working tree, no network access for weights."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    return {**os.environ, "PYTHONPATH": path, "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}


@cache
def code_version(files: tuple[str, ...] = MEASURED_CODE) -> str:
    """Return a digest of the files that match these patterns."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in files for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
