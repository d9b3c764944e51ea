"""What the evidence page shows of articles: quotations by gravity, places with their sound, recordings."""

from __future__ import annotations

import json
import shlex
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from audio.errors import MediaError
from audio.timecode import format_time
from index.speaker_labels import CHANNEL
from index.storage.store import Store
from index.storage.transcript_reader import TranscriptFacts
from index.transcript import Episode
from pipeline.citing.styles import cite_plain
from pipeline.imported.word_origin import IMPORTED, WordOrigin, find_origin, spread_over
from pipeline.lookup import chapter_at
from pipeline.verification.article_context import link_into, read_sentence_around
from pipeline.verification.results import (
    FINDINGS,
    CheckedArticle,
    CheckedQuotation,
    FoundPlace,
    RecognisedWord,
    SpokenEdit,
    leave_out_middle,
)
from pipeline.verification.sound import PlaceSounds

LONGEST_CLIP = 120.0
"""Seconds of one clip in the page: 1.5 to 3 MB at usual MP3 bit rates; a browser can open a page with twenty."""

MOST_LEFT_OUT = 60
"""Words left out between two quoted ones; of more, only the beginning and end are shown."""

SHADES = ((0.3, "doubtful-3"), (0.5, "doubtful-2"), (0.8, "doubtful-1"))
"""A word recognised with a lower probability gets this class; the legend of the page states the same values."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive words with the same mark: "", del (said, not quoted) or ins (quoted, not said)."""

    mark: str
    words: tuple[tuple[str, str], ...]
    """Each with its CSS class, "" for a word of high or unknown probability."""
    is_spaced: bool = True
    """Whether a space stands before it."""


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
    citation: str
    chapter: str | None


@dataclass(frozen=True, slots=True)
class ShownQuotation:
    """One quotation as the page shows it: its number, its sentence in the article, and a link to that.

    ``sentence`` has three parts: before the quotation, the quotation with its marks, and after it.
    """

    number: int
    checked: CheckedQuotation
    text: str
    sentence: tuple[str, str, str]
    line: int | None
    link: str | None
    places: tuple[ShownPlace, ...]
    closest: ShownPlace | None


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """The quotations of an article whose gravest finding is the same."""

    finding: str
    quotations: tuple[ShownQuotation, ...]


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """One article as the page shows it, the gravest findings first."""

    article: CheckedArticle
    link: str | None
    groups: tuple[ShownGroup, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """What is needed to reproduce a transcript: the episode, its words' origin and the settings.

    ``speakers`` is how its speakers are known.
    """

    episode: Episode
    facts: TranscriptFacts
    file: str | None
    settings: tuple[tuple[str, str], ...]
    command: str | None
    speakers: str

    @property
    def origin(self) -> WordOrigin:
        """Whose words these are."""
        return find_origin(self.facts)

    @property
    def spread_over(self) -> float | None:
        """The seconds over which the words were spread that have no times, None if they have."""
        return spread_over(self.facts.settings)


class PageContent:
    """Gathers what the page shows of articles, and the recordings that they quote."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sounds = PlaceSounds(store)
        self._quotations = 0
        self.recordings: dict[str, Recording] = {}

    def show_article(self, article: CheckedArticle) -> ShownArticle:
        """Return an article with its quotations numbered on and grouped by their gravest finding."""
        shown = [self._show_quotation(article, checked) for checked in article.quotations]
        groups = [
            ShownGroup(finding, tuple(one for one in shown if one.checked.findings[0] == finding))
            for finding in FINDINGS
        ]
        address = article.source if article.source.startswith(("http://", "https://")) else None
        return ShownArticle(article, address, tuple(group for group in groups if group.quotations))

    def _show_quotation(self, article: CheckedArticle, checked: CheckedQuotation) -> ShownQuotation:
        self._quotations += 1
        quotation = checked.quotation
        sentence = read_sentence_around(article.article.text, quotation.start, quotation.end)
        return ShownQuotation(
            self._quotations,
            checked,
            checked.shown_text,
            sentence,
            article.article.line_of(quotation.start),
            link_into(article.source, quotation.parts[0]),
            tuple(map(self._show_place, checked.places)),
            self._show_place(checked.closest) if checked.closest else None,
        )

    def _show_place(self, place: FoundPlace) -> ShownPlace:
        recording = self._find_recording(place.episode)
        try:
            data = self._sounds.encode(place, LONGEST_CLIP)
            sound, silence = Markup(f"data:audio/mpeg;base64,{b64encode(data).decode()}"), ""
        except MediaError as error:
            sound, silence = None, error.message
        start, length = format_time(place.span.start, 3), f"{place.span.duration:.3f}"
        library = str(self._store.directory)
        play = shlex.join(("airquote", "play", place.episode.id, start, "--for", length, "--library", library))
        quoted = _quoted_runs([spoken for spoken in place.edits if spoken.edit.quoted])
        said = tuple(_said_run(spoken) for spoken in place.edits if spoken.words)
        language = recording.facts.language if recording else None
        citation = cite_plain(place.cited)
        chapter = chapter_at(self._store.chapters(place.episode.id), place.span.start)
        return ShownPlace(place, quoted, said, sound, silence, language, play, citation, chapter)

    def _find_recording(self, episode: Episode) -> Recording | None:
        facts = self._store.facts(episode.id)
        if episode.id not in self.recordings and facts is not None:
            file = Path(episode.media).name if episode.media else None
            self.recordings[episode.id] = Recording(
                episode,
                facts,
                file,
                _read_settings(facts.settings),
                _repeat_command(facts, file),
                _describe_speakers(self._store, episode.id, facts),
            )
        return self.recordings.get(episode.id)


def _describe_speakers(store: Store, episode_id: str, facts: TranscriptFacts) -> str:
    """Say how the speakers of a transcript are known: by their labels in a file, by channel, or by their sound."""
    labels, names = store.speaker_labels(episode_id), store.speaker_names(facts.number)
    if not labels:
        return "not known"
    if facts.engine == IMPORTED:
        how = "as the transcript labels them"
    elif all(label.startswith(CHANNEL) for label in labels):
        how = "each channel of the recording is a speaker"
    else:
        how = "told apart by their sound, which can err"
    named = ", ".join(dict.fromkeys(names[label] for label in labels if label in names))
    return f"{how}; named by a person: {named}" if named else how


def _repeat_command(facts: TranscriptFacts, file: str | None) -> str | None:
    if file is None or facts.engine == IMPORTED:
        return None
    spoken = ("--language", facts.language) if facts.language else ()
    options = ("--engine", facts.engine, "--model", facts.model, *spoken, *_sound_options(facts))
    return shlex.join(("airquote", "transcribe", file, *options))


def _sound_options(facts: TranscriptFacts) -> Iterator[str]:
    """Yield the options that chose the sound of a recording, and whether its disfluencies are kept."""
    try:
        asked = json.loads(facts.settings)["asked"]
        chosen = {name: asked[name] for name in ("track", "channels") if name in asked}
        is_verbatim = "verbatim" in asked
    except (ValueError, TypeError, LookupError, RecursionError):
        return
    for name, value in chosen.items():
        if isinstance(value, int | str):
            yield from (f"--{name}", str(value))
    if is_verbatim:
        yield "--verbatim"


def _quoted_runs(edits: Sequence[SpokenEdit]) -> tuple[Run, ...]:
    """Return the quoted words, without the comma that belongs to the article's own sentence."""
    texts = [spoken.edit.quoted for spoken in edits]
    texts[-1:] = [text.removesuffix(",") for text in texts[-1:]]
    marks = ["" if spoken.edit.op == "equal" else "ins" for spoken in edits]
    spaced = [spoken.is_spaced for spoken in edits]
    return tuple(Run(mark, ((text, ""),), space) for mark, text, space in zip(marks, texts, spaced, strict=True))


def _said_run(spoken: SpokenEdit) -> Run:
    equal = spoken.edit.op == "equal"
    first, hidden, last = leave_out_middle(spoken.words, None if equal else MOST_LEFT_OUT)
    words = [(word.text, _shade(word)) for word in first]
    if hidden:
        words += [(f" … {hidden} words …", ""), *((word.text, _shade(word)) for word in last)]
    words[0] = (words[0][0].lstrip(), words[0][1])
    return Run("" if equal else "del", tuple(words), spoken.is_spaced)


def _shade(word: RecognisedWord) -> str:
    if word.probability is None:
        return ""
    return next((name for bar, name in SHADES if word.probability < bar), "")


def _read_settings(settings: str) -> tuple[tuple[str, str], ...]:
    """Return the settings of a transcript, a JSON object, as names and values; any other text as one value."""
    try:
        fields: Any = json.loads(settings)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return (("settings", settings),)
    return tuple((name.replace("_", " "), _read_value(value)) for name, value in fields.items())


def _read_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
