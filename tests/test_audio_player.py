"""Players are found, run and stopped; none of these tests makes a sound."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from audio.errors import PlayerError
from audio.player import PLAYERS, VARIABLE, WINDOWS_PLAYER, Player, find_player, play_command, play_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fake players are shell scripts")

FILE = Path("/tmp/it's here.wav")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the only one on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(VARIABLE, raising=False)
    return folder


def install(folder: Path, name: str, script: str) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_none_here(programs: Path) -> None:
    assert find_player() is None
    assert not list(programs.iterdir())


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: player.name)
def test_each_is_found(player: Player, programs: Path) -> None:
    install(programs, player.name, "exit 0")
    assert find_player() == player


def test_the_first_of_several(programs: Path) -> None:
    for name in ("aplay", "ffplay", "vlc"):
        install(programs, name, "exit 0")
    found = find_player()
    assert found is not None
    assert found.name == "ffplay"


def test_the_variable_decides(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(programs, "mpv", "exit 0")
    mine = install(programs, "my player", "exit 0")
    monkeypatch.setenv(VARIABLE, f"'{mine}' --gain 3 '{{file}}' --once")
    player = find_player()
    assert player is not None
    assert player.command(FILE) == [str(mine), "--gain", "3", str(FILE), "--once"]
    monkeypatch.setenv(VARIABLE, "nothing-of-the-kind -q")
    with pytest.raises(PlayerError, match="nothing-of-the-kind"):
        find_player()


def test_plays_and_waits(programs: Path, tmp_path: Path) -> None:
    install(programs, "mpv", f'for a in "$@"; do echo "$a"; done > "{tmp_path}/said"')
    player = find_player()
    assert player is not None
    sound = tmp_path / "-a b.wav"
    sound.touch()
    play_file(sound, player)
    assert (tmp_path / "said").read_text().splitlines()[-1] == str(sound)


def test_failure_is_an_error_with_the_last_line(programs: Path) -> None:
    install(programs, "aplay", "echo 'first' >&2; echo 'no such device' >&2; exit 3")
    with pytest.raises(PlayerError, match=r"aplay could not play .*: no such device"):
        play_file(FILE, Player("aplay"))
    with pytest.raises(PlayerError, match="gone cannot be run"):
        play_file(FILE, Player("gone"))


def test_ctrl_c_stops_the_player(programs: Path, tmp_path: Path) -> None:
    install(programs, "mpv", f'echo $$ > "{tmp_path}/pid"; exec /bin/sleep 60')

    def interrupt() -> None:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.01)
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGINT)

    # A process that a shell started in the background ignores SIGINT.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        pressing = threading.Thread(target=interrupt)
        pressing.start()
        with pytest.raises(KeyboardInterrupt):
            play_file(FILE, Player("mpv"))
        pressing.join()
    finally:
        signal.signal(signal.SIGINT, before)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_commands_to_type() -> None:
    mpv = "mpv --no-video --really-quiet --no-terminal --start=75.3 '/tmp/it'\"'\"'s here.wav'"
    assert play_command(None, FILE, 75.3) == mpv
    assert play_command(Player("afplay"), FILE, 75.3) == mpv
    ffplay = next(player for player in PLAYERS if player.name == "ffplay")
    assert "-ss 3753.4 '/tmp/" in play_command(ffplay, FILE, 3753.4)


def test_windows_quotes_for_powershell() -> None:
    assert "it''s here.wav'" in WINDOWS_PLAYER.command(FILE)[-1]
