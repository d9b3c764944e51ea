"""Play a sound file with a program installed on this system."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from audio.errors import PlayerError, choose_player

VARIABLE = "AIRQUOTE_PLAYER"
"""Environment variable with a command that plays the file named after it."""

STOP_SECONDS = 2.0
"""Time that a player gets to terminate before it is killed."""


@dataclass(frozen=True, slots=True)
class Player:
    """A program and the arguments with which it plays one file quietly and then exits.

    ``{file}`` in an argument is replaced by the file (without it, the file is appended), ``{quoted}`` by the file with
    single quotes doubled. ``seek`` are the arguments to start at ``{start}`` seconds, empty where unsupported.
    """

    name: str
    arguments: tuple[str, ...] = ()
    seek: tuple[str, ...] = ()

    def command(self, path: Path, start: float | None = None) -> list[str]:
        """Return the arguments that play ``path``, from ``start`` seconds on where the program can seek."""
        # Absolute, so that a name with a leading dash is not parsed as an option.
        file = str(path.absolute())
        seek = [] if start is None else [part.replace("{start}", f"{start:g}") for part in self.seek]
        quoted = file.replace("'", "''")
        given = [part.replace("{quoted}", quoted).replace("{file}", file) for part in self.arguments]
        placed = any("{file}" in part or "{quoted}" in part for part in self.arguments)
        return [self.name, *given, *seek, *([] if placed else [file])]


MPV = Player("mpv", ("--no-video", "--really-quiet", "--no-terminal"), ("--start={start}",))

# In order of preference: first those that decode every format and print least.
_VLC = (("--intf", "dummy", "--play-and-exit", "--quiet"), ("--start-time={start}",))
_EVERYWHERE = (
    MPV,
    Player("ffplay", ("-nodisp", "-autoexit", "-loglevel", "error"), ("-ss", "{start}")),
    Player("cvlc", ("--play-and-exit", "--quiet"), _VLC[1]),
    Player("vlc", *_VLC),
)
PLAYERS = (*_EVERYWHERE, Player("pw-play"), Player("paplay"), Player("aplay", ("--quiet",)))
WINDOWS_PLAYER = Player(
    "powershell",
    ("-NoProfile", "-Command", "(New-Object System.Media.SoundPlayer '{quoted}').PlaySync()"),
)


def find_player() -> Player | None:
    """Return the command in AIRQUOTE_PLAYER, else the first player on the path, else None.

    Raises PlayerError if AIRQUOTE_PLAYER names a program that does not exist.
    """
    wanted = os.environ.get(VARIABLE, "").strip()
    if wanted:
        name, *arguments = split_command(wanted, sys.platform == "win32")
        if shutil.which(name) is None:
            raise PlayerError(
                f"There is no program {name}, which {VARIABLE} names.",
                choose_player("Install or correct it."),
                where=name,
            )
        known = next((player for player in PLAYERS if player.name == Path(name).stem), None)
        if known is not None and not arguments:
            return Player(name, known.arguments, known.seek)
        return Player(name, tuple(arguments), known.seek if known else ())
    return next((player for player in players_of(sys.platform) if shutil.which(player.name)), None)


def players_of(platform: str) -> tuple[Player, ...]:
    """Return the players of a platform, in order of preference: what comes with it, or with its desktop, is last."""
    if platform == "win32":
        return (*_EVERYWHERE, Player("C:/Program Files/VideoLAN/VLC/vlc.exe", *_VLC), WINDOWS_PLAYER)
    if platform == "darwin":
        return (*_EVERYWHERE, Player("/Applications/VLC.app/Contents/MacOS/VLC", *_VLC), Player("afplay"))
    return PLAYERS


def split_command(command: str, windows: bool) -> list[str]:
    """Return the words of a command; in a path of Windows backslashes are not escapes."""
    return [part.strip("\"'") for part in shlex.split(command, posix=False)] if windows else shlex.split(command)


def play_file(path: Path, player: Player) -> None:
    """Play ``path`` and wait for its end; Ctrl-C stops the player, then propagates as KeyboardInterrupt.

    Raises PlayerError if the program cannot be run or fails.
    """
    command = player.command(path)
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    except OSError as error:
        raise PlayerError(
            f"{player.name} cannot be run: {error.strerror or error}.",
            choose_player(f"Name another in {VARIABLE}."),
            where=player.name,
        ) from error
    with process:
        try:
            _, stderr = process.communicate()
        except BaseException:
            _stop(process)
            raise
    if process.returncode:
        lines = stderr.decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit code {process.returncode}"
        raise PlayerError(
            f"{player.name} could not play {path}: {reason}.", choose_player(f"Name another in {VARIABLE}."), where=path
        )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
        return
    process.kill()


def play_command(player: Player | None, path: Path, start: float, windows: bool = sys.platform == "win32") -> str:
    """Return the command line, quoted for a shell, that plays ``path`` from ``start`` seconds on.

    Without a player that can seek, it is the command for mpv, the player to install.
    """
    command = (player if player is not None and player.seek else MPV).command(path, round(start, 3))
    return subprocess.list2cmdline(command) if windows else shlex.join(command)
