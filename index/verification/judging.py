"""A quotation and its candidate places -> a verdict on whether it was said like that.

A verdict never states more than the transcript supports. Where words differ, but the recogniser was unsure of them,
or could not transcribe the speech, the verdict is "cannot tell".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from audio.timecode import Span
from index.language.tokens import tokenize
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.transcript import Segment, Word
from index.verification.confidence import MatchFacts, confidence_of, read_facts
from index.verification.edits import Difference, Edit, list_changes
from index.verification.locate import Locator, Match
from index.verification.significance import PlacePrior, difference_bits, weigh_shared
from index.verification.speaking import find_speaking
from index.verification.word_classes import (
    find_hedge_before,
    find_negation_after,
    find_negation_before,
    find_untranscribed,
    may_precede_name,
)
from index.verification.word_forms import ends_sentence, read_forms

VerdictKind = Literal["verbatim", "cleaned", "altered", "spliced", "paraphrase", "not found", "cannot tell"]
"""What a reader may conclude about a quotation (docs/verdicts.md).

verbatim: it was said in just these words, in some spelling and notation, but for what the quotation itself marks.
cleaned: it was said there without fillers, repeated starts, hedges and a few small words that the quotation leaves out.
altered: this place is quoted, and a word that counts differs.
spliced: its parts were said in different places of one episode, and no mark says so.
paraphrase: this place is meant; it has most of the content words, but fewer than half of the words in this order.
not found: nothing that was searched is surely the place; ``closest`` may be a lead.
cannot tell: the speech was not recognised reliably, or the quotation is too long, too short or too common to have a
place.
"""

Sound = Literal["fits quotation", "fits transcript", "undecided"]
"""Which text the sound fits better where the words differ: the quotation, the transcript, or neither surely."""


MARKED: frozenset[Difference | None] = frozenset({None, "spelling", "masked", "omission", "insertion"})
"""Differences allowed in a verbatim quotation: in spelling, and those that the quotation marks."""

CLEANED: frozenset[Difference | None] = MARKED | {"filler", "repeat", "hedge", "small word"}

RANKS: list[VerdictKind] = ["verbatim", "cleaned", "cannot tell", "altered", "spliced", "paraphrase", "not found"]
"""Of places that are about as likely, the one whose verdict stands first is taken; of these, the likeliest."""

MOST_SMALL_WORDS = 0.25
"""Share of the quotation's words that may be differing small ones in a cleaned quotation; above it is altered."""

RECOGNISABLE = 0.75
"""Least similarity of the place that was quoted, if the agreement is not by chance."""

LEAST_RECOGNISABLE, BITS_PER_SIMILARITY = 0.5, 70.0
"""Below that, down to half, evidence can compensate: bits required for each unit of similarity that is missing."""

CLOSE = 0.5
"""Least similarity of a place that is shown as the closest, if it agrees in more than chance finds."""

CHANCE_BITS = 0.0
"""Least remaining evidence, in bits, of an agreement that is not by chance.

Tuned on 500 quotations with a word, name, number or negation changed and on 2,500 sentences from elsewhere, in a
library of 10 million words: with -3, 0 and 3 bits 1.6, 2.0 and 2.4 % of the changed ones are missed, and 6, 4 and 3 of
the sentences are taken for something that was said, two of which were said nearly so.
"""

TIE_BITS, MOST_TIED = 3.0, 3
"""Evidence by which one place is likelier than another; an altered one may not stand in that many episodes alike."""

DISTINCT_BITS = 12.0
"""Remaining evidence from which on one or two other episodes that have the same words, repeated, do not matter."""

PARAPHRASE_SHARE, PARAPHRASE_BITS = 0.75, 14.0
"""Least share of the content words' bits that a paraphrase shares with its place, and least remaining bits."""

CUT_REACH = 12
"""Words before and behind a place that are searched for a negation that belongs to it; in some scripts characters."""

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
    ``reason`` is a sentence for a reader; ``confidence`` is the probability, 0 to 1, that ``kind`` and place are
    right (index/verification/confidence.py). ``closest`` is a lead, never a basis of
    ``kind``. ``speaker`` is who speaks there by the transcript, None where it does not say; ``misattributed`` is
    whether that cannot be the person quoted, None where one of the two is unknown. ``sound`` is what listening found,
    None if the sound was not asked.
    """

    quotation: Quotation
    kind: VerdictKind
    parts: tuple[Match, ...]
    reason: str
    confidence: float = 1.0
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


def judge_places(
    quotation: Quotation, matches: Sequence[Match], locator: Locator, prior: PlacePrior, store: Store
) -> Verdict:
    """Judge a quotation by its likeliest place among whole ``matches``."""
    if not matches:
        return Verdict(quotation, "not found", (), "None of its rarer words occur in what was searched.")
    matches = [_weigh_among_others(match, locator, prior, store) for match in matches]
    likely = sorted(matches, key=lambda match: -bits_left(match, prior))
    near = [match for match in likely if bits_left(match, prior) >= bits_left(likely[0], prior) - TIE_BITS]
    verdicts = [name_speakers(judge_match(quotation, match, prior, store), store) for match in near]
    verdict = min(verdicts, key=lambda verdict: (_rank(verdict), rank_speaker(verdict)))
    if verdict.kind == "altered" and _is_one_of_many(verdict.parts[0], matches, prior):
        reason = "Nearly this was said in several episodes, so that none is surely the place."
        return Verdict(quotation, "not found", (), reason, closest=verdict.parts[0])
    if verdict.kind != "not found":
        return verdict
    said = [match for match in matches if {edit.difference for edit in match.edits} <= MARKED]
    if said and (exact := judge_match(quotation, said[0], prior, store)).kind == "verbatim":
        return name_speakers(exact, store)
    meant = next((match for match in matches if _is_paraphrase(match, locator, prior, store)), None)
    if meant and meant.similarity >= CLOSE and not _is_one_of_many(meant, matches, prior):
        return name_speakers(judge_match(quotation, meant, prior, store, is_meant=True), store)
    if meant:
        reason = "Most of its content words were said there, but it was put differently."
        return name_speakers(Verdict(quotation, "paraphrase", (meant,), reason), store)
    return verdict


def _rank(verdict: Verdict) -> float:
    """Return the rank of a verdict; small words that differ approve of nothing that is denied at a place as likely."""
    small = any(edit.difference == "small word" for part in verdict.parts for edit in part.edits)
    return RANKS.index("altered") + 0.5 if verdict.kind == "cleaned" and small else RANKS.index(verdict.kind)


def rank_speaker(verdict: Verdict) -> int:
    """Return 0 if the person quoted speaks there, 1 if that cannot be told, 2 if somebody else does."""
    return 1 if verdict.misattributed is None else 2 * verdict.misattributed


def name_speakers(verdict: Verdict, store: Store) -> Verdict:
    """Add to a verdict who speaks at its places, and whether that can be the person quoted."""
    found = find_speaking(verdict.parts, verdict.quotation.speaker, store)
    reason = f"{verdict.reason} {found.remark}" if found.remark else verdict.reason
    return replace(verdict, speaker=found.speaker, misattributed=found.misattributed, reason=reason)


def judge_match(
    quotation: Quotation, match: Match, prior: PlacePrior, store: Store, *, is_meant: bool = False
) -> Verdict:
    """Judge a quotation by one whole place; ``is_meant``: its content words tell that it is the place."""
    differences = {edit.difference for edit in match.edits}
    likely = is_meant or _is_recognisable(match, prior)
    speech = _read_speech(match, store)
    exact = differences <= MARKED and (likely or not differences & {"omission", "insertion", "masked"})
    cut = _find_cut_negation(quotation, match, speech, store) if exact or likely else None
    if cut and _may_be_sentence(quotation.text):
        return Verdict(quotation, "altered", (match,), f"Said there, but {cut} it is left out.")
    hedge = _find_cut_hedge(quotation, match, speech, store) if exact else None
    if hedge:
        return Verdict(quotation, "cleaned", (match,), f"Said there, but a hedge before it is left out: {hedge!r}.")
    if exact:
        return _judge_marks(quotation, match, speech, cut)
    negation = _adjacent_negation(match, speech, store)
    changes = list_changes(match.edits)
    if likely and negation:
        reason = f"Said there, but {negation!r} next to it is left out: {changes}."
        return Verdict(quotation, "altered", (match,), reason)
    if likely and differences <= CLEANED and _small_share(match) <= MOST_SMALL_WORDS:
        reason = "; ".join([f"Said there, {changes}", *_note_untranscribed(match)])
        return Verdict(quotation, "cleaned", (match,), f"{reason}.")
    if likely:
        doubt = _find_doubt(match, speech)
        if doubt:
            return Verdict(quotation, "cannot tell", (match,), f"Probably said there, but {doubt}.")
        return Verdict(quotation, "altered", (match,), f"Said there, but differently: {changes}.")
    if match.similarity < CLOSE or match.evidence < prior.bits(match.transcript):
        reason = "Nothing like it was said in what was searched."
        return Verdict(quotation, "not found", (), reason)
    reason = "Nothing was said like this; the closest place shares some of its words."
    if match.similarity >= RECOGNISABLE:
        reason = "Something near it was said, but too few words agree to be sure that it is the place."
    return Verdict(quotation, "not found", (), reason, closest=match)


def bits_left(match: Match, prior: PlacePrior) -> float:
    """Return the evidence of a place minus the bits that name it, and those that its differences take."""
    return match.evidence - prior.bits(match.transcript) - difference_bits(match.edits)


def _is_recognisable(match: Match, prior: PlacePrior) -> bool:
    asked = CHANCE_BITS + BITS_PER_SIMILARITY * max(0.0, RECOGNISABLE - match.similarity)
    return match.similarity >= LEAST_RECOGNISABLE and bits_left(match, prior) >= asked


def _weigh_among_others(match: Match, locator: Locator, prior: PlacePrior, store: Store) -> Match:
    """Return a place that differs and may yet be sure, with the evidence that is left of idioms."""
    if not {edit.difference for edit in match.edits} - {None, "spelling"} or not _is_recognisable(match, prior):
        return match
    facts = store.facts(match.episode.id)
    evidence = locator.rarity.weigh_edits(match.edits, facts.language if facts else None, match.transcript)
    return replace(match, evidence=evidence)


def count_tied_episodes(match: Match, matches: Sequence[Match], prior: PlacePrior) -> int:
    """Return in how many other episodes it may have been said as well."""
    least = bits_left(match, prior) - TIE_BITS
    return len({one.transcript for one in matches if bits_left(one, prior) >= least} - {match.transcript})


def _is_one_of_many(match: Match, matches: Sequence[Match], prior: PlacePrior) -> bool:
    tied = count_tied_episodes(match, matches, prior)
    return tied >= (MOST_TIED if bits_left(match, prior) >= DISTINCT_BITS else 1)


def _is_paraphrase(match: Match, locator: Locator, prior: PlacePrior, store: Store) -> bool:
    """Whether the place has most of the quotation's content words, which no other episode has together."""
    reach = locator.length // 2
    texts = store.texts(match.transcript, max(0, match.first - reach), match.last + reach)
    spoken = [token for text in texts for token in tokenize(text)]
    facts = store.facts(match.episode.id)
    language = facts.language if facts else None
    shared, whole = weigh_shared(locator.tokens, spoken, locator.rarity, language)
    bits = sum(shared.values())
    left = bits + math.log2(max(2, len(spoken))) - prior.bits(match.transcript)
    enough = left >= PARAPHRASE_BITS and bits >= PARAPHRASE_SHARE * whole
    return enough and not locator.rarity.stand_together(shared, match.transcript, language)


def _judge_marks(quotation: Quotation, match: Match, speech: _MatchedSpeech, cut: str | None) -> Verdict:
    """Judge a place with the same words, except for marked changes: verbatim, unless dots hide a negation.

    ``cut`` is a negation beside the place, which part of a sentence may leave to the writer.
    """
    notes = []
    for edit in match.edits:
        if edit.difference != "omission" or edit.first is None or edit.last is None:
            continue
        hidden = _hidden_negation(edit, speech, match)
        if hidden:
            reason = f"The dots leave out {hidden!r} from the same sentence."
            return Verdict(quotation, "altered", (match,), reason)
        words = edit.last - edit.first + 1
        seconds = speech.words[edit.last - match.first].end - speech.words[edit.first - match.first].start
        speakers = _count_speakers(speech, edit.first - 1, edit.last + 1)
        turn = " and continue with another speaker" if speakers > 1 else ""
        notes.append(f"the dots leave out {words} {'word' if words == 1 else 'words'} ({seconds:.0f} s){turn}")
    if not notes and _count_speakers(speech, match.first, match.last) > 1:
        notes.append("more than one person speaks there")
    if any(edit.difference == "masked" for edit in match.edits):
        notes.append("the hidden letters fit")
    if any(edit.difference == "insertion" for edit in match.edits):
        notes.append("the words in brackets are the writer's")
    notes += _note_untranscribed(match) + ([f"{cut} it is left out"] if cut else [])
    reason = "Said in just these words" + (f"; {', '.join(notes)}." if notes else ".")
    return Verdict(quotation, "verbatim", (match,), reason)


def _note_untranscribed(match: Match) -> list[str]:
    """Return the remark that the transcript lacks words between those that were quoted, if it notes so."""
    kept = (edit.said.split() for edit in match.edits if edit.difference != "omission")
    noted = any(any(find_untranscribed(texts)) for texts in kept)
    return ["speech between these words was not transcribed"] if noted else []


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


def _find_cut_negation(quotation: Quotation, match: Match, speech: _MatchedSpeech, store: Store) -> str | None:
    """Return the negation just before or behind the place that negates it: "'never' before"."""
    first, last = max(0, match.first - CUT_REACH), match.last + CUT_REACH
    texts = store.texts(match.transcript, first, last)
    before, place, after = (
        texts[: match.first - first],
        texts[match.first - first : match.last + 1 - first],
        texts[match.last + 1 - first :],
    )
    cased = any(letter.isupper() or letter.islower() for letter in quotation.text)
    if match.edits[0].op == "equal":
        negation = find_negation_before("".join(before), speech.language, cased=cased)
        capital = cased and place[0].strip()[:1].isupper()
        if negation and not (capital and may_precede_name(negation, speech.language)):
            return f"{negation!r} before"
    begins = not cased or not before or ends_sentence(before[-1]) or not place[0].strip()[:1].isupper()
    if match.edits[-1].op == "equal" and begins:
        negation = find_negation_after(place[-1], "".join(after), speech.language)
        return f"{negation!r} behind" if negation else None
    return None


def _find_cut_hedge(quotation: Quotation, match: Match, speech: _MatchedSpeech, store: Store) -> str | None:
    """Return the "I think" just before the place, if a sentence is quoted from behind it: "He lied"."""
    if match.first == 0 or not quotation.text[:1].isupper() or quotation.text.isupper():
        return None
    *before, first = store.texts(match.transcript, max(0, match.first - CUT_REACH), match.first)
    return find_hedge_before("".join(before), speech.language) if first.strip()[:1].islower() else None


def _may_be_sentence(text: str) -> bool:
    """Whether it is quoted as a sentence: "Trust the banks" reverses "Never trust the banks".

    "trust the banks" leaves the sentence to the writer. Scripts without capitals, and figures, do not tell.
    """
    first = next(filter(str.isalnum, text), "")
    return not first.islower() and not text.isupper()


def _adjacent_negation(match: Match, speech: _MatchedSpeech, store: Store) -> str | None:
    """Return a negation just outside the place, in its sentence, if the quotation has a word at that edge not said.

    The alignment of "and lose anyone" with "and don't lose anyone" is cheapest without its "and", so that the place
    begins after the negation.
    """
    first, last = max(0, match.first - NEGATION_REACH), match.last + NEGATION_REACH
    texts = store.texts(match.transcript, first, last)
    before, after = texts[: match.first - first], texts[match.last - first :]
    outside: list[str] = []
    if match.edits[0].difference not in MARKED:
        ends = [number for number, text in enumerate(before) if ends_sentence(text)]
        outside += before[ends[-1] + 1 if ends else 0 :]
    if match.edits[-1].difference not in MARKED:
        ends = [number for number, text in enumerate(after) if ends_sentence(text)]
        outside += after[1 : ends[0] + 1 if ends else None]
    for text in outside:
        if any(form.kind == "negation" for form in read_forms([text], speech.language).forms):
            return text.strip()
    return None


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
        if edit.difference == "untranscribed":
            continue
        if edit.first is None or edit.last is None:
            return None
        known = [
            word.probability
            for word in speech.words[edit.first - match.first : edit.last + 1 - match.first]
            if word.probability is not None
        ]
        bar = UNSURE_ALIKE if edit.difference in ("sound-alike", "misspelling") else UNSURE
        if not known or min(known) >= bar:
            return None
        doubtful.append(edit.said)
    unheard = ", ".join(f"“{edit.quoted}”" for edit in changed if edit.difference == "untranscribed")
    reasons = [f"the speech at {unheard} was not transcribed"] if unheard else []
    if doubtful:
        reasons.append(f"the words that differ were recognised with low confidence: {', '.join(doubtful)}")
    return "; ".join(reasons) or None


def rate_verdict(verdict: Verdict, found: Sequence[Match], prior: PlacePrior, store: Store) -> Verdict:
    """Return the verdict with its confidence; ``found`` are the places that were considered, the likeliest first."""
    leads = (verdict.closest,) if verdict.closest else found[:1]
    match = min(verdict.parts or leads, key=lambda part: part.similarity, default=None)
    if match is None:
        return replace(verdict, confidence=confidence_of(verdict.kind, MatchFacts()))
    taken = {(part.transcript, part.first) for part in (*verdict.parts, match)}
    others = [other for other in found if (other.transcript, other.first) not in taken]
    words = store.words(match.transcript, match.first, match.last)
    return replace(
        verdict, confidence=confidence_of(verdict.kind, read_facts(match, bits_left(match, prior), others, words))
    )


def _small_share(match: Match) -> float:
    small = sum(1 for edit in match.edits if edit.difference == "small word")
    words = sum(len(tokenize(edit.quoted)) for edit in match.edits)
    return small / max(1, words)


def _count_speakers(speech: _MatchedSpeech, first: int, last: int) -> int:
    return len({s.speaker for s in speech.segments if s.speaker and s.first <= last and s.last >= first})
