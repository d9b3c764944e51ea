"""What is said in an episode, by whose voice: its words, sentences with their labels, and the names of these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audio.errors import correct_input
from audio.timecode import Span
from audio.voices.voice_turns import Diarization, Voice
from index.errors import EpisodeError
from index.storage.store import Store
from index.transcript import Segment, Word, span_of
from pipeline.errors import find_voices
from pipeline.voices.labels import label_of, number_of


@dataclass(frozen=True, slots=True, eq=False)
class EpisodeSpeech:
    """The words and sentences of an episode, its ``voices`` if they are told apart by sound, and names by label."""

    episode: str
    language: str | None
    words: Sequence[Word]
    segments: Sequence[Segment]
    voices: Diarization | None
    names: Mapping[str, str]

    @property
    def labels(self) -> dict[int, str]:
        """The labels of the voices by their numbers."""
        return number_labels((one.speaker for one in self.segments), self.voices)

    def span(self, segment: Segment) -> Span:
        """Return the time range of a sentence."""
        return span_of(self.words[segment.first : segment.last + 1])

    def heard(self, label: str) -> Voice | None:
        """Return the voice that has this label, None if it is not told by its sound."""
        number = number_of(label)
        return next((one for one in self.voices.voices if one.number == number), None) if self.voices else None

    def label(self, number: int) -> str:
        """Return the label of a voice. Raises EpisodeError, with those that there are, if there is no such voice."""
        known = self.labels
        if number not in known:
            listed = ", ".join(f"{one} {self.names.get(label, label)}" for one, label in known.items())
            told = f"There is no voice {number} in {self.episode}."
            raise EpisodeError(told, correct_input(f"There are: {listed}."), where=self.episode)
        return known[number]


def number_labels(labels: Iterable[str | None], voices: Diarization | None) -> dict[int, str]:
    """Return labels by the numbers of their voices, in order.

    A voice that is told by its sound has the number of its label; others follow in the order in which they first speak.
    """
    spoken = [label for label in dict.fromkeys(labels) if label is not None]
    numbered = {number: label for label in spoken if (number := number_of(label)) is not None}
    heard = {one.number: label_of(one.number) for one in voices.voices} if voices else {}
    known = dict(sorted({**heard, **numbered}.items()))
    others = [label for label in spoken if number_of(label) is None]
    return known | dict(enumerate(others, max(known, default=0) + 1))


def read_speech(store: Store, episode_id: str) -> EpisodeSpeech:
    """Read what is said in an episode that has words. Raises EpisodeError if its voices are not told apart."""
    with store.snapshot():
        facts = store.facts(episode_id)
        assert facts is not None
        speech = EpisodeSpeech(
            episode_id,
            facts.language,
            store.words(facts.number, 0, facts.words - 1),
            store.labelled_segments(facts.number),
            store.voices_of(episode_id),
            store.speaker_names(facts.number),
        )
    if speech.voices is None and not speech.labels:
        raise EpisodeError(
            f"The voices of {episode_id} are not told apart yet.", find_voices(episode_id), where=episode_id
        )
    return speech


def check_heard(speech: EpisodeSpeech, number: int) -> Diarization:
    """Return who speaks when. Raises EpisodeError unless a voice with this number is told by its sound."""
    label = speech.label(number)
    if speech.voices is None or speech.heard(label) is None:
        name = speech.names.get(label, label)
        raise EpisodeError(
            f"{name} in {speech.episode} is known from the file or the channel, not by sound, and can only be named.",
            correct_input("Give two of them one name, which makes them one speaker."),
            where=speech.episode,
        )
    return speech.voices
