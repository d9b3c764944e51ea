"""A glossary of names: the file that a user writes, and the prompt that gives a model the names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audio.errors import UsageError, choose_other_file, correct_input, repair_file
from index.language.tokens import tokenize

# Whisper takes 223 tokens of prompt (half of its text context, less one; openai-whisper's decoding.py). Names take
# many tokens: "Okafor" three, "Port Ellery" four, about 2.7 letters each.
PROMPT_CHARACTERS = 600
MOST_NAMES = 1000
LONGEST_NAME = 60  # characters
MOST_BYTES = 1 << 20
_REPAIR = repair_file("Write one name a line, as in: Okafor: Ockever, Akhofer")


@dataclass(frozen=True, slots=True)
class GlossaryName:
    """A name in its correct spelling, and forms that it is misrecognised as, in addition to similar-sounding ones."""

    text: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Glossary:
    """The names of a glossary file, in its order, without duplicates."""

    names: tuple[GlossaryName, ...]

    @property
    def asked(self) -> list[list[str]]:
        """Each name with its forms, as stored in a transcript's settings, wherever the glossary's file is."""
        return [[name.text, *name.forms] for name in self.names]


def read_glossary(path: str | Path) -> Glossary:
    """Read a glossary from a UTF-8 text file: one name a line, after ``:`` or ``=`` its forms, ``#`` for comments.

    Raises UsageError, with file and line, for a file that is missing, not text, too long or without names.
    """
    names: dict[str, dict[str, None]] = {}  # the forms of each name, in order, without duplicates
    for number, line in enumerate(_read_text(Path(path)).splitlines(), start=1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        name = _read_entry(entry, f"{path}, line {number}")
        names.setdefault(name.text, {}).update(dict.fromkeys(name.forms))
        if len(names) > MOST_NAMES:
            raise UsageError(
                f"{path}, line {number}: a glossary can have {MOST_NAMES} names at most.",
                repair_file("Keep the names of this show, and leave out what Whisper spells correctly anyway."),
                where=path,
            )
    if not names:
        raise UsageError(f"The glossary {path} has no names.", _REPAIR, where=path)
    return Glossary(tuple(GlossaryName(text, tuple(forms)) for text, forms in names.items()))


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise UsageError(
            f"The glossary {path} cannot be read: {getattr(error, 'strerror', error)}.",
            choose_other_file("Name another file."),
            where=path,
        ) from None
    if len(data) > MOST_BYTES:
        raise UsageError(f"The glossary {path} is too long: over {MOST_BYTES >> 20} MB.", _REPAIR, where=path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}, line {line}: this is not UTF-8 text.", _REPAIR, where=path) from None
    for number, line_text in enumerate(text.splitlines(), start=1):
        if "\0" in line_text:
            raise UsageError(f"{path}, line {number}: this is not text.", _REPAIR, where=path)
    return text


def _read_entry(entry: str, place: str) -> GlossaryName:
    cut = min((at for at in (entry.find(":"), entry.find("=")) if at >= 0), default=len(entry))
    text = " ".join(entry[:cut].split())
    forms = tuple(" ".join(form.split()) for form in entry[cut + 1 :].split(",") if form.strip())
    if not tokenize(text):
        raise UsageError(f"{place}: there is no name in {entry[:LONGEST_NAME]!r}.", _REPAIR, where=place)
    for part in (text, *forms):
        if len(part) > LONGEST_NAME:
            raise UsageError(
                f"{place}: {part[:30]!r}... is {len(part)} characters long, too long for a name.", _REPAIR, where=place
            )
        if not tokenize(part):
            raise UsageError(f"{place}: {part!r} has no letter or digit.", _REPAIR, where=place)
    return GlossaryName(text, forms)


def add_names(glossary: Glossary | None, names: Sequence[str]) -> Glossary | None:
    """Return a glossary with more names, as far as they fit: those that it has already are the more important ones."""
    held = glossary.names if glossary else ()
    known = {name.text for name in held}
    spaced = dict.fromkeys(" ".join(name.split()) for name in names)
    usable = [name for name in spaced if name not in known and len(name) <= LONGEST_NAME and tokenize(name)]
    every = (*held, *map(GlossaryName, usable[: MOST_NAMES - len(held)]))
    return Glossary(every) if every else None


def check_prompt(prompt: str, taken: int = 0) -> None:
    """Raise UsageError for a prompt that is longer than Whisper takes, of which ``taken`` characters are taken."""
    most = PROMPT_CHARACTERS - taken
    if len(prompt) > most:
        beside = " beside the one for verbatim transcription" if taken else ""
        raise UsageError(
            f"The prompt is {len(prompt)} characters long; Whisper takes about {most}{beside}.",
            correct_input("Shorten it."),
        )


def build_prompt(prompt: str | None, glossary: Glossary | None, verbatim: str | None = None) -> str | None:
    """The prompt of every window: ``prompt``, ``verbatim`` (disfluencies), then as many of the glossary's names as fit.

    Neither text is ever cut for the names.
    """
    text = " ".join([*(prompt or "").split(), *(verbatim or "").split()])
    names: list[str] = []
    for name in glossary.names if glossary else ():
        if len(", ".join([text, *names, name.text])) >= PROMPT_CHARACTERS:
            break
        names.append(name.text)
    return " ".join(part for part in (text, f"{', '.join(names)}." if names else "") if part) or None
