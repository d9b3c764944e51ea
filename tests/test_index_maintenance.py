"""The index stays consistent with the store after kills, damage, restored backups, removals and concurrent use."""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import tempfile
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from index_truth import (
    QUERIES,
    SECRET,
    answers,
    assert_no_secret,
    assert_true_to_store,
    contents,
    files_of,
)
from libraries import add_episode, add_text, everything_in, make_library, make_transcript, search
from processes import PROCESSES, run_apart, start_apart

import index.fulltext.maintenance
import index.fulltext.manifest
import index.fulltext.text_batches
from index.errors import REINDEX, IndexDamagedError, LibraryError
from index.fulltext.maintenance import (
    IndexSession,
    OpenIndex,
    check_index,
    index_folder,
    open_index,
    rebuild_index,
    update_index,
)
from index.query.parser import parse_query
from index.search import searcher
from index.storage.store import STORE_NAME, Store


@pytest.fixture(params=["whoosh", "tantivy"])
def indexed_original(request: pytest.FixtureRequest, indexed_original: Path, tantivy_original: Path) -> Path:
    """The library of ``build_library`` with each kind of index."""
    return indexed_original if request.param == "whoosh" else tantivy_original


# Damage


def delete_index(folder: Path) -> None:
    shutil.rmtree(folder)


def replace_index_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder")


def empty_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("")


def empty_its_folder(folder: Path) -> None:
    (inner,) = (path for path in folder.iterdir() if path.is_dir())
    shutil.rmtree(inner)
    inner.mkdir()


@pytest.mark.parametrize("act", [delete_index, replace_index_by_a_file, empty_manifest, empty_its_folder])
def test_an_index_that_is_gone_is_built_again(indexed_library: Path, act: Callable[[Path], None]) -> None:
    with Store.open(indexed_library) as store:
        before = answers(store)
        assert all(before)
        act(index_folder(store))
        assert check_index(store)
        assert answers(store) == before
        assert_true_to_store(store)


@pytest.mark.parametrize("kind", ["deleted", "emptied", "cut in half", "first", "middle", "last"])
def test_damage_to_any_file_of_the_index_is_noticed_and_mended(indexed_library: Path, kind: str) -> None:
    with Store.open(indexed_library) as store:
        before = answers(store)
        names = [name for name in files_of(store) if not name.endswith("LOCK")]
        assert len(names) >= 5
        for name in names:
            path = files_of(store).get(name) or max(files_of(store).values(), key=lambda file: file.stat().st_size)
            damage_file(path, kind)
            assert check_index(store), name
            assert answers(store) == before, name
            assert check_index(store) == [], name


def damage_file(path: Path, kind: str) -> None:
    content = bytearray(path.read_bytes())
    if kind == "deleted":
        path.unlink()
    elif kind == "emptied":
        path.write_bytes(b"")
    elif kind == "cut in half":
        path.write_bytes(content[: len(content) // 2])
    else:
        content[{"first": 0, "middle": len(content) // 2, "last": -1}[kind]] ^= 0xFF
        path.write_bytes(content)


# Nor is any file left open: the garbage collector would warn.
def test_damage_that_sizes_and_times_do_not_show_gives_no_traceback(indexed_original: Path, tmp_path: Path) -> None:
    with Store.open(indexed_original) as store:
        names = [name for name in files_of(store) if name.endswith((".seg", ".toc", ".db"))]
    for name in names:
        size = (indexed_original / "index" / name).stat().st_size
        for place in range(0, size, size // 4):
            with Store.open(shutil.copytree(indexed_original, tmp_path / f"{Path(name).name} {place}")) as store:
                path = index_folder(store) / name
                status, damaged = path.stat(), bytearray(path.read_bytes())
                damaged[place : place + 8] = bytes(byte ^ 0xFF for byte in damaged[place : place + 8])
                path.write_bytes(damaged)
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
                assert check_index(store)
                try:
                    for query in QUERIES[1:4]:
                        search(store, query)
                except IndexDamagedError as error:
                    assert error.way_out == REINDEX
    gc.collect()


def test_an_index_of_another_format_is_built_again(indexed_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(indexed_library) as store:
        before = answers(store)
        monkeypatch.setattr(index.fulltext.manifest, "FORMAT_VERSION", index.fulltext.manifest.FORMAT_VERSION + 1)
        assert check_index(store)
        assert answers(store) == before
        body = (index_folder(store) / "manifest.json").read_text().partition("\n")[2]
        assert json.loads(body)["format"] == index.fulltext.manifest.FORMAT_VERSION


def test_an_index_that_was_copied_without_its_times_is_trusted(indexed_library: Path) -> None:
    with Store.open(indexed_library) as store:
        for path in files_of(store).values():
            os.utime(path, (1, 1))
        before = {name: path.stat().st_ino for name, path in files_of(store).items()}
        assert all(answers(store))
        assert {name: path.stat().st_ino for name, path in files_of(store).items()} == before


def test_an_older_store_put_back_gets_its_own_index(indexed_library: Path, tmp_path: Path) -> None:
    with Store.open(indexed_library) as store:
        before = answers(store)
    shutil.copy(indexed_library / STORE_NAME, tmp_path / "backup")
    with Store.open(indexed_library) as store:
        add_text(store, "new", "a new ferry storm harbour " * 50)
        store.remove_episode("episode-a")
        add_text(store, "episode a", "other words, said the storm")
        assert answers(store) != before
    for path in indexed_library.glob(STORE_NAME + "*"):
        path.unlink()
    shutil.copy(tmp_path / "backup", indexed_library / STORE_NAME)
    with Store.open(indexed_library) as store:
        assert check_index(store)
        assert answers(store) == before
        assert_true_to_store(store)


# Removing


def test_a_removed_episode_leaves_no_word_in_the_index(indexed_library: Path) -> None:
    with Store.open(indexed_library) as store:
        before = answers(store)
        add_text(store, "new", f"{SECRET} ferry harbour " * 60)
        update_index(store)
        assert b"zwitterion" in everything_in(index_folder(store))
        store.remove_episode("new")
        update_index(store)
        assert_no_secret(index_folder(store))
        assert answers(store) == before
        assert_true_to_store(store)


def test_a_library_emptied_again_answers_nothing(indexed_library: Path) -> None:
    with Store.open(indexed_library) as store:
        for episode in store.episodes():
            store.remove_episode(episode.id)
        assert not any(answers(store))
        assert contents(store) == (0, [0] * 7)
        add_text(store, "new", "a new ferry")
        assert len(search(store, "ferry")) == 1


# Growth


def test_adding_an_episode_leaves_large_segments_as_they_are(indexed_library: Path) -> None:
    with Store.open(indexed_library) as store:
        postings = [path for name, path in files_of(store).items() if name.endswith((".seg", ".idx"))]
        large = max(postings, key=lambda path: path.stat().st_size)
        before = large.stat(), zlib.crc32(large.read_bytes())
        for number in range(3):
            add_text(store, f"new {number}", "a new ferry")
            update_index(store)
        large = files_of(store).get(f"whoosh/{large.name}") or next(index_folder(store).glob(f"tantivy-*/{large.name}"))
        status = large.stat()
        assert (status.st_ino, status.st_mtime_ns) == (before[0].st_ino, before[0].st_mtime_ns)
        assert zlib.crc32(large.read_bytes()) == before[1]
        assert_true_to_store(store)


def test_forty_episodes_one_by_one_make_few_segments(tmp_path: Path) -> None:
    most = 0
    with Store.open(tmp_path, create=True) as store:
        for number in range(40):
            add_text(store, f"new {number}", f"The ferry number{number} left. " * 40)
            update_index(store)
            most = max(most, len(list((index_folder(store) / "whoosh").glob("*.seg"))))
        assert most <= 7
        assert len(search(store, "number7")) == 40
        assert_true_to_store(store)


def test_an_index_that_is_up_to_date_is_not_written(indexed_library: Path) -> None:
    with Store.open(indexed_library) as store:
        before = {name: path.stat().st_mtime_ns for name, path in files_of(store).items()}
        update_index(store)
        assert all(answers(store))
        assert {name: path.stat().st_mtime_ns for name, path in files_of(store).items()} == before


def test_a_rebuild_in_several_commits_is_the_same(indexed_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(indexed_library) as store:
        before, told = contents(store), []
        monkeypatch.setattr(index.fulltext.text_batches, "SEGMENT_PASSAGES", 1)
        rebuild_index(store, lambda done, total: told.append((done, total)))
        assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
        assert contents(store) == before
        assert_true_to_store(store)


# Concurrency


def add_and_update(folder: Path, prefix: str, barrier: Any) -> None:
    with Store.open(folder) as store:
        barrier.wait(30)
        for number in range(5):
            add_text(store, f"{prefix} {number}", f"The new ferry {prefix} left. " * 20)
            update_index(store)


def test_processes_that_update_at_once_index_everything_once_while_others_read(indexed_library: Path) -> None:
    barrier = PROCESSES.Barrier(3)
    waits = [start_apart(add_and_update, indexed_library, prefix, barrier) for prefix in ("x", "y")]
    with Store.open(indexed_library) as store:
        fixed = search(store, '"more to come"')
        barrier.wait(30)
        seen = 0
        for _ in range(12):
            found = len({hit.episode.id for hit in search(store, "ferry")})
            assert seen <= found
            seen = found
            assert {(hit.episode.id, hit.first) for hit in search(store, '"more to come"')} == {
                (hit.episode.id, hit.first) for hit in fixed
            }
        assert [wait() for wait in waits] == [0, 0]
        assert len({hit.episode.id for hit in search(store, '"new ferry"')}) == 10
        assert_true_to_store(store)


def test_an_index_that_is_open_goes_on_answering_while_another_is_put_in_its_place(indexed_library: Path) -> None:
    with Store.open(indexed_library) as store, Store.open(indexed_library) as other, open_index(store) as opened:

        def found(query: str) -> list[tuple[str, int]]:
            hits = searcher.search(parse_query(query), opened, limit=None).hits
            return sorted((hit.episode.id, hit.first) for hit in hits)

        ferries, more = found("ferry"), found('"more to come"')
        for number in range(4):
            add_text(other, f"new {number}", "a new ferry")
            update_index(other)
            assert found("ferry") == ferries
        rebuild_index(other)
        assert found('"more to come"') == more
        other.remove_episode("episode-c")
        update_index(other)
        assert found("ferry") == [place for place in ferries if place[0] != "episode-c"]
        assert found('"more to come"') == []


# Sessions


def test_a_session_opens_the_index_once_until_the_store_changes(indexed_library: Path) -> None:
    def ask(query: str) -> tuple[OpenIndex, int]:
        return session.ask(lambda opened: (opened, len(searcher.search(parse_query(query), opened, limit=None).hits)))

    with Store.open(indexed_library) as store, closing(IndexSession(store)) as session:
        first, ferries = ask("ferry")
        assert ask("ferry") == (first, ferries)
        add_text(store, "new", "a new ferry")
        second, more = ask("ferry")
        assert more == ferries + 1
        assert second is not first
        assert second.cache is first.cache, "the token cache was not reused"


def test_a_question_reads_one_moment_of_the_library(indexed_library: Path) -> None:
    with (
        Store.open(indexed_library) as store,
        Store.open(indexed_library) as other,
        closing(IndexSession(store)) as session,
    ):

        def ask_while_an_episode_is_removed(opened: OpenIndex) -> list[str]:
            other.remove_episode("episode-a")
            return [hit.episode.id for hit in searcher.search(parse_query("harbour"), opened, limit=None).hits]

        assert set(session.ask(ask_while_an_episode_is_removed)) == {"episode-a", "episode-b"}
        hits = session.ask(lambda opened: searcher.search(parse_query("harbour"), opened, limit=None).hits)
        assert {hit.episode.id for hit in hits} == {"episode-b"}


def test_a_question_is_answered_while_episodes_are_added_or_removed_all_the_time(
    indexed_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[OpenIndex] = []
    open_index = index.fulltext.maintenance.open_index

    def open_and_change(*arguments: Any) -> OpenIndex:
        opened.append(open_index(*arguments))
        if len(opened) == 1:
            other.remove_episode("episode-a")
        add_text(other, f"new {len(opened)}", "The new ferry left the harbour.")
        return opened[-1]

    monkeypatch.setattr("index.fulltext.maintenance.open_index", open_and_change)
    with (
        Store.open(indexed_library) as store,
        Store.open(indexed_library) as other,
        closing(IndexSession(store)) as session,
    ):
        hits = session.ask(lambda index: searcher.search(parse_query("harbour"), index, limit=None).hits)
    assert {hit.episode.id for hit in hits} == {"episode-b", "new-1"}
    assert len(opened) == 2, "opened again only because an episode was gone"


def test_a_session_builds_a_damaged_index_anew_and_asks_again(indexed_library: Path) -> None:
    asked: list[OpenIndex] = []

    def find_damage_once(opened: OpenIndex) -> int:
        asked.append(opened)
        if len(asked) == 1:
            raise IndexDamagedError("it is damaged")
        return len(searcher.search(parse_query("ferry"), opened, limit=None).hits)

    def find_damage(_: OpenIndex) -> None:
        raise IndexDamagedError("it is damaged")

    with Store.open(indexed_library) as store, closing(IndexSession(store)) as session:
        manifest = (index_folder(store) / "manifest.json").stat().st_ino
        assert session.ask(find_damage_once) == len(search(store, "ferry")) > 0
        assert asked[0] is not asked[1]
        assert (index_folder(store) / "manifest.json").stat().st_ino != manifest, "it was not rebuilt"
        with pytest.raises(IndexDamagedError):
            session.ask(find_damage)


# Disks and permissions


def update_without_room(folder: Path, limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with Store.open(folder) as store:
        for work in (update_index, update_index, rebuild_index):
            with pytest.raises(LibraryError, match="free disk space") as caught:
                work(store)
            assert not isinstance(caught.value, IndexDamagedError)
        assert not (folder / "index.new").exists()


@pytest.mark.parametrize("limit", [36_000, 60_000])
@pytest.mark.parametrize("indexed", [True, False], ids=["added to", "built"])
def test_a_full_disk_while_indexing_is_named_and_the_next_run_completes_it(
    indexed_library: Path, limit: int, indexed: bool
) -> None:
    with Store.open(indexed_library) as store:
        if not indexed:
            shutil.rmtree(index_folder(store))
        for number in range(4):
            words = " ".join(f"w{number}x{word}" for word in range(1000))
            add_text(store, f"new {number}", f"new {words}")
    with Store.open(indexed_library) as store:
        pass  # truncates the log, which the limit below would keep from being read into shared memory
    assert run_apart(update_without_room, indexed_library, limit) == 0
    with Store.open(indexed_library) as store:
        assert store.check() == []
        assert len(search(store, "w3x700")) == 1
        assert_true_to_store(store)


def read_and_try_to_write(folder: Path) -> None:
    if os.geteuid() == 0:  # root can write everywhere
        with Store.open(folder) as store:
            assert all(answers(store))  # imports what another user perhaps may not read
        os.setuid(65534)
    with Store.open(folder) as store:
        assert all(answers(store))
        assert store.check() == check_index(store) == []
        with pytest.raises(LibraryError):
            add_text(store, "new", "a new ferry")
        with pytest.raises(LibraryError):
            rebuild_index(store)
    with pytest.raises(LibraryError):
        Store.open(folder / "below", create=True)


def test_a_library_in_a_folder_that_refuses_writing_can_be_read(indexed_original: Path) -> None:
    with tempfile.TemporaryDirectory() as outside:
        folder = shutil.copytree(indexed_original, Path(outside, "library"))
        Path(outside).chmod(0o755)
        paths = [folder, *folder.rglob("*")]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            assert run_apart(read_and_try_to_write, folder) == 0
        finally:
            for path in paths:
                path.chmod(0o755)


def test_a_title_that_changed_is_found_without_indexing_the_words_again(tmp_path: Path) -> None:
    with make_library(tmp_path, ["the ferry left", "the ferry came"]) as store:
        update_index(store)
        segments = list((index_folder(store) / "whoosh").glob("*.seg"))
        store.update_episode(replace(store.resolve_episode("episode-b"), title="Harbours"))
        assert [hit.episode.id for hit in search(store, "ferry title:harbours")] == ["episode-b"]
        assert [hit.episode.id for hit in search(store, "harbour OR ferry")] == ["episode-b", "episode-a"]
        assert not search(store, "ferry title:episode -title:a")
        assert list((index_folder(store) / "whoosh").glob("*.seg")) == segments
        assert check_index(store) == []


def test_a_removed_speaker_leaves_no_byte_in_the_index(tmp_path: Path) -> None:
    with make_library(tmp_path, ["the ferry left"]) as store:
        secret = add_episode(store, "Xylophonist")
        transcript = make_transcript("the ferry came")
        segments = tuple(replace(one, speaker="Zwitterion") for one in transcript.segments)
        store.save_transcript(secret.id, replace(transcript, segments=segments))
        assert len(search(store, "ferry speaker:zwitterion")) == 1
        assert b"Zwitterion" in everything_in(index_folder(store))
        store.remove_episode(secret.id)
        assert not search(store, "ferry speaker:zwitterion")
        left = everything_in(index_folder(store)).lower()
        assert [name for name in (b"zwitterion", b"xylophonist") if name in left] == []
