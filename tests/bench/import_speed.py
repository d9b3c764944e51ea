"""Time the import of transcripts of an hour, half SRT and half Whisper's JSON with words; the index apart.

    python -m bench.import_speed 1000 --jobs 2

Each job imports its share into a library of its own: what one process does, on as many cores. Prints wall and processor
time. The text is that of the interview of the other benches, moved on by a word from file to file.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.materials import ROOT

from index.storage.store import Store
from pipeline.import_export import import_transcripts

LINE_WORDS = 9
WORD_SECONDS = 0.38
PAUSE = 0.05
HOUR = 3600.0

Line = tuple[float, float, list[str]]


def make_lines(words: list[str], first: int) -> list[Line]:
    """An hour of lines of words that begins with the word ``first`` of a text, which is repeated."""
    lines: list[Line] = []
    start = 0.0
    while start < HOUR:
        place = first + LINE_WORDS * len(lines)
        said = [words[row % len(words)] for row in range(place, place + LINE_WORDS)]
        lines.append((start, start + LINE_WORDS * WORD_SECONDS, said))
        start += LINE_WORDS * WORD_SECONDS + PAUSE
    return lines


def as_srt(lines: list[Line]) -> str:
    """The lines as SRT."""

    def clock(seconds: float) -> str:
        minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
        return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000:02},{milliseconds % 1000:03}"

    return "".join(
        f"{row}\n{clock(start)} --> {clock(end)}\n{' '.join(said)}\n\n"
        for row, (start, end, said) in enumerate(lines, 1)
    )


def as_json(lines: list[Line]) -> str:
    """The lines as Whisper's JSON, each word with its times."""
    segments = []
    for start, end, said in lines:
        words = [
            {"word": f" {word}", "start": start + row * WORD_SECONDS, "end": start + (row + 0.8) * WORD_SECONDS}
            for row, word in enumerate(said)
        ]
        segments.append({"start": start, "end": end, "text": "".join(f" {word}" for word in said), "words": words})
    return json.dumps({"text": "".join(str(one["text"]) for one in segments), "segments": segments, "language": "en"})


def import_share(files: list[Path]) -> float:
    """Import files into a library of their own; return the processor time in seconds."""
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder, "library"), create=True) as store:
        assert all(outcome.status == "done" for outcome in import_transcripts(store, files))
    return time.process_time() - begun


def main() -> None:
    """Make the files, import them, print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=int)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    words = (ROOT / "tests" / "bench" / "long_interview.txt").read_text(encoding="utf-8").split()
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(asked.jobs) as pool:
        files = []
        for number in range(asked.files):
            lines = make_lines(words, number)
            files.append(Path(folder, f"{number}.{'json' if number % 2 else 'srt'}"))
            files[-1].write_text(as_json(lines) if number % 2 else as_srt(lines), encoding="utf-8")
        begun = time.perf_counter()
        shares = [files[job :: asked.jobs] for job in range(asked.jobs)]
        spent = sum(pool.map(import_share, shares))
    wall = time.perf_counter() - begun
    print(
        f"{asked.files} transcripts of an hour: {wall:.0f} s by the clock, {spent:.0f} s of processors,"
        f" {asked.jobs} jobs"
    )
    print(f"1,000 of them: {1000 * wall / asked.files:.0f} s and {1000 * spent / asked.files:.0f} s")


if __name__ == "__main__":
    main()
