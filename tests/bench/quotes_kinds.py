"""The kinds of quotations that the benchmark makes, each with its maker, its expected verdicts and its share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bench.quotes_changed import change_content_word, change_name, change_negation, change_number
from bench.quotes_drawing import Made, Maker, Substitutes, make_quotations
from bench.quotes_made import (
    leave_out_fillers,
    leave_out_with_dots,
    quote_as_it_is,
    quote_over_sentences,
    quote_over_speakers,
    splice,
)
from bench.quotes_materials import Talk
from bench.quotes_rewritten import write_otherwise
from bench.quotes_spoken import SpokenTokens


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of quotation; ``share`` is how many are made for each one of a changed kind."""

    maker: Maker
    verdicts: frozenset[str]
    share: float


KINDS = {
    "as it is": Kind(quote_as_it_is, frozenset({"verbatim"}), 0.6),
    "over a sentence border": Kind(quote_over_sentences, frozenset({"verbatim"}), 0.2),
    "over a speaker border": Kind(quote_over_speakers, frozenset({"verbatim"}), 0.2),
    "in another writing": Kind(write_otherwise, frozenset({"verbatim"}), 0.4),
    "with three dots": Kind(leave_out_with_dots, frozenset({"verbatim"}), 0.1),
    "fillers removed": Kind(leave_out_fillers, frozenset({"cleaned"}), 0.1),
    "a content word changed": Kind(change_content_word, frozenset({"altered"}), 1.0),
    "a name changed": Kind(change_name, frozenset({"altered"}), 1.0),
    "a negation changed": Kind(change_negation, frozenset({"altered"}), 1.0),
    "a number changed": Kind(change_number, frozenset({"altered"}), 1.0),
    "two places spliced": Kind(splice, frozenset({"spliced"}), 0.1),
}
ELSEWHERE, NOWHERE = "from elsewhere", -1
UNCHANGED = ("as it is", "over a sentence border", "over a speaker border")
REWRITTEN = "in another writing"
CHANGED = ("a content word changed", "a name changed", "a negation changed", "a number changed")
SPLICED = "two places spliced"


def make_kind(
    how: str, talks: Sequence[Talk], numbers: Sequence[int], count: int, seed: int, substitutes: Substitutes
) -> list[Made]:
    """Make ``count`` quotations of one kind."""
    kind = KINDS[how]
    return make_quotations(talks, numbers, how, kind.maker, kind.verdicts, count, seed, substitutes)


def without_said(made: Sequence[Made], spoken: SpokenTokens) -> Iterator[Made]:
    """Leave out the changed and spliced quotations that somebody in the library happens to say."""
    return (one for one in made if one.how not in (*CHANGED, SPLICED) or not spoken.count(one.text))


def make_elsewhere(talks: Sequence[Talk], count: int, seed: int, spoken: SpokenTokens) -> list[Made]:
    """Make quotations of episodes outside the library that nobody in it says, nor nearly says."""
    substitutes = Substitutes((), ())
    as_it_is = KINDS["as it is"]
    drawn = make_quotations(
        talks, range(len(talks)), ELSEWHERE, as_it_is.maker, {"not found"}, 2 * count, seed, substitutes
    )
    return [replace(one, talk=NOWHERE) for one in drawn if not spoken.nearly_holds(one.text)][:count]
