"""Rows: results as JSON lines or as comma- or tab-separated values, and the options of a command that ask for them."""

from __future__ import annotations

import csv
import functools
import inspect
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, is_dataclass
from enum import StrEnum
from typing import Annotated, Any

import typer

from audio.errors import UsageError, correct_input
from pipeline.cli.options import JsonOption
from pipeline.printable import clean_text, escape_json, spreadsheet_cell
from pipeline.result_json import shown_fields, to_json

BETWEEN_TEXTS = "; "
"""Separates the texts of a list in a cell."""


class DataFormat(StrEnum):
    """How rows are written."""

    json = "json"
    csv = "csv"
    tsv = "tsv"


class RowPrinter:
    """Prints results to stdout, one a row, each as it comes: with the options --json, --csv and --tsv.

    Tables have a row of names before the first. Their cells are cleaned as all that is printed (docs/json.md).
    """

    def __init__(self, format: DataFormat) -> None:
        self.format = format
        self._has_names = False

    def __call__(self, answers: Iterable[Any]) -> None:
        """Print some results, all of one kind."""
        if isinstance(sys.stdout, io.TextIOWrapper):  # RFC 8259 and 4180: UTF-8 on Windows too, and no other line ends
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        for answer in answers:
            if self.format is DataFormat.json:
                typer.echo(to_json(answer))
                continue
            cells = flatten(type(answer), json.loads(to_json(answer)))
            if not self._has_names:
                typer.echo(self._line(cells), nl=False)
                self._has_names = True
            typer.echo(self._line(cells.values()), nl=False)

    def _line(self, cells: Iterable[str]) -> str:
        if self.format is DataFormat.tsv:
            return "\t".join(cells) + "\n"
        line = io.StringIO()
        csv.writer(line).writerow(cells)
        return line.getvalue()


def flatten(kind: type, values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return the cells of a result by column; the fields of an object in it, even of none, are columns with a dot."""
    cells: dict[str, str] = {}
    for field in shown_fields(kind):
        name, value = f"{prefix}{field.name}", values.get(field.name)
        inner = _kind_of_object(kind, field)
        cells |= flatten(inner, value or {}, f"{name}.") if inner else {name: _cell(value)}
    return cells


def _kind_of_object(kind: type, field: Field[Any]) -> type | None:
    """Return the dataclass of a field that holds one object, None for every other field."""
    named = getattr(sys.modules[kind.__module__], str(field.type).removesuffix(" | None"), None)
    return named if isinstance(named, type) and is_dataclass(named) else None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = BETWEEN_TEXTS.join(value)
    if isinstance(value, str):
        return spreadsheet_cell(clean_text(value))
    return escape_json(json.dumps(value, ensure_ascii=False))


def prints_rows(*kinds: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options --json, --csv and --tsv, with which it prints results of these ``kinds`` as rows.

    Its parameter ``print_rows`` is then the RowPrinter, and None without any of the options.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(*, as_json: bool, as_csv: bool, as_tsv: bool, **arguments: Any) -> None:
            command(print_rows=_choose_printer(json=as_json, csv=as_csv, tsv=as_tsv), **arguments)

        signature = inspect.signature(command, eval_str=True)
        parameters = [
            parameter
            for given in signature.parameters.values()
            for parameter in (_OPTIONS if given.name == "print_rows" else [given])
        ]
        run.__dict__.update(__signature__=signature.replace(parameters=parameters), kinds=kinds)
        return run

    return decorate


def _choose_printer(**wanted: bool) -> RowPrinter | None:
    names = [name for name, chosen in wanted.items() if chosen]
    if len(names) > 1:
        raise UsageError(f"--{names[0]} and --{names[1]} exclude each other.", correct_input("Choose one of them."))
    return RowPrinter(DataFormat(names[0])) if names else None


def _flag(name: str, option: Any) -> inspect.Parameter:
    return inspect.Parameter(f"as_{name}", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False, annotation=option)


CsvOption = Annotated[bool, typer.Option("--csv", help="Print a table of comma-separated values.")]
TsvOption = Annotated[bool, typer.Option("--tsv", help="Print a table of tab-separated values.")]

_OPTIONS = [_flag("json", JsonOption), _flag("csv", CsvOption), _flag("tsv", TsvOption)]
