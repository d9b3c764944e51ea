"""List the voices of an episode, and those of the whole library by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from audio.timecode import Span
from index.speaker_labels import is_unnamed
from index.storage.store import Store
from index.transcript import Segment
from pipeline.voices.episode_speech import EpisodeSpeech
from pipeline.voices.labels import number_of
from pipeline.voices.spoken_voices import EpisodeVoice, LibraryVoice, NameSuggestion
from pipeline.voices.voice_samples import choose_samples


def list_voices(speech: EpisodeSpeech, suggested: Iterable[NameSuggestion] = ()) -> list[EpisodeVoice]:
    """Return the voices of an episode, by number, with the names that are ``suggested`` for them."""
    samples, names = choose_samples(speech), {one.voice: one for one in suggested}
    return [
        _describe(speech, number, label, samples.get(label), names.get(number))
        for number, label in speech.labels.items()
    ]


def _describe(
    speech: EpisodeSpeech, number: int, label: str, sample: Span | None, suggested: NameSuggestion | None
) -> EpisodeVoice:
    spoken = [speech.span(one) for one in speech.segments if one.speaker == label]
    heard = speech.heard(label)
    starts = [turn.start for turn in speech.voices.turns if turn.voice == number] if heard and speech.voices else []
    starts += [span.start for span in spoken]
    return EpisodeVoice(
        episode=speech.episode,
        voice=number,
        label=label,
        speaker=speech.names.get(label, label),
        named=label in speech.names or not is_unnamed(label),
        seconds=round(heard.seconds if heard else sum(span.duration for span in spoken), 3),
        sentences=len(spoken),
        start=min(starts, default=None),
        sample_start=sample.start if sample else None,
        sample_end=sample.end if sample else None,
        told_by_sound=heard is not None,
        suggested=suggested.name if suggested else None,
        likelihood=round(suggested.likelihood, 4) if suggested else None,
        evidence=suggested.evidence if suggested else (),
    )


@dataclass(slots=True)
class _Speaker:
    """What is known of a speaker so far, in the episodes that were looked at."""

    name: str | None
    episodes: set[str] = field(default_factory=set)
    voices: int = 0
    seconds: float = 0.0


def list_library_voices(store: Store) -> list[LibraryVoice]:
    """Return the speakers of all episodes by name, those of most episodes first; the voices without one come last."""
    speakers: dict[str | None, _Speaker] = {}
    with store.snapshot():
        heard = store.voice_seconds()
        for transcript, episode_id in store.transcripts().items():
            names = store.speaker_names(transcript)
            for label, seconds in _seconds_by_label(store, transcript, heard.get(episode_id, {})).items():
                name = names.get(label, None if is_unnamed(label) else label)
                key = name and " ".join(name.split()).casefold()
                speaker = speakers.setdefault(key, _Speaker(name))
                speaker.episodes.add(episode_id)
                speaker.voices += 1
                speaker.seconds += seconds
    ordered = sorted(speakers.items(), key=lambda item: (item[0] is None, -len(item[1].episodes), -item[1].seconds))
    return [LibraryVoice(one.name, len(one.episodes), one.voices, round(one.seconds, 3)) for _, one in ordered]


def _seconds_by_label(store: Store, transcript: int, heard: Mapping[int, float]) -> dict[str, float]:
    """Return how long each speaker of a transcript speaks: as it was heard, else the length of the sentences."""
    segments = store.labelled_segments(transcript)
    labels = dict.fromkeys(one.speaker for one in segments if one.speaker is not None)
    known = {label: heard.get(number_of(label) or 0) for label in labels}
    if None in known.values():
        spoken = _spoken_seconds(store, transcript, segments)
        return {label: spoken[label] if seconds is None else seconds for label, seconds in known.items()}
    return {label: seconds or 0.0 for label, seconds in known.items()}


def _spoken_seconds(store: Store, transcript: int, segments: Sequence[Segment]) -> dict[str | None, float]:
    times = store.times(transcript, 0, segments[-1].last)
    spoken: dict[str | None, float] = defaultdict(float)
    for one in segments:
        end = max(end for _, end in times[one.first : one.last + 1])
        spoken[one.speaker] += end - times[one.first][0]
    return spoken
