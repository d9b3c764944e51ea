"""Find who speaks at the places of a quotation, and whether that can be the person quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from index.speaker_labels import is_unnamed
from index.storage.store import Store
from index.transcript import OVERLAP
from index.verification.locate import Match
from index.verification.name_comparison import can_be_same_person


@dataclass(frozen=True, slots=True)
class Speaking:
    """Who speaks at the places of a quotation, by the labels of the transcript.

    ``speaker`` is who speaks most of the quoted words, None if these have no label. ``misattributed`` is whether that
    cannot be the person quoted, None where one of them is not known or the names do not tell. ``remark`` is a sentence
    for a reader, empty if there is nothing to say. ``overlap``: most of the words are said while others speak.
    """

    speaker: str | None
    misattributed: bool | None
    remark: str
    overlap: bool = False


def find_speaking(places: Sequence[Match], attributed: str | None, store: Store) -> Speaking:
    """Find who speaks at ``places``, which are all in one episode; ``attributed`` is the person quoted if known."""
    if not places:
        return Speaking(None, None, "")
    words, at_once = _count_words(places, store)
    names = [name for name, _ in words.most_common()]
    speaker = names[0] if names else None
    if speaker is None:
        return Speaking(None, None, _remark(names, attributed, None, spliced=len(places) > 1))
    fits = _compare_speakers(attributed, speaker, places[0], store) if attributed else {}
    misattributed = _is_misattributed(speaker, fits, at_once)
    elsewhere = is_unnamed(speaker) and any(fit and name not in names for name, fit in fits.items())
    remark = _remark(names, attributed, misattributed, spliced=len(places) > 1, elsewhere=elsewhere)
    told = [remark, "Several speak at once there, so who says it is less sure." if at_once else ""]
    return Speaking(speaker, misattributed, " ".join(filter(None, told)), at_once)


def _compare_speakers(attributed: str, speaker: str, place: Match, store: Store) -> dict[str, bool | None]:
    """Return whether each speaker of the episode can be the person quoted, None where that cannot be told."""
    speakers = store.speakers(place.transcript)
    names = (speaker, *map(str.strip, speakers))
    return {name: can_be_same_person(attributed, name, speakers, place.episode.show) for name in names if name}


def _is_misattributed(speaker: str, fits: Mapping[str, bool | None], at_once: bool) -> bool | None:
    """Whether the speaker cannot be the person quoted; while several speak ``at_once``, whether none of them can."""
    can_be = fits.get(speaker)
    if can_be is None or (not can_be and at_once and any(fit is not False for fit in fits.values())):
        return None
    return not can_be


def find_shares(quoted: str, speakers: Mapping[int, Sequence[str]], within: Collection[int] | None) -> dict[int, float]:
    """Return the transcripts in which the person quoted may speak, with that person's share of the speakers."""
    fitting = {name for name in {*chain(*speakers.values())} if can_be_same_person(quoted, name)}
    return {
        number: sum(name in fitting for name in names) / len(names)
        for number, names in speakers.items()
        if not fitting.isdisjoint(names) and (within is None or number in within)
    }


def _count_words(places: Sequence[Match], store: Store) -> tuple[Counter[str | None], bool]:
    """Count the words of each speaker at these places, without those that the quotation leaves out.

    Return also whether most of them are said while others speak.
    """
    counts: Counter[str | None] = Counter()
    at_once = 0
    for place in places:
        quoted = [edit for edit in place.edits if edit.op != "delete"]
        for segment in store.segments(place.transcript, place.first, place.last):
            words = sum(
                max(0, min(edit.last, segment.last) - max(edit.first, segment.first) + 1)
                for edit in quoted
                if edit.first is not None and edit.last is not None
            )
            counts[(segment.speaker or "").strip() or None] += words
            at_once += words * (OVERLAP in segment.flags)
    return +counts, at_once > counts.total() / 2


def _remark(
    names: Sequence[str | None],
    attributed: str | None,
    misattributed: bool | None,
    *,
    spliced: bool,
    elsewhere: bool = False,
) -> str:
    """Say what a reader must know of the speakers, those of most words first.

    ``elsewhere``: a voice without a name speaks, and another one of the episode has the name of the person quoted.
    """
    speaker = names[0] if names else None
    if speaker is None and len(names) < 2:
        return "Who speaks there is not known." if attributed else ""
    told = _list_speakers(names, spliced)
    if misattributed:
        return f"But {told}, not {attributed}."
    if attributed and misattributed is None:
        if len(names) == 1 and is_unnamed(speaker or ""):
            told = f"{told}, a voice that has no name"
        if elsewhere:
            return f"{told}; {attributed} is another voice of this episode, unless one was taken for two."
        return f"{told}; whether that is {attributed} cannot be told."
    return f"{told}." if len(names) > 1 or spliced else ""


def _list_speakers(names: Sequence[str | None], spliced: bool) -> str:
    named = [
        name or ("somebody without a name" if number else "Somebody without a name")
        for number, name in enumerate(names)
    ]
    if len(named) == 1:
        return f"{named[0]} speaks at all of them" if spliced else f"{named[0]} speaks there"
    return f"{', '.join(named[:-1])} and {named[-1]} speak there, {named[0]} the most"
