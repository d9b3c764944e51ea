"""Rules of errors: facts below the command line, wording in it, one definition of each kind of way out."""

from __future__ import annotations

import ast
import inspect
import pickle
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest
import typer
from fake_engine import ROOT

from audio import errors as audio_errors
from audio.errors import (
    TAKE_PARTIAL,
    AirquoteError,
    InputError,
    MachineError,
    TruncatedMediaError,
    UsageError,
    WayOut,
    allow_overwrite,
    correct_input,
    reinstall,
)
from index import errors as index_errors
from index.errors import LIST_EPISODES, REINDEX, EpisodeError, IndexDamagedError, QueryError
from pipeline import errors as pipeline_errors
from pipeline.answers import Outcome
from pipeline.cli.errors import WORDS, explain, explain_outcome, explain_way_out
from pipeline.cli.main import app, exit_code
from pipeline.errors import (
    add_recording,
    choose_or_get_model,
    get_model,
    link_again,
    name_english_or_choose_model,
    put_back_or_transcribe,
    resume_transcription,
)
from pipeline.result_json import to_json
from pipeline.settings import load_settings

MODULES: tuple[ModuleType, ...] = (audio_errors, index_errors, pipeline_errors)
FILES = sorted(file for layer in ("audio", "index", "pipeline") for file in (ROOT / layer).rglob("*.py"))
COMMANDS: Any = typer.main.get_command(app)
PHRASE = re.compile(rf"(?<![\w-])--[a-z]|\bairquote ({'|'.join(COMMANDS.commands)})\b")
"""An option, or a command with its name: words of the command line."""
SPEAKS_SHELL = {
    "audio/player.py": "arguments of other programs",
    "index/query/syntax_help.py": "the page of help on queries",
    "pipeline/batch/cluster/ray_cluster.py": "arguments of Ray's own command",
    "pipeline/verification/page_content.py": "the commands that repeat a check and play a place, shown as such",
}


def all_errors(root: type[AirquoteError] = AirquoteError) -> Iterator[type[AirquoteError]]:
    for error in root.__subclasses__():
        yield error
        yield from all_errors(error)


ERRORS: list[type[AirquoteError]] = [error for error in all_errors() if error.__module__.endswith(".errors")]


def make_error(error: type[AirquoteError], way_out: WayOut | None) -> AirquoteError:
    if error is QueryError:
        return QueryError('the "ferry', 5, "this quotation mark is never closed.")
    return error("It happened.", way_out, where=Path("a", "file.mp3"))


def ways_out() -> dict[str, WayOut]:
    """Every way out that is defined, by the name of its constant or function, with example facts."""
    found: dict[str, WayOut] = {}
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, WayOut):
                found.setdefault(name, value)
            elif inspect.isfunction(value) and get_type_hints(value).get("return") is WayOut:
                found[name] = _example(value)
    return found


def _example(make: Any) -> WayOut:
    hints = get_type_hints(make)
    facts = {name: Path("/shelf") if hints[name] is Path else f"<{name}>" for name in hints if name != "return"}
    made: WayOut = make(**facts)
    return made


WAYS_OUT = ways_out()


# The tree


def test_the_three_layers_define_the_whole_tree() -> None:
    assert {error.__module__ for error in ERRORS} == {module.__name__ for module in MODULES}
    for error in ERRORS:
        module = next(module for module in MODULES if module.__name__ == error.__module__)
        assert re.search(rf"─ {error.__name__} +\w", module.__doc__ or ""), f"{error.__name__} is not in its tree"
    names = {AirquoteError.__name__, *(error.__name__ for error in ERRORS)}
    strays = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for file in FILES
        if file.name != "errors.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and names & {ast.unparse(base) for base in node.bases}
    ]
    assert strays == []


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_has_the_exit_code_of_its_branch(error: type[AirquoteError]) -> None:
    expected = {UsageError: 2, InputError: 3, MachineError: 4}
    (code,) = [code for branch, code in expected.items() if issubclass(error, branch)]
    assert exit_code(make_error(error, None)) == code


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_crosses_processes_with_all_its_facts(error: type[AirquoteError]) -> None:
    made = make_error(error, name_english_or_choose_model("small"))
    back = pickle.loads(pickle.dumps(made))
    assert type(back) is error
    assert vars(back) == vars(made)
    assert back.args == made.args
    assert str(back) == str(made)
    assert explain(back) == explain(made)


@pytest.mark.parametrize("error", [error for error in ERRORS if error is not QueryError])
def test_the_text_of_an_error_is_its_message_and_the_neutral_advice(error: type[AirquoteError]) -> None:
    assert str(make_error(error, None)) == "It happened."
    assert str(make_error(error, WayOut("repeat", "Do this."))) == "It happened. Do this."
    assert make_error(error, None).where == Path("a", "file.mp3")


def test_the_text_of_a_query_error_keeps_its_lines() -> None:
    error = make_error(QueryError, None)
    assert error.where == 'the "ferry'
    *_, excerpt, caret, advice = str(error).splitlines()
    assert excerpt.index('"') == caret.index("^")
    assert advice == "See the query syntax."
    assert explain(error).splitlines() == [
        *str(error).splitlines()[:-1],
        "How queries are written: airquote search --syntax",
    ]


# Ways out


def test_each_kind_of_way_out_is_defined_once() -> None:
    kinds = Counter(way_out.kind for way_out in WAYS_OUT.values())
    shared = {"restore": 1, "fetch_weights_again": 2}  # a function, and a constant made with it
    assert {kind: count for kind, count in kinds.items() if count != shared.get(kind, 1)} == {}
    assert set(WORDS) <= set(kinds), "words for a kind that does not exist"


def test_ways_out_are_made_where_the_errors_are_defined() -> None:
    makers = {
        str(file.relative_to(ROOT))
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "WayOut"
    }
    assert makers == {"audio/errors.py", "index/errors.py", "pipeline/errors.py"}


@pytest.mark.parametrize("name", WAYS_OUT)
def test_every_way_out_has_neutral_advice_and_words_with_its_facts(name: str) -> None:
    way_out = WAYS_OUT[name]
    assert way_out.advice
    assert not PHRASE.search(way_out.advice), "words of the command line"
    words = explain_way_out(way_out)
    assert words
    assert "{" not in words
    if way_out.kind not in WORDS:
        assert words == way_out.advice
    for fact in way_out.facts.values():
        if "install" in way_out.facts and way_out.facts["install"] != fact:
            continue  # with an install command the other way to get it is left out
        assert fact in words.replace("'", "")
    assert hash(way_out) == hash(pickle.loads(pickle.dumps(way_out)))
    assert pickle.loads(pickle.dumps(way_out)) == way_out


def test_no_text_below_the_command_line_speaks_its_language() -> None:
    spoken = []
    for file in FILES:
        name = file.relative_to(ROOT).as_posix()
        if name.startswith("pipeline/cli/") or name in SPEAKS_SHELL:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        spoken += [
            f"{name}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and PHRASE.search(node.value)
        ]
    assert spoken == []
    for name in SPEAKS_SHELL:
        assert (ROOT / name).is_file()


def test_the_search_for_phrases_finds_them() -> None:
    for phrase in ("Name another file, or add --overwrite.", "Run: airquote reindex", "(--fuzzy does)"):
        assert PHRASE.search(phrase)
    for text in ("made by a newer airquote: update it", "another airquote is transcribing it", "a -- b", "well--known"):
        assert not PHRASE.search(text)


# The words of the command line


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            UsageError("quote.mp3 is there already.", allow_overwrite()),
            "quote.mp3 is there already. Name another file, or add --overwrite.",
        ),
        (
            UsageError("01.mp3 is there already.", allow_overwrite("folder")),
            "01.mp3 is there already. Name another folder, or add --overwrite.",
        ),
        (
            TruncatedMediaError("a.mp3 is cut off.", TAKE_PARTIAL),
            "a.mp3 is cut off. Download it again, or use what is there with --partial.",
        ),
        (
            MachineError("It is gone.", reinstall("faster-whisper>=1.2.1")),
            "It is gone. Reinstall: pip install --force-reinstall 'faster-whisper>=1.2.1'",
        ),
        (IndexDamagedError("It is damaged.", REINDEX), "It is damaged. Run: airquote reindex"),
        (
            EpisodeError("There is no episode 'x'.", LIST_EPISODES),
            "There is no episode 'x'. See them all with: airquote list",
        ),
        (
            MachineError("base.en knows only English.", name_english_or_choose_model("base")),
            "base.en knows only English. Add --language en, or choose --model base.",
        ),
        (UsageError("'x' is not a date.", correct_input("Write it as 2024-05-31.")),
         "'x' is not a date. Write it as 2024-05-31."),
        (UsageError("It happened."), "It happened."),
    ],
)  # fmt: skip
def test_the_command_line_words_an_error(error: AirquoteError, expected: str) -> None:
    assert explain(error) == expected


def test_commands_name_the_library_unless_it_is_the_usual_one(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.library.model_to_name", lambda _: None)  # the default one is here
    usual, other = load_settings({}).library, tmp_path / "my shelf"
    assert usual == library
    assert explain_way_out(resume_transcription("a b.mp3", usual)) == "Resume with: airquote transcribe 'a b.mp3'"
    assert explain_way_out(resume_transcription("a.mp3", other)) == (
        f"Resume with: airquote transcribe a.mp3 --library '{other}'"
    )
    assert explain_way_out(add_recording("a.srt", other)) == (
        f"Add its recording with: airquote import a.srt --library '{other}' --audio FILE"
    )
    assert explain_way_out(link_again(other)) == (
        f"If it was moved, link it again with: airquote relink --library '{other}' FOLDER"
    )
    assert explain_way_out(put_back_or_transcribe("a.mp3", usual)) == (
        "Put the old file back, or transcribe the new one: airquote transcribe a.mp3"
    )


def test_a_model_is_got_by_installing_or_by_using_it() -> None:
    assert explain_way_out(choose_or_get_model("tiny.en", "small", None)) == (
        "Use one of these with --model, such as --model tiny.en; or get small:"
        " airquote transcribe --model small downloads it"
    )
    assert explain_way_out(choose_or_get_model("tiny.en", "base", "pip install base")).endswith(
        "get base: pip install base"
    )
    assert explain_way_out(get_model("small", None)) == (
        "airquote transcribe --model small downloads it; or pip install 'airquote[tiny]'"
    )


def test_an_outcome_keeps_its_error_beside_the_json() -> None:
    error = TruncatedMediaError("a.mp3 is cut off.", TAKE_PARTIAL)
    outcome = Outcome("a.mp3", None, "failed", str(error), error)
    assert "--partial" not in to_json(outcome)
    assert '"error"' not in to_json(outcome)
    assert explain_outcome(outcome) == explain(error)
    assert explain_outcome(Outcome("a.mp3", "a", "skipped", "already transcribed")) == "already transcribed"
    assert explain_outcome(Outcome("a.mp3", "a", "done", None)) is None
