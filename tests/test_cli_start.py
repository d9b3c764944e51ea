"""airquote starts fast, because nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fake_engine import ROOT
from libraries import make_library

HEAVY = {"torch", "whisper", "numba", "ctranslate2", "onnxruntime", "av", "faster_whisper", "huggingface_hub"}
HEAVY |= {"langcodes"}  # only for a language that is not written as Whisper writes it
NET_AND_ARTICLES = {"httpcore2", "httpx2", "trafilatura", "lxml", "charset_normalizer", "markdown_it", "jinja2"}
INDEX = {"whoosh", "lark", "numpy", "rapidfuzz", "snowballstemmer"}


ENGINES = {"pipeline.batch.batch", "pipeline.batch.running.executor", "pipeline.engines", "pipeline.transcription"}


def imported(*arguments: object) -> set[str]:
    """The packages that a command has imported when it ends, and all modules of ``pipeline``."""
    command = [sys.executable, "-X", "importtime", "-m", "pipeline.cli.main", *map(str, arguments)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    modules = {line.rsplit("|", 1)[1].strip() for line in lines}
    return {module if module.startswith("pipeline.") else module.split(".")[0] for module in modules}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("search", "--help"), ("transcribe", "--help")])
def test_help_imports_neither_models_nor_index(arguments: tuple[str, ...]) -> None:
    modules = imported(*arguments)
    assert "typer" in modules
    assert not modules & (HEAVY | INDEX)
    assert "rich" not in modules, "which took a third of the time of a page of help"


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "ferry", "--lang", "en"),
        ("at", "episode-a", "1"),
        ("list",),
        ("show", "episode-a"),
        ("remove", "episode-a"),
    ],
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


@pytest.mark.parametrize("ending", ["srt", "vtt", "json"])
def test_an_import_without_sound_imports_no_sound_and_no_model(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"words.{ending}"
    segment = {"start": 1.0, "end": 3.0, "text": " The ferry left."}
    file.write_text(
        {
            "srt": "1\n00:00:01,000 --> 00:00:03,000\nThe ferry left.\n",
            "vtt": "WEBVTT\n\n00:01.000 --> 00:03.000\nThe ferry left.\n",
            "json": json.dumps({"language": "en", "segments": [segment]}),
        }[ending]
    )
    modules = imported("import", file)
    assert "whoosh" in modules, "it is indexed in the same process"
    assert "pipeline.import_export" in modules
    assert not modules & (HEAVY | NET_AND_ARTICLES | ENGINES | {"pydub"})


def test_an_export_imports_no_sound_no_model_and_no_index(library: Path) -> None:
    make_library(library, ["the ferry left and came back"]).close()
    modules = imported("export", "episode-a", "-f", "srt")
    assert "sqlite3" in modules
    assert not modules & (HEAVY | NET_AND_ARTICLES | ENGINES | INDEX | {"pydub"})
