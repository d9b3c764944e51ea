"""What the tools ask of a library: functions that a process of the pool calls with its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain
from typing import Any

from audio.timecode import format_time, parse_end, parse_time
from pipeline.answers import ArticleAddress, ArticleSource, ArticleStream, Place, SearchOptions
from pipeline.citing.citations import Citation
from pipeline.citing.styles import format_citation
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.episodes.episode_changes import EpisodeChanges
from pipeline.library import Library
from pipeline.settings import load_settings
from pipeline.verification.results import VerifiedArticles
from pipeline.web.assistants.local_places import without_folders, without_places
from pipeline.web.assistants.tool_answers import ToolAnswer, make_answer

GIVEN_TEXT = "the given text"
"""What an article is called that is given as its text."""

_UNCHECKED = "The words of {} are the publisher's, not checked against the sound."


def search(library: Library, query: str, options: SearchOptions, repeats: str | None) -> ToolAnswer:
    """Search for words."""
    chosen = replace(options, repeats=load_settings({"repeats": repeats}).repeats)
    found = library.search(query, chosen)
    notes = [*found.notes]
    if not found.statements:
        notes.append(f"There are only {found.total} hits." if found.total else "Nothing was found.")
    elif not found.exact:
        notes.append(f"total is an estimate, off by up to {100 * found.error:.0f} %.")
    return make_answer(
        list(map(without_places, found.statements)),
        offset=options.offset,
        total=found.total,
        more=len(found.statements) == options.limit and (options.by_episode or not found.exact),
        notes=notes,
        suggestions=[without_folders(one.advice) for one in found.suggestions],
        not_searched=[one.episode for one in library.episodes() if one.language is None and one.engine is None],
    )


def read_around(library: Library, episode: str, time: str | float, before: int, after: int) -> ToolAnswer:
    """Look up a time."""
    moments = library.at(episode, [as_seconds(time)], before, after)
    (moment,) = moments
    start = moment.time if moment.start is None else moment.start
    missing = library.missing_sound(episode)
    notes = [_UNCHECKED.format(moment.episode)] if moment.origin == "publisher" else []
    notes += [f"The sound of {moment.episode} is not on this machine."] if missing else []
    cited = library.cite(Place(moment.episode, start, moment.time if moment.end is None else moment.end))
    return make_answer(list(map(without_places, moments)), notes=notes, citations=[_without_link(cited)])


def read_episode(library: Library, episode: str, offset: int, limit: int, start: str | float | None) -> ToolAnswer:
    """Read a page of a transcript: sentences from a number or, with ``start``, from a time on."""
    read = library.sentences(episode)
    if start is not None:
        seconds = library.place(episode, as_seconds(start)).start
        offset = sum(sentence.end <= seconds for sentence in read.sentences)
    page = read.sentences[offset : offset + limit]
    notes = [f"With {', '.join(person.name for person in read.people)}."] if read.people else []
    notes += [_UNCHECKED.format(read.episode)] if page and page[0].origin == "publisher" else []
    notes += [] if read.sentences else [f"There is no speech in {read.episode}."]
    cited = [library.cite(Place(read.episode, page[0].start, page[-1].end))] if page else []
    return make_answer(
        list(map(without_places, page)),
        offset=offset,
        total=len(read.sentences),
        notes=notes,
        citations=map(_without_link, cited),
    )


def locate(
    library: Library,
    quotation: str,
    limit: int,
    episode: str | None,
    show: str | None,
    speaker: str | None,
    since: str | None,
    until: str | None,
) -> ToolAnswer:
    """Find where a quotation was said."""
    located = library.locate(
        quotation, limit=limit, episode=episode, show=show, speaker=speaker, since=since, until=until
    )
    missed = "It was not found; these places are the closest." if located.found else "Nothing similar was found."
    return make_answer(
        [without_places(one.answer) for one in located.found],
        notes=[*located.notes, *([missed] if located.only_leads else [])],
        not_searched=located.unsearched,
    )


@dataclass(frozen=True, slots=True)
class ArticleQuestion:
    """An article to verify: its ``text`` or ``address``, and the other arguments of ``Library.verify``."""

    text: str | None
    address: str | None
    episode: str | None
    show: str | None
    speaker: str | None
    since: str | None
    until: str | None
    fragments: bool
    listen: bool
    offset: int

    @property
    def source(self) -> ArticleSource:
        """The article, which is never the name of a file."""
        if self.text is None:
            return ArticleAddress(self.address or "")
        return ArticleStream(BytesIO(self.text.encode(errors="replace")), GIVEN_TEXT)


def verify(library: Library, asked: ArticleQuestion) -> Iterator[ToolAnswer]:
    """Judge every quotation of an article, and yield the answer."""
    verified = library.verify(
        [asked.source],
        episode=asked.episode,
        show=asked.show,
        speaker=asked.speaker,
        since=asked.since,
        until=asked.until,
        fragments=asked.fragments,
        listen=asked.listen,
    )
    for failure in verified.failures:
        raise failure
    answers = list(chain.from_iterable(one.answers for one in verified.articles))
    shown = list(map(without_places, answers[asked.offset :]))
    yield make_answer(shown, offset=asked.offset, total=len(answers), notes=_tell_verified(verified))


def _tell_verified(verified: VerifiedArticles) -> Iterator[str]:
    yield from verified.notes
    for article in verified.articles:
        if not article.quotations:
            yield "There is no quotation to check in the article."
        yield f"{len(article.quotations)} quotations checked, {len(article.passed_over)} passages passed over."
    if verified.listening:
        for reason, count in verified.listening.not_asked:
            yield f"Quotations whose sound was not asked: {count} ({without_folders(reason)})."


def cite(library: Library, episode: str, start: str | float, end: str | float | None, style: str) -> ToolAnswer:
    """Cite a span of an episode."""
    begin = as_seconds(start)
    last = begin if end is None else parse_end(end, begin) if isinstance(end, str) else end
    return make_answer([_without_link(library.cite(library.place(episode, begin, last), style))])


def _without_link(cited: Citation) -> Citation:
    """Return a citation without a place on this machine, which Markdown and HTML link to."""
    told = without_places(cited)
    return told if told.link == cited.link else replace(told, citation=format_citation(told, cited.style))


def list_episodes(
    library: Library, selection: EpisodeSelection, sort: str | None, offset: int, limit: int
) -> ToolAnswer:
    """List episodes."""
    return _page_of(library.episodes(selection, sort), offset, limit)


def list_shows(library: Library, offset: int, limit: int) -> ToolAnswer:
    """List the shows that are followed."""
    return _page_of(library.shows(), offset, limit)


def list_voices(library: Library, episode: str | None, offset: int, limit: int) -> ToolAnswer:
    """List who speaks in an episode, or in the library."""
    return _page_of(library.library_voices() if episode is None else library.voices(episode), offset, limit)


def _page_of(results: Sequence[Any], offset: int, limit: int) -> ToolAnswer:
    page = list(map(without_places, results[offset : offset + limit]))
    return make_answer(page, offset=offset, total=len(results), notes=[] if results else ["There are none."])


def name_voice(library: Library, episode: str, voice: int, name: str) -> ToolAnswer:
    """Name a voice."""
    return make_answer([library.name_voice(episode, voice, name)])


def edit_episode(library: Library, episode: str, changes: EpisodeChanges) -> ToolAnswer:
    """Change what an episode is called, or when it was published."""
    return make_answer([without_places(library.edit(episode, changes))])


def read_transcript(library: Library, episode: str, most: int) -> str:
    """Return a transcript as text with times, at most about so many characters."""
    sentences = library.sentences(episode).sentences
    lines: list[str] = []
    for number, one in enumerate(sentences):
        speaker = f"{one.speaker}: " if one.speaker else ""
        lines.append(f"[{format_time(one.start)}] {speaker}{one.text or ''}")
        most -= len(lines[-1])
        if most < 0 and number + 1 < len(sentences):
            rest = len(sentences) - number - 1
            lines.append(f"[{rest} more sentences: read_episode with offset {number + 1} reads on.]")
            break
    return "\n".join(lines)


def as_seconds(time: str | float) -> float:
    """Return the seconds that a time states. Raises TimeError."""
    return parse_time(time) if isinstance(time, str) else time
