"""What a run is asked to do: defaults, then the settings file, then the environment, then flags."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from audio.errors import UsageError, correct_input, repair_file
from index.language.language_codes import language_code

SETTINGS_FILE = "airquote.toml"
_PREFIX = "AIRQUOTE_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Each can be set in the settings file by its name, in the environment as ``AIRQUOTE_NAME``, or by a flag.

    ``model`` None is the default for the device; ``language`` None is what the sound itself tells; ``glossary`` is a
    file of names.
    """

    library: Path = Path()
    engine: str = "auto"
    model: str | None = None
    language: str | None = None
    device: str = "auto"
    jobs: int = 1
    prompt: str | None = None
    glossary: Path | None = None


def load_settings(flags: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. ``flags`` that are None were not given.

    Raises UsageError for a settings file that does not parse, for a name in it that does not exist, and for a
    value that does not fit.
    """
    defaults = Settings(library=platformdirs.user_data_path("airquote", appauthor=False))
    known = {field.name for field in fields(Settings)}
    from_environment = {
        name: environment[_PREFIX + name.upper()] for name in known if environment.get(_PREFIX + name.upper())
    }
    given = {name: value for name, value in flags.items() if value is not None}
    return replace(defaults, **_fitted({**_from_file(known), **from_environment, **given}))


def settings_path() -> Path:
    """Where the settings file lies, if there is one."""
    return platformdirs.user_config_path("airquote", appauthor=False) / SETTINGS_FILE


def _from_file(known: set[str]) -> dict[str, Any]:
    path = settings_path()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"The settings file {path} cannot be read: {error}.", repair_file("Mend it or move it away."), where=path
        ) from error
    unknown = sorted(set(values) - known)
    if unknown:
        raise UsageError(
            f"The settings file {path} sets {unknown[0]!r}, which does not exist.",
            correct_input(f"There are: {', '.join(sorted(known))}."),
            where=path,
        )
    return values


def _fitted(values: dict[str, Any]) -> dict[str, Any]:
    fitted = dict(values)
    for name, value in fitted.items():
        if name != "jobs" and not isinstance(value, (str, Path)):
            raise UsageError(
                f"{name} is set to {value!r}, which is no text.",
                correct_input("Put it in quotation marks."),
                where=name,
            )
    for name in {"library", "glossary"} & fitted.keys():
        try:
            fitted[name] = Path(fitted[name]).expanduser().absolute()
        except RuntimeError as error:
            raise UsageError(f"{fitted[name]} is no path: {error}", correct_input("Write its whole path.")) from None
    if "language" in fitted:
        fitted["language"] = language_code(fitted["language"])
        if fitted["language"] is None:
            raise UsageError(
                f"{values['language']!r} is no language.",
                correct_input("Write it as a code, such as en or es."),
                where=values["language"],
            )
    if "jobs" in fitted:
        try:
            fitted["jobs"] = int(fitted["jobs"])
        except (TypeError, ValueError):
            fitted["jobs"] = 0
        if fitted["jobs"] < 1:
            raise UsageError(f"{values['jobs']!r} is no number of jobs.", correct_input("Give 1 or more."))
    return fitted
