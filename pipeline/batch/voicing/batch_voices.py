"""The voices that a batch looks for, and what its library knows of them already."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

from audio.errors import UsageError
from audio.voices.finding_settings import read_count
from audio.voices.voice_count import VoiceCount
from index.storage.store import Store
from pipeline.errors import ModelError
from pipeline.models.voice_weights import find_voice_models
from pipeline.progress import ProgressCallback, SpeakersNotTold
from pipeline.transcription.diarization import FoundVoices, VoiceRequest
from pipeline.transcription.speaker_choice import limit_speakers

ANY_NUMBER = VoiceCount()


class BatchVoices:
    """How many voices a batch looks for; None for no voices."""

    def __init__(self, store: Store, asked: VoiceCount | None, progress: ProgressCallback) -> None:
        self._store, self._asked, self._progress = store, asked, progress

    def request_for(self, episode: str | None, saved: FoundVoices | None) -> VoiceRequest | None:
        """Return what is to be found in a file, None for nothing; ``saved`` is what an earlier run has found.

        ``episode`` is the id of the one that has this sound, None for a new one. Where no number is asked for, the one
        stays that was asked for last of this episode. Raises ModelError for a number where the models are missing.
        """
        if self._count is None:
            return None
        stored = self._store.voice_settings(episode) if episode is not None else None
        there = [stored] if stored is not None else []
        there += [saved.settings] if saved is not None else []
        return VoiceRequest(choose_count(self._count, stored), frozenset(there))

    @cached_property
    def _count(self) -> VoiceCount | None:
        """What is asked for; none where the models are missing, which is told once."""
        if self._asked is None:
            return None
        try:
            find_voice_models()
        except ModelError as error:
            if self._asked != ANY_NUMBER:
                raise
            self._progress(SpeakersNotTold(error))
            return None
        return self._asked


def choose_count(asked: VoiceCount, stored: str | None) -> VoiceCount:
    """Return for how many voices to look: those asked for, else those of the settings that are stored, if any."""
    if asked == ANY_NUMBER and stored is not None:
        with suppress(UsageError, ValueError, TypeError, LookupError, RecursionError):  # it may be a stranger's
            count = read_count(stored)
            return limit_speakers(count.fewest, count.most)
    return asked
