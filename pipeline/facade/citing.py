"""Citations of places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.answers import Placed
from pipeline.citing.citations import Citation
from pipeline.facade.open_library import OpenLibrary

if TYPE_CHECKING:
    from pipeline.reading.selected_words import SelectedWords

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class CitingPlaces(OpenLibrary):
    """Citing."""

    def cite(self, place: Placed, style: str = "plain") -> Citation:
        """Return a citation of a place, with a link to the moment.

        ``style`` is plain, markdown, html, apa, chicago, bibtex, ris or csl-json (docs/citing.md). Raises UsageError
        for another one, EpisodeError for an unknown episode, TimeError for a time past the end.
        """
        from pipeline.citing.cited_places import cite_place

        return cite_place(self._store, place, style)

    def quote(self, name: str, first: int, last: int) -> SelectedWords:
        """Return the words ``first`` to ``last`` of an episode, counted from 0, with who says them and citations.

        Raises EpisodeError as ``at`` does, UsageError for words that there are not.
        """
        from pipeline.reading.selected_words import quote_words

        return quote_words(self._store, name, first, last)
