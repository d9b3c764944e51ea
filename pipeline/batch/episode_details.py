"""What a person says of the episodes that are added: show, title and date; what was edited by hand stays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audio.errors import UsageError, correct_input
from audio.recording.tag_dates import read_date
from index.storage.store import Store
from index.transcript import Episode
from pipeline.errors import check_text
from pipeline.printable import find_control

_WRITTEN = re.compile(r"[0-9]{4}(?:-?[0-9]{2}-?[0-9]{2}|-[0-9]{2})?")

NAMES_OF_FIELDS = {"show": "show", "title": "title", "published": "date", "address": "address"}
"""What the fields of an episode that can be given are called, in the order in which they are named."""


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """Show, title and date given for an episode; None leaves what is known. ``published`` is YYYY-MM-DD, or a part.

    Raises UsageError for a show or title that is not UTF-8.
    """

    show: str | None = None
    title: str | None = None
    published: str | None = None

    def __post_init__(self) -> None:
        check_text("show", self.show)
        check_text("title", self.title)

    def applied_to(self, episode: Episode, edited: Collection[str] = ()) -> Episode:
        """Return the episode with these details, except for the fields that were ``edited`` by hand."""
        return replace(
            episode,
            show=episode.show if "show" in edited else self.show or episode.show,
            title=episode.title if "title" in edited else self.title or episode.title,
            published=episode.published if "published" in edited else self.published or episode.published,
        )


NO_DETAILS = EpisodeDetails()


def describe_changes(before: Episode, after: Episode) -> list[str]:
    """Return a remark on each detail of an episode that was changed, and on its recording, with both values."""
    fields = {**NAMES_OF_FIELDS, "media": "recording"}
    values = ((name, getattr(before, field), getattr(after, field)) for field, name in fields.items())
    return [f"{name}: {old or '-'} → {new or '-'}" for name, old, new in values if old != new]


def describe_kept(store: Store, episode: Episode, details: EpisodeDetails) -> list[str]:
    """Return a remark on the details that an episode does not get, since they were edited by hand; none if it does."""
    asked, edited = details.applied_to(episode), store.edited_fields(episode.id)
    kept = [
        name for field, name in NAMES_OF_FIELDS.items()
        if field in edited and getattr(asked, field) != getattr(episode, field)
    ]  # fmt: skip
    return [f"{' and '.join(kept)} edited by hand, so kept"] if kept else []


def describe_corrections(store: Store, episode_id: str) -> list[str]:
    """Return remarks on the words corrected by hand in an episode that got another transcript; none if none were."""
    known = store.corrections(episode_id)
    aside = sum(one.first is None for one in known)
    counts = ((len(known) - aside, "kept"), (aside, "set aside: other words stand there now"))
    return [
        f"{count} {'correction' if count == 1 else 'corrections'} by hand {what}" for count, what in counts if count
    ]


def check_name(what: str, text: str | None) -> None:
    """Raise UsageError as ``check_text`` does, and for a name with a control character or a line break in it.

    One of invisible characters alone is none either; an empty one may mean something.
    """
    check_text(what, text)
    control = find_control(text or "")
    if control is not None:
        raise UsageError(
            f"The {what} {text!a} has the control character U+{ord(control):04X}.",
            correct_input("Leave it out."),
            where=text,
        )
    if text and text.strip() and all(unicodedata.category(character) in ("Cf", "Zs") for character in text):
        raise UsageError(f"The {what} {text!a} cannot be seen.", correct_input("Write letters."), where=text)


def parse_date(text: str) -> str:
    """Return the date of an episode as YYYY-MM-DD, or as YYYY-MM or YYYY where no more is known.

    Raises UsageError for text that is not a date.
    """
    found = read_date(text) if _WRITTEN.fullmatch(text.strip()) else None
    if found is None:
        raise UsageError(f"{text!r} is not a date.", correct_input("Write it as 2024-05-31."), where=text)
    return found


def pair_dates(dates: Sequence[str], files: Sequence[Path]) -> Mapping[Path, str]:
    """Return the date of each file: the only one that is given, or those given in the order of the files.

    Raises UsageError for text that is not a date, and for another number of dates.
    """
    parsed = list(map(parse_date, dates))
    if len(parsed) not in (0, 1, len(files)):
        raise UsageError(
            f"There are {len(parsed)} dates for {len(files)} files.",
            correct_input("Give one date for all files, or one for each in their order."),
        )
    return dict(zip(files, parsed * len(files) if len(parsed) == 1 else parsed, strict=False))
