"""The kinds of verdicts, each defined by what a reader may conclude, and the verdict on a quotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.quotations.extraction import Quotation
from index.verification.locate import Match

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
