"""The contract of the command line: options, keys, streams and exit codes, for every command alike."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer
from command_lines import lines_with_results
from fake_engine import FakeEngine, Run, airquote, finish, start
from libraries import make_library

from index.transcript import Episode
from pipeline import answers
from pipeline.cli.help_pages import all_commands
from pipeline.cli.main import app

pytestmark = pytest.mark.usefixtures("engine")

COMMAND: Any = typer.main.get_command(app)
PAGES = {"help", "completion"}
"""Commands that print a text, and have no answers."""
COMMANDS = all_commands(COMMAND)
NAMES = sorted(set(COMMANDS) - PAGES)

JUDGED = (
    "article offset line quotation attributed kind misattributed n episode title show published speaker start end said "
    "similarity edits parts doubtful closest sound reason confidence certainty origin rests_on publisher"
    " citation link repeat overlap"
)
CHANGED = "episode change undone undoable voices"
PROFILES = "keeping known_voices known_speakers forgotten erased"
WITHOUT_LIBRARY = {"quotations"}
KEYS = {
    "search": (
        "n episode title show published speaker start end text context score citation link total total_exact"
        " total_error found_in chapter repeat origin speakers overlap"
    ),
    "trend": "query show period hits episodes searched_episodes searched_words per_10000_words",
    "locate": JUDGED,
    "verify": JUDGED,
    "quotations": "article quotation attributed fragment offset line reason",
    "at": "episode time start end text word speaker words before after chapter gap origin overlap",
    "words": "episode text start end probability heard speaker",
    "show": "episode start end text speaker flags misheard repeat origin chapter",
    "list": (
        "episode title show published media duration language engine model state number chapters origin publisher_kept"
        " people named_speakers"
    ),
    "transcribe": "source episode status reason",
    "import": "source episode status reason",
    "play": "episode start end player",
    "clip": "episode start end file rate channels",
    "cite": "episode title show published speaker start end link style citation",
    "compare": "n episode start end difference said publisher words_before words_after speaker",
    "edit": "episode title show published address language speakers changes",
    "correct": "episode correction start end heard text first last set_aside undone",
    "relink": "episode title whereabouts moved_from media candidates",
    "subscribe": "status show feed items reason others",
    "shows": (
        "show_number show feed items episodes checked reason latest since match wanted_transcripts no_audio keep_audio"
    ),
    "unsubscribe": "show feed episodes",
    "update": "show title published episode status duration bytes media reason",
    "download": "show title published episode status duration bytes media reason",
    "serve": "address library",
    "mcp": "address token library",
    "export": "episode format file document",
    "site": "file status bytes episode",
    "remove": "episode title media sound_removed",
    "reindex": "transcripts",
    "backup": "file bytes episodes",
    "restore": "library episodes kept",
    "doctor": "check ok detail way_out",
    "voices": (
        "episode voice label speaker named seconds sentences start sample_start sample_end told_by_sound suggested"
        " likelihood evidence"
    ),
    "voices name": CHANGED,
    "voices merge": CHANGED,
    "voices split": CHANGED,
    "voices undo": CHANGED,
    "voices find": "source episode status reason",
    "voices accept": CHANGED,
    "voices forget": PROFILES,
    "voices profiles": PROFILES,
    "models": "model megabytes multilingual weights engines how",
}


@pytest.fixture
def commands(tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[object, ...]]:
    """A command line for each command, in an order in which each has at least one result."""
    return lines_with_results(tmp_path, engine, monkeypatch)


def test_the_commands_are_those_of_the_contract() -> None:
    assert set(NAMES) == set(KEYS)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_takes_json_and_its_library_and_explains_itself(name: str) -> None:
    command = COMMANDS[name]
    options = {option for parameter in command.params for option in parameter.opts}
    assert "--json" in options
    assert ("--library" in options) == (name not in WITHOUT_LIBRARY)
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name} {parameter.name} has no help"
    run = airquote(*name.split(), "--help")
    assert run.code == 0
    assert command.help.split(":")[0].split(",")[0][:30] in " ".join(run.out.split())
    assert run.err == ""


def test_every_answer_has_exactly_its_keys_one_object_a_line(commands: dict[str, tuple[object, ...]]) -> None:
    assert set(commands) == set(KEYS)
    for name, arguments in commands.items():
        run = airquote(*name.split(), *arguments, "--json")
        assert run.code == 0, (name, run.err)
        assert run.answers, name
        for answer in run.answers:
            assert list(answer) == KEYS[name].split(), name
        assert not any(line.startswith("{") for line in run.err.splitlines())


def test_times_are_numbers_of_seconds_and_the_parts_of_a_moment_have_their_keys(
    commands: dict[str, tuple[object, ...]],
) -> None:
    airquote("transcribe", *commands["transcribe"])
    moment = airquote("at", "talk", "0:07.6", "--json").answer
    assert (moment["time"], moment["start"], moment["end"]) == (7.6, 7.5, 9.0)
    assert [list(word) for word in moment["words"]] == [["text", "start", "end", "probability", "heard"]] * 4
    assert [list(one) for one in moment["before"]] == [["start", "end", "text", "speaker"]]


def test_answers_go_to_stdout_without_colours_and_nothing_else_does(commands: dict[str, tuple[object, ...]]) -> None:
    for name, arguments in commands.items():
        run = airquote(*name.split(), *arguments)
        assert run.code == 0, (name, run.err)
        assert run.out or name == "play", name
        assert "\x1b" not in run.out + run.err, name
    airquote("transcribe", *commands["transcribe"])
    assert "[1/1]" in airquote("transcribe", *commands["transcribe"], "--force").err, "progress is on stderr"


def test_answers_are_the_same_with_and_without_progress(library: Path) -> None:
    make_library(library, ["the ferry left"]).close()
    piped = finish(start(None, "search", "ferry"))
    assert piped.code == 0
    assert "**ferry**" in piped.out
    assert "\x1b" not in piped.out + piped.err
    assert len(piped.out.splitlines()) == 2


def test_an_empty_library_is_told_beside_an_empty_answer(library: Path) -> None:
    make_library(library, []).close()
    for arguments in (("list",), ("list", "--json")):
        run = airquote(*arguments)
        assert (run.code, run.out) == (0, "")
    assert "empty" in airquote("list").err
    assert airquote("search", "anything").code == 1


def test_the_library_option_outdoes_the_environment(tmp_path: Path, library: Path) -> None:
    make_library(library, ["here"]).close()
    make_library(tmp_path / "other", ["there", "too"]).close()
    assert len(airquote("list", "--json").answers) == 1
    assert len(airquote("list", "--json", "--library", tmp_path / "other").answers) == 2


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("search",), ("list", "--no-such-option"), ("search", "a", "--limit", "x")]
)
def test_a_line_that_is_no_command_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    run = airquote(*arguments)
    assert (run.code, run.out) == (2, "")
    assert run.err


def test_the_version_is_printed() -> None:
    run = airquote("--version")
    assert run.code == 0
    assert run.out.startswith("airquote 0.")


def test_a_reader_that_stops_early_gets_no_traceback(library: Path) -> None:
    make_library(library, ["the ferry left " * 40] * 3).close()
    process = start(None, "search", "ferry", "--limit", "0")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    run: Run = finish(process)
    assert "Traceback" not in run.err


def test_the_keys_of_an_answer_are_its_fields() -> None:
    hidden = {"marks"}
    for kind, name in ((answers.FoundStatement, "search"), (answers.Moment, "at"), (answers.ListedEpisode, "list")):
        assert [field.name for field in fields(kind) if field.name not in hidden] == KEYS[name].split()
    assert {field.name for field in fields(Episode)} > {"show", "title", "published", "media", "duration", "state"}


def test_letters_of_every_script_stay_themselves_in_json(library: Path) -> None:
    make_library(library, ["Привет из café — 你好 مرحبا"]).close()
    out = airquote("search", "café", "--json").out
    assert "Привет из café — 你好 مرحبا" in out
    assert json.loads(out)["text"] == "café"
