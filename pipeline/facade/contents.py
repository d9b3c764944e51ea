"""What a library holds: its episodes, their sentences, and exports of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.answers import (
    EpisodeSentences,
    ListedEpisode,
    as_list,
)
from pipeline.exported import Exported, ExportOutcome
from pipeline.facade.open_library import OpenLibrary

if TYPE_CHECKING:
    pass

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class ReadingContents(OpenLibrary):
    """Contents."""

    def episodes(self, sort: str = "show") -> list[ListedEpisode]:
        """Return every episode, transcribed or not: by ``show`` and date, newest first (``date``), longest first
        (``length``), by ``title``, or by id (``episode``). Raises UsageError for another ``sort``.
        """
        from pipeline.lookup import list_episodes

        return list_episodes(self._store, sort)

    def sentences(self, name: str) -> EpisodeSentences:
        """Return the transcript of an episode, sentence by sentence. Raises EpisodeError as ``at`` does."""
        from pipeline.lookup import list_sentences, load_transcript

        episode, transcript = load_transcript(self._store, name)
        return EpisodeSentences(episode.id, list_sentences(transcript), tuple(self._store.chapters(episode.id)))

    def gaps(self, name: str) -> EpisodeSentences:
        """Return the spans of speech without words and of undecodable sound. Raises EpisodeError as ``at`` does."""
        from pipeline.lookup import find_transcript, list_gaps

        episode, facts = find_transcript(self._store, name)
        return EpisodeSentences(episode.id, list_gaps(facts))

    def export(
        self,
        name: str,
        format: str | None = None,
        target: str | Path | None = None,
        *,
        subtitles: bool = False,
        overwrite: bool = False,
    ) -> Exported:
        """Return a transcript in a format, or write it to ``target``.

        ``format`` is json, srt, vtt, txt or tsv (as Whisper writes them), ttml, podcast-json, csv or md; None is that
        of the target's extension, else txt. In a folder the file is named by the episode's id. ``subtitles`` cuts srt,
        vtt or ttml anew, to be read while it is heard (docs/exports.md). Raises EpisodeError as ``at`` does, UsageError
        for an unknown ``format``, and UsageError and OutputError for its target as ``clip`` does.
        """
        from pipeline.exporting import export_transcript

        return export_transcript(self._store, name, format, target, subtitles=subtitles, overwrite=overwrite)

    def export_all(
        self,
        folder: str | Path,
        names: Sequence[str] | None = None,
        *,
        show: str | None = None,
        format: str | None = None,
        subtitles: bool = False,
        overwrite: bool = False,
    ) -> Iterator[ExportOutcome]:
        """Write the transcripts of several episodes into a folder, and yield how each went, once it is written.

        ``names`` None are all episodes, or those of a ``show`` (its whole name). The folder is created if missing; each
        file is named by its episode's id. An episode that fails does not stop the others, and a file that exists is a
        failure unless ``overwrite``. Raises UsageError for an unknown ``format`` (None is txt) or ``show``, and as
        ``clip`` for the folder; OutputError if the disk is full.
        """
        from pipeline.exporting import export_transcripts

        chosen = as_list(names) if names is not None else None
        return export_transcripts(
            self._store, chosen, Path(folder), format, show=show, subtitles=subtitles, overwrite=overwrite
        )
