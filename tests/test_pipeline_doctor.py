"""The doctor finds faults, says what to do, and reports none where there is none."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine, Run, airquote, raise_at, speak, transcribe

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture(autouse=True)
def cpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test looks for a GPU on this machine."""
    monkeypatch.setattr("pipeline.engines.choose.choose_engine", lambda *_: ("faster-whisper", "cpu"))
    yield


def findings(run: Run) -> dict[str, dict[str, Any]]:
    for answer in run.answers:
        assert list(answer) == ["check", "ok", "detail", "way_out"]
        assert answer["ok"] or answer["way_out"], "a fault comes with what to do"
    return {answer["check"]: answer for answer in run.answers}


@pytest.mark.usefixtures("spoken_talk")
def test_a_healthy_library_is_in_order() -> None:
    run = airquote("doctor", "--json")
    assert run.code == 0
    found = findings(run)
    assert list(found) == ["engine", "weights", "decoder", "encoder", "player", "library", "index"]
    assert all(finding["ok"] for finding in found.values())
    assert "episodes: 1" in found["library"]["detail"]
    assert airquote("doctor").out.count("ok ") == len(found)


def test_no_library_yet_is_no_fault(library: Path) -> None:
    run = airquote("doctor", "--json")
    assert run.code == 0
    assert "airquote transcribe" in findings(run)["library"]["way_out"]
    assert not library.exists()


@pytest.mark.parametrize("damage", ["missing", "flipped", "cut", "manifest"])
@pytest.mark.usefixtures("spoken_talk")
def test_a_damaged_index_is_found_and_mended_by_the_next_search(damage: str, library: Path) -> None:
    expected = airquote("search", "more", "--json").out
    index = library / "index"
    largest = max((path for path in index.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    data = bytearray(largest.read_bytes())
    if damage == "missing":
        shutil.rmtree(index)
    elif damage == "flipped":
        data[len(data) // 2] ^= 0xFF
        largest.write_bytes(data)
    elif damage == "cut":
        largest.write_bytes(data[: len(data) // 2])
    else:
        (index / "manifest.json").write_text("{")
    run = airquote("doctor", "--json")
    assert run.code == 4
    assert not findings(run)["index"]["ok"]
    assert "reindex" in findings(run)["index"]["way_out"]
    assert airquote("search", "more", "--json").out == expected
    assert airquote("doctor").code == 0


@pytest.mark.usefixtures("spoken_talk")
def test_damaged_words_are_found(library: Path) -> None:
    with closing(sqlite3.connect(library / "airquote.db")) as database, database:
        database.execute("UPDATE chunks SET words = zeroblob(40)")
    run = airquote("doctor", "--json")
    assert run.code == 4
    assert "talk" in findings(run)["library"]["detail"]
    assert airquote("show", "talk").code == 4


@pytest.mark.parametrize("place", ["header", "middle"])
@pytest.mark.usefixtures("spoken_talk")
def test_a_damaged_library_is_found(place: str, library: Path) -> None:
    path = library / "airquote.db"
    data = bytearray(path.read_bytes())
    start = 0 if place == "header" else 4096
    data[start : start + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    run = airquote("doctor", "--json")
    assert run.code == 4
    assert "Traceback" not in run.err
    assert not findings(run)["library"]["ok"]
    for command in (("list",), ("search", "more"), ("show", "talk")):
        assert airquote(*command).code == 4


def test_media_that_is_gone_is_named(spoken_talk: Path) -> None:
    spoken_talk.unlink()
    run = airquote("doctor", "--json")
    assert run.code == 4
    finding = findings(run)["media"]
    assert not finding["ok"]
    assert str(spoken_talk) in finding["detail"]
    assert "talk" in finding["detail"]


def test_what_is_half_transcribed_is_told(tmp_path: Path, engine: FakeEngine) -> None:
    engine.before = raise_at(1)
    transcribe(speak(tmp_path / "half.wav", 5))
    finding = findings(airquote("doctor", "--json"))["media"]
    assert finding["ok"]
    assert str(tmp_path / "half.wav") in finding["way_out"]


def test_the_models_are_listed_with_what_is_here() -> None:
    run = airquote("models", "--json")
    assert run.code == 0
    for model in run.answers:
        assert list(model) == ["model", "megabytes", "multilingual", "place", "engines", "how"]
        assert (model["place"] is None) == (model["engines"] == [])
    models = {model["model"]: model for model in run.answers}
    assert {"tiny", "tiny.en", "base", "small", "turbo", "large-v3"} <= set(models)
    assert models["tiny.en"]["engines"] == ["faster-whisper", "openai-whisper"]
    assert not models["tiny.en"]["multilingual"]
    assert len(airquote("models").out.splitlines()) == len(models) + 1
