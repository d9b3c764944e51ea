"""The evidence page: judged quotations with their speech and sound as one self-contained HTML file.

The page runs no script and loads nothing: its Content-Security-Policy allows only its own style, by its hash, and
embedded sound. Sound players are the browser's own, so they work with the keyboard.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from audio.atomic_write import write_output
from audio.errors import MediaError, OutputError
from audio.timecode import format_time
from index.storage.store import Store
from index.storage.transcript_reader import TranscriptFacts
from index.transcript import Episode
from pipeline.printable import BIDI_CONTROLS
from pipeline.verification.results import (
    CheckedArticle,
    CheckedQuotation,
    FoundPlace,
    RecognisedWord,
    SpokenEdit,
    leave_out_middle,
)
from pipeline.verification.sound import PlaceSounds
from pipeline.verification.targets import check_report

TEMPLATE, STYLE = "report.html.jinja", "report.css"

LONGEST_CLIP = 120.0
"""Seconds of one clip in the page: 1.5 to 3 MB at usual MP3 bit rates; a browser can open a page with twenty."""

MOST_LEFT_OUT = 60
"""Words left out between two quoted ones; of more, only the beginning and end are shown."""

SHADES = ((0.3, "doubtful-3"), (0.5, "doubtful-2"), (0.8, "doubtful-1"))
"""A word recognised with a lower probability gets this class; the legend of the page states the same values."""

_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")
_FORBIDDEN: dict[int, str | None] = {
    **_CONTROLS,
    **dict.fromkeys(map(ord, BIDI_CONTROLS)),
    **dict.fromkeys(map(ord, "\u2028\u2029"), " "),
}
"""Control characters, which HTML does not allow, and those by which a title could reorder the words of a verdict."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive words with the same mark: "", del (said, not quoted) or ins (quoted, not said)."""

    mark: str
    words: tuple[tuple[str, str], ...]
    """Each with its CSS class, "" for a word of high or unknown probability."""


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """One place as the page shows it. ``sound`` is a data: URL, or None, and then ``silence`` gives the reason."""

    place: FoundPlace
    quoted: tuple[Run, ...]
    said: tuple[Run, ...]
    sound: Markup | None
    silence: str
    language: str | None
    play: str


@dataclass(frozen=True, slots=True)
class Recording:
    """What is needed to reproduce a transcript: the episode and the settings."""

    episode: Episode
    facts: TranscriptFacts
    file: str | None
    settings: str
    command: str | None


def write_report(store: Store, articles: Sequence[CheckedArticle], target: Path, *, overwrite: bool = False) -> None:
    """Write the evidence page for these articles, with an atomic rename.

    Raises UsageError as ``check_report`` does, OutputError if it cannot be written.
    """
    check_report(store, target, [article.source for article in articles], overwrite)
    with write_output(target) as unfinished:
        try:
            page = render_report(store, articles)
        except OutputError as error:
            # Its sound is encoded in the temporary folder, which may be on the disk that is full.
            raise OutputError(f"{target} was not written: {error.message}", error.way_out, where=target) from error
        unfinished.write_bytes(page.encode("utf-8", "replace"))


def render_report(store: Store, articles: Sequence[CheckedArticle]) -> str:
    """Render the evidence page as HTML."""
    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value.translate(_FORBIDDEN) if type(value) is str else value,
    )
    environment.filters.update(time=format_time, shown_time=_shown_time, id=id)
    style = (folder / STYLE).read_text(encoding="utf-8")
    sounds = PlaceSounds(store.directory)
    judged = [one for article in articles for one in article.quotations]
    places = [place for one in judged for place in one.places]
    recordings = _recordings(store, places)
    return environment.get_template(TEMPLATE).render(
        title=", ".join(article.title or article.source for article in articles),
        articles=articles,
        evidence={place.n: _show(place, recordings[place.episode.id], sounds) for place in places},
        numbers={id(one): number for number, one in enumerate(judged, start=1)},
        counts=_count(judged),
        recordings=list(recordings.values()),
        style=Markup(style),  # the project's own file
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        version=version("airquote"),
        made=datetime.now(UTC),
        longest=LONGEST_CLIP,
    )


def _count(judged: Sequence[CheckedQuotation]) -> list[tuple[str, int]]:
    return Counter[str](one.kind for one in judged).most_common()


def _shown_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _show(place: FoundPlace, recording: Recording, sounds: PlaceSounds) -> ShownPlace:
    try:
        data = sounds.encode(place, LONGEST_CLIP)
        sound, silence = Markup(f"data:audio/mpeg;base64,{b64encode(data).decode()}"), ""
    except MediaError as error:
        sound, silence = None, error.message
    play = shlex.join(("airquote", "play", place.episode.id, format_time(place.span.start)))
    quoted = tuple(_quoted_run(spoken) for spoken in place.edits if spoken.edit.quoted)
    said = tuple(_said_run(spoken) for spoken in place.edits if spoken.words)
    return ShownPlace(place, quoted, said, sound, silence, recording.facts.language, play)


def _quoted_run(spoken: SpokenEdit) -> Run:
    return Run("" if spoken.edit.op == "equal" else "ins", ((spoken.edit.quoted, ""),))


def _said_run(spoken: SpokenEdit) -> Run:
    equal = spoken.edit.op == "equal"
    first, hidden, last = leave_out_middle(spoken.words, None if equal else MOST_LEFT_OUT)
    words = [(word.text, _shade(word)) for word in first]
    if hidden:
        words += [(f" … {hidden} words …", ""), *((word.text, _shade(word)) for word in last)]
    words[0] = (words[0][0].lstrip(), words[0][1])
    return Run("" if equal else "del", tuple(words))


def _shade(word: RecognisedWord) -> str:
    if word.probability is None:
        return ""
    return next((name for bar, name in SHADES if word.probability < bar), "")


def _recordings(store: Store, places: Sequence[FoundPlace]) -> dict[str, Recording]:
    recordings: dict[str, Recording] = {}
    for place in places:
        episode = place.episode
        facts = store.facts(episode.id)
        if episode.id in recordings or facts is None:
            continue
        file = Path(episode.media).name if episode.media else None
        command = None
        if file and facts.engine != "import":
            spoken = ("--language", facts.language) if facts.language else ()
            words = ("airquote", "transcribe", file, "--engine", facts.engine, "--model", facts.model, *spoken)
            command = shlex.join(words)
        recordings[episode.id] = Recording(episode, facts, file, _readable(facts.settings), command)
    return recordings


def _readable(settings: str) -> str:
    """Indent a JSON object; return any other text unchanged."""
    try:
        fields: Any = json.loads(settings)
    except (ValueError, RecursionError):
        return settings
    return json.dumps(fields, indent=2, ensure_ascii=False)
