"""Write Podcasting 2.0's JSON chapters (podcast-namespace, chapters/jsonChapters.md): what players show as chapters."""

from __future__ import annotations

import json
from collections.abc import Iterable

from audio.recording.chapters import Chapter
from index.formats.word_split import writable

_VERSION = "1.2.0"


def write_podcast_chapters(title: str, show: str | None, chapters: Iterable[Chapter]) -> str:
    """Write the chapters of an episode; their starts are seconds as players show them."""
    listed = [{"startTime": one.start, "title": writable(" ".join(one.title.split()))} for one in chapters]
    about = {"version": _VERSION, "title": writable(title), **({"podcastName": writable(show)} if show else {})}
    return json.dumps({**about, "chapters": listed}, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
