"""The tools that change what is said of episodes, which are there only if the server was told to allow it."""

from __future__ import annotations

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from pipeline.episodes.episode_changes import EpisodeChanges
from pipeline.web.assistants import library_questions
from pipeline.web.assistants.asking import Asking
from pipeline.web.assistants.reading_tools import Answered, add_tool
from pipeline.web.assistants.tool_arguments import EpisodeArgument, NewDate, NewName, NewTitle, VoiceArgument

CHANGES = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False)
"""Destructive, since what a name, title or date was before is replaced; asking twice changes nothing more."""


class ChangingTools:
    """The tools that change what is said of episodes; words and sound are never touched."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def register(self, server: MCPServer) -> None:
        """Add the tools to a server."""
        add_tool(server, self.name_voice, "Name a voice", CHANGES)
        add_tool(server, self.edit_episode, "Correct an episode's title or date", CHANGES)

    async def name_voice(self, episode: EpisodeArgument, voice: VoiceArgument, name: NewName) -> Answered:
        """Name a voice of an episode. Only with a person's consent: searches and verdicts follow the name."""
        return await self._asking.change("name_voice", library_questions.name_voice, episode, voice, name)

    async def edit_episode(self, episode: EpisodeArgument, title: NewTitle = None, date: NewDate = None) -> Answered:
        """Correct the title or the date of publication of an episode. Only with a person's consent."""
        if title is None and date is None:
            raise ToolError("Give a title or a date.")
        changes = EpisodeChanges(title=title, date=date)
        return await self._asking.change("edit_episode", library_questions.edit_episode, episode, changes)
