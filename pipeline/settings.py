"""Settings: defaults, overridden by the settings file, then the environment, then flags."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from audio.errors import UsageError, correct_input, repair_file
from index.language.language_codes import parse_language
from pipeline.answers import REPEATS
from pipeline.errors import check_choice

if TYPE_CHECKING:
    from index.search.searcher import Repeats
    from pipeline.transcription.options import TranscriptionOptions

SETTINGS_FILE = "airquote.toml"
_PREFIX = "AIRQUOTE_"
_NUMBERS = {"jobs": "jobs", "min_speakers": "speakers", "max_speakers": "speakers", "upload_gigabytes": "gigabytes"}
_SPEAKERS = {"speakers", "min_speakers", "max_speakers"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Each can be set in the settings file by its name, in the environment as ``AIRQUOTE_NAME``, or by a flag.

    ``model`` is that of the environment or a flag, None if neither names one. ``default_model``, in the file ``model``,
    is that of a new library, None the default for the device. ``language`` None leaves it to language identification;
    ``glossary`` is a file of names. ``repeats`` is as in SearchOptions, for searches of the command line. Of
    ``speakers``, ``min_speakers`` and ``max_speakers`` those count that are set in one place, the last that sets any.
    With ``voice_profiles`` off it is never stored what voices sound like. ``accept_above`` is the likelihood above
    which names that are suggested for voices are accepted unasked, None never. ``upload_gigabytes`` is the size of the
    largest file that a server takes. ``verbatim`` keeps more of the fillers and repeated starts of speech. ``on`` is
    where the command line transcribes, and ``share`` the folder that all machines of a cluster have.
    """

    library: Path = Path()
    engine: str = "auto"
    model: str | None = None
    language: str | None = None
    device: str = "auto"
    jobs: int = 1
    prompt: str | None = None
    glossary: Path | None = None
    default_model: str | None = None
    repeats: Repeats = "all"
    speakers: str | int = "auto"
    min_speakers: int | None = None
    max_speakers: int | None = None
    voice_profiles: str = "on"
    accept_above: float | None = None
    upload_gigabytes: int = 8
    verbatim: bool = False
    on: str = "here"
    share: Path | None = None

    def transcription_options(
        self, *, partial: bool, force: bool, track: int | None = None, channels: str = "mix"
    ) -> TranscriptionOptions:
        """Return the options of a transcription with these settings. Raises UsageError for an unreadable glossary."""
        from pipeline.transcription.glossary import read_glossary
        from pipeline.transcription.options import AUTO, EngineSpec, TranscriptionOptions

        return TranscriptionOptions(
            EngineSpec(self.engine, self.model or AUTO, self.device),
            self.language,
            self.prompt,
            read_glossary(self.glossary) if self.glossary else None,
            partial,
            force,
            track,
            channels,
            self.default_model,
            self.speakers,
            self.min_speakers,
            self.max_speakers,
            self.accept_above,
            self.verbatim,
        )


def load_settings(flags: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in effect. ``flags`` that are None were not given.

    Raises UsageError for a settings file that does not parse, for an unknown name in it, and for an invalid value.
    """
    defaults = Settings(library=platformdirs.user_data_path("airquote", appauthor=False))
    known = {field.name for field in fields(Settings)} - {"default_model"}
    variables = {name: _PREFIX + name.upper() for name in known}
    from_environment = {
        name: environment[variable] for name, variable in variables.items() if environment.get(variable)
    }
    given = {name: value for name, value in flags.items() if value is not None}
    from_file = _from_file(known)
    _leave_to_last(from_file, from_environment, given)
    if "model" in from_file:  # what a library was made with is more special than what a person mostly uses
        from_file["default_model"] = from_file.pop("model")
    places = {name: f"{name} in {settings_path()}" for name in from_file} | {
        name: variables[name] for name in from_environment
    }
    values = {**from_file, **from_environment, **given}
    return replace(defaults, **_validated(values, {name: place for name, place in places.items() if name not in given}))


def _leave_to_last(*levels: dict[str, Any]) -> None:
    """Remove from each level what says how many speakers there are if a later one says it."""
    said = False
    for level in reversed(levels):
        for name in _SPEAKERS & level.keys() if said else ():
            del level[name]
        said = said or bool(_SPEAKERS & level.keys())


def settings_path() -> Path:
    """Return the path of the settings file, which need not exist."""
    return platformdirs.user_config_path("airquote", appauthor=False) / SETTINGS_FILE


def _from_file(known: set[str]) -> dict[str, Any]:
    path = settings_path()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"The settings file {path} cannot be read: {error}.", repair_file("Correct it or move it away."), where=path
        ) from error
    unknown = sorted(set(values) - known)
    if unknown:
        raise UsageError(
            f"The settings file {path} sets {unknown[0]!r}, which is not a setting.",
            correct_input(f"The settings are: {', '.join(sorted(known))}."),
            where=path,
        )
    return values


def _validated(values: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of settings as they are used. Raises UsageError, which names the place of a value, if known."""
    valid = {}
    for name, value in values.items():
        try:
            valid[name] = _validate(name, value)
        except UsageError as error:
            if name not in places:
                raise
            message = f"{places[name].removeprefix('default_')}: {error.message}"
            raise UsageError(message, error.way_out, where=error.where) from None
    return valid


def _validate(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        return _validate_number(name, value)
    if name == "accept_above":
        return parse_likelihood(value)
    if name == "verbatim":
        return _validate_switch(name, value)
    if name != "speakers" and not isinstance(value, (str, Path)):
        raise UsageError(
            f"{name.removeprefix('default_')} is set to {value!r}, which is not text.",
            correct_input("Put it in quotation marks."),
            where=name,
        )
    match name:
        case "library" | "glossary" | "share":
            return full_path(value)
        case "language":
            return parse_language(value)
        case "repeats":
            check_choice(value, REPEATS, "a choice for repeats")
        case "voice_profiles":
            check_choice(value, ("on", "off"), "a choice for voice_profiles")
    return value


def parse_likelihood(given: object) -> float:
    """Return a likelihood from 0 to 1. Raises UsageError for any other value."""
    try:
        likelihood = float(str(given))
    except ValueError:
        likelihood = -1.0
    if not 0 <= likelihood <= 1:
        raise UsageError(f"{given!r} is not a likelihood.", correct_input("Give one from 0 to 1, such as 0.98."))
    return likelihood


def _validate_switch(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    check_choice(str(value), ("on", "off"), f"a choice for {name}")
    return bool(value == "on")


def _validate_number(name: str, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        raise UsageError(f"{value!r} is not a number of {_NUMBERS[name]}.", correct_input("Give 1 or more."))
    return number


def full_path(path: str | Path) -> Path:
    """Return an absolute path, with ``~`` expanded. Raises UsageError for an empty one, which would be this folder."""
    if path == "":
        raise UsageError("An empty path is given.", correct_input("Write . for the current folder."))
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError as error:
        raise UsageError(f"{path} is not a valid path: {error}", correct_input("Write the full path.")) from None
