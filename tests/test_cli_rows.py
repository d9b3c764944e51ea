"""Rows of results: what any command prints with --json, --csv and --tsv keeps to docs/json.md and its schema."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_origin
from unittest import mock
from urllib.parse import unquote

import pytest
from command_lines import lines_with_results
from fake_engine import FakeEngine, Run, airquote
from generated_schema import (
    COMMANDS,
    kinds_of_rows,
    named_fields,
    row_schema,
    row_types,
    types_of_fields,
    without_none,
)
from hypothesis import example, given
from hypothesis import strategies as st

from index.formats.text.spreadsheet import cell_text
from pipeline.answers import HitCount, Moment, Removed, TimedWord
from pipeline.cli.rows import BETWEEN_TEXTS, DataFormat, RowPrinter
from pipeline.exported import Exported
from pipeline.printable import clean_text

SCHEMA = row_schema()
TYPES: dict[str, Any] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "array": list,
}


def faults(value: Any, schema: dict[str, Any], place: str = "") -> Iterator[str]:
    """Where a value does not keep to a schema: the part of JSON Schema that ours is written in."""
    if "$ref" in schema:
        yield from faults(value, SCHEMA["$defs"][unquote(schema["$ref"].removeprefix("#/$defs/"))], place)
    elif "anyOf" in schema:
        found = [list(faults(value, one, place)) for one in schema["anyOf"]]
        yield from min(found, key=len)
    elif "enum" in schema:
        if value not in schema["enum"]:
            yield f"{place}: {value!r} is none of {schema['enum']}"
    elif schema["type"] == "object":
        properties = schema["properties"]
        if not isinstance(value, dict) or list(value) != schema["required"]:
            yield f"{place}: {value!r} has not the names {schema['required']}"
        else:
            for name, one in value.items():
                yield from faults(one, properties[name], f"{place}.{name}")
    else:
        names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if not any(isinstance(value, TYPES[name]) and isinstance(value, bool) <= (name == "boolean") for name in names):
            yield f"{place}: {value!r} is none of {names}"
        for number, one in enumerate(value if isinstance(value, list) else []):
            yield from faults(one, schema["items"], f"{place}[{number}]")


def times_in(value: Any, name: str = "") -> Iterator[float]:
    """The times in an answer."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from times_in(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from times_in(one)
    elif name in ("start", "end", "time", "duration") and value is not None:
        yield value


@pytest.fixture
def lines(tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Command lines that print rows of every kind, and with and without what may be null."""
    article = tmp_path / "other.txt"
    article.write_text(
        '"There is more and more to come," said Ann Lee. "Nobody ever sold a single boat here," said Bob. '
        'It was a "thing" of "There is more to come."'
    )
    folder = tmp_path / "exported"
    folder.mkdir()
    others: dict[str, list[tuple[object, ...]]] = {
        "show": [("talk", "--gaps"), ("talk", "--notes")],
        "search": [("title:talk",), ("more", "--count"), ("more OR else", "--facets", "show"), ("--syntax",)],
        "at": [("talk", "0", "4.2", "5.5")],
        "locate": [("There is more in the comb",), ("Nobody sold a boat here",)],
        "verify": [(article,)],
        "quotations": [(article,)],
        "import": [(tmp_path / "none.srt",)],
        "export": [("talk", "nosuch", "-o", folder)],
        "shows": [("day",)],
        "voices": [()],
    }
    first = lines_with_results(tmp_path, engine, monkeypatch)
    return [(*name.split(), *line) for name, one in first.items() for line in (one, *others.get(name, []))]


def name_of(line: tuple[str, ...]) -> str:
    """The command of a line: of two words where there is such a one."""
    return next(name for name in (" ".join(line[:2]), line[0]) if name in COMMANDS)


@pytest.fixture
def printed(lines: list[tuple[object, ...]]) -> list[tuple[tuple[str, ...], Run, list[Any]]]:
    """Each command line, what it prints with --json, and the results that it prints so."""
    given: list[Any] = []
    print_rows = RowPrinter.__call__

    def record(printer: RowPrinter, answers: Any) -> None:
        these = list(answers)
        given.extend(these)
        print_rows(printer, these)

    found = []
    with mock.patch.object(RowPrinter, "__call__", record):
        for line in lines:
            given.clear()
            run = airquote(*line, "--json")
            found.append((tuple(map(str, line)), run, list(given)))
    return found


def test_every_line_keeps_to_the_schema_of_its_command(printed: list[tuple[tuple[str, ...], Run, list[Any]]]) -> None:
    seen: defaultdict[str, set[type]] = defaultdict(set)
    for line, run, answers in printed:
        name = name_of(line)
        assert len(run.answers) == len(answers), (name, run.err)
        for answer in run.answers:
            assert list(faults(answer, SCHEMA["$defs"][name], name)) == []
            assert list(faults(answer, SCHEMA, name)) == []
            assert all(time == round(time, 3) for time in times_in(answer)), answer
        seen[name] |= {type(answer) for answer in answers}
    assert seen == {name: set(kinds) for name, kinds in kinds_of_rows().items()}, "every kind of row is tried"


def test_every_command_prints_rows() -> None:
    for name, command in COMMANDS.items():
        options = {option for parameter in command.params for option in parameter.opts}
        assert {"--json", "--csv", "--tsv"} <= options, name
    assert set(kinds_of_rows()) == set(COMMANDS)


def test_the_check_of_the_schema_can_fail() -> None:
    good = {"hits": 1, "episodes": 1, "exact": True}
    counted = SCHEMA["$defs"]["HitCount"]
    assert list(faults(good, counted)) == []
    for wrong in ({"hits": None}, {"hits": 1.5}, {"hits": True}, {"exact": 1}, {"more": 1}):
        assert list(faults(good | wrong, counted)), wrong
    assert list(faults({"hits": 1}, counted))
    assert list(faults(good, SCHEMA["$defs"]["FacetValue"]))


# Names


def test_a_name_has_one_type_wherever_it_stands() -> None:
    types: defaultdict[str, set[Any]] = defaultdict(set)
    for kind in row_types():
        for name, annotation in types_of_fields(kind).items():
            given, _ = without_none(annotation)
            types[name] |= {str if get_origin(one) is Literal else one for one in given}  # its values are the kind's
    assert {name: found for name, found in types.items() if len(found) > 1} == {}


def test_the_documentation_says_what_each_name_means_and_no_other() -> None:
    used = {name for kind in row_types() for name in types_of_fields(kind)}
    assert list(named_fields()) == sorted(used)


# Tables


def print_as(form: DataFormat, answers: list[Any]) -> str:
    """What is printed, byte for byte, on a system that writes another encoding and other ends of lines."""
    out = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(out, encoding="cp1252", newline="\r\n")):
        RowPrinter(form)(answers)
        sys.stdout.flush()
        return out.getvalue().decode("utf-8")


def expected_cells(answer: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """The cells of an object by the rule of docs/json.md, without those that are empty."""
    cells: dict[str, str] = {}
    for name, value in answer.items():
        match value:
            case None | "" | []:
                pass
            case str():
                cells[prefix + name] = value
            case dict():
                cells |= expected_cells(value, f"{prefix}{name}.")
            case list() if all(isinstance(one, str) for one in value):
                cells[prefix + name] = BETWEEN_TEXTS.join(value)
            case _:
                cells[prefix + name] = json.dumps(value, ensure_ascii=False)
    return cells


def test_tables_have_the_same_values_as_json(printed: list[tuple[tuple[str, ...], Run, list[Any]]]) -> None:
    columns: dict[type, list[str]] = {}
    for (name, *arguments), run, answers in printed:
        if not answers or isinstance(answers[0], Exported):
            continue  # a document is no cell: see below
        text = print_as(DataFormat.csv, answers)
        assert text.endswith("\r\n")
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        assert columns.setdefault(type(answers[0]), header) == header, "columns follow from the kind of row alone"
        for row, answer in zip(rows, run.answers, strict=True):
            cells = {column: cell_text(cell) for column, cell in zip(header, row, strict=True) if cell}
            assert cells == expected_cells(answer), name
        if name in ("show", "words", "quotations"):
            assert airquote(name, *arguments, "--csv").out == text
        tabbed = print_as(DataFormat.tsv, answers)
        assert [line.split("\t") for line in tabbed.split("\n")] == [header, *rows, [""]]


@example(" =1+1")
@example("\u200e=1+1")
@example("\t=1+1")
@given(st.text(st.characters() | st.sampled_from("=+-@'\t\r\n \",;\x1b\u200e＝")))
def test_no_text_is_a_formula_or_breaks_a_table(text: str) -> None:
    comma = list(csv.reader(io.StringIO(print_as(DataFormat.csv, [Removed("talk", text, None)]), newline="")))
    tabbed = [line.split("\t") for line in print_as(DataFormat.tsv, [Removed("talk", text, None)]).split("\n")[:-1]]
    assert comma == tabbed
    header, (episode, title, media, _) = comma
    assert header == ["episode", "title", "media", "sound_removed"]
    assert (episode, cell_text(title), media) == ("talk", clean_text(text), "")
    assert not title.lstrip(" ").startswith(tuple("=+-@＝＋－＠"))


@given(st.text(st.characters() | st.sampled_from('\x1b\x9b\u202e\n\t"')))
def test_json_in_a_cell_means_the_same_and_controls_no_terminal(text: str) -> None:
    moment = Moment("talk", 1.0, None, None, None, None, None, (TimedWord(text, 1.0, 2.0, None),), (), ())
    (answer,) = csv.DictReader(io.StringIO(print_as(DataFormat.csv, [moment]), newline=""))
    assert [word["text"] for word in json.loads(answer["words"])] == [text]
    assert clean_text(answer["words"]) == answer["words"]


def test_json_is_utf8_whatever_the_terminal_has() -> None:
    printed = print_as(DataFormat.json, [Removed("a", "Zoë · 你好 \x1b[1m", None)] * 2)
    assert printed.count("\n") == 2
    assert "\r" not in printed
    assert "Zoë · 你好 \\u001b[1m" in printed


@pytest.mark.parametrize("form", list(DataFormat))
def test_errors_and_nothing_leave_stdout_empty(form: str, library: Path) -> None:
    for arguments in (("show", "nosuch"), ("list", "--nosuch"), ("at", "nosuch", "x")):
        run = airquote(*arguments, f"--{form}")
        assert (run.code, run.out) == (2, ""), arguments
        assert run.err
    assert not library.exists()


def test_formats_exclude_each_other() -> None:
    run = airquote("models", "--tsv", "--json")
    assert (run.code, run.out) == (2, "")
    assert "--json and --tsv" in run.err


def test_a_transcript_is_no_row_of_a_table() -> None:
    run = airquote("export", "talk", "--csv")
    assert (run.code, run.out) == (2, "")
    assert "-f csv" in run.err


def test_names_are_printed_once_and_not_of_no_results() -> None:
    for form in DataFormat:
        assert print_as(form, []) == ""
    run = airquote("doctor", "--csv")
    assert run.out.count("check,ok,detail,way_out") == 1, "each finding is printed as it is found"
    assert print_as(DataFormat.csv, [HitCount(1, 1, True)]) == "hits,episodes,exact\r\n1,1,true\r\n"
