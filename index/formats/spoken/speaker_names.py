"""Names of speakers at the beginning of texts, in layouts without a field for them: ``Ann Lee: text``, ``[S1]: text``.

Podcasting 2.0 (podcast-namespace, transcripts.md) specifies this for SRT; Zoom and Otter write it in WebVTT. A text
that merely begins with a word and a colon must not become a speaker: a name recurs, or every label of the file looks
like one. In doubt a label is text, which is searched. Texts without names are written so that none is read back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from index.formats.spoken.label_words import NO_NAMES, ROLES
from index.formats.spoken.sound_words import are_sounds
from index.language.tokens import fold_text, tokenize
from index.quotations.name_words import FIRST_NAMES, PARTICLES

Line = tuple[str | None, str]
"""The speaker, None if unknown, and the text, on one line."""

_NAME = re.compile(r"(?!\d)(\w[\w.'’-]*(?: [\w.'’()&-]+){0,4})(?:: +|：\s*)(?=\S)")
_BRACKETED = re.compile(r"\[([^\[\]:<>{}]{1,40})\](?:: +|：\s*)(?=\S)")
_NUMBERED = re.compile(r"[^\W\d_]+(?: speaker)?[ _-]?\d{1,3}", re.IGNORECASE)
_LONGEST_NAME = 40
_COLON = "\N{RATIO}"
"""A look-alike, written for a colon that is part of the text."""
_KNOWN = ROLES | frozenset(map(fold_text, FIRST_NAMES))
_RAREST = 0.04
"""The share of texts with a label below which none names a speaker, who would hold for the many texts between: in nine
podcasts 0.16 to 0.34 of lines of 12 words begin a turn, in single episodes no less than 0.12."""

_MOSTLY = 0.8
_HALF = 0.5
"""The shares of texts with a label from which labels that do not recur are names: nearly all, or half if each looks
like a full name."""


def read_speakers(texts: Sequence[str]) -> list[Line]:
    """Split the texts of a file into speakers and texts, a name holding until the next; without names, None for all."""
    found = [split_label(text) for text in texts]
    names = find_names([label[0] for label in found if label is not None], texts=sum(map(bool, texts)))
    lines: list[Line] = []
    speaker = None
    for text, label in zip(texts, found, strict=True):
        if label is not None and label[0] in names:
            speaker, text = label[0].strip("[]"), text[label[1] :]
        lines.append((speaker, text))
    return lines


def write_speakers(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the texts of a file with a name at each change of speaker; without names if they could not be read back."""
    wanted = list(lines)
    for always in (False, True):
        named = list(_with_names(lines, always))
        if read_speakers(named) == wanted:
            yield from named
            return
    texts = [text for _, text in lines]
    plain = all(speaker is None for speaker, _ in read_speakers(texts))
    yield from texts if plain else map(_without_name, texts)


def _with_names(lines: Sequence[Line], always: bool) -> Iterator[str]:
    before = None
    for speaker, text in lines:
        named = speaker is not None and (always or speaker != before)
        yield f"{speaker}: {text}" if named else _without_name(text)
        before = speaker


def split_label(text: str, start: int = 0) -> tuple[str, int] | None:
    """Return the label that stands in a text at ``start``, one in brackets with these, and where the text behind it
    begins; None if there is none."""
    found = _BRACKETED.match(text, start) or _NAME.match(text, start)
    if found is None or len(found[1]) > _LONGEST_NAME or not found[1].strip():
        return None
    return f"[{found[1]}]" if text.startswith("[", start) else found[1], found.end()


def find_names(labels: Sequence[str], *, texts: int, announced: Iterable[str] = ()) -> frozenset[str]:
    """Return those of a file's labels that name speakers, given how many texts the file has.

    ``announced`` are the labels behind a mark for a change of speaker, where names are expected.
    """
    counts = Counter(labels)
    expected = set(announced)
    certain = {label for label in counts if _is_certain(label) or (label in expected and is_name(label))}
    recurring = {label for label, count in counts.items() if count > 1 and is_name(label)}
    names = certain | {
        label
        for label in recurring
        if len(label) > 1 and (_is_full_name(label) or len(certain | recurring) > 1 or len(labels) >= _HALF * texts)
    }
    if len(recurring) > 1:
        names |= recurring  # Q and A
    if len(labels) < _RAREST * texts:
        return frozenset(certain)
    if names:
        return frozenset(names | {label for label in counts if _is_full_name(label)})
    all_names = len(labels) > 1 and all(map(is_name, counts))
    full = len(labels) >= _HALF * texts and all(map(_is_full_name, counts))
    return frozenset(counts) if all_names and (full or len(labels) >= _MOSTLY * texts) else frozenset()


@lru_cache(maxsize=10_000)
def is_name(label: str) -> bool:
    """Whether a label looks like the name or the role of a person: "Ann", "Dr. Lee", "Host", not "Breaking news"."""
    if _is_certain(label):
        return True
    words = [word.strip("()&.,") for word in label.split()]
    tokens = [token for word in words for token in tokenize(word)]
    if not tokens or "&" in label or not NO_NAMES.isdisjoint(tokens) or any(token.isdigit() for token in tokens):
        return False
    return all(not word[:1].islower() or (row and word in PARTICLES) for row, word in enumerate(words))


def _is_certain(label: str) -> bool:
    """Whether nothing but a speaker is labelled so: [Ann], SPEAKER_00, Speaker 1, Host 2."""
    tokens = tokenize(label.replace("_", " "))
    if label.startswith("["):
        return not are_sounds(tokens)
    return _NUMBERED.fullmatch(label) is not None and not ROLES.isdisjoint(re.findall(r"[^\W\d_]+", label.lower()))


def _is_full_name(label: str) -> bool:
    """Whether a label looks like more than a capitalised word: several, a known name, or a role."""
    if not is_name(label):
        return False
    tokens = tokenize(label)
    return len(tokens) > 1 or not _KNOWN.isdisjoint(tokens) or _is_certain(label)


def _without_name(text: str) -> str:
    return text.replace(":", _COLON, 1).replace("：", _COLON, 1) if split_label(text) else text
