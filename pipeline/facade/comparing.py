"""The publishers' own transcripts, beside the words of the library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.answers import Place
from pipeline.exported import Exported
from pipeline.facade.open_library import OpenLibrary

if TYPE_CHECKING:
    from pipeline.imported.comparison import Comparison

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class ComparingTranscripts(OpenLibrary):
    """Publishers' transcripts."""

    def compare(self, name: str) -> Comparison:
        """Compare the words of an episode with the publisher's transcript: the places where they differ, numbers and
        names first, whose numbers are valid for ``hit`` until the next search, and the share of equal words.

        Each difference has its times, both texts and the words around it: sorted by ``start`` they are the rows of the
        two transcripts side by side, at the words of ``transcript`` that these times hold.

        Raises EpisodeError as ``at`` does, and for an episode that has no words beside those of the publisher.
        """
        from pipeline.shows.published.published_comparison import compare_transcripts

        compared = compare_transcripts(self._store, name)
        places = [Place(one.episode, one.start, one.end) for one in compared.differences]
        return replace(compared, kept=self._save_places(places))

    def export_published(self, name: str, target: str | Path, *, overwrite: bool = False) -> Exported:
        """Write the publisher's transcript of an episode to ``target`` as it was fetched, byte for byte.

        In a folder the file is named by the episode's id. Raises EpisodeError for an episode that is unknown or has
        none, and UsageError and OutputError for its target as ``clip`` does.
        """
        from pipeline.exporting import export_published

        return export_published(self._store, name, target, overwrite=overwrite)
