"""The folder of a site: brought up to date and nothing else, refused where it is not ours, completed after a kill."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from fake_engine import airquote
from libraries import add_episode, add_text
from processes import kill_this_process, run_apart

from audio.atomic_write import write_atomically
from audio.errors import OutputError, UsageError
from index.errors import EpisodeError
from index.storage.store import Store
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.library import Library
from pipeline.site import site_folder
from pipeline.site.site_files import PublishedSite, SiteOptions
from pipeline.site.site_folder import LIST
from pipeline.site.site_names import name_feeds, name_files

SHOW = EpisodeSelection(show="Night Boat")
ADDRESS = "https://example.com/archive"


@pytest.fixture
def archive(library: Path) -> Path:
    """A library with three episodes of a show, of which two have words, and one of another show."""
    with Store.open(library, create=True) as store:
        add_text(store, "First", "The ferry left at noon. " * 30, show="Night Boat", published="2024-05-01")
        add_text(store, "Second", "No boat came back to the harbour.", show="Night Boat", published="2024-06-01")
        add_episode(store, "Third", show="Night Boat")
        add_text(store, "Other", "A secret of another show.", show="Day Boat")
    return library


def publish(
    library: Path, folder: Path, selection: EpisodeSelection = SHOW, *, address: str | None = ADDRESS, **options: Any
) -> PublishedSite:
    with Library.open(library) as opened:
        return opened.publish_site(folder, selection, SiteOptions(address=address, **options))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def statuses(site: PublishedSite) -> set[str]:
    return {one.status for one in site.files}


def test_a_site_has_the_chosen_episodes_and_tells_its_files(archive: Path, tmp_path: Path) -> None:
    site = publish(archive, tmp_path / "site")
    found = contents(tmp_path / "site")
    assert {one.file: one.bytes for one in site.files} == {
        name: len(content) for name, content in found.items() if name != LIST
    }
    assert [one.episode for one in site.episodes] == ["first", "second"]
    assert statuses(site) == {"new"}
    assert {"index.html", "search.html", "sitemap.xml", "feeds/night-boat.xml", "episodes/first.html"} <= set(found)
    assert b"secret" not in b"".join(found.values())
    assert "left out" in site.notes[0]


def test_the_same_library_gives_the_same_bytes_and_changes_nothing(archive: Path, tmp_path: Path) -> None:
    publish(archive, tmp_path / "one")
    publish(archive, tmp_path / "two")
    before = contents(tmp_path / "one")
    assert contents(tmp_path / "two") == before
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "one").rglob("*.*") if path.name != LIST}
    again = publish(archive, tmp_path / "one")
    assert statuses(again) == {"unchanged"}
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_a_dry_run_tells_what_a_run_does_and_writes_nothing(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    told = publish(archive, folder, dry_run=True)
    assert not folder.exists()
    assert publish(archive, folder).files == told.files
    before = contents(folder)
    fewer = publish(archive, folder, EpisodeSelection(("first",)), dry_run=True)
    assert contents(folder) == before
    assert publish(archive, folder, EpisodeSelection(("first",))).files == fewer.files
    assert {"removed", "changed", "unchanged"} == statuses(fewer)


def test_what_is_no_longer_chosen_is_removed_and_what_is_not_ours_stays(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish(archive, folder)
    (folder / "picture.png").write_bytes(b"mine")
    (folder / "episodes" / "mine.html").write_bytes(b"mine")
    site = publish(archive, folder, EpisodeSelection(("first",)), address=None)
    assert {one.file for one in site.files if one.status == "removed"} >= {
        "episodes/second.html", "episodes/second.vtt", "search/texts/second.1.js", "sitemap.xml",
        "feeds/night-boat.xml",
    }  # fmt: skip
    publish(archive, tmp_path / "fresh", EpisodeSelection(("first",)), address=None)
    found = contents(folder)
    assert found.pop("picture.png") == found.pop("episodes/mine.html") == b"mine"
    assert found == contents(tmp_path / "fresh")
    assert not (folder / "feeds").exists()


def test_only_what_changed_is_written(archive: Path, tmp_path: Path) -> None:
    publish(archive, tmp_path / "site")
    assert airquote("edit", "second", "--title", "Another").code == 0
    changed = {one.file for one in publish(archive, tmp_path / "site").files if one.status == "changed"}
    assert "episodes/second.html" in changed
    assert not any("first" in name for name in changed)


def _publish_and_die(library: str, folder: str, number: int) -> None:
    written = iter(range(number))

    def write_or_die(target: Path) -> Any:
        if next(written, None) is None:
            (target.parent / ".airquote-0.part").write_bytes(b"half")
            kill_this_process()
        return write_atomically(target)

    with mock.patch.object(site_folder, "write_atomically", write_or_die):
        publish(Path(library), Path(folder))


@pytest.mark.parametrize("number", [0, 5, 14])
def test_a_run_that_was_killed_is_completed_by_the_next(archive: Path, tmp_path: Path, number: int) -> None:
    folder = tmp_path / "site"
    publish(archive, folder, EpisodeSelection(("other",)), address=None)
    assert run_apart(_publish_and_die, str(archive), str(folder), number) == -9
    left = contents(folder)
    assert any(name.endswith(".part") for name in left)
    publish(archive, tmp_path / "fresh", EpisodeSelection(("second",)))
    publish(archive, folder, EpisodeSelection(("second",)))
    assert contents(folder) == contents(tmp_path / "fresh"), "also without what the killed run wrote of others"


def test_a_folder_of_somebody_else_is_refused_and_stays_as_it_is(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("mine")
    with pytest.raises(UsageError, match="not made by airquote"):
        publish(archive, folder)
    (folder / LIST).write_text("index.html\n")
    with pytest.raises(UsageError, match="no list"):
        publish(archive, folder)
    assert (folder / "index.html").read_text() == "mine"
    (folder / LIST).unlink()
    (folder / LIST).mkdir()
    with pytest.raises(UsageError, match="no list"):
        publish(archive, folder)


def test_a_list_of_somebody_else_removes_nothing_outside_of_a_site(archive: Path, tmp_path: Path) -> None:
    folder, outside = tmp_path / "site", tmp_path / "outside.txt"
    publish(archive, folder)
    outside.write_text("mine")
    (folder / "notes").mkdir()
    names = [
        "../outside.txt",
        str(outside),
        "notes/a.txt",
        "a.txt",
        "episodes/../a.txt",
        ".hidden",
        "episodes/../../outside.txt",
    ]
    for name in ("notes/a.txt", "a.txt", ".hidden"):
        (folder / name).write_text("mine")
    with (folder / LIST).open("a") as listed:
        listed.write("\n".join(names) + "\n")
    site = publish(archive, folder)
    assert statuses(site) == {"unchanged"}
    assert outside.read_text() == (folder / "notes/a.txt").read_text() == (folder / ".hidden").read_text() == "mine"


@pytest.mark.parametrize("inside", ["episodes", "search/texts", LIST])
def test_a_symbolic_link_in_it_is_not_followed(archive: Path, tmp_path: Path, inside: str) -> None:
    folder, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    publish(archive, folder)
    (folder / inside).rename(elsewhere)
    (folder / inside).symlink_to(elsewhere)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="symbolic link"):
        publish(archive, folder, EpisodeSelection(("first",)))
    assert contents(tmp_path) == before


def test_a_file_that_is_a_symbolic_link_is_replaced_and_not_what_it_leads_to(archive: Path, tmp_path: Path) -> None:
    folder, mine = tmp_path / "site", tmp_path / "mine.html"
    publish(archive, folder)
    mine.write_text("mine")
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(mine)
    publish(archive, folder)
    assert mine.read_text() == "mine"
    assert not (folder / "index.html").is_symlink()


def test_neither_the_library_nor_a_folder_around_it_becomes_a_site(archive: Path, tmp_path: Path) -> None:
    around = tmp_path / "around"
    around.mkdir()
    archive.rename(around / "library")
    (around / LIST).write_text(f"{site_folder.HEADING}\n")
    (tmp_path / "linked").symlink_to(around / "library")
    for folder in (around / "library", around / "library" / "site", tmp_path / "linked" / "site", around):
        with pytest.raises(UsageError, match="library"):
            publish(around / "library", folder)


def test_a_file_and_a_missing_folder_are_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="not a folder"):
        publish(archive, tmp_path / "file")
    with pytest.raises(UsageError, match="no folder"):
        publish(archive, tmp_path / "a" / "b")


def test_a_full_disk_is_told_and_the_next_run_completes_it(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", _fill_disk)
        with pytest.raises(OutputError, match="No space left"):
            publish(archive, folder)
    publish(archive, folder)
    publish(archive, tmp_path / "fresh")
    assert contents(folder) == contents(tmp_path / "fresh")


def _fill_disk(path: Path, data: bytes) -> int:
    if path.parent.name == "episodes":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with path.open("wb") as file:
        return file.write(data)


def test_nothing_is_published_that_was_not_asked_for(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Which episodes"):
        publish(archive, tmp_path / "site", EpisodeSelection())
    with pytest.raises(EpisodeError, match="not transcribed"):
        publish(archive, tmp_path / "site", EpisodeSelection(("first", "third")))
    with pytest.raises(UsageError, match="transcribed yet"):
        publish(archive, tmp_path / "site", EpisodeSelection(("thi*",)))
    assert airquote("site", tmp_path / "site").code == 2


@pytest.mark.parametrize(
    "address",
    [
        "example.com", "ftp://example.com", "https://ann:secret@example.com", "https://example.com/?a=1",
        "https://example.com/#a", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_that_of_a_site_is_refused(archive: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError) as refused:
        publish(archive, tmp_path / "site", address=address)
    assert "secret" not in str(refused.value)
    assert not (tmp_path / "site").exists()


def test_file_names_differ_on_every_system() -> None:
    names = ["Talk", "talk", "TALK", "con", "a/b", "a b", "caf\u00e9", "cafe\u0301", "日本", "..", "x" * 300]
    stems = name_files(names)
    assert set(stems) == set(names)
    assert len({stem.casefold() for stem in stems.values()}) == len(names)
    assert not any(set(stem) & set('/\\:*?"<>| .') for stem in stems.values())
    assert max(len(stem.encode()) for stem in stems.values()) < 210


def test_shows_with_names_alike_have_feeds_of_their_own() -> None:
    feeds = name_feeds(["Night Boat", "night boat!", "", "日本"])
    assert len({place.casefold() for place in feeds.values()}) == 4


def test_a_library_with_ids_that_differ_by_case_has_a_page_for_each(library: Path, tmp_path: Path) -> None:
    with Store.open(library, create=True) as store:
        for name in ("talk", "Talk"):
            add_text(store, "x", f"The words of {name}.")
            store.rename_episode("x", name)
    site = publish(library, tmp_path / "site", EpisodeSelection(("talk", "Talk")))
    pages = [one for one in site.files if one.file.endswith(".html") and one.episode]
    assert {one.episode for one in pages} == {"talk", "Talk"}
    assert len({one.file.casefold() for one in pages}) == 2


def test_the_command_tells_episodes_files_and_what_is_missing(archive: Path, tmp_path: Path) -> None:
    assert archive
    dry = airquote("site", tmp_path / "site", "--show", "night", "--dry-run")
    assert dry.code == 0
    for told in ("first", "Whisper fake", "new       episodes/first.html"):
        assert told in dry.out
    for told in ("1 episode is not transcribed", "no RSS", "in a dry run"):
        assert told in dry.err
    run = airquote("site", tmp_path / "site", "--show", "night", "--json")
    assert {answer["file"] for answer in run.answers} == contents(tmp_path / "site").keys() - {LIST}
