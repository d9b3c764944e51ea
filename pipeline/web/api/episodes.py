"""Episodes: their transcripts, hits and quotations in them, and files of them."""

from __future__ import annotations

import mimetypes
import tempfile
from pathlib import Path as FilePath
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path, Query, Response

from pipeline.answers import ListedEpisode, SpokenWord
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.imported.comparison import Comparison
from pipeline.library import Library
from pipeline.reading.episode_hits import EpisodeHits
from pipeline.reading.selected_words import SelectedWords
from pipeline.result_json import to_json
from pipeline.web.dependencies import Pool
from pipeline.web.file_answers import file_answer
from pipeline.web.json_answers import JsonAnswer

router = APIRouter(prefix="/episodes", tags=["episodes"])

EpisodeName = Annotated[str, Path(max_length=500, description="An id, a unique prefix of one, or a title.")]
Seconds = Annotated[float, Query(ge=0)]
WordNumber = Annotated[int, Query(ge=0, lt=2**31)]


@router.get("")
async def list_episodes(
    pool: Pool,
    show: Annotated[str | None, Query(max_length=500)] = None,
    since: Annotated[str | None, Query(max_length=10)] = None,
    until: Annotated[str | None, Query(max_length=10)] = None,
    sort: Annotated[str | None, Query(max_length=20)] = None,
) -> JsonAnswer:
    """List episodes, transcribed or not: all, or those of a show or a time."""
    return JsonAnswer({"episodes": await pool.ask(Library.episodes, EpisodeSelection((), show, since, until), sort)})


@router.get("/{episode}")
async def describe_episode(pool: Pool, episode: EpisodeName) -> JsonAnswer:
    """Tell what is known of an episode besides its words."""
    return JsonAnswer(await pool.ask(_describe, episode))


def _describe(library: Library, name: str) -> dict[str, Any]:
    selection = EpisodeSelection((_resolve(library, name),))
    listed: ListedEpisode = library.episodes(selection)[0]
    return {"episode": listed, "description": library.descriptions(selection).episodes[0]}


def _resolve(library: Library, name: str) -> str:
    """Return the id of one episode: in the name of a selection, signs such as * would mean several."""
    return library.place(name, 0.0).episode


@router.get("/{episode}/transcript", response_class=Response, responses={200: {"content": {"application/json": {}}}})
async def read_transcript(pool: Pool, episode: EpisodeName) -> Response:
    """Return all that the page shows of a transcript: words and sentences in columns (docs/page.md)."""
    # Written where it is read: thirty thousand words are not sent from process to process as objects.
    return Response(await pool.ask(_write_transcript, episode), media_type="application/json")


def _write_transcript(library: Library, name: str) -> str:
    return to_json(library.transcript(name))


@router.get("/{episode}/words")
async def read_words(pool: Pool, episode: EpisodeName, start: Seconds, end: Seconds) -> JsonAnswer:
    """Return every word between two times."""
    return JsonAnswer({"words": await pool.ask(_read_words, episode, start, end)})


def _read_words(library: Library, name: str, start: float, end: float) -> list[SpokenWord]:
    return library.words(library.place(name, start, end))


@router.get("/{episode}/sentences")
async def read_sentences(pool: Pool, episode: EpisodeName) -> JsonAnswer:
    """Return the transcript sentence by sentence."""
    return JsonAnswer(await pool.ask(Library.sentences, episode))


@router.get("/{episode}/gaps")
async def read_gaps(pool: Pool, episode: EpisodeName) -> JsonAnswer:
    """Return the spans of speech without words, and of sound that could not be decoded."""
    return JsonAnswer(await pool.ask(Library.gaps, episode))


@router.get("/{episode}/hits")
async def find_hits(
    pool: Pool, episode: EpisodeName, q: Annotated[str, Query(max_length=2000)], fuzzy: bool = False
) -> JsonAnswer:
    """Find the hits of a query in an episode, as ranges of its words in order."""
    found = await pool.ask(_find_hits, episode, q, fuzzy)
    return JsonAnswer(
        {
            "episode": found.episode, "hits": found.hits, "total": found.total, "exact": found.exact,
            "notes": found.notes, "suggestions": found.suggestions,
        }
    )  # fmt: skip


def _find_hits(library: Library, name: str, query: str, fuzzy: bool) -> EpisodeHits:
    return library.hits_in(name, query, fuzzy=fuzzy)


@router.get("/{episode}/quote")
async def quote_words(pool: Pool, episode: EpisodeName, first: WordNumber, last: WordNumber) -> JsonAnswer:
    """Quote words, counted from 0: their text, who says them, citations in every style, and a link."""
    quoted: SelectedWords = await pool.ask(Library.quote, episode, first, last)
    return JsonAnswer(quoted)


@router.get("/{episode}/compare")
async def compare_transcripts(pool: Pool, episode: EpisodeName) -> JsonAnswer:
    """Compare the words with the publisher's transcript: where they differ, numbers and names first."""
    compared: Comparison = await pool.ask(Library.compare, episode)
    return JsonAnswer(compared)


class _WrittenFile(NamedTuple):
    name: str
    content: bytes


@router.get("/{episode}/export", response_class=Response)
async def export_transcript(
    pool: Pool, episode: EpisodeName, format: Annotated[str, Query(max_length=20)] = "txt", subtitles: bool = False
) -> Response:
    """Return the transcript as a file (docs/exports.md); ``subtitles`` cuts srt, vtt or ttml to be read."""
    file = await pool.ask(_export, episode, format, subtitles)
    return file_answer(file.name, file.content, mimetypes.guess_type(file.name)[0] or "text/plain")


def _export(library: Library, name: str, format: str, subtitles: bool) -> _WrittenFile:
    with tempfile.TemporaryDirectory(prefix="airquote-") as folder:
        written = FilePath(library.export(name, format, folder, subtitles=subtitles).file or "")
        return _WrittenFile(written.name, written.read_bytes())
