"""Align an imported text with its recording: what Whisper hears there gives the words of the text their times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from audio.errors import InputError, choose_other_file
from audio.media import probe_media
from audio.recording.sound_choice import SoundChoice
from audio.timecode import Span, format_time
from index.transcript import Segment, Transcript, Word
from pipeline.alignment.placement import Placement, place_words
from pipeline.alignment.stretches import Missing
from pipeline.engines.base import Engine, WindowText
from pipeline.engines.choose import EngineSpec
from pipeline.progress import BatchStarted, FileAdvanced, FileScanned, FileStarted, ProgressCallback
from pipeline.transcription.assembly import assemble_transcript
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan, Scanned
from pipeline.transcription.transcribe import transcribe_media

LEAST_MATCHED = 0.4
"""Share of the words of the text, or of the sound if that has fewer, that both must have in common.

Of made interviews with the right text tiny.en has 0.85 to 0.95, with texts of other episodes up to 0.05.
"""
NAMED = 5
"""Stretches of a kind that are named in a remark; of more their number is told, and all are stored."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A transcript with times of the sound, what shaped them (for JSON) and what a person should know."""

    transcript: Transcript
    settings: dict[str, object]
    remark: str


def align_transcript(
    transcript: Transcript, media: Path, sound: SoundChoice, engine: Engine, language: str, progress: ProgressCallback
) -> Aligned:
    """Give the words of a transcript the times at which they are said in a recording.

    Words that are missing in the sound have no time there, so they are left out, and named: no search can play a wrong
    place for them. Sound that the text does not have is listed as a gap. Raises InputError for the text of another
    recording, and as ``transcribe_media`` does.
    """
    plan, heard = _transcribe(media, sound, engine, language, progress)
    placement = place_words(transcript.words, heard.words, plan.speech, plan.duration)
    if placement.matched < LEAST_MATCHED:
        raise InputError(
            f"Only {placement.matched:.0%} of its words are said in {media}, in their order: it is the transcript of"
            " another recording.",
            choose_other_file("Name its own recording."),
            where=media,
        )
    settings: dict[str, object] = {
        "aligned": {
            "engine": engine.name,
            "model": engine.model,
            "inserted": [[round(one.span.start, 3), round(one.span.end, 3)] for one in placement.inserted],
            "missing": [_as_json(one) for one in placement.missing],
        }
    }
    return Aligned(_apply(transcript, placement), settings, _describe(placement, engine.model))


def _transcribe(
    media: Path, sound: SoundChoice, engine: Engine, language: str, progress: ProgressCallback
) -> tuple[Plan, Transcript]:
    """Transcribe the whole recording, reporting how far it is."""
    spec = EngineSpec(engine.name, engine.model, engine.device)
    options = TranscriptionOptions(spec, language=language, track=sound.track, partial=True, force=True)
    plan, source, reached = None, str(media), 0.0
    texts: list[WindowText] = []
    stated = probe_media(media).duration or 0.0
    progress(BatchStarted(1, {source: stated}))
    progress(FileStarted(source, stated, 0.0))
    for event in transcribe_media(media, engine, options):
        if isinstance(event, Scanned):
            progress(FileScanned(source, event.reached))
        elif isinstance(event, Plan):
            if plan is not None and not event.continues(plan):
                texts, reached = [], 0.0
            plan = event
            progress(FileStarted(source, plan.duration, reached))
        elif isinstance(event, Group):
            texts += event.texts
            reached = event.reached
            progress(FileAdvanced(source, reached))
    assert plan is not None
    return plan, assemble_transcript(plan, texts, options)


def _apply(transcript: Transcript, placement: Placement) -> Transcript:
    """Return the transcript with the placed words alone, at their times."""
    words: list[Word] = []
    segments: list[Segment] = []
    for segment in transcript.segments:
        first = len(words)
        numbers = range(segment.first, segment.last + 1)
        words += [
            replace(transcript.words[number], start=span.start, end=span.end)
            for number in numbers
            if (span := placement.times[number]) is not None
        ]
        if len(words) > first:
            segments.append(replace(segment, first=first, last=len(words) - 1))
    return replace(
        transcript,
        timing="aligned",
        words=tuple(words),
        segments=tuple(segments),
        cues=(),  # they have the times of the file
        gaps=tuple(Span(round(one.span.start, 3), round(one.span.end, 3)) for one in placement.inserted),
    )


def _as_json(missing: Missing) -> dict[str, object]:
    return {
        "start": round(missing.span.start, 3),
        "end": round(missing.span.end, 3),
        "at": round(missing.at, 3),
        "words": missing.words,
        "begins": missing.begins,
    }


def _describe(placement: Placement, model: str) -> str:
    """Say what was placed and what was not."""
    count = len(placement.times)
    placed = sum(span is not None for span in placement.times)
    remarks = [f"aligned with {model}: {placed} of {count} words placed"]
    if placement.inserted:
        remarks.append(f"not in the text: {_list([_range(one.span) for one in placement.inserted])}")
    if placement.missing:
        named = [
            f"{_range(one.span)} of the file ({one.words} words, “{one.begins} …”, left out at {format_time(one.at)})"
            for one in placement.missing
        ]
        remarks.append(f"not in the sound: {_list(named)}")
    return "; ".join(remarks)


def _range(span: Span) -> str:
    return f"{format_time(span.start)}-{format_time(span.end)}"


def _list(named: list[str]) -> str:
    more = len(named) - NAMED
    return ", ".join(named[:NAMED]) + (f" and {more} more" if more > 0 else "")
