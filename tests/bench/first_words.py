"""How soon the first words of a long recording are saved, from the start of the batch command.

python -m bench.first_words
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.kept_results import RESULTS, code_version, keep
from bench.kill_and_resume import saved_groups, start_command

RECORDING = "interview-60min"
"""The scan pauses once the first windows are known, so a longer recording takes no longer."""


def result_file() -> Path:
    """Return the file of the measurement."""
    return RESULTS / code_version() / "first-words.json"


def kept_first_words() -> float | None:
    """Return the seconds that were measured, None if they were not."""
    file = result_file()
    return float(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None


def measure_first_words() -> float:
    """Return the seconds, measured now unless they are kept."""
    kept = kept_first_words()
    if kept is not None:
        return kept
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        began = time.perf_counter()
        command = start_command(library, RECORDING)
        try:
            while not saved_groups(library):
                if command.poll() is not None:
                    sys.exit(f"the command ended with {command.returncode} before it saved any words")
                time.sleep(0.05)
            seconds = time.perf_counter() - began
        finally:
            command.kill()
            command.wait()
    keep(result_file(), seconds)
    return seconds


if __name__ == "__main__":
    print(f"{measure_first_words():.1f} s")
