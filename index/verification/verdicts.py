"""Quotations -> verdicts: each alone and, in an article, in the light of the others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.fulltext.maintenance import OpenIndex
from index.language.tokens import tokenize
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.verification.edits import count_places
from index.verification.judging import RECOGNISABLE, bits_left, count_tied_episodes, judge_places
from index.verification.judging import UNSURE as UNSURE
from index.verification.kinds import Sound as Sound
from index.verification.kinds import Verdict as Verdict
from index.verification.kinds import VerdictKind as VerdictKind
from index.verification.locate import CANDIDATES, Locator, Match, excess_length
from index.verification.significance import PlacePrior
from index.verification.splices import JUMP, locate_pieces

MATCHES = 5
"""Places of a quotation that are judged."""

SURE_BITS = 10.0
"""Remaining evidence of a place that counts for its article's other quotations, and its lead over other episodes."""

COMMON_PLACES = 10
"""Places from which on a short quotation is too common to have one."""

PIECE_BITS = 4.0
"""Least remaining bits of a piece of a splice. Measured likewise: pieces that were said have 9 or more, chance -1."""


@dataclass(slots=True)
class _Case:
    """A quotation, where it may have been said, and its verdict so far."""

    quotation: Quotation
    locator: Locator
    matches: list[Match]
    verdict: Verdict


def verify_quotation(quotation: Quotation, index: OpenIndex, within: Collection[int] | None = None) -> Verdict:
    """Judge one quotation alone; ``within`` restricts the search to transcripts of these numbers.

    One that is too long to be compared has the verdict "cannot tell". Raises LibraryError.
    """
    return verify_together([quotation], index, within)[0]


def verify_together(
    quotations: Sequence[Quotation], index: OpenIndex, within: Collection[int] | None = None
) -> list[Verdict]:
    """Judge the quotations of one article: where some stand surely makes the same episodes likelier for the rest.

    ``within`` restricts the search to transcripts of these numbers. Raises LibraryError.
    """
    cases: dict[str, _Case | Verdict] = {}
    with index.store.snapshot():
        prior = PlacePrior(index, within)
        for quotation in quotations:
            if quotation.text not in cases:
                cases[quotation.text] = _open_case(quotation, index, within, prior)
        placed: dict[str, int] = {}
        for text, case in cases.items():
            if isinstance(case, _Case) and (transcript := _sure_transcript(case, prior)) is not None:
                placed[text] = transcript
        if placed:
            informed = PlacePrior(index, within, placed.values())
            for text, case in cases.items():
                if isinstance(case, _Case) and text not in placed:
                    case.matches += case.locator.locate(MATCHES, informed.likely)
                    case.verdict = _judge_case(case, informed, index.store)
    verdicts = {text: case.verdict if isinstance(case, _Case) else case for text, case in cases.items()}
    return [replace(verdicts[quotation.text], quotation=quotation) for quotation in quotations]


def _open_case(
    quotation: Quotation, index: OpenIndex, within: Collection[int] | None, prior: PlacePrior
) -> _Case | Verdict:
    """Judge a quotation by itself; one that cannot be looked for has only a verdict."""
    if too_long := excess_length(quotation.text):
        return Verdict(quotation, "cannot tell", (), too_long, 1.0)
    if not tokenize(quotation.text):
        return Verdict(quotation, "not found", (), "There is no word in it to look for.", 1.0)
    locator = Locator(quotation.text, index, within)
    if locator.is_too_short:
        return Verdict(quotation, "cannot tell", (), "Not looked for: it is too short to have a place.", 1.0)
    case = _Case(quotation, locator, locator.locate(MATCHES), Verdict(quotation, "not found", (), "", 1.0))
    case.verdict = _judge_case(case, prior, index.store)
    return case


def _judge_case(case: _Case, prior: PlacePrior, store: Store) -> Verdict:
    verdict = judge_places(case.quotation, case.matches, case.locator, prior, store)
    if verdict.kind in ("verbatim", "cleaned"):
        return _count_exact(verdict, case, prior)
    return verdict if verdict.kind == "cannot tell" else _judge_pieces(case.quotation, case.locator, verdict, prior)


def _count_exact(verdict: Verdict, case: _Case, prior: PlacePrior) -> Verdict:
    """Tell how often the very words were said; a short quotation with many equal places has none."""
    exact, (match,) = case.locator.exact_places, verdict.parts
    count = exact.total()
    if verdict.kind == "cleaned" or count < 2:
        return verdict
    equal = exact[match.transcript] >= COMMON_PLACES or count_tied_episodes(match, case.matches, prior)
    if case.locator.is_short and count >= COMMON_PLACES and equal:
        reason = f"It was said in {count_places(count, CANDIDATES)}: too common to have one place."
        return Verdict(case.quotation, "cannot tell", (), reason, 1.0, closest=match)
    places = count_places(count - 1, CANDIDATES)
    return replace(verdict, reason=f"{verdict.reason[:-1]}, and so in {places} more.")


def _sure_transcript(case: _Case, prior: PlacePrior) -> int | None:
    """Return the transcript in which a quotation stands surely and alone, if there is one."""
    verdict = case.verdict
    if verdict.kind == "spliced":
        return verdict.parts[0].transcript
    if verdict.kind not in ("verbatim", "cleaned", "altered"):
        return None
    (match,) = verdict.parts
    left = bits_left(match, prior)
    elsewhere = [bits_left(one, prior) for one in case.matches if one.transcript != match.transcript]
    return match.transcript if left >= SURE_BITS and all(left - other >= SURE_BITS for other in elsewhere) else None


def _judge_pieces(quotation: Quotation, locator: Locator, whole: Verdict, prior: PlacePrior) -> Verdict:
    """Return "spliced" if the quotation is composed of pieces that fit better than any whole place, else ``whole``."""
    if locator.lowest_cost <= JUMP * 3 / 2:  # a splice has a jump
        return whole
    cost, pieces = locate_pieces(locator)
    if not pieces or cost + JUMP / 2 >= locator.lowest_cost:
        return whole
    if any(bits_left(piece, prior) < PIECE_BITS or piece.similarity < RECOGNISABLE for piece in pieces):
        return whole
    order = all(earlier.last < later.first for earlier, later in pairwise(pieces))
    how = "said apart" if order else "said in another order"
    reason = f"Put together from {len(pieces)} places that were {how}, without a mark"
    speakers = _name_speakers(pieces, locator.store)
    sure = round(min(piece.similarity for piece in pieces), 3)
    return Verdict(quotation, "spliced", tuple(pieces), f"{reason}{speakers}.", sure)


def _name_speakers(pieces: Sequence[Match], store: Store) -> str:
    """Say whether one speaker said all pieces; nothing where a speaker is unknown."""
    spoken = [
        {segment.speaker for segment in store.segments(piece.transcript, piece.first, piece.last)} for piece in pieces
    ]
    speakers = set().union(*spoken)
    if None in speakers or not speakers:
        return ""
    names = " and ".join(sorted(name for name in speakers if name))
    return f", all by {names}" if len(speakers) == 1 else f", by different speakers ({names})"
