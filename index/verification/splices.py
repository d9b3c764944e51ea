"""Find spliced quotations: pieces that were said apart or in another order, each with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from audio.timecode import join_near_ranges
from index.verification.alignment import align, compute_costs
from index.verification.locate import Locator, Match, Region
from index.verification.passage_votes import VotedPassage
from index.verification.word_forms import Form, Forms

JUMP = 1.2
"""Cost of continuing elsewhere: more than one substitution, so that a jump for a single word never pays."""

SHORTEST_PIECE = 3  # forms
NEAR = 8
"""Words between two pieces in order, up to which they count as one place with words left out."""

_WINDOWS = 5
_CANDIDATES = 4  # for each window
_TRANSCRIPTS = 4
_BORDER = Form("", "content", "")


def locate_pieces(locator: Locator) -> tuple[float, list[Match]]:
    """Return the cost of the best splice, and its pieces in the order of the quotation, from one episode.

    The list is empty if there are not several pieces of at least SHORTEST_PIECE forms each.
    """
    best: tuple[float, list[Match]] = (0.0, [])
    for regions in _regions(locator):
        cost, pieces = _read_in(regions, locator)
        if pieces and (not best[1] or cost < best[0]):
            best = cost, pieces
    return best


def _regions(locator: Locator) -> list[list[Region]]:
    """Return, for the likeliest episodes, the regions that contain some part of the quotation."""
    length = locator.length
    window = max(SHORTEST_PIECE + 1, length // 3)
    starts = sorted({round(number * max(0, length - window) / (_WINDOWS - 1)) for number in range(_WINDOWS)})
    found = {start: locator.proposals.best(_CANDIDATES, start, start + window) for start in starts}
    votes: dict[int, float] = {}
    for candidates in found.values():
        mine: dict[int, float] = {}
        for candidate in candidates:
            transcript = candidate.passage.transcript
            mine[transcript] = max(candidate.votes, mine.get(transcript, 0.0))
        for transcript, score in mine.items():
            votes[transcript] = votes.get(transcript, 0.0) + score
    likeliest = sorted(votes, key=lambda number: -votes[number])[:_TRANSCRIPTS]
    return [_regions_of(transcript, found, window, locator) for transcript in likeliest]


def _regions_of(
    transcript: int, found: Mapping[int, Sequence[VotedPassage]], window: int, locator: Locator
) -> list[Region]:
    """Return the regions of one episode where the words of some window are densest, near ones joined."""
    ranges = [
        (region.first, region.first + len(region.words) - 1)
        for start, candidates in found.items()
        for region in locator.dense_regions(
            [candidate for candidate in candidates if candidate.passage.transcript == transcript], start, start + window
        )
    ]
    joined = join_near_ranges(sorted(ranges), 1)
    return [region for first, last in joined if (region := locator.region(transcript, first, last))]


def _read_in(regions: Sequence[Region], locator: Locator) -> tuple[float, list[Match]]:
    if not regions:
        return 0.0, []
    quoted = locator.quoted(regions[0].facts.language)
    forms: list[Form] = []
    starts = []
    for region in regions:
        starts.append(len(forms))
        forms += [*region.forms.forms, _BORDER]
    places = tuple(range(len(forms)))
    alignment = align(compute_costs(quoted, Forms((), tuple(forms), places, places), jump=JUMP))
    pieces = []
    for piece in alignment.pieces():
        number = max(n for n, start in enumerate(starts) if start <= piece.begin)
        if not starts[number] < piece.end <= starts[number] + len(regions[number].forms):
            return 0.0, []  # in no region, or across the border between two
        pieces.append(locator.match(regions[number], piece.shifted(-starts[number]), quoted))
    short = any(sum(step.stop - step.first for step in piece.steps) < SHORTEST_PIECE for piece in alignment.pieces())
    apart = [(later.first - earlier.last - 1) not in range(NEAR + 1) for earlier, later in pairwise(pieces)]
    return alignment.cost, ([] if short or not any(apart) else pieces)
