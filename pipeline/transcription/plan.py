"""The plan of a transcription: a file's windows in groups, each saved when it is done, as JSON."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from itertools import accumulate
from typing import Any

from audio.recording.sound_choice import FIRST_SOUND, SoundChoice, Weights, read_sound
from audio.timecode import Span
from audio.windows import Window
from index.speaker_labels import CHANNEL
from index.transcript import Word
from pipeline.engines.base import Note, WindowText

GROUP_WINDOWS = 12
"""The most windows that are saved together: about five minutes of speech, the most that is lost by a kill."""
FIRST_GROUP_WINDOWS = 4
"""The windows of the first group: so the first words are there early, and enough of them to tell that they are in
another language than assumed (quality.WRONG_LANGUAGE_WINDOWS)."""


@dataclass(frozen=True, slots=True)
class ChannelPart:
    """A channel that is transcribed by itself: its number, from 1, the weights that single it out, how many of a plan's
    windows are of it, and its speech."""

    channel: int
    weights: Weights
    windows: int
    speech: tuple[Span, ...]

    @property
    def speaker(self) -> str:
        """The name of who speaks on it."""
        return f"{CHANNEL}{self.channel}"


def _read_part(saved: dict[str, Any]) -> ChannelPart:
    speech = tuple(Span(float(span["start"]), float(span["end"])) for span in saved["speech"])
    weights = tuple(float(weight) for weight in saved["weights"])
    return ChannelPart(int(saved["channel"]), weights, int(saved["windows"]), speech)


def group_number(window: int) -> int:
    """Return the number of the group of the window with this number, both from 0.

    It follows from that alone, so that a group can be decoded before it is known how many windows a file has.
    """
    first = first_window(1)
    return 0 if window < first else 1 + (window - first) // GROUP_WINDOWS


def first_window(group: int) -> int:
    """Return the number of the first window of a group."""
    return min(FIRST_GROUP_WINDOWS, GROUP_WINDOWS) + (group - 1) * GROUP_WINDOWS if group else 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is transcribed: its duration in seconds, its windows, their language, and the settings of the engine
    that it is for. ``holes`` could not be decoded and are silent; ``lost`` are the seconds that the file lacks besides
    them; ``speech`` is what voice activity detection found; ``mixed`` allows code-switching, because no language was
    asked for. ``sound`` is the one of ``tracks`` audio tracks that is used, and how its channels are mixed; ``parts``
    are the channels that are transcribed separately, if they are. Until the file is scanned to its end the plan is not
    ``complete``: it has the windows so far, and ``duration`` is what the header states."""

    duration: float
    windows: tuple[Window, ...]
    language: str
    settings: dict[str, str | int | float]
    holes: tuple[Span, ...] = ()
    lost: float = 0.0
    speech: tuple[Span, ...] = ()
    mixed: bool = False
    sound: SoundChoice = FIRST_SOUND
    tracks: int = 1
    parts: tuple[ChannelPart, ...] = ()
    complete: bool = True

    def continues(self, earlier: Plan) -> bool:
        """Whether this is the ``earlier`` plan with the same or more windows: its groups are of this one too."""
        if earlier.complete or self.parts:
            return self == earlier
        return self.basis == earlier.basis and self.windows[: len(earlier.windows)] == earlier.windows

    @property
    def basis(self) -> tuple[object, ...]:
        """What all windows of a plan have in common."""
        return self.language, self.settings, self.mixed, self.sound, self.tracks

    def sounds(self) -> Iterator[tuple[SoundChoice, tuple[Window, ...], tuple[Span, ...]]]:
        """Yield each sound that is transcribed, with its windows and its speech: one, or one for each channel."""
        if not self.parts:
            yield self.sound, self.windows, self.speech
        first = 0
        for part in self.parts:
            alone = replace(self.sound, weights=part.weights)
            yield alone, self.windows[first : first + part.windows], part.speech
            first += part.windows

    def progress(self, window: Window) -> float:
        """Return how far a file is done, in seconds of its duration, after a window."""
        if not self.parts:
            return window.span.end
        ends = list(accumulate(part.windows for part in self.parts))
        return (bisect_right(ends, window.number) * self.duration + window.span.end) / len(self.parts)

    @property
    def groups(self) -> int:
        """The number of groups."""
        return group_number(len(self.windows) - 1) + 1 if self.windows else 0

    def group_of(self, window: Window) -> int:
        """The number of the group of a window."""
        return group_number(window.number)

    def to_json(self) -> str:
        """Serialize the plan for the store."""
        windows = [[[piece.start, piece.end] for piece in window.pieces] for window in self.windows]
        saved = {
            "duration": self.duration, "language": self.language, "settings": self.settings, "windows": windows,
            "holes": [[hole.start, hole.end] for hole in self.holes], "lost": self.lost,
            "speech": [[span.start, span.end] for span in self.speech], "mixed": self.mixed,
        }  # fmt: skip
        if self.sound != FIRST_SOUND:
            saved["sound"] = asdict(self.sound)
        if self.tracks != 1:
            saved["tracks"] = self.tracks
        if self.parts:
            saved["parts"] = [asdict(part) for part in self.parts]
        if not self.complete:
            saved["complete"] = False
        return json.dumps(saved)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Parse what ``to_json`` wrote. Raises ValueError, TypeError or LookupError for anything else."""
        saved = json.loads(text)
        windows = tuple(
            Window(number, tuple(Span(float(start), float(end)) for start, end in pieces))
            for number, pieces in enumerate(saved["windows"])
        )
        holes = tuple(Span(float(start), float(end)) for start, end in saved.get("holes", ()))
        speech = tuple(Span(float(start), float(end)) for start, end in saved.get("speech", ()))
        lost = float(saved.get("lost", 0.0))
        return cls(
            float(saved["duration"]), windows, saved["language"], saved["settings"], holes, lost, speech,
            saved.get("mixed", False), read_sound(**saved.get("sound", {})), int(saved.get("tracks", 1)),
            tuple(map(_read_part, saved.get("parts", ()))), bool(saved.get("complete", True)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scanned:
    """Speech was detected up to the second ``reached``, on the way to the complete plan of a file."""

    reached: float


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of the windows of one group, in order, and its end in the file, in seconds."""

    number: int
    texts: tuple[WindowText, ...]
    reached: float

    def to_json(self) -> str:
        """Serialize the group for the store."""
        return json.dumps(self.texts, ensure_ascii=False, default=_saved_fields)


def _saved_fields(saved: Any) -> dict[str, Any]:
    # Not asdict, which copies every value: a tenth of what a group cost the process that saves them.
    # All that a model recognises is spoken.
    return {field.name: getattr(saved, field.name) for field in fields(saved) if field.name != "spoken"}


def texts_from_json(text: str) -> list[WindowText]:
    """Parse what ``Group.to_json`` wrote."""
    saved = json.loads(text)
    return [
        WindowText(
            **{
                **one,
                "words": tuple(Word(**word) for word in one["words"]),
                "notes": tuple(Note(**note) for note in one.get("notes", ())),
            }
        )
        for one in saved
    ]
