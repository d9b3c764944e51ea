"""The progress of a batch, on a terminal and in a log."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import Terminal, airquote, speak, transcribe
from rich.console import Console
from rich.progress import Progress, TextColumn

from audio.errors import TAKE_PARTIAL, MediaError
from pipeline.answers import Outcome
from pipeline.cli.batch_record import BatchRecord
from pipeline.cli.counted_progress import SILENT_SECONDS
from pipeline.cli.printing import be_quiet
from pipeline.cli.progress import BatchBars, BatchLines, _batch_bars, show_progress
from pipeline.library import Library
from pipeline.progress import (
    BatchStarted,
    DownloadAdvanced,
    FileAdvanced,
    FileArrived,
    FileClosed,
    FileScanned,
    FileStarted,
    IndexAdvanced,
)


def done(source: str) -> Outcome:
    return Outcome(source, "id", "done", None)


@pytest.mark.usefixtures("engine")
def test_a_log_tells_length_pace_and_outcome_of_every_file(tmp_path: Path) -> None:
    files = [speak(tmp_path / f"{name}.wav", 2, seed) for seed, name in enumerate("ab")]
    (tmp_path / "c.mp3").touch()
    said = transcribe(*files, tmp_path / "c.mp3").err
    assert "[1/3] a.wav: 0:12 long" in said
    assert re.search(r"\[1/3\] a\.wav: done, \d+\.\d times real time; all files: 0:12 of 0:24, ", said)
    assert re.search(r"\[3/3\] c\.mp3: failed \(.*empty", said)
    assert "\x1b" not in said
    assert "skipped (already transcribed)" in airquote("transcribe", *files, "--model", "tiny.en").err


def test_a_long_file_is_told_of_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    show = BatchLines()
    show(BatchStarted(1, {"talk.mp3": 100.0}))
    show(FileStarted("talk.mp3", 100.0, 20.0))
    for second in range(1, 21):
        clock[0] = float(second)
        show(FileAdvanced("talk.mp3", 20.0 + 4 * second))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("1:40 long, resumed at 0:20")
    assert [line.strip() for line in lines[1:]] == [
        "talk.mp3: 0:40 of 1:40, 4.0 times real time, 0:15 left",
        "talk.mp3: 1:00 of 1:40, 4.0 times real time, 0:10 left",
        "talk.mp3: 1:20 of 1:40, 4.0 times real time, 0:05 left",
        "talk.mp3: 1:40 of 1:40, 4.0 times real time, 0:00 left",
    ]


def test_finding_speech_in_a_long_file_is_told_of_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    show = BatchLines()
    for source, duration in (("noise.mp3", 400.0), ("unstated.mp3", 0.0)):
        show(BatchStarted(1, {source: duration}))
        show(FileStarted(source, duration, 0.0))
        for _ in range(10):
            clock[0] += 1
            show(FileScanned(source, 40.0 * clock[0]))
    lines = capsys.readouterr().err.splitlines()
    assert [line.strip() for line in lines] == [
        "[1/1] noise.mp3: 6:40 long",
        "noise.mp3: finding speech: 3:20 of 6:40, 40.0 times real time, 0:05 left",
        "noise.mp3: finding speech: 6:40 of 6:40, 40.0 times real time, 0:00 left",
        "[1/1] unstated.mp3: 0:00 long",
        "unstated.mp3: finding speech: 10:00",
        "unstated.mp3: finding speech: 13:20",
    ]


def test_a_terminal_shows_a_bar_a_file_and_one_for_all() -> None:
    screen = io.StringIO()
    columns = (TextColumn("{task.description}"), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=Console(file=screen, force_terminal=True)) as bars:
        show = BatchBars(bars)
        show(BatchStarted(2, {"a.mp3": 10.0, "b.mp3": 20.0}))
        show(FileStarted("a.mp3", 10.0, 0.0))
        assert [task.description for task in bars.tasks] == ["all files", "a.mp3"]
        show(FileScanned("a.mp3", 5.0))
        assert bars.tasks[1].fields["pace"].startswith("finding speech: 0:05 of 0:10, ")
        assert bars.tasks[1].completed == 0.0, "the bar is for what is transcribed, and never goes back"
        show(FileAdvanced("a.mp3", 5.0))
        assert bars.tasks[1].completed == 5.0
        pace = bars.tasks[1].fields["pace"]
        show(FileScanned("a.mp3", 9.0))
        assert bars.tasks[1].fields["pace"] == pace, "the scan goes on beside it, and is told no more"
        show(FileStarted("a.mp3", 11.0, 5.0))
        assert (bars.tasks[1].completed, bars.tasks[1].total) == (5.0, 11.0)
        show(FileClosed(done("a.mp3")))
        assert [task.description for task in bars.tasks] == ["all files"]
        show(FileClosed(Outcome("b.mp3", None, "failed", "it is empty")))
        failed = MediaError("It is cut off.", TAKE_PARTIAL)
        show(FileClosed(Outcome("c.mp3", None, "failed", str(failed), failed)))
    assert "use what is there with --partial" in " ".join(screen.getvalue().split()), "in the command line's words"
    # Colours stand between the words.
    assert "b.mp3: failed (it is empty)" in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue())


def test_a_terminal_shows_downloads_beside_what_is_transcribed() -> None:
    columns = (TextColumn("{task.description}"), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=Console(file=io.StringIO(), force_terminal=True)) as bars:
        show = BatchBars(bars)
        show(BatchStarted(2, {"media/a": 10.0, "media/b": 20.0}))
        show(DownloadAdvanced("a", 0, 2_000_000))
        show(DownloadAdvanced("b", 1_000_000, None))
        assert [task.description for task in bars.tasks] == ["all files", "a", "b"]
        assert [task.fields["pace"] for task in bars.tasks[1:]] == ["downloading, 0 of 2 MB", "downloading, 1 MB"]
        show(DownloadAdvanced("a", 2_000_000, 2_000_000))
        show(FileArrived("media/a", "media/a.mp3"))
        show(FileStarted("media/a.mp3", 12.0, 0.0))
        assert [task.description for task in bars.tasks] == ["all files", "b", "a.mp3"]
        assert bars.tasks[0].total == 32.0, "what was announced is not counted beside what it is"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "empty", create=True) as library:
        yield library


def build_for(seconds: int, monkeypatch: pytest.MonkeyPatch, library: Library) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    with show_progress(library):
        for second in range(seconds + 1):
            clock[0] = float(second)
            library.progress(IndexAdvanced(10 * second, 10 * seconds))


def test_building_the_index_is_told_of_now_and_then_in_a_log(
    opened: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build_for(12, monkeypatch, opened)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [f"building the index: {done} of 120 transcripts" for done in (20, 80)]


@pytest.mark.parametrize(("total", "of"), [(120_000_000, " of 120"), (None, "")])
def test_a_download_is_told_of_now_and_then_in_a_log(
    total: int | None, of: str, opened: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr("pipeline.cli.progress.time.monotonic", lambda: clock[0])
    with show_progress(opened):
        for second in range(9):
            clock[0] = float(second)
            opened.progress(DownloadAdvanced("[red]talk\x1b", 10_000_000 * second + 1, total))
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[2] for line in lines] == [f"{done}{of} MB" for done in (21, 81)]
    assert all(line.startswith("downloading [red]talk") and "\x1b" not in line for line in lines)


@pytest.mark.parametrize("total", [120_000_000, None])
def test_a_download_is_a_bar_on_a_terminal(total: int | None, opened: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = put_screen(monkeypatch)
    monkeypatch.setattr("pipeline.cli.progress.DOWNLOAD_SECONDS", -1.0)
    with show_progress(opened):
        opened.progress(DownloadAdvanced("[red]talk", 50_000_000, total))
    assert "downloading [red]talk" in screen.getvalue()
    assert ("50/120 MB" if total else "50 MB") in screen.getvalue()


def test_building_the_index_is_a_bar_on_a_terminal_which_goes_when_it_is_done(
    opened: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", screen)
    build_for(12, monkeypatch, opened)
    # Colours stand between the words.
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue())
    assert re.search(r"building the index .*━.* 20/120 transcripts", shown)
    assert screen.getvalue().endswith("\x1b[2K")  # the line is wiped
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("screen", [Terminal(), io.StringIO()])
def test_an_index_that_is_built_in_a_moment_is_not_told_of(
    screen: io.StringIO, opened: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", screen)
    build_for(1, monkeypatch, opened)
    assert screen.getvalue() == ""


def test_a_bar_goes_when_building_the_index_fails(opened: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr("pipeline.cli.progress.INDEX_SECONDS", -1.0)
    with pytest.raises(KeyboardInterrupt), show_progress(opened):
        opened.progress(IndexAdvanced(1, 2))
        raise KeyboardInterrupt
    assert screen.getvalue().rindex("\x1b[?25h") > screen.getvalue().rindex("\x1b[?25l")  # the cursor is back


def put_screen(monkeypatch: pytest.MonkeyPatch, term: str = "xterm", columns: int = 80) -> Terminal:
    """A terminal in place of stderr."""
    terminal = Terminal()
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("sys.stderr", terminal)
    return terminal


def test_a_call_that_reports_nothing_yet_shows_that_it_works(opened: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = put_screen(monkeypatch)
    monkeypatch.setattr("pipeline.cli.counted_progress.SILENT_SECONDS", 0.0)
    with show_progress(opened):
        for _ in range(3000):
            if "working" in screen.getvalue():
                break
            time.sleep(0.01)
    assert "working" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K"), "the line is wiped"
    assert SILENT_SECONDS < 1.0


def test_a_call_that_is_soon_done_shows_nothing(opened: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = put_screen(monkeypatch)
    with show_progress(opened):
        pass
    assert screen.getvalue() == ""


def test_quiet_shows_no_progress_and_keeps_the_outcomes(opened: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = put_screen(monkeypatch)
    monkeypatch.setattr("pipeline.cli.counted_progress.SILENT_SECONDS", 0.0)
    record = BatchRecord()
    be_quiet(True)
    try:
        with show_progress(opened, record.note):
            opened.progress(BatchStarted(1, {"a.mp3": 10.0}))
            opened.progress(FileStarted("a.mp3", 10.0, 0.0))
            opened.progress(FileClosed(done("a.mp3")))
    finally:
        be_quiet(False)
    assert screen.getvalue() == ""
    assert (record.files, record.outcomes) == (1, [done("a.mp3")])


def test_a_dumb_terminal_gets_lines(opened: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = put_screen(monkeypatch, term="dumb")
    with show_progress(opened):
        opened.progress(BatchStarted(1, {"a.mp3": 10.0}))
        opened.progress(FileStarted("a.mp3", 10.0, 0.0))
        opened.progress(FileClosed(done("a.mp3")))
    assert "\x1b" not in screen.getvalue()
    assert screen.getvalue().splitlines()[0] == "[1/1] a.mp3: 0:10 long"


@pytest.mark.parametrize("columns", [60, 80, 120, 160])
def test_the_bars_of_long_files_fit_the_width_and_short_files_say_what_is_done(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = put_screen(monkeypatch, columns=columns)
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    name = "The Quiet Harbor - the roof and the stars - part 12.mp3"
    with _batch_bars() as bars:
        show = BatchBars(bars)
        events = (
            BatchStarted(2, {name: 9000.0, "b.mp3": 7200.0}),
            FileStarted(name, 9000.0, 0.0),
            FileScanned(name, 4000.0),
            FileStarted(name, 9000.0, 0.0),
            FileAdvanced(name, 3600.0),
        )
        for event in events:
            clock[0] += 400.0
            show(event)
            bars.refresh()
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue()))
    assert max(map(len, lines)) <= columns
    assert any("12.mp3" in line and "transcribing 2:30:00" in line for line in lines), "before anything is saved"
    if columns >= 80:
        assert any("1:06:40 of 2:30:00" in line and "left" in line for line in lines), "time left is not cut off"
        assert any("1:00:00 of 2:30:00" in line and "left" in line for line in lines)
