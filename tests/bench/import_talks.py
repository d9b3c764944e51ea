"""Made talks of known text and times for the benchmark of imports, and transcripts of them with known faults.

A talk is an interview of ``make_long_interview`` in an order and with pauses of its own. Another cut of it lacks a
stretch and has others, out of the sample interview, which the same voices speak.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from audio_samples import write_wav
from bench.make_long_interview import mix_chapter, speak_script, split_exchanges
from data.make_interview import RATE, Samples, make_music
from measuring import INTERVIEW

from audio.decode import decode_audio, resample_blocks
from audio.packets import NativeBlock
from audio.samples import SAMPLE_RATE
from audio.timecode import Span
from index.transcript import Cue, Segment, Transcript, Word

LONGEST_CUE = 80  # characters: two lines of forty
WRONG_WORDS = 0.05


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence of a talk, or a cue of a transcript: the times of its first and last word, and its text."""

    start: float
    end: float
    text: str

    def moved(self, offset: float, drift: float = 0.0) -> Spoken:
        """The same on a clock that is off by so many seconds, and so much faster."""
        return replace(self, start=self.start * (1 + drift) + offset, end=self.end * (1 + drift) + offset)


@dataclass(frozen=True, slots=True, eq=False)
class Talk:
    """Sound, float32, (samples,) at 16 kHz, and its sentences."""

    sound: Samples
    sentences: tuple[Spoken, ...]

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.sound) / SAMPLE_RATE

    def part(self, span: Span) -> Talk:
        """A part of the talk, with the sentences that are whole in it."""
        first, last = round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE)
        inside = [one for one in self.sentences if span.start <= one.start and one.end <= span.end]
        return Talk(self.sound[first:last], tuple(one.moved(-span.start) for one in inside))

    def write(self, path: Path) -> Path:
        """Write the sound as a WAV file."""
        return write_wav(path, np.rint(self.sound * 32767).clip(-32767, 32767).astype(np.int16), SAMPLE_RATE)


def make_talk(chapters: int, seed: int) -> Talk:
    """Return a talk of chapters of ten minutes each; other seeds give other orders and pauses."""
    exchanges = split_exchanges(speak_script())
    truth: list[dict[str, Any]] = []
    sounds: list[Samples] = []
    for number in range(chapters):
        began = round(sum(map(len, sounds)) * RATE / SAMPLE_RATE)
        mixed = mix_chapter(exchanges, 1 + number, 100 * seed + number, began, truth)
        sounds.append(_resample(mixed))
    sentences = (sentence for utterance in truth for sentence in utterance["sentences"])
    return Talk(np.concatenate(sounds), tuple(Spoken(one["start"], one["end"], one["text"]) for one in sentences))


def _resample(sound: Samples) -> Samples:
    block = NativeBlock(sound[:, np.newaxis], RATE, ("FC",))
    return np.concatenate([mixes[0] for mixes in resample_blocks([block], [None])])


# Cues, by the habits of those who write them


def tight(sentences: Sequence[Spoken], _: random.Random) -> list[Spoken]:
    """The sentences as they are spoken."""
    return list(sentences)


def subtitles(sentences: Sequence[Spoken], chance: random.Random) -> list[Spoken]:
    """Subtitles: of two lines, 0.05 to 0.5 s early and late, up to the next one."""
    return _close_gaps(_split(sentences), chance, early=0.5, late=0.5)


def early(sentences: Sequence[Spoken], chance: random.Random) -> list[Spoken]:
    """Subtitles that appear early and go when the speech does."""
    return _close_gaps(_split(sentences), chance, early=0.5, late=0.0)


def late(sentences: Sequence[Spoken], chance: random.Random) -> list[Spoken]:
    """Subtitles that appear with the speech and stay."""
    return _close_gaps(_split(sentences), chance, early=0.0, late=0.5)


def without_gaps(sentences: Sequence[Spoken], chance: random.Random) -> list[Spoken]:
    """As Whisper writes them without word times: each sentence begins where the last one ends, after short pauses."""
    cues: list[Spoken] = []
    for one in sentences:
        before = cues[-1].end if cues else 0.0
        start = before if one.start - before < 2 else one.start - chance.uniform(0, 0.3)
        cues.append(replace(one, start=start, end=max(start, one.end + chance.uniform(-0.1, 0.2))))
    return cues


HABITS: tuple[Callable[[Sequence[Spoken], random.Random], list[Spoken]], ...] = (
    tight, subtitles, early, late, without_gaps,
)  # fmt: skip


def _split(sentences: Sequence[Spoken]) -> list[Spoken]:
    """Cut sentences into cues of at most LONGEST_CUE characters, with times by their lengths."""
    cues: list[Spoken] = []
    for one in sentences:
        lines: list[list[str]] = [[]]
        for word in one.text.split():
            if lines[-1] and len(" ".join([*lines[-1], word])) > LONGEST_CUE:
                lines.append([])
            lines[-1].append(word)
        texts = [" ".join(line) for line in lines]
        step = (one.end - one.start) / sum(map(len, texts))
        start = one.start
        for text in texts:
            cues.append(Spoken(start, start + step * len(text), text))
            start = cues[-1].end
    return cues


def _close_gaps(cues: Sequence[Spoken], chance: random.Random, *, early: float, late: float) -> list[Spoken]:
    """Cues that are up to so many seconds early and late, and joined where less than 0.4 s is between them."""
    padded = [
        replace(
            one,
            start=max(0.0, one.start - (chance.uniform(0.05, early) if early else 0.0)),
            end=one.end + (chance.uniform(0.05, late) if late else 0.0),
        )
        for one in cues
    ]
    for number, after in enumerate(padded[1:]):
        before = padded[number]
        if after.start - before.end < 0.4:
            border = max(before.start + 0.1, after.start)
            padded[number] = replace(before, end=border)
            padded[number + 1] = replace(after, start=border, end=max(border, after.end))
    return padded


def write_srt(path: Path, cues: Sequence[Spoken]) -> Path:
    """Write cues as SubRip; those before the start are left out."""
    shown = [one for one in cues if one.start >= 0]
    lines = [f"{n}\n{_stamp(one.start)} --> {_stamp(one.end)}\n{one.text}\n" for n, one in enumerate(shown, 1)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _stamp(seconds: float) -> str:
    millis = round(1000 * seconds)
    return f"{millis // 3_600_000:02}:{millis // 60_000 % 60:02}:{millis // 1000 % 60:02},{millis % 1000:03}"


# Another cut


@dataclass(frozen=True, slots=True, eq=False)
class OtherCut:
    """The sound of another cut, the text of the first one with wrong words, and what is true of both.

    ``words`` are those of the text: their spans in the sound, None where they are not wholly in it, and whether start
    and end are exact or interpolated over their sentence. ``inserted`` are spans of the sound, ``missing`` of the text.
    """

    sound: Samples
    text: tuple[Spoken, ...]
    words: tuple[tuple[Span | None, bool, bool], ...]
    inserted: tuple[Span, ...]
    missing: tuple[Span, ...]


def make_other_cut(talk: Talk, seed: int, *, cut: float = 60.0, insert: float = 30.0, music: bool = False) -> OtherCut:
    """Cut a stretch out of a talk and insert two others; begin each in a pause, at places drawn at random."""
    chance = random.Random(seed)
    pauses = [(one.end + other.start) / 2 for one, other in zip(talk.sentences, talk.sentences[1:], strict=False)]
    third = talk.duration / 3
    one, removed, other = (
        chance.choice([at for at in pauses if third * n + 15 < at < third * (n + 1) - cut - 15]) for n in range(3)
    )
    sample = np.concatenate(list(decode_audio(INTERVIEW)))
    # Two stretches of the sample without its music and silence.
    added = [sample[round(s * SAMPLE_RATE) : round((s + insert) * SAMPLE_RATE)] for s in (10.0, 68.0)]
    if music:
        tune = _resample(make_music(insert))
        added[1] = np.resize(tune, round(insert * SAMPLE_RATE))
    edges = [round(at * SAMPLE_RATE) for at in (one, removed, removed + cut, other)]
    begins, until_cut, _, after_cut, rest = np.split(talk.sound, edges)
    sound = np.concatenate([begins, added[0], until_cut, after_cut, added[1], rest])
    lasts = [len(part) / SAMPLE_RATE for part in added]

    def place(span: Span) -> Span | None:
        if span.end > removed and span.start < removed + cut:
            return None
        by = (lasts[0] if span.start >= one else 0.0) - (cut if span.start >= removed else 0.0)
        by += lasts[1] if span.start >= other else 0.0
        return Span(span.start + by, span.end + by)

    words = tuple((place(span), is_first, is_last) for span, is_first, is_last in _word_spans(talk.sentences))
    moved = other + lasts[0] - cut
    inserted = (Span(one, one + lasts[0]), Span(moved, moved + lasts[1]))
    return OtherCut(sound, _falsify(talk.sentences, chance), words, inserted, (Span(removed, removed + cut),))


def _word_spans(sentences: Sequence[Spoken]) -> list[tuple[Span, bool, bool]]:
    """Spans of all words, interpolated over their sentences, and whether each is the first and the last one of it."""
    spans = []
    for one in sentences:
        words = one.text.split()
        step = (one.end - one.start) / len(" ".join(words))
        at = one.start
        for number, word in enumerate(words):
            spans.append((Span(at, at + step * len(word)), number == 0, number == len(words) - 1))
            at += step * (len(word) + 1)
    return spans


def _falsify(sentences: Sequence[Spoken], chance: random.Random) -> tuple[Spoken, ...]:
    """Exchange some words for others of the talk."""
    others = sorted({word.strip(".,?!").lower() for one in sentences for word in one.text.split()})

    def falsify(word: str) -> str:
        if chance.random() >= WRONG_WORDS:
            return word
        bare = word.strip(".,?!")
        return word.replace(bare, chance.choice(others)) if bare else word

    return tuple(replace(one, text=" ".join(map(falsify, one.text.split()))) for one in sentences)


def to_transcript(cues: Sequence[Spoken]) -> Transcript:
    """The transcript that is read from these cues."""
    words: list[Word] = []
    segments: list[Segment] = []
    for one in cues:
        texts = one.text.split()
        step = (one.end - one.start) / sum(map(len, texts))
        at, first = one.start, len(words)
        for text in texts:
            words.append(Word(f" {text}", at, at + step * len(text)))
            at = words[-1].end
        segments.append(Segment(first, len(words) - 1))
    kept = tuple(Cue(one.start, one.end, f" {one.text}") for one in cues)
    return Transcript("en", "import", "srt", "{}", "interpolated", tuple(words), tuple(segments), cues=kept)
