"""The tools that find and read: each asks the library one question."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, ToolAnnotations

from pipeline.answers import SearchOptions
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.web.assistants import library_questions
from pipeline.web.assistants.asking import Asking
from pipeline.web.assistants.tool_answers import ToolAnswer
from pipeline.web.assistants.tool_arguments import (
    EndArgument,
    EpisodeArgument,
    EpisodeSortArgument,
    LanguageArgument,
    LimitArgument,
    OffsetArgument,
    PatternArgument,
    QueryArgument,
    RepeatsArgument,
    SentencesArgument,
    SentencesAround,
    ShowArgument,
    SinceArgument,
    SortArgument,
    SpeakerArgument,
    StartArgument,
    StyleArgument,
    TimeArgument,
    UntilArgument,
    WithinEpisode,
)

READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Answered = Annotated[CallToolResult, ToolAnswer]


def add_tool(server: MCPServer, tool: Callable[..., Any], title: str, annotations: ToolAnnotations) -> None:
    """Add a tool to a server, whose docstring tells assistants what it does."""
    server.add_tool(tool, title=title, description=inspect.getdoc(tool), annotations=annotations)


class ReadingTools:
    """The tools that find and read."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def register(self, server: MCPServer) -> None:
        """Add the tools to a server."""
        tools: dict[str, Callable[..., Any]] = {
            "Search what was said": self.search,
            "Read around a time": self.read_around,
            "Read a transcript": self.read_episode,
            "Cite a place": self.cite,
            "List episodes": self.list_episodes,
            "List shows": self.list_shows,
            "List voices": self.list_voices,
        }
        for title, tool in tools.items():
            add_tool(server, tool, title, READS)

    async def search(
        self,
        query: QueryArgument,
        show: ShowArgument = None,
        episode: WithinEpisode = None,
        speaker: SpeakerArgument = None,
        since: SinceArgument = None,
        until: UntilArgument = None,
        lang: LanguageArgument = None,
        fuzzy: bool = False,
        sort: SortArgument = "score",
        repeats: RepeatsArgument = None,
        by_episode: bool = False,
        context: SentencesAround = 0,
        limit: LimitArgument = 10,
        offset: OffsetArgument = 0,
    ) -> Answered:
        """Find where words were said in the transcribed podcasts: episode, seconds, sentence, citation and link.

        For a quotation whose exact words may differ from what was said, use locate_quotation. ``by_episode`` gives the
        first hit of each episode alone, ``fuzzy`` also finds misspelt and misrecognised words.
        """
        options = SearchOptions(
            limit, offset, context, sort, by_episode, fuzzy, show, episode, speaker, since, until, lang
        )
        return await self._asking.ask("search", library_questions.search, query, options, repeats)

    async def read_around(
        self, episode: EpisodeArgument, time: TimeArgument, before: SentencesAround = 3, after: SentencesAround = 3
    ) -> Answered:
        """Read what is said in an episode at a time, with the sentences before and after, and a citation."""
        return await self._asking.ask("read_around", library_questions.read_around, episode, time, before, after)

    async def read_episode(
        self,
        episode: EpisodeArgument,
        start: StartArgument = None,
        limit: SentencesArgument = 100,
        offset: OffsetArgument = 0,
    ) -> Answered:
        """Read the transcript of an episode in pages, sentence by sentence with times and speakers."""
        return await self._asking.ask("read_episode", library_questions.read_episode, episode, offset, limit, start)

    async def cite(
        self, episode: EpisodeArgument, start: TimeArgument, end: EndArgument = None, style: StyleArgument = "plain"
    ) -> Answered:
        """Cite a span of an episode, with a link to the moment where its episode has a public address."""
        return await self._asking.ask("cite", library_questions.cite, episode, start, end, style)

    async def list_episodes(
        self,
        name: PatternArgument = None,
        show: ShowArgument = None,
        since: SinceArgument = None,
        until: UntilArgument = None,
        sort: EpisodeSortArgument = None,
        limit: LimitArgument = 50,
        offset: OffsetArgument = 0,
    ) -> Answered:
        """List the episodes of the library, transcribed or not, with ids, titles, shows, dates and lengths."""
        selection = EpisodeSelection((name,) if name is not None else (), show, since, until)
        return await self._asking.ask("list_episodes", library_questions.list_episodes, selection, sort, offset, limit)

    async def list_shows(self, limit: LimitArgument = 50, offset: OffsetArgument = 0) -> Answered:
        """List the shows whose feeds are followed; episodes of other shows may be in the library too."""
        return await self._asking.ask("list_shows", library_questions.list_shows, offset, limit)

    async def list_voices(
        self, episode: WithinEpisode = None, limit: LimitArgument = 50, offset: OffsetArgument = 0
    ) -> Answered:
        """List who speaks, and how long: the numbered voices of an episode, or the names in the whole library."""
        return await self._asking.ask("list_voices", library_questions.list_voices, episode, offset, limit)
