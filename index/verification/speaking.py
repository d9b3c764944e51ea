"""Find who speaks at the places of a quotation, and whether that can be the person quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from index.storage.store import Store
from index.verification.locate import Match
from index.verification.name_comparison import can_be_same_person


@dataclass(frozen=True, slots=True)
class Speaking:
    """Who speaks at the places of a quotation, by the labels of the transcript.

    ``speaker`` is who speaks most of the quoted words, None if these have no label. ``misattributed`` is whether that
    cannot be the person quoted, None where one of them is not known or the names do not tell. ``remark`` is a sentence
    for a reader, empty if there is nothing to say.
    """

    speaker: str | None
    misattributed: bool | None
    remark: str


def find_speaking(places: Sequence[Match], attributed: str | None, store: Store) -> Speaking:
    """Find who speaks at ``places``, which are all in one episode; ``attributed`` is the person quoted if known."""
    if not places:
        return Speaking(None, None, "")
    counts = sum((_count_words(place, store) for place in places), Counter[str | None]())
    names = [name for name, _ in counts.most_common()]
    speaker = names[0] if names else None
    misattributed = None
    if speaker and attributed:
        can_be = can_be_same_person(attributed, speaker, store.speakers(places[0].transcript), places[0].episode.show)
        misattributed = None if can_be is None else not can_be
    return Speaking(speaker, misattributed, _remark(names, attributed, misattributed, spliced=len(places) > 1))


def find_shares(quoted: str, speakers: Mapping[int, Sequence[str]], within: Collection[int] | None) -> dict[int, float]:
    """Return the transcripts in which the person quoted may speak, with that person's share of the speakers."""
    fitting = {name for name in {*chain(*speakers.values())} if can_be_same_person(quoted, name)}
    return {
        number: sum(name in fitting for name in names) / len(names)
        for number, names in speakers.items()
        if not fitting.isdisjoint(names) and (within is None or number in within)
    }


def _count_words(place: Match, store: Store) -> Counter[str | None]:
    """Count the words of each speaker at a place, without those that the quotation leaves out."""
    counts: Counter[str | None] = Counter()
    quoted = [edit for edit in place.edits if edit.op != "delete"]
    for segment in store.segments(place.transcript, place.first, place.last):
        for edit in quoted:
            if edit.first is not None and edit.last is not None:
                words = min(edit.last, segment.last) - max(edit.first, segment.first) + 1
                counts[(segment.speaker or "").strip() or None] += max(0, words)
    return +counts


def _remark(names: Sequence[str | None], attributed: str | None, misattributed: bool | None, spliced: bool) -> str:
    """Say what a reader must know of the speakers, those of most words first."""
    speaker = names[0] if names else None
    if speaker is None and len(names) < 2:
        return "Who speaks there is not known." if attributed else ""
    told = _list_speakers(names, spliced)
    if misattributed:
        return f"But {told}, not {attributed}."
    if attributed and misattributed is None:
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
