"""What listing voices answers with: those of an episode, and those of the whole library by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """What speaks for a suggested name.

    ``profile``: the voice is like those that a person named so, in the episodes that ``shown_by`` lists;
    ``itself``: the voice says the sentence ``shown_by``; ``talk``: somebody else does; ``feed``: the publisher names
    this person for the episode, in this role.
    """

    basis: Literal["profile", "itself", "talk", "feed"]
    shown_by: str


@dataclass(frozen=True, slots=True)
class NameSuggestion:
    """A name that the voice with this number may have: how likely that is, from 0 to 1, and what speaks for it."""

    voice: int
    name: str
    likelihood: float
    evidence: tuple[NameEvidence, ...]


@dataclass(frozen=True, slots=True)
class EpisodeVoice:
    """A voice of an episode: its number there, who it is as far as that is known, and what it says.

    ``label`` is what its sentences are labelled with, such as Voice 2, Channel 1, or the name in an imported file;
    ``speaker`` the name that they have now: that which a person gave, else the label. ``seconds`` is how long it
    speaks, ``start`` when it first does. ``sample_start`` and ``sample_end`` are a stretch in which it speaks alone,
    None where there is none. One that is not ``told_by_sound`` is from a file or a channel: it can be named only.
    ``suggested`` is who it may be if nobody named it, with how likely that is, from 0 to 1, and what speaks for it.
    """

    episode: str
    voice: int
    label: str
    speaker: str
    named: bool
    seconds: float
    sentences: int
    start: float | None
    sample_start: float | None
    sample_end: float | None
    told_by_sound: bool
    suggested: str | None = None
    likelihood: float | None = None
    evidence: tuple[NameEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryVoice:
    """A speaker of the library: in how many ``episodes`` somebody of this name speaks, and for how long.

    None is the name of all voices that nobody named yet. ``voice_count`` is how many voices they are in all episodes.
    """

    speaker: str | None
    episodes: int
    voice_count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class VoiceChange:
    """A change by hand to the voices of an episode, or the undoing of one, and the ``voices`` after it.

    ``undoable`` is how many changes can be undone now.
    """

    episode: str
    change: str
    undone: bool
    undoable: int
    voices: tuple[EpisodeVoice, ...]


@dataclass(frozen=True, slots=True)
class ProfileState:
    """Whether it is stored in a library what voices sound like: of how many it is, and who is known again by it.

    ``forgotten`` is of how many voices that was deleted just now, None if nothing was asked to be. ``erased``: nothing
    that was deleted can be read from the library's files any more; another process was reading them if not.
    """

    keeping: bool
    known_voices: int
    known_speakers: tuple[str, ...]
    forgotten: int | None = None
    erased: bool = True
