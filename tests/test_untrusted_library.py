"""A library that a stranger made: whatever its files say, nothing runs and no command breaks."""

from __future__ import annotations

import copyreg
import json
import os
import shutil
import sqlite3
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_engine import ENGINE, SPOKEN, FakeEngine, Run, airquote, install, speak, transcribe
from feed_server import feed_of, items
from made_voices import labels, take_turns
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from audio.media import hash_file
from audio.recording.chapters import Chapter
from audio.recording.sound_choice import SoundChoice
from index.fulltext.manifest import FORMAT_VERSION
from index.fulltext.passages import CutPassage
from index.fulltext.whoosh.writer import change_index
from index.storage.schema import MIGRATIONS
from index.storage.show_facts import KnownItem
from index.storage.store import Store
from pipeline.voices.naming import name_voice

EPISODE, IMPORTED = "talk", "notes"

TABLES = {
    "episodes": ("id", "show", "title", "published", "source", "media", "sha256", "duration", "address"),
    "transcripts": ("language", "engine", "model", "settings", "timing", "gaps", "words"),
    "segments": ("first", "last", "speaker", "flags"),
    "chunks": ("first", "words"),
    "cues": ("content",),
    "drafts": ("recipe", "plan"),
    "draft_parts": ("number", "content"),
    "files": ("path", "size", "modified", "sha256"),
    "recordings": ("sound", "number"),
    "chapters": ("start", "title"),
    "defaults": ("value",),
    "edited_fields": ("field",),
    "speaker_names": ("label", "name"),
    "voice_findings": ("settings", "turns"),
    "voices": ("change", "number", "seconds", "vector"),
    "voice_changes": ("number", "content", "turns"),
    "profile_voices": ("name", "change", "number", "seconds", "vector"),
    "shows": ("title", "address", "feed", "choices", "entity_tag", "modified", "checked", "fault", "gone"),
    "feed_items": ("identity", "content", "sound", "published", "position", "removed"),
}
Command = tuple[object, ...]
VALUES: tuple[Any, ...] = (
    None,
    -1,
    2**62,
    float("inf"),
    "",
    "../../x",
    "{}",
    "[1]",
    '["a", "b"]',
    "[" * 100_000,
    b"\xff\0x",
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a library in which everything occurs: an episode, an import, a draft, an index, a last search."""
    folder = tmp_path_factory.mktemp("stranger")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRQUOTE_LIBRARY", str(folder / "library"))
        engine = install(patch, FakeEngine())
        engine.answers.extend(SPOKEN)
        assert transcribe(speak(folder / "talk.wav", len(SPOKEN)), "--show", "Fail Better").code == 0
        (folder / "notes.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nANN: There is more to say.\n")
        assert airquote("import", folder / "notes.srt").code == 0
        engine.before = lambda number: fail(number)
        assert transcribe(speak(folder / "draft.wav", 8, seed=1)).code == 3
        assert airquote("search", "more").code == 0
    with Store.open(folder / "library") as store:
        store.save_sound(EPISODE, SoundChoice(1, (1.0,), 0.5))
        store.save_number(EPISODE, "7")
        talk = store.transcript(EPISODE)
        assert talk is not None
        store.save_voices(EPISODE, take_turns(talk, 2), "{}")
        spoken = [replace(one, speaker=f"Voice {n % 2 + 1}") for n, one in enumerate(labels(store, EPISODE))]
        store.replace_segments(EPISODE, spoken)
        name_voice(store, EPISODE, 1, "Ann Lee")
        store.record_edits(IMPORTED, ["speakers"])
        store.name_speakers(IMPORTED, {"ANN": "Ann Lee"})
        show = store.add_show("Night Boat", str(folder / "boat.xml"), '{"title":"Night Boat"}', '{"latest":5}')
        store.save_feed_state(show.number, "2026-01-01T00:00:00Z", entity_tag="1", modified="2", fault="It failed.")
        store.save_items([KnownItem(show.number, "guid-1", '{"identity":"guid-1","title":"One"}')])
        (folder / "boat.xml").write_bytes(feed_of("Night Boat", items(2)))
        store.save_chapters(EPISODE, [Chapter(0.0, "Opening"), Chapter(1.0, "Letters")])
    yield folder


def fail(number: int) -> None:
    if number:
        raise RuntimeError


@pytest.fixture
def folder(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it for this test alone, with its library as the default one."""
    shutil.copytree(original, tmp_path / "stranger")
    monkeypatch.setenv("AIRQUOTE_LIBRARY", str(tmp_path / "stranger" / "library"))
    install(monkeypatch, FakeEngine())
    return tmp_path / "stranger"


def commands(folder: Path) -> Iterator[Command]:
    """Every command that reads a library."""
    article = folder / "article.txt"
    article.write_text("“There is more to come,” she said. “We never stopped.”")
    yield "list", "--json"
    yield ("list",)
    yield "transcribe", folder / "talk.wav"
    for name in (EPISODE, IMPORTED):
        yield "show", name
        yield "show", name, "--gaps"
        yield "export", name, "--format", "json"
        yield "at", name, "1"
        yield "words", name, "0", "9"
    yield "search", "more"
    yield "search", '"more to"', "--json", "--context", "1"
    yield "search", "more", "--count"
    yield "search", "more", "--facets", "show,year,speaker"
    yield "search", "m*re OR mor~"
    yield "locate", "there is more to come"
    yield "at", "1"
    yield "cite", "1"
    yield "edit", IMPORTED
    yield "edit", IMPORTED, "--speaker", "1=Ann", "--dry-run"
    yield ("voices",)
    for name in (EPISODE, IMPORTED):
        yield "voices", name
    yield "voices", "split", EPISODE, "1", "--from", "2"
    yield "voices", "merge", EPISODE, "1", "2"
    yield "voices", "undo", EPISODE
    yield "relink", folder, "--dry-run"
    yield "clip", "1", "-o", folder / "clip.wav"
    yield "verify", article, "--html", folder / "report.html", "--overwrite"
    yield ("shows",)
    yield "shows", "--opml", "-"
    yield "subscribe", folder / "boat.xml"
    yield "unsubscribe", "night", "--dry-run"
    yield ("doctor",)


def check(run: Run, command: Command, planted: object) -> None:
    told = f"{command} with {planted!r:.80}: {run.code} {run.out[-300:]} {run.err[-3000:]}"
    assert "Traceback" not in run.err, told
    assert run.code in (0, 1, 2, 3, 4), told


# Pickles

EXTENSION = 0x7D
"""The number that stands for ``posix.system`` in this test's registry of extensions."""


def payloads(canary: Path) -> dict[str, bytes]:
    """Pickles that touch a file, by the operation that does it; BUILD sets an attribute of a class instead."""
    command = f"touch {canary}".encode()
    short = b"\x8c" + bytes([len(command)]) + command
    name = b"whoosh.filedb.filestore"
    return {
        "REDUCE": b"cposix\nsystem\n(S'" + command + b"'\ntR.",
        "dotted name": b"\x80\x04\x8c" + bytes([len(name)]) + name + b"\x8c\x09os.system\x93" + short + b"\x85R.",
        "NEWOBJ": b"\x80\x04cposix\nsystem\n" + short + b"\x85\x81.",
        "INST": b"(S'" + command + b"'\niposix\nsystem\n.",
        "OBJ": b"(cposix\nsystem\n" + b"S'" + command + b"'\no.",
        "EXT": b"\x80\x02\x82" + bytes([EXTENSION]) + b"(S'" + command + b"'\ntR.",
        "BUILD": b"\x80\x02cwhoosh.fields\nSchema\n(N}S'planted'\nI01\nstb.",
    }


@pytest.fixture
def _extension() -> Iterator[None]:
    copyreg.add_extension("posix", "system", EXTENSION)
    yield
    copyreg.remove_extension("posix", "system", EXTENSION)


class Events:
    """What this process does according to Python's audit events, while ``watched`` is true."""

    def __init__(self) -> None:
        self.watched = False
        self.seen: list[tuple[str, tuple[object, ...]]] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.watched:
            self.seen.append((event, arguments))

    def names(self) -> set[str]:
        """The kinds of events that were seen."""
        return {event for event, _ in self.seen}


@pytest.fixture(scope="module")
def _events() -> Events:
    return Events()  # a hook cannot be removed


@pytest.fixture
def events(_events: Events) -> Iterator[Events]:
    """The audit events of this test."""
    _events.seen.clear()
    _events.watched = True
    yield _events
    _events.watched = False


def believe(library: Path, version: int = FORMAT_VERSION) -> None:
    """Write a manifest by which every file of the index is as it should be."""
    folder = library / "index"
    _, _, body = (folder / "manifest.json").read_text().partition("\n")
    files = {}
    for file in sorted([*(folder / "whoosh").glob("*[cg]"), folder / "lexicon.db"]):
        content = file.read_bytes()
        files[file.relative_to(folder).as_posix()] = [len(content), file.stat().st_mtime_ns, zlib.crc32(content)]
    write_manifest(folder, json.loads(body) | {"files": files, "format": version})


def write_manifest(folder: Path, manifest: object) -> None:
    """Write a manifest with the checksum that it has to have."""
    body = json.dumps(manifest)
    (folder / "manifest.json").write_text(f"{zlib.crc32(body.encode())}\n{body}")


OPERATIONS = tuple(payloads(Path("x")))
FILES = {
    "library": lambda library: library / "airquote.db",
    "last search": lambda library: library / "last-search.json",
    "manifest": lambda library: library / "index" / "manifest.json",
    "lexicon": lambda library: library / "index" / "lexicon.db",
    "table of contents": lambda library: next((library / "index" / "whoosh").glob("*.toc")),
    "segment": lambda library: next((library / "index" / "whoosh").glob("*.seg")),
}


def run_some(folder: Path) -> None:
    """Search, verify, read a hit, import and list."""
    article = folder / "article.txt"
    article.write_text("“There is more to come,” she said.")
    transcript = folder / "new.srt"
    transcript.write_text("1\n00:00:01,000 --> 00:00:03,000\nANN: There is more to say.\n")
    every = [("search", "more"), ("verify", article), ("at", "1"), ("import", transcript), ("list",)]
    for command in every:
        check(airquote(*command), command, "")


@pytest.mark.usefixtures("_extension")
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("file", FILES)
def test_a_pickle_in_place_of_a_file_is_never_loaded(folder: Path, events: Events, file: str, operation: str) -> None:
    library, canary = folder / "library", folder / "canary"
    FILES[file](library).write_bytes(payloads(canary)[operation])
    if file not in ("manifest", "library"):
        believe(library)
    run_some(folder)
    assert not canary.exists()
    assert not hasattr(Schema, "planted")
    assert not events.names() & {"pickle.find_class", "os.system"}


class Planted(Schema):  # type: ignore[misc]
    """A schema whose pickle runs a command."""

    def __init__(self, command: str) -> None:
        super().__init__()
        self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (self.command,)


@pytest.mark.parametrize("version", range(1, FORMAT_VERSION + 1))
def test_a_table_of_contents_of_whoosh_is_never_loaded(folder: Path, events: Events, version: int) -> None:
    library, canary = folder / "library", folder / "canary"
    planted = Planted(f"touch {canary}")
    for contents in (library / "index" / "whoosh").glob("*.toc"):
        contents.unlink()
    TOC(planted, [planted], 1).write(FileStorage(str(library / "index" / "whoosh")), "MAIN")
    believe(library, version)
    run_some(folder)
    assert not canary.exists()
    assert not events.names() & {"pickle.find_class", "os.system"}
    assert airquote("search", "more", "--json").answers, "the index was rebuilt"


# What an index says


@pytest.mark.parametrize("field", ["format", "transcripts", "titles", "files"])
@pytest.mark.parametrize("value", [None, "missing", [[1]], {"a": "b"}, {"a": [1, 2]}, -1])
def test_a_manifest_of_another_shape_is_not_used(folder: Path, field: str, value: object) -> None:
    index = folder / "library" / "index"
    manifest = json.loads((index / "manifest.json").read_text().partition("\n")[2])
    write_manifest(index, {key: one for key, one in (manifest | {field: value}).items() if one != "missing"})
    assert airquote("doctor", "--no-repair").code == 4
    assert airquote("search", "more", "--json").answers, "the index was rebuilt"


@pytest.mark.parametrize(
    ("first", "last", "number"),
    [(0, 5, 5), (0, 2**31 - 1, None), (-9, -1, None), (7, 3, None), (500, 600, None)],
)
def test_an_index_that_names_words_that_are_not_there_is_rebuilt(
    folder: Path, first: int, last: int, number: int | None
) -> None:
    library = folder / "library"
    with Store.open(library) as store:
        transcripts = list(store.transcripts())
    lies = CutPassage(first, last, ["there", "is", "more", "lies"], [first] * 4, [])
    change_index(library / "index" / "whoosh", [], [(number or transcripts[0], "en", [lies] * 3)])
    believe(library)
    for command in (
        ("search", "more", "--json"),
        ("search", "lies"),
        ("search", "more", "--count"),
        ("locate", "there is more"),
    ):
        run = airquote(*command)
        check(run, command, lies)
    assert len(airquote("search", "more", "--json").answers) == 2


# What a library's SQLite file defines

DEFINITIONS = {
    "trigger": "CREATE TRIGGER t AFTER INSERT ON episodes BEGIN UPDATE episodes SET title = 'x'; END",
    "trigger on remembering": "CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM segments; END",
    "view": "CREATE VIEW v AS SELECT * FROM episodes",
    "table": "CREATE TABLE other (a)",
    "index": "CREATE INDEX i ON episodes(title)",
    "index of an expression": "CREATE INDEX i ON episodes(abs(title))",
    "virtual table": "CREATE VIRTUAL TABLE v USING fts5(a)",
    "column": "ALTER TABLE episodes ADD COLUMN c DEFAULT 7",
    "computed column": "ALTER TABLE episodes ADD COLUMN c GENERATED ALWAYS AS (upper(title))",
    "other name": "ALTER TABLE files RENAME COLUMN size TO s",
    "table in place of a table": "DROP TABLE files; CREATE VIEW files AS SELECT 1 AS path, 2 AS size, '' AS sha256",
    "missing table": "DROP TABLE files",
    "missing index": "DROP INDEX files_by_sha256",
    "check": "DROP TABLE files; CREATE TABLE files (path TEXT PRIMARY KEY, size, modified, sha256, CHECK (abs(size)))",
}


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_a_library_with_other_definitions_is_refused_and_left_as_it_is(folder: Path, definition: str) -> None:
    library = folder / "library"
    with closing(sqlite3.connect(library / "airquote.db")) as connection:
        connection.executescript(f"{DEFINITIONS[definition]}; PRAGMA wal_checkpoint(TRUNCATE)")
    before = (library / "airquote.db").read_bytes()
    for command in (("search", "more"), ("import", folder / "notes.srt"), ("remove", EPISODE), ("list",)):
        run = airquote(*command)
        assert run.code == 4
        assert "is not as airquote made it: it" in run.err
    assert "is not as airquote made it" in airquote("doctor").out
    assert (library / "airquote.db").read_bytes() == before


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_library_of_any_version_is_known(folder: Path, version: int) -> None:
    library = folder / "of_version"
    library.mkdir()
    with closing(sqlite3.connect(library / "airquote.db")) as connection:
        connection.create_function("language_code", 1, lambda code: code)
        connection.executescript("".join(MIGRATIONS[:version]))
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(f"PRAGMA application_id = {0x61697271}")
    with Store.open(library) as store:
        assert store.episodes() == []
    with closing(sqlite3.connect(library / "airquote.db")) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON episodes BEGIN DELETE FROM episodes; END")
    assert airquote("list", "--library", library).code == 4


@pytest.mark.parametrize(
    "definition",
    [
        "CREATE TRIGGER t AFTER INSERT ON words BEGIN DELETE FROM words; END",
        "DROP TABLE words; CREATE VIEW words AS SELECT 1 AS word, 2 AS language, 3 AS stem, 4 AS sound, 5 AS count",
        "CREATE TABLE other (a)",
    ],
)
def test_a_lexicon_with_other_definitions_is_rebuilt(folder: Path, definition: str) -> None:
    library = folder / "library"
    with closing(sqlite3.connect(library / "index" / "lexicon.db")) as connection:
        connection.executescript(definition)
    believe(library)
    (folder / "new.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nThere is more to say.\n")
    assert airquote("import", folder / "new.srt").code == 0
    assert len(airquote("search", "mor*", "--json").answers) == 3
    with closing(sqlite3.connect(library / "index" / "lexicon.db")) as connection:
        kinds = connection.execute("SELECT DISTINCT type FROM sqlite_master WHERE name != 'other'").fetchall()
        assert {kind for (kind,) in kinds} == {"table", "index"}
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'other'").fetchall()


# Rows


def set_column(library: Path, table: str, column: str, value: object) -> None:
    """Give every row this value, or one row where the table forbids that all have the same."""
    with closing(sqlite3.connect(library / "airquote.db")) as connection:
        for rows in ("", f"WHERE {column} = (SELECT max({column}) FROM {table})"):
            with suppress(sqlite3.IntegrityError):
                connection.execute(f"UPDATE {table} SET {column} = ? {rows}", (value,))
                break
        connection.commit()


def try_values(
    folder: Path,
    values: Sequence[object],
    every: Callable[[Path], Iterable[Command]],
    tables: Iterable[str] = tuple(TABLES),
) -> None:
    """Run ``every`` command with each value in each column of each of these tables."""
    library = folder / "library"
    shutil.copytree(library, folder / "good")
    for table in tables:
        for column in TABLES[table]:
            for value in values:
                shutil.rmtree(library)
                shutil.copytree(folder / "good", library)
                set_column(library, table, column, value)
                for command in every(folder):
                    check(airquote(*command), command, (table, column, value))


def read_words(folder: Path) -> Iterator[Command]:
    """Commands that read episodes, words and sentences, and one that resumes a draft."""
    yield "list", "--json"
    yield "search", "more", "--json"
    yield "at", EPISODE, "1"
    yield "export", EPISODE, "--format", "srt"
    yield "export", IMPORTED, "--format", "srt"
    yield "transcribe", *ENGINE, folder / "draft.wav"


def read_shows(folder: Path) -> Iterator[Command]:
    """Commands that read shows and their items."""
    yield ("shows",)
    yield "shows", "--opml", "-", "--with-passwords"
    yield "subscribe", folder / "boat.xml"
    yield "unsubscribe", "night", "--dry-run"
    yield "update", "--dry-run"


@pytest.mark.parametrize("value", [-1, 2**63 - 1, "../../x", "[" * 100_000], ids=lambda value: repr(value)[:20])
def test_no_value_of_a_show_breaks_a_command(folder: Path, value: object) -> None:
    try_values(folder, [value], read_shows, ("shows", "feed_items"))


@pytest.mark.parametrize("value", [b"\xff\0x", "[1]"], ids=repr)
def test_no_value_of_any_column_breaks_a_command(folder: Path, value: object) -> None:
    try_values(folder, [value], read_words)


@pytest.mark.parametrize(
    "content",
    ["[]", '{"cues": [[1]], "flaws": []}', '{"cues": [], "flaws": [1]}', "[" * 100_000,
     '{"cues": [[-1, 2, " a", null, false, null, null, null, false, []]], "flaws": []}',
     '{"cues": [[1, 2, " \\ud800", null, false, null, null, null, false, []]], "flaws": []}',
     '{"cues": [[1, 2, " a", null, false, null, null, null, false, [[1, 2, 3, 4]]]], "flaws": []}'],
)  # fmt: skip
def test_cues_that_airquote_did_not_write_are_damage(folder: Path, content: str) -> None:
    set_column(folder / "library", "cues", "content", zlib.compress(content.encode()))
    run = airquote("export", IMPORTED, "--format", "srt")
    assert run.code == 4
    assert "is damaged" in run.err


@pytest.mark.parametrize(
    ("value", "refused"),
    [("../../x", True), ("/etc/x", True), (".", True), ("a/b", True), ("a\\b", True), ("", True), ("a\x1b[2J", True),
     ("the-roof-2", False), ("قصة-1", False)],
)  # fmt: skip
def test_the_id_of_an_episode_names_no_other_folder(folder: Path, value: str, refused: bool) -> None:
    set_column(folder / "library", "episodes", "id", value)
    (folder / "exports").mkdir()
    with closing(sqlite3.connect(folder / "library" / "airquote.db")) as connection:
        connection.execute(
            "UPDATE transcripts SET episode = ? WHERE episode NOT IN (SELECT id FROM episodes)", (value,)
        )
        connection.commit()
    before = set(folder.parent.rglob("*"))
    run = airquote("list", "--json")
    assert run.code == (4 if refused else 0)
    assert "Traceback" not in run.err
    airquote("export", value, "--format", "txt", "-o", folder / "exports")
    assert all(path.is_relative_to(folder) for path in set(folder.parent.rglob("*")) - before)


@pytest.mark.parametrize("value", ["x", "../../../secret", "a" * 63, "A" * 64, "a" * 65])
def test_a_hash_that_is_none_names_no_lock(folder: Path, value: str) -> None:
    set_column(folder / "library", "episodes", "sha256", value)
    secret = folder.parent / "secret.lock"
    secret.write_text("mine")
    run = airquote("remove", EPISODE)
    assert run.code == 4
    assert "SHA-256" in run.err
    assert secret.read_text() == "mine"


def test_a_removal_that_names_another_file_is_refused(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "library" / "airquote.db")) as connection:
        connection.execute("INSERT INTO removals VALUES ('../../x', 'x', NULL, NULL)")
        connection.commit()
    run = airquote("remove", EPISODE)
    assert run.code == 4
    assert "Traceback" not in run.err


def test_a_damaged_draft_is_begun_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("{}", "[" * 100_000, '{"duration": "x", "windows": [], "language": "en", "settings": {}}'):
        set_column(folder / "library", "drafts", "plan", value)
        install(monkeypatch, engine := FakeEngine(before=fail))
        assert transcribe(folder / "draft.wav").code == 3, "killed again"
        assert engine.calls
    set_column(folder / "library", "draft_parts", "content", "[1]")
    install(monkeypatch, FakeEngine())
    run = transcribe(folder / "draft.wav")
    assert run.code == 3
    assert "is damaged" in run.err
    assert transcribe(folder / "draft.wav").code == 0


# Recordings

SECRET = b"-----BEGIN OPENSSH PRIVATE KEY-----"


def named(folder: Path, name: str) -> Path:
    path = folder / name
    match name:
        case "secret":
            path.write_bytes(SECRET)
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path)
        case "link to a pipe":
            os.mkfifo(folder / "linked")
            path.symlink_to(folder / "linked")
        case "link to a device":
            path.symlink_to("/dev/zero")
    return path


NEVER_OPENED = ("pipe", "link to a pipe", "link to a device", "/dev/zero", "/dev/tty")
OTHERS = (
    "secret", "folder", "loop", "secret/below", "n" * 300, "/proc/self/mem", "http://127.0.0.1:9/talk.wav",
    "concat:talk.wav|talk.wav", "file:talk.wav", "subfile:talk.wav", "data:audio/wav;base64,UklGRg==", "rtmp://127.0.0.1/x",
    "", "-", "talk.wav", "~", "$HOME",
)  # fmt: skip


def use_recording(folder: Path) -> Iterator[Command]:
    """Commands that would open the recording of an episode."""
    article = folder / "article.txt"
    article.write_text("“There is more to come,” she said.")
    yield "clip", EPISODE, "1", "2", "-o", folder / "clip.wav"
    yield "play", EPISODE, "1", "2"
    yield "verify", article, "--html", folder / "report.html", "--overwrite"
    yield "verify", article, "--clips", folder / "clips", "--overwrite"
    yield "search", "more", "--json"
    yield ("doctor",)
    yield "export", EPISODE, "--format", "json", "-o", folder / "talk.json", "--overwrite"
    yield "transcribe", *ENGINE, folder / "talk.wav"


@pytest.mark.parametrize("name", [*NEVER_OPENED, *OTHERS])
def test_a_path_that_is_not_the_recording_is_not_decoded(
    folder: Path, events: Events, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(folder.parent)
    path = named(folder, name) if name in (*NEVER_OPENED, "secret", "folder", "loop") and name[0] != "/" else name
    set_column(folder / "library", "episodes", "media", str(path))
    decoded: list[object] = []
    monkeypatch.setattr("audio.media.av.open", lambda *arguments, **_: decoded.append(arguments))
    for command in [*use_recording(folder)][:-1]:
        run = airquote(*command)
        check(run, command, name)
        assert run.code != 0 or command[0] not in ("clip", "play"), run
    assert not decoded
    assert not [*folder.glob("clip.wav"), *folder.glob("clips/*")]
    assert SECRET not in (folder / "report.html").read_bytes()
    assert not events.names() & {"socket.connect", "socket.getaddrinfo", "os.system"}
    if name in NEVER_OPENED:
        opened = {str(arguments[0]) for event, arguments in events.seen if event == "open"}
        assert opened, "the events are seen"
        assert not opened & {str(path), str(folder / "linked")}


@pytest.mark.parametrize("name", [*NEVER_OPENED, *OTHERS])
def test_the_recording_is_linked_again_whatever_path_it_had(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(folder.parent)
    path = named(folder, name) if name in (*NEVER_OPENED, "secret", "folder", "loop") and name[0] != "/" else name
    set_column(folder / "library", "episodes", "media", str(path))
    set_column(folder / "library", "files", "size", 1)
    assert transcribe(folder / "talk.wav").code == 0
    assert airquote("clip", EPISODE, "1", "2", "-o", folder / "clip.wav").code == 0


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{talk}\n#EXT-X-ENDLIST\n",
    "hls over http": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    "m3u": "#EXTM3U\n#EXTINF:9,Talk\n{talk}\n",
    "concat": "ffconcat version 1.0\nfile '{talk}'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    "dash": "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011' type='static'><Period><AdaptationSet>"
    "<Representation id='1' bandwidth='1'><BaseURL>{talk}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "asx": "<asx version='3.0'><entry><ref href='{talk}'/></entry></asx>",
    "pls": "[playlist]\nFile1={talk}\nNumberOfEntries=1\nVersion=2\n",
    "secret": SECRET.decode(),
}


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_file_with_the_recorded_hash_that_is_not_sound_opens_nothing(folder: Path, events: Events, kind: str) -> None:
    talk, planted = folder / "talk.wav", folder / "planted.mp3"
    planted.write_text(PLAYLISTS[kind].format(talk=talk))
    set_column(folder / "library", "episodes", "media", str(planted))
    set_column(folder / "library", "episodes", "sha256", hash_file(planted))
    run = airquote("clip", EPISODE, "1", "2", "-o", folder / "clip.wav")
    assert run.code == 3
    assert "planted.mp3" in run.err
    opened = {str(arguments[0]) for event, arguments in events.seen if event == "open"}
    assert str(planted) in opened
    assert str(talk) not in opened
    assert not events.names() & {"socket.connect", "socket.getaddrinfo"}
    assert transcribe(planted).code == 3, "also where a user names it"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "5",
        "[]",
        '{"first": 1e400, "places": []}',
        '{"first": 1, "places": [{"episode": [], "start": "x", "end": 1}]}',
        '{"first": 1, "places": [{"episode": 5, "start": 1, "end": 2}]}',
        '{"first": 1, "places": [{"episode": "talk", "start": "nan", "end": 2}]}',
        "\xff",
    ],
)
def test_a_last_search_that_is_none_breaks_no_command(folder: Path, text: str) -> None:
    (folder / "library" / "last-search.json").write_text(text, encoding="latin-1")
    for command in (("at", "1"), ("words", "1"), ("clip", "1", "-o", folder / "clip.wav"), ("play", "1")):
        run = airquote(*command)
        check(run, command, text)
        assert run.code == 2


def test_a_pipe_in_place_of_the_last_search_is_not_waited_for(folder: Path, events: Events) -> None:
    place = folder / "library" / "last-search.json"
    place.unlink()
    os.mkfifo(place)
    assert airquote("at", "1").code == 2
    assert str(place) not in {str(arguments[0]) for event, arguments in events.seen if event == "open"}
