"""``airquote verify`` with a full disk, a damaged index, missing recordings, or files in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fake_engine import Run, airquote, allow_file_size, finish, start, write_driver

from pipeline.articles.article import Article, read_article
from pipeline.last_search import LAST_SEARCH

ROOM = 60_000  # bytes a file: enough for SQLite's own files (32 KiB), too little for a clip of four seconds


@pytest.fixture
def article(tmp_path: Path, recorded_talk: Path) -> Path:  # noqa: ARG001 - what is quoted was said there
    """An article with two quotations of the recording, and one that was not said; the index is built."""
    said = [sentence["text"].rstrip(".") for sentence in airquote("show", "talk", "--json").answers]
    file = tmp_path / "article.txt"
    quotations = (" ".join(said[:3]), " ".join(said[3:]), "Nobody told the minister about the submarine")
    file.write_text("\n\n".join(f"“{text},” said Ann Lee." for text in quotations), encoding="utf-8")
    assert [one["kind"] for one in airquote("verify", file, "--json").answers] == ["verbatim", "verbatim", "not found"]
    return file


def verify_on_full_disk(folder: Path, *arguments: object) -> Run:
    driver = write_driver(folder / "driver.py", folder / "log", allow_file_size(ROOM))
    return finish(start(driver, "verify", *arguments))


@pytest.mark.parametrize(("option", "name"), [("--html", "report.html"), ("--clips", "clips")])
def test_a_full_disk_loses_what_is_written_and_no_answer(option: str, name: str, article: Path, tmp_path: Path) -> None:
    asked = (article, option, tmp_path / "out" / name, "--json")
    (tmp_path / "out").mkdir()
    full = verify_on_full_disk(tmp_path, *asked)
    assert full.code == 4, full.err
    assert [one["kind"] for one in full.answers] == ["verbatim", "verbatim", "not found"]
    (told,) = full.err.splitlines()[-1:]
    assert str(tmp_path / "out" / name) in told
    assert "Is the disk full" in told
    assert "Traceback" not in full.err
    assert [file for file in (tmp_path / "out").rglob("*") if file.is_file()] == []
    assert airquote("verify", *asked).code == 0


def test_places_that_cannot_be_remembered_are_answered_all_the_same(article: Path, library: Path) -> None:
    (library / LAST_SEARCH).unlink()
    (library / LAST_SEARCH).mkdir()
    run = airquote("verify", article)
    assert run.code == 0
    assert "verbatim" in run.out
    assert "airquote play N" not in run.err
    assert list(library.glob("*.part")) == []


def test_a_damaged_index_is_built_anew(article: Path, library: Path) -> None:
    before = airquote("verify", article, "--json").out
    for file in (library / "index").rglob("*.seg"):
        times = file.stat().st_atime_ns, file.stat().st_mtime_ns
        file.write_bytes(bytes(file.stat().st_size))
        os.utime(file, ns=times)
    # In a separate process: Whoosh leaves files open when it finds damage.
    assert finish(start(None, "verify", article, "--json")).out == before


def test_clips_are_never_written_over_others(article: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    assert airquote("verify", article, "--clips", folder).code == 0
    first, second = sorted(folder.iterdir())
    assert first.name.startswith("01-talk-")
    first.unlink()
    second.write_bytes(b"mine")
    run = airquote("verify", article, "--clips", folder)
    assert run.code == 2
    assert str(second) in run.err
    assert [file.read_bytes() for file in folder.iterdir()] == [b"mine"]
    assert airquote("verify", article, "--clips", folder, "--overwrite").code == 0
    assert second.read_bytes() != b"mine"
    assert first.exists()


def test_sound_that_is_gone_is_named_once_and_costs_no_answer(
    article: Path, recorded_talk: Path, tmp_path: Path
) -> None:
    recorded_talk.unlink()
    run = airquote("verify", article, "--clips", tmp_path / "clips", "--html", tmp_path / "report.html", "--json")
    assert run.code == 3
    assert len(run.answers) == 3
    assert run.err.count(str(recorded_talk)) == 1
    assert "No sound here." in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_nothing_is_written_where_something_would_be_lost(
    article: Path, recorded_talk: Path, tmp_path: Path, library: Path
) -> None:
    before = recorded_talk.read_bytes(), article.read_bytes()
    for target in (recorded_talk, article, library / "report.html", tmp_path, tmp_path / "none" / "report.html"):
        run = airquote("verify", article, "--html", target, "--overwrite")
        assert (run.code, run.out) == (2, ""), target
    for folder in (recorded_talk, library, tmp_path / "none" / "clips"):
        run = airquote("verify", article, "--clips", folder, "--overwrite")
        assert (run.code, run.out) == (2, ""), folder
    assert (recorded_talk.read_bytes(), article.read_bytes()) == before


def test_an_article_cannot_steer_the_terminal(tmp_path: Path, article: Path) -> None:
    file = tmp_path / "hostile.txt"
    file.write_text("“The \x1b[2Jbuilding \x07is not for sale and never was,” said \x1b[1mAnn Lee.", encoding="utf-8")
    run = airquote("verify", file, article)
    assert not {"\x1b", "\x07"} & set(run.out + run.err)


def test_unbalanced_marks_in_five_megabytes_hide_no_quotation(tmp_path: Path, article: Path) -> None:
    file = tmp_path / "long.txt"
    filler = "It rained in the harbour, and nobody minded the weather at all.\n\n" * 80_000
    quoted = article.read_text(encoding="utf-8")
    file.write_text(f"“Never closed.\n\n{filler}{quoted}\n\n{filler[:1000]}” and “", encoding="utf-8")
    assert file.stat().st_size > 5_000_000
    run = airquote("verify", file, "--json")
    assert run.code == 0
    assert [one["kind"] for one in run.answers if one["kind"]] == ["not found", "verbatim", "verbatim", "not found"]
    assert all("partner" in one["reason"] for one in run.answers if not one["kind"])


@pytest.mark.parametrize("fault", [MemoryError, RecursionError])
def test_a_fault_of_any_kind_in_one_article_does_not_stop_the_others(
    fault: type[Exception], article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.txt"

    def read(source: str, allow_private: bool) -> Article:
        if source == str(bad):
            raise fault("odd")
        return read_article(source, allow_private)

    monkeypatch.setattr("pipeline.articles.selection.read_article", read)
    run = airquote("verify", bad, article, "--json")
    assert run.code == 3
    assert [one["kind"] for one in run.answers] == ["verbatim", "verbatim", "not found"]
    assert f"{bad} could not be processed: {fault.__name__}" in run.err
    assert "Traceback" not in run.err


def test_a_place_past_the_end_of_its_recording_loses_only_its_sound(
    article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.verification.sound.BEFORE", -1000.0)
    monkeypatch.setattr("pipeline.verification.sound.AFTER", 2000.0)
    run = airquote("verify", article, "--html", tmp_path / "report.html", "--clips", tmp_path / "clips")
    assert run.code == 3
    assert "is past the end of" in run.err
    assert "is past the end of" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Traceback" not in run.err
