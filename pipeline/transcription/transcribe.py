"""One file -> windows -> words: in groups that can be saved as they are finished, and joined at the end.

Groups follow from the list of windows alone. So a run that was killed goes on after the groups that were saved,
and ends with the same transcript as one that was not.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from audio.decode import DecodeReport, decode_audio
from audio.prefetch import work_ahead
from audio.timecode import Span
from audio.voice_activity import detect_speech
from audio.windows import Window, pack_windows, read_windows
from index.language.sentences import split_sentences
from index.storage.word_codec import round_word
from index.transcript import Transcript, Word
from pipeline.engines.base import Engine, Note, WindowText, check_language
from pipeline.flags import find_untold, flag_segment
from pipeline.overlaps import SEAM_WORDS, find_seam, trim_gaps
from pipeline.transcription import quality
from pipeline.transcription.fallback import hear_windows

GROUP_WINDOWS = 12
"""Windows that are saved together, at most: about five minutes of speech, the most that a kill costs."""

_HOLE_DISTANCE = 1.0
"""Seconds between two holes that are one to a listener."""

_LANGUAGE_WINDOWS = 5
"""Windows, spread over the file, that together decide on its language."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is transcribed: its length in seconds, the windows it is cut into, the language in them, and the
    settings of the engine that it was made for. ``holes`` could not be decoded and are silent; ``lost`` are the seconds
    that the file lacks beside them; in ``speech`` somebody speaks; ``mixed`` says that no language was asked for, so a
    window may be in another."""

    duration: float
    windows: tuple[Window, ...]
    language: str
    settings: dict[str, str | int | float]
    holes: tuple[Span, ...] = ()
    lost: float = 0.0
    speech: tuple[Span, ...] = ()
    mixed: bool = False

    @property
    def groups(self) -> int:
        """How many groups the windows make."""
        return -(-len(self.windows) // self._group_size)

    def group_of(self, window: Window) -> int:
        """The number of the group of a window."""
        return window.number // self._group_size

    @property
    def _group_size(self) -> int:
        # Groups of one size: a small last one would leave all cores but one without work. An even one: else one of two
        # cores waits for the other to encode the last window.
        fewest = max(1, -(-len(self.windows) // GROUP_WINDOWS))
        size = max(1, -(-len(self.windows) // fewest))
        return min(size + size % 2, GROUP_WINDOWS)

    def to_json(self) -> str:
        """For the store."""
        windows = [[[piece.start, piece.end] for piece in window.pieces] for window in self.windows]
        return json.dumps(
            {"duration": self.duration, "language": self.language, "settings": self.settings, "windows": windows,
             "holes": [[hole.start, hole.end] for hole in self.holes], "lost": self.lost,
             "speech": [[span.start, span.end] for span in self.speech], "mixed": self.mixed}
        )  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """What ``to_json`` wrote."""
        saved = json.loads(text)
        windows = tuple(
            Window(number, tuple(Span(start, end) for start, end in pieces))
            for number, pieces in enumerate(saved["windows"])
        )
        holes = tuple(Span(start, end) for start, end in saved.get("holes", ()))
        speech = tuple(Span(start, end) for start, end in saved.get("speech", ()))
        lost = saved.get("lost", 0.0)
        mixed = saved.get("mixed", False)
        return cls(saved["duration"], windows, saved["language"], saved["settings"], holes, lost, speech, mixed)


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of the windows of one group, in order, and the second of the file up to which it reaches."""

    number: int
    texts: tuple[WindowText, ...]
    reached: float

    def to_json(self) -> str:
        """For the store."""
        return json.dumps([asdict(text) for text in self.texts], ensure_ascii=False)


def texts_from_json(text: str) -> list[WindowText]:
    """What ``Group.to_json`` wrote."""
    saved = json.loads(text)
    return [
        WindowText(
            **{
                **one,
                "words": tuple(Word(**word) for word in one["words"]),
                "notes": tuple(Note(**note) for note in one.get("notes", ())),
            }
        )
        for one in saved
    ]


def transcribe_media(
    media: Path,
    engine: Engine,
    language: str | None,
    plan: Plan | None = None,
    done: Collection[int] = (),
    *,
    partial: bool = False,
    prompt: str | None = None,
    key: str = "0",
    force: bool = False,
) -> Iterator[Plan | Group]:
    """The plan of a file, if none that fits this engine is given, and then each group that is not ``done``.

    ``language`` None lets the sound decide; ``partial`` takes a truncated file for what it holds; ``prompt``
    is given to every window; ``key`` is the file's hash (hexadecimal), from which what is drawn by chance is drawn;
    ``force`` goes on where nothing that is heard makes sense.
    Raises MediaError for a file that cannot be decoded, ModelError for a language that the
    model does not know.
    """
    if plan is None or plan.settings != _settings(engine):
        plan, done = make_plan(media, engine, language, partial=partial), ()
        yield plan
    missing = [window for window in plan.windows if plan.group_of(window) not in done]
    blocks = decode_audio(media, allow_truncated=True) if missing else iter(())
    sounds = groupby(read_windows(blocks, missing), key=lambda item: plan.group_of(item[0]))
    # The next group is read while the engine works.
    for number, windows in work_ahead(((number, list(group)) for number, group in sounds), 1):
        texts = hear_windows(
            engine,
            [samples for _, samples in windows],
            [window.window_spans(plan.speech) for window, _ in windows],
            plan.language,
            [int(key, 16) + window.number for window, _ in windows],
            prompt,
            mixed=plan.mixed,
            refuse_foreign=number == 0 and not force,
        )
        yield Group(number, tuple(texts), windows[-1][0].span.end)


def _settings(engine: Engine) -> dict[str, str | int | float]:
    return {**engine.settings, "guards": quality.VERSION}


def make_plan(media: Path, engine: Engine, language: str | None, *, partial: bool = False) -> Plan:
    """Listen for speech all through the file, cut it into windows and settle the language."""
    if language is not None:
        check_language(engine.model, engine.multilingual, language, known=True)
    report = DecodeReport()
    speech = detect_speech(work_ahead(decode_audio(media, allow_truncated=partial, report=report)))
    windows = pack_windows(speech)
    mixed = language is None and engine.multilingual
    if language is None and not engine.multilingual:
        language = "en"
    if language is None and windows:
        count = min(_LANGUAGE_WINDOWS, len(windows))
        chosen = [windows[(2 * number + 1) * len(windows) // (2 * count)] for number in range(count)]
        sounds = read_windows(decode_audio(media, allow_truncated=True), chosen)
        language = engine.detect_language([samples for _, samples in sounds])
    settings, holes = _settings(engine), _joined(report.holes)
    return Plan(
        speech.duration, windows, language or "en", settings, holes, round(report.lost, 3), speech.regions, mixed
    )


def _joined(holes: Iterable[Span]) -> tuple[Span, ...]:
    """Holes with those that lie close together as one."""
    joined: list[Span] = []
    for hole in holes:
        if joined and hole.start - joined[-1].end < _HOLE_DISTANCE:
            joined[-1] = joined[-1].union(hole)
        else:
            joined.append(hole)
    return tuple(joined)


def assemble_transcript(
    plan: Plan, texts: list[WindowText], engine: str, model: str, asked: Mapping[str, Any]
) -> Transcript:
    """The whole transcript: words on the file's own time line, and the sentences they make.

    ``asked`` are the settings that a person chose; they are kept beside those of the engine.
    """
    words: list[Word] = []
    notes: list[tuple[str, Span]] = []
    reached = 0.0
    for window, text in zip(plan.windows, texts, strict=True):
        heard = [replace(word, **asdict(window.file_span(word.start, word.end))) for word in text.words]
        told: list[tuple[str, Span]] = [
            (note.kind, span) for note in text.notes for span in window.file_spans(note.start, note.end)
        ]
        if window.span.start < reached:
            overlap = Span(window.span.start, reached)
            kept, first = find_seam(words, heard, overlap)
            del words[kept:], heard[:first]
            joined = (*words[-SEAM_WORDS:], *heard[:SEAM_WORDS])
            notes, told = trim_gaps(notes, overlap, joined), trim_gaps(told, overlap, joined)
        for word in heard:
            # Windows meet, and a millisecond may be lost in rounding.
            start = max(word.start, words[-1].start if words else 0.0)
            words.append(round_word(replace(word, start=start, end=max(start, word.end))))
        notes += told
        reached = window.span.end
    language = plan.language if words else None
    return Transcript(
        language=language,
        engine=engine,
        model=model,
        settings=json.dumps({**plan.settings, "asked": asked}, sort_keys=True, ensure_ascii=False),
        timing="aligned",
        words=tuple(words),
        segments=tuple(flag_segment(segment, words, notes) for segment in split_sentences(words, language)),
        gaps=find_untold(notes, plan.holes),
    )
