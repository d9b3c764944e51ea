"""The documentation is up to date: the generated parts, and the files that the rest names."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import airquote as package
import pytest
from fake_engine import airquote
from generated_docs import (
    ARCHITECTURE,
    MANUAL,
    PYTHON,
    README,
    ROOT,
    expected_documents,
    library_methods,
    types_of_method,
    types_of_value,
)
from generated_schema import JSON, SCHEMA
from measuring import DATA, INTERVIEW

from index.storage.store import Store


@pytest.mark.parametrize("path", [README, ARCHITECTURE, PYTHON, JSON, SCHEMA, MANUAL], ids=lambda path: path.name)
def test_generated_parts_are_what_would_be_generated_now(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == expected_documents()[path], "run: make docs"


def test_the_package_exports_every_type_that_its_methods_and_values_name() -> None:
    methods = [one for family in library_methods().values() for _, one in family]
    types = [named for one in methods for named in types_of_method(one)]
    types += [named for name in package.__all__ for named in types_of_value(getattr(package, name)).values()]
    named = {name for text in types for name in re.findall(r"(?<![\w.'])[A-Z]\w+", text)}
    of_python = {
        "Any", "BinaryIO", "Callable", "Collection", "Iterator", "Literal", "Mapping", "NDArray", "None", "Path",
        "Self", "Sequence",
    }  # fmt: skip
    assert {"Sort", "State", "VerdictKind", "Difference"} <= named
    assert named - of_python - {"QuotationAnswer"} <= set(package.__all__)


def test_the_python_reference_quotes_texts_and_speaks_no_command_line() -> None:
    text = PYTHON.read_text(encoding="utf-8")
    assert re.search(r"= '[a-z]+'", text), "default texts are shown in quotes"
    assert "'Store" not in text
    assert re.findall(r"--[a-z]+|`(?:play|clip) N`|\bairquote [a-z]+ [A-Z]{2}", text) == []


def test_the_tour_of_the_readme_tells_what_is_printed(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a stored transcript by tiny.en: its output differs by processor."""
    told = ("--audio", INTERVIEW, "--title", "The Roof and the Stars", "--show", "The Quiet Harbor")
    assert airquote("import", DATA / "interview_heard.json", *told, "--library", library).code == 0
    with Store.open(library) as store:
        transcript = store.transcript("the-roof-and-the-stars")
        assert transcript is not None
        heard = replace(transcript, engine="faster-whisper", model="tiny.en", settings="{}", cues=())
        store.save_transcript("the-roof-and-the-stars", heard)
    monkeypatch.chdir(tmp_path)
    tour = re.findall(r"```\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    steps = [step.strip().partition("\n") for block in tour for step in block.split("$ airquote ")[1:]]
    steps = [step for step in steps if not step[0].startswith("transcribe")]
    assert [shlex.split(command)[0] for command, _, _ in steps] == ["search", "at", "clip", "locate"]
    for command, _, printed in steps:
        run = airquote(*shlex.split(command))
        assert (run.out + run.err).rstrip() == printed.rstrip()


def test_every_command_of_the_readme_exists() -> None:
    from typer.main import get_command

    from pipeline.cli.main import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"^\$ airquote ([a-z]+)", README.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert named and named <= known


def test_the_readme_does_not_deny_what_a_command_does() -> None:
    text = README.read_text(encoding="utf-8")
    (missing,) = re.findall(r"^## What it does not do yet\n(.*?)^## ", text, flags=re.MULTILINE | re.DOTALL)
    done = {"verify": "quotation", "locate": "word for word", "clip": "sound file", "import": "subtitle"}
    assert [command for command, subject in done.items() if subject in missing] == []


def test_the_readme_and_the_makefile_give_the_environment_one_size() -> None:
    stated = [re.findall(r"about ([\d.]+) GB", (ROOT / name).read_text("utf-8")) for name in ("README.md", "Makefile")]
    assert len(stated[0]) == 1
    assert stated[0] == stated[1]
