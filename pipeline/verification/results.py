"""Results of quotation checks: verdicts, places with their speech word by word, and their JSON form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from audio.errors import AirquoteError
from audio.timecode import Span
from index.speaker_labels import is_unnamed
from index.transcript import Episode, WordsFrom
from pipeline.answers import Place
from pipeline.citing.citations import Citation, cite_span
from pipeline.citing.styles import cite_plain
from pipeline.imported.word_origin import WordOrigin

if TYPE_CHECKING:  # a program that only names these values loads no patterns and no alignment
    from index.quotations.extraction import PassedOver as PassedOver
    from index.quotations.extraction import Quotation
    from index.verification.confidence import ConfidenceWord
    from index.verification.edits import Edit
    from index.verification.verdicts import Sound
    from index.verification.verdicts import VerdictKind as VerdictKind
    from pipeline.articles.article import Article

FINDINGS = (
    "misattributed", "altered", "spliced", "not found", "cannot tell", "paraphrase", "cleaned", "verbatim",
    "passed over",
)  # fmt: skip
"""What a quotation or a passage of an article can be found to be, the gravest first."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "misattributed": "somebody else speaks there than the one who is quoted",
        "altered": "this place is quoted, and a word that counts differs, or dots leave out a negation",
        "spliced": "its parts were said in different places of one episode, and no mark says so",
        "not found": "nothing that was searched is surely the place; a closest one is a lead",
        "cannot tell": "recognised unreliably, or too long, too short or too common to have a place",
        "paraphrase": "this place is meant, but put differently: it is not a quotation",
        "cleaned": "said there; fillers, repeated starts, hedges or a few small words differ",
        "verbatim": "these words were said, but for spelling, notation and what the quotation marks",
        "passed over": "may be a quotation, but was not checked, for the reason given",
    }
)
"""What a reader may conclude from each finding, in the order of FINDINGS."""

BETWEEN_PLACES = " … "
"""Separates the words of two places in ``said``."""


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """A word-level difference in JSON; ``op`` as in index.verification.edits.Edit."""

    op: Literal["equal", "replace", "insert", "delete"]
    quoted: str
    said: str


@dataclass(frozen=True, slots=True)
class ShownPart:
    """The part of a quotation found at one place, in JSON; ``n`` is its number for ``play``."""

    n: int
    quotation: str
    start: float
    end: float
    said: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class ShownLead:
    """The closest place of a quotation that was not found, in JSON: a lead, not a finding."""

    episode: str
    title: str
    start: float
    end: float
    said: str
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationAnswer:
    """A judged quotation, or a passage that was passed over, in JSON.

    ``article``, ``offset`` (characters in its text) and ``line`` tell where it is quoted; ``attributed`` to whom.
    ``kind`` is None for what was passed over, and ``reason`` says why. ``n`` is the first place's number for ``play``.
    ``episode`` to ``parts`` are None if there is no place. ``speaker`` is who speaks there; ``misattributed`` whether
    that cannot be who is quoted. ``doubtful`` are the words there that were recognised with low confidence.
    ``certainty`` is ``confidence`` in a word: sure, likely or unsure. ``origin`` is whose words the verdict, or the
    closest place, rests on, and ``rests_on`` says it in words; ``publisher`` is what the publisher's transcript has
    there, where it is kept beside these and says something else of the quotation. ``repeat`` is the number of other
    episodes in which the passage recurs that the first place is in, None if it does not recur. ``overlap``: at some
    place others speak at the same time.
    """

    article: str | None = None
    offset: int | None = None
    line: int | None = None
    quotation: str
    attributed: str | None = None
    kind: VerdictKind | None = None
    misattributed: bool | None = None
    n: int | None = None
    episode: str | None = None
    title: str | None = None
    show: str | None = None
    published: str | None = None
    speaker: str | None = None
    start: float | None = None
    end: float | None = None
    said: str | None = None
    similarity: float | None = None
    edits: tuple[ShownEdit, ...] | None = None
    parts: tuple[ShownPart, ...] | None = None
    doubtful: tuple[str, ...] | None = None
    closest: ShownLead | None = None
    sound: Sound | None = None
    reason: str
    confidence: float | None = None
    certainty: ConfidenceWord | None = None
    origin: WordsFrom | None = None
    rests_on: str | None = None
    publisher: str | None = None
    citation: str | None = None
    link: str | None = None
    repeat: int | None = None
    overlap: bool | None = None

    @property
    def findings(self) -> list[str]:
        """One or two of FINDINGS, the gravest first."""
        return name_findings(self.kind, self.misattributed)


def name_findings(kind: VerdictKind | None, misattributed: bool | None) -> list[str]:
    """Return one or two of FINDINGS, the gravest first; ``kind`` is None for what was passed over."""
    return [*(["misattributed"] if misattributed else []), kind or "passed over"]


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

    @property
    def is_spaced(self) -> bool:
        """Whether a space stands before it, as in most scripts."""
        from index.formats.word_split import is_spaced

        return is_spaced(self.edit.said or self.edit.quoted)


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """Where a quotation, or a part of it, was said.

    ``n`` is its number for ``Library.hit``, from 1. ``quotation`` is the part quoted from here, ``similarity`` how much
    of it was said, 0 to 1; ``before`` and ``after`` are the speech around it; ``speaker`` is who speaks, if known.
    ``offset`` are the seconds that players show at the recording's first sample. ``repeat`` is the number of other
    episodes in which the passage recurs that it is in, None if it does not recur; ``origin`` is whose words these are.
    ``overlap``: others speak at the same time, so that who says it is less sure.
    """

    n: int
    episode: Episode
    span: Span
    quotation: str
    similarity: float
    edits: tuple[SpokenEdit, ...]
    before: str
    after: str
    speaker: str | None = None
    offset: float = 0.0
    repeat: int | None = None
    origin: WordOrigin | None = None
    overlap: bool = False

    @property
    def said(self) -> str:
        """The words that were said here, verbatim."""
        return "".join(word.text for edit in self.edits for word in edit.words).strip()

    @property
    def place(self) -> Place:
        """The episode and span that ``Library.hit`` returns for its number."""
        return Place(self.episode.id, self.span.start, self.span.end)

    @property
    def cited(self) -> Citation:
        """The facts of a citation of this place."""
        return cite_span(self.episode, self.span.start, self.span.end, self.speaker, self.offset)


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation with its verdict and the places that support it, in the order of the quotation.

    ``reason`` is a sentence for a reader. ``confidence`` is the probability, 0 to 1, that kind and place are right.
    ``closest``, ``speaker``, ``misattributed`` and ``sound`` are as in index.verification.verdicts.Verdict;
    ``publisher`` is a remark on the publisher's transcript where that has it otherwise, None for none.
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
    publisher: str | None = None

    @property
    def origin(self) -> WordOrigin | None:
        """Whose words the verdict rests on, or its closest place; None where there is no place."""
        return next((one.origin for one in (*self.places, self.closest) if one is not None), None)

    @property
    def shown_text(self) -> str:
        """The quoted text on one line, without the comma that belongs to the article's own sentence."""
        return " ".join(self.quotation.text.split()).removesuffix(",")

    @property
    def findings(self) -> list[str]:
        """One or two of FINDINGS, the gravest first."""
        return name_findings(self.kind, self.misattributed)

    @property
    def needs_name(self) -> bool:
        """Whether it is attributed, and a voice speaks there that nobody has named."""
        return self.quotation.speaker is not None and self.speaker is not None and is_unnamed(self.speaker)

    @property
    def certainty(self) -> ConfidenceWord:
        """``confidence`` in a word: sure, likely or unsure."""
        from index.verification.confidence import confidence_word

        return confidence_word(self.confidence)

    @property
    def answer(self) -> QuotationAnswer:
        """The JSON form, without its place in an article. All its places are in one episode."""
        common = QuotationAnswer(
            quotation=" ".join(self.quotation.text.split()),  # an article may wrap its lines anywhere
            attributed=self.quotation.speaker,
            kind=self.kind,
            misattributed=self.misattributed,
            closest=_show_lead(self.closest) if self.closest else None,
            sound=self.sound,
            reason=self.reason,
            confidence=round(self.confidence, 3),
            certainty=self.certainty,
            origin=self.origin.kind if self.origin else None,
            rests_on=self.origin.description if self.origin else None,
            publisher=self.publisher,
        )
        return replace(common, **self._describe_places()) if self.places else common

    def _describe_places(self) -> dict[str, Any]:
        first, episode = self.places[0], self.places[0].episode
        start = min(place.span.start for place in self.places)
        lengths = [len(place.quotation.split()) for place in self.places]
        likeness = sum(place.similarity * length for place, length in zip(self.places, lengths, strict=True))
        spoken = [edit for place in self.places for edit in place.edits]
        cited = cite_span(episode, start, max(place.span.end for place in self.places), self.speaker, first.offset)
        return {
            "n": first.n,
            "episode": episode.id,
            "title": episode.title,
            "show": episode.show,
            "published": episode.published,
            "speaker": self.speaker,
            "start": cited.start,
            "end": cited.end,
            "said": BETWEEN_PLACES.join(place.said for place in self.places),
            "similarity": round(likeness / max(1, sum(lengths)), 3),
            "edits": tuple(ShownEdit(one.edit.op, " ".join(one.edit.quoted.split()), one.edit.said) for one in spoken),
            "parts": tuple(map(_show_part, self.places)),
            "doubtful": tuple(word.text.strip() for edit in spoken for word in edit.words if word.is_unsure),
            "citation": cite_plain(cited),
            "link": cited.link,
            "repeat": first.repeat,
            "overlap": any(place.overlap for place in self.places),
        }


def _show_part(place: FoundPlace) -> ShownPart:
    start, end = round(place.span.start, 3), round(place.span.end, 3)
    return ShownPart(place.n, place.quotation, start, end, place.said, place.speaker)


def _show_lead(place: FoundPlace) -> ShownLead:
    start, end = round(place.span.start, 3), round(place.span.end, 3)
    return ShownLead(place.episode.id, place.episode.title, start, end, place.said, place.speaker)


@dataclass(frozen=True, slots=True)
class CheckedArticle:
    """An article with its judged quotations, and what in it was passed over, each with the reason."""

    article: Article
    quotations: tuple[CheckedQuotation, ...]
    passed_over: tuple[PassedOver, ...]

    @property
    def source(self) -> str:
        """Its path or address."""
        return self.article.source

    @property
    def title(self) -> str | None:
        """Its title, if known."""
        return self.article.title

    @property
    def places(self) -> list[FoundPlace]:
        """The places of all its quotations, in order."""
        return [place for one in self.quotations for place in one.places]

    @property
    def answers(self) -> list[QuotationAnswer]:
        """The JSON form of its quotations and of what was passed over, in the order of the article."""
        answers = [self._placed(one.answer, one.quotation.start) for one in self.quotations]
        answers += [
            self._placed(QuotationAnswer(quotation=" ".join(one.text.split()), reason=one.reason), one.start)
            for one in self.passed_over
        ]
        return sorted(answers, key=lambda answer: answer.offset or 0)

    def _placed(self, answer: QuotationAnswer, offset: int) -> QuotationAnswer:
        return replace(answer, article=self.source, offset=offset, line=self.article.line_of(offset))


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """An article as it was read, and what in it will be checked, before anything is."""

    article: Article
    quotations: tuple[Quotation, ...]
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True, slots=True)
class QuotationJudged:
    """The verdict on a quotation: ``number`` in the ``source``, from 0; not ``settled`` while the sound is asked."""

    source: str
    number: int
    checked: CheckedQuotation
    settled: bool


@dataclass(frozen=True, slots=True)
class LocatedStatement:
    """The places of a quotation, each judged alone, and the episodes that have no transcript to search yet.

    ``kept``: the places were saved, so that their numbers are valid until the next search. ``notes`` say what a request
    leaves open, such as whose voice is meant.
    """

    found: tuple[CheckedQuotation, ...]
    unsearched: tuple[str, ...]
    kept: bool
    notes: tuple[str, ...] = ()

    @property
    def only_leads(self) -> bool:
        """Whether no place is known, but at most the closest ones."""
        return not any(one.places for one in self.found)


@dataclass(frozen=True, slots=True)
class Listening:
    """How many quotations the sound was asked about, by which models, in how many seconds.

    ``not_asked`` are the reasons for which it was not, with the number of quotations for each.
    """

    models: tuple[str, ...]
    asked: int
    seconds: float
    not_asked: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class VerifiedArticles:
    """Articles with judged quotations, and the errors of unreadable ones.

    ``kept``: the places were saved, so that their numbers are valid until the next search. ``listening`` is what was
    asked of the sound, None if it was not to be asked. ``notes`` are as in LocatedStatement.
    """

    articles: tuple[CheckedArticle, ...]
    failures: tuple[AirquoteError, ...]
    kept: bool
    listening: Listening | None = None
    notes: tuple[str, ...] = ()


def leave_out_middle(
    words: Sequence[RecognisedWord], most: int | None
) -> tuple[Sequence[RecognisedWord], int, Sequence[RecognisedWord]]:
    """Split more than ``most`` words into the first, the number of words not shown, and the last."""
    if most is None or len(words) <= most:
        return words, 0, ()
    half = most // 2
    return words[:half], len(words) - 2 * half, words[-half:]
