"""What can be cited, and a citation with the facts that it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from index.speaker_labels import is_unnamed
from index.transcript import Episode
from pipeline.links import link_to_moment


class Citable(Protocol):
    """Protocol of what can be cited: a Citation, a FoundStatement."""

    @property
    def episode(self) -> str:
        """The id of the episode."""

    @property
    def title(self) -> str:
        """The title of the episode."""

    @property
    def show(self) -> str | None:
        """The show, None if unknown."""

    @property
    def published(self) -> str | None:
        """YYYY-MM-DD, YYYY-MM or YYYY; None if unknown."""

    @property
    def start(self) -> float:
        """Seconds from the recording's start."""

    @property
    def end(self) -> float:
        """Seconds from the recording's start."""

    @property
    def link(self) -> str | None:
        """A link to the moment, None if there is none."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place of an episode, and its ``citation`` in a ``style``.

    ``published`` is YYYY-MM-DD, YYYY-MM or YYYY; ``speaker`` who speaks at ``start``, None if unknown: the label of a
    voice without a name is no person to cite. ``link`` leads to the moment: at the address of the episode, else in its
    file; None if it has neither.
    """

    episode: str
    title: str
    show: str | None
    published: str | None
    speaker: str | None
    start: float
    end: float
    link: str | None
    style: str = "plain"
    citation: str = ""


def cite_span(episode: Episode, start: float, end: float, speaker: str | None, offset: float) -> Citation:
    """Return the facts of a citation of a span, without its text.

    ``offset`` are the seconds that players show at the recording's first sample.
    """
    named = None if speaker is None or is_unnamed(speaker) else speaker
    return Citation(
        episode.id, episode.title, episode.show, episode.published, named, round(start, 3), round(end, 3),
        link_to_moment(episode, start, offset),
    )  # fmt: skip


def address_of(cited: Citable) -> str | None:
    """Return the link if others can follow it: a file on one's own machine is not in a list of references."""
    return cited.link if cited.link and cited.link.startswith(("http://", "https://")) else None
