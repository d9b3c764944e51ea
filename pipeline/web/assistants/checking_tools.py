"""The tools that hold quotations against what was said."""

from __future__ import annotations

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from pipeline.web.assistants import library_questions
from pipeline.web.assistants.asking import Asking
from pipeline.web.assistants.reading_tools import READS, Answered, add_tool
from pipeline.web.assistants.tool_arguments import (
    ArticleText,
    ArticleWebAddress,
    LimitArgument,
    OffsetArgument,
    QuotationArgument,
    ShowArgument,
    SinceArgument,
    SpeakerArgument,
    UntilArgument,
    WithinEpisode,
)

READS_WEB = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True)


class CheckingTools:
    """The tools that check quotations."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def register(self, server: MCPServer) -> None:
        """Add the tools to a server."""
        add_tool(server, self.locate_quotation, "Locate a quotation", READS)
        add_tool(server, self.verify_article, "Check an article's quotations", READS_WEB)

    async def locate_quotation(
        self,
        quotation: QuotationArgument,
        episode: WithinEpisode = None,
        show: ShowArgument = None,
        speaker: SpeakerArgument = None,
        since: SinceArgument = None,
        until: UntilArgument = None,
        limit: LimitArgument = 10,
    ) -> Answered:
        """Find where one quotation was said, although its words may differ, with a verdict on each place.

        ``kind`` is verbatim, cleaned, altered, spliced, paraphrase, not found or cannot tell; ``said`` is what was
        really said, ``edits`` are the differences, ``rests_on`` says whose words these are. ``closest`` is a lead, not
        a finding.
        """
        return await self._asking.ask(
            "locate_quotation", library_questions.locate, quotation, limit, episode, show, speaker, since, until
        )

    async def verify_article(
        self,
        context: Context,
        text: ArticleText | None = None,
        address: ArticleWebAddress | None = None,
        episode: WithinEpisode = None,
        show: ShowArgument = None,
        speaker: SpeakerArgument = None,
        since: SinceArgument = None,
        until: UntilArgument = None,
        fragments: bool = False,
        listen: bool = True,
        offset: OffsetArgument = 0,
    ) -> Answered:
        """Check every quotation of an article against what was said; give its whole text, or its address.

        Each gets a verdict as from locate_quotation, and ``misattributed`` where who speaks cannot be who is quoted;
        what was passed over has no ``kind`` and its ``reason``. ``fragments`` checks scare quotes and titles too,
        ``listen`` asks the sound where words differ, if it is at hand. It may take minutes.
        """
        if (text is None) == (address is None):
            raise ToolError("Give either the text of the article or its address.")
        question = library_questions.ArticleQuestion(
            text, address, episode, show, speaker, since, until, fragments, listen, offset
        )
        return await self._asking.ask_at_length("verify_article", context, library_questions.verify, question)
