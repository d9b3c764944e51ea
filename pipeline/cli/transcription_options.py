"""The options of commands that transcribe: engine, model, language and what helps to recognise names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import parse_path

if TYPE_CHECKING:
    from pipeline.settings import Settings

EngineOption = Annotated[str | None, typer.Option(help="auto, faster-whisper or openai-whisper.", show_default="auto")]
ModelOption = Annotated[
    str | None,
    typer.Option(
        help="A model's name or the path of its weights.", show_default="the library's; at first small, turbo on a GPU"
    ),
]
LanguageOption = Annotated[
    str | None, typer.Option(help="The language spoken, such as en or es.", show_default="identified")
]
DeviceOption = Annotated[str | None, typer.Option(help="auto, cpu or cuda.", show_default="auto")]
JobsOption = Annotated[int | None, typer.Option(help="Files to transcribe in parallel.", show_default="1")]
OnOption = Annotated[
    str | None,
    typer.Option(
        metavar="PLACE",
        help="here, ray, ray://HOST or ray://HOST:PORT: the workers of a Ray cluster.",
        show_default="here",
    ),
]
ShareOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="A folder that all machines of the cluster have: sound in it is not sent.",
        show_default=False,
        parser=parse_path,
    ),
]
PromptOption = Annotated[
    str | None, typer.Option(help="Text that tells Whisper the topic and spellings.", show_default=False)
]
GlossaryOption = Annotated[
    Path | None,
    typer.Option(
        metavar="PATH",
        help="A text file of names, one per line; 'Okafor: Ockever' adds a misrecognised form.",
        show_default=False,
        parser=parse_path,
    ),
]
VerbatimOption = Annotated[
    bool | None,
    typer.Option(
        "--verbatim/--no-verbatim", help="Keep fillers, repeated starts and cut-off words.", show_default="off"
    ),
]
NoNamesOption = Annotated[
    bool, typer.Option("--no-names", help="Do not use the names of people in the feed as a glossary.")
]
SpeakersOption = Annotated[
    str | None,
    typer.Option(
        metavar="auto|N|off", help="How many speakers to tell apart.", show_default="auto: as many as are heard"
    ),
]
MinSpeakersOption = Annotated[
    int | None, typer.Option(metavar="N", help="Tell at least so many speakers apart.", show_default=False)
]
AcceptAboveOption = Annotated[
    str | None,
    typer.Option(
        metavar="LIKELIHOOD",
        help="Give voices the names that are suggested with more than this, such as 0.98.",
        show_default="never",
    ),
]
MaxSpeakersOption = Annotated[
    int | None, typer.Option(metavar="N", help="Tell at most so many speakers apart.", show_default=False)
]


def shared_folder(settings: Settings, given: Path | None) -> Path | None:
    """Return the folder that all machines have: that of the settings is for clusters alone."""
    return settings.share if given is not None or settings.on != "here" else None
