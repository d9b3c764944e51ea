"""Speech for a small library, and functions that locate and verify a text in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from index.fulltext.maintenance import OpenIndex, open_index
from index.quotations.extraction import Quotation
from index.storage.store import Store
from index.verification.locate import Locator, Match
from index.verification.verdicts import Verdict, verify_quotation

SPEECH = """On March the fourteenth, 2019, the wind took half of the roof. I stood in the front row and I could see
    the stars. Um, the first builder, you know, asked for forty thousand dollars, and we didn't have it. The U.S. Coast
    Guard gave us a crane, which nobody believed, and the school sold cakes every Friday for a year. People come for
    the play and they stay for the wine. We, we never stopped rehearsing in the old harbour kitchen. There's more to
    come, and it's gonna begin this winter, colour and all."""
OTHER = """Welcome back to the garden hour. Today we plant tomatoes and beans between the rows of lavender, and we ask
    why nobody waters the roses before noon. My neighbour says that soil needs rest, but the beans will not wait."""


def quote(text: str) -> Quotation:
    """Return a text as a quotation of one part."""
    return Quotation(text, (text,), 0, len(text))


def verify(store: Store, text: str, within: Collection[int] | None = None) -> Verdict:
    """Return the verdict on a text."""
    with open_index(store) as opened:
        return verify_quotation(quote(text), opened, within)


def verify_attributed(store: Store, text: str, speaker: str | None, within: Collection[int] | None = None) -> Verdict:
    """Return the verdict on a text that is given to ``speaker``."""
    with open_index(store) as opened:
        return verify_quotation(replace(quote(text), speaker=speaker), opened, within)


def locate(store: Store, text: str, limit: int = 10, within: Collection[int] | None = None) -> list[Match]:
    """Return the places of a text."""
    with open_index(store) as opened:
        return locate_in(opened, text, limit, within)


def locate_in(index: OpenIndex, text: str, limit: int = 10, within: Collection[int] | None = None) -> list[Match]:
    """Return the places of a text, with an open index."""
    with index.store.snapshot():
        return Locator(text, index, within).locate(limit)
