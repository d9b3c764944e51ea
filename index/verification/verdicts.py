"""Quotations -> verdicts: each alone and, in an article, in the light of the others; and splices.

A splice is composed of pieces that were said apart or in another order, each with its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from audio.timecode import join_near_ranges
from index.fulltext.maintenance import OpenIndex
from index.language.tokens import tokenize
from index.quotations.extraction import Quotation
from index.verification.alignment import align, compute_costs
from index.verification.edits import count_places
from index.verification.judging import (
    MOST_TIED,
    RANKS,
    RECOGNISABLE,
    TIE_BITS,
    bits_left,
    count_tied_episodes,
    judge_places,
    name_speakers,
    rank_speaker,
    rate_verdict,
)
from index.verification.judging import UNSURE as UNSURE
from index.verification.judging import Sound as Sound
from index.verification.judging import Verdict as Verdict
from index.verification.judging import VerdictKind as VerdictKind
from index.verification.locate import CANDIDATES, Locator, Match, Region, SpeakerFilter, excess_length
from index.verification.name_comparison import can_be_same_person
from index.verification.passage_votes import VotedPassage
from index.verification.significance import PlacePrior
from index.verification.speaking import find_shares
from index.verification.word_forms import Form, Forms

MATCHES = 5
"""Places of a quotation that are judged."""

MATCHES_OF_SPEAKER = 12
"""The same where the person quoted speaks: the words may have been said by others there too."""

SURE_BITS = 10.0
"""Remaining evidence of a place that counts for its article's other quotations, and its lead over other episodes."""

COMMON_PLACES = 10
"""Places from which on a short quotation is too common to have one."""

PIECE_BITS = 4.0
"""Least remaining bits of a piece of a splice. Measured likewise: pieces that were said have 9 or more, chance -1."""


JUMP = 1.2
"""Cost of continuing elsewhere: more than one substitution, so that a jump for a single word never pays."""

SHORTEST_PIECE = 3  # forms
NEAR = 8
"""Words between two pieces in order, up to which they count as one place with words left out."""

_WINDOWS = 5
_CANDIDATES = 4  # for each window
_TRANSCRIPTS = 4
_BORDER = Form("", "content", "")


@dataclass(slots=True)
class _Case:
    """A quotation, where it may have been said, and its verdict so far."""

    quotation: Quotation
    locator: Locator
    prior: PlacePrior
    matches: list[Match]
    verdict: Verdict


def verify_quotation(quotation: Quotation, index: OpenIndex, within: Collection[int] | None = None) -> Verdict:
    """Judge one quotation alone; ``within`` restricts the search to transcripts of these numbers.

    One that is too long to be compared has the verdict "cannot tell". Raises LibraryError.
    """
    return verify_together([quotation], index, within)[0]


def verify_together(
    quotations: Sequence[Quotation],
    index: OpenIndex,
    within: Collection[int] | None = None,
    spoken_by: SpeakerFilter | None = None,
    begin: Callable[[], object] = lambda: None,
) -> list[Verdict]:
    """Judge the quotations of one article: where some stand surely makes the same episodes likelier for the rest.

    ``within`` restricts the search to transcripts of these numbers, ``spoken_by`` to speakers. ``begin`` is called
    before each quotation. Raises LibraryError.
    """
    cases: dict[tuple[str, str | None], _Case | Verdict] = {}
    with index.store.snapshot():
        prior = PlacePrior(index, within)
        for quotation in quotations:
            begin()
            if (key := (quotation.text, quotation.speaker)) not in cases:
                locator = Locator(quotation.text, index, within, spoken_by)
                cases[key] = _open_case(quotation, locator, prior)
        opened = [case for case in cases.values() if isinstance(case, _Case)]
        placed = {case.quotation.text: _sure_transcripts(case) for case in opened}
        if any(placed.values()):
            prior = PlacePrior(index, within, placed.values())
            for case in opened:
                case.prior = prior
                if len(placed[case.quotation.text]) != 1:
                    case.matches += case.locator.locate(MATCHES, prior.likely)
                    case.verdict = _judge_case(case)
        verdicts = {key: _close_case(case, index, within, spoken_by) for key, case in cases.items()}
    return [replace(verdicts[one.text, one.speaker], quotation=one) for one in quotations]


def _close_case(
    case: _Case | Verdict, index: OpenIndex, within: Collection[int] | None, spoken_by: SpeakerFilter | None
) -> Verdict:
    """Return the verdict on a quotation, with its confidence."""
    if isinstance(case, Verdict):
        return case
    if case.verdict.misattributed is not False and spoken_by is None:
        case = _look_with_the_person_quoted(case, index, within)
    if case.verdict.parts or case.verdict.kind == "not found":
        return rate_verdict(case.verdict, case.matches, case.prior, index.store)
    return case.verdict


def _look_with_the_person_quoted(case: _Case, index: OpenIndex, within: Collection[int] | None) -> _Case:
    """Look again where the person quoted speaks, as others may have said the same; return the case that is kinder."""
    quoted = case.quotation.speaker or ""
    shares = find_shares(quoted, index.lexicon.speakers(), within) if quoted else {}
    if not shares:
        return case
    locator = Locator(case.quotation.text, index, shares, lambda name: bool(name and can_be_same_person(quoted, name)))
    matches = locator.locate(MATCHES_OF_SPEAKER)
    other = replace(case, locator=locator, prior=case.prior.where_speaks(shares), matches=matches)
    other.verdict = _judge_case(other)
    as_good = RANKS.index(other.verdict.kind) <= RANKS.index(case.verdict.kind)
    return other if as_good and other.verdict.parts and _is_nearer(other.verdict, case.verdict) else case


def _is_nearer(found: Verdict, before: Verdict) -> bool:
    """Whether the person quoted speaks rather at the places that were found now.

    Places where it cannot be told who speaks give way only to words that are as similar.
    """
    if not before.parts:
        return not found.misattributed
    alike = min(part.similarity for part in found.parts) >= min(part.similarity for part in before.parts)
    return rank_speaker(found) < rank_speaker(before) and (alike or before.misattributed is True)


def _open_case(quotation: Quotation, locator: Locator, prior: PlacePrior) -> _Case | Verdict:
    """Judge a quotation by itself; one that cannot be looked for has only a verdict."""
    if too_long := excess_length(quotation.text):
        return Verdict(quotation, "cannot tell", (), too_long)
    if not tokenize(quotation.text):
        return Verdict(quotation, "not found", (), "There is no word in it to look for.")
    if locator.is_too_short:
        return Verdict(quotation, "cannot tell", (), "Not looked for: it is too short to have a place.")
    case = _Case(quotation, locator, prior, locator.locate(MATCHES), Verdict(quotation, "not found", (), ""))
    case.verdict = _judge_case(case)
    return case


def _judge_case(case: _Case) -> Verdict:
    verdict = judge_places(case.quotation, case.matches, case.locator, case.prior, case.locator.store)
    if verdict.kind in ("verbatim", "cleaned"):
        return _count_exact(verdict, case)
    return verdict if verdict.kind == "cannot tell" else _judge_pieces(case, verdict)


def _count_exact(verdict: Verdict, case: _Case) -> Verdict:
    """Tell how often the very words were said; a short quotation with many equal places has none."""
    exact, (match,) = case.locator.exact_places, verdict.parts
    count = exact.total()
    if verdict.kind == "cleaned" or count < 2:
        return verdict
    equal = exact[match.transcript] >= COMMON_PLACES or count_tied_episodes(match, case.matches, case.prior)
    if case.locator.is_short and count >= COMMON_PLACES and equal:
        reason = f"It was said in {count_places(count, CANDIDATES)}: too common to have one place."
        return Verdict(case.quotation, "cannot tell", (), reason, closest=match)
    places = count_places(count - 1, CANDIDATES)
    return replace(verdict, reason=f"{verdict.reason} So it was in {places} more.")


def _sure_transcripts(case: _Case) -> set[int]:
    """Return the transcript in which a quotation stands surely, or those that have it alike, as episodes sent again."""
    verdict = case.verdict
    if verdict.kind == "spliced":
        return {verdict.parts[0].transcript}
    if verdict.kind not in ("verbatim", "cleaned", "altered"):
        return set()
    (match,) = verdict.parts
    least = bits_left(match, case.prior)
    near = {match.transcript: least}
    for one in case.matches:
        if one.transcript != match.transcript:
            near[one.transcript] = max(near.get(one.transcript, -math.inf), bits_left(one, case.prior))
    near = {number: bits for number, bits in near.items() if bits > least - SURE_BITS}
    sure = least >= SURE_BITS and len(near) <= MOST_TIED and min(near.values()) >= least - TIE_BITS
    return set(near) if sure else set()


def _judge_pieces(case: _Case, whole: Verdict) -> Verdict:
    """Return "spliced" if the quotation is composed of pieces that fit better than any whole place, else ``whole``."""
    locator = case.locator
    if locator.lowest_cost <= JUMP * 3 / 2:  # a splice has a jump
        return whole
    cost, pieces = _locate_pieces(locator)
    if not pieces or cost + JUMP / 2 >= locator.lowest_cost:
        return whole
    if any(bits_left(piece, case.prior) < PIECE_BITS or piece.similarity < RECOGNISABLE for piece in pieces):
        return whole
    if not all(locator.is_searched(piece.transcript, piece.first, piece.last) for piece in pieces):
        return whole
    order = all(earlier.last < later.first for earlier, later in pairwise(pieces))
    how = "said apart" if order else "said in another order"
    reason = f"Put together from {len(pieces)} places that were {how}, without a mark."
    return name_speakers(Verdict(case.quotation, "spliced", tuple(pieces), reason), locator.store)


def _locate_pieces(locator: Locator) -> tuple[float, list[Match]]:
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
        (first, last)
        for start, candidates in found.items()
        for _, first, last in locator.dense_ranges(
            [candidate for candidate in candidates if candidate.passage.transcript == transcript], start, start + window
        )
    ]
    joined = join_near_ranges(sorted(ranges), 1)
    return [region for first, last in joined if (region := locator.region(transcript, first, last))]


def _read_in(regions: Sequence[Region], locator: Locator) -> tuple[float, list[Match]]:
    if not regions:
        return 0.0, []
    quoted = locator.quoted(regions[0].transcript.language)
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
