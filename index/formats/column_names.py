"""The names that programs give to the columns of a transcript, or to the fields of its cues."""

from __future__ import annotations

import re
from collections.abc import Mapping

NAMES: Mapping[str, frozenset[str]] = {
    "start": frozenset({
        "start", "starttime", "begin", "begintime", "beginning", "from", "in", "inpoint", "timein", "timecode",
        "timecodein", "tcin", "time", "timestamp", "starttimecode", "startoffset", "offset", "starts", "startsec",
        "startseconds", "cuestart", "tstart", "anfang", "debut", "inicio",
    }),
    "end": frozenset({
        "end", "endtime", "stop", "stoptime", "to", "out", "outpoint", "timeout", "timecodeout", "tcout", "until",
        "endtimecode", "endoffset", "ends", "endsec", "endseconds", "finish", "cueend", "tend", "ende", "fin",
    }),
    "duration": frozenset({"duration", "dur", "length"}),
    "speaker": frozenset({
        "speaker", "speakername", "name", "who", "actor", "voice", "role", "character", "participant", "author",
        "speakerlabel", "person", "speakerid", "sprecher", "locuteur",
    }),
    "text": frozenset({
        "text", "transcript", "transcription", "content", "body", "caption", "captions", "subtitle", "subtitles",
        "sentence", "utterance", "dialogue", "dialog", "line", "quote", "words", "word", "speech", "message",
        "said", "texte", "texto",
    }),
}  # fmt: skip
"""What the columns are called, in lower case, without spaces, signs and units."""

UNIT = re.compile(r"(?<![\s_(\[])[\s_(\[]*(ms|msec|milliseconds?|s|secs?|seconds?|hh:mm:ss\S*)[\])]?$", re.IGNORECASE)

_LONGEST_NAME = 40
_FOREIGN = re.compile(r"[^\w\s()\[\]:./#*-]")


def column_kind(name: str) -> str | None:
    """Return what a column is by its name, None for one that is not used."""
    if len(name) > _LONGEST_NAME or _FOREIGN.search(name):
        return None
    plain = re.sub(r"[^a-zäöüéóí]", "", UNIT.sub("", name).lower()) or re.sub(r"[^a-z]", "", name.lower())
    return next((kind for kind, names in NAMES.items() if plain in names), None)
