"""Quote words that were selected in a transcript: their text, who says them, and citations of their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.storage.store import Store
from index.transcript import WordsFrom, span_of
from pipeline.citing.citations import cite_span
from pipeline.citing.styles import STYLES, format_citation
from pipeline.imported.word_origin import origin_of
from pipeline.lookup import check_words, find_transcript


@dataclass(frozen=True, slots=True)
class SelectedWords:
    """The words ``first`` to ``last`` of an episode, to be quoted.

    ``speaker`` says most of them, ``speakers`` are all who say any. ``origin`` is whose words the transcript holds.
    ``citations`` are of their place, by style (docs/citing.md); ``link`` opens the recording there, None if it has no
    address and no file.
    """

    episode: str
    first: int
    last: int
    start: float
    end: float
    text: str
    speaker: str | None
    speakers: tuple[str, ...]
    origin: WordsFrom
    link: str | None
    citations: Mapping[str, str]


def quote_words(store: Store, name: str, first: int, last: int) -> SelectedWords:
    """Return words of an episode with citations.

    Raises EpisodeError for an episode that is unknown or has no words, UsageError for words that it does not have.
    """
    with store.snapshot():
        episode, facts = find_transcript(store, name)
        check_words(facts, first, last)
        words, segments = store.words(facts.number, first, last), store.segments(facts.number, first, last)
        offset = store.sound(episode.id).offset
    said: dict[str, int] = {}
    for one in segments:
        if one.speaker is not None:
            said[one.speaker] = said.get(one.speaker, 0) + min(last, one.last) + 1 - max(first, one.first)
    span = span_of(words)
    speaker = max(said, key=said.__getitem__, default=None)
    cited = cite_span(episode, span.start, span.end, speaker, offset)
    return SelectedWords(
        episode=episode.id,
        first=first,
        last=last,
        start=cited.start,
        end=cited.end,
        text="".join(word.text for word in words).strip(),
        speaker=speaker,
        speakers=tuple(said),
        origin=origin_of(facts.engine, facts.settings),
        link=cited.link,
        citations={style: format_citation(cited, style) for style in STYLES},
    )
