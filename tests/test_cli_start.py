"""airquote starts fast, because nothing heavy is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fake_engine import ROOT
from libraries import make_library

HEAVY = {"torch", "whisper", "numba", "ctranslate2", "onnxruntime", "av", "faster_whisper", "huggingface_hub"}
INDEX = {"whoosh", "lark", "numpy", "rapidfuzz", "snowballstemmer"}


def imported(*arguments: object) -> set[str]:
    """The packages that a command has imported when it ends."""
    command = [sys.executable, "-X", "importtime", "-m", "pipeline.cli.main", *map(str, arguments)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("search", "--help"), ("transcribe", "--help")])
def test_help_imports_neither_models_nor_index(arguments: tuple[str, ...]) -> None:
    modules = imported(*arguments)
    assert "typer" in modules
    assert not modules & (HEAVY | INDEX)


@pytest.mark.parametrize(
    "arguments",
    [("search", "ferry"), ("at", "episode-a", "1"), ("list",), ("show", "episode-a"), ("remove", "episode-a")],
)
def test_what_only_reads_words_imports_no_sound_and_no_model(arguments: tuple[str, ...], library: Path) -> None:
    make_library(library, ["the ferry left and came back"]).close()
    modules = imported(*arguments)
    assert "sqlite3" in modules
    assert not modules & HEAVY


@pytest.mark.parametrize("arguments", [("at", "episode-a", "1"), ("list",), ("show", "episode-a")])
def test_what_does_not_search_imports_no_index(arguments: tuple[str, ...], library: Path) -> None:
    make_library(library, ["the ferry left and came back"]).close()
    assert not imported(*arguments) & INDEX
