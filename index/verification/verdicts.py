"""A quotation and its candidate places -> a verdict on whether it was said like that.

A verdict never states more than the transcript supports. Where words differ, but the recogniser was unsure of them,
or could not transcribe the speech, the verdict is "cannot tell".
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Literal

from audio.timecode import Span
from index.fulltext.maintenance import OpenIndex
from index.language.tokens import tokenize
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.transcript import Segment, Word
from index.verification.edits import Difference, Edit
from index.verification.locate import FIRST_CANDIDATES, Locator, Match, excess_length
from index.verification.name_comparison import can_be_same_person
from index.verification.speaking import find_speaking
from index.verification.splices import JUMP, locate_pieces
from index.verification.word_forms import read_forms

VerdictKind = Literal["verbatim", "cleaned", "altered", "spliced", "paraphrase", "not found", "cannot tell"]
"""Whether a quotation was said like that.

verbatim: word for word. cleaned: without fillers, repeated words and small words. altered: said there, but with other
words. spliced: its parts were said in different places. paraphrase: the words of the closest place differ too much.
not found: there is no similar place. cannot tell: the speech was not recognised reliably, or the quotation is too long.
"""

Sound = Literal["fits quotation", "fits transcript", "undecided"]
"""Which text the sound fits better where the words differ: the quotation, the transcript, or neither surely."""

MARKED: frozenset[Difference | None] = frozenset({None, "spelling", "masked", "omission", "insertion"})
"""Differences allowed in a verbatim quotation: in spelling, and those that the quotation marks."""

CLEANED: frozenset[Difference | None] = MARKED | {"filler", "repeat", "small word"}

MOST_SMALL_WORDS = 0.25
"""Share of the quotation's words that may be differing small ones in a cleaned quotation; above it is altered."""

RECOGNISABLE = 0.75
"""Least similarity of the place that was quoted, if the agreement is not by chance."""

LEAST_RECOGNISABLE, BITS_PER_SIMILARITY = 0.5, 70.0
"""Below that, down to half, evidence can compensate: bits required for each unit of similarity that is missing."""

_RANKS: list[VerdictKind] = ["verbatim", "cleaned", "cannot tell", "altered", "spliced", "paraphrase", "not found"]
"""Of several places, the one whose verdict stands first is taken."""

CLOSE = 0.3
"""Least similarity of a place that is shown as the closest."""

CHANCE_BITS = 8.0
"""Least remaining evidence, in bits, of an agreement that is not by chance.

Measured on 300 quotations of 6 to 25 words with one word changed and on 791 sentences that were never said, in a
library of two million words: 1 % of the former and 0.4 % of the latter are misclassified.
"""

DIFFERENT_WORD_BITS, DIFFERENT_SMALL_WORD_BITS = 6.0, 4.0
"""Bits of evidence subtracted for each differing word, for the number of ways to differ. From the same measurement."""

PIECE_BITS = 4.0
"""Least remaining bits of a piece of a splice. Measured likewise: pieces that were said have 9 or more, chance -1."""

NEGATION_REACH = 3
"""Words before and after a place that are searched for a negation where the quotation's edge was not said."""

UNSURE = 0.5
"""A differing word recognised with a lower probability may be a recognition error."""

UNSURE_ALIKE = 0.8
"""The same for a word that sounds like the one quoted."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a quotation was said as it is quoted.

    ``parts`` are the places that ``kind`` is based on: several for ``spliced``, none for ``not found`` and where the
    quotation is too long, else one.
    ``reason`` is a sentence for a reader; ``confidence``, 0 to 1, is lower where words were recognised with low
    probability, or where so little was quoted that it may agree by chance. ``closest`` is a lead, never a basis of
    ``kind``. ``speaker`` is who speaks there by the transcript, None where it does not say; ``misattributed`` is
    whether that cannot be the person quoted, None where one of the two is unknown. ``sound`` is what listening found,
    None if the sound was not asked.
    """

    quotation: Quotation
    kind: VerdictKind
    parts: tuple[Match, ...]
    reason: str
    confidence: float
    closest: Match | None = None
    speaker: str | None = None
    misattributed: bool | None = None
    sound: Sound | None = None


@dataclass(frozen=True, slots=True)
class _MatchedSpeech:
    """The speech of a match: its words and sentences, and the gaps of its episode that were not transcribed."""

    language: str | None
    words: Sequence[Word]
    segments: Sequence[Segment]
    gaps: Sequence[Span]


def verify_quotation(quotation: Quotation, index: OpenIndex, within: Collection[int] | None = None) -> Verdict:
    """Judge one quotation; ``within`` restricts the search to transcripts of these numbers.

    One that is too long to be compared has the verdict "cannot tell". Raises LibraryError.
    """
    if too_long := excess_length(quotation.text):
        return Verdict(quotation, "cannot tell", (), too_long, 0.0)
    with index.store.snapshot():
        locator = Locator(quotation.text, index, within)
        matches = locator.locate(3)
        verdict = judge_quotation(quotation, matches, index.store, locator.rarity.library_words)
        if verdict.kind not in ("verbatim", "cleaned", "cannot tell"):
            verdict = _judge_pieces(quotation, locator, verdict, index.store)
        return _look_with_the_person_quoted(verdict, index, within) if verdict.misattributed else verdict


def judge_quotation(quotation: Quotation, matches: Sequence[Match], store: Store, library_words: int) -> Verdict:
    """Judge a quotation by whole matches, likeliest first; ``library_words`` is the size of the library."""
    if not tokenize(quotation.text):
        return Verdict(quotation, "not found", (), "There is no word in it to look for.", 1.0)
    if not matches:
        return Verdict(quotation, "not found", (), "None of its rarer words occur in what was searched.", 0.9)
    verdicts = [name_speakers(_judge_match(quotation, match, store, library_words), store) for match in matches]
    return min(verdicts, key=lambda verdict: (_RANKS.index(verdict.kind), verdict.misattributed is True))


def name_speakers(verdict: Verdict, store: Store) -> Verdict:
    """Add to a verdict who speaks at its places, and whether that can be the person quoted."""
    found = find_speaking(verdict.parts, verdict.quotation.speaker, store)
    reason = f"{verdict.reason} {found.remark}" if found.remark else verdict.reason
    return replace(verdict, speaker=found.speaker, misattributed=found.misattributed, reason=reason)


def _look_with_the_person_quoted(verdict: Verdict, index: OpenIndex, within: Collection[int] | None) -> Verdict:
    """Look again where the person quoted speaks: several may have said the same. Return the verdict that is kinder."""
    speakers = index.lexicon.speakers()
    quoted = verdict.quotation.speaker or ""
    fitting = {name for name in {*chain(*speakers.values())} if can_be_same_person(quoted, name)}
    transcripts = {number for number, names in speakers.items() if not fitting.isdisjoint(names)}
    if within is not None:
        transcripts &= set(within)
    if not transcripts:
        return verdict
    locator = Locator(verdict.quotation.text, index, transcripts)
    matches = locator.locate(FIRST_CANDIDATES)
    other = judge_quotation(verdict.quotation, matches, index.store, locator.rarity.library_words)
    as_good = _RANKS.index(other.kind) <= _RANKS.index(verdict.kind)
    return other if as_good and other.misattributed is not True else verdict


def _judge_match(quotation: Quotation, match: Match, store: Store, library_words: int) -> Verdict:
    differences = {edit.difference for edit in match.edits}
    likely = _is_recognisable(match, library_words)
    speech = _read_speech(match, store)
    sure = _confidence(match, speech, library_words)
    if differences <= MARKED and (likely or not differences & {"omission", "insertion", "masked"}):
        return _judge_marks(quotation, match, speech, sure)
    negation = _adjacent_negation(match, speech, store)
    if likely and negation:
        reason = f"Said there, but {negation!r} next to it is left out: {_list_changes(match)}."
        return Verdict(quotation, "altered", (match,), reason, sure)
    if likely and differences <= CLEANED and _small_share(match) <= MOST_SMALL_WORDS:
        return Verdict(quotation, "cleaned", (match,), f"Said there, {_list_changes(match)}.", sure)
    if likely:
        doubt = _find_doubt(match, speech)
        if doubt:
            return Verdict(quotation, "cannot tell", (match,), f"Probably said there, but {doubt}.", sure / 2)
        return Verdict(quotation, "altered", (match,), f"Said there, but differently: {_list_changes(match)}.", sure)
    if match.similarity >= CLOSE and match.evidence >= math.log2(library_words):
        reason = "Nothing was said like this; the closest place shares some of its words."
        if match.similarity >= RECOGNISABLE:
            reason = "Nearly said like this there, but in too few words to be sure that it is the place."
        return Verdict(quotation, "paraphrase", (match,), reason, 1 - match.similarity)
    return Verdict(
        quotation, "not found", (), "Nothing like it was said in what was searched.", 1 - match.similarity / 2
    )


def bits_left(match: Match, library_words: int) -> float:
    """Return the evidence minus the bits of choosing among ``library_words`` words and among the ways to differ."""
    taken = 0.0
    for edit in match.edits:
        words = max(len(tokenize(edit.quoted)), len(tokenize(edit.said)))
        if edit.difference == "small word":
            taken += DIFFERENT_SMALL_WORD_BITS * words
        elif edit.difference not in CLEANED:
            taken += DIFFERENT_WORD_BITS * words
    return match.evidence - math.log2(library_words) - taken


def _is_recognisable(match: Match, library_words: int) -> bool:
    asked = CHANCE_BITS + BITS_PER_SIMILARITY * max(0.0, RECOGNISABLE - match.similarity)
    return match.similarity >= LEAST_RECOGNISABLE and bits_left(match, library_words) >= asked


def _judge_marks(quotation: Quotation, match: Match, speech: _MatchedSpeech, sure: float) -> Verdict:
    """Judge a place with the same words, except for marked changes: verbatim, unless dots hide a negation."""
    notes = []
    for edit in match.edits:
        if edit.difference != "omission" or edit.first is None or edit.last is None:
            continue
        hidden = _hidden_negation(edit, speech, match)
        if hidden:
            reason = f"The dots leave out {hidden!r} from the same sentence."
            return Verdict(quotation, "altered", (match,), reason, sure)
        words = edit.last - edit.first + 1
        seconds = speech.words[edit.last - match.first].end - speech.words[edit.first - match.first].start
        speakers = _count_speakers(speech, edit.first - 1, edit.last + 1)
        turn = " and continue with another speaker" if speakers > 1 else ""
        notes.append(f"the dots leave out {words} {'word' if words == 1 else 'words'} ({seconds:.0f} s){turn}")
    if any(edit.difference == "masked" for edit in match.edits):
        notes.append("the hidden letters fit")
    if any(edit.difference == "insertion" for edit in match.edits):
        notes.append("the words in brackets are the writer's")
    reason = "Said in just these words" + (f"; {', '.join(notes)}." if notes else ".")
    return Verdict(quotation, "verbatim", (match,), reason, sure)


def _hidden_negation(edit: Edit, speech: _MatchedSpeech, match: Match) -> str | None:
    """Return a negation among the omitted words, in a sentence that is partly quoted; else None."""
    assert edit.first is not None
    assert edit.last is not None
    sentences = [
        segment for segment in speech.segments
        if any(segment.first <= number <= segment.last for number in (edit.first - 1, edit.last + 1))
    ]  # fmt: skip
    for number in range(edit.first, edit.last + 1):
        if any(segment.first <= number <= segment.last for segment in sentences):
            text = speech.words[number - match.first].text.strip()
            if any(form.kind == "negation" for form in read_forms([text], speech.language).forms):
                return text
    return None


def _adjacent_negation(match: Match, speech: _MatchedSpeech, store: Store) -> str | None:
    """Return a negation just outside the place, if the quotation has a word at that edge that was not said.

    The alignment of "and lose anyone" with "and don't lose anyone" is cheapest without its "and", so that the place
    begins after the negation.
    """
    outside: list[int] = []
    if match.edits[0].difference not in MARKED:
        outside += range(max(0, match.first - NEGATION_REACH), match.first)
    if match.edits[-1].difference not in MARKED:
        outside += range(match.last + 1, match.last + 1 + NEGATION_REACH)
    for number in outside:
        for text in store.texts(match.transcript, number, number):
            if any(form.kind == "negation" for form in read_forms([text], speech.language).forms):
                return text.strip()
    return None


def _judge_pieces(quotation: Quotation, locator: Locator, whole: Verdict, store: Store) -> Verdict:
    """Return "spliced" if the quotation is composed of pieces that fit better than any whole place, else ``whole``."""
    cost, pieces = locate_pieces(locator)
    if not pieces or cost + JUMP / 2 >= locator.lowest_cost:
        return whole
    library_words = locator.rarity.library_words
    if any(bits_left(piece, library_words) < PIECE_BITS or piece.similarity < RECOGNISABLE for piece in pieces):
        return whole
    order = all(earlier.last < later.first for earlier, later in pairwise(pieces))
    how = "said apart" if order else "said in another order"
    reason = f"Put together from {len(pieces)} places that were {how}, without a mark."
    sure = round(min(piece.similarity for piece in pieces), 3)
    return name_speakers(Verdict(quotation, "spliced", tuple(pieces), reason, sure), store)


def _read_speech(match: Match, store: Store) -> _MatchedSpeech:
    facts = store.facts(match.episode.id)
    return _MatchedSpeech(
        facts.language if facts else None,
        store.words(match.transcript, match.first, match.last),
        store.segments(match.transcript, match.first, match.last),
        facts.gaps if facts else (),
    )


def _find_doubt(match: Match, speech: _MatchedSpeech) -> str | None:
    """Return why the differences may be recognition errors, None if that is unlikely."""
    changed = [edit for edit in match.edits if edit.difference not in CLEANED]
    near = match.span.padded(1.0, 1.0)
    if any(edit.op == "insert" for edit in changed) and any(gap.overlaps(near) for gap in speech.gaps):
        return "speech near it could not be transcribed"
    doubtful = []
    for edit in changed:
        if edit.first is None or edit.last is None:
            return None
        known = [
            word.probability
            for word in speech.words[edit.first - match.first : edit.last + 1 - match.first]
            if word.probability is not None
        ]
        bar = UNSURE_ALIKE if edit.difference == "sound-alike" else UNSURE
        if not known or min(known) >= bar:
            return None
        doubtful.append(edit.said)
    if not doubtful:
        return None
    return f"the words that differ were recognised with low confidence: {', '.join(doubtful)}"


def _confidence(match: Match, speech: _MatchedSpeech, library_words: int) -> float:
    known = [word.probability for word in speech.words if word.probability is not None]
    clear = sum(known) / len(known) if known else 0.9
    flagged = any(segment.flags for segment in speech.segments)
    chance = 1 / (1 + math.exp2(min(50.0, -bits_left(match, library_words))))
    return round(clear * chance * (0.7 if flagged else 1.0), 3)


def _small_share(match: Match) -> float:
    small = sum(1 for edit in match.edits if edit.difference == "small word")
    words = sum(len(tokenize(edit.quoted)) for edit in match.edits)
    return small / max(1, words)


def _count_speakers(speech: _MatchedSpeech, first: int, last: int) -> int:
    return len({s.speaker for s in speech.segments if s.speaker and s.first <= last and s.last >= first})


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
    """Describe the differences that count."""
    kinds: dict[Difference, list[Edit]] = {}
    for edit in match.edits:
        if edit.difference in _NAMES:
            kinds.setdefault(edit.difference, []).append(edit)
    listed = []
    for kind, edits in kinds.items():
        shown = [_describe_edit(edit) for edit in edits[:3]]
        listed.append(f"{_NAMES[kind]} ({', '.join(shown)}{', ...' if len(edits) > 3 else ''})")
    return "; ".join(listed)


def _describe_edit(edit: Edit) -> str:
    if edit.op == "insert":
        return f"“{edit.quoted}” was not said"
    return f"“{edit.said}” left out" if edit.op == "delete" else f"“{edit.quoted}” for “{edit.said}”"
