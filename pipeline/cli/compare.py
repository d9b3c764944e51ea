"""``airquote compare``: where the publisher's transcript differs from what was heard."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from audio.timecode import format_time
from pipeline.cli.options import LibraryOption, VerboseOption, settings_from
from pipeline.cli.printing import (
    faint,
    isolate,
    name_speaker,
    plural,
    print_line,
    printable,
    say,
    say_what_hits_offer,
    style,
)
from pipeline.cli.rows import RowPrinter, prints_rows
from pipeline.imported.comparison import READING_KINDS, Comparison, ReadingDifference

LEGEND = "[-heard, not in the publisher's transcript-] {+in the publisher's transcript, not heard+}"

_SHOWN_WORDS = 12
"""Words of a passage that are shown at its beginning and at its end."""


@prints_rows(ReadingDifference)
def compare(
    episode: Annotated[str, typer.Argument(metavar="EPISODE", help="Its id, or its title.", show_default=False)],
    library: LibraryOption = None,
    print_rows: RowPrinter | None = None,
    _verbose: VerboseOption = False,
) -> None:
    """Show where the publisher's transcript differs from what was heard, numbers and names first."""
    from pipeline.library import Library

    with Library.open(settings_from(library=library).library) as opened:
        compared = opened.compare(episode)
    if print_rows:
        print_rows(compared.differences)
    for one in () if print_rows else compared.differences:
        _print_difference(one)
    if compared.differences and not print_rows:
        say(LEGEND)
    _say_summary(compared)
    if compared.kept and compared.differences:
        say_what_hits_offer([compared.media])


def _print_difference(one: ReadingDifference) -> None:
    heard = style(f"[-{_cut(one.said)}-]", fg="blue") if one.said else ""
    publisher = style(f"{{+{_cut(one.publisher)}+}}", fg="red") if one.publisher else ""
    between = " " if heard and publisher else ""
    words = printable(faint(f"{one.words_before} "), heard, between, publisher, faint(f" {one.words_after}"))
    print_line(
        f"{one.n:>3}  {format_time(one.start):>9}  {one.difference:<11}  ", name_speaker(one.speaker), isolate(words)
    )


def _cut(text: str) -> str:
    """Return a text without its middle if it is long."""
    words = text.split(" ")
    if len(words) <= 2 * _SHOWN_WORDS + 1:
        return text
    hidden = len(words) - 2 * _SHOWN_WORDS
    return " ".join([*words[:_SHOWN_WORDS], f"… {hidden} words …", *words[-_SHOWN_WORDS:]])


def _say_summary(compared: Comparison) -> None:
    """Say which share of the words is equal, and how many differences of each kind there are."""
    counts = Counter(one.difference for one in compared.differences)
    listed = ", ".join(f"{counts[kind]} {_name(kind, counts[kind])}" for kind in READING_KINDS if counts[kind])
    say(
        f"{compared.equal:.1%} of the words are equal: {compared.words} by ", isolate(compared.rests_on),
        f", {compared.publishers_words} by the publisher (", isolate(compared.publisher), ").",
    )  # fmt: skip
    say(f"Differences: {listed}." if listed else "There is no difference.")


def _name(kind: str, count: int) -> str:
    """Return a kind of differences as it stands after their number."""
    return kind if kind.endswith("words") else plural(kind, count)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare")(compare)
