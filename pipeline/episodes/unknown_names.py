"""Errors for shows, speakers, languages and days that no episode has: each names what there is, the nearest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from audio.errors import UsageError, correct_input
from index.language.tokens import find_token_runs, fold_text, tokenize
from index.query.dates import FIRST_DAY, LAST_DAY, lies_between
from index.query.tree import Filter
from index.speaker_labels import is_unnamed
from index.storage.episode_names import resolve_name
from index.transcript import Episode
from pipeline.errors import name_voices

NAMED = 8
"""The most names that an error lists."""
_ALIKE = 60
"""The score (0 to 100) from which names are alike, as for the names of episodes (index/storage/episode_names.py)."""


def read_name(kind: str, name: str) -> tuple[str, ...]:
    """Return the words of the name of a show or a speaker. Raises UsageError for a name without letters and digits."""
    if not tokenize(name):
        raise UsageError(
            f"The {kind} {name!r} has no letter or digit.", correct_input("Name a part of it."), where=name
        )
    return tokenize(name)


def find_shows(shows: Iterable[str | None], asked: str) -> frozenset[str]:
    """Return the shows that are called so; if none is, those with these words in a row in their name.

    Raises UsageError if there are none.
    """
    known = set(filter(None, shows))
    words = read_name("show", asked)
    found = {show for show in known if fold_text(show).strip() == fold_text(asked).strip()}
    found = found or {show for show in known if find_token_runs(tokenize(show), words)}
    if not found:
        advice = _there_are(asked, known) if known else "No episode has a show."
        raise UsageError(f"No show here is called {asked!r}.", correct_input(advice), where=asked)
    return frozenset(found)


def unknown_speaker(asked: str, known: Iterable[str]) -> UsageError:
    """Return the error for a speaker who is none of the ``known`` ones of what is searched."""
    speakers = set(known)
    unnamed = {name for name in speakers if is_unnamed(name)}
    listed = speakers if is_unnamed(asked) else speakers - unnamed
    told = [_there_are(asked, listed)] if listed else []
    if unnamed - listed:
        told.append(f"{'Other voices' if listed else 'The voices there'} have no name.")
    there = " ".join(told) or "Who speaks there is not known: leave the speaker out."
    way_out = name_voices(there) if unnamed else correct_input(there)
    return UsageError(f"Nobody who speaks here is called {asked!r}.", way_out, where=asked)


def unknown_language(asked: str, known: Iterable[str | None]) -> UsageError:
    """Return the error for a language that no transcript is in; ``known`` are those there are, None for unknown."""
    codes = set(filter(None, known))
    advice = _there_are(asked, codes) if codes else "Their languages are not known."
    return UsageError(f"No transcript here is in the language {asked!r}.", correct_input(advice), where=asked)


def no_episode_of_days(days: tuple[str, str], episodes: Iterable[Episode]) -> UsageError:
    """Return the error for days on which none of the episodes was published."""
    dates = sorted(one.published[:10] for one in episodes if one.published)
    known = f"Their dates are {dates[0]} to {dates[-1]}." if dates else "None of them has a date."
    first, last = days
    when = (
        f"from {first} on" if last == LAST_DAY else f"until {last}" if first == FIRST_DAY else f"from {first} to {last}"
    )
    return UsageError(f"No episode was published {when}.", correct_input(known))


def explain_filter(
    asked: Filter, episodes: Sequence[Episode], languages: Collection[str | None], speakers: Collection[str]
) -> str | None:
    """Return why no episode satisfies a field of a query, and what there is; None if one does, or for a title."""
    name = " ".join(asked.values)
    try:
        match asked.field:
            case "show":
                find_shows((one.show for one in episodes), name)
            case "speaker" if not any(find_token_runs(tokenize(one), asked.values) for one in speakers):
                raise unknown_speaker(name, speakers)
            case "lang" if name not in languages:
                raise unknown_language(name, languages)
            case "episode" if not any(one.id.startswith(name) for one in episodes):
                resolve_name(name, episodes)
            case "date" if not any(one.published and lies_between(one.published, *asked.values) for one in episodes):
                raise no_episode_of_days((asked.values[0], asked.values[1]), episodes)
    except UsageError as error:
        return str(error)
    return None


def name_nearest(asked: str, names: Collection[str]) -> str:
    """List those of ``names`` that are most like the one asked for, then others by alphabet, and how many more."""
    from rapidfuzz.fuzz import WRatio

    wanted = fold_text(asked)
    ranked = sorted(names, key=lambda name: (-WRatio(wanted, fold_text(name), score_cutoff=_ALIKE), name))
    *first, last = ranked[:NAMED] if len(ranked) <= NAMED else [*ranked[:NAMED], _others(len(ranked) - NAMED)]
    return f"{', '.join(first)} and {last}" if first else last


def _others(number: int) -> str:
    return "another" if number == 1 else f"{number} others"


def _there_are(asked: str, names: Collection[str]) -> str:
    return f"There {'is' if len(names) == 1 else 'are'} {name_nearest(asked, names)}."
