"""What was spoken in the cues of a file: in the order of time, each part with its speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.formats.spoken.speaker_names import read_speakers
from index.formats.word_split import flat_text, one_line, with_leading_space
from index.transcript import Cue, Transcript


def read_spoken_cues(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues that hold text in the order of their starts, with the speakers that their texts name."""
    ordered = sorted((cue for cue in cues if cue.text.strip()), key=lambda cue: cue.start)
    return name_speakers(ordered)


def name_speakers(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues with the speakers that their texts name, in a file whose layout names none."""
    if any(cue.speaker is not None or cue.words for cue in cues):
        return list(cues)
    lines = read_speakers([one_line(cue.text) for cue in cues])
    return [
        replace(cue, speaker=speaker, text=with_leading_space(said)) if speaker is not None else cue
        for cue, (speaker, said) in zip(cues, lines, strict=True)
    ]


def cues_to_write(transcript: Transcript, layout: str) -> list[Cue]:
    """Return the cues of an export: an import's own, else one for each sentence that has text.

    Those of an import in the same layout have a payload, to be written verbatim. Those for another layout are plain,
    with their speakers.
    """
    if not transcript.cues:
        sentences = [(segment, transcript.segment_span(segment)) for segment in transcript.segments]
        cues = [Cue(span.start, span.end, transcript.segment_text(one), one.speaker) for one, span in sentences]
        return [cue for cue in cues if cue.text.strip()]
    if transcript.model != layout:
        return [replace(cue, text=flat_text(cue.text), payload=None) for cue in read_spoken_cues(transcript.cues)]
    whole: list[Cue] = []
    for cue in transcript.cues:
        if cue.continued and whole:
            whole[-1] = replace(whole[-1], end=cue.end)
        else:
            whole.append(replace(cue, payload=cue.text.strip() if cue.payload is None else cue.payload))
    return whole
