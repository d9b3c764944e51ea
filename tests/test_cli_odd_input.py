"""Numbers of thousands of digits, and paths of every odd kind: each gets a message, never a traceback."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
from pathlib import Path

import airquote as package
import pytest
from fake_engine import airquote, speak, transcribe
from hypothesis import given
from hypothesis import strategies as st
from test_cli_safety import CUES

from audio.atomic_write import write_output
from audio.errors import TimeError, UsageError
from audio.timecode import LONGEST_SECONDS, format_time, parse_time
from index.errors import LibraryError
from index.language.numbers.number_figures import LONGEST_FIGURE
from index.language.numbers.number_readings import read_numbers
from index.storage.files.access import LONGEST_FOLDER
from pipeline.last_search import LAST_SEARCH

LONG_NUMBERS = ("9" * 30, "9" * 308, "9" * 309, "9" * 400, "9" * 5000)

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("digits", [10, 308, 309, 400, 4301, 5000])
@pytest.mark.parametrize("form", ["{}", "1:{}", "{}:00", "{}:00:00", "{}.5", "{}h", "{}m", "1h{}m", "{}s", "{}h1s"])
def test_a_number_that_no_recording_reaches_is_no_time(form: str, digits: int) -> None:
    with pytest.raises(TimeError) as caught:
        parse_time(form.format("9" * digits))
    assert len(str(caught.value)) < 200


@given(st.floats(0, LONGEST_SECONDS))
def test_every_time_up_to_the_longest_can_be_written(seconds: float) -> None:
    assert parse_time(format_time(seconds)) == pytest.approx(seconds, abs=0.051)


@given(st.floats())
def test_every_float_can_be_shown_as_a_time(seconds: float) -> None:
    assert format_time(seconds)


@pytest.mark.parametrize("number", LONG_NUMBERS)
def test_long_numbers_are_refused_or_without_effect(number: str, recorded_talk: Path, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(f"“There were {number} ferries and the {number}th million of them” said Ann Lee.")
    clip = ("-o", tmp_path / "clip.wav", "--overwrite")
    commands: list[tuple[object, ...]] = [
        ("at", "talk", number), ("at", "talk", 1, "--before", number), ("at", number), ("words", "talk", 1, number),
        ("play", "talk", number), ("play", number), ("play", "talk", 1, "--lead", number),
        ("clip", "talk", 1, number, *clip), ("clip", number, *clip), ("clip", "talk", 3, 4, "--pad", number, *clip),
        ("search", "barano", "--limit", number, "--offset", number, "--context", number),
        ("search", f"barano~{number}"),
        ("search", f'"barano cor"~{number}'), ("search", f"date:{number} barano"), ("search", number),
        ("locate", f"{number} millionth ferry", "--limit", number), ("locate", "barano", "--min-similarity", number),
        ("verify", article, "--context", number), ("transcribe", recorded_talk, "--jobs", number, "--model", "none"),
    ]  # fmt: skip
    for command in commands:
        run = airquote(*command)
        assert "Traceback" not in run.err, (command, run.err[-600:])
        assert run.code in (0, 1, 2, 3, 4), command
    assert airquote("at", "talk", number).code == 2


@pytest.mark.parametrize("digits", [1, 15, 16, 400, 5000])
def test_numbers_of_any_length_are_read_or_left(digits: int) -> None:
    for after in ("millionth", "million", "%"):
        read = read_numbers(["9" * digits, after], "en")
        assert bool(read) == (digits <= LONGEST_FIGURE)
        assert not read or "9" * digits in read[0].number.key


@pytest.mark.parametrize(
    "places",
    [
        '{"episode": "talk", "start": 1e308, "end": 1e308}',
        f'{{"episode": "talk", "start": {"9" * 400}, "end": 3}}',
        '{"episode": "talk", "start": [], "end": 2}',
        '{"episode": 5, "start": "a", "end": null}',
        "[" * 100_000,
    ],
)
@pytest.mark.usefixtures("recorded_talk")
def test_a_damaged_last_search_is_none(places: str, library: Path) -> None:
    (library / LAST_SEARCH).write_text(f'{{"first": 1, "places": [{places}]}}')
    for command in ("at", "words"):
        run = airquote(command, 1)
        assert run.code == 2
        assert "Traceback" not in run.err


# Paths


def name_of_length(folder: Path, length: int) -> Path:
    """A path of exactly this many bytes below a folder, which does not exist."""
    path = str(folder.resolve())
    while len(path) < length:
        rest = length - len(path) - 1
        path += "/" + "z" * (min(rest, 200) if rest - 200 != 1 else 199)
    assert len(path) == length
    return Path(path)


@pytest.mark.parametrize("more", [0, 1, 20])
def test_a_path_that_is_too_long_for_sqlite_is_called_that(more: int, tmp_path: Path) -> None:
    folder = name_of_length(tmp_path, LONGEST_FOLDER + more)
    (tmp_path / "words.srt").write_text(CUES)
    run = airquote("import", tmp_path / "words.srt", "--library", folder)
    if more == 0:
        assert run.code == 0
        assert airquote("search", "ferry", "--library", folder).code == 0
        assert airquote("reindex", "--library", folder).code == 0
        return
    assert run.code == 4
    assert f"is {LONGEST_FOLDER + more} bytes long" in run.err
    assert run.err.rstrip().endswith("Name another folder with --library.")


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder with a file, a pipe, links in a circle, and a link to nothing."""
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "file").write_text("hello")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder / "back")
    (folder / "back").symlink_to(folder / "loop")
    (folder / "dangling").symlink_to(folder / "nowhere")
    return folder


NO_FOLDERS = {
    "file": "not a folder", "pipe": "not a folder", "file/below": os.strerror(errno.ENOTDIR),
    "loop": os.strerror(errno.ELOOP), "loop/below": os.strerror(errno.ELOOP), "dangling": "symbolic link to nothing",
}  # fmt: skip


@pytest.mark.parametrize(("name", "reason"), NO_FOLDERS.items())
def test_what_cannot_be_a_library_gets_no_advice_to_create_one(name: str, reason: str, odd: Path) -> None:
    for command in (("list",), ("search", "ferry"), ("reindex",), ("remove", "talk")):
        run = airquote(*command, "--library", odd / name)
        assert run.code == 2
        assert reason in run.err
        assert run.err.rstrip().endswith("Name another folder with --library.")
    sound = speak(odd / "talk.wav", 1)
    run = transcribe(sound, "--library", odd / name)
    assert run.code == 4
    assert run.err.rstrip().endswith("Name another folder with --library.")


@pytest.mark.parametrize("path", ["x" * 256, "x" * 5000, "/".join(["y" * 200] * 30)])
def test_a_name_that_is_too_long_is_called_that(path: str, tmp_path: Path) -> None:
    (tmp_path / "words.srt").write_text(CUES)
    for command in (("list",), ("import", tmp_path / "words.srt")):
        run = airquote(*command, "--library", tmp_path / path)
        assert run.code == 4
        assert os.strerror(errno.ENAMETOOLONG) in run.err
        assert "Name another folder" in run.err


def test_an_empty_library_is_not_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.srt").write_text(CUES)
    run = airquote("import", "words.srt", "--library", "")
    assert run.code == 2
    assert "empty path" in run.err
    with pytest.raises(UsageError, match="empty path"):
        package.Library.open("")
    assert [path.name for path in tmp_path.iterdir()] == ["words.srt"]
    assert airquote("import", "words.srt", "--library", ".").code == 0


def test_a_zero_byte_in_a_path_is_refused(tmp_path: Path) -> None:
    for create in (True, False):
        with pytest.raises((LibraryError, UsageError), match="null byte"):
            package.Library.open(tmp_path / "a\0b", create=create).episodes()


@pytest.mark.parametrize("name", ["bad\udcff\udc80", "new\nline", "-", " ", "*", "a'b\"c", "%20#?", "ü\u0301"])
def test_a_library_may_have_any_name_that_a_folder_can_have(name: str, tmp_path: Path) -> None:
    (tmp_path / "words.srt").write_text(CUES)
    folder = tmp_path / name
    assert airquote("import", tmp_path / "words.srt", f"--library={folder}").code == 0
    assert airquote("search", "ferry", f"--library={folder}").code == 0
    assert [path.name for path in folder.iterdir() if path.name.startswith("airquote.db")] == ["airquote.db"]


@pytest.mark.usefixtures("recorded_talk")
def test_advice_names_the_library_of_the_command_for_a_shell(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.library.model_to_name", lambda _: None)  # the default one is here
    folder = tmp_path / "it's here & there"
    option = f"--library {shlex.quote(str(folder))}"
    missing = airquote("list", "--library", folder)
    assert f"airquote transcribe {option} FILE_OR_FOLDER (or airquote import {option} TRANSCRIPT)" in missing.err
    shutil.copytree(library, folder)
    for command, advised in {
        ("show", "nobody"): f"airquote list {option}",
        ("play", "1"): f"airquote search {option} QUERY",
        ("doctor",): f"airquote reindex {option}",
    }.items():
        (folder / "last-search.json").unlink(missing_ok=True)
        (folder / "index" / "manifest.json").unlink(missing_ok=True)
        run = airquote(*command, "--library", folder)
        assert advised in run.err + run.out
        usual = airquote(*command)
        assert "--library" not in usual.err + usual.out


# Files that are written


@pytest.mark.parametrize("name", ["loop", "loop/below", "dangling", "pipe"])
@pytest.mark.usefixtures("recorded_talk")
def test_what_is_in_the_way_of_a_file_stays(name: str, odd: Path, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("“Barano cor del fin gamano” said Ann Lee.")
    target = odd / name
    before = sorted(odd.iterdir())
    for command in (("export", "talk", "-f", "txt", "-o", target), ("verify", article, "--html", target)):
        run = airquote(*command)
        assert run.code in (2, 4), run.err
        assert "Traceback" not in run.err
        assert str(odd / name.partition("/")[0]) in run.err
        assert "Create it" not in run.err
    assert sorted(odd.iterdir()) == before
    assert (odd / "pipe").is_fifo()


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full"])
@pytest.mark.usefixtures("recorded_talk")
def test_a_device_is_never_replaced(device: str) -> None:
    before = os.lstat(device)
    run = airquote("export", "talk", "-f", "txt", "-o", device, "--overwrite")
    assert run.code == 2
    assert os.lstat(device).st_ino == before.st_ino


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "elsewhere" / "real.txt")
    for text in ("one", "two"):
        with write_output(tmp_path / "link.txt") as unfinished:
            assert unfinished.parent == (tmp_path / "elsewhere").resolve()
            unfinished.write_text(text)
        assert (tmp_path / "link.txt").is_symlink()
        assert (tmp_path / "elsewhere" / "real.txt").read_text() == text
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("locate", ""), "no letter or digit"), (("locate", "..."), "no letter or digit"),
        (("search", ""), "it is empty"),
        (("search", "ferry", "--since", "2021", "--until", "2020"), "2020 lies before 2021"),
        (("locate", "ferry", "--since", "2021", "--until", "2020"), "2020 lies before 2021"),
        (("verify", ""), "empty name"), (("verify", "ARTICLE", "--listen-model", "nosuch"), "no model 'nosuch'"),
        (("verify", "ARTICLE", "--html", ""), "empty name"), (("verify", "ARTICLE", "--clips", " "), "empty name"),
        (("verify", "ARTICLE", "--only", ""), "no kind of finding"), (("verify", "ARTICLE", "--speaker", ""), "digit"),
        (("import", ""), "empty name"), (("export", "talk", "-o", ""), "empty name"),
        (("transcribe", ""), "empty name"), (("show", ""), "no episode"), (("remove", ""), "no episode"),
        (("transcribe", "ARTICLE", "--glossary", ""), "empty name"),
        (("clip", "talk", "1", "2", "-o", ""), "empty name"),
        (("clip", "talk", "2", "1", "-o", "x.wav"), "is before"), (("words", "talk", "2", "1"), "is before"),
        (("at", "talk", ""), "not a time"),
        (("transcribe", "ARTICLE", "--jobs", "-1"), "not a number of jobs"),
        (("verify", "ARTICLE", "--context", "-1"), "--context"), (("locate", "ferry", "--limit", "-1"), "--limit"),
        (("search", "ferry", "--offset", "-1"), "--offset"), (("at", "talk", "1", "--before", "-1"), "--before"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("recorded_talk")
def test_what_cannot_be_meant_is_a_usage_fault(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("“There were four ferries in the harbour” said Ann Lee.")
    result = airquote(*(article if argument == "ARTICLE" else argument for argument in arguments))
    assert (result.code, result.out) == (2, "")
    assert told in result.err
