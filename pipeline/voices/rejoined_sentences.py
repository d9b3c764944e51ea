"""Sentences as they were before voices were given to them: joined where only a change of voice had cut them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.language.sentences import split_sentences
from index.transcript import Segment, Word
from pipeline.voices.word_voices import OVERLAP


def rejoin_sentences(words: Sequence[Word], segments: Sequence[Segment], language: str | None) -> tuple[Segment, ...]:
    """Return the sentences without voices; a part of a cut sentence begins where its words and pauses begin none."""
    beginnings = {one.first for one in split_sentences(words, language)}
    joined: list[Segment] = []
    before: Segment | None = None
    for segment in segments:
        plain = replace(segment, speaker=None, flags=tuple(flag for flag in segment.flags if flag != OVERLAP))
        if before is not None and segment.first not in beginnings and segment.speaker != before.speaker:
            flags = tuple(sorted({*joined[-1].flags, *plain.flags}))
            joined[-1] = replace(joined[-1], last=plain.last, flags=flags)
        else:
            joined.append(plain)
        before = segment
    return tuple(joined)
