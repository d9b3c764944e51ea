"""How many voices a recording has, as far as that is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VoiceCount:
    """How many voices a recording has: between ``fewest`` and ``most``, each None where it is not known."""

    fewest: int | None = None
    most: int | None = None
