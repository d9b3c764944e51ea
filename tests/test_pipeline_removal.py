"""A removal that was interrupted is finished by the next command that writes, and by doctor."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from index_truth import SECRET, assert_no_secret
from libraries import add_text, everything_in, make_library
from processes import patch_and_die, run_apart

from index.fulltext.maintenance import update_index
from index.storage.episode_names import resolve_name
from index.storage.store import Store
from pipeline.batch.removal import removable_episodes, remove_episodes
from pipeline.library import Library

OTHER = "The ferry left the harbour at night. " * 20
SRT = "1\n00:00:01,000 --> 00:00:02,000\nMore to come.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with an episode to be removed and one whose id begins with its id."""
    folder = tmp_path / "library"
    with make_library(folder, [OTHER]) as store:
        add_text(store, "secret", f"{SECRET} " * 30)
        add_text(store, "secret sequel", OTHER)
        update_index(store)
    return folder


def remove_secret(store: Store) -> None:
    remove_episodes(store, [resolve_name("secret", removable_episodes(store))])


def remove_and_be_killed(folder: Path, target: str, after: bool) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, Store.open(folder) as store:
        monkeypatch.setattr("index.fulltext.merge_policy.REWRITTEN_PASSAGES", 0)  # as in a large library
        patch_and_die(monkeypatch, target, after)
        remove_secret(store)


MOMENTS = [
    ("pipeline.batch.removal.finish_removals", False),
    ("pipeline.batch.removal.update_index", True),
    ("index.fulltext.merging.merge_segments", True),
    ("pipeline.batch.removal.purge_index", True),
]

COMPLETE: dict[str, Callable[[Library, Path], object]] = {
    "remove": lambda library, _: library.remove("secret"),
    "import": lambda library, inputs: library.import_transcripts([inputs / "talk.srt"]),
    "reindex": lambda library, _: library.reindex(),
    "doctor": lambda library, _: list(library.doctor()),
}


@pytest.mark.parametrize("command", COMPLETE)
@pytest.mark.parametrize(("target", "after"), MOMENTS)
def test_a_killed_removal_is_finished(target: str, after: bool, command: str, folder: Path) -> None:
    (folder.parent / "talk.srt").write_text(SRT)
    assert run_apart(remove_and_be_killed, folder, target, after) == -signal.SIGKILL
    assert SECRET.split()[0][:5].encode() in everything_in(folder) or "purge" in target
    with Library.open(folder) as library:
        COMPLETE[command](library, folder.parent)
        assert "secret-sequel" in [episode.episode for episode in library.episodes()]
    assert_no_secret(folder)
    with Store.open(folder) as store:
        assert store.removals() == []


def test_the_same_command_again_removes_no_other_episode(folder: Path) -> None:
    assert run_apart(remove_and_be_killed, folder, *MOMENTS[0]) == -signal.SIGKILL
    with Library.open(folder) as library:
        assert library.remove("secret").episode == "secret"
        assert [episode.episode for episode in library.episodes()] == ["episode-a", "secret-sequel"]


def test_an_episode_added_again_after_a_killed_removal_is_removed(folder: Path) -> None:
    assert run_apart(remove_and_be_killed, folder, *MOMENTS[0]) == -signal.SIGKILL
    with Store.open(folder) as store:
        add_text(store, "secret", f"{SECRET} " * 30)
        remove_secret(store)
        assert store.episode("secret") is None
    assert_no_secret(folder)


def test_words_that_a_reader_keeps_in_the_log_are_erased_later(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.schema._LOCK_TIMEOUT", 0.05)
    with Store.open(folder) as reader, reader.snapshot():
        reader.episodes()
        with Store.open(folder) as store:
            remove_secret(store)
            assert [episode.id for episode in store.removals()] == ["secret"]
    with Library.open(folder) as library:
        list(library.doctor())
    assert_no_secret(folder)


def test_a_doctor_that_only_looks_leaves_it(folder: Path) -> None:
    assert run_apart(remove_and_be_killed, folder, *MOMENTS[0]) == -signal.SIGKILL
    with Library.open(folder) as library:
        list(library.doctor(repair=False))
    with Store.open(folder) as store:
        assert [episode.id for episode in store.removals()] == ["secret"]
