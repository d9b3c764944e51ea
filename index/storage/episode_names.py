"""Episode ids made from titles, and lookup of an episode by the name that a user gives."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

import regex

from audio.errors import correct_input
from index.errors import LIST_EPISODES, LIST_EPISODES_OR_HIT, EpisodeError
from index.language.tokens import fold_text
from index.transcript import Episode

_LONGEST_ID = 40

_LONGEST_STEM = 200
"""Bytes of a file's name without its ending: file systems allow 255 for the whole."""

# Invisible characters (UAX #44): joiners, variation selectors, marks of direction, soft hyphens, fillers.
_INVISIBLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
# Marks without a letter before them, such as the box around a digit that is an emoji, cannot be typed.
_NOT_OF_WORDS = regex.compile(r"(?:[^\p{L}\p{N}\p{M}]+\p{M}*)+|^\p{M}+")
_MARKS_OF_DIGITS = regex.compile(r"(?<=\p{N})\p{M}+|\p{Me}+")
_NOT_OF_NAMES = regex.compile(r"[^\p{L}\p{N}\p{M}_-]+")

_RESERVED = regex.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])", regex.IGNORECASE)
"""Names of devices on Windows, whatever ending follows them (Microsoft, "Naming files, paths, and namespaces")."""


def name_episode(title: str) -> str:
    """Make a short, readable id from a title: letters and digits of any script, at most 40, never only digits."""
    folded = unicodedata.normalize("NFC", fold_text(_typeable(title)))
    slug = _NOT_OF_WORDS.sub("-", _typeable(folded).replace("'", ""))[:_LONGEST_ID].strip("-")
    reserved = _RESERVED.fullmatch(slug) or not regex.search(r"\p{L}", slug)
    return f"episode-{slug}".rstrip("-") if reserved else slug


def _typeable(text: str) -> str:
    """Return the text without what nobody sees or types."""
    return _MARKS_OF_DIGITS.sub("", _INVISIBLE.sub("", text))


def file_stem(episode: str) -> str:
    """Return the name of an episode's files without the ending: its id, unless a file cannot be called that.

    ``name_episode`` makes only ids that can be file names; a library of unknown origin may have others, such as a path.
    """
    stem = _NOT_OF_NAMES.sub("-", episode).encode()[:_LONGEST_STEM].decode(errors="ignore").strip("-")
    return f"episode-{stem}".rstrip("-") if not stem or _RESERVED.fullmatch(stem) else stem


def resolve_name(name: str, episodes: Sequence[Episode], offered: Sequence[Episode] = ()) -> Episode:
    """Return the one of ``episodes`` with this name: an id, a title, or a unique prefix of an id.

    Of those that have it in the same way one of ``episodes`` goes before one of the ``offered``. Raises EpisodeError,
    with suggestions or candidates, if none or several match.
    """
    wanted = fold_text(name).strip()
    typed = _typeable(wanted)
    ways: tuple[Callable[[Episode], object], ...] = (
        lambda episode: episode.id == name,
        lambda episode: wanted and episode.id == wanted,
        lambda episode: wanted and fold_text(episode.title).strip() == wanted,
        lambda episode: typed and _typeable(episode.id) == typed,
        lambda episode: typed and _typeable(episode.id).startswith(typed),
    )
    for fits in (list(filter(way, named)) for way in ways for named in (episodes, offered)):
        if len(fits) == 1:
            return fits[0]
        if fits:
            candidates = ", ".join(f"{episode.id} ({episode.title})" for episode in fits[:8])
            more = f" and {len(fits) - 8} more" if len(fits) > 8 else ""
            raise EpisodeError(
                f"{name!r} could be any of: {candidates}{more}.", correct_input("Write more of the id."), where=name
            )
    way_out = LIST_EPISODES_OR_HIT if name.isdecimal() else LIST_EPISODES
    meant = _suggest(wanted, [*episodes, *offered])
    raise EpisodeError(f"There is no episode {name!r} in the library.{meant}", way_out, where=name)


def _suggest(wanted: str, episodes: Sequence[Episode]) -> str:
    from rapidfuzz import fuzz, process

    names = {(episode.id, text): fold_text(text) for episode in episodes for text in (episode.id, episode.title)}
    found = process.extract(wanted, names, scorer=fuzz.WRatio, limit=6, score_cutoff=60)
    ids = list(dict.fromkeys(match[2][0] for match in found))[:3]
    return f" Do you mean {' or '.join(ids)}?" if ids else ""
