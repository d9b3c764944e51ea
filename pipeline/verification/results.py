"""Results of quotation checks: verdicts, places with their speech word by word, and their JSON form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audio.errors import AirquoteError
from audio.timecode import Span
from index.transcript import Episode
from pipeline.answers import Place

if TYPE_CHECKING:  # a program that only names these values loads no patterns and no alignment
    from index.quotations.extraction import PassedOver, Quotation
    from index.verification.edits import Edit
    from index.verification.verdicts import Sound
    from index.verification.verdicts import VerdictKind as VerdictKind

BETWEEN_PLACES = " … "
"""Separates the words of two places in ``said``."""


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """A word-level difference in JSON; ``op`` as in index.verification.edits.Edit."""

    op: str
    quoted: str
    said: str


@dataclass(frozen=True, slots=True)
class ShownPart:
    """The part of a quotation found at one place, in JSON."""

    quotation: str
    start: float
    end: float
    said: str


@dataclass(frozen=True, slots=True)
class QuotationAnswer:
    """A judged quotation in JSON; ``episode`` to ``parts`` are None if there is no place."""

    quotation: str
    speaker: str | None
    kind: VerdictKind
    episode: str | None
    start: float | None
    end: float | None
    said: str | None
    similarity: float | None
    edits: tuple[ShownEdit, ...] | None
    parts: tuple[ShownPart, ...] | None
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word of the transcript with its leading space, and the model's probability if known."""

    text: str
    probability: float | None

    @property
    def is_unsure(self) -> bool:
        """Whether it was recognised with low confidence, so that it may be wrong."""
        from index.verification.verdicts import UNSURE

        return self.probability is not None and self.probability < UNSURE


@dataclass(frozen=True, slots=True)
class SpokenEdit:
    """An edit with its spoken words; none if something was quoted but not said."""

    edit: Edit
    words: tuple[RecognisedWord, ...]


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """Where a quotation, or a part of it, was said.

    ``n`` is its number for ``Library.hit``, from 1. ``quotation`` is the part quoted from here, ``similarity`` how much
    of it was said, 0 to 1; ``before`` and ``after`` are the speech around it.
    """

    n: int
    episode: Episode
    span: Span
    quotation: str
    similarity: float
    edits: tuple[SpokenEdit, ...]
    before: str
    after: str

    @property
    def said(self) -> str:
        """The words that were said here, verbatim."""
        return "".join(word.text for edit in self.edits for word in edit.words).strip()

    @property
    def place(self) -> Place:
        """The episode and span that ``Library.hit`` returns for its number."""
        return Place(self.episode.id, self.span.start, self.span.end)


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation with its verdict and the places that support it, in the order of the quotation.

    ``reason`` is a sentence for a reader. ``confidence``, 0 to 1, is lower where words were recognised with low
    probability, or where so little was quoted that it may agree by chance. ``closest``, ``speaker``, ``misattributed``
    and ``sound`` are as in index.verification.verdicts.Verdict.
    """

    quotation: Quotation
    kind: VerdictKind
    places: tuple[FoundPlace, ...]
    reason: str
    confidence: float
    closest: FoundPlace | None = None
    speaker: str | None = None
    misattributed: bool | None = None
    sound: Sound | None = None

    @property
    def answer(self) -> QuotationAnswer:
        """The JSON form, with times and similarities to three decimals. All places are in one episode."""
        first = self.places[0] if self.places else None
        words = sum(len(place.quotation.split()) for place in self.places)
        return QuotationAnswer(
            quotation=" ".join(self.quotation.text.split()),  # an article may wrap its lines anywhere
            speaker=self.quotation.speaker,
            kind=self.kind,
            episode=first.episode.id if first else None,
            start=round(min(place.span.start for place in self.places), 3) if first else None,
            end=round(max(place.span.end for place in self.places), 3) if first else None,
            said=BETWEEN_PLACES.join(place.said for place in self.places) if first else None,
            similarity=round(
                sum(place.similarity * len(place.quotation.split()) for place in self.places) / max(1, words), 3
            )
            if first
            else None,
            edits=tuple(
                ShownEdit(spoken.edit.op, " ".join(spoken.edit.quoted.split()), spoken.edit.said)
                for place in self.places
                for spoken in place.edits
            )
            if first
            else None,
            parts=tuple(
                ShownPart(place.quotation, round(place.span.start, 3), round(place.span.end, 3), place.said)
                for place in self.places
            )
            if first
            else None,
            reason=self.reason,
            confidence=round(self.confidence, 3),
        )


@dataclass(frozen=True, slots=True)
class CheckedArticle:
    """An article with its judged quotations.

    ``passed_over`` is what may be a quotation and was not checked, with the reasons; ``fragments`` are the scare quotes
    and titles among it.
    """

    source: str
    title: str | None
    quotations: tuple[CheckedQuotation, ...]
    fragments: tuple[str, ...]
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def places(self) -> list[FoundPlace]:
        """The places of all its quotations, in order."""
        return [place for one in self.quotations for place in one.places]


@dataclass(frozen=True, slots=True)
class LocatedStatement:
    """The places of a quotation, each judged alone, and the episodes that have no transcript to search yet.

    ``kept``: the places were saved, so that their numbers are valid until the next search.
    """

    found: tuple[CheckedQuotation, ...]
    unsearched: tuple[str, ...]
    kept: bool


@dataclass(frozen=True, slots=True)
class VerifiedArticles:
    """Articles with judged quotations, and the errors of unreadable ones.

    ``kept``: the places were saved, so that their numbers are valid until the next search.
    """

    articles: tuple[CheckedArticle, ...]
    failures: tuple[AirquoteError, ...]
    kept: bool


def leave_out_middle(
    words: Sequence[RecognisedWord], most: int | None
) -> tuple[Sequence[RecognisedWord], int, Sequence[RecognisedWord]]:
    """Split more than ``most`` words into the first, the number of words not shown, and the last."""
    if most is None or len(words) <= most:
        return words, 0, ()
    half = most // 2
    return words[:half], len(words) - 2 * half, words[-half:]
