"""The voices of episodes: who speaks how long, their names, and what is told apart wrongly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from audio.errors import UsageError, correct_input
from pipeline.answers import Outcome, Place, as_list
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.errors import check_number
from pipeline.facade.open_library import OpenLibrary
from pipeline.last_search import load_sample, save_samples

if TYPE_CHECKING:
    from pipeline.voices.spoken_voices import EpisodeVoice, LibraryVoice, ProfileState, VoiceChange

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class TellingVoices(OpenLibrary):
    """Voices."""

    def voices(self, name: str) -> list[EpisodeVoice]:
        """Return the voices of an episode, each with a sample, which ``voice_sample`` knows by number from now on.

        Raises EpisodeError for an episode that is unknown, has no words, or whose voices are not told apart.
        """
        voices = self._list_voices(self._with_words(name))
        samples = {
            one.voice: Place(one.episode, one.sample_start, one.sample_end)
            for one in voices
            if one.sample_start is not None and one.sample_end is not None
        }
        if self._saves_numbers:
            save_samples(self.directory, samples)
        return voices

    def library_voices(self) -> list[LibraryVoice]:
        """Return who speaks in the library, by name: in how many episodes, and how long; at last those without one."""
        from pipeline.voices.voice_listing import list_library_voices

        return list_library_voices(self._store)

    def voice_sample(self, voice: int, name: str | None = None) -> Place:
        """Return the sample of a voice of an episode, or by its number in the voices that were listed last.

        Raises as ``voices``; UsageError for a number without a sample.
        """
        if name is not None:
            self.voices(name)
        return load_sample(self.directory, voice)

    def name_voice(self, name: str, voice: int, speaker: str) -> VoiceChange:
        """Give a voice of an episode, by its number, a name; an empty one takes it back.

        A later run of transcription keeps it. Raises as ``voices``, EpisodeError for a voice that there is not, and
        UsageError for a name with control characters, and one that is the label of a voice without a name.
        """
        from pipeline.batch.episode_details import check_name
        from pipeline.voices.naming import NAMED, name_voice

        check_name("name", speaker)
        episode = self._with_words(name)
        name_voice(self._store, episode, voice, " ".join(speaker.split()))
        return self._changed(episode, NAMED)

    def merge_voices(self, name: str, voices: Sequence[int]) -> VoiceChange:
        """Make voices of an episode one: the others become the first.

        Raises as ``name_voice``; EpisodeError for speakers of an imported file or of channels, UsageError for less than
        two voices.
        """
        from pipeline.voices.voice_merging import MERGED, merge_voices

        kept, *gone = as_list(voices)
        episode = self._with_words(name)
        merge_voices(self._store, episode, kept, gone)
        return self._changed(episode, MERGED)

    def split_voice(self, name: str, voice: int, start: float | None = None, end: float | None = None) -> VoiceChange:
        """Make the sentences that a voice says between two times, or from a time on, those of a new voice.

        Without a time, its sentences are heard again, and those of the new voice are told by their sound. Raises as
        ``merge_voices``; TimeError for times that are not in the episode, UsageError if none of its sentences is
        between them, or all are; as ``cut`` for its recording, and ModelError where the models of voices are missing.
        """
        from audio.timecode import LONGEST_SECONDS, Span
        from pipeline.hearing.recordings import find_recording
        from pipeline.lookup import check_span
        from pipeline.voices.splitting import SPLIT, split_by_sound, split_voice

        episode = self._with_words(name)
        if start is None and end is None:
            split_by_sound(
                self._store, episode, voice, find_recording(self._store.resolve_episode(name), self.directory)
            )
            return self._changed(episode, SPLIT)
        times = Place(episode, start or 0.0, LONGEST_SECONDS if end is None else end)
        check_span(times)
        split_voice(self._store, episode, voice, Span(times.start, times.end))
        return self._changed(episode, SPLIT)

    def undo_voices(self, name: str) -> VoiceChange:
        """Undo the last change by hand to the voices of an episode, or to names of its speakers.

        Raises EpisodeError for an unknown episode, and if there is nothing to undo.
        """
        from index.errors import EpisodeError

        episode = self._store.resolve_episode(name).id
        change = self._store.undo_change(episode)
        if change is None:
            raise EpisodeError(f"There is nothing to undo in {episode}.", where=episode)
        return self._changed(episode, change, undone=True)

    def find_voices(
        self,
        selection: EpisodeSelection,
        *,
        speakers: int | str = "auto",
        min_speakers: int | None = None,
        max_speakers: int | None = None,
        again: bool = False,
        accept_above: float | None = None,
        jobs: int = 1,
        stopped: Callable[[], bool] | None = None,
    ) -> list[Outcome]:
        """Tell the voices of episodes apart that have words and whose sound is here; these words are not heard again.

        Those are skipped that have voices, unless another number is asked for or ``again``, and those whose speakers
        their file names; each outcome says why. Names given by hand stay with the voices that share most time with
        those named, and where voices are found again, ``undo_voices`` takes that back. Returns an outcome for each
        episode; one that fails does not stop the others. ``speakers`` and its limits, and ``accept_above``, are as in
        TranscriptionOptions, ``jobs`` and ``stopped`` as for ``transcribe``. Raises as ``episodes`` for the selection,
        UsageError for numbers that cannot be, ModelError where the models of voices are missing.
        """
        from pipeline.batch.voicing.voice_finding import find_voices
        from pipeline.episodes.chosen_episodes import select_episodes
        from pipeline.hearing.recordings import find_recording
        from pipeline.transcription.speaker_choice import read_speakers

        count = read_speakers(speakers, min_speakers, max_speakers)
        if count is None:
            raise UsageError("No speakers are to be told apart.", correct_input("Give their number, or leave it out."))
        check_number("number of jobs", jobs, 1)
        if accept_above is not None:
            check_number("likelihood", accept_above, 0, 1)
        chosen = select_episodes(self._store.episodes(), selection)
        self._finish_removals()
        return find_voices(
            self._store,
            chosen,
            count,
            again=again,
            jobs=jobs,
            locate=partial(find_recording, library=self.directory),
            progress=self.progress,
            stopped=stopped or (lambda: False),
            accept_above=accept_above,
        )

    def _with_words(self, name: str) -> str:
        from pipeline.lookup import find_transcript

        return find_transcript(self._store, name)[0].id

    def accept_names(self, name: str, voices: Sequence[int] = ()) -> VoiceChange:
        """Give voices of an episode, by their numbers, the names that are suggested for them; without numbers all.

        Raises as ``name_voice``, and EpisodeError for a voice for which no name is suggested.
        """
        from pipeline.voices.recognition.accepting import ACCEPTED, accept_names

        episode = self._with_words(name)
        accept_names(self._store, episode, as_list(voices))
        return self._changed(episode, ACCEPTED)

    def forget_voice(self, speaker: str) -> ProfileState:
        """Delete for good what a person sounds like; the name stays with the voices that have it.

        Raises UsageError if there is no profile of this name. Backups that were made before keep it.
        """
        from pipeline.voices.recognition.forgetting import forget_person

        return forget_person(self._store, speaker)

    def forget_all_voices(self) -> ProfileState:
        """Delete for good what all voices sound like; who speaks when stays, and so do all names."""
        from pipeline.voices.recognition.forgetting import forget_everybody

        return forget_everybody(self._store)

    def voice_profiles(self, keep: bool | None = None) -> ProfileState:
        """Choose whether this library may keep what voices sound like; if not, that is deleted. None only asks."""
        from pipeline.voices.recognition.forgetting import describe_profiles, keep_profiles

        return describe_profiles(self._store) if keep is None else keep_profiles(self._store, keep)

    def _list_voices(self, episode: str) -> list[EpisodeVoice]:
        from pipeline.voices.episode_speech import read_speech
        from pipeline.voices.recognition.suggestions import suggest_names
        from pipeline.voices.voice_listing import list_voices

        speech = read_speech(self._store, episode)
        return list_voices(speech, suggest_names(self._store, speech))

    def _changed(self, episode: str, change: str, *, undone: bool = False) -> VoiceChange:
        from pipeline.voices.spoken_voices import VoiceChange

        self._update_derived()
        voices = tuple(self.voices(episode))
        return VoiceChange(episode, change, undone, len(self._store.undoable_changes(episode)), voices)
