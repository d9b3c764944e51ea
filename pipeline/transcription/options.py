"""The options of a transcription, as one value from the command line to the engine."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from audio.errors import UsageError, correct_input
from audio.voices.voice_count import VoiceCount
from index.language.language_codes import parse_language
from pipeline.engines.choose import AUTO, AUTO_ENGINE, EngineSpec
from pipeline.errors import check_number
from pipeline.transcription.glossary import Glossary, build_prompt, check_prompt
from pipeline.transcription.speaker_choice import read_speakers
from pipeline.transcription.verbatim import PROMPT_LENGTH, PROMPTS, check_verbatim

__all__ = ["AUTO", "EngineSpec", "TranscriptionOptions"]


CHANNELS = ("mix", "separate")
"""What can be done with the channels of a recording."""


@dataclass(frozen=True, slots=True)
class TranscriptionOptions:
    """How files are transcribed.

    ``language`` (a code or English name) None lets language identification decide, and allows code-switching.
    ``prompt`` and the names of the ``glossary`` are the prompt of every window; the glossary also corrects
    misrecognised names. ``track`` is the number of the audio track, from 1; None is the default one, or else the first
    with speech. ``channels`` are mixed to one, or transcribed separately, each as a speaker. ``partial`` accepts
    truncated files. ``force`` transcribes again what is done already, and continues where the model does not seem to
    know the language. ``default_model`` is the model where neither ``engine`` names one nor the library was made with
    one; None leaves it to this machine. ``speakers`` is how many are told apart: "auto" where the models of voices are
    on this machine, as many as are heard, at least ``min_speakers`` and at most ``max_speakers``; a number; or "off".
    ``accept_above`` is the likelihood above which names that are suggested for them are given to them unasked.
    ``verbatim`` keeps more of the fillers, repeated starts and cut-off words, by a prompt that has them.
    """

    engine: EngineSpec = AUTO_ENGINE
    language: str | None = None
    prompt: str | None = None
    glossary: Glossary | None = None
    partial: bool = False
    force: bool = False
    track: int | None = None
    channels: str = "mix"
    default_model: str | None = None
    speakers: int | str = AUTO
    min_speakers: int | None = None
    max_speakers: int | None = None
    accept_above: float | None = None
    verbatim: bool = False

    def resolve(self) -> TranscriptionOptions:
        """Return the options with the engine, model and device that this machine uses, and the code of the language.

        Raises UsageError for an unknown engine, device or language, for a prompt that is too long, and for verbatim
        transcription of a language whose fillers are not known, MachineError for
        a device that this machine does not have, ModelError for a language that the model does not know, and where the
        models of voices are missing for a number of speakers.
        """
        check_prompt(self.prompt or "", PROMPT_LENGTH if self.verbatim else 0)
        if self.track is not None:
            check_number("track", self.track, 1)
        if self.channels not in CHANNELS:
            raise UsageError(
                f"{self.channels!r} is not a way to use channels.",
                correct_input(f"Choose one of {', '.join(CHANNELS)}."),
                where=str(self.channels),
            )
        self._check_speakers()
        if self.accept_above is not None:
            check_number("likelihood", self.accept_above, 0, 1)
        language = parse_language(self.language) if self.language is not None else None
        if self.verbatim:
            check_verbatim(language)
        engine = self.engine.resolve()
        if language and engine.model.endswith(".en"):
            from pipeline.engines.base import check_language

            check_language(engine.model, False, language, known=True)
        return replace(self, engine=engine, language=language)

    def _check_speakers(self) -> None:
        count = self.voice_count
        if count is None or count == VoiceCount():
            return
        if self.channels == "separate":
            advice = correct_input("Leave the number of speakers out, or mix the channels.")
            raise UsageError("Each channel is a speaker, so their number is known.", advice)
        from pipeline.models.voice_weights import find_voice_models

        find_voice_models()

    @property
    def voice_count(self) -> VoiceCount | None:
        """How many voices are looked for, None for no voices. Raises UsageError for a number that cannot be."""
        return read_speakers(self.speakers, self.min_speakers, self.max_speakers)

    def window_prompt(self, language: str) -> str | None:
        """The prompt of every window of a file: the user's, disfluencies in its language if verbatim, and names."""
        return build_prompt(self.prompt, self.glossary, PROMPTS.get(language) if self.verbatim else None)

    @property
    def asked(self) -> dict[str, Any]:
        """The choices that shape the words, except engine and model, as they are stored in a transcript's settings."""
        asked: dict[str, Any] = {"language": self.language}
        # Only if given, so that transcripts from before they existed still match.
        if self.prompt:
            asked["prompt"] = self.prompt
        if self.glossary:
            asked["glossary"] = self.glossary.asked
        if self.track is not None:
            asked["track"] = self.track
        if self.channels != "mix":
            asked["channels"] = self.channels
        if self.verbatim:
            asked["verbatim"] = True
        return asked

    @property
    def recipe(self) -> str:
        """All choices that shape the words, as the text by which a draft is found again."""
        if not self.engine.is_resolved:
            raise ValueError("a recipe names an engine and a model: resolve the options first")
        return json.dumps({"engine": self.engine.name, "model": self.engine.model, **self.asked}, sort_keys=True)
