"""Rank the transcripts that a feed offers for an episode: the best first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from index.language.language_codes import language_code
from pipeline.shows.feeds.values import OfferedTranscript

_RANKS: tuple[frozenset[str], ...] = (
    frozenset({"application/json", "text/json", "json"}),
    frozenset({"text/vtt", "vtt"}),
    frozenset({"application/x-subrip", "application/srt", "application/subrip", "text/srt", "srt"}),
    frozenset({"text/html", "application/xhtml+xml", "html", "htm"}),
    frozenset({"text/plain", "txt"}),
)
"""Types and file extensions, the best first (podcast-namespace, transcripts.md): JSON may have the times of words and
speakers, WebVTT has speakers, SRT only times, HTML a time a paragraph, and text none."""


def rank_transcripts(offered: Sequence[OfferedTranscript], language: str | None) -> list[OfferedTranscript]:
    """Return the offered transcripts in the order in which to try them, each address once.

    ``language`` is the episode's: one in it comes first, and one that states none is in it. Then counts the type and,
    among equals, the order of the feed. One of an unknown type comes after SRT: it may be anything with times.
    """
    spoken = language_code(language)
    unique = list({one.address: one for one in reversed(offered)}.values())[::-1]
    return sorted(unique, key=lambda one: (is_foreign(one, spoken), _rank(one)))


def is_foreign(offered: OfferedTranscript, language: str | None) -> bool:
    """Whether a transcript states another language than that of its episode, a code: it is a translation."""
    stated = language_code(offered.language)
    return stated is not None and language is not None and stated != language


def _rank(offered: OfferedTranscript) -> float:
    ending = PurePosixPath(urlsplit(offered.address).path).suffix[1:].lower()
    for kind in (offered.type or "", ending):
        for rank, kinds in enumerate(_RANKS):
            if kind in kinds:
                return rank
    return 2.5
