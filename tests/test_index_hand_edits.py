"""What a person has set of episodes: names of speakers, fields, ids; and that the index follows."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import pytest
from fake_engine import airquote
from libraries import add_spoken, add_text, search

import index.storage.schema
from index.errors import LibraryError
from index.formats.writing import write_transcript
from index.fulltext.maintenance import check_index, index_folder, update_index
from index.repeats.repeat_updates import rebuild_repeats
from index.storage.schema import EDITS_TABLES, OF_EPISODES, OF_TRANSCRIPTS
from index.storage.store import STORE_NAME, Store

TURNS = [("SPEAKER_00", "The ferry left."), ("SPEAKER_01", "The ferry came."), ("SPEAKER_00", "It was late.")]


def named(store: Store, episode: str, **names: str) -> None:
    store.name_speakers(episode, names)
    store.record_edits(episode, ["speakers"])


def speakers_in(store: Store, episode: str) -> list[str | None]:
    transcript = store.transcript(episode)
    assert transcript is not None
    return [one.speaker for one in transcript.segments]


def found(store: Store, query: str) -> int:
    return len(search(store, query))


def test_a_name_is_read_everywhere_and_the_label_comes_back(store: Store) -> None:
    talk = add_spoken(store, "Talk", TURNS).id
    named(store, talk, SPEAKER_00="Ann Lee")
    assert speakers_in(store, talk) == ["Ann Lee", "SPEAKER_01", "Ann Lee"]
    facts = store.facts(talk)
    assert facts is not None
    assert store.speakers(facts.number) == ["Ann Lee", "SPEAKER_01"]
    assert store.speaker_labels(talk) == ["SPEAKER_00", "SPEAKER_01"]
    named(store, talk, SPEAKER_00="SPEAKER_00")
    assert speakers_in(store, talk) == [speaker for speaker, _ in TURNS]


def test_the_index_follows_a_name_and_its_undoing_without_indexing_words_again(store: Store) -> None:
    talk, other = add_spoken(store, "Talk", TURNS).id, add_spoken(store, "Other", TURNS).id
    assert (found(store, "ferry speaker:ann"), found(store, "ferry speaker:speaker_00")) == (0, 2)
    segments = list((index_folder(store) / "whoosh").glob("*.seg"))
    named(store, talk, SPEAKER_00="Ann Lee")
    assert (found(store, "ferry speaker:ann"), found(store, "ferry speaker:speaker_00")) == (1, 1)
    named(store, other, SPEAKER_01="Ann Lee")
    assert (found(store, "ferry speaker:ann"), found(store, "ferry speaker:speaker_01")) == (2, 1)
    named(store, talk, SPEAKER_00="SPEAKER_00")
    assert (found(store, "ferry speaker:ann"), found(store, "ferry speaker:speaker_00")) == (1, 2)
    assert list((index_folder(store) / "whoosh").glob("*.seg")) == segments
    assert check_index(store) == []


def test_speakers_with_one_name_can_be_told_apart_again(store: Store) -> None:
    talk = add_spoken(store, "Talk", TURNS).id
    named(store, talk, SPEAKER_00="Ann", SPEAKER_01="Ann")
    assert speakers_in(store, talk) == ["Ann"] * 3
    named(store, talk, SPEAKER_01="SPEAKER_01")
    assert speakers_in(store, talk) == ["Ann", "SPEAKER_01", "Ann"]


def test_names_stay_with_another_transcript(store: Store) -> None:
    talk = add_spoken(store, "Talk", TURNS).id
    named(store, talk, SPEAKER_00="Ann Lee")
    before = store.transcript(talk)
    assert before is not None
    labels = tuple(replace(one, speaker="SPEAKER_00") for one in before.segments)
    store.save_transcript(talk, replace(before, segments=labels))
    assert speakers_in(store, talk) == ["Ann Lee"] * 3


def test_an_id_changes_in_every_table(store: Store) -> None:
    talk = add_spoken(store, "Talk", TURNS).id
    store.save_number(talk, "7")
    store.save_chapters(talk, [])
    store.start_draft(talk, "{}", "{}")
    named(store, talk, SPEAKER_00="Ann Lee")
    assert found(store, "ferry") == 2
    before = store.transcript(talk)
    store.rename_episode(talk, "roof")
    assert store.transcript("roof") == before
    assert store.edited_fields("roof") == {"speakers"}
    assert [hit.episode.id for hit in search(store, "ferry speaker:ann episode:roof")] == ["roof"]
    with closing(connect(store.path)) as connection:
        for table in OF_EPISODES:
            assert connection.execute(f"SELECT count(*) FROM {table} WHERE episode = ?", (talk,)).fetchone() == (0,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_table_with_an_episode_follows_its_id(store: Store) -> None:
    with closing(connect(store.path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        of_episodes = {
            table
            for table in tables
            for column in connection.execute(f"PRAGMA table_info({table})")
            if column[1] == "episode"
        }
    assert of_episodes == set(OF_EPISODES)


def test_another_language_changes_nothing_else_of_a_transcript(store: Store) -> None:
    talk = add_spoken(store, "Talk", TURNS).id
    before = store.transcript(talk)
    assert before is not None
    assert found(store, "ferry lang:de") == 0
    store.save_language(talk, "de")
    assert store.transcript(talk) == replace(before, language="de")
    assert (found(store, "ferry lang:de"), found(store, "ferry lang:en")) == (2, 0)
    with closing(connect(store.path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        of_transcripts = {
            table
            for table in tables
            for column in connection.execute(f"PRAGMA table_info({table})")
            if column[1] == "transcript"
        }
        assert of_transcripts == set(OF_TRANSCRIPTS)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_an_id_of_another_episode_changes_nothing(store: Store) -> None:
    talk, other = add_text(store, "Talk", "The ferry left.").id, add_text(store, "Other", "It came.").id
    with pytest.raises(Exception, match="UNIQUE"):
        store.rename_episode(talk, other)
    assert {one.id for one in store.episodes()} == {talk, other}


@pytest.mark.parametrize("layout", ["srt", "vtt", "csv", "json", "podcast-json"])
def test_an_import_is_exported_with_the_names(layout: str, store: Store, tmp_path: Path) -> None:
    from fake_engine import airquote

    talk = add_spoken(store, "Talk", TURNS).id
    transcript = store.transcript(talk)
    assert transcript is not None
    ending = "json" if "json" in layout else layout
    file = tmp_path / f"words.{ending}"
    file.write_text(write_transcript(transcript, layout), encoding="utf-8")
    assert airquote("import", file).code == 0
    if "SPEAKER_00" not in store.speaker_labels("words"):
        pytest.skip("this layout has no speakers")
    named(store, "words", SPEAKER_00="Ann Lee")
    written = airquote("export", "words", "-f", layout).out
    assert "SPEAKER_00" not in written
    assert written.count("Ann Lee") >= 1
    named(store, "words", SPEAKER_00="SPEAKER_00")
    assert airquote("export", "words", "-f", layout).out == file.read_text(encoding="utf-8")


def test_a_library_of_an_earlier_version_can_be_read_where_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = index.storage.schema.MIGRATIONS
    with monkeypatch.context() as patch:
        patch.setattr(index.storage.schema, "MIGRATIONS", steps[: EDITS_TABLES - 1])
        with Store.open(tmp_path / "old", create=True) as store:
            talk = add_spoken(store, "Talk", TURNS).id
            update_index(store)
    shutil.copytree(tmp_path / "old", tmp_path / "copy")
    monkeypatch.setattr("index.storage.schema.choose_access", _read_only)
    with Store.open(tmp_path / "copy") as store:
        assert store.edited_fields(talk) == frozenset()
        assert speakers_in(store, talk) == [speaker for speaker, _ in TURNS]
        assert [one.address for one in store.episodes()] == [None]
    for command in (("reindex",), ("update",), ("edit", talk, "--title", "Other"), ("remove", talk)):
        refused = airquote(*command, "--library", tmp_path / "copy")
        assert "no such" not in refused.err
        assert refused.code in (2, 4)
    with Store.open(tmp_path / "copy") as store, pytest.raises(LibraryError, match="cannot be opened for writing"):
        rebuild_repeats(store)
    monkeypatch.undo()
    with Store.open(tmp_path / "old") as store:
        named(store, talk, SPEAKER_00="Ann Lee")
        assert found(store, "ferry speaker:ann") == 1
        assert store.check() == []
    assert (tmp_path / "old" / STORE_NAME).exists()


def _read_only(path: Path) -> object:
    from index.storage.files.access import choose_access

    return choose_access(path)._replace(writable=False, options="mode=ro")
