"""``airquote voices forget`` and ``voices profiles``: whose voices a library knows again, and how it forgets them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from audio.errors import UsageError, correct_input
from pipeline.cli.options import LibraryOption, VerboseOption, settings_from
from pipeline.cli.printing import plural, print_table, say
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.voices.spoken_voices import ProfileState


class Keeping(StrEnum):
    """Whether a library keeps what voices sound like."""

    on = "on"
    off = "off"


@prints_rows(ProfileState)
def forget(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Whose voice is forgotten.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="What all voices sound like.")] = False,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Delete for good what a voice sounds like; names stay, and so do backups made before."""
    from pipeline.library import Library

    if (name is None) != every:
        raise UsageError("Whose voice?", correct_input("Write: airquote voices forget NAME, or forget --all"))
    with Library.open(settings_from(library=library).library) as opened:
        state = opened.forget_all_voices() if name is None else opened.forget_voice(name)
    _print_profiles(state, print_rows)


@prints_rows(ProfileState)
def profiles(
    keep: Annotated[
        Keeping | None,
        typer.Argument(metavar="on|off", help="Keep what voices sound like, or not.", show_default="only say"),
    ] = None,
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Say whose voices this library knows again; off deletes what it has, and keeps it from storing more."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        state = opened.voice_profiles(None if keep is None else keep is Keeping.on)
    _print_profiles(state, print_rows)


def _print_profiles(state: ProfileState, print_rows: RowPrinter | None) -> None:
    if print_rows:
        print_rows([state])
        return
    on, known = ("on" if state.keeping else "off"), ", ".join(state.known_speakers) or "-"
    print_table(("profiles", "voices", "known again"), [(on, str(state.known_voices), known)])
    if state.forgotten is not None:
        say(f"Deleted what {state.forgotten} {plural('voice', state.forgotten)} sounded like. Backups keep it.")
    if not state.erased:
        say("Another airquote reads the library: do it again when that is done, to erase it from the files too.")
    voices = "1 voice sounds" if state.known_voices == 1 else f"{state.known_voices} voices sound"
    stored = f"What {voices} like"
    if state.keeping and not state.known_voices:
        say("Profiles are on, but it is not stored yet what any voice sounds like.")
    elif state.keeping:
        say(f"{stored} is stored in this library. Delete it: airquote voices forget --all.")
    elif state.known_voices:
        say(f"{stored} is stored, although profiles are off. Delete it: airquote voices forget --all.")
    else:
        say("Profiles are off: it is not stored what voices sound like.")


def register(voices: typer.Typer) -> None:
    """Add these commands to those of voices."""
    voices.command("forget")(forget)
    voices.command("profiles")(profiles)
