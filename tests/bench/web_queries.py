"""Draw the queries of the web benchmark from a library, in a process of its own: it reads all words of the library.

python -m bench.web_queries LIBRARY RESULT.json NUMBER
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.kept_results import bench_environment, keep
from bench.materials import ROOT
from bench.search_corpus import load_corpus
from bench.search_queries import draw_queries


def load_queries(library: Path, kept: Path, number: int) -> list[str]:
    """Return so many queries, drawn unless they are in ``kept`` already."""
    if not kept.exists():
        subprocess.run(
            [sys.executable, "-m", "bench.web_queries", str(library), str(kept), str(number)],
            env=bench_environment(), cwd=ROOT, check=True,
        )  # fmt: skip
    queries: list[str] = json.loads(kept.read_text(encoding="utf-8"))
    return queries


def main() -> None:
    """Draw and write them."""
    library, result, number = sys.argv[1:]
    keep(Path(result), [asked.text for asked in draw_queries(load_corpus(Path(library)), int(number))])


if __name__ == "__main__":
    main()
