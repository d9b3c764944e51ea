"""Who speaks when in an episode, under the names that its transcript shows."""

from __future__ import annotations

from index.formats.text.rttm import SpeakerTurn
from index.storage.store import Store
from pipeline.voices.labels import label_of


def read_turns(store: Store, episode_id: str) -> list[SpeakerTurn]:
    """Return the turns of an episode as they were found in its sound, with overlaps; else those of its sentences."""
    facts, found = store.facts(episode_id), store.voices_of(episode_id)
    names = store.speaker_names(facts.number) if facts else {}
    if found is not None:
        labels = {voice.number: label_of(voice.number) for voice in found.voices}
        return [SpeakerTurn(one.start, one.end, names.get(labels[one.voice], labels[one.voice])) for one in found.turns]
    transcript = store.transcript(episode_id)
    if transcript is None:
        return []
    spans = ((transcript.segment_span(one), one.speaker) for one in transcript.segments if one.speaker)
    return [SpeakerTurn(span.start, span.end, speaker) for span, speaker in spans]
