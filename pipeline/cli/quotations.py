"""Print quotations with their verdicts, and the speech with every difference marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from audio.timecode import format_time
from pipeline.cli.printing import Printable, and_in_more, faint, isolate, print_line, printable, style
from pipeline.verification.results import CheckedQuotation, FoundPlace, RecognisedWord, SpokenEdit, leave_out_middle

if TYPE_CHECKING:
    from pipeline.verification.results import PassedOver, VerdictKind

LEGEND = "[-said, not quoted-] {+quoted, not said+} word(?) recognised with low confidence"

COLOURS: dict[VerdictKind, str] = {
    "verbatim": "green",
    "cleaned": "cyan",
    "altered": "red",
    "spliced": "red",
    "paraphrase": "yellow",
    "not found": "magenta",
    "cannot tell": "yellow",
}

_VERDICT_WIDTH = 13
"""The cells of a verdict and the space behind it."""

_MOST_LEFT_OUT = 24
"""The most words of a deletion that are shown; of a longer one the first and last."""


def print_quotation(checked: CheckedQuotation, context: bool) -> None:
    """Print one quotation with its verdict and the places found; ``context`` adds what was said around them."""
    quotation = checked.quotation
    kind = style(f"{checked.kind:<11}", fg=COLOURS[checked.kind], bold=True)
    wrong = (style("misattributed", fg="red", bold=True), "  ") if checked.misattributed else ()
    attributed = faint("  attributed to ", isolate(quotation.speaker)) if quotation.speaker else ""
    print_line(kind, "  ", *wrong, "“", isolate(checked.shown_text), "”", attributed, hang=_VERDICT_WIDTH)
    for place in checked.places:
        _print_place(place, context, f"{place.n:>3}  ")
    words = ("; words: ", isolate(checked.origin.description)) if checked.origin else ()
    print_line("     ", isolate(checked.reason), " ", faint(f"({checked.certainty}", *words, ")"))
    if checked.publisher:
        print_line("     ", isolate(checked.publisher))
    if checked.closest:
        _print_place(checked.closest, context, "     closest: ")


def print_passed_over(one: PassedOver) -> None:
    """Print a passage that was not checked, and why."""
    kind, text = style("passed over", bold=True), isolate(" ".join(one.text.split()))
    print_line(kind, "  “", text, "”  ", faint(one.reason), hang=_VERDICT_WIDTH)


def find_recording(checked: CheckedQuotation) -> str | None:
    """Return a recording of one of its places, None if none has any."""
    places = (*checked.places, *filter(None, [checked.closest]))
    return next((place.episode.media for place in places if place.episode.media), None)


def has_marks(checked: CheckedQuotation) -> bool:
    """Whether its output has marks that the legend explains."""
    places = (*checked.places, *filter(None, [checked.closest]))
    edits = [edit for place in places for edit in place.edits]
    return any(edit.edit.op != "equal" or any(word.is_unsure for word in edit.words) for edit in edits)


def _print_place(place: FoundPlace, context: bool, label: str) -> None:
    episode = place.episode
    times = f"{format_time(place.span.start)} to {format_time(place.span.end)}"
    heading = style(printable(isolate(episode.id), f"  {times}"), bold=True)
    details = [piece for text in (episode.show, episode.published) if text for piece in (" · ", isolate(text))]
    print_line(label, heading, "  ", faint(isolate(episode.title), *details))
    if context and place.before:
        print_line(faint("     … ", isolate(place.before)))
    speaker = (isolate(place.speaker), ": ") if place.speaker else ()
    print_line("     ", *speaker, isolate(mark_differences(place.edits)))
    if context and place.after:
        print_line(faint("     ", isolate(place.after), " …"))
    if place.repeat is not None:
        print_line(faint("     in a passage that recurs: ", and_in_more(place.repeat)))


def mark_differences(edits: Sequence[SpokenEdit]) -> Printable:
    """Return the speech, with what was said but not quoted as [-...-], what was quoted but not said as {+...+}."""
    shown: list[str] = []
    for spoken in edits:
        edit, space = spoken.edit, " " if spoken.is_spaced else ""
        if edit.op == "equal":
            shown += [space, printable(_speech(spoken.words))]
            continue
        if spoken.words:
            shown += [space, style(f"[-{_speech(spoken.words, _MOST_LEFT_OUT)}-]", fg="blue")]
        if edit.quoted:
            shown += [space, style(f"{{+{edit.quoted}+}}", fg="red")]
    return Printable("".join(shown[1:]))


def _speech(words: Sequence[RecognisedWord], most: int | None = None) -> str:
    first, hidden, last = leave_out_middle(words, most)
    texts = ["".join(word.text + ("(?)" if word.is_unsure else "") for word in part) for part in (first, last)]
    return (f"{texts[0]} … {hidden} words …{texts[1]}" if hidden else texts[0]).strip()
