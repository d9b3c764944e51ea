"""What differs between Linux, macOS and Windows, as far as it can be told on any of them; see docs/terminal.md."""

from __future__ import annotations

import io
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, SoftFileLock
from hypothesis import given
from hypothesis import strategies as st
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows, get_win_folder_from_env_vars

from audio.player import VARIABLE, Player, play_command, players_of, split_command
from index.storage.episode_names import file_stem, name_episode
from pipeline.batch.locks import lock_source
from pipeline.cli.errors import quote_for_shell
from pipeline.cli.main import main

PLATFORMS = ("linux", "darwin", "win32", "freebsd14")
DEVICES = ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"))
FORBIDDEN_ON_WINDOWS = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_platform_has_the_players_that_run_on_it(platform: str) -> None:
    names = [player.name for player in players_of(platform)]
    assert names[:2] == ["mpv", "ffplay"]
    assert len(names) == len(set(names))
    assert ("afplay" in names) == (platform == "darwin")
    assert ("powershell" in names) == (platform == "win32")
    assert ("paplay" in names) == (platform not in ("darwin", "win32"))
    last = {"darwin": "afplay", "win32": "powershell"}.get(platform, "aplay")
    assert names[-1] == last, "what comes with the system plays if nothing better is installed"


def test_a_command_in_the_environment_keeps_the_backslashes_of_windows() -> None:
    command = '"C:\\Program Files\\mpv\\mpv.exe" --volume=50'
    assert split_command(command, windows=True) == ["C:\\Program Files\\mpv\\mpv.exe", "--volume=50"], VARIABLE
    assert split_command(r"/opt/my\ player -q", windows=False) == ["/opt/my player", "-q"]
    spoken = play_command(Player("mpv", (), ("--start={start}",)), Path("/a b.wav"), 1.5, windows=True)
    assert spoken.endswith('b.wav"')


@given(st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1))
def test_advice_quotes_for_the_shell_of_the_platform(text: str) -> None:
    assert shlex.split(quote_for_shell(text, windows=False)) == [text]
    quoted = quote_for_shell(text, windows=True)
    if quoted != text:
        assert quoted[0] == quoted[-1] == "'"
        assert quoted[1:-1].replace("''", "'") == text, "PowerShell: only a quote is doubled"


def test_the_folders_are_those_of_each_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", r"C:\Users\ann\AppData\Local")
    # On Windows the folder comes from the system, here from the environment.
    monkeypatch.setattr("platformdirs.windows.get_win_folder", get_win_folder_from_env_vars)
    own: dict[str, Any] = {"appname": "airquote", "appauthor": False}
    assert Unix(**own).user_data_dir == f"{tmp_path}/.local/share/airquote"
    assert MacOS(**own).user_data_dir == f"{tmp_path}/Library/Application Support/airquote"
    assert Windows(**own).user_data_dir.replace("/", "\\") == r"C:\Users\ann\AppData\Local\airquote"


@pytest.mark.parametrize("device", DEVICES)
def test_no_file_is_named_like_a_device_of_windows(device: str) -> None:
    for written in (device, device.upper(), f" {device} ", f"{device}."):
        assert name_episode(written).casefold() not in DEVICES
        assert file_stem(written).casefold() not in DEVICES


@given(st.text())
def test_a_file_name_has_nothing_that_windows_forbids(title: str) -> None:
    stem = file_stem(name_episode(title))
    assert not FORBIDDEN_ON_WINDOWS & set(stem)
    assert not stem.endswith((".", " "))
    assert len(stem.encode()) <= 210, "a path of 260 characters has room for a folder"


def test_a_lock_is_one_of_the_operating_system(tmp_path: Path) -> None:
    assert not issubclass(FileLock, SoftFileLock), "a killed process would leave it locked"
    expected = "WindowsFileLock" if sys.platform == "win32" else "UnixFileLock"
    assert FileLock.__name__ == expected
    with lock_source(tmp_path, "a" * 64):
        (file,) = (tmp_path / "locks").iterdir()
    assert len(file.name) < 80


def test_a_lock_file_that_cannot_be_deleted_while_it_is_open_is_left_to_its_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, f"in use, as on Windows ({missing_ok})")

    monkeypatch.setattr(Path, "unlink", refuse)
    with lock_source(tmp_path, "a", discard=True):
        pass


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "cp932"])
def test_a_console_of_another_encoding_gets_escapes_instead_of_a_traceback(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, err = io.BytesIO(), io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out, encoding=encoding))
    monkeypatch.setattr("sys.stderr", io.TextIOWrapper(err, encoding=encoding))
    monkeypatch.setattr("sys.argv", ["airquote", "help", "שלום-שׁ-你好"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert b"There is no command" in err.getvalue()
    assert b"\\u05e9" in err.getvalue()
