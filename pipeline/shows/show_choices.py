"""What is wanted of a show: chosen when it is subscribed to, and remembered for each update."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Literal, Self, get_args

from audio.errors import UsageError, correct_input
from index.query.dates import read_date_range
from pipeline.errors import check_number, check_text

WantedTranscripts = Literal["publisher", "own", "both"]
"""Whose transcripts are wanted: the publisher's, airquote's own, or both."""

_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class KeptSound:
    """Which downloaded sound is kept: that of the newest ``episodes``, or what is at most ``days`` old; or all."""

    episodes: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class ShowChoices:
    """What is wanted of a show; None is what was not chosen.

    ``latest`` is how many of the newest episodes, ``since`` the first date (YYYY-MM-DD), ``match`` a text that titles
    have. With ``no_audio`` no sound is downloaded. ``keep_audio`` is how long it is kept: ``5`` (newest episodes),
    ``30d`` (days), ``never``, or ``always``, which is so where nothing was chosen.
    """

    latest: int | None = None
    since: str | None = None
    match: str | None = None
    transcripts: WantedTranscripts | None = None
    no_audio: bool | None = None
    keep_audio: str | None = None

    @property
    def description(self) -> str:
        """The choices in words."""
        wanted = {
            f"newest {self.latest}": self.latest,
            f"since {self.since}": self.since,
            f"titles with {self.match}": self.match,
            "no audio": self.no_audio,
            f"transcripts: {self.transcripts}": self.transcripts,
            f"keep audio: {self.keep_audio}": self.keep_audio,
        }
        return ", ".join(text for text, value in wanted.items() if value) or "all"

    def changed_by(self, later: ShowChoices) -> Self:
        """Return these choices with those of ``later`` that were made; 0, an empty text and False take one back."""
        made = {one.name: getattr(later, one.name) for one in fields(later)}
        return replace(self, **{name: value or None for name, value in made.items() if value is not None})


NO_CHOICES = ShowChoices()


def check_choices(choices: ShowChoices) -> ShowChoices:
    """Return the choices, with a date in full. Raises UsageError for a choice that there is not."""
    if choices.latest is not None:
        check_number("number of episodes", choices.latest)
    check_text("text", choices.match)
    if choices.transcripts not in (None, *get_args(WantedTranscripts)):
        raise UsageError(
            f"There are no transcripts {choices.transcripts!r}.",
            correct_input(f"There are: {', '.join(get_args(WantedTranscripts))}."),
            where=choices.transcripts,
        )
    read_kept_sound(choices.keep_audio or "always")
    days = read_date_range(choices.since or None, None)
    return replace(choices, since=days[0] if days else choices.since)


def read_kept_sound(text: str) -> KeptSound:
    """Read how long sound is kept: a number of episodes, of days (``30d``), ``never`` or ``always``.

    Raises UsageError for anything else.
    """
    if text in ("never", "always"):
        return KeptSound(episodes=0) if text == "never" else KeptSound()
    number = text.removesuffix("d")
    if not _NUMBER.fullmatch(number):
        raise UsageError(
            f"Sound cannot be kept {text!r}.",
            correct_input("Give a number of episodes, such as 5, or of days, such as 30d; or never, or always."),
            where=text,
        )
    return KeptSound(days=int(number)) if number != text else KeptSound(episodes=int(number))
