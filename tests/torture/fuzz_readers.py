"""Fuzz the readers of transcript files with damaged files of real programs: ``make fuzz``.

python -m torture.fuzz_readers [--minutes M] [--reader LAYOUT]
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import multiprocessing
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType

from fake_engine import ROOT
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase
from torture.fuzz_texts import SCRAPS

from index.errors import TranscriptFileError
from index.formats.import_assembly import assemble_import
from index.formats.reading import JSON_LAYOUTS, TEXT_LAYOUTS, parse_file
from index.formats.writing import WRITERS, write_transcript

SOURCES = ROOT / "tests" / "data" / "sources"
CORPUS = ROOT / ".cache" / "fuzz"
READERS = tuple(dict.fromkeys(name for name, _, _ in (*TEXT_LAYOUTS, *JSON_LAYOUTS)))
LEAST_SECONDS = 20
MOST_SECONDS_FOR_ONE = 10
MOST_MEGABYTES = 500
_BATCH = 200
"""Examples of one run of Hypothesis, between two looks at the clock."""

_NUMBERS = ("NaN", "Infinity", "-1", "0", "1e308", "9" * 30, "1" * 5000, "-0.0001", "1,5", "null", "٣", "99:99:99,999",
            "1e-320")  # fmt: skip
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "cp1251", "gb18030", "cp932", "latin-1", "utf-8-sig", "cp437")
_NUMBER = re.compile(r"-?[0-9]+(?:[.,:][0-9]+)*")


def seeds(reader: str) -> list[str]:
    """The texts of the small files that a reader reads."""
    return [text for layout, text in _all_seeds() if layout == reader]


@cache
def _all_seeds() -> tuple[tuple[str, str], ...]:
    return tuple(_read_seeds())


def _read_seeds() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and path.suffix != ".expected":
            data = path.read_bytes()
            encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
            yield parse_file(data, path).layout, data.decode(encoding, "surrogateescape")


Change = tuple[int, int, int]
"""The kind of a change, and two numbers that say where and with what."""


def damage(text: str, changes: list[Change]) -> bytes:
    """Return the text after some changes that keep most of its structure."""
    for kind, where, what in changes:
        text = CHANGES[kind % len(CHANGES)](text, where, what)
        text = text[:100_000]
    data = text.encode("utf-8", "surrogateescape" if _fits(text) else "surrogatepass")
    for kind, where, what in changes:
        if kind % 7 == 0 and data:
            place = where % len(data)
            data = data[:place] + bytes([what % 256]) + data[place + 1 :]
        elif kind % 31 == 0:
            data = data.decode("utf-8", "replace").encode(_ENCODINGS[what % len(_ENCODINGS)], "replace")
    return data


def _fits(text: str) -> bool:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _on_lines(change: Callable[[list[str], int, int], None]) -> Callable[[str, int, int], str]:
    def changed(text: str, where: int, what: int) -> str:
        lines = text.split("\n")
        change(lines, where % len(lines), what)
        return "\n".join(lines)

    return changed


def _swap(lines: list[str], row: int, what: int) -> None:
    other = what % len(lines)
    lines[row], lines[other] = lines[other], lines[row]


def _delete(lines: list[str], row: int, what: int) -> None:
    del lines[row : row + 1 + what % 3]


def _repeat(lines: list[str], row: int, what: int) -> None:
    lines[row:row] = lines[row : row + 5] * (1, 2, 50)[what % 3]


def _replace_number(text: str, where: int, what: int) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    one = found[where % len(found)]
    return text[: one.start()] + _NUMBERS[what % len(_NUMBERS)] + text[one.end() :]


def _insert_scrap(text: str, where: int, what: int) -> str:
    place = where % (len(text) + 1)
    return text[:place] + SCRAPS[what % len(SCRAPS)] + text[place:]


def _cut(text: str, where: int, what: int) -> str:
    place = where % (len(text) + 1)
    return text[:place] + text[place + what % 40 :]


def _cut_off(text: str, where: int, _: int) -> str:
    return text[: where % (len(text) + 1)]


def _end_lines(text: str, _: int, what: int) -> str:
    return text.replace("\n", ("\r", "\r\n", "\r\r\n", "\n\n", " \n")[what % 5])


CHANGES: tuple[Callable[[str, int, int], str], ...] = (
    _on_lines(_swap), _on_lines(_delete), _on_lines(_repeat), _replace_number, _replace_number, _insert_scrap, _cut,
    _cut_off, _end_lines,
)  # fmt: skip


def read_damaged(data: bytes) -> None:
    """Read and write what a file may be. What is no transcript is refused; all else is right, whatever it says."""
    try:
        file = parse_file(data, Path("fuzzed"))
    except TranscriptFileError:
        return
    for cue in file.cues:
        assert 0 <= cue.start <= cue.end < math.inf, cue
    transcript = assemble_import(file)
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)
    for format in WRITERS:
        write_transcript(transcript, format).encode()


@dataclass(slots=True)
class Run:
    """What fuzzing a reader came to."""

    reader: str
    executions: int = 0
    megabytes: int = 0
    wrong: str = ""


def changed_files(reader: str) -> st.SearchStrategy[bytes]:
    """Damaged files of the layout of a reader."""
    change = st.tuples(st.integers(0, 10**4), st.integers(0, 10**6), st.integers(0, 10**4))
    return st.builds(damage, st.sampled_from(seeds(reader)), st.lists(change, min_size=1, max_size=6))


def fuzz_reader(reader: str, seconds: float) -> Run:
    """Fuzz a reader for some seconds with Hypothesis, or with Atheris where that is installed too."""
    run = Run(reader)
    ends = time.monotonic() + max(seconds, LEAST_SECONDS)
    files, number = changed_files(reader), int(time.time())
    while time.monotonic() < ends and not run.wrong:
        number += 1
        try:
            _run_batch(files, number, run)
        except BaseException as error:  # noqa: BLE001 - what is looked for, of any kind
            notes = " ".join(getattr(error, "__notes__", ()))
            run.wrong = f"{type(error).__name__}: {error} {notes}"[:2000]
    run.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if run.megabytes > MOST_MEGABYTES:
        run.wrong = run.wrong or f"{run.megabytes} MB"
    return run


def _run_batch(files: st.SearchStrategy[bytes], number: int, run: Run) -> None:
    @seed(number)
    @settings(
        max_examples=_BATCH, deadline=None, database=DirectoryBasedExampleDatabase(CORPUS / run.reader),
        phases=(Phase.reuse, Phase.generate, Phase.target, Phase.shrink), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(files)
    def read(data: bytes) -> None:
        run.executions += 1
        with _time_limit(MOST_SECONDS_FOR_ONE):
            read_damaged(data)

    read()


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _fuzz_with_atheris(reader: str, seconds: float) -> None:
    """Fuzz a reader with Atheris, which ends the process; its corpus is kept too."""
    import atheris

    folder = CORPUS / "atheris" / reader
    folder.mkdir(parents=True, exist_ok=True)
    for row, text in enumerate(seeds(reader)):
        (folder / f"seed{row}").write_bytes(text.encode("utf-8", "surrogateescape"))
    limits = [f"-max_total_time={int(max(seconds, LEAST_SECONDS))}", f"-rss_limit_mb={MOST_MEGABYTES}"]
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], str(folder), *limits, f"-timeout={MOST_SECONDS_FOR_ONE}"], read_damaged)
    atheris.Fuzz()


def main() -> int:
    """Fuzz all readers, or one, and print executions for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("MINUTES") or 10))
    parser.add_argument("--reader", choices=READERS, default=os.environ.get("READER") or None)
    asked = parser.parse_args()
    readers = [asked.reader] if asked.reader else list(READERS)
    seconds = 60 * asked.minutes / len(readers)
    processes = multiprocessing.get_context("spawn")
    wrong = 0
    print("| reader | executions | most memory, MB | wrong |\n|---|---|---|---|")
    for reader in readers:
        with processes.Pool(1) as pool:
            run = pool.apply(fuzz_reader, (reader, seconds))
        print(f"| {run.reader} | {run.executions} | {run.megabytes} | {run.wrong or '-'} |", flush=True)
        wrong += bool(run.wrong)
        if importlib.util.find_spec("atheris"):
            process = processes.Process(target=_fuzz_with_atheris, args=(reader, seconds))
            process.start()
            process.join()
            wrong += process.exitcode != 0
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
