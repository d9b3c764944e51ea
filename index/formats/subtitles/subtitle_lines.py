"""Subtitles as the cues of each layout: a dash where somebody else begins to speak, or the voice."""

from __future__ import annotations

import unicodedata

from index.formats.subtitles.reading_habits import Subtitle, Subtitles
from index.formats.subtitles.vtt import voiced_text
from index.formats.word_split import writable
from index.transcript import Cue


def srt_cues(subtitles: Subtitles) -> list[Cue]:
    """Return cues whose lines begin with a dash where the speaker changes."""
    return [
        _cue(cue, "\n".join(_directed("- " * line.turn + writable(line.text)) for line in cue.lines))
        for cue in subtitles.cues
    ]


def vtt_cues(subtitles: Subtitles) -> list[Cue]:
    """Return cues with voices as their payloads."""
    cues = []
    for cue in subtitles.cues:
        payload = "\n".join(voiced_text(text, speaker) for text, speaker in _texts(cue))
        cues.append(Cue(cue.start / 1000, cue.end / 1000, "", payload=payload))
    return cues


def ttml_cues(subtitles: Subtitles) -> list[list[Cue]]:
    """Return the cues of each paragraph: one for each speaker in it."""
    return [[_cue(cue, text, speaker) for text, speaker in _texts(cue)] for cue in subtitles.cues]


def _texts(cue: Subtitle) -> list[tuple[str, str | None]]:
    """Return the lines of each speaker."""
    first, *others = cue.lines
    if any(line.turn for line in others):
        return [(_directed(line.text), line.speaker) for line in cue.lines]
    return [("\n".join(_directed(line.text) for line in cue.lines), first.speaker)]


def _directed(line: str) -> str:
    """Return a line that players lay out from the right if most of it is in such a script.

    They take the direction of its first letter (UAX #9, rule P2), which may be that of a name in another script.
    """
    strong = [kind for kind in map(unicodedata.bidirectional, line) if kind in ("L", "R", "AL")]
    from_right = 2 * sum(kind != "L" for kind in strong) > len(strong)
    return f"\N{RIGHT-TO-LEFT MARK}{line}" if from_right and strong[0] == "L" else line


def _cue(cue: Subtitle, text: str, speaker: str | None = None) -> Cue:
    return Cue(cue.start / 1000, cue.end / 1000, text, speaker)
