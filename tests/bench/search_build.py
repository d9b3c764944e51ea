"""Build the index of a library in a separate process, to measure its memory.

    python -m bench.search_build LIBRARY RESULT.json

Writes seconds, passages, peak memory in MB and the bytes of each part of the index.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.kept_results import bench_environment, keep
from bench.materials import ROOT
from bench.search_size import measure_parts
from bench.transcribe_one import peak_megabytes

from index.fulltext.maintenance import index_folder, open_index, rebuild_index
from index.storage.store import Store


@dataclass(frozen=True, slots=True)
class Built:
    """Time, memory and size of an index build."""

    seconds: float
    passages: int
    megabytes: float
    parts: dict[str, int]
    """Bytes, by part of the index."""

    @property
    def index_bytes(self) -> int:
        """The size of the index on disk."""
        return sum(self.parts.values())


def build_library(library: Path, kept: Path) -> Built:
    """Build the index of this library with the current code, unless the result is in ``kept`` already."""
    if not kept.exists():
        subprocess.run(
            [sys.executable, "-m", "bench.search_build", str(library), str(kept)],
            env=bench_environment(), cwd=ROOT, check=True,
        )  # fmt: skip
    return Built(**json.loads(kept.read_text(encoding="utf-8")))


def main() -> None:
    """Build, measure, write the result."""
    library, result = map(Path, sys.argv[1:])
    with Store.open(library) as store:
        began = time.perf_counter()
        rebuild_index(store)
        seconds = time.perf_counter() - began
        megabytes = peak_megabytes()
        with open_index(store) as opened:
            passages = opened.fulltext.passages()
        parts = measure_parts(index_folder(store))
    keep(result, asdict(Built(seconds, passages, megabytes, parts)))


if __name__ == "__main__":
    main()
