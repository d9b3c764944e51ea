"""Help in groups and plain words, options before and after the command's name, the manual page, and completion."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import typer
from fake_engine import ROOT, airquote
from libraries import add_text, make_library

from index.storage.store import Store
from pipeline.cli.completion import SHELLS
from pipeline.cli.help_pages import GROUPS, all_commands, what_it_takes
from pipeline.cli.main import app

PROGRAM: Any = typer.main.get_command(app)
COMMANDS = all_commands(PROGRAM)
NAMES = sorted(COMMANDS)
OPTIONS = [
    (name, option)
    for name in NAMES
    for option in COMMANDS[name].params
    if option.param_type_name == "option" and not option.is_flag
]


def test_every_command_stands_in_one_group_of_the_help() -> None:
    grouped = [name for _, names in GROUPS for name in names]
    assert sorted(set(grouped)) == sorted(grouped)
    assert set(PROGRAM.commands) <= set(grouped)
    shown = airquote("--help").out
    assert [heading for heading, _ in GROUPS if f"\n{heading}\n" in shown] == [heading for heading, _ in GROUPS]
    for name in PROGRAM.commands:
        assert re.search(rf"^  {name} +{re.escape(PROGRAM.commands[name].help)}$", shown, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_help_is_the_same_by_each_way_to_ask_and_names_every_option(name: str) -> None:
    page = airquote("help", *name.split())
    assert (page.code, page.err) == (0, "")
    assert airquote(*name.split(), "-h").out == airquote(*name.split(), "--help").out == page.out
    for option in COMMANDS[name].params:
        for written in (*option.opts, *option.secondary_opts) if option.param_type_name == "option" else ():
            assert written in page.out
        assert option.help in page.out
    assert not re.search(r"<\w+( range)?>|\bINTEGER\b|\bFLOAT\b|x>=", page.out), "plain types"


def test_help_alone_is_the_overview_and_unknown_topics_are_named() -> None:
    assert airquote("help").out == airquote("--help").out
    assert airquote("help", "syntax").out == airquote("search", "--syntax").out
    run = airquote("help", "serach")
    assert run.code == 2
    assert "Do you mean search?" in run.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("search", "a", "--limit", "x"), "--limit takes a whole number, 0 or more, not 'x'."),
        (("search", "a", "--limit", "-1"), "--limit takes a whole number, 0 or more, not '-1'."),
        (("play", "a", "--for", "0"), "--for takes seconds, at least 0.1, not '0'."),
        (("locate", "a", "--min-similarity", "2"), "--min-similarity takes a number, 0 to 1, not '2'."),
        (("search", "a", "--sort", "size"), "--sort takes score, date or time, not 'size'."),
        (("search", "a", "--limit"), "--limit needs a value: a whole number, 0 or more."),
        (("list", "--json=1"), "--json takes no value."),
        (("list", "--jso"), "airquote list has no option --jso. Do you mean --json"),
        (("serach",), "There is no command 'serach'. Do you mean search?"),
        (("--limit", "3", "search", "a"), "airquote has no option --limit. Write it behind the name of its command."),
        (("models", "x", "y"), "airquote models has no use for 'x y'."),
        (("verify",), "airquote verify needs ARTICLE"),
        (("--json",), "Which command?"),
        (("clip", "a", "-o", ""), "--output: It is an empty name."),
    ],
)
def test_usage_errors_say_in_plain_words_what_would_be_right(arguments: tuple[str, ...], told: str) -> None:
    run = airquote(*arguments)
    assert (run.code, run.out) == (2, "")
    first, usage, more = run.err.splitlines()
    assert first.startswith(told)
    assert usage.startswith("Usage: airquote")
    assert airquote(*more.removeprefix("Help: airquote ").split()).code == 0, "the command that it names works"


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=lambda one: getattr(one, "name", one))
def test_an_error_about_any_number_says_what_the_help_says(name: str, option: Any) -> None:
    takes = what_it_takes(option)
    if takes is None:
        return
    run = airquote(*name.split(), f"{option.opts[-1]}=@", *["x"] * 3)
    assert run.code == 2
    assert f"takes {takes}, not '@'." in run.err
    if "number" in takes or "seconds" in takes:
        assert f"[{takes}" in airquote(*name.split(), "-h").out


def test_options_of_the_whole_stand_before_or_after_the_name(library: Path, tmp_path: Path) -> None:
    make_library(library, ["here"]).close()
    make_library(tmp_path / "other", ["there", "too"]).close()
    other = ("--library", tmp_path / "other")
    assert airquote(*other, "--json", "list").out == airquote("list", *other, "--json").out
    assert len(airquote(*other, "--json", "list").answers) == 2
    assert len(airquote(*other, "list", "--json", "--library", library).answers) == 1, "the nearer one counts"
    assert airquote(*other, "--tsv", "list").out == airquote("list", *other, "--tsv").out
    for arguments in (("--version",), ("list", "--version"), ("search", "--version")):
        assert airquote(*arguments).out.startswith("airquote 0."), arguments


def test_quiet_leaves_answers_and_errors(library: Path) -> None:
    make_library(library, ["the ferry left"]).close()
    loud = airquote("search", "ferry")
    assert loud.err
    for arguments in (("-q", "search", "ferry"), ("search", "ferry", "--quiet")):
        run = airquote(*arguments)
        assert (run.code, run.out, run.err) == (0, loud.out, "")
    assert (airquote("-q", "search", "zebra").code, airquote("-q", "search", "zebra").err) == (1, "")
    assert "no episode" in airquote("show", "nothing", "-q").err
    assert "takes a whole" in airquote("-q", "search", "a", "--limit", "x").err
    assert airquote("search", "ferry").err == loud.err, "for one command only"


# The manual page


def test_the_manual_page_has_every_command_option_and_exit_code() -> None:
    page = airquote("help", "--man").out
    lines = page.splitlines()
    assert lines[0].startswith(".TH AIRQUOTE 1 ")
    sections = [line.removeprefix(".SH ") for line in lines if line.startswith(".SH ")]
    assert sections[:3] == ["NAME", "SYNOPSIS", "DESCRIPTION"]
    assert {"QUERIES", "ENVIRONMENT", "EXIT STATUS"} <= set(sections)
    for name in NAMES:
        assert any(re.match(rf"\.SS airquote {name}\b", line) for line in lines), name
        for option in COMMANDS[name].params:
            assert all(one.replace("-", "\\-") in page for one in option.opts if one.startswith("--"))
    requests = {line.split()[0] for line in lines if line.startswith((".", "'"))}
    assert requests == {".TH", ".SH", ".SS", ".TP", ".B", ".nf", ".fi"}, "a line of text is no request"
    assert not re.search(r"(?<!\\)-", "".join(line for line in lines[1:] if not line.startswith(".TH"))), "- is a minus"


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is missing: apt-get install groff")
def test_the_manual_page_is_what_man_can_show() -> None:
    run = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", "-Kutf8"],
        input=airquote("help", "--man").out,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "airquote verify ARTICLE" in re.sub(r".\x08|\x1b\[[0-9;]*m", "", run.stdout)


# Completion


def complete(line: str, shell: str = "bash") -> list[str]:
    """What a shell is given for a line whose last word is incomplete."""
    words = line.split(" ")
    asked = {
        "bash": {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
        "powershell": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1]},
    }[shell]
    with mock.patch.dict(os.environ, {"_AIRQUOTE_COMPLETE": f"complete_{shell}", **asked}):
        run = airquote()
    assert (run.code, run.err) == (0, ""), run.err
    return [one for one in run.out.splitlines() if one]


@pytest.fixture
def shows(library: Path) -> Path:
    """A library with two shows."""
    with Store.open(library, create=True) as store:
        add_text(store, "The Roof", "the ferry left", show="The Quiet Harbor")
        add_text(store, "The Stars", "the ferry left", show="Don't Ask")
        add_text(store, "Talk", "the ferry left")
        store.add_show("Night Boat", "https://a.example/feed", '{"title":"Night Boat"}', "{}")
    return library


@pytest.mark.usefixtures("shows")
def test_commands_options_episodes_and_shows_are_completed() -> None:
    assert complete("airquote se") == ["search", "serve"]
    assert complete("airquote search --si") == ["--since"]
    assert complete("airquote search x --sort d") == ["date"]
    assert complete("airquote show the-") == ["the-roof", "the-stars"]
    assert complete("airquote unsubscribe ni") == [r"Night\ Boat"]
    assert complete("airquote edit --of-show the") == [r"The\ Quiet\ Harbor"]
    assert complete("airquote play THE-R") == ["the-roof"]
    assert complete("airquote search x --episode t") == ["talk", "the-roof", "the-stars"]
    assert complete("airquote search x --show t") == [r"The\ Quiet\ Harbor"]
    assert complete("airquote search x --show d") == [r"Don\'t\ Ask"]
    assert complete("airquote transcribe a.mp3 --model distil-m") == ["distil-medium.en"]
    assert complete("airquote --version ") != ["airquote 0.1.0"], "nothing is done meanwhile"


@pytest.mark.usefixtures("shows")
@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_is_answered(shell: str) -> None:
    assert "the-roof" in "".join(complete("airquote show the-", shell))
    assert "search" in "".join(complete("airquote se", shell))


def test_without_a_library_or_with_a_damaged_one_nothing_is_completed_and_nothing_made(library: Path) -> None:
    assert complete("airquote show x") == []
    assert not library.exists()
    library.mkdir()
    (library / "airquote.db").write_text("no database")
    assert complete("airquote show x") == []
    assert complete("airquote search a --show x") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_is_printed(shell: str) -> None:
    run = airquote("completion", shell)
    assert (run.code, run.err) == (0, "")
    assert "_AIRQUOTE_COMPLETE" in run.out
    assert "airquote" in run.out
    program = shutil.which(shell)
    if program is not None and shell != "powershell":
        subprocess.run([program, "-n"], input=run.out, text=True, check=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.usefixtures("shows")
def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    program = tmp_path / "airquote"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m pipeline.cli.main "$@"\n')
    program.chmod(0o755)
    script = airquote("completion", "bash").out
    lines = """
COMP_WORDS=(airquote search x --show 'The\\ Q'); COMP_CWORD=4; _airquote_completion airquote; echo "${COMPREPLY[0]}"
COMP_WORDS=(airquote show the-r); COMP_CWORD=2; _airquote_completion airquote; echo "${COMPREPLY[0]}"
"""
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["bash", "--norc", "-c", script + lines], env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert run.stdout.splitlines() == [r"The\ Quiet\ Harbor", "the-roof"], run.stderr
