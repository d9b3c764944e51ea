"""One file -> windows -> words: in groups that can be saved as they are finished, and joined at the end.

Groups follow from the list of windows alone. So a run that was killed goes on after the groups that were saved,
and ends with the same transcript as one that was not.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from audio.decode import decode_audio
from audio.speech import detect_speech
from audio.timecode import Span
from audio.windows import Window, pack_windows, read_windows
from index.chunks import round_word
from index.sentences import split_sentences
from index.transcript import Transcript, Word
from pipeline.engines.base import Engine, Search, WindowText

GROUP_WINDOWS = 8
"""Windows that are saved together: about four minutes of speech, the most that a kill costs."""

_LANGUAGE_WINDOWS = 5
"""Windows, spread over the file, that together decide on its language."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is transcribed: its length in seconds, the windows it is cut into, the language in them, and the
    settings of the engine that it was made for."""

    duration: float
    windows: tuple[Window, ...]
    language: str
    settings: dict[str, str | int | float]

    @property
    def groups(self) -> int:
        """How many groups the windows make."""
        return -(-len(self.windows) // GROUP_WINDOWS)

    def to_json(self) -> str:
        """For the store."""
        windows = [[[piece.start, piece.end] for piece in window.pieces] for window in self.windows]
        return json.dumps(
            {"duration": self.duration, "language": self.language, "settings": self.settings, "windows": windows}
        )

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """What ``to_json`` wrote."""
        saved = json.loads(text)
        windows = tuple(
            Window(number, tuple(Span(start, end) for start, end in pieces))
            for number, pieces in enumerate(saved["windows"])
        )
        return cls(saved["duration"], windows, saved["language"], saved["settings"])


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
    return [WindowText(**{**one, "words": tuple(Word(**word) for word in one["words"])}) for one in saved]


def transcribe_media(
    media: Path,
    engine: Engine,
    language: str | None,
    plan: Plan | None = None,
    done: Collection[int] = (),
    *,
    partial: bool = False,
    prompt: str | None = None,
) -> Iterator[Plan | Group]:
    """The plan of a file, if none that fits this engine is given, and then each group that is not ``done``.

    ``language`` None lets the sound decide; ``partial`` takes a truncated file for what it holds; ``prompt``
    is given to every window. Raises MediaError for a file that cannot be decoded, ModelError for a language that the
    model does not know.
    """
    if plan is None or plan.settings != engine.settings:
        plan, done = make_plan(media, engine, language, partial=partial), ()
        yield plan
    missing = [window for window in plan.windows if window.number // GROUP_WINDOWS not in done]
    blocks = decode_audio(media, allow_truncated=True) if missing else iter(())
    sounds = read_windows(blocks, missing)
    for number, group in groupby(sounds, key=lambda item: item[0].number // GROUP_WINDOWS):
        windows = list(group)
        search = (Search(prompt=prompt),) if prompt else ()
        texts = engine.transcribe_windows([samples for _, samples in windows], plan.language, *search)
        yield Group(number, tuple(texts), windows[-1][0].span.end)


def make_plan(media: Path, engine: Engine, language: str | None, *, partial: bool = False) -> Plan:
    """Listen for speech all through the file, cut it into windows and settle the language."""
    speech = detect_speech(decode_audio(media, allow_truncated=partial))
    windows = pack_windows(speech)
    if language is None and not engine.multilingual:
        language = "en"
    if language is None and windows:
        step = max(1, len(windows) // _LANGUAGE_WINDOWS)
        chosen = windows[step // 2 :: step][:_LANGUAGE_WINDOWS]
        sounds = read_windows(decode_audio(media, allow_truncated=True), chosen)
        language = engine.detect_language([samples for _, samples in sounds])
    return Plan(speech.duration, windows, language or "en", engine.settings)


def assemble_transcript(
    plan: Plan, texts: list[WindowText], engine: str, model: str, asked: Mapping[str, Any]
) -> Transcript:
    """The whole transcript: words on the file's own time line, and the sentences they make.

    ``asked`` are the settings that a person chose; they are kept beside those of the engine.
    """
    words: list[Word] = []
    for window, text in zip(plan.windows, texts, strict=True):
        for word in text.words:
            span = window.file_span(word.start, word.end)
            # Windows do not overlap, but a millisecond may be lost in rounding.
            start = max(span.start, words[-1].start if words else 0.0)
            words.append(round_word(Word(word.text, start, max(start, span.end), word.probability, word.heard)))
    language = plan.language if words else None
    return Transcript(
        language=language,
        engine=engine,
        model=model,
        settings=json.dumps({**plan.settings, "asked": asked}, sort_keys=True, ensure_ascii=False),
        timing="aligned",
        words=tuple(words),
        segments=split_sentences(words, language),
    )
