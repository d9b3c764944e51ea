"""Verbatim transcription: prompts full of disfluencies, by language, so that a model writes fillers as they are spoken.

Whisper was trained on edited transcripts and leaves out fillers, repeated starts and cut-off words. It continues in the
style of its prompt (OpenAI's guide to prompting Whisper), so a prompt that has them makes it keep more of them.
"""

from __future__ import annotations

from audio.errors import UsageError, correct_input
from index.language.language_codes import language_name

# The English one was chosen among seven by `make bench-verbatim` (docs/transcription-benchmark.md, Verbatim). Those of
# the other languages are made alike, with their own fillers, and are not measured.
PROMPTS = {
    "en": "Um, so, uh, I, I think that, er, the th- the thing is, mm, we- we were, um, you know, going to, to do it.",
    "de": "Ähm, also, äh, ich, ich glaube, dass, hm, die Sa- die Sache ist, äh, wi- wir wollten, ähm, das machen.",
    "es": "Eh, o sea, este, yo, yo creo que, em, la co- la cosa es que, mmm, íba- íbamos a, eh, a hacer, hacerlo.",
    "fr": "Euh, donc, ben, je, je pense que, hum, la ch- la chose, c'est qu'on, euh, on all- on allait le, le faire.",
    "it": "Ehm, allora, eh, io, io penso che, mm, la co- la cosa è che, ehm, vole- volevamo, cioè, farlo, farlo noi.",
    "nl": "Eh, dus, uh, ik, ik denk dat, ehm, het di- het ding is, hm, we- we zouden, eh, het, het gaan doen.",
    "pl": "Yyy, no więc, eee, ja, ja myślę, że, hmm, ta rze- ta rzecz jest, yyy, mie- mieliśmy, eee, to, to zrobić.",
    "pt": "Hum, então, é, eu, eu acho que, ahn, a coi- a coisa é que, hã, nós í- nós íamos, tipo, fazer, fazer isso.",
    "ru": "Э-э, ну, эм, я, я думаю, что, э-э, де- дело в том, что, м-м, мы хо- мы хотели, ну, это, это сделать.",
    "sv": "Öh, alltså, eh, jag, jag tror att, hm, gre- grejen är, öh, vi sk- vi skulle, liksom, göra, göra det.",
}
"""The prompt of each language whose fillers are known, by ISO 639-1 code."""

PROMPT_LENGTH = max(map(len, PROMPTS.values()))
"""Characters of the longest; so many are left to it while the language of a file is not known."""


def check_verbatim(language: str | None) -> None:
    """Raise UsageError for a language, by its code, whose fillers are not known; None is one that is identified."""
    if language is not None and language not in PROMPTS:
        known = ", ".join(sorted(map(language_name, PROMPTS)))
        raise UsageError(
            f"Verbatim transcription does not know the fillers of {language_name(language)}, only of {known}.",
            correct_input("Leave it out, and give a prompt with fillers as people say them in this language."),
            where=language,
        )


def describe_verbatim(asked: bool, language: str) -> list[str]:
    """That a file was not transcribed verbatim, because its identified language has no prompt; empty if it was."""
    if not asked or language in PROMPTS:
        return []
    return [f"not verbatim, because the fillers of {language_name(language)} are not known"]
