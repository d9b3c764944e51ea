"""What a library holds: its episodes, their sentences, and exports of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.answers import EpisodeSentences, ListedEpisode
from pipeline.descriptions.episode_descriptions import DescribedEpisodes
from pipeline.episodes.chosen_episodes import ALL_EPISODES, EpisodeSelection
from pipeline.exported import Exported, ExportOutcome
from pipeline.facade.open_library import OpenLibrary

if TYPE_CHECKING:
    from pipeline.reading.episode_transcript import EpisodeTranscript

# Each method imports what it needs when it is called: a timestamp lookup loads neither Whoosh nor an engine.


class ReadingContents(OpenLibrary):
    """Contents."""

    def episodes(self, selection: EpisodeSelection = ALL_EPISODES, sort: str | None = None) -> list[ListedEpisode]:
        """Return the chosen episodes, transcribed or not; by default all, by show and date.

        ``sort`` is newest first (``date``), longest first (``length``), or by ``show``, ``title`` or id (``episode``).
        Raises EpisodeError for a name or a pattern that no episode has, UsageError for a show or dates of no episode,
        and for another ``sort``.
        """
        from pipeline.episodes.listing import list_selected

        return list_selected(self._store, selection, sort)

    def sentences(self, name: str) -> EpisodeSentences:
        """Return the transcript of an episode, sentence by sentence. Raises EpisodeError as ``at`` does."""
        from pipeline.episodes.listing import read_sentences

        return read_sentences(self._store, name)

    def transcript(self, name: str) -> EpisodeTranscript:
        """Return the transcript of an episode with all that a page shows beside it: its words and sentences in columns,
        speakers, chapters, gaps, repeats, and what the publisher writes.

        Its JSON is that of ``pipeline.result_json``. Raises EpisodeError as ``at`` does.
        """
        from pipeline.reading.transcript_reading import read_transcript

        return read_transcript(self._store, name)

    def gaps(self, name: str) -> EpisodeSentences:
        """Return the spans of speech without words and of undecodable sound. Raises EpisodeError as ``at`` does."""
        from pipeline.episodes.listing import read_gaps

        return read_gaps(self._store, name)

    def descriptions(self, selection: EpisodeSelection = ALL_EPISODES) -> DescribedEpisodes:
        """Return what publishers write of the chosen episodes: their notes, people, chapters and soundbites.

        The numbers of chapters and soundbites are valid for ``hit`` until the next search. Raises as ``episodes`` does.
        """
        from pipeline.descriptions.reading_notes import read_descriptions

        described = read_descriptions(self._store, selection)
        places = described.places
        return replace(described, kept=not places or self._save_places(places))

    def all_sentences(
        self, selection: EpisodeSelection = ALL_EPISODES, *, gaps: bool = False, repeats: bool = True
    ) -> Iterator[EpisodeSentences]:
        """Yield the sentences, or the ``gaps``, of each chosen episode; without ``repeats`` not what recurs in others.

        Of an episode that is not named but chosen by a pattern, its show or its date, and is not transcribed yet, the
        answer says so. Raises as ``episodes`` does, and for an episode that is named as ``at``.
        """
        from pipeline.episodes.listing import read_selected

        return read_selected(self._store, selection, gaps=gaps, repeats=repeats)

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

        ``format`` is json, srt, vtt, txt or tsv (as Whisper writes them), ttml, podcast-json, csv or md, rttm (who
        speaks when), or chapters (Podcasting 2.0's JSON, also of an episode without a transcript); None is that of the
        target's extension, else txt. In a folder the file is named by the episode's id. ``subtitles`` cuts srt, vtt or
        ttml anew, to be read while it is heard (docs/exports.md). Raises EpisodeError as ``at`` does, UsageError for an
        unknown ``format``, and UsageError and OutputError for its target as ``clip`` does.
        """
        from pipeline.exporting import export_transcript

        return export_transcript(self._store, name, format, target, subtitles=subtitles, overwrite=overwrite)

    def export_all(
        self,
        folder: str | Path,
        selection: EpisodeSelection = ALL_EPISODES,
        *,
        format: str | None = None,
        subtitles: bool = False,
        overwrite: bool = False,
    ) -> Iterator[ExportOutcome]:
        """Write the transcripts of several episodes into a folder, and yield how each went, once it is written.

        The folder is created if missing; each file is named by its episode's id. An episode that fails does not stop
        the others; so does one that is named and unknown or not transcribed yet, and a file that exists, unless
        ``overwrite``. Raises UsageError for an unknown ``format`` (None is txt), as ``episodes`` for the selection, and
        as ``clip`` for the folder; OutputError if the disk is full.
        """
        from pipeline.exporting import export_transcripts

        return export_transcripts(
            self._store, selection, Path(folder), format, subtitles=subtitles, overwrite=overwrite
        )
