"""Links, pipes and files of others in a library's folder: never followed, never waited for, never removed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_engine import airquote
from index_truth import answers
from libraries import add_text

from index.errors import LibraryError
from index.fulltext.maintenance import check_index, index_folder, rebuild_index
from index.fulltext.merging import merge_index
from index.storage.store import STORE_NAME, Store
from pipeline.batch.background_merge import LOG_NAME

CUES = "1\n00:00:01,000 --> 00:00:03,000\nThe ferry left.\n"
FOLDERS = ("index", "index.new", "index.old", "index.merge", "index/whoosh", "index/whoosh/MAIN.tmp")
FILES = (
    "index/lexicon.db", "index/lexicon.db-journal", "index/manifest.json", "index/whoosh/_MAIN_9.toc",
    "index/whoosh/MAIN_WRITELOCK", "index.lock", "merge.lock", f"{STORE_NAME}-wal", f"{STORE_NAME}-shm",
    f"{STORE_NAME}-journal",
)  # fmt: skip


def remove_any(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    """A folder of a person's own files, some with names as in an index."""
    folder = tmp_path / "diary"
    (folder / "whoosh" / "MAIN.tmp").mkdir(parents=True)
    for name in (
        "monday.txt",
        "manifest.json",
        "lexicon.db",
        "MAIN_of_it.seg",
        "whoosh/tuesday.txt",
        "whoosh/MAIN.tmp/x",
    ):
        (folder / name).write_text(f"my {name}")
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def run_everything(library: Path, folder: Path) -> list[str]:
    """Run commands that read and write a library, and return what they said to stderr."""
    (folder / "new.srt").write_text(CUES)
    commands = [
        ("search", "ferry"), ("import", folder / "new.srt"), ("search", "storm"), ("reindex",), ("doctor",),
        ("remove", "episode-a"), ("list",),
    ]  # fmt: skip
    runs = [airquote(*command, "--library", library) for command in commands]
    assert all(run.code in (0, 2, 3, 4) and "Traceback" not in run.err for run in runs), runs
    with_merge = [run.err + run.out for run in runs]
    try:
        with Store.open(library) as store:
            merge_index(store)
    except LibraryError as error:
        with_merge.append(str(error))
    return with_merge


@pytest.mark.parametrize("place", [*FOLDERS, *FILES])
def test_a_link_in_a_library_is_never_followed(place: str, indexed_library: Path, diary: Path, tmp_path: Path) -> None:
    before = contents(diary)
    path = indexed_library / place
    remove_any(path)
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(diary if place in FOLDERS else diary / "monday.txt")
    said = run_everything(indexed_library, tmp_path)
    assert contents(diary) == before
    if path.is_symlink() and place != "index.old":
        assert any(str(path) in one for one in said), said
        assert not any("disk space" in one for one in said), said
    path.unlink(missing_ok=True)
    run_everything(indexed_library, tmp_path)
    with Store.open(indexed_library) as store:
        assert check_index(store) == []


@pytest.mark.parametrize("place", FILES)
def test_a_pipe_in_a_library_is_not_waited_for(place: str, indexed_library: Path, tmp_path: Path) -> None:
    path = indexed_library / place
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    run_everything(indexed_library, tmp_path)
    remove_any(path)
    with Store.open(indexed_library) as store:
        rebuild_index(store)
        assert check_index(store) == []


@pytest.mark.parametrize("place", [f"{STORE_NAME}-wal", f"{STORE_NAME}-shm", f"{STORE_NAME}-journal"])
def test_a_hard_link_that_sqlite_would_write_to_is_refused(
    place: str, indexed_library: Path, diary: Path, tmp_path: Path
) -> None:
    before = contents(diary)
    (indexed_library / place).hardlink_to(diary / "monday.txt")
    assert all(place in one for one in run_everything(indexed_library, tmp_path))
    assert contents(diary) == before


def test_a_journal_cannot_have_another_file_deleted(indexed_library: Path, diary: Path, tmp_path: Path) -> None:
    victim = diary / "monday.txt"
    name = os.fsencode(victim)
    ending = len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big") + bytes.fromhex("d9d505f920a163d7")
    header = bytes.fromhex("d9d505f920a163d7") + bytes(4) * 3 + (512).to_bytes(4, "big") + (4096).to_bytes(4, "big")
    journal = header.ljust(512, b"\0") + (2**30 // 4096 + 1).to_bytes(4, "big") + name + ending
    (indexed_library / f"{STORE_NAME}-journal").write_bytes(journal)
    said = run_everything(indexed_library, tmp_path)
    assert victim.exists()
    assert all("not a journal that airquote made" in one for one in said)


def put_aside(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def make_older(folder: Path) -> None:
    with Store.open(folder.parent) as store:
        add_text(store, "new", "A new ferry.")


@pytest.mark.parametrize("change", [put_aside, make_older, lambda _: None], ids=["rebuilt", "updated", "as it is"])
def test_files_of_others_in_the_index_stay(
    indexed_library: Path, diary: Path, change: Callable[[Path], None], tmp_path: Path
) -> None:
    with Store.open(indexed_library) as store:
        folder = index_folder(store)
    for name in ("index", "index.new", "index.merge", "index.old"):
        for file in ("monday.txt", "whoosh/tuesday.txt"):
            target = indexed_library / name / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(diary / file, target)
    change(folder)
    with Store.open(indexed_library) as store:
        assert all(answers(store))
        assert check_index(store) == []
        written = (folder / "manifest.json").stat().st_ino
        assert all(answers(store))
        assert (folder / "manifest.json").stat().st_ino == written, "the files of others do not make it out of date"
    run_everything(indexed_library, tmp_path)
    for name in ("index", "index.new", "index.merge", "index.old"):
        for file in ("monday.txt", "whoosh/tuesday.txt"):
            assert (indexed_library / name / file).read_text() == f"my {file}"


def test_a_file_in_the_place_of_the_index_is_set_aside(indexed_library: Path) -> None:
    shutil.rmtree(indexed_library / "index")
    (indexed_library / "index").write_text("my notes")
    with Store.open(indexed_library) as store:
        assert all(answers(store))
    (kept,) = indexed_library.glob("index-*.set-aside")
    assert kept.read_text() == "my notes"


def test_a_manifest_names_no_file_outside_the_index(indexed_library: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    manifest = indexed_library / "index" / "manifest.json"
    body = manifest.read_text().partition("\n")[2]
    for name in ("../../pipe", str(tmp_path / "pipe")):
        import json
        import zlib

        changed = json.loads(body)
        changed["files"][name] = [0, 0, 0]
        text = json.dumps(changed)
        manifest.write_text(f"{zlib.crc32(text.encode())}\n{text}")
        with Store.open(indexed_library) as store:
            assert check_index(store)
            assert all(answers(store))
            assert check_index(store) == []


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_the_log_of_the_merge_is_not_written_through(kind: str, indexed_library: Path, diary: Path) -> None:
    from pipeline.batch import background_merge

    before = contents(diary)
    if kind == "link":
        (indexed_library / LOG_NAME).symlink_to(diary / "monday.txt")
    else:
        os.mkfifo(indexed_library / LOG_NAME)
    background_merge._log_into(indexed_library)
    background_merge._log.warning("something")
    assert contents(diary) == before
