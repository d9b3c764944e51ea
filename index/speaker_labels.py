"""Labels of speakers that name nobody: those by which a program told voices apart, such as Voice 2 or SPEAKER_00."""

from __future__ import annotations

import re
from collections.abc import Collection

CHANNEL = "Channel "
"""What stands before the number of a channel that is transcribed by itself."""

_WORDS = (
    "voice|channel|ch|speaker|spk|spkr|s|person|participant|sprecher|sprecherin|stimme|locuteur|locutrice|intervenant"
    "|intervenante|voix|hablante|locutor|locutora|voz|persona|falante|orador|voce|relatore|spreker|stem"
)
_UNNAMED = re.compile(
    rf"(?:{_WORDS})(?:[ _-]?\d{{1,4}}|[ _-][a-z])|(?:unknown|unidentified)(?:[ _-](?:{_WORDS}))?|\d{{1,4}}",
    re.IGNORECASE,
)


def is_unnamed(label: str) -> bool:
    """Whether a label is a number of a voice, and no name: the same one in another episode is somebody else.

    Voice 1 and Channel 1 are airquote's; Speaker 1, SPEAKER_00, spk_0, S1, Speaker A and plain numbers are those of
    imported files.
    """
    return _UNNAMED.fullmatch(label.strip()) is not None


def note_unnamed(names: Collection[str], episodes: int) -> tuple[str, ...]:
    """Return a note if what the speakers of these ``names`` say is asked for in several episodes and they have none."""
    if episodes < 2 or not names or not all(map(is_unnamed, names)):
        return ()
    return (
        f"{min(names)} has no name and is somebody else in each of {episodes} episodes: name one episode to search"
        " what one voice says.",
    )
