"""A quotation and the places where it may have been said -> a Verdict: was it said like that?

A verdict never says more than the transcript supports. Where words differ, but the recogniser was not sure of them,
or heard speech that it could not write down, the answer is that it cannot be told.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from audio.timecode import Span
from index.fulltext.maintenance import OpenIndex
from index.language.tokens import tokenize
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.transcript import Segment, Word
from index.verification.edits import Difference, Edit
from index.verification.locate import Locator, Match
from index.verification.splices import JUMP, locate_pieces
from index.verification.word_forms import read_forms

VerdictKind = Literal["verbatim", "cleaned", "altered", "spliced", "paraphrase", "not found", "cannot tell"]

MARKED: frozenset[Difference | None] = frozenset({None, "spelling", "masked", "omission", "insertion"})
"""What a verbatim quotation may differ in: how a word is written, and what the quotation itself marks."""

CLEANED: frozenset[Difference | None] = MARKED | {"filler", "repeat", "small word"}

MOST_SMALL_WORDS = 0.25
"""Of the quotation's words, that may be small and differ before it is altered and not cleaned."""

RECOGNISABLE = 0.75
"""Similarity from which on a place is the one that was quoted, if it does not agree by chance."""

LEAST_RECOGNISABLE, DEARER = 0.5, 70.0
"""Where less agrees, down to half, so many more bits are asked for each unit of similarity that is missing."""

CLOSE = 0.3
"""Similarity from which on a place is worth showing as the closest."""

CHANCE_BITS = 8.0
"""Bits left over from which on words do not agree by chance.

Measured on 300 quotations of 6 to 25 words with one word changed and on 791 sentences that were never said, in a
library of two million words: 1 % of those and 0.4 % of these lie on the wrong side.
"""

DIFFERENT_WORD_BITS, DIFFERENT_SMALL_WORD_BITS = 6.0, 4.0
"""What a word that differs takes from the evidence: there are so many ways to differ. From the same measurement."""

PIECE_BITS = 4.0
"""Bits left over for each piece of a splice. Measured likewise: pieces that were said have 9 or more, chance -1."""

BESIDE = 3
"""Words before and behind a place among which a negation counts where the quotation's edge was not said."""

UNSURE = 0.5
"""A word that differs and was heard with less probability may have been misheard."""

UNSURE_ALIKE = 0.8
"""The same for a word that sounds like the one quoted."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a quotation was said as it is quoted.

    ``parts`` are the places that ``kind`` rests on: several for ``spliced``, none for ``not found``, else one.
    ``reason`` is a sentence for a reader; ``confidence``, 0 to 1, is lower where words were heard badly or where so
    little was quoted that it may agree by chance.
    """

    quotation: Quotation
    kind: VerdictKind
    parts: tuple[Match, ...]
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _MatchedSpeech:
    """What is known of the sound of a match: its words, sentences, and where nothing was written down."""

    language: str | None
    words: Sequence[Word]
    segments: Sequence[Segment]
    gaps: Sequence[Span]


def verify_quotation(quotation: Quotation, index: OpenIndex, within: Collection[int] | None = None) -> Verdict:
    """The verdict on one quotation; ``within`` are the numbers of the only transcripts to look at.

    Raises LibraryError.
    """
    with index.store.snapshot():
        locator = Locator(quotation.text, index, within)
        matches = locator.locate(3)
        verdict = judge_quotation(quotation, matches, index.store, locator.rarity.library_words)
        if verdict.kind in ("verbatim", "cleaned", "cannot tell"):
            return verdict
        return _judge_pieces(quotation, locator, verdict)


def judge_quotation(quotation: Quotation, matches: Sequence[Match], store: Store, said: int) -> Verdict:
    """The verdict on a quotation by whole places, likeliest first; ``said`` is how many words the library holds."""
    if not tokenize(quotation.text):
        return Verdict(quotation, "not found", (), "There is no word in it to look for.", 1.0)
    if not matches:
        return Verdict(quotation, "not found", (), "None of its rarer words stand together anywhere.", 0.9)
    ranks: list[VerdictKind] = ["verbatim", "cleaned", "cannot tell", "altered", "paraphrase", "not found"]
    verdicts = [_judge_match(quotation, match, store, said) for match in matches]
    return min(verdicts, key=lambda verdict: ranks.index(verdict.kind))


def _judge_match(quotation: Quotation, match: Match, store: Store, said: int) -> Verdict:
    differences = {edit.difference for edit in match.edits}
    likely = _is_recognisable(match, said)
    heard = _listen(match, store)
    sure = _confidence(match, heard, said)
    if differences <= MARKED and (likely or not differences & {"omission", "insertion", "masked"}):
        return _judge_marks(quotation, match, heard, sure)
    beside = _negation_beside(match, heard, store)
    if likely and beside:
        reason = f"Said there, but {beside!r} stands beside it and is left out: {_list_changes(match)}."
        return Verdict(quotation, "altered", (match,), reason, sure)
    if likely and differences <= CLEANED and _small_share(match) <= MOST_SMALL_WORDS:
        return Verdict(quotation, "cleaned", (match,), f"Said there, {_list_changes(match)}.", sure)
    if likely:
        doubt = _find_doubt(match, heard)
        if doubt:
            return Verdict(quotation, "cannot tell", (match,), f"Probably said there, but {doubt}.", sure / 2)
        return Verdict(quotation, "altered", (match,), f"Said there, but differently: {_list_changes(match)}.", sure)
    if match.similarity >= CLOSE and match.evidence >= math.log2(said):
        reason = "Nothing was said like this; the closest place shares some of its words."
        if match.similarity >= RECOGNISABLE:
            reason = "Nearly said like this there, but in too few words to be sure that it is the place."
        return Verdict(quotation, "paraphrase", (match,), reason, 1 - match.similarity)
    return Verdict(
        quotation, "not found", (), "Nothing like it was said in what was searched.", 1 - match.similarity / 2
    )


def bits_left(match: Match, said: int) -> float:
    """The evidence that is left over after all that chance had to choose from: ``said`` words, and how they differ."""
    taken = 0.0
    for edit in match.edits:
        words = max(len(tokenize(edit.quoted)), len(tokenize(edit.said)))
        if edit.difference == "small word":
            taken += DIFFERENT_SMALL_WORD_BITS * words
        elif edit.difference not in CLEANED:
            taken += DIFFERENT_WORD_BITS * words
    return match.evidence - math.log2(said) - taken


def _is_recognisable(match: Match, said: int) -> bool:
    asked = CHANCE_BITS + DEARER * max(0.0, RECOGNISABLE - match.similarity)
    return match.similarity >= LEAST_RECOGNISABLE and bits_left(match, said) >= asked


def _judge_marks(quotation: Quotation, match: Match, heard: _MatchedSpeech, sure: float) -> Verdict:
    """A place with the same words, but for what the quotation marks: verbatim, unless dots hide too much."""
    notes = []
    for edit in match.edits:
        if edit.difference != "omission" or edit.first is None or edit.last is None:
            continue
        hidden = _hidden_negation(edit, heard, match)
        if hidden:
            reason = f"The dots leave out {hidden!r} from the same sentence."
            return Verdict(quotation, "altered", (match,), reason, sure)
        words = edit.last - edit.first + 1
        seconds = heard.words[edit.last - match.first].end - heard.words[edit.first - match.first].start
        turn = " and go over to another speaker" if _speakers(heard, edit.first - 1, edit.last + 1) > 1 else ""
        notes.append(f"the dots leave out {words} {'word' if words == 1 else 'words'} ({seconds:.0f} s){turn}")
    if not notes and _speakers(heard, match.first, match.last) > 1:
        notes.append("more than one person speaks there")
    if any(edit.difference == "masked" for edit in match.edits):
        notes.append("the hidden letters fit")
    if any(edit.difference == "insertion" for edit in match.edits):
        notes.append("what stands in brackets is the writer's")
    reason = "Said in just these words" + (f"; {', '.join(notes)}." if notes else ".")
    return Verdict(quotation, "verbatim", (match,), reason, sure)


def _hidden_negation(edit: Edit, heard: _MatchedSpeech, match: Match) -> str | None:
    """A negation among the words left out that belongs to a sentence of which something is quoted."""
    assert edit.first is not None
    assert edit.last is not None
    sentences = [
        segment for segment in heard.segments
        if any(segment.first <= number <= segment.last for number in (edit.first - 1, edit.last + 1))
    ]  # fmt: skip
    for number in range(edit.first, edit.last + 1):
        if any(segment.first <= number <= segment.last for segment in sentences):
            text = heard.words[number - match.first].text.strip()
            if any(form.kind == "negation" for form in read_forms([text], heard.language).forms):
                return text
    return None


def _negation_beside(match: Match, heard: _MatchedSpeech, store: Store) -> str | None:
    """A negation just outside the place, where the quotation has a word there that was not said.

    "And lose anyone" of "and don't lose anyone" costs least without its "and": the place begins behind the negation.
    """
    outside: list[int] = []
    if match.edits[0].difference not in MARKED:
        outside += range(max(0, match.first - BESIDE), match.first)
    if match.edits[-1].difference not in MARKED:
        outside += range(match.last + 1, match.last + 1 + BESIDE)
    for number in outside:
        for text in store.texts(match.transcript, number, number):
            if any(form.kind == "negation" for form in read_forms([text], heard.language).forms):
                return text.strip()
    return None


def _judge_pieces(quotation: Quotation, locator: Locator, whole: Verdict) -> Verdict:
    """The verdict by whole places, or that the quotation was put together from several."""
    cost, pieces = locate_pieces(locator)
    if not pieces or cost + JUMP / 2 >= locator.lowest_cost:
        return whole
    said = locator.rarity.library_words
    if any(bits_left(piece, said) < PIECE_BITS or piece.similarity < RECOGNISABLE for piece in pieces):
        return whole
    order = all(earlier.last < later.first for earlier, later in pairwise(pieces))
    how = "said apart" if order else "said in another order"
    reason = f"Put together from {len(pieces)} places that were {how}, without a mark."
    return Verdict(quotation, "spliced", tuple(pieces), reason, round(min(piece.similarity for piece in pieces), 3))


def _listen(match: Match, store: Store) -> _MatchedSpeech:
    facts = store.facts(match.episode.id)
    return _MatchedSpeech(
        facts.language if facts else None,
        store.words(match.transcript, match.first, match.last),
        store.segments(match.transcript, match.first, match.last),
        facts.gaps if facts else (),
    )


def _find_doubt(match: Match, heard: _MatchedSpeech) -> str | None:
    """Why the differences may be the recogniser's and not the quotation's, None if they can hardly be."""
    changed = [edit for edit in match.edits if edit.difference not in CLEANED]
    near = match.span.padded(1.0, 1.0)
    if any(edit.op == "insert" for edit in changed) and any(gap.overlaps(near) for gap in heard.gaps):
        return "speech near it could not be written down"
    doubtful = []
    for edit in changed:
        if edit.first is None or edit.last is None:
            return None
        known = [
            word.probability
            for word in heard.words[edit.first - match.first : edit.last + 1 - match.first]
            if word.probability is not None
        ]
        bar = UNSURE_ALIKE if edit.difference == "sound-alike" else UNSURE
        if not known or min(known) >= bar:
            return None
        doubtful.append(edit.said)
    return f"the words that differ were not heard clearly: {', '.join(doubtful)}" if doubtful else None


def _confidence(match: Match, heard: _MatchedSpeech, said: int) -> float:
    known = [word.probability for word in heard.words if word.probability is not None]
    clear = sum(known) / len(known) if known else 0.9
    flagged = any(segment.flags for segment in heard.segments)
    chance = 1 / (1 + math.exp2(min(50.0, -bits_left(match, said))))
    return round(clear * chance * (0.7 if flagged else 1.0), 3)


def _small_share(match: Match) -> float:
    small = sum(1 for edit in match.edits if edit.difference == "small word")
    words = sum(len(tokenize(edit.quoted)) for edit in match.edits)
    return small / max(1, words)


def _speakers(heard: _MatchedSpeech, first: int, last: int) -> int:
    return len({s.speaker for s in heard.segments if s.speaker and s.first <= last and s.last >= first})


_NAMES: dict[Difference, str] = {
    "filler": "fillers left out",
    "repeat": "repeated starts left out",
    "small word": "small words differ",
    "sound-alike": "a word that sounds alike",
    "content": "other words",
    "name": "another name",
    "number": "another number",
    "negation": "a negation differs",
}


def _list_changes(match: Match) -> str:
    """The differences that count, in words."""
    kinds: dict[Difference, list[Edit]] = {}
    for edit in match.edits:
        if edit.difference in _NAMES:
            kinds.setdefault(edit.difference, []).append(edit)
    told = []
    for kind, edits in kinds.items():
        shown = [_show(edit) for edit in edits[:3]]
        told.append(f"{_NAMES[kind]} ({', '.join(shown)}{', ...' if len(edits) > 3 else ''})")
    return "; ".join(told)


def _show(edit: Edit) -> str:
    if edit.op == "insert":
        return f"“{edit.quoted}” was not said"
    return f"“{edit.said}” left out" if edit.op == "delete" else f"“{edit.quoted}” for “{edit.said}”"
