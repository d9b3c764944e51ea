"""Time an article of quotations against a library: warm, and as the whole process of ``airquote verify``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.kept_results import bench_environment
from bench.materials import ROOT
from bench.quotes_judging import Asked, verify

from index.fulltext.maintenance import open_index
from index.storage.store import Store

WARM_UP = 3  # quotations that are judged before the clock starts


def measure_article(library: Path, texts: Sequence[str]) -> tuple[float, float]:
    """Return the seconds for these quotations with the library open, and for the command."""
    quotations = tuple((text, None) for text in texts)
    with Store.open(library) as store, open_index(store) as opened:
        verify(Asked(quotations[:WARM_UP]), opened)
        began = time.perf_counter()
        verify(Asked(quotations), opened)
        warm = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder, "article.txt")
        # The quotation marks inside a quotation would end it.
        plain = [text.replace('"', "").replace("“", "").replace("”", "") for text in texts]
        article.write_text("\n\n".join(f"“{text},” one of them said." for text in plain), encoding="utf-8")
        command = [
            sys.executable, "-c", "from pipeline.cli.main import main; main()", "verify", str(article), "--json",
            "--library", str(library),
        ]  # fmt: skip
        began = time.perf_counter()
        done = subprocess.run(command, env=bench_environment(), cwd=ROOT, check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - began
    judged = sum('"kind"' in line for line in done.stdout.splitlines())
    if judged < len(texts):
        print(f"{judged} of {len(texts)} quotations of the article were judged.", file=sys.stderr)
    return warm, seconds
