"""Doing it again: a transcript made with other options stays, and a library goes on with the model it is made with."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_engine import ENGINE, MODEL, FakeEngine, airquote, speak, transcribe
from libraries import make_library

import index.storage.schema
from index.storage.store import Store
from index.storage.transcript_reader import TranscriptFacts
from pipeline.cli.errors import WORDS
from pipeline.engines.choose import EngineSpec
from pipeline.errors import ModelError
from pipeline.models.catalogue import BY_NAME
from pipeline.transcription.glossary import Glossary, GlossaryName
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.other_options import describe_other_options

OTHER_MODEL = ("--engine", "faster-whisper", "--device", "cpu", "--model", "base.en")
UNNAMED = ("--engine", "faster-whisper", "--device", "cpu")
SPEC = EngineSpec("faster-whisper", "small", "cpu")
NAMES = Glossary((GlossaryName("Okafor"),))


def test_a_transcript_is_never_replaced_in_silence(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Okafor\n")
    file = speak(tmp_path / "talk.wav", 3)
    assert transcribe(file, "--glossary", names).answer["status"] == "done"
    before, calls = _transcript(library), engine.calls
    for options, told in {
        (): "glossary",
        ("--glossary", names, "--language", "en"): "no language named",
        ("--prompt", "Ann"): "no prompt, glossary",
        ("--glossary", names, "--channels", "separate"): "channels mix",
    }.items():
        run = airquote("transcribe", *ENGINE, file, "--json", *options)
        assert run.code == 0
        assert run.answer["status"] == "skipped"
        assert run.answer["reason"] == f"done with other options ({told}); --force does it anew"
        assert (_transcript(library), engine.calls) == (before, calls)
    run = airquote("transcribe", *OTHER_MODEL, "--glossary", names, file)
    assert f"done with other options (model {MODEL}); --force does it anew" in run.err
    assert (_transcript(library), engine.calls) == (before, calls)
    assert transcribe(file, "--glossary", names).answer["reason"] == "already transcribed"
    assert transcribe(file, "--force").answer["status"] == "done"
    assert _transcript(library) != before


def _transcript(library: Path) -> object:
    with Store.open(library) as store:
        return store.all_facts()


@pytest.mark.parametrize(
    ("asked", "options", "told"),
    [
        ({}, {}, []),
        ({"language": "en"}, {}, ["language en"]),
        ({}, {"language": "en"}, ["no language named"]),
        ({"glossary": [["Ann"]]}, {"glossary": NAMES}, ["another glossary"]),
        ({"glossary": [["Okafor"]]}, {"glossary": NAMES}, []),
        ({"prompt": "a"}, {"prompt": "b"}, ["another prompt"]),
        ({"track": 2}, {"track": 1}, ["track 2"]),
        ({"channels": "separate"}, {}, ["channels separate"]),
        ({"verbatim": True}, {}, ["verbatim"]),
        ({}, {"verbatim": True}, ["not verbatim"]),
        ({"language": "en", "track": 2}, {"prompt": "x"}, ["language en", "no prompt", "track 2"]),
    ],
)
def test_options_that_differ_are_named(asked: dict[str, Any], options: dict[str, Any], told: list[str]) -> None:
    import json

    settings = json.dumps({"asked": {"language": None, **asked}})
    facts = TranscriptFacts(1, "en", "faster-whisper", "small", settings, "aligned", (), 3)
    assert describe_other_options(facts, TranscriptionOptions(SPEC, **options)) == told


@pytest.mark.parametrize("settings", ["", "{}", "[]", '{"asked": 3}', "[" * 100_000, "null"])
def test_settings_that_cannot_be_read_are_unknown(settings: str) -> None:
    facts = TranscriptFacts(1, "en", "openai-whisper", "small", settings, "aligned", (), 3)
    told = describe_other_options(facts, TranscriptionOptions(SPEC))
    assert told == ["engine openai-whisper", "others unknown"]


# The model of a library


def chosen_models(run_err: str) -> list[str]:
    return [line for line in run_err.splitlines() if line.startswith("Model: ")]


@pytest.mark.usefixtures("engine")
def test_a_library_remembers_its_model_and_says_so(tmp_path: Path, library: Path) -> None:
    talks = [speak(tmp_path / f"talk{number}.wav", 3, seed=number) for number in range(5)]
    first = airquote("transcribe", *ENGINE, talks[0])
    assert chosen_models(first.err) == [
        f"Model: {MODEL}; this library is made with it from now on, unless --model names another."
    ]
    again = airquote("transcribe", *UNNAMED, talks[1])
    assert chosen_models(again.err) == [f"Model: {MODEL}, with which this library is made; --model names another."]
    assert chosen_models(airquote("transcribe", *ENGINE, talks[2]).err) == [], "as it was named and is known"
    changed = airquote("transcribe", *OTHER_MODEL, talks[3])
    assert chosen_models(changed.err) == [
        f"Model: base.en; this library was made with {MODEL} and is made with this from now on."
    ]
    airquote("transcribe", *UNNAMED, talks[4])
    models = {one["episode"]: one["model"] for one in airquote("list", "--json").answers}
    assert models == {"talk0": MODEL, "talk1": MODEL, "talk2": MODEL, "talk3": "base.en", "talk4": "base.en"}
    skipped = airquote("transcribe", *ENGINE, *talks)
    assert chosen_models(skipped.err) == [], "nothing was transcribed"
    with Store.open(library) as store:
        assert store.default_model() == "base.en"


def test_a_model_is_remembered_once_it_is_loaded(
    tmp_path: Path, library: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where no word is saved yet: the same command without --model resumes what was begun."""

    def fail(*_: object, **__: object) -> FakeEngine:
        raise ModelError("There are none.")

    file = speak(tmp_path / "talk.wav", 3)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.batch.running.executor.load_engine", fail)
        assert transcribe(file).code == 4
    with Store.open(library) as store:
        assert store.default_model() is None

    def fail_later(_: int) -> None:
        fail()

    engine.before = fail_later
    assert transcribe(file).code == 4
    with Store.open(library) as store:
        assert store.default_model() == MODEL


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("environment", "flags", "expected"),
    [
        ({}, (), MODEL),
        ({"AIRQUOTE_MODEL": "base.en"}, (), "base.en"),
        ({"AIRQUOTE_MODEL": "base.en"}, ("--model", "small.en"), "small.en"),
    ],
)
def test_flag_environment_library_settings_file_in_this_order(
    environment: Mapping[str, str], flags: tuple[str, ...], expected: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for variable in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    from pipeline.settings import settings_path

    settings_path().parent.mkdir(parents=True)
    settings_path().write_text('model = "medium.en"\n')
    talks = [speak(tmp_path / f"talk{number}.wav", 3, seed=number) for number in range(3)]
    airquote("transcribe", *UNNAMED, talks[0], "--library", tmp_path / "new")
    assert airquote("list", "--library", tmp_path / "new", "--json").answer["model"] == "medium.en"
    airquote("transcribe", *ENGINE, talks[1])
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    airquote("transcribe", *UNNAMED, *flags, talks[2])
    models = {one["episode"]: one["model"] for one in airquote("list", "--json").answers}
    assert models == {"talk1": MODEL, "talk2": expected}


def test_a_path_in_a_library_is_not_loaded_unasked(tmp_path: Path, library: Path, engine: FakeEngine) -> None:
    """It may come from a stranger, and weights are code for some engines."""
    weights = tmp_path / "weights.pt"
    weights.touch()
    talks = [speak(tmp_path / f"talk{number}.wav", 3, seed=number) for number in range(2)]
    assert airquote("transcribe", *UNNAMED, "--model", weights, talks[0]).code == 0
    calls = engine.calls
    run = airquote("transcribe", *UNNAMED, talks[1])
    assert (run.code, engine.calls) == (2, calls)
    assert f"--model {weights}" in run.err
    assert airquote("transcribe", *UNNAMED, talks[0]).code == 0, "which is done, and only linked"
    assert airquote("transcribe", *UNNAMED, talks[1], "--model", weights).code == 0
    assert [one["model"] for one in airquote("list", "--json").answers] == [str(weights)] * 2
    with Store.open(library) as store:
        assert store.default_model() == str(weights)


def test_a_library_of_an_earlier_version_is_made_with_the_model_of_most_of_it(tmp_path: Path) -> None:
    steps = index.storage.schema.MIGRATIONS
    version = index.storage.schema.DEFAULTS_TABLE
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.storage.schema, "MIGRATIONS", steps[: version - 1])
        make_library(tmp_path / "library", ["one", "two", "three", "four", "five"]).close()
        with closing(sqlite3.connect(tmp_path / "library" / "airquote.db")) as connection, connection:
            connection.execute("UPDATE transcripts SET model = 'base' WHERE episode IN ('episode-a', 'episode-b')")
            connection.execute("UPDATE transcripts SET engine = 'import' WHERE episode > 'episode-b'")
            connection.execute("UPDATE transcripts SET engine = 'fake' WHERE episode = 'episode-c'")
    with Store.open(tmp_path / "library") as store:
        assert store.default_model() == "base"


# What airquote tells a person to type


def test_no_advice_to_transcribe_leaves_the_model_to_a_download() -> None:
    """Of a library that has episodes the model is known; elsewhere the advice names one, or says what is downloaded."""
    of_known_episodes = {"resume_transcription"}
    advice = {kind: text for kind, text in WORDS.items() if re.search(r"airquote transcribe", text)}
    assert {kind for kind, text in advice.items() if "{model}" not in text} == of_known_episodes
    assert {kind for kind, text in advice.items() if "{download}" not in text} == of_known_episodes


@pytest.mark.parametrize(
    ("here", "named", "download"),
    [
        (["tiny.en", "base"], " --model base", ""),
        (["tiny.en", "small"], "", ""),
        ([], "", f" (which downloads {BY_NAME['small'].megabytes} MB first)"),
    ],
)
def test_advice_names_a_model_that_is_here(
    here: list[str], named: str, download: str, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from pipeline.models.weights import list_models

    listed = [replace(one, place=Path(one.name) if one.name in here else None) for one in list_models()]
    monkeypatch.setattr("pipeline.batch.library_model.list_models", lambda: listed)
    monkeypatch.setattr("pipeline.batch.library_model.has_accelerator_driver", lambda: False)
    assert f"airquote transcribe{named} FILE_OR_FOLDER{download} (or" in airquote("search", "x").err
    with Store.open(library, create=True) as store:
        assert f"airquote transcribe{named} FILE{download}\n" in airquote("list").err
        store.save_default_model("medium")
    assert "airquote transcribe FILE\n" in airquote("list").err, "the library is made with a model"
