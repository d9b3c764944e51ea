"""Chapters of a recording."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of a recording: its start in seconds, and its title."""

    start: float
    title: str

    def moved(self, seconds: float) -> Chapter:
        """Return the chapter ``seconds`` later, at the earliest at the beginning."""
        return Chapter(round(max(0.0, self.start + seconds), 3), self.title)
