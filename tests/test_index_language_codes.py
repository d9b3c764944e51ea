"""Names and codes of languages are normalised to Whisper's codes, or refused."""

from __future__ import annotations

import ast
import importlib.util
import itertools
import json
import shutil
import sqlite3
import string
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_engine import airquote, speak, transcribe
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_text, search

import index.storage.schema
from index.language.language_codes import WHISPER_CODES, WHISPER_NAMES, language_code, language_name, stated_language
from index.storage.store import Store
from index.storage.untrusted import read_tables

NO_LANGUAGES = ["foo", "xx", "klingon", "none", "", " ", "-", "e", "1", "qaa", "und", "mul", "zxx", "x-foo", "a\0b"]
SRT = "1\n00:00:01,000 --> 00:00:03,000\nThe ferries and the boats are what we had to have.\n"
SEGMENTS = [{"start": 1.0, "end": 3.0, "text": " The ferries and the boats are what we had to have."}]


def in_library(package: str, file: str, name: str) -> Any:
    """Read a constant of a library's module without importing it."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    source = (Path(spec.submodule_search_locations[0]) / file).read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{package} has no {name} in {file}")


def test_the_codes_are_those_of_both_engines() -> None:
    names = in_library("whisper", "tokenizer.py", "LANGUAGES")
    assert set(names) == WHISPER_CODES
    assert set(in_library("faster_whisper", "tokenizer.py", "_LANGUAGE_CODES")) == WHISPER_CODES
    assert {name: WHISPER_NAMES[name] for name in names.values()} == {name: code for code, name in names.items()}
    assert all(language_code(code) == code for code in WHISPER_CODES)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en", "en"), ("EN", "en"), (" en ", "en"), ("eng", "en"), ("English", "en"), ("en-US", "en"), ("en_GB", "en"),
        ("en_US.UTF-8", "en"), ("ger", "de"), ("deu", "de"), ("German", "de"), ("DE-at", "de"), ("pt-BR", "pt"),
        ("por", "pt"), ("zh-Hans", "zh"), ("zh-TW", "zh"), ("cmn", "zh"), ("chi", "zh"), ("Mandarin", "zh"),
        ("yue", "yue"), ("zh-yue", "yue"), ("Cantonese", "yue"), ("iw", "he"), ("heb", "he"), ("in", "id"),
        ("ji", "yi"), ("jv", "jw"), ("jw", "jw"), ("jav", "jw"), ("nb", "no"), ("nob", "no"), ("no", "no"),
        ("nor", "no"), ("nn", "nn"), ("fil", "tl"), ("tl", "tl"), ("tgl", "tl"), ("haw", "haw"), ("arb", "ar"),
        ("pes", "fa"), ("zsm", "ms"), ("mo", "ro"), ("sh", "sr"), ("sr-Latn", "sr"), ("flemish", "nl"),
        ("Haitian Creole", "ht"), ("tlh", "tlh"), ("i-klingon", "tlh"), ("gsw", "gsw"), ("nds-DE", "nds"),
    ],
)  # fmt: skip
def test_a_language_is_the_code_that_whisper_uses_or_that_bcp_47_prefers(written: str, code: str) -> None:
    assert language_code(written) == stated_language(written) == code


@pytest.mark.parametrize("written", [*NO_LANGUAGES, None, 5, ["en"], {"en": 1}, True])
def test_what_is_not_a_language_has_no_code(written: object) -> None:
    assert language_code(written) is None


def test_a_file_that_leaves_its_language_open_states_none_and_nonsense_is_stated_as_it_stands() -> None:
    assert [stated_language(name) for name in (None, 5, "", " ", "und", "MUL", "zxx", "mis", "auto")] == [None] * 9
    assert (stated_language("Foo "), stated_language("klingon")) == ("Foo", "klingon")


def test_the_code_of_a_code_is_that_code() -> None:
    letters = string.ascii_lowercase
    written = ["".join(word) for length in (2, 3) for word in itertools.product(letters, repeat=length)]
    codes = {code for name in written if (code := language_code(name))}
    assert len(codes) > 5000
    assert {code: language_code(code) for code in codes} == {code: code for code in codes}


@given(st.text(max_size=40) | st.text("abdeginopqsuzx-_.@0123456789", max_size=20))
def test_no_text_is_too_strange(text: str) -> None:
    code = language_code(text)
    assert code is None or language_code(code) == code
    assert stated_language(text) in (code, text.strip(), None)


def language_of(episode: str) -> str | None:
    (row,) = [row for row in airquote("list", "--json").answers if row["episode"] == episode]
    language: str | None = row["language"]
    return language


@pytest.mark.parametrize("written", ["eng", "English", "en-US", "EN"])
def test_an_import_is_found_whatever_way_its_language_was_written(written: str, tmp_path: Path) -> None:
    (tmp_path / "told.srt").write_text(SRT)
    assert airquote("import", tmp_path / "told.srt", "--language", written).code == 0
    (tmp_path / "stated.json").write_text(json.dumps({"language": written, "segments": SEGMENTS}))
    (tmp_path / "head.vtt").write_text(f"WEBVTT\nLanguage: {written}\n\n" + SRT[2:].replace(",", "."))
    files = [tmp_path / "stated.json", tmp_path / "head.vtt"]
    assert [row["reason"] for row in airquote("import", *files, "--json").answers] == [None, None]
    assert [language_of(episode) for episode in ("told", "stated", "head")] == ["en"] * 3
    for query in (("ferry",), ("ferry lang:eng",), ("ferry lang:en-GB",), ("ferry", "--lang", "English")):
        assert {row["episode"] for row in airquote("search", *query, "--json").answers} == {"told", "stated", "head"}


def test_a_language_that_whisper_does_not_know_keeps_its_own_code(tmp_path: Path) -> None:
    (tmp_path / "told.srt").write_text(SRT)
    assert airquote("import", tmp_path / "told.srt", "--language", "gsw-CH").code == 0
    assert language_of("told") == "gsw"
    assert airquote("search", "ferries", "--lang", "gsw", "--json").answer["episode"] == "told"


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("written", ["foo", "und", "xx", "klingon", "", "1"])
def test_what_is_not_a_language_is_refused_wherever_a_person_says_it(
    written: str, tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "told.srt"
    file.write_text(SRT)
    sound = speak(tmp_path / "talk.wav", 1)
    runs = [airquote("import", file, "--language", written), transcribe(sound, "--language", written)]
    assert not library.exists(), "a library was created"
    airquote("import", file)
    runs.append(airquote("search", "ferry", "--lang", written))
    if written:
        runs.append(airquote("search", f"ferry lang:{written}"))
        monkeypatch.setenv("AIRQUOTE_LANGUAGE", written)
        runs.append(transcribe(sound))
    for run in runs:
        assert (run.code, run.out) == (2, "")
        assert repr(written) in run.err
        assert "such as" in run.err


@pytest.mark.parametrize(("language", "words"), [("en", SEGMENTS), (None, [{**SEGMENTS[0], "text": " Lorem."}])])
def test_a_file_that_states_no_language_is_told_of_and_its_words_decide(
    language: str | None, words: list[dict[str, Any]], tmp_path: Path
) -> None:
    file = tmp_path / "stated.json"
    file.write_text(json.dumps({"language": "foo" * 1000, "segments": words}))
    row = airquote("import", file, "--json").answer
    assert (row["status"], language_of("stated")) == ("done", language)
    assert "'foofoo" in row["reason"]
    assert len(row["reason"]) < 200
    assert ("guessed en" in row["reason"]) == (language == "en")


def test_what_a_person_says_of_the_language_outdoes_what_the_file_states(tmp_path: Path) -> None:
    file = tmp_path / "stated.json"
    file.write_text(json.dumps({"language": "foo", "segments": SEGMENTS}))
    assert airquote("import", file, "--language", "de", "--json").answer["reason"] is None
    assert language_of("stated") == "de"


def make_old_library(folder: Path) -> None:
    """Create a library of version 2, with an up-to-date index and languages as stored at the time."""
    languages = {"a": "eng", "b": "en", "c": "foo", "d": None, "e": "english"}
    with pytest.MonkeyPatch.context() as patch, Store.open(folder, create=True) as store:
        patch.setattr(index.storage.schema, "MIGRATIONS", index.storage.schema.MIGRATIONS[:2])
        for name, language in languages.items():
            add_text(store, name, "the ferries left and came back " * 300, language)
        assert {hit.episode.id for hit in search(store, "ferry")} == {"b"}
        with closing(sqlite3.connect(store.path)) as connection:
            with closing(sqlite3.connect(":memory:")) as made:
                made.executescript("".join(index.storage.schema.MIGRATIONS))
                known = {name for _, name, *_ in read_tables(made)}
            for kind, name, _, statement in read_tables(connection):
                if name not in known and statement:  # without one it belongs to a table
                    connection.execute(f"DROP {kind.upper()} IF EXISTS {name}")
            connection.execute("ALTER TABLE episodes DROP COLUMN address")
            connection.execute("PRAGMA user_version = 2")


def test_languages_of_an_older_library_are_made_codes_and_its_words_found(tmp_path: Path) -> None:
    make_old_library(tmp_path / "library")
    with closing(sqlite3.connect(tmp_path / "library" / "airquote.db")) as connection:
        before = dict(connection.execute("SELECT episode, number FROM transcripts"))
    with Store.open(tmp_path / "library") as store:
        facts = store.all_facts()
        assert {name: known.language for name, known in facts.items()} == {
            "a": "en", "b": "en", "c": None, "d": None, "e": "en",
        }  # fmt: skip
        assert {name for name, known in facts.items() if known.number != before[name]} == {"a", "c", "e"}
        texts = {name: transcript.text for name in "abcde" if (transcript := store.transcript(name))}
        assert set(texts) == set("abcde")
        assert len(set(texts.values())) == 1
        assert store.check() == []
        assert {hit.episode.id for hit in search(store, "ferry")} == {"a", "b", "e"}
        assert {hit.episode.id for hit in search(store, "ferries lang:en")} == {"a", "b", "e"}


def test_an_older_library_that_cannot_be_written_is_read_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old_library(tmp_path / "library")
    with closing(sqlite3.connect(tmp_path / "library" / "airquote.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    shutil.copytree(tmp_path / "library", tmp_path / "before")
    monkeypatch.setattr("index.storage.files.access.os.access", lambda *_: False)
    with Store.open(tmp_path / "library") as store:
        assert {hit.episode.id for hit in search(store, "ferry")} == {"b"}
        assert {hit.episode.id for hit in search(store, "ferries")} == set("abcde")
    monkeypatch.undo()
    assert (tmp_path / "library" / "airquote.db").read_bytes() == (tmp_path / "before" / "airquote.db").read_bytes()


def test_each_code_has_the_name_by_which_it_is_found() -> None:
    assert {code: language_code(language_name(code)) for code in WHISPER_CODES} == {
        code: code for code in WHISPER_CODES
    }
    assert (language_name("de"), language_name("ht"), language_name("xx")) == ("German", "Haitian Creole", "xx")
