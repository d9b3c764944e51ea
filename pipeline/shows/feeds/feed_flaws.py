"""What was left out, cut or guessed while a feed was read: each kind once, with an example."""

from __future__ import annotations

from collections import Counter

from index.credentials import without_credentials
from pipeline.shows.feeds.plain_text import clean_line

_LONGEST_EXAMPLE = 120
_MOST_KINDS = 50


class FeedFlaws:
    """Flaws by kind. Of each kind only the first example is kept, and how many there were."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def add(self, kind: str, example: str = "", times: int = 1) -> None:
        """Note a flaw; the example is shown without a name and password in an address."""
        if kind in self.counts or len(self.counts) < _MOST_KINDS:
            self.counts[kind] += times
            self.examples.setdefault(kind, clean_line(without_credentials(example), _LONGEST_EXAMPLE))

    def take(self, others: FeedFlaws) -> None:
        """Add the flaws of others to these."""
        for kind, times in others.counts.items():
            self.add(kind, others.examples[kind], times)

    def texts(self) -> tuple[str, ...]:
        """Return a text for each kind, such as ``address left out: ftp://example.org/1.mp3, and 3 more``."""
        return tuple(self._text(kind) for kind in self.counts)

    def _text(self, kind: str) -> str:
        example, others = self.examples[kind], self.counts[kind] - 1
        shown = f"{kind}: {example}" if example else kind
        return f"{shown}, and {others:,} more" if others else shown
