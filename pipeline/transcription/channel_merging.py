"""Merge the transcripts of channels that were transcribed by themselves: by time, with a speaker for each channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language.tokens import fold_words
from index.transcript import Segment, Word

PATIENCE = 1.0
"""Seconds that the words of another channel wait for somebody to finish: "yeah" does not cut a sentence in two."""

SAME_MOMENT = 0.4
"""Seconds between the middles of a word on two channels that is one word: a microphone hears the next one's voice after
some milliseconds, and times of words are exact to 0.2 s."""


@dataclass(frozen=True, slots=True)
class ChannelWords:
    """The words of one channel, their sentences, and the name of who speaks on it."""

    speaker: str
    words: Sequence[Word]
    segments: Sequence[Segment]


def merge_channels(channels: Sequence[ChannelWords]) -> tuple[tuple[Word, ...], tuple[Segment, ...]]:
    """Return the words of all channels in the order of their starts, and the sentences that they make.

    A sentence that another speaker interrupts becomes several; no word starts before the one that precedes it.
    """
    queues = [_Queue(number, channel) for number, channel in enumerate(_drop_doubled(channels))]
    words: list[Word] = []
    segments: list[Segment] = []
    current: _Queue | None = None
    before: tuple[int, int] | None = None
    reached = 0.0
    while waiting := [queue for queue in queues if queue.words]:
        earliest = min(waiting, key=lambda queue: queue.words[0][0].start)
        if current is None or not current.words or earliest.words[0][0].start + PATIENCE < current.words[0][0].start:
            current = earliest
        word, sentence = current.words.pop(0)
        start = max(word.start, reached)
        words.append(replace(word, start=start, end=max(start, word.end)))
        reached = start
        if before == (current.number, sentence):
            segments[-1] = replace(segments[-1], last=len(words) - 1)
        else:
            segments.append(Segment(len(words) - 1, len(words) - 1, current.speaker, current.flags[sentence]))
            before = current.number, sentence
    return tuple(words), tuple(segments)


class _Queue:
    """The words of a channel that are not merged yet, each with the number of its sentence."""

    def __init__(self, number: int, channel: ChannelWords) -> None:
        self.number, self.speaker = number, channel.speaker
        self.flags = [segment.flags for segment in channel.segments]
        self.words = [
            (channel.words[word], sentence)
            for sentence, segment in enumerate(channel.segments)
            for word in range(segment.first, segment.last + 1)
        ]


def _drop_doubled(channels: Sequence[ChannelWords]) -> list[ChannelWords]:
    """Return the channels without words that another one has at the same moment, and more surely."""
    said = sorted(
        ((_middle(word), fold_words(word.text), number, place) for number, one in enumerate(channels)
         for place, word in enumerate(one.words)),
    )  # fmt: skip
    dropped: set[tuple[int, int]] = set()
    for at, (moment, text, number, place) in enumerate(said):
        for later, other_text, other, other_place in said[at + 1 :]:
            if later - moment > SAME_MOMENT:
                break
            if other != number and text == other_text:
                mine, theirs = channels[number].words[place], channels[other].words[other_place]
                unsure = (mine.probability or 0.0) < (theirs.probability or 0.0)
                dropped.add((number, place) if unsure else (other, other_place))
    return [
        _without(channel, {place for one, place in dropped if one == number}) for number, channel in enumerate(channels)
    ]


def _without(channel: ChannelWords, dropped: set[int]) -> ChannelWords:
    words: list[Word] = []
    segments: list[Segment] = []
    for segment in channel.segments:
        kept = [channel.words[place] for place in range(segment.first, segment.last + 1) if place not in dropped]
        if kept:
            segments.append(replace(segment, first=len(words), last=len(words) + len(kept) - 1))
            words += kept
    return ChannelWords(channel.speaker, words, segments)


def _middle(word: Word) -> float:
    return (word.start + word.end) / 2
