"""Every error is a message that names its subject, with the right exit code."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from fake_engine import (
    ENGINE,
    FakeEngine,
    airquote,
    allow_file_size,
    finish,
    speak,
    start,
    states,
    transcribe,
    write_driver,
)
from libraries import make_library

from audio.errors import UsageError, correct_input
from index.storage.store import Store

pytestmark = pytest.mark.usefixtures("engine")

WINDOWS = 7


def test_an_unknown_language_is_wrong_usage(tmp_path: Path, engine: FakeEngine) -> None:
    def refuse(_: int) -> None:
        raise UsageError("tiny knows no language 'tlh'.", correct_input("Write it as en."))

    engine.before = refuse
    engine.multilingual = True
    run = transcribe(speak(tmp_path / "a.wav", 1), "--model", "base", "--language", "tlh")
    assert run.code == 2
    assert "'tlh'" in run.err


def test_a_full_disk_ends_the_run_and_the_next_one_completes_it(tmp_path: Path, library: Path) -> None:
    done = speak(tmp_path / "done.wav", 2, seed=5)
    transcribe(done)
    long = speak(tmp_path / "long.wav", WINDOWS)
    limit = (library / "airquote.db").stat().st_size + 2000
    answers = 'engine.answers.extend([" ".join(map(str, range(3000)))] * 99)\n'
    driver = write_driver(tmp_path / "driver.py", tmp_path / "log", allow_file_size(limit) + answers)
    full = finish(start(driver, "transcribe", *ENGINE, long))
    assert full.code == 4, full.err
    assert "Traceback" not in full.err
    assert "saved" in full.err or "room" in full.err
    assert airquote("list", "--json").code == 0
    assert transcribe(done, long).code == 0
    assert states(library) == ["transcribed"] * 2
    with Store.open(library) as store:
        assert store.check() == []


def test_a_library_folder_that_takes_no_new_file_is_told_of(tmp_path: Path, library: Path) -> None:
    library.mkdir()
    (library / "locks").write_text("in the way")
    run = transcribe(speak(tmp_path / "a.wav", 1))
    assert run.code == 4
    assert "Traceback" not in run.err
    assert str(library) in run.err


NAMES = (
    "مقابلة مع البحّار.wav",
    "访谈 第一集.wav",
    "an episode  with spaces.wav",
    "a\nline.wav",
    "-o.wav",
    "2019.wav",
    "★.wav",
)


def test_files_of_any_name_are_transcribed_found_and_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed, name in enumerate(NAMES):
        speak(tmp_path / name, 1, seed)
    monkeypatch.chdir(tmp_path)
    run = transcribe("--", *NAMES)
    assert run.code == 0, run.err
    assert [answer["source"] for answer in run.answers] == list(NAMES)
    ids = [answer["episode"] for answer in run.answers]
    assert len(set(ids)) == len(NAMES)
    for name, episode in zip(NAMES, ids, strict=True):
        assert not episode.isdigit()
        assert airquote("show", "--", Path(name).stem).code == 0
        assert airquote("clip", episode, 3, 4, "-o", tmp_path / f"{episode}.flac").code == 0
    table = airquote("list").out.splitlines()
    assert len(table) == 1 + len(NAMES), "one line an episode"


def test_a_name_that_is_no_text_fails_only_that_file(tmp_path: Path) -> None:
    good = speak(tmp_path / "good.wav", 1)
    bad = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.wav"))
    try:
        shutil.copy(good, bad)
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    speak(bad, 1, seed=1)
    process = start(write_driver(tmp_path / "driver.py", tmp_path / "log"), "transcribe", *ENGINE, "--json", good, bad)
    run = finish(process)
    assert run.code == 3, run.err
    assert [answer["status"] for answer in run.answers] == ["done", "failed"]
    assert "Rename" in run.answers[1]["reason"]
    assert "Traceback" not in run.err


def test_a_title_is_for_one_file(tmp_path: Path, engine: FakeEngine) -> None:
    files = [speak(tmp_path / f"{name}.wav", 1, seed) for seed, name in enumerate("ab")]
    run = transcribe(*files, "--title", "Both")
    assert run.code == 2
    assert "--title" in run.err
    assert engine.asked == []


def test_a_folder_without_media_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("nothing to hear")
    run = transcribe(tmp_path / "empty")
    assert run.code == 2
    assert str(tmp_path / "empty") in run.err


@pytest.mark.parametrize("jobs", ["0", "-1"])
def test_no_jobs_at_all_is_wrong_usage(jobs: str, tmp_path: Path) -> None:
    run = transcribe(speak(tmp_path / "a.wav", 1), "--jobs", jobs)
    assert run.code == 2
    assert "jobs" in run.err


def test_without_weights_the_error_names_the_model_the_places_and_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    file = speak(tmp_path / "a.wav", 1)
    run = finish(start(None, "transcribe", file, "--device", "cpu", "--model", "medium"))
    assert run.code == 4
    assert run.out == ""
    assert "medium" in run.err
    assert "hub" in run.err
    assert "--model tiny.en" in run.err


@pytest.mark.parametrize(
    ("query", "column"),
    [('"unclosed', 1), ("ferry AND", 9), ("(ferry", 1), ("ferry)", 6), ("OR ferry", 1), ("NOT ferry", 1), ("fer~9", 1)],
)
def test_a_broken_query_is_pointed_at(query: str, column: int, library: Path) -> None:
    make_library(library, ["the ferry left"]).close()
    run = airquote("search", "--", query)
    assert (run.code, run.out) == (2, "")
    lines = run.err.splitlines()
    caret = next(number for number, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1].strip() == query
    assert lines[caret].index("^") - lines[caret - 1].index(query) == column - 1


@pytest.mark.parametrize("query", ["", "   ", "...", "()", '""'])
def test_a_query_without_words_is_wrong_usage(query: str, library: Path) -> None:
    make_library(library, ["the ferry left"]).close()
    run = airquote("search", query)
    assert (run.code, run.out) == (2, "")


@pytest.mark.parametrize(
    "command", [("show",), ("remove",), ("export",), ("at", "1"), ("play", "1"), ("clip", "1", "2")]
)
def test_an_unknown_or_ambiguous_episode_is_wrong_usage_and_names_the_candidates(
    command: tuple[str, ...], tmp_path: Path, library: Path
) -> None:
    make_library(library, ["one", "two"]).close()
    target = ("-o", tmp_path / "x.wav") if command[0] == "clip" else ()
    unknown = airquote(command[0], "episod-a", *command[1:], *target)
    assert (unknown.code, unknown.out) == (2, "")
    assert "'episod-a'" in unknown.err
    assert "episode-a" in unknown.err
    ambiguous = airquote(command[0], "epi", *command[1:], *target)
    assert (ambiguous.code, ambiguous.out) == (2, "")
    assert "episode-a" in ambiguous.err
    assert "episode-b" in ambiguous.err


@pytest.mark.parametrize("time", ["soon", "1:75", "-1", "1:2:3:4", "", "nan", "inf", "1e3", "²"])
def test_a_time_that_is_none_is_wrong_usage(time: str, library: Path) -> None:
    make_library(library, ["one"]).close()
    run = airquote("at", "episode-a", "--", time)
    assert (run.code, run.out) == (2, "")
    assert "time" in run.err


@pytest.mark.parametrize(
    "command",
    [("list",), ("show", "a"), ("search", "a"), ("at", "a", "1"), ("at", "1"), ("remove", "a"), ("reindex",),
     ("export", "a"), ("play", "1"), ("clip", "a", "1", "2", "-o", "x.wav")],
)  # fmt: skip
def test_without_a_library_every_command_says_how_to_make_one(command: tuple[str, ...], library: Path) -> None:
    run = airquote(*command)
    assert (run.code, run.out) == (2, "")
    assert str(library) in run.err
    assert "airquote transcribe" in run.err
    assert not library.exists()


def test_a_library_of_a_newer_airquote_is_left_alone(library: Path) -> None:
    make_library(library, ["one"]).close()
    with contextlib.closing(sqlite3.connect(library / "airquote.db")) as database:
        database.execute("PRAGMA user_version = 999")
    run = airquote("list")
    assert (run.code, run.out) == (4, "")
    assert "newer" in run.err


def test_a_file_that_is_no_library_is_left_alone(library: Path) -> None:
    library.mkdir()
    (library / "airquote.db").write_bytes(b"something else" * 100)
    run = airquote("search", "one")
    assert (run.code, run.out) == (4, "")
    assert "Traceback" not in run.err
    assert (library / "airquote.db").read_bytes() == b"something else" * 100


def test_an_unforeseen_error_is_not_nothing_found(monkeypatch: pytest.MonkeyPatch, library: Path) -> None:
    make_library(library, ["one"]).close()

    def fail(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("pipeline.library.Library.episodes", fail)
    run = airquote("list")
    assert run.code == 4
    assert "unforeseen" in run.err


ODD = ("", " ", "-", "--", "0", "1", "9" * 5000, "²", "٣", "\x00", "a\x1b[31mb", "%", "'", '"', "\ud800", "~nobody/x")


@pytest.mark.parametrize("odd", ["\udce9", "x" * 5000, "\0", "1e308", "9" * 309], ids=range(5))
def test_odd_values_of_options_end_in_a_message_never_in_a_traceback(
    odd: str, recorded_talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIRQUOTE_PLAYER", "true")
    cues, article = tmp_path / "cues.srt", tmp_path / "article.txt"
    cues.write_text("1\n00:00:01,000 --> 00:00:02,000\nThe ferry left the harbor at noon.\n")
    article.write_text("“The ferry left the harbor at noon,” said Ann.")
    assert airquote("import", cues).code == 0
    values = {
        ("transcribe", *ENGINE, recorded_talk, "--force"): "title show prompt language glossary jobs",
        ("import", cues): "title show date audio language library",
        ("search", "ferry"): "show episode speaker since until lang facets sort limit offset context",
        ("trend", "ferry"): "by per show episode speaker since until lang",
        ("locate", "The ferry left the harbor at noon"): "show episode min-similarity limit",
        ("verify", article): "show episode context html clips",
        ("clip", "talk", "0", "1", "--overwrite"): "output",
        ("clip", "talk", "0", "1", "--output", "a.wav", "--overwrite"): "pad",
        ("play", "talk", "1"): "for lead",
        ("export", "talk"): "output format",
    }
    lines = [(*line, f"--{name}", odd) for line, names in values.items() for name in names.split()]
    lines += [("clip", "talk", odd, odd, "-o", "b.wav"), ("words", "talk", "0", odd), ("verify", odd), ("locate", odd)]
    for line in lines:
        run = airquote(*line)
        assert run.code in (0, 1, 2, 3, 4)
        assert "Traceback" not in run.err, (line, run.err)
        assert "report this" not in run.err + run.out, (line, run.out)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_arguments_end_in_a_message_never_in_a_traceback(
    odd: str, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make_library(library, ["the ferry left", "and came back"]).close()
    runs = [
        airquote(name, *options, "--", *[odd] * count)
        for name, count, options in (
            ("show", 1, ()),
            ("remove", 1, ()),
            ("search", 1, ()),
            ("trend", 1, ()),
            ("at", 1, ()),
            ("at", 2, ()),
            ("play", 1, ()),
            ("play", 2, ()),
            ("clip", 1, ("-o", "clip.wav")),
            ("clip", 3, ("-o", "clip.wav")),
            ("clip", 1, ("-o", odd)),
            ("export", 1, ()),
            ("export", 1, ("-o", odd)),
            ("import", 1, ()),
            ("transcribe", 1, ENGINE),
        )
    ]
    runs += [airquote("list", "--library", odd), airquote("import", "--library", odd, "--", odd)]
    runs += [airquote("export", "episode-a", "-o", odd), airquote("export", "episode-a", "-f", odd)]
    for run in runs:
        assert run.code in (0, 1, 2, 3, 4)
        assert "Traceback" not in run.err, run.err
        assert run.out or run.err
